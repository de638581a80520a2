import Foundation
internal import GRDB

extension ResultStore {
  /// Keeps the state of a piece of work, wholly or not at all, in place of the one that was kept.
  ///
  /// - Parameters:
  ///   - state: its pieces are made while they are written.
  ///   - summary: what a list shows of the work so far.
  ///   - family: name of the work in general: all of it may go on from here.
  /// - Throws: `StoreError` if they cannot be written; earlier states stay.
  public func save(
    _ state: StoredState, for key: CacheKey, summary: ResultSummary, family: CacheKey? = nil
  ) throws(StoreError) {
    let owner = try owner()
    let row = ResultRow(
      StoredResult(digest: key.digest, summary: summary, isFinished: false, family: family?.digest),
      provenance: owner.digest)
    try write { database in
      let known = try Self.row(ResultRow.self, "digest = ?", [key.digest], database).flatMap { try? ResultRow(row: $0) }
      // A result that is there stays while work goes on beyond it.
      let id =
        known?.result.isFinished == true
        ? known?.id ?? 0 : try Self.put(row, ContentRow(key: key.description, payload: nil), owner, database)
      try database.execute(sql: "DELETE FROM piece WHERE result = ?", arguments: [id])
      for index in 0..<state.count {
        let piece = StoredPiece(index: index, state: try state.piece(index), done: state.done)
        try PieceRow(result: id, piece: piece).write(database, id: nil)
      }
    }
  }

  /// The states that work of a family has left, the furthest first. Their pieces are read when they are asked for.
  ///
  /// - Throws: `StoreError` if the store cannot be read.
  public func states(ofFamily family: CacheKey) throws(StoreError) -> [StoredState] {
    let rows = try read { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT result.id, count(*), max(done) FROM piece JOIN result ON result.id = piece.result
          WHERE family = ? GROUP BY result.id ORDER BY max(done) DESC, result.id
          """, arguments: [family.digest])
    }
    return rows.map { row in
      let id: Int64 = row[0]
      return StoredState(count: row[1], done: row[2]) { [self] number in try piece(number, ofResult: id) }
    }
  }

  /// The state of one piece.
  private func piece(_ number: Int, ofResult id: Int64) throws -> Data {
    let row = try read { database in
      try Row.fetchOne(
        database.cachedStatement(sql: "SELECT \(PieceRow.selection) FROM piece WHERE result = ? AND number = ?"),
        arguments: [id, number])
    }
    guard let piece = try row.map({ try PieceRow(row: $0) }), piece.isIntact else {
      throw StoreError(path: path, reason: "a saved state is damaged", remedy: "the work starts anew")
    }
    return piece.piece.state
  }

  /// Size above which the state of finished work does not stay [bytes].
  static let largestKeptState = 64 << 20

  static func bytesOfState(_ id: Int64, _ database: Database) throws -> Int {
    try Int.fetchOne(database, sql: "SELECT sum(length(state)) FROM piece WHERE result = ?", arguments: [id]) ?? 0
  }

  /// Forgets the states of a family's finished results but one, which is the furthest.
  static func removeStates(ofFamily family: CacheKey, but id: Int64, _ database: Database) throws {
    try database.execute(
      sql: """
        DELETE FROM piece WHERE result IN (SELECT id FROM result WHERE family = ? AND isFinished AND id != ?)
        """, arguments: [family.digest, id])
  }

  /// Forgets a result and all that belongs to it.
  static func remove(_ id: Int64, _ database: Database) throws {
    for sql in [
      "DELETE FROM piece WHERE result = ?", "DELETE FROM content WHERE id = ?", "DELETE FROM result WHERE id = ?",
    ] {
      try database.cachedStatement(sql: sql).execute(arguments: [id])
    }
  }
}
