import Foundation

/// Says stop after a number of looks.
public final class LookCount: Sendable {
  private let lock = NSLock()
  // All access is under the lock.
  nonisolated(unsafe) private var left: Int

  /// Stop after `looks` looks.
  public init(_ looks: Int) { left = looks }

  /// Whether it is time to stop; counts as a look.
  public func isOver() -> Bool {
    lock.withLock {
      left -= 1
      return left < 0
    }
  }
}
