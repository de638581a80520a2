import Foundation
import NessFiles
import NessModel
import NessSampling
import NessStore

extension Study {
  /// Everything that the simulated part of a point depends on.
  package func key(of point: ExperimentPoint) -> CacheKey {
    let check: [CacheKey.Line] = checksStep ? [.text("step", "checked")] : []
    return CacheKey(
      Job.head("run with budget", by: engines(of: point)) + CacheKey.lines(for: point.model)
        + CacheKey.lines(for: experiment.run) + check)
  }

  /// What the states of a point's simulation depend on: all but how long and how many.
  package func family(of point: ExperimentPoint) -> CacheKey {
    CacheKey(
      Job.head("state", by: engines(of: point)) + CacheKey.lines(for: point.model)
        + CacheKey.familyLines(for: experiment.run))
  }

  /// The engines that simulate a point, or stand for that.
  func engines(of point: ExperimentPoint) -> [EngineVersion] {
    SolverCatalogue.simulatingEngines(of: point.model)
  }

  private static func ending(_ outcome: SimulationOutcome, _ stopReason: StopReason) -> String {
    switch stopReason {
    case .targetReached: "target error reached at duration \(outcome.duration.short)"
    case .biasRemains:
      "the asked error is reached by the statistical one alone, at duration \(outcome.duration.short)"
    case .durationReached: "duration \(outcome.duration.short) done"
    case .budget: "time limit reached at duration \(outcome.duration.short)"
    case .interrupted: "interrupted at duration \(outcome.duration.short)"
    }
  }

  /// What a list of the store shows of a simulated point.
  func summary(
    of point: ExperimentPoint, _ answer: Answer?, _ stopReason: StopReason?, started: Date, seconds: Double = 0
  ) -> ResultSummary {
    let shown = answer?.entries.first { $0.quantity == .heatCurrent } ?? answer?.entries.first?.members.first
    return ResultSummary(
      title: experiment.title ?? "", quantity: shown.map { "\($0.quantity)" } ?? "",
      parameters: point.parameters.map {
        .init($0.path, $0.value, dimension: experiment.dimension(ofParameter: $0.path))
      }, estimate: shown?.estimate, stopReason: stopReason?.rawValue, started: started, seconds: seconds)
  }

  /// Where the state of a point's simulation is kept.
  ///
  /// - Parameter work: of another work than that of `key(of:)`, its name and what its states depend on.
  func keeper(
    of point: ExperimentPoint, as work: (key: CacheKey, family: CacheKey)? = nil, on queue: PointQueue, started: Date,
    isOver: @escaping @Sendable (Double) -> Bool
  ) -> StateKeeper? {
    guard let store = queue.runContext.store, !store.isReadOnly else { return nil }
    let (key, family) = work ?? (key(of: point), family(of: point))
    let summary = summary(of: point, nil, nil, started: started)
    var keeper = StateKeeper(store, key, family, summary) { warning in
      queue.warnOnce("at \(point.label):", warning)
    }
    keeper.isOver = isOver
    keeper.isAwaited = queue.runContext.shouldStop
    return keeper
  }

  /// The second run of a step check at a point, whose state is kept beside that of the first.
  private func check(of point: ExperimentPoint) -> (key: CacheKey, family: CacheKey)? {
    guard checksStep else { return nil }
    let lines = CacheKey.lines(for: point.model)
    return (
      CacheKey(Job.head("step check", by: engines(of: point)) + lines + CacheKey.lines(for: experiment.run)),
      CacheKey(
        Job.head("state of step check", by: engines(of: point)) + lines
          + CacheKey.familyLines(for: experiment.run))
    )
  }

  /// The simulated part of a point; nil if it was interrupted before an error bar was known.
  func simulate(
    _ point: ExperimentPoint, _ plan: SimulationPlan, _ recording: PointRecording?, _ queue: PointQueue, _ worker: Int,
    onLook: (@Sendable (PointResult) -> Void)?
  ) throws -> PointResult? {
    let known = recording == nil ? queue.readable(at: point) { try kept(point, in: queue.runContext.store) } : nil
    guard let result = try known ?? simulateOnce(point, plan, recording, queue, worker, onLook: onLook) else {
      return nil
    }
    return try addBesides(to: result, of: point, plan, queue, worker)
  }

  /// The run of a point itself.
  private func simulateOnce(
    _ point: ExperimentPoint, _ plan: SimulationPlan, _ recording: PointRecording?, _ queue: PointQueue, _ worker: Int,
    onLook: (@Sendable (PointResult) -> Void)?
  ) throws -> PointResult? {
    let runContext = queue.runContext
    for note in plan.notes where runContext.wantsChoices || Note.isWarning(note) {
      runContext.onNote(point.parameters.isEmpty ? note : Note.at(point.label, note))
    }
    let (start, date, end) = (ContinuousClock.now, Date(), queue.endOfNext())
    let isOver: @Sendable (Double) -> Bool = { seconds in
      runContext.isOver(seconds) || end.map { $0.secondsAgo > -seconds } == true
    }
    let file = try recording.map { try begin($0, of: point) }
    var watch = SamplingWatch<Answer>(
      threadsNow: { queue.threads(of: worker) }, onProgress: queue.progress(of: point.label),
      shouldStop: { runContext.shouldStop() || isOver(0) },
      stateKeeper: keeper(of: point, as: recording?.work, on: queue, started: date, isOver: isOver),
      onLook: onLook.map { onLook in
        { @Sendable in onLook(PointResult(parameters: point.parameters, answers: [$0])) }
      })
    if let file, let recording { watch.recording = SeriesRecording(recording.plan, in: file) }
    let check = check(of: point)
    let outcome: SimulationOutcome
    do {
      outcome = try plan.simulate(
        JobContext(
          threads: queue.threads(of: worker), watch: watch,
          checkKeeper: check.flatMap { keeper(of: point, as: $0, on: queue, started: date, isOver: isOver) }))
    } catch {
      if runContext.isEnded { return nil }
      // The time limit ends it as much earlier as its state takes.
      if Interrupted.isMeant(by: error) || isOver(0) {
        if end == nil { return nil }
        throw PointFailure(outOfTime: point)
      }
      throw PointFailure(point: point, reason: "\(error)", isUnusable: error is Refusal)
    }
    var answer = outcome.answer
    answer.notes = plan.notes + answer.notes
    let stopReason =
      outcome.stopReason == .interrupted && !runContext.shouldStop() ? .budget : outcome.stopReason
    let run = RunInfo(
      seed: experiment.run.seed, timeStep: outcome.timeStep, burnIn: outcome.burnIn, duration: outcome.duration,
      replicas: experiment.run.replicas, stopReason: stopReason.rawValue)
    let seconds = start.secondsAgo
    let result = PointResult(parameters: [], answers: [answer], run: run)
    if recording != nil, stopReason != .interrupted && stopReason != .budget { compare(result, of: point, queue) }
    // What a clock or a user ended is not what the file asked for.
    if stopReason != .interrupted && stopReason != .budget {
      let summary = summary(of: point, answer, stopReason, started: date, seconds: seconds)
      do {
        try runContext.store?.save(result, for: key(of: point), summary: summary, family: family(of: point))
        if let check { try runContext.store?.forgetWork(check.key) }
      } catch {
        queue.warnOnce(point.label, "could not be kept for reuse: \(error)")
      }
    }
    if let recording, let file { conclude(recording, file, of: point, outcome, stopReason, queue) }
    // Said when it is kept.
    runContext.onNote("\(point.label): \(Self.ending(outcome, stopReason)) after \(seconds.short) s")
    return result
  }
}
