import NessMath
import NessModel

/// What the noise of the steps of a finished dynamics tells about the heats to come; it reads the motion and never changes it.
/// See `Documentation/Theory/innovations.md`.
package struct Innovations: Sendable {
  /// The harmonics of the forces of all particle baths, bath after bath.
  package var modes: [ForceMode]
  /// The heats that are followed: those from the particle baths that touch the chain. Where these are all baths of a
  /// harmonic chain the last one gives minus what the others give, and the forecasts know it: it is left out.
  package let heats: [HeatInnovation]
  /// Whether the forecast is that of the whole linear dynamics. It is not if the chain is too long or the linear dynamics
  /// has no steady state: then only the forces' part of the forecast is made, by `HeatForecast`.
  package let isQuadratic: Bool

  /// - Returns: nil if no particle bath touches the chain.
  package init?(of dynamics: ChainDynamics, model: ChainModel) {
    let modes = ForceMode.modes(of: model, timeStep: dynamics.timeStep, noise: dynamics.particleNoise)
    self.modes = modes
    let touching = dynamics.particles.indices.filter { index in modes.contains { $0.bath == index } }
    guard !touching.isEmpty else { return nil }
    let isBalanced = model.medium.isHarmonic && touching.count > 1 && dynamics.momentumSteps.isEmpty
    let quadratic = touching.dropLast(isBalanced ? 1 : 0).map {
      HeatInnovation(ofParticleBath: $0, modes, dynamics)
    }
    isQuadratic = quadratic.allSatisfy { $0 != nil }
    heats =
      isQuadratic
      ? quadratic.compactMap { $0 } : touching.map { HeatInnovation(ofForcesOfParticleBath: $0, modes, dynamics) }
  }
}

/// What the noise of one step tells about all heat to come from one bath; its mean is exactly zero.
///
/// In the weakly coupled, linear dynamics the heat to come, given the state Z = (f, q, v), is  Z^T S Z  up to what does
/// not depend on Z. The innovation of a step is what its noise adds to that: eta of every harmonic, and xi of every
/// Langevin sub-step, times a row of weights on the state *before* the step. The noise has mean zero whatever that state
/// is, so the innovation has mean zero for any weights, at any time step and coupling, in the full dynamics.
package struct HeatInnovation: Sendable {
  /// Weights on the state before the step for one source of noise.
  struct Row: Sendable {
    /// Sites whose weights are not negligible.
    let sites: Range<Int>
    let displacement: [Double]
    let velocity: [Double]
    /// Weights on the harmonics of the forces.
    let force: [Double]
  }

  /// Index of the bath in the model.
  let bath: Int
  /// Site that the bath touches, from 0.
  let site: Int
  /// The harmonics whose noise tells about this heat: all, or in a linear forecast those of the bath itself.
  let modes: Range<Int>
  /// One row for every such harmonic, then, in a quadratic forecast, one for every Langevin sub-step.
  let rows: [Row]
  /// Weights of xi² - 1 of every Langevin sub-step; empty in a linear forecast.
  let squares: [Double]
  /// S; nil in a linear forecast.
  let form: Matrix?

  /// The forecast of the whole linear dynamics.
  ///
  /// - Returns: nil if the state is too long or the linear dynamics has no steady state.
  init?(ofParticleBath index: Int, _ modes: [ForceMode], _ dynamics: ChainDynamics) {
    let states = modes.count + 2 * dynamics.sites
    guard states <= LinearStep.longestState else { return nil }
    bath = dynamics.particles[index].bath
    site = dynamics.layout.site(ofBath: bath)
    self.modes = modes.indices
    let step = LinearStep(dynamics, modes, heatFrom: bath)
    let units = dynamics.units.ofState(modes: modes.count, sites: dynamics.sites)
    guard let form = Self.form(step, units) else { return nil }
    let future = step.heat + step.map.transposed * (form * step.map)
    let sources = states..<step.map.columns
    rows = sources.map { Self.row(2, future, source: $0, modes: modes.count, dynamics) }
    squares = sources.dropFirst(modes.count).map { future[$0, $0].inSinglePrecision }
    self.form = form
  }

  /// The forecast of the forces alone, on the bare chain, which always exists.
  init(ofForcesOfParticleBath index: Int, _ modes: [ForceMode], _ dynamics: ChainDynamics) {
    bath = dynamics.particles[index].bath
    site = dynamics.layout.site(ofBath: bath)
    let own = modes.indices.filter { modes[$0].bath == index }
    let first = own.first ?? 0
    self.modes = first..<(first + own.count)
    rows = modes[self.modes].map { mode in
      let forecast = HeatForecast(dynamics, site: mode.site, kept: mode.kept)
      return Self.row(
        displacement: forecast.displacementWeights, velocity: forecast.velocityWeights,
        force: [Double](repeating: 0, count: modes.count), dynamics)
    }
    squares = []
    form = nil
  }

  /// S = heat + map^T S map over Z.
  private static func form(_ step: LinearStep, _ units: [Double]) -> Matrix? {
    let counted = step.counted(in: units)
    let map = counted.map.leading(step.states)
    guard var form = try? discreteLyapunov(map: map.transposed, noise: counted.heat.leading(step.states)) else {
      return nil
    }
    for column in units.indices {
      for row in units.indices { form[row, column] /= units[row] * units[column] }
    }
    return form
  }

  private static func row(
    _ factor: Double, _ future: Matrix, source: Int, modes: Int, _ dynamics: ChainDynamics
  ) -> Row {
    let sites = dynamics.sites
    func weights(_ start: Int, _ count: Int) -> [Double] {
      (0..<count).map { factor * future[start + $0, source] }
    }
    return row(
      displacement: weights(modes, sites), velocity: weights(modes + sites, sites), force: weights(0, modes), dynamics)
  }

  /// The weights in single precision, so that the last bits of a library's linear algebra do not matter, and without
  /// the sites that do not matter.
  private static func row(
    displacement: [Double], velocity: [Double], force: [Double], _ dynamics: ChainDynamics
  ) -> Row {
    let units = dynamics.units
    let sizes = zip(displacement, velocity).map {
      max(abs($0) * units.displacement, abs($1) * units.velocity)
    }
    let limit = 1e-3 * (sizes.max() ?? 0)
    let first = sizes.firstIndex { $0 > limit } ?? 0
    let last = sizes.lastIndex { $0 > limit } ?? 0
    func rounded(_ values: some Sequence<Double>) -> [Double] { values.map(\.inSinglePrecision) }
    return Row(
      sites: first..<(last + 1), displacement: rounded(displacement[first...last]),
      velocity: rounded(velocity[first...last]), force: rounded(force))
  }
}

extension Double {
  /// Rounded to the digits of single precision, whatever its size.
  fileprivate var inSinglePrecision: Double {
    isNormal ? Double(sign: sign, exponent: exponent, significand: Double(Float(significand))) : self
  }
}
