import Foundation
import NessSampling
import NessTestSupport
import Testing

/// When a state is kept. Only the size of a state says what keeping it will take, so nothing here depends on the machine.
@Suite("States are kept in time")
struct StateClockTests {
  /// Counts what is kept.
  private final class Shelf: Sendable {
    let kept = CollectedValues<Double>()
    let warnings = CollectedValues<String>()
    let reads = CollectedValues<Int>()

    func keeper(
      isOver: @escaping @Sendable (Double) -> Bool = { _ in false },
      isAwaited: @escaping @Sendable () -> Bool = { true }
    ) -> StateKeeper {
      var keeper = StateKeeper(
        load: { [] },
        save: { [self] state in
          for part in 0..<state.count { _ = try state.part(part) }
          kept.add(state.done)
        }, onWarning: { [self] in warnings.add($0) })
      keeper.isOver = isOver
      keeper.isAwaited = isAwaited
      return keeper
    }

    func state(_ bytes: Int) -> SavedState {
      SavedState(count: 3, done: 7, bytes: bytes) { [self] part in
        reads.add(part)
        return []
      }
    }
  }

  private static let hours = 10_000_000_000_000

  @Test("a state of a moment is kept at every end, however soon")
  func small() {
    let shelf = Shelf()
    var clock = StateClock(shelf.keeper())
    for _ in 0..<5 { clock.tick(now: true) { shelf.state(1000) } }
    #expect(shelf.kept.values.count == 5 && shelf.warnings.values.isEmpty)
  }

  @Test("nobody waits for a state of hours, and what is lost is said", arguments: [true, false])
  func large(isAwaited: Bool) {
    let shelf = Shelf()
    var clock = StateClock(shelf.keeper(isAwaited: { isAwaited }))
    clock.tick(now: true) { shelf.state(Self.hours) }
    #expect(shelf.kept.values.isEmpty && shelf.reads.values.isEmpty)
    #expect(shelf.warnings.values.first?.contains("is given up") == true, "\(shelf.warnings.values)")
  }

  @Test("an end that is known comes as much earlier as the state takes")
  func knownEnd() {
    func mustEnd(_ bytes: Int, secondsLeft: Double, after pause: Double) -> Bool {
      let clock = StateClock(Shelf().keeper(isOver: { $0 >= secondsLeft }))
      usleep(UInt32(1e6 * pause))
      return clock.mustEnd(bytes: bytes)
    }
    // 10 ms of a disk that is not known yet.
    let small = 1_000_000
    #expect(mustEnd(small, secondsLeft: 0.005, after: 0.02))
    #expect(!mustEnd(small, secondsLeft: 100, after: 0.02))
    #expect(mustEnd(small, secondsLeft: 0, after: 0))
    // What cannot be kept any more does not end the work.
    #expect(!mustEnd(Self.hours, secondsLeft: 100, after: 0))
  }

  @Test("a state that is being kept is given up when somebody waits for the end")
  func givenUp() {
    let shelf = Shelf()
    // 0.9 s, after 1.1 s of work.
    let large = 90_000_000
    var clock = StateClock(shelf.keeper(isAwaited: { !shelf.reads.values.isEmpty }))
    usleep(1_100_000)
    clock.tick { shelf.state(large) }
    #expect(shelf.kept.values.isEmpty && shelf.reads.values == [0] && shelf.warnings.values.isEmpty)
    clock.tick(now: true) { shelf.state(large) }
    #expect(shelf.kept.values.isEmpty && shelf.warnings.values.count == 1)
    // The control: nobody waits.
    let other = Shelf()
    var patient = StateClock(other.keeper(isAwaited: { false }))
    usleep(1_100_000)
    patient.tick { other.state(large) }
    #expect(other.kept.values == [7])
  }
}
