import Foundation

/// Held by everyone who has a store open, so that a damaged one is never replaced under the hands of another process.
final class StoreLock: Sendable {
  private let descriptor: Int32

  /// Waits while a store is being replaced. Where there can be no lock (a file system that cannot be written or knows
  /// none) there is none.
  init(path: String) {
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
    share()
  }

  deinit { close(descriptor) }

  /// Becomes the only one; false if others have the store open.
  func takeAlone() -> Bool {
    if flock(descriptor, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK { return true }
    share()
    return false
  }

  /// None any more.
  func release() { flock(descriptor, LOCK_UN) }

  /// One of many again.
  func share() { while flock(descriptor, LOCK_SH) != 0 && errno == EINTR {} }
}
