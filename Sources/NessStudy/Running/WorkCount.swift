import Foundation

/// Counts finished pieces of a job that several threads work on.
final class WorkCount: Sendable {
  private let total: Int
  private let onProgress: @Sendable (Double) -> Void
  private let lock = NSLock()
  // All access is under the lock.
  nonisolated(unsafe) private var count = 0

  init(total: Int, _ onProgress: @escaping @Sendable (Double) -> Void) {
    self.total = total
    self.onProgress = onProgress
  }

  func addOne() {
    let done = lock.withLock {
      count += 1
      return count
    }
    onProgress(Double(done) / Double(total))
  }
}
