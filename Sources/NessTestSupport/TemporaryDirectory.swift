import Foundation

/// A fresh directory that is removed when this goes away.
public final class TemporaryDirectory: Sendable {
  /// Where it is.
  public let path: String

  /// Makes the directory.
  public init() throws {
    path = FileManager.default.temporaryDirectory.appending(path: "ness-test-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file and gives its path.
  public func write(_ name: String, _ bytes: some Sequence<UInt8>) throws -> String {
    let file = "\(path)/\(name)"
    try Data(bytes).write(to: URL(filePath: file))
    return file
  }
}

/// The example files of the project, by name.
public func exampleFiles() throws -> [String] {
  let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Examples").standardized.path
  return try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".yaml") }.sorted()
    .map { "\(folder)/\($0)" }
}
