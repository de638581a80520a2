/// The heat that one harmonic of a particle bath's force is going to give to the chain, linear in the chain's state:
/// the force that the particles have now, times  sum_j (a_j q_j + b_j v_j),  is what to expect of all the future if the
/// particles diffuse freely and the chain moves without the bath.
///
/// With the chain's step X -> R X, the heat of one step f g·X, and a force that keeps the share rho from step to step,
/// the weights B = (a, b) solve  B = g + rho R^T B  (`Documentation/Theory/innovations.md`). Eliminating a leaves one
/// symmetric positive definite tridiagonal system:
///
///     [(1 - rho d)/(1 + d) + (h² rho / 2 (1 - rho)) Phi/m] (1 + d) b = rhs
///
/// where d is the share of a site's velocity that its Langevin baths leave in a step.
package struct HeatForecast: Sendable {
  /// a, for every site [mass/time, per step and length of the heat].
  package let displacementWeights: [Double]
  /// b, for every site.
  package let velocityWeights: [Double]

  /// The forecast for a bath on `site` (from 0) whose force keeps the share `kept` from one step to the next.
  package init(_ dynamics: ChainDynamics, site: Int, kept: Double) {
    let timeStep = dynamics.timeStep
    let stiffness = Self.stiffness(dynamics)
    let bond = dynamics.forecastSpring / dynamics.mass
    let decays = Self.decays(dynamics)
    func stiff(_ vector: [Double], _ row: Int) -> Double {
      let left = row > 0 ? vector[row - 1] : 0
      let right = row + 1 < vector.count ? vector[row + 1] : 0
      return stiffness[row] * vector[row] - bond * (left + right)
    }
    // The heat of a step is f h (1 + d)/2 times the velocity after the chain's half kick.
    let gain = 0.5 * timeStep * (1 + decays[site])
    var unit = [Double](repeating: 0, count: dynamics.sites)
    unit[site] = 1
    let pull = unit.indices.map { -0.5 * timeStep * gain * stiff(unit, $0) }
    let memory = 0.5 * timeStep * kept / (1 - kept)
    let scaled = Self.tridiagonal(
      diagonal: zip(decays, stiffness).map { (1 - kept * $0) / (1 + $0) + timeStep * memory * $1 },
      offDiagonal: -timeStep * memory * bond,
      right: unit.indices.map { gain * unit[$0] + timeStep / (1 - kept) * pull[$0] })
    velocityWeights = zip(scaled, decays).map { $0 / (1 + $1) }
    displacementWeights = scaled.indices.map { pull[$0] / (1 - kept) - memory * stiff(scaled, $0) }
  }

  /// Diagonal of the stiffness over the mass.
  private static func stiffness(_ dynamics: ChainDynamics) -> [Double] {
    let last = dynamics.sites - 1
    return (0...last).map { site in
      let bonds = (site > 0 ? 1.0 : 0.0) + (site < last ? 1.0 : 0.0)
      let pinning = (site == 0 ? dynamics.pinningLeft : 0) + (site == last ? dynamics.pinningRight : 0)
      return (bonds * dynamics.forecastSpring + pinning) / dynamics.mass
    }
  }

  /// The share of its velocity that every site keeps in a step under its Langevin baths.
  private static func decays(_ dynamics: ChainDynamics) -> [Double] {
    var decays = [Double](repeating: 1, count: dynamics.sites)
    for contact in dynamics.layout.contacts {
      for index in contact.momentumSteps { decays[contact.site] *= dynamics.momentumSteps[index].decay }
    }
    return decays
  }

  /// Solution of a symmetric positive definite tridiagonal system with equal elements beside the diagonal.
  private static func tridiagonal(diagonal: [Double], offDiagonal: Double, right: [Double]) -> [Double] {
    var pivots = diagonal
    var solution = right
    for row in solution.indices.dropFirst() {
      let factor = offDiagonal / pivots[row - 1]
      pivots[row] -= factor * offDiagonal
      solution[row] -= factor * solution[row - 1]
    }
    for row in solution.indices.reversed() {
      if row + 1 < solution.count { solution[row] -= offDiagonal * solution[row + 1] }
      solution[row] /= pivots[row]
    }
    return solution
  }
}
