import Foundation
import NessRecord
import NessStatistics

/// The table of `ness verify`: every formula of the papers as printed and as corrected, against an independent number,
/// then the formulas themselves with the route by which the number was obtained.
public func formulaTable(_ checks: [FormulaCheck]) -> String {
  var table = TextTable(columns: [
    TextTable.Column("formula"),
    TextTable.Column("printed", alignment: .decimal),
    TextTable.Column("corrected", alignment: .decimal),
    TextTable.Column("independent", alignment: .decimal),
    TextTable.Column("printed/indep.", alignment: .decimal),
    TextTable.Column("verdict"),
  ])
  for check in checks {
    table.append([
      check.location, check.printedValue.map { formatted($0) } ?? "–", formatted(check.correctedValue),
      check.independentText.plain, check.factorText, check.verdict.rawValue,
    ])
  }
  return table.text() + checks.map(\.details).joined()
}

extension FormulaCheck {
  /// The independent number with its error.
  var independentText: NumberText { NumberText(.numerical(independentValue, bound: independentError)) }

  /// Printed over independent value to four digits, or a dash.
  var factorText: String {
    guard let factor else { return "–" }
    return String(format: abs(factor) < 1e6 ? "%.4g" : "%.3e", factor)
  }

  /// Formulas and route, each on its own line below the location.
  fileprivate var details: String {
    var lines = ["", location]
    if printed == corrected {
      lines.append("  formula      \(printed)")
    } else {
      lines.append("  printed      \(printed)")
      lines.append("  corrected    \(corrected)")
    }
    lines.append("  independent  \(route)")
    return lines.map { $0 + "\n" }.joined()
  }
}
