import Foundation
import NessRecord

/// Files that a command leaves behind, with their faults as the user is told them.
enum Output {
  /// Shows before hours of work that a file can be written, and that it is none of those that the command needs.
  ///
  /// - Parameter needed: files that the command reads, or keeps results in.
  static func prepare(_ file: String, sparing needed: [String]) throws {
    var status = stat()
    if stat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG {
      for other in needed {
        var found = stat()
        guard stat(other, &found) == 0, found.st_dev == status.st_dev, found.st_ino == status.st_ino else { continue }
        throw UnusableInput("cannot write \(file): the command needs what is in it (\(other)); choose another file")
      }
    }
    do throws(OutputError) { try OutputFile(file).prepare() } catch {
      throw UnusableInput("\(error); choose another file")
    }
  }

  /// Makes a directory and shows that files can be made there.
  static func prepare(directory: URL) throws {
    let path = directory.path(percentEncoded: false)
    do {
      try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
      _ = try ScratchFolder(in: path)
    } catch {
      let reason = (error as? SystemFault)?.reason ?? error.localizedDescription
      throw UnusableInput("cannot write to \(path): \(reason); choose another --output")
    }
  }

  /// Writes a file whole or not at all.
  static func write(_ data: Data, to file: String) throws {
    do throws(OutputError) { try OutputFile(file).write(data) } catch { throw Failure(message: "\(error)", status: 1) }
  }
}

extension ResultStore {
  /// The files of the store.
  var files: [String] { ["", "-wal", "-shm", "-lock"].map { path + $0 } }
}

extension Experiment {
  /// The file that the experiment was read from, and the tables that it names.
  var files: [String] {
    guard let source else { return [] }
    let folder = URL(filePath: source.file).deletingLastPathComponent().path(percentEncoded: false)
    let named = source.text.matches(of: /file:\s*["']?([^"'}\n,]+)/).map { match in
      let name = match.1.trimmingCharacters(in: .whitespaces)
      return name.hasPrefix("/") ? name : "\(folder)/\(name)"
    }
    return [source.file] + named
  }
}
