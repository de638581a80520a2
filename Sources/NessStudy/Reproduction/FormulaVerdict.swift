import NessRecord
import NessStatistics

extension FormulaCheck {
  /// A row whose verdict follows from the numbers: a value fits within 4.9 errors and a share `tolerance` of the
  /// independent number; `failure` is the verdict if only the corrected form does.
  static func judged(
    _ location: String, printed: String, corrected: String, printedValue: Double?, correctedValue: Double,
    independent: Estimate, route: String, tolerance: Double, ifWrong failure: FormulaCheck.Verdict = .misprint
  ) -> FormulaCheck {
    func fits(_ value: Double) -> Bool {
      abs(value - independent.value) < 4.9 * independent.error + tolerance * abs(independent.value)
    }
    let printedFits = printedValue.map(fits) ?? false
    let verdict: FormulaCheck.Verdict =
      printedFits ? (printed == corrected ? .confirmed : .open) : fits(correctedValue) ? failure : .open
    return FormulaCheck(
      location: location, printed: printed, corrected: corrected, printedValue: printedValue,
      correctedValue: correctedValue, independentValue: independent.value, independentError: independent.error,
      route: route, verdict: verdict)
  }
}
