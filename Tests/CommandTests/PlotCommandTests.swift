import Foundation
import Testing

@Suite("Figures of kept studies", .serialized)
struct PlotCommandTests {
  private struct Written: Decodable {
    struct Figure: Decodable {
      let kind: String
      let caption: String
      let files: [String]
    }
    let study: String
    let title: String
    let points: Int
    let simulated: Int
    let figures: [Figure]
  }

  private struct Listed: Decodable {
    struct Study: Decodable {
      let id: String
      let title: String
      let parameters: [String]
      let points: Int
      let finished: Int
      let file: String?
    }
    let studies: [Study]
  }

  private static func written(_ outcome: Program.Outcome) throws -> Written {
    #expect(outcome.status == 0, "\(outcome.errors)")
    return try JSONDecoder().decode(Written.self, from: outcome.output)
  }

  @Test("theory only, without a store: figures, said so, and no store is made")
  func theoryOnly() throws {
    let place = try Workplace()
    try place.write("small.yaml", SampleText.small)
    let outcome = try Program.run(["plot", "small.yaml", "--format", "json"], in: place)
    let written = try Self.written(outcome)
    #expect(written.simulated == 0 && written.points == 2 && written.title == "Small")
    #expect(
      written.figures.map(\.kind) == [
        "heatCurrent", "temperatureProfile", "bondCurrent", "effectiveFriction", "transmittedHeat",
      ])
    #expect(outcome.errors.contains("theory only") && outcome.errors.contains("ness run small.yaml"))
    #expect(try place.contents() == ["plots", "small.yaml"])
    for file in written.figures.flatMap(\.files) {
      let size = try FileManager.default.attributesOfItem(atPath: file)[.size] as? Int
      #expect((size ?? 0) > 100, "\(file)")
    }
    #expect(written.figures[0].files[0].contains("plots/small/figure-heatCurrent.svg"))
  }

  @Test("after a run the figure holds the numbers that were printed; by name, the same bytes")
  func afterARun() throws {
    let place = try Workplace()
    try place.write("small.yaml", SampleText.small)
    let printed = try Program.run(["run", "small.yaml", "--quiet", "--format", "json"], in: place).document()
    let written = try Self.written(
      Program.run(["plot", "small.yaml", "--format", "json", "--output", "one"], in: place))
    #expect(written.simulated == 2)
    #expect(written.figures.map(\.kind).contains("ratio") && written.figures.map(\.kind).contains("errorBudget"))
    let table = try String(contentsOf: place.folder.appending(path: "one/figure-heatCurrent.csv"), encoding: .utf8)
    for point in printed.points {
      let current = try #require(point.estimate("heatCurrent", "simulation"))
      let temperature = try #require(point.parameters["baths.left.temperature"])
      #expect(table.contains("simulation,simulation,main,\(temperature),\(current.value),\(current.uncertainty)\n"))
    }
    let list = try JSONDecoder().decode(
      Listed.self, from: Program.run(["plot", "--list", "--format", "json"], in: place).output)
    let study = try #require(list.studies.first)
    #expect(list.studies.count == 1 && study.id == written.study && study.file == "small.yaml")
    #expect(study.points == 2 && study.finished == 2 && study.parameters == ["baths.left.temperature"])
    try FileManager.default.removeItem(at: place.folder.appending(path: "small.yaml"))
    let named = try Program.run(["plot", String(study.id.prefix(6)), "--output", "two", "--threads", "1"], in: place)
    #expect(named.status == 0 && named.text.contains("two/figure-heatCurrent.pdf"), "\(named.errors)")
    for file in try FileManager.default.contentsOfDirectory(atPath: place.folder.appending(path: "one").path) {
      let both = try ["one", "two"].map { try Data(contentsOf: place.folder.appending(path: "\($0)/\(file)")) }
      #expect(both[0] == both[1], "\(file)")
    }
  }

  @Test("chosen figures, scales, widths and a guide")
  func choices() throws {
    let place = try Workplace()
    try place.write("small.yaml", SampleText.small)
    let outcome = try Program.run(
      [
        "plot", "small.yaml", "--figure", "heatCurrent", "effectiveStiffness", "--scale", "both", "--guide", "-1.5",
        "--width", "double", "--methods", "memory,corrected", "--output", "out", "--quiet",
      ], in: place)
    #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
    let files = try FileManager.default.contentsOfDirectory(atPath: place.folder.appending(path: "out").path)
    #expect(
      files.filter { $0.hasSuffix(".gp") }.sorted() == [
        "figure-effectiveStiffness-logLog.gp", "figure-effectiveStiffness.gp", "figure-heatCurrent-logLog.gp",
        "figure-heatCurrent.gp",
      ])
    let script = try String(
      contentsOf: place.folder.appending(path: "out/figure-heatCurrent-logLog.gp"), encoding: .utf8)
    #expect(script.contains("^{−1.5}") && script.contains("7.0083in") && script.contains("set logscale y"))
    #expect(!script.contains("markov"))
  }

  @Test("a family that the file does not ask for is drawn as smoothly as what it asks for")
  func family() throws {
    let place = try Workplace()
    try place.write("sweep.yaml", SampleText.small + "\nquantities: [heatCurrent]\n")
    try place.write("point.yaml", SampleText.small.components(separatedBy: "sweep:")[0])
    let outcome = try Program.run(
      ["plot", "sweep.yaml", "--figure", "heatCurrent", "heatFrom", "--output", "out", "--quiet"], in: place)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let lines = try ["heatCurrent", "heatFrom"].map { figure in
      try String(contentsOf: place.folder.appending(path: "out/figure-\(figure).csv"), encoding: .utf8)
        .split(separator: "\n").count { $0.contains("memory,theory,main,") }
    }
    // As many points of a line for each of the two baths.
    #expect(lines[0] > 20 && lines[1] == 2 * lines[0], "\(lines)")
    let refused = try Program.run(["plot", "point.yaml", "--figure", "heatFrom", "--output", "out"], in: place)
    #expect(refused.status == 2 && refused.errors.contains("the study has no sweep"), "\(refused.errors)")
  }

  @Test("the command of the README: methods by name, entropy production of a chain")
  func commandOfTheReadme() throws {
    let place = try Workplace()
    try place.write("sweep.yaml", SampleText.small)
    #expect(try Program.run(["run", "sweep.yaml", "--quiet"], in: place).status == 0)
    let outcome = try Program.run(
      [
        "plot", "sweep.yaml", "--figure", "entropyProduction", "--methods", "simulation", "memory", "--output", "out",
      ], in: place)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let table = try String(
      contentsOf: place.folder.appending(path: "out/figure-entropyProduction.csv"), encoding: .utf8)
    #expect(table.contains("\nsimulation,simulation,main,") && table.contains("\nmemory,theory,main,"))
    #expect(!table.contains("markov"))
  }

  @Test("a method that answers only if asked is drawn when it is asked, and else not")
  func costlyMethods() throws {
    let place = try Workplace()
    try place.write(
      "quantum.yaml",
      """
      medium: {kind: quantumBox, length: 1.0, levels: 6}
      baths:
        left: {kind: lindblad, temperature: 20.0, coupling: wall, spectrum: ohmic}
        right: {kind: lindblad, temperature: 10.0, coupling: wall, spectrum: ohmic}
      sweep: {parameter: baths.right.temperature, values: [5.0, 10.0, 15.0]}
      """)
    func table(_ more: String...) throws -> String {
      let outcome = try Program.run(
        ["plot", "quantum.yaml", "--figure", "heatCurrent", "--output", "out"] + more, in: place)
      #expect(outcome.status == 0, "\(outcome.errors)")
      return try String(contentsOf: place.folder.appending(path: "out/figure-heatCurrent.csv"), encoding: .utf8)
    }
    #expect(try !table().contains("local"))
    let both = try table("--methods", "davies", "--methods", "local")
    #expect(both.contains("local") && both.contains("avies"), "\(both.prefix(500))")
  }

  @Test("a current that is zero everywhere: what axes cannot show is named, the rest is drawn")
  func zeroOnLogarithmicAxes() throws {
    let place = try Workplace()
    let text = """
      medium: {kind: chain, sites: 2, pinning: 1.0}
      baths:
        left: {kind: langevin, temperature: 3.0, friction: 1.0}
        right: {kind: langevin, temperature: 3.0, friction: 1.0}
      sweep: {parameter: medium.spring, values: [1.0, 2.0, 4.0]}
      """
    try place.write("flat.yaml", text)
    let arguments = ["plot", "flat.yaml", "--figure", "heatCurrent", "--output", "out"]
    let outcome = try Program.run(arguments + ["--scale", "both"], in: place)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.errors.contains("heatCurrent-logLog is not drawn: none of its points is above zero"))
    let files = try FileManager.default.contentsOfDirectory(atPath: place.folder.appending(path: "out").path)
    #expect(files.contains("figure-heatCurrent.pdf") && !files.contains { $0.contains("logLog") })
    // Alone it is a failure.
    let alone = try Program.run(arguments + ["--scale", "logLog"], in: place)
    #expect(alone.status == 1 && alone.errors.contains("none of its points is above zero"))
  }

  @Test(
    "what cannot be drawn is refused with what can",
    arguments: [
      (
        ["plot", "small.yaml", "--figure", "populations"],
        "no point has populations of levels; this study allows heatCurrent"
      ),
      (["plot", "small.yaml", "--figure", "beauty"], "unknown figure beauty: this study allows heatCurrent"),
      (["plot", "small.yaml", "--figure", "relaxationRate"], "no point has relaxationRate; there are: heatCurrent"),
      (["plot", "small.yaml", "--methods", "magic"], "unknown method magic: expected simulation, markov"),
      (["plot", "small.yaml", "--width", "3"], "'single', 'double'"), (["plot"], "give an experiment file"),
      (["plot", "missing.yaml"], "missing.yaml"), (["plot", "--list"], "ness run"), (["plot", "abc"], "ness run"),
      (["plot", "small.yaml", "--output", "small.yaml"], "cannot write to"),
    ])
  func refusals(arguments: [String], words: String) throws {
    let place = try Workplace()
    try place.write("small.yaml", SampleText.small)
    let outcome = try Program.run(arguments, in: place)
    #expect(outcome.status == 2 && outcome.output.isEmpty)
    #expect(outcome.errors.contains(words), "\(outcome.errors)")
    #expect(try place.contents() == ["small.yaml"])
  }

  @Test("no study of that name, in a store that has others")
  func unknownName() throws {
    let place = try Workplace()
    try place.write("small.yaml", SampleText.small)
    #expect(try Program.run(["run", "small.yaml", "--quiet"], in: place).status == 0)
    let outcome = try Program.run(["plot", "fff0fff"], in: place)
    #expect(outcome.status == 2)
    #expect(outcome.errors == "ness: no study is named fff0fff (ness plot --list shows their names)\n")
  }
}
