import NessModel
import NessSampling
import NessStatistics

/// Histogram of the displacement of a single probe in equilibrium.
package struct ProbeHistogram: Sendable {
  /// Edges of the bins [length], one more than there are bins.
  package let edges: [Double]
  /// Share of the samples in each bin, with the error from the scatter of the replicas.
  package let shares: [Estimate]

  /// Samples the displacement of site 1 of `model` once every `interval` after `burnIn`. The replicas begin in equilibrium, so
  /// that wells have their share even if they are never left; the motion must keep the law.
  ///
  /// - Parameters:
  ///   - model: a chain with one site.
  ///   - edges: edges of the bins, ascending [length]; samples outside are counted in no bin.
  ///   - settings: how to run; the duration is per replica.
  ///   - interval: time between two samples [time].
  /// - Throws: `TrajectoryError.interrupted`; `StatisticsError` for fewer than 16 replicas.
  /// - Checked by: the exact law of a probe at one temperature (ProbeTests).
  package init(
    of model: ChainModel, edges: [Double], settings: TrajectorySettings, interval: Double,
    onProgress: @Sendable (Double) -> Void = { _ in }, shouldStop: @Sendable () -> Bool = { false }
  ) throws {
    let dynamics = ChainDynamics(model, timeStep: settings.timeStep, noise: settings.noise)
    let start = StartLaw(model, timeStep: settings.timeStep, noise: settings.noise)
    let groups = (settings.replicas + 7) / 8
    let burnIn = Int((settings.burnIn / settings.timeStep).rounded(.up))
    let steps = max(1, Int((interval / settings.timeStep).rounded()))
    let samples = max(1, Int(settings.duration / (Double(steps) * settings.timeStep)))
    let bins = edges.count - 1
    let rows = concurrentMap(count: groups, threads: settings.threads) { index -> [[Double]] in
      let group = LaneGroup(dynamics, seed: settings.seed, firstReplica: 8 * index, start: start)
      for first in stride(from: 0, to: burnIn, by: LaneMotion.stepsPerBlock) where !shouldStop() {
        group.advance(steps: min(LaneMotion.stepsPerBlock, burnIn - first))
      }
      var counts = Array(repeating: [Double](repeating: 0, count: bins), count: 8)
      for sample in 0..<samples where !shouldStop() {
        group.advance(steps: steps)
        // The step ends half a drift before the palindrome does.
        let displacement = group.displacement[0] + 0.5 * settings.timeStep * group.velocity[0]
        for lane in 0..<8 {
          if let bin = Self.bin(of: displacement[lane], edges) { counts[lane][bin] += 1 / Double(samples) }
        }
        if index == 0 { onProgress(Double(sample + 1) / Double(samples)) }
      }
      return counts
    }
    if shouldStop() { throw TrajectoryError.interrupted }
    let replicas = rows.flatMap { $0 }
    self.edges = edges
    shares = try (0..<bins).map { bin in
      try BlockedMean(of: ReplicaSeries(replicas: replicas.count, batches: 1, values: replicas.map { $0[bin] }))
        .estimate
    }
  }

  private static func bin(of value: Double, _ edges: [Double]) -> Int? {
    guard let first = edges.first, let last = edges.last, value >= first, value < last else { return nil }
    var low = 0
    var high = edges.count - 1
    while high - low > 1 {
      let middle = (low + high) / 2
      if edges[middle] <= value { low = middle } else { high = middle }
    }
    return low
  }
}
