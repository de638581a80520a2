import NessFiles
import NessModel
import NessSampling
import NessStatistics
import NessTrajectory

/// Chains by full stochastic dynamics: what a file leaves open is chosen (`TrajectoryPlan`), and the step is checked if asked.
struct TrajectorySimulator: Simulator {
  typealias MediumType = Chain
  static let engine = TrajectorySolver.engine
  static let engines = [TrajectorySolver.engine, TrajectorySolver.innovations]

  static func engines(for model: ChainModel) -> [EngineVersion] { TrajectorySolver.engines(of: model) }

  static func offers(for model: ChainModel) -> [Offer] { TrajectorySolver.offers(for: model) }

  func claim(of method: NessModel.Method, for model: ChainModel) -> Claim { TrajectorySolver.claim }

  func plan(
    _ request: RunSettings, for model: ChainModel, threads: Int, checksStep: Bool
  ) throws(Refusal) -> SimulationPlan {
    let plan = try TrajectoryPlan(request, for: model, threads: threads)
    if let refusal = TrajectorySolver(plan.settings).refusals(of: model).first { throw refusal }
    return SimulationPlan(notes: plan.notes, cost: plan.particleSteps(model)) { context in
      var settings = plan.settings
      settings.threads = context.threads
      var solver = TrajectorySolver(settings)
      solver.watch = context.watch.part(from: 0, to: checksStep ? 0.5 : 1)
      solver.watch.isFirstOfSeveral = checksStep
      let outcome = try solver.simulate(model)
      var (answer, stopReason) = (outcome.answer, outcome.stopReason)
      if checksStep {
        var watch = context.watch.part(from: 0.5, to: 1)
        watch.stateKeeper = context.checkKeeper
        // It is shown what is kept, and that is the first run.
        watch.onLook = nil
        let note = StepCheck(settings: settings, first: outcome, watch: watch).note(model)
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
    } forecast: { work in
      var forecast = RunForecast(plan.settings, model, work)
      forecast?.asked = plan.askedError
      return forecast
    }
  }
}

extension RunForecast {
  /// From a short run of the same model with few replicas.
  package init?(_ settings: TrajectorySettings, _ model: ChainModel, _ pilot: Pilot) {
    let particles = model.workOfAStep
    var short = settings
    short.seed = ~settings.seed
    short.target = nil
    short.replicas = 8 * max(2, settings.threads)
    let time = pilot.work / (particles * Double(short.replicas)) * settings.timeStep
    short.burnIn = min(settings.burnIn, time / 3)
    short.duration = min(time - short.burnIn, 2 * settings.duration)
    var solver = TrajectorySolver(short)
    solver.watch.shouldStop = pilot.shouldStop
    solver.isPilot = true
    let start = ContinuousClock.now
    let outcome = try? solver.simulate(model)
    let elapsed = start.secondsAgo
    guard let outcome, outcome.duration > 0 else { return nil }
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
