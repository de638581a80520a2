import Foundation
import NessFiles
import NessStudy

/// The folder of a job in a store: the experiment, the plan, the script, and of every task its store, progress and log.
package struct JobFolder: Sendable {
  /// Its absolute path.
  package let path: String

  /// Name of the job.
  package var name: String { URL(filePath: path).lastPathComponent }
  /// The experiment, complete in itself.
  package var experimentFile: String { "\(path)/experiment.yaml" }
  /// The script that Slurm runs.
  package var script: String { "\(path)/task.sh" }
  /// Where Slurm puts what the tasks say.
  package var logs: String { "\(path)/log" }

  private var planFile: String { "\(path)/plan.json" }

  /// An existing folder.
  ///
  /// - Throws: `JobError` if there is no plan in it.
  package init(path: String) throws(JobError) {
    self.path = URL(filePath: path).standardizedFileURL.path(percentEncoded: false).trimmingSlash
    guard FileManager.default.fileExists(atPath: planFile) else {
      throw JobError("\(path): no job is there", "ness status lists the jobs")
    }
  }

  /// A fresh folder in a store, named after the experiment file and numbered.
  ///
  /// - Throws: `JobError` if it cannot be made.
  init(in store: String, for file: String) throws(JobError) {
    let jobs = Self.jobs(in: store)
    let stem = URL(filePath: file).deletingPathExtension().lastPathComponent
      .map { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) ? $0 : "_" }
    do {
      try FileManager.default.createDirectory(atPath: jobs, withIntermediateDirectories: true)
    } catch { throw JobError("\(jobs): \(error.localizedDescription)", "name another directory with --store") }
    var number = 1
    // Whoever makes the directory owns the name.
    while mkdir("\(jobs)/\(String(stem))-\(number)", 0o777) != 0 {
      guard errno == EEXIST else {
        throw JobError("\(jobs): \(String(cString: strerror(errno)))", "name another directory with --store")
      }
      number += 1
    }
    path = "\(jobs)/\(String(stem))-\(number)"
  }

  private static func folder(of store: String) -> String {
    let folder = store.hasSuffix(".sqlite") ? URL(filePath: store).deletingLastPathComponent() : URL(filePath: store)
    return folder.standardizedFileURL.path(percentEncoded: false).trimmingSlash
  }

  private static func jobs(in store: String) -> String { folder(of: store) + "/jobs" }

  /// Waits until no other process shares points out from a store: two at once would share out the same ones.
  ///
  /// - Parameter onWait: told once that there is something to wait for.
  package static func submissionLock(in store: String, onWait: () -> Void) -> TaskLock? {
    TaskLock.wait(folder(of: store), file: "submit.lock", onWait: onWait)
  }

  /// All jobs of a store, oldest first.
  package static func all(in store: String) -> [JobFolder] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: jobs(in: store))) ?? []
    let folders = names.compactMap { try? JobFolder(path: "\(jobs(in: store))/\($0)") }
    let dated = folders.map { (date: (try? $0.plan())?.planned ?? "", folder: $0) }
    return dated.sorted { first, second in
      first.date != second.date
        ? first.date < second.date
        : first.folder.path.compare(second.folder.path, options: .numeric) == .orderedAscending
    }.map(\.folder)
  }

  /// The job of a store with a given name.
  package static func named(_ name: String, in store: String) throws(JobError) -> JobFolder {
    guard let job = all(in: store).first(where: { $0.name == name }) else {
      let known = all(in: store).map(\.name).joined(separator: ", ")
      throw JobError(
        "no job is named \(name) in \(store)",
        known.isEmpty ? "ness submit makes one; another store is named with --store" : "there are \(known)")
    }
    return job
  }

  /// The plan of the job.
  package func plan() throws(JobError) -> JobPlan {
    let remedy = "delete the folder of the job and submit its file again"
    var plan: JobPlan
    do {
      plan = try JSONDecoder().decode(JobPlan.self, from: Data(contentsOf: URL(filePath: planFile)))
    } catch { throw JobError("\(planFile): it cannot be read: \(error.localizedDescription)", remedy) }
    if let fault = plan.fault { throw JobError("\(planFile): it is damaged: \(fault)", remedy) }
    if plan.names == nil { plan.rename(namesOfToday) }
    return plan
  }

  /// Names of results in a job of before version 3 of the store; none if its experiment cannot be read any more.
  private var namesOfToday: [String: String] {
    (try? Experiment(contentsOfFile: experimentFile)).map { Study($0, threads: 1).namesOfToday() } ?? [:]
  }

  /// Keeps the plan.
  func write(_ plan: JobPlan) throws { try write(OrderedJSON.text(of: plan.sealed()), to: planFile) }

  private func blockedStartsFile(_ task: Int) -> String { "\(directory(ofTask: task))/blocked-starts" }

  /// Takes note of a start that found the task in the hands of another process all its time.
  ///
  /// - Returns: how many there were in a row.
  func countBlockedStart(ofTask task: Int) -> Int {
    let file = blockedStartsFile(task)
    let before = (try? String(contentsOfFile: file, encoding: .utf8)).flatMap { Int($0) } ?? 0
    let starts = max(0, min(before, 1000)) + 1
    // Where nothing can be written the task must not be started for ever either.
    do { try write("\(starts)", to: file) } catch { return .max }
    return starts
  }

  func forgetBlockedStarts(ofTask task: Int) { unlink(blockedStartsFile(task)) }

  /// Folder of a task, which holds its store.
  package func directory(ofTask task: Int) -> String { "\(path)/task-\(task)" }

  /// Size of the stores of so many tasks [bytes].
  package func bytes(ofTasks count: Int) -> Int {
    (0..<count).reduce(0) { sum, task in
      var status = stat()
      let isThere = stat("\(directory(ofTask: task))/results.sqlite", &status) == 0
      return sum + (isThere ? Int(status.st_size) : 0)
    }
  }

  /// Where a task puts copies of its store for other machines.
  func publication(ofTask task: Int) -> String { "\(directory(ofTask: task))/published" }

  private func progressFile(_ task: Int) -> String { "\(directory(ofTask: task))/progress.json" }

  /// How far a task says it is; nil if it has not begun.
  package func progress(ofTask task: Int) -> TaskProgress? {
    (try? Data(contentsOf: URL(filePath: progressFile(task))))
      .flatMap { try? JSONDecoder().decode(TaskProgress.self, from: $0) }
      .map { told in
        if told.names != nil { return told }
        var told = told
        let known = namesOfToday
        told.names = JobPlan.namesOfToday
        told.finished = Set(told.finished.map { known[$0] ?? $0 })
        return told
      }
  }

  func write(_ progress: TaskProgress, ofTask task: Int) throws {
    try write(OrderedJSON.text(of: progress), to: progressFile(task))
  }

  /// Writes a file wholly or not at all.
  func write(_ text: String, to file: String) throws {
    try OutputFile(file).write(Data(text.utf8))
  }

  /// The last lines that a task of an array has said.
  func logTail(ofJob job: Int, element: Int, lines: Int = 5) -> [String] {
    guard let file = FileHandle(forReadingAtPath: "\(logs)/\(job)_\(element).txt") else { return [] }
    defer { try? file.close() }
    let size = (try? file.seekToEnd()) ?? 0
    try? file.seek(toOffset: size > 4000 ? size - 4000 : 0)
    let text = String(decoding: (try? file.readToEnd()) ?? Data(), as: UTF8.self)
    return text.split(separator: "\n").suffix(lines).map(String.init)
  }
}

extension String {
  fileprivate var trimmingSlash: String { count > 1 && hasSuffix("/") ? String(dropLast()) : self }
}

/// Why a job cannot be made, run or looked at, with the remedy.
package struct JobError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong.
  package let reason: String
  /// What to do about it.
  package let remedy: String

  init(_ reason: String, _ remedy: String) {
    self.reason = reason
    self.remedy = remedy
  }

  /// The reason with the remedy, in one line.
  package var description: String { remedy.isEmpty ? reason : "\(reason) (\(remedy))" }
}
