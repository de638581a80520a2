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

  /// The folder with the files that belong to the explorer: beside the program, where the build puts it, or where a release
  /// and `make install` keep it, `share/ness` beside the program's `bin`.
  static func resources() throws -> URL {
    let executables = [
      Bundle.main.executableURL, URL(filePath: "/proc/self/exe"), URL(filePath: CommandLine.arguments[0]),
    ]
    let names = [
      "ness_NessExplorer.resources", "ness_NessExplorer.bundle/Contents/Resources", "ness_NessExplorer.bundle",
      "../share/ness",
    ]
    for executable in executables.compactMap({ $0?.resolvingSymlinksInPath() }) {
      for name in names {
        let folder = executable.deletingLastPathComponent().appending(path: name, directoryHint: .isDirectory)
        let page = folder.appending(path: "Page/index.html", directoryHint: .notDirectory)
        if FileManager.default.fileExists(atPath: page.path(percentEncoded: false)) { return folder }
      }
    }
    throw ExplorerFault(
      "the files of the page are missing: they must lie beside the program ness (\(names[0])) or in share/ness beside its bin"
    )
  }
}
