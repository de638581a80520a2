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
  let plan: FlightPlan
  /// Most segments of time by which snapshots are kept.
  private let segments: Int
  private let seed: UInt64
  private var squads: [Squad]

  private final class Squad {
    let firstReplica: Int
    var groups: [FlightGroup]
    var records: [WindowRecord]
    var snapshots: [SnapshotRecord]
    /// Units of the plan that are done.
    var units = 0

    init(_ model: BoxModel, replicas: Range<Int>, capacity: Int, segments: Int, seed: UInt64) {
      firstReplica = replicas.lowerBound
      let starts = stride(from: replicas.lowerBound, to: replicas.upperBound, by: 8)
      groups = starts.map { FlightGroup(model, seed: seed, firstReplica: $0) }
      records = starts.map { _ in WindowRecord(capacity: capacity) }
      snapshots = Array(repeating: SnapshotRecord(capacity: segments), count: 8)
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
  ///   - plan: how the run is cut.
  package init(_ model: BoxModel, replicas: Int, seed: UInt64, plan: FlightPlan) {
    self.model = model
    self.replicas = replicas
    self.plan = plan
    self.seed = seed
    segments = replicas >= BlockedMean.preferredBlocks ? 1 : 128
    squads = []
    begin()
  }

  /// All replicas at the start of the plan.
  private func begin() {
    let groups = (replicas + 7) / 8
    let groupsPerSquad = (groups + Self.mostSquads - 1) / Self.mostSquads
    squads = stride(from: 0, to: replicas, by: 8 * groupsPerSquad).map { first in
      Squad(
        model, replicas: first..<min(replicas, first + 8 * groupsPerSquad),
        capacity: Self.capacity(replicas: replicas), segments: segments, seed: seed)
    }
  }

  /// Units of the plan that every squad has done.
  package var units: Int { squads.map(\.units).min() ?? 0 }
  /// Complete windows recorded.
  var windows: Int { plan.completeWindows(after: units) }
  /// Whether the record means something: a window is complete and all replicas are equally far. Those that a resumed run
  /// adds are behind at first.
  var canBeRead: Bool { windows > 0 && squads.allSatisfy { $0.units == squads[0].units } }
  /// What it takes to analyse the record, roughly [s].
  var secondsOfALook: Double { 2e-7 * Double(replicas * Self.capacity(replicas: replicas)) + 1e-3 }
  /// Time discarded so far, per replica [time].
  var burnIn: Double { Double(min(units, plan.burnInPieces)) * plan.burnInPiece }

  /// Lets every squad do the plan's units up to a number, those that are behind more of them.
  package func advance(to units: Int, threads: Int) {
    _ = concurrentMap(count: squads.count, threads: threads) { index in
      let squad = self.squads[index]
      while squad.units < units {
        self.fly(squad, self.plan.unit(squad.units))
        squad.units += 1
      }
    }
  }

  private func fly(_ squad: Squad, _ unit: FlightPlan.Unit) {
    switch unit {
    case .burnIn:
      for group in squad.groups {
        group.fly(until: plan.burnInPiece)
        _ = group.closeWindow(at: plan.burnInPiece)
      }
    case .slice(let end, let isLast):
      for group in squad.groups { group.fly(until: end) }
      if isLast { closeWindow(squad) }
    }
  }

  /// Ends a window, up to which a squad has flown, and records it.
  private func closeWindow(_ squad: Squad) {
    for number in squad.groups.indices {
      squad.records[number].add(squad.groups[number].closeWindow(at: plan.window))
      // A group on its own looks at all lanes, so that replicas added later find their snapshots.
      let lanes = squad.groups.count == 1 ? 8 : min(8, replicas - squad.firstReplica - 8 * number)
      look(at: squad.groups[number], lanes: lanes, &squad.snapshots)
    }
    for lane in squad.snapshots.indices { squad.snapshots[lane].endWindow() }
  }

  private func look(at group: FlightGroup, lanes: Int, _ snapshots: inout [SnapshotRecord]) {
    let (position, energy) = (group.position, group.energy)
    let classWidth = Box.energyClassWidth(of: model)
    for lane in 0..<lanes {
      // Limited before they are whole numbers: a place may lie outside of the box by a rounding.
      let part = position[lane] / model.medium.length * Double(Box.parts)
      let energyClass = min(energy[lane] / classWidth, Double(Box.energyClasses))
      snapshots[lane].add(
        part: Int(max(0, min(Double(Box.parts - 1), part))), energy: energy[lane],
        energyClass: Int(max(0, energyClass)))
    }
  }

  /// Time of the record in complete batches, per replica [time].
  var recordedTime: Double {
    let record = squads[0].records[0]
    return Double(record.count * record.windowsPerBatch) * plan.window
  }

  /// A channel of every replica per unit of time.
  package func series(_ channel: FlightGroup.Channel) -> ReplicaSeries {
    let first = squads[0].records[0]
    let perTime = 1 / (Double(first.windowsPerBatch) * plan.window)
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
    let complete = squads[0].snapshots[0].complete
    var values: [Double] = []
    var rows = 0
    for squad in squads {
      let lanes = squad.groups.count == 1 ? min(8, replicas - squad.firstReplica) : 8
      for snapshot in squad.snapshots.prefix(lanes) where !snapshot.isEmpty {
        rows += 1
        for segment in 0..<complete { values.append(snapshot[segment, column]) }
      }
    }
    return ReplicaSeries(replicas: rows, batches: complete, values: values)
  }
}

// MARK: saved states

extension FlightEnsemble {
  /// Everything that the meaning of a saved state depends on, besides the model and its seed.
  private var shape: [Int] {
    [
      segments, Self.capacity(replicas: replicas), squads[0].groups.count, plan.burnInPieces,
      plan.slices,
    ]
  }

  /// Size of the state, roughly [bytes].
  var bytesOfState: Int {
    let vectors = squads.reduce(0) { $0 + $1.groups.count * 16 + $1.records.reduce(0) { $0 + $1.vectors } }
    let snapshots = squads.reduce(0) { $0 + $1.snapshots.reduce(0) { $0 + $1.numbers } }
    return vectors * MemoryLayout<Lanes>.size + snapshots * MemoryLayout<Double>.size
  }

  /// The state of all replicas: a head, then the squads one by one.
  ///
  /// - Parameter smallestError: smallest relative error seen at a checkpoint that did not end the run.
  func state(smallestError: Double) -> SavedState {
    SavedState(count: squads.count + 1, done: Double(units), bytes: bytesOfState) { [self] index in
      var writer = StateWriter()
      if index == 0 {
        writer.add(shape)
        writer.add([plan.window, plan.burnInPiece, smallestError])
        writer.add([replicas, squads.map(\.units).max() ?? 0])
      } else {
        let squad = squads[index - 1]
        writer.add(squad.units)
        for group in squad.groups { group.save(to: &writer) }
        for record in squad.records { record.save(to: &writer) }
        for snapshot in squad.snapshots { snapshot.save(to: &writer) }
      }
      return writer.bytes
    }
  }

  /// Takes up a saved state if this run would have passed through it, and otherwise leaves everything as it is.
  ///
  /// Of a run without a target, whose end does not depend on the replicas, a state of fewer replicas is taken up too.
  ///
  /// - Parameter targetError: the relative error at which this run is to stop.
  /// - Returns: the smallest relative error seen at a checkpoint so far; nil if the state is of no use here.
  /// - Throws: `StateFault` if the state is damaged; all replicas are at their start then.
  func restore(_ state: SavedState, targetError: Double?) throws -> Double? {
    guard state.count > 1 else { throw StateFault("the saved state is empty") }
    var head = StateReader(try state.part(0))
    guard try head.array(count: shape.count) == shape else { return nil }
    let numbers: [Double] = try head.array(count: 3)
    let sizes: [Int] = try head.array(count: 2)
    guard numbers[0] == plan.window, numbers[1] == plan.burnInPiece else { return nil }
    // What lies beyond the end of this run cannot be undone.
    guard sizes[1] <= plan.units(windows: plan.windows) else { return nil }
    guard sizes[0] == replicas || ((1..<replicas).contains(sizes[0]) && squads[0].groups.count == 1) else { return nil }
    if let targetError, sizes[0] != replicas || targetError >= numbers[2] { return nil }
    do {
      let replicasPerSquad = 8 * squads[0].groups.count
      let known = squads.prefix((sizes[0] + replicasPerSquad - 1) / replicasPerSquad)
      guard state.count == known.count + 1 else { throw StateFault("the saved state has another shape") }
      for (squad, index) in zip(known, 1..<state.count) { try restore(squad, try state.part(index)) }
      let units = known.map(\.units)
      guard units.max() == sizes[1], targetError == nil || units.min() == sizes[1] else {
        throw StateFault("the saved state is not complete")
      }
    } catch {
      begin()
      throw error
    }
    return numbers[2]
  }

  private func restore(_ squad: Squad, _ bytes: [UInt8]) throws(StateFault) {
    var reader = StateReader(bytes)
    squad.units = try reader.next()
    guard (0...plan.units(windows: plan.windows)).contains(squad.units) else {
      throw StateFault("the saved state makes no sense")
    }
    for group in squad.groups { try group.restore(from: &reader, window: plan.longestPiece) }
    let windows = plan.completeWindows(after: squad.units)
    for number in squad.records.indices { try squad.records[number].restore(from: &reader, windows: windows) }
    for number in squad.snapshots.indices { try squad.snapshots[number].restore(from: &reader, windows: windows) }
    guard reader.isAtEnd else { throw StateFault("the saved state has another shape") }
  }
}
