import NessLinear
import NessMath
import NessModel
import Testing

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

@Suite struct RelaxationTests {
  /// Nothing of the linear theory answers for anharmonic bonds, and everything says why; a single site has no bond.
  @Test func anharmonicBondsAreRefused() throws {
    func model(_ sites: Int, quartic: Double) throws -> ChainModel {
      try Model(
        medium: Chain(sites: sites, quarticConstant: quartic, pinning: 1),
        attachments: [
          .init(name: "left", site: 1, bath: .particles(ParticleBath(temperature: 20, friction: 0.1, coupling: 0.2))),
          .init(name: "right", site: sites, bath: .langevin(LangevinBath(temperature: 1, friction: 1))),
        ])
    }
    let chain = try model(3, quartic: 0.5)
    let refusals = LinearSolver().refusals(of: chain)
    #expect(Set(refusals.map(\.method)) == LinearSolver.allMethods)
    #expect(refusals.allSatisfy { $0.reason.contains("anharmonic (quartic 0.5)") })
    #expect(try LinearSolver(profile: true).solve(chain).entries.isEmpty)
    #expect(throws: Refusal.self) { try slowestRelaxationRate(of: chain) }
    #expect(throws: Refusal.self) { try steadyCovariance(of: chain) }
    for harmonic in [try model(3, quartic: 0), try model(1, quartic: 0.5)] {
      #expect(try !LinearSolver().solve(harmonic).entries.isEmpty)
      #expect(try slowestRelaxationRate(of: harmonic) > 0)
    }
  }

  /// One damped oscillator: gamma/2m if underdamped, the slower root if overdamped.
  @Test(arguments: [0.3, 5])
  func singleOscillator(friction: Double) throws {
    let model = try Model(
      medium: Chain(sites: 1, pinning: 1),
      attachments: [.init(name: "left", site: 1, bath: .langevin(LangevinBath(temperature: 1, friction: friction)))])
    let half = friction / 2
    let exact = half < 1 ? half : half - (half * half - 1).squareRoot()
    #expect(abs(try slowestRelaxationRate(of: model) - exact) < 1e-13)
  }

  /// Beyond 128 sites the rate is an estimate; here beside the eigenvalues of the equations of motion.
  @Test(arguments: [0.05, 0.3, 1, 4])
  func estimateIsNearTheExactRate(friction: Double) throws {
    let sites = 140
    var drift = Matrix(rows: 2 * sites, columns: 2 * sites)
    for site in 0..<sites {
      drift[site, sites + site] = 1
      drift[sites + site, site] = -2
      if site > 0 { drift[sites + site, site - 1] = 1 }
      if site < sites - 1 { drift[sites + site, site + 1] = 1 }
    }
    drift[sites, sites] = -friction
    drift[2 * sites - 1, 2 * sites - 1] = -1
    let exact = try eigenvalues(drift).map { -$0.real }.min() ?? 0
    let estimate = try slowestRelaxationRate(of: langevinChain(sites: sites, frictions: (friction, 1)))
    #expect(estimate > 0.25 * exact && estimate < 4 * exact, "\(estimate) against \(exact)")
  }

  /// A free centre of mass does not count.
  @Test func freeChain() throws {
    let rate = try slowestRelaxationRate(of: langevinChain(sites: 12, pinning: 0))
    #expect(rate > 1e-4)
    #expect(rate < 0.1)
  }
}
