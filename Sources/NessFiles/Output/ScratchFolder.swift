import Foundation

/// A hidden folder in which files are made before they get their places beside it. It goes away with this; what killed
/// processes have left of theirs is removed when the next one is made.
package final class ScratchFolder: Sendable {
  private static let prefix = ".ness-work-"
  /// Its path.
  package let path: String
  // Locked as long as the folder is in use, and not passed on to other programs.
  private let lock: Int32

  /// A folder in a directory that exists.
  package init(in directory: String) throws(SystemFault) {
    Self.sweep(directory)
    while true {
      let path = "\(directory)/\(Self.prefix)\(UUID().uuidString)"
      guard mkdir(path, 0o700) == 0 else { throw SystemFault(code: errno) }
      let lock = open(path, O_RDONLY | O_CLOEXEC)
      // Not every file system knows locks.
      let isTaken = flock(lock, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK
      if !isTaken, access(path, F_OK) == 0 {
        (self.path, self.lock) = (path, lock)
        return
      }
      // Somebody swept it away before it was locked.
      close(lock)
    }
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
    close(lock)
  }

  /// Removes the folders of processes that are gone.
  private static func sweep(_ directory: String) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
    for name in names where name.hasPrefix(prefix) {
      let lock = open("\(directory)/\(name)", O_RDONLY | O_CLOEXEC)
      guard lock >= 0 else { continue }
      defer { close(lock) }
      if flock(lock, LOCK_EX | LOCK_NB) == 0 { try? FileManager.default.removeItem(atPath: "\(directory)/\(name)") }
    }
  }
}
