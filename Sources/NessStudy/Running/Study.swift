import Foundation
import NessFiles
import NessModel
import NessSampling
import NessStore

/// Runs an experiment: every point of its sweep, by theory and by simulation.
package struct Study: Sendable {
  /// The experiment.
  package internal(set) var experiment: Experiment
  /// Threads; the results do not depend on it.
  package let threads: Int
  /// Whether every chain is simulated once more at twice the time step, to measure the bias of the step.
  package var checksStep = false
  /// What is asked of every point, by the experiment unless set; nil for what costs little: all that is simulated, and of theory
  /// what takes next to no time for all points together.
  package var questions: Questions?

  /// Methods of theory that answer beside the usual ones, where nobody names others: those that are costly and answer only if
  /// asked.
  package var moreMethods: Set<NessModel.Method> = []

  /// A study of an experiment.
  package init(_ experiment: Experiment, threads: Int) {
    self.experiment = experiment
    self.threads = threads
    questions = experiment.quantities
  }

  /// Exact and approximate theory at every point.
  ///
  /// - Parameters:
  ///   - methods: methods that were asked for; their refusals are part of the result. Nil for all that apply, silently.
  ///   - onProgress: told the part of the work that is done.
  ///   - shouldStop: asked before every point and during long ones; true ends the work with `Interrupted`.
  package func theory(
    methods: Set<NessModel.Method>? = nil,
    onProgress: @escaping @Sendable (Double) -> Void = { _ in },
    shouldStop: @escaping @Sendable () -> Bool = { false }
  ) throws -> ResultDocument {
    try SolverCatalogue.check(experiment)
    var document = try theoryOfPoints(methods, onProgress: onProgress, shouldStop: shouldStop)
    document.conclude(try verdicts(on: document.points))
    return document
  }

  /// As `theory`, without the verdicts.
  func theoryOfPoints(
    _ methods: Set<NessModel.Method>? = nil,
    onProgress: @escaping @Sendable (Double) -> Void = { _ in },
    shouldStop: @escaping @Sendable () -> Bool = { false }
  ) throws -> ResultDocument {
    let points = experiment.points()
    let questions = questions(about: points)
    let done = WorkCount(total: points.count, onProgress)
    onProgress(0)
    let results = concurrentMap(count: points.count, threads: threads) { index in
      Result {
        defer { done.addOne(index) }
        if shouldStop() { throw Interrupted() }
        return try Self.theory(
          questions, of: points[index], by: methods, also: moreMethods,
          WorkWatch(shouldStop: shouldStop) { done.work(on: index, is: $0) })
      }
    }
    return ResultDocument(title: experiment.title, points: try results.map { try $0.get() })
  }

  /// The verdicts on results of every point of the sweep, in its order.
  func verdicts(on results: [PointResult]) throws -> [Verdict] {
    if experiment.sweep == nil, let point = experiment.points().first, let result = results.first {
      return Verdict.atOnePoint(point.model, result)
    }
    return try verdicts(alongSweep: results)
  }

  private func verdicts(alongSweep results: [PointResult]) throws -> [Verdict] {
    try Verdict.all(
      of: zip(experiment.points(), results).map { ($0, $1) }, threads: threads, theory: SolverCatalogue.heatCurrent)
  }

  /// What is asked of some points: what was named, or what costs little.
  func questions(about points: [ExperimentPoint]) -> Questions {
    questions ?? SolverCatalogue.unasked(about: points.lazy.map(\.model))
  }

  /// Predicted time of theory at all points, on a usual core [s]; without what several points share.
  package func expectedSeconds(_ questions: Questions) -> Double {
    experiment.points().reduce(0) { $0 + SolverCatalogue.expectedSeconds(questions, about: $1.model) }
  }

  /// Theory at one point.
  static func theory(
    _ questions: Questions, of point: ExperimentPoint, by methods: Set<NessModel.Method>? = nil,
    also more: Set<NessModel.Method> = [], besideSimulation: Bool = false, _ watch: WorkWatch
  ) throws -> PointResult {
    let answer = try SolverCatalogue.answer(
      questions, of: point.model, by: methods, also: more, besideSimulation: besideSimulation, watch)
    return PointResult(parameters: point.parameters, answers: [answer], refusals: answer.refusals)
  }

  /// What is shown of a point: of all that is simulated, and kept, what was asked.
  func shown(_ result: PointResult) -> PointResult {
    let questions = questions ?? .usual
    var shown = result
    shown.estimates = shown.estimates.keeping { questions.contains($0.quantity) }
    // That something is left out is told to those who asked for it.
    shown.notes = shown.notes.filter { note in
      guard note.contains(" left out: ") else { return true }
      let names = Quantity.Family.allCases.filter { note.contains($0.rawValue) }
      return names.isEmpty || names.contains { !$0.isOnRequest || questions.isAsked($0) }
    }
    return shown
  }

  /// How far a study is.
  package struct Progress: Sendable {
    /// What is being done.
    package let title: String
    /// Part of the whole, 0 to 1.
    package let fraction: Double
  }

  /// What a simulated study needs of its surroundings.
  package struct RunContext: Sendable {
    /// Where finished points are kept and looked up; nil for nowhere.
    package var store: ResultStore?
    /// Told how far the study is.
    package var onProgress: @Sendable (Progress) -> Void
    /// Told of choices and findings, as they are made.
    package var onNote: @Sendable (String) -> Void
    /// Told when theory is done and the simulation begins: from here on an interruption keeps what was measured.
    package var onSimulation: @Sendable () -> Void
    /// Asked whether to stop; what was measured until then is kept, unless that takes long.
    package var shouldStop: @Sendable () -> Bool
    /// Whether the time of all is over in so many seconds; until then what was measured is kept. Unlike `timeLimit` it is not
    /// shared by the points.
    package var isOver: @Sendable (_ seconds: Double) -> Bool = { _ in false }
    /// Whether to end: the user wants it, or the time of all is over.
    var isEnded: Bool { shouldStop() || isOver(0) }
    /// Time for the whole study [s], planning and theory included, shared evenly by the points that are left; nil for no
    /// limit.
    package var timeLimit: Double?
    /// Folder of the files of what is recorded along the time (`run.record`); nil records nothing.
    package var recordings: String?
    /// Whether theory is computed too; else the document has what is simulated alone.
    package var wantsTheory = true
    /// Whether short points come first, so that there is something to look at soon; long ones first end sooner as a whole.
    package var beginsWithShortPoints = false
    /// Whether `onNote` is told of the settings that are chosen for a point; the results have them as notes in any case.
    package var wantsChoices = true
    /// Whether to find out by a short run, of a second and a fiftieth of the time limit at most, how long the study will take.
    package var wantsForecast = true
    /// Told the index in `points()` of a point that is being simulated, its parameters and the simulated estimates so far,
    /// each with its error bar: a few times a second, from several threads. The point is not finished: `run` is nil,
    /// theory and budgets are missing, and a later look may give more quantities. nil if nobody looks.
    package var onLook: (@Sendable (_ index: Int, PointResult) -> Void)?
    /// Told the index in `points()` of a point that is finished and what the document will hold of it, theory included,
    /// from several threads; what needs no simulation or is in the store, at once at the beginning. A point that failed
    /// says so in its notes; one that was interrupted before an error bar was known is not told.
    package var onPoint: @Sendable (_ index: Int, PointResult) -> Void = { _, _ in }

    /// RunContext of a study.
    package init(
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
  package func run(in runContext: RunContext) throws -> (document: ResultDocument, failures: [PointFailure]) {
    try SolverCatalogue.check(experiment)
    let clock = StudyClock(limit: runContext.timeLimit) { runContext.isEnded }
    let points = experiment.points()
    var known = try known(points, in: runContext)
    let isRecorded = experiment.run.record != nil && runContext.recordings != nil
    let wanted = points.indices.filter { known[$0] == nil || isRecorded && points[$0].isSimulated }
    let plans = try plans(wanted.map { points[$0] }, clock) { done in
      runContext.onProgress(Progress(title: "planning, \(done) of \(wanted.count) points", fraction: 0))
    }
    let recordings = try recordings(points, zip(wanted, plans), &known, runContext)
    let missing = wanted.filter { known[$0] == nil }
    let theory = StudyTheory(self, points, runContext)
    theory.wait(clock)
    for (index, result) in known.enumerated() {
      if let result { runContext.onPoint(index, shown(theory[index].joined(with: result))) }
    }
    let planned = zip(wanted, plans).compactMap { index, plan in
      known[index] == nil ? plan.map { (index: index, plan: $0) } : nil
    }
    if runContext.wantsForecast, !clock.isStopped {
      let pilots = planned.map { (plan: $0.plan, current: theory[$0.index].theoreticalCurrent) }
      if let forecast = StudyForecast(pilots, threads: threads, clock) {
        runContext.onNote(forecast.text(timeLimit: runContext.timeLimit))
      }
    }
    runContext.onSimulation()
    let longFirst = planned.sorted { ($0.plan.cost, $1.index) > ($1.plan.cost, $0.index) }
    let order = runContext.beginsWithShortPoints ? longFirst.reversed() : longFirst
    let queue = PointQueue(
      order: order.map(\.index), points: points.count, threads: threads, clock, runContext)
    let ways = Dictionary(uniqueKeysWithValues: planned.map { ($0.index, $0.plan) })
    let workers = queue.workers
    _ = concurrentMap(count: workers, threads: workers) { worker in
      defer { queue.leave(worker) }
      while let index = queue.next() {
        guard let plan = ways[index] else { continue }
        let onLook = runContext.onLook.map { onLook in { @Sendable in onLook(index, $0) } }
        let result = Result { try simulate(points[index], plan, recordings[index], queue, worker, onLook: onLook) }
        queue.finish(index, result)
        if let whole = try? theory[index].joined(with: result) { runContext.onPoint(index, shown(whole)) }
      }
    }
    if !runContext.isEnded {
      for index in missing where queue.result(of: index) == nil {
        queue.finish(index, .failure(PointFailure(outOfTime: points[index], before: "the simulation began")))
      }
      theory.waitLonger(clock)
    }
    theory.giveUp()
    return try document(points, theory, known, queue, clock)
  }

  /// What is known of the points without work: what is in the store, and nothing of what is not simulated at all.
  private func known(_ points: [ExperimentPoint], in runContext: RunContext) throws -> [PointResult?] {
    try points.map { point in
      // What is not simulated has nothing to add to theory.
      if !point.isSimulated { return PointResult() }
      if runContext.isEnded { return nil }
      guard let kept = try kept(point, in: runContext.store) else { return nil }
      return try withKeptBesides(kept, of: point, in: runContext.store)
    }
  }

  /// What the store has of the run of a point, if that answers what is asked.
  func kept(_ point: ExperimentPoint, in store: ResultStore?) throws -> PointResult? {
    let kept = try store?.load(PointResult.self, for: key(of: point))?.claimed(for: point.model)
    return kept.flatMap { isComplete($0, at: point) ? $0 : nil }
  }

  /// Whether a kept result answers what is asked by name: one of an earlier version may not have measured it.
  private func isComplete(_ result: PointResult, at point: ExperimentPoint) -> Bool {
    guard let questions else { return true }
    let asked = Quantity.Family.allCases.filter {
      $0.isOnRequest && !Self.besides.contains($0) && questions.isAsked($0)
    }
    if asked.isEmpty { return true }
    let offers = SolverCatalogue.simulator(for: point.model)?.offers(of: .simulation, for: point.model) ?? []
    return asked.allSatisfy { family in
      let isOffered = offers.contains { $0.family == family && $0.reason == nil }
      return !isOffered || result.estimates.contains { $0.quantity.family == family }
        || result.notes.contains { $0.contains(family.rawValue) }
    }
  }

  /// Puts theory and simulation together.
  private func document(
    _ points: [ExperimentPoint], _ theory: StudyTheory, _ known: [PointResult?], _ queue: PointQueue,
    _ clock: StudyClock
  ) throws -> (document: ResultDocument, failures: [PointFailure]) {
    var document = ResultDocument(title: experiment.title, points: [])
    var failures = queue.recordingFailures
    for index in points.indices {
      let outcome = known[index].map { .success($0) } ?? queue.result(of: index)
      if case .failure(let failure as PointFailure)? = outcome { failures.append(failure) }
      // Beside a simulation a theory that fails is a note.
      if !points[index].isSimulated, let failure = theory.failure(of: index) {
        if queue.runContext.isEnded { document.interrupted = true } else { failures.append(failure) }
      }
      guard let result = try theory[index].joined(with: outcome) else {
        document.interrupted = true
        continue
      }
      if result.run?.stopReason == StopReason.interrupted.rawValue { document.interrupted = true }
      document.points.append(shown(result))
    }
    if !document.interrupted {
      let results = document.points
      if let verdicts = try clock.verdicts({ [self] in try verdicts(on: results) }) {
        document.conclude(verdicts)
      } else {
        document.giveUpVerdicts(isInterrupted: queue.runContext.isEnded)
      }
    }
    return (document, failures)
  }

  /// How points are to be simulated, nil for those that a clock or the user did not leave time for: half of a limited time
  /// is left for those that are planned by then. Every request is completed before any work, so what cannot be run is
  /// refused first.
  ///
  /// - Parameter onWait: told how many points are planned, where it takes long.
  package func plans(
    _ points: [ExperimentPoint], _ clock: StudyClock, onWait: (Int) -> Void = { _ in }
  ) throws -> [SimulationPlan?] {
    let plans = BackgroundMap(count: points.count, threads: threads) { [self] index in
      Result { () throws(Refusal) in
        try SolverCatalogue.plan(experiment.run, for: points[index].model, threads: threads, checksStep: checksStep)
      }
    }
    let half = clock.limit.map { 0.5 * $0 } ?? .infinity
    let isEnough = {
      clock.isStopped || clock.secondsLeft.map { $0 < half } == true && points.indices.contains { plans[$0] != nil }
    }
    if !plans.wait(until: isEnough, onWait: onWait) { plans.cancel() }
    return try points.indices.map { index in
      do throws(Refusal) { return try plans[index]?.get() } catch {
        throw PointFailure(point: points[index], reason: error.reason, isUnusable: true)
      }
    }
  }
}
