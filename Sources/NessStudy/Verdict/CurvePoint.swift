import Foundation
import NessRandom
import NessStatistics

/// A point of a curve |J|(T), in the order in which the temperature difference grows.
package struct CurvePoint: Sendable, Hashable {
  /// The varied temperature [energy].
  package let temperature: Double
  /// |J|: heat per time from the hotter to the colder bath [energy/time]; a sampled one may be negative.
  package let current: Double
  /// Standard error, or bound of the numerical error [energy/time].
  package let error: Double
  /// Degrees of freedom of the standard error; infinite if it is known.
  package let degreesOfFreedom: Double
  /// Whether `error` is a standard error.
  package let isSampled: Bool

  /// A point from an estimate of |J|.
  package init(temperature: Double, _ estimate: Estimate, sign: Double = 1) {
    self.temperature = temperature
    current = sign * estimate.value
    error = estimate.error
    switch estimate.uncertainty {
    case .statistical(_, let effectiveSamples):
      // A variance from n independent blocks has n - 1 degrees of freedom.
      degreesOfFreedom = max(1, effectiveSamples - 1)
      isSampled = true
    case .numerical:
      degreesOfFreedom = .infinity
      isSampled = false
    }
  }

  private init(_ temperature: Double, _ current: Double, _ error: Double, _ degreesOfFreedom: Double) {
    self.temperature = temperature
    self.current = current
    self.error = error
    self.degreesOfFreedom = degreesOfFreedom
    isSampled = true
  }

  /// The mean of neighbouring sampled points, each weighing alike.
  package init(meanOf points: ArraySlice<CurvePoint>) {
    let count = Double(points.count)
    func mean(_ value: (CurvePoint) -> Double) -> Double { points.reduce(0) { $0 + value($1) } / count }
    self.init(
      mean(\.temperature), mean(\.current), (mean { $0.error * $0.error } / count).squareRoot(),
      points.map(\.degreesOfFreedom).min() ?? 1)
  }

  /// The point with another current.
  package func moved(to current: Double) -> CurvePoint {
    CurvePoint(temperature, current, error, degreesOfFreedom)
  }
}

/// chi²/ν from a Gaussian number, by the cube-root transformation; close for ν >= 3.
///
/// - Source: Wilson, Hilferty, PNAS 17, 684 (1931).
package func chiSquaredRatio(_ gaussian: Double, degreesOfFreedom: Double) -> Double {
  if degreesOfFreedom.isInfinite { return 1 }
  let spread = 2 / (9 * degreesOfFreedom)
  let root = max(0.05, 1 - spread + spread.squareRoot() * gaussian)
  return root * root * root
}
