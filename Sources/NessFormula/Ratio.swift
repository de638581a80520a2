/// A number of a formula as a quotient, so that what is divided by 3 and multiplied by 3 again is what it was.
///
/// A quotient of whole numbers is in lowest terms; one that is a `Double` exactly has the denominator 1. Other operations
/// round as those of `Double`.
struct Ratio: Hashable, Sendable {
  /// Finite where the denominator is not 1.
  let numerator: Double
  /// Positive and finite.
  let denominator: Double

  init(_ value: Double) {
    numerator = value == 0 ? 0 : value
    denominator = 1
  }

  private init(_ numerator: Double, over denominator: Double) {
    let quotient = numerator / denominator
    let isExact = !quotient.isNormal || numerator.addingProduct(-quotient, denominator) == 0
    let divisor = isExact ? denominator : Ratio.commonDivisor(numerator, denominator)
    self.numerator = isExact ? quotient : numerator / divisor
    self.denominator = isExact ? 1 : denominator / divisor
  }

  var value: Double { numerator / denominator }

  /// Of two whole numbers below 2^53, and of two equal numbers; 1 otherwise.
  private static func commonDivisor(_ first: Double, _ second: Double) -> Double {
    if abs(first) == abs(second) { return abs(second) }
    guard isWhole(first), isWhole(second), first != 0, second != 0 else { return 1 }
    var (larger, smaller) = (Int(abs(first)), Int(abs(second)))
    while smaller != 0 { (larger, smaller) = (smaller, larger % smaller) }
    return Double(larger)
  }

  private static func isWhole(_ number: Double) -> Bool { abs(number) < 0x1p53 && number.rounded() == number }

  static func * (first: Ratio, second: Ratio) -> Ratio {
    guard first.numerator != 0, second.numerator != 0, first.value.isFinite, second.value.isFinite else {
      return Ratio(first.value * second.value)
    }
    let over = commonDivisor(first.numerator, second.denominator)
    let under = commonDivisor(second.numerator, first.denominator)
    let (left, right) = (first.numerator / over, second.numerator / under)
    let (leftDenominator, rightDenominator) = (first.denominator / under, second.denominator / over)
    let denominator = leftDenominator * rightDenominator
    let isExact = denominator.isFinite && denominator.addingProduct(-leftDenominator, rightDenominator) == 0
    let numerator = left * right
    guard isExact, numerator.isNormal, denominator.isNormal else { return Ratio(first.value * second.value) }
    return Ratio(numerator, over: denominator)
  }

  static func + (first: Ratio, second: Ratio) -> Ratio {
    if first.numerator == 0 { return second }
    if second.numerator == 0 { return first }
    if first.denominator == second.denominator {
      let numerator = first.numerator + second.numerator
      return numerator.isFinite ? Ratio(numerator, over: first.denominator) : Ratio(first.value + second.value)
    }
    let left = first.numerator * second.denominator
    let right = second.numerator * first.denominator
    let denominator = first.denominator * second.denominator
    guard [left, right, left + right, denominator].allSatisfy(isWhole) else { return Ratio(first.value + second.value) }
    return Ratio(left + right, over: denominator)
  }

  var inverse: Ratio {
    guard numerator != 0, value.isFinite else { return Ratio(1 / value) }
    return Ratio(numerator < 0 ? -denominator : denominator, over: abs(numerator))
  }

  /// By repeated multiplication.
  func raised(to exponent: Int) -> Ratio {
    var result = Ratio(1)
    var square = exponent < 0 ? inverse : self
    var left = exponent.magnitude
    while left > 0 {
      if left & 1 == 1 { result = result * square }
      left >>= 1
      if left > 0 { square = square * square }
    }
    return result
  }

  /// Numbers that are none (0/0) are the same.
  static func == (first: Ratio, second: Ratio) -> Bool {
    first.numerator.bitPattern == second.numerator.bitPattern && first.denominator == second.denominator
      || first.numerator.isNaN && second.numerator.isNaN
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(numerator.isNaN ? 0 : numerator.bitPattern)
    hasher.combine(denominator)
  }
}
