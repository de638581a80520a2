/// A potential energy of one length, V(x) [energy]: a formula of one variable whose parameters have their values.
package struct Potential: Hashable, Sendable {
  /// V.
  package let formula: Formula
  /// The name of x in it.
  package let variable: String
  /// What kind of function V' is.
  package let form: PotentialForm
  /// V in lanes.
  package let energies: LaneFunction
  /// V' in lanes.
  package let slopes: LaneFunction
  /// V'' in lanes.
  package let curvatures: LaneFunction

  /// - Parameter asFormula: whether it is worked on by its formula, whatever form its slope has.
  /// - Precondition: No other name than `variable` is left in the formula.
  package init(_ formula: Formula, of variable: String, asFormula: Bool = false) {
    precondition(formula.names.isSubset(of: [variable]), "a potential has one variable")
    self.formula = formula
    self.variable = variable
    let slope = formula.derivative(by: variable)
    let curvature = slope.derivative(by: variable)
    form =
      asFormula
      ? .general : PotentialForm(energy: formula.expression, slope: slope.expression, variable: variable)
    energies = LaneFunction(formula, of: variable)
    slopes = LaneFunction(slope, of: variable)
    curvatures = LaneFunction(curvature, of: variable)
  }

  /// V(x) [energy], to the last bit what `energies` gives in a lane; so are slope and curvature.
  package func energy(_ x: Double) -> Double { energies.value(x) }
  /// V'(x) [energy/length].
  package func slope(_ x: Double) -> Double { slopes.value(x) }
  /// V''(x) [energy/length²].
  package func curvature(_ x: Double) -> Double { curvatures.value(x) }

  /// Potentials are equal if their formulas and variables are.
  package static func == (first: Potential, second: Potential) -> Bool {
    first.variable == second.variable && first.formula == second.formula
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(variable)
    hasher.combine(formula)
  }

  /// Whether V' is linear. At a kink, as of abs(x), V'' is a number too, on both sides.
  package var isHarmonic: Bool {
    if case .polynomial(let coefficients) = form { coefficients.count <= 2 } else { false }
  }

  /// Whether V falls without bound somewhere far out; nil where that does not follow from its form.
  package var isUnboundedBelow: Bool? {
    switch form {
    case .polynomial(let slope):
      // Slopes of odd degree have energies of even degree.
      slope == [0] ? false : slope.count % 2 == 1 || slope.last! < 0
    case .sided(let factor): factor.last! < 0
    case .sine(_, _, _, let linear, let offset): linear < 0 || (linear == 0 && offset != 0)
    case .general: nil
    }
  }
}
