import Foundation

/// Held by the one process that works on a task: a task that Slurm has started anew waits until the old one is gone. Held
/// on the folder of a job by the process that works off all its tasks here.
public final class TaskLock {
  private let descriptor: Int32

  /// Nil if another process works there. Where the file system knows no locks there is none to wait for.
  public init?(_ directory: String) {
    descriptor = open("\(directory)/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
    if flock(descriptor, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK {
      close(descriptor)
      return nil
    }
  }

  deinit { close(descriptor) }

  /// Whether somebody works there.
  static func isHeld(_ directory: String) -> Bool {
    let descriptor = open("\(directory)/lock", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    return flock(descriptor, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK
  }
}
