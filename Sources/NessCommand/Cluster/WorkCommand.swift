import ArgumentParser
import Foundation
import NessCluster
import NessFiles
import NessStore

/// `ness work`: one task of a job, as the script of the job starts it.
struct Work: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compute one task of a job; started by the script that ness submit makes.",
    discussion: """
      Computes the points of the task into its own store, keeps its state every few seconds, ends before its time is over and, \
      under Slurm, has itself started again while points are left. A task that is started again goes on where it was. \
      Exit status: 0 all is finished or will go on, 1 points failed or nothing could be kept, 130 ended by a signal (work kept).

      EXAMPLES
        ness work .ness/jobs/sweep-1 --task 3
      """, shouldDisplay: false)

  @Argument(help: "The folder of the job.") var folder: String
  @Option(help: "Number of the task, from 0.") var task: Int
  @Option(help: "Threads to use; the results do not depend on it. (default: those of the plan)") var threads: Int?

  func run() throws {
    Interrupt.listen()
    do {
      let place = try JobFolder(path: folder)
      let plan = try place.plan()
      let element = Slurm.Element()
      // Slurm counts in minutes and from the start of the job, the plan in seconds and from now.
      let end = TaskWork.end([element.flatMap(Slurm().timeLeft), plan.timeLimit])
      let work = try TaskWork(place, task: task)
      let ending = try work.run(in: .ofThisRun(threads: threads ?? plan.threads, end: end) { Console.note($0) })
      switch ending {
      case .finished: Console.note("all \(plan.tasks[task].count) points are finished")
      case .timeOver(let left):
        Console.note("the time is over, \(left) of \(plan.tasks[task].count) points are left; their state is kept")
        try startAgain(element, place)
      case .idle(let left, let reason):
        Console.note("warning: nothing was kept, \(left) of \(plan.tasks[task].count) points are left: \(reason)")
        guard try startAgain(element, place) else { throw Failure(message: reason, status: 1) }
      case .interrupted(let left):
        throw Failure(message: "ended by a signal; \(left) points are left, their state is kept", status: 130)
      case .failed(let failures):
        throw Failure(message: failures.map { "\($0.point): \($0.reason)" }.joined(separator: "\n"), status: 1)
      }
    } catch let error as JobError {
      throw Failure(message: "\(error)", status: 1)
    } catch let error as ExperimentError {
      throw UnusableInput("\(error)")
    } catch let error as StoreError {
      throw Failure(message: "\(error)", status: 1)
    }
  }
}

extension Work {
  /// Has Slurm start the task again, if it is this task that Slurm has started.
  @discardableResult
  private func startAgain(_ element: Slurm.Element?, _ place: JobFolder) throws -> Bool {
    guard let element, try place.plan().task(ofJob: element.job, element: element.element) == task else { return false }
    try Slurm().requeue(element)
    Console.note("Slurm starts the task again")
    return true
  }
}

extension TaskWork.RunContext {
  /// A task that this process computes.
  static func ofThisRun(
    threads: Int, end: ContinuousClock.Instant?, onNote: @escaping @Sendable (String) -> Void
  ) -> Self {
    Self(
      threads: threads, host: Provenance.hostName, end: end, provenance: { .ofThisRun($0) },
      shouldStop: { Interrupt.requested }, onNote: onNote)
  }
}
