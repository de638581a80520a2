import Foundation

/// A fresh directory that is removed when this goes away.
package final class TemporaryDirectory: Sendable {
  /// Where it is.
  package let path: String

  /// Makes the directory.
  package init() throws {
    path = FileManager.default.temporaryDirectory.appending(path: "ness-test-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file and gives its path.
  package func write(_ name: String, _ bytes: some Sequence<UInt8>) throws -> String {
    let file = "\(path)/\(name)"
    try Data(bytes).write(to: URL(filePath: file))
    return file
  }
}

/// The example files of the project, by name.
package func exampleFiles() throws -> [String] {
  let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Examples").standardized.path
  return try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".yaml") }.sorted()
    .map { "\(folder)/\($0)" }
}

extension TemporaryDirectory {
  /// A copy of a store that an older version of Ness has written, `Tests/Reference/store-engine4` or `store-engine5`: its
  /// `results.sqlite`, a job, and the experiment files that were run.
  package convenience init(copyOfReference name: String) throws {
    try self.init()
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Tests/Reference/\(name)")
    for file in try FileManager.default.contentsOfDirectory(atPath: folder.standardized.path) {
      try FileManager.default.copyItem(
        atPath: folder.appending(path: file).standardized.path, toPath: "\(path)/\(file)")
    }
  }
}
