import NessFiles
import NessReport
import NessStatistics

extension FormulaCheck {
  /// A row whose verdict follows from the numbers by the test of `Agreement`: the number that was found independently must
  /// be that of a formula to a share `tolerance`, its whole 95 % interval included, for the formula to be right, and differ
  /// from it significantly for it to be wrong. `failure` is the verdict if the printed form is wrong and the corrected right.
  ///
  /// A formula that is the limit of a theory departs from the number by a known amount: it is right only if the theory
  /// without the limit agrees too, to a share of its own.
  ///
  /// - Parameters:
  ///   - printed: the formula as printed; nil if the text of the paper was not at hand.
  ///   - withoutLimit: what the corrected formula would be without its limit.
  static func judged(
    _ location: String, printed: String?, corrected: String, printedValue: Double?, correctedValue: Double,
    independent: Estimate, route: String, tolerance: Double, ifWrong failure: FormulaCheck.Verdict = .misprint,
    withoutLimit: FormulaCheck.Unlimited? = nil
  ) -> FormulaCheck {
    func outcome(_ value: Double, _ share: Double) -> Agreement.Outcome {
      Agreement(
        value: independent.value, error: independent.error, expected: value, tolerance: share * abs(independent.value)
      ).outcome
    }
    let isExplained = withoutLimit.map { outcome($0.value, $0.tolerance) == .agrees } ?? true
    let isRight = outcome(correctedValue, tolerance) == .agrees && isExplained
    let verdict: FormulaCheck.Verdict
    switch (isRight, printed) {
    case (false, _): verdict = .open
    case (true, nil): verdict = .holds
    case (true, corrected?): verdict = .confirmed
    case (true, _): verdict = printedValue.map { outcome($0, tolerance) } == .differs ? failure : .open
    }
    let isSampled = if case .statistical = independent.uncertainty { true } else { false }
    return FormulaCheck(
      location: location, printed: printed, corrected: corrected, printedValue: printedValue,
      correctedValue: correctedValue, independentValue: independent.value, independentError: independent.error,
      isSampled: isSampled, tolerance: tolerance, route: route, verdict: verdict,
      withoutLimit: withoutLimit)
  }
}
