import Foundation
import NessModel
import NessSampling
import NessStore

/// Tells how far a task is: in a file, and by copies of its store for other machines.
final class TaskLog: @unchecked Sendable {
  // Unchecked: whatever changes is read and written under `lock` alone, from the points that are worked on at a time.
  private static let progressInterval = 5.0
  private static let publicationInterval = 60.0
  /// Part of the time that copies for other machines may take.
  private static let publicationShare = 0.02
  /// Size of a store that is copied in a moment [bytes].
  private static let smallStore = 64 << 20

  private let folder: JobFolder
  private let task: Int
  private let results: [String]
  private let store: ResultStore
  private let start = ContinuousClock.now
  private let secondsBefore: Double
  /// Points that were not finished when this start began.
  private let left: Int
  private let lock = NSLock()
  private var progress: TaskProgress
  private var told = ContinuousClock.now
  private var published = ContinuousClock.now
  /// Time that the last copy took [s].
  private var publicationCost = 0.0
  /// What was finished in the last copy; nil if there was none by this start.
  private var publishedFinished: Set<String>?
  private var hasMoved = false

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

  /// Whether a simulation has done some of its work since this start.
  var hasBegun: Bool { lock.withLock { hasMoved } }

  /// Takes note of how far the point in work is.
  func advance(_ point: String, _ fraction: Double) {
    lock.withLock {
      if fraction > 0 { hasMoved = true }
      progress.point = point
      let done = Double(results.count - left)
      progress.fraction = (done + fraction * Double(left)) / Double(results.count)
      guard told.secondsAgo > Self.progressInterval else { return }
      // What cannot be told now is told later; the results do not depend on it.
      try? refresh()
      if published.secondsAgo > max(Self.publicationInterval, publicationCost / Self.publicationShare) {
        try? publish()
        published = .now
      }
    }
  }

  /// Takes note of the end of this start.
  func end(hasAdvanced: Bool) throws {
    try lock.withLock {
      progress.point = nil
      progress.idleStarts = hasAdvanced ? 0 : progress.idleStarts + 1
      try refresh()
      // A large state is of use to the task alone, and its copy would take time that the task does not have.
      if progress.finished != publishedFinished, !progress.finished.isEmpty || store.bytes <= Self.smallStore {
        try publish()
      }
    }
  }

  private func publish() throws {
    let start = ContinuousClock.now
    let finished = try store.finished(among: results)
    try store.publish(to: folder.publication(ofTask: task))
    publishedFinished = finished
    publicationCost = start.secondsAgo
  }

  private func refresh() throws {
    progress.finished = try store.finished(among: results)
    try tell()
  }

  private func tell() throws {
    progress.seconds = secondsBefore + start.secondsAgo
    progress.updated = Date().formatted(.iso8601)
    told = .now
    try folder.write(progress, ofTask: task)
  }
}
