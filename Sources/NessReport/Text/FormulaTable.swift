import Foundation
import NessStatistics

/// The table of `ness verify`: every formula of the papers as printed and as corrected, against an independent number,
/// then the formulas themselves with the route by which the number was obtained.
package func formulaTable(_ checks: [FormulaCheck]) -> String {
  var table = TextTable(columns: [
    TextTable.Column("formula"),
    TextTable.Column("printed", alignment: .decimal),
    TextTable.Column("corrected", alignment: .decimal),
    TextTable.Column("independent", alignment: .decimal),
    TextTable.Column("printed/indep.", alignment: .decimal),
    TextTable.Column("corrected/indep.", alignment: .decimal),
    TextTable.Column("within", alignment: .right),
    TextTable.Column("z", alignment: .decimal),
    TextTable.Column("verdict"),
  ])
  for check in checks {
    table.append([
      check.location, check.printedValue.map { formatted($0) } ?? "–", formatted(check.correctedValue),
      check.independentText.plain, FormulaCheck.text(check.factor), FormulaCheck.text(check.correctedFactor),
      check.toleranceText, check.zText, check.verdict.rawValue,
    ])
  }
  return table.text() + "\n\(FormulaCheck.legend)\n" + checks.map(\.details).joined()
}

extension FormulaCheck {
  /// The independent number with its error.
  var independentText: NumberText { NumberText(.numerical(independentValue, bound: independentError)) }

  /// A ratio to four digits, or a dash.
  static func text(_ factor: Double?) -> String {
    guard let factor else { return "–" }
    return String(format: abs(factor) < 1e6 ? "%.4g" : "%.3e", factor)
  }

  /// To which share a formula must agree.
  var toleranceText: String {
    tolerance < 1e-3 ? String(format: "%.0e", tolerance) : String(format: "%.3g %%", 100 * tolerance)
  }

  /// Standard errors between the independent number and the corrected formula; a dash where it is not sampled.
  var zText: String { z.map { String(format: "%.1f", $0) } ?? "–" }

  /// What the formula would be without its limit, and how the independent number compares; nil where it is no limit.
  var limitText: String? {
    guard let withoutLimit else { return nil }
    let share = 100 * (correctedValue / withoutLimit.value - 1)
    let z = zWithoutLimit.map { String(format: ", z = %.1f", $0) } ?? ""
    return FormulaCheck.text(withoutLimit.value) + ": \(withoutLimit.theory); the formula departs from it by "
      + String(
        format: "%+.2g %%, the independent number by %+.2g %%", share, 100 * (independentValue / withoutLimit.value - 1)
      )
      + z + String(format: " (to lie within %.2g %%)", 100 * withoutLimit.tolerance)
  }

  /// What the verdicts mean.
  static let legend =
    "A formula is right if the 95 % interval of the independent number (or its bound) lies whole within the share \"within\" "
    + "of it; it is wrong if it is beyond that by 4.9 standard errors; else the row is open. z: independent less corrected, in "
    + "standard errors. A z of several within the tolerance is a departure that the formula, an approximation, may have; where the "
    + "formula is the limit of a theory, \"not limited\" is that theory, and both must agree. "
    + "\"holds\": the text of the paper was not at hand, so nothing is said of what it prints."

  /// The formula as printed, in words where it is not known.
  var printedText: String { printed ?? "not at hand" }

  /// Formulas and route, each on its own line below the location.
  fileprivate var details: String {
    var lines = ["", location]
    if printed == corrected || printed == nil {
      lines.append("  formula      \(corrected)")
    } else {
      lines.append("  printed      \(printedText)")
      lines.append("  corrected    \(corrected)")
    }
    lines.append("  independent  \(route)")
    if let limitText { lines.append("  not limited  \(limitText)") }
    return lines.map { $0 + "\n" }.joined()
  }
}
