import Foundation

/// A function that formulas know.
enum Function: String, CaseIterable, Sendable {
  case exp, log, sqrt, sin, cos, tan, sinh, cosh, tanh, abs, min, max
  /// -1, 0 or 1: the derivative of `abs`. Formulas as text do not have it.
  case sign

  /// Those that may be written.
  static let written = allCases.filter { $0 != .sign }

  var argumentCount: Int { self == .min || self == .max ? 2 : 1 }

  func value(of arguments: [Double]) -> Double {
    let x = arguments[0]
    return switch self {
    case .exp: Foundation.exp(x)
    case .log: Foundation.log(x)
    case .sqrt: x.squareRoot()
    case .sin: Foundation.sin(x)
    case .cos: Foundation.cos(x)
    case .tan: Foundation.tan(x)
    case .sinh: Foundation.sinh(x)
    case .cosh: Foundation.cosh(x)
    case .tanh: Foundation.tanh(x)
    case .abs: Swift.abs(x)
    case .min: x < arguments[1] || x.isNaN ? x : arguments[1]
    case .max: x > arguments[1] || x.isNaN ? x : arguments[1]
    case .sign: x > 0 ? 1 : x < 0 ? -1 : x
    }
  }

  /// A power that is not made of products and roots. A negative base with an exponent that is no whole number has none.
  static func power(_ base: Double, _ exponent: Double) -> Double { Foundation.pow(base, exponent) }

  /// A whole power by repeated multiplication; a negative one is the inverse of the positive one.
  static func wholePower(_ base: Double, _ exponent: Int) -> Double {
    var result = 1.0
    var square = base
    var left = exponent.magnitude
    while left > 0 {
      if left & 1 == 1 { result *= square }
      left >>= 1
      if left > 0 { square *= square }
    }
    return exponent < 0 ? 1 / result : result
  }
}
