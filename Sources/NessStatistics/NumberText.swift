import Foundation

/// An estimate for a reader: value and error rounded to two digits of the error, such as `0.1365(39)`.
///
/// The digits in parentheses are the error in units of the last digit shown; an error that reaches past the decimal
/// point keeps its own, as in `123.4(5.6)`. Numbers below 1e-4 or from 1e6 on carry an exponent: `1.365(39)e-7`.
/// A deterministic number that is known to a millionth or better is shown with seven digits and no parentheses.
package func formatted(_ estimate: Estimate) -> String {
  NumberText(estimate).plain
}

/// A number without uncertainty, to seven significant digits.
package func formatted(_ number: Double) -> String {
  NumberText(number).plain
}

/// A value with one standard error, as for an estimate.
package func formatted(_ value: Double, error: Double) -> String {
  NumberText(value, error: error).plain
}

/// The digits of a number, apart from its power of ten.
package struct NumberText: Equatable {
  /// Sign, digits, decimal point and parentheses.
  package var digits: String
  /// The power of ten to multiply with, if the digits alone would be unreadable.
  package var exponent: Int?

  /// For a terminal: `1.365(39)e-7`.
  package var plain: String { digits + (exponent.map { "e\($0)" } ?? "") }

  /// For `MathText`: `1.365(39) × 10^{-7}`.
  package var marked: String {
    digits.replacing("-", with: "−") + (exponent.map { " × 10^{\($0)}" } ?? "")
  }

  private init(digits: String, exponent: Int? = nil) {
    self.digits = digits
    self.exponent = exponent
  }

  package init(_ estimate: Estimate) {
    switch estimate.uncertainty {
    case .statistical(let standardError, _):
      self.init(estimate.value, error: standardError)
    case .numerical(let bound):
      let isSharp = bound <= 1e-6 * abs(estimate.value)
      if isSharp { self.init(estimate.value) } else { self.init(estimate.value, error: bound) }
    }
  }

  /// Up to seven significant digits, without trailing zeros.
  package init(_ number: Double) {
    guard number.isFinite, number != 0 else {
      digits = number == 0 ? "0" : Self.nonFinite(number)
      return
    }
    let scientific = printed("%.6e", number)
    let parts = scientific.split(separator: "e")
    let power = parts.count == 2 ? Int(parts[1]) ?? 0 : 0
    if power < -4 || power >= 7 {
      digits = Self.trimmed(String(parts[0]))
      exponent = power
    } else {
      digits = Self.trimmed(printed("%.*f", Int32(6 - power), number))
    }
  }

  /// A value and its standard error; an error of zero or below is no error, one that is not finite is written out.
  package init(_ value: Double, error: Double) {
    guard value.isFinite, error.isFinite else {
      let shown = NumberText(value).plain
      self.init(digits: error.isFinite ? shown : "\(shown) ± \(Self.nonFinite(error))")
      return
    }
    guard error > 0 else {
      self.init(value)
      return
    }
    let power = Self.power(of: max(abs(value), error))
    if power < -4 || power >= 6 {
      let scale = pow(10, Double(power))
      self.init(digits: Self.parenthesised(value / scale, error / scale), exponent: power)
    } else {
      self.init(digits: Self.parenthesised(value, error))
    }
  }

  private static func parenthesised(_ value: Double, _ error: Double) -> String {
    let decimals = 1 - power(of: rounded(error))
    guard decimals > 0 else {
      let unit = pow(10, Double(-decimals))
      return withoutNegativeZero(printed("%.0f", (value / unit).rounded() * unit))
        + printed("(%.0f)", (error / unit).rounded() * unit)
    }
    let shown = withoutNegativeZero(printed("%.*f", Int32(min(decimals, 17)), value))
    if rounded(error) >= 1 { return shown + printed("(%.1f)", error) }
    return shown + printed("(%.0f)", error * pow(10, Double(decimals)))
  }

  /// The error to two significant digits, so that 0.0996 counts as 0.10.
  private static func rounded(_ error: Double) -> Double { Double(printed("%.1e", error)) ?? error }

  /// The power of ten of the leading digit.
  private static func power(of number: Double) -> Int { Int(floor(log10(number))) }

  private static func withoutNegativeZero(_ digits: String) -> String {
    digits.hasPrefix("-") && !digits.contains { ("1"..."9").contains($0) } ? String(digits.dropFirst()) : digits
  }

  private static func trimmed(_ digits: String) -> String {
    guard digits.contains(".") else { return digits }
    var kept = digits[...]
    while kept.last == "0" { kept.removeLast() }
    if kept.last == "." { kept.removeLast() }
    return String(kept)
  }

  private static func nonFinite(_ number: Double) -> String {
    number.isNaN ? "nan" : number < 0 ? "-inf" : "inf"
  }
}

/// As `String(format:)` writes a number, at a tenth of its price: a list has a hundred thousand of them.
private func printed(_ format: String, _ arguments: any CVarArg...) -> String {
  withVaList(arguments) { list in
    // The longest double has 309 digits before its point, and at most 17 are asked for behind it.
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 352) { buffer in
      guard let start = buffer.baseAddress else { return "" }
      vsnprintf(start, buffer.count, format, list)
      return String(cString: start)
    }
  }
}
