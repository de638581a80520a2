import NessExplorer
import Synchronization
import Testing

@Suite("Seats for work")
struct LaneTests {
  @Test("Who waits longest comes next; when too many wait the last one is turned away")
  func order() async throws {
    let lane = Lane(seats: 1, mostWaiting: 5)
    try await lane.enter { true }
    let given = Kept<[Int]>([])
    try await withThrowingTaskGroup { group in
      for index in 0..<5 {
        group.addTask {
          try await lane.enter { true }
          given.change { $0.append(index) }
          lane.leave()
        }
        while lane.waitingCount <= index { try await Task.sleep(for: .milliseconds(1)) }
      }
      let fault = await #expect(throws: RequestFault.self) { try await lane.enter { true } }
      #expect(fault?.status == .serviceUnavailable)
      lane.leave()
      try await group.waitForAll()
    }
    #expect(given.value == [0, 1, 2, 3, 4])
  }

  @Test("Whoever has gone makes room for others")
  func gone() async throws {
    let lane = Lane(seats: 1, mostWaiting: 1)
    try await lane.enter { true }
    let isThere = Kept(true)
    let first = Task { try await lane.enter { isThere.value } }
    while lane.waitingCount == 0 { try await Task.sleep(for: .milliseconds(1)) }
    isThere.change { $0 = false }
    let second = Task { try await lane.enter { true } }
    await #expect(throws: CancellationError.self) { try await first.value }
    lane.leave()
    try await second.value
  }

  @Test("A worker that goes from one question to the next is never taken away from it")
  func handedOn() async throws {
    let answer = #"printf '{"status":200,"type":"application/json","length":2}\n{}'"#
    let workshop = Workshop(command: ["/bin/bash", "-c", "while read q; do \(answer); done"], threads: 1)
    try await withThrowingTaskGroup { group in
      for _ in 0..<100 {
        group.addTask {
          for _ in 0..<40 {
            let reply = try await workshop.answer(.check(text: "")) { true }
            #expect(reply.status == 200)
          }
        }
      }
      try await group.waitForAll()
    }
  }

  /// A worker that answers small questions, and predicts the work of others, which it never ends.
  private static let worker = #"""
    predict() { printf '{"status":200,"type":"application/json","length":0,"work":%s}\n' $1; }
    while read q; do
      case "$q" in
        *large*mostWork*|*mostWork*large*) predict 100;;
        *middle*'0.01'*|*'0.01'*middle*) predict 0.3;;
        *large*|*middle*) exec sleep 1000;;
        *) printf '{"status":200,"type":"application/json","length":2}\n{}';;
      esac
    done
    """#

  @Test("Nobody waits for work of a larger kind, however much of that is asked and never ends")
  func lanes() async throws {
    let workshop = Workshop(command: ["/bin/bash", "-c", Self.worker], threads: 1)
    let isWanted = Kept(true)
    await withTaskGroup(of: (isLarge: Bool, isBusy: Bool).self) { group in
      for text in ["large", "middle"] {
        for _ in 0..<100 {
          group.addTask {
            do {
              _ = try await workshop.answer(.check(text: text)) { isWanted.value }
              Issue.record("an answer to \(text)")
            } catch {
              return (text == "large", (error as? RequestFault)?.status == .serviceUnavailable)
            }
            return (text == "large", false)
          }
        }
      }
      for _ in 0..<50 {
        let reply = try? await workshop.answer(.check(text: "small")) { true }
        #expect(reply?.status == 200)
      }
      // Of the large ones two are worked on and 16 wait.
      var turnedAway = 0
      while turnedAway < 82, let (isLarge, isBusy) = await group.next() {
        #expect(isBusy)
        if isLarge { turnedAway += 1 }
      }
      isWanted.change { $0 = false }
    }
  }
}

/// A value that several tasks change.
private final class Kept<Value: Sendable>: Sendable {
  private let kept: Mutex<Value>

  init(_ value: Value) { kept = Mutex(value) }

  var value: Value { kept.withLock { $0 } }
  func change(_ body: (inout Value) -> Void) { kept.withLock { body(&$0) } }
}
