import Synchronization

/// Seats for work up to some size: so many at a time, the others wait in order. When too many wait, first whoever has gone
/// makes room, then further ones are turned away.
package final class Lane: Sendable {
  private struct Waiting {
    let isWanted: @Sendable () -> Bool
    let continuation: CheckedContinuation<Outcome, Never>
  }

  private enum Outcome { case seat, full, unwanted }

  private struct State {
    var free: Int
    var waiting: [Waiting] = []
  }

  /// What is predicted to be more work does not begin here [s].
  let mostWork: Double
  private let state: Mutex<State>
  private let mostWaiting: Int

  /// - Parameters:
  ///   - seats: who may work at a time.
  ///   - mostWaiting: who may wait.
  ///   - mostWork: the largest work that begins here [s].
  package init(seats: Int, mostWaiting: Int, mostWork: Double = .infinity) {
    state = Mutex(State(free: max(1, seats)))
    self.mostWaiting = mostWaiting
    self.mostWork = mostWork
  }

  /// How many wait.
  package var waitingCount: Int { state.withLock(\.waiting.count) }

  /// Takes a seat as soon as there is one.
  ///
  /// - Parameter isWanted: whether somebody still waits for the work.
  /// - Throws: `RequestFault.busy` if too many wait already; `CancellationError` if it made room for others.
  package func enter(isWanted: @escaping @Sendable () -> Bool) async throws {
    let outcome = await withCheckedContinuation { continuation in
      let (now, gone) = state.withLock { state -> (Outcome?, [Waiting]) in
        if state.free > 0 {
          state.free -= 1
          return (.seat, [])
        }
        var gone: [Waiting] = []
        if state.waiting.count >= mostWaiting {
          var left: [Waiting] = []
          for waiting in state.waiting { if waiting.isWanted() { left.append(waiting) } else { gone.append(waiting) } }
          state.waiting = left
        }
        if state.waiting.count >= mostWaiting { return (.full, gone) }
        state.waiting.append(Waiting(isWanted: isWanted, continuation: continuation))
        return (nil, gone)
      }
      for waiting in gone { waiting.continuation.resume(returning: .unwanted) }
      if let now { continuation.resume(returning: now) }
    }
    switch outcome {
    case .seat: return
    case .full:
      throw RequestFault.busy("too many requests wait; try again in a moment, or use the commands of ness")
    case .unwanted: throw CancellationError()
    }
  }

  /// Takes a seat if one is free.
  func takeFree() -> Bool {
    state.withLock { state in
      guard state.free > 0 else { return false }
      state.free -= 1
      return true
    }
  }

  /// Gives a seat to whoever waits longest.
  package func leave() {
    let next = state.withLock { state -> Waiting? in
      guard state.waiting.isEmpty else { return state.waiting.removeFirst() }
      state.free += 1
      return nil
    }
    next?.continuation.resume(returning: .seat)
  }
}

/// A seat in one of two lanes, given back once.
final class Seat: Sendable {
  private let lane: Mutex<Lane?>

  init(_ lane: Lane?) { self.lane = Mutex(lane) }

  func isIn(_ other: Lane) -> Bool { lane.withLock { $0 === other } }

  /// Moves to another lane if that has a free seat and this one has not been given back.
  func move(to other: Lane) -> Bool {
    lane.withLock { lane in
      guard let old = lane, other.takeFree() else { return false }
      old.leave()
      lane = other
      return true
    }
  }

  func leave() {
    lane.withLock { lane in
      lane?.leave()
      lane = nil
    }
  }
}
