import Foundation
import NessFiles
internal import GRDB

extension ResultStore {
  /// Reads, once more if the file turns out to be damaged and could be replaced.
  func read<Value>(_ work: (Database) throws -> Value) throws(StoreError) -> Value {
    try attempt("the store cannot be read") { try $0.read(work) }
  }

  /// Writes in one transaction that excludes other writers. SQLite does not serve waiting writers in turn, so one that
  /// was left out tries again.
  ///
  /// - Parameter names: of the results that are kept by that: they are put back if the file is lost while it is in use.
  func write<Value>(_ names: some Sequence<String>, _ work: (Database) throws -> Value) throws(StoreError) -> Value {
    if isReadOnly {
      throw StoreError(path: path, reason: "the store cannot be written", remedy: StoreError.otherDirectory)
    }
    let isFirst = opened.withLock { !$0.isChecked }
    func checked(_ database: Database) throws -> Value {
      // What is kept behind a damaged index is not found again.
      if isFirst, try String.fetchOne(database, sql: "PRAGMA integrity_check('result')") != "ok" {
        throw DamagedTables(description: "its indices do not fit its results")
      }
      return try work(database)
    }
    let value: Value = try attempt("the result cannot be written") { database in
      for _ in 0..<5 {
        do {
          return try database.write(checked)
        } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
          usleep(.random(in: 1000...100_000))
        }
      }
      return try database.write(checked)
    }
    opened.withLock { opened in
      opened.isChecked = true
      opened.written.formUnion(names)
    }
    try reinstate()
    return value
  }

  private func attempt<Value>(
    _ what: String, _ work: (any DatabaseWriter) throws -> Value
  ) throws(StoreError) -> Value {
    if !isReadOnly { try reinstate() }
    let database = opened.withLock { $0.database }
    do {
      do {
        return try work(database)
      } catch  where error.isDamage {
        try replace(database, because: error)
        return try work(opened.withLock { $0.database })
      }
    } catch {
      throw StoreError(path, what, error)
    }
  }

  /// Replaces the file behind `damaged`, unless another thread has.
  private func replace(_ damaged: any DatabaseWriter, because error: any Error) throws {
    if isReadOnly { throw Self.damagedAndReadOnly(path) }
    try opened.withLock { opened in
      guard opened.database === damaged else { return }
      // Closed later it would remove the log of the new file, which has the same name.
      try? damaged.close()
      let database = try Self.replaceDamaged(path, opened.identity, opened.lock, because: error, warn)
      let written = opened.written
      opened = Self.opened(database, FileIdentity(path), path, opened.lock)
      opened.written = written
    }
  }

  /// Where the file that was opened was removed, or another one was put in its place, uses what is there now or makes a new
  /// one, and puts back what this process has kept.
  func reinstate() throws(StoreError) {
    do {
      try opened.withLock { opened in
        guard let identity = opened.identity, identity != FileIdentity(path) else { return }
        let lost = opened
        lost.lock.release()
        // Another file was put beside the log of the old one.
        if let log = lost.log, log == FileIdentity("\(path)-wal") { StoreFile.removeLog(of: path) }
        var fresh = try Self.openForWriting(path, warn)
        // Only the connection that is open still leads to the old file.
        let entries = try lost.database.writeWithoutTransaction { database in
          try lost.written.sorted().compactMap { try Entry(name: $0, database) }
        }
        var report = MergeReport()
        try fresh.database.write { database in
          for entry in entries { try Self.take(entry, into: database, &report) }
        }
        try? lost.database.close()
        fresh.written = lost.written
        opened = fresh
        warn(
          "\(path): the store was removed or replaced while it was in use; the \(entries.count) results and states that this "
            + "run has kept are in the one that is there now")
      }
    } catch {
      let fault = StoreError(path, "the store cannot be opened", error)
      throw StoreError(
        path: path,
        reason: "the store was removed or replaced, and what was kept cannot be put back: \(fault.reason)",
        remedy: fault.remedy)
    }
  }

  /// Writes all that is kept into a new file.
  func vacuum(into file: String) throws {
    let database = opened.withLock { $0.database }
    try database.vacuum(into: file)
  }

  /// Who computes what is being kept.
  func owner() throws(StoreError) -> ProvenanceRow {
    if isReadOnly {
      throw StoreError(path: path, reason: "the store cannot be written", remedy: StoreError.otherDirectory)
    }
    guard let provenance else {
      throw StoreError(path: path, reason: "opened for reading only", remedy: "tell who computes")
    }
    return ProvenanceRow(provenance)
  }
}
