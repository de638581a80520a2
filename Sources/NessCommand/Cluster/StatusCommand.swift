import ArgumentParser
import NessCluster
import NessFiles
import NessReport

/// `ness status`: how far the jobs of a store are.
struct Status: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show how far submitted jobs are.",
    discussion: """
      Shows points finished, running and waiting, tasks by state, time used and expected. For failed or cancelled tasks it shows \
      the end of the log and what to do. Without a name: all jobs of the store; those that are finished and collected take a \
      line each.

      EXAMPLES
        ness status
        ness status sweep-1
        ness status --format json
      """)

  @Argument(help: "Name of a job, as ness status lists it. (default: all)") var job: String?
  @OptionGroup var options: StoreOptions

  func run() throws {
    var damaged: [JobError] = []
    let states = try options.withStore { store in
      let jobs = StoredJobs(store)
      damaged = jobs.damaged
      if let fault = jobs.queueFault { Console.note("warning: \(fault); states of tasks are from their files") }
      return try jobs.status()
    }
    if let job { try JobChoice.check(job, in: options.store) }
    let shown = states.filter { job == nil || $0.name == job }
    if options.format == .json {
      Console.result(try OrderedJSON.text(of: ["jobs": shown]))
    } else if !shown.isEmpty {
      Console.result(shown.map { text($0) }.joined(separator: "\n"))
    } else if damaged.isEmpty {
      Console.note("no job was submitted from \(options.store); ness submit makes one")
    }
    try JobChoice.tell(damaged)
  }

  private static let mostTasks = 10

  private func text(_ job: JobStatus) -> String {
    let title = "\(job.name)  \(job.title ?? job.file)  (\(job.engine.rawValue), \(job.planned))"
    if job.isDryRun, job.left == 0 {
      return "\(title): planned by a dry run, nothing was submitted; its points are computed all the same\n"
    }
    if job.finished == job.points && job.collected == job.points && self.job == nil {
      return "\(title): all \(job.points) points finished and collected\n"
    }
    let states = JobStatus.State.allCases.filter { job.count($0) > 0 }.map { "\(job.count($0)) \($0.rawValue)" }
    var lines = [
      title,
      "  points  \(job.finished) finished, \(job.running) running, \(job.waiting) waiting, \(job.left) left behind"
        + " of \(job.points); \(job.collected) collected",
      "  tasks   \(states.joined(separator: ", ")) of \(job.tasks.count)", "  time    \(time(of: job))",
    ]
    for state in [JobStatus.State.running, .failed, .cancelled, .ended] {
      let tasks = job.tasks.filter { $0.state == state }
      lines += tasks.prefix(Self.mostTasks).flatMap(self.lines)
      if tasks.count > Self.mostTasks { lines.append("  and \(tasks.count - Self.mostTasks) more \(state.rawValue)") }
    }
    lines += job.stuck.prefix(Self.mostTasks).flatMap(self.lines)
    if job.stuck.count > Self.mostTasks { lines.append("  and \(job.stuck.count - Self.mostTasks) more that wait so") }
    lines.append("  next    \(next(job))")
    return lines.joined(separator: "\n") + "\n"
  }

  private func time(of job: JobStatus) -> String {
    let used = "\(TaskTime.words(job.secondsUsed)) computed"
    guard let left = job.secondsLeft, left > 0 else { return used }
    let running = job.count(.running)
    return used + ", about \(TaskTime.words(left)) left"
      + (running > 0 ? ", \(TaskTime.words(left / Double(running))) with the \(running) tasks that run" : "")
  }

  private func lines(_ task: JobStatus.Task) -> [String] {
    let name = task.slurm.map { "\(task.task) (\($0))" } ?? "\(task.task)"
    let part = "\(Int(100 * task.fraction)) %"
    if task.state == .running {
      let place = task.host.isEmpty ? "" : " on \(task.host)"
      return ["  running task \(name)\(place): \(part)" + (task.point.map { ", at \($0)" } ?? "")]
    }
    let reason = task.reason.isEmpty ? "" : ": \(task.reason)"
    return ["  \(task.state.rawValue) task \(name), \(task.points - task.finished) points left\(reason)"]
      + task.log.map { "    | \($0)" } + (task.remedy.isEmpty ? [] : ["    \(task.remedy)"])
  }

  private func next(_ job: JobStatus) -> String {
    let place = options.store == ".ness" ? "" : " --store \(shellQuoted(options.store))"
    if job.left > 0 {
      return "ness submit \(shellQuoted(job.file)) --engine \(job.engine.rawValue)\(place) computes what is left"
    }
    if let task = job.stuck.first { return task.remedy }
    if job.collected < job.finished { return "ness collect\(place)" }
    if job.finished == job.points { return "ness run \(shellQuoted(job.file))\(place) prints the results" }
    return job.running + job.waiting > 0 ? "wait; nothing is wrong" : "nothing: a later job computes what it left"
  }
}

/// The jobs that a command is about.
enum JobChoice {
  /// Refuses a name that no job has.
  static func check(_ name: String, in store: String) throws {
    do throws(JobError) { _ = try JobFolder.named(name, in: store) } catch { throw UnusableInput("\(error)") }
  }

  /// Ends with a status of its own if plans of jobs cannot be read.
  static func tell(_ damaged: [JobError]) throws {
    if !damaged.isEmpty { throw Failure(message: damaged.map { "\($0)" }.joined(separator: "\n"), status: 1) }
  }
}
