import Foundation

/// The files of the page, read once: what is not among them cannot be asked for.
package struct PageFiles: Sendable {
  /// One file.
  package struct File: Sendable {
    package let bytes: Data
    package let type: String
  }

  /// The files by their names, `index.html`, `assets/page.js`.
  package let files: [String: File]

  /// Reads the files that lie beside the program.
  package init() throws {
    let folder = try Self.resources().appending(path: "Page", directoryHint: .isDirectory)
    var files: [String: File] = [:]
    let names = try FileManager.default.subpathsOfDirectory(atPath: folder.path(percentEncoded: false))
    for name in names {
      guard let type = Self.types[URL(filePath: name).pathExtension] else { continue }
      files[name] = File(bytes: try Data(contentsOf: folder.appending(path: name)), type: type)
    }
    if let template = files["openapi.json"] {
      files["openapi.json"] = File(bytes: try OpenAPIDocument.filled(template.bytes), type: template.type)
    }
    self.files = files
  }

  private static let types = [
    "html": "text/html; charset=utf-8", "css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8",
    "json": "application/json", "svg": "image/svg+xml", "txt": "text/plain; charset=utf-8",
  ]

  /// The folder with the files that belong to the explorer: beside the program, where the build puts it.
  static func resources() throws -> URL {
    let executables = [
      Bundle.main.executableURL, URL(filePath: "/proc/self/exe"), URL(filePath: CommandLine.arguments[0]),
    ]
    let names = ["ness_NessExplorer.resources", "ness_NessExplorer.bundle"]
    for executable in executables.compactMap({ $0?.resolvingSymlinksInPath() }) {
      for name in names {
        let folder = executable.deletingLastPathComponent().appending(path: name, directoryHint: .isDirectory)
        let inside = folder.appending(path: "Contents/Resources", directoryHint: .isDirectory)
        for place in [folder, inside]
        where FileManager.default.fileExists(atPath: place.appending(path: "Page").path(percentEncoded: false)) {
          return place
        }
      }
    }
    throw ExplorerFault(
      "the files of the page are missing: \(names[0]) must lie beside the program ness, where the build puts it")
  }
}
