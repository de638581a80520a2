import NessModel
import NessStatistics

/// The widest z-score that a statistical test accepts at a fixed seed: two-sided p of about 1e-6.
package let acceptedZScore = 4.9

extension Estimate {
  /// How many standard errors the estimate is away from an exact value.
  package func zScore(againstExact exact: Double) -> Double { (value - exact) / error }
}
