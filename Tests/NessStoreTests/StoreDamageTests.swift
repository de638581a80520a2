import Foundation
import GRDB
import NessStore
import NessTestSupport
import Testing

/// Stores that were damaged on purpose: what is left is saved, what is lost is named, nothing wrong is ever given out.
@Suite struct StoreDamageTests {
  private let sample: StoreSample
  private static let count = 60

  init() throws {
    sample = try StoreSample()
    let store = try sample.store()
    try sample.fill(store, count: Self.count)
    try store.savePieces(
      [.init(index: 0, state: Data(repeating: 1, count: 9000), done: 1)], for: StoreSample.key(0),
      summary: StoreSample.summary(0))
    try store.close()
  }

  private func damage(_ change: (inout Data) -> Void) throws {
    var bytes = try Data(contentsOf: sample.url())
    change(&bytes)
    try bytes.write(to: sample.url())
  }

  /// Opens and reads all; then everything is computed again, and the store is whole.
  private func survivors() throws -> [Int] {
    let store = try sample.store()
    let present = try sample.present(in: store, of: Self.count)
    _ = try store.results()
    for number in 0..<Self.count where !present.contains(number) { try sample.save(number, in: store) }
    #expect(try sample.present(in: store, of: Self.count) == Array(0..<Self.count))
    #expect(try sample.present(in: sample.store(), of: Self.count) == Array(0..<Self.count))
    return present
  }

  private func kept() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: sample.url().deletingLastPathComponent().path)
      .filter { $0.contains("damaged") && $0.hasSuffix(".sqlite") }
  }

  @Test func nothingIsSaidOfAStoreThatIsWhole() throws {
    #expect(try survivors().count == Self.count)
    #expect(try sample.warnings.isEmpty && kept().isEmpty)
  }

  /// Every page in turn is overwritten; nothing wrong is given out, and only what was on the page is lost.
  @Test func anyPageOverwritten() throws {
    let whole = try Data(contentsOf: sample.url())
    let pages = whole.count / 4096
    #expect(pages > 20)
    var (worst, most) = (Self.count, 0)
    for page in 0..<pages {
      for part in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: sample.url().path + part) }
      var bytes = whole
      bytes.replaceSubrange(4096 * page..<4096 * (page + 1), with: repeatElement(0xA5, count: 4096))
      try bytes.write(to: sample.url())
      let left = try survivors().count
      worst = min(worst, left)
      most = max(most, left)
    }
    // A leaf costs what is on it, the root of a table everything.
    #expect(worst == 0 && most == Self.count)
    #expect(!sample.warnings.isEmpty)
  }

  @Test func pagesInTheMiddleCostOnlyWhatWasOnThem() throws {
    // A page with payloads of two or three results.
    try damage { bytes in
      let text = bytes.firstRange(of: Data("number=30\n".utf8)).map(\.lowerBound) ?? 0
      let page = text / 4096
      bytes.replaceSubrange(4096 * page..<4096 * page + 4096, with: repeatElement(0x5A, count: 4096))
    }
    let left = try survivors()
    #expect(!left.contains(30) && left.count >= Self.count - 6)
    #expect(try kept().count == 1)
    let warning = try #require(sample.warnings.first)
    #expect(warning.contains("was damaged") && warning.contains("\(left.count) results"), "\(warning)")
    #expect(warning.contains("\(Self.count - left.count) are known to be lost"))
    #expect(warning.contains(StoreSample.key(30).digest.prefix(12)) && warning.contains("Sample 30"))
    #expect(sample.warnings.count == 1)
  }

  @Test func aTruncatedStoreIsSavedAsFarAsItGoes() throws {
    try damage { $0 = $0.prefix($0.count * 3 / 4 / 4096 * 4096 + 100) }
    let left = try survivors()
    #expect(left.count > Self.count / 3 && left.count < Self.count)
    #expect(sample.warnings.first?.contains("was damaged") == true)
  }

  @Test func aLostBeginningIsPutBack() throws {
    try damage { $0.replaceSubrange(0..<4096, with: repeatElement(0, count: 4096)) }
    #expect(try survivors().count == Self.count)
    #expect(sample.warnings.first?.contains("\(Self.count) results and 1 states of unfinished work were saved") == true)
  }

  @Test(arguments: [0, 1, 50, 4096]) func aStoreCutToNothing(length: Int) throws {
    try damage { $0 = $0.prefix(length) }
    #expect(try survivors().isEmpty)
    #expect(sample.warnings.first?.contains("nothing in it could be read") == true || length == 4096)
    #expect(try kept().count == 1)
  }

  @Test func aFileThatIsNoDatabase() throws {
    try damage { $0 = Data(String(repeating: "no database at all\n", count: 1000).utf8) }
    #expect(try survivors().isEmpty)
    #expect(try kept().count == 1)
    let moved = sample.url().deletingLastPathComponent().appending(path: try #require(try kept().first))
    #expect(try Data(contentsOf: moved).starts(with: "no database".utf8))
  }

  @Test func aLostLogLosesTheLatestOnly() throws {
    let store = try sample.store()
    try sample.save(Self.count, in: store)
    // As after a crash: the log is there and its content not yet in the file.
    let copy = URL(filePath: "\(sample.directory.path)/crashed")
    try FileManager.default.copyItem(at: sample.url().deletingLastPathComponent(), to: copy)
    let crashed = try sample.store("crashed")
    #expect(try sample.present(in: crashed, of: Self.count + 1).count == Self.count + 1)
    let without = URL(filePath: "\(sample.directory.path)/without")
    try FileManager.default.copyItem(at: sample.url().deletingLastPathComponent(), to: without)
    try FileManager.default.removeItem(at: without.appending(path: "results.sqlite-wal"))
    #expect(try sample.present(in: sample.store("without"), of: Self.count + 1).count == Self.count)
    #expect(sample.warnings.isEmpty)
  }

  @Test func aDamagedStoreInUseIsNotReplaced() throws {
    let user = try sample.store()
    try damage { $0 = Data() }
    let error = #expect(throws: StoreError.self) { try sample.store() }
    #expect(error?.reason.contains("another process has it open") == true)
    #expect(try kept().isEmpty)
    withExtendedLifetime(user) {}
  }

  @Test func aDamagedStoreThatCannotBeWrittenIsSaid() throws {
    try damage { $0.replaceSubrange(0..<100, with: repeatElement(0, count: 100)) }
    let error = #expect(throws: StoreError.self) {
      try ResultStore(readOnly: sample.url().deletingLastPathComponent().path)
    }
    #expect(error?.reason.contains("damaged") == true && error?.remedy.contains("copy") == true)
  }

  /// Any single byte: the result is either right or absent.
  @Test(.long) func noWrongResultFromAnyByte() throws {
    let one = try sample.store("one")
    try sample.fill(one, count: 1)
    try one.close()
    let url = sample.url("one")
    let whole = try Data(contentsOf: url)
    var noticed = 0
    for place in stride(from: 0, to: whole.count, by: 61) {
      for part in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: url.path + part) }
      var bytes = whole
      bytes[place] ^= 0x10
      try bytes.write(to: url)
      guard let store = try? sample.store("one") else { continue }
      let found = try store.load([Double].self, for: StoreSample.key(0))
      #expect(found == nil || found == StoreSample.value(0), "byte \(place)")
      for result in try store.results() { #expect(result.summary.title == "Sample 0", "byte \(place)") }
      if found == nil { noticed += 1 }
      try store.close()
    }
    #expect(noticed > 5)
  }
}
