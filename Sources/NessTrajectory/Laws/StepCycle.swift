import NessMath

/// The steps from one time at which momenta may be redrawn to the next. Where collisions are possible at fixed times what is to come of
/// a heat depends on how far the next of them are; elsewhere every step is alike, and a cycle is one step.
struct StepCycle {
  /// Most work for the steps of a cycle: their number times the third power of the states.
  private static let mostWork = 4e9

  /// The last step of a cycle.
  let last: LinearStep
  /// Every other one.
  private let other: LinearStep
  /// Number of steps.
  private let length: Int

  /// What a heat has to come.
  struct Forecast {
    /// Over Z before a step, in the mean of the steps.
    let form: Matrix
    /// Over U of a step: in the mean of all of them, but for what collisions draw, which is that of the last step.
    let future: Matrix
  }

  init(_ medium: ForecastMedium, _ modes: [ForceMode], heats: [Int: Double]) {
    let intervals = Set(medium.baths.momentumSteps.compactMap { $0.collision == nil ? nil : $0.interval })
    let states = Double(2 * medium.sites + modes.count + medium.baths.forces.count)
    // Of several intervals the mean probability stands for all of them.
    if intervals.count == 1, let interval = intervals.first, interval > 1,
      Double(interval) * states * states * states <= Self.mostWork
    {
      length = interval
      last = LinearStep(medium, modes, heats: heats, collisions: .due)
      other = LinearStep(medium, modes, heats: heats, collisions: .never)
    } else {
      length = 1
      last = LinearStep(medium, modes, heats: heats)
      other = last
    }
  }

  /// The collisions that are possible in the last step.
  var collisions: [LinearStep.Collision] { last.collisions }

  /// - Parameters:
  ///   - units: of the components of Z in which numbers are near 1.
  ///   - share: what velocities keep in a step, in the steady state that is forecast.
  ///   - polish: what is done to the form at the beginning of a cycle.
  /// - Returns: nil if the linear dynamics has no steady state.
  func forecast(in units: [Double], keeping share: Double, _ polish: (inout Matrix) -> Void) -> Forecast? {
    func counted(_ step: LinearStep) -> LinearStep {
      let counted = step.counted(in: units)
      return share == 1 ? counted : counted.keeping(share)
    }
    let cycle = length == 1 ? counted(last) : counted(last).after(length - 1, counted(other))
    guard var form = cycle.steadyForm() else { return nil }
    for column in units.indices {
      for row in units.indices { form[row, column] /= units[row] * units[column] }
    }
    polish(&form)
    let future = last.future(form)
    if length == 1 { return Forecast(form: form, future: future) }
    var (mean, next) = (future, future.leading(last.states))
    for _ in 1..<length {
      let before = other.future(next)
      mean = mean + before
      next = before.leading(last.states)
    }
    mean = (1 / Double(length)) * mean
    form = mean.leading(last.states)
    polish(&form)
    for collision in collisions {
      for index in 0..<mean.columns {
        mean[index, collision.source] = future[index, collision.source]
        mean[collision.source, index] = future[collision.source, index]
      }
    }
    return Forecast(form: form, future: mean)
  }
}
