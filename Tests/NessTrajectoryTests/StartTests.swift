import Foundation
import NessLinear
import NessMath
import NessModel
import NessStatistics
import NessTestSupport
import NessTrajectory
import Testing

/// White noise that says of itself that it is not Gaussian, or not eliminated exactly.
private struct SaidBath: LinearBath, StochasticBath {
  static let kind = KindDescription("said", title: "Said", meaning: "for tests")
  static let parameters: [Parameter<SaidBath>] = []
  static let example = SaidBath()
  var temperature = 1.0
  var isEliminatedExactly = true
  var isGaussian = true
  private var bath: LangevinBath { LangevinBath(temperature: temperature, friction: 1) }
  var stiffnessShift: Double { bath.stiffnessShift }
  var frictionKernel: FrictionKernel { bath.frictionKernel }
  var stochasticLaw: StochasticLaw { bath.stochasticLaw }

  func strengthened(by factor: Double) -> SaidBath { self }

  func at(temperature: Double) -> SaidBath {
    var copy = self
    copy.temperature = temperature
    return copy
  }
}

/// Replicas begin in the steady state, so slow modes and wells that are never left have their right share from the start.
/// Everything as z-scores at fixed seeds, each with a control: the same replicas from rest, or a wrong value.
@Suite("The start of the replicas") struct StartTests {
  private static func entry(
    _ model: ChainModel, _ quantity: Quantity, duration: Double, replicas: Int = 64, atRest: Bool = false
  ) throws -> Answer.Entry {
    var settings = TrajectorySettings(
      seed: 20261126, replicas: replicas, timeStep: TimeStepChoice(for: model).timeStep, burnIn: 0, duration: duration,
      threads: 2)
    settings.startsAtRest = atRest
    let answer = try TrajectorySolver(settings).simulate(model).answer
    return try #require(answer.entries.members(quantity).first)
  }

  private static func expect(
    _ model: ChainModel, _ quantity: Quantity, _ exact: Double, duration: Double, replicas: Int = 64,
    _ place: SourceLocation = #_sourceLocation
  ) throws {
    let entry = try entry(model, quantity, duration: duration, replicas: replicas)
    #expect(abs(entry.estimate.zScore(againstExact: exact)) < acceptedZScore, "\(entry)", sourceLocation: place)
    #expect(entry.estimate.error < 0.3 * abs(exact), "\(entry)", sourceLocation: place)
    let rested = try Self.entry(model, quantity, duration: duration, replicas: replicas, atRest: true)
    #expect(abs(rested.estimate.zScore(againstExact: exact)) > acceptedZScore, "\(rested)", sourceLocation: place)
  }

  /// Nothing is discarded where means and covariances are exact; that the whole law is known is said of Gaussian noise alone.
  @Test(arguments: [(true, true), (true, false), (false, true), (false, false)])
  func claimOfTheStart(isEliminatedExactly: Bool, isGaussian: Bool) throws {
    let other = SaidBath(isEliminatedExactly: isEliminatedExactly, isGaussian: isGaussian)
    let model = try Sample.chain(sites: 3, left: Sample.langevin(2, friction: 1), right: ChainBath(other))
    let start = StartLaw(model, timeStep: 0.01, noise: .matched)
    #expect(start.followsLinearTheory && start.isExact == isEliminatedExactly)
    #expect(start.description.contains("which is exact here") == (isEliminatedExactly && isGaussian))
    #expect(start.description.contains("means and covariances are exact") == (isEliminatedExactly && !isGaussian))
    #expect(start.description.contains("weakly coupled") == !isEliminatedExactly)
  }

  /// Relaxation times of 10⁴ and runs of 500: weights of the baths by their frictions, (8 + 2 · 2)/3 = 4.
  @Test func weaklyCoupledChain() throws {
    let model = try Sample.chain(
      sites: 2, left: Sample.langevin(8, friction: 1e-4), right: Sample.langevin(2, friction: 2e-4))
    for site in 1...2 { try Self.expect(model, .kineticTemperature(site: site), 4, duration: 500) }
  }

  /// Frictions at which double precision knows nothing of the damping in one step.
  @Test(arguments: [1e-9, 1e-13, 1e-16]) func hardlyDampedChain(friction: Double) throws {
    let model = try Sample.chain(
      sites: 3, left: Sample.langevin(5, friction: friction), right: Sample.langevin(1, friction: 3 * friction))
    try Self.expect(model, .kineticTemperature(site: 2), 2, duration: 100, replicas: 256)
  }

  @Test func weaklyCoupledParticles() throws {
    let model = try Sample.chain(
      sites: 2, left: Sample.particles(20, friction: 0.4, coupling: 0.02),
      right: Sample.particles(10, friction: 0.4, coupling: 0.02))
    let exact = try LinearSolver().answer(.all, of: model, by: [.memory])
    let temperature = try #require(exact.estimate(.kineticTemperature(site: 1), by: .memory)).value
    try Self.expect(model, .kineticTemperature(site: 1), temperature, duration: 30)
  }

  @Test func anharmonicChainInEquilibrium() throws {
    let model = try Model(
      medium: Chain(sites: 8, quarticConstant: 1, pinning: .init(left: 1, right: 0.5)),
      attachments: [
        .init(name: "left", site: 1, bath: Sample.langevin(3, friction: 1e-3)),
        .init(name: "right", site: 8, bath: Sample.langevin(3, friction: 1e-3)),
      ])
    for site in [1, 4, 8] {
      try Self.expect(model, .kineticTemperature(site: site), 3, duration: 200, replicas: 128)
    }
  }

  /// One site that ten particles push to either of two sides, which it never leaves.
  @Test func siteWithTwoWells() throws {
    let particles = ParticleBath(
      temperature: 1, count: 10, friction: 0.2, coupling: 1.5, sharpness: 0.5, ringLength: 6)
    let model = try Model(
      medium: Chain(sites: 1, pinning: 1),
      attachments: [
        .init(name: "left", site: 1, bath: .init(particles)),
        .init(name: "right", site: 1, bath: Sample.langevin(1, friction: 0.5)),
      ])
    let exact = try ProbeDensity(particles, pinning: 1).mean().value
    #expect(abs(exact + 7.498) < 1e-3)
    try Self.expect(model, .meanDisplacement(site: 1), exact, duration: 100)
    try Self.expect(model, .kineticTemperature(site: 1), 1, duration: 20, replicas: 64)
  }

  /// Two sites at different ends that particles push apart: means over the joint density by quadrature in two dimensions.
  @Test func chainWithTwoTouchedSites() throws {
    let (one, two) = (
      ParticleBath(temperature: 1, count: 10, friction: 0.2, coupling: 1.1, sharpness: 0.5, ringLength: 6),
      ParticleBath(temperature: 1, count: 4, friction: 0.2, coupling: 1.2, sharpness: 1, ringLength: 6)
    )
    let model = try Model(
      medium: Chain(sites: 4, springConstant: 0.6, pinning: .init(left: 0.8, right: 0.5)),
      attachments: [
        .init(name: "one", site: 1, bath: .init(one)), .init(name: "two", site: 3, bath: .init(two)),
      ])
    // Site 2 and 4 eliminated: the springs 0.6 + 0.6 in a row, and 0.6 in a row with the pinning 0.5.
    let (bond, tail) = (0.3, 0.6 * 0.5 / 1.1)
    let grid = (-150...150).map { 0.2 * Double($0) }
    func logs(_ bath: ParticleBath) throws -> [Double] {
      try grid.map { Double(bath.count) * (try FrozenBath(bath).logPartitionFunction(atDisplacement: $0)) }
    }
    let (first, third) = (try logs(one), try logs(two))
    var (norm, mean1, mean3, mixed) = (0.0, 0.0, 0.0, 0.0)
    for (i, x) in grid.enumerated() {
      for (j, y) in grid.enumerated() {
        let weight = exp(first[i] + third[j] - 0.5 * (0.8 * x * x + tail * y * y + bond * (x - y) * (x - y)) - 20)
        norm += weight
        mean1 += weight * x
        mean3 += weight * y
        mixed += weight * x * y
      }
    }
    let samples = Self.displacements(model, groups: 256)
    func check(_ exact: Double, _ place: SourceLocation = #_sourceLocation, _ value: ([Double]) -> Double) {
      let z = Self.zScore(samples.map(value), exact)
      #expect(abs(z) < acceptedZScore, "\(z) for \(exact)", sourceLocation: place)
      let wrong = Self.zScore(samples.map(value), 1.2 * exact)
      #expect(abs(wrong) > acceptedZScore, "\(wrong)", sourceLocation: place)
    }
    check(mean1 / norm) { $0[0] }
    check(mean3 / norm) { $0[2] }
    check(mixed / norm) { $0[0] * $0[2] }
    // The untouched sites hang between: their means are those of the springs.
    check(0.5 * (mean1 + mean3) / norm) { $0[1] }
    check(0.6 / 1.1 * mean3 / norm) { $0[3] }
  }

  /// The whole covariance of a chain with a current, pinned or free, against the continuous Lyapunov equation.
  @Test(arguments: [1.0, 0]) func covarianceOfAChain(pinning: Double) throws {
    let model = try Sample.chain(
      sites: 4, left: Sample.langevin(3, friction: 0.7), right: Sample.langevin(1, friction: 1.3), pinning: pinning)
    let theory = try LinearSolver().answer(.all, of: model, by: [.markov])
    let samples = Self.states(model, groups: 512, timeStep: 0.01)
    for site in 0..<4 {
      let exact = try #require(theory.estimate(.kineticTemperature(site: site + 1), by: .markov)).value
      let squares = samples.map { $0.velocity[site] * $0.velocity[site] }
      #expect(abs(Self.zScore(squares, exact)) < acceptedZScore)
      #expect(abs(Self.zScore(squares, 1.15 * exact)) > acceptedZScore)
    }
    let current = try #require(theory.estimate(.heatCurrent, by: .markov)).value
    for bond in 0..<3 {
      let flows = samples.map { state in
        -0.5 * (state.velocity[bond] + state.velocity[bond + 1])
          * (state.displacement[bond + 1] - state.displacement[bond])
      }
      #expect(abs(Self.zScore(flows, current)) < acceptedZScore)
      #expect(abs(Self.zScore(flows, 0)) > acceptedZScore)
    }
  }

  /// Lengths, times and masses of other units by powers of two give the same bits, rescaled.
  @Test(arguments: ["steady", "free", "settled", "long", "anharmonic", "local"]) func unitsDoNotMatter(kind: String)
    throws
  {
    let (length, time, mass) = (0x1p-30, 0x1p11, 0x1p-70)
    func state(_ length: Double, _ time: Double, _ mass: Double) throws -> [Double] {
      let energy = mass * length * length / (time * time)
      let stiffness = mass / (time * time)
      func langevin(_ temperature: Double) -> ChainBath {
        Sample.langevin(temperature * energy, friction: 0.3 * mass / time)
      }
      func particles(_ temperature: Double) -> ChainBath {
        .init(
          ParticleBath(
            temperature: temperature * energy, count: 5, friction: 0.3 * mass / time, coupling: 0.4 * energy / length,
            ringLength: 6 * length))
      }
      let (left, right, sites, quartic): (ChainBath, ChainBath, Int, Double) =
        switch kind {
        case "settled": (particles(2), langevin(2), 3, 0)
        case "long": (langevin(2), langevin(1), 150, 0)
        case "anharmonic": (langevin(2), langevin(2), 5, 0.7)
        case "local": (particles(3), langevin(1), 5, 0.7)
        default: (langevin(2), langevin(1), 4, 0)
        }
      let model = try Model(
        medium: Chain(
          sites: sites, mass: 1.3 * mass, springConstant: 0.9 * stiffness,
          quarticConstant: quartic * stiffness / (length * length),
          pinning: kind == "free" ? 0 : 0.6 * stiffness),
        attachments: [.init(name: "left", site: 1, bath: left), .init(name: "right", site: sites, bath: right)])
      let states = Self.states(model, groups: 2, timeStep: 0.03 * time)
      return states.flatMap { $0.displacement.map { $0 / length } + $0.velocity.map { $0 / length * time } }
    }
    let plain = try state(1, 1, 1)
    #expect(try state(length, time, mass) == plain)
    #expect(plain.contains { $0 != 0 })
  }

  /// Of a long chain pinned at both ends many states are drawn for one that is taken; whoever wants to end waits for one.
  @Test func drawingOfALongChainIsGivenUp() throws {
    let model = try Model(
      medium: Chain(sites: 400, quarticConstant: 1, pinning: 1),
      attachments: [
        .init(name: "left", site: 1, bath: Sample.langevin(1, friction: 1)),
        .init(name: "right", site: 400, bath: Sample.langevin(1, friction: 1)),
      ])
    let start = StartLaw(model, timeStep: 0.01, noise: .matched)
    let dynamics = ChainDynamics(model, timeStep: 0.01)
    let (early, never) = (LookCount(3), LookCount(.max))
    for look in [early, never] {
      _ = LaneGroup(dynamics, seed: 7, firstReplica: 0, start: start, orGiveUp: look.isOver)
    }
    #expect(early.looks == 4 && never.looks > 10)
  }

  private static func states(_ model: ChainModel, groups: Int, timeStep: Double)
    -> [(displacement: [Double], velocity: [Double])]
  {
    let start = StartLaw(model, timeStep: timeStep, noise: .matched)
    let dynamics = ChainDynamics(model, timeStep: timeStep)
    return (0..<groups).flatMap { index in
      let group = LaneGroup(dynamics, seed: 7, firstReplica: 8 * index, start: start)
      return (0..<8).map { lane in
        (
          (0..<model.medium.sites).map { group.displacement[$0][lane] },
          (0..<model.medium.sites).map { group.velocity[$0][lane] }
        )
      }
    }
  }

  private static func displacements(_ model: ChainModel, groups: Int) -> [[Double]] {
    states(model, groups: groups, timeStep: 0.01).map(\.displacement)
  }

  private static func zScore(_ sample: [Double], _ exact: Double) -> Double {
    let count = Double(sample.count)
    let mean = sample.reduce(0, +) / count
    let square = sample.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)
    return (mean - exact) / (square / count).squareRoot()
  }
}
