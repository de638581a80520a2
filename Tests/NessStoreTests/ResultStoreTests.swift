import Foundation
import GRDB
import NessModel
import NessStatistics
import NessStore
import Testing

@Suite struct ResultStoreTests {
  private let sample: StoreSample
  private let store: ResultStore
  private let key = CacheKey([.text("solver", "memory"), .number("baths.left.temperature", 0.1)])

  init() throws {
    sample = try StoreSample()
    store = try sample.store()
  }

  @Test func whatIsSavedIsLoaded() throws {
    #expect(try store.load(StoreSample.Payload.self, for: key) == nil)
    try store.save(sample.payload, for: key, summary: StoreSample.summary(1))
    #expect(try store.load(StoreSample.Payload.self, for: key) == sample.payload)
    try store.save(5, for: key, summary: StoreSample.summary(2))
    #expect(try store.load(Int.self, for: key) == 5)
    // Another opening reads it, too.
    #expect(try sample.store().load(Int.self, for: key) == 5)
    #expect(try store.results().map(\.summary.title) == ["Sample 2"])
    #expect(sample.warnings.isEmpty)
  }

  @Test func everythingBesideTheResultSurvives() throws {
    let summary = ResultSummary(
      title: "a\nτ", quantity: "kineticTemperature[1]",
      parameters: [.init("a.b", -1e-300, dimension: nil), .init("c", .infinity, dimension: "length²/time")],
      estimate: .statistical(0.1 + 0.2, standardError: 1.0 / 3, effectiveSamples: 9), stopReason: "targetReached",
      started: Date(timeIntervalSince1970: 0))
    try store.save([1.5], for: key, summary: summary)
    let result = try store.result(named: String(key.digest.prefix(5)))
    #expect(result.summary == summary && result.isFinished && result.digest == key.digest)
    #expect(result.summary.started == "1970-01-01T00:00:00Z")
    let detail = try store.detail(of: result)
    #expect(detail.provenance == StoreSample.provenance)
    #expect(detail.key == key.description && detail.payload == "[\n  1.5\n]\n" && detail.pieces.isEmpty)
  }

  @Test func resultsAreListedFilteredAndRemoved() throws {
    try sample.fill(store, count: 12)
    #expect(try store.results().map(\.summary.title) == (0..<12).reversed().map { "Sample \($0)" })
    #expect(try store.results(title: "sAMPLE 1", limit: 2).map(\.summary.title) == ["Sample 11", "Sample 10"])
    #expect(try store.results(unfinished: true).isEmpty)
    try store.remove(store.results(title: "Sample 1"))
    #expect(try sample.present(in: store, of: 12) == [0] + Array(2..<10))
    let first = try #require(try store.results().first)
    #expect(throws: StoreError.self) { try store.result(named: "") }
    #expect(throws: StoreError.self) { try store.result(named: "%") }
    #expect(throws: StoreError.self) { try store.result(named: first.digest + "0") }
    try store.remove([first, first])
    #expect(throws: StoreError.self) { try store.detail(of: first) }
  }

  @Test func aNameThatFitsSeveralIsRefused() throws {
    try sample.fill(store, count: 40)
    let digests = try store.results().map(\.digest)
    let digit = try #require(digests.map { $0.prefix(1) }.first { digit in digests.count { $0.hasPrefix(digit) } > 1 })
    let error = #expect(throws: StoreError.self) { try store.result(named: String(digit)) }
    #expect(error?.reason.contains("several results") == true)
  }

  @Test func valuesWithoutJSONAreRefused() throws {
    let error = #expect(throws: StoreError.self) {
      try store.save([1, .nan], for: key, summary: StoreSample.summary(1))
    }
    #expect(error?.reason.hasSuffix("1 is nan, not a finite number") == true, "\(error?.reason ?? "")")
    #expect(try store.results().isEmpty)
  }

  @Test func aResultOfAnotherKeyOrKindIsNoticed() throws {
    try store.save([1.0], for: key, summary: StoreSample.summary(1))
    #expect(try store.load([String].self, for: key) == nil)
    #expect(sample.warnings.last?.hasSuffix("its content is no Array<String>") == true)
    // As if two keys had the same hash.
    try Self.edit(sample.url()) {
      try $0.execute(sql: "UPDATE result SET digest = ?", arguments: [StoreSample.key(1).digest])
    }
    #expect(try store.load([Double].self, for: StoreSample.key(1)) == nil)
    #expect(sample.warnings.count == 2)
  }

  /// Changes a store behind its back.
  static func edit(_ file: URL, _ change: (Database) throws -> Void) throws {
    let queue = try DatabaseQueue(path: file.path)
    try queue.write(change)
    try queue.close()
  }

  // MARK: Unfinished work

  private let state = Data((0..<1000).map { UInt8(truncatingIfNeeded: $0 &* 7) })

  private let family = StoreSample.key(1000)

  private func states() throws -> [[Data]] {
    try store.states(ofFamily: family).map { found in try (0..<found.count).map(found.piece) }
  }

  @Test func aStateTakesThePlaceOfTheLastOneAndEndsWithTheResult() throws {
    let summary = StoreSample.summary(1, finished: false)
    try store.savePieces(
      [.init(index: 0, state: state, done: 10), .init(index: 1, state: Data(), done: 10)], for: key, summary: summary,
      family: family)
    #expect(try states() == [[state, Data()]])
    try store.savePieces([.init(index: 0, state: state, done: 12)], for: key, summary: summary, family: family)
    #expect(try states() == [[state]])
    #expect(try store.load([Double].self, for: key) == nil)
    #expect(try store.results(unfinished: true).map(\.isFinished) == [false])
    #expect(try store.detail(of: store.result(named: key.digest)).pieces.map(\.bytes) == [1000])

    try store.save([1.0], for: key, summary: StoreSample.summary(1))
    #expect(try states().isEmpty && store.results(unfinished: true).isEmpty)
    #expect(try store.load([Double].self, for: key) == [1])
  }

  /// What is finished can go on under another key; the furthest state stays, and what is unfinished keeps its own.
  @Test func statesServeTheWholeFamily() throws {
    let summary = StoreSample.summary(1)
    func keep(_ number: Int, done: Double, finished: Bool) throws {
      let pieces = [StoredPiece(index: 0, state: Data([UInt8(number)]), done: done)]
      try store.savePieces(pieces, for: StoreSample.key(number), summary: summary, family: family)
      if finished { try store.save([1.0], for: StoreSample.key(number), summary: summary, family: family) }
    }
    try keep(1, done: 10, finished: true)
    try keep(2, done: 5, finished: false)
    #expect(try states() == [[Data([1])], [Data([2])]])
    try keep(3, done: 20, finished: true)
    #expect(try states() == [[Data([3])], [Data([2])]])
    // Going on does not take a result away.
    try keep(1, done: 30, finished: false)
    #expect(try store.load([Double].self, for: StoreSample.key(1)) == [1])
    #expect(try store.states(ofFamily: StoreSample.key(1)).isEmpty)
  }

  @Test func aDamagedStateIsTold() throws {
    try store.savePieces(
      (0..<3).map { .init(index: $0, state: state, done: 1) }, for: key, summary: StoreSample.summary(1),
      family: family)
    try Self.edit(sample.url()) { try $0.execute(sql: "UPDATE piece SET state = x'00' WHERE number = 1") }
    let found = try #require(store.states(ofFamily: family).first)
    #expect(try found.piece(0) == state && found.piece(2) == state)
    #expect(throws: StoreError.self) { try found.piece(1) }
    try Self.edit(sample.url()) { try $0.execute(sql: "UPDATE piece SET done = 2 WHERE number = 1") }
    #expect(try store.states(ofFamily: family).isEmpty)
    #expect(sample.warnings.last?.contains("a state of \(key.digest.prefix(12)) is damaged") == true)
  }

  // MARK: Merging

  @Test func aMergeTakesWhatIsNewOrBetterAndOnlyThat() throws {
    let other = try sample.store("other")
    try sample.fill(store, count: 3)  // 0 1 2, error 0.01
    try sample.save(1, in: other, error: 0.001)  // more precise
    try sample.save(2, in: other, error: 0.1)  // less precise
    try sample.save(3, in: other)  // new
    let summary = StoreSample.summary(4, finished: false)
    try store.savePieces([.init(index: 0, state: state, done: 1)], for: StoreSample.key(4), summary: summary)
    try other.savePieces(
      [.init(index: 0, state: state, done: 2), .init(index: 1, state: state, done: 2)], for: StoreSample.key(4),
      summary: summary)
    try other.savePieces([.init(index: 0, state: state, done: 9)], for: StoreSample.key(0), summary: summary)
    try store.savePieces([.init(index: 0, state: state, done: 9)], for: StoreSample.key(5), summary: summary)
    try sample.save(5, in: other)  // finished there

    let report = try store.merge(other)
    #expect(report.added == 1 && report.replaced == 3 && report.kept == 2 && report.damaged == 0)
    #expect(try sample.present(in: store, of: 6) == [0, 1, 2, 3, 5])
    let errors = try (0..<4).map { try store.result(named: StoreSample.key($0).digest).summary.uncertainty }
    #expect(errors == [0.01, 0.001, 0.01, 0.01])
    #expect(try store.detail(of: store.result(named: StoreSample.key(4).digest)).pieces.map(\.done) == [2, 2])
    #expect(try store.detail(of: store.result(named: StoreSample.key(5).digest)).pieces.isEmpty)
    #expect(try store.detail(of: store.result(named: StoreSample.key(3).digest)).provenance == StoreSample.provenance)

    let before = try store.results()
    let again = try store.merge(other)
    #expect(again.added == 0 && again.replaced == 0 && again.kept == 6)
    #expect(try store.results() == before)
  }

  @Test func aMergeLeavesOutWhatIsDamaged() throws {
    let other = try sample.store("other")
    try sample.fill(other, count: 3)
    try Self.edit(sample.url("other")) { try $0.execute(sql: "UPDATE content SET payload = '[1]' WHERE id = 2") }
    let report = try store.merge(other)
    #expect(report.added == 2 && report.damaged == 1)
    #expect(try sample.present(in: store, of: 3) == [0, 2])
  }
}
