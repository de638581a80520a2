import Foundation
import NessRecord

/// Where the workers of a study meet: which point is next, what came out, how far the whole is, how much time is left.
final class StudyFloor: Sendable {
  let surroundings: Study.Surroundings
  private let order: [Int]
  private let points: Int
  private let end: Date?
  private let lock = NSLock()
  // All access is under the lock.
  nonisolated(unsafe) private var taken = 0
  nonisolated(unsafe) private var results: [Int: Result<PointResult?, any Error>] = [:]
  nonisolated(unsafe) private var fractions: [String: Double] = [:]
  nonisolated(unsafe) private var warnings: Set<String> = []

  /// - Parameters:
  ///   - order: indices of the points to simulate, in the order in which they are begun.
  ///   - points: number of all points.
  ///   - timeLimit: time for all of them [s]; nil for no limit.
  init(order: [Int], points: Int, timeLimit: Double?, _ surroundings: Study.Surroundings) {
    self.order = order
    self.points = points
    self.surroundings = surroundings
    end = timeLimit.map { Date().addingTimeInterval($0) }
  }

  /// The next point to simulate; nil if there is none, or the user wants no more.
  func next() -> Int? {
    if surroundings.shouldStop() { return nil }
    return lock.withLock {
      guard taken < order.count else { return nil }
      taken += 1
      return order[taken - 1]
    }
  }

  /// When the point that was taken last must end: what is left of the time, shared evenly.
  func endOfNext() -> Date? {
    let left = lock.withLock { order.count - taken + 1 }
    return end.map { Date().addingTimeInterval(max(0, $0.timeIntervalSinceNow) / Double(max(1, left))) }
  }

  func finish(_ index: Int, _ result: Result<PointResult?, any Error>) {
    lock.withLock { results[index] = result }
  }

  /// What came out at a point; nil if it was not begun.
  func result(of index: Int) -> Result<PointResult?, any Error>? { lock.withLock { results[index] } }

  /// Warns of what may happen at every point, for the first of them only.
  func warnOnce(_ label: String, _ warning: String) {
    if lock.withLock({ warnings.insert(warning).inserted }) { surroundings.onNote("warning: \(label) \(warning)") }
  }

  /// Reports the progress of one point as part of the whole.
  func progress(of label: String) -> @Sendable (Double) -> Void {
    { [self] fraction in
      let whole = lock.withLock {
        fractions[label] = fraction
        return fractions.values.reduce(Double(points - order.count), +) / Double(points)
      }
      surroundings.onProgress(Study.Progress(title: label, fraction: whole))
    }
  }
}
