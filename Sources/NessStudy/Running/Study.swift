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
  ///   - shouldStop: asked before every point; true ends the work with `Interrupted`.
  public func theory(
    methods: Set<NessModel.Method>? = nil, profile: Bool? = nil,
    onProgress: @escaping @Sendable (Double) -> Void = { _ in },
    shouldStop: @escaping @Sendable () -> Bool = { false }
  ) throws -> ResultDocument {
    let points = experiment.points()
    let work = points.reduce(0.0) { $0 + pow(2 * Double($1.model.medium.sites), 3) }
    let withProfile = profile ?? (work < ExactSolvers.profileBudget)
    let done = WorkCount(total: points.count, onProgress)
    onProgress(0)
    let results = concurrentMap(count: points.count, threads: threads) { index in
      Result {
        defer { done.addOne() }
        if shouldStop() { throw Interrupted() }
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
    /// Whether short points come first, so that there is something to look at soon; long ones first end sooner as a whole.
    public var beginsWithShortPoints = false
    /// Whether to find out by a short run, of a second or two, how long the study will take.
    public var wantsForecast = true
    /// Told the index in `points()` of a point that is being simulated, its parameters and the simulated estimates so far,
    /// each with its error bar: a few times a second, from several threads. The point is not finished: `run` is nil,
    /// theory and budgets are missing, and a later look may give more quantities. nil if nobody looks.
    public var onLook: (@Sendable (_ index: Int, PointResult) -> Void)?
    /// Told the index in `points()` of a point that is finished and what the document will hold of it, theory included,
    /// from several threads; what needs no simulation or is in the store, at once at the beginning. A point that failed
    /// says so in its notes; one that was interrupted before an error bar was known is not told.
    public var onPoint: @Sendable (_ index: Int, PointResult) -> Void = { _, _ in }

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

  /// Simulation beside theory at every point; several points at a time where there are threads for it, long ones first.
  ///
  /// - Returns: all points in order: those that were finished, and of an interrupted study also those that had measured
  ///   enough for an error bar; and the points that failed, which are in the document with their theory and the reason.
  /// - Throws: `PointFailure` naming a point that cannot be run at all, before any work.
  public func run(in surroundings: Surroundings) throws -> (document: ResultDocument, failures: [PointFailure]) {
    let points = experiment.points()
    let plans = try plans(points)
    let theory = try self.theory()
    let known = try points.map { try surroundings.store?.load(PointResult.self, for: key(of: $0)) }
    // What is not simulated has nothing to add to theory.
    let there = points.indices.map { plans[$0] == nil ? PointResult() : known[$0] }
    for (index, result) in there.enumerated() {
      if let result { surroundings.onPoint(index, theory.points[index].joined(with: result)) }
    }
    let missing = zip(plans, known).compactMap { plan, result in result == nil ? plan : nil }
    let limit = surroundings.timeLimit
    if surroundings.wantsForecast, let forecast = StudyForecast(missing, threads: threads, timeLimit: limit) {
      surroundings.onNote(forecast.text(timeLimit: limit))
    }
    surroundings.onSimulation()
    let work = points.indices.filter { plans[$0] != nil && known[$0] == nil }
    let longFirst = work.sorted { (plans[$0]?.cost ?? 0, $1) > (plans[$1]?.cost ?? 0, $0) }
    let floor = StudyFloor(
      order: surroundings.beginsWithShortPoints ? longFirst.reversed() : longFirst, points: points.count,
      timeLimit: limit, surroundings)
    let workers = max(1, min(threads, work.count))
    _ = concurrentMap(count: workers, threads: workers) { worker in
      // The threads that the workers leave over go to the first of them.
      let own = threads / workers + (worker < threads % workers ? 1 : 0)
      while let index = floor.next() {
        guard let plan = plans[index] else { continue }
        let onLook = surroundings.onLook.map { onLook in { @Sendable in onLook(index, $0) } }
        let result = Result { try simulate(points[index], plan, floor, threads: own, onLook: onLook) }
        floor.finish(index, result)
        if let whole = try? theory.points[index].joined(with: result) { surroundings.onPoint(index, whole) }
      }
    }
    return try document(points, theory, there, floor)
  }

  /// Puts theory and simulation together.
  private func document(
    _ points: [ExperimentPoint], _ theory: ResultDocument, _ known: [PointResult?], _ floor: StudyFloor
  ) throws -> (document: ResultDocument, failures: [PointFailure]) {
    var document = ResultDocument(title: experiment.title, points: [])
    var failures: [PointFailure] = []
    for index in points.indices {
      let outcome = known[index].map { .success($0) } ?? floor.result(of: index)
      if case .failure(let failure as PointFailure)? = outcome { failures.append(failure) }
      guard let result = try theory.points[index].joined(with: outcome) else {
        document.interrupted = true
        continue
      }
      if result.run?.stopReason == StopReason.interrupted.rawValue { document.interrupted = true }
      document.points.append(result)
    }
    if !document.interrupted { document.verdicts = Verdict.all(of: zip(points, document.points).map { ($0, $1) }) }
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

  /// What the states of a point's simulation depend on: all but how long and how many.
  func family(of point: ExperimentPoint) -> CacheKey {
    CacheKey(Job.head("state") + CacheKey.lines(for: point.model) + CacheKey.familyLines(for: experiment.run))
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
  private func summary(
    of point: ExperimentPoint, _ answer: Answer?, _ stopReason: StopReason?, started: Date
  ) -> ResultSummary {
    let shown = answer?.entries.first { $0.quantity == .heatCurrent } ?? answer?.entries.first
    return ResultSummary(
      title: experiment.title ?? "", quantity: shown.map { "\($0.quantity)" } ?? "",
      parameters: point.parameters.map {
        .init($0.path, $0.value, dimension: experiment.dimension(ofParameter: $0.path))
      }, estimate: shown?.estimate, stopReason: stopReason?.rawValue, started: started)
  }

  /// Where the state of a point's simulation is kept.
  private func keeper(of point: ExperimentPoint, on floor: StudyFloor, started: Date) -> StateKeeper? {
    guard let store = floor.surroundings.store, !store.isReadOnly else { return nil }
    let (key, family) = (key(of: point), family(of: point))
    let summary = summary(of: point, nil, nil, started: started)
    return StateKeeper(store, key, family, summary) { warning in
      floor.warnOnce("at \(point.label):", warning)
    }
  }

  /// The simulated part of a point; nil if it was interrupted before an error bar was known.
  private func simulate(
    _ point: ExperimentPoint, _ plan: SimulationPlan, _ floor: StudyFloor, threads: Int,
    onLook: (@Sendable (PointResult) -> Void)?
  ) throws -> PointResult? {
    let surroundings = floor.surroundings
    for note in plan.notes { surroundings.onNote(point.parameters.isEmpty ? note : "\(point.label): \(note)") }
    let (start, end) = (Date(), floor.endOfNext())
    let outcome: SimulationOutcome
    do {
      outcome = try plan.simulate(
        JobContext(
          threads: threads, onProgress: floor.progress(of: point.label),
          shouldStop: { surroundings.shouldStop() || end.map { Date() > $0 } == true },
          stateKeeper: keeper(of: point, on: floor, started: start),
          onLook: onLook.map { onLook in
            { @Sendable in onLook(PointResult(parameters: point.parameters, answers: [$0])) }
          }))
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
    let seconds = Date().timeIntervalSince(start)
    let result = PointResult(parameters: [], answers: [answer], run: run)
    // What a clock or a user ended is not what the file asked for.
    if stopReason != .interrupted && stopReason != .budget {
      let summary = summary(of: point, answer, stopReason, started: start)
      do {
        try surroundings.store?.save(result, for: key(of: point), summary: summary, family: family(of: point))
      } catch {
        floor.warnOnce(point.label, "could not be kept for reuse: \(error)")
      }
    }
    // Said when it is kept.
    surroundings.onNote("\(point.label): \(Self.ending(outcome, stopReason)) after \(seconds.short) s")
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

extension PointResult {
  /// Theory with what a simulation found.
  func joined(with simulated: PointResult) -> PointResult {
    var joined = self
    joined.estimates += simulated.estimates
    joined.notes += simulated.notes
    joined.run = simulated.run
    return joined
  }

  /// Theory with what came of a simulation; nil if that was not begun, or interrupted before an error bar was known.
  ///
  /// - Throws: what ends a study.
  fileprivate func joined(with outcome: Result<PointResult?, any Error>?) throws -> PointResult? {
    switch outcome {
    case .success(let simulated?): return joined(with: simulated)
    case .success(nil), nil: return nil
    case .failure(let failure as PointFailure)?:
      var failed = self
      failed.notes.append("simulation failed: \(failure.reason)")
      return failed
    case .failure(let error)?: throw error
    }
  }
}

extension ExperimentPoint {
  /// The swept parameters with their values, or `simulation` without a sweep.
  var label: String {
    parameters.isEmpty ? "simulation" : parameters.map { "\($0.path) = \($0.value.short)" }.joined(separator: ", ")
  }
}
