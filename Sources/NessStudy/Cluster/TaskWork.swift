import Foundation
import NessRecord

/// The work of one task of a job: its points, one after the other, into a store of its own.
public struct TaskWork {
  /// How a task ended.
  public enum Ending: Hashable, Sendable {
    /// All its points are finished.
    case finished
    /// It ended before its time was over, with points left; their states are kept.
    case timeOver(left: Int)
    /// The user or Slurm ended it, with points left; their states are kept.
    case interrupted(left: Int)
    /// Points that could not be computed.
    case failed([TaskProgress.Failure])
  }

  /// What a task needs of its surroundings.
  public struct Surroundings: Sendable {
    /// Threads to use; the results do not depend on it.
    public var threads: Int
    /// Who computes.
    public var provenance: @Sendable (Experiment.Source?) -> Provenance
    /// Name of the machine.
    public var host: String
    /// When to stop and keep what there is; nil for never.
    public var end: Date?
    /// Asked whether to stop.
    public var shouldStop: @Sendable () -> Bool
    /// Told of choices and findings.
    public var onNote: @Sendable (String) -> Void

    /// Surroundings of a task.
    public init(
      threads: Int, host: String, end: Date?, provenance: @escaping @Sendable (Experiment.Source?) -> Provenance,
      shouldStop: @escaping @Sendable () -> Bool, onNote: @escaping @Sendable (String) -> Void
    ) {
      self.threads = threads
      self.host = host
      self.end = end
      self.provenance = provenance
      self.shouldStop = shouldStop
      self.onNote = onNote
    }

    var isOver: Bool { shouldStop() || end.map { Date() >= $0 } == true }
  }

  private let folder: JobFolder
  private let plan: JobPlan
  private let task: Int
  private let experiment: Experiment

  /// The work of a task.
  ///
  /// - Throws: `JobError` if there is no such task, or another version of Ness planned it.
  public init(_ folder: JobFolder, task: Int) throws {
    plan = try folder.plan()
    guard plan.tasks.indices.contains(task) else {
      throw JobError("\(folder.name) has no task \(task)", "its tasks are 0 to \(plan.tasks.count - 1)")
    }
    self.folder = folder
    self.task = task
    experiment = try Experiment(contentsOfFile: folder.experimentFile).at(plan.points(of: task).map(\.index))
    let found = try Study(experiment, threads: 1).jobPoints().map(\.result)
    guard found == plan.points(of: task).map(\.result) else {
      throw JobError("\(folder.name) was planned by another version of Ness", "submit \(plan.file) again")
    }
  }

  /// When a task must stop so that it has time to keep what there is: a tenth of its time early, a minute at most.
  ///
  /// - Parameter limits: times from now after which it is ended [s].
  public static func end(_ limits: [Double?], now: Date = Date()) -> Date? {
    limits.compactMap { $0 }.min().map { now.addingTimeInterval($0 - min(60, 0.1 * max(0, $0))) }
  }

  /// Works until everything is finished or the time is over. What is finished is not computed again, and what had begun
  /// goes on where it was.
  public func run(in surroundings: Surroundings) throws -> Ending {
    let directory = folder.directory(ofTask: task)
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    guard let lock = waitForLock(directory, surroundings) else {
      return surroundings.shouldStop()
        ? .interrupted(left: plan.tasks[task].count) : .timeOver(left: plan.tasks[task].count)
    }
    defer { withExtendedLifetime(lock) {} }
    let store = try ResultStore(directory: directory, provenance: surroundings.provenance(experiment.source)) {
      surroundings.onNote("warning: \($0)")
    }
    let log = try TaskLog(folder, task, plan.points(of: task).map(\.result), store, host: surroundings.host)
    let finishedBefore = log.finished.count
    let before = (finishedBefore, try store.savedWork())
    if finishedBefore > 0 { surroundings.onNote("\(finishedBefore) of \(plan.tasks[task].count) points are finished") }
    if finishedBefore < plan.tasks[task].count { log.failures = try compute(store, log, surroundings) }
    try log.end(hasAdvanced: (log.finished.count, try store.savedWork()) != before)
    let left = plan.tasks[task].count - log.finished.count
    if left == 0 { return .finished }
    if surroundings.shouldStop() { return .interrupted(left: left) }
    if left <= log.failures.count { return .failed(log.failures) }
    if !surroundings.isOver {
      let reason = "its points were computed and could not be kept: see the warnings above"
      return .failed(log.failures + [.init(point: "the task", reason: reason)])
    }
    if log.idleStarts >= Self.mostIdleStarts { return .failed([Self.tooShort(plan)]) }
    return .timeOver(left: left)
  }

  private static let mostIdleStarts = 3

  private static func tooShort(_ plan: JobPlan) -> TaskProgress.Failure {
    TaskProgress.Failure(
      point: "the task",
      reason: "it was started \(mostIdleStarts) times and its time was over before anything was kept: "
        + "submit \(plan.file) with a longer --time")
  }

  private func waitForLock(_ directory: String, _ surroundings: Surroundings) -> TaskLock? {
    var isTold = false
    while true {
      if let lock = TaskLock(directory) { return lock }
      if surroundings.isOver { return nil }
      if !isTold { surroundings.onNote("another process works on this task: waiting until it is gone") }
      isTold = true
      usleep(500_000)
    }
  }

  /// Simulates what is not finished; a point that fails does not keep the others from being computed.
  private func compute(
    _ store: ResultStore, _ log: TaskLog, _ surroundings: Surroundings
  ) throws -> [TaskProgress.Failure] {
    let left = plan.points(of: task).indices.filter { !log.finished.contains(plan.points(of: task)[$0].result) }
    let study = Study(try experiment.at(left), threads: surroundings.threads)
    let around = Study.Surroundings(
      store: store, onProgress: { log.advance($0.title, $0.fraction) }, onNote: surroundings.onNote,
      shouldStop: { surroundings.isOver })
    let failures = try study.run(in: around).failures
    return failures.map { TaskProgress.Failure(point: $0.point, reason: $0.reason) }
  }
}

/// Tells how far a task is: in a file, and by copies of its store for other machines.
private final class TaskLog: @unchecked Sendable {
  private static let progressInterval = 5.0
  private static let publicationInterval = 60.0

  private let folder: JobFolder
  private let task: Int
  private let results: [String]
  private let store: ResultStore
  private let start = Date()
  private let secondsBefore: Double
  /// Points that were not finished when this start began.
  private let left: Int
  // All access is under the lock.
  private let lock = NSLock()
  private var progress: TaskProgress
  private var told = Date()
  private var published = Date()

  init(_ folder: JobFolder, _ task: Int, _ results: [String], _ store: ResultStore, host: String) throws {
    self.folder = folder
    self.task = task
    self.results = results
    self.store = store
    progress = folder.progress(ofTask: task) ?? TaskProgress()
    progress.starts += 1
    progress.host = host
    progress.failures = []
    secondsBefore = progress.seconds
    progress.finished = try store.finished(among: results)
    left = results.count - progress.finished.count
    try tell()
  }

  var finished: Set<String> { lock.withLock { progress.finished } }
  var idleStarts: Int { lock.withLock { progress.idleStarts } }
  var failures: [TaskProgress.Failure] {
    get { lock.withLock { progress.failures } }
    set { lock.withLock { progress.failures = newValue } }
  }

  /// Takes note of how far the point in work is.
  func advance(_ point: String, _ fraction: Double) {
    lock.withLock {
      progress.point = point
      let done = Double(results.count - left)
      progress.fraction = (done + fraction * Double(left)) / Double(results.count)
      let now = Date()
      guard now.timeIntervalSince(told) > Self.progressInterval else { return }
      // What cannot be told now is told later; the results do not depend on it.
      try? refresh()
      if now.timeIntervalSince(published) > Self.publicationInterval {
        try? store.publish(to: folder.publication(ofTask: task))
        published = Date()
      }
    }
  }

  /// Takes note of the end of this start.
  func end(hasAdvanced: Bool) throws {
    try lock.withLock {
      progress.point = nil
      progress.idleStarts = hasAdvanced ? 0 : progress.idleStarts + 1
      try store.publish(to: folder.publication(ofTask: task))
      try refresh()
    }
  }

  private func refresh() throws {
    progress.finished = try store.finished(among: results)
    try tell()
  }

  private func tell() throws {
    progress.seconds = secondsBefore + Date().timeIntervalSince(start)
    progress.updated = Date().formatted(.iso8601)
    told = Date()
    try folder.write(progress, ofTask: task)
  }
}
