import Foundation
import NessModel
import NessSampling

/// Keeps the last state of a run in memory, as the store keeps it on disk.
package final class MemoryKeeper: Sendable {
  private let lock = NSLock()
  // All access is under the lock.
  nonisolated(unsafe) private var parts: [[UInt8]]?
  nonisolated(unsafe) private var warnings: [String] = []

  /// Keeps these parts at first; nil for nothing yet.
  package init(_ parts: [[UInt8]]? = nil) { self.parts = parts }

  /// The parts that are kept; empty if nothing is.
  package var saved: [[UInt8]] { lock.withLock { parts ?? [] } }

  /// What has been warned of.
  package var allWarnings: [String] { lock.withLock { warnings } }

  /// Replaces the kept parts, for example by damaged ones.
  package func change(_ change: (inout [[UInt8]]) -> Void) {
    lock.withLock { if parts != nil { change(&parts!) } }  // just checked
  }

  /// The keeper to give to a solver.
  package var keeper: StateKeeper {
    StateKeeper(
      load: { [self] in
        guard let parts = lock.withLock({ parts }) else { return [] }
        return [SavedState(count: parts.count, done: 0) { parts[$0] }]
      },
      save: { [self] state in
        let saved = try (0..<state.count).map(state.part)
        lock.withLock { parts = saved }
      },
      onWarning: { [self] warning in lock.withLock { warnings.append(warning) } })
  }
}
