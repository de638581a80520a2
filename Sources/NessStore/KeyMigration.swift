internal import GRDB

/// Gives what older stores hold the names of today, so that it is found again where its engines are those of today, and is
/// known as the work of older engines where they are not.
enum KeyMigration {
  /// Renames all results whose key is of before version 3. Renamed once, they stay as they are. Damaged rows are left alone.
  ///
  /// In the transaction of its caller: all of it is done, or nothing.
  static func run(_ database: Database) throws {
    for id in try Int64.fetchAll(database, sql: "SELECT id FROM result ORDER BY id") {
      guard let entry = try ResultStore.Entry(id: id, database), let renamed = entry.renamed else { continue }
      let name = renamed.row.result.digest
      if let other = try Int64.fetchOne(database, sql: "SELECT id FROM result WHERE digest = ?", arguments: [name]) {
        // Two engines that give the same number, of which one is enough.
        let isBetter = try ResultStore.Entry(id: other, database).map(renamed.isBetter) ?? true
        try ResultStore.remove(isBetter ? other : id, database)
        if !isBetter { continue }
      }
      try renamed.row.write(database, id: id)
      try renamed.content.write(database, id: id)
      try database.execute(sql: "DELETE FROM piece WHERE result = ?", arguments: [id])
      try renamed.writePieces(of: id, database)
    }
  }
}

extension ResultStore.Entry {
  /// The same under its name of today; nil if it has that.
  fileprivate var renamed: ResultStore.Entry? {
    guard let key = FormerKeys.renewed(content.key) else { return nil }
    let old = row.result
    // The name of a family is the hash of a key too: that of the result, or one that follows from it.
    var family = old.family
    if family == old.digest {
      family = stableHash(key.utf8)
    } else if let text = FormerKeys.family(ofRun: content.key), family == stableHash(text.utf8),
      let renewed = FormerKeys.renewed(text)
    {
      family = stableHash(renewed.utf8)
    }
    let result = StoredResult(
      digest: stableHash(key.utf8), summary: old.summary, isFinished: old.isFinished, family: family)
    return ResultStore.Entry(
      row: ResultRow(result, provenance: row.provenance), content: ContentRow(key: key, payload: content.payload),
      owner: owner, pieces: pieces)
  }
}
