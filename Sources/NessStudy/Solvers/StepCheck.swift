import NessModel
import NessSampling
import NessStatistics
import NessTrajectory

/// The bias of the time step, measured: the same measurement at twice the step, or half of it where twice is too long, with
/// random numbers of its own.
struct StepCheck {
  let settings: TrajectorySettings
  let first: TrajectoryOutcome
  let watch: SamplingWatch<Answer>

  /// Both currents, their difference in standard errors, and the extrapolation of order 2 to a step of zero,
  /// (4 J(h) - J(2h))/3; or why there is none. nil if the measurement was ended before.
  func note(_ simulation: SteppedSimulation) -> String? {
    let prefix = "step check:"
    guard let current = first.answer.estimate(.heatCurrent, by: .simulation) else {
      return "\(prefix) there is no heat current between two baths"
    }
    if first.stopReason == .interrupted { return nil }
    var second = settings
    second.seed = ~settings.seed
    second.timeStep = 2 * settings.timeStep
    second.duration = first.duration
    second.target = nil
    if simulation.refuses(second) { second.timeStep = settings.timeStep / 2 }
    do {
      let outcome = try simulation.simulate(second, watch, false)
      if outcome.stopReason == .interrupted { return nil }
      guard let other = outcome.answer.estimate(.heatCurrent, by: .simulation) else {
        return "\(prefix) there is no heat current at \(second.timeStep.short)"
      }
      let measured = [(settings.timeStep, current), (second.timeStep, other)].sorted { $0.0 < $1.0 }
      return "\(prefix) \(Self.text(fine: measured[0], coarse: measured[1]))"
    } catch TrajectoryError.interrupted {
      return nil
    } catch {
      return "\(prefix) not possible at \(second.timeStep.short): \(error)"
    }
  }

  private static func text(
    fine: (step: Double, current: Estimate), coarse: (step: Double, current: Estimate)
  ) -> String {
    func text(_ value: Double, _ error: Double) -> String { "\(value.short) ± \(error.text(digits: 2))" }
    let (finer, coarser) = (fine.current, coarse.current)
    let error = (16 * finer.error * finer.error + coarser.error * coarser.error).squareRoot() / 3
    return "J = \(text(finer.value, finer.error)) at \(fine.step.short), \(text(coarser.value, coarser.error)) at "
      + "\(coarse.step.short), z = \(coarser.zScore(against: finer).text(digits: 2)); extrapolated to a step of zero: "
      + text((4 * finer.value - coarser.value) / 3, error)
  }
}
