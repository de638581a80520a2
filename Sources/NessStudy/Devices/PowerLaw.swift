import Foundation
import NessStatistics

/// A power law y = c x^a through points with errors: a from a weighted straight line through (log x, log y).
///
/// Sampled points: weights by their errors. Where chi² says at 95 % that a power law is not all, the error of a is widened by
/// sqrt(chi²/freedom). Computed points count alike, and the uncertainty of a is the largest departure of the slopes between neighbouring
/// points from it. The same for the smaller and for the larger half of the sizes, which share the one in the middle of an odd
/// number; the drift is the difference, in whose error the shared point is accounted for.
package struct PowerLaw {
  /// The exponent.
  package let exponent: Estimate
  /// Exponent of the smaller half of the sizes, and its sizes; nil with fewer than three points.
  package let smaller: (exponent: Estimate, sizes: ClosedRange<Double>)?
  /// Exponent of the larger half, and its sizes.
  package let larger: (exponent: Estimate, sizes: ClosedRange<Double>)?
  /// Exponent of the larger half less that of the smaller one.
  package let drift: Estimate?
  /// Whether a power law is contradicted by the points at 95 %; of computed ones never said.
  package let isContradicted: Bool

  /// Nil with fewer than two points, or where a value is not positive.
  ///
  /// - Parameters:
  ///   - x: ascending, different and positive.
  ///   - y: independent values there.
  package init?(_ x: [Double], _ y: [Estimate]) {
    guard x.count >= 2, y.count == x.count, x.allSatisfy({ $0 > 0 }), y.allSatisfy({ $0.value > 0 }) else { return nil }
    let places = x.map { log($0) }
    let values = y.map { Estimate(value: log($0.value), uncertainty: $0.relativeUncertainty) }
    let trust = values.map { $0.isSampled && $0.error > 0 ? 1 / ($0.error * $0.error) : 1 }
    let line = LinearReading(lineThrough: places.indices, places, trust)
    let slope = line.value(values)
    if values.contains(where: \.isSampled) {
      let chiSquared = Self.chiSquared(places, values, trust, slope)
      let freedom = Double(x.count - 2)
      isContradicted = freedom > 0 && chiSquaredUpperTail(chiSquared, degreesOfFreedom: freedom) < 0.05
      let widening = isContradicted ? max(1, (chiSquared / freedom).squareRoot()) : 1
      exponent = .made(slope, error: widening * line.error(values), from: values)
    } else {
      isContradicted = false
      exponent = .made(slope, error: Self.departure(places, values, from: slope) + line.error(values), from: values)
    }
    let half = (x.count + 1) / 2
    guard x.count >= 3 else {
      (smaller, larger, drift) = (nil, nil, nil)
      return
    }
    func part(_ range: Range<Int>) -> (LinearReading, (exponent: Estimate, sizes: ClosedRange<Double>)) {
      let reading = LinearReading(lineThrough: range, places, trust)
      let estimate = Estimate.made(
        reading.value(values), error: reading.error(values), from: Array(values[range]))
      return (reading, (estimate, x[range.lowerBound]...x[range.upperBound - 1]))
    }
    let (low, high) = (part(0..<half), part((x.count - half)..<x.count))
    (smaller, larger) = (low.1, high.1)
    let difference = high.0.less(low.0)
    drift = .made(difference.value(values), error: difference.error(values), from: values)
  }

  /// Sum of squared residuals in standard errors, of the line with that slope.
  private static func chiSquared(_ x: [Double], _ y: [Estimate], _ trust: [Double], _ slope: Double) -> Double {
    let total = trust.reduce(0, +)
    func mean(_ value: (Int) -> Double) -> Double { x.indices.reduce(0) { $0 + trust[$1] * value($1) } / total }
    let offset = mean { y[$0].value - slope * x[$0] }
    return total
      * mean { index in
        let rest = y[index].value - slope * x[index] - offset
        return rest * rest
      }
  }

  /// The largest difference between the slope of two neighbouring points and a slope.
  private static func departure(_ x: [Double], _ y: [Estimate], from slope: Double) -> Double {
    zip(x.indices, x.indices.dropFirst()).map { low, high in
      abs((y[high].value - y[low].value) / (x[high] - x[low]) - slope)
    }.max() ?? 0
  }
}

extension LinearReading {
  /// The slope of a weighted straight line through some of the points.
  init(lineThrough range: Range<Int>, _ x: [Double], _ trust: [Double]) {
    let total = range.reduce(0) { $0 + trust[$1] }
    let centre = range.reduce(0) { $0 + trust[$1] * x[$1] } / total
    let square = range.reduce(0) { $0 + trust[$1] * (x[$1] - centre) * (x[$1] - centre) }
    weights = x.indices.map { range.contains($0) ? trust[$0] * (x[$0] - centre) / square : 0 }
  }
}

extension Estimate {
  /// The uncertainty of the logarithm.
  fileprivate var relativeUncertainty: Uncertainty {
    switch uncertainty {
    case .statistical(let error, let samples):
      .statistical(standardError: error / value, effectiveSamples: samples)
    case .numerical(let bound): .numerical(bound: bound / max(value - bound, 0.5 * value))
    }
  }
}
