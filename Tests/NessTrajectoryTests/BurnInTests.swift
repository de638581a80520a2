import NessModel
import NessStatistics
import NessTestSupport
import NessTrajectory
import Testing

/// How long a run is left to itself, what is said of it, and what the budget holds where the steady state is not reached.
@Suite("Burn-in and wells") struct BurnInTests {
  private static func choice(_ model: ChainModel, error: Double?) -> (burnIn: Double, text: String) {
    let choice = BurnInChoice(
      model, timeStep: TimeStepChoice(for: model).timeStep, noise: .matched, relativeError: error, replicas: 64)
    return (choice.burnIn, choice.explanation)
  }

  private static func quartic(_ sites: Int, _ temperatures: (Double, Double), friction: Double) throws -> ChainModel {
    try Model(
      medium: Chain(sites: sites, quarticConstant: 1, pinning: 1),
      attachments: [
        .init(name: "left", site: 1, bath: Sample.langevin(temperatures.0, friction: friction)),
        .init(name: "right", site: sites, bath: Sample.langevin(temperatures.1, friction: friction)),
      ])
  }

  @Test func aStartInTheSteadyStateNeedsNone() throws {
    let weak = try Sample.chain(
      sites: 2, left: Sample.langevin(8, friction: 1e-4), right: Sample.langevin(2, friction: 2e-4))
    #expect(Self.choice(weak, error: 0.001).burnIn == 0)
    #expect(try Self.choice(Self.quartic(8, (3, 3), friction: 1e-3), error: nil).burnIn == 0)
    #expect(try Self.choice(Self.quartic(8, (3, 2), friction: 1e-3), error: nil).burnIn > 4000)
  }

  /// A loose target needs less than a tight one, and neither forty passages nor three relaxation times.
  @Test func theBurnInFollowsTheAskedError() throws {
    let particles = try Sample.chain(
      sites: 8, left: Sample.particles(40, friction: 0.1, coupling: 0.2), right: Sample.langevin(10))
    let (loose, tight) = (Self.choice(particles, error: 0.05).burnIn, Self.choice(particles, error: 1e-4).burnIn)
    #expect(loose > 0 && loose < 37 && tight > 10 * loose && tight < 3000, "\(loose) \(tight)")
    let long = try Sample.chain(sites: 1000, left: Sample.langevin(2), right: Sample.langevin(1))
    let chosen = Self.choice(long, error: 0.05)
    #expect(chosen.burnIn > 1000 && chosen.burnIn < 20_000, "\(chosen)")
    #expect(Self.choice(long, error: 0.005).burnIn > chosen.burnIn)
  }

  /// Times in other units by powers of two give the same number of steps.
  @Test func theBurnInIsTheSameInAllUnits() throws {
    func steps(_ time: Double) throws -> Double {
      let model = try Model(
        medium: Chain(sites: 20, springConstant: 1 / (time * time), quarticConstant: 1 / (time * time), pinning: 0),
        attachments: [
          .init(name: "left", site: 1, bath: Sample.langevin(3 / (time * time), friction: 0.1 / time)),
          .init(name: "right", site: 20, bath: Sample.langevin(1 / (time * time), friction: 0.3 / time)),
        ])
      let choice = BurnInChoice(
        model, timeStep: 0.02 * time, noise: .matched, relativeError: 0.01, replicas: 64)
      return choice.burnIn / (0.02 * time)
    }
    #expect(try steps(1) == steps(0x1p40) && steps(1) > 100)
  }

  /// Within less than the time in which energy is exchanged the mean of a temperature is still near its start; the budget
  /// covers what is missing, and nobody says that no transient was seen.
  @Test func aRunThatIsTooShortSaysSo() throws {
    let model = try Self.quartic(16, (4, 1), friction: 0.01)
    let settings = TrajectorySettings(seed: 3, timeStep: 0.02, burnIn: 0, duration: 100, threads: 2)
    let answer = try TrajectorySolver(settings).simulate(model).answer
    let entry = try #require(answer.entries.members(.kineticTemperature(site: 8)).first)
    let budget = try #require(entry.budget)
    #expect(budget.burnIn.value > entry.estimate.error && budget.burnIn.basis != .none, "\(entry)")
    #expect(answer.notes.contains { $0.contains("so it cannot show a transient") })
    #expect(!answer.notes.contains { $0.contains("no transient was seen") })
  }

  /// Two wells at unequal temperatures: nobody knows their shares, so the budget spans them.
  @Test func wellsAtUnequalTemperaturesAreSaid() throws {
    let particles = ParticleBath(
      temperature: 1, count: 10, friction: 0.2, coupling: 1.2, sharpness: 0.5, ringLength: 6)
    func answer(_ temperature: Double) throws -> Answer {
      let model = try Model(
        medium: Chain(sites: 1, pinning: 1),
        attachments: [
          .init(name: "left", site: 1, bath: .init(particles)),
          .init(name: "right", site: 1, bath: Sample.langevin(temperature, friction: 0.5)),
        ])
      let settings = TrajectorySettings(seed: 3, timeStep: 0.005, burnIn: 1, duration: 20, threads: 2)
      return try TrajectorySolver(settings).simulate(model).answer
    }
    let unequal = try answer(1.3)
    let entry = try #require(unequal.entries.members(.meanDisplacement(site: 1)).first)
    #expect(try #require(entry.budget).burnIn.value > entry.estimate.error, "\(entry)")
    #expect(unequal.notes.contains { $0.contains("has 2 wells") && $0.contains("are not known") }, "\(unequal.notes)")
    let equal = try answer(1)
    #expect(equal.notes.contains { $0.contains("has 2 wells") && $0.contains("those of equilibrium") })
    let known = try #require(equal.entries.members(.meanDisplacement(site: 1)).first)
    #expect(try #require(known.budget).burnIn == .none)
  }

  /// Before the waves have crossed a long chain nothing is known of its current, whatever its ends take up: the budget holds
  /// all that it can carry.
  @Test(arguments: [0.0, 0.1]) func aCurrentBeforeTheWavesHaveCrossed(quartic: Double) throws {
    let long = try ChainModel(
      medium: Chain(sites: 512, quarticConstant: quartic, pinning: 1),
      attachments: [
        .init(name: "left", site: 1, bath: Sample.langevin(2)),
        .init(name: "right", site: 512, bath: Sample.langevin(1)),
      ])
    let settings = TrajectorySettings(seed: 5, replicas: 64, timeStep: 0.05, burnIn: 1, duration: 200, threads: 2)
    let answer = try TrajectorySolver(settings).simulate(long).answer
    let current = try #require(answer.entries.members(.heatCurrent).first)
    let budget = try #require(current.budget)
    // The exact current of the harmonic chain is 0.190983, that of the quartic one is smaller.
    #expect(budget.burnIn.value + acceptedZScore * current.estimate.error > 0.190983 - current.estimate.value)
    #expect(budget.burnIn.basis == .estimate && budget.burnIn.value > 0.1)
  }

  /// Size of the state that is kept after a run of so many ticks of 64 steps.
  private static func keptBytes(sites: Int, replicas: Int, ticks: Int) throws -> Int {
    let model = try Sample.chain(sites: sites, left: Sample.langevin(2), right: Sample.langevin(1))
    var settings = TrajectorySettings(
      seed: 3, replicas: replicas, timeStep: 0.05, burnIn: 0, duration: 64 * 0.05 * Double(ticks), threads: 2)
    settings.startsAtRest = true
    let memory = MemoryKeeper()
    var solver = TrajectorySolver(settings)
    solver.isPilot = true
    solver.watch.stateKeeper = memory.keeper
    _ = try solver.simulate(model)
    return memory.saved.reduce(0) { $0 + $1.count }
  }

  /// What is kept hardly grows with the length of the run: once the record has half of its batches, a run that is twice as long
  /// keeps the sums of one more length of blocks, 4 powers, a block that waits and two counts for each eight replicas.
  @Test(arguments: [8, 24, 40, 64, 200]) func recordsHaveAFixedSize(replicas: Int) throws {
    let sizes = try [40, 80, 160, 640].map { try Self.keptBytes(sites: 3, replicas: replicas, ticks: $0) }
    let more = [0, 1, 2, 4].map { $0 * ((replicas + 7) / 8) * (5 * 64 + 2 * 8) }
    #expect(zip(sizes, more).allSatisfy { $0 == sizes[0] + $1 } && sizes[0] > 0, "\(sizes)")
  }

  /// Every further site of a replica takes its place and velocity and two sums: four numbers after a run of any length.
  @Test(arguments: [2, 40, 160]) func aSiteTakesFourNumbers(ticks: Int) throws {
    let (short, long) = try (
      Self.keptBytes(sites: 100, replicas: 64, ticks: ticks), Self.keptBytes(sites: 300, replicas: 64, ticks: ticks)
    )
    #expect(long - short == 4 * 8 * 64 * 200)
  }

  /// Temperatures near the largest and smallest numbers are no blow-up.
  @Test(arguments: [0x1p-400, 0x1p150]) func extremeTemperaturesAreSimulated(scale: Double) throws {
    func current(_ scale: Double) throws -> Estimate {
      let model = try Sample.chain(sites: 3, left: Sample.langevin(2 * scale), right: Sample.langevin(scale))
      let settings = TrajectorySettings(seed: 3, timeStep: 0.05, burnIn: 10, duration: 50, threads: 2)
      return try #require(try TrajectorySolver(settings).simulate(model).answer.estimate(.heatCurrent, by: .simulation))
    }
    let (plain, scaled) = (try current(1), try current(scale))
    #expect(scaled.value == plain.value * scale && scaled.error == plain.error * scale)
  }
}
