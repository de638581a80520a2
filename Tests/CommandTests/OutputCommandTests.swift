import Foundation
import Testing

/// Where the output of commands goes: into files, links and devices, to streams that are closed or full.
@Suite("Outputs")
struct OutputCommandTests {
  private static func place() throws -> Workplace {
    let place = try Workplace()
    try place.write("small.yaml", SampleText.small)
    return place
  }

  private static func text(_ name: String, in place: Workplace) throws -> String {
    try String(contentsOf: place.folder.appending(path: name), encoding: .utf8)
  }

  private static let commands = [
    ["--version"], ["--help"], ["run", "--help"], ["theory", "small.yaml"],
    ["theory", "small.yaml", "--format", "json"], ["run", "small.yaml", "--quiet"], ["list"],
    ["list", "--format", "json"], ["export", "--all", "--output", "all.csv"], ["rm", "--all"],
  ]

  @Test("what cannot be printed is an error in words, whatever the command", arguments: ["/dev/full", "&-"])
  func unprintable(target: String) throws {
    if target == "/dev/full", access(target, W_OK) != 0 { return }
    let place = try Self.place()
    #expect(try Program.run(["run", "small.yaml", "--quiet"], in: place).status == 0)
    for command in Self.commands {
      let outcome = try Program.run(command, in: place, throughShell: "exec \"$0\" \"$@\" >\(target)")
      #expect(outcome.status == 1, "\(command): \(outcome.status) \(outcome.errors)")
      #expect(outcome.errors.contains("cannot write the result to standard output"), "\(command): \(outcome.errors)")
    }
  }

  @Test("closed streams leave their numbers to no file", arguments: ["2>&-", "<&- 2>&-", "<&- >&- 2>&-"])
  func closedStreams(redirections: String) throws {
    let place = try Self.place()
    let outcome = try Program.run(
      ["run", "small.yaml", "--csv", "table.csv"], in: place, throughShell: "exec \"$0\" \"$@\" \(redirections)")
    #expect(outcome.status == (redirections.contains(" >&-") ? 1 : 0))
    #expect(try Self.text(".ness/results.sqlite-lock", in: place).isEmpty)
    #expect(try Self.text("table.csv", in: place).hasPrefix("baths.left.temperature [energy],"))
    let list = try Program.run(["list", "--format", "json"], in: place)
    #expect(list.status == 0 && list.errors.isEmpty && list.text.components(separatedBy: "\"id\"").count == 3)
  }

  @Test("links are followed, and devices stay what they are")
  func linksAndDevices() throws {
    let place = try Self.place()
    try FileManager.default.createDirectory(
      at: place.folder.appending(path: "data"), withIntermediateDirectories: true)
    for (link, target) in [("link.csv", "data/real.csv"), ("link.npz", "data/real.npz"), ("out", "/dev/stdout")] {
      symlink(target, place.folder.appending(path: link).path)
    }
    #expect(try Program.run(["run", "small.yaml", "--quiet", "--csv", "link.csv"], in: place).status == 0)
    #expect(try Program.run(["export", "--all", "--output", "link.npz"], in: place).status == 0)
    let table = try Self.text("data/real.csv", in: place)
    #expect(table.hasPrefix("baths.left.temperature [energy],"))
    #expect(try place.contents() == [".ness", "data", "link.csv", "link.npz", "out", "small.yaml"])
    let folder = place.folder.appending(path: "data")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == ["real.csv", "real.npz"])
    // Standard output is a file here; both the table and the CSV are in it.
    for name in ["/dev/stdout", "/dev/fd/1", "out"] {
      let both = try Program.run(["run", "small.yaml", "--quiet", "--csv", name], in: place)
      #expect(both.status == 0 && both.text.contains(table) && both.text.contains("heatCurrent"), "\(name)")
    }
    var status = stat()
    #expect(lstat("/dev/stdout", &status) == 0 && status.st_mode & S_IFMT == S_IFLNK)
    for (name, reason) in [("data", "Is a directory"), ("small.yaml/x.csv", "Not a directory")] {
      let refused = try Program.run(["run", "small.yaml", "--csv", name], in: place)
      #expect(refused.status == 2 && refused.errors.contains("cannot write \(name): \(reason)"), "\(refused.errors)")
    }
  }

  @Test("a reader that has seen enough ends the program, one that is gone from the notes does not")
  func readersThatGo() throws {
    let place = try Self.place()
    let head = try Program.run(
      ["theory", "small.yaml"], in: place,
      throughShell: "{ sleep 1; \"$0\" \"$@\"; echo \"status $?\" >&2; } | true")
    // As every program that writes into a pipe: by the signal, without words.
    #expect(head.errors.contains("status 141") && !head.errors.contains("ness:"))
    let notes = try Program.run(
      ["run", "small.yaml"], in: place, throughShell: "{ \"$0\" \"$@\" 3>&1 1>&2 2>&3; echo $? > status; } | true")
    #expect(try notes.status == 0 && Self.text("status", in: place) == "0\n")
  }
}
