import NessMath
import NessModel

/// The linear equations of motion of an eliminated chain as  dx = A x dt + noise,  each decaying term of a friction kernel
/// embedded as an auxiliary force z on its site:
///
///     dz = (-r z - a q') dt + sqrt(2 r a T) dW,      force on the site  + z
///
/// which has <z z'> = T a exp(-r |t|), so that the second fluctuation-dissipation relation holds term by term. The state is
/// (coordinates, velocities, auxiliaries); the coordinates are the displacements, or the bond strains of an unpinned chain.
///
/// All in the natural units of the chain: time in 1/sqrt(k/m), coordinates times sqrt(k), velocities times sqrt(m), so that
/// covariances are energies.
struct LinearState {
  let drift: Matrix
  let diffusion: Matrix
  /// Number of coordinates: N, or N - 1 for strains.
  let coordinates: Int
  let usesStrains: Bool

  init(_ chain: EliminatedChain) {
    let sites = chain.sites
    let (kinematics, force) = Self.positions(chain)
    let terms = chain.baths.flatMap { bath in bath.terms.map { (bath: bath, term: $0) } }
    coordinates = kinematics.rows
    usesStrains = kinematics.rows < sites
    var drift = Matrix(rows: kinematics.rows + sites + terms.count, columns: kinematics.rows + sites + terms.count)
    var noise = [Double](repeating: 0, count: drift.rows)
    for row in 0..<kinematics.rows {
      for site in 0..<sites {
        drift[row, kinematics.rows + site] = kinematics[row, site]
        drift[kinematics.rows + site, row] = -force[site, row]
      }
    }
    for bath in chain.baths {
      let row = kinematics.rows + bath.site - 1
      drift[row, row] -= bath.instantaneous
      noise[row] += 2 * bath.instantaneous * bath.temperature
    }
    for (index, entry) in terms.enumerated() {
      let row = kinematics.rows + sites + index
      let velocity = kinematics.rows + entry.bath.site - 1
      drift[row, row] = -entry.term.rate
      drift[row, velocity] = -entry.term.amplitude
      drift[velocity, row] = 1
      noise[row] = 2 * entry.term.rate * entry.term.amplitude * entry.bath.temperature
    }
    self.drift = drift
    diffusion = Matrix.diagonal(noise)
  }

  /// The coordinates c = C q and the forces -B c.
  private static func positions(_ chain: EliminatedChain) -> (kinematics: Matrix, force: Matrix) {
    let sites = chain.sites
    if case .freeTranslation = chain.staticStability {
      var difference = Matrix(rows: sites - 1, columns: sites)
      for bond in 0..<(sites - 1) {
        difference[bond, bond] = -1
        difference[bond, bond + 1] = 1
      }
      return (difference, difference.transposed)
    }
    var stiffness = Matrix(rows: sites, columns: sites)
    for (site, value) in zip(chain.stationSites, chain.stationStiffness) { stiffness[site - 1, site - 1] = value.high }
    for site in 0..<(sites - 1) {
      stiffness[site, site] += 1
      stiffness[site + 1, site + 1] += 1
      stiffness[site, site + 1] = -1
      stiffness[site + 1, site] = -1
    }
    return (.identity(sites), stiffness)
  }

  /// The stationary covariance of the whole state [energy].
  func covariance() throws(LinearAlgebraError) -> Matrix {
    try StableSystem(drift: drift).covariance(diffusion: diffusion)
  }
}
