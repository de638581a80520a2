import Foundation
import NessLinear
import NessModel
import NessSampling
import NessStatistics
import NessTestSupport
import NessTrajectory
import Testing

/// Simulations of driven networks: the first law of the books, exact theory by z, the same bytes.
@Suite("Driven networks in motion")
struct DrivenRunTests {
  private static func system(
    _ medium: any Medium, _ items: [(String, String)], temperatures: [Double] = [2, 1],
    bath: (Double, Double) -> any Bath = { LangevinBath(temperature: $0, friction: $1) }
  ) throws -> DrivenSystem {
    let sites = medium.sites
    return DrivenSystem(
      try DrivenNetwork.model(
        AnyMedium(medium), Drive(items.map { .init($0.0, $0.1) }),
        [("left", 1, AnyBath(bath(temperatures[0], 0.7))), ("right", sites, AnyBath(bath(temperatures[1], 1.3)))]))
  }

  private static let drives = [
    ("medium.spring", "1 + 0.3*cos(2*pi*t/3)"), ("medium.force[2]", "0.5*cos(2*pi*t/3 + 1)"),
    ("baths.left.temperature", "1 + 0.5*sin(2*pi*t/6)"),
  ]

  private static func settings(
    _ step: Double, replicas: Int = 64, periods: Double, period: Double, threads: Int = 2, seed: UInt64 = 11,
    target: TrajectorySettings.Target? = nil
  ) -> TrajectorySettings {
    TrajectorySettings(
      seed: seed, replicas: replicas, timeStep: step, burnIn: 5 * period, duration: periods * period, target: target,
      threads: threads)
  }

  /// At a step so long that its bias is seen, a run agrees with exact theory of that step, and not with that of none.
  @Test("Simulation against exact theory, with and without the bias of the step", .long)
  func exact() throws {
    let system = try Self.system(Chain(sites: 3, pinning: 1), Self.drives, temperatures: [1, 1])
    let network = try #require(DrivenHarmonic(system.model))
    let step = system.period / 64
    var solver = DrivenTrajectorySolver(Self.settings(step, replicas: 256, periods: 4000, period: system.period))
    solver.biases = try DrivenSolver().biases(of: system.model, steps: 64)
    let answer = try solver.simulate(system).answer
    let level = try DrivenLevel(network, steps: 64)
    var expected: [(Quantity, Double)] = [
      (.heat(from: "left"), level.heats[0]), (.heat(from: "right"), level.heats[1]), (.power, level.power),
      (.entropyProduction, level.entropyProduction),
    ]
    for site in 1...3 {
      expected.append((.kineticTemperature(site: site), level.readTemperatures[site - 1]))
      expected.append((.meanDisplacement(site: site), level.displacements[site - 1]))
    }
    for (quantity, value) in expected {
      let found = try answer.required(quantity, .simulation)
      #expect(abs(found.zScore(againstExact: value)) < acceptedZScore, "\(quantity) \(found) \(value)")
    }
    let state = try DrivenSteadyState(network)
    let power = try answer.required(.power, .simulation)
    #expect(abs(power.zScore(againstExact: 1.1 * level.power)) > acceptedZScore)
    let budget = try #require(answer.entries.member(.power, by: .simulation)?.budget)
    #expect(budget.timeStep.basis == .linear && abs(budget.timeStep.value - (level.power - state.power.value)) < 1e-9)
    #expect(answer.notes.contains { $0.contains("first law") })
  }

  /// Heats, work and stored energy close but for what the steps create, which falls as the square of the step.
  @Test(
    "The first law closes, for any potential",
    arguments: ["r^2/2 + k*r^4/4", "k*(1 - cos(r))", "exp(-k*r) + k*r", "r^2/2 + k*abs(r)^3"])
  func firstLaw(bond: String) throws {
    let network = Network(lattice: .chain(4), bond: bond, site: "q^2/2 + k*q^4/4", parameters: [.init("k", 1)])
    let system = try Self.system(
      network, [("medium.parameters.k", "1 + 0.4*cos(2*pi*t/4)"), ("medium.force[2]", "0.7*sin(2*pi*t/4)")])
    for steps in [64.0, 128] {
      let answer = try DrivenTrajectorySolver(
        Self.settings(4 / steps, periods: 300, period: 4)
      ).simulate(system).answer
      let flows = try [Quantity.heat(from: "left"), .heat(from: "right"), .power].map {
        try answer.required($0, .simulation)
      }
      let sum = flows.reduce(0) { $0 + $1.value }
      let budget = try #require(answer.entries.member(.power, by: .simulation)?.budget)
      // What the heats and the work leave over is in the budget of each.
      #expect(abs(sum) < 5 * flows.reduce(0) { $0 + $1.error } + 3 * budget.timeStep.value, "\(flows)")
      #expect(abs(sum) < 0.05 * flows[2].value && flows[2].value > 0.01, "\(flows)")
      #expect(answer.estimate(.heatCurrent, by: .simulation) == nil)
      #expect(try answer.required(.entropyProduction, .simulation).value > 0)
    }
  }

  /// Collisions of a temperature that changes: in equilibrium at every time nothing flows on average but the entropy.
  @Test("Andersen baths follow their temperature")
  func andersen() throws {
    let system = try Self.system(
      Chain(sites: 2, pinning: 1),
      [("baths.left.temperature", "1 + 0.5*sin(2*pi*t/4)"), ("baths.right.temperature", "1 + 0.5*sin(2*pi*t/4)")],
      temperatures: [1, 1], bath: { AndersenBath(temperature: $0, rate: $1) })
    let answer = try DrivenTrajectorySolver(Self.settings(4.0 / 64, periods: 400, period: 4)).simulate(system).answer
    let current = try answer.required(.heatCurrent, .simulation)
    #expect(abs(current.zScore(againstExact: 0)) < acceptedZScore)
    #expect(
      abs(try answer.required(.kineticTemperature(site: 1), .simulation).zScore(againstExact: 1)) < acceptedZScore)
    #expect(try answer.required(.entropyProduction, .simulation).value > 0.01)
    #expect(answer.estimate(.power, by: .simulation) == nil)
  }

  @Test("The same bytes for any number of threads and after every end", arguments: [(20, 3), (64, 7)])
  func sameBytes(replicas: Int, looks: Int) throws {
    let network = Network(
      lattice: .chain(4), bond: "r^2/2 + k*r^4/4", site: "1 - k*cos(q)", parameters: [.init("k", 1)])
    // Two ticks in a period, so that runs end within one.
    let system = try Self.system(
      network, [("medium.parameters.k", "1 + 0.4*cos(2*pi*t/6)"), ("baths.right.temperature", "1 + 0.4*cos(2*pi*t/6)")])
    let settings = Self.settings(6.0 / 128, replicas: replicas, periods: 20, period: 6)
    let whole = try DrivenTrajectorySolver(settings).simulate(system)
    let alone = try DrivenTrajectorySolver(
      Self.settings(6.0 / 128, replicas: replicas, periods: 20, period: 6, threads: 1)
    ).simulate(system)
    #expect(alone.answer.entries == whole.answer.entries && alone.answer.notes == whole.answer.notes)
    let memory = MemoryKeeper()
    let found = untilTheEnd(looks: looks) { count in
      var solver = DrivenTrajectorySolver(settings)
      solver.watch.stateKeeper = memory.keeper
      solver.watch.shouldStop = { count.isOver() }
      let outcome = try? solver.simulate(system)
      return outcome?.stopReason == .interrupted ? nil : outcome
    }
    let (outcome, runs) = try #require(found)
    #expect(runs > 2)
    #expect(outcome.answer.entries == whole.answer.entries && outcome.answer.notes == whole.answer.notes)
    let other = try DrivenTrajectorySolver(
      Self.settings(6.0 / 128, replicas: replicas, periods: 20, period: 6, seed: 12)
    ).simulate(system)
    #expect(other.answer.entries != whole.answer.entries)
  }

  @Test(
    "Series along the time: the same with every end and any threads, their mean is exact", arguments: [1, 3])
  func series(threads: Int) throws {
    let system = try Self.system(Chain(sites: 3, pinning: 1), Self.drives)
    // Two ticks in a period, so that runs end within one.
    let settings = Self.settings(6.0 / 128, replicas: 20, periods: 40, period: 6, threads: threads)
    let plain = try DrivenTrajectorySolver(settings).simulate(system)
    // Eight samples in five periods, at no end of a tick but every fifth period's.
    let recorded = try RecordedSystem(
      .init([.heatFrom, .position, .velocity, .kineticEnergy], every: 6.0 / 128 * 80, replicas: 20),
      of: system.bathed, system.scales, settings, isOpen: false)
    func run(_ table: SampleTable, _ memory: MemoryKeeper?, looks: Int) -> TrajectoryOutcome? {
      let count = LookCount(looks)
      var solver = DrivenTrajectorySolver(settings)
      solver.recorded = recorded
      solver.watch.recording = SeriesRecording(recorded.plan, in: table)
      solver.watch.stateKeeper = memory?.keeper
      solver.watch.shouldStop = { count.isOver() }
      let outcome = try? solver.simulate(system)
      return outcome?.stopReason == .interrupted ? nil : outcome
    }
    let whole = SampleTable(recorded.plan)
    let outcome = try #require(run(whole, nil, looks: .max))
    #expect(outcome.answer.entries == plain.answer.entries && outcome.answer.notes == plain.answer.notes)
    #expect(whole.all.allSatisfy { $0.allSatisfy(\.isFinite) })
    let (table, memory) = (SampleTable(recorded.plan), MemoryKeeper())
    var runs = 1
    while runs < 1000, run(table, memory, looks: 7) == nil { runs += 1 }
    #expect(runs > 2 && runs < 1000 && memory.allWarnings.isEmpty)
    #expect(table.all == whole.all)
    #expect(recorded.plan.interval * Double(recorded.plan.samples) == outcome.duration)
    // Means are those of exact theory of this step; those of the other bath are not.
    let heats = try DrivenLevel(#require(DrivenHarmonic(system.model)), steps: 128).heats
    for bath in 0..<2 {
      let means = (0..<20).map { replica in
        whole.column("heatFrom", bath, replica: replica).reduce(0, +) / Double(recorded.plan.samples)
      }
      let mean = means.reduce(0, +) / 20
      let error = (means.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 19 / 20).squareRoot()
      #expect(abs(mean - heats[bath]) < acceptedZScore * error, "\(mean) \(error) \(heats)")
      #expect(error < 0.02)
    }
    // Samples of half the interval add up to those of the whole one.
    let finer = try RecordedSystem(
      .init([.heatFrom], every: 6.0 / 128 * 40, replicas: 20), of: system.bathed, system.scales, settings,
      isOpen: false)
    let halves = SampleTable(finer.plan)
    var solver = DrivenTrajectorySolver(settings)
    solver.recorded = finer
    solver.watch.recording = SeriesRecording(finer.plan, in: halves)
    _ = try solver.simulate(system)
    for (bath, replica) in [(0, 0), (1, 19)] {
      let (fine, coarse) = (
        halves.column("heatFrom", bath, replica: replica), whole.column("heatFrom", bath, replica: replica)
      )
      for (place, value) in coarse.enumerated() {
        #expect(abs(0.5 * (fine[2 * place] + fine[2 * place + 1]) - value) < 1e-12)
      }
    }
  }

  @Test("A step that does not fit, and a period with too many steps of a formula, are refused with what would do")
  func refusals() throws {
    let system = try Self.system(Chain(sites: 3, pinning: 1), Self.drives)
    func reasons(_ step: Double) -> String {
      let settings = TrajectorySettings(timeStep: step, burnIn: 0, duration: 60)
      return DrivenTrajectorySolver(settings).refusals(of: system).map(\.reason).joined()
    }
    #expect(reasons(6.0 / 128) == "")
    #expect(reasons(0.05).contains("give run.timeStep 0.046875 or 0.09375"))
    #expect(system.timeStep(atMost: 0.05) == 6.0 / 128 && system.timeStep(atMost: 1) == 6.0 / 64)
    let formula = Network(lattice: .chain(3), bond: "k*sqrt(1 + r^2)", site: "q^2/2", parameters: [.init("k", 1)])
    let slow = try Self.system(formula, [("medium.parameters.k", "1 + 0.4*cos(2*pi*t/6e4)")])
    let settings = TrajectorySettings(timeStep: 6e4 / 64 / 20000, burnIn: 0, duration: 6e4)
    #expect(
      DrivenTrajectorySolver(settings).refusals(of: slow).contains { $0.reason.contains("more than can be prepared") })
  }

  /// A site that a drive excites without bound is lost, and that is said.
  @Test("Parametric resonance ends a run with the reason")
  func resonance() throws {
    let system = try Self.system(
      Chain(sites: 2, pinning: 1),
      [("medium.pinning.left", "1 + 0.9*cos(2*pi*t/3)"), ("medium.spring", "1 + 0.9*cos(2*pi*t/3)")],
      bath: { temperature, _ in LangevinBath(temperature: temperature, friction: 0.001) })
    let error = #expect(throws: TrajectoryError.self) {
      try DrivenTrajectorySolver(Self.settings(3.0 / 64, replicas: 8, periods: 4000, period: 3)).simulate(system)
    }
    #expect("\(try #require(error))".contains("parametric resonance"))
  }
}
