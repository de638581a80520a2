import Foundation
import NessFiles
import NessTestSupport
import Testing

struct ExperimentFileTests {
  /// The faults of a file, as text without its directory.
  private func fileFaults(ofFile path: String) -> [String] {
    do throws(ExperimentError) {
      _ = try Experiment(contentsOfFile: path)
      return []
    } catch {
      let folder = (path as NSString).deletingLastPathComponent + "/"
      return error.faults.map { $0.description.replacing(folder, with: "") }
    }
  }

  @Test func fileNotFound() throws {
    let directory = try TemporaryDirectory()
    #expect(
      fileFaults(ofFile: "\(directory.path)/none.yaml") == [
        "none.yaml: found no such file, expected a readable experiment file"
      ])
  }

  @Test func directoryInsteadOfFile() throws {
    let directory = try TemporaryDirectory()
    let found = fileFaults(ofFile: directory.path)
    #expect(found.count == 1)
    #expect(found.first?.contains("found a file that cannot be read: Is a directory") == true)
  }

  @Test(.enabled(if: getuid() != 0)) func fileWithoutPermission() throws {
    let directory = try TemporaryDirectory()
    let file = try directory.write("secret.yaml", "title: a".utf8)
    chmod(file, 0)
    #expect(fileFaults(ofFile: file).first?.contains("Permission denied") == true)
  }

  @Test func notUTF8() throws {
    let directory = try TemporaryDirectory()
    let file = try directory.write("latin.yaml", Array("medium:\ntitle: ".utf8) + [0xFC] + Array("\n".utf8))
    #expect(
      fileFaults(ofFile: file) == [
        "latin.yaml:2: found bytes that are not UTF-8, expected text in UTF-8 (save the file as UTF-8)"
      ])
  }

  @Test func tooLarge() throws {
    let directory = try TemporaryDirectory()
    let text = sampleLines.joined(separator: "\n") + "\n"
    let padding = String(repeating: "#", count: Experiment.mostBytes - text.utf8.count)
    #expect(fileFaults(ofFile: try directory.write("full.yaml", (text + padding).utf8)) == [])
    #expect(
      fileFaults(ofFile: try directory.write("large.yaml", (text + padding + "#").utf8)) == [
        "large.yaml: found more than 1048576 bytes, expected at most 1 MiB"
      ])
  }

  @Test(arguments: ["", "\n\n", "# only a comment\n", "---\n...\n", "~"])
  func emptyFile(text: String) {
    let found = faults(of: text)
    #expect(found.count == 1)
    #expect(found.first?.contains(": found an empty file, expected an experiment") == true)
  }

  @Test(arguments: [
    ("medium:\n\tkind: chain\n", "f.yaml:2:1: ", "indent with spaces, not tabs"),
    ("medium: a: b\n", "f.yaml:1:10: ", "is this line or the one before indented wrongly"),
    ("medium: [1, 2\nbaths: 3\n", "f.yaml:2:6: ", "found a YAML syntax error"),
    ("title: \"open\n", "f.yaml:2:1: ", "found a YAML syntax error"),
    ("title: a\n---\ntitle: b\n", "f.yaml:2:1: ", "write one experiment in a file"),
    ("title: a\nmedium: *nowhere\n", "f.yaml:2:9: ", "undefined alias"),
    ("title: a\nmedium: \u{7}\n", "f.yaml:2: ", "character U+7"),
  ])
  func syntaxErrors(text: String, place: String, phrase: String) {
    let found = faults(of: text)
    #expect(found.count == 1)
    #expect(found.first?.hasPrefix(place) == true)
    #expect(found.first?.contains(phrase) == true)
  }

  @Test func otherRoots() {
    #expect(
      faults(of: "- a\n") == ["f.yaml:1:1: found a list, expected an experiment with the keys medium and baths"])
    #expect(
      faults(of: "hello") == [
        "f.yaml:1:1: found the text \"hello\", expected an experiment with the keys medium and baths"
      ])
  }

  @Test func unusualButFineFiles() throws {
    let text = sampleLines.joined(separator: "\n") + "\n"
    let plain = try Experiment(yaml: text, file: "f.yaml")
    #expect(try Experiment(yaml: "\u{FEFF}" + text, file: "f.yaml") == plain)
    #expect(try Experiment(yaml: text.replacing("\n", with: "\r\n"), file: "f.yaml") == plain)
    #expect(try Experiment(yaml: text.replacing("seed: 7", with: "seed: 0x7"), file: "f.yaml") == plain)
    #expect(plain.source?.text == text)
    #expect(plain.source?.file == "f.yaml")
    let named = try Experiment(yaml: text.replacing("title: Sample", with: "title: no"), file: "f.yaml")
    #expect(named.title == "no")
    let anchored = text.replacing("pinning: 1.0", with: "pinning: *one").replacing("mass: 1.0", with: "mass: &one 1.0")
    #expect(try Experiment(yaml: anchored, file: "f.yaml") == plain)
  }

  @Test func deepNestingIsAnError() {
    #expect(faults(of: String(repeating: "[", count: 200_000)).count == 1)
    #expect(faults(of: String(repeating: "{a: ", count: 100_000)).count == 1)
    #expect(faults(of: String(repeating: "- ", count: 200_000)).count == 1)
  }

  @Test func manyFaultsAreCountedNotListed() throws {
    let text = (0..<200).map { "key\($0): 1\n" }.joined()
    let error = #expect(throws: ExperimentError.self) { try Experiment(yaml: text, file: "f.yaml") }
    #expect(error?.faults.count == 202)
    #expect(error?.description.hasSuffix("... and 152 more faults") == true)
  }
}
