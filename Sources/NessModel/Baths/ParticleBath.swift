import Foundation
import NessMath

/// Overdamped particles on a ring that push on one site of the medium (Krekels, Maes, Santra, Zhai 2026, Eqs. 1-2):
///
///     zeta dx_i = -eps q F'(x_i) dt + sqrt(2 zeta T) dW_i,    F(x) = (lambda / I_0(p)) exp(p cos(2 pi x / L))
///
/// with the force  -eps sum_i (F(x_i) - lambda)  on the site. The constant part is compensated (Lambda = eps lambda N_b).
package struct ParticleBath: LinearBath, StochasticBath {
  /// Temperature of the particles [energy].
  package var temperature: Double
  /// Number of particles, N_b.
  package var count: Int
  /// Friction of one particle on the ring, zeta [mass/time].
  package var friction: Double
  /// Coupling to the site, eps [energy/length per unit of F].
  package var coupling: Double
  /// Mean of F over the ring, lambda.
  package var strength: Double
  /// Sharpness of the interaction, p; 0 is a flat, decoupled ring.
  package var sharpness: Double
  /// Circumference of the ring, L [length].
  package var ringLength: Double

  /// A bath of ring particles; see the properties for the meaning and dimension of each parameter.
  package init(
    temperature: Double, count: Int = 40, friction: Double, coupling: Double, strength: Double = 1,
    sharpness: Double = 2, ringLength: Double = 25
  ) {
    self.temperature = temperature
    self.count = count
    self.friction = friction
    self.coupling = coupling
    self.strength = strength
    self.sharpness = sharpness
    self.ringLength = ringLength
  }

  /// The same bath at another temperature [energy].
  package func at(temperature: Double) -> ParticleBath {
    var copy = self
    copy.temperature = temperature
    return copy
  }

  /// Relaxation time of the slowest Fourier mode of a free particle, tau = zeta L² / (4 pi² T) [time].
  package var relaxationTime: Double {
    friction * ringLength * ringLength / (4 * Double.pi * Double.pi * temperature)
  }

  /// (I_n(p)/I_0(p))² for n = 1, 2, ..., until the terms no longer matter in double precision.
  package var harmonicWeights: [Double] {
    guard sharpness > 0 else { return [] }
    let bessel = scaledBesselI(upTo: 40 + Int(12 * sharpness.squareRoot()), sharpness)
    let weights = bessel.dropFirst().map { ($0 / bessel[0]) * ($0 / bessel[0]) }
    return Array(weights.prefix { $0 > 1e-20 * weights[0] })
  }

  /// F/lambda at a position in turns of the ring, exp(p cos(2 pi x / L)) / I_0(p).
  package func relativeForce(atTurns turns: Double) -> Double {
    exp(sharpness * (cos(2 * Double.pi * turns) - 1)) / scaledBesselI(upTo: 0, sharpness)[0]
  }

  /// Variance of F over the flat ring, lambda² (I_0(2p)/I_0(p)² - 1) = 2 lambda² sum_n (I_n/I_0)².
  package var forceVariance: Double {
    2 * strength * strength * harmonicWeights.reversed().reduce(0, +)
  }

  /// Weak coupling: -N_b eps² Var(F) / T. The particles push outward, so the site is softened; the paper prints the
  /// opposite sign (see `Documentation/Theory/misprints.md`).
  package var stiffnessShift: Double {
    -Double(count) * coupling * coupling * forceVariance / temperature
  }

  /// Weak coupling: Gamma(t) = (N_b eps² / T) (2 lambda²) sum_n (I_n/I_0)² exp(-n² t / tau).
  package var frictionKernel: FrictionKernel {
    let prefactor = 2 * Double(count) * coupling * coupling * strength * strength / temperature
    let terms = harmonicWeights.enumerated().map { index, weight in
      let order = Double(index + 1)
      return FrictionKernel.Term(amplitude: prefactor * weight, rate: order * order / relaxationTime)
    }
    return FrictionKernel(instantaneous: 0, terms: terms)
  }

  /// Shift and amplitudes fall as 1/T, the rates of diffusion grow as T.
  package var temperatureSlope: LinearBathSlope {
    var slope = LinearBathSlope()
    slope.stiffnessShift = -stiffnessShift / temperature
    slope.terms = frictionKernel.terms.map { (-$0.amplitude / temperature, $0.rate / temperature) }
    return slope
  }

  /// The particles are eliminated to second order in their coupling.
  package var isEliminatedExactly: Bool { false }
  /// The forces of a number of particles.
  package var isGaussian: Bool { false }
  /// Particles on a ring.
  package var stochasticLaw: StochasticLaw { .ringParticles(self) }
  /// A stronger coupling, of which the friction is the square.
  package func strengthened(by factor: Double) -> ParticleBath {
    var copy = self
    copy.coupling *= factor.squareRoot()
    return copy
  }
}

extension ParticleBath {
  /// `particles`
  package static let kind = KindDescription(
    "particles", title: "Particles on a ring",
    meaning:
      "overdamped particles on a ring (Krekels, Maes, Santra, Zhai, arXiv:2604.00777); the defaults are those of "
      + "the paper")
  /// Forty particles at temperature 20.
  package static let example = ParticleBath(temperature: 20, friction: 0.1, coupling: 0.2)
  /// What the particles are, and how they push.
  package static let parameters: [Parameter<ParticleBath>] = [
    Parameter(
      "temperature", "T", \.temperature, dimension: "energy", range: .positive, usual: 0.5...1000, isRequired: true,
      because: "the effective friction diverges at 0", meaning: "temperature of the particles"),
    Parameter(
      "count", "N_b", \.count, range: 1...1_000_000, usual: 1...400, name: "number of particles", noun: "particles",
      meaning: "number of particles"),
    Parameter(
      "friction", "ζ", \.friction, dimension: "mass/time", range: .positive, usual: 0.001...10, isRequired: true,
      name: "friction of the particles", meaning: "friction of one particle on the ring"),
    Parameter(
      "coupling", "ε", \.coupling, dimension: "energy/length", range: .finite, usual: 0.01...2, isRequired: true,
      meaning: "coupling to the site"),
    Parameter(
      "strength", "λ", \.strength, dimension: "1", range: .positive, usual: 0.1...10,
      name: "strength of the interaction",
      meaning: "mean of the interaction over the ring"),
    Parameter(
      "sharpness", "p", \.sharpness, dimension: "1", range: .between(0, 200), usual: 0...20,
      name: "sharpness of the interaction", meaning: "sharpness of the interaction; 0 is a flat, decoupled ring"),
    Parameter(
      "ring", "L", \.ringLength, dimension: "length", range: .positive, usual: 1...200, noun: "a length",
      meaning: "circumference of the ring"),
  ]
}
