import Foundation
import NessModel
import NessSampling
import NessStatistics

/// What a simulation of a box found, and how it was done.
package struct KineticOutcome: Sendable {
  /// The estimates, method `simulation`.
  package let answer: Answer
  /// Why the run ended.
  package let stopReason: StopReason
  /// Time measured per replica [time].
  package let duration: Double
  /// Time discarded per replica [time].
  package let burnIn: Double
  /// Collisions of all replicas with both walls in the time measured.
  package let collisions: Int
}

/// What can go wrong in a simulation of a box.
package enum KineticError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The user interrupted before there was anything to keep.
  case interrupted

  /// The reason in words, for the user.
  package var description: String { "interrupted before there was anything to keep" }
}

/// Event-driven simulation of one particle between thermal walls: no time step, so no error but the statistical one.
package struct KineticSolver: Sendable {
  /// Version of what flights give: raise it with every change of their draws, walls, windows or error bars, and of the
  /// burn-ins and durations that are chosen (`EngineVersion`).
  package static let engine = EngineVersion("kinetic", 5)

  /// How to run.
  package let settings: KineticSettings
  /// Whom to tell, when to stop, where to keep the state. A look shows what the final answer holds, as soon as the record is
  /// longer than the longest flights that matter.
  package var watch = SamplingWatch<Answer>()
  /// What is recorded along the time, if the watch says where.
  package var recorded: RecordedFlights?

  /// A solver with the given settings.
  package init(_ settings: KineticSettings) { self.settings = settings }

  /// All reasons not to simulate a model with these settings, before any work.
  package func refusals(of model: BoxModel) -> [Refusal] {
    if model.medium.isGas { return [Refusal(.simulation, "several particles, or rods, are a gas (GasSolver)")] }
    if model.trap != nil { return [] }
    if let reason = model.restReason { return [Refusal(.simulation, reason)] }
    var reasons = settings.faults
    let hottest = model.attachments.map(\.bath.temperature).max() ?? 0
    if let reason = rangeReason(energy: hottest, rate: 1 / KineticChoice(for: model).cycleTime) {
      reasons.append(reason)
    }
    if reasons.isEmpty { reasons += sizeReasons(model) }
    return reasons.map { Refusal(.simulation, $0) }
  }

  private func sizeReasons(_ model: BoxModel) -> [String] {
    var reasons: [String] = []
    let cycles = (settings.burnIn + settings.duration) / KineticChoice(for: model).cycleTime
    let collisions = 2 * cycles * Double(settings.replicas)
    if !(collisions < 1e15) {
      reasons.append(
        "about \(collisions.short) collisions in all, more than can ever be done: shorten the duration or use fewer "
          + "replicas")
    }
    let bytes = FlightEnsemble.memory(replicas: settings.replicas)
    let memory = memoryReason(
      "\(settings.replicas) replicas of this model", bytes: bytes, remedy: "use fewer replicas and a longer duration")
    return reasons + [memory].compactMap { $0 }
  }

  /// Simulates a model.
  ///
  /// - Returns: nothing but a note if the walls make flights longer than the duration, which would bias every average;
  ///   an exact 0 if a wall keeps the particle for ever; else J, the heat from each wall, the entropy production, the mean energy, the collision rates and time
  ///   shares as averages over time; density, kinetic temperature and energy density from snapshots at fixed times.
  /// - Throws: `Refusal` if the settings cannot work, `KineticError.interrupted`, `StatisticsError` if the run is too
  ///   short for any error bar.
  /// - Accuracy: flight times have the tail P(> t) ~ 1/t², so their variance diverges logarithmically and errors fall a
  ///   little slower than 1/sqrt(duration); see Documentation/Theory/renewal.md for the measured coverage.
  /// - Complexity: O(collisions); about 3 ns per collision and core with AVX-512.
  /// - Checked by: the renewal argument and the collision kernel (KineticSolverTests, MetropolisTests).
  package func simulate(_ model: BoxModel) throws -> KineticOutcome {
    if let refusal = refusals(of: model).first { throw refusal }
    if let unsampled = model.unsampledAnswer(duration: settings.duration) {
      return KineticOutcome(
        answer: unsampled, stopReason: .durationReached, duration: 0, burnIn: 0, collisions: 0)
    }
    let plan = FlightPlan(
      settings, cycleTime: KineticChoice(for: model).cycleTime, workPerCycle: KineticChoice.workPerCycle(of: model))
    let ensemble = FlightEnsemble(
      model, replicas: settings.replicas, seed: settings.seed, plan: plan, recorded: recorded, in: watch.recording)
    return try run(ensemble, longestFlight: model.longestFlight?.time ?? 0)
  }

  private func run(_ ensemble: FlightEnsemble, longestFlight: Double) throws -> KineticOutcome {
    var run = SamplingRun<Answer>()
    run.target = settings.targetError.map { .relative($0) }
    run.threads = settings.threads
    run.watch = watch
    let reading = SamplingRun<Answer>.Reading(
      seconds: ensemble.secondsOfALook,
      // Less than the longest flight would show too large a current.
      answer: { ensemble.recordedTime >= longestFlight ? try KineticAnalysis(ensemble).answer() : nil },
      errorOverTarget: {
        ensemble.recordedTime > 10 * longestFlight ? $0.ratio(of: try KineticAnalysis(ensemble).heatCurrent()) : nil
      })
    guard let stop = run.run(ensemble, reading) else { throw KineticError.interrupted }
    for motion in ensemble.motions { motion.endRecording() }
    let analysis = KineticAnalysis(ensemble)
    return KineticOutcome(
      answer: try analysis.answer(), stopReason: stop, duration: ensemble.recordedTime, burnIn: ensemble.burnIn,
      collisions: analysis.collisions)
  }
}
