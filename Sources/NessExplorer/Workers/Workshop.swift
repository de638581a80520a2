import Foundation
import Synchronization

/// Workers and who may use them. Everything begins in the quick lane; what takes longer than `patience` goes on in a lane of
/// its own with few seats, behind everything else, until its time is over or nobody wants it any more. So what is quick never
/// waits for what is not, however much of that is asked.
package final class Workshop: Sendable {
  /// How long work may stay in the quick lane.
  private static let patience = Duration.milliseconds(500)
  /// Time between two looks at work that is being done.
  private static let pause = Duration.milliseconds(50)
  /// Seats of the quick lane, at most.
  private static let mostSeats = 16

  private enum End { case unwanted, late, crowded }

  private let command: [String]
  private let quick: Lane
  private let slow: Lane
  private let workers = Mutex<(idle: [Worker], busy: [ObjectIdentifier: Worker], isClosed: Bool)>(([], [:], false))

  /// - Parameters:
  ///   - command: program and arguments of a worker.
  ///   - threads: threads of the server.
  package init(command: [String], threads: Int) {
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
      defer { workers = ([], workers.busy, true) }
      return workers.idle + workers.busy.values
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
    let worker = try take()
    defer { giveBack(worker, isReusable: false) }
    if seat.isIn(slow) { worker.calm() }
    let end = Mutex<End?>(nil)
    let watch = Task {
      let began = ContinuousClock.now
      while !Task.isCancelled {
        try await Task.sleep(for: Self.pause)
        let passed = began.duration(to: .now)
        let reason: End? =
          if !isWanted() { .unwanted } else if passed > .seconds(question.mostSeconds) {
            .late
          } else if seat.isIn(quick),
            passed > Self.patience
          {
            move(seat, worker) ? nil : .crowded
          } else { nil }
        guard let reason else { continue }
        end.withLock { $0 = reason }
        worker.end()
        return
      }
    }
    defer { watch.cancel() }
    do {
      let reply = try await worker.ask(question)
      if seat.isIn(quick) { giveBack(worker, isReusable: true) }
      return reply
    } catch {
      switch end.withLock({ $0 }) {
      case .crowded: return nil
      case .unwanted: throw CancellationError()
      case .late:
        throw RequestFault.unusable("this takes longer than \(Int(question.mostSeconds)) s: \(question.remedy)")
      case nil: throw Self.ended(question)
      }
    }
  }

  private func move(_ seat: Seat, _ worker: Worker) -> Bool {
    guard seat.move(to: slow) else { return false }
    worker.calm()
    return true
  }

  private func take() throws -> Worker {
    let (idle, isClosed) = workers.withLock { workers in
      let worker = workers.idle.popLast()
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

  private func giveBack(_ worker: Worker, isReusable: Bool) {
    let isKept = workers.withLock { workers in
      // Given back already.
      guard workers.busy.removeValue(forKey: ObjectIdentifier(worker)) != nil else { return true }
      guard isReusable, !workers.isClosed else { return false }
      workers.idle.append(worker)
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
