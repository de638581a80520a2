import NessRandom
import NessStatistics

/// Tests whether a sampled curve falls anywhere, against all curves that nowhere do.
///
/// The statistic is t = max over i < j of (J_i - J_j)/sqrt(s_i² + s_j²). Of all curves that do not fall the flat one gives
/// the largest t, draw by draw, so its distribution gives a p-value that holds for each of them; it is corrected for the
/// choice among pairs by construction. Errors that are correlated positively make t smaller. The distribution comes
/// from Monte Carlo with named numbers, its far tail from the sum over the pairs (Bonferroni), which is sharp there.
/// Degrees of freedom of a pair: the smaller of the two (conservative; Hsu, Scheffé).
///
/// The same critical value makes a band: at 95 % every fall J_i - J_j of the true curve is below
/// (measured fall) + c sqrt(s_i² + s_j²), for all pairs at once.
package struct FallTest: Sendable {
  /// Monte Carlo draws unless told otherwise.
  package static let draws = 10_000
  /// Longer curves are joined to the means of neighbouring points; a curve that does not fall has means that do not.
  package static let mostPoints = 64
  /// Probability of a false alarm that is accepted as evidence.
  package static let level = 0.05

  /// The points that were tested: those given, or means of neighbouring ones.
  package let points: [CurvePoint]
  /// How many given points each tested one stands for.
  package let pooled: Int
  /// The largest standardised fall.
  package let statistic: Double
  /// The tested points between which it is.
  package let pair: (from: Int, to: Int)
  /// Probability that a curve that does not fall gives so large a fall.
  package let pValue: Double
  /// Largest standardised fall that noise alone gives in 95 % of all cases.
  package let criticalValue: Double

  /// Tests at least two points in the order of growing temperature difference.
  package init(_ given: [CurvePoint], draws: Int = draws) {
    let share = (given.count + Self.mostPoints - 1) / Self.mostPoints
    pooled = max(1, share)
    let size = pooled
    points =
      size == 1
      ? given
      : stride(from: 0, to: given.count, by: size).map {
        CurvePoint(meanOf: given[$0..<min($0 + size, given.count)])
      }
    var best = (statistic: -Double.infinity, from: 0, to: 1)
    for to in points.indices.dropFirst() {
      for from in 0..<to {
        let fall = Self.standardised(points[from], points[to])
        if fall > best.statistic { best = (fall, from, to) }
      }
    }
    statistic = best.statistic
    pair = (best.from, best.to)
    let maxima = Self.nullMaxima(points, draws: draws)
    criticalValue = maxima[Int((1 - Self.level) * Double(draws))]
    let reached = maxima.count { $0 >= best.statistic }
    let sampled = Double(reached + 1) / Double(draws + 1)
    pValue = best.statistic > 0 ? min(sampled, Self.pairSum(points, best.statistic)) : 1
  }

  /// Whether there is evidence for a fall.
  package var isEvidence: Bool { pValue < Self.level }

  /// The largest fall of the true curve that is not excluded at 95 % [energy/time]; not positive if every fall is.
  package var largestPossibleFall: Double {
    var largest = -Double.infinity
    for to in points.indices.dropFirst() {
      for from in 0..<to {
        let fall = points[from].current - points[to].current
        largest = max(largest, fall + criticalValue * Self.combined(points[from], points[to]))
      }
    }
    return largest
  }

  /// (J_i - J_j)/sqrt(s_i² + s_j²); infinite between points without error.
  package static func standardised(_ first: CurvePoint, _ second: CurvePoint) -> Double {
    let fall = first.current - second.current
    return fall == 0 ? 0 : fall / combined(first, second)
  }

  private static func combined(_ first: CurvePoint, _ second: CurvePoint) -> Double {
    (first.error * first.error + second.error * second.error).squareRoot()
  }

  /// The statistic of flat curves with the errors of `points`, in ascending order.
  private static func nullMaxima(_ points: [CurvePoint], draws: Int) -> [Double] {
    var noise = [Double](repeating: 0, count: points.count)
    var variance = noise
    return (0..<draws).map { draw in
      var stream = CounterStream(seed: 0, index: UInt64(draw), purpose: .fallTest)
      var largest = 0.0
      for to in points.indices {
        let point = points[to]
        let (first, second) = stream.gaussianPair()
        noise[to] = point.error * first
        variance[to] =
          point.error * point.error * chiSquaredRatio(second, degreesOfFreedom: point.degreesOfFreedom)
        for from in 0..<to where noise[from] > noise[to] {
          let fall = noise[from] - noise[to]
          largest = max(largest, fall * fall / (variance[from] + variance[to]))
        }
      }
      return largest.squareRoot()
    }.sorted()
  }

  /// Sum over all pairs of the probability of a fall as large as `statistic`.
  private static func pairSum(_ points: [CurvePoint], _ statistic: Double) -> Double {
    // Pairs with equal degrees of freedom have equal probabilities: sort, so that each counts its partners at once.
    let freedoms = points.map(\.degreesOfFreedom).sorted(by: >)
    return freedoms.enumerated().reduce(0) { sum, entry in
      sum + Double(entry.offset) * studentUpperTail(statistic, degreesOfFreedom: entry.element)
    }
  }
}
