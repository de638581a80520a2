import Foundation
import NessFiles
internal import GRDB

/// Why a store of results cannot be used, or what in it could not; results kept earlier are not touched.
package struct StoreError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file or directory.
  package let path: String
  /// What went wrong.
  package let reason: String
  /// What to do about it.
  package let remedy: String
  /// Whether nothing is wrong with the store or its name: the disk is full, or another process writes for long.
  package let isOutage: Bool

  init(path: String, reason: String, remedy: String, isOutage: Bool = false) {
    self.path = path
    self.reason = reason
    self.remedy = remedy
    self.isOutage = isOutage
  }

  /// The path, the reason and the remedy, in one line.
  package var description: String { "\(path): \(reason) (\(remedy))" }
}

extension StoreError {
  static let otherDirectory = "name another directory with --store"

  init(_ path: String, _ what: String, _ fault: SystemFault) {
    let remedy =
      switch fault.code {
      case ENOSPC, EDQUOT: "free some space or \(Self.otherDirectory); earlier results are intact"
      case EACCES, EPERM, EROFS: "change its permissions or \(Self.otherDirectory)"
      default: Self.otherDirectory
      }
    let isOutage = fault.code == ENOSPC || fault.code == EDQUOT
    self.init(path: path, reason: "\(what): \(fault.reason)", remedy: remedy, isOutage: isOutage)
  }

  /// What an error below means to the owner of the store at `path`.
  init(_ path: String, _ what: String, _ error: any Error) {
    switch error {
    case let error as StoreError: self = error
    case let error as SystemFault: self.init(path, what, error)
    case let error as MigrationHindrance:
      self.init(
        path: path,
        reason: "it was written by an older version of Ness and cannot be brought to this one: \(error.reason)",
        remedy: "let other processes end, free some space, or \(Self.otherDirectory); it is as it was")
    case EncodingError.invalidValue(_, let context):
      self.init(
        path: path, reason: "\(what): it has no JSON form: \(context.debugDescription)",
        remedy: "only finite numbers can be kept")
    case let error as DatabaseError:
      let reason = "\(what): \(error.message ?? error.resultCode.description)"
      let outages: [ResultCode] = [.SQLITE_FULL, .SQLITE_IOERR, .SQLITE_BUSY, .SQLITE_LOCKED]
      self.init(
        path: path, reason: reason, remedy: Self.remedy(for: error), isOutage: outages.contains(error.resultCode))
    default: self.init(path: path, reason: "\(what): \(error)", remedy: Self.otherDirectory)
    }
  }

  private static func remedy(for error: DatabaseError) -> String {
    switch error.resultCode {
    case .SQLITE_FULL, .SQLITE_IOERR:
      "is the disk full, or a quota reached? Free some space or \(otherDirectory); earlier results are intact"
    case .SQLITE_BUSY, .SQLITE_LOCKED: "another process has been writing for long: try again"
    case .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_AUTH:
      "change its permissions or \(otherDirectory)"
    case .SQLITE_CORRUPT, .SQLITE_NOTADB: "the file is damaged: move it away and compute again"
    default: otherDirectory
    }
  }
}

extension Error {
  /// Whether the file of a store is damaged.
  var isDamage: Bool {
    switch self {
    // The statements are fixed, so one that SQLite does not understand means that the tables are not what they were.
    case let error as DatabaseError: error.resultCode == .SQLITE_ERROR || isCertainDamage
    default: isCertainDamage
    }
  }

  /// Whether SQLite finds the file of a store damaged, or it is none.
  var isCertainDamage: Bool {
    switch self {
    case let error as DatabaseError: [.SQLITE_CORRUPT, .SQLITE_NOTADB].contains(error.resultCode)
    case is EmptyFile, is DamagedTables: true
    default: false
    }
  }
}

extension DatabaseError {
  /// Whether the disk may be full, or a quota reached.
  var isLackOfSpace: Bool { [.SQLITE_FULL, .SQLITE_IOERR].contains(resultCode) }
}

/// Why a store of an older version could not be brought to today's; it is as it was.
struct MigrationHindrance: Error {
  let reason: String
}

/// The names of the versions or the tables are not those of Ness.
struct DamagedTables: Error, CustomStringConvertible {
  var description = "its tables are not those of a store"
}

/// A store is made under another name, so a file of no bytes, or next to none, has lost them.
struct EmptyFile: Error, CustomStringConvertible {
  let description = "the file is empty or cut off"
}
