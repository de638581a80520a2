import Foundation

/// The commands of Slurm that a job needs.
public struct Slurm: Sendable {
  /// A task as the queue shows it.
  public struct QueuedTask: Hashable, Sendable {
    /// Number of the array.
    public let job: Int
    /// Its element.
    public let element: Int
    /// State in Slurm's words, for example `PENDING`.
    public let state: String
    /// Why it waits, or why it ended; empty if there is nothing to say.
    public let reason: String

    /// Whether it runs, or will.
    public var isActive: Bool {
      [
        "PENDING", "RUNNING", "COMPLETING", "CONFIGURING", "REQUEUED", "REQUEUE_HOLD", "REQUEUE_FED", "SUSPENDED",
        "STOPPED", "STAGE_OUT", "SIGNALING", "RESIZING", "SPECIAL_EXIT",
      ].contains(state)
    }
  }

  /// Slurm of this machine.
  public init() {}

  /// Submits some tasks of a job as an array and returns its number.
  ///
  /// - Throws: `JobError` with the words of sbatch and a remedy.
  func submit(_ folder: JobFolder, taskCount: Int, firstTask: Int) throws(JobError) -> Int {
    let outcome = try Self.run("sbatch", Self.submission(folder, taskCount: taskCount, firstTask: firstTask))
    // With several clusters: number;cluster.
    let number = outcome.output.split(separator: "\n").last?.split(separator: ";").first.flatMap { Int($0) }
    guard outcome.status == 0, let number else {
      throw JobError("sbatch refuses: \(outcome.words)", Self.remedy(for: outcome.words))
    }
    return number
  }

  static func submission(_ folder: JobFolder, taskCount: Int, firstTask: Int) -> [String] {
    ["--parsable", "--chdir=\(folder.path)", "--array=0-\(taskCount - 1)", folder.script, "\(firstTask)"]
  }

  /// The largest number of elements that the site allows an array.
  func largestArray() -> Int {
    let text = (try? Self.run("scontrol", ["show", "config"]))?.output ?? ""
    return Self.largestArray(configuration: text)
  }

  package static func largestArray(configuration: String) -> Int {
    let line = configuration.split(separator: "\n").first { $0.hasPrefix("MaxArraySize") }
    // Slurm's own default where it does not say.
    let size = line?.split(separator: "=").last.flatMap { Int($0.trimmingCharacters(in: .whitespaces)) } ?? 1001
    return max(1, size)
  }

  /// The tasks of this user that Slurm remembers: finished ones for some minutes.
  ///
  /// - Throws: `JobError` if Slurm cannot be asked.
  public func queue() throws(JobError) -> [QueuedTask] {
    let outcome = try Self.run(
      "squeue", ["--noheader", "--me", "--array", "--states=all", "--format=%F|%K|%T|%r"])
    guard outcome.status == 0 else { throw JobError("squeue: \(outcome.words)", Self.remedy(for: outcome.words)) }
    return Self.queue(listed: outcome.output)
  }

  package static func queue(listed text: String) -> [QueuedTask] {
    text.split(separator: "\n").compactMap { line in
      let words = line.split(separator: "|", omittingEmptySubsequences: false).map {
        $0.trimmingCharacters(in: .whitespaces)
      }
      guard words.count == 4, let job = Int(words[0]), let element = Int(words[1]) else { return nil }
      return QueuedTask(job: job, element: element, state: words[2], reason: words[3] == "None" ? "" : words[3])
    }
  }

  /// Time that a running task has left [s]; nil if it has no limit or Slurm does not say.
  public func timeLeft(_ job: String) -> Double? {
    let text = (try? Self.run("squeue", ["--noheader", "--jobs=\(job)", "--format=%L"]))?.output ?? ""
    return WallTime(text.trimmingCharacters(in: .whitespacesAndNewlines))?.seconds
  }

  /// Puts a running task back into the queue.
  ///
  /// - Parameter job: Slurm's number of the task, as the task knows it (`SLURM_JOB_ID`).
  public func requeue(_ job: String) throws(JobError) {
    let outcome = try Self.run("scontrol", ["requeue", job])
    guard outcome.status == 0 else {
      throw JobError("scontrol requeue \(job): \(outcome.words)", "submit the file again")
    }
  }

  package static func remedy(for words: String) -> String {
    let known = [
      ("account", "name yours with --account; sacctmgr show associations user=$USER lists them"),
      ("partition", "name one with --partition; sinfo lists them"),
      ("time limit", "ask for less with --time; sinfo shows the limit of a partition"),
      ("emory", "ask for another amount with --memory"),
      ("node configuration", "ask for fewer --threads or less --memory; sinfo --Node --long shows the nodes"),
      ("ubmitJob", "you may not have so many tasks at once: give a smaller --array, or wait for others to end"),
      ("ubmit limit", "you may not have so many tasks at once: give a smaller --array, or wait for others to end"),
      ("policy", "the site's limits are in: sacctmgr show qos; give a smaller --array, --time or --memory"),
      ("QOS", "name one with --sbatch --qos=NAME; sacctmgr show qos lists them"),
      ("ontact", "the controller of Slurm does not answer: scontrol ping; try again later"),
      ("onfiguration source", "this machine is no part of a cluster: log in to one of its login nodes"),
      ("unrecognized option", "an option given with --sbatch is none of sbatch; see man sbatch"),
    ]
    return known.first { words.contains($0.0) }?.1 ?? "see man sbatch, or ask who runs the cluster"
  }

  struct Outcome {
    let status: Int32
    let output: String
    let errors: String

    /// What the command said, in one line.
    var words: String {
      let said = (errors.isEmpty ? output : errors).split(separator: "\n").map { line in
        line.trimmingCharacters(in: .whitespaces).replacing("sbatch: ", with: "").replacing("error: ", with: "")
      }
      return said.isEmpty ? "exit status \(status)" : said.joined(separator: "; ")
    }
  }

  private static func run(_ program: String, _ arguments: [String]) throws(JobError) -> Outcome {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":")
    guard
      let path = folders.map({ "\($0)/\(program)" }).first(where: FileManager.default.isExecutableFile(atPath:))
    else {
      throw JobError(
        "\(program) is not on this machine",
        "log in to the cluster and submit there, perhaps after `module load slurm`; or work here with --engine local")
    }
    let process = Process()
    let (output, errors) = (Pipe(), Pipe())
    process.executableURL = URL(filePath: path)
    process.arguments = arguments
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = errors
    do { try process.run() } catch { throw JobError("\(path): \(error.localizedDescription)", "") }
    let printed = output.fileHandleForReading.readDataToEndOfFile()
    let said = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Outcome(
      status: process.terminationStatus, output: String(decoding: printed, as: UTF8.self),
      errors: String(decoding: said, as: UTF8.self))
  }
}
