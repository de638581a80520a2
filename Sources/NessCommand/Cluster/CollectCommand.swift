import ArgumentParser
import NessCluster
import NessFiles
import NessStore

/// `ness collect`: take over what the tasks of jobs have computed.
struct Collect: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Bring the results of submitted jobs into the store.",
    discussion: """
      Copies finished results, and the states of unfinished ones, from the tasks into the store. Run it at any time, as often as \
      you like; running tasks publish their results every minute. Says what is missing.

      EXAMPLES
        ness collect
        ness collect sweep-1 --format json
      """)

  @Argument(help: "Name of a job, as ness status lists it. (default: all)") var job: String?
  @OptionGroup var options: StoreOptions

  func run() throws {
    if let job { try JobChoice.check(job, in: options.store) }
    var states: [JobStatus] = []
    var damaged: [JobError] = []
    let found: [StoredJobs.Collection]
    do {
      let store = try OpenStores.open(options.store, .existing, provenance: .ofThisRun())
      let jobs = StoredJobs(store)
      damaged = jobs.damaged
      if let fault = jobs.queueFault { Console.note("warning: \(fault); only what tasks have put out is taken") }
      found = try jobs.jobs.indices.filter { job == nil || jobs.jobs[$0].name == job }.map(jobs.collect)
      states = try jobs.status()
    } catch let error as StoreError { throw error.end }
    for fault in found.flatMap(\.faults) { Console.note("warning: \(fault)") }
    if options.format == .json {
      Console.result(try OrderedJSON.text(of: ["jobs": found]))
    } else {
      for job in found { Console.result(text(job, states.first { $0.name == job.job })) }
      if found.isEmpty, damaged.isEmpty {
        Console.note("no job was submitted from \(options.store); ness submit makes one")
      }
    }
    try JobChoice.tell(damaged)
    let faults = found.flatMap(\.faults).count
    if faults > 0 { throw Failure(message: "\(faults) stores of tasks could not be read; see above", status: 1) }
  }

  private func text(_ job: StoredJobs.Collection, _ state: JobStatus?) -> String {
    let place = options.store == ".ness" ? "" : " --store \(shellQuoted(options.store))"
    if job.missing.isEmpty { return "\(job.text); ness run \(shellQuoted(job.file))\(place) prints them" }
    let shown = job.missing.prefix(5).joined(separator: "; ") + (job.missing.count > 5 ? "; ..." : "")
    let left = state?.left ?? 0
    let others = job.missing.count - left
    return job.text + "\n  missing: \(shown)"
      + (others > 0 ? "\n  \(others) of them are waiting, running or taken by a later job: ness status\(place)" : "")
      + (left > 0
        ? "\n  \(left) of them nobody computes: ness submit \(shellQuoted(job.file)) --engine \(state?.engine.rawValue ?? "")\(place)"
        : "")
  }
}

extension StoredJobs.Collection {
  /// What was taken over, in a line.
  var text: String {
    "\(job): \(report.added) new, \(report.replaced) better than here, \(report.kept) as good here already"
      + (report.damaged > 0 ? ", \(report.damaged) damaged" : "") + "; \(finished) of \(points) points finished"
  }
}
