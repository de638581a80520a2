import NessSampling
import NessStatistics

/// Eight replicas of which a record is kept in batches, that of the burn-in apart.
protocol RecordedReplicas: ReplicaMotion {
  var record: ReplicaRecord { get }
  /// Mean of m v² over the sites in every batch of the burn-in [energy].
  var burnIn: [SIMD8<Double>] { get }
  /// Takes samples along the time; nil if none of the replicas is recorded.
  var recorder: LaneRecorder? { get }
}

extension RecordedReplicas {
  /// The recorder if the next tick is measured; at the first one it begins.
  func recorder(after ticks: Int, burnInTicks: Int, _ motion: some ForeseenMotion) -> LaneRecorder? {
    guard let recorder, ticks >= burnInTicks else { return nil }
    if ticks == burnInTicks { recorder.begin(motion) }
    return recorder.isDone ? nil : recorder
  }

  /// Some steps, in one piece or from sample to sample.
  ///
  /// - Parameter move: does a number of steps.
  func advance(
    steps count: Int, _ recorder: LaneRecorder?, _ motion: some ForeseenMotion, move: (Int) -> Void
  ) {
    guard let recorder else { return move(count) }
    var left = count
    while left > 0 {
      let steps = min(left, recorder.stepsToSample)
      move(steps)
      recorder.advanced(by: steps, motion)
      left -= steps
    }
  }
}

extension ReplicaEnsemble where Motion: RecordedReplicas {
  /// Writes the samples that wait.
  func endRecording() { for motion in motions { motion.recorder?.flush() } }
}

extension ReplicaEnsemble where Motion: RecordedReplicas {
  /// The record of one channel of all replicas.
  ///
  /// - Parameters:
  ///   - factor: what a mean over the steps is multiplied with.
  ///   - stepsPerTick: steps that a tick adds up.
  func series(_ place: ReplicaRecord.Place, factor: Double, stepsPerTick: Int) -> ReplicaSeries {
    let (records, channel) =
      switch place {
      case .common(let channel): (motions.map { $0.record.batches }, channel)
      case .local(let channel): (motions.map { $0.record.localBatches }, channel)
      }
    return ReplicaSeries(of: replicas, in: records, channel: channel, factor: factor, perStepOf: stepsPerTick)
  }

  /// Mean kinetic temperature of the sites in every batch of the burn-in [energy].
  var burnInTemperature: ReplicaSeries {
    let lanes = motions.map(\.burnIn)
    let values = (0..<replicas).flatMap { replica in lanes[replica / 8].map { $0[replica % 8] } }
    return ReplicaSeries(replicas: replicas, batches: motions[0].burnIn.count, values: values)
  }
}
