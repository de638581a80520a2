import Foundation
import NessFiles
import NessModel
internal import GRDB

extension ResultStore {
  /// The results kept, newest first; a damaged row is told to `warn` and left out.
  ///
  /// - Parameters:
  ///   - title: part of the title, in any case; nil for all.
  ///   - unfinished: only work that has begun and has no result yet.
  ///   - limit: at most this many.
  /// - Throws: `StoreError` if the store cannot be read.
  package func results(
    title: String? = nil, unfinished: Bool = false, limit: Int? = nil
  ) throws(StoreError) -> [StoredResult] {
    try rows(title: title, unfinished: unfinished, limit: limit).map(\.result)
  }

  func rows(title: String?, unfinished: Bool, limit: Int?) throws(StoreError) -> [ResultRow] {
    var conditions: [String] = []
    var arguments: StatementArguments = []
    if let title {
      conditions.append("instr(lower(title), lower(?)) > 0")
      arguments += [title]
    }
    if unfinished { conditions.append("NOT isFinished") }
    let filter = conditions.isEmpty ? "" : "WHERE \(conditions.joined(separator: " AND "))"
    let sql = """
      SELECT \(ResultRow.selection), content.key FROM result NOT INDEXED LEFT JOIN content ON content.id = result.id
      \(filter) ORDER BY started DESC, result.id DESC LIMIT \(limit ?? -1)
      """
    var damaged = 0
    let rows = try read { database in
      damaged = 0
      var rows: [ResultRow] = []
      // Behind a damaged index a result may have been kept twice.
      var names: Set<String> = []
      let cursor = try Row.fetchCursor(database, sql: sql, arguments: arguments)
      while let row = try cursor.next() {
        let key = try? row.decode(String.self, atIndex: ResultRow.columns.count + 1)
        guard var row = try? ResultRow(row: row), row.isIntact else {
          damaged += 1
          continue
        }
        row.takeEngines(from: key)
        if names.insert(row.result.digest).inserted { rows.append(row) }
      }
      return rows
    }
    if damaged > 0 {
      warn("\(path): \(damaged) result\(damaged == 1 ? " is" : "s are") damaged, left out, and will be computed again")
    }
    return rows
  }

  /// The one result whose name begins with some hexadecimal digits, or did so before version 3 of the store.
  ///
  /// - Throws: `StoreError` if there is none, or more than one, or the store cannot be read.
  package func result(named prefix: String) throws(StoreError) -> StoredResult {
    let name = prefix.lowercased()
    let isName = !name.isEmpty && name.allSatisfy(\.isHexDigit)
    let select = "SELECT \(ResultRow.selection), content.key FROM result LEFT JOIN content ON content.id = result.id"
    let rows: [Row] = try read { database in
      // Behind every name that begins so: no digit comes after f.
      let found = try Row.fetchAll(
        database, sql: "\(select) WHERE digest >= ? AND digest < ? ORDER BY digest LIMIT 5",
        arguments: [name, name + "g"])
      guard isName, found.isEmpty else { return found }
      var former: [Row] = []
      let all = try Row.fetchCursor(database, sql: select)
      while former.count < 5, let row = try all.next() {
        let key = try? row.decode(String.self, atIndex: ResultRow.columns.count + 1)
        if let key, FormerKeys.isNamed(name, key: key) { former.append(row.copy()) }
      }
      return former
    }
    guard isName, let first = rows.first else {
      throw StoreError(
        path: path, reason: "no result is named \(shortened(prefix))", remedy: "ness list shows their names")
    }
    let intact = rows.compactMap { row -> ResultRow? in
      guard var found = try? ResultRow(row: row), found.isIntact else { return nil }
      found.takeEngines(from: try? row.decode(String.self, atIndex: ResultRow.columns.count + 1))
      return found
    }
    if rows.count > 1 {
      let names = intact.map { "\($0.result.digest.prefix(max(12, name.count + 2))) \($0.result.summary.title)" }
      throw StoreError(
        path: path, reason: "several results are named \(prefix)...: \(names.joined(separator: ", "))",
        remedy: "give more digits")
    }
    guard let row = intact.first else {
      throw StoreError(
        path: path, reason: "result \((try? first.decode(String.self, atIndex: 1)) ?? name) is damaged",
        remedy: "compute it again, or remove it")
    }
    return row.result
  }

  /// Everything kept of a result.
  ///
  /// - Throws: `StoreError` if it is damaged or was removed meanwhile, or the store cannot be read.
  package func detail(of result: StoredResult) throws(StoreError) -> StoredDetail {
    let found: Detail? = try read { database in
      guard let entry = try Self.intact("digest", [result.digest], database) else { return nil }
      let owner = try Self.row(ProvenanceRow.self, "digest = ?", [entry.row.provenance], database)
      var row = entry.row
      row.takeEngines(from: entry.content.key)
      return Detail(
        row: row, content: entry.content, owner: try? owner.map(ProvenanceRow.init(row:)),
        pieces: try Self.pieces(of: row, database))
    }
    guard let found else {
      throw StoreError(
        path: path, reason: "result \(result.shortName) is damaged", remedy: "compute it again, or remove it")
    }
    if found.pieces == nil { warn("\(path): the state of \(result.shortName) is damaged and left out") }
    let pieces = (found.pieces ?? []).map {
      StoredDetail.PieceNote(
        index: $0.piece.index, done: $0.piece.done, bytes: $0.piece.state.count, updated: $0.piece.updated)
    }
    return StoredDetail(
      result: found.row.result, key: found.content.key, payload: found.content.payload,
      provenance: found.owner.flatMap { $0.isIntact ? $0.provenance : nil }, pieces: pieces)
  }

  private struct Detail {
    let row: ResultRow
    let content: ContentRow
    let owner: ProvenanceRow?
    /// Nil if they are damaged.
    let pieces: [PieceRow]?
  }

  /// Removes results, with the states of unfinished work that belong to them, and gives the space back when the store is
  /// closed.
  ///
  /// - Throws: `StoreError` if the store cannot be written; then all of them stay.
  package func remove(_ results: [StoredResult]) throws(StoreError) {
    try write([]) { database in
      for result in results {
        guard
          let id = try Int64.fetchOne(
            database, sql: "SELECT id FROM result WHERE digest = ?", arguments: [result.digest])
        else { continue }
        try Self.remove(id, database)
      }
      try database.execute(sql: "DELETE FROM provenance WHERE digest NOT IN (SELECT provenance FROM result)")
    }
  }
}
