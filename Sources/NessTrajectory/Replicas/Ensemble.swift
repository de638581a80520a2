import Foundation
import NessModel
import NessStatistics

/// All replicas of one model at one time step, advanced together by any number of threads with the same result.
final class Ensemble {
  /// Steps between two entries into the record, and between two looks for a blow-up.
  static let stepsPerTick = Ledger.stepsPerTick

  let dynamics: ChainDynamics
  /// What the noise tells about the heats, if that is followed.
  let innovations: Innovations?
  let ledger: Ledger
  let replicas: Int
  /// How the replicas begin; nil for at rest.
  let start: StartLaw?
  /// Ticks of burn-in, whose record is put aside.
  let burnInTicks: Int
  private let layout: ReplicaRecord.Layout
  private var members: [Member] = []
  private let blank: () -> [Member]

  /// A group, how far it is, and its kinetic temperature during the burn-in.
  private final class Member {
    let group: LaneGroup
    var record: ReplicaRecord
    /// Whether the replicas have a state.
    var hasBegun = false
    var ticks = 0
    /// Mean of m v² over the sites in every batch of the burn-in [energy].
    var burnIn: [SIMD8<Double>] = []

    init(_ group: LaneGroup, _ layout: ReplicaRecord.Layout) {
      self.group = group
      record = ReplicaRecord(layout)
    }
  }

  /// Replicas 0 to `replicas - 1` of a model, which begin as `start` says or at rest: those that take up no saved state
  /// draw their initial ones by `begin`.
  init(
    _ model: ChainModel, timeStep: Double, replicas: Int, seed: UInt64, noise: ParticleNoise, innovations: Bool,
    burnInTicks: Int, start: StartLaw?
  ) {
    let dynamics = ChainDynamics(model, timeStep: timeStep, noise: noise)
    let followed = innovations ? Innovations(of: dynamics, model: model) : nil
    self.dynamics = dynamics
    self.innovations = followed
    self.replicas = replicas
    self.start = start
    self.burnInTicks = burnInTicks
    let ledger = Ledger(dynamics.layout, followed: followed?.heats.count ?? 0)
    self.ledger = ledger
    let bonds = 0..<(model.medium.sites - 1)
    let passage = model.terminals.map { ($0.left.site - 1)..<($0.right.site - 1) } ?? bonds
    let layout = ReplicaRecord.Layout(ledger, replicas: replicas, passage: passage)
    self.layout = layout
    blank = {
      (0..<((replicas + 7) / 8)).map {
        Member(LaneGroup(blank: dynamics, innovations: followed, seed: seed, firstReplica: 8 * $0), layout)
      }
    }
    members = blank()
  }

  /// Draws the initial states of the replicas that have none.
  ///
  /// - Parameter shouldStop: asked where that takes long; true gives it up, and the run must end.
  func begin(threads: Int, orGiveUp shouldStop: @escaping () -> Bool = { false }) {
    let look = Self.looking(shouldStop)
    _ = concurrentMap(count: members.count, threads: threads) { index in
      let member = self.members[index]
      if member.hasBegun || look() { return }
      member.group.begin(self.start, orGiveUp: look)
      member.hasBegun = true
    }
  }

  /// Most batches kept of a channel.
  var capacity: Int { layout.capacity }

  /// Memory that the replicas of a model take, roughly [bytes].
  static func memory(for model: ChainModel, replicas: Int) -> Double {
    let sites = Double(model.medium.sites)
    let particles = model.particleBaths.reduce(0.0) { $0 + 2 * Double($1.bath.count) }
    let baths = Double(model.attachments.count)
    let noise = Double(2 * LaneMotion.stepsPerBlock) * baths
    // Of every site its state (q, v, energy), the sums of two channels, and what is kept of them.
    let kept = Double(2 * max(1, ReplicaRecord.Layout.localCapacity(replicas: replicas)))
    let common = (2 * baths + 8) * Double(ReplicaRecord.Layout.capacity(replicas: replicas))
    let vectors = (5 + kept) * sites + Double(LaneMotion.mostStages) + particles + noise + common
    return Double((replicas + 7) / 8) * 64 * vectors
  }

  /// Asks only where what has begun takes long.
  private static func looking(_ shouldStop: @escaping () -> Bool) -> () -> Bool {
    let start = ContinuousClock.now
    return { start.secondsAgo > Pace.shortestWait && shouldStop() }
  }

  /// Ticks that the replicas have done on average, burn-in included.
  var meanTicks: Double { members.reduce(0) { $0 + Double($1.ticks) } / Double(members.count) }

  /// Size of the state, roughly [bytes].
  var bytesOfState: Int { members.reduce(0) { $0 + $1.group.bytesOfState + $1.record.bytes } }

  /// Ticks that every replica has done, burn-in included.
  var ticks: Int { members.map(\.ticks).min() ?? 0 }

  /// Whether the record means something: the burn-in is over and all replicas are equally far. Those that a resumed run
  /// adds are behind at first.
  var canBeRead: Bool { ticks > burnInTicks && members.allSatisfy { $0.ticks == members[0].ticks } }

  /// What it takes to analyse the record briefly, roughly [s].
  var secondsOfALook: Double { 3e-8 * Double(replicas * capacity * (ledger.sites + 10)) }

  /// Advances every replica to `ticks` ticks after its start, those that are behind by more, and records each of them.
  ///
  /// - Parameters:
  ///   - shouldPause: asked before every tick of eight replicas; true leaves all where they are, to be advanced later. One
  ///     tick of the replicas that are furthest behind is done at every call.
  ///   - shouldStop: asked also within a tick where that takes long; true gives up that tick, and the run must end.
  /// - Throws: `TrajectoryError.blowUp` for the first replica that left the reasonable.
  func advance(
    to ticks: Int, threads: Int, shouldPause: () -> Bool = { false }, shouldStop: () -> Bool = { false }
  ) throws {
    let last = self.ticks
    let first = members.firstIndex { $0.ticks == last }
    let badLanes = concurrentMap(count: members.count, threads: threads) { index -> (step: Int, lane: Int)? in
      let member = self.members[index]
      let group = member.group
      while member.ticks < ticks {
        if index != first || member.ticks > last, shouldPause() { return nil }
        group.clearSums()
        if group.isHuge {
          guard group.advance(steps: Self.stepsPerTick, orGiveUp: shouldStop) else { return nil }
        } else {
          group.advance(steps: Self.stepsPerTick)
        }
        group.bookStored()
        if let lane = group.firstBadLane { return (group.step, lane) }
        member.record.add(group.sums)
        member.ticks += 1
        if member.ticks == self.burnInTicks { self.endBurnIn(member) }
      }
      return nil
    }
    for (index, bad) in badLanes.enumerated() {
      guard let bad else { continue }
      throw TrajectoryError.blowUp(
        firstStep: bad.step - Self.stepsPerTick + 1, lastStep: bad.step, replica: 8 * index + bad.lane)
    }
  }

  /// Leaves of the records what all replicas have, so that they can be read though some are ahead; the run cannot go on.
  func cutToCommon() {
    let last = ticks
    guard last > burnInTicks, !canBeRead else { return }
    let common = ReplicaRecord.Cut(members.map(\.record))
    for member in members {
      member.record.cut(to: common)
      member.ticks = last
    }
  }

  /// Puts the record of the burn-in aside and starts an empty one.
  private func endBurnIn(_ member: Member) {
    member.burnIn = member.record.meanSquares(stepsPerTick: Self.stepsPerTick).map { $0 * temperatureFactor }
    member.record = ReplicaRecord(layout)
  }

  /// m, times what makes up for steps that are not read.
  private var temperatureFactor: Double { ledger.factor(ofChannel: ledger.kinetic(0), in: dynamics) }

  /// Mean kinetic temperature of the sites in every batch of the burn-in [energy].
  var burnInTemperature: ReplicaSeries {
    let batches = members[0].burnIn.count
    let values = (0..<replicas).flatMap { replica in members[replica / 8].burnIn.map { $0[replica % 8] } }
    return ReplicaSeries(replicas: replicas, batches: batches, values: values)
  }

  /// Length of one batch of the burn-in [time].
  var burnInBatchLength: Double {
    var length = 1
    while length * capacity <= burnInTicks { length *= 2 }
    return Double(length * Self.stepsPerTick) * dynamics.timeStep
  }

  /// Completed time of the record per replica [time].
  var recordedTime: Double {
    Double(members[0].record.count * members[0].record.ticksPerBatch * Self.stepsPerTick) * dynamics.timeStep
  }

  /// The record of one channel, in its physical unit: in batches, or whole where there is a channel for every site.
  func series(channel: Int) -> ReplicaSeries {
    series(factor: ledger.factor(ofChannel: channel, in: dynamics)) {
      $0.means(ofChannel: channel, stepsPerTick: Self.stepsPerTick)
    }
  }

  /// The mean flow through the bonds between the two baths, from left to right [energy/time].
  var meanFlow: ReplicaSeries {
    let factor = layout.isPassageEmpty ? 0 : ledger.factor(ofChannel: ledger.bond(0), in: dynamics)
    return series(factor: factor) { $0.meanFlows(stepsPerTick: Self.stepsPerTick) }
  }

  /// The mean kinetic temperature of the sites [energy].
  var meanTemperature: ReplicaSeries {
    series(factor: temperatureFactor) { $0.meanSquares(stepsPerTick: Self.stepsPerTick) }
  }

  private func series(factor: Double, _ means: (ReplicaRecord) -> [SIMD8<Double>]) -> ReplicaSeries {
    var (values, count): ([Double], Int) = ([], 0)
    for (index, member) in members.enumerated() {
      let lanes = means(member.record).map { factor * $0 }
      count = lanes.count
      for lane in 0..<min(8, replicas - 8 * index) { values += lanes.lazy.map { $0[lane] } }
    }
    return ReplicaSeries(replicas: replicas, batches: count, values: values)
  }
}

// MARK: saved states

extension Ensemble {
  /// Most groups in one part of a saved state.
  private static let mostGroupsPerPart = 16
  /// Size of a part of more than one group [bytes].
  private static let bytesOfPart = 16 << 20

  /// Everything that the meaning of a saved state depends on, besides the model and its seed.
  private var shape: [Int] {
    [
      Self.stepsPerTick, capacity, layout.localCapacity, ledger.channels, dynamics.sites, burnInTicks,
      ledger.followed,
    ]
  }

  /// The state of all replicas: a head, then the groups.
  ///
  /// - Parameter smallestError: smallest error seen at a checkpoint that did not end the run, of the target's kind.
  func state(smallestError: Double, target: TrajectorySettings.Target?) -> SavedState {
    let bytes = bytesOfState
    let bytesOfGroup = bytes / members.count
    let groups = min(Self.mostGroupsPerPart, max(1, Self.bytesOfPart / max(1, bytesOfGroup)))
    let parts = (members.count + groups - 1) / groups
    return SavedState(count: parts + 1, done: meanTicks, bytes: bytes) { [self] index in
      if index == 0 {
        var writer = StateWriter()
        writer.add(shape)
        writer.add([dynamics.timeStep, smallestError])
        writer.add([replicas, members.map(\.ticks).max() ?? 0, Self.kind(target)])
        return writer.bytes
      }
      let part = members.dropFirst((index - 1) * groups).prefix(groups)
      var writer = StateWriter(capacity: groups * (bytesOfGroup + 4096))
      writer.add(part.count)
      for member in part {
        writer.add(member.ticks)
        writer.add(member.burnIn)
        member.group.save(to: &writer)
        member.record.save(to: &writer)
      }
      return writer.bytes
    }
  }

  /// Takes up a saved state if this run would have passed through it, and otherwise leaves everything as it is.
  ///
  /// Of a run without a target, whose end does not depend on the replicas, a state of fewer replicas is taken up too.
  ///
  /// - Parameters:
  ///   - lastTick: where this run ends.
  ///   - target: error at which this run is to stop.
  ///   - shouldStop: asked from time to time; true gives it up, and the run must end.
  /// - Returns: the smallest error seen at a checkpoint so far; nil if the state is of no use here.
  /// - Throws: `StateFault` if the state is damaged; the replicas have no state then.
  func restore(
    _ state: SavedState, lastTick: Int, target: TrajectorySettings.Target?, orGiveUp shouldStop: @escaping () -> Bool
  ) throws -> Double? {
    guard state.count > 1 else { throw StateFault("the saved state is empty") }
    var head = StateReader(try state.part(0))
    guard try head.array(count: shape.count) == shape else { return nil }
    let numbers: [Double] = try head.array(count: 2)
    let sizes: [Int] = try head.array(count: 3)
    // What lies beyond the end of this run cannot be undone.
    guard numbers[0] == dynamics.timeStep, (1...replicas).contains(sizes[0]), sizes[1] <= lastTick else { return nil }
    if let target {
      guard sizes[0] == replicas, sizes[2] == Self.kind(target), target.error < numbers[1] else { return nil }
    }
    let look = Self.looking(shouldStop)
    do {
      let known = members.prefix((sizes[0] + 7) / 8)
      var next = known
      for index in 1..<state.count {
        if look() { return nil }
        var reader = StateReader(try state.part(index))
        let count: Int = try reader.next()
        guard (1...Self.mostGroupsPerPart).contains(count), count <= next.count else {
          throw StateFault("the saved state has another shape")
        }
        for member in next.prefix(count) { try restore(member, from: &reader) }
        guard reader.isAtEnd else { throw StateFault("the saved state has another shape") }
        next = next.dropFirst(count)
      }
      let ticks = known.map(\.ticks)
      guard next.isEmpty, ticks.max() == sizes[1], target == nil || ticks.min() == sizes[1] else {
        throw StateFault("the saved state is not complete")
      }
    } catch {
      members = blank()
      throw error
    }
    return numbers[1]
  }

  private static func kind(_ target: TrajectorySettings.Target?) -> Int {
    switch target {
    case nil: 0
    case .relative: 1
    case .absolute: 2
    }
  }

  private func restore(_ member: Member, from reader: inout StateReader) throws(StateFault) {
    member.ticks = try reader.next()
    // The record begins anew after the burn-in.
    let isBurnIn = member.ticks < burnInTicks
    let length = LaneBatches.ticksPerBatch(afterTicks: burnInTicks, capacity: capacity)
    member.burnIn = try reader.finiteArray(count: isBurnIn ? 0 : burnInTicks / length)
    let (steps, overflows) = member.ticks.multipliedReportingOverflow(by: Self.stepsPerTick)
    guard member.ticks >= 0, !overflows else { throw StateFault("the saved state makes no sense") }
    try member.group.restore(from: &reader, steps: steps)
    // The ticks of the burn-in are not in the record.
    try member.record.restore(from: &reader, ticks: isBurnIn ? member.ticks : member.ticks - burnInTicks)
    member.hasBegun = true
  }
}

/// What can go wrong in a trajectory.
package enum TrajectoryError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A replica's state became infinite or not a number between two steps.
  case blowUp(firstStep: Int, lastStep: Int, replica: Int)
  /// The settings cannot work for this model.
  case unusable(String)
  /// The user interrupted before there was anything to keep.
  case interrupted

  /// The reason in words, for the user.
  package var description: String {
    switch self {
    case .blowUp(let first, let last, let replica):
      "replica \(replica) blew up between steps \(first) and \(last)"
    case .unusable(let reason): reason
    case .interrupted: "interrupted before there was anything to keep"
    }
  }
}
