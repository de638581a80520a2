import ArgumentParser
import Foundation
import Ness
import NessFiles
import Synchronization

/// `ness session`: answers another program, the Python package, for as long as that lives.
struct Session: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Answer another program on standard input and output; what the Python package ness talks to.",
    discussion: """
      Reads a request in JSON from each line of standard input and answers on standard output, several at a time: a line of \
      JSON with the number of the request, then as many bytes as its "length" says. Requests: about, open, check, preview, \
      theory, run, device, stored, figure, table; {"cancel": N} ends request N, and what it measured is kept. Ends with its input: what is being \
      done then is ended and kept.

      EXAMPLES
        request='{"id": 1, "ask": "open", "file": "Examples/hot-particles.yaml"}'
        { echo "$request"; sleep 1; } | ness session
      """, shouldDisplay: false)

  func run() throws {
    Interrupt.listen()
    // Ctrl-C reaches every process of a terminal: the other program says what is to end.
    signal(SIGINT, SIG_IGN)
    Interrupt.hasNothingToKeep = true
    let desk = SessionDesk()
    StandardStreams.readLines { line in
      if line.isEmpty { return }
      do {
        desk.take(try JSONDecoder().decode(SessionRequest.self, from: line))
      } catch {
        desk.tell(SessionLine(failed: .init(kind: .unusable, message: "not a request: \(Self.reason(error))")))
      }
    }
    desk.close()
  }

  /// Why a line is no request, without the words of the decoder.
  private static func reason(_ error: any Error) -> String {
    func place(_ context: DecodingError.Context) -> String {
      context.codingPath.isEmpty ? "the line" : context.codingPath.map(\.stringValue).joined(separator: ".")
    }
    switch error {
    case DecodingError.typeMismatch(let type, let context): return "\(place(context)) is no \(type)"
    case DecodingError.valueNotFound(_, let context): return "\(place(context)) has no value"
    case DecodingError.keyNotFound(let key, _): return "\(key.stringValue) is missing"
    case DecodingError.dataCorrupted(let context): return "\(place(context)) is no JSON that can be read"
    default: return "\(error)"
    }
  }
}

/// What is being answered, and the one place that writes.
final class SessionDesk: Sendable {
  /// A request that is being answered.
  final class Work: Sendable {
    let isCancelled = Atomic(false)
  }

  private let output = Mutex(())
  private let active = Mutex<[Int: Work]>([:])
  private let answers = SessionAnswers()
  private let workers = SessionWorkers()

  /// Begins with a request, or cancels another one.
  func take(_ request: SessionRequest) {
    if let number = request.cancel {
      active.withLock { $0[number] }?.isCancelled.store(true, ordering: .relaxed)
      return
    }
    guard let number = request.id else {
      return tell(SessionLine(failed: .init(kind: .unusable, message: "the request lacks id")))
    }
    let work = Work()
    active.withLock { active in
      active[number] = work
      Interrupt.hasNothingToKeep = false
    }
    workers.begin { [self] in
      answer(request, number, work)
      let isLast = active.withLock { active in
        active[number] = nil
        Interrupt.hasNothingToKeep = active.isEmpty
        return active.isEmpty
      }
      // A signal has ended the last work; nobody else would notice before the next line.
      if isLast, Interrupt.requested { Console.end(130) }
    }
  }

  /// Ends all work, keeps what it has, and comes back when that is done.
  func close() {
    for work in active.withLock({ Array($0.values) }) { work.isCancelled.store(true, ordering: .relaxed) }
    while active.withLock({ !$0.isEmpty }) { usleep(20_000) }
  }

  /// Writes a line, and bytes after it.
  func tell(_ line: SessionLine, _ body: String = "") {
    var line = line
    let bytes = Data(body.utf8)
    line.length = bytes.isEmpty ? nil : bytes.count
    // What is written consists of numbers and words alone, which can be encoded.
    guard let head = try? OrderedJSON.text(of: line, onOneLine: true) else { return }
    output.withLock { _ in
      do throws(SystemFault) {
        try writeAll(Data(head.utf8) + bytes, to: 1)
      } catch {
        // Nobody reads any more: the end of the input follows.
      }
    }
  }

  private func answer(_ request: SessionRequest, _ number: Int, _ work: Work) {
    do {
      let shouldStop = { @Sendable in work.isCancelled.load(ordering: .relaxed) || Interrupt.requested }
      let body = try answers.answer(request, watch: watch(request, number, shouldStop))
      tell(SessionLine(id: number, isDone: true), body)
    } catch let failure as Ness.Failure {
      tell(SessionLine(id: number, isDone: true, failed: .init(failure)))
    } catch {
      tell(SessionLine(id: number, isDone: true, failed: .init(kind: .failed, message: "\(error)")))
    }
  }

  /// Tells how far the work is ten times a second at most.
  private func watch(
    _ request: SessionRequest, _ number: Int, _ shouldStop: @escaping @Sendable () -> Bool
  ) -> Watch {
    let last = Mutex<ContinuousClock.Instant?>(nil)
    return Watch(
      onProgress: { [self] doing, fraction in
        let isDue = last.withLock { last in
          guard last.map({ $0.duration(to: .now) > .milliseconds(100) }) ?? true else { return false }
          last = .now
          return true
        }
        if isDue { tell(SessionLine(id: number, doing: doing, fraction: min(1, fraction))) }
      },
      onNote: { [self] in tell(SessionLine(id: number, note: $0)) },
      onPoint: { [self] index, point in
        guard request.wantsPoints == true, let body = try? ResultDocument(points: [point.result]).json() else { return }
        tell(SessionLine(id: number, point: index), body)
      },
      shouldStop: shouldStop)
  }
}

/// Threads that wait for the next request: as many as were ever needed at a time.
final class SessionWorkers: Sendable {
  private struct State {
    var waiting = 0
    var work: [@Sendable () -> Void] = []
  }

  private let state = Mutex(State())
  private let arrived = DispatchSemaphore(value: 0)

  /// Does some work on a thread that waits, or on a new one.
  func begin(_ work: @escaping @Sendable () -> Void) {
    let isNeeded = state.withLock { state in
      state.work.append(work)
      if state.waiting >= state.work.count { return false }
      // It is counted at once: the next piece of work must not take it for one that is free.
      state.waiting += 1
      return true
    }
    if isNeeded { Thread.detachNewThread { [self] in serve() } }
    arrived.signal()
  }

  private func serve() {
    while true {
      arrived.wait()
      let work = state.withLock { state in
        state.waiting -= 1
        return state.work.removeFirst()
      }
      work()
      state.withLock { $0.waiting += 1 }
    }
  }
}
