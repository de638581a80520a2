import Foundation
import NessFiles
import NessTestSupport
import Testing

@Suite("An experiment tells the tables that it was read from")
struct NamedTablesTests {
  /// A name may be quoted, escaped, folded, anchored, or stand somewhere else than its use.
  private static let spellings = [
    "{file: my table.csv}", "{file: 'my table.csv'}", #"{"file": "my\u0020table.csv"}"#, #"{file: "my\x20table.csv"}"#,
    "\n      file: >-\n        my\n        table.csv", "\n      file: |-\n        my table.csv",
    "\n      ? file\n      : my table.csv", "&table {file: &name my table.csv}", "{file: !!str my table.csv}",
    "{ ? \"file\" : my table.csv }", "{file:\n        my\n        table.csv}",
    "{file: my table.csv # not other.csv\n      }",
  ]

  private static func experiment(_ left: String, _ right: String = "wall", in directory: String) throws -> Experiment {
    let text = """
      # file: other.csv
      title: "file: other.csv"
      medium: {kind: quantumBox, length: 1, levels: 2}
      baths:
        left:
          kind: lindblad
          temperature: 4
          spectrum: ohmic
          coupling: \(left)
        right: {kind: lindblad, temperature: 1, spectrum: ohmic, coupling: \(right)}
      """
    try text.write(toFile: "\(directory)/box.yaml", atomically: true, encoding: .utf8)
    return try Experiment(contentsOfFile: "\(directory)/box.yaml")
  }

  @Test(arguments: spellings) func however(spelling: String) throws {
    let directory = try TemporaryDirectory()
    let table = "\(directory.path)/my table.csv"
    try "0 1\n1 0\n".write(toFile: table, atomically: true, encoding: .utf8)
    let read = try Self.experiment(spelling, in: directory.path)
    #expect(read.source?.tables.map { FileIdentity($0) } == [FileIdentity(table)] && FileIdentity(table) != nil)
  }

  @Test func everyTableAndNoOther() throws {
    let directory = try TemporaryDirectory()
    let (first, second) = ("\(directory.path)/a.csv", "\(directory.path)/b.csv")
    for file in [first, second] { try "0 1\n1 0\n".write(toFile: file, atomically: true, encoding: .utf8) }
    let both = try Self.experiment("{file: \"\(first)\"}", "{file: b.csv}", in: directory.path)
    #expect(both.source?.tables.map { URL(filePath: $0).lastPathComponent } == ["a.csv", "b.csv"])
    let shared = try Self.experiment("&t {file: a.csv}", "*t", in: directory.path)
    #expect(Set(shared.source?.tables ?? []).count == 1)
    #expect(try Self.experiment("wall", in: directory.path).source?.tables == [])
  }

  /// A number that is missing is no separator more.
  @Test(arguments: ["0,1\n1,,0\n", "0,1\n,0\n", "0,1\n1,\n", "0;1\n1; ;0\n", "0\t1\n1\t\t0\n"]) func holes(
    table: String
  ) throws {
    let directory = try TemporaryDirectory()
    try table.write(toFile: "\(directory.path)/a.csv", atomically: true, encoding: .utf8)
    let error = #expect(throws: ExperimentError.self) { try Self.experiment("{file: a.csv}", in: directory.path) }
    #expect(
      error.map { "\($0)".contains("found nothing as number") && "\($0)".contains("line 2") } == true,
      "\(String(describing: error))")
    // Blanks beside separators are nothing.
    try "0, 1\n 1 ,0 \n".write(toFile: "\(directory.path)/a.csv", atomically: true, encoding: .utf8)
    _ = try Self.experiment("{file: a.csv}", in: directory.path)
  }
}
