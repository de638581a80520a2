internal import GRDB

extension ResultStore {
  /// The results kept, newest first, each with who computed it (nil if that was lost): two readings of the store, however
  /// many results there are. A damaged row is told to `warn` and left out.
  ///
  /// - Throws: `StoreError` if the store cannot be read.
  package func ownedResults() throws(StoreError) -> [(result: StoredResult, provenance: Provenance?)] {
    let rows = try rows(title: nil, unfinished: false, limit: nil)
    let owners = try read { database in
      try Row.fetchAll(database, sql: "SELECT \(ProvenanceRow.selection) FROM provenance")
        .compactMap { try? ProvenanceRow(row: $0) }.filter(\.isIntact)
    }
    let known = Dictionary(owners.map { ($0.digest, $0.provenance) }) { first, _ in first }
    return rows.map { ($0.result, known[$0.provenance]) }
  }
}
