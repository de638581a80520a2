import Foundation
import NessFiles
import Synchronization
internal import GRDB

/// Results kept in a SQLite file, so that nothing is computed twice: each under its key, beside it who computed it and
/// how, and the state of unfinished work to go on from.
///
/// Everything is written whole or not at all; several processes of one machine may use one store. Every row carries a
/// hash: a damaged one is told and counts as absent. A damaged file is replaced by what can be saved of it.
package final class ResultStore: Sendable {
  /// What is done where there is no store.
  package enum Opening: Sendable {
    /// A store is made.
    case creating
    /// That is an error.
    case existing
    /// That is an error; and a store of an older version stays as it is: what is read is a copy of today's version.
    case unchanged
  }

  /// The directory.
  package let directory: String
  /// The file.
  package let path: String
  /// True if the store can be read and nothing can be kept in it.
  package let isReadOnly: Bool
  let warn: @Sendable (String) -> Void
  let provenance: Provenance?
  let opened: Mutex<Opened>

  /// The file in use.
  struct Opened {
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
  package init(
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
      if !exists, opening != .creating {
        throw StoreError(
          path: path, reason: "there are no results",
          remedy: "ness run and ness reproduce keep them there; name another directory with --store")
      }
      let fault = exists ? Self.faultOfWriting(path, in: Self.folder(of: path)) : nil
      var hindrance = fault.map { "it cannot be written (\($0.reason))" }
      var found: Opened?
      let staysOld = fault == nil && opening == .unchanged && (try? StoreFile.isOlder(path)) == true
      if fault == nil, !staysOld {
        do {
          found = try Self.openForWriting(path, warn)
        } catch let error as MigrationHindrance where opening != .creating {
          hindrance = "it is of an older version of Ness and stays so for now (\(error.reason))"
        } catch let error as DatabaseError where opening != .creating && error.isLackOfSpace {
          hindrance = "it cannot be written (\(error.message ?? error.resultCode.description))"
        }
      }
      isReadOnly = found == nil
      if let found {
        opened = Mutex(found)
      } else {
        let (read, missesLog) = try Self.openForReading(path)
        opened = Mutex(read)
        if let hindrance, opening == .creating || fault == nil {
          warn("\(path): \(hindrance): what is there is reused, new results are not kept")
        }
        if missesLog {
          warn("\(path): its latest results, in \(path)-wal, cannot be read where nothing can be written")
        }
      }
    } catch  where error.isDamage {
      throw Self.damagedAndReadOnly(file)
    } catch {
      throw StoreError(file, "the store cannot be opened", error)
    }
  }

  /// Opens the file, which is made if there is none; a damaged one is replaced by what can be saved of it.
  static func openForWriting(_ path: String, _ warn: (String) -> Void) throws -> Opened {
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
    defer { lock.share() }
    do {
      return opened(try StoreFile.openForWriting(path, lock, warn), identity, path, lock)
    } catch  where error.isDamage {
      let database = try replaceDamaged(path, identity, lock, because: error, warn)
      return opened(database, FileIdentity(path), path, lock)
    }
  }

  /// Opens the file as it is where nothing can be written.
  private static func openForReading(_ path: String) throws -> (Opened, missesLog: Bool) {
    let lock = StoreLock(path: path + "-lock")
    let found = try StoreFile.openForReading(path)
    // A copy keeps nobody from changing the store.
    if found.isCopy { lock.release() }
    return (Opened(database: found.database, lock: lock, identity: nil), found.missesLog)
  }

  /// A file that has been opened. If another one was put in its place meanwhile, that shows when it is used.
  static func opened(
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
      opened = Mutex(try Self.openForReading(path).0)
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
  package func close() throws(StoreError) {
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

  static func damagedAndReadOnly(_ path: String) -> StoreError {
    StoreError(
      path: path, reason: "the store is damaged, and nothing can be written beside it",
      remedy: "copy its directory to where you can write, and name the copy with --store: what can be read is saved")
  }

  /// Saves what can be read of a damaged store into a fresh one in its place, unless another process does.
  static func replaceDamaged(
    _ path: String, _ damaged: FileIdentity?, _ lock: StoreLock, because error: any Error,
    _ warn: (String) -> Void
  ) throws -> any DatabaseWriter {
    var tries = 0
    while !lock.takeAlone() {
      if FileIdentity(path) != damaged { return try StoreFile.openForWriting(path, lock, warn) }
      tries += 1
      guard tries < StoreFile.mostTries else {
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
    if let database = try? StoreFile.openForWriting(path, lock, warn), StoreSalvage.isSound(database) {
      return database
    }
    let salvage = try StoreSalvage(path)
    warn(salvage.report(because: error))
    return try StoreFile.openForWriting(path, lock, warn)
  }
}
