import NessMath
import NessModel
import NessStatistics

/// The modes by which a harmonic network forgets its start: eigenvalues -rate ± i frequency of its equations of motion, those
/// of baths with memory included, slowest first.
///
/// The skew part of the matrix in normal modes gives nothing to  Re lambda = -sum_s g_s |v_s|² - sum_j r_j |z_j|²  of a vector
/// of length 1: a sum without subtraction, which keeps its digits at rates far below the rounding of lambda.
///
/// - Accuracy: the bounds, in which near an exceptional point is how little can be told apart.
/// - Complexity: O(25 n³), n = 2N plus the number of kernel terms.
/// - Source: `Documentation/Theory/time.md`.
/// - Checked by: the damped oscillator and pairs of them in closed form, also at rates 1e-12 and at exceptional points
///   (RelaxationModeTests).
package struct RelaxationModes: Sendable {
  /// One mode, or a conjugate pair.
  package struct Mode: Sendable {
    /// -Re lambda and |Im lambda|, and the share of every site in its energy of motion.
    package let mode: RelaxationMode
    /// Whether rounding does not tell it from others with which it nearly shares its vector.
    package let isExceptional: Bool
  }

  /// Slowest first.
  package let modes: [Mode]
  /// Modes that nothing holds: their places are kept for ever, and are not listed.
  package let freeTranslations: Int
  /// Modes that no bath reaches: rate 0.
  package let darkModes: Int

  /// Most equations of motion of which the modes are found.
  static let mostEquations = 1600

  /// The modes of a network.
  ///
  /// - Throws: `UnstableNetwork`; `LinearAlgebraError.notConverged`.
  package init(_ network: HarmonicNetwork) throws {
    let dynamics = try ModeDynamics(network)
    let (modes, unit) = (dynamics.modes, network.frequencyUnit)
    let softest = modes.frequencies.first { $0 > 0 } ?? 1
    // Frequencies are known as their squares are.
    let inexact = min(modes.perturbation / softest, modes.perturbation.squareRoot())
    let system = try Eigensystem(dynamics.drift, perturbation: inexact)
    let friction = zip(modes.baths, dynamics.amplitudes).map { (friction: $0.instantaneous, amplitudes: $1) }
    let largest = modes.baths.reduce(0) { sum, bath in
      bath.terms.reduce(sum + bath.instantaneous) { max($0, $1.rate) }
    }
    var found = system.modes.map { mode -> Mode in
      let damping = dynamics.damping(mode, friction)
      let turned = mode.vectorBound
      let refined =
        2 * (damping * largest).squareRoot() * turned + largest * turned * turned
        + 2.2e-16 * Double(dynamics.drift.rows + 16) * damping
      let isRefined = refined < mode.bound
      let (shares, motion) = dynamics.shares(mode)
      let error = min(1, motion > 0 ? 4 * turned / motion.squareRoot() : 1)
      return Mode(
        mode: RelaxationMode(
          rate: .numerical(
            unit * (isRefined ? damping : -mode.real), bound: unit * (isRefined ? refined : mode.bound)),
          frequency: .numerical(unit * mode.imaginary, bound: unit * mode.bound),
          shares: shares.map { .numerical($0, bound: error.isFinite ? error : 1) }),
        isExceptional: mode.neighbours > 1 && mode.condition > 1e5)
    }
    for dark in modes.dark {
      var shares = [Double](repeating: 0, count: modes.sites)
      for (site, share) in zip(dark.sites, dark.shares) { shares[site] = share }
      found.append(
        Mode(
          mode: RelaxationMode(
            rate: .numerical(0, bound: unit * largest * modes.darkness),
            frequency: .numerical(dark.frequency, bound: unit * modes.perturbation.squareRoot()),
            shares: shares.map { .numerical($0, bound: 1e-6) }), isExceptional: false))
    }
    self.modes = found.sorted {
      ($0.mode.rate.value, $0.mode.frequency.value) < ($1.mode.rate.value, $1.mode.frequency.value)
    }
    freeTranslations = modes.freeModes
    darkModes = modes.dark.count
  }
}

extension ModeDynamics {
  /// sum_s g_s |v_s|² + sum_j r_j |z_j|² of a vector of length 1.
  fileprivate func damping(_ mode: Eigensystem.Mode, _ friction: [(friction: Double, amplitudes: [Double])]) -> Double {
    var sum = 0.0
    for (friction, amplitudes) in friction where friction > 0 {
      var (real, imaginary) = (0.0, 0.0)
      for index in 0..<count {
        real += amplitudes[index] * mode.vector.real[velocity(index)]
        imaginary += amplitudes[index] * mode.vector.imaginary[velocity(index)]
      }
      sum += friction * (real * real + imaginary * imaginary)
    }
    for (index, term) in auxiliaries.enumerated() {
      let (real, imaginary) = (mode.vector.real[auxiliary(index)], mode.vector.imaginary[auxiliary(index)])
      sum += term.rate * (real * real + imaginary * imaginary)
    }
    return sum
  }

  /// The share of every site in the energy of motion, and what that is of the square of the vector; where nothing moves but
  /// the baths, the shares of these.
  fileprivate func shares(_ mode: Eigensystem.Mode) -> (shares: [Double], motion: Double) {
    let sites = modes.sites
    var (real, imaginary) = ([Double](repeating: 0, count: sites), [Double](repeating: 0, count: sites))
    for index in 0..<count {
      let (x, y) = (mode.vector.real[velocity(index)], mode.vector.imaginary[velocity(index)])
      for site in 0..<sites {
        real[site] += modes.vectors[index * sites + site] * x
        imaginary[site] += modes.vectors[index * sites + site] * y
      }
    }
    var squares = zip(real, imaginary).map { $0 * $0 + $1 * $1 }
    let motion = squares.reduce(0, +)
    if motion < 1e-26 {
      squares = [Double](repeating: 0, count: sites)
      for (index, term) in auxiliaries.enumerated() {
        let (x, y) = (mode.vector.real[auxiliary(index)], mode.vector.imaginary[auxiliary(index)])
        squares[modes.baths[term.bath].site - 1] += x * x + y * y
      }
    }
    let whole = squares.reduce(0, +)
    return (squares.map { whole > 0 ? $0 / whole : 0 }, motion)
  }
}
