import Foundation
import NessFiles
import NessModel
import Testing

@Suite struct BoxExperimentTests {
  private func experiment(_ yaml: String, directory: String? = nil) throws -> Experiment {
    try Experiment(yaml: yaml, file: "f.yaml", directory: directory)
  }

  private func faults(_ yaml: String, directory: String? = nil) -> [String] {
    do throws(ExperimentError) {
      _ = try Experiment(yaml: yaml, file: "f.yaml", directory: directory)
      return []
    } catch {
      return error.faults.map(\.description)
    }
  }

  static let box = """
    medium: {kind: box, length: 2, mass: 0.5}
    baths:
      left: {kind: maxwell, temperature: 4}
      right: {kind: metropolis, temperature: 0, proposal: speed, width: 0.3, moves: 5}
    """

  static func quantum(coupling: String = "wall", spectrum: String = "ohmic", more: String = "") -> String {
    """
    medium: {kind: quantumBox, length: 2, hbar: 0.5, levels: 2}
    baths:
      left: {kind: lindblad, temperature: 4, coupling: \(coupling), spectrum: \(spectrum)\(more)}
      right: {kind: lindblad, temperature: 1, coupling: nearest, amplitude: physical, spectrum: glauber, rate: 0.1}
    """
  }

  @Test func boxIsRead() throws {
    let read = try experiment(Self.box)
    let wall = MetropolisBath(temperature: 0, proposal: .speed, width: 0.3, moves: 5)
    #expect(
      read.points()[0].model
        == .init(
          try Model(
            medium: Box(length: 2, mass: 0.5),
            attachments: [
              .init(name: "left", site: 1, bath: .init(MaxwellBath(temperature: 4))),
              .init(name: "right", site: 2, bath: .init(wall)),
            ])))
    #expect(read.dimension(ofParameter: "baths.right.width") == "length/time")
    #expect(read.dimension(ofParameter: "baths.right.proposal") == nil)
  }

  static let roundTrips = [
    box, quantum(), quantum(coupling: "collision", more: ", width: 0.7"),
    quantum().replacing("coupling: wall, spectrum: ohmic", with: "coupling: maxwell, rate: 2"),
    quantum(coupling: "[[0, 1.5], [1.5, -2]]", spectrum: "[[0, 1], [100, 2.5]]"),
    box + "\nsweep: {parameter: baths.left.temperature, values: [1, 2]}",
  ]

  @Test(arguments: roundTrips) func writingAndReadingGivesTheSame(yaml: String) throws {
    let first = try experiment(yaml)
    #expect(try experiment(first.yaml()) == first)
  }

  @Test func tablesFromFiles() throws {
    let directory = FileManager.default.temporaryDirectory.appending(path: "ness-table-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: directory) }
    try "# a comment\n0, 1\n1; 3\n".write(toFile: "\(directory)/a.csv", atomically: true, encoding: .utf8)
    try "frequency value\n0 1\n50\t2\n".write(toFile: "\(directory)/g.csv", atomically: true, encoding: .utf8)
    let yaml = Self.quantum(coupling: "{file: a.csv}", spectrum: "{file: g.csv}")
    let model = try experiment(yaml, directory: directory).points()[0].model
    let box = try #require(model.quantumBox)
    #expect(box.attachments[0].bath.coupling == .matrix(try CouplingMatrix(rows: [[0, 1], [1, 3]])))
    #expect(
      box.attachments[0].bath.spectrum == .tabulated(try SpectralTable(angularFrequencies: [0, 50], values: [1, 2])))
    // Text that comes from elsewhere must not read files.
    #expect(faults(yaml).count == 2)
    #expect(faults(yaml)[0].contains("files can be named only by an experiment that is read from a file"))
    try "0, x\n1, 3\n".write(toFile: "\(directory)/a.csv", atomically: true, encoding: .utf8)
    #expect(faults(yaml, directory: directory).first?.contains("found x on line 1 of") == true)
    #expect(
      faults(Self.quantum(coupling: "{file: none.csv}"), directory: directory).first?.contains("cannot be read") == true
    )
  }

  static let wrong: [(String, String)] = [
    (
      box.replacing("maxwell, temperature: 4", with: "langevin, temperature: 4, friction: 1"),
      "baths.left.kind: found langevin, expected maxwell or metropolis (a langevin bath touches a medium of kind chain or network)"
    ),
    (box.replacing("speed", with: "momentum"), "baths.right.proposal: found momentum, expected energy or speed"),
    (box.replacing("width: 0.3", with: "width: 0"), "baths.right.width: found 0, expected a width > 0"),
    (box.replacing("length: 2", with: "length: -2"), "medium.length: found -2, expected a length > 0"),
    (
      "medium: {kind: box, length: 1}\nbaths:\n  left: {kind: maxwell, temperature: 1}",
      "baths: found left at wall 1, expected one bath at each wall: left and right"
    ),
    (
      quantum(coupling: "walls"),
      "baths.left.coupling: found walls, expected wall, uniform, nearest, position, collision, maxwell, a list of rows or "
        + "{file: NAME.csv} (did you mean wall?)"
    ),
    (quantum(coupling: "collision"), "baths.left.width: found no such key, expected the required key width"),
    (
      quantum(coupling: "position", more: ", amplitude: physical"),
      "baths.left.amplitude: found physical, expected unit"
    ),
    (
      quantum(coupling: "[[0, 1], [2, 0]]"), "baths.left.coupling: found 2.0 in row 2, column 1 and 1.0 opposite"
    ),
    (quantum(coupling: "[[0, 1]]"), "baths.left.coupling: found 2 numbers in row 1 of 1, expected a square matrix"),
    (quantum(coupling: "[[1]]"), "baths.left.coupling: found a matrix of 1 levels, expected at least the 2 levels"),
    (quantum(spectrum: "[[0, 1], [0, 2]]"), "baths.left.spectrum: found 0.0 at point 2, expected ascending"),
    (quantum(spectrum: "[[0, 1, 2], [1, 2]]"), "baths.left.spectrum: found 3 numbers in row 1, expected two"),
    (quantum().replacing("hbar: 0.5", with: "hbar: 0"), "medium.hbar: found 0, expected hbar > 0"),
    (quantum().replacing("hbar: 0.5", with: "hbar: 1e-200"), "medium.hbar: found 1e-200, expected a level spacing"),
    (quantum().replacing("levels: 2", with: "levels: 0"), "medium.levels: found 0, expected between 1 and"),
  ]

  @Test(arguments: wrong) func oneFault(yaml: String, expected: String) {
    let found = faults(yaml)
    #expect(found.count == 1)
    #expect(found.first?.contains(expected) == true, "\(found)")
  }
}
