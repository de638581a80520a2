import Foundation
internal import GRDB

/// What a merge did.
package struct MergeReport: Codable, Hashable, Sendable {
  /// Results and unfinished work that were new.
  package var added = 0
  /// Those that took the place of a less precise or less advanced one.
  package var replaced = 0
  /// Those that were here already, as good or better.
  package var kept = 0
  /// Those that were damaged in the other store.
  package var damaged = 0

  /// Nothing was done.
  package init() {}

  /// Adds what another merge did.
  package static func += (sum: inout MergeReport, other: MergeReport) {
    sum.added += other.added
    sum.replaced += other.replaced
    sum.kept += other.kept
    sum.damaged += other.damaged
  }
}

extension ResultStore {
  /// Takes over what another store has: all that is new, and of what both have the better one. A finished result is
  /// better than an unfinished one, a smaller uncertainty than a larger one, and of unfinished work the more advanced;
  /// of equals this store's stays. Merging twice changes nothing.
  ///
  /// - Parameter families: only work of these families that has a state to go on from; nil for everything.
  /// - Throws: `StoreError` if one cannot be read or the other not be written; what was taken over until then stays.
  package func merge(_ other: ResultStore, families: Set<String>? = nil) throws(StoreError) -> MergeReport {
    var report = MergeReport()
    let names: [Int64] = try other.read { try Self.names(ofFamilies: families, $0) }
    // Other processes may write between two batches.
    for start in stride(from: 0, to: names.count, by: 200) {
      let batch = names[start..<min(start + 200, names.count)]
      let entries: [Entry?] = try other.read { database in try batch.map { try Entry(id: $0, database) } }
      report.damaged += entries.count { $0 == nil }
      let whole = entries.compactMap { $0 }
      let outcome: MergeReport = try write(whole.map(\.row.result.digest)) { database in
        var outcome = report
        for entry in whole { try Self.take(entry, into: database, &outcome) }
        return outcome
      }
      report = outcome
    }
    return report
  }

  private static func names(ofFamilies families: Set<String>?, _ database: Database) throws -> [Int64] {
    guard let families else { return try Int64.fetchAll(database, sql: "SELECT id FROM result ORDER BY id") }
    let statement = try database.cachedStatement(
      sql: "SELECT id FROM result WHERE family = ? AND EXISTS (SELECT 1 FROM piece WHERE result = result.id)")
    return try families.sorted().flatMap { try Int64.fetchAll(statement, arguments: [$0]) }
  }

  /// A result with all that belongs to it.
  struct Entry {
    let row: ResultRow
    let content: ContentRow
    let owner: ProvenanceRow?
    let pieces: [PieceRow]

    /// Nil if it is damaged.
    init?(id: Int64, _ database: Database) throws { try self.init("id", [id], database) }

    /// The result with this name; nil if there is none or it is damaged.
    init?(name: String, _ database: Database) throws { try self.init("digest", [name], database) }

    private init?(_ column: String, _ value: StatementArguments, _ database: Database) throws {
      guard let found = try ResultStore.intact(column, value, database) else { return nil }
      row = found.row
      content = found.content
      owner = try ResultStore.row(ProvenanceRow.self, "digest = ?", [found.row.provenance], database)
        .flatMap { try? ProvenanceRow(row: $0) }.flatMap { $0.isIntact ? $0 : nil }
      // A result is of use without its state, unfinished work is not.
      guard let state = try ResultStore.pieces(of: found.row, database) ?? (found.row.result.isFinished ? [] : nil)
      else { return nil }
      pieces = state
    }

    init(row: ResultRow, content: ContentRow, owner: ProvenanceRow?, pieces: [PieceRow]) {
      (self.row, self.content, self.owner, self.pieces) = (row, content, owner, pieces)
    }

    /// Writes the pieces of the result with an `id`, which has none.
    func writePieces(of id: Int64, _ database: Database) throws {
      let owner = PieceRow.Owner(row.result, pieces: pieces.count)
      for piece in pieces { try PieceRow(result: id, piece: piece.piece, of: owner).write(database, id: nil) }
    }

    private var done: Double { pieces.reduce(0) { $0 + $1.piece.done } }

    func isBetter(than other: Entry) -> Bool {
      if row.result.isFinished != other.row.result.isFinished { return row.result.isFinished }
      let error = row.result.summary.uncertainty ?? .infinity
      let otherError = other.row.result.summary.uncertainty ?? .infinity
      if row.result.isFinished && error != otherError { return error < otherError }
      return done > other.done
    }
  }

  static func take(_ entry: Entry, into database: Database, _ report: inout MergeReport) throws {
    let id = try Int64.fetchOne(
      database, sql: "SELECT id FROM result WHERE digest = ?", arguments: [entry.row.result.digest])
    let mine = try id.flatMap { try Entry(id: $0, database) }
    if let mine, !entry.isBetter(than: mine) {
      report.kept += 1
      return
    }
    if id == nil { report.added += 1 } else { report.replaced += 1 }
    let target = try put(entry.row, entry.content, entry.owner, database)
    try database.execute(sql: "DELETE FROM piece WHERE result = ?", arguments: [target])
    try entry.writePieces(of: target, database)
  }
}
