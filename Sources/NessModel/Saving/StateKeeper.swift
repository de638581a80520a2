import Foundation

/// The state of a simulation in parts, made or read one by one: first its head, then some of its replicas in each.
public struct SavedState {
  /// Number of parts.
  public let count: Int
  /// How far it is, in its owner's unit: of two states of the same work the further one is of more use.
  public let done: Double
  /// The part with an index below `count`.
  public let part: (Int) throws -> [UInt8]

  /// A state of `count` parts.
  public init(count: Int, done: Double, part: @escaping (Int) throws -> [UInt8]) {
    self.count = count
    self.done = done
    self.part = part
  }
}

/// Where a simulation keeps its state, so that it can go on after an end of any kind.
public struct StateKeeper: Sendable {
  /// The states that were kept and may be of use, the furthest first.
  public var load: @Sendable () throws -> [SavedState]
  /// Keeps a state in place of the last one, wholly or not at all.
  public var save: @Sendable (SavedState) throws -> Void
  /// Told why a state could not be kept or used; the simulation goes on without.
  public var onWarning: @Sendable (String) -> Void

  /// A place to keep a state.
  public init(
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
  public func resume<Value>(_ takeUp: (SavedState) throws -> Value?) -> Value? {
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

/// Saves the state of one simulation every few seconds, less often if saving takes long: under half a percent of the time.
public struct StateClock {
  /// Shortest time between two savings [s].
  private static let interval = 1.0
  private static let share = 0.005

  private let keeper: StateKeeper?
  private var due: Date
  private var hasWarned = false

  /// A clock that starts now.
  public init(_ keeper: StateKeeper?) {
    self.keeper = keeper
    due = Date(timeIntervalSinceNow: Self.interval)
  }

  /// Saves the state if it is time to, or at once if `now`.
  public mutating func tick(now: Bool = false, _ state: () -> SavedState) {
    guard let keeper, now || Date() >= due else { return }
    let start = Date()
    do { try keeper.save(state()) } catch {
      if !hasWarned { keeper.onWarning("the state of the run could not be kept, it goes on without: \(error)") }
      hasWarned = true
    }
    let duration = Date().timeIntervalSince(start)
    due = Date(timeIntervalSinceNow: max(Self.interval, duration / Self.share))
  }
}
