import NessFiles
import NessModel
import NessStudy
import NessTestSupport
import NessTrajectory
import Testing

/// Networks are planned and simulated like chains.
@Suite struct NetworkSimulatorTests {
  private func model(
    cold: Double = 1, sites: Int = 4, bond: String = "r^2/2 + r^4/4", site: String? = "q^2/2"
  ) throws -> AnyModel {
    AnyModel(
      try NetworkModel(
        medium: Network(lattice: .chain(sites), bond: bond, site: site),
        attachments: [
          .init(name: "left", site: 1, bath: NetworkBath(LangevinBath(temperature: 2, friction: 1))),
          .init(name: "right", site: sites, bath: NetworkBath(LangevinBath(temperature: cold, friction: 1))),
        ]))
  }

  private func plan(_ request: RunSettings, _ model: AnyModel, checksStep: Bool = false) throws -> SimulationPlan {
    try #require(try SolverCatalogue.plan(request, for: model, threads: 2, checksStep: checksStep))
  }

  /// Between baths that no bonds join nothing flows, so no error can be asked that is a share of it.
  @Test func partsThatNothingJoinsExchangeNothing() throws {
    func plan(joined: Bool, _ run: String) throws -> SimulationPlan {
      let experiment = try Experiment(
        yaml: """
          medium: {kind: network, lattice: {sites: 2}, site: "q^2/2 + q^4/4"\(joined ? ", bonds: [[1, 2]], bond: r^2/2" : "")}
          baths:
            left: {kind: langevin, temperature: 2, friction: 0.3}
            right: {kind: langevin, temperature: 1, friction: 0.5}
          run: {\(run)}
          """, file: "apart.yaml")
      return try self.plan(experiment.run, try #require(experiment.points().first).model)
    }
    let refusal = #expect(throws: Refusal.self) { try plan(joined: false, "targetError: 0.05") }
    #expect(refusal?.reason.contains("baths that no bonds join") == true)
    #expect(try plan(joined: false, "duration: 10").notes.isEmpty == false)
    #expect(try plan(joined: true, "targetError: 0.05").notes.isEmpty == false)
  }

  /// What is stored today is not shown as older: every engine on which the examples and rarer networks depend is among those of today.
  @Test func allEnginesAreKnown() throws {
    let examples = try exampleFiles().map { try Experiment(contentsOfFile: $0) }
    let reservoirs = try #require(try exampleFiles().first { $0.hasSuffix("/self-consistent.yaml") })
    let text = try String(contentsOfFile: reservoirs, encoding: .utf8)
    let between = text.split(separator: "\n").filter { !$0.contains("reservoirs:") }.joined(separator: "\n")
    let rare = try [
      between.replacing("k*r^2/2", with: "k*r^2/2 + r^4/4").replacing(
        "kind: network", with: "kind: network\n  mass: [1, 1, 1, 1000, 1, 1, 1, 1]"),
      text.replacing("k*r^2/2", with: "k*r^2/2 + r^4/4"),
      text.replacing("k*r^2/2", with: "k*r^2/2 - 0.1*log(abs(r + 3))"),
      text.replacing("friction: 1.0}\n", with: "friction: 50.0}\n"),
    ].map { try Experiment(yaml: $0, file: "rare.yaml") }
    var engines: Set<EngineVersion> = []
    for model in (examples + rare).flatMap({ $0.points().map(\.model) }) {
      if let chain = model.of(Chain.self) { engines.formUnion(TrajectorySolver.engines(of: chain)) }
      if let network = model.of(Network.self) { engines.formUnion(NetworkTrajectorySolver.engines(of: network)) }
    }
    #expect(engines.subtracting(EngineVersion.all) == [])
    // Control: they are not all plain.
    let names = Set(engines.map(\.engine))
    #expect(
      names.isSuperset(of: [
        "reservoir-search", "infinite-walls", "step-groups", "slow-sites", "bath-groups", "slow-exchange",
      ]))
  }

  @Test func whatIsLeftOutIsChosenAndExplained() throws {
    let plan = try plan(RunSettings(), model())
    #expect(plan.notes.contains { $0.hasPrefix("time step ") && $0.contains("the network oscillates at up to") })
    #expect(plan.notes.contains { $0.hasPrefix("burn-in ") })
    #expect(plan.notes.contains { $0.hasPrefix("targetError 0.05 chosen") })
    // Control: what is given is kept without a word.
    let given = try self.plan(RunSettings(duration: 10, burnIn: 5, timeStep: 0.02), model())
    #expect(given.notes.isEmpty)
    let balanced = try self.plan(RunSettings(), model(cold: 2))
    #expect(balanced.notes.contains { $0.contains("the current is zero") })
    #expect(throws: Refusal.self) { try self.plan(RunSettings(targetError: 0.1), model(cold: 2)) }
  }

  /// A burn-in that takes much longer than what is asked is told with a remedy.
  @Test func longBurnIns() throws {
    let request = RunSettings(replicas: 64, duration: 20)
    let weak = try plan(request, model(bond: "1e-4*r^2/2", site: "q^2/2 + q^4/4"))
    #expect(weak.notes.contains { $0.contains("times as long as run.duration") && $0.contains("run.burnIn") })
    #expect(try !plan(request, model()).notes.contains { $0.contains("times as long as run.duration") })
  }

  /// The whole error is the asked one where linear theory knows the current, in any units; less is asked of the step where
  /// little heat passes.
  @Test func theStepOfAHarmonicNetworkLeavesRoomForTheAskedError() throws {
    func model(weak: Double, time: Double = 1) throws -> AnyModel {
      let rate = 1 / time
      return AnyModel(
        try NetworkModel(
          medium: Network(
            lattice: .chain(6), bond: "\(rate * rate)*r^2/2", site: "\(rate * rate)*q^2/2",
            bonds: [.init(between: 3, 4, potential: "\(weak * rate * rate)*r^2/2")]),
          attachments: [
            .init(name: "left", site: 1, bath: NetworkBath(LangevinBath(temperature: 2 * rate * rate, friction: rate))),
            .init(name: "right", site: 6, bath: NetworkBath(LangevinBath(temperature: rate * rate, friction: rate))),
          ]))
    }
    for weak in [1, 0.3, 0.1] {
      let outcome = try plan(RunSettings(seed: 3, targetError: 0.1), model(weak: weak)).simulate(JobContext(threads: 2))
      // At the weakest bond what was measured of the start counts more than the step.
      #expect(weak < 0.3 || outcome.stopReason == .targetReached, "\(weak)")
      let budget = try #require(outcome.answer.entries.first { $0.quantity == .heatCurrent }?.budget)
      let current = try #require(outcome.answer.estimate(.heatCurrent, by: .simulation)).value
      #expect(budget.timeStep.value <= 0.5 * 0.1 * current && budget.timeStep.value > 0, "\(weak): \(budget)")
    }
    func step(_ asked: Double?, weak: Double, time: Double = 1) throws -> Double {
      let settings = RunSettings(replicas: 8, duration: asked == nil ? time : nil, burnIn: 0, targetError: asked)
      let note = try #require(plan(settings, model(weak: weak, time: time)).notes.first { $0.hasPrefix("time step ") })
      return try #require(Double(note.split(separator: " ")[2])) / time
    }
    let usual = try step(nil, weak: 0.1)
    #expect(try step(0.001, weak: 0.1) < 0.5 * usual && step(0.5, weak: 1) == usual)
    #expect(try abs(step(0.001, weak: 0.1, time: 0x1p20) / step(0.001, weak: 0.1) - 1) < 1e-3)
  }

  @Test func aRunAnswersAndItsStepCanBeChecked() throws {
    let request = RunSettings(seed: 5, replicas: 64, duration: 40, burnIn: 20)
    let outcome = try plan(request, model(), checksStep: true).simulate(JobContext(threads: 2))
    let answer = outcome.answer
    let current = try #require(answer.estimate(.heatCurrent, by: .simulation))
    #expect(current.value > 4.9 * current.error)
    for pair in 1..<4 { #expect(answer.estimate(.bondHeatCurrent(from: pair, to: pair + 1), by: .simulation) != nil) }
    for site in 1...4 {
      #expect(answer.estimate(.kineticTemperature(site: site), by: .simulation) != nil)
      #expect(answer.estimate(.meanDisplacement(site: site), by: .simulation) != nil)
    }
    let entropy = try #require(answer.estimate(.entropyProduction, by: .simulation))
    #expect(abs(entropy.value - 0.5 * current.value) < 1e-12)
    #expect(answer.notes.contains { $0.hasPrefix("step check: J = ") && $0.contains("extrapolated to a step of zero") })
    let means = answer.entries.members.filter {
      $0.quantity.family != .entropyProduction && !$0.quantity.family.isOnRequest
    }
    let budgets = means.map(\.budget)
    #expect(budgets.allSatisfy { $0 != nil })
    // Control: without the check nothing is said of one, and free sites have no mean displacement.
    let free = try plan(request, model(site: nil)).simulate(JobContext(threads: 2)).answer
    #expect(!free.notes.contains { $0.hasPrefix("step check") })
    #expect(free.estimate(.meanDisplacement(site: 1), by: .simulation) == nil)
  }
}
