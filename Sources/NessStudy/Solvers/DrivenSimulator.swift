import NessFiles
import NessLinear
import NessModel
import NessTrajectory

/// Driven networks by full stochastic dynamics: what a file leaves open is chosen, in whole periods.
struct DrivenSimulator: Simulator {
  typealias MediumType = DrivenNetwork
  static let engine = DrivenTrajectorySolver.engine
  static var engines: [EngineVersion] { DrivenTrajectorySolver.engines }

  static func offers(for model: DrivenModel) -> [Offer] { DrivenTrajectorySolver.offers(for: model) }

  func claim(of method: NessModel.Method, for model: DrivenModel) -> Claim { DrivenTrajectorySolver.claim }

  /// Steps of a replica at which a run that does not reach its target ends.
  private static let mostSteps = 1e10
  /// Of the time of a run that ends at its error nothing is known before; 10⁵ steps decide who comes first.
  private static let usualSteps = 1e5

  func plan(
    _ request: RunSettings, for model: DrivenModel, threads: Int, checksStep: Bool
  ) throws(Refusal) -> SimulationPlan {
    let system = DrivenSystem(model)
    var notes: [String] = []
    var target = request.targetError
    if request.duration == nil, target == nil {
      target = 0.05
      notes.append("targetError 0.05 chosen, as neither duration nor targetError is given")
    }
    let usual = system.scales.timeStep(tolerance: min(0.002, 0.3 * (target ?? 1)), noise: .matched)
    let step = request.timeStep ?? system.timeStep(atMost: usual.timeStep)
    if request.timeStep == nil {
      notes.append(
        "timeStep \(step.text(digits: 8)) chosen: \(system.steps(timeStep: step)) steps in the period "
          + "\(system.period.text(digits: 8)); \(usual.limits[0].reason)")
    }
    var burnIn = request.burnIn ?? 0
    if request.burnIn == nil {
      let chosen = system.scales.burnIn(timeStep: step, relativeError: target, replicas: request.replicas)
      burnIn = chosen.burnIn
      notes.append("\(chosen.explanation); rounded up to whole periods")
    }
    let duration = request.duration ?? Self.mostSteps * step
    let settings = TrajectorySettings(
      seed: request.seed, replicas: request.replicas, timeStep: step, burnIn: burnIn, duration: duration,
      target: target.map { .relative($0) }, threads: threads, innovations: false)
    if let refusal = DrivenTrajectorySolver(settings).refusals(of: system).first { throw refusal }
    let recorded = try request.record.map { record throws(Refusal) in
      if let other = record.quantities.first(where: { $0 == .bondHeatCurrent || $0 == .potentialEnergy }) {
        throw Refusal(
          .simulation,
          "run.record.quantities: \(other.rawValue) is not recorded beside a drive, which changes the energy of bonds and "
            + "fields while they pass it on")
      }
      return try RecordedSystem(
        record, of: system.bathed, system.scales, settings,
        isOpen: request.duration == nil && settings.target != nil)
    }
    let simulation = SteppedSimulation(
      workOfAStep: system.workOfAStep, refuses: { !DrivenTrajectorySolver($0).refusals(of: system).isEmpty },
      recorded: recorded?.plan
    ) { settings, watch, isPilot in
      var solver = DrivenTrajectorySolver(settings)
      solver.recorded = recorded
      solver.watch = watch
      solver.isPilot = isPilot
      if !isPilot { solver.biases = Self.biases(model, system, settings.timeStep) }
      return try solver.simulate(system)
    }
    let time = burnIn + (request.duration ?? Self.usualSteps * step)
    return SimulationPlan(
      simulation, settings, asked: target, notes: notes,
      cost: time / step * Double(settings.replicas) * system.workOfAStep, checksStep: checksStep)
  }

  /// What the step adds to the means where theory knows both, by quantities; empty elsewhere.
  private static func biases(_ model: DrivenModel, _ system: DrivenSystem, _ step: Double) -> [Quantity: Double] {
    guard DrivenSolver().refusals(of: model, by: .floquet).isEmpty,
      DrivenSolver.expectedSeconds(.cheap, about: model, by: .floquet) < mostSeconds
    else { return [:] }
    return (try? DrivenSolver().biases(of: model, steps: system.steps(timeStep: step))) ?? [:]
  }

  /// Most time of theory before a run [s].
  private static let mostSeconds = 5.0
}
