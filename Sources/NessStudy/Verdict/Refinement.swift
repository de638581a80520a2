import Foundation

/// Where to add points to a curve |J|(T) until the temperature T* of its maximum is known well enough. A pure function of
/// the points: the same points give the same next ones, whatever the threads or a restart.
package struct Refinement: Sendable {
  /// What to do next.
  package enum Step: Sendable, Equatable {
    /// T* is known well enough [energy].
    case found(Double, error: Double)
    /// Points at these temperatures are needed [energy].
    case add([Double])
    /// T* cannot be found, for this reason.
    case refused(String)
  }

  /// The most points that are added to a curve.
  package static let mostPoints = 40
  /// Points added at once to a sampled curve: every new one tells where the next is needed.
  private static let batch = 4

  /// Relative standard error of T* to reach.
  package let relativeError: Double

  /// A refinement until T* is known to a relative standard error.
  package init(relativeError: Double) {
    self.relativeError = relativeError
  }

  /// What to do next.
  ///
  /// - Parameters:
  ///   - points: the curve in the order of growing temperature difference.
  ///   - added: how many of them were added before.
  package func next(_ points: [CurvePoint], added: Int) -> Step {
    guard points.count >= 3 else {
      return .refused("a maximum needs at least three points on its side of equal temperatures")
    }
    let near = CurrentMaximum.near(points)
    let last = points.count - 1
    if near == 0...last {
      return .refused(
        points.count == 3 && !points[0].isSampled
          ? "no point stands out" : "no point stands out of the noise: ask for a smaller run.targetError")
    }
    if near == 0...0 { return .refused(Self.monotonic("first", points[0])) }
    if near == last...last { return .refused(Self.monotonic("last", points[last])) }
    let isInside = near.lowerBound > 0 && near.upperBound < last
    let maximum = CurrentMaximum(of: points)
    if isInside, let maximum, maximum.error <= relativeError * maximum.temperature {
      return .found(maximum.temperature, error: maximum.error)
    }
    let bracket = max(0, near.lowerBound - 1)...min(last, near.upperBound + 1)
    let wanted = min(points[near.lowerBound].isSampled ? Self.batch : 2, Self.mostPoints - added)
    let new = Self.between(points[bracket].map(\.temperature), count: wanted)
    if new.isEmpty { return .refused(Self.unreached(maximum, added)) }
    return .add(new)
  }

  private static func monotonic(_ end: String, _ point: CurvePoint) -> String {
    "no maximum within the range: |J| is largest at its \(end) point, T = \(point.temperature.short)"
  }

  private static func unreached(_ maximum: CurrentMaximum?, _ added: Int) -> String {
    guard let maximum else {
      return "after \(added) added points no maximum stands out: ask for a smaller run.targetError"
    }
    let share = (100 * maximum.error / maximum.temperature).text(digits: 2)
    return "after \(added) added points T* is known to \(share) % only (\(maximum.temperature.short)): "
      + "ask for a smaller run.targetError"
  }

  /// Temperatures that halve the widest gaps, one after the other, in logarithms where all are positive; rounded where
  /// that keeps them well apart.
  private static func between(_ given: [Double], count: Int) -> [Double] {
    var known = given.sorted()
    var new: [Double] = []
    let isLogarithmic = known.allSatisfy { $0 > 0 }
    func gap(_ index: Int) -> Double {
      isLogarithmic ? log(known[index + 1] / known[index]) : known[index + 1] - known[index]
    }
    for _ in 0..<max(0, count) {
      guard let widest = (0..<(known.count - 1)).max(by: { gap($0) < gap($1) }) else { break }
      let (low, high) = (known[widest], known[widest + 1])
      let middle = isLogarithmic ? (low * high).squareRoot() : 0.5 * (low + high)
      guard low < middle, middle < high else { break }
      // To a thirtieth of the gap, in binary digits: the same points in all units that differ by powers of two.
      let unit = Double(sign: .plus, exponent: (high - low).exponent - 4, significand: 1)
      let rounded = (middle / unit).rounded() * unit
      let point = low < rounded && rounded < high ? rounded : middle
      known.insert(point, at: widest + 1)
      new.append(point)
    }
    return new.sorted()
  }
}
