import Synchronization

/// Seats for work of one kind: so many at a time, the others wait in order, and when too many wait further ones are turned
/// away.
package final class Lane: Sendable {
  private struct State {
    var free: Int
    var waiting: [CheckedContinuation<Void, Never>] = []
    var firstWaiting = 0

    var waitingCount: Int { waiting.count - firstWaiting }
  }

  private let state: Mutex<State>
  private let mostWaiting: Int

  package init(seats: Int, mostWaiting: Int) {
    state = Mutex(State(free: max(1, seats)))
    self.mostWaiting = mostWaiting
  }

  /// Takes a seat as soon as there is one.
  ///
  /// - Throws: `RequestFault.busy` if too many wait already.
  func enter() async throws {
    if takeFree() { return }
    var isRefused = false
    await withCheckedContinuation { continuation in
      let goesOn = state.withLock { state in
        if state.free > 0 {
          state.free -= 1
          return true
        }
        if state.waitingCount >= mostWaiting {
          isRefused = true
          return true
        }
        state.waiting.append(continuation)
        return false
      }
      if goesOn { continuation.resume() }
    }
    if isRefused { throw RequestFault.busy("too many requests wait; try again in a moment") }
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
  func leave() {
    let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
      guard state.waitingCount > 0 else {
        state.free += 1
        return nil
      }
      let next = state.waiting[state.firstWaiting]
      state.firstWaiting += 1
      // The places of those who came in are given back now and then.
      if state.firstWaiting > 1000 || state.waitingCount == 0 {
        state.waiting.removeFirst(state.firstWaiting)
        state.firstWaiting = 0
      }
      return next
    }
    next?.resume()
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
