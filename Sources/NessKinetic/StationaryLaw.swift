import Foundation
import NessMath
import NessModel

/// The laws of the speed after a collision with either wall of a box in its steady state.
///
/// Panels end where the densities have kinks (at the reach of moves from 0, and the reach of those) and are halved where
/// the polynomials do not suffice. The final order is 12; the same panels at order 8 tell the error.
struct StationaryLaw {
  /// What an order of polynomials gives.
  struct Moments {
    /// Mean energy after a collision with the left and with the right wall [T_0].
    let energy: (left: Double, right: Double)
    /// Mean of 1/v [1/sqrt(2 T_0/m)].
    let inverseSpeed: (left: Double, right: Double)
    /// Mean of v.
    let speed: (left: Double, right: Double)
  }

  /// Most panels; beyond them the computation would take more than some seconds.
  static let mostPanels = 120
  /// Indicator above which a panel is halved.
  static let tolerance = 1e-10

  let coarse: Moments
  let fine: Moments
  /// Nodes of the final grid.
  let nodes: Int

  /// - Throws: `Refusal` if the laws need more panels than are affordable; `LinearAlgebraError`.
  init(left: WallKernel, right: WallKernel) throws {
    var panels = Self.panels(for: [left, right])
    var law: Self.Solution
    while true {
      let grid = SpeedGrid(panels, order: 8)
      law = try Self.solve(grid, left, right)
      let scale = grid.integral(law.left) { 1 / $0 } + grid.integral(law.right) { 1 / $0 }
      let tails = zip(grid.tails(of: law.left), grid.tails(of: law.right)).map { max($0, $1) / scale }
      let rough = tails.map { $0 > Self.tolerance }
      if !rough.contains(true) { break }
      let finer = zip(panels, rough).flatMap { $1 ? $0.halves : [$0] }
      if finer.count > Self.mostPanels {
        // The difference between the orders tells what that costs; far off, there is no telling.
        if tails.reduce(0, +) < 1e-5 { break }
        throw Refusal(
          .kernel,
          "more than \(Self.mostPanels) intervals of speed are needed to resolve the laws of these walls: "
            + "their widths and temperatures lie too many decades apart")
      }
      panels = finer
    }
    coarse = law.moments
    let grid = SpeedGrid(panels, order: 12)
    fine = try Self.solve(grid, left, right).moments
    nodes = grid.speeds.count
    // Also false if a number is not finite.
    guard abs(fine.inverseSpeed.left - coarse.inverseSpeed.left) < 1e-3 * fine.inverseSpeed.left,
      abs(fine.energy.left - coarse.energy.left) < 1e-3 * fine.energy.left
    else {
      throw Refusal(
        .kernel,
        "the laws of the speed after a collision are not resolved: the widths of the moves and the temperatures "
          + "lie too many decades apart")
    }
  }

  private struct Solution {
    let left: [Double]
    let right: [Double]
    let moments: Moments
  }

  /// Stationary law of  after left -> right wall -> left wall:  g = L R g  with integral 1, from the regular system
  /// (1 - L R + b w^T) g = b, where w are the weights of the integral and b any density of integral 1.
  private static func solve(_ grid: SpeedGrid, _ left: WallKernel, _ right: WallKernel) throws -> Solution {
    let (atLeft, atRight) = (grid.collision(left), grid.collision(right))
    var system = -1 * (atLeft * atRight)
    let count = grid.speeds.count
    var start = Matrix(rows: count, columns: 1)
    for row in 0..<count { start[row, 0] = 2 * grid.speeds[row] * exp(-grid.speeds[row] * grid.speeds[row]) }
    for column in 0..<count {
      system[column, column] += 1
      for row in 0..<count { system[row, column] += start[row, 0] * grid.weights[column] }
    }
    let afterLeft = try NessMath.solve(system, start)
    let afterRight = atRight * afterLeft
    let (g, h) = (afterLeft.elements, afterRight.elements)
    func means(_ function: (Double) -> Double) -> (left: Double, right: Double) {
      (
        grid.integral(g, function) / grid.integral(g) { _ in 1 },
        grid.integral(h, function) / grid.integral(h) { _ in 1 }
      )
    }
    return Solution(
      left: g, right: h,
      moments: Moments(energy: means { $0 * $0 }, inverseSpeed: means { 1 / $0 }, speed: means { $0 }))
  }

  /// The first panels.
  static func panels(for walls: [WallKernel]) -> [SpeedPanel] {
    // Energies above 40 times the hottest temperature have a weight below 1e-17.
    let fastest = 40.0.squareRoot()
    let count = walls.contains(where: \.isNarrow) ? 40 : 12
    var edges = (0...count).map { fastest * Double($0) / Double(count) }
    var kinks = [0.0]
    var found = kinks
    for _ in 0..<3 {
      kinks = kinks.flatMap { speed in walls.flatMap { $0.reach(from: speed) } }.filter { $0 < fastest }
      kinks = unique(kinks)
      found += kinks
    }
    edges += found + walls.flatMap(\.partnersWithinReach)
    var logarithmicBelow = 0.0
    for wall in walls where wall.temperature > 0 {
      // The law of a cold wall varies on the scale of its own temperature, above 0 and above every kink.
      var scale = 0.25 * wall.temperature
      while scale < 0.2 {
        edges.append(scale.squareRoot())
        if scale > 1e-8 { edges += found.prefix(1 + 2 * walls.count).map { ($0 * $0 + scale).squareRoot() } }
        scale *= 4
      }
      if case .speed(let width) = wall.move {
        let bottom = smallestSpeed(wall, width)
        let top = min(0.25, 0.5 * wall.temperature.squareRoot())
        logarithmicBelow = max(logarithmicBelow, top)
        let decades = max(2, (log(top / bottom) / 1.2).rounded(.up))
        edges += (0...Int(decades)).map { top * exp(-log(top / bottom) * Double($0) / decades) }
      }
    }
    edges = unique(edges.filter { $0 <= fastest })
    return zip(edges, edges.dropFirst()).map { SpeedPanel($0, $1, logarithmicBelow: logarithmicBelow) }
  }

  /// Moves in speed from v to nearly 0 are refused only below v exp(-v²/T): down to there the law is flat.
  static func smallestSpeed(_ wall: WallKernel, _ width: Double) -> Double {
    let exponent = min(width * width, 40) / wall.temperature
    return 0.01 * min(width, wall.temperature.squareRoot()) * exp(-exponent)
  }

  private static func unique(_ values: [Double]) -> [Double] {
    var result: [Double] = []
    for value in values.sorted() where result.last.map({ value - $0 > 1e-9 * value }) ?? true { result.append(value) }
    return result
  }
}
