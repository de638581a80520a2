import Foundation
import NessKinetic
import NessModel
import NessSampling
import NessStatistics
import NessStore
import NessTrajectory

/// A piece of work with a name of its own: whoever asks for the same name gets the same result without computing it.
package struct Job: Sendable {
  /// What is done, for the progress line.
  package let title: String
  /// Everything that the result depends on.
  package let key: CacheKey
  /// Expected work in particle-steps, for the time left.
  package let cost: Double
  /// Whether it is exact theory: nothing of it is kept before its end, so whoever stops it gives it up in the middle.
  package let isExact: Bool
  /// The work itself.
  package let run: @Sendable (JobContext) throws -> [Estimate]

  /// A piece of work; see the properties.
  package init(
    title: String, key: CacheKey, cost: Double, isExact: Bool = false,
    run: @escaping @Sendable (JobContext) throws -> [Estimate]
  ) {
    self.title = title
    self.key = key
    self.cost = cost
    self.isExact = isExact
    self.run = run
  }
}

/// What a job needs to know of its surroundings.
package struct JobContext: Sendable {
  /// Threads, if the watch does not say how many.
  package let threads: Int
  /// Whom to tell, when to stop, where to keep the state.
  package let watch: SamplingWatch<Answer>
  /// Where the state of the second run of a step check is kept.
  package let checkKeeper: StateKeeper?

  /// What a job needs; see the properties.
  package init(threads: Int, watch: SamplingWatch<Answer> = SamplingWatch(), checkKeeper: StateKeeper? = nil) {
    self.threads = threads
    self.watch = watch
    self.checkKeeper = checkKeeper
  }
}

/// How far a list of jobs is.
package struct WorkProgress: Sendable {
  /// What is being done.
  package let title: String
  /// Part of the whole work done, 0 to 1.
  package let fraction: Double
  /// Expected seconds left; nil until enough is known.
  package let secondsLeft: Double?
}

/// The user interrupted; finished jobs are in the store.
package struct Interrupted: Error, CustomStringConvertible, Sendable {
  /// An interruption.
  package init() {}

  /// The reason in words, for the user.
  package var description: String { "interrupted; what was finished is kept in the store and will be reused" }

  /// Whether an error says that a simulation was ended.
  static func isMeant(by error: any Error) -> Bool {
    error is Interrupted || error as? TrajectoryError == .interrupted || error as? KineticError == .interrupted
  }
}

/// Runs jobs once each, reuses what the store holds, and tells how long the rest will take.
package final class Workbench {
  package let store: ResultStore?
  package let threads: Int
  package let onProgress: @Sendable (WorkProgress) -> Void
  package let onWarning: @Sendable (String) -> Void
  package let shouldStop: @Sendable () -> Bool
  private var results: [CacheKey: [Estimate]] = [:]
  /// Jobs computed.
  package private(set) var computed = 0
  /// Jobs found in the store.
  package private(set) var reused = 0

  /// A workbench over a store; without one nothing is reused.
  package init(
    store: ResultStore?, threads: Int, onProgress: @escaping @Sendable (WorkProgress) -> Void = { _ in },
    onWarning: @escaping @Sendable (String) -> Void = { _ in },
    shouldStop: @escaping @Sendable () -> Bool = { false }
  ) {
    self.store = store
    self.threads = threads
    self.onProgress = onProgress
    self.onWarning = onWarning
    self.shouldStop = shouldStop
  }

  /// Runs every job that has no result yet.
  ///
  /// - Throws: `Interrupted`, or the error of a job with its title.
  package func run(_ jobs: [Job]) throws {
    var missing: [Job] = []
    for job in jobs where results[job.key] == nil && !missing.contains(where: { $0.key == job.key }) {
      if let known = try store?.load([Estimate].self, for: job.key) {
        results[job.key] = known
        reused += 1
      } else {
        missing.append(job)
      }
    }
    let total = missing.reduce(0) { $0 + $1.cost }
    let start = ContinuousClock.now
    var done = 0.0
    for job in missing {
      let before = done
      let progress = onProgress
      let watch = SamplingWatch<Answer>(
        onProgress: { part in
          let fraction = (before + part * job.cost) / total
          let left = secondsLeft(elapsed: start.secondsAgo, fraction: fraction)
          progress(WorkProgress(title: job.title, fraction: fraction, secondsLeft: left))
        }, shouldStop: shouldStop, stateKeeper: stateKeeper(of: job))
      let context = JobContext(threads: threads, watch: watch)
      watch.onProgress(0)
      let (began, date) = (ContinuousClock.now, Date())
      do {
        let result =
          job.isExact ? try awaited(orGiveUp: shouldStop) { try job.run(context) } : try job.run(context)
        if shouldStop() { throw Interrupted() }
        results[job.key] = result
        computed += 1
        let summary = ResultSummary(
          title: job.title, quantity: job.key.subject, estimate: result.first, started: date,
          seconds: began.secondsAgo)
        do { try store?.save(result, for: job.key, summary: summary) } catch {
          onWarning("\(job.title) could not be kept: \(error)")
        }
      } catch {
        if shouldStop() { throw Interrupted() }
        throw JobFailure(title: job.title, reason: "\(error)")
      }
      done += job.cost
    }
  }

  /// Where the state of a job is kept until it is finished.
  private func stateKeeper(of job: Job) -> StateKeeper? {
    guard let store, !store.isReadOnly else { return nil }
    let summary = ResultSummary(title: job.title, quantity: job.key.subject, estimate: nil, started: Date())
    var keeper = StateKeeper(store, job.key, job.key, summary) { [onWarning] in onWarning("\(job.title): \($0)") }
    keeper.isAwaited = shouldStop
    return keeper
  }

  /// The result of a job that has been run.
  package func result(_ job: Job) throws -> [Estimate] {
    guard let known = results[job.key] else { throw JobFailure(title: job.title, reason: "it was not run") }
    return known
  }

}

/// A job that failed, by its title.
package struct JobFailure: Error, CustomStringConvertible, Sendable {
  /// What was being done.
  package let title: String
  /// What went wrong.
  package let reason: String

  /// The reason in words, for the user.
  package var description: String { "\(title): \(reason)" }
}
