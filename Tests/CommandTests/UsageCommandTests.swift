import Foundation
import Testing

@Suite("Help, wrong usage and unusable files")
struct UsageCommandTests {
  @Test(
    "help of every command goes to standard output",
    arguments: [
      [], ["run"], ["theory"], ["probe"], ["reproduce"], ["list"], ["show"], ["export"], ["rm"], ["merge"],
      ["submit"], ["status"], ["collect"], ["work"], ["plot"], ["device"],
      ["device", "diode"], ["device", "transistor"], ["device", "conductivity"], ["device", "refrigerator"],
    ])
  func help(command: [String]) throws {
    let outcome = try Program.run(command + ["--help"], in: Workplace())
    #expect(outcome.status == 0)
    #expect(outcome.text.contains("USAGE: ness"))
    #expect(outcome.errors.isEmpty)
  }

  /// A command as `--experimental-dump-help` tells it.
  private struct Told: Decodable {
    let commandName: String
    let discussion: String?
    let subcommands: [Told]?

    var all: [Told] { [self] + (subcommands ?? []).flatMap(\.all) }
  }

  @Test("help fits 80 columns: lines are broken where that is meant, and only paragraphs are left to be wrapped")
  func helpWidth() throws {
    struct Dump: Decodable { let command: Told }
    let outcome = try Program.run(["--experimental-dump-help"], in: Workplace())
    let commands = try JSONDecoder().decode(Dump.self, from: Data(outcome.text.utf8)).command.all
    #expect(commands.count > 20)
    for command in commands {
      for part in (command.discussion ?? "").components(separatedBy: "\n\n") {
        let lines = part.split(separator: "\n")
        for line in lines where line.count > 80 {
          #expect(lines.count == 1 && !line.hasPrefix(" "), "\(command.commandName): \(line)")
        }
      }
    }
  }

  @Test("the version is a version, with the instruction set of the engine")
  func version() throws {
    let outcome = try Program.run(["--version"], in: Workplace())
    #expect(outcome.status == 0)
    #expect(outcome.text.wholeMatch(of: /\d+\.\d+\.\d+\S* \(\S.*\)\n/) != nil)
  }

  @Test(
    "wrong usage exits with 2 and an empty standard output",
    arguments: [
      ["frobnicate"], ["run"], ["run", "small.yaml", "--frobnicate"], ["run", "small.yaml", "--threads", "0"],
      ["theory", "small.yaml", "--method", "magic"], ["theory", "small.yaml", "--format", "xml"],
      ["reproduce", "nobody1900"], ["reproduce", "krekels2026", "9z"], ["run", "small.yaml", "--store", "small.yaml"],
      ["probe", "small.yaml"], ["submit", "small.yaml", "--partition", "long"],
      ["submit", "small.yaml", "--time", "soon"], ["submit", "small.yaml", "--array", "0"],
      ["collect", "--store", "nowhere"], ["run", "small.yaml", "--time-limit", "soon"],
      ["run", "small.yaml", "--time-limit", "-3s"],
    ])
  func wrongUsage(arguments: [String]) throws {
    let place = try Workplace()
    try place.write("small.yaml", SampleText.small)
    let outcome = try Program.run(arguments, in: place)
    #expect(outcome.status == 2, "\(outcome.errors)")
    #expect(outcome.output.isEmpty)
    #expect(!outcome.errors.isEmpty)
  }

  @Test("a file that cannot be read is named", arguments: ["missing.yaml", ".", "empty.yaml", "binary.yaml"])
  func unreadable(file: String) throws {
    let place = try Workplace()
    try place.write("empty.yaml", "")
    try Data([0xFF, 0xFE, 0x00, 0x80]).write(to: place.folder.appending(path: "binary.yaml"))
    let outcome = try Program.run(["run", file], in: place)
    #expect(outcome.status == 2)
    #expect(outcome.output.isEmpty)
    #expect(outcome.errors.contains("ness: \(file)"))
    #expect(try place.contents() == ["binary.yaml", "empty.yaml"])
  }

  @Test("all faults of a file are told at once, and nothing is written", arguments: ["run", "theory"])
  func faults(command: String) throws {
    let place = try Workplace()
    try place.write("faulty.yaml", SampleText.faulty)
    let outcome = try Program.run([command, "faulty.yaml", "--format", "json"], in: place)
    #expect(outcome.status == 2)
    #expect(outcome.output.isEmpty)
    for fault in SampleText.faults { #expect(outcome.errors.contains(fault), "\(fault)\n\(outcome.errors)") }
    #expect(outcome.errors.split(separator: "\n").count == SampleText.faults.count)
    #expect(try place.contents() == ["faulty.yaml"])
  }
}
