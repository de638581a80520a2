import Foundation
internal import GRDB

extension ResultStore {
  /// The results kept, newest first; a damaged row is told to `warn` and left out.
  ///
  /// - Parameters:
  ///   - title: part of the title, in any case; nil for all.
  ///   - unfinished: only work that has begun and has no result yet.
  ///   - limit: at most this many.
  /// - Throws: `StoreError` if the store cannot be read.
  public func results(
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
      SELECT \(ResultRow.selection) FROM result \(filter) ORDER BY started DESC, id DESC LIMIT \(limit ?? -1)
      """
    var damaged = 0
    let rows = try read { database in
      damaged = 0
      var rows: [ResultRow] = []
      let cursor = try Row.fetchCursor(database, sql: sql, arguments: arguments)
      while let row = try cursor.next() {
        if let row = try? ResultRow(row: row), row.isIntact { rows.append(row) } else { damaged += 1 }
      }
      return rows
    }
    if damaged > 0 {
      warn("\(path): \(damaged) result\(damaged == 1 ? " is" : "s are") damaged, left out, and will be computed again")
    }
    return rows
  }

  /// The one result whose name begins with some hexadecimal digits.
  ///
  /// - Throws: `StoreError` if there is none, or more than one, or the store cannot be read.
  public func result(named prefix: String) throws(StoreError) -> StoredResult {
    let name = prefix.lowercased()
    let rows: [Row] = try read { database in
      // Behind every name that begins so: no digit comes after f.
      try Row.fetchAll(
        database,
        sql: "SELECT \(ResultRow.selection) FROM result WHERE digest >= ? AND digest < ? ORDER BY digest LIMIT 5",
        arguments: [name, name + "g"])
    }
    guard !name.isEmpty, name.allSatisfy(\.isHexDigit), let first = rows.first else {
      throw StoreError(
        path: path, reason: "no result is named \(shortened(prefix))", remedy: "ness list shows their names")
    }
    let intact = rows.compactMap { try? ResultRow(row: $0) }.filter(\.isIntact)
    if rows.count > 1 {
      let names = intact.map { "\($0.result.digest.prefix(max(12, name.count + 2))) \($0.result.summary.title)" }
      throw StoreError(
        path: path, reason: "several results are named \(prefix)...: \(names.joined(separator: ", "))",
        remedy: "give more digits")
    }
    guard let row = intact.first else {
      throw StoreError(
        path: path, reason: "result \((first[1] as String?) ?? name) is damaged",
        remedy: "compute it again, or remove it")
    }
    return row.result
  }

  /// Everything kept of a result.
  ///
  /// - Throws: `StoreError` if it is damaged or was removed meanwhile, or the store cannot be read.
  public func detail(of result: StoredResult) throws(StoreError) -> StoredDetail {
    let found: (Row, Row?, Row?, [Row])? = try read { database in
      guard let row = try Self.row(ResultRow.self, "digest = ?", [result.digest], database) else { return nil }
      let id = row[0] as DatabaseValue
      return (
        row, try Self.row(ContentRow.self, "id = ?", [id], database),
        try Self.row(ProvenanceRow.self, "digest = ?", [(try? ResultRow(row: row))?.provenance], database),
        try Row.fetchAll(
          database,
          sql: "SELECT number, done, length(state), updated FROM piece WHERE result = ? ORDER BY number",
          arguments: [id])
      )
    }
    guard let found, let row = try? ResultRow(row: found.0), let content = try? found.1.map(ContentRow.init(row:)),
      content.isIntact
    else {
      throw StoreError(
        path: path, reason: "result \(result.shortName) is damaged", remedy: "compute it again, or remove it")
    }
    let owner = (try? found.2.map(ProvenanceRow.init(row:))).flatMap { $0.isIntact ? $0.provenance : nil }
    let pieces = found.3.compactMap { row in
      try? StoredDetail.PieceNote(
        index: row.decode(atIndex: 0), done: row.decode(atIndex: 1), bytes: row.decode(atIndex: 2),
        updated: row.decode(atIndex: 3))
    }
    return StoredDetail(
      result: row.result, key: content.key, payload: content.payload, provenance: owner, pieces: pieces)
  }

  /// Removes results, with the states of unfinished work that belong to them, and gives the space back.
  ///
  /// - Throws: `StoreError` if the store cannot be written; then all of them stay.
  public func remove(_ results: [StoredResult]) throws(StoreError) {
    try write { database in
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
