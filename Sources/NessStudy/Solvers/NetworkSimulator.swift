import NessFiles
import NessLinear
import NessModel
import NessTrajectory

/// Networks by full stochastic dynamics: what a file leaves open is chosen (`NetworkRunPlan`), and the step is checked if asked.
struct NetworkSimulator: Simulator {
  typealias MediumType = Network
  static let engine = NetworkTrajectorySolver.engine
  static let engines = NetworkTrajectorySolver.engines

  static func engines(for model: NetworkModel) -> [EngineVersion] { NetworkTrajectorySolver.engines(of: model) }

  static func offers(for model: NetworkModel) -> [Offer] {
    offers(NetworkTrajectorySolver.offers(for: model), following: model)
  }

  func claim(of method: NessModel.Method, for model: NetworkModel) -> Claim { NetworkTrajectorySolver.claim }

  func plan(
    _ request: RunSettings, for model: NetworkModel, threads: Int, checksStep: Bool
  ) throws(Refusal) -> SimulationPlan {
    if let transient = model.transient { return try Self.plan(transient, request, for: model, threads: threads) }
    let (simulated, found) = try withReservoirs(model)
    let bathed = BathedNetwork(simulated, written: model.writtenBaths)
    if let refusal = NetworkTrajectorySolver.refusals(of: bathed.network).first { throw refusal }
    if let reason = bathed.reservoirReason { throw Refusal(.simulation, reason) }
    if let reason = bathed.network.instabilityReason ?? bathed.network.fallReason(temperature: bathed.hottest) {
      throw Refusal(.simulation, reason)
    }
    let scales = NetworkScales(bathed)
    let plan = try NetworkRunPlan(request, for: simulated, bathed, scales, threads: threads)
    if let refusal = NetworkTrajectorySolver(plan.settings).refusals(of: bathed, scales).first { throw refusal }
    var recorded: RecordedSystem?
    if let record = request.record {
      guard bathed.reservoirs.isEmpty else {
        throw Refusal(
          .simulation,
          "run.record: beside baths whose temperatures are found by trial runs nothing is recorded yet: give "
            + "these baths their temperatures")
      }
      let isOpen = request.duration == nil && plan.settings.target != nil
      recorded = try RecordedSystem(record, of: bathed, scales, plan.settings, isOpen: isOpen)
    }
    let simulation = SteppedSimulation(
      workOfAStep: bathed.workOfAStep,
      refuses: { !NetworkTrajectorySolver($0).refusals(of: bathed, scales).isEmpty },
      durationForCumulants: { bathed.durationForCumulants($0, scales) }, recorded: recorded?.plan,
      simulate: { [recorded] settings, watch, isPilot in
        var solver = NetworkTrajectorySolver(settings)
        solver.recorded = recorded
        solver.watch = watch
        solver.isPilot = isPilot
        return try solver.simulate(model, bathed, scales)
      },
      measureBeside: { what, settings, watch in
        switch what {
        case .correlation:
          let frequency = scales.highestAngularFrequency
          return try CorrelationRun(
            settings, interval: CurrentCorrelation.interval(unit: frequency), frequency: frequency, watch: watch
          ).simulate(bathed)
        case .tails: return try CloningRun(settings, watch: watch).simulate(bathed)
        case .response(let path):
          let (models, value, step) = try ResponseRun.models(of: model, at: path) {
            let bathed = BathedNetwork($0)
            return !NetworkTrajectorySolver(settings).refusals(of: bathed, NetworkScales(bathed)).isEmpty
          }
          let outcome = try ResponseRun(settings, watch: watch).simulate(
            models.map { BathedNetwork($0) }, value: value, step: step)
          return (outcome.answer(path, ofBaths: model.writtenBaths.map(\.name)), outcome.stopReason)
        }
      })
    let steps = (plan.settings.burnIn + plan.expectedTime) / plan.settings.timeStep
    return SimulationPlan(
      simulation, plan.settings, asked: plan.askedError, notes: plan.notes + found,
      cost: steps * Double(plan.settings.replicas) * bathed.workOfAStep, checksStep: checksStep)
  }

  /// The model with a Langevin bath of the temperature that linear theory finds in place of every self-consistent reservoir, and
  /// those temperatures in sentences; where linear theory does not answer, the model as it is: the simulation finds them.
  private func withReservoirs(_ model: NetworkModel) throws(Refusal) -> (model: NetworkModel, notes: [String]) {
    let own = model.attachments.filter { $0.bath.drive == .selfConsistent }
    guard !own.isEmpty else { return (model, []) }
    guard let temperatures = try? NetworkSolver().reservoirTemperatures(of: model) else {
      let names = own.map(\.name).joined(separator: ", ")
      return (model, ["temperature of each self-consistent bath (\(names)): found by trial runs first"])
    }
    do {
      var notes: [String] = []
      let attachments = zip(model.attachments, temperatures).map { attachment, found -> NetworkModel.Attachment in
        guard let found, let law = attachment.bath.law as? SelfConsistentBath else { return attachment }
        notes.append("temperature \(found.value.text(digits: 9)) of bath \(attachment.name) found by linear theory")
        return attachment.with(NetworkBath(LangevinBath(temperature: found.value, friction: law.friction)))
      }
      return (try Model(medium: model.medium, attachments: attachments), notes)
    } catch let error {
      throw Refusal(.simulation, "\(error)")
    }
  }
}

/// Settings of the simulation of a network with the reasons for what was chosen.
struct NetworkRunPlan {
  /// Steps of a replica at which a run that does not reach its target ends.
  private static let mostSteps = 1e10
  /// Of the time of a run that ends at its error nothing is known before; 10⁵ steps decide who comes first.
  private static let usualSteps = 1e5

  let settings: TrajectorySettings
  /// The whole error that is asked for, over the current; nil if none is.
  let askedError: Double?
  /// Time measured per replica, roughly [time].
  let expectedTime: Double
  /// Choices and their expected bias, in sentences.
  let notes: [String]

  /// Completes what an experiment file leaves open.
  ///
  /// - Throws: `Refusal` if the request can never end, for example a relative error of a current that is zero.
  init(
    _ request: RunSettings, for model: NetworkModel, _ bathed: BathedNetwork, _ scales: NetworkScales, threads: Int
  ) throws(Refusal) {
    var notes: [String] = []
    let noise = request.noise ?? .matched
    var target = request.targetError
    let vanishes = request.duration == nil && bathed.isBalanced
    if request.duration == nil, target == nil, !vanishes { target = 0.05 }
    let choice = NetworkStepPlan(model, bathed, scales, given: request.timeStep, asked: target, noise: noise)
    let step = choice.timeStep
    notes += choice.notes
    if !bathed.particleBaths.isEmpty { notes.append("noise of the particles: \(noise.description)") }
    var burnIn = request.burnIn ?? 0
    if request.burnIn == nil {
      let chosen = scales.burnIn(timeStep: step, relativeError: target, replicas: request.replicas)
      burnIn = chosen.burnIn
      notes.append(chosen.explanation)
      if let note = TrajectoryPlan.longBurnIn(burnIn, timeStep: step, request) { notes.append(note) }
    }
    var duration = request.duration
    if vanishes {
      guard target == nil else {
        throw Refusal(
          .simulation,
          "the current is zero (equal temperatures, baths that no bonds join, or one without coupling), so no relative error can be reached: "
            + "give run.duration instead of run.targetError")
      }
      let chosen = max(50_000 * step, 2 * burnIn)
      duration = chosen
      notes.append("duration \(chosen.short) chosen: the current is zero")
    } else if request.duration == nil, request.targetError == nil {
      notes.append("targetError 0.05 chosen, as neither duration nor targetError is given")
    }
    askedError = target
    expectedTime = duration ?? Self.usualSteps * step
    settings = TrajectorySettings(
      seed: request.seed, replicas: request.replicas, timeStep: step, burnIn: burnIn,
      duration: duration ?? Self.mostSteps * step,
      target: choice.statisticalError.map { .relative($0) }, threads: threads, noise: noise)
    self.notes = notes
  }
}
