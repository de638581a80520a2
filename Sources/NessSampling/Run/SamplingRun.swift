import Synchronization

/// What a run is asked to do, besides to sample.
package struct SamplingRun<Answer> {
  /// Error at which to stop early; nil to use the whole duration.
  package var target: PrecisionTarget?
  /// Threads, if the watch does not say how many; the result does not depend on it.
  package var threads = 1
  /// Whom to tell, when to stop, where to keep the state.
  package var watch = SamplingWatch<Answer>()

  /// A run to its end, of which nobody is told.
  package init() {}

  /// How a record is read while the run goes on.
  package struct Reading {
    /// What an answer takes, roughly [s].
    package var seconds: Double
    /// The answer so far; nil if what was measured is too short to be shown.
    package var answer: () throws -> Answer?
    /// Error so far over the target; nil if it cannot be judged yet.
    package var errorOverTarget: (PrecisionTarget) throws -> Double?

    /// A reading; see the properties.
    package init(
      seconds: Double, answer: @escaping () throws -> Answer?,
      errorOverTarget: @escaping (PrecisionTarget) throws -> Double?
    ) {
      (self.seconds, self.answer, self.errorOverTarget) = (seconds, answer, errorOverTarget)
    }
  }
}

extension SamplingRun {
  /// Runs an ensemble from its start, or from a kept state, to its end.
  ///
  /// - Returns: why it ended, the record being such that it can be read; nil if it was ended before there was anything to read.
  /// - Throws: the failure of the first replicas that cannot go on.
  package func run<Motion: ReplicaMotion>(
    _ ensemble: ReplicaEnsemble<Motion>, _ reading: Reading
  ) throws(Motion.Failure) -> StopReason? {
    var stop: StopReason?
    var errorOverTarget: Double?
    var clock = StateClock(watch.stateKeeper)
    var looks = LookClock(watch.onLook, expectedSeconds: reading.seconds)
    let isGivenUp = Atomic(false)
    var bytes = ensemble.bytesOfState
    func threadsNow() -> Int { watch.threadsNow?() ?? threads }
    // What has been given up once cannot go on.
    func isStopped() -> Bool {
      if watch.shouldStop() || clock.mustEnd(bytes: bytes) { isGivenUp.store(true, ordering: .relaxed) }
      return isGivenUp.load(ordering: .relaxed)
    }
    var smallestError = resume(ensemble, orGiveUp: isStopped)
    ensemble.begin(threads: threadsNow(), orGiveUp: isStopped)
    if isGivenUp.load(ordering: .relaxed) { return nil }
    var pace = Pace(longest: ensemble.schedule.longestPiece)
    func advance(to end: Int) throws(Motion.Failure) {
      while ensemble.ticks < end, stop == nil {
        let piece = ContinuousClock.now
        try ensemble.advance(
          to: min(ensemble.ticks + pace.ticks, end), threads: threadsNow(),
          shouldPause: { piece.secondsAgo > Pace.longestPiece }, shouldStop: isStopped)
        pace.took(piece.secondsAgo)
        watch.onProgress(fraction(ensemble, errorOverTarget))
        bytes = ensemble.bytesOfState
        if isStopped() { stop = .interrupted }
        clock.tick(now: stop != nil) { ensemble.state(smallestError: smallestError, target: target) }
        if ensemble.canBeRead { looks.tick(reading.answer) }
      }
    }
    try advance(to: ensemble.schedule.burnInTicks)
    for checkpoint in ensemble.schedule.checkpoints.map(ensemble.schedule.ticks) {
      // Where some are beyond it already, the run that kept the state has judged the error there.
      guard stop == nil, checkpoint >= ensemble.mostTicks else { continue }
      try advance(to: checkpoint)
      guard stop == nil, let target, let ratio = try? reading.errorOverTarget(target) else { continue }
      errorOverTarget = ratio
      if ratio <= 1 {
        stop = .targetReached
      } else {
        smallestError = min(smallestError, ratio * target.error)
      }
    }
    // The state is kept: what remains is to say what was measured.
    if stop == .interrupted { return ensemble.cutToCommon() ? stop : nil }
    clock.finish(isWhole: !watch.isFirstOfSeveral) { ensemble.state(smallestError: smallestError, target: target) }
    return stop ?? .durationReached
  }

  /// Goes on from a kept state if there is one that an uninterrupted run would have passed through.
  ///
  /// - Returns: the smallest error seen at a checkpoint that did not end the run.
  private func resume<Motion: ReplicaMotion>(
    _ ensemble: ReplicaEnsemble<Motion>, orGiveUp shouldStop: @escaping () -> Bool
  ) -> Double {
    // Without a target no error is looked at, so nobody can say where a run with one would have ended.
    let unseen = target == nil ? 0 : Double.infinity
    return watch.stateKeeper?.resume { try ensemble.restore($0, target: target, orGiveUp: shouldStop) } ?? unseen
  }

  private func fraction<Motion: ReplicaMotion>(
    _ ensemble: ReplicaEnsemble<Motion>, _ errorOverTarget: Double?
  ) -> Double {
    let done = ensemble.schedule.fraction(ticks: ensemble.meanTicks)
    guard let errorOverTarget, errorOverTarget > 0 else { return done }
    return max(done, min(1, 1 / (errorOverTarget * errorOverTarget)))
  }
}
