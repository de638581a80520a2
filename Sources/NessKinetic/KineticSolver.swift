import Foundation
import NessModel
import NessStatistics

/// What a simulation of a box found, and how it was done.
public struct KineticOutcome: Sendable {
  /// The estimates, method `simulation`.
  public let answer: Answer
  /// Why the run ended.
  public let stopReason: StopReason
  /// Time measured per replica [time].
  public let duration: Double
  /// Time discarded per replica [time].
  public let burnIn: Double
  /// Collisions of all replicas with both walls in the time measured.
  public let collisions: Int
}

/// What can go wrong in a simulation of a box.
public enum KineticError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The user interrupted before there was anything to keep.
  case interrupted

  /// The reason in words, for the user.
  public var description: String { "interrupted before there was anything to keep" }
}

/// Event-driven simulation of one particle between thermal walls: no time step, so no error but the statistical one.
public struct KineticSolver: Sendable {
  /// How to run.
  public let settings: KineticSettings
  /// Called between pieces of work with the part done, 0 to 1.
  public var onProgress: @Sendable (Double) -> Void = { _ in }
  /// Asked between pieces of work; true ends the run and keeps what was measured.
  public var shouldStop: @Sendable () -> Bool = { false }

  /// A solver with the given settings.
  public init(_ settings: KineticSettings) { self.settings = settings }

  /// All reasons not to simulate a model with these settings, before any work.
  public func refusals(of model: BoxModel) -> [Refusal] {
    if model.trap != nil { return [] }
    if let reason = model.restReason { return [Refusal(.simulation, reason)] }
    var reasons: [String] = []
    if !(settings.duration > 0 && settings.duration.isFinite) {
      reasons.append("the duration \(settings.duration) is not a positive time")
    }
    if !(settings.burnIn >= 0 && settings.burnIn.isFinite) {
      reasons.append("the burn-in \(settings.burnIn) is not a time >= 0")
    }
    if settings.replicas < 1 { reasons.append("\(settings.replicas) replicas: at least one is needed") }
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
    return reasons + [memoryReason(replicas: settings.replicas, bytes: bytes)].compactMap { $0 }
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
  public func simulate(_ model: BoxModel) throws -> KineticOutcome {
    if let refusal = refusals(of: model).first { throw refusal }
    if let unsampled = model.unsampledAnswer(duration: settings.duration) {
      return KineticOutcome(
        answer: unsampled, stopReason: .durationReached, duration: 0, burnIn: 0, collisions: 0)
    }
    let plan = FlightPlan(settings, cycleTime: KineticChoice(for: model).cycleTime)
    let ensemble = FlightEnsemble(
      model, replicas: settings.replicas, seed: settings.seed, window: plan.window, mostWindows: plan.windows)
    return try run(ensemble, plan, longestFlight: model.longestFlight?.time ?? 0)
  }

  private func run(
    _ ensemble: FlightEnsemble, _ plan: FlightPlan, longestFlight: Double
  ) throws -> KineticOutcome {
    var stop: StopReason?
    var burnt = 0
    while burnt < plan.burnInPieces, stop == nil {
      ensemble.fly(until: plan.burnInPiece, threads: settings.threads)
      ensemble.forget(length: plan.burnInPiece)
      burnt += 1
      onProgress(plan.fraction(burnt: burnt, windows: 0))
      if shouldStop() { stop = .interrupted }
    }
    for checkpoint in plan.checkpoints where stop == nil {
      while ensemble.windows < checkpoint, stop == nil {
        if !flyWindow(ensemble, plan) { stop = .interrupted }
        onProgress(plan.fraction(burnt: burnt, windows: ensemble.windows))
      }
      if stop == nil, let target = settings.targetError, ensemble.recordedTime > 10 * longestFlight,
        let current = try? KineticAnalysis(ensemble).heatCurrent(), current.error <= target * abs(current.value)
      {
        stop = .targetReached
      }
    }
    if ensemble.windows == 0 { throw KineticError.interrupted }
    let analysis = KineticAnalysis(ensemble)
    return KineticOutcome(
      answer: try analysis.answer(), stopReason: stop ?? .durationReached, duration: ensemble.recordedTime,
      burnIn: Double(burnt) * plan.burnInPiece, collisions: analysis.collisions)
  }

  /// One window in slices; false if the user interrupted, and then the unfinished window is dropped.
  private func flyWindow(_ ensemble: FlightEnsemble, _ plan: FlightPlan) -> Bool {
    for slice in 1...plan.slices {
      let end = slice == plan.slices ? plan.window : plan.window * Double(slice) / Double(plan.slices)
      ensemble.fly(until: end, threads: settings.threads)
      if shouldStop() {
        if slice == plan.slices { ensemble.closeWindow(threads: settings.threads) }
        return false
      }
    }
    ensemble.closeWindow(threads: settings.threads)
    return true
  }
}

/// How a run is cut: burn-in, windows, slices of a window, and the windows at which to judge the error.
struct FlightPlan {
  /// Pieces of the burn-in, which leave no trace.
  let burnInPieces: Int
  /// Length of such a piece [time].
  let burnInPiece: Double
  /// Windows in the whole duration, a power of two.
  let windows: Int
  /// Length of a window [time].
  let window: Double
  /// Parts of a window between which the user may interrupt.
  let slices: Int
  /// Numbers of windows at which no batch is left incomplete; the last one ends the run.
  let checkpoints: [Int]

  /// - Parameters:
  ///   - settings: burn-in, duration, replicas and target.
  ///   - cycleTime: mean time between two collisions with the same wall, roughly [time].
  init(_ settings: KineticSettings, cycleTime: Double) {
    // Snapshots at the ends of windows shall cost little, some 250 000 in all; and since the eight lanes of a group wait
    // for the slowest at the end of a window, it shall be long.
    var affordable = min(4096, 262_144 / Double(settings.replicas), settings.duration / (100 * cycleTime))
    // With a target the duration is only a limit, and may be far off: windows of some hundred cycles allow to stop soon.
    if settings.targetError != nil, settings.replicas >= 64 {
      affordable = max(affordable, min(1e9, settings.duration / (400 * cycleTime)))
    }
    var count = settings.replicas < 64 ? 64 : 8
    while Double(2 * count) <= affordable { count *= 2 }
    windows = count
    window = settings.duration / Double(count)
    // About 10^7 collisions, a fraction of a second of one core, between two looks.
    func pieces(_ time: Double) -> Int {
      max(1, Int(min(1e9, 2 * time / cycleTime * Double(settings.replicas) / 1e7)))
    }
    slices = pieces(window)
    burnInPieces = settings.burnIn > 0 ? pieces(settings.burnIn) : 0
    burnInPiece = settings.burnIn / Double(max(1, burnInPieces))
    guard settings.targetError != nil else {
      checkpoints = [count]
      return
    }
    let capacity = FlightEnsemble.capacity(replicas: settings.replicas)
    var points: [Int] = []
    var next = min(64, count / 4)
    while next < count {
      points.append(WindowRecord.completeWindows(atLeast: next, capacity: capacity))
      next += max(1, next / 4)
    }
    checkpoints = points.filter { $0 < count } + [count]
  }

  /// Part of the work done.
  func fraction(burnt: Int, windows done: Int) -> Double {
    let burnIn = Double(burnInPieces) * burnInPiece
    let all = burnIn + Double(windows) * window
    return (Double(burnt) * burnInPiece + Double(done) * window) / all
  }
}
