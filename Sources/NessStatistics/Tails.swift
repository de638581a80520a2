import Foundation

/// Probability that a Student variable is larger than `t`.
///
/// - Parameters:
///   - t: the value.
///   - degreesOfFreedom: > 0; infinite for a Gaussian variable.
/// - Returns: (1/2) I_x(ν/2, 1/2) with x = ν/(ν + t²) for t >= 0; relative accuracy about 1e-13.
/// - Source: Abramowitz, Stegun, "Handbook of Mathematical Functions", 26.7.1.
package func studentUpperTail(_ t: Double, degreesOfFreedom: Double) -> Double {
  if t < 0 { return 1 - studentUpperTail(-t, degreesOfFreedom: degreesOfFreedom) }
  if t == .infinity { return 0 }
  if degreesOfFreedom > 1e8 { return gaussianUpperTail(t) }
  let x = degreesOfFreedom / (degreesOfFreedom + t * t)
  return 0.5 * regularisedBeta(x, degreesOfFreedom / 2, 0.5)
}

/// Probability that a standard Gaussian variable is larger than `z`.
package func gaussianUpperTail(_ z: Double) -> Double { 0.5 * erfc(z / 2.0.squareRoot()) }

/// Probability that chi² is larger than `value`.
///
/// - Accuracy: 0.01, and 0.002 where it is below 0.2 (cube-root transformation; two degrees of freedom or more).
/// - Source: Wilson, Hilferty, PNAS 17, 684 (1931).
package func chiSquaredUpperTail(_ value: Double, degreesOfFreedom: Double) -> Double {
  if value <= 0 { return 1 }
  let spread = 2 / (9 * degreesOfFreedom)
  return gaussianUpperTail((cbrt(value / degreesOfFreedom) - 1 + spread) / spread.squareRoot())
}

/// The z that a standard Gaussian variable exceeds with probability `p`: how many sigmas p is worth. At most 37, where
/// double precision ends.
package func sigmas(ofUpperTail p: Double) -> Double {
  var (low, high) = (-37.0, 37.0)
  for _ in 0..<60 {
    let middle = 0.5 * (low + high)
    if gaussianUpperTail(middle) > p { low = middle } else { high = middle }
  }
  return 0.5 * (low + high)
}

/// The regularised incomplete beta function I_x(a, b), by its continued fraction (modified Lentz).
///
/// - Source: Abramowitz, Stegun, 26.5.8.
func regularisedBeta(_ x: Double, _ a: Double, _ b: Double) -> Double {
  if x <= 0 { return 0 }
  if x >= 1 { return 1 }
  if x > (a + 1) / (a + b + 2) { return 1 - regularisedBeta(1 - x, b, a) }
  let front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x)) / a
  let tiny = 1e-300
  var c = 1.0
  var d = 1 / nonZero(1 - (a + b) * x / (a + 1), tiny)
  var fraction = d
  for m in 1...10_000 {
    let n = Double(m)
    let even = n * (b - n) * x / ((a + 2 * n - 1) * (a + 2 * n))
    d = 1 / nonZero(1 + even * d, tiny)
    c = nonZero(1 + even / c, tiny)
    fraction *= d * c
    let odd = -(a + n) * (a + b + n) * x / ((a + 2 * n) * (a + 2 * n + 1))
    d = 1 / nonZero(1 + odd * d, tiny)
    c = nonZero(1 + odd / c, tiny)
    fraction *= d * c
    if abs(d * c - 1) < 1e-15 { break }
  }
  return front * fraction
}

private func nonZero(_ value: Double, _ tiny: Double) -> Double { abs(value) < tiny ? tiny : value }
