import NessModel
import NessStatistics

/// What the innovations helped, in sentences.
enum InnovationGain {
  private static let head = "control variates from the noise (innovations)"

  /// Variance of a plain estimate over that of the better one; nil if it is no better.
  static func factor(plain: Estimate, best: Estimate) -> Double? {
    guard best.error > 0 else { return nil }
    let ratio = plain.error / best.error
    return ratio > 1 ? ratio * ratio : nil
  }

  static func ofCurrent(_ factor: Double?) -> String {
    factor.map { "\(head) reduced the variance of the heat current \($0.short) times" }
      ?? "\(head) did not reduce the error of the heat current here"
  }

  /// - Parameter factors: of the heats that became sharper, under the names of their baths.
  static func ofHeats(_ factors: [(name: String, factor: Double)]) -> String {
    factors.isEmpty
      ? "\(head) did not reduce the errors of the heats here"
      : "\(head) reduced the variance of the heats: "
        + "\(factors.map { "\($0.name) \($0.factor.short)" }.joined(separator: ", ")) times"
  }
}
