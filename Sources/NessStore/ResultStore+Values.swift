import Foundation
import NessFiles
import NessModel
import NessSampling
internal import GRDB

extension ResultStore {
  /// The value kept for a key; nil if there is none, or none that can be used, which is told to `warn`.
  ///
  /// - Throws: `StoreError` if the store cannot be read.
  package func load<Value: Codable>(_ type: Value.Type, for key: CacheKey) throws(StoreError) -> Value? {
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
    // Nothing there, or something that is damaged.
    let found: (isThere: Bool, entry: (row: ResultRow, content: ContentRow)?)
    do throws(StoreError) {
      found = try read { database in
        let there = try Int.fetchOne(
          database.cachedStatement(sql: "SELECT 1 FROM result WHERE digest = ?"), arguments: [key.digest])
        return (there != nil, try Self.intact("digest", [key.digest], database))
      }
    } catch {
      throw .store(error)
    }
    if !found.isThere { return nil }
    let name = key.digest.prefix(12)
    guard let entry = found.entry else {
      throw .damaged("\(name) is damaged (its hash does not fit) and will be computed again")
    }
    guard entry.content.key == key.description else {
      throw .damaged("\(name) belongs to another key of the same hash")
    }
    return entry.row.result.isFinished ? entry.content.payload : nil
  }

  /// A result with its content where a column has a value; nil if there is none, or any of it is damaged.
  static func intact(
    _ column: String, _ value: StatementArguments, _ database: Database
  ) throws -> (row: ResultRow, content: ContentRow)? {
    guard let found = try Self.row(ResultRow.self, "\(column) = ?", value, database),
      let row = try? ResultRow(row: found), row.isIntact,
      let text = try Self.row(ContentRow.self, "id = ?", [row.id], database),
      let content = try? ContentRow(row: text), content.isIntact, content.belongs(to: row)
    else { return nil }
    return (row, content)
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
  ///     those of the family's other results. It stays if it is worth its size, `SavedState.bytesWorthKeeping`.
  /// - Throws: `StoreError` if it cannot be written (no permission, full disk) or has no JSON form; what was there stays.
  package func save<Value: Codable>(
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
    try write([key.digest]) { database in
      let id = try Self.put(row, ContentRow(key: key.description, payload: payload), owner, database)
      if let family, try Self.bytesOfState(id, database) <= SavedState.bytesWorthKeeping(seconds: summary.wallSeconds),
        try Self.pieces(of: row, at: id, database)?.isEmpty == false
      {
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
    if let owner {
      let known = try self.row(ProvenanceRow.self, "digest = ?", [owner.digest], database)
      if (try? known.map(ProvenanceRow.init(row:)))?.isIntact != true { try owner.write(database, id: nil) }
    }
    let place = "SELECT id FROM result WHERE digest = ?"
    let known = try Int64.fetchOne(database, sql: place, arguments: [row.result.digest])
    try row.write(database, id: known)
    let id = known ?? database.lastInsertedRowID
    try content.write(database, id: id)
    // Behind a damaged index nobody would find it, now and for ever.
    let found = try Int64.fetchOne(database, sql: place, arguments: [row.result.digest])
    let family = try row.result.family.map {
      try Int64.fetchOne(
        database, sql: "SELECT id FROM result INDEXED BY resultByFamily WHERE family = ? AND id = ?",
        arguments: [$0, id])
    }
    guard found == id, family == nil || family == .some(id) else { throw DamagedTables() }
    return id
  }
}
