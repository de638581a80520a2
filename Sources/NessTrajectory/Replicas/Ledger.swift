/// Where the running sums of one replica are kept, and what they mean.
///
/// Heat is credited by the very sub-step that moves the energy. In a steady state every heat and bond channel below has
/// the same long-time mean, exactly and at any time step, because their differences are differences of state functions.
package struct Ledger: Sendable {
  let baths: Int
  let sites: Int
  let particleBaths: Int

  init(_ dynamics: ChainDynamics) {
    baths = dynamics.bathCount
    sites = dynamics.sites
    particleBaths = dynamics.particles.count
  }

  package var channels: Int { baths + (sites - 1) + sites + particleBaths }
  package func heat(_ bath: Int) -> Int { bath }
  package func bond(_ bond: Int) -> Int { baths + bond }
  package func kinetic(_ site: Int) -> Int { baths + sites - 1 + site }
  package func displacement(ofParticleBath index: Int) -> Int { baths + 2 * sites - 1 + index }

  /// What a running sum over one step must be multiplied with to give its channel: heat per time [energy/time], bond
  /// current [energy/time], kinetic temperature [energy], displacement [length].
  package func factor(ofChannel channel: Int, in dynamics: ChainDynamics) -> Double {
    switch channel {
    case ..<baths: 0.5 * dynamics.mass / dynamics.timeStep
    case ..<(baths + sites - 1): -0.25 * dynamics.springConstant
    case ..<(baths + 2 * sites - 1): dynamics.mass
    default: 1
    }
  }
}
