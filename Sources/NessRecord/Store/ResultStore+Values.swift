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
  ///   - family: name of the work in general, if its state stays, so that it can go on later; it takes the place of
  ///     those of the family's other results. A state of more than `largestKeptState` does not stay.
  /// - Throws: `StoreError` if it cannot be written (no permission, full disk) or has no JSON form; what was there stays.
  public func save<Value: Codable>(
    _ value: Value, for key: CacheKey, summary: ResultSummary, family: CacheKey? = nil
  ) throws(StoreError) {
    let payload: String
    do {
      payload = try OrderedJSON.text(of: value)
    } catch {
      throw StoreError(path, "the result cannot be written", error)
    }
    let owner = try owner()
    let row = ResultRow(
      StoredResult(digest: key.digest, summary: summary, isFinished: true, family: family?.digest),
      provenance: owner.digest)
    try write { database in
      let id = try Self.put(row, ContentRow(key: key.description, payload: payload), owner, database)
      if let family, try Self.bytesOfState(id, database) <= Self.largestKeptState {
        try Self.removeStates(ofFamily: family, but: id, database)
      } else {
        try database.execute(sql: "DELETE FROM piece WHERE result = ?", arguments: [id])
      }
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
