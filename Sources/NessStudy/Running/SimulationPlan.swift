import NessFiles
import NessKinetic
import NessModel
import NessSampling
import NessTrajectory

/// What came out of a simulation, whatever the medium.
package struct SimulationOutcome: Sendable {
  package let answer: Answer
  package let stopReason: StopReason
  /// Step of the integrator [time]; nil for event-driven dynamics.
  package let timeStep: Double?
  /// Time discarded per replica [time].
  package let burnIn: Double
  /// Time measured per replica [time].
  package let duration: Double
}

/// How the model of one point is to be simulated: the choices made, and the work itself.
package struct SimulationPlan: Sendable {
  /// Choices and their expected bias, in sentences.
  package let notes: [String]
  /// Simulates.
  package let simulate: @Sendable (JobContext) throws -> SimulationOutcome
  /// Expected work, for the order in which points are begun.
  package let cost: Double
  /// Forecasts time and error from a short simulation; nil if it was too short to tell.
  package let forecast: @Sendable (RunForecast.Pilot) -> RunForecast?

  /// Whether a medium is simulated, and not computed exactly.
  package static func isNeeded(_ model: AnyModel) -> Bool {
    model.medium.isSampled
  }

  /// What a simulation of a model claims to be; nil for a medium that is not simulated.
  static func claim(for model: AnyModel) -> Claim? {
    model.chain != nil ? TrajectorySolver.claim : model.box != nil ? KineticSolver.claim : nil
  }

  /// Completes what an experiment file leaves open; nil for a medium that is computed exactly and not simulated.
  ///
  /// - Throws: `Refusal` if the request can never end or cannot be simulated.
  package init?(_ request: RunSettings, for model: AnyModel, threads: Int, checksStep: Bool = false) throws(Refusal) {
    if let chain = model.chain {
      try self.init(chain: chain, request, threads: threads, checksStep: checksStep)
    } else if let box = model.box {
      try self.init(box: box, request, threads: threads)
    } else {
      return nil
    }
  }

  private init(
    chain: ChainModel, _ request: RunSettings, threads: Int, checksStep: Bool
  ) throws(Refusal) {
    let plan = try TrajectoryPlan(request, for: chain, threads: threads)
    if let refusal = TrajectorySolver(plan.settings).refusals(of: chain).first { throw refusal }
    notes = plan.notes
    forecast = { work in
      var forecast = RunForecast(plan.settings, chain, work)
      forecast?.asked = plan.askedError
      return forecast
    }
    cost = plan.particleSteps(chain)
    simulate = { context in
      let share = checksStep ? 0.5 : 1
      var settings = plan.settings
      settings.threads = context.threads
      var solver = TrajectorySolver(settings)
      solver.onProgress = { context.onProgress(share * $0) }
      solver.shouldStop = context.shouldStop
      solver.threadsNow = context.threadsNow
      solver.stateKeeper = context.stateKeeper
      solver.onLook = context.onLook
      solver.isFirstOfSeveral = checksStep
      let outcome = try solver.simulate(chain)
      var (answer, stopReason) = (outcome.answer, outcome.stopReason)
      if checksStep {
        let check = StepCheck(
          settings, outcome, context.checkKeeper, onProgress: { context.onProgress(0.5 + 0.5 * $0) },
          shouldStop: context.shouldStop)
        let note = check.note(chain)
        answer.notes.append(note ?? "step check: not finished, for the run was ended")
        // Half of what was asked is not what is kept.
        if note == nil { stopReason = .interrupted }
      }
      if stopReason == .targetReached, let note = plan.shortfall(of: answer) {
        stopReason = .biasRemains
        answer.notes.append(note)
      }
      return SimulationOutcome(
        answer: answer, stopReason: stopReason, timeStep: plan.settings.timeStep, burnIn: outcome.burnIn,
        duration: outcome.duration)
    }
  }

  private init(box: BoxModel, _ request: RunSettings, threads: Int) throws(Refusal) {
    let choice = KineticChoice(for: box)
    var notes: [String] = []
    if request.timeStep != nil { notes.append("run.timeStep is not needed: a box is simulated from event to event") }
    if request.burnIn == nil {
      // Some 10^12 collisions are an hour; more is no burn-in that anyone wants.
      let collisions = 2 * choice.burnIn / choice.cycleTime * Double(request.replicas)
      guard collisions < 1e12 else {
        throw Refusal(
          .simulation,
          "the burn-in chosen would take about \(collisions.short) collisions (\(choice.explanation)): give run.burnIn, "
            + "use a narrower proposal, or ask for the exact answer (ness theory)")
      }
      notes.append("burn-in \(choice.burnIn.short) chosen: \(choice.explanation)")
    }
    let isBalanced = Set(box.attachments.map(\.bath.temperature)).count == 1
    var target = request.targetError
    var duration = request.duration
    if duration == nil, isBalanced {
      guard target == nil else {
        throw Refusal(
          .simulation,
          "the current is zero at equal temperatures, so no relative error can be reached: give run.duration instead of "
            + "run.targetError")
      }
      duration = choice.duration
      notes.append("duration \(choice.duration.short) chosen: the current is zero")
    } else if duration == nil, target == nil {
      target = 0.01
      notes.append("targetError 0.01 chosen, as neither duration nor targetError is given")
    }
    let settings = KineticSettings(
      seed: request.seed, replicas: request.replicas, burnIn: request.burnIn ?? choice.burnIn,
      duration: duration ?? 1e4 * choice.duration, targetError: target, threads: threads)
    if let refusal = KineticSolver(settings).refusals(of: box).first { throw refusal }
    self.notes = notes
    forecast = { RunForecast(settings, box, cycleTime: choice.cycleTime, $0) }
    cost = (settings.targetError == nil ? settings.duration : 100 * choice.duration) / choice.cycleTime
    simulate = { context in
      var settings = settings
      settings.threads = context.threads
      var solver = KineticSolver(settings)
      solver.onProgress = context.onProgress
      solver.shouldStop = context.shouldStop
      solver.threadsNow = context.threadsNow
      solver.stateKeeper = context.stateKeeper
      solver.onLook = context.onLook
      let outcome = try solver.simulate(box)
      return SimulationOutcome(
        answer: outcome.answer, stopReason: outcome.stopReason, timeStep: nil, burnIn: outcome.burnIn,
        duration: outcome.duration)
    }
  }
}
