import Foundation
import NessFiles
import NessModel
import NessReport

/// The test behind a verdict: whether a number is the expected one within a tolerance that is stated.
///
/// That two numbers do not differ beyond an error bar confirms nothing, for a long bar would confirm everything. So a number
/// agrees only if its whole 95 % interval lies within the tolerance, and it differs if it is beyond the tolerance by 4.9
/// standard errors; else the numbers do not decide.
package struct Agreement: Sendable {
  /// The number.
  package let value: Double
  /// One standard error, or the bound of a numerical error.
  package let error: Double
  /// What it is compared with.
  package let expected: Double
  /// How far from that it may be, in the same unit.
  package let tolerance: Double

  /// What the test says.
  package enum Outcome: Sendable { case agrees, differs, open }

  /// Half the width of the 95 % interval in standard errors.
  private static let confidence = 1.96
  /// Standard errors beyond the tolerance from which a number differs.
  package static let significance = 4.9

  /// A comparison of a number with what is expected.
  package init(value: Double, error: Double, expected: Double, tolerance: Double) {
    self.value = value
    self.error = error
    self.expected = expected
    self.tolerance = tolerance
  }

  private var distance: Double { abs(value - expected) }

  /// Distance in standard errors.
  package var z: Double { value == expected ? 0 : (value - expected) / error }

  /// What the test says; numbers that are none decide nothing.
  package var outcome: Outcome {
    if distance + Self.confidence * error <= tolerance { return .agrees }
    return distance - Self.significance * error > tolerance ? .differs : .open
  }

  /// The verdict on a claim that the number is the expected one.
  package var verdict: Report.Claim.Verdict {
    switch outcome {
    case .agrees: .confirmed
    case .differs: .contradicted
    case .open: .undecided
    }
  }

  /// `−0.99 ± 0.01 (expected −1, z = 0.8; the 95 % interval lies within ±0.1 of it)`.
  package var words: String {
    let place =
      switch outcome {
      case .agrees: "the 95 % interval lies within ±\(tolerance.short) of it"
      case .differs: "beyond ±\(tolerance.short) of it by more than \(Self.significance) standard errors"
      case .open: "the 95 % interval reaches beyond ±\(tolerance.short) of it"
      }
    return
      "\(value.text(error: error)) (expected \(expected.short), z = \(abs(z) < 10 ? z.text(digits: 2) : String(format: "%.0f", z)); \(place))"
  }
}

extension Report.Claim.Verdict {
  /// The verdict where the model computed may not be the paper's.
  var here: Report.Claim.Verdict {
    switch self {
    case .confirmed: .holdsHere
    case .contradicted: .failsHere
    case .holdsHere, .failsHere, .undecided, .notJudged: self
    }
  }

  /// The verdict on several parts of a claim: as good as the worst of them.
  static func all(_ parts: [Report.Claim.Verdict]) -> Report.Claim.Verdict {
    if parts.contains(.contradicted) { return .contradicted }
    return parts.isEmpty || parts.contains { $0 != .confirmed } ? .undecided : .confirmed
  }
}
