import Foundation
import NessFiles
import NessModel
import NessSampling

/// Where the workers of a study meet: which point is next, what came out, how far the whole is, how much time is left.
final class PointQueue: Sendable {
  let runContext: Study.RunContext
  private let order: [Int]
  private let points: Int
  private let threads: Int
  private let clock: StudyClock
  private let lock = NSLock()
  // All access is under the lock.
  nonisolated(unsafe) private var taken = 0
  nonisolated(unsafe) private var working: [Int]
  nonisolated(unsafe) private var results: [Int: Result<PointResult?, any Error>] = [:]
  nonisolated(unsafe) private var fractions: [String: Double] = [:]
  nonisolated(unsafe) private var warnings: Set<String> = []
  nonisolated(unsafe) private var failedRecordings: [PointFailure] = []

  /// - Parameters:
  ///   - order: indices of the points to simulate, in the order in which they are begun.
  ///   - points: number of all points.
  ///   - threads: threads for all of them.
  ///   - clock: the time for all of them.
  init(order: [Int], points: Int, threads: Int, _ clock: StudyClock, _ runContext: Study.RunContext) {
    self.threads = threads
    working = Array(0..<max(1, min(threads, order.count)))
    self.order = order
    self.points = points
    self.clock = clock
    self.runContext = runContext
  }

  /// The next point to simulate; nil if there is none, the user wants no more or the time is over.
  func next() -> Int? {
    if clock.isStopped { return nil }
    return lock.withLock {
      guard taken < order.count else { return nil }
      taken += 1
      return order[taken - 1]
    }
  }

  /// Workers that begin.
  var workers: Int { lock.withLock { working.count } }

  /// The threads of a worker at present; those that the workers leave over go to the first of them.
  func threads(of worker: Int) -> Int {
    lock.withLock {
      let rank = working.firstIndex(of: worker) ?? 0
      return max(1, threads / working.count + (rank < threads % working.count ? 1 : 0))
    }
  }

  /// A worker finds nothing more to do, and leaves its threads to the others.
  func leave(_ worker: Int) { lock.withLock { if working.count > 1 { working.removeAll { $0 == worker } } } }

  /// When the point that was taken last must end: what is left of the time, shared evenly.
  func endOfNext() -> ContinuousClock.Instant? {
    let left = lock.withLock { order.count - taken + 1 }
    return clock.secondsLeft.map { .after(max(0, $0) / Double(max(1, left))) }
  }

  func finish(_ index: Int, _ result: Result<PointResult?, any Error>) {
    lock.withLock { results[index] = result }
  }

  /// What came out at a point; nil if it was not begun.
  func result(of index: Int) -> Result<PointResult?, any Error>? { lock.withLock { results[index] } }

  /// A point was simulated, but not recorded.
  func failRecording(_ failure: PointFailure) { lock.withLock { failedRecordings.append(failure) } }

  /// Why points were not recorded though they were simulated.
  var recordingFailures: [PointFailure] { lock.withLock { failedRecordings } }

  /// Warns of what may happen at every point, for the first of them only.
  func warnOnce(_ label: String, _ warning: String) {
    if lock.withLock({ warnings.insert(warning).inserted }) { runContext.onNote("warning: \(label) \(warning)") }
  }

  /// What the store has; nil, with a warning, where it cannot be read any more, for the work goes on without it.
  func readable(at point: ExperimentPoint, _ load: () throws -> PointResult?) -> PointResult? {
    do {
      return try load()
    } catch {
      warnOnce(point.label, "is simulated, for what is kept cannot be read: \(error)")
      return nil
    }
  }

  /// Reports the progress of one point as part of the whole.
  func progress(of label: String) -> @Sendable (Double) -> Void {
    { [self] fraction in
      let whole = lock.withLock {
        fractions[label] = fraction
        return fractions.values.reduce(Double(points - order.count), +) / Double(points)
      }
      runContext.onProgress(Study.Progress(title: label, fraction: whole))
    }
  }
}

/// The time that a study has, from the moment it is asked on: planning, theory and forecasts count.
package struct StudyClock: Sendable {
  /// Time for the whole [s]; nil for no limit.
  package let limit: Double?
  private let start = ContinuousClock.now
  private let shouldStop: @Sendable () -> Bool

  package init(limit: Double?, shouldStop: @escaping @Sendable () -> Bool) {
    self.limit = limit
    self.shouldStop = shouldStop
  }

  /// Time left [s], < 0 if it is over; nil for no limit.
  package var secondsLeft: Double? { limit.map { $0 - start.secondsAgo } }

  /// Whether the time is over.
  package var isOver: Bool { secondsLeft.map { $0 <= 0 } == true }

  /// Whether to end what is being done: the user wants it, or the time is over.
  package var isStopped: Bool { shouldStop() || isOver }

  /// Time for the verdicts where none is left [s].
  private static let secondsForVerdicts = 0.3

  /// What is made of the points that are finished; nil if the user or the time does not wait for it.
  func verdicts<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) throws -> Value? {
    let begin = ContinuousClock.now
    let seconds = secondsLeft.map { max(Self.secondsForVerdicts, $0) } ?? .infinity
    do {
      return try awaited(orGiveUp: { shouldStop() || begin.secondsAgo > seconds }, work)
    } catch is Interrupted {
      return nil
    }
  }
}

extension ResultDocument {
  /// Says that it has no verdicts, and why.
  mutating func giveUpVerdicts(isInterrupted: Bool) {
    if isInterrupted {
      interrupted = true
    } else {
      notes.append(Note.warning("the verdicts were not finished in the time given"))
    }
  }
}
