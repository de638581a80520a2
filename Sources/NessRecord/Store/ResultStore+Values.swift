import Foundation
internal import GRDB

extension ResultStore {
  /// The value kept for a key; nil if there is none, or none that can be used, which is told to `warn`.
  ///
  /// - Throws: `StoreError` if the store cannot be read.
  public func load<Value: Codable>(_ type: Value.Type, for key: CacheKey) throws(StoreError) -> Value? {
    let found: String?
    do throws(RowFault) {
      found = try payload(for: key)
    } catch {
      switch error {
      case .store(let error): throw error
      case .damaged(let reason):
        warn("\(path): a result is ignored, \(reason)")
        return nil
      }
    }
    guard let found else { return nil }
    do {
      return try JSONDecoder().decode(Value.self, from: Data(found.utf8))
    } catch {
      warn("\(path): result \(key.digest.prefix(12)) is ignored, its content is no \(Value.self)")
      return nil
    }
  }

  private enum RowFault: Error {
    case store(StoreError)
    case damaged(String)
  }

  /// The payload of a key, if it is finished and every row of it is intact.
  private func payload(for key: CacheKey) throws(RowFault) -> String? {
    let found: (result: Row, content: Row?)?
    do throws(StoreError) {
      found = try read { database in
        guard let result = try Self.row(ResultRow.self, "digest = ?", [key.digest], database) else { return nil }
        return (result, try Self.row(ContentRow.self, "id = ?", [result[0] as DatabaseValue], database))
      }
    } catch {
      throw .store(error)
    }
    guard let found else { return nil }
    let name = key.digest.prefix(12)
    guard let result = try? ResultRow(row: found.result), result.isIntact,
      let content = try? found.content.map(ContentRow.init(row:)), content.isIntact
    else { throw .damaged("\(name) is damaged (its hash does not fit) and will be computed again") }
    guard content.key == key.description else { throw .damaged("\(name) belongs to another key of the same hash") }
    return result.result.isFinished ? content.payload : nil
  }

  static func row<Kind: StoreRow>(
    _ kind: Kind.Type, _ condition: String, _ arguments: StatementArguments, _ database: Database
  ) throws -> Row? {
    try Row.fetchOne(
      database.cachedStatement(sql: "SELECT \(Kind.selection) FROM \(Kind.table) WHERE \(condition)"),
      arguments: arguments)
  }

  /// Keeps a value for a key, in place of what was there.
  ///
  /// - Parameters:
  ///   - summary: what a list shows of it.
  ///   - keepsPieces: whether the states saved on the way stay, so that the work can go on later.
  /// - Throws: `StoreError` if it cannot be written (no permission, full disk) or has no JSON form; what was there stays.
  public func save<Value: Codable>(
    _ value: Value, for key: CacheKey, summary: ResultSummary, keepsPieces: Bool = false
  ) throws(StoreError) {
    let payload: String
    do {
      payload = try OrderedJSON.text(of: value)
    } catch {
      throw StoreError(path, "the result cannot be written", error)
    }
    let owner = try owner()
    let row = ResultRow(
      StoredResult(digest: key.digest, summary: summary, isFinished: true), provenance: owner.digest)
    try write { database in
      let id = try Self.put(row, ContentRow(key: key.description, payload: payload), owner, database)
      if !keepsPieces { try database.execute(sql: "DELETE FROM piece WHERE result = ?", arguments: [id]) }
    }
  }

  /// Writes a result in place of one with the same name.
  ///
  /// - Returns: its `id`.
  @discardableResult
  static func put(
    _ row: ResultRow, _ content: ContentRow, _ owner: ProvenanceRow?, _ database: Database
  ) throws -> Int64 {
    if let owner, try self.row(ProvenanceRow.self, "digest = ?", [owner.digest], database) == nil {
      try owner.write(database, id: nil)
    }
    let known = try Int64.fetchOne(
      database, sql: "SELECT id FROM result WHERE digest = ?", arguments: [row.result.digest])
    try row.write(database, id: known)
    let id = known ?? database.lastInsertedRowID
    try content.write(database, id: id)
    return id
  }
}

extension ResultStore {
  /// Keeps states of unfinished work, all or none, each in place of the one with its index.
  ///
  /// - Parameter summary: what a list shows of the work so far.
  /// - Throws: `StoreError` if they cannot be written; earlier states stay.
  public func savePieces(
    _ pieces: [StoredPiece], for key: CacheKey, summary: ResultSummary
  ) throws(StoreError) {
    let owner = try owner()
    let row = ResultRow(
      StoredResult(digest: key.digest, summary: summary, isFinished: false), provenance: owner.digest)
    try write { database in
      let known = try Self.row(ResultRow.self, "digest = ?", [key.digest], database).flatMap { try? ResultRow(row: $0) }
      // A result that is there stays while work goes on beyond it.
      let id =
        known?.result.isFinished == true
        ? known?.id ?? 0 : try Self.put(row, ContentRow(key: key.description, payload: nil), owner, database)
      for piece in pieces { try PieceRow(result: id, piece: piece).write(database, id: nil) }
    }
  }

  /// The states kept for a key, by index; damaged ones are told to `warn` and left out.
  ///
  /// - Throws: `StoreError` if the store cannot be read.
  public func pieces(for key: CacheKey) throws(StoreError) -> [StoredPiece] {
    let rows = try read { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT \(PieceRow.selection) FROM piece JOIN result ON result.id = piece.result
          JOIN content ON content.id = result.id WHERE digest = ? AND key = ? ORDER BY number
          """, arguments: [key.digest, key.description])
    }
    let intact = rows.compactMap { try? PieceRow(row: $0) }.filter(\.isIntact)
    if intact.count < rows.count {
      warn(
        "\(path): \(rows.count - intact.count) of \(rows.count) saved states of \(key.digest.prefix(12)) are damaged and "
          + "will be computed again")
    }
    return intact.map(\.piece)
  }

  /// Forgets the states kept for a key, and the work itself if it has no result.
  ///
  /// - Throws: `StoreError` if the store cannot be written.
  public func removePieces(for key: CacheKey) throws(StoreError) {
    try write { database in
      guard
        let id = try Int64.fetchOne(
          database, sql: "SELECT id FROM result WHERE digest = ?", arguments: [key.digest])
      else { return }
      try database.execute(sql: "DELETE FROM piece WHERE result = ?", arguments: [id])
      let isFinished = try Bool.fetchOne(database, sql: "SELECT isFinished FROM result WHERE id = ?", arguments: [id])
      if isFinished != true { try Self.remove(id, database) }
    }
  }

  static func remove(_ id: Int64, _ database: Database) throws {
    for sql in [
      "DELETE FROM piece WHERE result = ?", "DELETE FROM content WHERE id = ?", "DELETE FROM result WHERE id = ?",
    ] {
      try database.cachedStatement(sql: sql).execute(arguments: [id])
    }
  }
}
