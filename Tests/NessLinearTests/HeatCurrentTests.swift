import NessLinear
import NessModel
import NessTestSupport
import Testing

/// A chain with Langevin baths of the given frictions and temperatures on its two ends.
func langevinChain(
  sites: Int, pinning: Double = 1, spring: Double = 1, mass: Double = 1, frictions: (Double, Double) = (1, 1),
  temperatures: (Double, Double) = (2, 1)
) throws -> ChainModel {
  try Model(
    medium: Chain(sites: sites, mass: mass, springConstant: spring, pinning: pinning),
    attachments: [
      .init(
        name: "left", site: 1, bath: .init(LangevinBath(temperature: temperatures.0, friction: frictions.0))),
      .init(
        name: "right", site: sites, bath: .init(LangevinBath(temperature: temperatures.1, friction: frictions.1))),
    ])
}

/// The chain of Krekels et al. 2026: particles on the left, a Langevin bath on the right.
func particleChain(
  sites: Int, coupling: Double, left: Double, right: Double, particleFriction: Double, mirrored: Bool = false,
  pinning: Double = 1, spring: Double = 1
) throws -> ChainModel {
  let particles = ChainBath(
    ParticleBath(temperature: left, friction: particleFriction, coupling: coupling))
  let langevin = ChainBath(LangevinBath(temperature: right, friction: 1))
  return try Model(
    medium: Chain(sites: sites, springConstant: spring, pinning: pinning),
    attachments: [
      .init(name: "left", site: 1, bath: mirrored ? langevin : particles),
      .init(name: "right", site: sites, bath: mirrored ? particles : langevin),
    ])
}

/// The value of a quantity by a method.
func value(_ quantity: Quantity, _ method: Method, _ model: ChainModel) throws -> Double {
  try #require(LinearSolver().answer(of: model).estimate(quantity, by: method)).value
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

/// Laws of the currents, and the independent route: the covariance of the Lyapunov equation.
@Suite struct HeatLawTests {
  static func networks() throws -> [ChainModel] {
    let particles = ChainBath(ParticleBath(temperature: 20, friction: 0.4, coupling: 0.3))
    let sharp = ChainBath(
      ParticleBath(temperature: 8, count: 12, friction: 0.05, coupling: 0.2, strength: 1.3, sharpness: 5, ringLength: 9)
    )
    let cold = ChainBath(LangevinBath(temperature: 3, friction: 0.7))
    let strong = ChainBath(LangevinBath(temperature: 11, friction: 12))
    func model(_ sites: Int, _ spring: Double, _ pinning: (Double, Double), _ baths: [(Int, ChainBath)]) throws
      -> ChainModel
    {
      try Model(
        medium: Chain(
          sites: sites, mass: 1.3, springConstant: spring, pinning: .init(left: pinning.0, right: pinning.1)),
        attachments: baths.enumerated().map { .init(name: "bath\($0)", site: $1.0, bath: $1.1) })
    }
    return [
      try model(1, 1, (2, 2), [(1, particles), (1, cold)]),
      try model(2, 0.8, (1, 1.7), [(1, particles), (2, cold)]),
      try model(3, 1.4, (6, 0), [(1, strong), (3, sharp)]),
      try model(16, 1, (1, 1), [(1, particles), (16, cold)]),
      try model(60, 2, (3, 0.5), [(1, sharp), (60, cold)]),
      try model(9, 1, (1, 0.3), [(1, cold), (4, particles), (9, strong)]),
      try model(12, 1, (2, 2), [(3, sharp), (10, cold)]),
      try model(7, 1.1, (1, 1), [(2, particles), (2, cold), (6, strong), (7, sharp)]),
    ]
  }

  /// Each heat is the jump of the bond current at its site; both baths on one site give their sum.
  @Test(arguments: try networks(), [Method.markov, .memory])
  func agreesWithCovariance(model: ChainModel, method: Method) throws {
    let answer = try LinearSolver().answer(of: model)
    let covariance = try steadyCovariance(of: model, withMemory: method == .memory)
    let bonds = [0] + covariance.bondHeatCurrents.map(\.value) + [0]
    let error = 2 * (covariance.bondHeatCurrents.map(\.error).max() ?? 0)
    let largest = bonds.map(abs).max() ?? 0
    for site in 1...model.medium.sites {
      var heat = 0.0
      for attachment in model.attachments where attachment.site == site {
        heat += try #require(answer.estimate(.heat(from: attachment.name), by: method)).value
      }
      #expect(abs(heat - (bonds[site] - bonds[site - 1])) < 1e-9 * largest + 1e-12 + error)
      if site == 1 && largest > 0 && heat != 0 { #expect(abs(-heat - bonds[1]) > 1e-3 * largest) }
    }
  }

  /// J_a = gamma_a (T_a - m <v²>) / m for a Langevin bath, the only route for baths that share their site.
  @Test(arguments: try networks(), [Method.markov, .memory])
  func agreesWithKineticTemperature(model: ChainModel, method: Method) throws {
    let answer = try LinearSolver().answer(.all, of: model)
    for attachment in model.attachments {
      guard let bath = attachment.bath.law as? LangevinBath else { continue }
      let site = attachment.site
      let kinetic = try #require(answer.estimate(.kineticTemperature(site: site), by: method)).value
      let heat = try #require(answer.estimate(.heat(from: attachment.name), by: method)).value
      let expected = bath.friction / model.medium.mass * (bath.temperature - kinetic)
      #expect(abs(heat - expected) < 1e-10 * bath.friction * bath.temperature)
    }
  }

  @Test(arguments: try networks(), [Method.markov, .memory])
  func secondLaw(model: ChainModel, method: Method) throws {
    let answer = try LinearSolver().answer(of: model)
    var sum = 0.0
    var production = 0.0
    var size = 0.0
    for attachment in model.attachments {
      let heat = try #require(answer.estimate(.heat(from: attachment.name), by: method)).value
      sum += heat
      size += abs(heat)
      production -= heat / attachment.bath.temperature
    }
    #expect(abs(sum) <= 1e-14 * size)
    #expect(production > 0)
    #expect(size > 0)
  }

  @Test(arguments: try networks())
  func equalTemperaturesCarryNothing(model: ChainModel) throws {
    let equal = try Model(
      medium: model.medium,
      attachments: model.attachments.map { .init(name: $0.name, site: $0.site, bath: $0.bath.at(temperature: 30)) })
    let answer = try LinearSolver().answer(.all, of: equal)
    for entry in answer.entries.members {
      switch entry.quantity.family {
      case .heatCurrent, .heatFrom: #expect(entry.estimate.value == 0)
      case .kineticTemperature:
        #expect(abs(entry.estimate.value - 30) <= entry.estimate.error)
        #expect(entry.estimate.error < 1e-6)
      case .bondHeatCurrent: #expect(abs(entry.estimate.value) <= entry.estimate.error)
      default: break
      }
    }
  }

  /// A mirrored model carries the opposite current by every method.
  @Test(arguments: [Method.markov, .memory, .asymptotic, .printed])
  func mirror(method: Method) throws {
    let left = try particleChain(sites: 6, coupling: 0.3, left: 20, right: 10, particleFriction: 0.4)
    let right = try particleChain(sites: 6, coupling: 0.3, left: 20, right: 10, particleFriction: 0.4, mirrored: true)
    let (one, other) = (try value(.heatCurrent, method, left), try value(.heatCurrent, method, right))
    #expect(one > 0)
    #expect(abs(one + other) < 1e-11 * one)
  }

  /// The current of a long chain is that of an infinite one.
  @Test func asymptoticIsTheLimit() throws {
    for left in [5.0, 20, 300] {
      let model = try particleChain(
        sites: 200, coupling: 0.2, left: left, right: 1, particleFriction: 0.1, pinning: 0.7, spring: 1.3)
      let (finite, infinite) = (try value(.heatCurrent, .markov, model), try value(.heatCurrent, .asymptotic, model))
      #expect(abs(finite - infinite) < 2e-3 * infinite)
      #expect(abs(finite - 2 * infinite) > 0.9 * infinite)
    }
  }

  /// An unpinned chain has D0 = 0: the closed form stays smooth there and the transmission tends to it; the covariance of
  /// the strains gives the same current.
  @Test func unpinnedChain() throws {
    let model = try langevinChain(sites: 300, pinning: 0)
    let (finite, infinite) = (try value(.heatCurrent, .markov, model), try value(.heatCurrent, .asymptotic, model))
    #expect(abs(finite - infinite) < 1e-2 * infinite)
    let almost = try langevinChain(sites: 300, pinning: 1e-9)
    #expect(abs(try value(.heatCurrent, .asymptotic, almost) - infinite) < 1e-8)
    let profile = try LinearSolver().answer(.all, of: langevinChain(sites: 20, pinning: 0), by: [.markov])
    let bond = try #require(profile.estimate(.bondHeatCurrent(bond: 7), by: .markov)).value
    let heat = try #require(profile.estimate(.heatCurrent, by: .markov)).value
    #expect(abs(bond - heat) < 1e-11)
  }
}
