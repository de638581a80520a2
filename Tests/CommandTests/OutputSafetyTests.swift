import Foundation
import Testing

@Suite("What a command reads or keeps is never overwritten by its output")
struct OutputSafetyTests {
  @Test(arguments: [".ness/results.sqlite", ".ness/results.sqlite-lock", "small.yaml", "link.csv"])
  func needed(output: String) throws {
    let place = try Workplace()
    try place.write("small.yaml", SampleText.small)
    #expect(try Program.run(["run", "small.yaml", "--quiet"], in: place).status == 0)
    try FileManager.default.createSymbolicLink(
      at: place.folder.appending(path: "link.csv"), withDestinationURL: place.folder.appending(path: "small.yaml"))
    let file = place.folder.appending(path: output)
    let before = try Data(contentsOf: file)
    let outcome = try Program.run(["run", "small.yaml", "--quiet", "--csv", output], in: place)
    #expect(outcome.status == 2 && outcome.errors.contains("choose another file"), "\(outcome.errors)")
    // A store that was opened may have tidied itself; what it keeps is listed below.
    if !output.hasSuffix(".sqlite") { #expect(try Data(contentsOf: file) == before) }
    #expect(try Program.run(["list"], in: place).text.contains("Small"))
  }

  /// The experiment's tables are spared however the text spells their names.
  @Test(arguments: [
    #"{file: "coup\u006cing.csv"}"#, "{\n      ? file\n      : coupling.csv}", "{file: ./coupling.csv}",
  ])
  func tables(spelling: String) throws {
    let place = try Workplace()
    try place.write("coupling.csv", "0 1\n1 0\n")
    try place.write(
      "box.yaml",
      """
      medium: {kind: quantumBox, length: 1, levels: 2}
      baths:
        left: {kind: lindblad, temperature: 40, spectrum: ohmic, coupling: \(spelling)}
        right: {kind: lindblad, temperature: 5, coupling: wall, spectrum: ohmic}
      """)
    for command in ["theory", "run"] {
      let outcome = try Program.run([command, "box.yaml", "--quiet", "--csv", "coupling.csv"], in: place)
      #expect(outcome.status == 2 && outcome.errors.contains("choose another file"), "\(outcome.errors)")
    }
    #expect(try String(contentsOf: place.folder.appending(path: "coupling.csv"), encoding: .utf8) == "0 1\n1 0\n")
  }

  @Test("figures beside the tables of their experiment")
  func figures() throws {
    let place = try Workplace()
    try place.write("figure-heatCurrent.csv", "0 1\n1 0\n")
    try place.write(
      "box.yaml",
      """
      medium: {kind: quantumBox, length: 1, levels: 2}
      baths:
        left: {kind: lindblad, temperature: 40, spectrum: ohmic, coupling: {file: figure-heatCurrent.csv}}
        right: {kind: lindblad, temperature: 5, coupling: wall, spectrum: ohmic}
      sweep: {parameter: baths.right.temperature, values: [1, 2, 5]}
      """)
    let outcome = try Program.run(
      ["plot", "box.yaml", "--figure", "heatCurrent", "--output", ".", "--quiet"], in: place)
    #expect(outcome.status == 2 && outcome.errors.contains("choose another file"), "\(outcome.errors)")
    let kept = place.folder.appending(path: "figure-heatCurrent.csv")
    #expect(try String(contentsOf: kept, encoding: .utf8) == "0 1\n1 0\n")
  }

  @Test("a file that never was a store is not replaced by one")
  func foreignFile() throws {
    let place = try Workplace()
    try place.write("notes.sqlite", "my precious notes\n")
    for command in [["merge", "notes.sqlite"], ["list", "--store", "notes.sqlite"]] {
      let outcome = try Program.run(command, in: place)
      #expect(outcome.status != 0 && outcome.errors.contains("no store of Ness"), "\(outcome.errors)")
    }
    #expect(
      try String(contentsOf: place.folder.appending(path: "notes.sqlite"), encoding: .utf8) == "my precious notes\n")
  }
}
