import NessLinear
import NessMath
import NessModel
import Testing

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

@Suite struct FrozenBathTests {
  private let bath = ParticleBath(temperature: 10, friction: 0.1, coupling: 0.2)

  /// The slope of the exact force at q = 0 is eps² Var(F)/T, outward: the sign that the paper misprints in k_eff.
  @Test func weakCouplingIsTheTangent() throws {
    let frozen = FrozenBath(bath)
    let step = 1e-3
    let slope =
      (try frozen.meanForce(atDisplacement: step) - frozen.meanForce(atDisplacement: -step)) / (2 * step)
    let exact = 0.04 * bath.forceVariance / 10
    #expect(abs(slope - exact) < 1e-8 * exact)
    #expect(abs(-slope - exact) > exact)
    #expect(abs(try frozen.meanForce(atDisplacement: 0) + 0.2) < 1e-15)
    #expect(abs(frozen.weakCouplingMeanForce(atDisplacement: 3) - (-0.2 + 3 * exact)) < 1e-15)
  }

  /// The mean force is T times the slope of the logarithm of the partition function.
  @Test(arguments: [-400.0, -30, 2, 90, 3000])
  func forceIsMinusTheGradient(displacement: Double) throws {
    let frozen = FrozenBath(bath)
    let step = 1e-4 * (1 + abs(displacement))
    let slope =
      (try frozen.logPartitionFunction(atDisplacement: displacement + step)
        - frozen.logPartitionFunction(atDisplacement: displacement - step)) / (2 * step)
    let force = try frozen.meanForce(atDisplacement: displacement) + bath.coupling * bath.strength
    #expect(abs(10 * slope - force) < 1e-6 * bath.coupling)
  }

  @Test func autocorrelation() throws {
    let frozen = FrozenBath(bath)
    let exact = try periodicTrapezoid(period: 2 * Double.pi) { angle in
      let deviation = exp(2 * (cos(angle) - 1)) / scaledBesselI(upTo: 0, 2)[0] - 1
      return deviation * deviation / (2 * Double.pi)
    }
    #expect(abs(frozen.forceAutocorrelation(atTime: 0) - exact.value) < 1e-14)
    let kernel = bath.frictionKernel.terms.reduce(0) { $0 + $1.amplitude * exp(-$1.rate * 0.2) }
    #expect(abs(40 * 0.04 / 10 * frozen.forceAutocorrelation(atTime: -0.2) - kernel) < 1e-14)
  }

  /// Weak coupling: variance T/(K - N_b eps² Var/T). Any coupling: <q U'(q)> = T.
  @Test func probeDensity() throws {
    let weak = ParticleBath(temperature: 10, friction: 0.1, coupling: 0.002)
    let variance = try ProbeDensity(weak, pinning: 1).variance().value
    #expect(abs(variance - 10 / (1 + weak.stiffnessShift)) < 1e-6)
    #expect(abs(variance - 10 / (1 - weak.stiffnessShift)) > 1e-5)
    for coupling in [0.2, 0.6] {
      let strong = ParticleBath(temperature: 10, friction: 0.1, coupling: coupling)
      let density = try ProbeDensity(strong, pinning: 1)
      #expect(abs(try density.expectation(of: { _ in 1 }).value - 1) < 1e-9)
      let frozen = FrozenBath(strong)
      let virial = try density.expectation { q in
        let force = ((try? frozen.meanForce(atDisplacement: q)) ?? .nan) + coupling
        return q * (q - 40 * force)
      }
      #expect(abs(virial.value - 10) < 1e-6)
    }
  }
}
