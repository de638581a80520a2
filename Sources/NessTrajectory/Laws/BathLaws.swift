import CVectorMath
import NessModel
import NessRandom

/// The baths of a model made ready for stepping: every constant of one time step, computed once.
package struct BathLaws: Sendable {
  let layout: BathLayout
  package let momentumSteps: [MomentumStep]
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
