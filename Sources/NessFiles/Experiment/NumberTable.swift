import Foundation
import NessModel

/// A table of numbers in a text file: a line for each row, numbers separated by commas, semicolons, tabs or spaces.
/// Nothing may be missing between two commas, semicolons or tabs, nor behind the last. Empty lines and lines that begin with # are skipped; a first
/// line that holds no number is a header.
struct NumberTable {
  /// The largest file that is read [bytes].
  static let mostBytes = 1 << 28

  let rows: [[Double]]
  /// On which line of the file each stands.
  let lines: [Int]

  /// Why a table cannot be used, in words.
  struct Fault: Error {
    let found: String
    let expected: String
  }

  /// Reads a table.
  init(contentsOfFile path: String) throws(Fault) {
    let bytes: [UInt8]
    do throws(SystemFault) {
      bytes = try readBytes(ofFile: path, atMost: Self.mostBytes + 1)
    } catch {
      throw Fault(found: "\(shortened(path)), which cannot be read: \(error.reason)", expected: "a readable CSV file")
    }
    if bytes.count > Self.mostBytes {
      throw Fault(found: "\(shortened(path)) of more than \(Self.mostBytes) bytes", expected: "a smaller CSV file")
    }
    var rows: [[Double]] = []
    var lines: [Int] = []
    for (index, line) in String(decoding: bytes, as: UTF8.self).split(
      omittingEmptySubsequences: false, whereSeparator: \.isNewline
    ).enumerated() {
      let words = line.split { ",; \t".contains($0) }
      if words.isEmpty || words[0].hasPrefix("#") { continue }
      let numbers = words.map { Double(String($0)) }
      if rows.isEmpty, numbers.allSatisfy({ $0 == nil }) { continue }
      if let place = Self.hole(in: line) {
        throw Fault(
          found: "nothing as number \(place) on line \(index + 1) of \(shortened(path))", expected: "a number")
      }
      if let wrong = numbers.firstIndex(where: { $0 == nil }) {
        throw Fault(
          found: "\(shortened(String(words[wrong]))) on line \(index + 1) of \(shortened(path))", expected: "a number")
      }
      rows.append(numbers.compactMap { $0 })
      lines.append(index + 1)
    }
    (self.rows, self.lines) = (rows, lines)
  }

  /// Which number of a line is missing, from 1: between separators with nothing but blanks between them; nil for none.
  private static func hole(in line: Substring) -> Int? {
    for separator in ",;\t" where line.contains(separator) {
      if separator == "\t", line.contains(where: { ",;".contains($0) }) { continue }
      let fields = line.split(separator: separator, omittingEmptySubsequences: false)
      if let place = fields.firstIndex(where: { $0.allSatisfy { " \t".contains($0) } }) { return place + 1 }
    }
    return nil
  }
}
