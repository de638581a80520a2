import NessFiles
import NessModel
import NessSampling
import NessStatistics
import NessTrajectory

/// A model that is simulated in time steps, whatever its medium.
struct SteppedSimulation: Sendable {
  /// Work of one step of one replica, in particle-steps.
  let workOfAStep: Double
  /// Whether it cannot be simulated with some settings.
  let refuses: @Sendable (TrajectorySettings) -> Bool
  /// How long it has to be for any cumulant of a heat [time].
  var durationForCumulants: @Sendable (TrajectorySettings) -> Double = { _ in 0 }
  /// What it records along the time, if anything.
  var recorded: SeriesPlan?
  /// Simulates; a pilot has no budgets and notes.
  let simulate:
    @Sendable (_ settings: TrajectorySettings, _ watch: SamplingWatch<Answer>, _ isPilot: Bool) throws
      -> TrajectoryOutcome
  /// What takes runs of its own; nil where nothing of the kind is measured.
  var measureBeside:
    (
      @Sendable (_ what: RunBeside, _ settings: TrajectorySettings, _ watch: SamplingWatch<Answer>) throws
        -> (answer: Answer, stopReason: StopReason)
    )?
}

extension SimulationPlan {
  /// The plan of a simulation in time steps.
  ///
  /// - Parameters:
  ///   - simulation: what is simulated.
  ///   - settings: how.
  ///   - asked: the whole error that is asked for, over the current; nil if none is.
  ///   - notes: choices and their expected bias, in sentences.
  ///   - cost: expected work.
  ///   - checksStep: whether the bias of the time step is measured as well.
  init(
    _ simulation: SteppedSimulation, _ settings: TrajectorySettings, asked: Double?, notes: [String], cost: Double,
    checksStep: Bool
  ) {
    var measureBeside: MeasureBeside?
    if let measure = simulation.measureBeside {
      measureBeside = { what, duration, context in
        var running = settings
        (running.threads, running.duration) = (context.threads, duration)
        return try measure(what, running, context.watch)
      }
    }
    let simulate: @Sendable (JobContext) throws -> SimulationOutcome = { context in
      var running = settings
      running.threads = context.threads
      var watch = context.watch.part(from: 0, to: checksStep ? 0.5 : 1)
      watch.isFirstOfSeveral = checksStep
      let outcome = try simulation.simulate(running, watch, false)
      var (answer, stopReason) = (outcome.answer, outcome.stopReason)
      if checksStep {
        var watch = context.watch.part(from: 0.5, to: 1)
        watch.stateKeeper = context.checkKeeper
        // It is shown what is kept, and that is the first run.
        watch.onLook = nil
        watch.recording = nil
        let note = StepCheck(settings: running, first: outcome, watch: watch).note(simulation)
        answer.notes.append(note ?? "step check: not finished, for the run was ended")
        // Half of what was asked is not what is kept.
        if note == nil { stopReason = .interrupted }
      }
      if stopReason == .targetReached, let note = Self.shortfall(of: answer, asked: asked, timeStep: settings.timeStep)
      {
        stopReason = .biasRemains
        answer.notes.append(note)
      }
      return SimulationOutcome(
        answer: answer, stopReason: stopReason, timeStep: settings.timeStep, burnIn: outcome.burnIn,
        duration: outcome.duration)
    }
    self.init(
      notes: notes, cost: cost, recorded: simulation.recorded,
      durationForCumulants: {
        let needed = settings.target == nil ? simulation.durationForCumulants(settings) : 0
        return needed > settings.duration ? needed : nil
      }, simulate: simulate, measureBeside: measureBeside
    ) { work in
      var forecast = try RunForecast(settings, simulation, work)
      forecast?.asked = asked
      return forecast
    }
  }

  /// What keeps the whole error of the leading heat above the asked one, and what brings it below; nil if nothing does.
  private static func shortfall(of answer: Answer, asked: Double?, timeStep: Double) -> String? {
    let budgeted = answer.entries.members.filter { $0.method == .simulation && $0.budget != nil }
    let heats = budgeted.filter { $0.quantity.family == .heatFrom }
    let leading =
      budgeted.first { $0.quantity == .heatCurrent }
      ?? heats.max { abs($0.estimate.value) < abs($1.estimate.value) }
    guard let asked, let leading, let budget = leading.budget else { return nil }
    let whole = budget.whole / abs(leading.estimate.value)
    // Estimates of the current before and after the run differ a little.
    guard whole > 1.05 * asked else { return nil }
    let parts = budget.systematicParts.filter { abs($0.part.value) > 0.1 * budget.whole }
    let causes = parts.map { "\($0.name) \(abs($0.part.value).text(digits: 2))" }.joined(separator: ", ")
    // A bias grows at least as the square of the step.
    let allowed = StepPlan.share * asked * abs(leading.estimate.value)
    let finer = timeStep * (allowed / abs(budget.timeStep.value)).squareRoot()
    var remedies: [String] = []
    if finer < timeStep { remedies.append("run.timeStep \(finer.text(digits: 2))") }
    if abs(budget.burnIn.value) > allowed { remedies.append("a longer run.burnIn and run.duration") }
    // The search for reservoirs' temperatures is as fine as the error that is asked.
    let search = abs(budget.truncation.value) > allowed ? allowed / abs(budget.truncation.value) : 1
    if remedies.isEmpty || search < 1 {
      remedies.append("run.targetError \((asked * min(asked / whole, search)).text(digits: 2))")
    }
    return Note.warning(
      "the whole error of \(leading.quantity), \((100 * whole).text(digits: 2)) %, is above the asked "
        + "\((100 * asked).text(digits: 2)) %: \(causes), statistical \(budget.statistical.text(digits: 2)): "
        + "give \(remedies.joined(separator: " and "))")
  }
}

extension RunForecast {
  /// From a short run of the same model with few replicas.
  ///
  /// - Returns: nil if it was too short to tell.
  /// - Throws: why it could not be made.
  init?(_ settings: TrajectorySettings, _ simulation: SteppedSimulation, _ pilot: Pilot) throws {
    let particles = simulation.workOfAStep
    var short = settings
    short.seed = ~settings.seed
    short.target = nil
    short.replicas = 8 * max(2, settings.threads)
    let time = pilot.work / (particles * Double(short.replicas)) * settings.timeStep
    short.burnIn = min(settings.burnIn, time / 3)
    short.duration = min(time - short.burnIn, 2 * settings.duration)
    let start = ContinuousClock.now
    let outcome = try simulation.simulate(short, SamplingWatch(shouldStop: pilot.shouldStop), true)
    let elapsed = start.secondsAgo
    guard outcome.duration > 0 else { return nil }
    func rounds(_ replicas: Int) -> Double { (Double((replicas + 7) / 8) / Double(settings.threads)).rounded(.up) }
    secondsPerTime =
      elapsed / (outcome.burnIn + outcome.duration) * rounds(settings.replicas) / rounds(short.replicas)
    burnInSeconds = settings.burnIn * secondsPerTime
    errorAtUnitTime = outcome.answer.estimate(.heatCurrent, by: .simulation).flatMap { current in
      let size = abs(pilot.current ?? current.value)
      let error = current.error * (outcome.duration * Double(short.replicas) / Double(settings.replicas)).squareRoot()
      return size > 1e-12 * error ? error / size : nil
    }
    if case .relative(let relative)? = settings.target { target = relative } else { target = nil }
    if target != nil, errorAtUnitTime == nil { return nil }
    duration = settings.duration
    burnIn = settings.burnIn
    nominalSecondsPerTime = 1.5e-9 * particles * Double(settings.replicas) / settings.timeStep
    let steps = Double(outcome.replicaSteps) * particles
    speed = "\((1e9 * elapsed * Double(settings.threads) / steps).text(digits: 2)) ns per particle-step and thread"
  }
}
