import CVectorMath
import NessModel
import NessRandom

/// The baths of a model made ready for stepping: every constant of one time step, computed once.
package struct BathLaws: Sendable {
  let layout: BathLayout
  package private(set) var momentumSteps: [MomentumStep]
  /// Whether the squares of the velocities before the sub-steps on the momentum are summed.
  private(set) var countsSquares = false
  let particles: [RingParticles]
  /// Forces with a state of their own, bath after bath.
  let forces: [BathForce]
  /// For every particle bath, where the noise of one of its steps is kept among that of all.
  let noiseStarts: [Int]

  /// - Parameters:
  ///   - baths: the baths, ordered by site.
  ///   - layout: where they are.
  ///   - mass: mass of a site [mass].
  ///   - timeStep: length of a step [time].
  ///   - noise: law of the noise that diffuses the particles.
  init(
    _ baths: [SiteBath], _ layout: BathLayout, mass: (_ site: Int) -> Double, timeStep: Double, noise: ParticleNoise
  ) {
    var steps: [MomentumStep] = []
    var particles: [RingParticles] = []
    var forces: [BathForce] = []
    for contact in layout.contacts {
      var frictions: [(bath: Int, law: MomentumLaw)] = []
      for index in contact.baths {
        let law = baths[index].law
        forces += law.forces(bath: index, timeStep: timeStep)
        if let bath = law.particles {
          particles.append(RingParticles(bath, index: index, timeStep: timeStep, noise: noise))
        }
        if let law = law.momentum { frictions.append((index, law)) }
      }
      steps += MomentumStep.palindrome(frictions, mass: mass(contact.site), timeStep: timeStep)
    }
    self.layout = layout
    momentumSteps = steps
    self.particles = particles
    self.forces = forces
    var starts: [Int] = []
    var next = 0
    for bath in particles {
      starts.append(next)
      next += bath.noiseVectors
    }
    noiseStarts = starts
  }

  /// The laws under counting fields of the heats, and what weighs a clone then.
  ///
  /// - Parameters:
  ///   - fields: of every bath [1/energy].
  ///   - mass: mass of a site [mass].
  func tilted(by fields: [Double], mass: (_ site: Int) -> Double) -> (laws: BathLaws, weights: TiltedWeights) {
    var (laws, weights) = (self, TiltedWeights(heats: fields))
    weights.squares = momentumSteps.map { _ in 0 }
    laws.countsSquares = true
    for contact in layout.contacts {
      // Heat of a bath that also has a force or particles is not told apart.
      let mixed = Set(contact.forces.map { forces[$0].bath } + contact.particleBaths.map { particles[$0].bath })
      for index in contact.momentumSteps where !mixed.contains(momentumSteps[index].bath) {
        let step = momentumSteps[index]
        guard let tilted = step.tilted(by: fields[step.bath], mass: mass(contact.site)) else { continue }
        laws.momentumSteps[index] = tilted.step
        weights.heats[step.bath] = 0
        weights.constant += tilted.constant
        weights.squares[index] = tilted.square
      }
    }
    return (laws, weights)
  }

  /// Vectors that the noise of one step of all particle baths takes.
  var noiseVectors: Int { particles.reduce(0) { $0 + $1.noiseVectors } }

  /// The noise of one step for the particle bath with this index among the particle baths, as its stream gives it.
  func noise(ofParticleBath index: Int, from stream: inout LaneStream) -> [SIMD8<Double>] {
    var noise = [SIMD8<Double>](repeating: SIMD8(), count: particles[index].noiseVectors)
    noise.withUnsafeMutableBufferPointer { buffer in
      if let first = buffer.baseAddress { particles[index].draw(&stream, into: first) }
    }
    return noise
  }
}

/// What the logarithm of a clone's weight is made of.
struct TiltedWeights: Sendable {
  /// Times the heats of the baths [1/energy].
  var heats: [Double]
  /// For every step.
  var constant = 0.0
  /// Times the squares of the velocities before the sub-steps on the momentum [time²/length²].
  var squares: [Double] = []

  init(heats: [Double]) { self.heats = heats }
}
