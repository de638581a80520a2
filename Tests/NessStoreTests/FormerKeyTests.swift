import Foundation
import GRDB
import NessModel
import NessStatistics
import NessStore
import NessTestSupport
import Synchronization
import Testing

/// Stores of before version 3, in which every parameter stood in a key and one version stood for all engines.
@Suite struct FormerKeyTests {
  /// What an older store holds, as it is written there.
  struct Kept {
    let name: String
    let key: String
    let payload: String?
    let family: String?
    let states: [Data]
  }

  private static func kept(in directory: TemporaryDirectory) throws -> [Kept] {
    let queue = try DatabaseQueue(path: "\(directory.path)/results.sqlite")
    defer { try? queue.close() }
    return try queue.read { database in
      let rows = try Row.fetchAll(
        database, sql: "SELECT digest, key, payload, family, result.id FROM result JOIN content USING (id)")
      return try rows.map { row in
        Kept(
          name: row[0], key: row[1], payload: row[2], family: row[3],
          states: try Data.fetchAll(
            database, sql: "SELECT state FROM piece WHERE result = ? ORDER BY number", arguments: [row[4] as Int64]))
      }
    }
  }

  static func versions(of directory: String) throws -> [String] {
    let queue = try DatabaseQueue(path: "\(directory)/results.sqlite")
    defer { try? queue.close() }
    return try queue.read { try String.fetchAll($0, sql: "SELECT identifier FROM grdb_migrations ORDER BY rowid") }
  }

  /// A store that keeps its directory, and must not warn.
  private static func store(_ directory: TemporaryDirectory) throws -> ResultStore {
    try ResultStore(directory: directory.path, provenance: StoreSample.provenance) { text in
      withExtendedLifetime(directory) { _ = Issue.record("\(text)") }
    }
  }

  static let references = ["store-engine4", "store-engine5"]
  private static let provenance = StoreSample.provenance

  /// Everything is there under its new name, is found by its former one, and says which engines it is of.
  private func check(_ store: ResultStore, holds kept: [Kept], _ engine: Int) throws {
    let listed = try store.results()
    #expect(listed.count == kept.count && Set(listed.map(\.digest)).isDisjoint(with: kept.map(\.name)))
    for old in kept {
      let result = try store.result(named: String(old.name.prefix(20)))
      let detail = try store.detail(of: result)
      #expect(detail.payload == old.payload && result.isFinished == (old.payload != nil))
      #expect(listed.contains(result) && detail.result == result && detail.provenance != nil)
      // Engines of some models had no version then; their results are of version 0 of them.
      let named = result.engines.filter { $0.number > 0 }
      #expect(!named.isEmpty && named.allSatisfy { (engine...5).contains($0.number) })
      #expect(!detail.key.contains("\nengine=") && detail.key.contains("\nengine."))
      for line in ["medium.mass=1.0", "run.noise=auto", ".count=40", ".moves=1\n"] {
        #expect(!detail.key.contains(line))
      }
      // The name follows from the key, and the former one from that.
      let lines = detail.key.split(separator: "\n").map { line -> CacheKey.Line in
        let parts = line.split(separator: "=", maxSplits: 1)
        return .text(String(parts[0]), String(parts[1]))
      }
      let key = CacheKey(lines)
      #expect(key.digest == result.digest)
      #expect(key.formerNames[old.name] == result.digest)
      #expect(
        key.completed.description.replacing(/engine\..*\n/, with: "") == old.key.replacing(/engine=.*\n/, with: ""))
      #expect(detail.pieces.map(\.bytes) == (engine == 5 ? old.states.map(\.count) : []))
    }
  }

  @Test(arguments: references) func everythingIsRenamed(reference: String) throws {
    let directory = try TemporaryDirectory(copyOfReference: reference)
    let kept = try Self.kept(in: directory)
    let engine = reference == "store-engine4" ? 4 : 5
    #expect(kept.allSatisfy { $0.key.contains("\nengine=\(engine)\n") } && kept.count > 14)
    let warnings = Mutex<[String]>([])
    let store = try ResultStore(directory: directory.path, provenance: Self.provenance) { text in
      withExtendedLifetime(directory) { warnings.withLock { $0.append(text) } }
    }
    try check(store, holds: kept, engine)
    #expect(warnings.withLock { $0.filter { !$0.contains("of unfinished work by an older Ness") } }.isEmpty)
    try store.close()
    #expect(try Self.versions(of: directory.path) == ["1", "2", "3"])
    // A second time there is nothing to do.
    let before = try Self.kept(in: directory)
    let again = try Self.store(directory)
    try check(again, holds: kept, engine)
    try again.close()
    #expect(try Self.kept(in: directory).map(\.name) == before.map(\.name))
  }

  /// States belong to the families of today.
  @Test func statesAreRenamed() throws {
    let directory = try TemporaryDirectory(copyOfReference: "store-engine5")
    let kept = try Self.kept(in: directory).filter { !$0.states.isEmpty }
    #expect(kept.count == 2)
    let store = try Self.store(directory)
    for old in kept {
      let result = try store.result(named: old.name)
      let key = try store.detail(of: result).key.split(separator: "\n")
      let settings = ["run.seed=", "run.noise=", "run.burnIn=", "run.timeStep="]
      let ofFamily = key.dropFirst().filter { line in
        !line.hasPrefix("run.") || settings.contains { line.hasPrefix($0) }
      }
      let family = CacheKey(
        [.text("quantity", "state")]
          + ofFamily.map { line in
            let parts = line.split(separator: "=", maxSplits: 1)
            return .text(String(parts[0]), String(parts[1]))
          })
      #expect(result.family == family.digest && result.family != old.family)
      let states = try store.states(ofFamily: family)
      let state = try #require(states.first)
      #expect(try (0..<state.count).map { try state.piece($0) } == old.states && states.count == 1)
    }
  }

  /// A store that may not be changed is read as it would be if it could.
  @Test(arguments: references) func anOlderStoreIsReadUnchanged(reference: String) throws {
    let directory = try TemporaryDirectory(copyOfReference: reference)
    let kept = try Self.kept(in: directory)
    let file = URL(filePath: "\(directory.path)/results.sqlite")
    let bytes = try Data(contentsOf: file)
    let engine = reference == "store-engine4" ? 4 : 5
    for store in [
      try ResultStore(readOnly: directory.path),
      try ResultStore(directory: directory.path, .unchanged) { text in
        withExtendedLifetime(directory) { _ = Issue.record("\(text)") }
      },
    ] {
      #expect(store.isReadOnly)
      try check(store, holds: kept, engine)
      try store.close()
    }
    #expect(try Data(contentsOf: file) == bytes)
  }

  /// Stores of different versions are merged either way, and what both have stays once.
  @Test func storesOfAllVersionsAreMerged() throws {
    let old = try FormerKeyTests.references.map { try TemporaryDirectory(copyOfReference: $0) }
    let kept = try old.map(Self.kept)
    let place = try TemporaryDirectory()
    let fresh = try Self.store(place)
    for (directory, kept) in zip(old, kept) {
      let other = try ResultStore(directory: directory.path, .unchanged) { text in
        withExtendedLifetime(directory) { _ = Issue.record("\(text)") }
      }
      let report = try fresh.merge(other)
      #expect(report.added + report.kept + report.replaced == kept.count && report.damaged == 0)
      #expect(try fresh.merge(other).added == 0)
    }
    // Currents of quantum boxes and flights of version 4 are those of version 5, of which one is enough.
    let names = Set(try fresh.results().map(\.digest))
    #expect(names.count < kept[0].count + kept[1].count)
    for old in kept.joined() { #expect(names.contains(try fresh.result(named: old.name).digest)) }
    let target = try ResultStore(directory: old[0].path, provenance: Self.provenance) { text in
      withExtendedLifetime(old) {
        if !text.contains("unfinished work") { Issue.record("\(text)") }
      }
    }
    #expect(try target.merge(fresh).damaged == 0)
    #expect(Set(try target.results().map(\.digest)) == names)
  }

  /// What can be read of a damaged store of an older version is saved under the names of today.
  @Test(arguments: references) func damagedOlderStoresAreSaved(reference: String) throws {
    let kept = try Self.kept(in: TemporaryDirectory(copyOfReference: reference))
    // The page of the schema, of the first rows, and one further on.
    for page in [0, 2, 20] {
      let directory = try TemporaryDirectory(copyOfReference: reference)
      let file = URL(filePath: "\(directory.path)/results.sqlite")
      var bytes = try Data(contentsOf: file)
      for place in (4096 * page + 100)..<(4096 * page + 900) { bytes[place] ^= 0x5A }
      try bytes.write(to: file)
      let store = try ResultStore(directory: directory.path, provenance: Self.provenance) { _ in
        withExtendedLifetime(directory) {}
      }
      // Whatever is there has its name of today, and is whole.
      var count = 0
      for result in try store.results() {
        guard let detail = try? store.detail(of: result) else { continue }
        #expect(detail.key.contains("\nengine."))
        #expect(kept.contains { $0.payload == detail.payload })
        count += 1
      }
      #expect(page == 2 || count > kept.count / 2, "\(count) of \(kept.count) after damage of page \(page)")
    }
  }

  /// Damaged rows are left as they are, and the others renamed.
  @Test func damagedRowsDoNotStopARenaming() throws {
    let directory = try TemporaryDirectory(copyOfReference: "store-engine5")
    let kept = try Self.kept(in: directory)
    try ResultStoreTests.edit(URL(filePath: "\(directory.path)/results.sqlite")) {
      try $0.execute(
        sql: """
          UPDATE result SET value = 7 WHERE id = 1; UPDATE content SET key = replace(key, '=5', '=6') WHERE id = 2;
          UPDATE piece SET done = 5
          """)
    }
    let warnings = Mutex<[String]>([])
    let store = try ResultStore(directory: directory.path, provenance: Self.provenance) { text in
      withExtendedLifetime(directory) { warnings.withLock { $0.append(text) } }
    }
    let whole = kept.filter { (try? store.detail(of: store.result(named: $0.name))) != nil }
    #expect(whole.count == kept.count - 2)
    // Unfinished work is nothing without its state.
    for old in whole { #expect((try store.result(named: old.name).digest == old.name) == (old.payload == nil)) }
  }

  /// While another process has an older store open it stays as it is: nothing can be kept in it, and it can be read.
  @Test func anOlderStoreInUseStaysAsItIs() throws {
    let directory = try TemporaryDirectory(copyOfReference: "store-engine5")
    let kept = try Self.kept(in: directory)
    let lock = open("\(directory.path)/results.sqlite-lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
    defer { close(lock) }
    #expect(flock(lock, LOCK_SH) == 0)
    let error = #expect(throws: StoreError.self) {
      try Self.store(directory)
    }
    #expect(error?.reason.contains("older version of Ness") == true && error?.remedy.contains("end") == true)
    let warnings = Mutex<[String]>([])
    let store = try ResultStore(directory: directory.path, .existing) { text in
      withExtendedLifetime(directory) { warnings.withLock { $0.append(text) } }
    }
    try check(store, holds: kept, 5)
    #expect(store.isReadOnly && warnings.withLock { $0.count == 1 && $0[0].contains("another process has it open") })
    #expect(try Self.versions(of: directory.path) == ["1", "2"])
    flock(lock, LOCK_UN)
    let free = try Self.store(directory)
    #expect(!free.isReadOnly)
    try check(free, holds: kept, 5)
  }

  /// Several processes that open an older store at once: one brings it to today's version, the others wait for that.
  @Test func severalOpenAnOlderStoreAtOnce() async throws {
    let directory = try TemporaryDirectory(copyOfReference: "store-engine5")
    let kept = try Self.kept(in: directory)
    try await withThrowingTaskGroup(of: ResultStore.self) { group in
      for _ in 0..<4 {
        group.addTask {
          try Self.store(directory)
        }
      }
      for try await store in group {
        #expect(!store.isReadOnly)
        try check(store, holds: kept, 5)
      }
    }
  }

  /// Names that follow from the text of a key of before stay as they are, whatever keys leave out now.
  @Test func completedKeys() throws {
    let box = try AnyModel(
      medium: AnyMedium(Box(length: 2)),
      attachments: [
        ("left", 1, AnyBath(MaxwellBath(temperature: 40))),
        ("right", 2, AnyBath(MetropolisBath(temperature: 4, proposal: .energy))),
      ])
    let lines = [
      "medium.kind=box", "medium.length=2.0", "medium.mass=1.0", "baths.left.kind=maxwell", "baths.left.site=1",
      "baths.left.temperature=40.0", "baths.right.kind=metropolis", "baths.right.site=2", "baths.right.temperature=4.0",
      "baths.right.proposal=energy", "baths.right.width=1.0", "baths.right.moves=1",
    ]
    let key = CacheKey(CacheKey.lines(for: box))
    #expect(key.completed.description == lines.map { $0 + "\n" }.joined())
    #expect(key.completed.completed == key.completed && key.completed != key)
  }
}
