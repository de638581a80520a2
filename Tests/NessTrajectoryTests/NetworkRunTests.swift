import Foundation
import NessFormula
import NessModel
import NessSampling
import NessStatistics
import NessTestSupport
import NessTrajectory
import Testing

/// Runs of networks as a whole: the same bytes, what is refused, what is told.
@Suite struct NetworkRunTests {
  private static func graph() throws -> BathedNetwork {
    BathedNetwork(
      try Networks.random(30, bonds: ["x^2/2 + x^4/4", "(1 - cos(2*x))/3"], field: "x^2/2 + x^4/8"),
      [
        .init(name: "a", site: 0, law: Sample.particles(3, friction: 0.4, coupling: 0.3, count: 5)),
        Networks.bath("b", 12, 2), Networks.bath("c", 29, 1),
      ])
  }

  private static func settings(
    _ replicas: Int, duration: Double = 40, threads: Int = 2, seed: UInt64 = 3
  ) -> TrajectorySettings {
    TrajectorySettings(
      seed: seed, replicas: replicas, timeStep: 0.05, burnIn: 20, duration: duration, threads: threads)
  }

  @Test func sameBytesForAnyNumberOfThreads() throws {
    let bathed = try Self.graph()
    let answers = try [1, 3].map {
      try NetworkTrajectorySolver(Self.settings(40, threads: $0)).simulate(bathed).answer
    }
    #expect(answers[0].entries == answers[1].entries && answers[0].notes == answers[1].notes)
    // Control: another seed gives other numbers.
    let other = try NetworkTrajectorySolver(Self.settings(40, seed: 4)).simulate(bathed).answer
    #expect(other.entries != answers[0].entries)
  }

  @Test(arguments: [(20, 3), (64, 5)]) func sameBytesAfterEveryEnd(replicas: Int, looks: Int) throws {
    let bathed = try Self.graph()
    let whole = try NetworkTrajectorySolver(Self.settings(replicas)).simulate(bathed)
    let memory = MemoryKeeper()
    let found = untilTheEnd(looks: looks) { count in
      var solver = NetworkTrajectorySolver(Self.settings(replicas))
      solver.watch.stateKeeper = memory.keeper
      solver.watch.shouldStop = { count.isOver() }
      let outcome = try? solver.simulate(bathed)
      return outcome?.stopReason == .interrupted ? nil : outcome
    }
    let (outcome, runs) = try #require(found)
    #expect(runs > 2)
    #expect(outcome.answer.entries == whole.answer.entries && outcome.answer.notes == whole.answer.notes)
    #expect(outcome.detectedTransient == whole.detectedTransient && outcome.replicaSteps == whole.replicaSteps)
  }

  /// Two wells that no replica leaves are told, and the error bars are those of independent replicas.
  @Test func wellsThatDoNotMixAreTold() throws {
    func answer(_ temperature: Double) throws -> Answer {
      let network = try Networks.chain(3, bond: "x^2/2", fields: [1: "(x^2 - 1)^2", 0: "x^2/10"])
      let bathed = BathedNetwork(
        network, [Networks.bath("left", 0, temperature), Networks.bath("right", 2, temperature)])
      return try NetworkTrajectorySolver(Self.settings(64, duration: 200)).simulate(bathed).answer
    }
    let cold = try answer(0.02)
    #expect(cold.notes.contains { $0.contains("do not mix") && $0.contains("site 2") })
    let displacement = try #require(cold.estimate(.meanDisplacement(site: 2), by: .simulation))
    // Copies at -1 and +1: 1/sqrt(64).
    #expect(abs(displacement.error - 0.125) < 0.02)
    // Control: where the barrier is low they mix.
    let hot = try answer(2)
    #expect(!hot.notes.contains { $0.contains("do not mix") })
  }

  /// A site that a potential lets go is named, with the replica and the time.
  @Test func aLostSiteIsNamed() throws {
    let network = try Networks.chain(4, bond: "x^2/2", fields: [0: "x^2/2", 2: "x^2/2 - x^3/3"])
    func run(_ temperature: Double) throws -> Answer {
      let bathed = BathedNetwork(
        network, [Networks.bath("left", 0, temperature), Networks.bath("right", 3, temperature)])
      return try NetworkTrajectorySolver(Self.settings(16, duration: 100)).simulate(bathed).answer
    }
    let error = #expect(throws: TrajectoryError.self) { try run(3) }
    let text = "\(try #require(error))"
    #expect(text.contains("site 3 was lost in replica") && text.contains("falls without bound"), "\(text)")
    // Control: far below the barrier nothing is lost.
    #expect(try run(0.003).estimate(.heat(from: "left"), by: .simulation) != nil)
  }

  @Test func whatCannotRunIsRefused() throws {
    func refusals(_ bond: String, step: Double = 0.02) throws -> [Refusal] {
      let bathed = BathedNetwork(
        try Networks.chain(4, bond: bond), [Networks.bath("a", 0, 2), Networks.bath("b", 3, 1)])
      let settings = TrajectorySettings(timeStep: step, burnIn: 0, duration: 10)
      return NetworkTrajectorySolver(settings).refusals(of: bathed, NetworkScales(bathed))
    }
    #expect(try refusals("x^2/2").isEmpty)
    #expect(try refusals("log(x)").contains { $0.reason.contains("no finite energy") })
    #expect(try refusals("x^2/2", step: 2).contains { $0.reason.contains("unstable") })
  }

  /// The chosen step and burn-in are the same in all units, and know how stiff a potential is at its temperature.
  @Test func whatIsChosenDoesNotDependOnTheUnits() throws {
    /// Lengths in units of 1/length, times in units of 1/time.
    func scales(_ temperature: Double, length: Double, time: Double, bond: (Double) -> String) throws -> NetworkScales {
      let energy = length * length / time / time
      let network = SiteNetwork(
        masses: .init(repeating: 1, count: 5), potentials: [try Networks.potential(bond(length) + "*\(energy)")],
        bonds: Networks.row(5), fields: [])
      return NetworkScales(
        BathedNetwork(
          network,
          [
            Networks.bath("a", 0, temperature * energy, friction: 1 / time),
            Networks.bath("b", 4, energy, friction: 1 / time),
          ]))
    }
    // The last ones have poles, behind which the energy is low again, nearer to rest than its curvature there says.
    for form in [
      "(u^2/2 + u^4/4)", "(exp(-u) + u - 1)", "((1 - exp(-u))^2)", "(1 - cos(u))", "(u^4)", "(abs(u)^3)",
      "(1/(2 + u)^6 - 0.5/(2 + u)^3)", "(u^2/2 + 1/(1 + u))",
    ] {
      func bond(_ length: Double) -> String { form.replacingOccurrences(of: "u", with: "(x/\(length))") }
      let one = try scales(2, length: 1, time: 1, bond: bond)
      for (length, time) in [(1e-6, 1e9), (3e5, 0.01)] {
        let other = try scales(2, length: length, time: time, bond: bond)
        #expect(abs(other.highestAngularFrequency * time / one.highestAngularFrequency - 1) < 1e-4, "\(form)")
        let steps = [one, other].map { $0.timeStep(tolerance: 0.002, noise: .matched).timeStep }
        #expect(abs(steps[1] / time / steps[0] - 1) < 0.05)
      }
    }
    // Control: hotter quartic bonds are stiffer, as T^(1/4).
    func frequency(_ temperature: Double) throws -> Double {
      try scales(temperature, length: 1, time: 1) { _ in "(x^4)" }.highestAngularFrequency
    }
    #expect(abs(try frequency(32) / frequency(2) - 2) < 0.01)
  }

  /// A million sites in one group of replicas fit into a GiB.
  @Test func aMillionSitesFit() throws {
    let bathed = BathedNetwork(
      try Networks.chain(1_000_000, bond: "x^2/2"), [Networks.bath("a", 0, 2), Networks.bath("b", 999_999, 1)])
    let bytes = NetworkTrajectorySolver.memory(for: bathed, replicas: 8)
    #expect(bytes < Double(1 << 30) && bytes > 3e8)
  }
}
