import NessMath
import NessModel
import NessStatistics

/// The stationary covariance of displacements and velocities of a chain between eliminated baths.
package struct SteadyCovariance: Sendable {
  /// <q_i q_j>, shape (N, N) [length²].
  package let displacements: Matrix
  /// <q_i v_j>, shape (N, N) [length²/time]; antisymmetric in a steady state.
  package let mixed: Matrix
  /// <v_i v_j>, shape (N, N) [length²/time²].
  package let velocities: Matrix
  /// Kinetic temperature m <v_j²> of every site [energy].
  package let kineticTemperatures: [Estimate]
  /// -(k/2) <(v_j + v_{j+1}) (q_{j+1} - q_j)> of every bond, from left to right [energy/time].
  package let bondHeatCurrents: [Estimate]
}

/// The stationary covariance of (q, v) from the continuous Lyapunov equation.
///
///     A X + X A^T + Q = 0,    A = ( 0  1 ; -Phi_eff/m  -Gamma/m ),    Q = diag(0, 2 gamma T / m²)
///
/// - Parameters:
///   - model: chain with any baths.
///   - withMemory: whether the friction kernels keep their memory, each decaying term embedded as an auxiliary force.
/// - Returns: covariances, kinetic temperatures and bond currents.
/// - Throws: `Refusal` if the bonds are not harmonic, the chain buckles or floats freely (an unpinned chain has no stationary displacements);
///   `LinearAlgebraError.unstable` if some mode is not damped by any bath.
/// - Accuracy: 1e-13 for short chains, less where modes are hardly damped or stiffnesses differ by many powers of ten. The
///   bounds of kinetic temperatures and bond currents are the distance from the frequency integrals and the bounds of those.
/// - Complexity: O(25 n³), n = 2N plus the number of kernel terms.
/// - Checked by: the transmission integral (HeatCurrentTests), equipartition at equal temperatures.
package func steadyCovariance(of model: ChainModel, withMemory: Bool = false) throws -> SteadyCovariance {
  let method: Method = withMemory ? .memory : .markov
  if let reason = model.linearityReason ?? model.bucklingReason() { throw Refusal(method, reason) }
  let chain = EliminatedChain(model, withMemory: withMemory)
  let state = LinearState(chain)
  if state.usesStrains {
    throw Refusal(method, "nothing pins the chain, so its displacements have no stationary covariance")
  }
  let covariance = try state.covariance()
  let (sites, mass, stiffness) = (chain.sites, model.medium.mass, chain.stiffnessUnit)
  func block(_ row: Int, _ column: Int, _ unit: Double) -> Matrix {
    var matrix = Matrix(rows: sites, columns: sites)
    for i in 0..<sites {
      for j in 0..<sites { matrix[i, j] = covariance[row + i, column + j] / unit }
    }
    return matrix
  }
  let currents = try HeatBalance(chain, relativeTolerance: 3e-10).bondCurrents
  let temperatures = try KineticProfile(chain, relativeTolerance: 3e-10).temperatures
  func estimate(_ value: Double, _ other: Estimate) -> Estimate {
    .numerical(value, bound: abs(value - other.value) + other.error)
  }
  return SteadyCovariance(
    displacements: block(0, 0, stiffness), mixed: block(0, sites, mass * chain.frequencyUnit),
    velocities: block(sites, sites, mass),
    kineticTemperatures: (0..<sites).map { estimate(covariance[sites + $0, sites + $0], temperatures[$0]) },
    bondHeatCurrents: (0..<(sites - 1)).map { bond in
      let strain = [sites + bond, sites + bond + 1].reduce(0) { sum, velocity in
        sum + covariance[velocity, bond + 1] - covariance[velocity, bond]
      }
      return estimate(-0.5 * chain.frequencyUnit * strain, currents[bond])
    })
}
