import Foundation
import Testing

@Suite("Commands that the documents and the help show", .serialized)
struct DocumentCommandTests {
  /// A command as a document shows it.
  struct Shown: CustomStringConvertible, Sendable {
    let source: String
    let arguments: [String]

    var description: String { "\(source): ness \(arguments.joined(separator: " "))" }
    var name: String { arguments.first ?? "" }
  }

  @Test("all of them are understood")
  func understood() throws {
    let shown = try Self.documented() + Self.helped()
    #expect(shown.count > 60)
    let place = try Workplace()
    for command in shown {
      // One option more that does not exist is the only thing to complain about.
      let outcome = try Program.run(command.arguments + ["--no-such-option"], in: place)
      #expect(
        outcome.status == 2 && outcome.errors.contains("Unknown option '--no-such-option'"),
        "\(command): \(outcome.errors.prefix(300))")
    }
    #expect(try place.contents().isEmpty)
  }

  @Test("those that take seconds do what is promised, the README's first file among them")
  func done() throws {
    let place = try Workplace()
    let readme = try String(contentsOf: Program.root.appending(path: "README.md"), encoding: .utf8)
    let file = try #require(Self.blocks(of: readme, language: "yaml").first { $0.hasPrefix("# mine.yaml") })
    try place.write("mine.yaml", file)
    try place.write("sweep.yaml", file)
    try FileManager.default.copyItem(
      at: Program.root.appending(path: "Examples"), to: place.folder.appending(path: "Examples"))
    let first = try Program.run(["run", "mine.yaml", "--quiet"], in: place)
    #expect(first.status == 0, "\(first.errors)")
    let names = try Self.firstWords(Program.run(["list"], in: place)).filter { $0.allSatisfy(\.isHexDigit) }
    let study = try #require(try Self.firstWords(Program.run(["plot", "--list"], in: place)).last)
    try #require(names.count >= 2)
    var count = 0
    for command in try Self.documented() + Self.helped()
    where Self.takesSeconds(command) && !Self.isRunByTheSite(command) {
      count += 1
      let arguments = command.arguments.map { word in
        switch word {
        case "3fa94c": command.name == "plot" ? study : names[0]
        case "81b0": names[1]
        default: word
        }
      }
      let outcome = try Program.run(arguments, in: place)
      #expect(outcome.status == 0, "\(command): \(outcome.errors)")
    }
    #expect(count > 20)
  }

  /// Not those that compute for minutes, never end, need a cluster or files that only the reader has, or delete.
  private static func takesSeconds(_ command: Shown) -> Bool {
    let words = command.arguments
    switch command.name {
    case "theory", "list", "show", "export", "plot": return true
    // The examples are run in ExampleCommandTests.
    case "run": return words.contains("mine.yaml") || words.contains("sweep.yaml")
    case "status", "collect": return !words.contains("sweep-1")
    default: return false
    }
  }

  /// `make docs` runs the pages of the site with the files that they write.
  private static func isRunByTheSite(_ command: Shown) -> Bool {
    command.source.hasSuffix(".md") && !["README.md", "CONTRIBUTING.md"].contains(command.source)
  }

  private static func firstWords(_ outcome: Program.Outcome) -> [String] {
    outcome.text.split(separator: "\n").compactMap { $0.split(separator: " ").first.map(String.init) }
  }

  /// Commands in the shell blocks of the documents.
  private static func documented() throws -> [Shown] {
    let documents = Program.root.appending(path: "Documentation")
    let essays = FileManager.default.enumerator(at: documents, includingPropertiesForKeys: nil)?.allObjects as? [URL]
    let files = ["README.md", "CONTRIBUTING.md", "Benchmarks/README.md"].map { Program.root.appending(path: $0) }
    return try (files + (essays ?? [])).filter { $0.pathExtension == "md" }.sorted { $0.path < $1.path }.flatMap {
      file in
      let text = try String(contentsOf: file, encoding: .utf8)
      return blocks(of: text, language: "sh").flatMap { $0.split(separator: "\n") }
        .compactMap { Shown(String($0), source: file.lastPathComponent) }
    }
  }

  /// Commands under EXAMPLES in the help of every command.
  private static func helped() throws -> [Shown] {
    let place = try Workplace()
    let root = try Program.run(["--help"], in: place).text
    let names = (root.components(separatedBy: "SUBCOMMANDS:").last ?? "").split(separator: "\n")
      .filter { $0.hasPrefix("  ") && !$0.hasPrefix("   ") }.compactMap {
        $0.split(separator: " ").first.map(String.init)
      }
    #expect(names.contains("run") && names.contains("plot") && names.count > 12)
    return try ([[]] + names.map { [$0] }).flatMap { command in
      let text = try Program.run(command + ["--help"], in: place).text
      return text.split(separator: "\n").filter { $0.hasPrefix("  ness ") }
        .compactMap { Shown(String($0), source: (command + ["--help"]).joined(separator: " ")) }
    }
  }

  /// The fenced blocks of a document in a language.
  private static func blocks(of text: String, language: String) -> [String] {
    text.components(separatedBy: "```\(language)\n").dropFirst().compactMap { $0.components(separatedBy: "```").first }
  }
}

extension DocumentCommandTests.Shown {
  /// The command of a line; nil if the line is none of ness. Its comment and where its output goes are left away.
  init?(_ line: String, source: String) {
    var text = line.trimmingCharacters(in: .whitespaces)
    guard let program = ["ness ", ".build/release/ness "].first(where: text.hasPrefix) else { return nil }
    text.removeFirst(program.count)
    for end in [" #", " > ", "   "] { text = text.components(separatedBy: end)[0] }
    var words: [String] = []
    for (index, part) in text.split(separator: "\"", omittingEmptySubsequences: false).enumerated() {
      words += index.isMultiple(of: 2) ? part.split(separator: " ").map(String.init) : [String(part)]
    }
    self.init(source: source, arguments: words)
  }
}
