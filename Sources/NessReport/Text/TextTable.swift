/// A plain-text table for the terminal: a header, a rule, and rows in aligned columns.
public struct TextTable: Sendable {
  /// How the cells of a column line up.
  public enum Alignment: Sendable {
    /// At the left edge: words.
    case left
    /// At the right edge: counts.
    case right
    /// At the decimal point: measured numbers, `0.1365(39)` below `12.4(1.2)`.
    case decimal
  }

  /// A column: its header and how its cells line up.
  public struct Column: Sendable {
    /// The header.
    public var title: String
    /// How the cells line up.
    public var alignment: Alignment

    /// A column with a header.
    public init(_ title: String, alignment: Alignment = .left) {
      self.title = title
      self.alignment = alignment
    }
  }

  /// The columns, from left to right.
  public let columns: [Column]
  private var rows: [[String]] = []

  /// An empty table.
  public init(columns: [Column]) {
    self.columns = columns
  }

  /// Adds a row. Missing cells stay empty, and cells beyond the last column are left out.
  public mutating func append(_ cells: [String]) {
    let missing = max(0, columns.count - cells.count)
    rows.append(Array(cells.prefix(columns.count)) + Array(repeating: "", count: missing))
  }

  /// The table as lines of text that end with a line break, without trailing spaces.
  public func text() -> String {
    let body = columns.indices.map { column in aligned(rows.map { $0[column] }, as: columns[column].alignment) }
    let widths = columns.indices.map { column in max(columns[column].title.width, body[column].first?.width ?? 0) }
    let header = columns.indices.map { Self.padded(columns[$0].title, to: widths[$0], columns[$0].alignment) }
    let rule = widths.map { String(repeating: "─", count: $0) }
    let lines = rows.indices.map { row in
      columns.indices.map { Self.padded(body[$0][row], to: widths[$0], columns[$0].alignment) }
    }
    return ([header, rule] + lines).map { Self.trimmed($0.joined(separator: "  ")) + "\n" }.joined()
  }

  /// The cells of one column, all of one width.
  private func aligned(_ cells: [String], as alignment: Alignment) -> [String] {
    guard alignment == .decimal else {
      let width = cells.map(\.width).max() ?? 0
      return cells.map { Self.padded($0, to: width, alignment) }
    }
    let heads = cells.map { cell in cell.prefix { $0.isNumber || "-−+".contains($0) }.count }
    let head = heads.max() ?? 0
    let tail = zip(cells, heads).map { $0.width - $1 }.max() ?? 0
    return zip(cells, heads).map { cell, own in
      String(repeating: " ", count: head - own) + Self.padded(cell, to: tail + own, .left)
    }
  }

  private static func padded(_ cell: String, to width: Int, _ alignment: Alignment) -> String {
    let spaces = String(repeating: " ", count: max(0, width - cell.width))
    return alignment == .left ? cell + spaces : spaces + cell
  }

  private static func trimmed(_ line: String) -> String {
    guard line.utf8.last == UInt8(ascii: " ") else { return line }
    let end = line.utf8.lastIndex { $0 != UInt8(ascii: " ") }
    return end.map { String(line[...$0]) } ?? ""
  }
}

extension String {
  /// Number of characters, without looking for composed ones where there are only plain ones.
  fileprivate var width: Int { utf8.allSatisfy { $0 < 0x80 } ? utf8.count : count }
}
