import NessStatistics

/// Probability with which intervals that are called certain at 95 % may miss.
private let accepted = 0.05

extension Estimate {
  /// Whether it was sampled.
  package var isSampled: Bool {
    if case .statistical = uncertainty { true } else { false }
  }

  /// Degrees of freedom of the standard error; infinite for a computed number.
  var degreesOfFreedom: Double {
    switch uncertainty {
    // A variance from n independent blocks has n - 1 degrees of freedom.
    case .statistical(_, let samples): max(1, samples - 1)
    case .numerical: .infinity
    }
  }

  /// Half the width of intervals that hold for `count` sampled numbers together at 95 % (Student, Bonferroni); the bound of a
  /// computed number.
  package func halfWidth(among count: Int) -> Double {
    guard isSampled else { return error }
    let tail = accepted / Double(2 * max(1, count))
    var (low, high) = (0.0, 1.0)
    while studentUpperTail(high, degreesOfFreedom: degreesOfFreedom) > tail { high *= 2 }
    for _ in 0..<60 {
      let middle = 0.5 * (low + high)
      if studentUpperTail(middle, degreesOfFreedom: degreesOfFreedom) > tail { low = middle } else { high = middle }
    }
    return high * error
  }

  /// How sure its difference from another number is, as for a Gaussian; nil for a computed number.
  package func sigmas(from reference: Double = 0) -> Double? {
    guard isSampled else { return nil }
    let distance = abs(value - reference) / error
    return NessStatistics.sigmas(ofUpperTail: studentUpperTail(distance, degreesOfFreedom: degreesOfFreedom))
  }

  /// How sure its difference from another number is, in words: `15 sigma`, or that it is beyond the numerical error.
  func strength(from reference: Double = 0) -> String {
    guard let sigmas = sigmas(from: reference) else { return "beyond the numerical error" }
    return sigmas >= 36.9 ? "more than 36 sigma" : "\(sigmas.text(digits: 2)) sigma"
  }

  /// The number with its error: one standard error of a sampled one in brackets, the bound of a computed one behind `within`.
  var words: String {
    isSampled ? value.text(error: error) : "\(value.text(digits: 6)) within \(error.text(digits: 1))"
  }

  /// A number made of several: computed ones add their bounds, sampled ones have the fewest samples of them.
  static func made(_ value: Double, error: Double, from parts: [Estimate]) -> Estimate {
    let samples = parts.compactMap { part -> Double? in
      if case .statistical(_, let samples) = part.uncertainty { samples } else { nil }
    }
    guard let fewest = samples.min() else { return .numerical(value, bound: error) }
    return .statistical(value, standardError: error, effectiveSamples: fewest)
  }
}
