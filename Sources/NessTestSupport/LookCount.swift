import Foundation

/// Says stop after a number of looks.
package final class LookCount: Sendable {
  private let lock = NSLock()
  // All access is under the lock.
  nonisolated(unsafe) private var left: Int
  private let allowed: Int

  /// Stop after `looks` looks.
  package init(_ looks: Int) { (left, allowed) = (looks, looks) }

  /// How many there were.
  package var looks: Int { lock.withLock { allowed - left } }

  /// Whether it is time to stop; counts as a look.
  package func isOver() -> Bool {
    lock.withLock {
      left -= 1
      return left < 0
    }
  }
}

/// Runs again and again, each time ended after a number of looks, until a run comes to its end.
///
/// - Parameter run: one run, which asks whether to stop; nil if it was ended.
/// - Returns: what the last run gave and how many there were; nil if not even the thousandth came to its end.
package func untilTheEnd<Outcome>(looks: Int, _ run: (LookCount) -> Outcome?) -> (outcome: Outcome, runs: Int)? {
  for number in 1...1000 {
    if let outcome = run(LookCount(looks)) { return (outcome, number) }
  }
  return nil
}
