import NessStatistics

/// A number that is a weighted sum of measured values: a slope of a fit, a difference of two slopes. The values count as independent. Points of a
/// sweep have noise of one seed, so near ones may be disturbed alike; that cancels in a slope, whose error is then too large, not too
/// small.
struct LinearReading {
  /// One weight for every value.
  let weights: [Double]

  /// The number itself.
  func value(_ values: [Estimate]) -> Double { zip(weights, values).reduce(0) { $0 + $1.0 * $1.1.value } }

  /// Its standard error; if all values are computed, its bound.
  func error(_ values: [Estimate]) -> Double {
    let parts = zip(weights, values).map { abs($0 * $1.error) }
    return values.contains(where: \.isSampled)
      ? parts.reduce(0) { $0 + $1 * $1 }.squareRoot() : parts.reduce(0, +)
  }

  /// This one less another of the same values.
  func less(_ other: LinearReading) -> LinearReading {
    LinearReading(weights: zip(weights, other.weights).map { $0 - $1 })
  }
}

extension LinearReading {
  /// The derivative at `place` of the weighted least-squares polynomial through some of the points; nil if they do not determine it.
  ///
  /// A fit is linear in the values, so its weights are the derivatives of the fits to one value of 1 and 0 elsewhere.
  ///
  /// - Parameters:
  ///   - place: index of the point at which the derivative is taken.
  ///   - window: indices of the points that are fitted.
  ///   - degree: of the polynomial.
  ///   - x: places of all points.
  ///   - trust: weights of all points in the fit.
  init?(slopeAt place: Int, window: Range<Int>, degree: Int, _ x: [Double], trust: [Double]) {
    var weights = [Double](repeating: 0, count: x.count)
    for one in window {
      let points = window.map { (x: x[$0], y: $0 == one ? 1.0 : 0.0, weight: trust[$0]) }
      guard let fit = PolynomialFit(points, degree: degree) else { return nil }
      weights[one] = fit.slope(at: x[place])
    }
    self.weights = weights
  }
}
