import NessModel
import NessSampling
import NessStudy

extension Study {
  /// The points that are simulated, each with the name of its result; their costs are not known yet.
  func jobPoints() -> [JobPlan.Point] {
    experiment.points().enumerated().compactMap { index, point in
      guard point.isSimulated else { return nil }
      return JobPlan.Point(index: index, label: point.label, result: key(of: point).digest, cost: nil)
    }
  }

  /// The names of today of results by those that they had before version 3 of the store, for this or an older engine.
  func namesOfToday() -> [String: String] {
    let points = experiment.points().filter(\.isSimulated)
    return Dictionary(points.flatMap { key(of: $0).formerNames }) { first, _ in first }
  }

  /// Expected time of one core at some points [s], judged by short simulations of the same work on every machine; nil for
  /// those of which they could not tell it.
  ///
  /// - Parameters:
  ///   - onProgress: told the part of the points that were looked at.
  ///   - shouldStop: asked during all of it.
  /// - Throws: `PointFailure` naming a point that cannot be run at all, before any simulation; `Interrupted`.
  func costs(
    of points: [JobPlan.Point], onProgress: (Double) -> Void, shouldStop: @escaping @Sendable () -> Bool
  ) throws -> [Double?] {
    let all = experiment.points()
    let clock = StudyClock(limit: nil, shouldStop: shouldStop)
    let plans = try plans(points.map { all[$0.index] }, clock) { onProgress(0.5 * Double($0) / Double(points.count)) }
    let step = max(1, (points.count + Self.mostPilots - 1) / Self.mostPilots)
    let start = ContinuousClock.now
    var known: [Double?] = []
    for (place, point) in points.enumerated() {
      if shouldStop() { throw Interrupted() }
      onProgress(0.5 + 0.5 * Double(place) / Double(points.count))
      // Where the machine is slow or the points are large, those that were tried must do.
      if place % step != 0 || start.secondsAgo > Self.longestPilots {
        known.append(known.last ?? nil)
      } else {
        let pilot = RunForecast.Pilot(
          work: Self.pilotWork, current: SolverCatalogue.quickCurrent(of: all[point.index].model)
        ) {
          shouldStop() || start.secondsAgo > 2 * Self.longestPilots
        }
        let seconds = try? plans[place]?.forecast(pilot)?.nominalSeconds
        known.append(seconds.flatMap { $0.isFinite && $0 > 0 ? $0 : nil })
      }
    }
    if shouldStop() { throw Interrupted() }
    return known
  }

  private static let mostPilots = 128
  /// Particle-steps or collisions of a pilot: some hundredths of a second.
  private static let pilotWork = 1e7
  /// Time after which no more pilots are begun [s].
  private static let longestPilots = 5.0
}
