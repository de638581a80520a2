import Foundation
internal import GRDB
import Synchronization

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
  private let lock: StoreLock
  private let opened: Mutex<any DatabaseWriter>

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
    let path = Self.file(in: directory)
    let folder = URL(filePath: path).deletingLastPathComponent().path(percentEncoded: false)
    self.path = path
    self.directory = directory
    self.provenance = provenance
    self.warn = warn
    do {
      if StoreFile.isDirectory(path) { throw SystemFault(code: EISDIR) }
      let exists = StoreFile.size(of: path) != nil
      if !exists, opening == .existing {
        throw StoreError(
          path: path, reason: "there are no results",
          remedy: "ness run and ness reproduce keep them there; name another directory with --store")
      }
      if !exists { try Self.makeDirectory(folder) }
      lock = StoreLock(path: path + "-lock")
      if !exists { try StoreFile.create(at: path) }
      let fault = Self.faultOfWriting(path, in: folder)
      isReadOnly = fault != nil
      if let fault {
        let (database, missesLog) = try StoreFile.openForReading(path)
        opened = Mutex(database)
        if opening == .creating {
          warn("\(path): it cannot be written (\(fault.reason)): what is there is reused, new results are not kept")
        }
        if missesLog {
          warn("\(path): its latest results, in \(path)-wal, cannot be read where nothing can be written")
        }
      } else {
        do {
          opened = Mutex(try StoreFile.openForWriting(path, warn))
        } catch  where error.isDamage {
          opened = Mutex(try Self.replaceDamaged(path, lock, because: error, warn))
        }
      }
    } catch  where error.isDamage {
      throw Self.damagedAndReadOnly(path)
    } catch {
      throw StoreError(path, "the store cannot be opened", error)
    }
  }

  /// A store as it is where nothing can be written.
  package init(readOnly directory: String) throws(StoreError) {
    self.directory = directory
    path = "\(directory)/results.sqlite"
    provenance = nil
    warn = { _ in }
    lock = StoreLock(path: path + "-lock")
    isReadOnly = true
    do {
      opened = Mutex(try StoreFile.openForReading(path).0)
    } catch  where error.isDamage {
      throw Self.damagedAndReadOnly(path)
    } catch {
      throw StoreError(path, "the store cannot be opened", error)
    }
  }

  /// Ends all use of the file, as the end of the program does.
  package func close() throws {
    try opened.withLock { database in
      // A reader that is closed last would leave the log.
      if !isReadOnly { _ = try database.writeWithoutTransaction { try $0.checkpoint(.truncate) } }
      try database.close()
    }
    lock.release()
  }

  /// Lets the file not grow any more, as a full disk does.
  package func limitPages() throws(StoreError) {
    try write { try $0.execute(sql: "PRAGMA max_page_count = 1") }
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

  /// Saves what can be read of a damaged store into a fresh one in its place.
  private static func replaceDamaged(
    _ path: String, _ lock: StoreLock, because error: any Error, _ warn: (String) -> Void
  ) throws -> any DatabaseWriter {
    guard lock.takeAlone() else {
      throw StoreError(
        path: path, reason: "the store is damaged, and another process has it open",
        remedy: "let that end, then try again: what can be read is saved")
    }
    defer { lock.share() }
    // A statement may also fail for other reasons than tables that are not what they were.
    if !error.isCertainDamage, let database = try? StoreFile.openForWriting(path, warn),
      (try? StoreSalvage.isSound(database)) == true
    {
      return database
    }
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
  func write<Value>(_ work: (Database) throws -> Value) throws(StoreError) -> Value {
    if isReadOnly {
      throw StoreError(path: path, reason: "the store cannot be written", remedy: StoreError.otherDirectory)
    }
    return try attempt("the result cannot be written") { database in
      for _ in 0..<5 {
        do {
          return try database.write(work)
        } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
          usleep(.random(in: 1000...100_000))
        }
      }
      return try database.write(work)
    }
  }

  private func attempt<Value>(
    _ what: String, _ work: (any DatabaseWriter) throws -> Value
  ) throws(StoreError) -> Value {
    let database = opened.withLock { $0 }
    do {
      do {
        return try work(database)
      } catch  where error.isDamage {
        try replace(database, because: error)
        return try work(opened.withLock { $0 })
      }
    } catch {
      throw StoreError(path, what, error)
    }
  }

  /// Replaces the file behind `damaged`, unless another thread has.
  private func replace(_ damaged: any DatabaseWriter, because error: any Error) throws {
    if isReadOnly { throw Self.damagedAndReadOnly(path) }
    try opened.withLock { database in
      guard database === damaged else { return }
      // Closed later it would remove the log of the new file, which has the same name.
      try? damaged.close()
      database = try Self.replaceDamaged(path, lock, because: error, warn)
    }
  }

  /// Writes all that is kept into a new file.
  func vacuum(into file: String) throws {
    let database = opened.withLock { $0 }
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
