import NessModel
import NessStatistics

/// All replicas of a box. Groups of eight are gathered in squads; a squad is worked on by one thread at a time.
///
/// Snapshots are added up over the replicas of a squad that share a lane, so their memory is bounded by the number of
/// squads, not of replicas.
package final class FlightEnsemble {
  private static let mostSquads = 64

  let model: BoxModel
  let replicas: Int
  /// Length of a window [time].
  let window: Double
  /// Windows that share a segment of the snapshots.
  private let windowsPerSegment: Int
  private let segments: Int
  private let squads: [Squad]
  /// Complete windows recorded.
  private(set) var windows = 0

  private final class Squad {
    let firstReplica: Int
    var groups: [FlightGroup]
    var records: [WindowRecord]
    var snapshots: [SnapshotRecord]

    init(_ model: BoxModel, replicas: Range<Int>, capacity: Int, segments: Int, seed: UInt64) {
      firstReplica = replicas.lowerBound
      let starts = stride(from: replicas.lowerBound, to: replicas.upperBound, by: 8)
      groups = starts.map { FlightGroup(model, seed: seed, firstReplica: $0) }
      records = starts.map { _ in WindowRecord(capacity: capacity) }
      snapshots = Array(repeating: SnapshotRecord(segments: segments), count: 8)
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

  /// - Parameters:
  ///   - replicas: number of independent particles.
  ///   - window: length of a window [time].
  ///   - mostWindows: windows of the longest run.
  package init(_ model: BoxModel, replicas: Int, seed: UInt64, window: Double, mostWindows: Int) {
    self.model = model
    self.replicas = replicas
    self.window = window
    let groups = (replicas + 7) / 8
    let groupsPerSquad = (groups + Self.mostSquads - 1) / Self.mostSquads
    let segments = replicas >= BlockedMean.preferredBlocks ? 1 : 64
    self.segments = segments
    windowsPerSegment = (mostWindows + segments - 1) / segments
    let capacity = Self.capacity(replicas: replicas)
    squads = stride(from: 0, to: replicas, by: 8 * groupsPerSquad).map { first in
      Squad(
        model, replicas: first..<min(replicas, first + 8 * groupsPerSquad), capacity: capacity, segments: segments,
        seed: seed)
    }
  }

  /// Flies every replica until `time` after the end of the last window.
  package func fly(until time: Double, threads: Int) {
    _ = concurrentMap(count: squads.count, threads: threads) { index in
      for group in self.squads[index].groups { group.fly(until: time) }
    }
  }

  /// Ends a stretch of flights of the given length without recording it.
  func forget(length: Double) {
    for squad in squads {
      for group in squad.groups { _ = group.closeWindow(at: length) }
    }
  }

  /// Ends a window, up to which all replicas have flown, and records it.
  package func closeWindow(threads: Int) {
    let segment = windows / windowsPerSegment
    _ = concurrentMap(count: squads.count, threads: threads) { index in
      let squad = self.squads[index]
      for number in squad.groups.indices {
        squad.records[number].add(squad.groups[number].closeWindow(at: self.window))
        let lanes = min(8, self.replicas - squad.firstReplica - 8 * number)
        self.look(at: squad.groups[number], lanes: lanes, segment: segment, &squad.snapshots)
      }
    }
    windows += 1
  }

  private func look(at group: FlightGroup, lanes: Int, segment: Int, _ snapshots: inout [SnapshotRecord]) {
    let (position, energy) = (group.position, group.energy)
    let classWidth = Box.energyClassWidth(of: model)
    for lane in 0..<lanes {
      let part = Int(position[lane] / model.medium.length * Double(Box.parts))
      let energyClass = Int(min(energy[lane] / classWidth, Double(Box.energyClasses)))
      snapshots[lane].add(
        segment: segment, part: max(0, min(Box.parts - 1, part)), energy: energy[lane], energyClass: energyClass)
    }
  }

  /// Time of the record in complete batches, per replica [time].
  var recordedTime: Double {
    let record = squads[0].records[0]
    return Double(record.count * record.windowsPerBatch) * window
  }

  /// A channel of every replica per unit of time.
  package func series(_ channel: FlightGroup.Channel) -> ReplicaSeries {
    let first = squads[0].records[0]
    let perTime = 1 / (Double(first.windowsPerBatch) * window)
    var values: [Double] = []
    values.reserveCapacity(replicas * first.count)
    for squad in squads {
      for (index, record) in squad.records.enumerated() {
        for lane in 0..<min(8, replicas - squad.firstReplica - 8 * index) {
          for batch in 0..<first.count { values.append(perTime * record.sum(batch: batch, channel: channel)[lane]) }
        }
      }
    }
    return ReplicaSeries(replicas: replicas, batches: first.count, values: values)
  }

  /// Columns of the snapshots, by rows of independent replicas and complete segments of time within a row.
  func snapshots(column: Int) -> ReplicaSeries {
    let complete = segments == 1 ? 1 : windows / windowsPerSegment
    var values: [Double] = []
    var rows = 0
    for squad in squads {
      for snapshot in squad.snapshots where snapshot.sums[SnapshotRecord.total] > 0 {
        rows += 1
        for segment in 0..<complete { values.append(snapshot.sums[segment * SnapshotRecord.columns + column]) }
      }
    }
    return ReplicaSeries(replicas: rows, batches: complete, values: values)
  }
}
