import NessLinear
import NessModel
import NessStatistics
import Testing

/// Mean potential energies of chains, from the covariance of Lyapunov's equation.
@Suite struct PotentialEnergyTests {
  private static func model(_ sites: Int, _ left: ChainBath, mass: Double = 1.3) throws -> ChainModel {
    try Model(
      medium: Chain(sites: sites, mass: mass, springConstant: 0.8, pinning: .init(left: 0.7, right: 1.6)),
      attachments: [
        .init(name: "left", site: 1, bath: left),
        .init(name: "right", site: sites, bath: ChainBath(LangevinBath(temperature: 0.4, friction: 0.9))),
      ])
  }

  private static let particles = ChainBath(ParticleBath(temperature: 3, friction: 0.1, coupling: 0.2))
  private static let langevin = ChainBath(LangevinBath(temperature: 3, friction: 0.5))

  @Test(arguments: [2, 5, 24], [NessModel.Method.markov, .memory])
  func covariance(sites: Int, method: NessModel.Method) throws {
    for bath in [Self.langevin, Self.particles] where !(method == .memory && bath == Self.langevin) {
      let model = try Self.model(sites, bath)
      let found = try LinearSolver().answer(.only([.potentialEnergy]), of: model, by: [method])
      let exact = try steadyCovariance(of: model, withMemory: method == .memory).displacements
      for site in 0..<sites {
        var energy = site == 0 ? 0.35 * exact[0, 0] : site == sites - 1 ? 0.8 * exact[site, site] : 0
        for other in [site - 1, site + 1] where (0..<sites).contains(other) {
          energy += 0.2 * (exact[site, site] + exact[other, other] - 2 * exact[site, other])
        }
        let own = try found.required(.potentialEnergy(site: site + 1), method)
        #expect(abs(own.value - energy) <= own.error + 1e-10 * energy && own.error < 1e-6 * energy, "\(site) \(own)")
        // The negative control.
        #expect(abs(own.value - 1.0001 * energy) > own.error)
      }
    }
  }

  /// d<sum q p>/dt = 0: without memory all potential energy is all kinetic energy.
  @Test func virial() throws {
    let model = try Self.model(12, Self.langevin)
    let found = try LinearSolver().answer(.only([.potentialEnergy, .kineticTemperature]), of: model, by: [.markov])
    var (kinetic, potential, error) = (0.0, 0.0, 0.0)
    for site in 1...12 {
      let (one, other) = (
        try found.required(.kineticTemperature(site: site), .markov),
        try found.required(.potentialEnergy(site: site), .markov)
      )
      kinetic += 0.5 * one.value
      potential += other.value
      error += 0.5 * one.error + other.error
    }
    #expect(abs(kinetic - potential) <= error && error < 1e-6 * kinetic)
  }

  @Test func refusals() throws {
    func reason(_ model: ChainModel) throws -> String? {
      try LinearSolver().answer(.only([.potentialEnergy]), of: model, by: [.markov]).refusals.first?.reason
    }
    let free = try ChainModel(
      medium: Chain(sites: 4, pinning: .init(left: 0, right: 0)),
      attachments: [
        .init(name: "left", site: 1, bath: Self.langevin), .init(name: "right", site: 4, bath: Self.langevin),
      ])
    #expect(try reason(free)?.contains("nothing holds the chain") == true)
    #expect(try reason(Self.model(4, Self.langevin)) == nil)
  }
}
