import NessStatistics

/// How unlike the two directions of a thermal diode are: R = (|J_f| - |J_b|)/(|J_f| + |J_b|), where the bath temperatures are
/// exchanged between the forward current J_f and the backward current J_b. R is 0 without rectification, and 1 or -1 if no heat
/// passes in one direction.
///
/// A current is counted along the way from the hotter to the colder bath, so that noise around zero is no size. Where one is against
/// it by more than five errors (a pump, or an equation that breaks the second law) there are no two directions to compare. With F and B these currents the error is that of first order, for sampled ones
/// 2 sqrt(B² s_F² + F² s_B²)/(F + B)² with independent errors, for computed ones the bound 2 (B b_F + F b_B)/(F + B)², made
/// strict by the smallest possible sum.
///
/// - Source: of the ratio, as in most of the literature; e.g. Li, Wang, Casati, PRL 93, 184301 (2004) has |J_f|/|J_b| = (1 + R)/(1 - R).
package struct Rectification: Hashable, Sendable {
  /// R [1].
  package let ratio: Estimate

  /// Why there is no R: the currents are too small to be compared, or one flows from cold to hot.
  package struct NoRatio: Error, CustomStringConvertible {
    package let description: String
  }

  /// Errors by which a sum of currents must differ from zero.
  private static let leastDistance = 5.0

  /// - Parameters:
  ///   - forward: J_f, positive from the left to the right bath [energy/time].
  ///   - backward: J_b, likewise, its temperatures being exchanged [energy/time].
  ///   - isLeftHotter: whether the left bath is hotter forwards.
  package init(forward: Estimate, backward: Estimate, isLeftHotter: Bool) throws(NoRatio) {
    let sign = isLeftHotter ? 1.0 : -1.0
    let (f, b) = (sign * forward.value, -sign * backward.value)
    for (words, current, error) in [("forward", f, forward.error), ("backward", b, backward.error)]
    where current < -Self.leastDistance * error {
      throw NoRatio(
        description:
          "the \(words) current flows from the colder to the hotter bath, so there are no two directions to compare")
    }
    let sum = f + b
    let isSampled = forward.isSampled || backward.isSampled
    let error =
      isSampled
      ? (forward.error * forward.error + backward.error * backward.error).squareRoot()
      : forward.error + backward.error
    guard sum.isFinite, error.isFinite, sum > (isSampled ? Self.leastDistance : 1) * error, sum > 0 else {
      throw NoRatio(
        description: "the currents are too small for their errors: their sizes add to \(sum.text(error: error))")
    }
    let (fromForward, fromBackward) = (2 * b * forward.error, 2 * f * backward.error)
    let ratio = (f - b) / sum
    if isSampled {
      let spread = (fromForward * fromForward + fromBackward * fromBackward).squareRoot() / (sum * sum)
      self.ratio = .made(ratio, error: spread, from: [forward, backward])
    } else {
      let least = sum - error
      let rounding = 4 * Double.ulpOfOne
      self.ratio = .numerical(ratio, bound: (abs(fromForward) + abs(fromBackward)) / (least * least) + rounding)
    }
  }
}
