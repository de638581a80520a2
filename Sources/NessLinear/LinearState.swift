import NessMath
import NessModel
import NessStatistics

/// The linear equations of motion of an eliminated chain as  dx = A x dt + noise, each decaying term of a friction kernel
/// embedded as an auxiliary force z on its site:
///
///     dz = (-r z - a q') dt + sqrt(2 r a T) dW,      force on the site  + z
///
/// which has <z z'> = T a exp(-r |t|), so that the second fluctuation-dissipation relation holds term by term. The state is
/// (coordinates, velocities, auxiliaries); the coordinates are the displacements, or the bond strains of an unpinned chain.
struct LinearState {
  let model: ChainModel
  let drift: Matrix
  let diffusion: Matrix
  /// Number of coordinates: N, or N - 1 for strains.
  let coordinates: Int
  private let baths: [EliminatedBath]
  private let terms: [FrictionKernel.Term]
  var usesStrains: Bool { coordinates < model.medium.sites }

  init(_ model: ChainModel, withMemory: Bool) {
    self.model = model
    let chain = EliminatedChain(model, withMemory: withMemory)
    let sites = chain.sites
    let (kinematics, force) = Self.positions(model, chain.staticStability)
    let terms = chain.baths.flatMap { bath in bath.terms.map { (bath: bath, term: $0) } }
    coordinates = kinematics.rows
    var drift = Matrix(rows: kinematics.rows + sites + terms.count, columns: kinematics.rows + sites + terms.count)
    var noise = [Double](repeating: 0, count: drift.rows)
    for row in 0..<kinematics.rows {
      for site in 0..<sites {
        drift[row, kinematics.rows + site] = kinematics[row, site]
        drift[kinematics.rows + site, row] = -force[site, row] / chain.mass
      }
    }
    for bath in chain.baths {
      let row = kinematics.rows + bath.site - 1
      drift[row, row] -= bath.instantaneous / chain.mass
      noise[row] += 2 * bath.instantaneous * bath.temperature / (chain.mass * chain.mass)
    }
    for (index, entry) in terms.enumerated() {
      let row = kinematics.rows + sites + index
      let velocity = kinematics.rows + entry.bath.site - 1
      drift[row, row] = -entry.term.rate
      drift[row, velocity] = -entry.term.amplitude
      drift[velocity, row] = 1 / chain.mass
      noise[row] = 2 * entry.term.rate * entry.term.amplitude * entry.bath.temperature
    }
    self.drift = drift
    baths = chain.baths
    self.terms = terms.map(\.term)
    diffusion = Matrix.diagonal(noise)
  }

  /// The coordinates c = C q and the forces -B c.
  private static func positions(_ model: ChainModel, _ stability: StaticStability) -> (
    kinematics: Matrix, force: Matrix
  ) {
    let sites = model.medium.sites
    guard case .freeTranslation = stability else { return (.identity(sites), model.effectiveStiffnessMatrix()) }
    var difference = Matrix(rows: sites - 1, columns: sites)
    for bond in 0..<(sites - 1) {
      difference[bond, bond] = -1
      difference[bond, bond + 1] = 1
    }
    return (difference, model.medium.springConstant * difference.transposed)
  }

  /// The stationary covariance of the whole state, and what it says of the chain.
  func steadyProfile() throws(LinearAlgebraError) -> SteadyProfile {
    let system = try StableSystem(drift: drift)
    let covariance = try system.covariance(diffusion: diffusion)
    // All baths at temperature 1 must give equipartition: what they miss of it is the error of the method.
    let equilibrium = try system.covariance(diffusion: noise(atTemperature: 1))
    let error = (0..<model.medium.sites).reduce(1e-14) { largest, site in
      let velocity = coordinates + site
      return max(largest, abs(model.medium.mass * equilibrium[velocity, velocity] - 1))
    }
    return SteadyProfile(self, covariance, relativeError: error)
  }

  private func noise(atTemperature temperature: Double) -> Matrix {
    var result = diffusion
    for index in 0..<diffusion.rows { result[index, index] = 0 }
    let mass = model.medium.mass
    for bath in baths {
      let velocity = coordinates + bath.site - 1
      result[velocity, velocity] += 2 * bath.instantaneous * temperature / (mass * mass)
    }
    for (index, entry) in terms.enumerated() {
      let row = coordinates + model.medium.sites + index
      result[row, row] = 2 * entry.rate * entry.amplitude * temperature
    }
    return result
  }
}

/// Kinetic temperatures and bond currents along a chain.
struct SteadyProfile {
  /// The covariance of (coordinates, velocities, auxiliaries).
  let covariance: Matrix
  let kineticTemperatures: [Estimate]
  /// -(k/2) <(v_j + v_{j+1}) (q_{j+1} - q_j)> for each bond.
  let bondHeatCurrents: [Estimate]

  init(_ state: LinearState, _ covariance: Matrix, relativeError: Double) {
    let medium = state.model.medium
    let offset = state.coordinates
    self.covariance = covariance
    let error = 10 * relativeError * state.model.attachments.reduce(0) { max($0, $1.bath.temperature) }
    kineticTemperatures = (0..<medium.sites).map {
      .numerical(medium.mass * covariance[offset + $0, offset + $0], bound: error)
    }
    let rate = (medium.springConstant / medium.mass).squareRoot()
    bondHeatCurrents = (0..<(medium.sites - 1)).map { bond in
      var sum = 0.0
      for velocity in [offset + bond, offset + bond + 1] {
        sum +=
          state.usesStrains
          ? covariance[velocity, bond] : covariance[velocity, bond + 1] - covariance[velocity, bond]
      }
      return .numerical(-0.5 * medium.springConstant * sum, bound: error * rate)
    }
  }
}
