extension Figure {
  /// The figure's numbers as CSV, one point a row, all curves below one another.
  ///
  /// Comment lines (`#`) carry title, caption and the meaning and unit of every column; then a header row. `error` is
  /// one standard error of `y`, empty for exact curves. Numbers are written so that reading them gives the same bits.
  package var commaSeparatedValues: String {
    if let graph {
      return Self.text(
        comments: ["figure \(identifier): \(title)", caption] + graph.comments(unit: vertical.unit), graph.rows)
    }
    let ratio = ratioLabel ?? "ratio"
    let comments = [
      "figure \(identifier): \(title)", caption,
      "curve: name of the curve",
      "role: simulation, theory, approximation, printed (as in the paper) or guide (to the eye)",
      "panel: main, or ratio (\(ratio), dimensionless)",
      "x: \(horizontal.label) [\(horizontal.unit)]",
      "y: \(vertical.label) [\(vertical.unit)]; in panel ratio: \(ratio) [1]",
      "error: one standard error of y; empty for curves without sampling error",
    ]
    let rows = Self.rows(curves, panel: "main") + Self.rows(ratios, panel: "ratio")
    return Self.text(comments: comments, ["curve,role,panel,x,y,error"] + rows)
  }

  private static func text(comments: [String], _ rows: [String]) -> String {
    let lines = comments.map { "# " + $0.split(whereSeparator: \.isNewline).joined(separator: " ") }
    return (lines + rows).map { $0 + "\n" }.joined()
  }

  private static func rows(_ curves: [Curve], panel: String) -> [String] {
    curves.flatMap { curve in
      curve.points.map { point in
        let error = point.error.map { "\($0)" } ?? ""
        return "\(quoted(curve.name)),\(curve.role.rawValue),\(panel),\(point.x),\(point.y),\(error)"
      }
    }
  }

  /// A field that may hold commas or quotes (RFC 4180), on one line.
  fileprivate static func quoted(_ field: String) -> String {
    let line = field.split(whereSeparator: \.isNewline).joined(separator: " ")
    let isPlain = !line.contains { ",\"#".contains($0) } && line.first != " " && line.last != " "
    return isPlain ? line : "\"\(line.replacing("\"", with: "\"\""))\""
  }
}

extension Figure {
  /// The name of the figure's files without extension, such as `figure-3a`; anything but ASCII letters, digits, `.`,
  /// `_` and `-` in the identifier becomes `-`.
  package var fileStem: String {
    let kept = identifier.map { character -> Character in
      let isSafe = character.isASCII && (character.isLetter || character.isNumber || "._-".contains(character))
      return isSafe ? character : "-"
    }
    return "figure-" + String(kept)
  }
}

extension Figure.Graph {
  /// The meaning of the columns of the table.
  fileprivate func comments(unit: String) -> [String] {
    [
      "item: site, bond or bath",
      "name: number of a site, sites of a bond, name of a bath",
      "site, other: the site, of a bond the one where the current begins and the one where it ends",
      "x, y: place in the picture, x to the right, y upwards [1]",
      "value: kinetic temperature of a site [\(unit)], heat through a bond from site to other [\(unit)/time], temperature of a bath "
        + "[\(unit)]; empty where it is not known",
      "error: one standard error of a simulation, bound of the numerical error of theory",
    ]
  }

  /// A header, then a row for every site, bond and bath.
  fileprivate var rows: [String] {
    func text(_ number: Double?) -> String { number.map { "\($0)" } ?? "" }
    func place(_ site: Int) -> String { "\(sites[site].x),\(sites[site].y)" }
    let nodes = sites.enumerated().map { site, node in
      "site,\(site + 1),\(site + 1),,\(place(site)),\(text(node.temperature)),\(text(node.error))"
    }
    let links = bonds.map { bond in
      let (first, second) = (bond.first + 1, bond.second + 1)
      return "bond,\(first)-\(second),\(first),\(second),,,\(text(bond.current)),\(text(bond.error))"
    }
    let ends = baths.map { bath in
      "bath,\(Figure.quoted(bath.name)),\(bath.site + 1),,\(place(bath.site)),\(text(bath.temperature)),"
    }
    return ["item,name,site,other,x,y,value,error"] + nodes + links + ends
  }
}
