/// A polynomial through points with weights, by least squares.
package struct PolynomialFit {
  /// Coefficients of 1, u, u², ... with u = (x - centre)/halfWidth.
  package let coefficients: [Double]
  /// Sum of weighted squared residuals.
  package let chiSquared: Double
  private let centre: Double
  private let halfWidth: Double

  /// A fit of the given degree; nil if the points do not determine it.
  package init?(_ points: [(x: Double, y: Double, weight: Double)], degree: Int) {
    guard let low = points.map(\.x).min(), let high = points.map(\.x).max(), low < high, points.count > degree else {
      return nil
    }
    centre = 0.5 * (low + high)
    halfWidth = 0.5 * (high - low)
    let size = degree + 1
    var rows = [[Double]](repeating: [Double](repeating: 0, count: size + 1), count: size)
    for point in points {
      let powers = Self.powers((point.x - centre) / halfWidth, size)
      for row in 0..<size {
        for column in 0..<size { rows[row][column] += point.weight * powers[row] * powers[column] }
        rows[row][size] += point.weight * powers[row] * point.y
      }
    }
    guard let solution = Self.solve(rows) else { return nil }
    coefficients = solution
    var sum = 0.0
    for point in points {
      let powers = Self.powers((point.x - centre) / halfWidth, size)
      let residual = point.y - zip(powers, solution).reduce(0) { $0 + $1.0 * $1.1 }
      sum += point.weight * residual * residual
    }
    chiSquared = sum
  }

  /// The value at x.
  package func value(at x: Double) -> Double {
    coefficients.reversed().reduce(0) { $0 * ((x - centre) / halfWidth) + $1 }
  }

  /// The derivative at x.
  func slope(at x: Double) -> Double {
    let u = (x - centre) / halfWidth
    let sum = coefficients.enumerated().dropFirst().reversed().reduce(0) { $0 * u + Double($1.offset) * $1.element }
    return sum / halfWidth
  }

  /// Where it is largest within the points; nil if that is at an end.
  package var maximum: Double? {
    let steps = 200
    func place(_ step: Double) -> Double { centre + halfWidth * (2 * step / Double(steps) - 1) }
    let values = (0...steps).map { value(at: place(Double($0))) }
    guard let top = values.indices.max(by: { values[$0] < values[$1] }), top > 0, top < steps else { return nil }
    let (before, at, after) = (values[top - 1], values[top], values[top + 1])
    let curvature = before - 2 * at + after
    return curvature < 0 ? place(Double(top) + 0.5 * (before - after) / curvature) : place(Double(top))
  }

  private static func powers(_ u: Double, _ count: Int) -> [Double] {
    var power = 1.0
    return (0..<count).map { _ in
      defer { power *= u }
      return power
    }
  }

  /// Gaussian elimination with pivots of an augmented matrix; nil if it is singular.
  private static func solve(_ matrix: [[Double]]) -> [Double]? {
    var rows = matrix
    let size = rows.count
    let scale = rows.flatMap { $0.dropLast() }.map(\.magnitude).max() ?? 0
    for column in 0..<size {
      let pivot = (column..<size).max { abs(rows[$0][column]) < abs(rows[$1][column]) } ?? column
      guard abs(rows[pivot][column]) > 1e-13 * scale else { return nil }
      rows.swapAt(column, pivot)
      for row in 0..<size where row != column {
        let factor = rows[row][column] / rows[column][column]
        for entry in column...size { rows[row][entry] -= factor * rows[column][entry] }
      }
    }
    return (0..<size).map { rows[$0][size] / rows[$0][$0] }
  }
}
