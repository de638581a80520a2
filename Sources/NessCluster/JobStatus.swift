import Foundation
import NessFiles
import NessStudy

/// The whole of a job at a glance.
package struct JobStatus: Codable, Sendable {
  /// What a task is doing.
  package enum State: String, Codable, CaseIterable, Sendable {
    /// All its points are finished.
    case finished
    /// It computes.
    case running
    /// It has not begun, or will go on.
    case waiting
    /// The user took it back with points left.
    case cancelled
    /// It ended with points left, and something went wrong.
    case failed
    /// It ended with points left.
    case ended
    /// A later job computes what it left.
    case replaced
    /// It was never submitted.
    case planned

    /// Whether nobody computes the points that are left.
    var isOver: Bool { [.cancelled, .failed, .ended, .planned].contains(self) }
  }

  /// A task.
  package struct Task: Codable, Sendable {
    /// Its number.
    package let task: Int
    /// What Slurm calls it, for example `17_3`; nil if it was not submitted.
    package let slurm: String?
    /// What it is doing.
    package let state: State
    /// Why it waits or ended.
    package let reason: String
    /// Its points.
    package let points: Int
    /// Those that are finished.
    package let finished: Int
    /// The point in work.
    package let point: String?
    /// Part of the task that is done, 0 to 1.
    package let fraction: Double
    /// The machine that worked on it last.
    package let host: String
    /// How often it was started.
    package let starts: Int
    /// Time that it took [s].
    package let seconds: Double
    /// The last lines of its log, of a task that failed or was cancelled.
    package let log: [String]
    /// What to do; empty if nothing is wrong.
    package let remedy: String
  }

  /// Name of the job.
  package let name: String
  /// Title of the experiment.
  package let title: String?
  /// The experiment file as the user named it.
  package let file: String
  /// Where the tasks run.
  package let engine: JobPlan.Engine
  /// When it was planned, by ISO 8601 in UTC.
  package let planned: String
  /// Number of points that it computes.
  package let points: Int
  /// Points that are finished.
  package let finished: Int
  /// Points in work.
  package let running: Int
  /// Points of tasks that will run, or of running tasks that have not come to them.
  package let waiting: Int
  /// Points that nobody computes: submit the file again.
  package let left: Int
  /// Points that are finished and in the main store.
  package let collected: Int
  /// Time that the tasks have computed [s].
  package let secondsUsed: Double
  /// Computing time expected for the rest [s]; nil if it is not known yet.
  package let secondsLeft: Double?
  /// The tasks.
  package let tasks: [Task]

  /// Tasks that wait for what will never come.
  package var stuck: [Task] { tasks.filter { $0.state == .waiting && !$0.remedy.isEmpty } }

  /// Whether only a dry run has planned it.
  package var isDryRun: Bool { tasks.allSatisfy { $0.state == .planned } }

  /// Tasks in a state.
  package func count(_ state: State) -> Int { tasks.count { $0.state == state } }
}

extension JobStatus {
  /// Looks at a job.
  ///
  /// - Parameters:
  ///   - collected: names of results that are finished in the main store.
  ///   - replaced: names of results that later jobs compute.
  ///   - queue: what Slurm knows; nil if it was not or cannot be asked.
  init(
    _ folder: JobFolder, _ plan: JobPlan, collected: Set<String>, replaced: Set<String>, queue: [Slurm.QueuedTask]?
  ) {
    var queued: [Int: Slurm.QueuedTask] = [:]
    for entry in queue ?? [] {
      if let task = plan.task(ofJob: entry.job, element: entry.element) { queued[task] = entry }
    }
    let looks = plan.tasks.indices.map { task in
      TaskLook(folder, plan, task, collected: collected, replaced: replaced, queued[task], isAsked: queue != nil)
    }
    name = plan.name
    title = plan.title
    file = plan.file
    engine = plan.engine
    planned = plan.planned
    points = plan.points.count
    tasks = looks.map(\.task)
    finished = tasks.reduce(0) { $0 + $1.finished }
    running = tasks.count { $0.state == .running && $0.point != nil && $0.finished < $0.points }
    left = tasks.filter(\.state.isOver).reduce(0) { $0 + $1.points - $1.finished }
    let elsewhere = tasks.filter { $0.state == .replaced }.reduce(0) { $0 + $1.points - $1.finished }
    waiting = points - finished - running - left - elsewhere
    self.collected = plan.points.count { collected.contains($0.result) }
    secondsUsed = tasks.reduce(0) { $0 + $1.seconds }
    let done = looks.reduce(0) { $0 + $1.costDone }
    let rest = looks.reduce(0) { $0 + ($1.task.state == .replaced ? 0 : $1.costLeft) }
    // A fast core at first; what the tasks have shown as soon as they have.
    let isMeasured = secondsUsed > 1 && done > 0
    let isKnown = isMeasured || rest == 0 || plan.unknownCosts == 0
    secondsLeft = isKnown ? rest * (isMeasured ? secondsUsed / done : 1 / Double(plan.threads)) : nil
  }
}

/// One task as it is seen from outside.
private struct TaskLook {
  let task: JobStatus.Task
  /// Expected time of what is done and of what is left, on a fast core [s].
  let costDone: Double
  let costLeft: Double

  init(
    _ folder: JobFolder, _ plan: JobPlan, _ index: Int, collected: Set<String>, replaced: Set<String>,
    _ queued: Slurm.QueuedTask?, isAsked: Bool
  ) {
    let progress = folder.progress(ofTask: index) ?? TaskProgress()
    let points = plan.points(of: index)
    let rest = points.filter { !progress.finished.contains($0.result) && !collected.contains($0.result) }
    let submission = plan.submissions.first { ($0.firstTask..<$0.firstTask + $0.taskCount).contains(index) }
    let isJobHeld = plan.engine == .local && TaskLock.isHeld(folder.path)
    let held: JobStatus.State? =
      TaskLock.isHeld(folder.directory(ofTask: index)) ? .running : isJobHeld ? .waiting : nil
    let isElsewhere = rest.allSatisfy { replaced.contains($0.result) }
    let state = Self.state(
      isFinished: rest.isEmpty, held: held, isElsewhere: isElsewhere, isSubmitted: submission != nil,
      hasBegun: progress.starts > 0, hasFailed: !progress.failures.isEmpty, isAsked: isAsked, queued, plan.engine)
    let isWrong = [.failed, .cancelled].contains(state)
    let whole = plan.work(of: points)
    costLeft = rest.isEmpty ? 0 : min(plan.work(of: rest), whole * (1 - progress.fraction))
    costDone = max(plan.work(of: points.filter { progress.finished.contains($0.result) }), whole * progress.fraction)
    let log = isWrong ? submission.map { folder.logTail(ofJob: $0.job, element: index - $0.firstTask) } ?? [] : []
    task = JobStatus.Task(
      task: index, slurm: submission.map { "\($0.job)_\(index - $0.firstTask)" }, state: state,
      reason: Self.reason(progress, queued), points: points.count, finished: points.count - rest.count,
      point: state == .running ? progress.point : nil, fraction: rest.isEmpty ? 1 : progress.fraction,
      host: progress.host, starts: progress.starts, seconds: progress.seconds,
      log: log,
      remedy: state.isOver ? Self.remedy(queued?.state, log, plan) : queued?.remedyOfWaiting ?? "")
  }

  private static func state(
    isFinished: Bool, held: JobStatus.State?, isElsewhere: Bool, isSubmitted: Bool, hasBegun: Bool, hasFailed: Bool,
    isAsked: Bool, _ queued: Slurm.QueuedTask?, _ engine: JobPlan.Engine
  ) -> JobStatus.State {
    // What others have computed is no work of a job that only a dry run has planned.
    if !isSubmitted, !hasBegun, engine == .slurm { return .planned }
    if isFinished { return .finished }
    if let queued, queued.isActive {
      return ["RUNNING", "COMPLETING", "SIGNALING"].contains(queued.state) ? .running : .waiting
    }
    if let held { return held }
    if isElsewhere { return .replaced }
    // Nobody has said that it is over.
    if isSubmitted && !isAsked { return .waiting }
    switch queued?.state {
    case "CANCELLED": return .cancelled
    // Slurm forgets tasks that were cancelled before they began.
    case nil where isSubmitted && !hasBegun: return .cancelled
    case "COMPLETED", nil: return hasFailed ? .failed : isSubmitted || engine == .local ? .ended : .planned
    default: return .failed
    }
  }

  private static func reason(_ progress: TaskProgress, _ queued: Slurm.QueuedTask?) -> String {
    let said = progress.failures.map { "\($0.point): \($0.reason)" }
    let slurm = queued.map { $0.reason.isEmpty ? $0.state : "\($0.state), \($0.reason)" }
    return (said.isEmpty ? [slurm].compactMap { $0 } : said).joined(separator: "; ")
  }

  private static func remedy(_ state: String?, _ log: [String], _ plan: JobPlan) -> String {
    let again = "ness submit \(shellQuoted(plan.file)) again computes what is left"
    // Slurm has several ways to end what takes too much, and states to say so; all of them leave a word in the log.
    let said = log.joined(separator: " ").lowercased()
    let words = ["memory limit", "out of memory", "out-of-memory", "oom-kill", "oom_kill", "oom kill"]
    if words.contains(where: said.contains) {
      return "it needs more memory: \(again), with a larger --memory"
    }
    return switch state {
    case "OUT_OF_MEMORY": "it needs more memory: \(again), with a larger --memory"
    case "TIMEOUT", "DEADLINE": "its time was over before it had kept its work: \(again), with a longer --time"
    case "NODE_FAIL", "BOOT_FAIL", "PREEMPTED": "the node was lost: \(again)"
    default: again
    }
  }
}
