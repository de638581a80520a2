import Foundation
import NessLinear
import NessModel
import NessRecord
import NessTrajectory

/// Runs an experiment: every point of its sweep, by theory and by simulation.
public struct Study: Sendable {
  /// The experiment.
  public internal(set) var experiment: Experiment
  /// Threads; the results do not depend on it.
  public let threads: Int
  /// Whether every chain is simulated once more at twice the time step, to measure the bias of the step.
  public var checksStep = false

  /// A study of an experiment.
  public init(_ experiment: Experiment, threads: Int) {
    self.experiment = experiment
    self.threads = threads
  }

  /// Exact and approximate theory at every point.
  ///
  /// - Parameters:
  ///   - methods: methods that were asked for; their refusals are part of the result. Nil for all that apply, silently.
  ///   - profile: whether to add kinetic temperatures and bond currents; nil adds them where it takes no time.
  ///   - onProgress: told the part of the points that is done.
  public func theory(
    methods: Set<NessModel.Method>? = nil, profile: Bool? = nil,
    onProgress: @escaping @Sendable (Double) -> Void = { _ in }
  ) throws -> ResultDocument {
    let points = experiment.points()
    let work = points.reduce(0.0) { $0 + pow(2 * Double($1.model.medium.sites), 3) }
    let withProfile = profile ?? (work < ExactSolvers.profileBudget)
    let done = WorkCount(total: points.count, onProgress)
    onProgress(0)
    let results = concurrentMap(count: points.count, threads: threads) { index in
      Result {
        defer { done.addOne() }
        let (answer, refusals) = try ExactSolvers.answer(points[index].model, methods: methods, profile: withProfile)
        return PointResult(parameters: points[index].parameters, answers: [answer], refusals: refusals)
      }
    }
    let found = try results.map { try $0.get() }
    return ResultDocument(
      title: experiment.title, points: found, verdicts: Verdict.all(of: zip(points, found).map { ($0, $1) }))
  }

  /// How far a study is.
  public struct Progress: Sendable {
    /// What is being done.
    public let title: String
    /// Part of the whole, 0 to 1.
    public let fraction: Double
  }

  /// What a simulated study needs of its surroundings.
  public struct Surroundings: Sendable {
    /// Where finished points are kept and looked up; nil for nowhere.
    public var store: ResultStore?
    /// Told how far the study is.
    public var onProgress: @Sendable (Progress) -> Void
    /// Told of choices and findings, as they are made.
    public var onNote: @Sendable (String) -> Void
    /// Told when theory is done and the simulation begins: from here on an interruption keeps what was measured.
    public var onSimulation: @Sendable () -> Void
    /// Asked whether to stop; what was measured until then is kept.
    public var shouldStop: @Sendable () -> Bool
    /// Time for the whole study [s], shared evenly by the points that are left; nil for no limit.
    public var timeLimit: Double?

    /// Surroundings of a study.
    public init(
      store: ResultStore?, onProgress: @escaping @Sendable (Progress) -> Void,
      onNote: @escaping @Sendable (String) -> Void, onSimulation: @escaping @Sendable () -> Void = {},
      shouldStop: @escaping @Sendable () -> Bool, timeLimit: Double? = nil
    ) {
      self.store = store
      self.onProgress = onProgress
      self.onNote = onNote
      self.onSimulation = onSimulation
      self.shouldStop = shouldStop
      self.timeLimit = timeLimit
    }
  }

  /// Simulation beside theory at every point.
  ///
  /// - Returns: the points that were finished, and the interrupted one if it had measured enough for an error bar; and
  ///   the points that failed, which are in the document with their theory and the reason.
  /// - Throws: `PointFailure` naming a point that cannot be run at all, before any work.
  public func run(in surroundings: Surroundings) throws -> (document: ResultDocument, failures: [PointFailure]) {
    let points = experiment.points()
    let plans = try plans(points)
    let theory = try self.theory()
    let clock = StudyClock(timeLimit: surroundings.timeLimit)
    let known = try points.map { try surroundings.store?.load(PointResult.self, for: key(of: $0)) }
    let missing = zip(plans, known).compactMap { plan, result in result == nil ? plan : nil }
    let limit = surroundings.timeLimit
    if let forecast = StudyForecast(missing, threads: threads, timeLimit: limit) {
      surroundings.onNote(forecast.text(timeLimit: limit))
    }
    surroundings.onSimulation()
    var document = ResultDocument(title: experiment.title, points: [])
    var failures: [PointFailure] = []
    for (index, point) in points.enumerated() {
      var result = theory.points[index]
      if let plan = plans[index] {
        let whole = Double(points.count)
        let part = { @Sendable (fraction: Double) in
          surroundings.onProgress(Progress(title: point.label, fraction: (Double(index) + fraction) / whole))
        }
        let end = clock.end(pointsLeft: points.count - index)
        if surroundings.shouldStop() { return (document.cutShort, failures) }
        do {
          guard let simulated = try known[index] ?? simulate(point, plan, surroundings, until: end, part) else {
            return (document.cutShort, failures)
          }
          result.take(simulated)
        } catch let failure as PointFailure {
          failures.append(failure)
          result.notes.append("simulation failed: \(failure.reason)")
        }
      }
      document.points.append(result)
      if result.run?.stopReason == StopReason.interrupted.rawValue { return (document.cutShort, failures) }
    }
    document.verdicts = Verdict.all(of: zip(points, document.points).map { ($0, $1) })
    return (document, failures)
  }

  /// How every point is to be simulated: every request is completed before any work, so what cannot be run is refused first.
  func plans(_ points: [ExperimentPoint]) throws -> [SimulationPlan?] {
    try points.map { point in
      do throws(Refusal) {
        return try SimulationPlan(experiment.run, for: point.model, threads: threads, checksStep: checksStep)
      } catch {
        throw PointFailure(point: point, reason: error.reason, isUnusable: true)
      }
    }
  }

  /// Everything that the simulated part of a point depends on.
  func key(of point: ExperimentPoint) -> CacheKey {
    let check: [CacheKey.Line] = checksStep ? [.text("step", "checked")] : []
    return CacheKey(
      Job.head("run with budget") + CacheKey.lines(for: point.model) + CacheKey.lines(for: experiment.run) + check)
  }

  private static func ending(_ outcome: SimulationOutcome, _ stopReason: StopReason) -> String {
    switch stopReason {
    case .targetReached: "target error reached at duration \(outcome.duration.short)"
    case .durationReached: "duration \(outcome.duration.short) done"
    case .budget: "time limit reached at duration \(outcome.duration.short)"
    case .interrupted: "interrupted at duration \(outcome.duration.short)"
    }
  }

  /// What a list of the store shows of a simulated point.
  private func summary(of point: ExperimentPoint, _ outcome: SimulationOutcome, _ stopReason: StopReason, started: Date)
    -> ResultSummary
  {
    let shown = outcome.answer.entries.first { $0.quantity == .heatCurrent } ?? outcome.answer.entries.first
    return ResultSummary(
      title: experiment.title ?? "", quantity: shown.map { "\($0.quantity)" } ?? "",
      parameters: point.parameters.map {
        .init($0.path, $0.value, dimension: experiment.dimension(ofParameter: $0.path))
      }, estimate: shown?.estimate, stopReason: stopReason.rawValue, started: started)
  }

  /// The simulated part of a point, computed until a given time at the latest; nil if it was interrupted before an error
  /// bar was known.
  private func simulate(
    _ point: ExperimentPoint, _ plan: SimulationPlan, _ surroundings: Surroundings, until end: Date?,
    _ onProgress: @escaping @Sendable (Double) -> Void
  ) throws -> PointResult? {
    for note in plan.notes { surroundings.onNote(point.parameters.isEmpty ? note : "\(point.label): \(note)") }
    let start = Date()
    let outcome: SimulationOutcome
    do {
      outcome = try plan.simulate(onProgress) { surroundings.shouldStop() || end.map { Date() > $0 } == true }
    } catch {
      if surroundings.shouldStop() { return nil }
      if let end, Date() > end { throw PointFailure(outOfTime: point) }
      throw PointFailure(point: point, reason: "\(error)", isUnusable: error is Refusal)
    }
    var answer = outcome.answer
    answer.notes = plan.notes + answer.notes
    let stopReason =
      outcome.stopReason == .interrupted && !surroundings.shouldStop() ? .budget : outcome.stopReason
    let run = RunInfo(
      seed: experiment.run.seed, timeStep: outcome.timeStep, burnIn: outcome.burnIn, duration: outcome.duration,
      replicas: experiment.run.replicas, stopReason: stopReason.rawValue)
    surroundings.onNote(
      "\(point.label): \(Self.ending(outcome, stopReason)) after \(Date().timeIntervalSince(start).short) s")
    let result = PointResult(parameters: [], answers: [answer], run: run)
    // What a clock or a user ended is not what the file asked for.
    if stopReason != .interrupted && stopReason != .budget {
      let summary = summary(of: point, outcome, stopReason, started: start)
      do { try surroundings.store?.save(result, for: key(of: point), summary: summary) } catch {
        surroundings.onNote("warning: \(point.label) could not be kept for reuse: \(error)")
      }
    }
    return result
  }
}

/// A point of a study that could not be computed.
public struct PointFailure: Error, CustomStringConvertible, Sendable {
  /// Which point, for example `baths.left.temperature = 20`; empty for an experiment without a sweep.
  public let point: String
  /// Why.
  public let reason: String
  /// True if the input cannot be used at all, false if the computation failed.
  public let isUnusable: Bool
  /// True if the time limit ended before an error bar was known.
  public let isOutOfTime: Bool

  init(point: ExperimentPoint, reason: String, isUnusable: Bool, isOutOfTime: Bool = false) {
    self.point = point.parameters.isEmpty ? "" : point.label
    self.reason = reason
    self.isUnusable = isUnusable
    self.isOutOfTime = isOutOfTime
  }

  init(outOfTime point: ExperimentPoint) {
    self.init(
      point: point, reason: "the time limit ended before an error bar was known", isUnusable: false, isOutOfTime: true)
  }

  /// The reason in words, for the user.
  public var description: String { point.isEmpty ? reason : "\(point): \(reason)" }
}

extension ResultDocument {
  /// The document as it is, marked as interrupted.
  fileprivate var cutShort: ResultDocument {
    var copy = self
    copy.interrupted = true
    return copy
  }
}

extension PointResult {
  /// Adds what a simulation found.
  fileprivate mutating func take(_ simulated: PointResult) {
    estimates += simulated.estimates
    notes += simulated.notes
    run = simulated.run
  }
}

/// The time that is left for the points of a study.
private struct StudyClock {
  private let end: Date?

  init(timeLimit: Double?) { end = timeLimit.map { Date().addingTimeInterval($0) } }

  /// When the next of the points that are left must end.
  func end(pointsLeft: Int) -> Date? {
    end.map { Date().addingTimeInterval(max(0, $0.timeIntervalSinceNow) / Double(pointsLeft)) }
  }
}

extension ExperimentPoint {
  /// The swept parameters with their values, or `simulation` without a sweep.
  var label: String {
    parameters.isEmpty ? "simulation" : parameters.map { "\($0.path) = \($0.value.short)" }.joined(separator: ", ")
  }
}
