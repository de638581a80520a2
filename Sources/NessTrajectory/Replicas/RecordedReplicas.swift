import NessSampling
import NessStatistics

/// Eight replicas of which a record is kept in batches, that of the burn-in apart.
protocol RecordedReplicas: ReplicaMotion {
  var record: ReplicaRecord { get }
  /// Mean of m v² over the sites in every batch of the burn-in [energy].
  var burnIn: [SIMD8<Double>] { get }
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
