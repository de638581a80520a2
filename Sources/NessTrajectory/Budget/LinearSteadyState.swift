import NessMath
import NessModel

/// The weakly coupled dynamics at a finite time step: what its steady state gives to every measured quantity, and how it
/// gets there. Exact for a chain between Langevin baths.
///
///     C = M C M^T + N Q N^T,    mean heat of a step = tr(G diag(C, Q))
///
/// with M and N the parts of the step's map that act on the state and on the noise, Q the variances of the noise and G
/// the quadratic form of the heat (`LinearStep`). Displacements, velocities and forces are counted in powers of two near
/// their natural units, so that the result is the same in all units.
package struct LinearSteadyState: Sendable {
  /// Means, or what a transient adds to them.
  package struct Means: Sendable {
    /// Heat from every bath per time, in the order of the attachments [energy/time].
    package let heats: [Double]
    /// Heat through every bond per time, from left to right [energy/time].
    package let bondCurrents: [Double]
    /// m v² of every site, read where the engine reads it [energy].
    package let kineticTemperatures: [Double]

    /// No heat and no temperature.
    var zero: Means {
      Means(
        heats: heats.map { _ in 0 }, bondCurrents: bondCurrents.map { _ in 0 },
        kineticTemperatures: kineticTemperatures.map { _ in 0 })
    }

    var isFinite: Bool { (heats + bondCurrents + kineticTemperatures).allSatisfy(\.isFinite) }
  }

  /// The means of the steady state.
  package let means: Means
  /// Mean heat from every bath per time, in the order of the attachments [energy/time].
  package var heats: [Double] { means.heats }
  private let model: ChainModel
  private let timeStep: Double
  private let map: Matrix
  /// G of every bath on the state.
  private let forms: [Matrix]
  /// Covariance of a start at rest less that of the steady state.
  private let excessAtRest: Matrix
  /// Covariance of a chain in its steady state whose particles have settled, less that of the whole steady state: particles
  /// that have settled do not know the velocity of the site yet.
  private let excessSettled: Matrix
  private let stored: StoredEnergy

  /// - Returns: nil if the bonds are not harmonic, the state is too long or the linear dynamics has no steady state
  ///   (buckled, or free to drift).
  package init?(_ model: ChainModel, timeStep: Double, noise law: ParticleNoise = .matched) {
    guard model.medium.isHarmonic else { return nil }
    let modes = ForceMode.modes(of: model, timeStep: timeStep, noise: law)
    let states = modes.count + 2 * model.medium.sites
    guard states <= LinearStep.longestState else { return nil }
    let dynamics = ChainDynamics(model, timeStep: timeStep, noise: law)
    let units = dynamics.units.ofState(modes: modes.count, sites: dynamics.sites)
    let steps = model.attachments.indices.map {
      LinearStep(dynamics.forecastMedium, modes, heatFrom: $0).counted(in: units)
    }
    let noise = steps[0].noiseVariances(modes)
    map = steps[0].map.leading(states)
    let forces = zip(noise, units).map { $0 / ($1 * $1) }
    let variances = Array(forces.prefix(modes.count)) + noise.dropFirst(modes.count)
    var driven = Matrix(rows: states, columns: states)
    for (source, variance) in variances.enumerated() {
      let column = (0..<states).map { steps[0].map[$0, states + source] }
      for first in 0..<states where column[first] != 0 {
        for second in 0..<states { driven[second, first] += variance * column[second] * column[first] }
      }
    }
    guard let covariance = try? discreteLyapunov(map: map, noise: driven) else { return nil }
    forms = steps.map { $0.heat.leading(states) }
    let stored = StoredEnergy(dynamics, units, modes: modes.count)
    let heats = zip(steps, forms).map { step, form in
      let ofNoise = variances.indices.reduce(0) { $0 + variances[$1] * step.heat[states + $1, states + $1] }
      return (ofNoise + Self.trace(form, covariance)) / timeStep
    }
    means = Means(
      heats: heats, bondCurrents: Self.bondCurrents(heats, model),
      kineticTemperatures: stored.kineticTemperatures(covariance))
    self.model = model
    self.timeStep = timeStep
    self.stored = stored
    excessAtRest = Self.rest(modes, dynamics, units) - covariance
    excessSettled = Self.settled(modes, model, units, covariance) - covariance
    guard means.isFinite else { return nil }
  }

  /// What is left of the initial state in the means over a measurement of length `duration` that follows a burn-in; nil if
  /// the sum over the steps does not converge.
  ///
  /// Over all later steps the excess of the heat is  tr(G X),  X = D + M X M^T,  with D = M^b (C_0 - C) M^bT.
  ///
  /// - Parameter atRest: whether the run begins at rest, and not with the `StartLaw` of this theory.
  package func transients(burnIn: Double, duration: Double, atRest: Bool = false) -> Means? {
    let excess = atRest ? excessAtRest : excessSettled
    // Where every part of the start is that of the steady state nothing relaxes.
    if excess.largestElement == 0 { return means.zero }
    let early = Self.power(map, Int((burnIn / timeStep).rounded()))
    let left = early * excess * early.transposed
    let readings = Self.power(map, stored.stepsPerReading)
    guard let total = try? discreteLyapunov(map: map, noise: left),
      let read = try? discreteLyapunov(map: readings, noise: left)
    else { return nil }
    let steps = (duration / timeStep).rounded()
    let late = Self.power(map, Int(steps))
    let within = total - late * total * late.transposed
    let withinRead = readings * (read - late * read * late.transposed) * readings.transposed
    let readingsDone = steps / Double(stored.stepsPerReading)
    let heats = forms.map { Self.trace($0, within) / duration }
    // What the sites on the left of a bond still take up does not pass through it.
    let gains = zip(stored.cumulative(late * left * late.transposed), stored.cumulative(left)).map { $0 - $1 }
    let means = Means(
      heats: heats,
      bondCurrents: zip(Self.bondCurrents(heats, model), gains).map { $0 - $1 / duration },
      kineticTemperatures: stored.kineticTemperatures(withinRead).map { $0 / readingsDone })
    return means.isFinite ? means : nil
  }

  /// What comes in on the left of every bond, from the heats of the baths.
  private static func bondCurrents(_ heats: [Double], _ model: ChainModel) -> [Double] {
    var passing = 0.0
    var next = 0
    return (1..<max(1, model.medium.sites)).map { site in
      while next < heats.count, model.attachments[next].site <= site {
        passing += heats[next]
        next += 1
      }
      return passing
    }
  }

  /// Covariance of the state at rest: displacements zero, velocities thermal.
  private static func rest(
    _ modes: [ForceMode], _ dynamics: ChainDynamics, _ units: [Double]
  ) -> Matrix {
    let thermal = dynamics.initialTemperature / dynamics.mass
    let variances =
      modes.map(\.freeVariance) + [Double](repeating: 0, count: dynamics.sites)
      + [Double](repeating: thermal, count: dynamics.sites)
    return .diagonal(zip(variances, units).map { $0 / ($1 * $1) })
  }

  /// Covariance with the particles in equilibrium around the chain: at displacement q their mean force is (c_n/T) q.
  private static func settled(
    _ modes: [ForceMode], _ model: ChainModel, _ units: [Double], _ covariance: Matrix
  ) -> Matrix {
    var start = covariance
    let variances = zip(modes, units).map { $0.freeVariance / ($1 * $1) }
    let gains = modes.enumerated().map { index, mode in
      let temperature = model.particleBaths[mode.bath].bath.temperature
      return mode.freeVariance / temperature * units[modes.count + mode.site] / units[index]
    }
    for (index, mode) in modes.enumerated() {
      for other in modes.count..<covariance.rows {
        start[index, other] = gains[index] * covariance[modes.count + mode.site, other]
        start[other, index] = start[index, other]
      }
      for (second, partner) in modes.enumerated() {
        let together = covariance[modes.count + mode.site, modes.count + partner.site]
        start[index, second] = gains[index] * gains[second] * together
      }
      start[index, index] += variances[index]
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

/// The energies that the engine counts, from a covariance of the state (f, q, v).
private struct StoredEnergy: Sendable {
  private let dynamics: ChainDynamics
  private let units: [Double]
  private let modes: Int

  init(_ dynamics: ChainDynamics, _ units: [Double], modes: Int) {
    self.dynamics = dynamics
    self.units = units
    self.modes = modes
  }

  private var sites: Int { dynamics.sites }
  var stepsPerReading: Int { dynamics.stepsPerReading }

  private func element(_ covariance: Matrix, _ row: Int, _ column: Int) -> Double {
    covariance[row, column] * units[row] * units[column]
  }

  /// m <v²> of every site.
  func kineticTemperatures(_ covariance: Matrix) -> [Double] {
    (0..<sites).map { site in
      let row = modes + sites + site
      return dynamics.mass * element(covariance, row, row)
    }
  }

  /// For every bond, the energy of the sites on its left, half of the bond included (`ness_follow_flow`).
  func cumulative(_ covariance: Matrix) -> [Double] {
    let kinetic = kineticTemperatures(covariance)
    /// <r (r + h r')> of the difference of two displacements; nil for a wall.
    func square(_ left: Int?, _ right: Int?) -> Double {
      let ends = [(left, -1.0), (right, 1.0)].compactMap { site, sign in site.map { (site: $0, sign: sign) } }
      return ends.reduce(0) { sum, one in
        sum
          + ends.reduce(0) { sum, other in
            let row = modes + one.site
            let same = element(covariance, row, modes + other.site)
            let rate = element(covariance, row, modes + sites + other.site)
            return sum + one.sign * other.sign * (same + dynamics.timeStep * rate)
          }
      }
    }
    var energy = 0.5 * dynamics.pinningLeft * square(nil, 0)
    return (0..<max(0, sites - 1)).map { site in
      let bond = 0.5 * dynamics.springConstant * square(site, site + 1)
      energy += 0.5 * kinetic[site]
      defer { energy += bond }
      return energy + 0.5 * bond
    }
  }
}
