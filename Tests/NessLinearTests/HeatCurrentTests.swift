import NessLinear
import NessModel
import NessTestSupport
import Testing

/// A chain with Langevin baths of the given frictions and temperatures on its two ends.
func langevinChain(
  sites: Int, pinning: Double = 1, spring: Double = 1, mass: Double = 1, frictions: (Double, Double) = (1, 1),
  temperatures: (Double, Double) = (2, 1)
) throws -> Model {
  try Model(
    medium: Chain(sites: sites, mass: mass, springConstant: spring, pinning: pinning),
    attachments: [
      .init(
        name: "left", site: 1, bath: .langevin(LangevinBath(temperature: temperatures.0, friction: frictions.0))),
      .init(
        name: "right", site: sites, bath: .langevin(LangevinBath(temperature: temperatures.1, friction: frictions.1))),
    ])
}

/// The chain of Krekels et al. 2026: particles on the left, a Langevin bath on the right.
func particleChain(
  sites: Int, coupling: Double, left: Double, right: Double, particleFriction: Double, mirrored: Bool = false,
  pinning: Double = 1, spring: Double = 1
) throws -> Model {
  let particles = AnyBath.particles(
    ParticleBath(temperature: left, friction: particleFriction, coupling: coupling))
  let langevin = AnyBath.langevin(LangevinBath(temperature: right, friction: 1))
  return try Model(
    medium: Chain(sites: sites, springConstant: spring, pinning: pinning),
    attachments: [
      .init(name: "left", site: 1, bath: mirrored ? langevin : particles),
      .init(name: "right", site: sites, bath: mirrored ? particles : langevin),
    ])
}

/// The value of a quantity by a method.
func value(_ quantity: Quantity, _ method: Method, _ model: Model) throws -> Double {
  try #require(LinearSolver().solve(model).estimate(quantity, by: method)).value
}

@Suite struct HeatCurrentTests {
  /// Rieder, Lieb, Lebowitz 1967 with K = k = gamma = m = 1 and temperature difference 1:
  /// J = sinh((N-1) alpha) / (2 sinh(N alpha)), cosh alpha = 3/2, which tends to (3 - sqrt 5)/4 as exp(-2 N alpha).
  @Test(arguments: [2, 3, 4, 7, 16, 100, 200, 1000])
  func riederLiebLebowitz(sites: Int) throws {
    let root = (3 + 5.0.squareRoot()) / 2
    let decay = 1 / (root * root)
    let power = (0..<sites).reduce(1.0) { product, _ in product * decay }
    let exact = 0.5 / root * (1 - power / decay) / (1 - power)
    let current = try value(.heatCurrent, .markov, langevinChain(sites: sites))
    #expect(abs(current - exact) < 2e-12 * exact)
    #expect(abs(2 * current - exact) > 0.1)
    let limit = try value(.heatCurrent, .asymptotic, langevinChain(sites: sites))
    #expect(abs(limit - 0.190983005625053) < 1e-14)
  }

  /// Left friction (2/T_L)² as of diffusing particles, values from an independent dense Lyapunov solution.
  @Test(arguments: [(1.1, 0.01348957505), (10, 0.3209536918)])
  func inverseSquareFriction(temperature: Double, exact: Double) throws {
    let friction = 4 / (temperature * temperature)
    let model = try langevinChain(sites: 100, frictions: (friction, 1), temperatures: (temperature, 1))
    #expect(abs(try value(.heatCurrent, .markov, model) - exact) < 4e-10 * exact)
  }
}
