import Foundation
import NessFormula
import NessModel
import NessStatistics
import NessTestSupport
import NessTrajectory
import Testing

/// What anharmonic networks begin with, and how long they are left to forget it.
@Suite("The start of networks")
struct NetworkStartTests {
  private static func single(_ field: String, _ temperature: Double, friction: Double = 1) throws -> BathedNetwork {
    BathedNetwork(
      try Networks.chain(1, bond: "x^2/2", fields: [0: field]),
      [Networks.bath("b", 0, temperature, friction: friction)])
  }

  /// Means of q and of the energy of one site in equilibrium, by quadrature.
  private static func equilibrium(_ potential: (Double) -> Double, _ temperature: Double) -> (q: Double, energy: Double)
  {
    var (weight, q, energy) = (0.0, 0.0, 0.0)
    for place in -40_000...40_000 {
      let x = Double(place) * 1e-3
      let share = exp(-potential(x) / temperature)
      weight += share
      q += share * x
      energy += share * potential(x)
    }
    return (q / weight, energy / weight + 0.5 * temperature)
  }

  private static func answer(_ bathed: BathedNetwork, burnIn: Double?, replicas: Int = 1024) throws -> Answer {
    let scales = NetworkScales(bathed)
    let step = scales.timeStep(tolerance: 0.002, noise: .matched).timeStep
    let chosen = scales.burnIn(timeStep: step, relativeError: nil, replicas: replicas).burnIn
    let settings = TrajectorySettings(
      seed: 5, replicas: replicas, timeStep: step, burnIn: burnIn ?? chosen, duration: 100, threads: 2)
    return try NetworkTrajectorySolver(settings).simulate(bathed, scales).answer
  }

  /// Replicas begin on the barrier and share two unlike wells over it; with the burn-in of the exchange of energy alone, as a control,
  /// they have not.
  @Test("unlike wells are shared before anything is measured")
  func wells() throws {
    let temperature = 0.4
    let bathed = try Self.single("2*(x^2 - 1)^2 + 0.3*x", temperature)
    let expected = Self.equilibrium({ 2 * ($0 * $0 - 1) * ($0 * $0 - 1) + 0.3 * $0 }, temperature)
    let found = try Self.answer(bathed, burnIn: nil)
    let q = try found.required(.meanDisplacement(site: 1), .simulation)
    let energy = try found.required(.meanEnergy, .simulation)
    #expect(abs(q.zScore(againstExact: expected.q)) < acceptedZScore, "\(q) \(expected)")
    #expect(abs(energy.zScore(againstExact: expected.energy)) < acceptedZScore, "\(energy) \(expected)")
    let early = try Self.answer(bathed, burnIn: 10)
    #expect(
      abs(try early.required(.meanDisplacement(site: 1), .simulation).zScore(againstExact: expected.q)) > acceptedZScore
    )
    // What is still on its way is told, and in the budget.
    #expect(early.notes.contains { $0.contains("drift") })
    let budget = try #require(early.entries.member(.meanDisplacement(site: 1), by: .simulation)?.budget)
    #expect(budget.burnIn.value > 2 * q.error)
  }

  @Test("sites that friction holds back begin at rest and are given their time")
  func overdamped() throws {
    let bathed = try Self.single("0.01*(x - 10)^2 + 0.0001*(x - 10)^4", 1, friction: 10)
    let scales = NetworkScales(bathed)
    #expect(abs(scales.displacements[0] - 10) < 0.01)
    #expect(try #require(scales.start.creepTime) > 400)
    let found = try Self.answer(bathed, burnIn: nil)
    let q = try found.required(.meanDisplacement(site: 1), .simulation)
    #expect(abs(q.zScore(againstExact: 10)) < acceptedZScore, "\(q)")
    #expect(abs(q.zScore(againstExact: 7)) > acceptedZScore)
  }

  /// Their keys and burn-ins stay as they are.
  @Test(
    "usual networks begin as they did",
    arguments: ["x^2/2 + x^4/4", "1 - cos(x)", "x^2/2 - x^3/6 + x^4/24", "exp(x) - x"])
  func usual(bond: String) throws {
    for fields in [[:], [1: "x^4/4"], [0: "x^2/2", 2: "(x^2 - 1)^2"], [1: "1 - cos(6*x)"]] {
      let network = try Networks.chain(4, bond: bond, fields: fields)
      let bathed = BathedNetwork(network, [Networks.bath("a", 0, 2), Networks.bath("b", 3, 1)])
      #expect(NetworkScales(bathed).start.isPlain, "\(bond) \(fields)")
      #expect(network.fallReason(temperature: 2) == nil && network.instabilityReason == nil)
    }
  }

  @Test("potentials that fall without end are refused where nothing holds the site")
  func falling() throws {
    func reason(_ bond: String, _ fields: [Int: String]) throws -> String? {
      try Networks.chain(3, bond: bond, fields: fields).fallReason(temperature: 0.5)
    }
    #expect(try reason("1 - cos(x)", [0: "-0.8*x"])?.contains("medium.force[1]") == true)
    #expect(try reason("1 - cos(x)", [0: "-0.8*x", 1: "x^2/2"]) != nil)
    #expect(try reason("x^2/2", [1: "-0.8*x"]) != nil)
    #expect(try reason("x^2/2", [2: "1 - cos(x) - 0.3*x"]) != nil)
    // Another site, or the same one, holds it.
    #expect(try reason("x^2/2", [0: "-0.8*x", 2: "x^2/8"]) == nil)
    #expect(try reason("1 - cos(x)", [0: "x^4 - 0.8*x"]) == nil)
    // It falls behind a pole, where nothing gets.
    #expect(try reason("x^2/2", [0: "1/(1 + x)^2 + x", 1: "1/(1 + x)^2 + x"]) == nil)
    #expect(try reason("x^2/2", [0: "1/(1 + x)^2 - x"]) != nil)
    // In any unit of length.
    for unit in [1e-12, 1e15] {
      let quartic = "(x/\(unit))^4"
      #expect(try reason(quartic, [0: "-0.8*x/\(unit)", 2: quartic]) == nil, "\(unit)")
      #expect(try reason(quartic, [0: "-0.8*x/\(unit)"]) != nil, "\(unit)")
    }
    // Opposite forces stretch a bond that holds.
    #expect(try reason("x^2/2", [0: "-0.8*x", 2: "0.8*x"]) == nil)
    #expect(try reason("1 - cos(x)", [0: "-0.8*x", 2: "0.8*x"]) != nil)
  }

  @Test("linear forces whose energy has no minimum are refused")
  func unstable() throws {
    func reason(_ bond: String, _ fields: [Int: String]) throws -> String? {
      try Networks.chain(4, bond: bond, fields: fields).instabilityReason
    }
    #expect(try reason("x^2/2", [1: "-0.002*x^2"]) != nil)
    #expect(try reason("-x^2/2", [:]) != nil && reason("-x^2/8", [0: "x^2", 1: "x^2", 2: "x^2", 3: "x^2"]) == nil)
    #expect(try reason("x^2/2", [1: "-0.1*x^2", 0: "x^2/2", 2: "x^2/2"]) == nil)
    #expect(try reason("x^2/2", [:]) == nil)
  }

  @Test("the common measure of times between collisions")
  func measures() throws {
    let measure = try #require(TimeStepChoice.commonMeasure(of: [1.7, 0.9]))
    #expect(abs(measure - 0.1) < 1e-12)
    #expect(TimeStepChoice.commonMeasure(of: [0.3]) == 0.3 && TimeStepChoice.commonMeasure(of: []) == nil)
    #expect(TimeStepChoice.commonMeasure(of: [1, 2.0.squareRoot()]) == nil)
    let scaled = try #require(TimeStepChoice.commonMeasure(of: [1.7e-14, 0.9e-14]))
    #expect(abs(scaled - 1e-15) < 1e-26)
  }
}
