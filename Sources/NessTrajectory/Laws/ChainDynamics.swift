import CVectorMath
import Foundation
import NessModel
import NessRandom

/// A model made ready for stepping: every constant of one time step, computed once.
///
/// One step of length h is the composition  diffuse(h) · drift(h) · exchange(h)  with
///
/// - diffuse: free diffusion of the particles, exact;
/// - drift: q += h v;
/// - exchange, at fixed q: half a kick by the chain, half a kick by the particles, the Ornstein-Uhlenbeck step of the
///   Langevin baths (exact) together with the drift of the particles, and the halves in reverse order.
///
/// diffuse and drift commute, so up to where the clock is read this is the palindrome
/// drift(h/2) diffuse(h/2) exchange(h) diffuse(h/2) drift(h/2): weak order 2. Velocities are read after the exchange,
/// which is where the palindrome begins and ends. See `Documentation/Theory/stepper.md`.
package struct ChainDynamics: Sendable {
  let layout: ChainLayout
  let timeStep: Double
  let mass: Double
  let springConstant: Double
  let quarticConstant: Double
  /// Spring constant of the harmonic chain that stands for this one where the heat is forecast.
  let forecastSpring: Double
  let pinningLeft: Double
  let pinningRight: Double
  let bondLaw: ness_bond_law
  /// Steps between two readings of the kinetic temperatures: a power of two, at most `Ledger.stepsPerTick`.
  package let stepsPerReading: Int
  let baths: BathLaws
  /// Temperature of the velocities at the start [energy].
  package let initialTemperature: Double
  /// Temperature of the hottest bath [energy].
  let hottest: Double

  /// - Parameters:
  ///   - model: what to step.
  ///   - timeStep: length of a step [time].
  ///   - noise: law of the noise that diffuses the particles.
  ///   - stepsPerReading: steps between two readings of the kinetic temperatures; nil chooses.
  package init(
    _ model: ChainModel, timeStep: Double, noise: ParticleNoise = .matched, stepsPerReading: Int? = nil
  ) {
    let chain = model.medium
    layout = ChainLayout(model)
    self.timeStep = timeStep
    mass = chain.mass
    springConstant = chain.springConstant
    quarticConstant = chain.isHarmonic ? 0 : chain.quarticConstant
    let kick = timeStep / mass
    bondLaw = ness_bond_law(time_step: timeStep, spring: kick * springConstant, quartic: kick * quarticConstant)
    self.stepsPerReading = stepsPerReading ?? Self.stepsPerReading(of: model, timeStep: timeStep)
    pinningLeft = chain.pinning.left
    pinningRight = chain.sites == 1 ? 0 : chain.pinning.right
    baths = BathLaws(
      model.siteBaths, layout.baths, mass: { _ in chain.mass }, timeStep: timeStep, noise: noise)
    initialTemperature = Self.meanTemperature(model)
    hottest = model.attachments.map(\.bath.temperature).max() ?? 0
    forecastSpring = chain.bondStiffness(atTemperature: initialTemperature)
  }

  var sites: Int { layout.sites }
  package var momentumSteps: [MomentumStep] { baths.momentumSteps }
  var particles: [RingParticles] { baths.particles }

  /// Units in which displacements, velocities and forces are numbers near 1.
  var units: NaturalUnits { NaturalUnits(self) }

  /// Law of the noise that diffuses the particles.
  var particleNoise: ParticleNoise { particles.first?.noise ?? .matched }

  /// The noise of one step for the particle bath with this index among the particle baths, as its stream gives it.
  package func noise(ofParticleBath index: Int, from stream: inout LaneStream) -> [SIMD8<Double>] {
    baths.noise(ofParticleBath: index, from: &stream)
  }

  /// The chain's energy as the engine counts it.
  var energyLaw: ness_chain_energy {
    ness_chain_energy(
      time_step: timeStep, half_mass: 0.5 * mass, half_spring: 0.5 * springConstant,
      quarter_quartic: 0.25 * quarticConstant, pinning_left: pinningLeft, pinning_right: pinningRight)
  }

  /// The most steps between two readings of the kinetic temperatures that cost them next to no precision.
  ///
  /// The square of a velocity holds frequencies up to twice the highest, w, of the band; a mean of readings more often
  /// than w/pi knows them all. Under friction gamma it forgets at a rate 2 gamma/m; readings at intervals t widen the
  /// variance of its mean by (x/2) coth(x/2), x = 2 gamma t/m. So t is at most half of 1/w and of m/gamma: 1.08.
  private static func stepsPerReading(of model: ChainModel, timeStep: Double) -> Int {
    let frictions = Dictionary(grouping: model.attachments, by: \.site).values.map { group in
      group.reduce(0) { $0 + $1.bath.linear.frictionKernel.markovFriction }
    }
    let rate = max(model.highestAngularFrequency, (frictions.max() ?? 0) / model.medium.mass)
    var steps = 1
    while 2 * steps <= Ledger.stepsPerTick && Double(2 * steps) * timeStep * rate <= 0.5 { steps *= 2 }
    return steps
  }

  /// Mean of the bath temperatures, weighted by their effective frictions: where the medium will settle if its ends
  /// are weakly coupled; a good place to start from.
  private static func meanTemperature(_ model: ChainModel) -> Double {
    let weights = model.attachments.map { $0.bath.linear.frictionKernel.markovFriction }
    let total = weights.reduce(0, +)
    guard total > 0 else { return model.attachments.map(\.bath.temperature).reduce(0, +) / Double(weights.count) }
    return zip(weights, model.attachments).reduce(0) { $0 + $1.0 / total * $1.1.bath.temperature }
  }
}
