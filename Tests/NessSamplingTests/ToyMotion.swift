import Foundation
import NessRandom
import NessSampling
import NessStatistics

/// Some replicas of an Ornstein-Uhlenbeck process x with mean 3, variance 2 and exactly known steps
/// x <- 3 + decay (x - 3) + sqrt(2 (1 - decay²)) xi, which begin in their steady state.
///
/// A tick is two steps, so it is a pair of Gaussians of a stream that is named by replica and tick.
final class ToyMotion: ReplicaMotion {
  struct Settings: Sendable {
    var decay = 0.9
    var seed: UInt64 = 5
    var burnInTicks = 7
    var ticksPerEntry = 1
    var capacity = 16
    /// Replicas that move together.
    var lanes = 8
    /// Replica one of whose ticks takes this long [s].
    var slow: (replica: Int, tick: Int, seconds: Double)?
    /// Told when that tick begins.
    var onSlow: @Sendable () -> Void = {}
    /// Replica that fails at a tick.
    var failing: (replica: Int, tick: Int)?
  }

  /// A replica came to its end.
  struct Broken: Error, Equatable {
    let replica: Int
  }

  static let (mean, variance) = (3.0, 2.0)

  private let settings: Settings
  private let firstReplica: Int
  private var x: [Double]
  /// Sums of x and of (x - 3)² over the steps since the last entry.
  private var sums: [Double]
  private(set) var record: JoinedBatches

  init(_ settings: Settings, firstReplica: Int) {
    self.settings = settings
    self.firstReplica = firstReplica
    x = [Double](repeating: 0, count: settings.lanes)
    sums = [Double](repeating: 0, count: 2 * settings.lanes)
    record = JoinedBatches(channels: 2, lanes: settings.lanes, capacity: settings.capacity)
  }

  private func gaussians(_ lane: Int, tick: Int) -> (Double, Double) {
    var stream = CounterStream(
      seed: settings.seed, index: UInt64(firstReplica + lane) << 32 | UInt64(tick), purpose: .momentumNoise(step: 0))
    return stream.gaussianPair()
  }

  func begin(orGiveUp shouldStop: () -> Bool) {
    for lane in x.indices { x[lane] = Self.mean + Self.variance.squareRoot() * gaussians(lane, tick: 1 << 31).0 }
  }

  func advance(after ticks: Int, orGiveUp shouldStop: () -> Bool) throws(Broken) -> Bool {
    if let slow = settings.slow, slow.replica == firstReplica, ticks == slow.tick {
      settings.onSlow()
      Thread.sleep(forTimeInterval: slow.seconds)
    }
    if let failing = settings.failing, failing.replica / x.count == firstReplica / x.count, failing.tick == ticks {
      throw Broken(replica: failing.replica)
    }
    let noise = (Self.variance * (1 - settings.decay * settings.decay)).squareRoot()
    for lane in x.indices {
      let xi = gaussians(lane, tick: ticks)
      for step in [xi.0, xi.1] {
        x[lane] = Self.mean + settings.decay * (x[lane] - Self.mean) + noise * step
        sums[lane] += x[lane]
        sums[x.count + lane] += (x[lane] - Self.mean) * (x[lane] - Self.mean)
      }
    }
    let measured = ticks + 1 - settings.burnInTicks
    if measured == 0 {
      clear()
    } else if measured > 0, measured % settings.ticksPerEntry == 0 {
      sums.withUnsafeBufferPointer { if let first = $0.baseAddress { record.add(first) } }
      clear()
    }
    return true
  }

  private func clear() { sums = [Double](repeating: 0, count: 2 * x.count) }

  func cut(fewest: Int, most: Int) -> Bool {
    record.cut(fewest: fewest, most: most)
    return record.count > 0
  }

  var bytesOfState: Int { 24 * x.count + record.bytesOfState }

  func save(to writer: inout StateWriter) {
    writer.add(x)
    writer.add(sums)
    record.save(to: &writer)
  }

  func restore(from reader: inout StateReader, ticks: Int) throws(StateFault) {
    (x, sums) = (try reader.array(count: x.count), try reader.array(count: sums.count))
    guard (x + sums).allSatisfy(\.isFinite) else { throw StateFault("not finite") }
    try record.restore(from: &reader, additions: max(0, ticks - settings.burnInTicks) / settings.ticksPerEntry)
  }
}

/// A run of the toy: its ensemble, what is asked of it, and what came out.
struct ToyRun {
  var replicas = 20
  var entries = 400
  var toy = ToyMotion.Settings()
  var layout = StateShape.Layout.gathered
  var target: PrecisionTarget?
  var threads = 1
  var longestPiece = 3

  struct Outcome: Equatable {
    let stop: StopReason
    let entries: Int
    let mean: [Double]
    let variance: [Double]
    let batches: Int
  }

  var ensemble: ReplicaEnsemble<ToyMotion> {
    let capacity = toy.capacity
    let total = JoinedBatches.completeAdditions(atLeast: entries, capacity: capacity)
    let schedule = Schedule(
      burnInTicks: toy.burnInTicks, ticksPerEntry: toy.ticksPerEntry,
      checkpoints: target == nil
        ? [total] : Schedule.checkpoints(first: 2 * capacity, last: total, capacity: capacity),
      longestPiece: longestPiece)
    let shape = StateShape(
      counts: [capacity, toy.burnInTicks, toy.ticksPerEntry], spans: [toy.decay], layout: layout)
    return ReplicaEnsemble(
      replicas: replicas, replicasPerMotion: toy.lanes, schedule: schedule, shape: shape
    ) { [toy] in ToyMotion(toy, firstReplica: $0) }
  }

  static func series(_ ensemble: ReplicaEnsemble<ToyMotion>, channel: Int, _ toy: ToyMotion.Settings) -> ReplicaSeries {
    ReplicaSeries(
      of: ensemble.replicas, in: ensemble.motions.map(\.record), channel: channel, perStepOf: 2 * toy.ticksPerEntry)
  }

  /// Runs it; nil if there was nothing to read.
  func outcome(
    _ keeper: StateKeeper? = nil, onProgress: @escaping @Sendable (Double) -> Void = { _ in },
    shouldStop: @escaping @Sendable () -> Bool = { false }
  ) throws(ToyMotion.Broken) -> Outcome? {
    let ensemble = ensemble
    var run = SamplingRun<Estimate>()
    run.target = target
    run.threads = threads
    run.watch = SamplingWatch(onProgress: onProgress, shouldStop: shouldStop, stateKeeper: keeper)
    func mean() throws -> Estimate { try BlockedMean(of: Self.series(ensemble, channel: 0, toy)).estimate }
    let reading = SamplingRun<Estimate>.Reading(seconds: 0, answer: mean, errorOverTarget: { $0.ratio(of: try mean()) })
    guard let stop = try run.run(ensemble, reading) else { return nil }
    let (mean, variance) = (Self.series(ensemble, channel: 0, toy), Self.series(ensemble, channel: 1, toy))
    return Outcome(
      stop: stop, entries: ensemble.entries, mean: mean.values, variance: variance.values, batches: mean.batches)
  }
}
