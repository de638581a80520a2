import Foundation
import NessModel
import NessSampling
import NessStatistics

/// How long and how finely a model is simulated.
package struct TrajectorySettings: Sendable, Hashable {
  /// Seed of all random streams.
  package var seed: UInt64
  /// Independent replicas; multiples of 8 use the SIMD lanes fully.
  package var replicas: Int
  /// Time step [time].
  package var timeStep: Double
  /// Time discarded at the start of every replica [time].
  package var burnIn: Double
  /// Longest time measured per replica, after the burn-in [time].
  package var duration: Double
  /// Standard error of the heat current at which to stop early; nil to use the whole duration.
  package var target: Target?
  /// Threads; the result does not depend on it.
  package var threads: Int
  /// Whether the innovations of the noise are followed to sharpen the heats: the motion is the same, the work about twice as
  /// much for one heat from particles and 1.2 to 1.7 times as much between Langevin baths, the variance up to 10⁵ times less.
  /// nil follows them if there are several baths and one of particles that touches the medium, or the medium is anharmonic.
  package var innovations: Bool?
  /// Law of the noise that diffuses the particles.
  package var noise: ParticleNoise
  /// Whether replicas begin at rest with thermal velocities, and not as near to the steady state as theory tells
  /// (`StartLaw`): for tests of what a burn-in is good for.
  package var startsAtRest = false

  /// An error of the heat current that is small enough [relative, or energy/time].
  package typealias Target = PrecisionTarget

  /// Settings of a run; see the properties.
  package init(
    seed: UInt64 = 1, replicas: Int = 64, timeStep: Double, burnIn: Double, duration: Double,
    target: Target? = nil, threads: Int = 1, innovations: Bool? = nil, noise: ParticleNoise = .matched
  ) {
    self.seed = seed
    self.replicas = replicas
    self.timeStep = timeStep
    self.burnIn = burnIn
    self.duration = duration
    self.target = target
    self.threads = threads
    self.innovations = innovations
    self.noise = noise
  }
}

/// What a simulation found, and how it was done.
package struct TrajectoryOutcome: Sendable {
  /// The estimates, method `simulation`.
  package let answer: Answer
  /// Why the run ended.
  package let stopReason: StopReason
  /// Time measured per replica [time].
  package let duration: Double
  /// Time discarded per replica [time].
  package let burnIn: Double
  /// Time after which no transient could be seen in the discarded part [time].
  package let detectedTransient: Double
  /// Steps of all replicas, burn-in included.
  package let replicaSteps: Int
}

/// Full stochastic dynamics of a chain and its baths.
package struct TrajectorySolver: Sendable {
  /// Version of what trajectories and probes give: raise it with every change of their motion, draws, error bars or budgets, and
  /// of the steps, burn-ins and starts that are chosen (`EngineVersion`).
  package static let engine = EngineVersion("trajectory", 5)

  /// Version of the heats from particle baths where there are several of them, or more than two baths: version 5 of the
  /// engine followed the innovations of the first one alone, and of none where there were not two baths. What is simulated
  /// of other models does not depend on it.
  package static let innovations = EngineVersion("innovations", 1)

  /// Version of the heats of quartic chains between Langevin baths: version 5 of the engine did not follow their innovations, version 1
  /// of this one followed every step by itself.
  package static let quarticInnovations = EngineVersion("quartic-innovations", 2)

  /// All engines on which may depend what is simulated.
  package static let engines = [
    engine, innovations, quarticInnovations, SlowExchange.exchangeEngine, SlowExchange.creepEngine,
  ]

  /// The engines on which depends what is simulated of a model.
  package static func engines(of model: ChainModel) -> [EngineVersion] {
    let particleBaths = model.particleBaths.count
    var engines = [engine]
    if particleBaths > 1 || (particleBaths == 1 && model.attachments.count > 2) {
      engines.append(innovations)
    } else if followsMomenta(model) {
      engines.append(quarticInnovations)
    }
    if let slow = model.slowExchange.engine { engines.append(slow) }
    return engines
  }

  /// Whether the innovations of Langevin baths alone are followed: of anharmonic chains, for exact theory knows the others.
  private static func followsMomenta(_ model: ChainModel) -> Bool {
    !model.medium.isHarmonic && model.particleBaths.isEmpty && model.attachments.count > 1
  }

  /// How to run.
  package let settings: TrajectorySettings
  /// Whom to tell, when to stop, where to keep the state. A look shows J, heats and kinetic temperatures by the analysis of
  /// the final answer, without budgets.
  package var watch = SamplingWatch<Answer>()
  /// What is recorded along the time, where the watch says where.
  package var recorded: RecordedSystem?
  /// Whether only time and error of the run are of interest: no budgets, and none of what is said in notes.
  package var isPilot = false

  /// A solver with the given settings.
  package init(_ settings: TrajectorySettings) { self.settings = settings }

  /// All reasons not to simulate a model with these settings, before any work.
  package func refusals(of model: ChainModel) -> [Refusal] {
    var reasons: [String] = []
    let frequency = model.highestAngularFrequency
    if !(settings.timeStep > 0) { reasons.append("the time step \(settings.timeStep) is not positive") }
    if settings.timeStep * frequency >= 2 {
      reasons.append(
        "time step \(settings.timeStep): the chain oscillates at up to \(frequency.short), "
          + "so the integration is unstable at and above \((2 / frequency).short)")
    }
    for (attachment, bath) in model.particleBaths {
      let limit = bath.relaxationTime
      if settings.timeStep > limit {
        reasons.append(
          "time step \(settings.timeStep): the particles of bath \(attachment.name) relax in tau = \(limit.short); "
            + "the step must be below that, and well below for a small bias (0.1 tau)")
      }
    }
    let hottest = model.attachments.map(\.bath.temperature).max() ?? 0
    let friction = model.attachments.reduce(0) { max($0, $1.bath.linear.frictionKernel.markovFriction) }
    if let reason = rangeReason(energy: hottest, rate: max(frequency, friction / model.medium.mass)) {
      reasons.append(reason)
    }
    reasons += sizeReasons(model)
    return reasons.map { Refusal(.simulation, $0) }
  }

  /// Reasons that lie in the size of the work.
  private func sizeReasons(_ model: ChainModel) -> [String] {
    var reasons: [String] = []
    let steps = (settings.burnIn + settings.duration) / settings.timeStep
    if !(steps < 1e14) {
      reasons.append(
        "burn-in and duration are \(steps.short) steps of \(settings.timeStep.short), more than can ever be done: "
          + "shorten the duration, give a longer time step or check the parameters")
    }
    let bytes = Ensemble.memory(for: model, replicas: settings.replicas)
    let memory = memoryReason(
      "\(settings.replicas) replicas of this model", bytes: bytes, remedy: "use fewer replicas and a longer duration")
    return reasons + [memory].compactMap { $0 }
  }

  /// Simulates a model.
  ///
  /// - Returns: J, the heat from every bath, every bond current, the kinetic temperature profile, and the mean
  ///   displacement of the sites that particles touch, each with one standard error.
  /// - Throws: `Refusal` if the settings cannot work, `TrajectoryError.blowUp`, `StatisticsError` if the run is too short.
  /// - Complexity: O(replicas * steps * (sites + particles)); about 1-4 ns per particle-step and core with AVX-512.
  package func simulate(_ model: ChainModel) throws -> TrajectoryOutcome {
    if let refusal = refusals(of: model).first { throw refusal }
    let start =
      settings.startsAtRest ? nil : StartLaw(model, timeStep: settings.timeStep, noise: settings.noise)
    let ensemble = Ensemble(
      model, settings, innovations: settings.innovations ?? Self.innovationsPay(model), start: start,
      recorded: recorded,
      in: watch.recording)
    do {
      return try run(ensemble, model)
    } catch TrajectoryError.blowUp(let first, let last, let replica) {
      throw TrajectoryError.unusable(blowUpMessage(model, first: first, last: last, replica: replica))
    }
  }

  /// Whether following the innovations is expected to save more than it costs.
  static func innovationsPay(_ model: ChainModel) -> Bool {
    followsMomenta(model)
      || (model.attachments.count > 1 && model.particleBaths.contains(where: \.bath.isCoupled))
  }

  private func run(_ ensemble: Ensemble, _ model: ChainModel) throws -> TrajectoryOutcome {
    var run = SamplingRun<Answer>()
    run.target = settings.target
    run.threads = settings.threads
    run.watch = watch
    let reading = SamplingRun<Answer>.Reading(
      seconds: ensemble.secondsOfALook,
      answer: { try ChannelAnalysis(ensemble, model).answer(briefly: true).finished(Self.claim) },
      errorOverTarget: { try ChannelAnalysis(ensemble, model).leadingError(over: $0) })
    guard let stop = try run.run(ensemble, reading) else { throw TrajectoryError.interrupted }
    ensemble.endRecording()
    return try outcome(ensemble, model, stop)
  }

  private func outcome(
    _ ensemble: Ensemble, _ model: ChainModel, _ stopReason: StopReason
  ) throws -> TrajectoryOutcome {
    let burnIn = ensemble.burnIn
    let analysis = ChannelAnalysis(ensemble, model)
    var answer = try analysis.answer(briefly: isPilot)
    if isPilot {
      return TrajectoryOutcome(
        answer: answer.finished(Self.claim), stopReason: stopReason, duration: ensemble.recordedTime, burnIn: burnIn,
        detectedTransient: 0, replicaSteps: ensemble.replicaSteps)
    }
    let record = BurnInRecord(ensemble.burnInTemperature, batchLength: ensemble.burnInBatchLength)
    let transient = record.transient(comparedWith: ensemble.meanTemperature)
    analysis.addBudgets(to: &answer, burnIn: burnIn)
    answer.addEntropyProduction(of: model, by: .simulation)
    answer.notes += analysis.notes(burnIn: burnIn, transient: transient) + analysis.budgetNotes(answer, burnIn: burnIn)
    return TrajectoryOutcome(
      answer: answer.finished(Self.claim), stopReason: stopReason, duration: ensemble.recordedTime, burnIn: burnIn,
      detectedTransient: transient, replicaSteps: ensemble.replicaSteps)
  }

  /// What to say of a replica that diverged between two steps, with the likely cause.
  package func blowUpMessage(_ model: ChainModel, first: Int, last: Int, replica: Int) -> String {
    let choice = TimeStepChoice(for: model)
    let isHeld = model.particleBaths.isEmpty
    let other =
      isHeld
      ? "likely cause: numbers too large or too small for double precision; use other units, or a shorter time step than "
        + "\(settings.timeStep)"
      : "likely cause: the particles push a site further than its pinning can hold "
        + "(pinning \(model.medium.pinning.left) and \(model.medium.pinning.right)); raise the pinning or lower the coupling"
    let cause =
      settings.timeStep > 2 * choice.timeStep
      ? "likely cause: the time step \(settings.timeStep) is too long (\(choice.limits[0].reason); "
        + "\(choice.timeStep.short) would be safe)"
      : other
    return "the simulation blew up in replica \(replica) between steps \(first) and \(last) "
      + "(time \((Double(last) * settings.timeStep).short)); \(cause)"
  }
}
