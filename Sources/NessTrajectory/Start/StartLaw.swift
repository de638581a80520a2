import Foundation
import NessModel
import NessRandom

/// How the replicas of a run begin: in the steady state where it is known, and as near to it as theory comes elsewhere.
/// Then slow modes and several wells need no burn-in, for each has its share among the replicas from the start.
package struct StartLaw: Sendable {
  private enum Form: Sendable {
    /// Displacements zero, velocities thermal at one temperature.
    case rest(variance: Double)
    case steady(SteadyGaussian)
    case settled(SettledChain)
    case anharmonic(AnharmonicChain)
  }

  /// Deviation of the weakly coupled theory that is no longer small.
  private static let largestDeviation = 0.3

  /// Whether displacements and velocities begin with the means and covariances of the steady state, up to what the time step
  /// does to them: of these heats and temperatures are made.
  package let isExact: Bool
  /// Whether displacements and velocities begin with the covariance of the linear dynamics.
  package var followsLinearTheory: Bool {
    if isExact { return true }
    if case .steady = form { return true }
    return false
  }
  /// How the replicas begin, in words that complete "every copy begins ".
  package let description: String
  /// Relative deviation of the law from the steady state that is to be expected; 0 if it is exact.
  package let deviation: Double
  /// Time in which the slowest mode forgets its start; nil if no theory tells it [time].
  package let relaxationTime: Double?
  /// Rough time in which energy is exchanged with the baths, and the particles settle; always known [time].
  package let settlingTime: Double
  /// Wells of the sites that particles touch, at the temperature of the chain.
  let wells: [Wells]
  /// Temperature of every site at the start, where it is in local equilibrium [energy].
  let temperatures: [Double]
  /// What waves forget, of a harmonic chain too long for the whole linear theory that begins in equilibrium.
  let waves: ChainWaves?
  private let form: Form
  private let particles: [SettledParticles]

  /// The law for one model and time step.
  package init(_ model: ChainModel, timeStep: Double, noise: ParticleNoise) {
    let particleBaths = model.particleBaths.map(\.bath).filter(\.isCoupled)
    let acting = model.attachments.filter { !$0.bath.stochasticLaw.isDecoupled }
    let temperatures = Set(acting.map(\.bath.temperature))
    let isEqual = temperatures.count <= 1
    let hasParticles = !particleBaths.isEmpty
    let profile = ThermalProfile(model)
    let mean = isEqual ? temperatures.first ?? profile.temperatures[0] : profile.temperatures[0]
    particles = model.particleBaths.map { SettledParticles($0.bath, site: $0.attachment.site - 1) }
    let settling = 10 * (particleBaths.map(\.relaxationTime).max() ?? 0)
    var (form, isExact, words) = (
      Form.rest(variance: mean / model.medium.mass), false, "at rest with thermal velocities"
    )
    var (relaxation, wells, deviation): (Double?, [Wells], Double) = (nil, [], 1)
    if !model.medium.isHarmonic {
      if let anharmonic = AnharmonicChain(model.medium, profile) {
        form = .anharmonic(anharmonic)
        isExact = isEqual && !hasParticles && anharmonic.isExact
        words = isEqual ? "in thermal equilibrium" : "in local equilibrium at the temperatures expected along the chain"
        deviation = isEqual && !hasParticles ? 0.01 : 0.3
      }
    } else {
      let nonlinearity = SettledChain.nonlinearity(model, temperature: mean)
      let steady = SteadyGaussian(model, timeStep: timeStep, noise: noise)
      relaxation = steady.map { 1 / $0.slowestRate }
      let isLinear = steady != nil && nonlinearity < Self.largestDeviation && !(isEqual && hasParticles)
      let settled = isLinear ? nil : SettledChain(model, temperature: mean)
      wells = settled?.wells ?? []
      if let steady, isLinear || settled?.isResolved != true {
        form = .steady(steady)
        isExact = acting.allSatisfy(\.bath.linear.isEliminatedExactly)
        words = "in the steady state of \(Self.theory(isExact: isExact, acting.map(\.bath.linear)))"
        deviation = nonlinearity
      } else if let settled {
        form = .settled(settled)
        isExact = isEqual && settled.isResolved
        words =
          isEqual ? "in thermal equilibrium" : "in equilibrium at temperature \(mean.short), between those of the baths"
        deviation = max(nonlinearity, Self.largestDeviation)
      }
    }
    self.form = form
    self.isExact = isExact
    self.wells = wells
    description = words
    self.deviation = isExact ? 0 : deviation
    relaxationTime = relaxation
    settlingTime = max(settling, profile.relaxationTime)
    self.temperatures =
      model.medium.isHarmonic ? [Double](repeating: mean, count: model.medium.sites) : profile.temperatures
    let isLong = model.medium.isHarmonic && relaxation == nil && wells.isEmpty && model.medium.sites > 1
    waves =
      isLong && !isExact && deviation <= Self.largestDeviation && mean > 0 ? ChainWaves(model, temperature: mean) : nil
  }

  /// The theory of a harmonic chain in words, with what of it is exact.
  private static func theory(isExact: Bool, _ baths: [any LinearBath]) -> String {
    if !isExact { return "the weakly coupled theory" }
    return baths.allSatisfy(\.isGaussian)
      ? "linear theory, which is exact here"
      : "linear theory, whose means and covariances are exact here: the law is no Gaussian one"
  }

  /// Draws a whole state of eight replicas from the stream of their initial state.
  ///
  /// - Parameter shouldStop: asked where that takes long; true leaves the state as it is.
  func draw(
    _ stream: LaneStream, displacement: UnsafeMutablePointer<SIMD8<Double>>,
    velocity: UnsafeMutablePointer<SIMD8<Double>>, positions: UnsafeMutablePointer<SIMD8<Double>>, sites: Int,
    orGiveUp shouldStop: () -> Bool
  ) {
    var stream = stream
    switch form {
    case .rest(let variance):
      stream.fillGaussians(velocity, count: sites)
      for site in 0..<sites { velocity[site] *= variance.squareRoot() }
    case .steady(let law): law.draw(&stream, displacement: displacement, velocity: velocity)
    case .settled(let law): law.draw(&stream, displacement: displacement, velocity: velocity)
    case .anharmonic(let law):
      law.draw(&stream, displacement: displacement, velocity: velocity, orGiveUp: shouldStop)
    }
    stream.begin(block: 2)
    var first = positions
    for bath in particles {
      bath.draw(&stream, probe: displacement[bath.site], into: first, orGiveUp: shouldStop)
      first += bath.count
    }
  }
}

extension StochasticLaw {
  /// Whether the bath does nothing to its site.
  package var isDecoupled: Bool { particles?.isCoupled == false }
}
