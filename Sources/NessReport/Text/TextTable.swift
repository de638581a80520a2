/// A plain-text table for the terminal: a header, a rule, and rows in aligned columns.
package struct TextTable: Sendable {
  /// How the cells of a column line up.
  package enum Alignment: Sendable {
    /// At the left edge: words.
    case left
    /// At the right edge: counts.
    case right
    /// At the decimal point: measured numbers, `0.1365(39)` below `12.4(1.2)`.
    case decimal
  }

  /// A column: its header and how its cells line up.
  package struct Column: Sendable {
    /// The header.
    package var title: String
    /// How the cells line up.
    package var alignment: Alignment

    /// A column with a header.
    package init(_ title: String, alignment: Alignment = .left) {
      self.title = title
      self.alignment = alignment
    }
  }

  /// The columns, from left to right.
  package let columns: [Column]
  private var rows: [[String]] = []

  /// An empty table.
  package init(columns: [Column]) {
    self.columns = columns
  }

  /// Adds a row. Missing cells stay empty, and cells beyond the last column are left out.
  package mutating func append(_ cells: [String]) {
    let missing = max(0, columns.count - cells.count)
    rows.append(Array(cells.prefix(columns.count)) + Array(repeating: "", count: missing))
  }

  /// Characters of its longest line.
  package var width: Int { layouts.reduce(0) { $0 + $1.width } + 2 * max(0, columns.count - 1) }

  private var layouts: [Layout] { columns.indices.map { Layout(of: rows, column: $0, columns[$0]) } }

  /// The table as lines of text that end with a line break, without trailing spaces.
  ///
  /// - Parameter width: characters of a line; columns that have no room stand in further tables below, each with the first
  ///   column again. nil for no limit.
  package func text(width: Int? = nil) -> String {
    let layouts = layouts
    var parts = [[0]]
    var used = layouts.first?.width ?? 0
    for column in layouts.indices.dropFirst() {
      let needed = 2 + layouts[column].width
      if let width, used + needed > width, parts[parts.count - 1].count > 1 {
        parts.append([0])
        used = layouts[0].width
      }
      parts[parts.count - 1].append(column)
      used += needed
    }
    if layouts.isEmpty { parts = [[]] }
    return parts.map { text(of: $0, layouts) }.joined(separator: "\n")
  }

  /// The table with long cells cut, and … where something is missing, as far as it takes to fit.
  ///
  /// - Parameters:
  ///   - width: characters of a line.
  ///   - columns: those that may be shortened, the first one first; each keeps the characters of its title and 12 at least.
  package func shortened(to width: Int, columns: [Int]) -> TextTable {
    var table = self
    var excess = self.width - width
    for column in columns where excess > 0 {
      let own = Layout(of: rows, column: column, self.columns[column]).width
      let kept = max(12, self.columns[column].title.width, own - excess)
      guard kept < own else { continue }
      for row in table.rows.indices where table.rows[row][column].width > kept {
        table.rows[row][column] = table.rows[row][column].prefix(kept - 1) + "…"
      }
      excess -= own - kept
    }
    return table
  }

  private func text(of shown: [Int], _ layouts: [Layout]) -> String {
    var text = ""
    func append(_ line: String) {
      text += Self.trimmed(line)
      text += "\n"
    }
    append(
      shown.map { layouts[$0].padded(columns[$0].title, by: layouts[$0].width - columns[$0].title.width) }
        .joined(separator: "  "))
    append(shown.map { String(repeating: "─", count: layouts[$0].width) }.joined(separator: "  "))
    for row in rows {
      var line = ""
      for (place, column) in shown.enumerated() {
        if place > 0 { line += "  " }
        layouts[column].append(row[column], to: &line)
      }
      append(line)
    }
    return text
  }

  /// How the cells of a column are set, all in one width.
  private struct Layout {
    let alignment: Alignment
    /// Characters before the decimal point, and all of them, of the widest cell.
    private let head: Int
    private let cells: Int
    /// Characters of the column.
    let width: Int

    init(of rows: [[String]], column: Int, _ title: Column) {
      alignment = title.alignment
      let isDecimal = title.alignment == .decimal
      let head = isDecimal ? rows.map { Self.head(of: $0[column]) }.max() ?? 0 : 0
      let tail = rows.map { $0[column].width - (isDecimal ? Self.head(of: $0[column]) : 0) }.max() ?? 0
      self.head = head
      cells = head + tail
      width = max(title.title.width, cells)
    }

    private static func head(of cell: String) -> Int { cell.prefix { $0.isNumber || "-−+".contains($0) }.count }

    func append(_ cell: String, to line: inout String) {
      let before = alignment == .decimal ? head - Self.head(of: cell) : 0
      switch alignment {
      case .left:
        line += cell
        line += Self.spaces(width - cell.width)
      case .right, .decimal:
        // Numbers aligned at their points stand at the right edge as a block.
        let after = alignment == .decimal ? cells - before - cell.width : 0
        line += Self.spaces(width - after - cell.width)
        line += cell
        line += Self.spaces(after)
      }
    }

    func padded(_ title: String, by spaces: Int) -> String {
      alignment == .left ? title + Self.spaces(spaces) : Self.spaces(spaces) + title
    }

    private static func spaces(_ count: Int) -> String { String(repeating: " ", count: max(0, count)) }
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
