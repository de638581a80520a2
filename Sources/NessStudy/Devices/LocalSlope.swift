import NessStatistics

/// The derivative of a sampled curve at one of its points, by a smooth fit to the points around it.
///
/// A cubic through the five nearest points (four if there are no more), weighted by the errors. How far a polynomial is from the curve is
/// told by a parabola through the same points: the square of their difference, less what noise alone makes of it, counts as the
/// square of a systematic error. Of three points, a parabola against a straight line, whose whole difference counts.
///
/// Tried on a curve with a maximum, (T + 1)/(1 + (T + 1)²/4) at nine points from 0 to 4 with noise of 0.02 and 0.1: 95 % intervals hold
/// at 98 to 99 % of the points on average, 95 % at the worst. A parabola as the answer has a third of the error, and intervals that hold at
/// 61 % of the trials at the worst point; more points in the window do as badly.
package struct LocalSlope {
  /// The derivative; its error has both parts.
  package let estimate: Estimate
  /// The part of the error that comes from the form of the fit.
  package let fitError: Double

  /// Points of a fit.
  private static let window = 5

  /// Nil with fewer than three points.
  ///
  /// - Parameters:
  ///   - place: index of the point.
  ///   - x: places of all points, ascending and different.
  ///   - y: independent values there.
  package init?(at place: Int, _ x: [Double], _ y: [Estimate]) {
    let count = min(Self.window, x.count)
    guard count >= 3, let scale = y.map(\.error).max() else { return nil }
    let first = max(0, min(place - count / 2, x.count - count))
    // Of computed values each counts alike.
    let trust = y.map { $0.isSampled && $0.error > 0 ? (scale / $0.error) * (scale / $0.error) : 1 }
    let window = first..<(first + count)
    let degree = count > 3 ? 3 : 2
    guard let fit = LinearReading(slopeAt: place, window: window, degree: degree, x, trust: trust),
      let lower = LinearReading(slopeAt: place, window: window, degree: degree - 1, x, trust: trust)
    else { return nil }
    let difference = fit.less(lower)
    let (size, noise) = (difference.value(y), count > 3 ? difference.error(y) : 0)
    fitError = max(0, size * size - noise * noise).squareRoot()
    let error = fit.error(y)
    estimate = .made(
      fit.value(y), error: (error * error + fitError * fitError).squareRoot(), from: Array(y[window]))
  }
}

/// The derivative of a computed function, by differences of close points: Romberg's scheme on central differences at h, h/2 and h/4.
/// Its bound is what the last step of the scheme changed, which is far more than what is left, and what the bounds of the
/// values allow.
package struct CloseDifference {
  package let estimate: Estimate

  /// Shares of h at which values are asked, in units of h.
  package static let offsets = [-1, -0.5, -0.25, 0.25, 0.5, 1]

  /// - Parameters:
  ///   - step: h, in the unit of the variable.
  ///   - values: at `offsets`.
  package init(step: Double, values: [Estimate]) {
    func difference(_ low: Int, _ high: Int) -> Double {
      let distance = (Self.offsets[high] - Self.offsets[low]) * step
      return (values[high].value - values[low].value) / distance
    }
    let (wide, half, close) = (difference(0, 5), difference(1, 4), difference(2, 3))
    let (first, second) = ((4 * half - wide) / 3, (4 * close - half) / 3)
    let value = (16 * second - first) / 15
    // Weights of the three differences in the result: 1/45, -20/45, 64/45, over distances 2h, h, h/2.
    let bounds = values.map(\.error)
    let size = values.map { abs($0.value) }.max() ?? 0
    let rounding =
      (bounds[0] + bounds[5]) / 90 + (bounds[1] + bounds[4]) * 20 / 45 + (bounds[2] + bounds[3]) * 128 / 45
      + 8 * Double.ulpOfOne * size
    estimate = .numerical(value, bound: abs(value - second) + rounding / step)
  }
}
