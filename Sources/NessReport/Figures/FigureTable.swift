extension Figure {
  /// The figure's numbers as CSV, one point a row, all curves below one another.
  ///
  /// Comment lines (`#`) carry title, caption and the meaning and unit of every column; then a header row. `error` is
  /// one standard error of `y`, empty for exact curves. Numbers are written so that reading them gives the same bits.
  package var commaSeparatedValues: String {
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
    let lines = comments.map { "# " + $0.split(whereSeparator: \.isNewline).joined(separator: " ") }
    return (lines + ["curve,role,panel,x,y,error"] + rows).map { $0 + "\n" }.joined()
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
  private static func quoted(_ field: String) -> String {
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
