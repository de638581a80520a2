import NessMath
import NessModel

/// The weakly coupled dynamics at a finite time step: the mean heats of its steady state, and how it gets there.
/// Exact for a chain between Langevin baths.
///
///     C = M C M^T + N Q N^T,    mean heat of a step = tr(G diag(C, Q))
///
/// with M and N the parts of the step's map that act on the state and on the noise, Q the variances of the noise and G
/// the quadratic form of the heat (`LinearStep`).
package struct LinearSteadyState: Sendable {
  /// Longest state that is worth O(states³).
  static let longestState = 200

  /// Mean heat from every bath per time, in the order of the attachments [energy/time].
  package let heats: [Double]
  private let timeStep: Double
  private let map: Matrix
  /// G of every bath on the state.
  private let forms: [Matrix]
  /// Covariance of a start at rest less that of the steady state.
  private let excessAtRest: Matrix
  /// Covariance of a chain in its steady state whose particles have settled, less that of the whole steady state: particles
  /// that have settled do not know the velocity of the site yet.
  private let excessSettled: Matrix

  /// - Returns: nil if the bonds are not harmonic, the state is too long or the linear dynamics has no steady state
  ///   (buckled, or free to drift).
  package init?(_ model: ChainModel, timeStep: Double, noise law: ParticleNoise = .matched) {
    guard model.medium.isHarmonic else { return nil }
    let dynamics = ChainDynamics(model, timeStep: timeStep, noise: law)
    let modes = ForceMode.modes(of: model, timeStep: timeStep, noise: law)
    let states = modes.count + 2 * dynamics.sites
    guard states <= Self.longestState else { return nil }
    let steps = model.attachments.indices.map { LinearStep(dynamics, modes, heatFrom: $0) }
    let noise = Self.noise(modes, model, steps[0])
    map = steps[0].map.leading(states)
    var driven = Matrix(rows: states, columns: states)
    for (source, variance) in noise.enumerated() {
      let column = (0..<states).map { steps[0].map[$0, states + source] }
      for first in 0..<states where column[first] != 0 {
        for second in 0..<states { driven[second, first] += variance * column[second] * column[first] }
      }
    }
    guard let covariance = try? discreteLyapunov(map: map, noise: driven) else { return nil }
    forms = steps.map { $0.heat.leading(states) }
    heats = zip(steps, forms).map { step, form in
      let ofNoise = noise.indices.reduce(0) { $0 + noise[$1] * step.heat[states + $1, states + $1] }
      return (ofNoise + Self.trace(form, covariance)) / timeStep
    }
    self.timeStep = timeStep
    excessAtRest = Self.rest(modes, model, dynamics) - covariance
    excessSettled = Self.settled(modes, model, dynamics, covariance) - covariance
    guard heats.allSatisfy(\.isFinite) else { return nil }
  }

  /// Mean heat from every bath per time in a measurement of length `duration` that follows a burn-in, less that of the
  /// steady state [energy/time]; nil if the sum over the steps does not converge.
  ///
  /// Over all later steps the excess of the heat is  tr(G X),  X = D + M X M^T,  with D = M^b (C_0 - C) M^bT.
  ///
  /// - Parameter atRest: whether the run begins at rest, and not with the `StartLaw` of this theory.
  package func transientHeats(burnIn: Double, duration: Double, atRest: Bool = false) -> [Double]? {
    let excess = atRest ? excessAtRest : excessSettled
    // Where every part of the start is that of the steady state nothing relaxes.
    if excess.largestElement == 0 { return [Double](repeating: 0, count: heats.count) }
    let early = Self.power(map, Int((burnIn / timeStep).rounded()))
    let left = early * excess * early.transposed
    guard let total = try? discreteLyapunov(map: map, noise: left) else { return nil }
    let late = Self.power(map, Int((duration / timeStep).rounded()))
    let within = total - late * total * late.transposed
    let transients = forms.map { Self.trace($0, within) / duration }
    return transients.allSatisfy(\.isFinite) ? transients : nil
  }

  /// Variances of the noise of one step: the innovations of the harmonics, then the Gaussians of the Langevin baths.
  static func noise(_ modes: [ForceMode], _ model: ChainModel, _ step: LinearStep) -> [Double] {
    let forces = modes.map { freeVariance(of: $0, model) * (1 - $0.kept * $0.kept) }
    return forces + [Double](repeating: 1, count: step.map.columns - step.states - modes.count)
  }

  /// <f_n²> of particles that are uniform on the ring.
  private static func freeVariance(of mode: ForceMode, _ model: ChainModel) -> Double {
    0.5 * Double(model.particleBaths[mode.bath].bath.count) * mode.amplitude * mode.amplitude
  }

  /// Covariance of the state at rest: displacements zero, velocities thermal.
  private static func rest(_ modes: [ForceMode], _ model: ChainModel, _ dynamics: ChainDynamics) -> Matrix {
    let thermal = dynamics.initialTemperature / dynamics.mass
    return .diagonal(
      modes.map { freeVariance(of: $0, model) } + [Double](repeating: 0, count: dynamics.sites)
        + [Double](repeating: thermal, count: dynamics.sites))
  }

  /// Covariance with the particles in equilibrium around the chain: at displacement q their mean force is (c_n/T) q.
  private static func settled(
    _ modes: [ForceMode], _ model: ChainModel, _ dynamics: ChainDynamics, _ covariance: Matrix
  ) -> Matrix {
    var start = covariance
    let gains = modes.map { freeVariance(of: $0, model) / model.particleBaths[$0.bath].bath.temperature }
    for (index, mode) in modes.enumerated() {
      for other in modes.count..<covariance.rows {
        start[index, other] = gains[index] * covariance[modes.count + mode.site, other]
        start[other, index] = start[index, other]
      }
      for (second, partner) in modes.enumerated() {
        let together = covariance[modes.count + mode.site, modes.count + partner.site]
        start[index, second] = gains[index] * gains[second] * together
      }
      start[index, index] += freeVariance(of: mode, model)
    }
    return start
  }

  /// tr(A B) of two symmetric matrices.
  private static func trace(_ first: Matrix, _ second: Matrix) -> Double {
    zip(first.elements, second.elements).reduce(0) { $0 + $1.0 * $1.1 }
  }

  private static func power(_ matrix: Matrix, _ exponent: Int) -> Matrix {
    var (result, square, rest) = (Matrix.identity(matrix.rows), matrix, exponent)
    while rest > 0 {
      if rest & 1 == 1 { result = result * square }
      rest >>= 1
      if rest > 0 { square = square * square }
    }
    return result
  }
}
