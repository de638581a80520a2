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
  struct Fault {
    let found: String
    let expected: String
  }

  /// All faults of a table, as far as it pays to tell them.
  struct Unusable: Error {
    static let mostTold = 10
    let faults: [Fault]
    /// The rows that can be read.
    let rest: NumberTable?

    init(_ faults: [Fault], rest: NumberTable) { (self.faults, self.rest) = (faults, rest) }
    init(_ found: String, expected: String) { (faults, rest) = ([Fault(found: found, expected: expected)], nil) }
  }

  /// Reads a table.
  init(contentsOfFile path: String) throws(Unusable) {
    let bytes: [UInt8]
    do throws(SystemFault) {
      bytes = try readBytes(ofFile: path, atMost: Self.mostBytes + 1)
    } catch {
      throw Unusable("\(shortened(path)), which cannot be read: \(error.reason)", expected: "a readable CSV file")
    }
    if bytes.count > Self.mostBytes {
      throw Unusable("\(shortened(path)) of more than \(Self.mostBytes) bytes", expected: "a smaller CSV file")
    }
    var rows: [[Double]] = []
    var lines: [Int] = []
    var faults: [Fault] = []
    for (index, line) in String(decoding: bytes, as: UTF8.self).split(
      omittingEmptySubsequences: false, whereSeparator: \.isNewline
    ).enumerated() {
      let words = line.split { ",; \t".contains($0) }
      if words.isEmpty || words[0].hasPrefix("#") { continue }
      let numbers = words.map { Double(String($0)) }
      if rows.isEmpty, faults.isEmpty, numbers.allSatisfy({ $0 == nil }) { continue }
      let wrong =
        Self.hole(in: line).map { "nothing as number \($0)" }
        ?? numbers.firstIndex { $0 == nil }.map { shortened(String(words[$0])) }
      if let wrong {
        faults.append(Fault(found: "\(wrong) on line \(index + 1) of \(shortened(path))", expected: "a number"))
        if faults.count == Unusable.mostTold { break }
        continue
      }
      rows.append(numbers.compactMap { $0 })
      lines.append(index + 1)
    }
    (self.rows, self.lines) = (rows, lines)
    guard faults.isEmpty else { throw Unusable(faults, rest: self) }
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
