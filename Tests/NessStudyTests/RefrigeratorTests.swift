import Foundation
import NessFiles
import NessModel
import NessStudy
import NessTestSupport
import Testing

@Suite("A refrigerator: heat from the coldest of three baths, driven by the hottest")
struct RefrigeratorTests {
  /// Three qubits of Linden, Popescu and Skrzypczyk.
  private func qubits(
    sweep: String = "{parameter: medium.parameters.Ec, values: [1.0, 2.0, 12.0]}", parts: Int = 3,
    hamiltonian: String? = nil,
    baths: [String]? = nil
  ) throws -> Experiment {
    let own = ["X1, temperature: 1.0", "X2, temperature: 1.2", "X3, temperature: 4.0"]
    let lines = zip(["cold", "room", "hot"], baths ?? own).map {
      "  \($0): {kind: lindblad, spectrum: ohmic, rate: 0.0001, coupling: \($1)}"
    }
    return try Experiment(
      yaml: """
        medium:
          kind: levels
          parts: {qubits: \(parts)}
          hamiltonian: "\(hamiltonian ?? "Ec/2*Z1 + (Ec + 3)/2*Z2 + 3/2*Z3 + g*(Sp1*Sm2*Sp3 + Sm1*Sp2*Sm3)")"
          parameters: {Ec: 1.0, g: 0.02}
        baths:
        \(lines.joined(separator: "\n"))
        sweep: \(sweep)
        """, file: "f.yaml")
  }

  private func number(_ name: String, _ row: DeviceReport.Row) throws -> Double {
    try #require(row.numbers.first { $0.name == name }?.estimate).value
  }

  /// Every quantum from the cold bath costs one from the hot bath: COP = Ec/Eh, up to the Carnot bound, where it stops.
  @Test func threeQubits() throws {
    let report = try DeviceStudy(Refrigerator(qubits()), threads: 1).theory()
    #expect(Set(report.rows.map(\.method)) == [.davies, .redfield, .local])
    let local = report.rows.filter { $0.method == .local }
    #expect(abs(try number("coefficientOfPerformance", local[0]) - 1.0 / 3) < 1e-9)
    #expect(abs(try number("coefficientOfPerformance", local[1]) - 2.0 / 3) < 1e-9)
    // (1 - 1.2/4) 1/(1.2 - 1)
    #expect(abs(try number("carnotBound", local[1]) - 3.5) < 1e-14)
    #expect(local[1].text.hasPrefix("cools: COP = 0.666667 within"))
    // Ec/Eh = 4 is beyond the bound.
    #expect(local[2].text == "does not cool: heat flows into cold")
    #expect(try number("heatFromCold", local[2]) < 0)
    #expect(!local[2].numbers.contains { $0.name == "coefficientOfPerformance" })
    // Dressed levels leak: a little more heat from the hot bath.
    let davies = report.rows.filter { $0.method == .davies }
    let performance = try number("coefficientOfPerformance", davies[0])
    #expect(performance < 1.0 / 3 && performance > 0.9 / 3)
    let finding = try #require(report.findings.first { $0.method == .davies })
    #expect(
      finding.isSeen == true && finding.text.hasPrefix("cools at 2 of 3 points; most heat at medium.parameters.Ec = "))
    #expect(report.notes.contains("heat is driven from cold to room by hot, the hottest bath"))
    let one = try DeviceStudy(
      Refrigerator(qubits(sweep: "{parameter: medium.parameters.Ec, values: [12.0]}")), threads: 1
    )
    .theory()
    #expect(one.findings.allSatisfy { $0.isSeen == false })
  }

  /// An equation that breaks the second law is caught.
  @Test func secondLaw() throws {
    let experiment = try qubits(
      sweep: "{parameter: medium.parameters.g, values: [1.2]}",
      parts: 2, hamiltonian: "Ec/2*Z1 + 2*Z2 + g*(Sp1*Sm2 + Sm1*Sp2)",
      baths: ["X1, temperature: 0.5", "X2, temperature: 1.0", "X2, temperature: 1.01"])
    let report = try DeviceStudy(Refrigerator(experiment), threads: 1).theory()
    let local = try #require(report.findings.first { $0.method == .local })
    #expect(local.isSeen == true && local.text.contains("against the second law"), "\(local.text)")
    for method in [Method.davies, .redfield] where report.findings.contains(where: { $0.method == method }) {
      #expect(report.findings.first { $0.method == method }?.isSeen == false)
    }
  }

  /// A harmonic chain heats its cold end, by theory and by simulation.
  @Test func harmonicChain() throws {
    let experiment = try Experiment(
      medium: .init(Chain(sites: 4, pinning: 1)),
      contacts: [
        Contact("left", AnyBath(LangevinBath(temperature: 3, friction: 1))),
        Contact("middle", site: 2, AnyBath(LangevinBath(temperature: 2, friction: 0.7))),
        Contact("right", AnyBath(LangevinBath(temperature: 1, friction: 0.5))),
      ], run: RunSettings(seed: 4, duration: 4000, burnIn: 40))
    let (report, failures) = try DeviceStudy(Refrigerator(experiment), threads: 2).run(in: Sample.runContext(nil))
    #expect(failures.isEmpty && report.findings.count >= 2)
    #expect(report.findings.allSatisfy { $0.isSeen == false })
    #expect(report.findings.contains { $0.method == .simulation && $0.number == nil })
  }

  @Test func whatIsNone() throws {
    #expect { try Refrigerator(Sample.experiment()) } throws: { "\($0)".contains("has three baths, and there are 2") }
    #expect {
      try Refrigerator(qubits(baths: ["X1, temperature: 1.0", "X2, temperature: 1.0", "X3, temperature: 4.0"]))
    } throws: {
      "\($0)".contains("three different temperatures, and there are cold at 1, room at 1, hot at 4")
    }
    // Points where the baths change places are left out.
    let report = try DeviceStudy(
      Refrigerator(qubits(sweep: "{parameter: baths.cold.temperature, values: [0.5, 1.0, 1.2, 3.0]}")), threads: 1
    ).theory()
    #expect(report.rows.count { $0.method == .davies } == 2)
    #expect(report.notes.contains("left out: 2 points where cold is not the coldest or hot not the hottest bath"))
  }
}
