import NessMath
import NessModel
import NessStatistics

extension NetworkProfile {
  /// Of a network with active baths, whose forces are no noise of a temperature: the covariance X of (w a, b, z) in the steady state,
  ///
  ///     A X + X A^T + Q = 0
  ///
  /// Bounds: with R what is left of these equations, what rounding may change of A included, the error E solves A E + E A^T + R = 0. If P solves it for the identity in
  /// the place of R, then  -r P <= E <= r P  as quadratic forms, r a bound of the eigenvalues of R: |x E y| <= r sqrt(x P x  y P y).
  ///
  /// - Parameters:
  ///   - network: without dark modes.
  ///   - heat: of the same network.
  ///   - forces: contacts that stand for a force.
  /// - Throws: `UnstableNetwork`; `LinearAlgebraError`.
  /// - Complexity: O(60 n³), n = 2N plus the terms of memories and the forces.
  init(forced network: HarmonicNetwork, _ heat: NetworkHeat, forces: Set<Int>, withSprings: Bool) throws {
    let dynamics = try ModeDynamics(network, forces: forces)
    let (modes, drift, diffusion) = (dynamics.modes, dynamics.drift, dynamics.diffusion)
    let order = drift.rows
    let system = try StableSystem(drift: drift)
    let covariance = try system.covariance(diffusion: diffusion)
    let spread = try system.covariance(diffusion: .identity(order))
    let half = drift * covariance
    let residual = half + half.transposed + diffusion
    func norm(_ matrix: Matrix) -> Double {
      (0..<order).reduce(0) { most, column in max(most, (0..<order).reduce(0) { $0 + abs(matrix[$1, column]) }) }
    }
    let softest = modes.frequencies.first { $0 > 0 } ?? 1
    let inexact = min(modes.perturbation / softest, modes.perturbation.squareRoot())
    let left =
      norm(residual) + norm(covariance) * (2 * inexact + 8e-16 * Double(order + 16) * norm(drift))
      + 4e-16 * norm(diffusion)
    typealias Row = [(place: Int, factor: Double)]
    func form(_ matrix: Matrix, _ one: Row, _ other: Row) -> (value: Double, size: Double) {
      var (sum, size) = (0.0, 0.0)
      for (row, factor) in one {
        for (column, other) in other {
          let part = factor * other * matrix[row, column]
          sum += part
          size += abs(part)
        }
      }
      return (sum, size)
    }
    func mean(_ factor: Double, _ one: Row, _ other: Row) -> Estimate {
      let (value, size) = form(covariance, one, other)
      let product = max(0, form(spread, one, one).value) * max(0, form(spread, other, other).value)
      // P is known to a few digits at least.
      let bound = 1.1 * left * product.squareRoot() + 1e-15 * Double(order + 16) * size
      return .numerical(factor * value, bound: abs(factor) * bound)
    }
    let (sites, count, unit) = (network.sites, modes.frequencies.count, network.frequencyUnit)
    let roots = network.masses.map { $0.squareRoot() }
    /// sqrt(m) v, times a factor.
    func velocity(_ site: Int, _ factor: Double) -> Row {
      (0..<count).map { (dynamics.velocity($0), factor * modes.vectors[$0 * sites + site]) }
    }
    /// sqrt(m) times the angular frequency unit times the displacement, times a factor.
    func place(_ site: Int, _ factor: Double) -> Row {
      (dynamics.free..<count).map {
        ($0 - dynamics.free, factor * modes.vectors[$0 * sites + site] / modes.frequencies[$0])
      }
    }
    func sum(_ one: Row, _ other: Row) -> Row { zip(one, other).map { ($0.place, $0.factor + $1.factor) } }
    let temperatures = (0..<sites).map { site in mean(1, velocity(site, 1), velocity(site, 1)) }
    let lengths = network.bonds.map { bond in
      sum(place(bond.second, 1 / roots[bond.second]), place(bond.first, -1 / roots[bond.first]))
    }
    let bridges = Bridges(sites: sites, network.bonds.map { ($0.first, $0.second) })
    let currents = zip(network.bonds.indices, lengths).map { index, length in
      // A bond that alone joins two halves carries what the baths of one give to those of the other.
      if bridges.contains(index) { return heat.current { bridges.isBeyond(index, $0) } }
      let bond = network.bonds[index]
      let speed = sum(velocity(bond.first, 1 / roots[bond.first]), velocity(bond.second, 1 / roots[bond.second]))
      return mean(-0.5 * bond.stiffness / unit, speed, length)
    }
    var springs: NetworkSprings?
    if withSprings {
      let squares = unit * unit
      springs = NetworkSprings(
        bonds: zip(network.bonds, lengths).map { mean($0.stiffness / squares, $1, $1) },
        sites: network.siteStiffness.enumerated().map { site, stiffness in
          let row = place(site, 1 / roots[site])
          return mean(stiffness / squares, row, row)
        }, slopes: (network.bonds.map { _ in 1 }, network.siteStiffness.map { _ in 1 }))
    }
    self.init(temperatures: temperatures, bondCurrents: currents, springs: springs)
  }
}
