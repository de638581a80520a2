/// What kind of function the slope V' of a potential is, however the formula is written.
package enum PotentialForm: Hashable, Sendable {
  /// V'(x) = sum of c_n x^n; one number at least, eight at most, the last of several not 0. Harmonic springs, FPUT, phi-4.
  case polynomial([Double])
  /// V'(x) = x times the sum of b_n |x|^n; two numbers at least, five at most, the last not 0. Even potentials with odd powers of |x|.
  case sided([Double])
  /// V'(x) = amplitude sin(wavenumber x + phase) + linear x + offset, wavenumber > 0. Frenkel-Kontorova, rotors.
  case sine(amplitude: Double, wavenumber: Double, phase: Double, linear: Double, offset: Double)
  /// Anything else.
  case general
}

extension PotentialForm {
  /// The form of the slope of `energy`, both functions of `variable` alone.
  init(energy: Expression, slope: Expression, variable: String) {
    if let polynomial = Polynomial(energy, of: variable)?.derivative, polynomial.isWellConditioned {
      self = .polynomial(polynomial.coefficients.map(\.value))
    } else {
      self = PotentialForm.sine(slope, of: variable) ?? PotentialForm.sided(energy, of: variable) ?? .general
    }
  }

  /// One polynomial on the right of 0 and its mirror image on the left, without a kink between them.
  private static func sided(_ energy: Expression, of variable: String) -> PotentialForm? {
    guard let right = Polynomial(energy, of: variable, at: .right),
      let left = Polynomial(energy, of: variable, at: .left),
      left.coefficients.count == right.coefficients.count
    else { return nil }
    let mirrored = left.coefficients.enumerated().map { $0 % 2 == 0 ? $1.value : -$1.value }
    let slope = right.derivative.coefficients.map(\.value)
    guard mirrored == right.coefficients.map(\.value), slope[0] == 0, (3...6).contains(slope.count) else { return nil }
    return .sided(Array(slope.dropFirst()))
  }

  static func sine(_ slope: Expression, of variable: String) -> PotentialForm? {
    var constant = Ratio(0)
    var terms = [Expression.Term(factor: Ratio(1), expression: slope)]
    if case .sum(let inner, let parts) = slope.kind { (constant, terms) = (inner, parts) }
    var linear = Ratio(0)
    var waves: [PotentialForm] = []
    for term in terms {
      if term.expression.kind == .name(variable) {
        linear = linear + term.factor
      } else if let wave = wave(term, of: variable) {
        waves.append(wave)
      } else {
        return nil
      }
    }
    guard waves.count == 1, case .sine(let amplitude, let wavenumber, let phase, _, _) = waves[0] else { return nil }
    let numbers = [amplitude, wavenumber, phase, linear.value, constant.value]
    guard numbers.allSatisfy(\.isFinite) else { return nil }
    return .sine(
      amplitude: amplitude, wavenumber: wavenumber, phase: phase, linear: linear.value, offset: constant.value)
  }

  /// sin u, cos u or sin u cos u, u linear in x.
  private static func wave(_ term: Expression.Term, of variable: String) -> PotentialForm? {
    func linear(_ argument: Expression) -> (phase: Double, wavenumber: Double)? {
      guard let polynomial = Polynomial(argument, of: variable), polynomial.coefficients.count == 2 else { return nil }
      return (polynomial.coefficients[0].value, polynomial.coefficients[1].value)
    }
    func sine(_ amplitude: Double, _ wavenumber: Double, _ phase: Double, isCosine: Bool) -> PotentialForm {
      let sign: Double = wavenumber < 0 ? -1 : 1
      return .sine(
        amplitude: isCosine ? amplitude : sign * amplitude, wavenumber: abs(wavenumber),
        phase: sign * phase + (isCosine ? .pi / 2 : 0), linear: 0, offset: 0)
    }
    switch term.expression.kind {
    case .function(let function, let arguments) where function == .sin || function == .cos:
      guard let (phase, wavenumber) = linear(arguments[0]) else { return nil }
      return sine(term.factor.value, wavenumber, phase, isCosine: function == .cos)
    case .product(let factors):
      guard factors.count == 2, factors.allSatisfy({ $0.exponent == 1 }),
        case .function(let first, let argument) = factors[0].base.kind,
        case .function(let second, argument) = factors[1].base.kind, Set([first, second]) == [.sin, .cos],
        let (phase, wavenumber) = linear(argument[0])
      else { return nil }
      return sine(term.factor.value / 2, 2 * wavenumber, 2 * phase, isCosine: false)
    default: return nil
    }
  }
}
