/// A potential energy of one length, V(x) [energy]: a formula of one variable whose parameters have their values.
package struct Potential: Hashable, Sendable {
  /// V.
  package let formula: Formula
  /// The name of x in it.
  package let variable: String
  private let first: Formula
  private let second: Formula
  /// What kind of function V' is.
  package let form: PotentialForm

  /// - Precondition: No other name than `variable` is left in the formula.
  package init(_ formula: Formula, of variable: String) {
    precondition(formula.names.isSubset(of: [variable]), "a potential has one variable")
    self.formula = formula
    self.variable = variable
    first = formula.derivative(by: variable)
    second = first.derivative(by: variable)
    form = PotentialForm(energy: formula.expression, slope: first.expression, variable: variable)
  }

  /// V(x) [energy].
  package func energy(_ x: Double) -> Double { formula.value([variable: x]) }
  /// V'(x) [energy/length].
  package func slope(_ x: Double) -> Double { first.value([variable: x]) }
  /// V''(x) [energy/length²].
  package func curvature(_ x: Double) -> Double { second.value([variable: x]) }
  /// Whether V'' is one number for all x.
  package var isHarmonic: Bool {
    if case .polynomial(let coefficients) = form { coefficients.count <= 2 } else { second.names.isEmpty }
  }

  /// Whether V falls without bound somewhere far out; nil where that does not follow from its form.
  package var isUnboundedBelow: Bool? {
    switch form {
    case .polynomial(let slope):
      // Slopes of odd degree have energies of even degree.
      slope == [0] ? false : slope.count % 2 == 1 || slope.last! < 0
    case .sine(_, _, _, let linear, let offset): linear < 0 || (linear == 0 && offset != 0)
    case .general: nil
    }
  }
}
