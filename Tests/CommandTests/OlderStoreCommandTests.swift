import Foundation
import GRDB
import NessFiles
import NessStore
import NessTestSupport
import Testing

@Suite("Stores of older versions of Ness")
struct OlderStoreCommandTests {
  /// A place whose store is one that an older version has written.
  private static func place(_ reference: String) throws -> Workplace {
    let place = try Workplace()
    let copy = try TemporaryDirectory(copyOfReference: reference)
    try FileManager.default.copyItem(atPath: copy.path, toPath: place.folder.appending(path: ".ness").path)
    for name in ["box", "chain"] {
      try FileManager.default.copyItem(
        atPath: "\(copy.path)/\(name).yaml", toPath: place.folder.appending(path: "\(name).yaml").path)
    }
    return place
  }

  private static func database(_ place: Workplace) -> URL { place.folder.appending(path: ".ness/results.sqlite") }

  @Test("older results are listed, shown, exported and plotted as what they are")
  func olderResults() throws {
    let place = try Self.place("store-engine4")
    let list = try Program.run(["list", "--title", "white noises"], in: place)
    #expect(
      list.status == 0 && list.errors.contains("states of unfinished work")
        && list.errors.contains("cannot be used any more"))
    #expect(list.text.contains("engines") && list.text.contains("trajectory 4 (older)"))
    let json = try Program.run(["list", "--format", "json"], in: place)
    #expect(json.errors.isEmpty && json.text.contains(#""engines": "trajectory 4", "older": true"#))
    #expect(json.text.contains(#""engines": "kinetic 5", "older": false"#))
    // By the name that version 0.1 gave it.
    let show = try Program.run(["show", "db234f834d31"], in: place)
    #expect(show.status == 0 && show.text.contains("trajectory 4 (older)") && show.text.contains("0.391"))
    #expect(show.text.contains("engine.trajectory=4"))
    let export = try Program.run(["export", "--title", "white noises", "--output", "old.csv"], in: place)
    #expect(export.status == 0)
    let table = try String(contentsOf: place.folder.appending(path: "old.csv"), encoding: .utf8)
    #expect(table.contains(",title,id,engines") && table.contains(",trajectory 4"))
    let plot = try Program.run(["plot", "chain.yaml", "--figure", "heatCurrent", "--quiet"], in: place)
    #expect(plot.status == 0 && plot.text.contains("They are of an older version: Ness 0.1.0, engine trajectory 4"))
  }

  @Test("what has not changed since is not computed again")
  func reused() throws {
    let place = try Self.place("store-engine4")
    let before = try Program.run(["list", "--format", "json"], in: place)
    // The points that a search adds are not the engine's.
    let file = try String(contentsOf: place.folder.appending(path: "box.yaml"), encoding: .utf8)
    try place.write("plain.yaml", file.replacing(", refine: maximum, refineError: 0.3", with: ""))
    let run = try Program.run(["run", "plain.yaml", "--quiet", "--format", "json"], in: place)
    #expect(run.status == 0)
    #expect(try Program.run(["list", "--format", "json"], in: place).text == before.text)
    // The engine of chains is another one: they are computed anew, and both are kept.
    #expect(try Program.run(["run", "chain.yaml", "--quiet"], in: place).status == 0)
    let list = try Program.run(["list", "--title", "white noises", "--format", "json"], in: place).text
    #expect(list.components(separatedBy: #""older": true"#).count == 3)
    #expect(list.components(separatedBy: #""older": false"#).count == 3)
  }

  @Test("merge leaves the other store as it is, whatever its version")
  func merge() throws {
    let place = try Self.place("store-engine5")
    let copy = try TemporaryDirectory(copyOfReference: "store-engine4")
    let file = URL(filePath: "\(copy.path)/results.sqlite")
    let before = try Data(contentsOf: file)
    let merge = try Program.run(["merge", copy.path], in: place)
    #expect(merge.status == 0 && merge.text.contains(" new, ") && !merge.text.contains("damaged"))
    #expect(try Data(contentsOf: file) == before)
    let again = try Program.run(["merge", copy.path], in: place)
    #expect(again.text.hasPrefix("0 new, 0 better than here"))
  }

  @Test("a store that cannot be brought to this version for want of space stays as it is")
  func fullDisk() throws {
    let place = try Self.place("store-engine5")
    // No file may grow beyond 64 KiB, as at a quota.
    let script = "trap '' XFSZ; ulimit -f 128; exec \"$0\" \"$@\""
    let run = try Program.run(["run", "chain.yaml", "--quiet"], in: place, throughShell: script)
    #expect(run.status != 0 && run.errors.contains("older version of Ness") && run.errors.contains("as it was"))
    #expect(try Self.names(place) == (15, false))
    let after = try Program.run(["list"], in: place)
    #expect(after.status == 0 && after.errors.isEmpty && after.text.contains("trajectory 5"))
    #expect(try Self.names(place) == (15, true))
  }

  /// Names of results in a store, and whether they are those of today.
  private static func names(_ place: Workplace) throws -> (count: Int, isRenamed: Bool) {
    let queue = try DatabaseQueue(path: database(place).path)
    defer { try? queue.close() }
    return try queue.read { database in
      let old = try Int.fetchOne(database, sql: "SELECT count(*) FROM content WHERE key LIKE '%engine=%'") ?? 0
      let all = try Int.fetchOne(database, sql: "SELECT count(*) FROM content") ?? 0
      let isDone =
        try Bool.fetchOne(database, sql: "SELECT count(*) FROM grdb_migrations WHERE identifier = '3'") ?? false
      #expect(old == (isDone ? 0 : all))
      #expect(try String.fetchOne(database, sql: "PRAGMA integrity_check") == "ok")
      return (all, isDone)
    }
  }

  @Test(
    "killed while it brings a store to this version, it leaves the old one or the new one", .long,
    .timeLimit(.minutes(20)))
  func killed() throws {
    let place = try Workplace()
    let count = 150
    let store = try ResultStore(
      directory: Self.database(place).deletingLastPathComponent().path,
      provenance: Provenance(ness: "0.1.0", engine: "4", machine: "test", command: "test")
    ) { Issue.record("\($0)") }
    let values = (0..<10_000).map { 1 / Double($0 + 3) }
    for number in 0..<count {
      let key = CacheKey([
        .text("quantity", "run with budget"), .text("engine", "4"), .text("medium.kind", "chain"),
        .whole("medium.sites", number + 1), .text("medium.mass", "1.0"),
      ])
      try store.save(
        values, for: key, summary: ResultSummary(title: "\(number)", quantity: "heatCurrent", started: Date()))
    }
    try store.close()
    let queue = try DatabaseQueue(path: Self.database(place).path)
    try queue.write { try $0.execute(sql: "DELETE FROM grdb_migrations WHERE identifier = '3'") }
    try queue.close()
    let kept = place.folder.appending(path: "kept.sqlite")
    try FileManager.default.copyItem(at: Self.database(place), to: kept)
    func restore() throws {
      try FileManager.default.removeItem(at: place.folder.appending(path: ".ness"))
      try FileManager.default.createDirectory(
        at: place.folder.appending(path: ".ness"), withIntermediateDirectories: true)
      try FileManager.default.copyItem(at: kept, to: Self.database(place))
    }
    let start = ContinuousClock.now
    #expect(try Program.run(["list"], in: place).status == 0)
    let whole = ContinuousClock.now - start
    #expect(try Self.names(place) == (count, true))
    for part in 1...8 {
      try restore()
      let running = try Program.Running(["list"], in: place)
      Thread.sleep(forTimeInterval: whole / .seconds(1) * Double(part) / 9)
      running.send(SIGKILL)
      _ = try? running.outcome()
      #expect(try Self.names(place).count == count)
      let after = try Program.run(["list", "--format", "json"], in: place)
      #expect(after.status == 0 && after.text.components(separatedBy: #""engines": "trajectory 4""#).count == count + 1)
      #expect(try Self.names(place) == (count, true))
    }
  }
}
