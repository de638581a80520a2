import Foundation

/// Notes and numbers told by concurrent work.
package final class CollectedValues<Value: Sendable>: Sendable {
  private let lock = NSLock()
  // All access is under the lock.
  nonisolated(unsafe) private var stored: [Value] = []

  /// Nothing heard yet.
  package init() {}

  /// Takes note of a value.
  package func add(_ value: Value) { lock.withLock { stored.append(value) } }

  /// What was told, in order.
  package var values: [Value] { lock.withLock { stored } }
}
