import NessMath
import NessModel

/// What the noise of one step tells about all heat to come from the first particle bath; its mean is exactly zero.
///
/// In the weakly coupled, linear dynamics the heat to come, given the state Z = (f, q, v), is  Z^T S Z  up to what does
/// not depend on Z. The innovation of a step is what its noise adds to that: eta of every harmonic, and xi of every
/// Langevin sub-step, times a row of weights on the state *before* the step. The noise has mean zero whatever that state
/// is, so the innovation has mean zero for any weights, at any time step and coupling, in the full dynamics.
/// See `Documentation/Theory/innovations.md`.
package struct InnovationLaw: Sendable {
  /// Weights on the state before the step for one source of noise.
  struct Row: Sendable {
    /// Sites whose weights are not negligible.
    let sites: Range<Int>
    let displacement: [Double]
    let velocity: [Double]
    /// Weights on the harmonics of the forces.
    let force: [Double]
  }

  /// The harmonics of the forces of all particle baths, bath after bath.
  package var modes: [ForceMode]
  /// One row for every harmonic, then, in a quadratic forecast, one for every Langevin sub-step.
  let rows: [Row]
  /// Weights of xi² - 1 of every Langevin sub-step; empty in a linear forecast.
  let squares: [Double]
  /// S; nil if the chain is too long or the linear dynamics has no steady state: then only the forces' part of the
  /// forecast is made, by `HeatForecast`.
  let form: Matrix?
  /// Whether the forecast is that of the whole linear dynamics.
  var isQuadratic: Bool { form != nil }

  package init(_ model: ChainModel, _ dynamics: ChainDynamics) {
    let modes = ForceMode.modes(
      of: model, timeStep: dynamics.timeStep, noise: dynamics.particleNoise)
    self.modes = modes
    let states = modes.count + 2 * dynamics.sites
    if states <= LinearSteadyState.longestState, let bath = dynamics.particles.first?.bath {
      let step = LinearStep(dynamics, modes, heatFrom: bath)
      if let form = Self.form(step, dynamics.units.ofState(modes: modes.count, sites: dynamics.sites)) {
        let future = step.heat + step.map.transposed * (form * step.map)
        let sources = states..<step.map.columns
        rows = sources.map { Self.row(2, future, source: $0, modes: modes.count, dynamics) }
        squares = sources.dropFirst(modes.count).map { future[$0, $0].inSinglePrecision }
        self.form = form
        return
      }
    }
    rows = modes.map { mode in
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
