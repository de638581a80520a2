import Foundation

/// Values that threads of their own compute for every index: whoever waits for them can give up, and take those that are
/// there later. A value that is being computed when nobody waits any more is computed to its end.
package final class BackgroundMap<Value: Sendable>: Sendable {
  private let count: Int
  private let lock = NSLock()
  // All access is under the lock.
  nonisolated(unsafe) private var next = 0
  nonisolated(unsafe) private var values: [Int: Value] = [:]
  nonisolated(unsafe) private var isCancelled = false

  /// Begins at once.
  ///
  /// - Parameters:
  ///   - count: number of values.
  ///   - threads: threads to use.
  ///   - work: computes the value of an index below `count`.
  package init(count: Int, threads: Int, _ work: @escaping @Sendable (Int) -> Value) {
    self.count = count
    for _ in 0..<min(max(1, threads), count) {
      let thread = Thread { [self] in
        while let index = take() {
          let value = work(index)
          lock.withLock { values[index] = value }
        }
      }
      // As much as the first thread of a program has.
      thread.stackSize = 8 << 20
      thread.start()
    }
  }

  private func take() -> Int? {
    lock.withLock {
      guard !isCancelled, next < count else { return nil }
      next += 1
      return next - 1
    }
  }

  /// The value of an index; nil if it is not there yet.
  package subscript(index: Int) -> Value? { lock.withLock { values[index] } }

  /// Computes no value that has not been begun.
  package func cancel() { lock.withLock { isCancelled = true } }

  /// Waits until all values are there or it takes too long.
  ///
  /// - Parameters:
  ///   - isEnough: true ends the waiting; asked twenty times a second.
  ///   - onWait: told how many values are there, every half second.
  /// - Returns: whether all values are there.
  package func wait(until isEnough: () -> Bool, onWait: (Int) -> Void) -> Bool {
    var told = ContinuousClock.now
    var pause: UInt32 = 200
    while true {
      let done = lock.withLock { values.count }
      if done == count { return true }
      if isEnough() { return false }
      if told.duration(to: .now) > .milliseconds(500) {
        told = .now
        onWait(done)
      }
      // Not by a condition with a date: the clock on the wall may be set back while it is waited for.
      usleep(pause)
      pause = min(50_000, 2 * pause)
    }
  }
}

/// The value of work that cannot be asked to end, such as a call of a library: a thread of its own computes it, and it is
/// given up when nobody waits for it any more.
///
/// - Parameter isEnough: true gives the work up; asked twenty times a second.
/// - Throws: `Interrupted` if it was given up, or the error of the work.
package func awaited<Value: Sendable>(
  orGiveUp isEnough: () -> Bool, _ work: @escaping @Sendable () throws -> Value
) throws -> Value {
  let result = BackgroundMap(count: 1, threads: 1) { _ in Result { try work() } }
  guard result.wait(until: isEnough, onWait: { _ in }), let value = result[0] else { throw Interrupted() }
  return try value.get()
}
