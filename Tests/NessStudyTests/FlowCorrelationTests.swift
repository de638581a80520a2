import Foundation
import NessFiles
import NessModel
import NessSampling
import NessStatistics
import NessStudy
import NessTestSupport
import Testing

/// The correlation in time of the total flow by simulation, against exact theory.
@Suite struct FlowCorrelationTests {
  private func experiment(
    _ medium: String, left: String = "temperature: 3.0, friction: 1.0",
    right: String = "temperature: 1.0, friction: 0.6",
    bath: String = "langevin", run: String = "{replicas: 64, duration: 2000.0, seed: 5}",
    quantities: String = "[currentCorrelation]"
  ) throws -> Experiment {
    try Experiment(
      yaml: """
        medium: \(medium)
        baths:
          left: {kind: \(bath), site: 1, \(left)}
          right: {kind: langevin, site: 4, \(right)}
        quantities: \(quantities)
        run: \(run)
        """, file: "t.yaml")
  }

  private func run(_ experiment: Experiment, threads: Int = 2) throws -> PointResult {
    try experiment.firstPoint(threads: threads)
  }

  private func curve(_ method: NessModel.Method, _ result: PointResult) throws -> Answer.Entry {
    try #require(
      result.estimates.first { $0.quantity.family == .currentCorrelation && $0.method == method }, "\(result.notes)")
  }

  /// Differences in units of the whole error; later by some lags for a control.
  private func scores(_ found: Answer.Entry, _ exact: Answer.Entry, late: Int = 0) -> [Double] {
    (0..<(found.estimates.count - late)).map { lag in
      let error = found.budgets[lag]?.whole ?? 0
      return (found.estimates[lag].value - exact.estimates[lag + late].value) / error
    }
  }

  private func expectAgreement(_ found: Answer.Entry, _ exact: Answer.Entry) {
    let scores = scores(found, exact).map(abs)
    #expect(scores.count == 400 && scores.allSatisfy { $0 < acceptedZScore }, "\(scores.max() ?? 0)")
    // An error bar that is far too long would pass as well.
    let size = exact.estimates[0].value
    #expect(found.budgets.allSatisfy { ($0?.statistical ?? 1) < 0.02 * size })
    #expect(found.budgets.prefix(100).allSatisfy { ($0?.systematic ?? 1) < 0.02 * size })
    #expect(self.scores(found, exact, late: 2).contains { abs($0) > acceptedZScore })
  }

  /// Chains between Langevin baths, in a current and with particles on one side.
  @Test(arguments: [
    ("{kind: chain, sites: 4, pinning: 1.0}", "langevin", "temperature: 3.0, friction: 1.0"),
    (
      "{kind: chain, sites: 4, pinning: 1.0}", "particles",
      "temperature: 3.0, friction: 0.3, coupling: 0.02, count: 4"
    ),
  ]) func chains(medium: String, bath: String, left: String) throws {
    let result = try run(experiment(medium, left: left, bath: bath))
    let exact = try curve(bath == "particles" ? .memory : .markov, result)
    let found = try curve(.simulation, result)
    #expect(found.axes == exact.axes)
    expectAgreement(found, exact)
  }

  /// A chain as the network that it is, whose flows are read apart: pinned at both ends as the chain is.
  @Test func network() throws {
    let exact = try curve(.markov, run(experiment("{kind: chain, sites: 4, pinning: 1.0}")))
    let found = try curve(
      .simulation,
      run(experiment("{kind: network, lattice: {chain: 4}, bond: r^2/2, pinning: 1.0}")))
    expectAgreement(found, exact)
  }

  /// Green and Kubo: the integral over the correlation is the conductance times the number of bonds, by theory that knows nothing of
  /// it; at two temperatures there is none.
  @Test func conductivity() throws {
    let equal = try experiment(
      "{kind: chain, sites: 4, pinning: 1.0}", left: "temperature: 2.0, friction: 1.0",
      right: "temperature: 2.0, friction: 0.6",
      quantities: "[greenKuboConductivity, \"conductance[left,left]\"]")
    let result = try run(equal)
    let found = try #require(
      result.members.first { $0.quantity.family == .greenKuboConductivity && $0.method == .simulation },
      "\(result.notes)")
    let conductance = try #require(
      result.members.first { $0.quantity.family == .conductance && $0.method == .markov })
    let whole = try #require(found.budget?.whole)
    let exact = 3 * conductance.estimate.value
    #expect(abs(found.estimate.value - exact) < 3 * whole && whole < 0.1 * exact, "\(found) \(exact) \(whole)")
    let fault = #expect(throws: (any Error).self) {
      try run(experiment("{kind: chain, sites: 4, pinning: 1.0}", quantities: "[greenKuboConductivity]"))
    }
    #expect("\(fault.map { "\($0)" } ?? "")".contains("all baths at one temperature"))
  }

  /// The same numbers with any number of threads, and in a run that was taken up.
  @Test func sameNumbers() throws {
    let some = try experiment("{kind: chain, sites: 4, pinning: 1.0}", run: "{replicas: 20, duration: 400.0}")
    #expect(try run(some, threads: 1).estimates == run(some, threads: 2).estimates)
    let plan = try #require(try SolverCatalogue.plan(some.run, for: some.points()[0].model, threads: 2))
    let measure = try #require(plan.measureBeside)
    let whole = try measure(.correlation, 20000, JobContext(threads: 2)).answer.entries
    let memory = MemoryKeeper()
    let found = untilTheEnd(looks: 10) { looks -> [Answer.Entry]? in
      let watch = SamplingWatch<Answer>(shouldStop: { looks.isOver() }, stateKeeper: memory.keeper)
      return try? measure(.correlation, 20000, JobContext(threads: 1, watch: watch)).answer.entries
    }
    let (entries, runs) = try #require(found)
    #expect(entries == whole && runs > 2 && memory.allWarnings.isEmpty, "\(runs) \(memory.allWarnings)")
  }

  /// What cannot be told is refused with a remedy.
  @Test func refusals() throws {
    let few = try run(experiment("{kind: chain, sites: 4, pinning: 1.0}", run: "{replicas: 4, duration: 400.0}"))
    #expect(few.notes.contains { $0.contains("give run.replicas 8 or more") }, "\(few.notes)")
    let short = try run(experiment("{kind: chain, sites: 4, pinning: 1.0}", run: "{replicas: 16, duration: 10.0}"))
    #expect(short.notes.contains { $0.contains("give run.duration") }, "\(short.notes)")
    let ring = #expect(throws: (any Error).self) {
      try run(experiment("{kind: network, lattice: {ring: 4}, bond: r^2/2, site: q^2/2}"))
    }
    #expect("\(ring.map { "\($0)" } ?? "")".contains("along a chain"))
  }
}
