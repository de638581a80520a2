import Foundation
import NessMath
import NessModel
import Testing

/// The laws that every bath obeys, whatever it is made of. A new bath adds its row to `baths`.
@Suite struct BathLawTests {
  /// Every kind of bath, particles at soft and sharp coupling, fast and slow, few and many.
  static let baths: [ChainBath] =
    [
      .init(LangevinBath(temperature: 2, friction: 0.7)), .init(LangevinBath(temperature: 0, friction: 3)),
    ] + particleBaths.map { .init($0) }

  static let particleBaths = [
    ParticleBath(temperature: 10, friction: 0.1, coupling: 0.2),
    ParticleBath(temperature: 0.3, count: 7, friction: 2, coupling: -0.05, strength: 1.7, sharpness: 0.4),
    ParticleBath(temperature: 500, count: 1, friction: 0.01, coupling: 3, sharpness: 8, ringLength: 1.5),
    ParticleBath(temperature: 1, count: 1000, friction: 1, coupling: 1e-3, sharpness: 60, ringLength: 2 * Double.pi),
    ParticleBath(temperature: 4, friction: 0.1, coupling: 0.2, sharpness: 0),
  ]

  /// g(w) = instantaneous + sum_n amplitude_n / (rate_n - i w).
  private func transform(_ kernel: FrictionKernel, _ frequency: Double) -> (real: Double, imaginary: Double) {
    kernel.terms.reduce((kernel.instantaneous, 0)) { sum, term in
      let size = term.rate * term.rate + frequency * frequency
      return (sum.0 + term.amplitude * term.rate / size, sum.1 + term.amplitude * frequency / size)
    }
  }

  private static let frequencies = [0] + (0...80).map { pow(10, -4 + 0.1 * Double($0)) }

  /// The damping of any motion that the bath causes is never negative: Re g(w) >= 0 and, at low frequencies, g(0).
  private func isPassive(_ kernel: FrictionKernel) -> Bool {
    kernel.instantaneous >= 0 && Self.frequencies.allSatisfy { transform(kernel, $0).real >= 0 }
  }

  /// A kernel that only remembers the past decays: every rate is positive.
  private func isCausal(_ kernel: FrictionKernel) -> Bool { kernel.terms.allSatisfy { $0.rate > 0 } }

  @Test(arguments: baths) func frictionIsCausalAndPassive(bath: ChainBath) {
    let kernel = bath.linear.frictionKernel
    #expect(isCausal(kernel) && isPassive(kernel))
    #expect(kernel.terms.map(\.rate) == kernel.terms.map(\.rate).sorted())
    // Controls: a kernel that feeds energy back, and one that grows.
    let driving = FrictionKernel(instantaneous: 0.1, terms: [.init(amplitude: -1, rate: 1)])
    #expect(!isPassive(driving))
    #expect(!isCausal(FrictionKernel(instantaneous: 0, terms: [.init(amplitude: 1, rate: -1)])))
  }

  @Test(arguments: baths) func slowMotionFeelsTheMarkovFriction(bath: ChainBath) {
    let kernel = bath.linear.frictionKernel
    let markov = kernel.markovFriction
    #expect(abs(transform(kernel, 0).real - markov) <= 1e-14 * markov)
    #expect(transform(kernel, 0).imaginary == 0)
    // Fast motion feels only the part without memory, so a bath with memory is told apart.
    let fast = transform(kernel, 1e9 * (1 + (kernel.terms.last?.rate ?? 0))).real
    #expect(abs(fast - kernel.instantaneous) <= 1e-12 * markov)
    if !kernel.terms.isEmpty { #expect(fast < 0.5 * markov) }
  }

  /// The temperature and friction of one law, as each face states them.
  private func facesAgree(_ law: StochasticLaw, _ linear: any LinearBath) -> Bool {
    switch law {
    case .ornsteinUhlenbeck(let friction, let temperature):
      linear.temperature == temperature && linear.frictionKernel == FrictionKernel(instantaneous: friction)
        && linear.stiffnessShift == 0
    case .ringParticles(let particles):
      linear.temperature == particles.temperature && linear.frictionKernel == particles.frictionKernel
        && linear.stiffnessShift == particles.stiffnessShift
    case .memory(let terms, let temperature):
      linear.temperature == temperature && linear.frictionKernel.terms.count == terms.count
    case .collisions, .active: false
    }
  }

  @Test(arguments: baths) func facesAgree(bath: ChainBath) {
    #expect(facesAgree(bath.stochasticLaw, bath.linear))
    #expect(bath.linear.temperature == bath.temperature)
    let other = bath.at(temperature: bath.temperature + 1)
    #expect(!facesAgree(other.stochasticLaw, bath.linear))
  }

  /// Linear theory is exact, and its law a Gaussian one, for white noise on the momentum and for nothing else that there is.
  @Test(arguments: baths) func exactAndGaussian(bath: ChainBath) {
    switch bath.stochasticLaw {
    case .ornsteinUhlenbeck: #expect(bath.linear.isEliminatedExactly && bath.linear.isGaussian)
    case .ringParticles: #expect(!bath.linear.isEliminatedExactly && !bath.linear.isGaussian)
    // No chain has them.
    case .collisions, .memory, .active: Issue.record("\(bath)")
    }
  }

  /// Whether a file gives the temperature itself, and not what it follows from.
  private func hasTemperature(_ bath: ChainBath) -> Bool { bath.law.described.contains { $0.name == "temperature" } }

  /// `at(temperature:)` changes the temperature and nothing else.
  @Test(arguments: baths) func anotherTemperature(bath: ChainBath) {
    let other = bath.at(temperature: 3.25)
    let back = other.at(temperature: bath.temperature)
    if hasTemperature(bath) {
      #expect(other.temperature == 3.25 && back == bath)
    } else {
      #expect(abs(other.temperature - 3.25) < 1e-15 * 4 * 3.25)
      #expect(abs(back.temperature - bath.temperature) <= 1e-15 * 4 * bath.temperature)
    }
    #expect(other != bath && other.faults.isEmpty && bath.faults.isEmpty)
  }

  @Test(arguments: baths) func impossibleTemperaturesAreFaults(bath: ChainBath) {
    for temperature in [-1, Double.nan, .infinity, -.infinity] {
      let faults = bath.at(temperature: temperature).faults.map(\.parameter)
      #expect(faults.count == 1 && (faults == ["temperature"]) == hasTemperature(bath))
    }
    #expect(bath.at(temperature: 1).faults.isEmpty)
  }
}

/// What elimination makes of ring particles, against direct quadrature on the ring.
@Suite struct ParticleBathLawTests {
  /// F on the ring, its normalisation by quadrature and not by the Bessel function.
  private struct Ring {
    let bath: ParticleBath
    let points = 1024
    private let norm: Double

    init(_ bath: ParticleBath) {
      self.bath = bath
      let weights = (0..<1024).map { exp(bath.sharpness * (cos(2 * Double.pi * Double($0) / 1024) - 1)) }
      norm = bath.strength / (weights.reduce(0, +) / 1024)
    }

    func force(_ turns: Double) -> Double { norm * exp(bath.sharpness * (cos(2 * Double.pi * turns) - 1)) }

    /// Mean of F, of F², ... over the ring.
    func moment(_ order: Int) -> Double {
      (0..<points).reduce(0) { $0 + pow(force(Double($1) / Double(points)), Double(order)) } / Double(points)
    }

    /// int_0^inf <F(0) F(t)> dt of a free particle = (zeta/T) Var(G), G' = F - lambda, as the current of probability
    /// in the Poisson equation (T/zeta) phi'' = -(F - lambda) is -G.
    var integratedCorrelation: Double {
      let (nodes, weights) = gaussLegendre(8)
      let width = bath.ringLength / Double(points)
      var primitive = 0.0
      var values: [Double] = []
      for cell in 0..<points {
        values.append(primitive)
        for (node, weight) in zip(nodes, weights) {
          let turns = (Double(cell) + 0.5 * (1 + node)) / Double(points)
          primitive += 0.5 * width * weight * (force(turns) - bath.strength)
        }
      }
      let mean = values.reduce(0, +) / Double(points)
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(points)
      return bath.friction / bath.temperature * variance
    }

    /// <F(0) F(t)> - lambda², from the Gaussian of free diffusion wound around the ring.
    func correlation(time: Double) -> Double {
      let spread = 2 * bath.temperature / bath.friction * time / (bath.ringLength * bath.ringLength)
      let count = 256
      let propagator = (0..<count).map { shift in
        (-12...12).reduce(0.0) { sum, winding in
          let turns = Double(shift) / Double(count) + Double(winding)
          return sum + exp(-turns * turns / (2 * spread))
        } / (2 * Double.pi * spread).squareRoot() / Double(count)
      }
      let forces = (0..<count).map { force(Double($0) / Double(count)) - bath.strength }
      return (0..<count).reduce(0) { sum, start in
        sum
          + forces[start]
          * (0..<count).reduce(0) { $0 + propagator[$1] * forces[(start + $1) % count] } / Double(count)
      }
    }
  }

  private func scale(_ bath: ParticleBath) -> Double {
    Double(bath.count) * bath.coupling * bath.coupling / bath.temperature
  }

  private static let coupled = BathLawTests.particleBaths.filter { $0.sharpness > 0 }

  /// Var(F) of the harmonic sum, against <F²> - <F>²; the force has the mean lambda.
  @Test(arguments: coupled) func varianceOfTheForce(bath: ParticleBath) {
    let ring = Ring(bath)
    let variance = ring.moment(2) - bath.strength * bath.strength
    #expect(abs(ring.moment(1) - bath.strength) < 1e-13 * bath.strength)
    #expect(abs(bath.forceVariance - variance) < 1e-11 * variance)
    let bessel = scaledBesselI(upTo: 0, 2 * bath.sharpness)[0] / pow(scaledBesselI(upTo: 0, bath.sharpness)[0], 2)
    #expect(
      abs(bath.forceVariance - bath.strength * bath.strength * (bessel - 1)) < 1e-12 * bessel * pow(bath.strength, 2))
    #expect(abs(bath.forceVariance - ring.moment(2)) > 1e-3 * variance)
  }

  /// Fluctuation and dissipation: the kernel at t = 0 is the variance of the whole force over T, and what the particles
  /// take from the stiffness is what the kernel remembers.
  @Test(arguments: coupled) func kernelAtTimeZeroIsTheLostStiffness(bath: ParticleBath) {
    let start = bath.frictionKernel.terms.reduce(0) { $0 + $1.amplitude }
    let variance = Ring(bath).moment(2) - bath.strength * bath.strength
    #expect(abs(start + bath.stiffnessShift) < 1e-13 * start)
    #expect(abs(start - scale(bath) * variance) < 1e-11 * start)
    // Control: the sign as the paper prints it.
    #expect(abs(start - bath.stiffnessShift) > start)
  }

  @Test(arguments: coupled) func effectiveFriction(bath: ParticleBath) {
    let independent = scale(bath) * Ring(bath).integratedCorrelation
    #expect(abs(bath.frictionKernel.markovFriction - independent) < 1e-10 * independent)
    // Control: a ring of another circumference, by a thousandth.
    var other = bath
    other.ringLength *= 1.001
    #expect(abs(other.frictionKernel.markovFriction - independent) > 1e-3 * independent)
  }

  /// T Gamma(t), against the path of a free particle.
  @Test(arguments: [0.05, 0.3, 1.7]) func kernelInTime(ratio: Double) {
    for bath in Self.coupled.prefix(3) {
      func kernel(_ time: Double) -> Double {
        bath.frictionKernel.terms.reduce(0) { $0 + $1.amplitude * exp(-$1.rate * time) }
      }
      let time = ratio * bath.relaxationTime
      let independent = scale(bath) * Ring(bath).correlation(time: time)
      #expect(abs(kernel(time) - independent) < 1e-10 * independent)
      #expect(abs(kernel(1.01 * time) - independent) > 1e-4 * independent)
    }
  }

  /// gamma_eff ~ zeta N_b eps² lambda² L² / T².
  @Test(arguments: coupled) func scalingOfTheFriction(bath: ParticleBath) {
    let friction = bath.frictionKernel.markovFriction
    func factor(_ change: (inout ParticleBath) -> Void) -> Double {
      var copy = bath
      change(&copy)
      return copy.frictionKernel.markovFriction / friction
    }
    func close(_ value: Double, _ expected: Double) -> Bool { abs(value - expected) < 1e-13 * expected }
    #expect(close(factor { $0.temperature *= 3 }, 1.0 / 9))
    #expect(close(factor { $0.friction *= 3 }, 3))
    #expect(close(factor { $0.count *= 3 }, 3))
    #expect(close(factor { $0.coupling *= 3 }, 9))
    #expect(close(factor { $0.strength *= 3 }, 9))
    #expect(close(factor { $0.ringLength *= 3 }, 9))
    #expect(!close(factor { $0.temperature *= 3 }, 1.0 / 3))
    #expect(close(bath.at(temperature: 3 * bath.temperature).stiffnessShift, bath.stiffnessShift / 3) == false)
    #expect(abs(bath.at(temperature: 3 * bath.temperature).stiffnessShift / bath.stiffnessShift - 1.0 / 3) < 1e-13)
  }

  /// A flat ring pushes with a constant force, which is compensated: no friction, no softening.
  @Test func aFlatRingIsDecoupled() {
    let flat = ParticleBath(temperature: 4, friction: 0.1, coupling: 0.2, sharpness: 0)
    #expect(flat.frictionKernel == FrictionKernel(instantaneous: 0))
    #expect(flat.stiffnessShift == 0 && flat.forceVariance == 0)
    var bent = flat
    bent.sharpness = 1e-3
    #expect(bent.frictionKernel.markovFriction > 0 && bent.stiffnessShift < 0)
  }
}

/// Every impossible parameter of every bath is named.
@Suite struct BathFaultTests {
  @Test func langevin() {
    #expect(LangevinBath(temperature: 0, friction: 1e-9).faults.isEmpty)
    for friction in [0, -1, Double.nan, .infinity] {
      #expect(LangevinBath(temperature: 1, friction: friction).faults.map(\.parameter) == ["friction"])
    }
    let fault = LangevinBath(temperature: -2, friction: 1).faults.first
    #expect(fault?.found == "-2.0" && fault?.expected == "a temperature >= 0")
  }

  private func faults(_ change: (inout ParticleBath) -> Void) -> [String] {
    var bath = ParticleBath(temperature: 1, friction: 1, coupling: 1)
    change(&bath)
    return bath.faults.map(\.parameter)
  }

  @Test func particles() {
    #expect(faults { _ in }.isEmpty)
    #expect(faults { $0.coupling = 0 }.isEmpty && faults { $0.coupling = -1 }.isEmpty)
    #expect(faults { $0.sharpness = 0 }.isEmpty && faults { $0.sharpness = 200 }.isEmpty)
    for bad in [0, -1, Double.nan, .infinity] {
      #expect(faults { $0.temperature = bad } == ["temperature"])
      #expect(faults { $0.friction = bad } == ["friction"])
      #expect(faults { $0.strength = bad } == ["strength"])
      #expect(faults { $0.ringLength = bad } == ["ring"])
    }
    for bad in [Double.nan, .infinity] { #expect(faults { $0.coupling = bad } == ["coupling"]) }
    for bad in [-0.1, 200.1, .nan, .infinity] { #expect(faults { $0.sharpness = bad } == ["sharpness"]) }
    for bad in [0, -1, 1_000_001] { #expect(faults { $0.count = bad } == ["count"]) }
  }

  @Test func allFaultsOfABathAtOnce() {
    let bath = ParticleBath(
      temperature: 0, count: 0, friction: 0, coupling: .nan, strength: 0, sharpness: -1, ringLength: 0)
    #expect(
      bath.faults.map(\.parameter) == [
        "temperature", "count", "friction", "coupling", "strength", "sharpness", "ring",
      ])
  }
}
