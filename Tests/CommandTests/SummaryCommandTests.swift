import Foundation
import Testing

/// The answer first and short; the rest when it is asked for; what is misspelt is told with what was meant.
@Suite("Short answers, starter files, checks before a run")
struct SummaryCommandTests {
  private static func lines(_ text: String, beginningWith word: String) -> [Substring] {
    text.split(separator: "\n").filter { $0.hasPrefix(word) }
  }

  @Test("a run prints a line for every point, its verdicts, and no formula as printed")
  func summary() throws {
    let place = try Workplace()
    try place.write("small.yaml", SampleText.small)
    let short = try Program.run(["run", "small.yaml", "--quiet"], in: place)
    #expect(short.status == 0, "\(short.errors)")
    let rows = short.text.split(separator: "\n").filter {
      $0.trimmingCharacters(in: .whitespaces).first?.isNumber == true
    }
    #expect(rows.count == 2, "\(short.text)")
    #expect(
      Self.lines(short.text, beginningWith: "verdict").map { $0.contains("simulation") || $0.contains("memory") } == [
        true, true,
      ])
    for word in ["printed", "kineticTemperature", "budget", "noise of the particles"] {
      #expect(!short.text.contains(word), "\(word) in \(short.text)")
    }
    let long = try Program.run(["run", "small.yaml", "--quiet", "--verbose"], in: place)
    for word in ["kineticTemperature[3]", "budget", "noise of the particles"] { #expect(long.text.contains(word)) }
    #expect(!long.text.contains("printed"))
    // The whole error of the short form is not below the statistical one of the long form.
    func parenthesis(_ text: String, _ row: String) -> Double? {
      guard let line = text.split(separator: "\n").first(where: { $0.contains(row) && $0.contains("(") }) else {
        return nil
      }
      return line.split(separator: "(").dropFirst().first.flatMap { Double($0.prefix { $0.isNumber || $0 == "." }) }
    }
    let (whole, statistical) = (parenthesis(short.text, "        8  "), parenthesis(long.text, "heatCurrent "))
    #expect(try #require(whole) >= #require(statistical))
    let printed = try Program.run(["theory", "small.yaml", "--method", "printed"], in: place)
    #expect(printed.text.contains("printed"))
    #expect(!(try Program.run(["theory", "small.yaml", "--verbose"], in: place)).text.contains("printed"))
  }

  @Test("what nothing answers leaves no heads of points and no empty column; points are named as in the table")
  func unanswered() throws {
    let place = try Workplace()
    try place.write(
      "quartic.yaml",
      """
      medium: {kind: chain, sites: 2, quartic: 1.0, pinning: 1.0}
      baths:
        left: {kind: langevin, temperature: 2.0, friction: 1.0}
        right: {kind: langevin, temperature: 1.0, friction: 1.0}
      run: {duration: 20.0, burnIn: 0.0, replicas: 8}
      sweep: {parameter: baths.left.temperature, from: 2.0, to: 3.0, points: 4, scale: log}
      """)
    let theory = try Program.run(["theory", "quartic.yaml", "--quiet"], in: place)
    let heads = Self.lines(theory.text, beginningWith: "baths.left.temperature")
    #expect(heads.isEmpty && theory.text.contains("refused  markov"), "\(theory.text)")
    let run = try Program.run(["run", "quartic.yaml", "--quiet"], in: place)
    let head = try #require(Self.lines(run.text, beginningWith: "baths.left.temperature").first)
    #expect(head.hasSuffix("simulation"), "\(run.text)")
    #expect(run.text.contains("first baths.left.temperature = 2)"), "\(run.text)")
    let list = try Program.run(["list"], in: place).text
    #expect(list.contains("baths.left.temperature = 2.289428 ") && !list.contains("= 2.0"), "\(list)")
  }

  @Test("what was asked by name is what is printed")
  func asked() throws {
    let place = try Workplace()
    try place.write("small.yaml", SampleText.small)
    let named = try Program.run(
      ["theory", "small.yaml", "--quantities", "kineticTemperature,heatFrom.left"], in: place)
    #expect(named.text.contains("kineticTemperature[2]") && named.text.contains("heatFrom.left"))
    #expect(!named.text.contains("heatCurrent"))
    #expect(
      try Program.run(["theory", "small.yaml", "--quantities", "all"], in: place).text.contains("entropyProduction"))
  }

  #if os(Linux)
    @Test("colour on a terminal alone, and not where NO_COLOR is set; tables fit the width")
    func colour() throws {
      let place = try Workplace()
      try place.write("small.yaml", SampleText.small)
      func onTerminal(_ environment: [String: String], _ more: String...) throws -> String {
        try Program.onTerminal(
          ["theory", "small.yaml"] + more, in: place,
          environment: environment.merging(["TERM": "xterm"]) { first, _ in first })
      }
      #expect(try onTerminal(["COLUMNS": "100"]).contains("\u{1B}[1m"))
      #expect(try !onTerminal(["COLUMNS": "100", "NO_COLOR": "1"]).contains("\u{1B}["))
      #expect(try !onTerminal(["TERM": "dumb"]).contains("\u{1B}["))
      #expect(try !Program.run(["theory", "small.yaml"], in: place).text.contains("\u{1B}["))
      let narrow = try onTerminal(["COLUMNS": "60", "NO_COLOR": "1"], "--verbose").split(whereSeparator: \.isNewline)
      let tables = narrow.filter { $0.contains("──") && !$0.hasPrefix("method") }.prefix(2)
      #expect(tables.count == 2 && tables.allSatisfy { $0.count <= 60 }, "\(narrow.joined(separator: "\n"))")
    }
  #endif

  @Test(
    "a misspelt word is told with what was meant",
    arguments: [
      (["thoery", "small.yaml"], "did you mean theory?"), (["theory", "smal.yaml"], "did you mean small.yaml?"),
      (["theory", "small.yaml", "--method", "memry"], "did you mean memory?"),
      (["theory", "small.yaml", "--quantities", "heatCurent"], "did you mean heatCurrent?"),
      (["kinds", "particle"], "did you mean particles?"), (["reproduce", "zou2025"], "did you mean zou2026?"),
      (["plot", "small.yaml", "--figure", "heatCurent"], "did you mean heatCurrent?"),
      (["init", "quantumbox"], "did you mean quantumBox?"), (["run", "small.yaml", "--tread", "2"], "--threads"),
    ])
  func misspelt(arguments: [String], meant: String) throws {
    let place = try Workplace()
    try place.write("small.yaml", SampleText.small)
    let outcome = try Program.run(arguments, in: place)
    #expect(outcome.status == 2 && outcome.errors.contains(meant), "\(outcome.errors)")
  }

  @Test("a starter file is written once, can be checked and answered")
  func starter() throws {
    let place = try Workplace()
    #expect(try Program.run(["init", "chain"], in: place).status == 0)
    let again = try Program.run(["init", "chain"], in: place)
    #expect(again.status == 2 && again.errors.contains("--output"), "\(again.errors)")
    let checked = try Program.run(["check", "chain.yaml", "--quiet"], in: place)
    #expect(checked.status == 0 && checked.text.contains("5 points, simulated"), "\(checked.text)\(checked.errors)")
    // A look leaves nothing behind.
    #expect(try place.contents() == ["chain.yaml"])
    #expect(try Program.run(["theory", "chain.yaml"], in: place).status == 0)
    #expect(try Program.run(["init", "chain", "--left", "maxwell"], in: place).errors.contains("particles, langevin"))
    let pair = try Program.run(
      ["init", "network", "--left", "selfConsistent", "--right", "selfConsistent", "--output", "pair.yaml"], in: place)
    #expect(pair.status == 2 && pair.errors.contains("temperature"))
    #expect(try !place.contents().contains("pair.yaml"))
  }

  private struct Preview: Decodable {
    let points: Int
    let simulated: Int
    let finished: Int
    let seconds: Double?
    let relativeError: Double?
    let theories: [Theory]

    struct Theory: Decodable { let method: String }
  }

  @Test("check tells why a short trial failed")
  func failedTrials() throws {
    let place = try Workplace()
    let text = """
      medium: {kind: network, lattice: {chain: 3}, bond: "r^2/2", site: "q^2/2"}
      baths:
        left: {kind: langevin, temperature: 2.0, friction: 1.0}
        right: {kind: langevin, temperature: 1.0, friction: 1.0}
      run: {duration: 100.0}
      """
    try place.write("falls.yaml", text.replacing("q^2/2", with: "-q^4"))
    let falls = try Program.run(["check", "falls.yaml", "--quiet"], in: place)
    #expect(falls.text.contains("a short trial failed") && falls.text.contains("falls without bound"), "\(falls.text)")
    // Control: where they succeed nothing is said.
    try place.write("holds.yaml", text)
    #expect(try !Program.run(["check", "holds.yaml", "--quiet"], in: place).text.contains("trial"))
  }

  @Test("a check tells points, what is finished, time and error")
  func check() throws {
    let place = try Workplace()
    try place.write("small.yaml", SampleText.small)
    func preview() throws -> Preview {
      let outcome = try Program.run(["check", "small.yaml", "--format", "json", "--quiet"], in: place)
      #expect(outcome.status == 0, "\(outcome.errors)")
      return try JSONDecoder().decode(Preview.self, from: outcome.output)
    }
    // On a busy machine short trials may not be able to tell the time.
    var before = try preview()
    for _ in 0..<30 where before.seconds == nil || before.relativeError == nil { before = try preview() }
    #expect(before.points == 2 && before.simulated == 2 && before.finished == 0)
    #expect(before.seconds.map { $0 > 0 } == true && before.theories.first?.method == "memory")
    #expect(before.relativeError.map { $0 > 0 && $0 < 1 } == true)
    #expect(try Program.run(["run", "small.yaml", "--quiet"], in: place).status == 0)
    let after = try preview()
    #expect(after.finished == 2 && after.seconds == 0)
    try place.write("wrong.yaml", SampleText.small.replacing("sites: 3", with: "sites: 0"))
    let wrong = try Program.run(["check", "wrong.yaml"], in: place)
    #expect(wrong.status == 2 && wrong.errors.contains("sites") && wrong.output.isEmpty)
  }
}
