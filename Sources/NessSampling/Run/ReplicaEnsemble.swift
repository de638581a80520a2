/// All replicas of a run, advanced together by any number of threads with the same result.
package final class ReplicaEnsemble<Motion: ReplicaMotion> {
  /// Number of replicas.
  package let replicas: Int
  /// How the run is cut.
  package let schedule: Schedule
  let shape: StateShape
  let replicasPerMotion: Int
  /// The motions, in the order of their replicas.
  package private(set) var motions: [Motion] = []
  /// How far each of them is.
  private(set) var progress: [MotionProgress] = []
  private let make: (Int) -> Motion

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
    motions = stride(from: 0, to: replicas, by: replicasPerMotion).map(make)
    progress = motions.map { _ in MotionProgress() }
  }

  /// Ticks that every replica has done, burn-in included.
  package var ticks: Int { progress.map(\.ticks).min() ?? 0 }
  /// Ticks that the furthest replicas have done.
  var mostTicks: Int { progress.map(\.ticks).max() ?? 0 }
  /// Ticks that the replicas have done on average.
  var meanTicks: Double { progress.reduce(0) { $0 + Double($1.ticks) } / Double(progress.count) }
  /// Complete entries of the record of every replica.
  package var entries: Int { schedule.entries(ticks: ticks) }
  /// Size of the state, roughly [bytes].
  var bytesOfState: Int { motions.reduce(0) { $0 + $1.bytesOfState } }

  /// Whether the record means something: it has an entry and all replicas are equally far. Those that a resumed run adds
  /// are behind at first.
  package var canBeRead: Bool { entries > 0 && progress.allSatisfy { $0.ticks == progress[0].ticks } }

  /// Draws the initial states of the replicas that have none.
  ///
  /// - Parameter shouldStop: asked where that takes long; true gives it up, and the run must end.
  package func begin(threads: Int, orGiveUp shouldStop: @escaping () -> Bool = { false }) {
    let look = Self.looking(shouldStop)
    _ = concurrentMap(count: motions.count, threads: threads) { index in
      if self.progress[index].hasBegun || look() { return }
      self.motions[index].begin(orGiveUp: look)
      self.progress[index].hasBegun = true
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
    let first = progress.firstIndex { $0.ticks == last }
    let failures = concurrentMap(count: motions.count, threads: threads) { index -> Motion.Failure? in
      do throws(Motion.Failure) {
        try self.motions[index].advance(
          self.progress[index], to: ticks, doesOne: index == first, orPause: shouldPause, orGiveUp: shouldStop)
        return nil
      } catch {
        return error
      }
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
    for (motion, progress) in zip(motions, progress) {
      guard motion.cut(fewest: fewest, most: most) else { return false }
      progress.ticks = last
    }
    return true
  }
}
