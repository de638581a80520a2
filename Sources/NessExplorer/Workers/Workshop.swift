import Foundation
import Synchronization

#if canImport(Glibc)
  import Glibc
#endif

/// Workers and who may use them. Everything begins in the quick lane; what takes more work than `patience` goes on in a lane of
/// its own with few seats, behind everything else, until its time is over or nobody wants it any more. So what is quick never
/// waits for what is not, however much of that is asked. Questions about single studies wait for one another at a desk: its
/// worker keeps what it computed for the last ones.
package final class Workshop: Sendable {
  /// How much may be done in the quick lane, by `WorkClock` [s].
  private static let patience = 0.5
  /// On a busy machine an answer takes this many times longer at most.
  private static let mostSlowness = 6.0
  /// Time between two looks at work that is being done.
  private static let pause = Duration.milliseconds(50)
  /// Seats of the quick lane, at most.
  private static let mostSeats = 16

  private enum End { case unwanted, late, starved, crowded }

  private let command: [String]
  private let quick: Lane
  private let slow: Lane
  private let desk = Lane(seats: 1, mostWaiting: 200)
  private let workers = Mutex(Workers())

  private struct Workers {
    var idle: [Worker] = []
    var atDesk: Worker?
    var busy: [ObjectIdentifier: Worker] = [:]
    var isClosed = false

    var all: [Worker] { idle + busy.values + [atDesk].compactMap(\.self) }
  }

  /// - Parameters:
  ///   - command: program and arguments of a worker.
  ///   - threads: threads of the server.
  package init(command: [String], threads: Int) {
    // A worker that has ended is noticed by what writing to it gives.
    signal(SIGPIPE, SIG_IGN)
    self.command = command
    let seats = max(4, min(Self.mostSeats, threads))
    quick = Lane(seats: seats, mostWaiting: 2000)
    slow = Lane(seats: seats / 2, mostWaiting: 16)
  }

  /// Has a question answered.
  ///
  /// - Parameter isWanted: whether somebody waits for the answer; looked at all the time.
  /// - Throws: `RequestFault` if too many wait, the time is over or the worker has ended; `CancellationError` if the
  ///   answer is not wanted any more.
  package func answer(_ question: Question, isWanted: @escaping @Sendable () -> Bool) async throws -> Reply {
    if question.isAboutStudy {
      try await desk.enter()
      let seat = Seat(desk)
      defer { seat.leave() }
      guard let reply = try await ask(question, seat, isWanted) else { throw CancellationError() }
      return reply
    }
    try await quick.enter()
    let seat = Seat(quick)
    defer { seat.leave() }
    if let reply = try await ask(question, seat, isWanted) { return reply }
    seat.leave()
    try await slow.enter()
    let slowSeat = Seat(slow)
    defer { slowSeat.leave() }
    guard let reply = try await ask(question, slowSeat, isWanted) else { throw CancellationError() }
    return reply
  }

  /// Ends all workers, and starts no others.
  func close() {
    let all = workers.withLock { workers in
      workers.isClosed = true
      return workers.all
    }
    for worker in all { worker.end() }
  }

  /// Whether work is being done.
  var isBusy: Bool { workers.withLock { !$0.busy.isEmpty } }

  /// The answer; nil if it takes long and there is no seat for such work.
  private func ask(
    _ question: Question, _ seat: Seat, _ isWanted: @escaping @Sendable () -> Bool
  ) async throws -> Reply? {
    guard isWanted() else { throw CancellationError() }
    let worker = try take(question)
    defer { giveBack(worker, nil) }
    if seat.isIn(slow) { worker.calm() }
    let end = Mutex<End?>(nil)
    let watch = Task {
      let clock = WorkClock(worker)
      while !Task.isCancelled {
        try await Task.sleep(for: Self.pause)
        let worked = clock.worked
        let reason: End? =
          if !isWanted() {
            .unwanted
          } else if worked > question.mostSeconds {
            .late
          } else if clock.passed > Self.mostSlowness * question.mostSeconds {
            .starved
          } else if seat.isIn(quick), worked > Self.patience {
            move(seat, worker) ? nil : .crowded
          } else {
            nil
          }
        guard let reason else { continue }
        end.withLock { $0 = reason }
        worker.end()
        return
      }
    }
    defer { watch.cancel() }
    do {
      let reply = try await worker.ask(question)
      // One that was calmed cannot be hurried again.
      if !seat.isIn(slow) { giveBack(worker, question) }
      return reply
    } catch {
      switch end.withLock({ $0 }) {
      case .crowded: return nil
      case .unwanted: throw CancellationError()
      case .late:
        throw RequestFault.unusable("this takes longer than \(Int(question.mostSeconds)) s: \(question.remedy)")
      case .starved:
        throw RequestFault.busy(
          "this machine is too busy: no answer after \(Int(Self.mostSlowness * question.mostSeconds)) s; try again later, or "
            + question.remedy)
      case nil: throw Self.ended(question)
      }
    }
  }

  private func move(_ seat: Seat, _ worker: Worker) -> Bool {
    guard seat.move(to: slow) else { return false }
    worker.calm()
    return true
  }

  private func take(_ question: Question) throws -> Worker {
    let (idle, isClosed) = workers.withLock { workers in
      let worker = question.isAboutStudy ? workers.atDesk : workers.idle.popLast()
      if question.isAboutStudy { workers.atDesk = nil }
      if let worker { workers.busy[ObjectIdentifier(worker)] = worker }
      return (worker, workers.isClosed)
    }
    if let idle { return idle }
    guard !isClosed else { throw RequestFault.busy("the server is ending") }
    let worker = try Worker(command)
    let isLate = workers.withLock { workers in
      workers.busy[ObjectIdentifier(worker)] = worker
      return workers.isClosed
    }
    if isLate { worker.end() }
    return worker
  }

  /// Keeps a worker for the next question of the kind that it has answered; ends it if it has answered none.
  private func giveBack(_ worker: Worker, _ answered: Question?) {
    let isKept = workers.withLock { workers in
      // Given back already.
      guard workers.busy.removeValue(forKey: ObjectIdentifier(worker)) != nil else { return true }
      guard let answered, !workers.isClosed else { return false }
      if answered.isAboutStudy { workers.atDesk = worker } else { workers.idle.append(worker) }
      return true
    }
    if !isKept { worker.end() }
  }

  private static func ended(_ question: Question) -> RequestFault {
    RequestFault(
      status: .internalServerError,
      message: "the computation ended without an answer; it may need more memory than one request gets "
        + "(\(WorkerBounds.memory >> 20) MiB): \(question.remedy)")
  }
}

/// What one worker may use.
enum WorkerBounds {
  /// Memory [bytes].
  static let memory = max(1 << 30, Int(ProcessInfo.processInfo.physicalMemory / 4))
}
