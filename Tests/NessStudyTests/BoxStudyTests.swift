import NessFiles
import NessModel
import NessStatistics
import NessStudy
import NessTestSupport
import Testing

@Suite struct BoxStudyTests {
  private func box(_ left: String, _ right: String, run: String = "replicas: 64, duration: 300") throws -> Experiment {
    try Experiment(
      yaml: """
        medium: {kind: box, length: 1}
        baths: {left: {\(left)}, right: {\(right)}}
        run: {\(run)}
        """, file: "f.yaml")
  }

  static let walls = [
    ("kind: maxwell, temperature: 4", "kind: maxwell, temperature: 1", NessModel.Method.renewal),
    (
      "kind: metropolis, temperature: 4, proposal: energy, width: 3",
      "kind: metropolis, temperature: 1, proposal: speed, width: 2, moves: 3", .kernel
    ),
    ("kind: maxwell, temperature: 4", "kind: metropolis, temperature: 0, proposal: energy, width: 3", .kernel),
  ]

  @Test(arguments: walls) func simulationStandsBesideExact(left: String, right: String, method: NessModel.Method) throws
  {
    let experiment = try box(left, right)
    let (document, failures) = try Study(experiment, threads: 2).run(in: Sample.runContext(nil))
    let point = document.points[0]
    #expect(failures.isEmpty)
    let run = try #require(point.run)
    #expect(run.timeStep == nil && run.duration >= 300)
    for quantity in [Quantity.heatCurrent, .meanEnergy, .timeShare(bath: "right")] {
      let simulated = try estimate(quantity, .simulation, point)
      let exact = try estimate(quantity, method, point)
      #expect(abs(simulated.zScore(against: exact)) < acceptedZScore, "\(quantity)")
      #expect(abs(simulated.zScore(againstExact: exact.value + 10 * simulated.error)) > acceptedZScore)
    }
    #expect(try ResultDocument(json: document.json()) == document)
    #expect(try Study(experiment, threads: 1).run(in: Sample.runContext(nil)).document.json() == document.json())
  }

  private func estimate(_ quantity: Quantity, _ method: NessModel.Method, _ point: PointResult) throws -> Estimate {
    try #require(point.member(quantity, method)).estimate
  }

  @Test func aTrapIsAnAnswer() throws {
    let experiment = try box("kind: maxwell, temperature: 4", "kind: maxwell, temperature: 0", run: "targetError: 0.1")
    let point = try Study(experiment, threads: 1).run(in: Sample.runContext(nil)).document.points[0]
    for method in [NessModel.Method.simulation, .renewal] {
      #expect(try estimate(.heatCurrent, method, point) == .numerical(0, bound: 0))
    }
    #expect(point.notes.contains { $0.contains("keeps the particle for ever") })
  }

  @Test func equalTemperaturesHaveNoRelativeError() throws {
    let wall = "kind: maxwell, temperature: 2"
    let failure = #expect(throws: PointFailure.self) {
      try Study(box(wall, wall, run: "targetError: 0.1"), threads: 1).run(in: Sample.runContext(nil))
    }
    #expect(failure?.isUnusable == true)
    #expect(failure?.reason.contains("give run.duration instead of run.targetError") == true)
    // Left to Ness, a duration is chosen and the current is zero within its error.
    let point = try Study(box(wall, wall, run: "replicas: 64"), threads: 2).run(in: Sample.runContext(nil))
      .document.points[0]
    #expect(abs(try estimate(.heatCurrent, .simulation, point).zScore(againstExact: 0)) < acceptedZScore)
  }

  static let quantum = """
    medium: {kind: quantumBox, length: 1, levels: 6}
    baths:
      left: {kind: lindblad, temperature: 9, coupling: uniform, spectrum: glauber}
      right: {kind: lindblad, temperature: 2, coupling: wall, spectrum: bosonic}
    """

  /// A quantum box is computed exactly, so a run is its theory.
  @Test func quantumBoxNeedsNoSimulation() throws {
    let study = Study(try Experiment(yaml: Self.quantum, file: "f.yaml"), threads: 1)
    let document = try study.run(in: Sample.runContext(nil)).document
    #expect(try document == study.theory())
    #expect(document.points[0].run == nil)
    #expect(try estimate(.heatCurrent, .davies, document.points[0]).value > 0)
  }

  @Test func methodsOfOtherMediaAreRefused() throws {
    let study = Study(try Experiment(yaml: Self.quantum, file: "f.yaml"), threads: 1)
    let point = try study.theory(methods: [.davies, .renewal, .markov]).points[0]
    #expect(point.refusals.map(\.method) == [.markov, .renewal])
    #expect(point.refusals.allSatisfy { $0.reason.contains("does not apply to a quantum box") })
    let classical = try Study(box("kind: maxwell, temperature: 4", "kind: maxwell, temperature: 1"), threads: 1)
      .theory(methods: [.davies]).points[0]
    #expect(classical.estimates.isEmpty && classical.refusals.map(\.method) == [.davies])
    let metropolis = "kind: metropolis, temperature: 1, proposal: energy, width: 1"
    let refused = try Study(box(metropolis, metropolis), threads: 1).theory(methods: [.renewal]).points[0]
    #expect(refused.estimates.isEmpty && !refused.refusals.isEmpty)
    #expect(refused.refusals.allSatisfy { $0.method == .renewal })
  }
}
