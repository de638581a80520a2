import NessModel

/// What time step and burn-in add to the means of the steady state: by the linear dynamics where it has one, by an upper
/// estimate else. The choice of a time step and the budget of a result ask the same.
package struct SteadyBias: Sendable {
  private struct Linear {
    let whole: LinearSteadyState
    let half: LinearSteadyState
    let quarter: LinearSteadyState
  }

  private let linear: Linear?
  private let bound: StepBound
  private let model: ChainModel

  /// - Parameters:
  ///   - model: what is simulated.
  ///   - timeStep: length of a step [time].
  ///   - noise: law of the noise that diffuses the particles.
  package init(_ model: ChainModel, timeStep: Double, noise: ParticleNoise) {
    self.model = model
    bound = StepBound(model, timeStep: timeStep, noise: noise)
    if let whole = LinearSteadyState(model, timeStep: timeStep, noise: noise),
      let half = LinearSteadyState(model, timeStep: timeStep / 2, noise: noise),
      let quarter = LinearSteadyState(model, timeStep: timeStep / 4, noise: noise)
    {
      linear = Linear(whole: whole, half: half, quarter: quarter)
    } else {
      linear = nil
    }
  }

  /// The part of the time step in the mean of a quantity; nil for a quantity that a chain does not have.
  ///
  /// - Parameter value: what was found; matters for a mean displacement only.
  package func timeStep(_ quantity: Quantity, found value: Double = 0) -> ErrorBudget.Part? {
    let limit = upper(quantity, value)
    guard let limit else { return nil }
    guard let linear, let whole = Self.mean(quantity, linear.whole.means, model),
      let half = Self.mean(quantity, linear.half.means, model),
      let quarter = Self.mean(quantity, linear.quarter.means, model)
    else { return .init(limit, .estimate) }
    // The integrator is of order 2; where the two extrapolations do not agree, the step is too long for one.
    let steady = (4 * quarter - half) / 3
    let doubt = abs((4 * half - whole) / 3 - steady)
    let bias = whole - steady
    // Rounding in a difference of heats is rounding of what flows in one direction.
    let rounding = 1e-9 * limit
    return doubt < 0.2 * abs(bias) + rounding ? .init(bias, .linear) : .init(abs(bias) + doubt, .estimate)
  }

  /// The mean of a quantity at a step of zero, in the linear dynamics; nil where that has no answer.
  package func steadyValue(_ quantity: Quantity) -> Double? {
    guard let linear, let half = Self.mean(quantity, linear.half.means, model),
      let quarter = Self.mean(quantity, linear.quarter.means, model)
    else { return nil }
    return (4 * quarter - half) / 3
  }

  /// What is left of the initial state in a measurement of length `duration` that follows a burn-in; nil where the linear
  /// dynamics does not answer, or the start is not one of it.
  ///
  /// - Parameter start: how the replicas begin; nil for at rest.
  func transients(burnIn: Double, duration: Double, start: StartLaw?) -> LinearSteadyState.Means? {
    guard start?.followsLinearTheory != false else { return nil }
    return linear?.whole.transients(burnIn: burnIn, duration: duration, atRest: start == nil)
  }

  /// The member of some means that is the mean of a quantity.
  static func mean(_ quantity: Quantity, _ means: LinearSteadyState.Means, _ model: ChainModel) -> Double? {
    switch quantity.family {
    case .heatCurrent: means.heats[0]
    case .heatFrom: model.index(of: quantity).map { means.heats[$0] }
    case .bondHeatCurrent: quantity.number.map { means.bondCurrents[$0 - 1] }
    case .kineticTemperature: quantity.number.map { means.kineticTemperatures[$0 - 1] }
    default: nil
    }
  }

  private func upper(_ quantity: Quantity, _ value: Double) -> Double? {
    switch quantity.family {
    case .heatCurrent: bound.heat(from: 0)
    case .heatFrom: model.index(of: quantity).map(bound.heat)
    case .bondHeatCurrent: quantity.number.map(bound.bondCurrent)
    case .kineticTemperature: quantity.number.map(bound.kineticTemperature)
    case .meanDisplacement: quantity.number.flatMap { bound.meanDisplacement($0, found: value) }
    default: nil
    }
  }
}
