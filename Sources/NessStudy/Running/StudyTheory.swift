import NessFiles
import NessModel
import NessSampling
import Synchronization

/// Theory beside a simulated study. It comes first, for a fifth of the time where that is limited, and then goes on while
/// the simulation runs; what is not there in the end is said.
final class StudyTheory: Sendable {
  private let points: [ExperimentPoint]
  private let isWanted: Bool
  private let onProgress: @Sendable (Study.Progress) -> Void
  private let results: BackgroundMap<(result: PointResult, failure: String?)?>
  private let isGivenUp = Flag()

  private final class Flag: Sendable {
    let isUp = Atomic(false)
  }

  /// Begins at once, if theory is wanted.
  init(_ study: Study, _ points: [ExperimentPoint], _ runContext: Study.RunContext) {
    self.points = points
    isWanted = runContext.wantsTheory
    onProgress = runContext.onProgress
    let questions = study.questions(about: points)
    results = BackgroundMap(count: isWanted ? points.count : 0, threads: study.threads) { [isGivenUp] index in
      let point = points[index]
      do {
        let result = try Study.theory(
          questions, of: point, besideSimulation: point.isSimulated,
          WorkWatch(shouldStop: { isGivenUp.isUp.load(ordering: .relaxed) }))
        return (result, nil)
      } catch is Interrupted {
        return nil
      } catch {
        return (PointResult(parameters: point.parameters, notes: ["theory failed: \(error)"]), "\(error)")
      }
    }
  }

  /// Waits for all of it, until the user wants no more or its share of the time is over.
  func wait(_ clock: StudyClock) {
    let start = ContinuousClock.now
    let share = clock.limit.map { 0.2 * $0 } ?? .infinity
    wait { clock.isStopped || start.secondsAgo > share }
    if clock.isStopped { giveUp() }
  }

  /// Waits for what is left of it, as long as there is time; then no more of it is begun.
  func waitLonger(_ clock: StudyClock) {
    wait { clock.isStopped }
    giveUp()
  }

  /// Ends it in the middle of a point.
  func giveUp() {
    isGivenUp.isUp.store(true, ordering: .relaxed)
    results.cancel()
  }

  private func wait(until isEnough: () -> Bool) {
    _ = results.wait(until: isEnough) { done in
      onProgress(Study.Progress(title: "theory, \(done) of \(points.count) points", fraction: 0))
    }
  }

  /// Why a point has no theory; nil if it has, or none is wanted.
  func failure(of index: Int) -> PointFailure? {
    guard let known = results[index] ?? nil else {
      return isWanted ? PointFailure(outOfTime: points[index], before: "theory was finished") : nil
    }
    return known.failure.map { PointFailure(point: points[index], reason: $0, isUnusable: false) }
  }

  /// Theory of a point so far.
  subscript(index: Int) -> PointResult {
    if let known = results[index] ?? nil { return known.result }
    let note = "theory was not finished in the time given: ness theory gives it"
    return PointResult(parameters: points[index].parameters, notes: isWanted ? [note] : [])
  }
}
