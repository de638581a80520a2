import NessModel
import NessTrajectory

/// The bias of the time step, measured: the same measurement at twice the step, with random numbers of its own.
struct StepCheck {
  private let settings: TrajectorySettings
  private let fine: TrajectoryOutcome
  private let onProgress: @Sendable (Double) -> Void
  private let shouldStop: @Sendable () -> Bool

  init(
    _ settings: TrajectorySettings, _ fine: TrajectoryOutcome, onProgress: @escaping @Sendable (Double) -> Void,
    shouldStop: @escaping @Sendable () -> Bool
  ) {
    self.settings = settings
    self.fine = fine
    self.onProgress = onProgress
    self.shouldStop = shouldStop
  }

  /// Both currents, their difference in standard errors, and the extrapolation of order 2 to a step of zero,
  /// (4 J(h) - J(2h))/3; or why there is none.
  func note(_ model: ChainModel) -> String {
    let prefix = "step check:"
    guard let current = fine.answer.estimate(.heatCurrent, by: .simulation) else {
      return "\(prefix) there is no heat current between two baths"
    }
    if fine.stopReason == .interrupted { return "\(prefix) not done, for the run was ended" }
    var coarse = settings
    coarse.seed = ~settings.seed
    coarse.timeStep = 2 * settings.timeStep
    coarse.duration = fine.duration
    coarse.target = nil
    var solver = TrajectorySolver(coarse)
    solver.onProgress = { [onProgress] in onProgress($0.fraction) }
    solver.shouldStop = shouldStop
    do {
      let outcome = try solver.simulate(model)
      guard outcome.stopReason != .interrupted, let other = outcome.answer.estimate(.heatCurrent, by: .simulation)
      else { return "\(prefix) not finished" }
      let limit = (4 * current.value - other.value) / 3
      let error = (16 * current.error * current.error + other.error * other.error).squareRoot() / 3
      func text(_ value: Double, _ error: Double) -> String { "\(value.short) ± \(error.text(digits: 2))" }
      return "\(prefix) J = \(text(current.value, current.error)) at \(settings.timeStep.short), "
        + "\(text(other.value, other.error)) at \(coarse.timeStep.short), z = \(other.zScore(against: current).text(digits: 2)); "
        + "extrapolated to a step of zero: \(text(limit, error))"
    } catch {
      return "\(prefix) not possible at \(coarse.timeStep.short): \(error)"
    }
  }
}
