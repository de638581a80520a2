/// Which values of a parameter are possible: the fault of another one, and the words of the documents.
package enum ParameterRange: Hashable, Sendable {
  /// Every finite number.
  case finite
  /// Above 0.
  case positive
  /// 0 or above.
  case notNegative
  /// Between two numbers, both included.
  case between(Double, Double)
  /// Whole numbers between two, both included.
  case whole(ClosedRange<Int>)

  /// Whether a number is possible.
  package func contains(_ value: Double) -> Bool {
    switch self {
    case .finite: value.isFinite
    case .positive: value.isFinite && value > 0
    case .notNegative: value.isFinite && value >= 0
    case .between(let least, let most): value >= least && value <= most
    case .whole(let range): Int(exactly: value).map(range.contains) ?? false
    }
  }

  /// What a value must be, for a table: `> 0`, `1 to 100000`.
  package var words: String {
    switch self {
    case .finite: "finite"
    case .positive: "> 0"
    case .notNegative: ">= 0"
    case .between(let least, let most): "\(least.text(digits: 6)) to \(most.text(digits: 6))"
    case .whole(let range): "\(range.lowerBound) to \(range.upperBound)"
    }
  }

  /// What is expected, for a message: `a friction > 0`, `between 1 and 100000 sites`.
  ///
  /// - Parameter noun: what it is, `a friction`; of whole numbers the plural, `sites`.
  func expectation(_ noun: String) -> String {
    switch self {
    case .finite: noun.hasPrefix("a ") ? "a finite \(noun.dropFirst(2))" : "a finite \(noun)"
    case .positive, .notNegative: "\(noun) \(words)"
    case .between(let least, let most): "\(noun) between \(least.text(digits: 6)) and \(most.text(digits: 6))"
    case .whole(let range): "between \(range.lowerBound) and \(range.upperBound) \(noun)"
    }
  }

  /// Numbers that are not possible: just beyond each end.
  package var impossible: [Double] {
    switch self {
    case .finite: [.infinity, .nan]
    case .positive: [0, -1, .infinity, .nan]
    case .notNegative: [-1, .infinity, .nan]
    case .between(let least, let most): [least.nextDown, most.nextUp, .nan]
    case .whole(let range): [Double(range.lowerBound - 1), Double(range.upperBound + 1)]
    }
  }
}
