/// All replicas of a run, advanced together by any number of threads with the same result.
package final class ReplicaEnsemble<Motion: ReplicaMotion> {
  /// Number of replicas.
  package let replicas: Int
  /// How the run is cut.
  package let schedule: Schedule
  let shape: StateShape
  let replicasPerMotion: Int
  private(set) var members: [Member] = []
  private let make: (Int) -> Motion

  /// Replicas that move together, and how far they are.
  final class Member {
    let motion: Motion
    /// Whether the replicas have a state.
    var hasBegun = false
    var ticks = 0

    init(_ motion: Motion) { self.motion = motion }
  }

  /// Replicas 0 to `replicas - 1`, which have no state before they `begin` or take up a saved one.
  ///
  /// - Parameters:
  ///   - replicasPerMotion: a multiple of 8; the last motion may have fewer.
  ///   - shape: what a saved state depends on besides the model and its seed.
  ///   - motion: makes the motion that begins with the replica of a number.
  package init(
    replicas: Int, replicasPerMotion: Int = 8, schedule: Schedule, shape: StateShape,
    motion: @escaping (_ firstReplica: Int) -> Motion
  ) {
    self.replicas = replicas
    self.replicasPerMotion = replicasPerMotion
    self.schedule = schedule
    self.shape = shape
    make = motion
    forgetAll()
  }

  /// Back to replicas that have no state.
  func forgetAll() {
    members = stride(from: 0, to: replicas, by: replicasPerMotion).map { Member(make($0)) }
  }

  /// The motions, in the order of their replicas.
  package var motions: some RandomAccessCollection<Motion> { members.lazy.map(\.motion) }
  /// The motion of the first replicas.
  package var first: Motion { members[0].motion }

  /// Ticks that every replica has done, burn-in included.
  package var ticks: Int { members.map(\.ticks).min() ?? 0 }
  /// Ticks that the furthest replicas have done.
  var mostTicks: Int { members.map(\.ticks).max() ?? 0 }
  /// Ticks that the replicas have done on average.
  var meanTicks: Double { members.reduce(0) { $0 + Double($1.ticks) } / Double(members.count) }
  /// Complete entries of the record of every replica.
  package var entries: Int { schedule.entries(ticks: ticks) }
  /// Size of the state, roughly [bytes].
  var bytesOfState: Int { members.reduce(0) { $0 + $1.motion.bytesOfState } }

  /// Whether the record means something: it has an entry and all replicas are equally far. Those that a resumed run adds
  /// are behind at first.
  package var canBeRead: Bool { entries > 0 && members.allSatisfy { $0.ticks == members[0].ticks } }

  /// Draws the initial states of the replicas that have none.
  ///
  /// - Parameter shouldStop: asked where that takes long; true gives it up, and the run must end.
  package func begin(threads: Int, orGiveUp shouldStop: @escaping () -> Bool = { false }) {
    let look = Self.looking(shouldStop)
    _ = concurrentMap(count: members.count, threads: threads) { index in
      let member = self.members[index]
      if member.hasBegun || look() { return }
      member.motion.begin(orGiveUp: look)
      member.hasBegun = true
    }
  }

  /// Asks only where what has begun takes long.
  static func looking(_ shouldStop: @escaping () -> Bool) -> () -> Bool {
    let start = ContinuousClock.now
    return { start.secondsAgo > Pace.shortestWait && shouldStop() }
  }

  /// Advances every replica to `ticks` ticks after its start, those that are behind by more.
  ///
  /// - Parameters:
  ///   - shouldPause: asked before every tick of a motion; true leaves all where they are, to be advanced later. One tick of
  ///     the replicas that are furthest behind is done at every call.
  ///   - shouldStop: asked also within a tick where that takes long; true gives up that tick, and the run must end.
  /// - Throws: the failure of the first replicas that cannot go on.
  package func advance(
    to ticks: Int, threads: Int, shouldPause: () -> Bool = { false }, shouldStop: () -> Bool = { false }
  ) throws(Motion.Failure) {
    let last = self.ticks
    let first = members.firstIndex { $0.ticks == last }
    let failures = concurrentMap(count: members.count, threads: threads) { index -> Motion.Failure? in
      let member = self.members[index]
      while member.ticks < ticks {
        if index != first || member.ticks > last, shouldPause() { return nil }
        do throws(Motion.Failure) {
          guard try member.motion.advance(after: member.ticks, orGiveUp: shouldStop) else { return nil }
        } catch {
          return error
        }
        member.ticks += 1
      }
      return nil
    }
    for case let failure? in failures { throw failure }
  }

  /// Leaves of the records what all replicas have, so that they can be read though some are ahead; the run cannot go on.
  ///
  /// - Returns: whether there is anything to read.
  func cutToCommon() -> Bool {
    if canBeRead { return true }
    let fewest = entries
    guard fewest > 0 else { return false }
    let (last, most) = (ticks, schedule.entries(ticks: mostTicks))
    for member in members {
      guard member.motion.cut(fewest: fewest, most: most) else { return false }
      member.ticks = last
    }
    return true
  }
}
