import NessStatistics

/// An error that is small enough to end a run.
package enum PrecisionTarget: Sendable, Hashable {
  /// Standard error over the size of the estimate.
  case relative(Double)
  /// Standard error, in the unit of the estimate.
  case absolute(Double)

  /// The error itself.
  package var error: Double {
    switch self {
    case .relative(let error), .absolute(let error): error
    }
  }

  /// Error of an estimate over the target.
  package func ratio(of estimate: Estimate) -> Double {
    switch self {
    case .relative(let relative): estimate.error / abs(estimate.value) / relative
    case .absolute(let absolute): estimate.error / absolute
    }
  }

  /// How a state says which kind of error was looked at; 0 is none.
  static func code(_ target: PrecisionTarget?) -> Int {
    switch target {
    case nil: 0
    case .relative: 1
    case .absolute: 2
    }
  }
}
