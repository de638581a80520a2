import Foundation
import GRDB
import NessStore
import Testing

/// Places where a store cannot be, processes that share one, and versions.
@Suite struct StoreFaultTests {
  private let sample: StoreSample

  init() throws { sample = try StoreSample() }

  @Test func aFileOrDirectoryInItsPlace() throws {
    _ = try sample.directory.write("file", "x".utf8)
    for name in ["file", "file/store"] {
      let error = #expect(throws: StoreError.self) { try sample.store(name) }
      #expect(error?.remedy.contains("--store") == true)
    }
    try FileManager.default.createDirectory(at: sample.url("d"), withIntermediateDirectories: true)
    let error = #expect(throws: StoreError.self) { try sample.store("d") }
    #expect(error?.reason.contains("Is a directory") == true)
    #expect(sample.warnings.isEmpty)
  }

  @Test func aStoreThatMustExist() throws {
    let error = #expect(throws: StoreError.self) { try sample.store("none", .existing) }
    #expect(error?.reason == "there are no results" && error?.isOutage == false)
    #expect(!FileManager.default.fileExists(atPath: "\(sample.directory.path)/none"))
  }

  @Test func aFullDiskKeepsWhatWasThere() throws {
    let store = try sample.store()
    try sample.fill(store, count: 5)
    // SQLite refuses to grow the file, as on a full disk.
    try store.limitPages()
    let large = (0..<20_000).map(Double.init)
    let error = #expect(throws: StoreError.self) {
      try store.save(large, for: StoreSample.key(9), summary: StoreSample.summary(9))
    }
    #expect(error?.reason.contains("full") == true && error?.remedy.contains("Free some space") == true)
    #expect(error?.isOutage == true)
    #expect(try sample.present(in: store, of: 10) == Array(0..<5))
    #expect(try sample.present(in: sample.store(), of: 10) == Array(0..<5))
  }

  @Test func otherProgramsAndLaterVersionsAreRefusedUntouched() throws {
    let store = try sample.store("later")
    try sample.fill(store, count: 1)
    try ResultStoreTests.edit(sample.url("later")) {
      try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('999')")
    }
    let later = #expect(throws: StoreError.self) { try sample.store("later") }
    #expect(later?.reason.contains("later version of Ness") == true)

    try FileManager.default.createDirectory(
      at: sample.url("foreign").deletingLastPathComponent(), withIntermediateDirectories: true)
    try ResultStoreTests.edit(sample.url("foreign")) { try $0.execute(sql: "CREATE TABLE mine (a)") }
    let before = try Data(contentsOf: sample.url("foreign"))
    let foreign = #expect(throws: StoreError.self) { try sample.store("foreign") }
    #expect(foreign?.reason.contains("no store of Ness") == true)
    #expect(try Data(contentsOf: sample.url("foreign")) == before)
    #expect(sample.warnings.isEmpty)
  }

  /// The tables of version 1 never change: a store of it is opened as it is by every later version.
  @Test func aStoreOfVersionOneIsRead() throws {
    let store = try sample.store()
    try sample.fill(store, count: 1)
    var tables: [String] = []
    var versions: [String] = []
    try ResultStoreTests.edit(sample.url()) { database in
      versions = try String.fetchAll(database, sql: "SELECT identifier FROM grdb_migrations ORDER BY rowid")
      tables = try ["result", "content", "piece", "provenance"].map { table in
        let names = try String.fetchAll(database, sql: "SELECT name FROM pragma_table_info(?)", arguments: [table])
        return "\(table): \(names.joined(separator: " "))"
      }
    }
    #expect(versions.first == "1")
    #expect(
      tables == [
        "result: id digest title quantity parameters value uncertainty stopReason started wallSeconds isFinished "
          + "family provenance checksum",
        "content: id key payload checksum", "piece: id result number done updated state checksum",
        "provenance: id digest ness engine machine command file text",
      ])
  }

  /// Reading where nothing can be written: as another user, since root may write everywhere.
  @Test func aStoreThatCannotBeWrittenIsRead() throws {
    try sample.fill(try sample.store(), count: 3)
    let store = try ResultStore(readOnly: sample.url().deletingLastPathComponent().path)
    #expect(store.isReadOnly)
    #expect(try sample.present(in: store, of: 4) == [0, 1, 2])
    #expect(try store.results().count == 3)
    let error = #expect(throws: StoreError.self) { try sample.save(3, in: store) }
    #expect(error?.reason == "the store cannot be written")
  }

  @Test(.enabled(if: getuid() != 0)) func aDirectoryWithoutPermission() throws {
    let store = try sample.store()
    try sample.fill(store, count: 2)
    try store.close()
    let folder = sample.url().deletingLastPathComponent().path
    chmod(folder, 0o500)
    defer { chmod(folder, 0o700) }
    let again = try sample.store()
    #expect(again.isReadOnly && sample.warnings.count == 1)
    #expect(try sample.present(in: again, of: 2) == [0, 1])
    let error = #expect(throws: StoreError.self) { try sample.store("deep/store/below") }
    #expect(error?.description.contains("Permission denied") == true)
  }

  @Test func writersOfOneStoreLoseNothing() async throws {
    let sample = sample
    // Openings as separate as those of processes, made at the same time.
    try await withThrowingTaskGroup { group in
      for writer in 0..<4 {
        group.addTask {
          let store = try sample.store()
          for number in 0..<25 { try sample.save(4 * number + writer, in: store) }
        }
      }
      try await group.waitForAll()
    }
    #expect(try sample.present(in: sample.store(), of: 100) == Array(0..<100))
    #expect(sample.warnings.isEmpty)
    let files = try FileManager.default.contentsOfDirectory(atPath: sample.url().deletingLastPathComponent().path)
    #expect(files.allSatisfy { $0.hasPrefix("results.sqlite") && !$0.hasSuffix(".tmp") })
  }
}
