import NessFiles
import NessKinetic
import NessModel
import NessSampling
import NessStatistics

/// Classical boxes from flight to flight: what a file leaves open is chosen (`KineticChoice`).
struct KineticSimulator: Simulator {
  typealias MediumType = Box
  static let engine = KineticSolver.engine
  static let engines = [KineticSolver.engine, GasSolver.engine]

  static func engines(for model: BoxModel) -> [EngineVersion] {
    [model.medium.isGas ? GasSolver.engine : KineticSolver.engine]
  }

  static func offers(for model: BoxModel) -> [Offer] { KineticSolver.offers(for: model) }

  func claim(of method: NessModel.Method, for model: BoxModel) -> Claim { KineticSolver.claim }

  func plan(
    _ request: RunSettings, for model: BoxModel, threads: Int, checksStep: Bool
  ) throws(Refusal) -> SimulationPlan {
    let isGas = model.medium.isGas
    if isGas, let refusal = GasSolver(KineticSettings(burnIn: 0, duration: 1)).refusals(of: model).first {
      throw refusal
    }
    let choice = BoxChoice(for: model)
    var notes: [String] = []
    if request.timeStep != nil { notes.append("run.timeStep is not needed: a box is simulated from event to event") }
    if request.burnIn == nil {
      // Some 10^12 collisions are an hour; more is no burn-in that anyone wants.
      let collisions = choice.collisionsPerCycle * choice.burnIn / choice.cycleTime * Double(request.replicas)
      guard collisions < 1e12 else {
        throw Refusal(
          .simulation,
          "the burn-in chosen would take about \(collisions.short) collisions (\(choice.explanation)): give run.burnIn, "
            + "use a narrower proposal, or ask for the exact answer (ness theory)")
      }
      notes.append("burn-in \(choice.burnIn.short) chosen: \(choice.explanation)")
    }
    let isBalanced = Set(model.attachments.map(\.bath.temperature)).count == 1
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
    let refusals = isGas ? GasSolver(settings).refusals(of: model) : KineticSolver(settings).refusals(of: model)
    if let refusal = refusals.first { throw refusal }
    let recorded = try request.record.map { record throws(Refusal) in
      try RecordedFlights(record, of: model, settings, isOpen: request.duration == nil && settings.targetError != nil)
    }
    let work = settings.targetError == nil ? settings.duration : 100 * choice.duration
    return SimulationPlan(
      notes: notes, cost: work / choice.cycleTime * choice.costPerCycle, recorded: recorded?.plan
    ) { context in
      var settings = settings
      settings.threads = context.threads
      let outcome = try simulate(model, settings, context.watch, recorded)
      return SimulationOutcome(
        answer: outcome.answer, stopReason: outcome.stopReason, timeStep: nil, burnIn: outcome.burnIn,
        duration: outcome.duration)
    } forecast: {
      try isGas
        ? RunForecast(
          settings, model, cycleTime: choice.cycleTime, workPerCycle: choice.collisionsPerCycle,
          nanoseconds: 100, $0)
        : RunForecast(settings, model, cycleTime: choice.cycleTime, $0)
    }
  }
}

/// Simulates one particle or several.
private func simulate(
  _ model: BoxModel, _ settings: KineticSettings, _ watch: SamplingWatch<Answer>, _ recorded: RecordedFlights? = nil
) throws -> KineticOutcome {
  if model.medium.isGas {
    var solver = GasSolver(settings)
    solver.watch = watch
    solver.recorded = recorded
    return try solver.simulate(model)
  }
  var solver = KineticSolver(settings)
  solver.watch = watch
  solver.recorded = recorded
  return try solver.simulate(model)
}

/// What is chosen for one particle or for several.
private struct BoxChoice {
  let burnIn: Double
  let duration: Double
  let cycleTime: Double
  let collisionsPerCycle: Double
  /// Work of a cycle over that of one particle.
  let costPerCycle: Double
  let explanation: String

  init(for model: BoxModel) {
    if model.medium.isGas, let choice = try? GasChoice(for: model) {
      (burnIn, duration, cycleTime) = (choice.burnIn, choice.duration, choice.cycleTime)
      (collisionsPerCycle, costPerCycle) = (choice.collisionsPerCycle, choice.collisionsPerCycle * 10)
      explanation = choice.explanation
      return
    }
    let choice = KineticChoice(for: model)
    (burnIn, duration, cycleTime) = (choice.burnIn, choice.duration, choice.cycleTime)
    (collisionsPerCycle, costPerCycle, explanation) = (2, 1, choice.explanation)
  }
}

extension RunForecast {
  /// From a short run of the same box.
  ///
  /// - Returns: nil if it was too short to tell.
  /// - Throws: why it could not be made.
  package init?(_ settings: KineticSettings, _ model: BoxModel, cycleTime: Double, _ pilot: Pilot) throws {
    try self.init(
      settings, model, cycleTime: cycleTime, workPerCycle: KineticChoice.workPerCycle(of: model), nanoseconds: 4, pilot)
  }

  /// - Parameters:
  ///   - workPerCycle: collisions in a cycle, in units of the work of the pilot.
  ///   - nanoseconds: what a unit of work takes on a usual core [ns].
  fileprivate init?(
    _ settings: KineticSettings, _ model: BoxModel, cycleTime: Double, workPerCycle: Double, nanoseconds: Double,
    _ pilot: Pilot
  ) throws {
    var short = settings
    short.seed = ~settings.seed
    short.targetError = nil
    let time = pilot.work / (workPerCycle * Double(settings.replicas)) * cycleTime
    short.burnIn = min(settings.burnIn, time / 3)
    short.duration = min(time - short.burnIn, settings.duration)
    let start = ContinuousClock.now
    let outcome = try simulate(model, short, SamplingWatch(shouldStop: pilot.shouldStop))
    let elapsed = start.secondsAgo
    guard outcome.collisions > 0,
      let current = outcome.answer.estimate(.heatCurrent, by: .simulation), current.value != 0
    else { return nil }
    secondsPerTime = elapsed / (outcome.burnIn + outcome.duration)
    burnInSeconds = settings.burnIn * secondsPerTime
    errorAtUnitTime = current.error * outcome.duration.squareRoot() / abs(current.value)
    target = settings.targetError
    duration = settings.duration
    burnIn = settings.burnIn
    nominalSecondsPerTime = nanoseconds * 1e-9 * workPerCycle * Double(settings.replicas) / cycleTime
    let all = Double(outcome.collisions) * (1 + outcome.burnIn / outcome.duration)
    speed = "\((1e9 * elapsed * Double(settings.threads) / all).text(digits: 2)) ns per collision and thread"
  }
}
