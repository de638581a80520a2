import Foundation
import NessStatistics

/// A straight line through points with known errors, by weighted least squares.
package struct LineFit: Sendable {
  package let slope: Double
  package let slopeError: Double
  package let intercept: Double
  package let interceptError: Double
  /// Covariance of slope and intercept.
  package let covariance: Double
  /// Sum of squared residuals in units of the errors.
  package let chiSquared: Double
  package let degreesOfFreedom: Int

  /// Fits y = intercept + slope x; at least two points with positive errors.
  package init?(_ points: [(x: Double, y: Double, error: Double)]) {
    guard points.count >= 2 else { return nil }
    var (w, wx, wy, wxx, wxy) = (0.0, 0.0, 0.0, 0.0, 0.0)
    for point in points {
      let weight = 1 / (point.error * point.error)
      w += weight
      wx += weight * point.x
      wy += weight * point.y
      wxx += weight * point.x * point.x
      wxy += weight * point.x * point.y
    }
    let determinant = w * wxx - wx * wx
    guard determinant > 0 else { return nil }
    let slope = (w * wxy - wx * wy) / determinant
    let intercept = (wxx * wy - wx * wxy) / determinant
    self.slope = slope
    self.intercept = intercept
    slopeError = (w / determinant).squareRoot()
    interceptError = (wxx / determinant).squareRoot()
    covariance = -wx / determinant
    chiSquared = points.reduce(0) { sum, point in
      let residual = (point.y - intercept - slope * point.x) / point.error
      return sum + residual * residual
    }
    degreesOfFreedom = points.count - 2
  }

  /// Probability that chance alone gives so large a χ²; 1 without degrees of freedom.
  package var pValue: Double {
    guard degreesOfFreedom > 0 else { return 1 }
    return chiSquaredUpperTail(chiSquared, degreesOfFreedom: Double(degreesOfFreedom))
  }

  /// Standard error of the place where the line crosses zero, -intercept/slope.
  var crossingError: Double {
    let place = -intercept / slope
    let variance =
      interceptError * interceptError + place * place * slopeError * slopeError + 2 * place * covariance
    return max(0, variance).squareRoot() / abs(slope)
  }

  /// The coefficient c of the best parabola b0 + b1 x + c x² through the points with its standard error; nil for fewer than
  /// three places.
  package func bend(of points: [(x: Double, y: Double, error: Double)]) -> (value: Double, error: Double)? {
    // x² less the line that fits it best: what a parabola has and a line has not.
    guard let own = LineFit(points.map { (x: $0.x, y: $0.x * $0.x, error: $0.error) }) else { return nil }
    var (numerator, weight) = (0.0, 0.0)
    for point in points {
      let rest = point.x * point.x - own.intercept - own.slope * point.x
      numerator += rest * point.y / (point.error * point.error)
      weight += rest * rest / (point.error * point.error)
    }
    return weight > 0 ? (numerator / weight, 1 / weight.squareRoot()) : nil
  }

  /// The slope at x of the best parabola through the points that this line passes through, with its standard error; nil for
  /// fewer than three places.
  package func slope(at x: Double, of points: [(x: Double, y: Double, error: Double)]) -> (
    value: Double, error: Double
  )? {
    guard let bend = bend(of: points),
      let own = LineFit(points.map { (x: $0.x, y: $0.x * $0.x, error: $0.error) })
    else { return nil }
    // The bend is independent of the line: it is taken from what no line has.
    let lever = 2 * x - own.slope
    let error = (slopeError * slopeError + lever * lever * bend.error * bend.error).squareRoot()
    return (slope + lever * bend.value, error)
  }
}
