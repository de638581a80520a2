/// The state of a simulation in parts, made or read one by one: first its head, then some of its replicas in each.
package struct SavedState {
  /// Number of parts.
  package let count: Int
  /// How far it is, in its owner's unit: of two states of the same work the further one is of more use.
  package let done: Double
  /// Size of all parts together, roughly; 0 if it is not known.
  package let bytes: Int
  /// The part with an index below `count`.
  package let part: (Int) throws -> [UInt8]

  /// A state of `count` parts.
  package init(count: Int, done: Double, bytes: Int = 0, part: @escaping (Int) throws -> [UInt8]) {
    self.count = count
    self.done = done
    self.bytes = bytes
    self.part = part
  }

  /// Largest state that is worth its place when the work is finished, for the case that somebody goes on with it: a state
  /// of a few seconds' work is soon made again.
  ///
  /// - Parameter seconds: time that the work took.
  package static func bytesWorthKeeping(seconds: Double) -> Int {
    Int(min(64, 2 + max(0, seconds)) * 1e6)
  }
}

/// Where a simulation keeps its state, so that it can go on after an end of any kind.
package struct StateKeeper: Sendable {
  /// The states that were kept and may be of use, the furthest first.
  package var load: @Sendable () throws -> [SavedState]
  /// Keeps a state in place of the last one, wholly or not at all.
  package var save: @Sendable (SavedState) throws -> Void
  /// Told why a state could not be kept or used; the simulation goes on without.
  package var onWarning: @Sendable (String) -> Void
  /// Whether the time of the work is over in so many seconds: until then its state must have been kept.
  package var isOver: @Sendable (_ seconds: Double) -> Bool = { _ in false }
  /// Whether somebody waits for the end of the work: a state that is being kept is given up then.
  package var isAwaited: @Sendable () -> Bool = { false }

  /// A place to keep a state.
  package init(
    load: @escaping @Sendable () throws -> [SavedState], save: @escaping @Sendable (SavedState) throws -> Void,
    onWarning: @escaping @Sendable (String) -> Void = { _ in }
  ) {
    self.load = load
    self.save = save
    self.onWarning = onWarning
  }

  /// The first of the kept states that can be taken up; a damaged one is told and passed over.
  ///
  /// - Parameter takeUp: takes up a state; nil if it is of no use.
  package func resume<Value>(_ takeUp: (SavedState) throws -> Value?) -> Value? {
    do {
      for state in try load() {
        do {
          if let value = try takeUp(state) { return value }
        } catch {
          onWarning("a kept state of the run cannot be used: \(error)")
        }
      }
    } catch {
      onWarning("the kept state of the run cannot be read, it starts anew: \(error)")
    }
    return nil
  }
}
