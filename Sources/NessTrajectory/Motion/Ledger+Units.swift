extension Ledger {
  /// What a running sum must be multiplied with, and divided by the number of its steps, to give its channel: heat per
  /// time [energy/time], bond current [energy/time], kinetic temperature [energy], which is not read in every step,
  /// displacement [length]; innovations and changes per time.
  package func factor(ofChannel channel: Int, in dynamics: ChainDynamics) -> Double {
    switch channel {
    case ..<baths: 0.5 * dynamics.mass / dynamics.timeStep
    case ..<(baths + sites - 1): 1 / dynamics.timeStep
    case ..<(baths + 2 * sites - 1): dynamics.mass * Double(dynamics.stepsPerReading)
    case ..<measured: 1
    default: 1 / dynamics.timeStep
    }
  }
}
