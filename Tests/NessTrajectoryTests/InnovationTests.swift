import Foundation
import NessLinear
import NessModel
import NessRandom
import NessStatistics
import NessTestSupport
import NessTrajectory
import Testing

/// The innovations of the noise: forecasts, exact mean zero, unbiased and honest heats from every particle bath.
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
    let exact = try #require(LinearSolver().answer(of: model, by: [.memory]).estimate(.heatCurrent, by: .memory)).value
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

  /// Particle baths at both ends and a third bath between them, which is `middle`.
  private func three(
    _ temperatures: [Double], middle: ChainBath? = nil, sites: Int = 3, coupling: Double, count: Int = 10,
    quartic: Double = 0
  ) throws -> ChainModel {
    func bath(_ index: Int) -> ChainBath {
      Sample.particles(temperatures[index], friction: 0.2, coupling: coupling, count: count)
    }
    return try ChainModel(
      medium: Chain(sites: sites, springConstant: 1, quarticConstant: quartic, pinning: 1),
      attachments: [
        .init(name: "left", site: 1, bath: bath(0)),
        .init(name: "middle", site: (sites + 1) / 2, bath: middle ?? bath(1)),
        .init(name: "right", site: sites, bath: bath(2)),
      ])
  }

  private func heats(
    _ model: ChainModel, seed: UInt64, burnIn: Double = 40, duration: Double, innovations: Bool?
  ) throws -> [Estimate] {
    let settings = TrajectorySettings(
      seed: seed, timeStep: min(0.05, TimeStepChoice(for: model).timeStep), burnIn: burnIn, duration: duration,
      threads: 2, innovations: innovations)
    let answer = try TrajectorySolver(settings).simulate(model).answer
    return try model.attachments.map { try #require(answer.estimate(.heat(from: $0.name), by: .simulation)) }
  }

  /// In every step of the full dynamics, strongly coupled, coarse, before any steady state, the innovations of every heat
  /// have mean zero, whatever is forecast: the whole linear dynamics, or, in a chain that buckles, the forces alone.
  /// Control: shares kept that are wrong by a fifth.
  @Test(arguments: [(3, true), (10, false)]) func everyHeatHasInnovationsOfMeanZero(
    count: Int, isQuadratic: Bool
  ) throws {
    let model = try three([4, 0, 2], middle: Sample.langevin(3), coupling: 0.5, count: count)
    let dynamics = ChainDynamics(model, timeStep: 0.1 * model.particleBaths[0].bath.relaxationTime)
    let law = try #require(Innovations(of: dynamics, model: model))
    #expect(law.heats.count == 2 && law.isQuadratic == isQuadratic)
    var wrong = law
    for index in law.modes.indices { wrong.modes[index].kept *= 1.2 }
    func scores(_ law: Innovations) -> [Double] {
      var (sums, squares) = ([0.0, 0.0], [0.0, 0.0])
      for index in 0..<4 {
        let group = LaneGroup(dynamics, innovations: law, seed: 11, firstReplica: 8 * index)
        for _ in 0..<1000 {
          group.clearSums()
          group.advance(steps: 1)
          for heat in 0..<2 {
            let told =
              group.sums[group.ledger.innovations.forces(heat)] + group.sums[group.ledger.innovations.momenta(heat)]
            sums[heat] += told.sum()
            squares[heat] += (told * told).sum()
          }
        }
      }
      return zip(sums, squares).map { $0 / $1.squareRoot() }
    }
    #expect(scores(law).allSatisfy { abs($0) < acceptedZScore }, "\(scores(law))")
    #expect(scores(wrong).contains { abs($0) > acceptedZScore }, "\(scores(wrong))")
  }

  /// Three particle baths, weakly coupled: the heat from each of them, and the heat through every bond, which is what
  /// comes in on its left, against the exact heats of the linear dynamics at this step. Control: heats off by 5 %.
  @Test(arguments: [[40.0, 20, 10], [10, 40, 10], [20, 20, 20]]) func everyHeatIsThatOfTheTheory(
    temperatures: [Double]
  ) throws {
    let model = try three(temperatures, coupling: 0.1)
    let step = min(0.05, TimeStepChoice(for: model).timeStep)
    let exact = try #require(LinearSteadyState(model, timeStep: step)).means
    let settings = TrajectorySettings(seed: 21, timeStep: step, burnIn: 20, duration: 200, threads: 2)
    let answer = try TrajectorySolver(settings).simulate(model).answer
    func estimates(_ quantities: [Quantity]) throws -> [Estimate] {
      try quantities.map { try #require(answer.estimate($0, by: .simulation)) }
    }
    let heats = try estimates(model.attachments.map { .heat(from: $0.name) })
    let bonds = try estimates([1, 2].map { .bondHeatCurrent(bond: $0) })
    for (estimate, value) in zip(heats + bonds, exact.heats + exact.bondCurrents) {
      #expect(abs(estimate.zScore(againstExact: value)) < acceptedZScore, "\(estimate) \(value)")
    }
    #expect(bonds[0].value == heats[0].value)
    if Set(temperatures).count > 1 {
      #expect(zip(heats, exact.heats).contains { abs($0.zScore(againstExact: 0.95 * $1)) > acceptedZScore })
    }
    #expect(answer.notes.contains { $0.contains("reduced the variance of the heats: left") }, "\(answer.notes)")
  }

  /// Beyond weak coupling, between a Langevin bath and quartic bonds or none: sharp and plain heats agree on independent
  /// seeds, and those from particles are sharper in a quarter of the time. Control: what the left bath gives is not what the right one takes.
  @Test(arguments: [0, 0.1]) func sharpAndPlainHeatsAgree(quartic: Double) throws {
    let model = try three([30, 0, 12], middle: Sample.langevin(5), coupling: 0.35, count: 40, quartic: quartic)
    let sharp = try heats(model, seed: 5, duration: 100, innovations: nil)
    let plain = try heats(model, seed: 6, duration: 400, innovations: false)
    for (sharp, plain) in zip(sharp, plain) {
      #expect(abs(sharp.zScore(against: plain)) < acceptedZScore, "\(sharp) \(plain)")
    }
    for bath in [0, 2] { #expect(sharp[bath].error < plain[bath].error, "\(sharp[bath]) \(plain[bath])") }
    #expect(abs(sharp[0].value + sharp[2].value) > acceptedZScore * (sharp[0].error + sharp[2].error))
  }

  /// Two particle baths hold a chain too long for the whole linear dynamics: both serve the current, with coefficients of
  /// their own.
  @Test func bothEndsOfALongChain() throws {
    let model = try Sample.chain(
      sites: 100, left: Sample.particles(40, friction: 0.1, coupling: 0.2, count: 20),
      right: Sample.particles(10, friction: 0.1, coupling: 0.2, count: 20))
    let sharp = try current(model, seed: 5, burnIn: 5, duration: 10, innovations: nil)
    let plain = try current(model, seed: 6, burnIn: 5, duration: 10, innovations: false)
    #expect(abs(sharp.zScore(against: plain)) < acceptedZScore)
    #expect(sharp.error < 0.2 * plain.error, "\(sharp) \(plain)")
  }

  /// What the noise tells about the heats of all baths of a harmonic chain adds up to nothing, so the last one need not be
  /// followed. (Bonds that are all but harmonic have all followed.) Control: the sum without one of them.
  @Test func innovationsOfAllHeatsAddUpToNothing() throws {
    func law(_ quartic: Double) throws -> (ChainDynamics, Innovations) {
      let model = try three([40, 20, 10], coupling: 0.2, quartic: quartic)
      let dynamics = ChainDynamics(model, timeStep: 0.02)
      return (dynamics, try #require(Innovations(of: dynamics, model: model)))
    }
    #expect(try law(0).1.heats.count == 2)
    let (dynamics, innovations) = try law(1e-12)
    #expect(innovations.heats.count == 3)
    let group = LaneGroup(dynamics, innovations: innovations, seed: 3, firstReplica: 0)
    group.advance(steps: 200)
    group.clearSums()
    group.advance(steps: 1)
    let told = (0..<3).map { group.sums[group.ledger.innovations.forces($0)] }
    let size = told.map { ($0 * $0).sum().squareRoot() }.max() ?? 0
    func rest(_ heats: [Int]) -> Double {
      let sum = heats.reduce(SIMD8<Double>()) { $0 + told[$1] }
      return (sum * sum).sum().squareRoot()
    }
    #expect(rest([0, 1, 2]) < 1e-5 * size, "\(rest([0, 1, 2])) of \(size)")
    #expect(rest([0, 1]) > 0.01 * size)
  }

  /// Following the innovations changes nothing in the motion and in what was measured before.
  @Test(arguments: [false, true]) func theMotionIsUntouched(isOfThree: Bool) throws {
    let model = isOfThree ? try three([30, 20, 10], middle: Sample.langevin(5), coupling: 0.3) : try hot(30, sites: 3)
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
    #expect(followed.ledger.channels == plain.ledger.channels + (isOfThree ? 8 : 4))
  }

  /// Hot particles, weakly coupled, against the theory with memory, on several seeds; the plain error would be far too
  /// large to tell. Control: the theory off by 10 %.
  @Test(arguments: [40.0, 100], [1, 2, 3] as [UInt64]) func hotParticles(temperature: Double, seed: UInt64) throws {
    let model = try hot(temperature, sites: 4, coupling: 0.1)
    let theory = try #require(LinearSolver().answer(of: model, by: [.memory]).estimate(.heatCurrent, by: .memory)).value
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
