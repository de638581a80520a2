import NessModel
import NessSampling
import NessStatistics

/// All replicas of one box, gathered in squads.
package typealias FlightEnsemble = ReplicaEnsemble<FlightSquad>

extension FlightEnsemble {
  private static var mostSquads: Int { 64 }

  /// - Parameters:
  ///   - replicas: number of independent particles.
  ///   - plan: how the run is cut.
  ///   - recorded: what is recorded along the time; nil for nothing.
  ///   - recording: where.
  package convenience init(
    _ model: BoxModel, replicas: Int, seed: UInt64, plan: FlightPlan, recorded: RecordedFlights? = nil,
    in recording: SeriesRecording? = nil
  ) {
    let groups = (replicas + 7) / 8
    let groupsPerSquad = (groups + Self.mostSquads - 1) / Self.mostSquads
    let sampling = FlightSampling(
      model, plan, seed: seed, capacity: Self.capacity(replicas: replicas),
      segments: replicas >= BlockedMean.preferredBlocks ? 1 : 128, recorded: recorded, recording: recording)
    let shape = StateShape(
      counts: [sampling.segments, sampling.capacity, groupsPerSquad, plan.burnInPieces, plan.slices],
      spans: [plan.window, plan.burnInPiece], layout: .single)
    let inSquad = 8 * groupsPerSquad
    self.init(replicas: replicas, replicasPerMotion: inSquad, schedule: plan.schedule, shape: shape) { first in
      FlightSquad(sampling, replicas: first..<min(replicas, first + inSquad))
    }
  }

  /// Most batches of windows kept per replica.
  static func capacity(replicas: Int) -> Int {
    switch replicas {
    case ..<256: 256
    case ..<4096: 16
    default: 4
    }
  }

  /// Memory that the replicas take, roughly [bytes].
  static func memory(replicas: Int) -> Double {
    Double(replicas) * 8 * (6 * Double(capacity(replicas: replicas) + 1) + 40)
  }

  var model: BoxModel { motions[0].sampling.model }
  var plan: FlightPlan { motions[0].sampling.plan }

  /// What it takes to analyse the record, roughly [s].
  var secondsOfALook: Double { 2e-7 * Double(replicas * Self.capacity(replicas: replicas)) + 1e-3 }
  /// Time discarded so far, per replica [time].
  var burnIn: Double { Double(min(ticks, plan.burnInPieces)) * plan.burnInPiece }

  /// Time of the record in complete batches, per replica [time].
  var recordedTime: Double {
    let record = motions[0].windows[0]
    return Double(record.count * record.additionsPerBatch) * plan.window
  }

  /// A channel of every replica per unit of time.
  package func series(_ channel: FlightGroup.Channel) -> ReplicaSeries {
    let perTime = 1 / (Double(motions[0].windows[0].additionsPerBatch) * plan.window)
    return ReplicaSeries(
      of: replicas, in: motions.flatMap(\.windows), channel: channel.rawValue, factor: perTime)
  }

  /// Columns of the snapshots, by rows of independent replicas and complete segments of time within a row.
  func snapshots(column: Int) -> ReplicaSeries {
    let rows = motions.flatMap(\.ownSnapshots).filter { !$0.isEmpty }.map(\.segments)
    return ReplicaSeries(of: rows.count, in: rows, channel: column)
  }
}
