import Foundation
import NessModel
import NessSampling
import NessStudy

/// The commands of Slurm that a job needs.
package struct Slurm: Sendable {
  /// A task as the queue shows it.
  package struct QueuedTask: Hashable, Sendable {
    /// Number of the array.
    package let job: Int
    /// Its element.
    package let element: Int
    /// State in Slurm's words, for example `PENDING`.
    package let state: String
    /// Why it waits, or why it ended; empty if there is nothing to say.
    package let reason: String

    /// What to do about a task that would wait for ever; nil if nothing is wrong.
    package var remedyOfWaiting: String? {
      guard state == "PENDING" else { return nil }
      let known = [
        ("PartitionConfig", "fewer --threads or another --partition: no node of this one is large enough"),
        ("PartitionNodeLimit", "fewer --threads or another --partition: no node of this one is large enough"),
        ("BadConstraints", "less: no node has what is asked"),
        ("PartitionTimeLimit", "a shorter --time: the partition does not allow so much"),
        ("WallDuration", "a shorter --time: the site does not allow so much"),
        ("PerJob", "less for a task: the site does not allow so much"),
        ("PerNode", "less for a task: the site does not allow so much"),
        ("NotSatisfied", "more for a task: the site wants a least amount (sacctmgr show qos)"),
        ("InvalidAccount", "another --account"), ("AccountNotAllowed", "another --account"),
        ("InvalidQOS", "another --sbatch --qos=NAME"), ("QOSNotAllowed", "another --sbatch --qos=NAME"),
        ("Reservation", "another reservation: this one is not there any more"),
        ("NeverSatisfied", "another dependency: this one cannot be met"),
      ]
      if reason.lowercased().contains("held") { return "scontrol release \(job)_\(element) lets it go on" }
      return known.first { reason.contains($0.0) }.map { "scancel \(job); then submit again and ask for \($0.1)" }
    }

    /// Whether it runs, or will.
    package var isActive: Bool {
      [
        "PENDING", "RUNNING", "COMPLETING", "CONFIGURING", "REQUEUED", "REQUEUE_HOLD", "REQUEUE_FED", "SUSPENDED",
        "STOPPED", "STAGE_OUT", "SIGNALING", "RESIZING", "SPECIAL_EXIT",
      ].contains(state)
    }
  }

  /// Slurm of this machine.
  package init() {}

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
  package func queue() throws(JobError) -> [QueuedTask] {
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

  /// An element of an array, as Slurm tells it in the environment of a task. The number `SLURM_JOB_ID` would not do: that
  /// of the last element is the number of the whole array.
  package struct Element: Hashable, Sendable {
    /// Number of the array.
    package let job: Int
    /// Number of the element.
    package let element: Int

    /// The element that this process belongs to; nil if it is none.
    package init?(_ environment: [String: String] = ProcessInfo.processInfo.environment) {
      guard let job = environment["SLURM_ARRAY_JOB_ID"].flatMap({ Int($0) }),
        let element = environment["SLURM_ARRAY_TASK_ID"].flatMap({ Int($0) })
      else { return nil }
      self.job = job
      self.element = element
    }

    /// Its name for Slurm's commands.
    var name: String { "\(job)_\(element)" }
  }

  /// Time that a running task has left [s]; nil if it has no limit or Slurm does not say.
  package func timeLeft(_ element: Element) -> Double? {
    let text = (try? Self.run("squeue", ["--noheader", "--jobs=\(element.name)", "--format=%L"]))?.output ?? ""
    return WallTime(text.trimmingCharacters(in: .whitespacesAndNewlines))?.seconds
  }

  /// Puts a running task, and no other of its array, back into the queue.
  package func requeue(_ element: Element) throws(JobError) {
    let outcome = try Self.run("scontrol", ["requeue", element.name])
    guard outcome.status == 0 else {
      throw JobError("scontrol requeue \(element.name): \(outcome.words)", "submit the file again")
    }
  }

  /// Refuses more threads than any node has: such a task would wait for ever. Where sinfo does not answer nothing is known.
  func check(threads: Int, partition: String?) throws(JobError) {
    guard let outcome = try? Self.run("sinfo", ["--noheader", "--Node", "--format=%P|%c"]), outcome.status == 0,
      let most = Self.processors(listed: outcome.output, partition: partition), threads > most
    else { return }
    let place =
      partition.map { $0.contains(",") ? "the partitions \($0)" : "partition \($0)" } ?? "the default partition"
    throw JobError(
      "no node of \(place) has \(threads) processors, the largest has \(most)",
      "ask for fewer --threads, or name another --partition; sinfo --Node --long shows the nodes")
  }

  /// Processors of the largest node of a partition or of several, `a,b`; nil for the default one, as sinfo lists nodes;
  /// nil if they have none.
  package static func processors(listed text: String, partition: String?) -> Int? {
    let names = partition.map { Set($0.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }) }
    return text.split(separator: "\n").compactMap { line -> Int? in
      let words = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      guard words.count == 2 else { return nil }
      // A star marks the default.
      let isDefault = words[0].hasSuffix("*")
      let isMeant = names.map { $0.contains(isDefault ? String(words[0].dropLast()) : words[0]) } ?? isDefault
      guard isMeant else { return nil }
      return Int(words[1].prefix { $0.isNumber })
    }.max()
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

  /// Time that a command of Slurm may take [s].
  private static let patience = 60.0

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
    // A controller that is busy or gone must not take a task's time.
    let isStopped = BackgroundMap(count: 1, threads: 1) { _ in
      let end = ContinuousClock.Instant.after(patience)
      while process.isRunning, end > .now { usleep(20_000) }
      defer { if process.isRunning { process.terminate() } }
      return process.isRunning
    }
    let printed = output.fileHandleForReading.readDataToEndOfFile()
    let said = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    _ = isStopped.wait(until: { false }, onWait: { _ in })
    if isStopped[0] == true {
      throw JobError("\(program) did not answer within \(Int(patience)) s", "scontrol ping; try again later")
    }
    return Outcome(
      status: process.terminationStatus, output: String(decoding: printed, as: UTF8.self),
      errors: String(decoding: said, as: UTF8.self))
  }
}
