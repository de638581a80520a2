import NessLinear
import NessModel
import NessStatistics
import NessTestSupport
import NessTrajectory
import Testing

/// Numbers of networks that others have published.
@Suite struct PublishedNetworkTests {
  /// Gao and Limmer, J. Chem. Phys. 2019 (arXiv:1812.01470), the authors' public data: a chain of 20 sites with masses 1 to 20
  /// and bonds r²/2 + r⁴/4 between fixed walls; the momenta of its ends are redrawn with probability 0.8 once per unit of time, at
  /// temperatures of 0.1 plus and minus a bias. They print J/20 to seven digits and no error. Control: the current of the other sign.
  @Test(arguments: [(0.08, 20 * 8.329027e-5), (-0.08, -20 * 1.077247e-4), (0.04, 20 * 4.469177e-5)])
  func massGradedChain(bias: Double, published: Double) throws {
    func bath(_ temperature: Double) -> NetworkBath {
      NetworkBath(AndersenBath(temperature: temperature, timing: .periodic, probability: 0.8, interval: 1))
    }
    let model = try NetworkModel(
      medium: Network(
        lattice: .chain(20), mass: .formula("j"), bond: "r^2/2 + r^4/4", walls: .init(left: true, right: true)),
      attachments: [
        .init(name: "light", site: 1, bath: bath(0.1 + bias)), .init(name: "heavy", site: 20, bath: bath(0.1 - bias)),
      ])
    let bathed = BathedNetwork(model)
    let settings = TrajectorySettings(
      seed: 20261126, replicas: 256, timeStep: 0.05, burnIn: 2000, duration: 8000, threads: 2)
    let answer = try NetworkTrajectorySolver(settings).simulate(bathed).answer
    let current = try #require(answer.estimate(.heatCurrent, by: .simulation))
    #expect(abs(current.zScore(againstExact: published)) < acceptedZScore, "\(current) \(published)")
    #expect(current.error < 0.02 * abs(published))
    #expect(abs(current.zScore(againstExact: -published)) > acceptedZScore)
  }

  /// The same chain in equilibrium: its generating function psi(lambda), mean of eight estimates by cloning. Their lambda/20 is conjugate to
  /// the heat, so that psi = D (lambda/20)²/2 with the noise D, up to the fourth cumulant, which psi(20)/psi(4) shows to be below a per cent there.
  /// Control: a third more.
  @Test(.long) func largeDeviations() throws {
    func bath() -> NetworkBath {
      NetworkBath(AndersenBath(temperature: 0.1, timing: .periodic, probability: 0.8, interval: 1))
    }
    let model = try NetworkModel(
      medium: Network(
        lattice: .chain(20), mass: .formula("j"), bond: "r^2/2 + r^4/4", walls: .init(left: true, right: true)),
      attachments: [
        .init(name: "light", site: 1, bath: bath()), .init(name: "heavy", site: 20, bath: bath()),
      ])
    let settings = TrajectorySettings(
      seed: 20261127, replicas: 256, timeStep: 0.05, burnIn: 2000, duration: 40000, threads: 2)
    let answer = try NetworkTrajectorySolver(settings).simulate(BathedNetwork(model)).answer
    let noise = try answer.required(.heatNoise(), .simulation)
    #expect(noise.error < 0.04 * noise.value, "\(noise)")
    // psi at lambda and -lambda, and the larger deviation of eight.
    for (lambda, psi, deviation) in [(4.0, 4.7749e-6, 2e-7), (12, 4.30737e-5, 5.1e-7), (20, 1.199518e-4, 5.4e-7)] {
      let scale = lambda * lambda / 800
      let published = Estimate.statistical(psi / scale, standardError: deviation / scale / 2, effectiveSamples: 16)
      #expect(abs(noise.zScore(against: published)) < 3, "\(lambda): \(noise) \(published)")
      let more = Estimate.statistical(
        1.33 * psi / scale, standardError: deviation / scale / 2, effectiveSamples: 16)
      #expect(abs(noise.zScore(against: more)) > acceptedZScore)
    }
  }

  /// LAMMPS (2025-07-22, `fix langevin` with tally, `bond_style class2`, `fix spring/self`): Benchmarks/peers/lammps_chain.py, 256 chains of eight
  /// sites for 15000 units of time each at steps of 0.01, 0.005 and 0.0025. Its error is of the first order in the step, so the currents
  /// 0.25407(57), 0.25317(60) and 0.25225(55) are taken to the step zero by a line: 0.25179(69). Control: the harmonic chain.
  @Test func stronglyAnharmonicChainOfLAMMPS() throws {
    func current(_ bond: String) throws -> Estimate {
      let model = try NetworkModel(
        medium: Network(lattice: .chain(8), bond: bond, site: "q^2/4"),
        attachments: [
          .init(name: "left", site: 1, bath: NetworkBath(LangevinBath(temperature: 2, friction: 1))),
          .init(name: "right", site: 8, bath: NetworkBath(LangevinBath(temperature: 1, friction: 1))),
        ])
      let settings = TrajectorySettings(
        seed: 14, replicas: 64, timeStep: 0.02, burnIn: 40, duration: 3000, threads: 2)
      let answer = try NetworkTrajectorySolver(settings).simulate(BathedNetwork(model)).answer
      return try answer.required(.heatCurrent, .simulation)
    }
    let lammps = Estimate.statistical(0.25179, standardError: 0.00069, effectiveSamples: 150)
    let anharmonic = try current("r^2/2 + r^4/4")
    #expect(abs(anharmonic.zScore(against: lammps)) < acceptedZScore && anharmonic.error < 0.002, "\(anharmonic)")
    #expect(abs(try current("r^2/2").zScore(against: lammps)) > acceptedZScore)
  }

  /// The public data set subinsahu/harmonic_chain (2025): 100 sites, pinning 1 on each, fixed walls, Langevin ends at 3100 and 3000
  /// of equal friction. Each published point is one run of 10⁹ steps without an error, whose noise is far larger than its digits; the exact
  /// conductances are those of an independent transmission integral.
  @Test(arguments: [(1.0, 0.133975), (10, 0.019013), (100, 0.0019097)]) func pinnedChain(
    friction: Double, conductance: Double
  ) throws {
    let model = try NetworkModel(
      medium: Network(lattice: .chain(100), bond: "r^2/2", site: "q^2/2", walls: .init(left: true, right: true)),
      attachments: [
        .init(name: "left", site: 1, bath: NetworkBath(LangevinBath(temperature: 3100, friction: friction))),
        .init(name: "right", site: 100, bath: NetworkBath(LangevinBath(temperature: 3000, friction: friction))),
      ])
    let answer = try NetworkSolver().answer(.only(.heatCurrent), of: model, by: [.markov])
    let current = try #require(answer.estimate(.heatCurrent, by: .markov))
    #expect(abs(current.value / 100 - conductance) < 5e-5 * conductance + current.error, "\(current.value / 100)")
  }
}
