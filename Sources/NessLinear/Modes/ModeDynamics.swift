import NessMath
import NessModel

/// The equations of motion of a harmonic network between eliminated baths in its normal modes, natural units: time in
/// 1/`frequencyUnit`, and coordinates such that half their squares are energies.
///
///     d(w_k a_k) = w_k b_k dt,    d b_k = -w_k (w_k a_k) dt - sum_s u_k(s) ( g_s v_s - sum_j c_j z_j ) dt + noise
///     dz_j = (-r_j z_j - c_j v_s) dt + sqrt(2 r_j T) dW,    v_s = sum_k u_k(s) b_k,    c_j² the amplitude of the term
///
/// The matrix A is a skew one less a matrix that is not negative, so nothing grows, and eigenvalues are well conditioned at
/// weak coupling. The state is (w a of modes that are held, b, z), then the plain coordinates a of modes that nothing holds
/// if they are wanted.
struct ModeDynamics {
  /// A decaying term of a bath.
  struct Auxiliary {
    let bath: Int
    let rate: Double
    /// What it does to the velocities, c_j.
    let coupling: Double
    /// What they do to it: the same, c_j; nothing of a force, whose z is the force itself.
    let reaction: Double
    /// <z²> over the temperature of the bath.
    let strength: Double

    /// - Parameter isForce: whether z is the force itself.
    init(bath: Int, _ term: FrictionKernel.Term, isForce: Bool) {
      (self.bath, rate) = (bath, term.rate)
      coupling = isForce ? 1 : term.amplitude.squareRoot()
      reaction = isForce ? 0 : coupling
      strength = isForce ? term.amplitude : 1
    }
  }

  let modes: NetworkModes
  /// A.
  let drift: Matrix
  /// Number of modes that are held: those from `free` on.
  let held: Int
  let free: Int
  let auxiliaries: [Auxiliary]
  /// u_k(s) of the site of every bath, mode by mode.
  let amplitudes: [[Double]]

  var count: Int { modes.frequencies.count }
  /// Place of b_k in the state.
  func velocity(_ mode: Int) -> Int { held + mode }
  /// Place of z_j.
  func auxiliary(_ index: Int) -> Int { held + count + index }

  /// - Parameter forces: contacts that stand for a force (`DrivenContacts`).
  init(_ network: HarmonicNetwork, withFreeCoordinates: Bool = false, forces: Set<Int> = []) throws {
    let modes = try NetworkModes(network)
    let (count, sites) = (modes.frequencies.count, modes.sites)
    let (free, baths) = (modes.freeModes, modes.baths)
    let held = count - free
    let amplitudes = baths.map { bath in (0..<count).map { modes.vectors[$0 * sites + bath.site - 1] } }
    let auxiliaries = baths.enumerated().flatMap { index, bath in
      bath.terms.map { Auxiliary(bath: index, $0, isForce: forces.contains(index)) }
    }
    let order = held + count + auxiliaries.count + (withFreeCoordinates ? free : 0)
    var drift = Matrix(rows: order, columns: order)
    for mode in free..<count {
      let (a, b) = (mode - free, held + mode)
      drift[a, b] = modes.frequencies[mode]
      drift[b, a] = -modes.frequencies[mode]
    }
    for (bath, amplitude) in zip(baths, amplitudes) where bath.instantaneous != 0 {
      for row in 0..<count {
        for column in 0..<count {
          drift[held + row, held + column] -= bath.instantaneous * amplitude[row] * amplitude[column]
        }
      }
    }
    for (index, term) in auxiliaries.enumerated() {
      let z = held + count + index
      drift[z, z] = -term.rate
      for mode in 0..<count {
        drift[held + mode, z] = term.coupling * amplitudes[term.bath][mode]
        drift[z, held + mode] = -term.reaction * amplitudes[term.bath][mode]
      }
    }
    if withFreeCoordinates {
      for mode in 0..<free { drift[held + count + auxiliaries.count + mode, held + mode] = 1 }
    }
    (self.modes, self.drift, self.held, self.free) = (modes, drift, held, free)
    (self.auxiliaries, self.amplitudes) = (auxiliaries, amplitudes)
  }

  /// Q, <noise noise^T> = Q dt, in units of energy.
  var diffusion: Matrix {
    var diffusion = Matrix(rows: drift.rows, columns: drift.rows)
    for (index, bath) in modes.baths.enumerated() {
      for row in 0..<count where bath.instantaneous != 0 {
        for column in 0..<count {
          diffusion[velocity(row), velocity(column)] +=
            2 * bath.instantaneous * bath.temperature * amplitudes[index][row] * amplitudes[index][column]
        }
      }
    }
    for (index, term) in auxiliaries.enumerated() {
      diffusion[auxiliary(index), auxiliary(index)] =
        2 * term.rate * modes.baths[term.bath].temperature * term.strength
    }
    return diffusion
  }
}
