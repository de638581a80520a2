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
  /// One Ornstein-Uhlenbeck sub-step: v -> decay v + noise xi.
  package struct MomentumStep: Sendable {
    let bath: Int
    package let decay: Double
    package let noise: Double
  }

  /// What happens during the exchange at one site.
  struct Contact: Sendable {
    let site: Int
    let particleBaths: Range<Int>
    let momentumSteps: Range<Int>
  }

  let sites: Int
  let timeStep: Double
  let mass: Double
  let springConstant: Double
  let pinningLeft: Double
  let pinningRight: Double
  let bathCount: Int
  let contacts: [Contact]
  package let momentumSteps: [MomentumStep]
  let particles: [RingParticles]
  let initialTemperature: Double
  /// The innovations of the heat, if they are followed.
  private(set) var innovations: InnovationLaw?

  /// - Parameters:
  ///   - model: what to step.
  ///   - timeStep: length of a step [time].
  ///   - noise: law of the noise that diffuses the particles.
  ///   - innovations: whether the innovations of the particles' forces are followed; the motion is the same.
  package init(_ model: ChainModel, timeStep: Double, noise: ParticleNoise = .matched, innovations: Bool = false) {
    let chain = model.medium
    sites = chain.sites
    self.timeStep = timeStep
    mass = chain.mass
    springConstant = chain.springConstant
    pinningLeft = chain.pinning.left
    pinningRight = chain.sites == 1 ? 0 : chain.pinning.right
    bathCount = model.attachments.count
    var contacts: [Contact] = []
    var steps: [MomentumStep] = []
    var particles: [RingParticles] = []
    for (site, group) in Dictionary(grouping: model.attachments.indices, by: { model.attachments[$0].site }).sorted(
      by: { $0.key < $1.key })
    {
      let firstParticles = particles.count
      var frictions: [(bath: Int, friction: Double, temperature: Double)] = []
      for index in group {
        switch model.attachments[index].bath.stochasticLaw {
        case .ringParticles(let bath):
          particles.append(RingParticles(bath, index: index, timeStep: timeStep, noise: noise))
        case .ornsteinUhlenbeck(let friction, let temperature): frictions.append((index, friction, temperature))
        }
      }
      let firstStep = steps.count
      steps += Self.palindrome(frictions, mass: chain.mass, timeStep: timeStep)
      contacts.append(
        Contact(
          site: site - 1, particleBaths: firstParticles..<particles.count, momentumSteps: firstStep..<steps.count))
    }
    self.contacts = contacts
    momentumSteps = steps
    self.particles = particles
    initialTemperature = Self.meanTemperature(model)
    if innovations { self.innovations = InnovationLaw(model, self) }
  }

  /// The noise of one step for the particle bath with this index among the particle baths, as its stream gives it.
  package func noise(ofParticleBath index: Int, from stream: inout LaneStream) -> [SIMD8<Double>] {
    var noise = [SIMD8<Double>](repeating: SIMD8(), count: particles[index].noiseVectors)
    noise.withUnsafeMutableBufferPointer { buffer in
      if let first = buffer.baseAddress { particles[index].draw(&stream, into: first) }
    }
    return noise
  }

  /// Ornstein-Uhlenbeck steps of several baths on one site in symmetric order: a/2, b/2, c, b/2, a/2.
  private static func palindrome(
    _ baths: [(bath: Int, friction: Double, temperature: Double)], mass: Double, timeStep: Double
  ) -> [MomentumStep] {
    func step(_ index: Int, _ duration: Double) -> MomentumStep {
      let bath = baths[index]
      let decay = exp(-bath.friction * duration / mass)
      return MomentumStep(
        bath: bath.bath, decay: decay, noise: (bath.temperature / mass * (1 - decay * decay)).squareRoot())
    }
    guard let last = baths.indices.last else { return [] }
    let halves = (0..<last).map { step($0, timeStep / 2) }
    return halves + [step(last, timeStep)] + halves.reversed()
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
