/// A straight line through points with known errors, by weighted least squares.
package struct LineFit: Sendable {
  package let slope: Double
  package let slopeError: Double
  package let intercept: Double
  package let interceptError: Double
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
    chiSquared = points.reduce(0) { sum, point in
      let residual = (point.y - intercept - slope * point.x) / point.error
      return sum + residual * residual
    }
    degreesOfFreedom = points.count - 2
  }

  /// How many standard deviations the residuals are larger than expected, (chi² - n)/sqrt(2n).
  package var excess: Double {
    degreesOfFreedom > 0
      ? (chiSquared - Double(degreesOfFreedom)) / (2 * Double(degreesOfFreedom)).squareRoot() : 0
  }
}
