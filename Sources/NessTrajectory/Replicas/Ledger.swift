/// Where the running sums of one replica are kept, and what they mean.
///
/// Heat is credited by the very sub-step that moves the energy. In a steady state every heat and bond channel below has
/// the same long-time mean, exactly and at any time step, because their differences are differences of state functions.
package struct Ledger: Sendable {
  let baths: Int
  let sites: Int
  let particleBaths: Int
  let innovations: Bool

  init(_ dynamics: ChainDynamics) {
    baths = dynamics.bathCount
    sites = dynamics.sites
    particleBaths = dynamics.particles.count
    innovations = dynamics.innovations != nil
  }

  private var measured: Int { baths + (sites - 1) + sites + particleBaths }
  package var channels: Int { measured + (innovations ? 4 : 0) }
  package func heat(_ bath: Int) -> Int { bath }
  package func bond(_ bond: Int) -> Int { baths + bond }
  package func kinetic(_ site: Int) -> Int { baths + sites - 1 + site }
  package func displacement(ofParticleBath index: Int) -> Int { baths + 2 * sites - 1 + index }
  /// Innovation of the heat from the first particle bath by the noise of the particles.
  package var forceInnovation: Int { measured }
  /// Innovation of the heat from the first particle bath by the noise of the Langevin baths.
  package var momentumInnovation: Int { measured + 1 }
  /// Change of the heat that is forecast to come from the first particle bath.
  package var forecastChange: Int { measured + 2 }
  /// Change of the square of the displacement of the site that the first particle bath touches.
  package var squareChange: Int { measured + 3 }

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
