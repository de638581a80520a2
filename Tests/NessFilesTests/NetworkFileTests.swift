import Foundation
import NessFiles
import NessModel
import Testing

@Suite("Networks in files")
struct NetworkFileTests {
  private func experiment(_ medium: String, directory: String? = nil) throws(ExperimentError) -> Experiment {
    let text = """
      medium:
        kind: network
      \(medium.split(separator: "\n").map { "  " + $0 }.joined(separator: "\n"))
      baths:
        left: {kind: langevin, temperature: 2, friction: 1}
        right: {kind: langevin, temperature: 1, friction: 1}

      """
    return try Experiment(yaml: text, file: "n.yaml", directory: directory)
  }

  private static let whole = """
    lattice: {square: [4, 2]}
    mass: [1, 1, 2, 2, 1, 1, 2, 2]
    bond: "k*r^2/2 + beta*r^4/4"
    site: "U*q^4/4"
    parameters: {k: 1.0, beta: 0.1, U: 0.5}
    bonds:
      - {between: [1, 8], potential: "0.5*r^2/2"}
      - [2, 7]
      - [3, 5, 0.25]
    at:
      - {sites: 1-2, site: "2*q^2/2", mass: 2.0}
      - {sites: [4, 6-7], bond: 0}
    """

  @Test("Everything that a network can be is written and read again")
  func roundTrip() throws {
    let experiment = try experiment(Self.whole)
    let network = try #require(experiment.medium.base as? Network)
    #expect(network.lattice == .square(columns: 4, rows: 2))
    #expect(network.mass == .list([1, 1, 2, 2, 1, 1, 2, 2]))
    #expect(
      network.bonds == [
        BondRule(between: 1, 8, potential: "0.5*r^2/2"), BondRule(between: 2, 7), BondRule(between: 3, 5, weight: 0.25),
      ])
    #expect(
      network.at == [
        SiteRule(sites: [1...2], mass: .number(2), site: "2*q^2/2"), SiteRule(sites: [4...4, 6...7], bond: "0"),
      ])
    let again = try Experiment(yaml: experiment.yaml(), file: "n.yaml")
    #expect(again == experiment && again.yaml() == experiment.yaml())
    for medium in [
      "lattice: {chain: 3}\nwalls: {left: true}", "lattice: {sites: 2}\nbonds: [[1, 2]]",
      "lattice: {chain: 8}\nmass: {uniform: [0.8, 1.2], seed: 7}", "lattice: {ring: 5}\nmass: \"1 + j/10\"\nsite: q^2",
    ] {
      let one = try self.experiment(medium)
      #expect(try Experiment(yaml: one.yaml(), file: "n.yaml") == one)
    }
  }

  @Test("Named parameters and sizes can be swept; others are refused with what there is")
  func sweeps() throws {
    let base = try experiment("lattice: {chain: 3}\nbond: \"k*r^2/2\"\nparameters: {k: 2}")
    let swept = try base.swept(by: Sweep(parameter: "medium.parameters.k", values: [1, 3]))
    #expect(swept.points().compactMap { $0.model.network?.medium.parameters[0].value } == [1, 3])
    let sizes = try base.swept(by: Sweep(parameter: "medium.lattice.chain", values: [4, 9]))
    #expect(sizes.points().map(\.model.medium.sites) == [4, 9])
    // The right bath moves with the end.
    #expect(sizes.points().map { $0.model.attachments[1].site } == [4, 9])
    #expect(throws: ExperimentError.self) {
      try base.swept(by: Sweep(parameter: "medium.lattice.chain", values: [4.5]))
    }
    let error = #expect(throws: ExperimentError.self) {
      try base.swept(by: Sweep(parameter: "medium.parameters.b", values: [1]))
    }
    #expect(error.map { "\($0)" }?.contains("medium.parameters.k") == true)
  }

  @Test(
    "Faults stand at their line and character",
    arguments: [
      ("lattice: {chain: 3}\nbond: \"k*r^2/2\"", "n.yaml:4:10: medium.bond", "k"),
      ("lattice: {chain: 3}\nbond: k*r^2/2", "n.yaml:4:9: medium.bond", "k"),
      ("lattice: {chain: 3}\nsite: \"q^2/2 + 3*q^\"", "n.yaml:4:22: medium.site", "end"),
      ("lattice: {chain: 3}\nbonds:\n  - [1, 2]\n  - [2, 2]", "n.yaml:6:7: medium.bonds[1]", "itself"),
      ("lattice: {chain: 3}\nat:\n  - {sites: 2-5}", "n.yaml:5:15: medium.at[0].sites", "2-5"),
      ("lattice: {chain: 3}\nmass: [1, 2]", "n.yaml:4:9: medium.mass", "2 masses"),
      ("lattice: {chane: 3}", "n.yaml:3:", "chane"),
      ("lattice: {square: 3}", "n.yaml:3:21: medium.lattice.square", "3"),
      ("lattice: {chain: 3}\nbonds:\n  - {between: [1, 3], potental: r^2}", "medium.bonds[0].potental", "did you mean"),
      ("lattice: {chain: 3}\nbonds: {file: none.csv}", "medium.bonds.file", "none.csv"),
      ("lattice: {chain: 3}\nparameters: {pi: 3}", "medium.parameters.pi", "pi"),
    ])
  func faults(medium: String, place: String, found: String) throws {
    let error = #expect(throws: ExperimentError.self) { try experiment(medium) }
    let text = error.map { "\($0)" } ?? ""
    #expect(text.contains(place) && text.contains(found), "\(text)")
  }

  @Test("Bonds come from a CSV file; a hole in it is told with its line")
  func edges() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "ness-edges-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.path(percentEncoded: false)
    try "i,j,w\n1,2,1\n2,3,0.5\n1,3,2\n".write(
      to: folder.appending(path: "edges.csv"), atomically: true, encoding: .utf8)
    let medium = "lattice: {sites: 3}\nbonds: {file: edges.csv}"
    let network = try #require(try experiment(medium, directory: path).medium.base as? Network)
    #expect(network.bonds.map(\.weight) == [1, 0.5, 2])
    try "1,2,1\n2,,0.5\n2\n".write(to: folder.appending(path: "edges.csv"), atomically: true, encoding: .utf8)
    let error = #expect(throws: ExperimentError.self) { try experiment(medium, directory: path) }
    #expect(error.map { "\($0)" }?.contains("medium.bonds") == true)
    // What the rules of the model find is told with its line, too: here behind a comment and a header.
    try "# edges\ni,j,w\n1,2,1\n\n2,9,1\n2,2.5,1\n1,2,1\n".write(
      to: folder.appending(path: "edges.csv"), atomically: true, encoding: .utf8)
    let words = #expect(throws: ExperimentError.self) { try experiment(medium, directory: path) }.map { "\($0)" } ?? ""
    for told in ["site 9 on line 5 of", "2.5 on line 6 of", "a second time on line 7 of"] {
      #expect(words.contains(told), "\(words)")
    }
  }
}
