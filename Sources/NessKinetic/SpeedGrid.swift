import Foundation
import NessMath

/// Gauss-Legendre nodes and weights on [-1, 1], with what interpolation between the nodes needs.
struct GaussLegendre {
  let nodes: [Double]
  let weights: [Double]
  /// Weights of the barycentric formula.
  let barycentric: [Double]

  /// The rule of the given order, at least 2; nodes by Newton's method on the Legendre polynomial.
  init(order: Int) {
    var nodes: [Double] = []
    var weights: [Double] = []
    for index in 0..<order {
      var x = -cos(Double.pi * (Double(index) + 0.75) / (Double(order) + 0.5))
      var slope = 1.0
      for _ in 0..<8 {
        let values = Self.legendre(x, count: order + 1)
        slope = Double(order) * (x * values[order] - values[order - 1]) / (x * x - 1)
        x -= values[order] / slope
      }
      nodes.append(x)
      weights.append(2 / ((1 - x * x) * slope * slope))
    }
    self.nodes = nodes
    self.weights = weights
    barycentric = zip(nodes, weights).enumerated().map { index, point in
      let size = ((1 - point.0 * point.0) * point.1).squareRoot()
      return index % 2 == 0 ? size : -size
    }
  }

  /// Legendre polynomials P_0 ... P_(count-1) at x.
  static func legendre(_ x: Double, count: Int) -> [Double] {
    var values = [1.0, x]
    for degree in 2..<max(3, count) {
      let n = Double(degree)
      values.append(((2 * n - 1) * x * values[degree - 1] - (n - 1) * values[degree - 2]) / n)
    }
    return values
  }
}

/// An interval of speeds on which a density is a polynomial, of the speed or of its logarithm.
struct SpeedPanel: Hashable {
  let lower: Double
  let upper: Double
  /// In the logarithm if the panel spans more than a factor 1.5 close to 0.
  let isLogarithmic: Bool

  init(_ lower: Double, _ upper: Double, logarithmicBelow limit: Double) {
    self.lower = lower
    self.upper = upper
    isLogarithmic = lower > 0 && upper <= limit * (1 + 1e-12)
  }

  private init(_ lower: Double, _ upper: Double, _ isLogarithmic: Bool) {
    self.lower = lower
    self.upper = upper
    self.isLogarithmic = isLogarithmic
  }

  /// The two halves.
  var halves: [SpeedPanel] {
    let middle = isLogarithmic ? (lower * upper).squareRoot() : 0.5 * (lower + upper)
    return [SpeedPanel(lower, middle, isLogarithmic), SpeedPanel(middle, upper, isLogarithmic)]
  }

  /// Local coordinate in [-1, 1] of a speed.
  func coordinate(of speed: Double) -> Double {
    isLogarithmic
      ? (2 * log(speed / lower) - log(upper / lower)) / log(upper / lower)
      : (2 * speed - lower - upper) / (upper - lower)
  }

  /// The speed at fraction (1 + x)/2 between two speeds of the panel, and d(speed)/dx there.
  func speed(_ x: Double, from a: Double, to b: Double) -> (speed: Double, slope: Double) {
    guard isLogarithmic else { return (0.5 * ((a + b) + x * (b - a)), 0.5 * (b - a)) }
    let half = 0.5 * log(b / a)
    let speed = (a * b).squareRoot() * exp(x * half)
    return (speed, speed * half)
  }
}

/// A grid of panels with Gauss-Legendre nodes on the half-line of speeds.
struct SpeedGrid {
  let panels: [SpeedPanel]
  let rule: GaussLegendre
  /// Nodes, panel after panel.
  let speeds: [Double]
  /// Weights of the integral over the speed.
  let weights: [Double]

  init(_ panels: [SpeedPanel], order: Int) {
    self.panels = panels
    let rule = GaussLegendre(order: order)
    self.rule = rule
    let points = panels.flatMap { panel in
      zip(rule.nodes, rule.weights).map { x, weight -> (Double, Double) in
        let point = panel.speed(x, from: panel.lower, to: panel.upper)
        return (point.speed, weight * point.slope)
      }
    }
    speeds = points.map(\.0)
    weights = points.map(\.1)
  }

  var order: Int { rule.nodes.count }

  /// Integral of a density times a function of the speed.
  func integral(_ density: [Double], _ function: (Double) -> Double) -> Double {
    var sum = 0.0
    for index in speeds.indices { sum += weights[index] * density[index] * function(speeds[index]) }
    return sum
  }

  /// The matrix of one collision, densities at the nodes before to densities at the nodes after.
  func collision(_ kernel: WallKernel) -> Matrix {
    if kernel.move == .maxwell { return maxwell(kernel) }
    var power = oneMove(kernel)
    var result: Matrix?
    var left = kernel.moves
    while true {
      if left % 2 == 1 { result = result.map { $0 * power } ?? power }
      left /= 2
      if left == 0 { break }
      power = power * power
    }
    return result ?? power
  }

  private func maxwell(_ kernel: WallKernel) -> Matrix {
    var matrix = Matrix(rows: speeds.count, columns: speeds.count)
    for column in speeds.indices {
      for row in speeds.indices { matrix[row, column] = kernel.proposalDensity(of: speeds[row]) * weights[column] }
    }
    return matrix
  }

  private func oneMove(_ kernel: WallKernel) -> Matrix {
    var matrix = Matrix(rows: speeds.count, columns: speeds.count)
    var row = [Double](repeating: 0, count: speeds.count)
    for (index, target) in speeds.enumerated() {
      for column in row.indices { row[column] = 0 }
      addSources(of: target, kernel, to: &row)
      let density = kernel.proposalDensity(of: target)
      for column in row.indices { matrix[index, column] = density * row[column] }
      matrix[index, index] += kernel.refusal(at: target)
    }
    return matrix
  }

  /// Adds, for every node, the integral of its interpolation polynomial times the acceptance of a move to `target`.
  private func addSources(of target: Double, _ kernel: WallKernel, to row: inout [Double]) {
    let range = kernel.sources(of: target)
    let kinks = kernel.kinks(of: target)
    for (number, panel) in panels.enumerated() {
      let (lower, upper) = (max(panel.lower, range.lowerBound), min(panel.upper, range.upperBound))
      if lower >= upper { continue }
      let cuts = ([lower] + kinks.filter { $0 > lower && $0 < upper } + [upper]).sorted()
      for (a, b) in zip(cuts, cuts.dropFirst()) where a < b {
        addPiece(from: a, to: b, panel, number * order, target, kernel, to: &row, depth: 0)
      }
    }
  }

  /// Halves a piece until the acceptance changes little over it, and leaves out what is accepted with less than 1e-19.
  private func addPiece(
    from a: Double, to b: Double, _ panel: SpeedPanel, _ first: Int, _ target: Double, _ kernel: WallKernel,
    to row: inout [Double], depth: Int
  ) {
    let middle = 0.5 * (a + b)
    let isFlat = kernel.acceptance(from: middle, to: target) == 1
    if !isFlat {
      let ends = max(kernel.acceptance(from: a, to: target), kernel.acceptance(from: b, to: target))
      if ends < 1e-19 { return }
      if (b - a) * (b + a) > 3 * kernel.temperature && depth < 60 {
        addPiece(from: a, to: middle, panel, first, target, kernel, to: &row, depth: depth + 1)
        addPiece(from: middle, to: b, panel, first, target, kernel, to: &row, depth: depth + 1)
        return
      }
    }
    if a == panel.lower && b == panel.upper {
      // The nodes of the rule are those of the panel.
      for index in first..<(first + order) {
        row[index] += weights[index] * (isFlat ? 1 : kernel.acceptance(from: speeds[index], to: target))
      }
      return
    }
    for (x, weight) in zip(rule.nodes, rule.weights) {
      let point = panel.speed(x, from: a, to: b)
      let acceptance = isFlat ? 1 : kernel.acceptance(from: point.speed, to: target)
      interpolate(at: panel.coordinate(of: point.speed), weight * point.slope * acceptance, first, to: &row)
    }
  }

  /// Adds `amount` times the interpolation polynomials of a panel at a local coordinate.
  @inline(__always)
  private func interpolate(at x: Double, _ amount: Double, _ first: Int, to row: inout [Double]) {
    var sum = 0.0
    for node in 0..<order {
      let distance = x - rule.nodes[node]
      if distance == 0 {
        row[first + node] += amount
        return
      }
      sum += rule.barycentric[node] / distance
    }
    let scale = amount / sum
    for node in 0..<order { row[first + node] += scale * rule.barycentric[node] / (x - rule.nodes[node]) }
  }

  /// For every panel, what the two highest Legendre coefficients of a density add to the integral of density/v dv.
  func tails(of density: [Double]) -> [Double] {
    panels.indices.map { number in
      var last = (0.0, 0.0)
      for node in 0..<order {
        let index = number * order + node
        let values = GaussLegendre.legendre(rule.nodes[node], count: order)
        let weighted = density[index] * rule.weights[node] / speeds[index]
        last.0 += weighted * values[order - 1] * (Double(order) - 0.5)
        last.1 += weighted * values[order - 2] * (Double(order) - 1.5)
      }
      let panel = panels[number]
      let measure =
        panel.isLogarithmic
        ? (panel.lower * panel.upper).squareRoot() * log(panel.upper / panel.lower) : panel.upper - panel.lower
      return max(abs(last.0), abs(last.1)) * measure
    }
  }
}
