import Synchronization

/// How many pictures are in motion.
final class SceneLimit: Sendable {
  /// Most pictures at a time.
  private static let mostScenes = 32
  private let count = Mutex(0)

  /// Says so if there is no place.
  func check() throws {
    if count.withLock({ $0 >= Self.mostScenes }) { throw Self.full }
  }

  /// Shows a picture as long as there is a place for it.
  func show(_ body: () async throws -> Void) async throws {
    try check()
    count.withLock { $0 += 1 }
    defer { count.withLock { $0 -= 1 } }
    try await body()
  }

  private static var full: RequestFault {
    .busy("\(mostScenes) pictures are in motion already; close one of them")
  }
}
