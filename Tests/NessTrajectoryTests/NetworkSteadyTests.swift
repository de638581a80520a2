import Foundation
import NessFormula
import NessModel
import NessSampling
import NessStatistics
import NessTestSupport
import NessTrajectory
import Testing

/// The steady state of simulated networks against exact theory and quadrature.
@Suite struct NetworkSteadyTests {
  private static func simulate(
    _ bathed: BathedNetwork, step: Double, duration: Double, burnIn: Double = 100, replicas: Int = 64,
    threads: Int = 2, seed: UInt64 = 20261126
  ) throws -> Answer {
    let settings = TrajectorySettings(
      seed: seed, replicas: replicas, timeStep: step, burnIn: burnIn, duration: duration, threads: threads)
    return try NetworkTrajectorySolver(settings).simulate(bathed).answer
  }

  /// z-scores of all heats, flows and temperatures of an answer; the time step adds its part to the error.
  private static func zScores(_ answer: Answer, _ bathed: BathedNetwork, _ exact: ExactNetwork) throws -> [Double] {
    var scores: [Double] = []
    func add(_ quantity: Quantity, _ value: Double) throws {
      let found = try #require(answer.estimate(quantity, by: .simulation))
      scores.append(found.zScore(againstExact: value))
    }
    for (bath, heat) in zip(bathed.baths, exact.heats) { try add(.heat(from: bath.name), heat) }
    for (site, temperature) in exact.temperatures.enumerated() {
      try add(.kineticTemperature(site: site + 1), temperature)
    }
    let bonds = bathed.network.bonds
    let flows = Dictionary(grouping: zip(bonds, exact.flows)) { [$0.0.first, $0.0.second] }
    for (pair, flow) in flows {
      try add(.bondHeatCurrent(from: pair[0] + 1, to: pair[1] + 1), flow.reduce(0) { $0 + $1.1 })
    }
    return scores
  }

  /// A harmonic network without order between five baths, every heat, flow and temperature.
  @Test func aHarmonicNetworkHasTheExactSteadyState() throws {
    let network = try Networks.random(20, bonds: ["x^2/2", "x^2/5"], field: "0.4*x^2")
    func bathed(_ temperature: Double) -> BathedNetwork {
      BathedNetwork(
        network,
        [
          Networks.bath("a", 0, 5), Networks.bath("b", 4, 1, friction: 0.5), Networks.bath("c", 9, temperature),
          Networks.bath("d", 9, 0, friction: 0.2), Networks.bath("e", 17, 2),
        ])
    }
    let answer = try Self.simulate(bathed(3), step: 0.02, duration: 400)
    let exact = try ExactNetwork(bathed(3))
    let scores = try Self.zScores(answer, bathed(3), exact)
    #expect(scores.allSatisfy { abs($0) < acceptedZScore }, "\(scores)")
    #expect(scores.count > 60)
    // What flows into a site and the heat of its baths add up to nothing, exactly in the exact state.
    for site in 0..<network.sites {
      let bonds = zip(network.bonds, exact.flows)
      let gain = bonds.reduce(0.0) { $0 + ($1.0.second == site ? $1.1 : $1.0.first == site ? -$1.1 : 0) }
      let heat = zip(bathed(3).baths, exact.heats).reduce(0.0) { $0 + ($1.0.site == site ? $1.1 : 0) }
      #expect(abs(gain + heat) < 1e-9)
    }
    // Control: one bath a little warmer.
    let wrong = try Self.zScores(answer, bathed(3.2), ExactNetwork(bathed(3.2)))
    #expect(wrong.contains { abs($0) > acceptedZScore })
  }

  /// Flows through bonds and heats from baths agree at a step that is far too long for either to be right.
  @Test func flowsAndHeatsAgreeAtALongStep() throws {
    let network = SiteNetwork(
      masses: [1, 1, 1, 1], potentials: [try Networks.potential("x^2/2")],
      bonds: [
        .init(first: 0, second: 1, potential: 0), .init(first: 0, second: 2, potential: 0),
        .init(first: 1, second: 3, potential: 0), .init(first: 2, second: 3, potential: 0),
      ],
      fields: [.init(site: 1, potential: 0)])
    let bathed = BathedNetwork(network, [Networks.bath("hot", 0, 3), Networks.bath("cold", 3, 1)])
    let answer = try Self.simulate(bathed, step: 0.8, duration: 20_000)
    func estimate(_ quantity: Quantity) throws -> Estimate { try #require(answer.estimate(quantity, by: .simulation)) }
    let heat = try estimate(.heat(from: "hot"))
    let ways = [try estimate(.bondHeatCurrent(from: 1, to: 2)), try estimate(.bondHeatCurrent(from: 1, to: 3))]
    let sum = ways[0].value + ways[1].value
    let error = (heat.error * heat.error + pow(ways[0].error + ways[1].error, 2)).squareRoot()
    #expect(abs(sum - heat.value) < acceptedZScore * error)
    // Control: the step is so long that the heat itself is wrong.
    let exact = try ExactNetwork(bathed)
    #expect(abs(heat.zScore(againstExact: exact.heats[0])) > acceptedZScore)
  }

  /// Mean values in equilibrium against quadrature over the Boltzmann weight, of a bond or a field of each kind.
  @Test(arguments: [
    "x^2/2 + x^3/6 + x^4/8", "x^4/4", "exp(-x) + x - 1", "x^2/8 + 2*(1 - cos(3*x))", "x^2/2 + abs(x)^3/3",
  ])
  func equilibriumIsThatOfBoltzmann(formula: String) throws {
    let (potential, temperature, step) = (try Networks.potential(formula), 0.8, 0.04)
    /// <q²>, <q>, <q V'> by the rectangle rule, which is exact for what falls off on both sides.
    func moments(_ temperature: Double) -> [Double] {
      let points = (-6000...6000).map { Double($0) * 0.01 }
      let lowest = points.map(potential.energy).min() ?? 0
      let weights = points.map { exp(-(potential.energy($0) - lowest) / temperature) }
      let whole = weights.reduce(0, +)
      func mean(_ value: (Double) -> Double) -> Double {
        zip(points, weights).reduce(0) { $0 + ($1.1 == 0 ? 0 : value($1.0) * $1.1) } / whole
      }
      return [mean { $0 * $0 }, mean { $0 }, mean { $0 * potential.slope($0) }]
    }
    // A field on one site, and the same potential as bond of two others.
    let network = SiteNetwork(
      masses: [1, 0.7, 1.5], potentials: [potential], bonds: [.init(first: 1, second: 2, potential: 0)],
      fields: [.init(site: 0, potential: 0)])
    let bathed = BathedNetwork(network, (0..<3).map { Networks.bath("\($0)", $0, temperature, friction: 0.8) })
    let dynamics = NetworkDynamics(bathed, timeStep: step, rate: 2)
    var samples = [[[Double]]](repeating: .init(repeating: [], count: 3), count: 2)
    for group in 0..<8 {
      let motion = NetworkMotion(dynamics, seed: 11, firstReplica: 8 * group)
      motion.draw(velocityVariances: .init(repeating: 1, count: 3))
      motion.advance(steps: 1000)
      var sums = [[SIMD8<Double>]](repeating: .init(repeating: .zero, count: 3), count: 2)
      let looks = 4000
      for _ in 0..<looks {
        motion.advance(steps: 8)
        // The symmetric point is in the middle of the drift.
        let q = (0..<3).map { motion.displacement[$0] + motion.velocity[$0] * (0.5 * step) }
        for (kind, x) in [q[0], q[2] - q[1]].enumerated() {
          sums[kind][0] += x * x
          sums[kind][1] += x
          for lane in 0..<8 { sums[kind][2][lane] += x[lane] * potential.slope(x[lane]) }
        }
      }
      for kind in 0..<2 {
        for moment in 0..<3 {
          for lane in 0..<8 { samples[kind][moment].append(sums[kind][moment][lane] / Double(looks)) }
        }
      }
    }
    var isWrongSeen = false
    for kind in 0..<2 {
      for (moment, values) in samples[kind].enumerated() {
        let found = try BlockedMean(of: ReplicaSeries(replicas: 64, batches: 1, values: values)).estimate
        #expect(
          abs(found.zScore(againstExact: moments(temperature)[moment])) < acceptedZScore, "\(kind) \(moment) \(found)")
        isWrongSeen =
          isWrongSeen || abs(found.zScore(againstExact: moments(1.1 * temperature)[moment])) > acceptedZScore
      }
    }
    // Control: a temperature that is a tenth higher.
    #expect(isWrongSeen)
  }

  /// The chain of PHYSICS that is driven at both ends: the same current and temperatures as the engine of chains finds.
  @Test func aQuarticChainAgreesWithTheEngineOfChains() throws {
    let model = try Model(
      medium: Chain(sites: 8, quarticConstant: 1, pinning: 1),
      attachments: [
        .init(name: "left", site: 1, bath: Sample.langevin(4)), .init(name: "right", site: 8, bath: Sample.langevin(1)),
      ])
    let chain = try TrajectorySolver(
      TrajectorySettings(seed: 1, timeStep: 0.02, burnIn: 100, duration: 500, threads: 2)
    ).simulate(model).answer
    let network = try Networks.chain(8, bond: "x^2/2 + x^4/4", fields: [0: "x^2/2", 7: "x^2/2"])
    func answer(_ cold: Double) throws -> Answer {
      try Self.simulate(
        BathedNetwork(network, [Networks.bath("left", 0, 4), Networks.bath("right", 7, cold)]), step: 0.02,
        duration: 500)
    }
    func z(_ quantity: Quantity, _ other: Quantity, _ answer: Answer) throws -> Double {
      let first = try #require(chain.estimate(quantity, by: .simulation))
      let second = try #require(answer.estimate(other, by: .simulation))
      return (first.value - second.value) / (first.error * first.error + second.error * second.error).squareRoot()
    }
    let found = try answer(1)
    #expect(abs(try z(.heatCurrent, .heatCurrent, found)) < acceptedZScore)
    for site in 1...8 {
      #expect(abs(try z(.kineticTemperature(site: site), .kineticTemperature(site: site), found)) < acceptedZScore)
    }
    for bond in 1..<8 {
      #expect(
        abs(try z(.bondHeatCurrent(bond: bond), .bondHeatCurrent(from: bond, to: bond + 1), found)) < acceptedZScore)
    }
    // Control: a warmer cold end.
    #expect(abs(try z(.heatCurrent, .heatCurrent, answer(2))) > acceptedZScore)
  }
}
