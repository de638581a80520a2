import Foundation
import NessFiles
import NessModel
import NessSampling
import NessStore
import NessStudy
import Synchronization

/// The work of one task of a job: its points, one after the other, into a store of its own.
package struct TaskWork {
  /// How a task ended.
  package enum Ending: Hashable, Sendable {
    /// All its points are finished.
    case finished
    /// It ended before its time was over, with points left; their states are kept.
    case timeOver(left: Int)
    /// Its time was over before anything was kept, for the reason given.
    case idle(left: Int, reason: String)
    /// The user or Slurm ended it, with points left; their states are kept.
    case interrupted(left: Int)
    /// Points that could not be computed.
    case failed([TaskProgress.Failure])
  }

  /// What a task needs of its surroundings.
  package struct RunContext: Sendable {
    /// Threads to use; the results do not depend on it.
    package var threads: Int
    /// Who computes.
    package var provenance: @Sendable (Experiment.Source?) -> Provenance
    /// Name of the machine.
    package var host: String
    /// When to stop and keep what there is; nil for never.
    package var end: ContinuousClock.Instant?
    /// Asked whether to stop.
    package var shouldStop: @Sendable () -> Bool
    /// Told of choices and findings.
    package var onNote: @Sendable (String) -> Void

    /// RunContext of a task.
    package init(
      threads: Int, host: String, end: ContinuousClock.Instant?,
      provenance: @escaping @Sendable (Experiment.Source?) -> Provenance,
      shouldStop: @escaping @Sendable () -> Bool, onNote: @escaping @Sendable (String) -> Void
    ) {
      self.threads = threads
      self.host = host
      self.end = end
      self.provenance = provenance
      self.shouldStop = shouldStop
      self.onNote = onNote
    }

    /// Whether the time is over, or will be in some seconds.
    func isOver(in seconds: Double = 0) -> Bool { end.map { $0.secondsAgo >= -seconds } == true }
  }

  private let folder: JobFolder
  private let plan: JobPlan
  private let task: Int
  private let experiment: Experiment

  /// The work of a task.
  ///
  /// - Throws: `JobError` if there is no such task, or another version of Ness planned it.
  package init(_ folder: JobFolder, task: Int) throws {
    plan = try folder.plan()
    guard plan.tasks.indices.contains(task) else {
      throw JobError("\(folder.name) has no task \(task)", "its tasks are 0 to \(plan.tasks.count - 1)")
    }
    self.folder = folder
    self.task = task
    let whole = try Experiment(contentsOfFile: folder.experimentFile)
    let (places, count) = (plan.points(of: task).map(\.index), whole.points().count)
    guard places.allSatisfy({ $0 < count }) else {
      throw JobError(
        "\(folder.experimentFile) has fewer points than the plan of the job", "submit \(shellQuoted(plan.file)) again")
    }
    experiment = try whole.at(places)
    let found = Study(experiment, threads: 1).jobPoints().map(\.result)
    guard found == plan.points(of: task).map(\.result) else {
      throw JobError("\(folder.name) was planned by another version of Ness", "submit \(shellQuoted(plan.file)) again")
    }
  }

  /// When a task must stop so that it has time to keep what there is: a tenth of its time early, a minute at most.
  ///
  /// - Parameter limits: times from now after which it is ended [s].
  package static func end(_ limits: [Double?]) -> ContinuousClock.Instant? {
    secondsToEnd(limits).map { .after($0) }
  }

  package static func secondsToEnd(_ limits: [Double?]) -> Double? {
    limits.compactMap { $0 }.min().map { $0 - min(60, 0.1 * max(0, $0)) }
  }

  /// Works until everything is finished or the time is over. What is finished is not computed again, and what had begun
  /// goes on where it was. Every start of work of usual size brings it forward, if only by the smallest piece: for that even
  /// the shortest time is stretched to a second of processor time.
  package func run(in runContext: RunContext) throws -> Ending {
    let start = ContinuousClock.now
    let directory = folder.directory(ofTask: task)
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    guard let lock = waitForLock(directory, runContext) else {
      let left = plan.tasks[task].count
      if runContext.shouldStop() { return .interrupted(left: left) }
      let starts = folder.countBlockedStart(ofTask: task)
      let reason = "another process worked on this task all the time"
      guard starts >= Self.mostIdleStarts else { return .idle(left: left, reason: reason) }
      let remedy = "end that process, or wait for it, and then submit \(shellQuoted(plan.file)) again"
      return .failed([.init(point: "the task", reason: "started \(starts) times: \(reason); \(remedy)")])
    }
    folder.forgetBlockedStarts(ofTask: task)
    defer { withExtendedLifetime(lock) {} }
    let store = try ResultStore(directory: directory, provenance: runContext.provenance(experiment.source)) {
      runContext.onNote("warning: \($0)")
    }
    let log = try TaskLog(folder, task, plan.points(of: task).map(\.result), store, host: runContext.host)
    let finishedBefore = log.finished.count
    let before = (finishedBefore, try store.savedWork())
    if finishedBefore > 0 { runContext.onNote("\(finishedBefore) of \(plan.tasks[task].count) points are finished") }
    // The work ends a little before its time, as long as it takes to keep what there is.
    let wasTold = WordOfTheEnd()
    if finishedBefore < plan.tasks[task].count { log.failures = try compute(store, log, runContext, wasTold) }
    let hasAdvanced = (log.finished.count, try store.savedWork()) != before
    do { try log.end(hasAdvanced: hasAdvanced) } catch {
      // What is kept in the task's own store is not lost by that.
      runContext.onNote("warning: how far the task is could not be told to other machines: \(error)")
    }
    let left = plan.tasks[task].count - log.finished.count
    if left == 0 { return .finished }
    if runContext.shouldStop() { return .interrupted(left: left) }
    if left <= log.failures.count { return .failed(log.failures) }
    let reason = "its points were computed and could not be kept: see the warnings above"
    if !wasTold.isGiven.load(ordering: .relaxed), !runContext.isOver() {
      return .failed(log.failures + [.init(point: "the task", reason: reason)])
    }
    if hasAdvanced { return .timeOver(left: left) }
    let idle = tooShort(start.secondsAgo, log.hasBegun ? "anything was worth keeping" : "the simulation could begin")
    // A disk or a node may have been slow for once.
    guard log.idleStarts >= Self.mostIdleStarts else { return .idle(left: left, reason: idle) }
    return .failed([.init(point: "the task", reason: "started \(log.idleStarts) times: \(idle)")])
  }

  private static let mostIdleStarts = 3
  /// Processor time of a thread that a start may take to begin, however short its time [s]; on a busy machine that is a
  /// longer time.
  private static let respite = 1.0
  private static let longestRespite = 10.0

  /// - Parameters:
  ///   - seconds: time that was not enough.
  ///   - what: what it was not enough for.
  private func tooShort(_ seconds: Double, _ what: String) -> String {
    let minutes = max(1, Int((10 * seconds / 60).rounded(.up)))
    return "its time was over after \(seconds.text(digits: 2)) s, before \(what): "
      + "submit \(shellQuoted(plan.file)) with --time \(minutes)m or more"
  }

  private func waitForLock(_ directory: String, _ runContext: RunContext) -> TaskLock? {
    TaskLock.wait(
      directory,
      onWait: {
        runContext.onNote("another process works on this task: waiting until it is gone")
      }, until: { runContext.shouldStop() || runContext.isOver() })
  }

  /// Simulates what is not finished; a point that fails does not keep the others from being computed.
  private func compute(
    _ store: ResultStore, _ log: TaskLog, _ runContext: RunContext, _ wordOfTheEnd: WordOfTheEnd
  ) throws -> [TaskProgress.Failure] {
    let left = plan.points(of: task).indices.filter { !log.finished.contains(plan.points(of: task)[$0].result) }
    let study = Study(try experiment.at(left), threads: runContext.threads)
    var around = Study.RunContext(
      store: store, onProgress: { log.advance($0.title, $0.fraction) }, onNote: runContext.onNote,
      shouldStop: runContext.shouldStop)
    let (start, processorStart) = (ContinuousClock.now, processorSeconds())
    let respite = Self.respite * Double(runContext.threads)
    around.isOver = { seconds in
      guard runContext.isOver(in: seconds) else { return false }
      guard log.hasBegun || processorSeconds() - processorStart > respite || start.secondsAgo > Self.longestRespite
      else { return false }
      wordOfTheEnd.isGiven.store(true, ordering: .relaxed)
      return true
    }
    // A task is started again and again: what does not bring it forward would be paid for every time.
    around.wantsForecast = false
    around.wantsTheory = false
    let failures = try study.run(in: around).failures.filter { !$0.isOutOfTime }
    return failures.map { TaskProgress.Failure(point: $0.point, reason: $0.reason) }
  }
}

/// Whether work was told that its time is over, or as good as over.
private final class WordOfTheEnd: Sendable {
  let isGiven = Atomic(false)
}

/// Time that all threads of this process have worked [s].
private func processorSeconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
  return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
}
