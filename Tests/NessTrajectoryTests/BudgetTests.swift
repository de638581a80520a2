import NessLinear
import NessModel
import NessStatistics
import NessTestSupport
import NessTrajectory
import Testing

/// The systematic parts of the error budget against simulations in which they are large: an estimate less its stated bias
/// is right, and as it stands it is not.
@Suite struct BudgetTests {
  private func entry(
    _ model: ChainModel, _ quantity: Quantity = .heatCurrent, timeStep: Double, burnIn: Double, duration: Double,
    replicas: Int = 64, innovations: Bool? = nil, atRest: Bool = false
  ) throws -> Answer.Entry {
    var settings = TrajectorySettings(
      seed: 20260405, replicas: replicas, timeStep: timeStep, burnIn: burnIn, duration: duration, threads: 2,
      innovations: innovations)
    settings.startsAtRest = atRest
    let answer = try TrajectorySolver(settings).simulate(model).answer
    return try #require(answer.entries.members(quantity).first)
  }

  private func expectBias(_ entry: Answer.Entry, _ part: ErrorBudget.Part, exact: Double, _ place: SourceLocation) {
    #expect(part.basis == .linear, sourceLocation: place)
    #expect(
      abs(entry.estimate.zScore(againstExact: exact + part.value)) < acceptedZScore,
      "\(entry.estimate) \(part.value)", sourceLocation: place)
    #expect(
      abs(entry.estimate.zScore(againstExact: exact)) > acceptedZScore, "\(entry.estimate) \(part.value)",
      sourceLocation: place)
  }

  /// J = (3 - sqrt 5)/4 (T_L - T_R) for k = K = gamma = m = 1.
  private let current = (3 - 5.0.squareRoot()) / 4

  @Test func coarseStepOfAChainBetweenLangevinBaths() throws {
    let model = try Sample.chain(sites: 4, left: Sample.langevin(2), right: Sample.langevin(1))
    let entry = try entry(model, timeStep: 0.6, burnIn: 100, duration: 60_000)
    let budget = try #require(entry.budget)
    expectBias(entry, budget.timeStep, exact: current, #_sourceLocation)
    #expect(abs(budget.burnIn.value) < 1e-3 * budget.statistical)
    #expect(budget.statistical == entry.estimate.error && budget.truncation == .none)
  }

  /// At equal temperatures the current of the continuous dynamics is zero.
  @Test func coarseStepOfParticles() throws {
    let model = try Sample.chain(
      sites: 4, left: Sample.particles(10, friction: 0.1, coupling: 0.2), right: Sample.langevin(10))
    let entry = try entry(model, timeStep: 0.05, burnIn: 100, duration: 4000)
    let budget = try #require(entry.budget)
    expectBias(entry, budget.timeStep, exact: 0, #_sourceLocation)
    #expect(budget.burnIn.value == 0)
  }

  /// A measurement that begins with the initial state: displacements zero, velocities thermal.
  @Test func transientOfAChain() throws {
    let model = try Sample.chain(sites: 4, left: Sample.langevin(2, friction: 0.3), right: Sample.langevin(1))
    let step = 0.05
    let steady = try #require(LinearSteadyState(model, timeStep: step)).heats
    for (bath, name) in ["left", "right"].enumerated() {
      let entry = try entry(
        model, .heat(from: name), timeStep: step, burnIn: 0, duration: 25.6, replicas: 4096, atRest: true)
      let budget = try #require(entry.budget)
      expectBias(entry, budget.burnIn, exact: steady[bath], #_sourceLocation)
    }
  }

  /// The stored forecast of the innovations takes the transient away, for the heats of both baths.
  @Test func transientOfParticles() throws {
    let model = try Sample.chain(
      sites: 3, left: Sample.particles(20, friction: 0.4, coupling: 0.05), right: Sample.langevin(10))
    let step = 0.02
    let steady = try #require(LinearSteadyState(model, timeStep: step)).heats
    func right(_ innovations: Bool) throws -> Answer.Entry {
      try entry(
        model, .heat(from: "right"), timeStep: step, burnIn: 0, duration: 25.6, replicas: 2048,
        innovations: innovations, atRest: true)
    }
    let sharp = try right(true)
    #expect(try #require(sharp.budget).burnIn == .init(0, .linear))
    #expect(abs(sharp.estimate.zScore(againstExact: steady[1])) < acceptedZScore)
    let plain = try right(false)
    expectBias(plain, try #require(plain.budget).burnIn, exact: steady[1], #_sourceLocation)
  }

  /// Where the linear dynamics has no steady state the time step is only estimated, and the burn-in seen in the run.
  @Test func buckled() throws {
    let model = try Sample.chain(
      sites: 1, left: Sample.particles(1, friction: 0.4, coupling: 0.5), right: Sample.langevin(2))
    let budget = try #require(try entry(model, timeStep: 0.02, burnIn: 20, duration: 200).budget)
    #expect(budget.timeStep.basis == .estimate && budget.timeStep.value > 0)
    #expect(budget.burnIn.basis == .measured && budget.burnIn.value > 0)
  }

  @Test func aBiasAboveTheStatisticalErrorIsSaidWithItsRemedy() throws {
    let model = try Sample.chain(sites: 4, left: Sample.langevin(2), right: Sample.langevin(1))
    func notes(_ step: Double, _ burnIn: Double, _ duration: Double) throws -> [String] {
      let settings = TrajectorySettings(timeStep: step, burnIn: burnIn, duration: duration, threads: 2)
      return try TrajectorySolver(settings).simulate(model).answer.notes.filter { $0.contains("biases") }
    }
    let coarse = try notes(0.7, 100, 60_000)
    #expect(coarse.count == 2 && coarse.allSatisfy { $0.contains("run.timeStep") }, "\(coarse)")
    #expect(coarse[1].contains("biases kineticTemperature["), "\(coarse)")
    #expect(try notes(0.05, 100, 1000).isEmpty)
  }

  /// Baths on the first two and on the last site of a chain, and what is exact of it at a step of zero.
  private func threeBaths() throws -> (model: ChainModel, exact: Answer) {
    let model = try ChainModel(
      medium: Chain(sites: 4, pinning: 1),
      attachments: [
        .init(name: "left", site: 1, bath: .init(LangevinBath(temperature: 2, friction: 1))),
        .init(name: "mid", site: 2, bath: .init(LangevinBath(temperature: 0.5, friction: 1))),
        .init(name: "right", site: 4, bath: .init(LangevinBath(temperature: 1, friction: 0.3))),
      ])
    return (model, try LinearSolver().answer(.all, of: model, by: [.markov]))
  }

  /// Every quantity carries its own bias: less that, all of them agree with the exact ones.
  @Test(arguments: [(step: 0.6, burnIn: 100.0, duration: 20_000.0, replicas: 64), (0.05, 0, 25.6, 4096)])
  func everyQuantityCarriesItsBias(step: Double, burnIn: Double, duration: Double, replicas: Int) throws {
    let (model, exact) = try threeBaths()
    var settings = TrajectorySettings(
      seed: 11, replicas: replicas, timeStep: step, burnIn: burnIn, duration: duration, threads: 2)
    settings.startsAtRest = true
    let answer = try TrajectorySolver(settings).simulate(model).answer
    var biased = 0
    for entry in answer.entries.members where !entry.quantity.family.isOnRequest {
      let budget = try #require(entry.budget)
      #expect(budget.timeStep.basis == .linear && budget.burnIn.basis == .linear)
      let right = try #require(exact.estimate(entry.quantity, by: .markov)).value
      let score = entry.withoutKnownBias.zScore(againstExact: right)
      #expect(abs(score) < acceptedZScore, "\(entry.quantity) \(score)")
      if abs(entry.estimate.zScore(againstExact: right)) > acceptedZScore { biased += 1 }
    }
    #expect(answer.entries.members.filter { !$0.quantity.family.isOnRequest }.count == 11 && biased >= 7, "\(biased)")
  }

  /// Two wells at one temperature: the current is zero, that of a coarse step is not, and the stated bias bounds it.
  @Test func theBoundDoesNotVanishWithTheCurrent() throws {
    let bath = ParticleBath(
      temperature: 2, count: 20, friction: 0.15, coupling: 0.3, strength: 1.4, sharpness: 1.2, ringLength: 6)
    let model = try ChainModel(
      medium: Chain(sites: 1, mass: 1.1, pinning: 1),
      attachments: [
        .init(name: "left", site: 1, bath: .init(bath)),
        .init(name: "right", site: 1, bath: .init(LangevinBath(temperature: 2, friction: 0.6))),
      ])
    let coarse = try entry(model, timeStep: 0.02, burnIn: 50, duration: 1500)
    let budget = try #require(coarse.budget)
    #expect(budget.timeStep.basis == .estimate)
    #expect(abs(coarse.estimate.value) > acceptedZScore * coarse.estimate.error, "\(coarse.estimate)")
    #expect(abs(coarse.estimate.value) < budget.timeStep.value + acceptedZScore * coarse.estimate.error)
    // Of order 2 in the step, whatever was measured; and the chosen step is one for wells.
    func part(_ step: Double) throws -> Double {
      try #require(SteadyBias(model, timeStep: step, noise: .matched).timeStep(.heatCurrent)).value
    }
    #expect(abs(try part(0.02) / part(0.002) / 100 - 1) < 0.3)
    #expect(TimeStepChoice(for: model).explanation.contains("the drift of the particles of bath left"))
  }

  /// Quartic bonds at one temperature: the kinetic temperature of a coarse step is off, and within its budget.
  @Test func kineticTemperaturesOfQuarticBondsHaveABudget() throws {
    let chain = Chain(sites: 4, springConstant: 1, quarticConstant: 0.1, pinning: 1)
    let model = try ChainModel(
      medium: chain,
      attachments: [
        .init(name: "left", site: 1, bath: .init(LangevinBath(temperature: 1, friction: 1))),
        .init(name: "right", site: 4, bath: .init(LangevinBath(temperature: 1, friction: 1))),
      ])
    let settings = TrajectorySettings(seed: 3, timeStep: 0.3, burnIn: 100, duration: 5000, threads: 2)
    let answer = try TrajectorySolver(settings).simulate(model).answer
    for site in 1...4 {
      let entry = try #require(answer.entries.members(.kineticTemperature(site: site)).first)
      let part = try #require(entry.budget).timeStep
      #expect(part.basis == .estimate)
      #expect(entry.estimate.zScore(againstExact: 1) > acceptedZScore, "\(entry.estimate)")
      #expect(
        entry.estimate.value - 1 < part.value + acceptedZScore * entry.estimate.error, "\(entry.estimate) \(part)")
      #expect(part.value < 4 * (entry.estimate.value - 1), "\(entry.estimate) \(part)")
    }
    #expect(answer.notes.contains { $0.contains("biases kineticTemperature[") })
  }

  /// The same bits in all units that differ by powers of two.
  @Test func theBiasIsTheSameInAllUnits() throws {
    func bias(_ mass: Double, _ length: Double, _ time: Double) throws -> [Double] {
      let energy = mass * length * length / time / time
      let model = try ChainModel(
        medium: Chain(
          sites: 3, mass: 1.1 * mass, springConstant: 0.7 * mass / time / time, pinning: 1.3 * mass / time / time),
        attachments: [
          .init(
            name: "left", site: 1,
            bath: .init(
              ParticleBath(
                temperature: 20 * energy, count: 30, friction: 0.1 * mass / time, coupling: 0.2 * energy / length,
                strength: 1.1, sharpness: 2, ringLength: 25 * length))),
          .init(
            name: "right", site: 3, bath: .init(LangevinBath(temperature: 9 * energy, friction: 0.9 * mass / time))),
        ])
      let step = TimeStepChoice(for: model).timeStep
      let bias = SteadyBias(model, timeStep: step, noise: .matched)
      let current = try #require(bias.timeStep(.heatCurrent))
      let temperature = try #require(bias.timeStep(.kineticTemperature(site: 2)))
      #expect(current.basis == .linear && temperature.basis == .linear)
      return [step / time, current.value / energy * time, temperature.value / energy]
    }
    let plain = try bias(1, 1, 1)
    #expect(try bias(0x1p-83, 0x1p-31, 0x1p-45) == plain)
    #expect(try bias(0x1p40, 0x1p-7, 0x1p33) == plain)
  }
}
