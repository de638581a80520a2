import NessModel
import NessSampling

/// Eight replicas of a driven network: their record has an entry for every period.
final class DrivenReplicas: RecordedReplicas {
  let sampling: DrivenSampling
  private let motion: NetworkMotion
  private(set) var record: ReplicaRecord
  private(set) var burnIn: [SIMD8<Double>] = []
  private let firstReplica: Int
  let recorder: LaneRecorder?
  /// Energy of the medium at the beginning of the period [energy].
  private var startEnergy = SIMD8<Double>()
  /// The motion as it was before a tick that was given up; nil in all other cases.
  private var held: [UInt8]?

  /// Replicas that have no state yet.
  init(_ sampling: DrivenSampling, firstReplica: Int) {
    self.sampling = sampling
    self.firstReplica = firstReplica
    motion = NetworkMotion(sampling.dynamics, sampling.ledger, seed: sampling.seed, firstReplica: firstReplica)
    record = ReplicaRecord(sampling.layout)
    recorder = LaneRecorder(sampling.recorded, sampling.recording, firstReplica: firstReplica)
  }

  func begin(orGiveUp shouldStop: () -> Bool) { motion.draw(velocityVariances: sampling.velocityVariances) }

  func advance(after ticks: Int, orGiveUp shouldStop: () -> Bool) throws(TrajectoryError) -> Bool {
    guard let driving = sampling.dynamics.driving else { return false }
    let within = ticks % sampling.ticksPerPeriod
    if within == 0 {
      motion.clearSums()
      startEnergy = motion.energyOfMedium(driving)
    }
    let recorder = recorder(after: ticks, burnInTicks: sampling.burnInTicks, motion)
    if sampling.isHuge {
      let start = savedMotion
      recorder?.hold()
      for _ in 0..<NetworkLedger.stepsPerTick {
        if shouldStop() {
          held = start
          return false
        }
        motion.advance(steps: 1)
        recorder?.advanced(by: 1, motion)
      }
      recorder?.letGo()
    } else {
      advance(steps: NetworkLedger.stepsPerTick, recorder, motion) { motion.advance(steps: $0) }
    }
    let endsPeriod = within + 1 == sampling.ticksPerPeriod
    recorder?.endTick(motion, sumsGoOn: !endsPeriod)
    if let bad = motion.firstBad {
      throw .siteLost(
        site: bad.site + 1, firstStep: motion.step - NetworkLedger.stepsPerTick + 1, lastStep: motion.step,
        replica: firstReplica + bad.lane)
    }
    guard endsPeriod else { return true }
    motion.sums[sampling.ledger.energyChange] = motion.energyOfMedium(driving) - startEnergy
    record.add(motion.sums)
    if ticks + 1 == sampling.burnInTicks { endBurnIn() }
    return true
  }

  /// Puts the record of the burn-in aside and starts an empty one.
  private func endBurnIn() {
    burnIn = record.meanSquares(stepsPerTick: sampling.stepsPerPeriod).map { $0 * sampling.temperatureFactor }
    record = ReplicaRecord(sampling.layout)
  }

  func cut(fewest: Int, most: Int) -> Bool {
    record.cut(fewest: fewest, most: most)
    return record.count > 0
  }

  private var savedMotion: [UInt8] {
    var writer = StateWriter(capacity: motion.bytesOfState + 64 * sampling.ledger.channels)
    write(to: &writer)
    return writer.bytes
  }

  /// The motion with the sums of the period that it is in.
  private func write(to writer: inout StateWriter) {
    motion.save(to: &writer)
    writer.add(UnsafePointer(motion.sums), count: sampling.ledger.channels)
    writer.add([startEnergy])
  }

  var bytesOfState: Int {
    motion.bytesOfState + 64 * (sampling.ledger.channels + 1) + record.bytesOfState + (recorder?.bytesOfState ?? 0)
  }

  func save(to writer: inout StateWriter) {
    writer.add(burnIn)
    if let held { writer.addValues(held) } else { write(to: &writer) }
    record.save(to: &writer)
    recorder?.save(to: &writer)
  }

  func restore(from reader: inout StateReader, ticks: Int) throws(StateFault) {
    let (burnInTicks, perPeriod) = (sampling.burnInTicks, sampling.ticksPerPeriod)
    let isBurnIn = ticks < burnInTicks
    let length = JoinedBatches.additionsPerBatch(after: burnInTicks / perPeriod, capacity: sampling.layout.capacity)
    burnIn = try reader.finiteArray(count: isBurnIn ? 0 : burnInTicks / perPeriod / length)
    try motion.restore(from: &reader, steps: ticks * NetworkLedger.stepsPerTick)
    try reader.fillFinite(motion.sums, count: sampling.ledger.channels)
    startEnergy = try reader.finiteArray(count: 1)[0]
    try record.restore(from: &reader, ticks: (isBurnIn ? ticks : ticks - burnInTicks) / perPeriod)
    try recorder?.restore(from: &reader, steps: max(0, ticks - burnInTicks) * NetworkLedger.stepsPerTick)
    if ticks > burnInTicks, ticks % perPeriod != 0 { recorder?.follow(motion) }
  }
}

/// What all replicas of a driven network share.
final class DrivenSampling: Sendable {
  let dynamics: NetworkDynamics
  let ledger: NetworkLedger
  let layout: ReplicaRecord.Layout
  let seed: UInt64
  /// Variance of every site's velocity at the start [length²/time²].
  let velocityVariances: [Double]
  let ticksPerPeriod: Int
  /// Ticks of burn-in, whole periods, whose record is put aside.
  let burnInTicks: Int
  /// What is recorded along the time, and where; nil for nothing.
  let recorded: RecordedSystem?
  let recording: SeriesRecording?

  init(
    _ dynamics: NetworkDynamics, _ layout: ReplicaRecord.Layout, seed: UInt64, velocityVariances: [Double],
    ticksPerPeriod: Int, burnInTicks: Int, recorded: RecordedSystem?, recording: SeriesRecording?
  ) {
    (self.dynamics, ledger, self.layout) = (dynamics, dynamics.ledger, layout)
    (self.seed, self.velocityVariances) = (seed, velocityVariances)
    (self.ticksPerPeriod, self.burnInTicks) = (ticksPerPeriod, burnInTicks)
    (self.recorded, self.recording) = (recorded, recording)
    isHuge = dynamics.bathed.workOfAStep > 30_000
  }

  var stepsPerPeriod: Int { ticksPerPeriod * NetworkLedger.stepsPerTick }
  /// What makes up for steps that are not read: the masses are in the weights.
  var temperatureFactor: Double { Double(dynamics.stepsPerReading) }
  /// Whether the steps of a tick take so long that who wants to stop should not have to wait for them.
  let isHuge: Bool
}
