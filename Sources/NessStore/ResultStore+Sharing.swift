import Foundation
import NessFiles
internal import GRDB

extension ResultStore {
  /// Those of some results that are finished and intact.
  ///
  /// - Parameter digests: names of results.
  /// - Throws: `StoreError` if the store cannot be read.
  package func finished(among digests: some Collection<String>) throws(StoreError) -> Set<String> {
    try read { database in
      try Set(digests.filter { try Self.intact("digest", [$0], database)?.row.result.isFinished == true })
    }
  }

  /// Size of its file without what was written last [bytes].
  package var bytes: Int { StoreFile.size(of: path) ?? 0 }

  /// How far all states together are, in their owners' units: it grows while unfinished work advances.
  package func savedWork() throws(StoreError) -> Double {
    try read { try Double.fetchOne($0, sql: "SELECT total(done) FROM piece") ?? 0 }
  }

  /// Whether work of some families has left a state to go on from.
  package func hasStates(ofFamilies families: Set<String>) throws(StoreError) -> Bool {
    try read { database in
      let statement = try database.cachedStatement(
        sql: "SELECT 1 FROM result JOIN piece ON piece.result = result.id WHERE family = ? LIMIT 1")
      return try families.contains { try Int.fetchOne(statement, arguments: [$0]) != nil }
    }
  }

  /// Writes a copy that other machines may read at any time, in place of the last one. A store in use has a log that only
  /// its own machine can read; the copy is one file, whole under its name or not there.
  ///
  /// - Parameter directory: holds the copy, `results.sqlite`.
  /// - Throws: `StoreError` if it cannot be written; the last copy stays.
  package func publish(to directory: String) throws(StoreError) {
    let target = "\(directory)/results.sqlite"
    do {
      try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
      let scratch = try ScratchFolder(in: directory)
      let temporary = "\(scratch.path)/copy.sqlite"
      try vacuum(into: temporary)
      guard rename(temporary, target) == 0 else { throw SystemFault(code: errno) }
    } catch {
      throw StoreError(target, "the copy cannot be written", error)
    }
  }
}
