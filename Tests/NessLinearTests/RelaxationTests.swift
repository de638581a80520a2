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
          .init(name: "left", site: 1, bath: .init(ParticleBath(temperature: 20, friction: 0.1, coupling: 0.2))),
          .init(name: "right", site: sites, bath: .init(LangevinBath(temperature: 1, friction: 1))),
        ])
    }
    let chain = try model(3, quartic: 0.5)
    let refusals = LinearSolver().refusals(of: chain)
    #expect(Set(refusals.map(\.method)) == Set(LinearSolver.methods))
    #expect(refusals.allSatisfy { $0.reason.contains("anharmonic (quartic 0.5)") })
    #expect(try LinearSolver().answer(.all, of: chain).entries.isEmpty)
    #expect(throws: Refusal.self) { try slowestRelaxationRate(of: chain) }
    #expect(throws: Refusal.self) { try steadyCovariance(of: chain) }
    for harmonic in [try model(3, quartic: 0), try model(1, quartic: 0.5)] {
      #expect(try !LinearSolver().answer(of: harmonic).entries.isEmpty)
      #expect(try slowestRelaxationRate(of: harmonic) > 0)
    }
  }

  /// One damped oscillator: gamma/2m if underdamped, the slower root if overdamped.
  @Test(arguments: [0.3, 5])
  func singleOscillator(friction: Double) throws {
    let model = try Model(
      medium: Chain(sites: 1, pinning: 1),
      attachments: [.init(name: "left", site: 1, bath: .init(LangevinBath(temperature: 1, friction: friction)))])
    let half = friction / 2
    let exact = half < 1 ? half : half - (half * half - 1).squareRoot()
    #expect(abs(try slowestRelaxationRate(of: model) - exact) < 1e-13)
  }

  /// Beyond 32 sites the rate is read from the phase of the determinant; here beside the eigenvalues of the equations of
  /// motion, with end baths, and with an inner one that leaves modes nearly dark.
  @Test(arguments: [1e-6, 0.05, 0.3, 1, 4, 1e4], [1, 17])
  func estimateIsNearTheExactRate(friction: Double, site: Int) throws {
    let sites = 60
    var drift = Matrix(rows: 2 * sites, columns: 2 * sites)
    for index in 0..<sites {
      drift[index, sites + index] = 1
      drift[sites + index, index] = -2
      if index > 0 { drift[sites + index, index - 1] = 1 }
      if index < sites - 1 { drift[sites + index, index + 1] = 1 }
    }
    drift[sites + site - 1, sites + site - 1] = -friction
    drift[2 * sites - 1, 2 * sites - 1] = -1
    let exact = try eigenvalues(drift).map { -$0.real }.min() ?? 0
    let model = try Model(
      medium: Chain(sites: sites, pinning: 1),
      attachments: [
        .init(name: "left", site: site, bath: .init(LangevinBath(temperature: 2, friction: friction))),
        .init(name: "right", site: sites, bath: .init(LangevinBath(temperature: 1, friction: 1))),
      ])
    let estimate = try slowestRelaxationRate(of: model)
    #expect(estimate > 0.25 * exact && estimate < 1.2 * exact, "\(estimate) against \(exact)")
  }

  /// Rates far below the rounding of eigenvalues: a weakly damped oscillator beside stiff springs, and a mode that no bath
  /// touches. First order in the friction: both ends move alike, rate gamma/m over the number of sites.
  @Test func tinyRates() throws {
    let weak = try langevinChain(sites: 2, pinning: 1, spring: 1e6, frictions: (1e-13, 1e-13))
    #expect(abs(try slowestRelaxationRate(of: weak) - 0.5e-13) < 0.06e-13)
    let single = try Model(
      medium: Chain(sites: 3, pinning: 1),
      attachments: [.init(name: "left", site: 2, bath: .init(LangevinBath(temperature: 1, friction: 1)))])
    #expect(try slowestRelaxationRate(of: single) < 1e-24)
  }

  /// Tens of thousands of sites are planned in a moment, and the work can be stopped.
  @Test func longChains() throws {
    let rate = try slowestRelaxationRate(of: langevinChain(sites: 20_000))
    // A quarter wave in the chain damped at its ends: rate ~ N^-3.
    let shorter = try slowestRelaxationRate(of: langevinChain(sites: 10_000))
    #expect(abs(shorter / rate - 8) < 0.8, "\(shorter) \(rate)")
    #expect(throws: QuadratureError.stopped) { try slowestRelaxationRate(of: langevinChain(sites: 20_000)) { true } }
  }

  /// A free centre of mass does not count.
  @Test func freeChain() throws {
    let rate = try slowestRelaxationRate(of: langevinChain(sites: 12, pinning: 0))
    #expect(rate > 1e-4)
    #expect(rate < 0.1)
  }
}
