import Foundation
import NessLinear
import NessModel
import NessRecord
import NessTrajectory

/// Runs an experiment: every point of its sweep, by theory and by simulation.
public struct Study: Sendable {
  /// The experiment.
  public let experiment: Experiment
  /// Threads; the results do not depend on it.
  public let threads: Int

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
    return ResultDocument(title: experiment.title, points: try results.map { try $0.get() })
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

    /// Surroundings of a study.
    public init(
      store: ResultStore?, onProgress: @escaping @Sendable (Progress) -> Void,
      onNote: @escaping @Sendable (String) -> Void, onSimulation: @escaping @Sendable () -> Void = {},
      shouldStop: @escaping @Sendable () -> Bool
    ) {
      self.store = store
      self.onProgress = onProgress
      self.onNote = onNote
      self.onSimulation = onSimulation
      self.shouldStop = shouldStop
    }
  }

  /// Simulation beside theory at every point.
  ///
  /// - Returns: the points that were finished, and the interrupted one if it had measured enough for an error bar; and
  ///   the points that failed, which are in the document with their theory and the reason.
  /// - Throws: `PointFailure` naming a point that cannot be run at all, before any work.
  public func run(in surroundings: Surroundings) throws -> (document: ResultDocument, failures: [PointFailure]) {
    let points = experiment.points()
    // Every request is completed before any work: what cannot be run is refused first.
    let plans = try points.map { point in
      do throws(Refusal) {
        return try SimulationPlan(experiment.run, for: point.model, threads: threads)
      } catch {
        throw PointFailure(point: point, reason: error.reason, isUnusable: true)
      }
    }
    let theory = try self.theory()
    surroundings.onSimulation()
    var document = ResultDocument(title: experiment.title, points: [])
    var failures: [PointFailure] = []
    for (index, point) in points.enumerated() {
      guard let plan = plans[index] else {
        document.points.append(theory.points[index])
        continue
      }
      if surroundings.shouldStop() {
        document.interrupted = true
        break
      }
      let part = { @Sendable (fraction: Double) in
        surroundings.onProgress(
          Progress(title: point.label, fraction: (Double(index) + fraction) / Double(points.count)))
      }
      let simulated: PointResult?
      do {
        simulated = try simulate(point, plan, surroundings, part)
      } catch let failure as PointFailure {
        failures.append(failure)
        var result = theory.points[index]
        result.notes.append("simulation failed: \(failure.reason)")
        document.points.append(result)
        continue
      }
      guard let simulated else {
        document.interrupted = true
        break
      }
      var result = theory.points[index]
      result.estimates += simulated.estimates
      result.notes += simulated.notes
      result.run = simulated.run
      document.points.append(result)
      document.interrupted = simulated.run?.stopReason == StopReason.interrupted.rawValue
      if document.interrupted { break }
    }
    return (document, failures)
  }

  private static func ending(_ outcome: SimulationOutcome) -> String {
    switch outcome.stopReason {
    case .targetReached: "target error reached at duration \(outcome.duration.short)"
    case .durationReached: "duration \(outcome.duration.short) done"
    case .interrupted: "interrupted at duration \(outcome.duration.short)"
    }
  }

  /// What a list of the store shows of a simulated point.
  private func summary(of point: ExperimentPoint, _ outcome: SimulationOutcome, started: Date) -> ResultSummary {
    let shown = outcome.answer.entries.first { $0.quantity == .heatCurrent } ?? outcome.answer.entries.first
    return ResultSummary(
      title: experiment.title ?? "", quantity: shown.map { "\($0.quantity)" } ?? "",
      parameters: point.parameters.map {
        .init($0.path, $0.value, dimension: experiment.dimension(ofParameter: $0.path))
      }, estimate: shown?.estimate, stopReason: outcome.stopReason.rawValue, started: started)
  }

  /// The simulated part of a point, from the store or computed; nil if it was interrupted before an error bar was known.
  private func simulate(
    _ point: ExperimentPoint, _ plan: SimulationPlan, _ surroundings: Surroundings,
    _ onProgress: @escaping @Sendable (Double) -> Void
  ) throws -> PointResult? {
    let key = CacheKey(
      Job.head("run") + CacheKey.lines(for: point.model) + CacheKey.lines(for: experiment.run))
    if let known = try surroundings.store?.load(PointResult.self, for: key) { return known }
    for note in plan.notes { surroundings.onNote(point.parameters.isEmpty ? note : "\(point.label): \(note)") }
    let start = Date()
    let outcome: SimulationOutcome
    do {
      outcome = try plan.simulate(onProgress, surroundings.shouldStop)
    } catch {
      if surroundings.shouldStop() { return nil }
      throw PointFailure(point: point, reason: "\(error)", isUnusable: error is Refusal)
    }
    var answer = outcome.answer
    answer.notes = plan.notes + answer.notes
    let run = RunInfo(
      seed: experiment.run.seed, timeStep: outcome.timeStep, burnIn: outcome.burnIn, duration: outcome.duration,
      replicas: experiment.run.replicas, stopReason: outcome.stopReason.rawValue)
    surroundings.onNote("\(point.label): \(Self.ending(outcome)) after \(Date().timeIntervalSince(start).short) s")
    let result = PointResult(parameters: [], answers: [answer], run: run)
    if outcome.stopReason != .interrupted {
      let summary = summary(of: point, outcome, started: start)
      do { try surroundings.store?.save(result, for: key, summary: summary) } catch {
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

  init(point: ExperimentPoint, reason: String, isUnusable: Bool) {
    self.point = point.parameters.isEmpty ? "" : point.label
    self.reason = reason
    self.isUnusable = isUnusable
  }

  /// The reason in words, for the user.
  public var description: String { point.isEmpty ? reason : "\(point): \(reason)" }
}

extension ExperimentPoint {
  /// The swept parameters with their values, or `simulation` without a sweep.
  var label: String {
    parameters.isEmpty ? "simulation" : parameters.map { "\($0.path) = \($0.value.short)" }.joined(separator: ", ")
  }
}
