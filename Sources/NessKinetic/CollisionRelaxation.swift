import CVectorMath
import Foundation
import NessMath
import NessModel
import NessRandom
import NessStatistics

/// How fast one Metropolis wall alone makes a particle forget its energy, counted in collisions.
///
/// In equilibrium at the wall's temperature the energy is exponential. The kernel of a collision is symmetric for that
/// law, so its spectrum is real: 1 for equilibrium, perhaps some eigenvalues, and a continuum, the values of the
/// probability of refusal. The largest value below 1, lambda, decides:  N_c = -1/ln(lambda).
///
/// - Source: Documentation/Theory/metropolis-walls.md.
/// - Checked by: closed forms of the refusal, simulation, an independent computation with numpy (RelaxationTests).
package struct CollisionRelaxation: Sendable, Hashable {
  /// The wall.
  package let wall: MetropolisBath
  /// Mass of the particle [mass].
  package let mass: Double

  /// The relaxation at a wall; the mass matters only for moves in speed.
  package init(wall: MetropolisBath, mass: Double = 1) {
    self.wall = wall
    self.mass = mass
  }

  private var kernel: WallKernel {
    WallKernel(.metropolis(wall), mass: mass, reference: wall.temperature)
  }

  private func refuseColdWall() throws {
    if wall.temperature > 0 { return }
    throw Refusal(.kernel, "a wall at temperature 0 has no equilibrium: the energy only falls")
  }

  /// The upper end of the continuous spectrum of a single move [1].
  ///
  /// Two ends: energies of which nearly every move is refused, and, for moves in energy, waves at energies far above T,
  /// where the kernel no longer depends on the energy itself.
  package func continuumEdge() throws -> Double {
    try refuseColdWall()
    let kernel = kernel
    if case .energy(let width) = kernel.move {
      let waves = 0.5 + 0.5 * expm1(-width) / width - 2 * expm1(-0.5 * width) / width
      return max(kernel.refusal(at: 0), waves)
    }
    let peak = 0.5.squareRoot()
    return (1...4000).reduce(kernel.refusal(at: peak)) { max($0, kernel.refusal(at: peak * Double($1) / 1000)) }
  }

  /// The spectral gap of a collision, 1 - lambda [1]; 1/gap is about the number of collisions to thermalise.
  ///
  /// - Throws: `Refusal` at temperature 0; `LinearAlgebraError`.
  /// - Accuracy: closed form where the continuum decides; for narrow moves in speed the bound is twice the difference
  ///   between polynomials of order 8 and 12.
  /// - Complexity: O(1) for moves in energy; up to 0.1 s for moves in speed.
  package func spectralGap() throws -> Estimate {
    let gap = try gapOfOneMove()
    let moves = Double(wall.moves)
    let value = -expm1(moves * log1p(-gap.value))
    return .numerical(value, bound: moves * gap.error * (1 - value) / (1 - gap.value) + 1e-15)
  }

  /// -1/ln(lambda), the collisions after which the slowest memory has decayed by 1/e [1].
  ///
  /// - Throws: as `spectralGap`.
  package func collisionsFromGap() throws -> Estimate {
    let gap = try gapOfOneMove()
    let value = -1 / (Double(wall.moves) * log1p(-gap.value))
    return .numerical(value, bound: value * gap.error / gap.value)
  }

  /// Moves in speed wider than this many thermal speeds sqrt(T/m) leave no eigenvalue above the continuum.
  private static let widestWithEigenvalue = 4.0

  private func gapOfOneMove() throws -> Estimate {
    let edge = 1 - (try continuumEdge())
    // Moves in energy have no eigenvalue above their continuum at any width (found numerically from 0.2 to 1000 T).
    let width = wall.width / Box.thermalSpeed(temperature: wall.temperature, mass: mass)
    if wall.proposal == .speed && width < 0.01 {
      throw Refusal(
        .kernel,
        "moves in speed of \(width.short) thermal speeds are too narrow to be resolved (limit 0.01); there N_c is "
          + "\((3 / (width * width * Double(wall.moves))).short) to within a percent, 3 T/m over the width squared")
    }
    if wall.proposal == .energy || width > Self.widestWithEigenvalue { return .numerical(edge, bound: 1e-12 * edge) }
    let kernel = WallKernel(
      .metropolis(MetropolisBath(temperature: wall.temperature, proposal: .speed, width: wall.width)), mass: mass,
      reference: wall.temperature)
    let panels = StationaryLaw.panels(for: [kernel]).flatMap(\.halves)
    let coarse = try Self.gap(SpeedGrid(panels, order: 8), kernel)
    let fine = try Self.gap(SpeedGrid(panels, order: 12), kernel)
    let bound = 2 * abs(fine - coarse) + 1e-12
    if fine > 0 && fine + bound < edge { return .numerical(fine, bound: bound) }
    return .numerical(edge, bound: max(0, edge - fine) + 1e-12 * edge)
  }

  /// 1 - lambda by inverse iteration: with equilibrium taken out, (1 - P)^-1 has its largest eigenvalue at lambda.
  private static func gap(_ grid: SpeedGrid, _ kernel: WallKernel) throws -> Double {
    let count = grid.speeds.count
    let equilibrium = grid.speeds.map { 2 * $0 * exp(-$0 * $0) }
    var system = -1 * grid.collision(kernel)
    for column in 0..<count {
      system[column, column] += 1
      for row in 0..<count { system[row, column] += equilibrium[row] * grid.weights[column] }
    }
    let inverse = try NessMath.solve(system, .identity(count))
    var vector = Matrix(rows: count, columns: 1)
    for row in 0..<count { vector[row, 0] = equilibrium[row] * (grid.speeds[row] * grid.speeds[row] - 1) }
    var largest = 0.0
    for _ in 0..<3000 {
      let next = inverse * vector
      // The scalar product that makes the kernel symmetric, without the tail where rounding would rule.
      var (product, square, mass) = (0.0, 0.0, 0.0)
      for row in 0..<count where grid.speeds[row] < 3 {
        let weight = grid.weights[row] / equilibrium[row]
        product += weight * vector[row, 0] * next[row, 0]
        square += weight * vector[row, 0] * vector[row, 0]
        mass += grid.weights[row] * next[row, 0]
      }
      let quotient = product / square
      let scale = 1 / quotient
      for row in 0..<count { vector[row, 0] = scale * (next[row, 0] - mass * equilibrium[row]) }
      if abs(quotient - largest) <= 1e-14 * abs(quotient) { return 1 / quotient }
      largest = quotient
    }
    return 1 / largest
  }
}
