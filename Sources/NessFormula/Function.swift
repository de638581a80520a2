import CVectorMath

/// A function that formulas know.
enum Function: String, CaseIterable, Sendable {
  case exp, log, sqrt, sin, cos, tan, sinh, cosh, tanh, abs, min, max
  /// -1, 0 or 1: the derivative of `abs`. Formulas as text do not have it.
  case sign

  /// Those that may be written.
  static let written = allCases.filter { $0 != .sign }

  var argumentCount: Int { self == .min || self == .max ? 2 : 1 }

  func value(of arguments: [Double]) -> Double {
    ness_function_value(Int32(operation), arguments[0], arguments.last!)
  }

  /// A power that is not made of products and roots. A negative base with an exponent that is no whole number has none.
  static func power(_ base: Double, _ exponent: Double) -> Double {
    ness_function_value(Int32(ness_operation_power), base, exponent)
  }

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
