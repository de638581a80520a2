import Foundation
import NessStore
import NessStudy
import NessTestSupport
import Testing

@Suite("Values computed in the background")
struct BackgroundMapTests {
  @Test("all of them come, in their places", arguments: [1, 3, 8])
  func all(threads: Int) {
    let squares = BackgroundMap(count: 50, threads: threads) { $0 * $0 }
    #expect(squares.wait(until: { false }, onWait: { _ in }))
    #expect((0..<50).map { squares[$0] } == (0..<50).map { $0 * $0 })
  }

  @Test("who waits may give up; what is there is there, and nothing more is begun once it is cancelled")
  func givenUp() {
    let gate = DispatchSemaphore(value: 0)
    let begun = CollectedValues<Int>()
    let values = BackgroundMap(count: 3, threads: 1) { index in
      begun.add(index)
      if index == 1 { gate.wait() }
      return index
    }
    #expect(!values.wait(until: { begun.values.count == 2 }, onWait: { _ in }))
    #expect(values[0] == 0 && values[1] == nil && values[2] == nil)
    values.cancel()
    gate.signal()
    while values[1] == nil { usleep(1000) }
    usleep(20_000)
    #expect(values[2] == nil && begun.values == [0, 1])
  }

  @Test("work that cannot be asked to end is given up, and its end changes nothing")
  func longWork() throws {
    let (gate, begun) = (DispatchSemaphore(value: 0), CollectedValues<Int>())
    defer { gate.signal() }
    let job = Job(title: "long", key: CacheKey([.text("job", "long")]), cost: 1, isExact: true) { _ in
      begun.add(1)
      gate.wait()
      return [.numerical(1, bound: 0)]
    }
    let bench = Workbench(store: nil, threads: 1, shouldStop: { !begun.values.isEmpty })
    #expect(throws: Interrupted.self) { try bench.run([job]) }
    #expect(throws: JobFailure.self) { try bench.result(job) }
    // Control: what is waited for comes, and so does its error.
    #expect(try awaited(orGiveUp: { false }) { 7 } == 7)
    #expect(throws: UnusedError.self) { try awaited(orGiveUp: { false }) { throw UnusedError() } }
  }

  private struct UnusedError: Error {}

  @Test("nothing to compute is done at once")
  func nothing() {
    #expect(BackgroundMap(count: 0, threads: 4) { $0 }.wait(until: { false }, onWait: { _ in }))
  }
}
