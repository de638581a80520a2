import Foundation
import NessRecord

/// Files that a command leaves behind, with their faults as the user is told them.
enum Output {
  /// Shows before hours of work that a file can be written.
  static func prepare(_ file: String) throws {
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
