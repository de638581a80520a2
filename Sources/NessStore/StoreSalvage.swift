import Foundation
import NessFiles
internal import GRDB

/// Saves what can be read of a damaged store into a fresh one, row by row, and puts that in its place. The damaged file
/// is kept under another name.
struct StoreSalvage {
  private let path: String
  private let keptAs: String
  private var results = 0
  private var states = 0
  /// Results known to be lost, in words.
  private var lost: [String] = []
  private var isUnreadable = false

  /// Whether a database is as SQLite wants it; its tables were looked at when it was opened.
  static func isSound(_ database: any DatabaseReader) -> Bool { (try? isConsistent(database)) == true }

  /// Whether tables and indices of a database fit together.
  static func isConsistent(_ database: any DatabaseReader) throws -> Bool {
    try database.read { try String.fetchOne($0, sql: "PRAGMA integrity_check(1)") } == "ok"
  }

  /// Replaces the store at `path`; if that fails, everything stays as it was.
  init(_ path: String) throws {
    self.path = path
    let scratch = try ScratchFolder(in: URL(filePath: path).deletingLastPathComponent().path(percentEncoded: false))
    let fresh = "\(scratch.path)/new.sqlite"
    try StoreFile.makeEmpty(at: fresh)
    let stamp = Date().formatted(.iso8601.timeSeparator(.omitted).dateSeparator(.omitted))
    let stem = path.hasSuffix(".sqlite") ? String(path.dropLast(7)) : path
    keptAs = Self.freeName("\(stem).damaged-\(stamp)")
    var damaged: (any DatabaseReader)?
    do {
      damaged = try Self.openDamaged(path, in: scratch)
    } catch  where error.isDamage {
      isUnreadable = true
    }
    if let damaged { try copy(damaged, to: fresh) }
    if results == 0, states == 0, lost.isEmpty, try !Self.mayBeStore(path) {
      throw StoreError(
        path: path, reason: "this is no store of Ness", remedy: "it was not touched; \(StoreError.otherDirectory)")
    }
    let parts = StoreFile.parts.filter { StoreFile.size(of: path + $0) != nil }
    for part in parts where link(path + part, keptAs + part) != 0 {
      // A file system without hard links.
      try FileManager.default.copyItem(atPath: path + part, toPath: keptAs + part)
    }
    // The old log must never lie beside the new file.
    StoreFile.removeLog(of: path)
    guard rename(fresh, path) == 0 else { throw SystemFault(code: errno) }
  }

  /// Whether a file of which nothing can be read may have been a store: by its name, its first bytes, or because it is empty.
  private static func mayBeStore(_ path: String) throws -> Bool {
    let head = try readBytes(ofFile: path, atMost: 16)
    return path.hasSuffix("/results.sqlite") || head.isEmpty || head == Array("SQLite format 3\0".utf8)
  }

  /// A name for the damaged file that no other has.
  private static func freeName(_ stem: String) -> String {
    let names = ["\(stem).sqlite"] + (2...1000).map { "\(stem)-\($0).sqlite" }
    return names.first { StoreFile.size(of: $0) == nil } ?? names[0]
  }

  /// Opens a damaged file as it is, or a copy of it whose first page is that of an empty store. The page says where the
  /// tables begin: for every store of one age in the same places.
  private static func openDamaged(_ path: String, in scratch: ScratchFolder) throws -> any DatabaseReader {
    let models = try [true, false].map { inOrder in
      let model = "\(scratch.path)/model-\(inOrder).sqlite"
      try StoreFile.makeEmpty(at: model, inOrder: inOrder)
      return model
    }
    do {
      let database = try StoreFile.openForReading(path, salvaging: true).0
      let found = try database.read(StoreFile.tables)
      for model in models {
        let queue = try DatabaseQueue(path: model)
        defer { try? queue.close() }
        if try queue.read(StoreFile.tables) == found { return database }
      }
    } catch  where error.isDamage {}
    guard let size = StoreFile.size(of: path), size > 4096 else { throw EmptyFile() }
    var best: (count: Int, database: any DatabaseReader)?
    for model in models {
      let database = try openCopy(of: path, at: "\(model).copy.sqlite", pages: size / 4096, firstPageOf: model)
      let count = (try? database.unsafeRead { intact(ResultRow.self, $0).count }) ?? 0
      if count > best?.count ?? -1 { best = (count, database) }
    }
    guard let best else { throw EmptyFile() }
    return best.database
  }

  private static func openCopy(
    of path: String, at copy: String, pages: Int, firstPageOf model: String
  ) throws -> any DatabaseReader {
    for part in ["", "-wal"] where StoreFile.size(of: path + part) != nil {
      try FileManager.default.copyItem(atPath: path + part, toPath: copy + part)
    }
    var page = try readBytes(ofFile: model, atMost: 4096)
    page.replaceSubrange(28..<32, with: withUnsafeBytes(of: UInt32(pages).bigEndian) { Array($0) })
    // No pages are free.
    page.replaceSubrange(32..<40, with: repeatElement(0, count: 8))
    let file = try FileHandle(forWritingTo: URL(filePath: copy))
    try file.write(contentsOf: page)
    try file.close()
    return try StoreFile.openForReading(copy, salvaging: true).0
  }

  private mutating func copy(_ damaged: any DatabaseReader, to fresh: String) throws {
    let queue = try DatabaseQueue(path: fresh)
    defer { try? queue.close() }
    // A transaction would fail at its end where a statement has failed.
    try damaged.unsafeRead { damaged in
      let rows = Self.intact(ResultRow.self, damaged)
      let contents = Dictionary(Self.intact(ContentRow.self, damaged).map { ($0.id, $0) }) { first, _ in first }
      try queue.write { database in
        for row in Self.intact(ProvenanceRow.self, damaged) { try row.write(database, id: nil) }
        var saved: Set<Int64> = []
        for row in rows {
          guard let content = contents[row.id], content.belongs(to: row) else {
            lost.append(Self.name(row.result))
            continue
          }
          try row.write(database, id: row.id)
          try content.write(database, id: row.id)
          saved.insert(row.id)
        }
        states = try Self.copyStates(of: rows.filter { saved.contains($0.id) }, damaged, to: database)
        results = saved.count
        // The damaged store may be of an older version, which it need not be able to say.
        try KeyMigration.run(database)
      }
      let known = Set(rows.map(\.result.digest))
      lost += Self.names(damaged).filter { !known.contains($0) }.map { String($0.prefix(12)) }
    }
  }

  /// Copies the states of which every piece is there and intact.
  ///
  /// - Returns: their number.
  private static func copyStates(of rows: [ResultRow], _ damaged: Database, to database: Database) throws -> Int {
    var count = 0
    for row in rows {
      guard let pieces = try? ResultStore.pieces(of: row, damaged), !pieces.isEmpty else { continue }
      for piece in pieces { try piece.write(database, id: nil) }
      count += 1
    }
    return count
  }

  /// The intact rows of a table, in order.
  private static func intact<Kind: ClosedRow>(_ kind: Kind.Type, _ database: Database) -> [Kind] {
    readable(kind, database).filter(\.isIntact)
  }

  /// The rows of a table that can be read, in order. Past the first page that cannot, every row is asked for by its number.
  private static func readable<Kind: StoreRow>(_ kind: Kind.Type, _ database: Database) -> [Kind] {
    var rows: [Kind] = []
    var next: Int64 = 1
    let select = "SELECT \(Kind.selection) FROM \(Kind.table) NOT INDEXED"
    func take(_ row: Row) {
      if let read = try? Kind(row: row) { rows.append(read) }
    }
    do {
      let cursor = try Row.fetchCursor(database, sql: "\(select) ORDER BY id")
      while let row = try cursor.next() {
        take(row)
        next = (try? row.decode(Int64.self, atIndex: 0)).map { $0 + 1 } ?? next
      }
    } catch {
      guard let statement = try? database.makeStatement(sql: "\(select) WHERE id = ?") else { return rows }
      for id in stride(from: next, through: largestNumber(database), by: 1) {
        if let row = try? Row.fetchOne(statement, arguments: [id]) { take(row) }
      }
    }
    return rows
  }

  /// No row has a larger number, as far as that can be read; no page holds more than a hundred rows.
  private static func largestNumber(_ database: Database) -> Int64 {
    let known = ["result", "content", "piece", "provenance"].map { table in
      try? Int64.fetchOne(database, sql: "SELECT coalesce(max(id), 0) FROM \(table)")
    }
    let pages = (try? Int64.fetchOne(database, sql: "PRAGMA page_count")) ?? 0
    // Results and their contents have the same numbers.
    return known[0...1].compactMap { $0 }.max().map { max($0, known[2] ?? 100 * pages) } ?? 100 * pages
  }

  /// Names of all results, from the index.
  private static func names(_ database: Database) -> [String] {
    var names: [String] = []
    let cursor = try? String.fetchCursor(database, sql: "SELECT digest FROM result ORDER BY digest")
    while let name = try? cursor?.next() { names.append(name) }
    return names.filter { $0.count == 32 && $0.allSatisfy(\.isHexDigit) }
  }

  private static func name(_ result: StoredResult) -> String {
    ([result.shortName, result.summary.title] + result.summary.parameters.map { "\($0.path) = \($0.value)" })
      .filter { !$0.isEmpty }.joined(separator: " ")
  }

  /// What happened, in a sentence.
  func report(because error: any Error) -> String {
    let reason = (error as? DatabaseError).map { $0.message ?? $0.resultCode.description } ?? "\(error)"
    let saved =
      isUnreadable
      ? "nothing in it could be read"
      : "\(results) results" + (states > 0 ? " and \(states) states of unfinished work" : "") + " were saved"
    let shown = lost.prefix(20).joined(separator: "; ") + (lost.count > 20 ? "; ..." : "")
    let missing = lost.isEmpty ? "" : ", \(lost.count) are known to be lost and will be computed again: \(shown)"
    return "\(path): the store was damaged (\(reason)); \(saved)\(missing); the damaged file is kept as \(keptAs)"
  }
}
