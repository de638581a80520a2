import Foundation
import Synchronization

#if canImport(Glibc)
  import Glibc
#endif

/// Workers and who may use them, in three lanes: light work, work that is soon done, and long work with few seats, behind
/// everything else, until its time is over or nobody wants it any more. Every question begins in the light lane, where a worker
/// reads it and predicts the work of the answer; what is light is answered at once, the rest goes on in its own lane. A
/// prediction may be wrong: what takes more work than `patience` moves to the long lane. So nobody waits for work of a larger
/// kind, however much of that is asked. Questions about single studies wait for one another at a desk: its worker keeps what it
/// computed for the last ones.
package final class Workshop: Sendable {
  /// Largest work of the light lane and of the middle one, as predicted [s].
  private static let (lightWork, quickWork) = (0.01, 0.5)
  /// Work that is done in these lanes before it is taken for long, by `WorkClock` [s].
  private static let patience = 0.5
  /// On a busy machine an answer takes this many times longer at most.
  private static let mostSlowness = 6.0
  /// Time between two looks at work that is being done.
  private static let pause = Duration.milliseconds(50)
  /// Seats of the light lane, at most.
  private static let mostSeats = 16

  private enum End { case answered, unwanted, late, starved, crowded }

  private let command: [String]
  private let light: Lane
  private let quick: Lane
  private let long: Lane
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
    light = Lane(seats: seats, mostWaiting: 2000, mostWork: Self.lightWork)
    quick = Lane(seats: seats / 2, mostWaiting: 2000, mostWork: Self.quickWork)
    long = Lane(seats: seats / 2, mostWaiting: 16)
  }

  /// Has a question answered.
  ///
  /// - Parameter isWanted: whether somebody waits for the answer; looked at all the time.
  /// - Throws: `RequestFault` if too many wait, the time is over or the worker has ended; `CancellationError` if the
  ///   answer is not wanted any more.
  package func answer(_ question: Question, isWanted: @escaping @Sendable () -> Bool) async throws -> Reply {
    var work = 0.0
    for lane in question.isAboutStudy ? [desk] : [light, quick, long] where work <= lane.mostWork {
      guard let reply = try await ask(question, in: lane, isWanted) else {
        work = .infinity
        continue
      }
      guard let predicted = reply.work else { return reply }
      work = predicted
    }
    throw CancellationError()
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

  /// The answer, or only the predicted work if that is too much for the lane; nil if it takes long and the long lane has no
  /// free seat for it.
  private func ask(
    _ question: Question, in lane: Lane, _ isWanted: @escaping @Sendable () -> Bool
  ) async throws -> Reply? {
    try await lane.enter(isWanted: isWanted)
    let seat = Seat(lane)
    defer { seat.leave() }
    guard isWanted() else { throw CancellationError() }
    let worker = try take(question)
    var answered: Question?
    defer { giveBack(worker, answered) }
    if lane === long { worker.calm() }
    // Whatever happens to the worker happens under this lock: once it has answered, nobody ends it or calms it.
    let end = Mutex<End?>(nil)
    let watch = Task {
      let clock = WorkClock(worker)
      var isOver = false
      while !isOver {
        try await Task.sleep(for: Self.pause)
        let worked = clock.worked
        isOver = end.withLock { end in
          guard end == nil else { return true }
          if !isWanted() {
            end = .unwanted
          } else if worked > question.mostSeconds {
            end = .late
          } else if clock.passed > Self.mostSlowness * question.mostSeconds {
            end = .starved
          } else if lane.mostWork < .infinity, !seat.isIn(long), worked > Self.patience, !move(seat, worker) {
            end = .crowded
          }
          if end != nil { worker.end() }
          return end != nil
        }
      }
    }
    defer { watch.cancel() }
    do {
      let reply = try await worker.ask(BoundedQuestion(question: question, mostWork: lane.mostWork))
      end.withLock { end in
        // One that was calmed cannot be hurried again.
        if end == nil, !seat.isIn(long) { answered = question }
        end = .answered
      }
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
      case .answered, nil: throw Self.ended(question)
      }
    }
  }

  private func move(_ seat: Seat, _ worker: Worker) -> Bool {
    guard seat.move(to: long) else { return false }
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

  /// Keeps a worker for the next question of the kind that it has answered; ends it if it has answered none. Once for each
  /// time that it was taken: the next one may have it already.
  private func giveBack(_ worker: Worker, _ answered: Question?) {
    let isKept = workers.withLock { workers in
      workers.busy[ObjectIdentifier(worker)] = nil
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
