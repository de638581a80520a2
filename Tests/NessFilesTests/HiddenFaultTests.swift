import Foundation
import NessFiles
import NessTestSupport
import Testing

/// All faults are told at once: a misspelt key or kind hides none of the faults below it.
struct HiddenFaultTests {
  /// Faults of values all over the sample, by their line.
  private static let wrong: [Int: String] = [
    4: "  sites: 2.5", 5: "  mass: 0", 11: "    temperature: hot", 12: "    friction: -1",
    16: "    temperature: -1", 20: "  replicas: 0", 23: "  values: [1, x]",
  ]

  private static func places(_ faults: [String]) -> Set<String> { Set(faults.map { String($0.prefix { $0 != " " }) }) }

  @Test(arguments: [
    (2, "medum:"), (8, "bath:"), (18, "runs:"), (21, "sweeps:"), (3, "  kind: Chain"), (3, "  knd: chain"),
    (10, "    kind: particle"), (15, "    kind: Langevin"), (15, "    kid: langevin"),
  ])
  func misspeltWordHidesNothing(line: Int, replacement: String) {
    let alone = Self.places(faults(replacing: Self.wrong))
    #expect(alone.count == 7)
    let both = Self.places(faults(replacing: Self.wrong.merging([line: replacement]) { _, new in new }))
    let hidden = alone.subtracting(both)
    #expect(hidden.isEmpty, "\(hidden)")
    #expect(both.count == alone.count + 1)
  }

  @Test func valueOfAMisspeltKeyIsChecked() {
    let found = faults(replacing: [5: "  mas: 0", 16: "    temprature: -1"])
    #expect(Self.places(found) == ["f.yaml:5:3:", "f.yaml:5:8:", "f.yaml:16:5:", "f.yaml:16:17:"])
  }

  /// A value that may have several forms names all of them, whatever was found.
  @Test(arguments: ["[1, 2]", "firm", "{left: 1, rigt: x}"])
  func formsOfPinning(value: String) {
    let found = faults(replacing: [7: "  pinning: \(value)"])
    #expect(!found.isEmpty)
    if !value.hasPrefix("{") {
      #expect(found[0].contains("expected a number for both ends or {left: NUMBER, right: NUMBER}"))
    }
  }

  @Test(arguments: ["walls", "3", "{fil: a.csv}"])
  func formsOfACoupling(value: String) {
    let text = """
      medium: {kind: quantumBox, length: 1}
      baths:
        left: {kind: lindblad, temperature: 1, coupling: \(value), spectrum: ohmic}
        right: {kind: lindblad, temperature: 2, coupling: wall, spectrum: ohmic}
      """
    let found = faults(of: text)
    #expect(!found.isEmpty)
    if !value.hasPrefix("{") { #expect(found[0].contains("a list of rows or {file: NAME.csv}")) }
  }

  /// A file that is no experiment file is refused at once, however long it is.
  @Test func thousandsOfUnknownKeys() {
    let text = (0..<40_000).map { "key\($0): 1\n" }.joined()
    #expect(faults(of: text).count == 40_002)
  }
}

struct RoundRangeTests {
  private static let ranges: [(SweepAxis, [Double])] = [
    (SweepAxis("p", from: 1, to: 100, points: 3, scale: .log), [1.0, 10, 100]),
    (SweepAxis("p", from: 1, to: 1e6, points: 7, scale: .log), [1, 10, 100, 1000, 1e4, 1e5, 1e6]),
    (SweepAxis("p", from: 8, to: 1024, points: 8, scale: .log), [8, 16, 32, 64, 128, 256, 512, 1024]),
    (SweepAxis("p", from: 1e-12, to: 1e12, points: 25, scale: .log), (-12...12).map { Double("1e\($0)") ?? 0 }),
    (SweepAxis("p", from: 0.1, to: 0.3, points: 3), [0.1, 0.2, 0.3]),
    (SweepAxis("p", from: -0.3, to: 0.3, points: 7), [-0.3, -0.2, -0.1, 0, 0.1, 0.2, 0.3]),
    (SweepAxis("p", from: 1.1, to: 2.1, points: 11), [1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7, 1.8, 1.9, 2, 2.1]),
  ]

  @Test(arguments: ranges)
  func roundValues(axis: SweepAxis, expected: [Double]) { #expect(axis.points == expected) }

  /// Rounding never moves a value by more than the error of its computation.
  @Test func othersStay() {
    for points in 3...60 {
      let axis = SweepAxis("p", from: 1.0 / 3, to: 1e5 / 7, points: points, scale: .log)
      for (index, value) in axis.points.enumerated() {
        let exact = 1.0 / 3 * pow(3e5 / 7, Double(index) / Double(points - 1))
        #expect(abs(value / exact - 1) < 1e-14)
      }
    }
  }

  @Test func wholeNumbersOnALogScale() throws {
    let log = "  from: 2\n  to: 200\n  points: 3\n  scale: log"
    #expect(faults(replacing: [22: "  parameter: medium.sites", 23: log]) == [])
    let odd = faults(replacing: [
      22: "  parameter: medium.sites", 23: "  from: 2\n  to: 200\n  points: 4\n  scale: log",
    ])
    #expect(odd.count == 1 && odd[0].contains("(write values: [2, 9, 43, 200])"), "\(odd)")
  }

  /// Where the baths of a network are is judged beside faults of single baths; every part without a bath is told.
  @Test func partsWithoutABath() {
    let text = """
      medium: {kind: network, lattice: {sites: 6}, bonds: [{between: [1, 2]}, {between: [3, 4]}, {between: [5, 6]}]}
      baths:
        left: {kind: langevin, site: 1, temperature: -1, friction: 1}
      """
    let found = faults(of: text)
    #expect(found.count == 3 && found.contains { $0.contains("baths.left.temperature") }, "\(found)")
    #expect(found.count { $0.contains("no bath on sites") } == 2, "\(found)")
    // Control.
    #expect(faults(of: text.replacing("{sites: 6}", with: "{chain: 6}")).count == 1)
  }

  /// A rule for bonds that are not there.
  @Test func rulesForNoBond() {
    func told(_ sites: String) -> [String] {
      faults(
        of: """
          medium: {kind: network, lattice: {chain: 4}, at: [{sites: \(sites), bond: "100*r^2"}]}
          baths: {left: {kind: langevin, site: 1, temperature: 1, friction: 1}}
          """)
    }
    #expect(told("[1, 4]").count == 1 && told("[1, 4]")[0].contains("medium.at[0].bond"), "\(told("[1, 4]"))")
    #expect(told("[1, 2]") == [] && told("2") == [])
  }

  @Test func operatorsBesideAWrongHamiltonian() {
    func told(_ hamiltonian: String, _ coupling: String) -> [String] {
      faults(
        of: """
          medium: {kind: levels, parts: [qubit], hamiltonian: "\(hamiltonian)"}
          baths:
            left: {kind: thermal, temperature: 1, coupling: "\(coupling)", spectrum: ohmic}
            right: {kind: thermal, temperature: 2, coupling: X1, spectrum: ohmic}
          """)
    }
    #expect(told("Z1/2", "X1") == [])
    let both = told("Z9/2", "Q1")
    #expect(both.count == 2 && both.contains { $0.contains("baths.left.coupling") }, "\(both)")
    #expect(told("Z9/2", "X1").count == 1)
  }

  /// Every line of a table that cannot be read is told.
  @Test func holesOfATable() throws {
    let directory = try TemporaryDirectory()
    _ = try directory.write("edges.csv", "1,2\n2,,3\n3,4\nx,4\n".utf8)
    let text = """
      medium: {kind: network, lattice: {sites: 4}, bonds: {file: edges.csv}}
      baths: {left: {kind: langevin, site: 1, temperature: 1, friction: 1}}
      """
    do throws(ExperimentError) {
      _ = try Experiment(yaml: text, file: "f.yaml", directory: directory.path)
      Issue.record("a table with holes")
    } catch {
      let found = error.faults.map(\.description)
      #expect(
        found.contains { $0.contains("number 2 on line 2") } && found.contains { $0.contains("x on line 4") },
        "\(found)")
    }
  }
}
