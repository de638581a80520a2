import Foundation
import NessMath
import NessModel

/// What the noise of the steps of a finished dynamics tells about the heats to come; it reads the motion and never changes it.
/// See `Documentation/Theory/innovations.md`.
package struct Innovations: Sendable {
  /// The harmonics of the forces of all particle baths, bath after bath.
  package var modes: [ForceMode]
  /// The heats that are followed: those from the particle baths that touch the chain. Where these are all baths of a
  /// harmonic chain the last one gives minus what the others give, and the forecasts know it: it is left out. In an anharmonic
  /// medium, and in a network, the current between two, or the heats of all.
  package let heats: [HeatInnovation]
  /// Whether the forecast is that of the whole linear dynamics. It is not if the chain is too long or the linear dynamics
  /// has no steady state: then only the forces' part of the forecast is made, by `HeatForecast`.
  package let isQuadratic: Bool
  /// Whether the forecast is that of another medium, so that each innovation enters with a coefficient that is fitted.
  let isFitted: Bool
  /// Whether that other medium is the medium itself after all: in harmonic networks.
  let isExact: Bool
  /// Whether innovations are controls whose coefficients are fitted, and not simply taken off.
  var takesCoefficients: Bool { isFitted || !isQuadratic }

  /// - Returns: nil if no particle bath touches a harmonic chain, or nothing can be forecast.
  package init?(of dynamics: ChainDynamics, model: ChainModel) {
    let modes = ForceMode.modes(of: model, timeStep: dynamics.timeStep, noise: dynamics.particleNoise)
    let touching = dynamics.particles.indices.filter { index in modes.contains { $0.bath == index } }
    let medium = dynamics.forecastMedium
    guard !touching.isEmpty else {
      guard !model.medium.isHarmonic, let innovations = Innovations.fitted(medium) else { return nil }
      self = innovations
      return
    }
    self.modes = modes
    let isBalanced = model.medium.isHarmonic && touching.count > 1 && dynamics.momentumSteps.isEmpty
    let quadratic = touching.dropLast(isBalanced ? 1 : 0).map {
      HeatInnovation(.heat(from: dynamics.particles[$0].bath), modes, medium)
    }
    isQuadratic = quadratic.allSatisfy { $0 != nil }
    (isFitted, isExact) = (false, false)
    heats =
      isQuadratic
      ? quadratic.compactMap { $0 } : touching.map { HeatInnovation(ofForcesOfParticleBath: $0, modes, dynamics) }
  }

  /// Numbers of baths whose heats are followed where coefficients are fitted, and most forces of theirs that have a state: each brings its
  /// noise to the heats of all.
  static let followableBaths = 2...4
  private static let mostForces = 4

  /// The heats of any medium, forecast by a harmonic one, each with a coefficient that is fitted.
  ///
  /// - Parameters:
  ///   - medium: what forecasts.
  ///   - modes: harmonics of the particles.
  ///   - isExact: whether it is the medium itself, whose waves nothing scatters.
  /// - Returns: nil if nothing can be forecast, or there is no heat: with fewer than two baths.
  static func fitted(_ medium: ForecastMedium, modes: [ForceMode] = [], isExact: Bool = false) -> Innovations? {
    let baths = medium.baths
    let count = baths.layout.bathCount
    guard followableBaths.contains(count), baths.forces.count <= mostForces else { return nil }
    let subjects: [HeatInnovation.Subject] = count == 2 ? [.current] : (0..<count).map { .heat(from: $0) }
    let rate = isExact ? 0 : medium.forgetting
    let heats = subjects.compactMap {
      HeatInnovation($0, modes, medium, forgetting: rate, inGroups: !isExact)
    }
    guard heats.count == subjects.count else { return nil }
    return Innovations(fitted: heats, modes, isExact: isExact)
  }

  private init(fitted heats: [HeatInnovation], _ modes: [ForceMode], isExact: Bool) {
    (self.modes, self.heats, isQuadratic, isFitted) = (modes, heats, true, true)
    self.isExact = isExact
  }
}

/// What the noise of one step tells about all heat to come from one bath; its mean is exactly zero.
///
/// In the weakly coupled, linear dynamics the heat to come, given the state Z = (f, z, q, v), is  Z^T S Z  up to what does
/// not depend on Z. The innovation of a step is what its noise adds to that: eta of every harmonic and every force, and xi of every
/// sub-step on a momentum, times a row of weights on the state *before* the step. The noise has mean zero whatever that state
/// is, so the innovation has mean zero for any weights, at any time step and coupling, in the full dynamics.
package struct HeatInnovation: Sendable {
  /// Weights on the state before the step for one source of noise.
  struct Row: Sendable {
    /// Sites whose weights are not negligible.
    let sites: Range<Int>
    let displacement: [Double]
    let velocity: [Double]
    /// Weights on the harmonics of the forces, then on the forces that have a state.
    let force: [Double]
    /// What the weights give at the displacements about which the forecast is made.
    let rest: Double

    /// Weights of q and v of two rows, site after site, then of the next two; an odd one is paired with itself.
    static func pairedWeights(_ rows: [Row]) -> [Double] {
      stride(from: 0, to: rows.count, by: 2).flatMap { first in
        let (one, other) = (rows[first], rows[min(first + 1, rows.count - 1)])
        return one.displacement.indices.flatMap {
          [one.displacement[$0], one.velocity[$0], other.displacement[$0], other.velocity[$0]]
        }
      }
    }
  }

  /// A sub-step on a momentum whose noise counts.
  struct Momentum: Sendable {
    /// Its index among all sub-steps on momenta.
    let place: Int
    /// Where it redraws the momentum, the velocity that it is expected to meet: weights on components of the state before the step;
    /// empty elsewhere.
    let velocity: [(component: Int, weight: Double)]
    /// What those weights give at the displacements about which the forecast is made [length/time].
    let rest: Double
  }

  /// A heat that is forecast.
  enum Subject: Hashable, Sendable {
    /// That from the bath with this index in the model.
    case heat(from: Int)
    /// Half the difference of the heats from two baths.
    case current

    /// What counts how much, by the index of its bath.
    fileprivate var heats: [Int: Double] {
      switch self {
      case .heat(let bath): [bath: 1]
      case .current: [0: 0.5, 1: -0.5]
      }
    }

    /// The bath at whose site it comes in.
    fileprivate var bath: Int {
      switch self {
      case .heat(let bath): bath
      case .current: 0
      }
    }
  }

  /// Which heat this is.
  let subject: Subject
  /// Site where it comes in, from 0.
  let site: Int
  /// The harmonics, and behind them the forces that have a state, whose noise tells about this heat: all, or in a linear forecast the
  /// harmonics of the bath itself.
  let modes: Range<Int>
  /// One row for every such harmonic and force, then, in a quadratic forecast, one for every sub-step on a momentum that counts.
  let rows: [Row]
  /// Weights of the square of the innovation of every force, less its variance; 0 for a signal of two values.
  let forceSquares: [Double]
  /// The sub-steps on momenta that count; none in a linear forecast.
  let momenta: [Momentum]
  /// Weights of the square of what each of them draws, less its variance: of xi² - 1 for a Langevin bath.
  let squares: [Double]
  /// What the noise of a group of steps tells; nil where steps are followed one by one.
  let group: StepGroup?
  /// S, over the state less the displacements `rest`; nil in a linear forecast.
  let form: Matrix?
  /// Displacements about which the forecast is made [length].
  let rest: [Double]

  /// The forecast of the whole linear dynamics.
  ///
  /// - Parameters:
  ///   - subject: what is forecast.
  ///   - modes: harmonics of the particles.
  ///   - medium: what moves between the baths.
  ///   - rate: at which the forecast forgets every velocity [1/time]; nil for one that never does, and leaves sites out that do
  ///     not matter.
  ///   - inGroups: whether steps may be followed in groups.
  /// - Returns: nil if the state is too long or the linear dynamics has no steady state.
  init?(
    _ subject: Subject, _ modes: [ForceMode], _ medium: ForecastMedium, forgetting rate: Double? = nil,
    inGroups: Bool = false
  ) {
    let forces = medium.baths.forces
    let auxiliaries = modes.count + forces.count
    let states = auxiliaries + 2 * medium.sites
    guard states <= LinearStep.longestState else { return nil }
    self.subject = subject
    site = medium.baths.layout.site(ofBath: subject.bath)
    rest = medium.rest
    self.modes = 0..<auxiliaries
    let cycle = StepCycle(medium.held, modes, heats: subject.heats)
    let forecast = cycle.forecast(
      in: medium.units.ofState(modes: auxiliaries, sites: medium.sites),
      keeping: rate.map { exp(-$0 * medium.timeStep) } ?? 1
    ) { form in
      if !medium.isHeld { form.forgetMean(auxiliaries..<(auxiliaries + medium.sites)) }
    }
    guard let forecast else { return nil }
    var future = forecast.future
    forceSquares = forces.indices.map { index in
      let (own, source) = (modes.count + index, states + modes.count + index)
      guard forces[index].innovationVariance == nil else { return future[source, source].inSinglePrecision }
      // The square of a signal of two values does not change.
      future[own, source] = 0
      return 0
    }
    momenta = medium.baths.momentumSteps.indices.filter { medium.baths.momentumSteps[$0].isRandom }.map { place in
      Self.momentum(place, cycle.collisions, auxiliaries: auxiliaries, medium)
    }
    let firstOfMomenta = states + auxiliaries
    let sources = (states..<firstOfMomenta).map { $0 } + momenta.map { firstOfMomenta + $0.place }
    rows = sources.map { Self.row(2, future, source: $0, auxiliaries: auxiliaries, medium, whole: rate != nil) }
    squares = sources.dropFirst(auxiliaries).map { future[$0, $0].inSinglePrecision }
    form = forecast.form
    let isDrawn = forces.allSatisfy { $0.innovationVariance != nil } && cycle.collisions.isEmpty
    guard inGroups, isDrawn, modes.isEmpty else {
      group = nil
      return
    }
    group = StepGroup(
      cycle.last, future: future, noises: sources,
      variances: forces.compactMap(\.innovationVariance) + momenta.map { _ in 1 },
      units: medium.units.ofState(modes: auxiliaries, sites: medium.sites)
    ) { weights in
      Self.row(
        displacement: Array(weights[auxiliaries..<(auxiliaries + medium.sites)]),
        velocity: Array(weights[(auxiliaries + medium.sites)...]), force: Array(weights[..<auxiliaries]), medium,
        whole: true)
    }
  }

  private static func momentum(
    _ place: Int, _ collisions: [LinearStep.Collision], auxiliaries: Int, _ medium: ForecastMedium
  ) -> Momentum {
    guard let collision = collisions.first(where: { $0.place == place }) else {
      return Momentum(place: place, velocity: [], rest: 0)
    }
    let before = collision.velocity.prefix(auxiliaries + 2 * medium.sites)
    let weights = before.enumerated().filter { $0.element != 0 }.map {
      (component: $0.offset, weight: $0.element.inSinglePrecision)
    }
    let displacements = auxiliaries..<(auxiliaries + medium.sites)
    let rest = weights.filter { displacements.contains($0.component) }.reduce(0) {
      $0 + $1.weight * medium.rest[$1.component - auxiliaries]
    }
    return Momentum(place: place, velocity: weights, rest: rest)
  }

  /// The forecast of the forces alone, on the bare chain, which always exists.
  init(ofForcesOfParticleBath index: Int, _ modes: [ForceMode], _ dynamics: ChainDynamics) {
    let medium = dynamics.forecastMedium
    let bath = dynamics.particles[index].bath
    subject = .heat(from: bath)
    site = dynamics.layout.site(ofBath: bath)
    rest = medium.rest
    let own = modes.indices.filter { modes[$0].bath == index }
    let first = own.first ?? 0
    self.modes = first..<(first + own.count)
    rows = modes[self.modes].map { mode in
      let forecast = HeatForecast(dynamics, site: mode.site, kept: mode.kept)
      return Self.row(
        displacement: forecast.displacementWeights, velocity: forecast.velocityWeights,
        force: [Double](repeating: 0, count: modes.count), medium)
    }
    (forceSquares, momenta, squares) = ([], [], [])
    (group, form) = (nil, nil)
  }

  private static func row(
    _ factor: Double, _ future: Matrix, source: Int, auxiliaries: Int, _ medium: ForecastMedium, whole: Bool
  ) -> Row {
    let sites = medium.sites
    func weights(_ start: Int, _ count: Int) -> [Double] {
      (0..<count).map { factor * future[start + $0, source] }
    }
    return row(
      displacement: weights(auxiliaries, sites), velocity: weights(auxiliaries + sites, sites),
      force: weights(0, auxiliaries), medium, whole: whole)
  }

  /// The weights in single precision, so that the last bits of a library's linear algebra do not matter, and without
  /// the sites that do not matter unless the whole row is asked for.
  private static func row(
    displacement: [Double], velocity: [Double], force: [Double], _ medium: ForecastMedium, whole: Bool = false
  ) -> Row {
    let units = medium.units
    let sizes = zip(displacement, velocity).map {
      max(abs($0) * units.displacement, abs($1) * units.velocity)
    }
    let limit = 1e-3 * (sizes.max() ?? 0)
    let first = whole ? 0 : sizes.firstIndex { $0 > limit } ?? 0
    let last = whole ? sizes.count - 1 : sizes.lastIndex { $0 > limit } ?? 0
    func rounded(_ values: some Sequence<Double>) -> [Double] { values.map(\.inSinglePrecision) }
    let weights = rounded(displacement[first...last])
    return Row(
      sites: first..<(last + 1), displacement: weights, velocity: rounded(velocity[first...last]),
      force: rounded(force), rest: zip(weights, medium.rest[first...last]).reduce(0) { $0 + $1.0 * $1.1 })
  }
}

extension Double {
  /// Rounded to the digits of single precision, whatever its size.
  var inSinglePrecision: Double {
    isNormal ? Double(sign: sign, exponent: exponent, significand: Double(Float(significand))) : self
  }
}

extension ForecastMedium {
  /// What holds a medium that nothing holds, over its stiffness: so little that only the motion as a whole feels it.
  static let hold = 1e-4

  /// Part of the highest frequency at which the forecast forgets velocities: waves of an anharmonic medium are scattered. Between
  /// 0.0005 and 0.008 of it the gain is the same to a tenth, weakly and strongly anharmonic, for 8 to 64 sites.
  private static let scattered = 1.0 / 256

  /// Rate at which the forecast of an anharmonic medium forgets velocities [1/time].
  var forgetting: Double {
    let squares = (0..<sites).map { site in
      (abs(pinning[site]) + springs[site].reduce(0) { $0 + 2 * abs($1.constant) }) / masses[site]
    }
    return Self.scattered * (squares.max() ?? 0).squareRoot()
  }

  /// Whether something holds the medium in place: pinning, or particles.
  var isHeld: Bool { pinning.contains { $0 != 0 } || !baths.particles.isEmpty }

  /// The medium itself if something holds it, else one that is held weakly: a linear dynamics that drifts has no steady state.
  var held: ForecastMedium {
    if isHeld { return self }
    let stiffest = springs.reduce(0) { max($0, $1.reduce(0) { $0 + abs($1.constant) }) }
    return ForecastMedium(
      timeStep: timeStep, masses: masses, pinning: [Double](repeating: Self.hold * stiffest, count: sites),
      springs: springs, rest: rest, baths: baths, units: units)
  }
}

extension Matrix {
  /// Makes a quadratic form the same for all shifts of some variables together.
  fileprivate mutating func forgetMean(_ range: Range<Int>) {
    let count = Double(range.count)
    for column in 0..<columns {
      let mean = range.reduce(0) { $0 + self[$1, column] } / count
      for row in range { self[row, column] -= mean }
    }
    for row in 0..<rows {
      let mean = range.reduce(0) { $0 + self[row, $1] } / count
      for column in range { self[row, column] -= mean }
    }
  }
}
