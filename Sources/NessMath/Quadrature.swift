#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Nodes and weights of Gauss-Legendre quadrature on [-1, 1], exact for polynomials up to degree 2n - 1.
///
/// - Parameter count: number of nodes n, >= 1.
/// - Returns: ascending nodes and their weights, n of each.
/// - Accuracy: about 1e-15 for n up to several hundred.
/// - Complexity: O(n²), by Newton's method on the Legendre recursion.
/// - Checked by: the moments of x^j (QuadratureTests).
package func gaussLegendre(_ count: Int) -> (nodes: [Double], weights: [Double]) {
  precondition(count >= 1, "at least one node")
  var nodes = [Double](repeating: 0, count: count)
  var weights = nodes
  for index in 0..<(count + 1) / 2 {
    var x = cos(Double.pi * (Double(index) + 0.75) / (Double(count) + 0.5))
    var slope = 1.0
    for _ in 0..<10 {
      var (previous, current) = (0.0, 1.0)
      for order in 1...count {
        let n = Double(order)
        (previous, current) = (current, ((2 * n - 1) * x * current - (n - 1) * previous) / n)
      }
      slope = Double(count) * (x * current - previous) / (x * x - 1)
      let step = current / slope
      x -= step
      if abs(step) < 1e-15 { break }
    }
    let weight = 2 / ((1 - x * x) * slope * slope)
    (nodes[index], nodes[count - 1 - index]) = (-x, x)
    (weights[index], weights[count - 1 - index]) = (weight, weight)
  }
  if count % 2 == 1 { nodes[count / 2] = 0 }
  return (nodes, weights)
}

/// The value of an integral and a bound on its numerical error.
package struct Integral: Hashable, Sendable {
  /// The value, in the unit of integrand times variable.
  package let value: Double
  /// Sum of the error estimates of all panels, and of rounding.
  package let errorBound: Double
  /// How many times the integrand was evaluated.
  package let evaluations: Int

  /// An integral with its error bound and cost.
  package init(value: Double, errorBound: Double, evaluations: Int) {
    self.value = value
    self.errorBound = errorBound
    self.evaluations = evaluations
  }
}

/// Why a quadrature failed.
package enum QuadratureError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The integrand is infinite or not a number near this point.
  case notFinite(near: Double)
  /// The tolerance was not reached within the allowed number of panels or points.
  case notConverged(value: Double, errorBound: Double)
  /// Whoever asked for the integral does not want it any more.
  case stopped

  /// What went wrong, in plain words with numbers.
  package var description: String {
    switch self {
    case .notFinite(let point): "the integrand is not finite near \(point)"
    case .notConverged(let value, let bound): "the quadrature stopped at \(value) with an error of up to \(bound)"
    case .stopped: "the quadrature was stopped"
    }
  }
}

/// Integral of a smooth function over one whole period by the trapezoid rule, doubled until it stands still twice.
///
/// - Parameters:
///   - period: length of the period.
///   - relativeTolerance: wanted accuracy relative to the integral of the absolute value.
///   - integrand: a function of that period.
/// - Returns: the integral; it converges exponentially fast for an analytic function.
/// - Throws: `QuadratureError` if 2^20 points are not enough or the integrand is not finite.
/// - Accuracy: the difference between the last two doublings bounds the error.
/// - Complexity: O(points).
/// - Checked by: I_0(x) = mean of exp(x cos) (QuadratureTests).
package func periodicTrapezoid(
  period: Double, relativeTolerance: Double = 1e-15, _ integrand: (Double) -> Double
) throws(QuadratureError) -> Integral {
  var points = 16
  var agreements = 0
  var sum = 0.0
  var size = 0.0
  for index in 0..<points {
    let value = integrand(period * Double(index) / Double(points))
    sum += value
    size += abs(value)
  }
  while points < 1 << 20 {
    var middle = 0.0
    for index in 0..<points {
      let value = integrand(period * (Double(index) + 0.5) / Double(points))
      middle += value
      size += abs(value)
    }
    let difference = abs(middle - sum) / Double(2 * points)
    sum += middle
    points *= 2
    guard sum.isFinite else { throw .notFinite(near: 0) }
    // Twice, because a function of few values may agree once by chance.
    agreements = difference <= max(relativeTolerance, 4e-16) * size / Double(points) ? agreements + 1 : 0
    if agreements == 2 {
      let bound = period * (difference + 1e-15 * size / Double(points))
      return Integral(value: period * sum / Double(points), errorBound: bound, evaluations: points)
    }
  }
  throw .notConverged(value: period * sum / Double(points), errorBound: period * size / Double(points))
}
