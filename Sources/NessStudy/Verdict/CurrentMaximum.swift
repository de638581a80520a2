import Foundation
import NessRandom

/// The temperature at which a curve |J|(T) is largest.
///
/// A parabola in log T (in T, if a temperature is 0) through the points near the largest one: those that noise alone may
/// have put below it, and one more on each side. Where the points contradict a parabola, the next higher degree is
/// taken. The same with one degree more, on one more point each side where they are few: the maximum is the mean of the
/// two. Its error is statistical (parametric bootstrap, choice of the points included) and systematic (the difference of
/// the two, and a share of the distance of the points), added in squares.
package struct CurrentMaximum: Sendable {
  /// The temperature of the maximum [energy].
  package let temperature: Double
  /// Its standard error [energy].
  package let error: Double
  /// The part of the error that comes from noise [energy].
  package let noise: Double
  /// Points near the maximum, one more on each side included.
  package let window: ClosedRange<Int>

  /// Resampled curves of the bootstrap.
  private static let resamples = 200
  /// A point this many standard errors below the largest one may still be the maximum.
  private static let nearness = 2.5

  /// Nil if the largest point is the first or the last one and no fit finds a maximum between others.
  package init?(of points: [CurvePoint]) {
    let isLogarithmic = points.allSatisfy { $0.temperature > 0 }
    let x = points.map { isLogarithmic ? log($0.temperature) : $0.temperature }
    guard let fit = Fit(points, x) else { return nil }
    // Neither fit knows a curve between its points better than to a share of their distance.
    let spacing = (x[fit.window.upperBound] - x[fit.window.lowerBound]).magnitude / Double(fit.window.count - 1)
    let least = (fit.shift == nil ? 0.25 : 0.05) * spacing
    let systematic = ((fit.shift ?? 0) * (fit.shift ?? 0) + least * least).squareRoot()
    let spread = Self.bootstrap(points, x, fit)
    let slope = isLogarithmic ? exp(fit.place) : 1
    temperature = isLogarithmic ? exp(fit.place) : fit.place
    noise = slope * spread
    error = slope * (spread * spread + systematic * systematic).squareRoot()
    window = fit.window
  }

  /// The largest point with the neighbours that noise alone may have put below it.
  static func near(_ points: [CurvePoint]) -> ClosedRange<Int> {
    let top = points.indices.max { points[$0].current < points[$1].current } ?? 0
    func isNear(_ index: Int) -> Bool {
      points[index].isSampled && FallTest.standardised(points[top], points[index]) < nearness
    }
    var (low, high) = (top, top)
    while low > 0, isNear(low - 1) { low -= 1 }
    while high < points.count - 1, isNear(high + 1) { high += 1 }
    return low...high
  }

  /// Half the width of the central 95 % of resampled maxima, as that of a Gaussian.
  private static func bootstrap(_ points: [CurvePoint], _ x: [Double], _ fit: Fit) -> Double {
    // What numerical errors below a millionth move is far below the share of the distance that no fit knows.
    guard points[fit.window].contains(where: { $0.error > ($0.isSampled ? 0 : 1e-6 * abs($0.current)) }) else {
      return 0
    }
    let places = (0..<resamples).compactMap { resample -> Double? in
      var stream = CounterStream(seed: 0, index: UInt64(resample), purpose: .maximumResampling)
      let moved = points.indices.map { index -> CurvePoint in
        let (first, second) = stream.gaussianPair()
        let point = points[index]
        let ratio = chiSquaredRatio(second, degreesOfFreedom: point.degreesOfFreedom)
        let centre = fit.window.contains(index) ? fit.polynomial.value(at: x[index]) : point.current
        return point.moved(to: centre + point.error * first / ratio.squareRoot())
      }
      // A resampled curve without a maximum between points has it at its largest point.
      let largest = moved.indices.max { moved[$0].current < moved[$1].current }
      return Fit(moved, x)?.place ?? largest.map { x[$0] }
    }.sorted()
    let tail = resamples / 40
    return (places[places.count - 1 - tail] - places[tail]) / (2 * 1.96)
  }

  /// The polynomial near the largest point.
  private struct Fit {
    let polynomial: PolynomialFit
    /// The mean of the maxima of this and of the next degree.
    let place: Double
    /// How far they are apart; nil if the next degree is not known or has no maximum here.
    let shift: Double?
    let window: ClosedRange<Int>

    init?(_ points: [CurvePoint], _ x: [Double]) {
      guard points.count >= 3 else { return nil }
      let window = Self.window(points)
      func fit(_ degree: Int, _ range: ClosedRange<Int>) -> PolynomialFit? {
        PolynomialFit(range.map { (x[$0], points[$0].current, Self.weight(points[$0])) }, degree: degree)
      }
      let wider = max(0, window.lowerBound - 1)...min(points.count - 1, window.upperBound + 1)
      for degree in 2...4 where degree < window.count {
        guard let polynomial = fit(degree, window) else { break }
        let freedom = Double(window.count - 1 - degree)
        let isLast = degree == 4 || degree + 1 == window.count
        let tooLarge = freedom + 3 * (2 * freedom).squareRoot()
        if !isLast, points[window].allSatisfy(\.isSampled), polynomial.chiSquared > tooLarge { continue }
        guard let place = polynomial.maximum else { return nil }
        self.polynomial = polynomial
        self.window = window
        let range = window.count > degree + 1 ? window : wider
        let other = range.count > degree + 1 ? fit(degree + 1, range)?.maximum : nil
        self.place = 0.5 * (place + (other ?? place))
        shift = other.map { abs($0 - place) }
        return
      }
      return nil
    }

    private static func weight(_ point: CurvePoint) -> Double {
      point.isSampled && point.error > 0 ? 1 / (point.error * point.error) : 1
    }

    /// The points near the maximum, and one more on each side; at least three.
    private static func window(_ points: [CurvePoint]) -> ClosedRange<Int> {
      let near = CurrentMaximum.near(points)
      var (low, high) = (near.lowerBound, near.upperBound)
      low = max(0, low - 1)
      high = min(points.count - 1, high + 1)
      if high - low < 2 { (low, high) = low == 0 ? (0, 2) : (points.count - 3, points.count - 1) }
      return low...high
    }
  }
}
