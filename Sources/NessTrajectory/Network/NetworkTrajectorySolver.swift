import Foundation
import NessFormula
import NessModel
import NessSampling
import NessStatistics

/// Full stochastic dynamics of a network and its baths.
package struct NetworkTrajectorySolver: Sendable {
  /// Version of what it gives: raise it with every change of its motion, draws, error bars or budgets, and of the steps,
  /// burn-ins and starts that are chosen (`EngineVersion`).
  package static let engine = EngineVersion("network-trajectory", 4)
  /// Version of the motion with potentials that version 3 of the engine did not know by their forms: polynomials beyond the sixth
  /// degree, and even ones with odd powers of |x|. What is simulated of the others is the same.
  package static let forms = EngineVersion("network-forms", 1)

  /// Version of the heats where baths redraw momenta, have a memory or are active: version 3 of the engine did not follow their
  /// innovations, and its budgets did not know how fast their forces change.
  package static let bathInnovations = EngineVersion("bath-innovations", 1)

  /// Version of the heats of anharmonic networks whose innovations are followed in groups of steps.
  package static let stepGroups = EngineVersion("step-groups", 1)

  /// Version of where anharmonic networks begin that are not at rest at 0, creep, or have unlike wells, and of all whose baths have slow forces
  /// (a memory, or active ones), and of their burn-ins.
  package static let start = EngineVersion("network-start", 1)

  /// Version of burn-ins and budgets of anharmonic networks with sites that keep their energy: before, they were not waited for.
  package static let slowSites = EngineVersion("slow-sites", 1)

  /// Version of the search for the temperatures of self-consistent reservoirs in anharmonic networks, and of their budgets.
  package static let reservoirSearch = EngineVersion("reservoir-search", 2)

  /// Version of the cumulants and responses of the heats of baths at several sites: before they were told of every site for itself.
  package static let bathGroups = EngineVersion("bath-groups", 1)

  /// Version of the steps that are chosen where a potential is infinite at a place.
  package static let walls = EngineVersion("infinite-walls", 2)

  /// All engines on which may depend what is simulated.
  package static let engines = [
    engine, forms, bathInnovations, stepGroups, start, slowSites, reservoirSearch, bathGroups, walls,
    SlowExchange.exchangeEngine,
    SlowExchange.creepEngine,
  ]

  /// The engines on which depends what is simulated of a model.
  package static func engines(of model: NetworkModel) -> [EngineVersion] {
    var engines = [engine]
    if model.medium.form.potentials.contains(where: { $0.form.isNewInForms }) { engines.append(forms) }
    guard model.transient == nil else { return engines }
    let bathed = BathedNetwork(model)
    if bathed.hasBathBeyondLangevin { engines.append(bathInnovations) }
    if !model.writtenBaths.groups.isEmpty { engines.append(bathGroups) }
    let isHarmonic = bathed.network.isHarmonic
    if !isHarmonic, Innovations.followsInGroups(bathed) { engines.append(stepGroups) }
    let scales = isHarmonic ? nil : NetworkScales(bathed)
    if !bathed.slowForces.isEmpty || scales?.start.isPlain == false { engines.append(start) }
    if scales?.exchange.slowSites.isEmpty == false { engines.append(slowSites) }
    let stiffness = scales?.stiffness ?? ThermalStiffness(bathed.network, temperature: bathed.hottest)
    if let slow = bathed.slowExchange(stiffness).engine { engines.append(slow) }
    if !PotentialWalls(bathed.network, temperature: bathed.hottest).isEmpty { engines.append(walls) }
    if !isHarmonic, !bathed.reservoirs.isEmpty { engines.append(reservoirSearch) }
    return engines
  }

  /// What its answers claim to be.
  package static let claim = TrajectorySolver.claim

  /// How to run.
  package let settings: TrajectorySettings
  /// Whom to tell, when to stop, where to keep the state.
  package var watch = SamplingWatch<Answer>()
  /// What is recorded along the time, where the watch says where.
  package var recorded: RecordedSystem?
  /// Whether only time and error of the run are of interest: no budgets, and none of what is said in notes.
  package var isPilot = false

  /// A solver with the given settings.
  package init(_ settings: TrajectorySettings) { self.settings = settings }

  /// What a simulation measures of a network: all of it at once, for nothing.
  package static func offers(for model: NetworkModel) -> [Offer] {
    let bathed = BathedNetwork(model)
    let names = NetworkNames(bathed.network)
    return [
      model.heatCurrentOffer, Offer(.heatFrom, .baths(model.namesOfHeats)),
      Offer(
        .bondHeatCurrent, .places(names.pairs.map { $0.quantity.places[0] }),
        unless: names.pairs.isEmpty ? "there are no bonds" : nil),
      Offer(.kineticTemperature, .numbers(bathed.network.sites)),
      Offer(
        .meanDisplacement, .numbers(bathed.network.sites),
        unless: bathed.isHeld.contains(true)
          ? nil : "nothing holds the sites in place, so their displacements have no mean"),
      Offer(.meanEnergy), model.entropyOffer,
    ] + model.sampledFluctuationOffers + model.sampledResponseOffers
      + model.correlationOffers(unless: bathed.network.totalFlowReason)
  }

  /// All reasons not to simulate a network with these settings, before any work.
  package func refusals(of bathed: BathedNetwork, _ scales: NetworkScales) -> [Refusal] {
    let against = Self.refusals(of: bathed.network)
    if !against.isEmpty { return against }
    var reasons = [bathed.reservoirReason].compactMap { $0 }
    let frequency = scales.highestAngularFrequency
    if !(settings.timeStep > 0) { reasons.append("the time step \(settings.timeStep) is not positive") }
    if settings.timeStep * frequency >= 2 {
      reasons.append(
        "time step \(settings.timeStep): the network oscillates at up to \(frequency.short), "
          + "so the integration is unstable at and above \((2 / frequency).short)")
    }
    for (bath, particles) in bathed.particleBaths where settings.timeStep > particles.relaxationTime {
      reasons.append(
        "time step \(settings.timeStep): the particles of bath \(bath.name) relax in tau = "
          + "\(particles.relaxationTime.short); the step must be below that, and well below for a small bias (0.1 tau)")
    }
    for interval in scales.rates.intervals {
      let steps = interval / settings.timeStep
      if steps < 0.999 || abs(steps - steps.rounded()) > 1e-9 * steps {
        reasons.append(
          "time step \(settings.timeStep): collisions are possible every \(interval.short), which must be a whole number of steps: give a "
            + "run.timeStep of which all intervals are whole multiples"
        )
      }
    }
    let rate = max(frequency, scales.rates.damped.map(\.rate).max() ?? 0)
    if let reason = rangeReason(energy: bathed.hottest, rate: rate) { reasons.append(reason) }
    let steps = (settings.burnIn + settings.duration) / settings.timeStep
    if !(steps < 1e14) {
      reasons.append(
        "burn-in and duration are \(steps.short) steps of \(settings.timeStep.short), more than can ever be done: "
          + "shorten the duration, give a longer time step or check the parameters")
    }
    let memory = memoryReason(
      "\(settings.replicas) replicas of this network", bytes: Self.memory(for: bathed, replicas: settings.replicas),
      remedy: "use fewer replicas and a longer duration")
    reasons += [memory].compactMap { $0 }
    return reasons.map { Refusal(.simulation, $0) }
  }

  /// Memory that the replicas of a network take, roughly [bytes].
  package static func memory(for bathed: BathedNetwork, replicas: Int) -> Double {
    NetworkEnsemble.memory(for: bathed, replicas: replicas)
  }

  /// Reasons that lie in the potentials.
  package static func refusals(of network: SiteNetwork) -> [Refusal] {
    network.potentials.filter { !$0.energy(0).isFinite || !$0.slope(0).isFinite }.prefix(3).map { potential in
      Refusal(
        .simulation,
        "the potential \(potential.formula.asWritten) has no finite energy and force at \(potential.variable) = 0, where all replicas "
          + "begin: count \(potential.variable) from the rest position")
    }
  }

  /// Simulates a model: all that `simulate` of its network gives, and the entropy production.
  ///
  /// - Parameters:
  ///   - model: the model.
  ///   - bathed: its network and baths.
  ///   - scales: of these.
  package func simulate(
    _ model: NetworkModel, _ bathed: BathedNetwork, _ scales: NetworkScales
  ) throws -> TrajectoryOutcome {
    try simulate(bathed, scales) { $0.addEntropyProduction(of: model, by: .simulation) }
  }

  /// Simulates a network.
  ///
  /// - Returns: J between two baths, the heat from every bath and through every bond, the mean energy, the kinetic temperature and the mean
  ///   displacement of every site, each with one standard error and a budget.
  /// - Throws: `Refusal` if the settings cannot work, `TrajectoryError` if a site is lost or the run is interrupted,
  ///   `StatisticsError` if it is too short.
  /// - Complexity: O(replicas * steps * (sites + bonds + particles)).
  package func simulate(
    _ bathed: BathedNetwork, _ scales: NetworkScales? = nil, completing complete: (inout Answer) -> Void = { _ in }
  ) throws -> TrajectoryOutcome {
    let scales = scales ?? NetworkScales(bathed)
    if let refusal = refusals(of: bathed, scales).first { throw refusal }
    // A pilot run tells time and error at the temperatures that are expected.
    guard !bathed.reservoirs.isEmpty, !isPilot else { return try measure(bathed, scales, nil, watch, complete) }
    do {
      let search = ReservoirSearch(bathed, settings, scales, watch.part(from: 0, to: 0.4))
      let found = try search.found()
      var rest = watch.part(from: 0.4, to: 1)
      rest.stateKeeper = watch.stateKeeper?.headed(search.head(found))
      let ready = bathed.with(found)
      return try measure(ready, NetworkScales(ready), found, rest, complete)
    } catch let error as TrajectoryError {
      throw told(error, bathed, scales)
    }
  }

  /// The run itself, all baths at the temperatures that they have.
  private func measure(
    _ bathed: BathedNetwork, _ scales: NetworkScales, _ reservoirs: FoundReservoirs?, _ watch: SamplingWatch<Answer>,
    _ complete: (inout Answer) -> Void
  ) throws -> TrajectoryOutcome {
    let ensemble = NetworkEnsemble(bathed, settings, scales, recorded: recorded, in: watch.recording)
    let analysis = NetworkAnalysis(
      ensemble: ensemble, scales: scales, names: NetworkNames(bathed.network), reservoirs: reservoirs)
    var run = SamplingRun<Answer>()
    run.target = settings.target
    run.threads = settings.threads
    run.watch = watch
    let reading = SamplingRun<Answer>.Reading(
      seconds: ensemble.secondsOfALook,
      answer: { try analysis.answer(briefly: true).finished(Self.claim) },
      errorOverTarget: { try analysis.leadingError(over: $0) })
    do {
      guard let stop = try run.run(ensemble, reading) else { throw TrajectoryError.interrupted }
      ensemble.endRecording()
      return try outcome(analysis, stop, complete)
    } catch let error as TrajectoryError {
      throw told(error, bathed, scales)
    }
  }

  /// A failure with its likely cause, if it is that of a site.
  func told(_ error: TrajectoryError, _ bathed: BathedNetwork, _ scales: NetworkScales) -> TrajectoryError {
    guard case .siteLost(let site, let first, let last, let replica) = error else { return error }
    return .unusable(lossMessage(bathed, scales, site: site, first: first, last: last, replica: replica))
  }

  private func outcome(
    _ analysis: NetworkAnalysis, _ stopReason: StopReason, _ complete: (inout Answer) -> Void
  ) throws -> TrajectoryOutcome {
    let ensemble = analysis.ensemble
    let (burnIn, duration) = (ensemble.burnIn, ensemble.recordedTime)
    var answer = try analysis.answer(briefly: isPilot)
    var transient = 0.0
    if !isPilot {
      transient = ensemble.burnInRecord.transient(comparedWith: ensemble.meanTemperature)
      NetworkBudget(analysis, burnIn: burnIn, duration: duration).add(to: &answer)
      let notes = NetworkNotes(analysis: analysis, burnIn: burnIn, duration: duration, transient: transient)
      complete(&answer)
      answer.notes += notes.all
    }
    return TrajectoryOutcome(
      answer: answer.finished(Self.claim), stopReason: stopReason, duration: duration, burnIn: burnIn,
      detectedTransient: transient, replicaSteps: ensemble.replicaSteps)
  }

  /// What to say of a site that was lost between two steps, with the likely cause.
  package func lossMessage(
    _ bathed: BathedNetwork, _ scales: NetworkScales, site: Int, first: Int, last: Int, replica: Int
  ) -> String {
    let step = scales.timeStep(tolerance: 0.002, noise: settings.noise)
    let network = bathed.network
    let own = Set(
      network.fields.filter { $0.site == site - 1 }.map(\.potential)
        + network.bonds.filter { $0.first == site - 1 || $0.second == site - 1 }.map(\.potential))
    let open = own.sorted().map { network.potentials[$0] }.filter { $0.isUnboundedBelow == true }
    let cause: String
    if let potential = open.first {
      cause =
        "its potential \(potential.formula.asWritten) falls without bound, so a replica that has passed the barrier never comes back: there is "
        + "no steady state. Lower the temperature, or add a term that grows"
    } else if settings.timeStep > 2 * step.timeStep {
      cause =
        "likely cause: the time step \(settings.timeStep) is too long (\(step.limits[0].reason); "
        + "\(step.timeStep.short) would be safe)"
    } else {
      cause =
        "likely cause: a potential that falls without bound or is steeper than the time step \(settings.timeStep) can follow; give "
        + "a shorter one, or add a term that holds the site"
    }
    let when = first == last ? "in step \(first)" : "between steps \(first) and \(last)"
    return "site \(site) was lost in replica \(replica) \(when) "
      + "(time \((Double(last) * settings.timeStep).short)): its motion grew beyond all numbers; \(cause)"
  }
}

extension PotentialForm {
  /// Whether `NetworkTrajectorySolver.forms` moves it.
  fileprivate var isNewInForms: Bool {
    switch self {
    case .polynomial(let slope): slope.count > 6
    case .sided: true
    case .sine, .general: false
    }
  }
}
