import Foundation
import NessFiles
import NessStore
import NessStudy

/// Makes a job of the points of an experiment that are still missing.
package struct JobSubmission {
  /// How a job is to be made.
  package struct Request: Sendable {
    /// The experiment file as the user named it.
    package var file: String
    /// Where the tasks run.
    package var engine: JobPlan.Engine
    /// Number of tasks; nil to choose it.
    package var taskCount: Int?
    /// Threads of a task.
    package var threads: Int
    /// The program, absolute.
    package var program: String
    /// What is asked of Slurm.
    package var batch: BatchScript.Request

    /// How a job is to be made.
    package init(
      file: String, engine: JobPlan.Engine, taskCount: Int?, threads: Int, program: String, batch: BatchScript.Request
    ) {
      self.file = file
      self.engine = engine
      self.taskCount = taskCount
      self.threads = threads
      self.program = program
      self.batch = batch
    }
  }

  /// A job that has been made, and what of the experiment it does not compute.
  package struct Made: Sendable {
    /// Its folder.
    package let folder: JobFolder
    /// What it computes.
    package var plan: JobPlan
  }

  /// Points that are simulated.
  package let points: [JobPlan.Point]
  /// Those that are finished in the store.
  package let finished: Set<String>
  /// Those that tasks of other jobs compute or will compute.
  package let inWork: Set<String>
  private let experiment: Experiment
  private let store: ResultStore

  /// Work that a task should have on a fast core [s]; less than half of its time where that is limited.
  static func taskLength(timeLimit: Double?) -> Double { min(1800, 0.4 * (timeLimit ?? .infinity)) }

  /// Takes in what the tasks of earlier jobs have left, and looks what an experiment still needs.
  ///
  /// - Parameters:
  ///   - jobs: the jobs of the store in which results are.
  ///   - onCollected: told what was taken over from each job.
  /// - Throws: `StoreError`.
  package init(
    _ experiment: Experiment, after jobs: StoredJobs, onCollected: (StoredJobs.Collection) -> Void = { _ in }
  ) throws {
    self.experiment = experiment
    store = jobs.store
    points = Study(experiment, threads: 1).jobPoints()
    // In this order: a task that ends in between has its points in work or in the store, not in neither.
    let inWork = try jobs.inWork()
    for job in jobs.jobs.indices { onCollected(try jobs.collect(job)) }
    finished = try store.finished(among: points.map(\.result))
    self.inWork = inWork.subtracting(finished)
  }

  /// The points that nobody has computed or is computing.
  package var missing: [JobPlan.Point] {
    points.filter { !finished.contains($0.result) && !inWork.contains($0.result) }
  }

  /// Refuses what could only wait for ever.
  ///
  /// - Throws: `JobError` if no node has so many processors.
  package static func check(_ request: Request, on slurm: Slurm) throws(JobError) {
    let options = BatchOptions(request.batch.options)
    // This machine's sinfo does not list the nodes of other clusters.
    if options.namesCluster { return }
    try slurm.check(
      threads: options.processors ?? request.threads, partition: options.partition ?? request.batch.partition)
  }

  /// Makes the folder of a job for the missing points, and nothing if there are none.
  ///
  /// - Parameters:
  ///   - onProgress: told how far the look at the points is, 0 to 1.
  ///   - willWrite: told when the look is over, before anything is written.
  ///   - shouldStop: asked from time to time; true gives all up.
  /// - Throws: `PointFailure` naming a point that cannot be run at all; `JobError` if the folder cannot be written;
  ///   `Interrupted`.
  package func make(
    _ request: Request, onProgress: (Double) -> Void = { _ in }, willWrite: () -> Void = {},
    shouldStop: @escaping @Sendable () -> Bool = { false }
  ) throws -> Made? {
    var missing = missing
    if missing.isEmpty { return nil }
    let study = Study(experiment, threads: 1)
    let found = try study.costs(of: missing, onProgress: onProgress, shouldStop: shouldStop)
    for (place, cost) in found.enumerated() { missing[place].cost = cost }
    willWrite()
    let length = Self.taskLength(timeLimit: request.batch.timeLimit) * Double(request.threads)
    // A point of which nothing is known may be long: it is worth a task of its own.
    let unknown = max(length, found.compactMap { $0 }.max() ?? 0)
    let costs = found.map { $0 ?? unknown }
    let count = request.taskCount ?? PointShares.taskCount(for: costs, length: length)
    let shares = PointShares.shares(of: costs, among: count)
    let text = experiment.yaml()
    guard (try? Experiment(yaml: text, file: request.file)) == experiment else {
      throw JobError("\(request.file): the experiment cannot be written as one file", "make its tables smaller")
    }
    let folder = try JobFolder(in: store.directory, for: request.file)
    let plan = JobPlan(
      name: folder.name, title: experiment.title, file: request.file, planned: Date().formatted(.iso8601),
      engine: request.engine, threads: request.threads, timeLimit: request.batch.timeLimit, points: missing,
      tasks: shares)
    do {
      try FileManager.default.createDirectory(atPath: folder.logs, withIntermediateDirectories: true)
      try folder.write(text, to: folder.experimentFile)
      try folder.write(
        BatchScript.text(
          folder: folder.path, name: folder.name, threads: request.threads, program: request.program, request.batch),
        to: folder.script)
      try passOnStates(folder, plan, study, shouldStop)
      try folder.write(plan)
    } catch {
      Self.discard(folder)
      throw error
    }
    return Made(folder: folder, plan: plan)
  }

  /// Gives every task the states of its points that are kept, so that it goes on from there.
  private func passOnStates(
    _ folder: JobFolder, _ plan: JobPlan, _ study: Study, _ shouldStop: () -> Bool
  ) throws {
    let all = experiment.points()
    for task in plan.tasks.indices {
      if shouldStop() { throw Interrupted() }
      let families = Set(plan.points(of: task).map { study.family(of: all[$0.index]).digest })
      guard try store.hasStates(ofFamilies: families) else { continue }
      let own = try ResultStore(directory: folder.directory(ofTask: task), warn: { _ in })
      _ = try own.merge(store, families: families)
      try own.close()
    }
  }

  /// Submits the tasks of a job to Slurm, in as many arrays as the site asks for; each is noted as soon as it is there.
  ///
  /// - Throws: `JobError` with the words of sbatch; a job without any array goes away.
  package static func submit(_ made: inout Made, to slurm: Slurm) throws {
    let arrays = BatchScript.arrays(taskCount: made.plan.tasks.count, largest: slurm.largestArray())
    for array in arrays {
      do {
        let job = try slurm.submit(made.folder, taskCount: array.taskCount, firstTask: array.firstTask)
        made.plan.submissions.append(.init(job: job, firstTask: array.firstTask, taskCount: array.taskCount))
        try made.folder.write(made.plan)
      } catch {
        if made.plan.submissions.isEmpty { discard(made.folder) }
        throw error
      }
    }
  }

  /// The commands with which the tasks of a job would be submitted.
  package static func commands(_ made: Made, to slurm: Slurm) -> [String] {
    BatchScript.arrays(taskCount: made.plan.tasks.count, largest: slurm.largestArray()).map {
      shellCommand(["sbatch"] + Slurm.submission(made.folder, taskCount: $0.taskCount, firstTask: $0.firstTask))
    }
  }

  private static func discard(_ folder: JobFolder) { try? FileManager.default.removeItem(atPath: folder.path) }
}
