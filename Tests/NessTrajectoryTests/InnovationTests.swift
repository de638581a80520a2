import Foundation
import NessLinear
import NessModel
import NessRandom
import NessStatistics
import NessTestSupport
import NessTrajectory
import Testing

/// The innovations of the particles' forces: forecasts, exact mean zero, unbiased and honest currents.
@Suite struct InnovationTests {
  private func hot(_ temperature: Double, sites: Int, coupling: Double = 0.2, count: Int = 40) throws -> ChainModel {
    try Sample.chain(
      sites: sites, left: Sample.particles(temperature, friction: 0.1, coupling: coupling, count: count),
      right: Sample.langevin(10))
  }

  private func current(
    _ model: ChainModel, seed: UInt64, burnIn: Double, duration: Double, innovations: Bool?
  ) throws -> Estimate {
    let settings = TrajectorySettings(
      seed: seed, timeStep: TimeStepChoice(for: model).timeStep, burnIn: burnIn, duration: duration, threads: 2,
      innovations: innovations)
    return try #require(TrajectorySolver(settings).simulate(model).answer.estimate(.heatCurrent, by: .simulation))
  }

  /// The forecast is the sum of what every later step of the free chain takes from the dying force.
  @Test(arguments: [1, 2, 3]) func forecastIsTheSumOverAllLaterSteps(site: Int) throws {
    let chain = Chain(sites: 3, mass: 1.3, springConstant: 0.7, pinning: .init(left: 0.9, right: 0.4))
    let model = try Model(
      medium: chain,
      attachments: [
        .init(name: "left", site: 1, bath: Sample.langevin(3, friction: 0.5)),
        .init(name: "middle", site: site, bath: Sample.particles(5, friction: 0.3, coupling: 0.4)),
      ])
    let (timeStep, kept) = (0.1, 0.93)
    let decay = [exp(-0.5 * timeStep / 1.3), 1, 1]
    let forecast = HeatForecast(ChainDynamics(model, timeStep: timeStep), site: site - 1, kept: kept)
    var (q, v) = ([0.3, -1.2, 0.8], [-0.7, 0.4, 1.1])
    let predicted = (0..<3).reduce(0) {
      $0 + forecast.displacementWeights[$1] * q[$1] + forecast.velocityWeights[$1] * v[$1]
    }
    var (total, share) = (0.0, 1.0)
    for _ in 0..<600 {
      for j in 0..<3 { q[j] += timeStep * v[j] }
      let pull = [
        (q[1] - q[0]) * 0.7 - q[0] * 0.9, (q[0] - q[1] * 2 + q[2]) * 0.7, (q[1] - q[2]) * 0.7 - q[2] * 0.4,
      ]
      for j in 0..<3 {
        let middle = v[j] + 0.5 * timeStep / 1.3 * pull[j]
        if j == site - 1 { total += share * 0.5 * timeStep * (1 + decay[j]) * middle }
        v[j] = decay[j] * middle + 0.5 * timeStep / 1.3 * pull[j]
      }
      share *= kept
    }
    #expect(abs(predicted - total) < 1e-12 * abs(total))
  }

  /// The linear step is that of the weakly coupled dynamics: its current is that of the transmission integral with
  /// memory, up to order 2 in the time step. Matched noise shifts it by less than a hundredth of what the step does.
  @Test(arguments: [(40.0, 1), (5, 1), (20, 3)]) func linearStepAgreesWithTheTransmissionIntegral(
    temperature: Double, site: Int
  ) throws {
    let model = try Model(
      medium: Chain(sites: 4, mass: 1.2, pinning: 0.8),
      attachments: [
        .init(name: "left", site: site, bath: Sample.particles(temperature, friction: 0.3, coupling: 0.2)),
        .init(name: "right", site: 4, bath: Sample.langevin(10)),
      ])
    let exact = try #require(LinearSolver(methods: [.memory]).solve(model).estimate(.heatCurrent, by: .memory)).value
    let step = 0.05 * model.particleBaths[0].bath.relaxationTime
    func error(_ step: Double, _ noise: ParticleNoise) throws -> Double {
      try #require(LinearSteadyState(model, timeStep: step, noise: noise)).heats[0] - exact
    }
    let errors = try [step, step / 2].map { try error($0, .matched) }
    let shift = try error(step, .gaussian) - errors[0]
    #expect(shift != 0 && abs(shift) < 0.01 * abs(errors[0]), "\(shift) of \(errors[0])")
    #expect(abs(errors[0]) < 0.01 * abs(exact))
    #expect(abs(errors[0] / errors[1] - 4) < 0.4, "\(errors) of \(exact)")
  }

  /// Particles anywhere, the chain in any state, a coarse step: the innovation has mean zero. Control: shares kept
  /// that are wrong by 2 % are seen.
  @Test(arguments: ParticleNoise.allCases) func innovationHasMeanZeroInAnyState(noise: ParticleNoise) throws {
    let bath = ParticleBath(temperature: 4, count: 3, friction: 0.3, coupling: 0.5)
    let model = try Sample.chain(sites: 2, left: .init(bath), right: Sample.langevin(1))
    let dynamics = ChainDynamics(model, timeStep: 0.1 * bath.relaxationTime, noise: noise)
    let law = try #require(Innovations(of: dynamics, model: model))
    var wrong = law
    for index in law.modes.indices { wrong.modes[index].kept *= 1.02 }
    let scores = [law, wrong].map { law in
      let lanes = LaneInnovations(law, dynamics)
      let places = [0.03, 0.21, -0.4].map { SIMD8(repeating: $0) }
      lanes.read(displacement: [SIMD8(repeating: 2), SIMD8()], velocity: [SIMD8(repeating: 1), SIMD8(repeating: -1)])
      var stream = LaneStream(seed: 20260403, firstReplica: 0, purpose: .particleNoise(bath: 0))
      var (sum, square) = (0.0, 0.0)
      for _ in 0..<40_000 {
        lanes.read(bath: 0, positions: places, noise: dynamics.noise(ofParticleBath: 0, from: &stream))
        let innovation = lanes.ofForces(0)
        sum += innovation.sum()
        square += (innovation * innovation).sum()
      }
      return sum / square.squareRoot()
    }
    #expect(abs(scores[0]) < acceptedZScore)
    #expect(abs(scores[1]) > acceptedZScore)
  }

  /// Following the innovations changes nothing in the motion and in what was measured before.
  @Test func theMotionIsUntouched() throws {
    let model = try hot(30, sites: 3)
    let dynamics = ChainDynamics(model, timeStep: 0.005)
    let innovations = try #require(Innovations(of: dynamics, model: model))
    let plain = LaneGroup(dynamics, seed: 3, firstReplica: 0)
    let followed = LaneGroup(dynamics, innovations: innovations, seed: 3, firstReplica: 0)
    plain.advance(steps: 700)
    followed.advance(steps: 700)
    for site in 0..<3 {
      #expect(plain.displacement[site] == followed.displacement[site])
      #expect(plain.velocity[site] == followed.velocity[site])
    }
    for channel in 0..<plain.ledger.channels { #expect(plain.sums[channel] == followed.sums[channel]) }
    #expect(followed.ledger.channels == plain.ledger.channels + 4)
  }

  /// Hot particles, weakly coupled, against the theory with memory, on several seeds; the plain error would be far too
  /// large to tell. Control: the theory off by 10 %.
  @Test(arguments: [40.0, 100], [1, 2, 3] as [UInt64]) func hotParticles(temperature: Double, seed: UInt64) throws {
    let model = try hot(temperature, sites: 4, coupling: 0.1)
    let theory = try #require(LinearSolver(methods: [.memory]).solve(model).estimate(.heatCurrent, by: .memory)).value
    let sharp = try current(model, seed: seed, burnIn: 40, duration: 40, innovations: nil)
    let plain = try current(model, seed: seed, burnIn: 40, duration: 40, innovations: false)
    #expect(abs(sharp.zScore(againstExact: theory)) < acceptedZScore)
    #expect(abs(plain.zScore(againstExact: theory)) < acceptedZScore)
    #expect(abs(sharp.zScore(againstExact: 0.9 * theory)) > acceptedZScore)
  }

  /// Beyond weak coupling, where no theory helps: sharp and plain agree on independent seeds.
  @Test func sharpAndPlainAgree() throws {
    let model = try hot(20, sites: 3, coupling: 0.5)
    let sharp = try current(model, seed: 5, burnIn: 60, duration: 200, innovations: true)
    let plain = try current(model, seed: 6, burnIn: 60, duration: 800, innovations: false)
    #expect(abs(sharp.zScore(against: plain)) < acceptedZScore)
    #expect(sharp.error < 0.2 * plain.error)
  }
}
