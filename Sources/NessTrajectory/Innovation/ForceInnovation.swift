import CVectorMath
import Foundation
import NessModel

/// What the last diffusion of the particles told about the heat they are going to give: its mean is exactly zero.
///
/// The particles diffuse freely in one sub-step of the stepper, y = x + a xi, so harmonic n of their force is known in
/// the mean, f_n(y) = rho_n f_n(x), rho_n = exp(-n² h/tau), whatever happened before. The innovation of the step is
///
///     sum_n [f_n(y) - rho_n f_n(x)] (B_n · X)
///
/// with the forecast weights B_n of `HeatForecast` and the chain's state X before the step. It has mean zero at any
/// time step, for any weights and in any state, and carries nearly all the noise of the heat from hot particles.
package struct ForceInnovation: Sendable {
  /// Most harmonics followed.
  private static let mostHarmonics = 12

  let count: Int
  /// Standard deviation of one diffusion step in turns.
  let noiseAmplitude: Double
  /// rho_n for n = 1, 2, ...
  package var kept: [Double]
  /// Sites that matter for the forecast.
  let sites: Range<Int>
  /// Weights of q and v of these sites for every harmonic, the amplitude of the harmonic included.
  let weights: [(displacement: Double, velocity: Double)]

  package init(_ bath: ParticleBath, site: Int, dynamics: ChainDynamics) {
    let timeStep = dynamics.timeStep
    count = bath.count
    noiseAmplitude = (2 * bath.temperature * timeStep / bath.friction).squareRoot() / bath.ringLength
    let amplitudes = Self.amplitudes(bath)
    let kept = amplitudes.indices.map { index -> Double in
      let order = Double(index + 1)
      return exp(-order * order * timeStep / bath.relaxationTime)
    }
    let forecasts = kept.map { HeatForecast(dynamics, site: site, kept: $0) }
    let sites = Self.range(forecasts, around: site)
    weights = zip(amplitudes, forecasts).flatMap { amplitude, forecast in
      sites.map { (amplitude * forecast.displacementWeights[$0], amplitude * forecast.velocityWeights[$0]) }
    }
    self.kept = kept
    self.sites = sites
  }

  /// -2 eps lambda I_n/I_0 for the harmonics that matter for the heat.
  private static func amplitudes(_ bath: ParticleBath) -> [Double] {
    let weights = bath.harmonicWeights
    guard bath.coupling != 0, let first = weights.first else { return [] }
    let relevant = weights.enumerated().prefix { index, weight in
      weight > 1e-5 * first * Double((index + 1) * (index + 1))
    }
    return relevant.prefix(mostHarmonics).map { -2 * bath.coupling * bath.strength * $0.element.squareRoot() }
  }

  /// The sites whose weights are not negligible for the slowest harmonic.
  private static func range(_ forecasts: [HeatForecast], around site: Int) -> Range<Int> {
    guard let slowest = forecasts.first else { return site..<site }
    let sizes = zip(slowest.displacementWeights, slowest.velocityWeights).map { max(abs($0), abs($1)) }
    let relevant = sizes.indices.filter { sizes[$0] > 1e-3 * (sizes.max() ?? 0) }
    return (relevant.min() ?? site)..<((relevant.max() ?? site) + 1)
  }
}

/// The innovation of one particle bath for eight replicas.
///
/// It reads the state of the replicas and never changes it.
package final class LaneInnovation {
  package typealias Lanes = SIMD8<Double>

  private static let unrolled = 4

  private let count: Int
  private let harmonics: Int
  private let sites: Range<Int>
  private let amplitude: Lanes
  private let weights: UnsafeMutablePointer<Double>
  private let kept: UnsafeMutablePointer<Double>
  private let storage: UnsafeMutablePointer<Lanes>
  private let expectations: UnsafeMutablePointer<Lanes>
  private let before: UnsafeMutablePointer<Lanes>
  private let after: UnsafeMutablePointer<Lanes>

  package init(_ law: ForceInnovation) {
    count = law.count
    harmonics = law.kept.count
    sites = law.sites
    amplitude = Lanes(repeating: law.noiseAmplitude)
    kept = .allocate(capacity: max(1, harmonics))
    weights = .allocate(capacity: max(1, 2 * law.weights.count))
    let room = max(Self.unrolled, harmonics)
    storage = .allocate(capacity: 3 * room)
    storage.initialize(repeating: Lanes(), count: 3 * room)
    expectations = storage
    before = storage + room
    after = before + room
    for (index, value) in law.kept.enumerated() { kept[index] = value }
    for (index, value) in law.weights.enumerated() {
      weights[2 * index] = value.displacement
      weights[2 * index + 1] = value.velocity
    }
  }

  deinit {
    kept.deallocate()
    weights.deallocate()
    storage.deallocate()
  }

  /// Reads the chain's state before the step: B_n · X for every harmonic.
  package func read(displacement: UnsafePointer<Lanes>, velocity: UnsafePointer<Lanes>) {
    var weight = UnsafePointer(weights)
    for harmonic in 0..<harmonics {
      var sum = Lanes()
      for site in sites {
        sum = ness_fma(displacement[site], Lanes(repeating: weight[0]), sum)
        sum = ness_fma(velocity[site], Lanes(repeating: weight[1]), sum)
        weight += 2
      }
      expectations[harmonic] = sum
    }
  }

  /// Reads the particles before they move: the innovation that their noise will bring, and the heat forecast before.
  package func innovation(
    _ positions: UnsafePointer<Lanes>, noise: UnsafePointer<Lanes>
  ) -> (innovation: Lanes, forecast: Lanes) {
    let amplitude = amplitude
    collect(into: before) { positions[$0] }
    collect(into: after) { ness_fma(amplitude, noise[$0], positions[$0]) }
    var innovation = Lanes()
    var forecast = Lanes()
    for harmonic in 0..<harmonics {
      let expected = before[harmonic] * kept[harmonic]
      innovation = ness_fma(after[harmonic] - expected, expectations[harmonic], innovation)
      forecast = ness_fma(expected, expectations[harmonic], forecast)
    }
    return (innovation, forecast)
  }

  /// Sums over the particles of cos(2 pi n y), n = 1, 2, ..., by Chebyshev's recursion; four sums stay in registers.
  @inline(__always)
  private func collect(into sums: UnsafeMutablePointer<Lanes>, _ position: (Int) -> Lanes) {
    for harmonic in Self.unrolled..<max(Self.unrolled, harmonics) { sums[harmonic] = Lanes() }
    var (first, second, third, fourth) = (Lanes(), Lanes(), Lanes(), Lanes())
    for index in 0..<count {
      let sine = ness_sin_half_turn(ness_fraction(position(index)))
      let twice = ness_fma(sine * sine, Lanes(repeating: -4), Lanes(repeating: 2))
      let one = 0.5 * twice
      let two = ness_fma(twice, one, Lanes(repeating: -1))
      var last = ness_fma(twice, two, -one)
      var cosine = ness_fma(twice, last, -two)
      first += one
      second += two
      third += last
      fourth += cosine
      for harmonic in Self.unrolled..<max(Self.unrolled, harmonics) {
        (last, cosine) = (cosine, ness_fma(twice, cosine, -last))
        sums[harmonic] += cosine
      }
    }
    sums[0] = first
    sums[1] = second
    sums[2] = third
    sums[3] = fourth
  }
}
