import Foundation

extension Double {
  /// At most `digits` significant digits, without trailing zeros: for messages, not for results.
  package func text(digits: Int) -> String { String(format: "%.\(digits)g", self) }

  /// Four significant digits.
  package var short: String { text(digits: 4) }
}
