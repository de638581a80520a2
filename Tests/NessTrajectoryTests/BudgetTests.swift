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
    return try #require(answer.entries.first { $0.quantity == quantity })
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
    #expect(coarse.count == 1 && coarse[0].contains("run.timeStep"), "\(coarse)")
    #expect(try notes(0.05, 100, 1000).isEmpty)
  }
}
