import NessModel
import NessSampling

/// Groups of eight replicas of a box, and what is recorded of them.
///
/// Snapshots are added up over the replicas of a squad that share a lane, so their memory is bounded by the number of
/// squads, not of replicas.
package final class FlightSquad: ReplicaMotion {
  let sampling: FlightSampling
  /// Replicas of the whole run that are in this squad.
  private let replicas: Range<Int>
  private var groups: [FlightGroup] = []
  /// Sums over the windows, for every group.
  private(set) var windows: [JoinedBatches]
  /// What was seen, for every lane.
  private(set) var snapshots: [SnapshotRecord]
  /// Take samples along the time, for every group; nil where no replica is recorded.
  private let recorders: [FlightRecorder?]

  /// A squad that has no state yet.
  init(_ sampling: FlightSampling, replicas: Range<Int>) {
    self.sampling = sampling
    self.replicas = replicas
    windows = stride(from: replicas.lowerBound, to: replicas.upperBound, by: 8).map { _ in
      JoinedBatches(channels: FlightGroup.Channel.allCases.count, lanes: 8, capacity: sampling.capacity)
    }
    snapshots = Array(repeating: SnapshotRecord(capacity: sampling.segments), count: 8)
    recorders = stride(from: replicas.lowerBound, to: replicas.upperBound, by: 8).map {
      FlightRecorder(sampling.recorded, sampling.recording, first: $0, most: 8)
    }
  }

  package func begin(orGiveUp shouldStop: () -> Bool) {
    groups = stride(from: replicas.lowerBound, to: replicas.upperBound, by: 8).map {
      FlightGroup(sampling.model, seed: sampling.seed, firstReplica: $0)
    }
  }

  package func advance(after ticks: Int, orGiveUp shouldStop: () -> Bool) throws(Never) -> Bool {
    let plan = sampling.plan
    switch plan.unit(ticks) {
    case .burnIn:
      for group in groups {
        group.fly(until: plan.burnInPiece)
        _ = group.closeWindow(at: plan.burnInPiece)
      }
    case .slice(let end, let isLast):
      if ticks == plan.schedule.burnInTicks { for recorder in recorders { recorder?.begin() } }
      let start = Double(plan.schedule.entries(ticks: ticks)) * plan.window
      for (group, recorder) in zip(groups, recorders) {
        if let recorder { group.fly(until: end, recorder, start: start) } else { group.fly(until: end) }
      }
      if isLast { closeWindow() }
    }
    return true
  }

  /// Ends a window, up to which all have flown, and records it.
  private func closeWindow() {
    for number in groups.indices {
      let sums = groups[number].closeWindow(at: sampling.plan.window)
      sums.withUnsafeBufferPointer { if let first = $0.baseAddress { windows[number].add(first) } }
      // A group on its own looks at all lanes, so that replicas added later find their snapshots.
      look(at: groups[number], lanes: groups.count == 1 ? 8 : min(8, replicas.count - 8 * number))
    }
    for lane in snapshots.indices { snapshots[lane].endWindow() }
  }

  private func look(at group: FlightGroup, lanes: Int) {
    let (position, energy) = (group.position, group.energy)
    let classWidth = Box.energyClassWidth(of: sampling.model)
    for lane in 0..<lanes {
      // Limited before they are whole numbers: a place may lie outside of the box by a rounding.
      let part = position[lane] / sampling.model.medium.length * Double(Box.parts)
      let energyClass = min(energy[lane] / classWidth, Double(Box.energyClasses))
      snapshots[lane].add(
        part: Int(max(0, min(Double(Box.parts - 1), part))), energy: energy[lane],
        energyClass: Int(max(0, energyClass)))
    }
  }

  /// The snapshots of lanes that have a replica.
  var ownSnapshots: some Sequence<SnapshotRecord> {
    snapshots.prefix(windows.count == 1 ? min(8, replicas.count) : 8)
  }

  /// Writes the samples that wait.
  func endRecording() { for recorder in recorders { recorder?.flush() } }

  package func cut(fewest: Int, most: Int) -> Bool {
    for number in windows.indices { windows[number].cut(fewest: fewest, most: most) }
    for lane in snapshots.indices { snapshots[lane].cut(fewest: fewest, most: most) }
    return windows[0].count > 0
  }
}

/// What all replicas of a box share.
final class FlightSampling: Sendable {
  let model: BoxModel
  let plan: FlightPlan
  let seed: UInt64
  /// Most batches of windows kept per replica.
  let capacity: Int
  /// Most segments of time by which snapshots are kept.
  let segments: Int
  /// What is recorded along the time, and where; nil for nothing.
  let recorded: RecordedFlights?
  let recording: SeriesRecording?

  init(
    _ model: BoxModel, _ plan: FlightPlan, seed: UInt64, capacity: Int, segments: Int, recorded: RecordedFlights?,
    recording: SeriesRecording?
  ) {
    (self.model, self.plan, self.seed) = (model, plan, seed)
    (self.capacity, self.segments) = (capacity, segments)
    (self.recorded, self.recording) = (recorded, recording)
  }
}

// MARK: saved states

extension FlightSquad {
  // A state has room for all batches, and for one more that is never begun.
  private var batchesOfState: Int { sampling.capacity + 1 }

  package var bytesOfState: Int {
    let sums = FlightGroup.Channel.allCases.count * batchesOfState
    return windows.count * (16 + sums) * MemoryLayout<Lanes>.size + snapshots.reduce(0) { $0 + $1.bytesOfState }
      + recorders.reduce(0) { $0 + ($1?.bytesOfState ?? 0) }
  }

  package func save(to writer: inout StateWriter) {
    for group in groups { group.save(to: &writer) }
    for window in windows {
      writer.add(window.counts)
      window.saveSums(to: &writer, batches: batchesOfState)
    }
    for snapshot in snapshots { snapshot.save(to: &writer) }
    for recorder in recorders { recorder?.save(to: &writer) }
  }

  package func restore(from reader: inout StateReader, ticks: Int) throws(StateFault) {
    begin { false }
    for group in groups { try group.restore(from: &reader, window: sampling.plan.longestPiece) }
    let entries = sampling.plan.schedule.entries(ticks: ticks)
    for number in windows.indices {
      let counts: [Int] = try reader.array(count: 3)
      try windows[number].restoreSums(from: &reader, additions: entries, batches: batchesOfState)
      guard counts == windows[number].counts else { throw StateFault("the saved record of a group makes no sense") }
    }
    for lane in snapshots.indices { try snapshots[lane].restore(from: &reader, windows: entries) }
    let slices = max(0, ticks - sampling.plan.schedule.burnInTicks)
    let time = Double(slices) * sampling.plan.window / Double(sampling.plan.slices)
    for recorder in recorders { try recorder?.restore(from: &reader, time: time) }
  }
}
