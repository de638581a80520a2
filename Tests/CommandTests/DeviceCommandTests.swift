import Foundation
import Testing

@Suite("ness device")
struct DeviceCommandTests {
  private struct Printed: Decodable {
    let device: String
    let points: [Point]
    let verdicts: [Verdict]
    let notes: [String]

    struct Point: Decodable {
      let parameters: [String: Double]
      let method: String
      let validity: String
      let numbers: [Number]
      let text: String

      func number(_ name: String) -> Number? { numbers.first { $0.name == name } }
    }

    struct Number: Decodable {
      let name: String
      let value: Double
      let uncertainty: Double
      let kind: String
    }

    struct Verdict: Decodable {
      let method: String
      let isSeen: Bool?
      let number: Number?
      let text: String
    }
  }

  private func printed(_ outcome: Program.Outcome) throws -> Printed {
    do { return try JSONDecoder().decode(Printed.self, from: outcome.output) } catch {
      throw Program.Failure.notDecodable(error, text: outcome.text + outcome.errors)
    }
  }

  /// Two unlike ends of a harmonic chain.
  private static let ends = """
    title: Ends
    medium: {kind: chain, sites: 3, pinning: {left: 1.0, right: 0.5}}
    baths:
      left: {kind: particles, temperature: 8.0, friction: 0.1, coupling: 0.2}
      right: {kind: langevin, temperature: 2.0, friction: 1.0}
    run: {seed: 5, duration: 40.0, burnIn: 40.0, timeStep: 0.02}
    """

  @Test("a diode: the numbers of two ordinary runs, finished points are used again, CSV beside JSON")
  func diode() throws {
    let place = try Workplace()
    try place.write("ends.yaml", Self.ends)
    let arguments = ["device", "diode", "ends.yaml", "--format", "json", "--csv", "ends.csv", "--quiet"]
    let first = try Program.run(arguments, in: place)
    #expect(first.status == 0, "\(first.errors)")
    let found = try printed(first)
    let simulated = try #require(found.points.first { $0.method == "simulation" })
    let ratio = try #require(simulated.number("rectification"))
    let forward = try #require(simulated.number("forward")), backward = try #require(simulated.number("backward"))
    #expect(forward.value > 0 && backward.value < 0 && ratio.uncertainty > 0 && ratio.kind == "statistical")
    #expect(abs(ratio.value - (forward.value + backward.value) / (forward.value - backward.value)) < 1e-12)
    let theory = try #require(found.points.first { $0.validity == "exact" || $0.validity == "approximation" })
    #expect(theory.number("rectification")?.kind == "numerical")
    // The forward run is the file's own.
    let run = try Program.run(["run", "ends.yaml", "--format", "json", "--quiet"], in: place).document()
    let ordinary = try #require(run.points[0].estimate("heatCurrent", "simulation"))
    // Less its known bias, which is small.
    #expect(abs(ordinary.value - forward.value) < 0.01 * abs(ordinary.value))
    // Kept, and the same bytes with other threads.
    let again = try Program.run(arguments + ["--threads", "1"], in: place)
    #expect(again.output == first.output)
    let table = try String(contentsOf: place.folder.appending(path: "ends.csv"), encoding: .utf8)
    #expect(table.hasPrefix("method,forward [energy/time],forward uncertainty [energy/time],"))
    #expect(table.split(separator: "\n").count == 1 + found.points.count)
    let text = try Program.run(["device", "diode", "ends.yaml"], in: place)
    let verdict = try #require(found.verdicts.first { $0.method == "simulation" })
    #expect(text.status == 0 && text.text.contains("simulation: \(verdict.text)"))
  }

  @Test("a transistor and a conductor by theory")
  func theory() throws {
    let place = try Workplace()
    let three = Program.root.appending(path: "Examples/three-baths.yaml")
    try place.write("three.yaml", String(contentsOf: three, encoding: .utf8))
    try place.write("ends.yaml", Self.ends)
    let transistor = try Program.run(
      ["device", "transistor", "three.yaml", "--theory", "--base", "left", "--format", "json"], in: place)
    let found = try printed(transistor)
    #expect(transistor.status == 0 && found.verdicts.allSatisfy { $0.isSeen == false })
    #expect(found.points.allSatisfy { $0.parameters.keys.contains("baths.left.temperature") })
    let conductor = try Program.run(["device", "conductivity", "ends.yaml", "--theory", "--format", "json"], in: place)
    let grown = try printed(conductor)
    #expect(grown.verdicts.contains { $0.text.hasPrefix("ballistic") }, "\(conductor.text)")
    #expect(try !place.contents().contains(".ness"))
  }

  @Test("a file that names its device: device, theory and run need no more")
  func named() throws {
    let place = try Workplace()
    try place.write("plain.yaml", Self.ends)
    try place.write("named.yaml", Self.ends + "\ndevice: {kind: diode}\n")
    let named = try Program.run(["device", "named.yaml", "--theory", "--format", "json"], in: place)
    let asked = try Program.run(["device", "diode", "plain.yaml", "--theory", "--format", "json"], in: place)
    #expect(named.status == 0 && named.output == asked.output, "\(named.errors)")
    for command in ["theory", "run"] {
      let text = try Program.run([command, "named.yaml", "--quiet"], in: place).text
      let plain = try Program.run([command, "plain.yaml", "--quiet"], in: place).text
      #expect(text.hasPrefix(plain) && text.dropFirst(plain.count).contains("diode by"), "\(text)")
      #expect(text.dropFirst(plain.count).contains("verdict") && !text.dropFirst(plain.count).contains("Ends"))
    }
    let tree = try Program.run(["theory", "named.yaml", "--format", "json"], in: place)
    let told = try #require(try JSONSerialization.jsonObject(with: tree.output) as? [String: Any])
    #expect((told["device"] as? [String: Any])?["device"] as? String == "diode")
    let nothing = try Program.run(["device", "plain.yaml"], in: place)
    #expect(nothing.status == 2 && nothing.errors.contains("plain.yaml: the file names no device"), "\(nothing.errors)")
    let misspelt = try Program.run(["device", "diod", "plain.yaml"], in: place)
    #expect(misspelt.status == 2 && misspelt.errors.contains("did you mean diode?"), "\(misspelt.errors)")
    let help = try Program.run(["device"], in: place)
    #expect(
      help.status == 0 && help.text.contains("SUBCOMMANDS") && !help.text.contains("ness device of"), "\(help.text)")
  }

  @Test("what is no such device exits with 2 and says why")
  func refusals() throws {
    let place = try Workplace()
    try place.write("ends.yaml", Self.ends)
    let three = Program.root.appending(path: "Examples/three-baths.yaml")
    try place.write("three.yaml", String(contentsOf: three, encoding: .utf8))
    for (arguments, words) in [
      (["diode", "three.yaml"], "a diode has two baths"),
      (["transistor", "ends.yaml"], "a transistor has three baths"),
      (["transistor", "three.yaml", "--base", "midle"], "middle"),
      (["transistor", "three.yaml"], "give a sweep over baths.middle.temperature"),
      (["diode", "missing.yaml"], "missing.yaml"),
    ] {
      let outcome = try Program.run(["device"] + arguments, in: place)
      #expect(outcome.status == 2 && outcome.output.isEmpty, "\(arguments): \(outcome.errors)")
      #expect(outcome.errors.contains(words), "\(outcome.errors)")
    }
  }
}
