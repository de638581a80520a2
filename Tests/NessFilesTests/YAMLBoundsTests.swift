import NessFiles
import Testing

@Suite("A text may not cost more than its size allows")
struct YAMLBoundsTests {
  private static func faults(_ text: String) -> [FileFault] {
    do {
      _ = try Experiment(yaml: text, file: "f.yaml")
      return []
    } catch {
      return error.faults
    }
  }

  /// Levels of aliases, each standing for two of the level below, as values or as keys; also in JSON's own brackets.
  private static func nested(_ levels: Int, isKey: Bool) -> String {
    let level = isKey ? "{? [*a%1, *a%1] : 1}" : "[*a%1, *a%1]"
    let lines = (1..<levels).map { "  - &a\($0) " + level.replacing("%1", with: "\($0 - 1)") }
    return "title:\n  - &a0 [1, 1]\n" + lines.joined(separator: "\n") + "\n"
  }

  @Test("Nested aliases are refused at the line where they become too much", arguments: [true, false])
  func aliases(isKey: Bool) {
    for levels in [20, 30, 60] {
      let found = Self.faults(Self.nested(levels, isKey: isKey))
      #expect(found.count == 1 && found.first?.found.contains("aliases that stand for more than") == true)
      #expect((10...16).contains(found.first?.line ?? 0))
    }
    let inline =
      "{\"x\": &a0 [1, 1], " + (1..<40).map { "\"y\($0)\": &a\($0) [*a\($0 - 1), *a\($0 - 1)]" }.joined(separator: ", ")
      + "}"
    #expect(Self.faults(inline).first?.found.contains("aliases") == true)
  }

  @Test("Aliases of aliases that only go deep are refused, and so is one large list many times")
  func deepAndMany() {
    let deep = "title:\n  - &a0 [1]\n" + (1..<3000).map { "  - &a\($0) [*a\($0 - 1)]\n" }.joined()
    #expect(Self.faults(deep).first?.found.contains("levels deep") == true)
    let many = "title: &a [" + String(repeating: "1, ", count: 3000) + "1]\nmedium: [*a, *a, *a, *a]\n"
    #expect(Self.faults(many).first?.line == 2)
  }

  @Test("Keys inside keys are refused, a single odd key is told as before")
  func keys() {
    let text =
      String(repeating: "{", count: 900) + "[" + String(repeating: "1,", count: 30000) + "]"
      + String(repeating: "}", count: 900)
    #expect(Self.faults(text).map(\.found) == ["a list or a mapping as a key inside a key"])
    #expect(Self.faults("? [1, 2]\n: 3\n").contains { $0.found == "a key that is no text" })
  }

  @Test("An alias that is used as aliases are works, however long the file is")
  func ordinary() throws {
    let values = (1...9000).map { "\(10 + $0)" }.joined(separator: ", ")
    let text = """
      medium: {kind: chain, sites: 3, pinning: &one 1.0, mass: *one, spring: *one}
      baths:
        left: {kind: langevin, temperature: 20.0, friction: *one}
        right: {kind: langevin, temperature: 10.0, friction: *one}
      sweep: {parameter: baths.left.temperature, values: [\(values)]}
      """
    #expect(try Experiment(yaml: text, file: "f.yaml").points().count == 9000)
  }
}
