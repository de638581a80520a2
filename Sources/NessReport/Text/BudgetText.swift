import NessStatistics
import Foundation
import NessModel

/// A value with the parts of its error for a reader:
/// `0.04838 ± 0.00005 (statistical) ± 0.00009 (time step, linear theory) ± 0 (burn-in)`.
///
/// A part smaller than the last digit shown is given as below it; parts that do not exist are left out.
package func formatted(_ value: Double, _ budget: ErrorBudget) -> String {
  let sampled = budget.statistical > 0 ? [(budget.statistical, "statistical")] : []
  let others = budget.systematicParts.filter { $0.part.basis != .none }.map { name, part in
    (abs(part.value), "\(name), \(words(part.basis))")
  }
  let parts = sampled + others
  let largest = parts.map(\.0).max() ?? 0
  guard largest > 0, value.isFinite, largest.isFinite else {
    return formatted(value) + parts.map { " ± 0 (\($0.1))" }.joined()
  }
  let size = Int(floor(log10(max(abs(value), largest))))
  let power = size < -4 || size >= 6 ? size : 0
  let scale = pow(10, Double(power))
  let reference = budget.statistical > 0 ? min(budget.statistical, largest) : largest
  let decimals = min(17, max(0, 1 - Int(floor(log10(reference / scale)))))
  let unit = pow(10, Double(-decimals))
  func number(_ number: Double) -> String { String(format: "%.\(decimals)f", number / scale) }
  let shown = parts.map { size, name -> String in
    let isSmall = size > 0 && size / scale < 0.5 * unit
    return isSmall
      ? " ± below \(String(format: "%.\(decimals)f", unit)) (\(name))"
      : " ± \(size == 0 ? "0" : number(size)) (\(name))"
  }.joined()
  return power == 0 ? "\(number(value))\(shown)" : "(\(number(value))\(shown))e\(power)"
}

private func words(_ basis: ErrorBudget.Basis) -> String {
  switch basis {
  case .none: "none"
  case .linear: "linear theory"
  case .estimate: "upper estimate"
  case .measured: "measured"
  }
}
