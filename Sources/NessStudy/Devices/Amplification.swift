import NessFiles
import NessModel
import NessStatistics

/// The amplification of a transistor at one temperature of its base: the ratio of two slopes.
///
/// The two heats of a run are correlated, and how much is not in the record: the error of the ratio is the largest that any correlation
/// allows, (s_C + |alpha| s_B)/|slope of B|, at most sqrt(2) times that of independent ones, and more than the truth where they move
/// together.
struct Amplification {
  /// Temperature of the base [energy].
  let temperature: Double
  /// dJ_C/dJ_B; nil where the heat from the base does not change enough to be divided by.
  let alpha: Estimate?
  /// The part of the error of alpha that comes from the form of the fits.
  let fitError: Double
  /// |alpha| is certainly larger, at 95 %, where alpha itself is not known.
  let least: Double?

  /// Errors by which the slope of the base must differ from zero.
  private static let leastDistance = 4.0

  /// - Parameters:
  ///   - base: dJ_B/dT_B; nil if it is not known.
  ///   - collector: dJ_C/dT_B.
  ///   - fitErrors: parts of their errors that come from the form of the fits.
  init(temperature: Double, base: Estimate?, collector: Estimate?, fitErrors: (Double, Double) = (0, 0)) {
    self.temperature = temperature
    guard let base, let collector else {
      (alpha, fitError, least) = (nil, 0, nil)
      return
    }
    let size = abs(base.value)
    guard size > (base.isSampled ? Self.leastDistance : 2) * base.error else {
      let top = size + base.halfWidth(among: 1)
      let bottom = abs(collector.value) - collector.halfWidth(among: 1)
      (alpha, fitError, least) = (nil, 0, top > 0 ? max(0, bottom / top) : nil)
      return
    }
    let ratio = collector.value / base.value
    let divisor = base.isSampled ? size : size - base.error
    alpha = .made(ratio, error: (collector.error + abs(ratio) * base.error) / divisor, from: [base, collector])
    fitError = (fitErrors.1 + abs(ratio) * fitErrors.0) / size
    least = nil
  }
}

/// What several temperatures of a base say together.
struct AmplificationJudgement {
  private let points: [Amplification]
  private let base: String
  private let count: Int

  init(_ points: [Amplification], base: String) {
    self.points = points
    self.base = base
    count = points.count { $0.alpha != nil }
  }

  /// True if it is certain that |alpha| > 1 there, false if |alpha| < 1 is, nil if neither can be said.
  private func amplifies(_ point: Amplification) -> Bool? {
    guard let alpha = point.alpha else { return point.least.map { $0 > 1 } == true ? true : nil }
    let width = alpha.halfWidth(among: count)
    if abs(alpha.value) - width > 1 { return true }
    return abs(alpha.value) + width < 1 ? false : nil
  }

  func text(of point: Amplification) -> String {
    guard let alpha = point.alpha else {
      let bound = point.least.map { $0 > 0 ? ", |alpha| > \($0.text(digits: 2))" : "" } ?? ""
      return "the heat from \(base) hardly changes here: no alpha\(bound)"
    }
    switch amplifies(point) {
    case true?: return "amplifies: \(words(alpha, point)), \(Self.beyondOne(alpha))"
    case false?: return "does not amplify: \(words(alpha, point))"
    case nil: return "not decided: \(words(alpha, point))"
    }
  }

  func finding(_ method: NessModel.Method, _ claim: Claim) -> DeviceReport.Finding {
    let known = points.filter { $0.alpha != nil }
    let seen = known.filter { amplifies($0) == true }
    let largest = (seen.isEmpty ? known : seen).max { abs($0.alpha?.value ?? 0) < abs($1.alpha?.value ?? 0) }
    let divergent = points.filter { $0.alpha == nil && amplifies($0) == true }
    let isSeen: Bool? =
      !seen.isEmpty || !divergent.isEmpty
      ? true : points.allSatisfy { amplifies($0) == false } && !points.isEmpty ? false : nil
    return DeviceReport.Finding(
      method: method, claim: claim, isSeen: isSeen,
      number: largest?.alpha.map { .init(name: "amplification", dimension: "1", estimate: $0) },
      sigmas: largest?.alpha.flatMap { $0.sigmas(from: $0.value > 0 ? 1 : -1) },
      text: text(isSeen, seen.count, largest, divergent.first))
  }

  private func text(
    _ isSeen: Bool?, _ seen: Int, _ largest: Amplification?, _ divergent: Amplification?
  ) -> String {
    let more = divergent.map { "; at T_\(base) = \($0.temperature.short) \(text(of: $0))" } ?? ""
    guard let largest, let alpha = largest.alpha else {
      return isSeen == true ? "amplifies\(more)" : "no alpha: the heat from \(base) hardly changes at any point"
    }
    let value = "\(words(alpha, largest)) at T_\(base) = \(largest.temperature.short)"
    switch isSeen {
    case true? where seen > 0:
      return "amplifies at \(seen) of \(points.count) points, most by \(value), \(Self.beyondOne(alpha))\(more)"
    case true?: return "amplifies; elsewhere \(value)\(more)"
    case false?: return "does not amplify: |alpha| < 1 at every point, largest \(value)"
    case nil: return "not decided: \(value), and |alpha| > 1 is not excluded at every point"
    }
  }

  private func words(_ alpha: Estimate, _ point: Amplification) -> String {
    let fit =
      alpha.isSampled && point.fitError > 0.3 * alpha.error
      ? " (\(point.fitError.text(digits: 2)) of it from the fit)" : ""
    return "alpha = \(alpha.words)\(fit)"
  }

  private static func beyondOne(_ alpha: Estimate) -> String {
    "|alpha| > 1: " + alpha.strength(from: alpha.value > 0 ? 1 : -1)
  }
}
