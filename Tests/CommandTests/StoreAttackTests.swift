import Foundation
import Testing

/// Stores that are taken away, damaged or no files at all: never a crash, never another number, never without a word.
@Suite("Stores under attack", .serialized)
struct StoreAttackTests {
  private static func place() throws -> Workplace {
    let place = try Workplace()
    try place.write("small.yaml", SampleText.small)
    return place
  }

  private static func store(_ place: Workplace) -> URL { place.folder.appending(path: ".ness/results.sqlite") }

  @Test(
    "a store that is removed or replaced during a run has the results at the end", arguments: ["removed", "replaced"])
  func lost(loss: String) throws {
    let place = try Self.place()
    if loss == "replaced" {
      #expect(try Program.run(["run", "small.yaml", "--quiet", "--store", "other"], in: place).status == 0)
    }
    try place.write(
      "more.yaml",
      SampleText.small.replacing("[8.0, 12.0]", with: "[9.0, 10.0, 11.0]").replacing("400.0", with: "10000.0"))
    let running = try Program.Running(["run", "more.yaml", "--threads", "1"], in: place)
    // As soon as the run has opened it and says something.
    while running.isRunning, try running.errorsSoFar().isEmpty { usleep(1000) }
    #expect(running.isRunning)
    let folder = Self.store(place).deletingLastPathComponent()
    try FileManager.default.moveItem(at: folder, to: place.folder.appending(path: "gone"))
    if loss == "replaced" {
      // By a rename, not file by file, for the run makes the folder anew as soon as it sees that it is gone; where it was
      // quicker that one goes too.
      var count = 0
      while rename(place.folder.appending(path: "other").path, folder.path) != 0 {
        count += 1
        try #require(count < 100, "errno \(errno)")
        try? FileManager.default.moveItem(at: folder, to: place.folder.appending(path: "gone-\(count)"))
      }
    }
    let outcome = try running.outcome()
    #expect(outcome.status == 0 && outcome.errors.contains("was removed or replaced"), "\(outcome.errors)")
    let list = try Program.run(["list", "--format", "json"], in: place)
    #expect(list.errors.isEmpty)
    #expect(list.text.components(separatedBy: "\"finished\": true").count - 1 == (loss == "replaced" ? 5 : 3))
  }

  @Test("a store that cannot be put back is an error")
  func lostForGood() throws {
    let place = try Self.place()
    try place.write("long.yaml", SampleText.small.replacing("400.0", with: "10000.0"))
    let running = try Program.Running(["run", "long.yaml", "--threads", "1"], in: place)
    while running.isRunning, try running.errorsSoFar().isEmpty { usleep(1000) }
    #expect(running.isRunning)
    let folder = Self.store(place).deletingLastPathComponent()
    try FileManager.default.moveItem(at: folder, to: place.folder.appending(path: "gone"))
    try Data().write(to: folder)
    let outcome = try running.outcome()
    #expect(outcome.status == 1 && outcome.errors.contains("cannot be put back"), "\(outcome.errors)")
    #expect(outcome.text.contains("heatCurrent"))
  }

  @Test(
    "what is no file is refused at once", .timeLimit(.minutes(20)),
    arguments: [["run", "small.yaml"], ["list"], ["show", "0"], ["merge", "x", "--store", "y"], ["status"]])
  func pipe(command: [String]) throws {
    let place = try Self.place()
    for folder in [".ness", "x"] {
      let made = place.folder.appending(path: folder)
      try FileManager.default.createDirectory(at: made, withIntermediateDirectories: true)
      mkfifo(made.appending(path: "results.sqlite").path, 0o600)
    }
    let outcome = try Program.run(command, in: place)
    #expect(outcome.status == 2 && outcome.errors.contains("a pipe or a device"), "\(outcome.errors)")
  }

  /// The longer check of the same kind: `Scripts/bit-flips.py`.
  @Test("bits of a store with a state to go on from: the run gives the same bytes")
  func bits() throws {
    let place = try Self.place()
    try place.write("one.yaml", SampleText.small.replacing("[8.0, 12.0]", with: "[8.0]"))
    try place.write(
      "longer.yaml",
      SampleText.small.replacing("[8.0, 12.0]", with: "[8.0]").replacing("duration: ", with: "duration: 1"))
    #expect(try Program.run(["run", "one.yaml", "--quiet"], in: place).status == 0)
    let whole = try Data(contentsOf: Self.store(place))
    let right = try Program.run(["run", "longer.yaml", "--quiet", "--store", "undisturbed"], in: place)
    #expect(right.status == 0)
    let shown = try Program.run(["list"], in: place)
    let used = whole.indices.filter { whole[$0] != 0 }
    for number in 0..<12 {
      var bytes = whole
      bytes[used[(number * used.count + used.count / 2) / 12]] ^= 1 << UInt8(number % 8)
      let folder = Self.store(place).deletingLastPathComponent()
      try FileManager.default.removeItem(at: folder)
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try bytes.write(to: Self.store(place))
      let list = try Program.run(["list"], in: place)
      #expect(list.status == 0 && (list.text == shown.text || list.text.isEmpty), "\(number): \(list.errors)")
      let run = try Program.run(["run", "longer.yaml", "--quiet"], in: place)
      #expect(run.status == 0 && run.output == right.output, "\(number): \(run.errors)")
    }
  }

  @Test("the state of a short run of many replicas takes no place")
  func size() throws {
    let place = try Self.place()
    try place.write(
      "large.yaml",
      """
      medium: {kind: chain, sites: 2000, pinning: 1.0}
      baths:
        left: {kind: langevin, temperature: 2.0, friction: 1.0}
        right: {kind: langevin, temperature: 1.0, friction: 1.0}
      run: {seed: 1, duration: 8.0, burnIn: 2.0, timeStep: 0.05}
      """)
    let outcome = try Program.run(["run", "large.yaml", "--quiet"], in: place)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let folder = Self.store(place).deletingLastPathComponent()
    let size = try FileManager.default.contentsOfDirectory(atPath: folder.path).reduce(0) { sum, name in
      let file = folder.appending(path: name).path
      return sum + (try FileManager.default.attributesOfItem(atPath: file)[.size] as? Int ?? 0)
    }
    #expect(size < 3_000_000)
  }
}
