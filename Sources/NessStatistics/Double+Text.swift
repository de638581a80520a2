import Foundation

extension Double {
  /// At most `digits` significant digits, without trailing zeros: for messages, not for results.
  package func text(digits: Int) -> String {
    guard isFinite else { return String(format: "%.\(digits)g", self) }
    // The same by the C library, which takes a tenth of the time.
    return withUnsafeTemporaryAllocation(of: CChar.self, capacity: digits + 16) { room in
      guard let text = room.baseAddress else { return "" }
      withVaList([Int32(digits), self]) { _ = vsnprintf(text, room.count, "%.*g", $0) }
      return String(cString: text)
    }
  }

  /// A share in per cent, for messages; of one above 1 the number says nothing.
  package var percentText: String {
    self > 1 ? "more than 100 %" : "\((100 * self).text(digits: self < 0.995 ? 2 : 3)) %"
  }

  /// Four significant digits.
  package var short: String { text(digits: 4) }

  /// The value with its error, both to the digits that the error leaves, at any scale: `41 ± 2`, `3.17 ± 0.12`,
  /// `(2.31 ± 0.12)e-26`. Four digits where the error is zero or none.
  package func text(error: Double) -> String {
    guard error > 0, error.isFinite, isFinite else { return short }
    // An error is told by two digits if it begins with 1, else by one.
    let rounded = Double(String(format: "%.1e", error)) ?? error
    let last = Int(log10(rounded).rounded(.down)) - (rounded < 1.95 * pow(10, log10(rounded).rounded(.down)) ? 1 : 0)
    let size = Int(log10(max(abs(self), error)).rounded(.down))
    let power = size < -4 || size >= 6 ? size : 0
    let decimals = power - last
    func digits(_ number: Double) -> String {
      let scaled = number / pow(10, Double(power))
      if decimals > 0 { return String(format: "%.\(decimals)f", scaled) }
      let unit = pow(10, Double(-decimals))
      return String(format: "%.0f", (scaled / unit).rounded() * unit)
    }
    let both = "\(digits(self)) ± \(digits(error))"
    return power == 0 ? both : "(\(both))e\(power)"
  }

  /// Rounded to some binary digits: a readable choice that is the same choice in all units that differ by powers of two.
  package func rounded(_ rule: FloatingPointRoundingRule, bits: Int) -> Double {
    guard isNormal else { return self }
    let unit = Double(sign: .plus, exponent: exponent - bits + 1, significand: 1)
    return (self / unit).rounded(rule) * unit
  }
}
