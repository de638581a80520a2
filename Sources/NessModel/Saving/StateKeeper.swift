/// The state of a simulation in parts, made or read one by one: first its head, then some of its replicas in each.
public struct SavedState {
  /// Number of parts.
  public let count: Int
  /// How far it is, in its owner's unit: of two states of the same work the further one is of more use.
  public let done: Double
  /// Size of all parts together, roughly; 0 if it is not known.
  public let bytes: Int
  /// The part with an index below `count`.
  public let part: (Int) throws -> [UInt8]

  /// A state of `count` parts.
  public init(count: Int, done: Double, bytes: Int = 0, part: @escaping (Int) throws -> [UInt8]) {
    self.count = count
    self.done = done
    self.bytes = bytes
    self.part = part
  }

  /// Largest state that is worth its place when the work is finished, for the case that somebody goes on with it: a state
  /// of a few seconds' work is soon made again.
  ///
  /// - Parameter seconds: time that the work took.
  public static func bytesWorthKeeping(seconds: Double) -> Int {
    Int(min(64, 2 + max(0, seconds)) * 1e6)
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

/// Saves the state of one simulation every second or so, less often if saving takes long: one percent of the time at most.
public struct StateClock {
  /// Shortest time between two savings [s].
  private static let interval = 1.0
  private static let share = 0.01
  /// What the end of a run may always take to keep its state [s].
  private static let shortWait = 0.2
  /// What a disk takes until it is known better [bytes/s].
  private static let speed = 1e8

  private let keeper: StateKeeper?
  private let start = ContinuousClock.now
  private var last = ContinuousClock.now
  /// Time that the last saving took [s].
  private var cost: Double?
  private var hasWarned = false

  /// A clock that starts now.
  public init(_ keeper: StateKeeper?) { self.keeper = keeper }

  /// Saves the state if it is time to.
  ///
  /// - Parameter now: the work is being ended: the state is kept unless that takes long and the work since the last time is
  ///   sooner done again. So a run that is ended again and again, however soon, comes forward.
  public mutating func tick(now isEnding: Bool = false, _ state: () -> SavedState) {
    guard let keeper else { return }
    let elapsed = Self.seconds(since: last)
    guard isEnding || elapsed >= Self.interval else { return }
    let state = state()
    let cost = cost ?? Double(state.bytes) / Self.speed
    let isDue = isEnding ? cost <= Self.shortWait || elapsed >= min(cost, Self.interval) : elapsed >= cost / Self.share
    if isDue || (isEnding && state.bytes <= SavedState.bytesWorthKeeping(seconds: elapsed)) { save(state, keeper) }
  }

  /// Saves the state of finished work if it is worth its size.
  public mutating func finish(_ state: () -> SavedState) {
    guard let keeper else { return }
    let state = state()
    if state.bytes <= SavedState.bytesWorthKeeping(seconds: Self.seconds(since: start)) { save(state, keeper) }
  }

  private mutating func save(_ state: SavedState, _ keeper: StateKeeper) {
    let start = ContinuousClock.now
    do { try keeper.save(state) } catch {
      if !hasWarned { keeper.onWarning("the state of the run could not be kept, it goes on without: \(error)") }
      hasWarned = true
    }
    last = .now
    cost = Self.seconds(since: start)
  }

  private static func seconds(since start: ContinuousClock.Instant) -> Double {
    let parts = start.duration(to: .now).components
    return Double(parts.seconds) + 1e-18 * Double(parts.attoseconds)
  }
}
