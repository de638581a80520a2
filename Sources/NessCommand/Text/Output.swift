import Foundation
import NessFiles
import NessStore

/// Files that a command leaves behind, with their faults as the user is told them.
enum Output {
  /// Shows before hours of work that a file can be written, and that it is none of those that the command needs.
  ///
  /// - Parameter needed: files that the command reads, or keeps results in.
  static func prepare(_ file: String, sparing needed: [String]) throws {
    try spare(needed, from: file)
    do throws(OutputError) { try OutputFile(file).prepare() } catch {
      throw UnusableInput("\(error); choose another file")
    }
  }

  /// Shows that a file to be written is none of those that the command needs, under whatever name.
  static func spare(_ needed: [String], from file: String) throws {
    guard let identity = FileIdentity(file) else { return }
    for other in needed where FileIdentity(other) == identity {
      throw UnusableInput("cannot write \(file): the command needs what is in it (\(other)); choose another file")
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
  var files: [String] { source.map { [$0.file] + $0.tables } ?? [] }
}
