import Foundation
import Synchronization

/// Keeps computations off the threads that serve connections: a few at a time, the others wait in order, and when too many
/// wait further ones are turned away.
package final class WorkGate: Sendable {
  /// Most computations that are in work or wait.
  private let mostWaiting: Int
  private let queue = OperationQueue()
  private let waiting = Mutex(0)

  /// - Parameters:
  ///   - threads: computations at a time.
  ///   - mostWaiting: most computations that are in work or wait.
  package init(threads: Int, mostWaiting: Int = 2000) {
    self.mostWaiting = mostWaiting
    queue.maxConcurrentOperationCount = max(1, threads)
    // Requests are handled on the threads of the default quality, of which there is one per core: work must not take those.
    queue.qualityOfService = .utility
  }

  /// Does a piece of work when it is its turn.
  ///
  /// - Throws: `RequestFault.busy`, or what the work throws.
  package func run<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
    let isAdmitted = waiting.withLock { count in
      guard count < mostWaiting else { return false }
      count += 1
      return true
    }
    guard isAdmitted else { throw RequestFault.busy("too many requests wait; try again in a moment") }
    return try await withCheckedThrowingContinuation { continuation in
      queue.addOperation { [self] in
        continuation.resume(with: Result(catching: work))
        waiting.withLock { $0 -= 1 }
      }
    }
  }
}
