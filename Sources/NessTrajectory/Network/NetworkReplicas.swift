import NessModel
import NessSampling

/// Eight replicas of a network, what is recorded of them, and their kinetic temperature during the burn-in.
final class NetworkReplicas: RecordedReplicas {
  let sampling: NetworkSampling
  private let motion: NetworkMotion
  private let innovations: LaneInnovations?
  private(set) var record: ReplicaRecord
  /// Mean of m v² over the sites in every batch of the burn-in [energy].
  private(set) var burnIn: [SIMD8<Double>] = []
  private let firstReplica: Int
  let recorder: LaneRecorder?
  /// The motion as it was before a tick that was given up; nil in all other cases.
  private var held: [UInt8]?

  /// Replicas that have no state yet.
  init(_ sampling: NetworkSampling, firstReplica: Int) {
    self.sampling = sampling
    self.firstReplica = firstReplica
    motion = NetworkMotion(sampling.dynamics, sampling.ledger, seed: sampling.seed, firstReplica: firstReplica)
    innovations = sampling.innovations.map { LaneInnovations($0, sampling.dynamics) }
    record = ReplicaRecord(sampling.layout)
    recorder = LaneRecorder(sampling.recorded, sampling.recording, firstReplica: firstReplica)
  }

  func begin(orGiveUp shouldStop: () -> Bool) {
    if let start = sampling.start {
      motion.draw(start)
    } else {
      motion.draw(velocityVariances: sampling.velocityVariances, displacements: sampling.displacements)
    }
    innovations?.bookForecasts(motion, tick: 0)
  }

  func advance(after ticks: Int, orGiveUp shouldStop: () -> Bool) throws(TrajectoryError) -> Bool {
    let start = sampling.keepsTicks ? savedMotion : nil
    let measured = ticks + 1 - sampling.burnInTicks
    motion.clearSums()
    let recorder = recorder(after: ticks, burnInTicks: sampling.burnInTicks, motion)
    if sampling.isHuge {
      recorder?.hold()
      for _ in 0..<NetworkLedger.stepsPerTick {
        if shouldStop() {
          held = start
          return false
        }
        advance(steps: 1, follows: measured > 0)
        recorder?.advanced(by: 1, motion)
      }
      recorder?.letGo()
    } else {
      advance(steps: NetworkLedger.stepsPerTick, recorder, motion) { advance(steps: $0, follows: measured > 0) }
    }
    recorder?.endTick(motion)
    // The last tick of the burn-in is where the forecasts begin.
    if measured >= 0 { innovations?.bookForecasts(motion, tick: measured) }
    // Behind a wall there is soon no number left.
    if let reason = motion.behindWall(firstReplica: firstReplica) { throw TrajectoryError.unusable(reason) }
    if let bad = motion.firstBad { throw loss(bad, start) }
    if measured > 0 {
      motion.readEnergy()
      if let reason = motion.outsideDomain(firstReplica: firstReplica) { throw TrajectoryError.unusable(reason) }
    }
    record.add(motion.sums)
    if ticks + 1 == sampling.burnInTicks { endBurnIn() }
    return true
  }

  /// Advances the replicas, and books what the noise of the steps tells if it is of use.
  private func advance(steps: Int, follows: Bool) {
    guard follows, let innovations else { return motion.advance(steps: steps) }
    innovations.advance(motion, steps: steps)
  }

  private var savedMotion: [UInt8] {
    var writer = StateWriter(capacity: motion.bytesOfState)
    motion.save(to: &writer)
    return writer.bytes
  }

  /// Which site was lost within the last tick, and when: within some steps it takes all others with it, so the tick is done once
  /// more, step by step, where it was kept.
  private func loss(_ bad: (lane: Int, site: Int), _ start: [UInt8]?) -> TrajectoryError {
    let last = motion.step
    let first = last - NetworkLedger.stepsPerTick
    if let start {
      var reader = StateReader(start)
      if (try? motion.restore(from: &reader, steps: first)) != nil {
        while motion.step < last {
          motion.advance(steps: 1)
          if let bad = motion.firstBad {
            if let reason = motion.outsideDomain(lane: bad.lane, firstReplica: firstReplica) {
              return .unusable(reason)
            }
            return .siteLost(
              site: bad.site + 1, firstStep: motion.step, lastStep: motion.step, replica: firstReplica + bad.lane)
          }
        }
      }
    }
    return .siteLost(site: bad.site + 1, firstStep: first + 1, lastStep: last, replica: firstReplica + bad.lane)
  }

  /// Puts the record of the burn-in aside and starts an empty one.
  private func endBurnIn() {
    burnIn = record.meanSquares(stepsPerTick: NetworkLedger.stepsPerTick).map { $0 * sampling.temperatureFactor }
    record = ReplicaRecord(sampling.layout)
  }

  func cut(fewest: Int, most: Int) -> Bool {
    record.cut(fewest: fewest, most: most)
    return record.count > 0
  }

  var bytesOfState: Int {
    motion.bytesOfState + record.bytesOfState + (innovations?.bytesOfState ?? 0)
      + (recorder?.bytesOfState ?? 0)
  }

  func save(to writer: inout StateWriter) {
    writer.add(burnIn)
    if let held { writer.addValues(held) } else { motion.save(to: &writer) }
    innovations?.save(to: &writer)
    record.save(to: &writer)
    recorder?.save(to: &writer)
  }

  func restore(from reader: inout StateReader, ticks: Int) throws(StateFault) {
    // The record begins anew after the burn-in, and holds none of its ticks.
    let burnInTicks = sampling.burnInTicks
    let isBurnIn = ticks < burnInTicks
    let length = JoinedBatches.additionsPerBatch(after: burnInTicks, capacity: sampling.layout.capacity)
    burnIn = try reader.finiteArray(count: isBurnIn ? 0 : burnInTicks / length)
    try motion.restore(from: &reader, steps: ticks * NetworkLedger.stepsPerTick)
    innovations?.bookForecasts(motion, tick: 0)
    motion.clearSums()
    try innovations?.restore(from: &reader)
    try record.restore(from: &reader, ticks: isBurnIn ? ticks : ticks - burnInTicks)
    try recorder?.restore(from: &reader, steps: max(0, ticks - burnInTicks) * NetworkLedger.stepsPerTick)
  }
}

/// What all replicas of a network share.
final class NetworkSampling: Sendable {
  let dynamics: NetworkDynamics
  /// What the noise tells about the heats, if that is followed.
  let innovations: Innovations?
  let ledger: NetworkLedger
  let layout: ReplicaRecord.Layout
  let seed: UInt64
  /// Variance of every site's velocity at the start [length²/time²].
  let velocityVariances: [Double]
  /// Displacement of every site at the start [length].
  let displacements: [Double]
  /// Ticks of burn-in, whose record is put aside.
  let burnInTicks: Int
  /// What is recorded along the time, and where; nil for nothing.
  let recorded: RecordedSystem?
  let recording: SeriesRecording?
  /// How a transient begins; nil for a steady state.
  let start: GivenStart?

  init(
    _ dynamics: NetworkDynamics, _ innovations: Innovations?, _ ledger: NetworkLedger, _ layout: ReplicaRecord.Layout,
    seed: UInt64, velocityVariances: [Double], displacements: [Double], burnInTicks: Int, recorded: RecordedSystem?,
    recording: SeriesRecording?, start: GivenStart? = nil
  ) {
    self.start = start
    (self.dynamics, self.innovations, self.ledger, self.layout) = (dynamics, innovations, ledger, layout)
    self.seed = seed
    (self.velocityVariances, self.displacements, self.burnInTicks) = (velocityVariances, displacements, burnInTicks)
    (self.recorded, self.recording) = (recorded, recording)
    isHuge = dynamics.bathed.workOfAStep > 30_000
    keepsTicks = isHuge || dynamics.bathed.network.potentials.contains { $0.isUnboundedBelow != false }
  }

  /// What makes up for steps that are not read: the masses are in the weights.
  var temperatureFactor: Double { Double(dynamics.stepsPerReading) }
  /// Whether the steps of a tick take so long that who wants to stop should not have to wait for them.
  let isHuge: Bool
  /// Whether the state before a tick is kept until it is done: to go back to, or to see which site a potential let go.
  let keepsTicks: Bool
}
