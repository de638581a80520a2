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
  package func save(
    _ state: StoredState, for key: CacheKey, summary: ResultSummary, family: CacheKey? = nil
  ) throws(StoreError) {
    let owner = try owner()
    let row = ResultRow(
      StoredResult(digest: key.digest, summary: summary, isFinished: false, family: family?.digest),
      provenance: owner.digest)
    try write([key.digest]) { database in
      // A result that is there stays while work goes on beyond it.
      let known = try Self.intact("digest", [key.digest], database)?.row
      let id =
        try known.flatMap { $0.result.isFinished ? $0.id : nil }
        ?? Self.put(row, ContentRow(key: key.description, payload: nil), owner, database)
      try database.execute(sql: "DELETE FROM piece WHERE result = ?", arguments: [id])
      let owner = PieceRow.Owner(row.result, pieces: state.count)
      for index in 0..<state.count {
        let piece = StoredPiece(index: index, state: try state.piece(index), done: state.done)
        try PieceRow(result: id, piece: piece, of: owner).write(database, id: nil)
      }
      let found = try Int.fetchOne(database, sql: "SELECT count(*) FROM piece WHERE result = ?", arguments: [id])
      if found != state.count { throw DamagedTables() }
    }
  }

  /// The states that work of a family has left, the furthest first. Their pieces are read when they are asked for; a state
  /// that is found damaged before is told to `warn` and left out.
  ///
  /// - Throws: `StoreError` if the store cannot be read.
  package func states(ofFamily family: CacheKey) throws(StoreError) -> [StoredState] {
    let found = try read { database in
      let rows = try Row.fetchAll(
        database, sql: "SELECT \(ResultRow.selection) FROM result WHERE family = ? ORDER BY id",
        arguments: [family.digest])
      return try rows.compactMap { try? ResultRow(row: $0) }
        .filter { $0.isIntact && $0.result.family == family.digest }
        .map { (row: $0, extent: try Self.extent(of: $0, database)) }
    }
    for (row, extent) in found where extent == .damaged {
      warn("\(path): a state of \(row.result.shortName) is damaged and left out")
    }
    let whole = found.compactMap { row, extent in
      if case .pieces(let count, let done) = extent, count > 0 { (row: row, count: count, done: done) } else { nil }
    }
    return whole.sorted { ($1.done, $0.row.id) < ($0.done, $1.row.id) }.map { row, count, done in
      StoredState(count: count, done: done) { [self] number in try piece(number, of: count, done: done, row) }
    }
  }

  /// How much there is of a state.
  private enum Extent: Equatable {
    case pieces(Int, done: Double)
    case damaged
  }

  /// Number of pieces and how far they are, without reading them.
  private static func extent(of row: ResultRow, _ database: Database) throws -> Extent {
    let rows = try Row.fetchAll(
      database.cachedStatement(sql: "SELECT number, done FROM piece WHERE result = ? ORDER BY number"),
      arguments: [row.id])
    let done = try? rows.first?.decode(Double.self, atIndex: 1)
    for (number, row) in rows.enumerated() {
      guard (try? row.decode(Int.self, atIndex: 0)) == number, (try? row.decode(Double.self, atIndex: 1)) == done else {
        return .damaged
      }
    }
    return .pieces(rows.count, done: done ?? 0)
  }

  /// The state of one piece of so many.
  private func piece(_ number: Int, of count: Int, done: Double, _ row: ResultRow) throws -> Data {
    let found = try read { database in
      try Row.fetchOne(
        database.cachedStatement(sql: "SELECT \(PieceRow.selection) FROM piece WHERE result = ? AND number = ?"),
        arguments: [row.id, number])
    }
    guard let piece = try? found.map(PieceRow.init(row:)), piece.piece.index == number, piece.piece.done == done,
      piece.isIntact(of: PieceRow.Owner(row.result, pieces: count))
    else {
      throw StoreError(path: path, reason: "a saved state is damaged", remedy: "the work starts anew")
    }
    return piece.piece.state
  }

  /// The whole state of a result, empty if it has none; nil if any of it is damaged.
  ///
  /// - Parameter id: of the result, if it is not in the row yet.
  static func pieces(of row: ResultRow, at id: Int64? = nil, _ database: Database) throws -> [PieceRow]? {
    let rows = try Row.fetchAll(
      database.cachedStatement(sql: "SELECT \(PieceRow.selection) FROM piece WHERE result = ? ORDER BY number"),
      arguments: [id ?? row.id])
    let owner = PieceRow.Owner(row.result, pieces: rows.count)
    let pieces = rows.compactMap { try? PieceRow(row: $0) }
    let isWhole = zip(pieces, 0...).allSatisfy { piece, number in
      piece.piece.index == number && piece.piece.done == pieces[0].piece.done && piece.isIntact(of: owner)
    }
    return isWhole && pieces.count == rows.count ? pieces : nil
  }

  /// Forgets unfinished work that nobody needs any more; what is finished stays.
  ///
  /// - Throws: `StoreError` if the store cannot be written.
  package func forgetWork(_ key: CacheKey) throws(StoreError) {
    try write([]) { database in
      guard let row = try Self.intact("digest", [key.digest], database)?.row, !row.result.isFinished else { return }
      try Self.remove(row.id, database)
    }
  }

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
