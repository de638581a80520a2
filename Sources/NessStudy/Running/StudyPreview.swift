import Foundation
import NessFiles
import NessModel
import NessStore

/// What a study will do, before it does it: points, settings that will be chosen, expected time and error, theories and
/// refusals. Nothing is simulated but short trials, and nothing is kept.
package struct StudyPreview: Encodable, Sendable {
  /// A theory and what it will claim.
  package struct Theory: Encodable, Sendable {
    /// Its name.
    package let method: String
    /// Exact, or an approximation of what; the weakest of the points.
    package let claim: String
  }

  /// Something that is said of points.
  package struct Remark: Encodable, Hashable, Sendable {
    /// What is said.
    package let text: String
    /// The first point of which it is said; nil without a sweep.
    package let first: String?
    /// Number of points of which it is said.
    package internal(set) var points: Int
  }

  /// Title of the experiment.
  package let title: String?
  /// Number of points of the sweep.
  package let points: Int
  /// Those that are simulated.
  package let simulated: Int
  /// Those of them that are finished in the store.
  package let finished: Int
  /// Expected time of what is left to simulate, on the threads given [s]; nil if short trials cannot tell.
  package let seconds: Double?
  /// Largest relative error of the heat current to be expected, the statistical part alone unless an error was asked for;
  /// nil if it cannot be told.
  package let relativeError: Double?
  /// Expected time of the theories [s], on one thread.
  package let theorySeconds: Double
  /// The theories that answer.
  package let theories: [Theory]
  /// Why theories refuse a point or a question.
  package let refusals: [Remark]
  /// Settings that are chosen for the points that are left, and warnings.
  package let notes: [Remark]
}

extension Study {
  /// Looks at what a run would do.
  ///
  /// - Parameters:
  ///   - store: where finished points are looked up; nil for nowhere.
  ///   - shouldStop: asked during all of it.
  /// - Throws: `PointFailure` naming a point that cannot be run at all; `ExperimentError`; `Interrupted`.
  package func preview(
    store: ResultStore?, onProgress: @escaping @Sendable (Double) -> Void = { _ in },
    shouldStop: @escaping @Sendable () -> Bool = { false }
  ) throws -> StudyPreview {
    try SolverCatalogue.check(experiment)
    let clock = StudyClock(limit: nil, shouldStop: shouldStop)
    let points = experiment.points()
    let questions = questions(about: points)
    let simulated = points.filter(\.isSimulated)
    let missing = try simulated.filter { try store?.load(PointResult.self, for: key(of: $0)) == nil }
    let plans = try plans(simulated, clock) { onProgress(0.5 * Double($0) / Double(max(1, simulated.count))) }
    if shouldStop() { throw Interrupted() }
    let left = Set(missing.map(\.label))
    let tried = zip(simulated, plans).compactMap { point, plan in
      plan.flatMap { left.contains(point.label) ? (point: point, plan: $0) : nil }
    }
    let pilots = tried.map { (plan: $0.plan, current: SolverCatalogue.quickCurrent(of: $0.point.model)) }
    onProgress(0.5)
    var failures: [String: String] = [:]
    let forecast = StudyForecast(pilots, threads: threads, clock, evenIfShort: true) { place, error in
      failures[tried[place].point.label] = Note.warning(
        "simulation: a short trial failed, and so may the run: \(error)")
    }
    if shouldStop() { throw Interrupted() }
    let prospects = points.map { (point: $0, found: SolverCatalogue.prospects(questions, of: $0.model)) }
    let claims = prospects.flatMap(\.found.claims)
    return StudyPreview(
      title: experiment.title, points: points.count, simulated: simulated.count,
      finished: simulated.count - missing.count, seconds: missing.isEmpty ? 0 : forecast?.seconds,
      relativeError: forecast?.relativeError, theorySeconds: expectedSeconds(questions),
      theories: claims.weakest().ranked().filter(\.claim.isTheory).map {
        .init(method: $0.method.rawValue, claim: $0.claim.sentence)
      },
      refusals: Self.remarks(prospects.map { ($0.point, $0.found.refusals.map(\.description)) }),
      notes: Self.remarks(
        zip(simulated, plans).filter { left.contains($0.0.label) }.map {
          (
            $0,
            ($1?.notes ?? []) + [failures[$0.label], $1?.recorded?.note, shortness($1, questions)].compactMap { $0 }
          )
        }))
  }

  /// That a run will be too short for the cumulants that are asked for; nil if it will not.
  private func shortness(_ plan: SimulationPlan?, _ questions: Questions) -> String? {
    let families: [Quantity.Family] = [.heatNoise, .heatSkewness, .heatCovariance, .fanoFactor, .uncertaintyRatio]
    guard let asked = families.first(where: questions.isAsked), let needed = plan?.durationForCumulants() else {
      return nil
    }
    return Note.warning(
      "simulation: too short for \(asked.rawValue): run.duration \(needed.text(digits: 2)) or longer, or more replicas")
  }

  /// What is said of the points, each sentence once.
  private static func remarks(_ said: [(point: ExperimentPoint, sentences: [String])]) -> [StudyPreview.Remark] {
    var places: [String: Int] = [:]
    var remarks: [StudyPreview.Remark] = []
    for (point, sentences) in said {
      for sentence in sentences {
        if let place = places[sentence] {
          remarks[place].points += 1
        } else {
          places[sentence] = remarks.count
          remarks.append(.init(text: sentence, first: point.parameters.isEmpty ? nil : point.label, points: 1))
        }
      }
    }
    return remarks
  }
}
