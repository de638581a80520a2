/// Saves the state of one simulation from time to time, and at its end.
///
/// A state that is written in a moment is kept every second and at every end. One that takes seconds is kept while the work
/// goes on, so seldom that this takes a small part of the time; at an end that somebody waits for it is not written again,
/// and what is given up by that is said. An end that is known in advance comes as much earlier as the state takes.
package struct StateClock {
  /// Shortest time between two savings [s].
  private static let interval = 1.0
  /// Part of the time that savings take, in a run that is long compared with one of them.
  private static let share = 0.02
  /// What an end that somebody waits for may take to keep the state [s].
  private static let longestWait = 0.6
  /// By what an end that was known in advance may be late [s].
  private static let grace = 1.0
  /// What a disk takes until it is known better [bytes/s].
  private static let speed = 1e8

  private let keeper: StateKeeper?
  private let start = ContinuousClock.now
  private var last = ContinuousClock.now
  /// Time that a byte of the last state took [s].
  private var secondsPerByte = 1 / speed
  /// Whether the last saving was of this start.
  private var hasSaved = false
  private var hasWarned = false

  /// A clock that starts now.
  package init(_ keeper: StateKeeper?) { self.keeper = keeper }

  /// Whether the work must end now so that there is time to keep its state.
  ///
  /// - Parameter bytes: size of the state.
  package func mustEnd(bytes: Int) -> Bool {
    guard let keeper else { return false }
    if keeper.isOver(0) { return true }
    let cost = cost(of: bytes)
    // Of a time that is too short for both the work gets all.
    return start.secondsAgo > cost && keeper.isOver(cost) && !keeper.isOver(cost - Self.grace)
  }

  /// Saves the state if it is time to.
  ///
  /// - Parameters:
  ///   - isEnding: the work is being ended. So a run that is ended again and again comes forward, however soon the end of a
  ///     state that is written in a moment, or after a small multiple of the time that keeping it takes.
  ///   - state: the state at present.
  package mutating func tick(now isEnding: Bool = false, _ state: () -> SavedState) {
    guard let keeper else { return }
    let elapsed = last.secondsAgo
    guard isEnding || elapsed >= Self.interval else { return }
    let state = state()
    let cost = cost(of: state.bytes)
    if isEnding {
      if cost <= Self.longestWait || !keeper.isAwaited() && !keeper.isOver(cost - Self.grace) && elapsed >= Self.grace {
        save(state, keeper)
      } else {
        tellLoss(state, cost, elapsed, keeper)
      }
    } else if elapsed >= max(Self.interval, cost), elapsed >= min(cost / Self.share, 0.5 * start.secondsAgo),
      !keeper.isOver(2 * cost)
    {
      save(state, keeper)
    }
  }

  /// Saves the state of finished work if it is worth its size.
  ///
  /// - Parameter isWhole: nothing is left to do; else the state is needed to go on.
  package mutating func finish(isWhole: Bool = true, _ state: () -> SavedState) {
    guard let keeper else { return }
    let state = state()
    let elapsed = start.secondsAgo
    let isWorth = state.bytes <= SavedState.bytesWorthKeeping(seconds: elapsed)
    if isWorth || !isWhole && elapsed >= cost(of: state.bytes) { save(state, keeper) }
  }

  private func cost(of bytes: Int) -> Double { Double(bytes) * secondsPerByte }

  private mutating func save(_ state: SavedState, _ keeper: StateKeeper) {
    let start = ContinuousClock.now
    // A state of a moment is kept also for who waits.
    let mayBeGivenUp = cost(of: state.bytes) > Self.longestWait
    let whole = SavedState(count: state.count, done: state.done, bytes: state.bytes) { index in
      if mayBeGivenUp, keeper.isAwaited() { throw GivenUp() }
      return try state.part(index)
    }
    do { try keeper.save(whole) } catch {
      if keeper.isAwaited(), mayBeGivenUp { return }
      if !hasWarned { keeper.onWarning("the state of the run could not be kept, it goes on without: \(error)") }
      hasWarned = true
    }
    last = .now
    hasSaved = true
    // Opening a transaction takes its time with the smallest state too.
    secondsPerByte = start.secondsAgo / Double(max(state.bytes, 1))
  }

  private func tellLoss(_ state: SavedState, _ cost: Double, _ elapsed: Double, _ keeper: StateKeeper) {
    let size = Int((1e-6 * Double(state.bytes)).rounded())
    let since = hasSaved ? "since it was kept last" : "since this start"
    keeper.onWarning(
      "its state of \(size) MB was not kept again, for that takes about \(cost.text(digits: 2)) s: the work of the "
        + "\(elapsed.text(digits: 2)) s \(since) is given up; an end by a time limit waits for the state")
  }

  private struct GivenUp: Error {}
}
