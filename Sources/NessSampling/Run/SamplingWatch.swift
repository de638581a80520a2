/// Who watches a run, and what it is given besides its settings. The result does not depend on any of it.
package struct SamplingWatch<Answer>: Sendable {
  /// Asked between pieces of work how many threads there are; nil for those of the settings.
  package var threadsNow: (@Sendable () -> Int)?
  /// Called between pieces of work, a few times a second, with the part of the work that is done, 0 to 1.
  package var onProgress: @Sendable (Double) -> Void
  /// Asked between pieces of work, by any thread; true ends the run and keeps what was measured.
  package var shouldStop: @Sendable () -> Bool
  /// Where the state is kept every few seconds, so that a run that was ended can go on; nil for nowhere.
  package var stateKeeper: StateKeeper?
  /// Told the answer so far, between pieces of work after the burn-in, as soon as the data allow an error bar: at most four
  /// times a second, and never for more than about 2 % of the time (`LookClock`). nil, the default, costs nothing.
  package var onLook: (@Sendable (Answer) -> Void)?
  /// What is recorded along the time, and where; nil for nothing.
  package var recording: SeriesRecording?
  /// Whether more is simulated after this, so that its last state is needed to go on.
  package var isFirstOfSeveral = false

  /// Nobody and nothing, unless given.
  package init(
    threadsNow: (@Sendable () -> Int)? = nil, onProgress: @escaping @Sendable (Double) -> Void = { _ in },
    shouldStop: @escaping @Sendable () -> Bool = { false }, stateKeeper: StateKeeper? = nil,
    onLook: (@Sendable (Answer) -> Void)? = nil
  ) {
    self.threadsNow = threadsNow
    self.onProgress = onProgress
    self.shouldStop = shouldStop
    self.stateKeeper = stateKeeper
    self.onLook = onLook
  }

  /// Of a part of the work, from one fraction of the whole to another.
  package func part(from start: Double, to end: Double) -> Self {
    var watch = self
    watch.onProgress = { [onProgress] in onProgress(start + (end - start) * $0) }
    return watch
  }
}
