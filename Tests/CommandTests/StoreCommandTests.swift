import Foundation
import NessModel
import Testing

@Suite("Commands on kept results", .serialized)
struct StoreCommandTests {
  /// A place with two kept results, and their names by temperature.
  private static func filled() throws -> (place: Workplace, names: [Double: String]) {
    let place = try Workplace()
    try place.write("small.yaml", SampleText.small)
    let run = try Program.run(["run", "small.yaml", "--quiet", "--format", "json"], in: place)
    #expect(run.status == 0, "\(run.errors)")
    return (place, try names(in: place))
  }

  private static func names(in place: Workplace, _ arguments: String...) throws -> [Double: String] {
    let outcome = try Program.run(["list", "--format", "json"] + arguments, in: place)
    #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
    let list = try JSONDecoder().decode(Listed.self, from: outcome.output)
    return Dictionary(
      list.results.map { ($0.parameters["baths.left.temperature"] ?? .nan, $0.id) }
    ) { first, _ in first }
  }

  private struct Listed: Decodable {
    struct Result: Decodable {
      let id: String
      let title: String
      let parameters: [String: Double]
      let value: Double
      let uncertainty: Double
      let finished: Bool
      let stopReason: String
    }
    let results: [Result]
  }

  @Test("list shows what run printed")
  func list() throws {
    let (place, names) = try Self.filled()
    #expect(names.keys.sorted() == [8, 12])
    let printed = try Program.run(["run", "small.yaml", "--format", "json"], in: place).document()
    let outcome = try Program.run(["list", "--format", "json", "--title", "SMALL"], in: place)
    let list = try JSONDecoder().decode(Listed.self, from: outcome.output)
    for result in list.results {
      let point = try #require(printed.points.first { $0.parameters == result.parameters })
      let current = try #require(point.estimate("heatCurrent", "simulation"))
      #expect(result.value == current.value && result.uncertainty == current.uncertainty)
      #expect(result.title == "Small" && result.finished && result.stopReason == "durationReached")
    }
    let text = try Program.run(["list", "--limit", "1"], in: place).text.split(separator: "\n")
    #expect(text.count == 3 && text[2].contains("Small") && text[2].contains("baths.left.temperature = "))
    #expect(try Self.names(in: place, "--title", "nothing").isEmpty)
    #expect(try Self.names(in: place, "--unfinished").isEmpty)
  }

  @Test("show gives numbers, command and the text of the file")
  func show() throws {
    let (place, names) = try Self.filled()
    let name = try #require(names[12])
    let text = try Program.run(["show", String(name.prefix(10))], in: place).text
    for part in [name, "ness run small.yaml --quiet", "heatCurrent", "run.seed=5", "durationReached"] {
      #expect(text.contains(part), "\(part)")
    }
    #expect(text.contains(SampleText.small))
    let json = try Program.run(["show", name, "--format", "json"], in: place)
    let object = try #require(try JSONSerialization.jsonObject(with: json.output) as? [String: Any])
    #expect((object["provenance"] as? [String: Any])?["text"] as? String == SampleText.small)
    #expect((object["payload"] as? [String: Any])?["estimates"] != nil)
    #expect(try Program.run(["show", "xyz"], in: place).status == 2)
  }

  @Test("exports hold the numbers that run printed, with units")
  func export() throws {
    let (place, _) = try Self.filled()
    let printed = try Program.run(["run", "small.yaml", "--format", "json"], in: place).document()
    for form in ["csv", "json", "npz"] {
      let outcome = try Program.run(["export", "--all", "--output", "out/x.\(form)"], in: place)
      #expect(outcome.status == 0 && outcome.text == "out/x.\(form): 2 results\n", "\(outcome.errors)")
    }
    func data(_ name: String) throws -> Data { try Data(contentsOf: place.folder.appending(path: "out/\(name)")) }
    let document = try JSONDecoder().decode(PrintedDocument.self, from: data("x.json"))
    #expect(document.points.map(\.parameters) == printed.points.map(\.parameters))
    for (exported, point) in zip(document.points, printed.points) {
      // Cumulants of the heat are kept, and printed where they are asked for.
      let usual = exported.estimates.filter { Quantity($0.quantity)?.family.isOnRequest != true }
      #expect(usual == point.estimates.filter { $0.method == "simulation" })
    }
    let table = String(decoding: try data("x.csv"), as: UTF8.self).split(separator: "\n")
    #expect(table[0].hasPrefix("baths.left.temperature [energy],heatCurrent simulation [energy/time],"))
    let current = try #require(printed.points[1].estimate("heatCurrent", "simulation"))
    #expect(table[2].hasPrefix("12.0,\(current.value),\(current.uncertainty),"))
    // The array holds both currents side by side.
    let values = try printed.points.map { try #require($0.estimate("heatCurrent", "simulation")).value.bitPattern }
    let bytes = values.flatMap { value in withUnsafeBytes(of: value.littleEndian) { Array($0) } }
    #expect(try data("x.npz").firstRange(of: Data(bytes)) != nil)
    for arguments in [["export"], ["export", "--all"], ["export", "--all", "--output", "x.xlsx"]] {
      #expect(try Program.run(arguments, in: place).status == 2)
    }
  }

  private static let python = ["/usr/bin/python3", "/usr/local/bin/python3"].first { python in
    (try? Process.run(URL(filePath: python), arguments: ["-c", "import numpy"]))
      .map { process in
        process.waitUntilExit()
        return process.terminationStatus == 0
      } == true
  }

  @Test("the lines of Python in the help work", .enabled(if: python != nil))
  func numPy() throws {
    let (place, _) = try Self.filled()
    _ = try Program.run(["export", "--all", "--output", "hot.npz"], in: place)
    let help = try Program.run(["export", "--help"], in: place).text
    let lines = help.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
    let start = try #require(lines.firstIndex(of: "import numpy as np"))
    try place.write("read.py", lines[start..<start + 3].joined(separator: "\n"))
    let process = Process()
    let output = place.streams.appending(path: "python")
    try Data().write(to: output)
    process.executableURL = Self.python.map { URL(filePath: $0) }
    process.arguments = ["read.py"]
    process.currentDirectoryURL = place.folder
    process.standardOutput = try FileHandle(forWritingTo: output)
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    #expect(String(decoding: try Data(contentsOf: output), as: UTF8.self).hasPrefix("[ 8. 12.] [0.0"))
  }

  @Test("rm removes what it says, and it is computed again")
  func remove() throws {
    let (place, names) = try Self.filled()
    let outcome = try Program.run(["rm", try #require(names[8]), "--format", "json"], in: place)
    #expect(outcome.status == 0 && outcome.text == "{\"removed\": 1}\n")
    #expect(outcome.errors.contains("temperature = 8\n"))
    #expect(try Array(Self.names(in: place).keys) == [12])
    #expect(try Program.run(["run", "small.yaml"], in: place).errors.components(separatedBy: "done").count == 2)
    #expect(try Program.run(["rm", "--all"], in: place).text == "removed 2 results\n")
    #expect(try Self.names(in: place).isEmpty)
    for arguments in [["rm"], ["rm", "0123", "--all"], ["rm", "0123"]] {
      #expect(try Program.run(arguments, in: place).status == 2)
    }
  }

  @Test("stores are merged, once")
  func merge() throws {
    let (place, names) = try Self.filled()
    let counts = try (0..<2).map { _ in
      let outcome = try Program.run(["merge", ".ness", "--store", "other", "--format", "json"], in: place)
      #expect(outcome.status == 0, "\(outcome.errors)")
      return try JSONDecoder().decode([String: Int].self, from: outcome.output)
    }
    #expect(
      counts == [
        ["added": 2, "replaced": 0, "kept": 0, "damaged": 0], ["added": 0, "replaced": 0, "kept": 2, "damaged": 0],
      ])
    #expect(try Self.names(in: place, "--store", "other") == names)
    let reused = try Program.run(["run", "small.yaml", "--store", "other"], in: place)
    #expect(reused.status == 0 && !reused.errors.contains("done"))
    #expect(try Program.run(["merge", "nowhere"], in: place).status == 2)
  }

  @Test(
    "where there is no store, nothing is made",
    arguments: [["list"], ["show", "0"], ["rm", "--all"], ["export", "--all", "--output", "x.csv"]])
  func noStore(arguments: [String]) throws {
    let place = try Workplace()
    let outcome = try Program.run(arguments, in: place)
    #expect(outcome.status == 2 && outcome.output.isEmpty)
    #expect(outcome.errors.contains("there are no results"))
    #expect(try place.contents().isEmpty)
  }

  @Test("a full disk is told; the results are printed, and earlier ones intact")
  func fullDisk() throws {
    let (place, names) = try Self.filled()
    try place.write("more.yaml", SampleText.small.replacing("[8.0, 12.0]", with: "\(Array(8..<24).map(Double.init))"))
    // No file may grow beyond 64 KiB, as at a quota; a shell sets the limit and becomes the program.
    let script = "trap '' XFSZ; ulimit -f 128; exec \"$0\" \"$@\""
    let run = try Program.run(
      ["run", "more.yaml"], in: place, throughShell: script)
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.errors.contains("could not be kept for reuse") && run.errors.contains("Free some space"))
    let kept = try Self.names(in: place)
    #expect(kept.merging(names) { $0 == $1 ? $0 : "" } == kept && kept.count < 16)
    let again = try Program.run(["run", "more.yaml"], in: place)
    #expect(again.status == 0 && again.output == run.output)
    #expect(try Self.names(in: place).count == 16)
  }

  @Test("two runs at once share a store")
  func twoProcesses() throws {
    let place = try Workplace()
    try place.write("one.yaml", SampleText.small.replacing("[8.0, 12.0]", with: "[8.0, 9.0, 10.0, 11.0]"))
    try place.write("two.yaml", SampleText.small.replacing("[8.0, 12.0]", with: "[9.0, 10.0, 12.0, 13.0]"))
    let running = try ["one.yaml", "two.yaml"].map { try Program.Running(["run", $0, "--quiet"], in: place) }
    for run in running {
      let outcome = try run.outcome()
      #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
    }
    #expect(try Self.names(in: place).keys.sorted() == [8, 9, 10, 11, 12, 13])
  }
}
