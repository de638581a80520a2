/// A polynomial of one variable, up to the eighth degree.
struct Polynomial {
  /// From the constant upwards; never empty, the last of several not 0.
  private(set) var coefficients: [Ratio]

  static let highestDegree = 8

  /// On which side of 0 an expression is looked at, where |x| is x or -x.
  enum Side: Double { case left = -1, right = 1 }

  /// Multiplies an expression out; nil if it is no polynomial of low degree with finite coefficients.
  ///
  /// - Parameter side: nil where it must be one polynomial on both sides of 0.
  init?(_ expression: Expression, of variable: String, at side: Side? = nil) {
    guard let result = Polynomial.expanded(expression, variable, side), result.coefficients.allSatisfy(\.value.isFinite)
    else {
      return nil
    }
    self = result
  }

  private init(_ coefficients: [Ratio]) {
    self.coefficients = coefficients
    while self.coefficients.count > 1, self.coefficients.last!.numerator == 0 { self.coefficients.removeLast() }
  }

  private static func expanded(_ expression: Expression, _ variable: String, _ side: Side?) -> Polynomial? {
    switch expression.kind {
    case .number(let number): return Polynomial([number])
    case .name(let name): return name == variable ? Polynomial([Ratio(0), Ratio(1)]) : nil
    case .sum(let constant, let terms):
      var sum = [constant] + [Ratio](repeating: Ratio(0), count: highestDegree)
      for term in terms {
        guard let part = expanded(term.expression, variable, side) else { return nil }
        for (power, coefficient) in part.coefficients.enumerated() {
          sum[power] = sum[power] + term.factor * coefficient
        }
      }
      return Polynomial(sum)
    case .product(let factors):
      var product = Polynomial([Ratio(1)])
      for factor in factors {
        guard factor.exponent > 0, factor.exponent <= highestDegree,
          let base = expanded(factor.base, variable, side)
        else { return nil }
        for _ in 0..<factor.exponent {
          guard let next = product.multiplied(by: base) else { return nil }
          product = next
        }
      }
      return product
    case .function(.abs, let arguments) where arguments[0].kind == .name(variable):
      return side.map { Polynomial([Ratio(0), Ratio($0.rawValue)]) }
    case .power, .function, .choice: return nil
    }
  }

  private func multiplied(by other: Polynomial) -> Polynomial? {
    let count = coefficients.count + other.coefficients.count - 1
    guard count <= Polynomial.highestDegree + 1 else { return nil }
    var product = [Ratio](repeating: Ratio(0), count: count)
    for (power, coefficient) in coefficients.enumerated() {
      for (otherPower, other) in other.coefficients.enumerated() {
        product[power + otherPower] = product[power + otherPower] + coefficient * other
      }
    }
    return Polynomial(product)
  }

  var derivative: Polynomial {
    guard coefficients.count > 1 else { return Polynomial([Ratio(0)]) }
    return Polynomial(coefficients.enumerated().dropFirst().map { Ratio(Double($0)) * $1 })
  }

  /// Whether powers of x lose no digits where the polynomial has its roots: (x - 100)^3, multiplied out, loses six. The mean of
  /// the roots must not be much farther from 0 than they are from one another.
  var isWellConditioned: Bool {
    let degree = coefficients.count - 1
    guard degree > 1 else { return true }
    var shifted = coefficients.map(\.value)
    let center = -shifted[degree - 1] / (Double(degree) * shifted[degree])
    for power in 0..<degree {
      for place in stride(from: degree - 1, through: power, by: -1) { shifted[place] += center * shifted[place + 1] }
    }
    let width =
      (0..<degree).map { Function.power(abs(shifted[$0] / shifted[degree]), 1 / Double(degree - $0)) }.max() ?? 0
    return abs(center) <= 4 * width
  }
}
