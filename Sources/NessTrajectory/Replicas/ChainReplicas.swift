import NessModel
import NessSampling

/// Eight replicas of a chain, what is recorded of them, and their kinetic temperature during the burn-in.
final class ChainReplicas: RecordedReplicas {
  let sampling: ChainSampling
  private let group: LaneGroup
  let recorder: LaneRecorder?
  private(set) var record: ReplicaRecord
  /// Mean of m v² over the sites in every batch of the burn-in [energy].
  private(set) var burnIn: [SIMD8<Double>] = []
  private let firstReplica: Int

  /// Replicas that have no state yet.
  init(_ sampling: ChainSampling, firstReplica: Int) {
    self.sampling = sampling
    self.firstReplica = firstReplica
    group = LaneGroup(
      blank: sampling.dynamics, innovations: sampling.innovations, seed: sampling.seed, firstReplica: firstReplica)
    record = ReplicaRecord(sampling.layout)
    recorder = LaneRecorder(sampling.recorded, sampling.recording, firstReplica: firstReplica)
  }

  func begin(orGiveUp shouldStop: () -> Bool) { group.begin(sampling.start, orGiveUp: shouldStop) }

  func advance(after ticks: Int, orGiveUp shouldStop: () -> Bool) throws(TrajectoryError) -> Bool {
    group.clearSums()
    group.isFollowing = ticks >= sampling.burnInTicks
    let recorder = recorder(after: ticks, burnInTicks: sampling.burnInTicks, group.motion)
    if group.isHuge {
      recorder?.hold()
      let isDone = group.advance(steps: Ledger.stepsPerTick, orGiveUp: shouldStop) {
        recorder?.advanced(by: 1, group.motion)
      }
      guard isDone else { return false }
      recorder?.letGo()
    } else {
      advance(steps: Ledger.stepsPerTick, recorder, group.motion) { group.advance(steps: $0) }
    }
    recorder?.endTick(group.motion)
    // The last tick of the burn-in is where the forecasts begin.
    let measured = ticks + 1 - sampling.burnInTicks
    group.isFollowing = measured >= 0
    group.bookStored(tick: max(0, measured))
    if let lane = group.firstBadLane {
      throw .blowUp(firstStep: group.step - Ledger.stepsPerTick + 1, lastStep: group.step, replica: firstReplica + lane)
    }
    record.add(group.sums)
    if ticks + 1 == sampling.burnInTicks { endBurnIn() }
    return true
  }

  /// Puts the record of the burn-in aside and starts an empty one.
  private func endBurnIn() {
    burnIn = record.meanSquares(stepsPerTick: Ledger.stepsPerTick).map { $0 * sampling.temperatureFactor }
    record = ReplicaRecord(sampling.layout)
  }

  func cut(fewest: Int, most: Int) -> Bool {
    record.cut(fewest: fewest, most: most)
    return record.count > 0
  }

  var bytesOfState: Int { group.bytesOfState + record.bytesOfState + (recorder?.bytesOfState ?? 0) }

  func save(to writer: inout StateWriter) {
    writer.add(burnIn)
    group.save(to: &writer)
    record.save(to: &writer)
    recorder?.save(to: &writer)
  }

  func restore(from reader: inout StateReader, ticks: Int) throws(StateFault) {
    // The record begins anew after the burn-in, and holds none of its ticks.
    let burnInTicks = sampling.burnInTicks
    let isBurnIn = ticks < burnInTicks
    let length = JoinedBatches.additionsPerBatch(after: burnInTicks, capacity: sampling.layout.capacity)
    burnIn = try reader.finiteArray(count: isBurnIn ? 0 : burnInTicks / length)
    try group.restore(from: &reader, steps: ticks * Ledger.stepsPerTick)
    try record.restore(from: &reader, ticks: isBurnIn ? ticks : ticks - burnInTicks)
    try recorder?.restore(from: &reader, steps: max(0, ticks - burnInTicks) * Ledger.stepsPerTick)
  }
}

/// What all replicas of a chain share.
final class ChainSampling: Sendable {
  let dynamics: ChainDynamics
  /// What the noise tells about the heats, if that is followed.
  let innovations: Innovations?
  let ledger: Ledger
  let layout: ReplicaRecord.Layout
  let seed: UInt64
  /// How the replicas begin; nil for at rest.
  let start: StartLaw?
  /// Ticks of burn-in, whose record is put aside.
  let burnInTicks: Int
  /// What is recorded along the time, and where; nil for nothing.
  let recorded: RecordedSystem?
  let recording: SeriesRecording?

  init(
    _ dynamics: ChainDynamics, _ innovations: Innovations?, _ ledger: Ledger, _ layout: ReplicaRecord.Layout,
    seed: UInt64, start: StartLaw?, burnInTicks: Int, recorded: RecordedSystem?, recording: SeriesRecording?
  ) {
    (self.dynamics, self.innovations, self.ledger, self.layout) = (dynamics, innovations, ledger, layout)
    (self.seed, self.start, self.burnInTicks) = (seed, start, burnInTicks)
    (self.recorded, self.recording) = (recorded, recording)
  }

  /// m, times what makes up for steps that are not read.
  var temperatureFactor: Double { ledger.factor(ofChannel: ledger.kinetic(0), in: dynamics) }
}

/// What can go wrong in a trajectory.
package enum TrajectoryError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A replica's state became infinite or not a number between two steps.
  case blowUp(firstStep: Int, lastStep: Int, replica: Int)
  /// The state of a site of a network became infinite or not a number between two steps.
  case siteLost(site: Int, firstStep: Int, lastStep: Int, replica: Int)
  /// The settings cannot work for this model.
  case unusable(String)
  /// The user interrupted before there was anything to keep.
  case interrupted

  /// The reason in words, for the user.
  package var description: String {
    switch self {
    case .blowUp(let first, let last, let replica):
      "replica \(replica) blew up between steps \(first) and \(last)"
    case .siteLost(let site, let first, let last, let replica):
      "site \(site) of replica \(replica) blew up between steps \(first) and \(last)"
    case .unusable(let reason): reason
    case .interrupted: "interrupted before there was anything to keep"
    }
  }
}
