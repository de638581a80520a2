import ArgumentParser
import Foundation
import NessCluster
import NessFiles
import NessStore
import NessStudy

extension JobPlan.Engine: ExpressibleByArgument {}

extension WallTime: ExpressibleByArgument {
  /// Nil for anything else than a span of time.
  package init?(argument: String) { self.init(argument) }
}

/// `ness submit`: share the missing points of an experiment out to tasks.
struct Submit: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Divide an experiment into tasks, run here or as a Slurm job array.",
    discussion: """
      Computes the points that the store does not have yet and no other task works on: long points first, short ones \
      bundled. The folder of the job (jobs/NAME in the store) holds the experiment, the plan, the script, and a store and a log \
      for every task. A task saves its state every few seconds, ends before its time is over, and asks Slurm to start it again \
      until its points are finished. ness status shows the progress; ness collect copies results into the store, at any time; \
      then ness run FILE prints them. Submitting a file again collects first and continues what is left. Program and store \
      must be on a disk that all nodes see. The folder of a job that is finished and collected may be deleted. Without a \
      cluster, exit status 124 says that --time was over with points left: submit again to continue.

      EXAMPLES
        ness submit sweep.yaml --engine slurm --time 2:00:00
        ness submit sweep.yaml --engine slurm --array 64 --threads 4 --memory 2G
        ness submit sweep.yaml --engine slurm --partition long --account physics
        ness submit sweep.yaml --engine slurm --sbatch "--qos=low" --dry-run
        ness submit sweep.yaml --threads 2            # the same shares, computed here
      """)

  @Argument(help: "The experiment file (YAML).") var file: String
  @Option(help: "Where the tasks run: local (here, now) or slurm.") var engine = JobPlan.Engine.local
  @Option(help: ArgumentHelp("Number of tasks. (default: tasks of about half an hour)", valueName: "number"))
  var array: Int?
  @Option(
    help: ArgumentHelp(
      "Time of a task, as sbatch takes it (30 is minutes) or 90s, 10m, 2h, 3d. (default: the partition's)",
      valueName: "time")) var time: WallTime?
  @Option(help: ArgumentHelp("Partition of the cluster.", valueName: "name")) var partition: String?
  @Option(help: ArgumentHelp("Account to charge.", valueName: "name")) var account: String?
  @Option(help: ArgumentHelp("Memory of a task, for example 2G.", valueName: "size")) var memory: String?
  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp("A further option of sbatch, word for word; may be repeated.", valueName: "option"))
  var sbatch: [String] = []
  @Flag(help: "Make the job folder and show the script; submit nothing.") var dryRun = false
  @Option(help: "Threads of a task; the results do not depend on it. (default: 1 with slurm, all cores here)")
  var threads: Int?
  @OptionGroup var options: StoreOptions

  /// What was made, as JSON.
  private struct Outcome: Encodable {
    let job: String?
    let folder: String?
    let points: Int
    let finished: Int
    let inWork: Int
    let submitted: Int
    let tasks: Int
    let arrays: [Int]
  }

  func validate() throws {
    if let array, !(1...1_000_000).contains(array) {
      throw ValidationError("--array \(array): expected a number of tasks between 1 and 1000000")
    }
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("--threads \(threads): expected a number between 1 and 1024")
    }
    let asked = [("partition", partition), ("account", account), ("memory", memory), ("sbatch", sbatch.first)]
    if engine == .local, let option = asked.first(where: { $0.1 != nil }) {
      throw ValidationError("--\(option.0) is for a cluster: add --engine slurm")
    }
    for text in asked.compactMap(\.1) + sbatch where text.contains(where: \.isNewline) {
      throw ValidationError("an option of sbatch is one line")
    }
  }

  func run() throws {
    let experiment = try SharedOptions.study(file).experiment
    if experiment.run.record != nil {
      throw UnusableInput(
        "\(file): a job does not record series along the time (run.record), for its tasks hand over results alone: leave run.record "
          + "out, and record with ness run \(shellQuoted(file)) afterwards")
    }
    // Until something is written.
    Interrupt.hasNothingToKeep = true
    Interrupt.listen()
    do {
      let store = try OpenStores.open(options.store, provenance: .ofThisRun(experiment.source))
      // Two submits at once would share out the same points.
      var lock = JobFolder.submissionLock(in: store.directory) {
        Console.note("another ness submit shares out points of this store: waiting for it")
      }
      let submission = try JobSubmission(experiment, after: jobs(of: store)) {
        if $0.report.added + $0.report.replaced > 0 { Console.note("collected: \($0.text)") }
      }
      if submission.points.isEmpty {
        throw UnusableInput("\(file): nothing is simulated: ness run \(shellQuoted(file)) computes it exactly, at once")
      }
      if engine == .slurm { try JobSubmission.check(request(), on: Slurm()) }
      if experiment.sweep?.refinement != nil {
        Console.note(
          "the points that sweep.refine adds are not submitted: ness run \(shellQuoted(file)) computes them at last")
      }
      Console.note("looking how long the points take")
      let progress = ProgressLine()
      let planned = try submission.make(
        request(),
        onProgress: {
          progress.show("planning", fraction: $0, secondsLeft: progress.secondsLeft(fraction: $0))
        },
        willWrite: {
          progress.end()
          Interrupt.hasNothingToKeep = false
        }, shouldStop: { Interrupt.requested })
      guard var made = planned else { return try tell(nil, submission) }
      var left: String?
      switch engine {
      case _ where dryRun: show(made)
      case .slurm: try submit(&made)
      case .local:
        // From here on the job's own lock says that its points are in work.
        let own = TaskLock(made.folder.path)
        lock = nil
        left = try work(made, store)
        withExtendedLifetime(own) {}
      }
      withExtendedLifetime(lock) {}
      try tell(made, submission)
      if let left { throw Failure(message: left, status: Self.timeOver) }
    } catch is Interrupted {
      throw Failure(message: "interrupted before anything was submitted", status: 130)
    } catch let error as PointFailure {
      throw UnusableInput("\(file): \(error)")
    } catch let error as StoreError {
      throw error.end
    } catch let error as JobError {
      throw Failure(message: "\(error)", status: 1)
    }
  }

  private func request() throws -> JobSubmission.Request {
    let program = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().path(percentEncoded: false)
    let onMac = CommandLine.arguments[0]
    return JobSubmission.Request(
      file: file, engine: engine, taskCount: array,
      threads: threads ?? (engine == .slurm ? 1 : ProcessInfo.processInfo.activeProcessorCount),
      program: program.hasPrefix("/proc") ? URL(filePath: onMac).path(percentEncoded: false) : program,
      batch: .init(
        timeLimit: time?.seconds, partition: partition, account: account, memory: memory, options: sbatch))
  }

  /// The jobs of a store, with warnings of what cannot be read.
  private func jobs(of store: ResultStore) -> StoredJobs {
    let jobs = StoredJobs(store)
    for fault in jobs.damaged { Console.note("warning: \(fault)") }
    if let fault = jobs.queueFault {
      Console.note("warning: \(fault); tasks of earlier jobs are taken to be still waiting")
    }
    return jobs
  }

  private func show(_ made: JobSubmission.Made) {
    guard options.format == .text else { return }
    Console.result((try? String(contentsOfFile: made.folder.script, encoding: .utf8)) ?? "")
    if engine == .slurm {
      for command in JobSubmission.commands(made, to: Slurm()) { Console.result("# \(command)") }
    }
  }

  private func submit(_ made: inout JobSubmission.Made) throws {
    do {
      try JobSubmission.submit(&made, to: Slurm())
    } catch {
      if !made.plan.submissions.isEmpty {
        Console.note(
          "only a part was submitted; ness submit \(shellQuoted(file)) --engine slurm submits the rest later")
      }
      throw error
    }
  }

  /// Exit status of work that is not finished because its time was over, as of `timeout`.
  private static let timeOver: Int32 = 124
  /// Size of a store that is taken over in a moment [bytes].
  private static let smallStore = 64 << 20

  /// Works the tasks off in this process, one after the other.
  ///
  /// - Returns: what is left and how to go on; nil if nothing is.
  private func work(_ made: JobSubmission.Made, _ store: ResultStore) throws -> String? {
    let place = options.store == ".ness" ? "" : " --store \(shellQuoted(options.store))"
    let again = "ness submit \(shellQuoted(file))\(place) goes on where it was"
    let end = TaskWork.end([time?.seconds])
    var failures: [TaskProgress.Failure] = []
    var finished = 0
    for task in made.plan.tasks.indices {
      // The first task is begun in any case, so that every submit brings the work forward.
      if Interrupt.requested || task > 0 && end.map({ ContinuousClock.now >= $0 }) == true { break }
      Console.note("task \(task) of \(made.plan.tasks.count)")
      let notes = NoteLog()
      let ending = try TaskWork(made.folder, task: task)
        .run(in: .ofThisRun(threads: made.plan.threads, end: end) { notes.add($0) })
      notes.end()
      switch ending {
      case .failed(let reasons): failures += reasons
      // What other tasks kept before is progress enough.
      case .idle(_, let reason) where task == 0: throw Failure(message: "nothing was kept: \(reason)", status: 1)
      case .finished: finished += 1
      case .idle, .timeOver, .interrupted: break
      }
    }
    var left = 0
    let now = StoredJobs(store)
    for job in now.jobs.indices where now.jobs[job].name == made.folder.name {
      // Who waits for the end does not wait for the copy of a large state.
      if finished < made.plan.tasks.count, made.folder.bytes(ofTasks: made.plan.tasks.count) > Self.smallStore,
        Interrupt.requested || end.map({ ContinuousClock.now >= $0 }) == true
      {
        Console.note(
          "the states of the tasks are large and stay in \(made.folder.path); ness collect\(place) takes them over")
        left = made.plan.points.count
      } else {
        do {
          let found = try now.collect(job)
          Console.note("collected: \(found.text)")
          left = found.points - found.finished
        } catch {
          throw Failure(
            message: "\(error)\nwhat the tasks have computed is kept in \(made.folder.path): "
              + "ness collect\(place) takes it over when the store can be written", status: 1)
        }
      }
    }
    if Interrupt.requested { throw Failure(message: "interrupted; \(again)", status: 130) }
    if !failures.isEmpty {
      throw Failure(message: failures.map { "\($0.point): \($0.reason)" }.joined(separator: "\n"), status: 1)
    }
    return left > 0 ? "its time was over with points left, their state is kept; \(again)" : nil
  }

  private func tell(_ made: JobSubmission.Made?, _ submission: JobSubmission) throws {
    let arrays = made?.plan.submissions.map(\.job) ?? []
    let outcome = Outcome(
      job: made?.plan.name, folder: made?.folder.path, points: submission.points.count,
      finished: submission.finished.count, inWork: submission.inWork.count, submitted: made?.plan.points.count ?? 0,
      tasks: made?.plan.tasks.count ?? 0, arrays: arrays)
    if options.format == .json { return Console.result(try OrderedJSON.text(of: outcome)) }
    let place = options.store == ".ness" ? "" : " --store \(shellQuoted(options.store))"
    guard let plan = made?.plan else {
      return Console.result(
        submission.inWork.isEmpty
          ? "all \(outcome.points) points are finished: ness run \(shellQuoted(file))\(place) prints them"
          : "\(outcome.finished) of \(outcome.points) points are finished, \(outcome.inWork) in work: ness status\(place)"
      )
    }
    let unknown = plan.unknownCosts
    let known = unknown < plan.points.count ? "about \(TaskTime.words(plan.knownCost)) of one fast core" : ""
    let open = unknown == 0 ? "" : "time unknown\(known.isEmpty ? "" : " for \(unknown) points")"
    let work = [known, open].filter { !$0.isEmpty }.joined(separator: ", ")
    Console.result(
      "\(plan.name): \(plan.points.count) of \(outcome.points) points (\(outcome.finished) finished before, "
        + "\(outcome.inWork) in work) in \(plan.tasks.count) task\(plan.tasks.count == 1 ? "" : "s"), \(work)"
        + (arrays.isEmpty ? "" : "; job \(arrays.map(String.init).joined(separator: ", "))"))
    if dryRun { return Console.result("nothing was submitted; the folder is \(made?.folder.path ?? "")") }
    Console.result(
      engine == .slurm
        ? "next: ness status\(place), ness collect\(place), and at last ness run \(shellQuoted(file))\(place)"
        : "next: ness run \(shellQuoted(file))\(place)")
  }
}
