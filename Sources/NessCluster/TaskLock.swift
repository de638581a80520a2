import Foundation

/// Held by the one process that works on a task: a task that Slurm has started anew waits until the old one is gone. Held
/// on the folder of a job by the process that works off all its tasks here, and on that of a store by the one that shares
/// points out.
package final class TaskLock {
  private let descriptor: Int32

  /// Nil if another process works there. Where the file system knows no locks there is none to wait for.
  package init?(_ directory: String, file: String = "lock") {
    descriptor = open("\(directory)/\(file)", O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
    if flock(descriptor, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK {
      close(descriptor)
      return nil
    }
  }

  deinit { close(descriptor) }

  /// Waits until no other process holds the lock; nil if that takes too long.
  ///
  /// - Parameters:
  ///   - onWait: told once that there is something to wait for.
  ///   - isEnough: true ends the waiting; asked twice a second.
  package static func wait(
    _ directory: String, file: String = "lock", onWait: () -> Void, until isEnough: () -> Bool = { false }
  ) -> TaskLock? {
    var isTold = false
    while true {
      if let lock = TaskLock(directory, file: file) { return lock }
      if isEnough() { return nil }
      if !isTold { onWait() }
      isTold = true
      usleep(500_000)
    }
  }

  /// Whether somebody works there.
  static func isHeld(_ directory: String) -> Bool {
    let descriptor = open("\(directory)/lock", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    return flock(descriptor, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK
  }
}
