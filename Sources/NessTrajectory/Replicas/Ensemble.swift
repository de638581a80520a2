import Foundation
import NessModel
import NessStatistics

/// All replicas of one model at one time step, advanced together by any number of threads with the same result.
final class Ensemble {
  /// Steps between two entries into the record, and between two looks for a blow-up.
  static let stepsPerTick = 64

  let dynamics: ChainDynamics
  let ledger: Ledger
  let replicas: Int
  let groups: [LaneGroup]

  /// Replicas 0 to `replicas - 1` of a model in their initial states.
  init(
    _ model: ChainModel, timeStep: Double, replicas: Int, seed: UInt64, noise: ParticleNoise, innovations: Bool
  ) {
    let dynamics = ChainDynamics(model, timeStep: timeStep, noise: noise, innovations: innovations)
    self.dynamics = dynamics
    self.replicas = replicas
    ledger = Ledger(dynamics)
    groups = (0..<((replicas + 7) / 8)).map { LaneGroup(dynamics, seed: seed, firstReplica: 8 * $0) }
    forgetRecord()
  }

  /// Most batches kept for each replica; fewer if there are many replicas.
  private static func capacity(replicas: Int) -> Int { replicas <= 128 ? 64 : 16 }
  var capacity: Int { Self.capacity(replicas: replicas) }

  /// Memory that the replicas of a model take, roughly [bytes].
  static func memory(for model: ChainModel, replicas: Int) -> Double {
    let sites = Double(model.medium.sites)
    let particles = model.particleBaths.reduce(0.0) { $0 + 2 * Double($1.bath.count) }
    let baths = Double(model.attachments.count)
    let channels = 2 * sites + 2 * baths + 4
    let noise = Double(2 * LaneGroup.stepsPerBlock) * baths
    let vectors = 5 * sites + particles + noise + channels * Double(capacity(replicas: replicas) + 2)
    return Double((replicas + 7) / 8) * 64 * vectors
  }

  /// Starts an empty record, for example at the end of the burn-in.
  func forgetRecord() {
    for group in groups { group.record = LaneBatches(channels: ledger.channels, capacity: capacity) }
  }

  /// Advances every replica by `ticks` ticks and records each of them.
  ///
  /// - Throws: `TrajectoryError.blowUp` for the first replica that left the reasonable.
  func advance(ticks: Int, threads: Int) throws {
    let badLanes = concurrentMap(count: groups.count, threads: threads) { index -> (step: Int, lane: Int)? in
      let group = self.groups[index]
      for _ in 0..<ticks {
        group.clearSums()
        group.advance(steps: Self.stepsPerTick)
        if let lane = group.firstBadLane { return (group.step, lane) }
        group.bookStored()
        group.record.add(group.sums)
      }
      return nil
    }
    for (index, bad) in badLanes.enumerated() {
      guard let bad else { continue }
      throw TrajectoryError.blowUp(
        firstStep: bad.step - Self.stepsPerTick + 1, lastStep: bad.step, replica: 8 * index + bad.lane)
    }
  }

  /// Completed time of the record per replica [time].
  var recordedTime: Double {
    Double(groups[0].record.count * groups[0].record.ticksPerBatch * Self.stepsPerTick) * dynamics.timeStep
  }

  /// The record of one channel, in its physical unit.
  func series(channel: Int) -> ReplicaSeries {
    let count = groups[0].record.count
    let factor = ledger.factor(ofChannel: channel, in: dynamics)
    var values = [Double](repeating: 0, count: replicas * count)
    for (index, group) in groups.enumerated() {
      for batch in 0..<count {
        let means = factor * group.record.mean(batch: batch, channel: channel, stepsPerTick: Self.stepsPerTick)
        for lane in 0..<min(8, replicas - 8 * index) { values[(8 * index + lane) * count + batch] = means[lane] }
      }
    }
    return ReplicaSeries(replicas: replicas, batches: count, values: values)
  }
}

/// What can go wrong in a trajectory.
public enum TrajectoryError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A replica's state became infinite or not a number between two steps.
  case blowUp(firstStep: Int, lastStep: Int, replica: Int)
  /// The settings cannot work for this model.
  case unusable(String)
  /// The user interrupted before there was anything to keep.
  case interrupted

  /// The reason in words, for the user.
  public var description: String {
    switch self {
    case .blowUp(let first, let last, let replica):
      "replica \(replica) blew up between steps \(first) and \(last)"
    case .unusable(let reason): reason
    case .interrupted: "interrupted before there was anything to keep"
    }
  }
}
