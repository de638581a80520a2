import Foundation
import GRDB
import NessModel
import NessStatistics
import NessStore
import NessTestSupport
import Testing

/// A store of which every bit is flipped in turn: whatever is asked of it then is answered as before or not at all, and what
/// is missing can be computed and kept again.
@Suite struct StoreBitTests {
  private let sample: StoreSample

  init() throws { sample = try StoreSample() }

  private static let families = (0..<2).map { StoreSample.key(100 + $0) }

  /// Results 0 and 1 are finished, the second has a state to go on from; 2 is unfinished. 0 and 2 are of one family.
  private static func fill(_ store: ResultStore, _ numbers: [Int] = [0, 1, 2]) throws {
    for number in numbers {
      let family = families[number % 2]
      if number > 0 {
        try store.savePieces(
          pieces(number), for: StoreSample.key(number), summary: StoreSample.summary(number, finished: false),
          family: family)
      }
      if number < 2 {
        try store.save(
          estimates(number), for: StoreSample.key(number), summary: StoreSample.summary(number), family: family)
      }
    }
  }

  private static func estimates(_ number: Int) -> [Estimate] {
    [.statistical(0.5, standardError: 0.01, effectiveSamples: 10 + Double(number)), .numerical(1.5, bound: 1e-9)]
  }

  private static func pieces(_ number: Int) -> [StoredPiece] {
    (0..<2).map { .init(index: $0, state: Data(repeating: UInt8(16 * number + $0), count: 50), done: Double(number)) }
  }

  private func checkAnswers(_ store: ResultStore, _ place: Comment) throws {
    for number in 0..<3 {
      let found = try store.load([Estimate].self, for: StoreSample.key(number))
      #expect(found == nil || (number < 2 && found == Self.estimates(number)), place)
    }
    let digests = (0..<3).map { StoreSample.key($0).digest }
    #expect(try store.finished(among: digests).isSubset(of: digests.prefix(2)), place)
    var details: [StoredDetail] = []
    for result in try store.results() {
      let number = try #require(digests.firstIndex(of: result.digest), place)
      var (shown, right) = (result.summary, StoreSample.summary(number, finished: number < 2))
      (shown.wallSeconds, right.wallSeconds) = (0, 0)
      #expect(shown == right && result.isFinished == (number < 2), place)
      guard let detail = try? store.detail(of: result) else { continue }
      #expect(detail.key == StoreSample.key(number).description, place)
      #expect(detail.provenance == nil || detail.provenance == StoreSample.provenance, place)
      let notes = detail.pieces.map { [Double($0.index), $0.done, Double($0.bytes)] }
      #expect(notes.isEmpty || notes == Self.pieces(number).map { [Double($0.index), $0.done, 50] }, place)
      details.append(detail)
    }
    for row in try ResultExport(details, from: store.path).csv().split(separator: "\n").dropFirst() {
      #expect(row.contains(",0.5,0.01,") && row.contains(",1.5,1e-09"), place)
    }
    for (index, family) in Self.families.enumerated() {
      for state in try store.states(ofFamily: family) {
        guard let found = try? (0..<state.count).map({ StoredPiece(index: $0, state: try state.piece($0), done: 0) })
        else { continue }
        let numbers = index == 0 ? [2] : [1]
        #expect(numbers.contains { Self.pieces($0).map(\.state) == found.map(\.state) }, place)
        #expect(numbers.contains { Double($0) == state.done }, place)
      }
    }
  }

  /// A sample of the bits; every one with NESS_EVERY_BIT=1, which takes about an hour.
  @Test(.long) func anyBitIsNoticedOrWithoutEffect() throws {
    let store = try sample.store("one")
    try Self.fill(store)
    try store.close()
    try checkAnswers(sample.store("one"), "undamaged")
    let url = sample.url("one")
    let whole = try Data(contentsOf: url)
    let isFull = ProcessInfo.processInfo.environment["NESS_EVERY_BIT"] != nil
    // Most of a small file is empty; there only a sample.
    let used = whole.indices.filter { place in
      whole[max(0, place - 8)..<min(whole.count, place + 8)].contains { $0 != 0 }
    }
    let bits = used.flatMap { place in (0..<8).map { 8 * place + $0 } }
    let chosen =
      isFull
      ? bits + stride(from: 0, to: 8 * whole.count, by: 997)
      : stride(from: 0, to: bits.count, by: 211).map { bits[$0] }
    #expect(chosen.count > 100)
    var refused: [Int] = []
    for (count, bit) in chosen.enumerated() {
      let folder = url.deletingLastPathComponent()
      try FileManager.default.removeItem(at: folder)
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      var bytes = whole
      bytes[bit / 8] ^= 1 << UInt8(bit % 8)
      try bytes.write(to: url)
      let place: Comment = "bit \(bit % 8) of byte \(bit / 8)"
      do {
        let damaged = try sample.store("one")
        try checkAnswers(damaged, place)
        let other = try sample.store("other \(count)")
        _ = try other.merge(damaged)
        try checkAnswers(other, place)
        try other.close()
        try FileManager.default.removeItem(at: sample.url("other \(count)").deletingLastPathComponent())
        try damaged.close()
        // What is computed again is there.
        let again = try sample.store("one")
        try Self.fill(again)
        try checkAnswers(again, place)
        for number in 0..<2 { #expect(try again.load([Estimate].self, for: StoreSample.key(number)) != nil, place) }
        try again.close()
      } catch is StoreError {
        refused.append(bit)
      }
    }
    // Nothing makes a store unusable.
    #expect(refused.isEmpty, "\(refused.prefix(50).map { "\($0 / 8).\($0 % 8)" })")
  }

  /// Rows that SQLite finds in order, and that say what they never said.
  @Test(arguments: [
    "UPDATE piece SET done = x'010203'", "UPDATE piece SET done = 'far'", "UPDATE piece SET done = 9e99",
    "UPDATE piece SET number = number + 2", "UPDATE piece SET number = 'x' WHERE number = 1",
    "DELETE FROM piece WHERE number = 1", "DELETE FROM piece WHERE number = 0",
    "UPDATE piece SET state = 7", "UPDATE piece SET state = x'' WHERE number = 1", "UPDATE piece SET updated = 5",
    "UPDATE piece SET result = 2 * result", "UPDATE piece SET result = 1 WHERE result = 2",
    "UPDATE piece SET checksum = 'none'", "UPDATE result SET family = (SELECT family FROM result WHERE id = 2)",
    "UPDATE result SET isFinished = 1", "UPDATE result SET isFinished = 0", "UPDATE result SET value = x'00'",
    "UPDATE result SET id = 10 - id", "UPDATE content SET id = 10 - id", "UPDATE content SET key = 5",
    "UPDATE content SET payload = NULL", "UPDATE result SET parameters = x'ff', started = 3, provenance = 4",
    "UPDATE provenance SET text = NULL", "UPDATE provenance SET command = x'c3'",
    "UPDATE provenance SET machine = file",
  ])
  func aRowThatWasChanged(sql: String) throws {
    let store = try sample.store()
    try Self.fill(store)
    try store.close()
    try ResultStoreTests.edit(sample.url()) { try $0.execute(sql: sql) }
    try checkAnswers(sample.store(), "\(sql)")
    let other = try sample.store("other")
    _ = try other.merge(sample.store())
    try checkAnswers(other, "\(sql), merged")
    try Self.fill(sample.store())
    try checkAnswers(sample.store(), "\(sql), computed again")
    let found = try sample.store().load([Estimate].self, for: StoreSample.key(1))
    #expect(found == Self.estimates(1))
    for family in Self.families { #expect(try sample.store().states(ofFamily: family).count == 1, "\(sql)") }
  }

  /// Before version 2 the hash of a state did not say whose it is.
  @Test func statesOfVersionOneAreGivenUpInWords() throws {
    let store = try sample.store()
    try Self.fill(store)
    try store.close()
    try ResultStoreTests.edit(sample.url()) {
      try $0.execute(sql: "DELETE FROM grdb_migrations WHERE identifier != '1'; UPDATE piece SET checksum = 1")
    }
    let newer = try sample.store()
    #expect(sample.warnings == ["\(newer.path): 2 states of unfinished work by an older Ness cannot be used any more"])
    try checkAnswers(newer, "version 1")
    for number in 0..<2 {
      #expect(try newer.load([Estimate].self, for: StoreSample.key(number)) == Self.estimates(number))
    }
    #expect(try Self.families.allSatisfy { try newer.states(ofFamily: $0).isEmpty })
  }
}
