/// Where the running sums of one replica are kept, and what they mean.
///
/// Heat is credited by the very sub-step that moves the energy. In a steady state every heat and bond channel below has
/// the same long-time mean, exactly and at any time step, because their differences are differences of state functions.
package struct Ledger: Sendable {
  let baths: Int
  let sites: Int
  let particleBaths: Int
  let innovations: Int

  init(_ dynamics: ChainDynamics) {
    baths = dynamics.bathCount
    sites = dynamics.sites
    particleBaths = dynamics.particles.count
    innovations = dynamics.innovations.count
  }

  private var measured: Int { baths + (sites - 1) + sites + particleBaths }
  package var channels: Int { measured + 3 * innovations }
  package func heat(_ bath: Int) -> Int { bath }
  package func bond(_ bond: Int) -> Int { baths + bond }
  package func kinetic(_ site: Int) -> Int { baths + sites - 1 + site }
  package func displacement(ofParticleBath index: Int) -> Int { baths + 2 * sites - 1 + index }
  /// Innovation of the heat from a particle bath.
  package func innovation(ofParticleBath index: Int) -> Int { measured + 3 * index }
  /// Change of the heat that a particle bath's present force is forecast to give.
  package func forecastChange(ofParticleBath index: Int) -> Int { measured + 3 * index + 1 }
  /// Change of the square of the displacement of the site that a particle bath touches.
  package func squareChange(ofParticleBath index: Int) -> Int { measured + 3 * index + 2 }

  /// What a running sum over one step must be multiplied with to give its channel: heat per time [energy/time], bond
  /// current [energy/time], kinetic temperature [energy], displacement [length]; innovations and changes per time.
  package func factor(ofChannel channel: Int, in dynamics: ChainDynamics) -> Double {
    switch channel {
    case ..<baths: 0.5 * dynamics.mass / dynamics.timeStep
    case ..<(baths + sites - 1): -0.25 * dynamics.springConstant
    case ..<(baths + 2 * sites - 1): dynamics.mass
    case ..<measured: 1
    default: 1 / dynamics.timeStep
    }
  }
}
