import NessStore

/// All jobs of a store.
package struct StoredJobs {
  /// The main store, in which results are collected.
  package let store: ResultStore
  /// The jobs, oldest first.
  package let jobs: [JobFolder]
  /// What Slurm knows of the tasks; nil if no job was submitted there, or it cannot be asked.
  package let queue: [Slurm.QueuedTask]?
  /// Why Slurm cannot be asked; nil if it can, or need not.
  package let queueFault: JobError?
  /// Jobs whose plan cannot be read, which are left out.
  package let damaged: [JobError]
  private let plans: [JobPlan]

  /// Looks at the jobs of a store.
  package init(_ store: ResultStore, slurm: Slurm = Slurm()) {
    self.store = store
    var damaged: [JobError] = []
    let found = JobFolder.all(in: store.directory).compactMap { folder -> (JobFolder, JobPlan)? in
      do throws(JobError) { return (folder, try folder.plan()) } catch {
        damaged.append(error)
        return nil
      }
    }
    self.damaged = damaged
    jobs = found.map(\.0)
    plans = found.map(\.1)
    guard plans.contains(where: { !$0.submissions.isEmpty }) else {
      (queue, queueFault) = (nil, nil)
      return
    }
    do throws(JobError) {
      queue = try slurm.queue()
      queueFault = nil
    } catch {
      queue = nil
      queueFault = error
    }
  }

  /// The state of every job.
  package func status() throws -> [JobStatus] {
    let collected = try store.finished(among: Set(plans.flatMap { $0.points.map(\.result) }))
    var later: Set<String> = []
    var states: [JobStatus] = []
    for (folder, plan) in zip(jobs, plans).reversed() {
      states.append(JobStatus(folder, plan, collected: collected, replaced: later, queue: queue))
      // A dry run computes nothing.
      if plan.engine == .local || !plan.submissions.isEmpty { later.formUnion(plan.points.map(\.result)) }
    }
    return states.reversed()
  }

  /// Names of the results that running or waiting tasks compute, or have computed and not put out yet.
  package func inWork() throws -> Set<String> {
    var names: Set<String> = []
    for (job, state) in try status().enumerated() {
      for task in state.tasks {
        guard [.running, .waiting].contains(task.state) || mayRun(task.task, of: job) else { continue }
        names.formUnion(plans[job].points(of: task.task).map(\.result))
      }
    }
    return names
  }

  /// Whether a task may be running, here or on another machine: where Slurm does not answer, every one that it was given.
  private func mayRun(_ task: Int, of job: Int) -> Bool {
    if TaskLock.isHeld(jobs[job].directory(ofTask: task)) { return true }
    guard let queue else { return !plans[job].submissions.isEmpty }
    return queue.contains { $0.isActive && plans[job].task(ofJob: $0.job, element: $0.element) == task }
  }

  /// What was collected of a job.
  package struct Collection: Codable, Sendable {
    /// Name of the job.
    package let job: String
    /// The experiment file as the user named it.
    package let file: String
    /// What the main store took over.
    package let report: MergeReport
    /// Points that the job computes.
    package let points: Int
    /// Those that are now in the main store.
    package let finished: Int
    /// Those that are not, by their parameters.
    package let missing: [String]
    /// Stores of tasks that could not be read.
    package let faults: [String]
  }

  /// Takes finished results and states of the tasks over into the main store; at any time, as often as one likes.
  ///
  /// - Throws: `StoreError` if the main store cannot be written.
  package func collect(_ job: Int) throws -> Collection {
    let (folder, plan) = (jobs[job], plans[job])
    var report = MergeReport()
    var faults: [String] = []
    for task in plan.tasks.indices {
      do throws(StoreError) {
        guard let own = try Self.open(folder, task, mayRun: mayRun(task, of: job)) else { continue }
        report += try store.merge(own)
      } catch {
        if error.path == store.path { throw error }
        faults.append("task \(task): \(error)")
      }
    }
    let finished = try store.finished(among: plan.points.map(\.result))
    return Collection(
      job: plan.name, file: plan.file, report: report, points: plan.points.count, finished: finished.count,
      missing: plan.points.filter { !finished.contains($0.result) }.map(\.label), faults: faults)
  }

  /// The store of a task, or the copy that it has put out while it may be running elsewhere; nil if it has not begun.
  private static func open(_ folder: JobFolder, _ task: Int, mayRun: Bool) throws(StoreError) -> ResultStore? {
    let directory = folder.directory(ofTask: task)
    if mayRun {
      let copy = folder.publication(ofTask: task)
      return ResultStore.exists(in: copy) ? try ResultStore(readOnly: copy) : nil
    }
    return ResultStore.exists(in: directory) ? try ResultStore(directory: directory, .existing, warn: { _ in }) : nil
  }
}
