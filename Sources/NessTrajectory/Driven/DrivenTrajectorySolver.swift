import Foundation
import NessFormula
import NessModel
import NessSampling
import NessStatistics

/// Full stochastic dynamics of a driven network and its baths, in the periodic state.
package struct DrivenTrajectorySolver: Sendable {
  /// Version of what it gives beyond the engine of networks, whose motion it is (`EngineVersion`).
  package static let engine = EngineVersion("driven-trajectory", 1)
  /// The engines that its results depend on.
  package static let engines = [NetworkTrajectorySolver.engine, engine]
  /// What its answers claim to be.
  package static let claim = TrajectorySolver.claim

  /// How to run.
  package let settings: TrajectorySettings
  /// Whom to tell, when to stop, where to keep the state.
  package var watch = SamplingWatch<Answer>()
  /// Whether only time and error of the run are of interest.
  package var isPilot = false
  /// Bias of the step where it is known exactly, by quantities; empty where it is not.
  package var biases: [Quantity: Double] = [:]
  /// What is recorded along the time, if the watch says where.
  package var recorded: RecordedSystem?

  /// A solver with the given settings.
  package init(_ settings: TrajectorySettings) { self.settings = settings }

  /// What a simulation measures of a driven network.
  package static func offers(for model: DrivenModel) -> [Offer] {
    model.drivenOffers + [
      Offer(.kineticTemperature, .numbers(model.medium.sites)),
      Offer(
        .meanDisplacement, .numbers(model.medium.sites),
        unless: BathedNetwork(
          model.medium.form.withoutForces,
          model.attachments.map { .init(name: $0.name, site: $0.site - 1, law: $0.bath) }
        ).isHeld.contains(true) ? nil : "nothing holds the sites in place, so their displacements have no mean"),
    ]
  }

  /// All reasons not to simulate it with these settings, before any work.
  package func refusals(of system: DrivenSystem) -> [Refusal] {
    if let other = system.model.attachments.first(where: { $0.bath.drive == .selfConsistent }) {
      return [
        Refusal(
          .simulation, "bath \(other.name) has a free temperature, which a drive leaves without meaning: give it one")
      ]
    }
    let looks = (0..<8).map { system.form.network(at: system.period * (Double($0) + 0.3) / 8) }
    if let reason = looks.lazy.flatMap({ NetworkTrajectorySolver.refusals(of: $0) }).first { return [reason] }
    let reasons =
      [
        system.stepReason(settings.timeStep),
        NetworkDriving.workReason(system.form, steps: system.steps(timeStep: settings.timeStep)),
      ].compactMap { $0 }
    if !reasons.isEmpty { return reasons.map { Refusal(.simulation, $0) } }
    return NetworkTrajectorySolver(settings).refusals(of: system.bathed, system.scales)
  }

  /// Simulates a driven network.
  ///
  /// - Returns: means over whole periods: heats, power, entropy production, kinetic temperatures, mean displacements, each with one
  ///   standard error and a budget.
  /// - Throws: `Refusal` if the settings cannot work, `TrajectoryError` if a site is lost, the run is interrupted or the first law is
  ///   broken, `StatisticsError` if it is too short.
  package func simulate(_ system: DrivenSystem) throws -> TrajectoryOutcome {
    if let refusal = refusals(of: system).first { throw refusal }
    let ensemble = DrivenEnsemble(system, settings, recorded: recorded, in: watch.recording)
    let analysis = DrivenAnalysis(ensemble: ensemble, system: system)
    var run = SamplingRun<Answer>()
    run.target = settings.target
    run.threads = settings.threads
    run.watch = watch
    let reading = SamplingRun<Answer>.Reading(
      seconds: ensemble.secondsOfALook,
      answer: { try analysis.answer().finished(Self.claim) },
      errorOverTarget: { try analysis.leadingError(over: $0) })
    do {
      guard let stop = try run.run(ensemble, reading) else { throw TrajectoryError.interrupted }
      ensemble.endRecording()
      return try outcome(analysis, stop)
    } catch let error as TrajectoryError {
      guard case .siteLost(let site, let first, let last, let replica) = error else { throw error }
      throw TrajectoryError.unusable(
        NetworkTrajectorySolver(settings).lossMessage(
          system.bathed, system.scales, site: site, first: first, last: last, replica: replica)
          + "; or the drive excites it without bound (parametric resonance)")
    }
  }

  private func outcome(_ analysis: DrivenAnalysis, _ stop: StopReason) throws -> TrajectoryOutcome {
    let ensemble = analysis.ensemble
    let duration = Double(ensemble.recordedPeriods) * ensemble.periodOfSteps
    var answer = try analysis.answer()
    var transient = 0.0
    if !isPilot {
      transient = ensemble.burnInRecord.transient(comparedWith: ensemble.meanTemperature)
      let created = try? analysis.created()
      try checkFirstLaw(created, answer)
      addBudgets(analysis, created, duration: duration, to: &answer)
      answer.notes += notes(analysis, created, answer, transient: transient, duration: duration)
    }
    return TrajectoryOutcome(
      answer: answer.finished(Self.claim), stopReason: stop, duration: duration, burnIn: ensemble.burnIn,
      detectedTransient: transient, replicaSteps: ensemble.replicaSteps)
  }

  /// Share of the largest flow that steps may create before nothing is believed.
  private static let mostCreated = 0.1

  /// Heats and power less what is stored add up to what the steps create, which must be little.
  private func checkFirstLaw(_ created: Estimate?, _ answer: Answer) throws {
    guard let created else { return }
    let flows = answer.entries.members.filter { [.heatFrom, .power].contains($0.quantity.family) }
    let largest = flows.map { abs($0.estimate.value) + 5 * $0.estimate.error }.max() ?? 0
    guard abs(created.value) > 5 * created.error, abs(created.value) > Self.mostCreated * largest else { return }
    throw TrajectoryError.unusable(
      "the first law is broken: heats and power less what the medium stores add up to \(created.value.text(error: created.error)) "
        + "per time, more than a tenth of the largest of them: give a shorter run.timeStep than \(settings.timeStep.text(digits: 10))"
    )
  }

  private func addBudgets(
    _ analysis: DrivenAnalysis, _ created: Estimate?, duration: Double, to answer: inout Answer
  ) {
    let system = analysis.system
    let (scales, bathed) = (system.scales, system.bathed)
    let bound = NetworkStepBound(bathed, scales, timeStep: settings.timeStep, noise: settings.noise)
    let seen = created.map { abs($0.value) + $0.error } ?? 0
    let missing = Transient.share(rate: 1 / scales.settlingTime, analysis.ensemble.burnIn, duration)
    let places = Dictionary(zip(bathed.baths.map(\.name), bathed.baths.indices)) { first, _ in first }
    let flows = bathed.baths.indices.map { bound.heat(from: $0) }
    for index in answer.entries.indices where answer.entries[index].axes.isEmpty {
      let entry = answer.entries[index]
      let (value, error) = (entry.estimate.value, entry.estimate.error)
      var step: Double
      switch entry.quantity.family {
      case .heatFrom: step = max(entry.quantity.bath.flatMap { places[$0] }.map { flows[$0] } ?? 0, seen)
      case .heatCurrent, .power: step = max(flows.max() ?? 0, seen)
      case .entropyProduction:
        let coldest = bathed.baths.map(\.law.temperature).min() ?? 0
        step = coldest > 0 ? max(flows.reduce(0, +), seen) / coldest : 0
      case .kineticTemperature: step = scales.energyScale * 2 * bound.relative
      case .meanDisplacement: step = 2 * bound.relative * abs(value)
      default: continue
      }
      let known = biases[entry.quantity]
      answer.entries[index].budget = ErrorBudget(
        statistical: error, timeStep: known.map { .init($0, .linear) } ?? .init(step, .estimate),
        burnIn: .init((abs(value) + 2 * error) * missing, .estimate))
    }
  }

  private func notes(
    _ analysis: DrivenAnalysis, _ created: Estimate?, _ answer: Answer, transient: Double, duration: Double
  ) -> [String] {
    let (ensemble, system) = (analysis.ensemble, analysis.system)
    var notes = [
      "means over \(ensemble.recordedPeriods) periods of \(system.period.text(digits: 8)), each of "
        + "\(system.steps(timeStep: settings.timeStep)) steps; burn-in of \(Int((ensemble.burnIn / system.period).rounded())) periods"
    ]
    if let created {
      notes.append(
        "first law: heats and power less what the medium stores add up to \(created.value.text(error: created.error)) per time, "
          + "which the steps create")
    }
    if let entropy = answer.entries.member(.entropyProduction, by: .simulation)?.estimate,
      entropy.value < -4.9 * entropy.error
    {
      notes.append(
        Note.warning(
          "the second law is broken: the entropy production \(entropy.value.text(error: entropy.error)) is negative; the burn-in or the "
            + "time step must be at fault"))
    }
    if transient > 0.8 * ensemble.burnIn {
      notes.append(
        Note.warning(
          "burn-in may be too short: a transient was seen until \(transient.short) of the \(ensemble.burnIn.short) discarded; "
            + "give a longer run.burnIn"))
    }
    if let drift = ensemble.meanTemperature.halvesDifference, drift.error > 0, abs(drift.value) > 4 * drift.error {
      notes.append(
        Note.warning(
          "the energy still drifts: first and second half of the measurement differ by "
            + "\((drift.value / drift.error).short) standard errors; use a longer burn-in"))
    }
    return notes
  }
}
