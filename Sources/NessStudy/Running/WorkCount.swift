import Foundation

/// Counts finished pieces of a job that several threads work on.
package final class WorkCount: Sendable {
  private let total: Int
  private let onProgress: @Sendable (Double) -> Void
  private let lock = NSLock()
  // All access is under the lock.
  nonisolated(unsafe) private var count = 0
  nonisolated(unsafe) private var parts: [Int: Double] = [:]

  package init(total: Int, _ onProgress: @escaping @Sendable (Double) -> Void) {
    self.total = total
    self.onProgress = onProgress
  }

  package func addOne() { tell { count += 1 } }

  /// A piece that was worked on is finished.
  package func addOne(_ index: Int) {
    tell {
      parts[index] = nil
      count += 1
    }
  }

  /// How far a piece is, 0 to 1.
  package func work(on index: Int, is part: Double) { tell { parts[index] = part } }

  private func tell(_ change: () -> Void) {
    let done = lock.withLock {
      change()
      return parts.values.reduce(Double(count), +)
    }
    onProgress(done / Double(total))
  }
}
