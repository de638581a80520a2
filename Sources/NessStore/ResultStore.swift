import Foundation
import NessFiles
import Synchronization
internal import GRDB

/// Results kept in a SQLite file, so that nothing is computed twice: each under its key, beside it who computed it and
/// how, and the state of unfinished work to go on from.
///
/// Everything is written whole or not at all; several processes of one machine may use one store. Every row carries a
/// hash: a damaged one is told and counts as absent. A damaged file is replaced by what can be saved of it.
public final class ResultStore: Sendable {
  /// What is done where there is no store.
  public enum Opening: Sendable {
    /// A store is made.
    case creating
    /// That is an error.
    case existing
  }

  /// The directory.
  public let directory: String
  /// The file.
  public let path: String
  /// True if the store can be read and nothing can be kept in it.
  public let isReadOnly: Bool
  let warn: @Sendable (String) -> Void
  private let provenance: Provenance?
  private let opened: Mutex<Opened>

  /// The file in use.
  private struct Opened {
    var database: any DatabaseWriter
    let lock: StoreLock
    /// Which file it is; nil if only reading is possible.
    var identity: FileIdentity?
    /// The log that belongs to it.
    var log: FileIdentity?
    /// Names of what this process has kept.
    var written: Set<String> = []
    /// Whether its indices were found to fit.
    var isChecked = false
    var isClosed = false
  }

  /// The file of the store in a directory, or the file that is named itself.
  private static func file(in directory: String) -> String {
    directory.hasSuffix(".sqlite") ? directory : "\(directory)/results.sqlite"
  }

  /// Whether there is a store in a directory, or as the file that is named itself.
  package static func exists(in directory: String) -> Bool { StoreFile.size(of: file(in: directory)) != nil }

  /// Opens the store in a directory.
  ///
  /// - Parameters:
  ///   - directory: holds `results.sqlite`; a path that ends in `.sqlite` names the file itself.
  ///   - opening: whether directory and store are made if they do not exist.
  ///   - provenance: who computes what will be kept; without it nothing can be kept.
  ///   - warn: told of everything that is damaged, and of what was lost.
  /// - Throws: `StoreError` if there is no store, or it can neither be made nor read, or is of a later version of Ness.
  public init(
    directory: String, _ opening: Opening = .creating, provenance: Provenance? = nil,
    warn: @escaping @Sendable (String) -> Void
  ) throws(StoreError) {
    let file = Self.file(in: directory)
    self.directory = directory
    self.provenance = provenance
    self.warn = warn
    do {
      // Behind a link: what lies beside the file lies there.
      let path = try OutputFile.target(of: file)
      self.path = path
      let exists = try StoreFile.isThere(path)
      if !exists, opening == .existing {
        throw StoreError(
          path: path, reason: "there are no results",
          remedy: "ness run and ness reproduce keep them there; name another directory with --store")
      }
      let fault = exists ? Self.faultOfWriting(path, in: Self.folder(of: path)) : nil
      isReadOnly = fault != nil
      if let fault {
        let (database, missesLog) = try StoreFile.openForReading(path)
        opened = Mutex(Opened(database: database, lock: StoreLock(path: path + "-lock"), identity: nil))
        if opening == .creating {
          warn("\(path): it cannot be written (\(fault.reason)): what is there is reused, new results are not kept")
        }
        if missesLog {
          warn("\(path): its latest results, in \(path)-wal, cannot be read where nothing can be written")
        }
      } else {
        opened = Mutex(try Self.openForWriting(path, warn))
      }
    } catch  where error.isDamage {
      throw Self.damagedAndReadOnly(file)
    } catch {
      throw StoreError(file, "the store cannot be opened", error)
    }
  }

  /// Opens the file, which is made if there is none; a damaged one is replaced by what can be saved of it.
  private static func openForWriting(_ path: String, _ warn: (String) -> Void) throws -> Opened {
    if try !StoreFile.isThere(path) { try makeDirectory(folder(of: path)) }
    let lock = StoreLock(path: path + "-lock")
    if try !StoreFile.isThere(path) {
      // A log without its file would come into the new one.
      let isAlone = lock.takeAlone()
      if try !StoreFile.isThere(path) { StoreFile.removeLog(of: path) }
      try StoreFile.create(at: path)
      if isAlone { lock.share() }
    }
    let identity = FileIdentity(path)
    do {
      return opened(try StoreFile.openForWriting(path, warn), identity, path, lock)
    } catch  where error.isDamage {
      let database = try replaceDamaged(path, identity, lock, because: error, warn)
      return opened(database, FileIdentity(path), path, lock)
    }
  }

  /// A file that has been opened. If another one was put in its place meanwhile, that shows when it is used.
  private static func opened(
    _ database: any DatabaseWriter, _ identity: FileIdentity?, _ path: String, _ lock: StoreLock
  ) -> Opened {
    let log = FileIdentity("\(path)-wal")
    return Opened(
      database: database, lock: lock, identity: identity, log: FileIdentity(path) == identity ? log : nil)
  }

  private static func folder(of path: String) -> String {
    URL(filePath: path).deletingLastPathComponent().path(percentEncoded: false)
  }

  /// A store as it is where nothing can be written.
  package init(readOnly directory: String) throws(StoreError) {
    self.directory = directory
    path = "\(directory)/results.sqlite"
    provenance = nil
    warn = { _ in }
    isReadOnly = true
    do {
      guard try StoreFile.isThere(path) else { throw SystemFault(code: ENOENT) }
      let database = try StoreFile.openForReading(path).0
      opened = Mutex(Opened(database: database, lock: StoreLock(path: path + "-lock"), identity: nil))
    } catch  where error.isDamage {
      throw Self.damagedAndReadOnly(path)
    } catch {
      throw StoreError(path, "the store cannot be opened", error)
    }
  }

  deinit { try? close() }

  /// Ends all use of the file, which is made as small as what is in it. Nothing can be read or kept any more.
  ///
  /// - Throws: `StoreError` if what this process has kept is not there any more and cannot be put back.
  public func close() throws(StoreError) {
    if opened.withLock({ $0.isClosed }) { return }
    if !isReadOnly { try reinstate() }
    opened.withLock { opened in
      opened.isClosed = true
      if !isReadOnly {
        if opened.lock.takeAlone() { StoreFile.giveSpaceBack(opened.database) }
        // A reader that is closed last would leave the log. Others may still be reading it.
        _ = try? opened.database.writeWithoutTransaction { try $0.checkpoint(.truncate) }
      }
      try? opened.database.close()
      opened.lock.release()
    }
  }

  /// Lets the file not grow any more, as a full disk does.
  package func limitPages() throws(StoreError) {
    try write([]) { try $0.execute(sql: "PRAGMA max_page_count = 1") }
  }

  private static func makeDirectory(_ folder: String) throws {
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      let underlying = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
      let code = [underlying, error as NSError].compactMap { $0 }.first { $0.domain == NSPOSIXErrorDomain }?.code
      throw StoreError(
        path: folder,
        reason: "the directory cannot be made: "
          + (code.map { SystemFault(code: Int32($0)).reason } ?? error.localizedDescription),
        remedy: "name a directory that can be written with --store")
    }
  }

  /// Why a store cannot be written; nil if it can.
  private static func faultOfWriting(_ path: String, in folder: String) -> SystemFault? {
    access(path, R_OK | W_OK) == 0 && access(folder, W_OK | X_OK) == 0 ? nil : SystemFault(code: errno)
  }

  private static func damagedAndReadOnly(_ path: String) -> StoreError {
    StoreError(
      path: path, reason: "the store is damaged, and nothing can be written beside it",
      remedy: "copy its directory to where you can write, and name the copy with --store: what can be read is saved")
  }

  /// Saves what can be read of a damaged store into a fresh one in its place, unless another process does.
  private static func replaceDamaged(
    _ path: String, _ damaged: FileIdentity?, _ lock: StoreLock, because error: any Error,
    _ warn: (String) -> Void
  ) throws -> any DatabaseWriter {
    var tries = 0
    while !lock.takeAlone() {
      if FileIdentity(path) != damaged { return try StoreFile.openForWriting(path, warn) }
      tries += 1
      guard tries < 40 else {
        throw StoreError(
          path: path, reason: "the store is damaged, and another process has it open",
          remedy: "let that end, then try again: what can be read is saved")
      }
      // Two who held on to their share would wait for each other.
      lock.release()
      usleep(50_000)
    }
    defer { lock.share() }
    // A statement may also fail for other reasons than damage, and another process may have been faster.
    if let database = try? StoreFile.openForWriting(path, warn), StoreSalvage.isSound(database) { return database }
    let salvage = try StoreSalvage(path)
    warn(salvage.report(because: error))
    return try StoreFile.openForWriting(path, warn)
  }
}

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
  private func reinstate() throws(StoreError) {
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
