import Foundation
import NessModel
import NessStatistics
import Synchronization

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
  /// Whether the innovations of the noise are followed to sharpen the heat current from a particle bath: the motion is
  /// the same, the work 1.6 times as much, the variance up to 10⁵ times less. nil follows them if there are two
  /// terminals and a particle bath that touches the chain.
  package var innovations: Bool?
  /// Law of the noise that diffuses the particles.
  package var noise: ParticleNoise
  /// Whether replicas begin at rest with thermal velocities, and not as near to the steady state as theory tells
  /// (`StartLaw`): for tests of what a burn-in is good for.
  package var startsAtRest = false

  /// An error of the heat current that is small enough.
  package enum Target: Sendable, Hashable {
    /// Standard error over |J|.
    case relative(Double)
    /// Standard error [energy/time].
    case absolute(Double)

    /// The error itself.
    var error: Double {
      switch self {
      case .relative(let error), .absolute(let error): error
      }
    }
  }

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

/// How far a simulation is.
package struct TrajectoryProgress: Sendable {
  /// Part of the work done, 0 to 1.
  package let fraction: Double
  /// True during the burn-in.
  package let isBurnIn: Bool
  /// Error of the heat current so far over the target, if both are known.
  package let errorOverTarget: Double?
}

/// Full stochastic dynamics of a chain and its baths.
package struct TrajectorySolver: Sendable {
  /// Version of what trajectories and probes give: raise it with every change of their motion, draws, error bars or budgets, and
  /// of the steps, burn-ins and starts that are chosen (`EngineVersion`).
  package static let engine = EngineVersion("trajectory", 5)

  /// How to run.
  package let settings: TrajectorySettings
  /// Called between pieces of work, a few times a second.
  package var onProgress: @Sendable (TrajectoryProgress) -> Void = { _ in }
  /// Asked between pieces of work how many threads there are; nil for those of the settings.
  package var threadsNow: (@Sendable () -> Int)?
  /// Asked between pieces of work; true ends the run and keeps what was measured.
  package var shouldStop: @Sendable () -> Bool = { false }
  /// Where the state is kept every few seconds, so that a run that was ended can go on; nil for nowhere.
  package var stateKeeper: StateKeeper?
  /// Told the answer so far, between pieces of work after the burn-in, as soon as the data allow an error bar: J, heats and
  /// kinetic temperatures by the analysis of the final answer, without budgets. At most four times a second, and never
  /// for more than about 2 % of the time; the results do not depend on it. nil, the default, costs nothing.
  package var onLook: (@Sendable (Answer) -> Void)?

  /// Whether more is simulated after this, so that its last state is needed to go on.
  package var isFirstOfSeveral = false
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
    let schedule = Schedule(
      settings, capacity: ReplicaRecord.Layout.capacity(replicas: settings.replicas),
      workPerTick: Double(Ensemble.stepsPerTick * settings.replicas) * model.workOfAStep.rounded(.down))
    let start =
      settings.startsAtRest ? nil : StartLaw(model, timeStep: settings.timeStep, noise: settings.noise)
    let ensemble = Ensemble(
      model, timeStep: settings.timeStep, replicas: settings.replicas, seed: settings.seed,
      noise: settings.noise, innovations: settings.innovations ?? Self.innovationsPay(model),
      burnInTicks: schedule.burnInTicks, start: start)
    do {
      return try run(ensemble, model, schedule)
    } catch TrajectoryError.blowUp(let first, let last, let replica) {
      throw TrajectoryError.unusable(blowUpMessage(model, first: first, last: last, replica: replica))
    }
  }

  /// Whether following the innovations is expected to save more than it costs.
  private static func innovationsPay(_ model: ChainModel) -> Bool {
    model.terminals != nil && model.particleBaths.contains { $0.bath.coupling != 0 && $0.bath.sharpness > 0 }
  }

  private func run(_ ensemble: Ensemble, _ model: ChainModel, _ schedule: Schedule) throws -> TrajectoryOutcome {
    var stop: StopReason?
    var errorOverTarget: Double?
    var clock = StateClock(stateKeeper)
    var looks = LookClock(onLook, expectedSeconds: ensemble.secondsOfALook)
    let isGivenUp = Atomic(false)
    var bytes = ensemble.bytesOfState
    // What has been given up once cannot go on.
    func isStopped() -> Bool {
      if shouldStop() || clock.mustEnd(bytes: bytes) { isGivenUp.store(true, ordering: .relaxed) }
      return isGivenUp.load(ordering: .relaxed)
    }
    var smallestError = resume(ensemble, schedule, orGiveUp: isStopped)
    ensemble.begin(threads: threadsNow?() ?? settings.threads, orGiveUp: isStopped)
    if isGivenUp.load(ordering: .relaxed) { throw TrajectoryError.interrupted }
    var pace = Pace(longest: schedule.piece)
    func advance(to end: Int) throws {
      while ensemble.ticks < end, stop == nil {
        let piece = ContinuousClock.now
        try ensemble.advance(
          to: min(ensemble.ticks + pace.ticks, end), threads: threadsNow?() ?? settings.threads,
          shouldPause: { piece.secondsAgo > Pace.longestPiece }, shouldStop: isStopped)
        pace.took(piece.secondsAgo)
        report(schedule, ensemble, errorOverTarget: errorOverTarget)
        bytes = ensemble.bytesOfState
        if isStopped() { stop = .interrupted }
        clock.tick(now: stop != nil) { ensemble.state(smallestError: smallestError, target: settings.target) }
        if ensemble.canBeRead { looks.tick { try ChannelAnalysis(ensemble, model).answer(briefly: true) } }
      }
    }
    try advance(to: schedule.burnInTicks)
    if stop != nil { throw TrajectoryError.interrupted }
    for checkpoint in schedule.checkpoints where schedule.burnInTicks + checkpoint >= ensemble.ticks && stop == nil {
      try advance(to: schedule.burnInTicks + checkpoint)
      if stop == nil, let target = settings.target {
        errorOverTarget = try? ChannelAnalysis(ensemble, model).leadingError(over: target)
        guard let errorOverTarget else { continue }
        if errorOverTarget <= 1 {
          stop = .targetReached
        } else {
          smallestError = min(smallestError, errorOverTarget * target.error)
        }
      }
    }
    // The state is kept: what remains is to say what was measured.
    if stop == .interrupted { ensemble.cutToCommon() }
    if !ensemble.canBeRead { throw TrajectoryError.interrupted }
    if stop != .interrupted {
      clock.finish(isWhole: !isFirstOfSeveral) { ensemble.state(smallestError: smallestError, target: settings.target) }
    }
    return try outcome(ensemble, model, schedule, stop ?? .durationReached)
  }

  /// Goes on from a kept state if there is one that an uninterrupted run would have passed through.
  ///
  /// - Returns: the smallest error seen at a checkpoint that did not end the run.
  private func resume(_ ensemble: Ensemble, _ schedule: Schedule, orGiveUp shouldStop: @escaping () -> Bool) -> Double {
    // Without a target no error is looked at, so nobody can say where a run with one would have ended.
    let unseen = settings.target == nil ? 0 : Double.infinity
    return stateKeeper?.resume {
      try ensemble.restore($0, lastTick: schedule.lastTick, target: settings.target, orGiveUp: shouldStop)
    } ?? unseen
  }

  private func outcome(
    _ ensemble: Ensemble, _ model: ChainModel, _ schedule: Schedule, _ stopReason: StopReason
  ) throws -> TrajectoryOutcome {
    let burnIn = Double(schedule.burnInTicks * Ensemble.stepsPerTick) * settings.timeStep
    let analysis = ChannelAnalysis(ensemble, model)
    var answer = try analysis.answer(briefly: isPilot)
    if isPilot {
      return TrajectoryOutcome(
        answer: answer, stopReason: stopReason, duration: ensemble.recordedTime, burnIn: burnIn, detectedTransient: 0,
        replicaSteps: ensemble.ticks * Ensemble.stepsPerTick * settings.replicas)
    }
    let transient = BurnInRecord(ensemble).transient(comparedWith: ensemble)
    analysis.addBudgets(to: &answer, burnIn: burnIn)
    answer.addEntropyProduction(of: model, by: .simulation)
    answer.finish { _ in Self.claim }
    answer.notes += analysis.notes(burnIn: burnIn, transient: transient) + analysis.budgetNotes(answer, burnIn: burnIn)
    return TrajectoryOutcome(
      answer: answer, stopReason: stopReason, duration: ensemble.recordedTime, burnIn: burnIn,
      detectedTransient: transient, replicaSteps: ensemble.ticks * Ensemble.stepsPerTick * settings.replicas)
  }

  private func report(_ schedule: Schedule, _ ensemble: Ensemble, errorOverTarget: Double?) {
    var fraction = ensemble.meanTicks / Double(schedule.lastTick)
    if let errorOverTarget, errorOverTarget > 0 {
      fraction = max(fraction, min(1, 1 / (errorOverTarget * errorOverTarget)))
    }
    onProgress(
      TrajectoryProgress(
        fraction: fraction, isBurnIn: ensemble.ticks <= schedule.burnInTicks, errorOverTarget: errorOverTarget))
  }

  /// What to say of a replica that left the reasonable between two steps, with the likely cause.
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

/// When to look: ticks of burn-in, and numbers of measured ticks at which no batch is left incomplete.
struct Schedule {
  let burnInTicks: Int
  /// Most ticks advanced between two reports of progress.
  let piece: Int
  /// Measured ticks at which to judge the error; the last one ends the run.
  let checkpoints: [Int]
  /// Where the run ends at the latest, burn-in included.
  var lastTick: Int { burnInTicks + (checkpoints.last ?? 0) }

  /// - Parameters:
  ///   - settings: burn-in, duration and target.
  ///   - capacity: most batches kept.
  ///   - workPerTick: particle-steps of all replicas in a tick, roughly.
  init(_ settings: TrajectorySettings, capacity: Int, workPerTick: Double) {
    let tick = Double(Ensemble.stepsPerTick) * settings.timeStep
    burnInTicks = Int((settings.burnIn / tick).rounded(.up))
    let total = LaneBatches.completeTicks(
      atLeast: max(1, Int((settings.duration / tick).rounded(.up))), capacity: capacity)
    // Often enough for a smooth progress.
    piece = max(1, min((burnInTicks + total) / 400, Int(2e7 / workPerTick)))
    guard settings.target != nil else {
      checkpoints = [total]
      return
    }
    // Steps of about a quarter, each at a number of ticks that completes all batches.
    var points: [Int] = []
    var next = 2 * capacity
    while next < total {
      points.append(LaneBatches.completeTicks(atLeast: next, capacity: capacity))
      next += max(1, next / 4)
    }
    checkpoints = points.filter { $0 < total } + [total]
  }
}
