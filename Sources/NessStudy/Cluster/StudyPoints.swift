import NessModel
import NessRecord

extension Study {
  /// The points that are simulated, each with the name of its result; their costs are not known yet.
  ///
  /// - Throws: `PointFailure` naming a point that cannot be run at all.
  func jobPoints() throws -> [JobPlan.Point] {
    let points = experiment.points()
    return zip(points, try plans(points)).enumerated().compactMap { index, pair in
      pair.1.map { _ in JobPlan.Point(index: index, label: pair.0.label, result: key(of: pair.0).digest, cost: 0) }
    }
  }

  /// Expected time of one core at some points [s], judged by short simulations: the work does not depend on the clock.
  func costs(of points: [JobPlan.Point]) throws -> [Double] {
    let all = experiment.points()
    let step = (points.count + Self.mostPilots - 1) / Self.mostPilots
    var known: [Double?] = []
    for (place, point) in points.enumerated() {
      if place % max(1, step) != 0 {
        known.append(known.last ?? nil)
      } else {
        // The number of threads of a pilot decides about its replicas.
        let plan = try SimulationPlan(experiment.run, for: all[point.index].model, threads: 2, checksStep: checksStep)
        known.append(plan?.forecast(Self.pilotWork)?.nominalSeconds)
      }
    }
    let told = known.compactMap { $0 }.filter { $0.isFinite && $0 > 0 }
    let usual = told.isEmpty ? 60 : told.reduce(0, +) / Double(told.count)
    return known.map { $0.flatMap { $0.isFinite && $0 > 0 ? $0 : nil } ?? usual }
  }

  private static let mostPilots = 128
  /// Particle-steps or collisions of a pilot: some hundredths of a second.
  private static let pilotWork = 1e7
}
