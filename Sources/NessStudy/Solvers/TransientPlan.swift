import NessFiles
import NessModel
import NessSampling
import NessStatistics
import NessTrajectory

extension NetworkSimulator {
  /// How a network, or a chain as the network that it is, is followed from a start.
  ///
  /// The step goes into the interval of the samples; its bias is estimated in the budgets.
  static func plan(
    _ transient: Transient, _ request: RunSettings, for model: NetworkModel, threads: Int
  ) throws(Refusal) -> SimulationPlan {
    func refusal(_ reason: String) -> Refusal { Refusal(.simulation, reason) }
    let bathed = BathedNetwork(model)
    if let refusal = NetworkTrajectorySolver.refusals(of: bathed.network).first { throw refusal }
    if request.record != nil {
      throw refusal("run.record: a transient is told along time anyway; leave run.record out")
    }
    if request.targetError != nil {
      throw refusal(
        "run.targetError: a transient has no steady state to be measured until an error is reached; give run.replicas")
    }
    if request.duration != nil || request.burnIn != nil {
      throw refusal("run.duration, run.burnIn: a transient says itself how long it is; leave them out")
    }
    guard request.replicas > 1 else {
      throw refusal("run.replicas: errors are the spread of replicas, so give two or more")
    }
    if !bathed.reservoirs.isEmpty {
      throw refusal("transient: the temperatures of self-consistent baths are those of a steady state")
    }
    let scales = NetworkScales(bathed)
    let noise = request.noise ?? .matched
    var choice = request.timeStep
    if choice == nil {
      let asked = min(0.05, max(1e-3, 1 / Double(request.replicas).squareRoot()))
      choice = NetworkStepPlan(model, bathed, scales, given: nil, asked: asked, noise: noise).timeStep
    }
    let wanted = choice ?? transient.every
    var steps = max(1, (transient.every / wanted * (1 - 1e-9)).rounded(.up))
    if request.timeStep == nil { steps = scales.steps(in: transient.every, atLeast: steps) }
    guard steps <= 1e9 else { throw refusal("transient.every: \(steps.short) steps are too many for one sample") }
    let step = transient.every / steps
    if request.timeStep != nil, abs(step - wanted) > 1e-9 * wanted {
      throw refusal(
        "run.timeStep \(wanted.short) does not go into transient.every \(transient.every.short): give \(step.text(digits: 12)), or "
          + "leave it out")
    }
    let settings = TrajectorySettings(
      seed: request.seed, replicas: request.replicas, timeStep: step, burnIn: 0, duration: transient.duration,
      threads: threads, innovations: false, noise: noise)
    if let refusal = NetworkTrajectorySolver(settings).refusals(of: bathed, scales).first { throw refusal }
    let bytes = NetworkTrajectorySolver.memory(
      ofSamples: transient, baths: bathed.baths.count, sites: bathed.network.sites, replicas: request.replicas)
    if let reason = memoryReason(
      "the samples of \(request.replicas) replicas", bytes: bytes,
      remedy: "use fewer replicas, or a longer transient.every")
    {
      throw refusal(reason)
    }
    let notes = [
      "time step \(step.short) chosen, of which \(Int(max(1, steps))) are between two samples; error bars are the spread of "
        + "\(request.replicas) replicas, and the budget tells what the step may change"
    ]
    let work = Double(transient.samples) * max(1, steps) * Double(request.replicas) * bathed.workOfAStep
    return SimulationPlan(notes: notes, cost: work) { context in
      var running = settings
      running.threads = context.threads
      var solver = NetworkTrajectorySolver(running)
      solver.watch = context.watch
      let outcome = try solver.follow(bathed, scales, transient)
      return SimulationOutcome(
        answer: outcome.answer, stopReason: outcome.stopReason, timeStep: step, burnIn: 0, duration: outcome.duration)
    } forecast: { _ in
      nil
    }
  }
}

extension Simulator {
  /// What a simulation offers of a model that may be followed from a start: then nothing of the steady state.
  static func offers(_ steady: [Offer], following model: Model<MediumType>, unless reason: String? = nil) -> [Offer] {
    let own =
      model.transient == nil
      ? steady
      : steady.map {
        Offer(
          $0.family, $0.members, work: $0.work,
          unless: "a transient is simulated: leave transient out for the steady state")
      }
    return own + model.transientOffers(Quantity.Family.ofTransients, unless: reason)
  }
}
