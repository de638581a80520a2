import Foundation
import Testing

/// What programs import of this package is what Documentation/Architecture.md says.
@Suite("Which rooms a program stands on")
struct RoomTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardized

  private static let programs = ["NessCommand", "NessExplorer", "NessProgram", "NessWithoutExplorer"]

  /// The table of the document: rooms by the folder below Sources.
  private static func table() throws -> [String: Set<String>] {
    let text = try String(contentsOf: root.appending(path: "Documentation/Architecture.md"), encoding: .utf8)
    var table: [String: Set<String>] = [:]
    for line in text.split(separator: "\n") {
      let cells = line.split(separator: "|").map { $0.matches(of: /`(Ness[A-Za-z\/]*)`/).map { String($0.1) } }
      guard cells.count == 2, let folder = cells[0].first, !cells[1].isEmpty,
        programs.contains(where: { folder.split(separator: "/").first.map(String.init) == $0 })
      else { continue }
      table[folder] = Set(cells[1])
    }
    return table
  }

  /// The rooms that a source names after `import`, in any of its forms.
  private static func rooms(in source: String) -> Set<String> {
    let imports = #/(?m)^[ \t]*(?:@\w+[ \t]+)*(?:\w+[ \t]+)?import[ \t]+(?:[a-z]+[ \t]+)?(Ness\w*)/#
    return Set(source.matches(of: imports).map { String($0.1) })
  }

  /// The sources of programs, by their folder below Sources.
  private static func sources() throws -> [String: [URL]] {
    var found: [String: [URL]] = [:]
    for program in programs {
      let folder = root.appending(path: "Sources/\(program)")
      let names = try FileManager.default.subpathsOfDirectory(atPath: folder.path(percentEncoded: false))
      for name in names where name.hasSuffix(".swift") {
        let group = name.split(separator: "/").dropLast().first.map { "\(program)/\($0)" } ?? program
        found[group, default: []].append(folder.appending(path: name))
      }
    }
    return found
  }

  @Test(
    "every file of a program imports what the document allows its folder, and the document allows no more than is used")
  func imports() throws {
    let table = try Self.table()
    let sources = try Self.sources()
    #expect(Set(table.keys) == Set(sources.keys))
    for (folder, files) in sources {
      let allowed = table[folder] ?? []
      var used: Set<String> = []
      for file in files {
        let rooms = Self.rooms(in: try String(contentsOf: file, encoding: .utf8))
        let others = rooms.subtracting(allowed).sorted()
        #expect(others.isEmpty, "\(folder)/\(file.lastPathComponent) imports \(others)")
        used.formUnion(rooms)
      }
      #expect(used == allowed, "\(folder)")
    }
  }

  @Test("what answers a study stands on the library, not on what is below it")
  func oneRoad() throws {
    let table = try Self.table()
    let below: Set = ["NessStudy", "NessLinear", "NessTrajectory", "NessKinetic", "NessLindblad"]
    for folder in ["NessCommand/Answers", "NessCommand/Session", "NessExplorer/Runs", "NessExplorer/Workers"] {
      let rooms = try #require(table[folder])
      #expect(rooms.contains("Ness") && rooms.isDisjoint(with: below), "\(folder)")
    }
  }

  @Test("an import is seen in every form")
  func forms() {
    let source = """
      import Foundation
      import NessA
        @testable import NessB
      internal import NessC
      import struct NessD.Study
      @preconcurrency private import NessE
      // import NessF
      let text = "import NessG"
      """
    #expect(Self.rooms(in: source) == ["NessA", "NessB", "NessC", "NessD", "NessE"])
  }
}
