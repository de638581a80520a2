import Foundation
import NessModel

extension Experiment {
  /// The largest experiment file [bytes].
  package static let mostBytes = 1 << 20

  /// Reads an experiment from a file.
  ///
  /// - Throws: `ExperimentError` with every fault of the file, each with its line, or why the file cannot be read.
  package init(contentsOfFile path: String) throws(ExperimentError) {
    let directory = URL(filePath: path).deletingLastPathComponent().path(percentEncoded: false)
    try self.init(yaml: Self.text(ofFile: path), file: path, directory: directory)
  }

  /// Decodes an experiment from YAML text.
  ///
  /// - Parameter text: the YAML text.
  /// - Parameter file: the name of the file in messages.
  /// - Parameter directory: where other files that the text names are; nil if it must not name any.
  /// - Throws: `ExperimentError` with every fault of the text, each with its line.
  package init(yaml text: String, file: String, directory: String? = nil) throws(ExperimentError) {
    func failure(_ faults: [FileFault]) -> ExperimentError {
      let placed = faults.map { fault in
        var fault = fault
        fault.file = file
        return fault
      }
      return ExperimentError(faults: placed.sorted { ($0.line ?? 0, $0.column ?? 0) < ($1.line ?? 0, $1.column ?? 0) })
    }
    if text.utf8.count > Self.mostBytes { throw failure([Self.sizeFault]) }
    do throws(ExperimentError) {
      let hasMark = text.unicodeScalars.first == "\u{FEFF}"
      let document = try YAMLDocument(hasMark ? String(text.unicodeScalars.dropFirst()) : text)
      guard let root = document.root, !FoundValue(root).isNothing else {
        let fault = FileFault(
          line: 1, column: 1, key: "", found: "an empty file", expected: "an experiment with the keys medium and baths")
        throw ExperimentError(faults: [fault])
      }
      var reader = ExperimentReader(document, directory: directory)
      let place = ExperimentReader.Place(root.mark)
      let draft = reader.experiment(ExperimentReader.Entry(path: "", name: "", keyPlace: place, node: root))
      guard reader.faults.isEmpty else { throw ExperimentError(faults: reader.faults) }
      try self.init(
        title: draft.title, setup: draft.setup, quantities: draft.quantities,
        quantityPlaces: reader.places(of: draft.quantities), device: draft.device, run: draft.run, sweep: draft.sweep,
        source: Source(file: file, text: text, tables: reader.tables))
    } catch {
      throw failure(error.faults)
    }
  }

  private static var sizeFault: FileFault {
    FileFault(
      key: "", found: "more than \(mostBytes) bytes", expected: "at most 1 MiB", remedy: "is it an experiment file?")
  }

  private static func text(ofFile path: String) throws(ExperimentError) -> String {
    func failure(_ found: String, _ expected: String, line: Int? = nil, remedy: String? = nil) -> ExperimentError {
      ExperimentError(
        faults: [FileFault(file: path, line: line, key: "", found: found, expected: expected, remedy: remedy)])
    }
    let bytes: [UInt8]
    do throws(SystemFault) {
      bytes = try readBytes(ofFile: path, atMost: mostBytes + 1)
    } catch {
      let isMissing = error.code == ENOENT
      throw failure(
        isMissing ? "no such file" : "a file that cannot be read: \(error.reason)", "a readable experiment file",
        remedy: isMissing ? similar(path).map { "did you mean \($0)?" } : nil)
    }
    if bytes.count > mostBytes { throw failure("more than \(mostBytes) bytes", "at most 1 MiB") }
    if let text = String(validating: bytes, as: UTF8.self) { return text }
    let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    let line = lines.firstIndex { String(validating: $0, as: UTF8.self) == nil }.map { $0 + 1 }
    throw failure("bytes that are not UTF-8", "text in UTF-8", line: line, remedy: "save the file as UTF-8")
  }
}

/// The experiment file with a name like that of one that is not there; nil if there is none beside it.
private func similar(_ path: String) -> String? {
  let url = URL(filePath: path)
  let folder = url.deletingLastPathComponent()
  let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path(percentEncoded: false))) ?? []
  let files = names.prefix(10_000).filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") }
  guard let name = closest(to: url.lastPathComponent, among: files.sorted()) else { return nil }
  return path.contains("/") ? folder.appending(path: name).relativePath : name
}

/// A failed system call.
package struct SystemFault: Error {
  /// Its `errno`.
  package let code: Int32

  /// A fault of a given `errno`.
  package init(code: Int32) { self.code = code }

  /// The system's words, for example `Permission denied`.
  package var reason: String { String(cString: strerror(code)) }
}

/// The first bytes of a file, pipe or device.
package func readBytes(ofFile path: String, atMost limit: Int) throws(SystemFault) -> [UInt8] {
  let descriptor = open(path, O_RDONLY)
  guard descriptor >= 0 else { throw SystemFault(code: errno) }
  defer { close(descriptor) }
  var bytes: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 1 << 16)
  while bytes.count < limit {
    let count = read(descriptor, &buffer, min(buffer.count, limit - bytes.count))
    if count == 0 { break }
    if count < 0 {
      if errno == EINTR { continue }
      throw SystemFault(code: errno)
    }
    bytes += buffer[..<count]
  }
  return bytes
}
