import NessFiles
import NessModel
import NessStudy
import NessTrajectory
import Testing

@Suite struct TrajectoryPlanTests {
  private func model(_ left: Double = 2, _ right: Double = 1) throws -> ChainModel {
    try Sample.chain(sites: 3, left: Sample.langevin(left), right: Sample.langevin(right))
  }

  @Test func whatIsGivenIsKeptWithoutAWord() throws {
    let request = RunSettings(
      seed: 9, replicas: 24, duration: 30, burnIn: 20, timeStep: 0.03, targetError: 0.1)
    let plan = try TrajectoryPlan(request, for: try model(), threads: 3)
    #expect(
      plan.settings
        == TrajectorySettings(
          seed: 9, replicas: 24, timeStep: 0.03, burnIn: 20, duration: 30, target: .relative(0.1), threads: 3))
    #expect(plan.notes.isEmpty)
  }

  @Test func whatIsLeftOutIsChosenAndExplained() throws {
    let model = try model()
    let plan = try TrajectoryPlan(RunSettings(), for: model, threads: 1)
    let choice = TimeStepChoice(for: model)
    #expect(plan.settings.timeStep == choice.timeStep)
    #expect(plan.settings.target == .relative(0.05))
    #expect(plan.settings.burnIn == 0)
    #expect(plan.notes.count == 3)
    #expect(plan.notes[0].hasPrefix(choice.explanation + "; it biases heatCurrent by "))
    #expect(plan.notes[1].hasPrefix("no burn-in: all replicas begin in the steady state"))
    #expect(plan.notes[2].hasPrefix("targetError 0.05 chosen"))
    // With a duration given, no target is invented.
    let timed = try TrajectoryPlan(RunSettings(duration: 50), for: model, threads: 1)
    #expect(timed.settings.target == nil && timed.settings.duration == 50 && timed.notes.count == 2)
  }

  @Test func equalTemperaturesHaveNoRelativeError() throws {
    let model = try model(2, 2)
    let refusal = #expect(throws: Refusal.self) {
      try TrajectoryPlan(RunSettings(targetError: 0.05), for: model, threads: 1)
    }
    #expect(refusal?.reason.contains("give run.duration instead of run.targetError") == true)
    let chosen = try TrajectoryPlan(RunSettings(), for: model, threads: 1)
    #expect(chosen.settings.target == nil && chosen.settings.duration >= 50_000 * chosen.settings.timeStep)
    #expect(chosen.notes.last?.contains("the current is zero") == true)
    // A duration makes the same target a possible request; and different temperatures make it one without.
    #expect(
      try TrajectoryPlan(RunSettings(duration: 10, targetError: 0.05), for: model, threads: 1).settings.duration == 10)
    #expect(
      try TrajectoryPlan(RunSettings(targetError: 0.05), for: self.model(2, 1), threads: 1).settings.target != nil)
  }

  @Test func aCoarseStepIsWarnedOf() throws {
    // tau = 0.4 · 25² / (4 pi² 100) = 0.063
    let hot = try Sample.chain(sites: 3, left: Sample.particles(100), right: Sample.langevin(1))
    let coarse = try TrajectoryPlan(RunSettings(duration: 1, burnIn: 50, timeStep: 0.05), for: hot, threads: 1)
    #expect(coarse.notes.count == 2 && coarse.notes[0].contains("it biases heatCurrent by"))
    let fine = try TrajectoryPlan(RunSettings(duration: 1, burnIn: 50, timeStep: 0.005), for: hot, threads: 1)
    // What the noise is, is always said.
    #expect(fine.notes == ["noise of the particles: matched to the Gaussian's moments up to the 9th"])
    let exact = try TrajectoryPlan(
      RunSettings(duration: 1, burnIn: 50, timeStep: 0.005, noise: .gaussian), for: hot, threads: 1)
    #expect(exact.settings.noise == .gaussian && exact.notes == ["noise of the particles: Gaussian"])
  }

  /// What is asked is the whole error: the step is chosen for its share of it, and the rest is left to the noise.
  @Test func theStepIsChosenForTheAskedError() throws {
    let model = try Sample.chain(sites: 16, left: Sample.particles(20), right: Sample.langevin(10))
    func plan(_ asked: Double, step: Double? = nil) throws -> TrajectoryPlan {
      try TrajectoryPlan(RunSettings(burnIn: 500, timeStep: step, targetError: asked), for: model, threads: 1)
    }
    let loose = try plan(0.05)
    guard case .relative(let most)? = loose.settings.target else { throw Refusal(.simulation, "no target") }
    #expect(most > 0.98 * 0.05 && most <= 0.05 && loose.askedError == 0.05)
    let tight = try plan(0.001)
    #expect(tight.settings.timeStep < 0.7 * loose.settings.timeStep)
    let bias = SteadyBias(model, timeStep: tight.settings.timeStep, noise: .matched)
    let current = try #require(bias.steadyValue(.heatCurrent))
    let share = abs(try #require(bias.timeStep(.heatCurrent)).value / current) / 0.001
    #expect(share > 0.2 && share < 0.46, "\(share)")
    guard case .relative(let statistical)? = tight.settings.target else { throw Refusal(.simulation, "no target") }
    #expect(abs((statistical * statistical + share * share * 1e-6).squareRoot() / 0.001 - 1) < 1e-9)
    // A given step that leaves nothing is said before the run, with the step that would do.
    let given = try plan(0.001, step: loose.settings.timeStep)
    #expect(given.settings.target == .relative(0.001) && given.settings.timeStep == loose.settings.timeStep)
    #expect(given.notes.contains { $0.contains("cannot be reached with the given time step") }, "\(given.notes)")
  }

  @Test func aModelBeyondLinearTheoryGetsABurnIn() throws {
    let buckled = try Sample.chain(
      sites: 1, left: .init(ParticleBath(temperature: 1, friction: 0.1, coupling: 0.5)), right: Sample.langevin(2))
    let plan = try TrajectoryPlan(RunSettings(duration: 10), for: buckled, threads: 1)
    #expect(plan.settings.burnIn > 0)
    #expect(plan.notes.contains { $0.contains("the slowest relaxation time is not known") })
  }
}
