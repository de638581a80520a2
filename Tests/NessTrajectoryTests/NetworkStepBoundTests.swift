import NessModel
import NessStatistics
import NessTestSupport
import NessTrajectory
import Testing

/// What the time step adds to the current through an anharmonic network is below what is said of it.
@Suite struct NetworkStepBoundTests {
  private static func current(
    _ bathed: BathedNetwork, timeStep: Double, seed: UInt64
  ) throws -> (estimate: Estimate, bound: Double) {
    let settings = TrajectorySettings(
      seed: seed, replicas: 512, timeStep: timeStep, burnIn: 200, duration: 600, threads: 2)
    let answer = try NetworkTrajectorySolver(settings).simulate(bathed).answer
    let entry = try #require(answer.entries.first { $0.quantity == .heatCurrent })
    return (entry.estimate, try #require(entry.budget).timeStep.value)
  }

  /// A coarse step against a fine one. Control: a thirtieth of the bound would not hold for phi-4.
  @Test(arguments: [
    ("x^2/2", "x^2/2 + 0.1*x^4/4", 0.4, true), ("x^2/2 + x^4/40", "x^2/2", 0.4, false),
    ("exp(x) - x", "x^2/2", 0.2, false),
    ("x^2/2", "1 - cos(x) + x^2/20", 0.4, false), ("1 - cos(x)", "x^2/20", 0.3, false),
  ])
  func theBoundHolds(bond: String, field: String, step: Double, isSeen: Bool) throws {
    let sites = 12
    let bathed = BathedNetwork(
      try Networks.chain(sites, bond: bond, fields: Dictionary(uniqueKeysWithValues: (0..<sites).map { ($0, field) })),
      [Networks.bath("left", 0, 1.5), Networks.bath("right", sites - 1, 0.5, friction: 0.3)])
    let (fine, coarse) = try (
      Self.current(bathed, timeStep: step / 4, seed: 1), Self.current(bathed, timeStep: step, seed: 2)
    )
    let difference = abs(coarse.estimate.value - fine.estimate.value)
    let error = (coarse.estimate.error * coarse.estimate.error + fine.estimate.error * fine.estimate.error).squareRoot()
    #expect(difference < coarse.bound + fine.bound + acceptedZScore * error, "\(difference) \(coarse.bound)")
    if isSeen {
      #expect(difference - acceptedZScore * error > coarse.bound / 30, "\(difference) \(error) \(coarse.bound)")
    }
    // Of order 2, and a small part of what flows in one direction.
    #expect(abs(coarse.bound / fine.bound / 16 - 1) < 0.2, "\(coarse.bound) \(fine.bound)")
  }

  /// A hot bath that hardly couples, beside two cold ones that do: what the step adds to the heats between the cold ones knows nothing
  /// of its temperature. Control: a thousandth of the temperature times the rate of a cold bath is more than is said.
  @Test(arguments: ["x^2/2", "x^2/2 + 0.05*x^4"])
  func aHotBathThatHardlyCouples(field: String) throws {
    let network = try Networks.chain(3, bond: "x^2/2", fields: [0: field, 1: field, 2: field])
    let bathed = BathedNetwork(
      network,
      [
        Networks.bath("left", 0, 1), Networks.bath("hot", 1, 60, friction: 0.002), Networks.bath("right", 2, 0.5),
      ])
    func heats(_ step: Double, _ seed: UInt64) throws -> [Answer.Entry] {
      let settings = TrajectorySettings(
        seed: seed, replicas: 512, timeStep: step, burnIn: 200, duration: 2000, threads: 2)
      let answer = try NetworkTrajectorySolver(settings).simulate(bathed).answer
      return try ["hot", "left", "right"].map { name in
        try #require(answer.entries.first { $0.quantity == .heat(from: name) })
      }
    }
    let (fine, coarse) = try (heats(0.05, 1), heats(0.15, 2))
    let largest = coarse.reduce(0) { max($0, abs($1.estimate.value)) }
    for (one, other) in zip(fine, coarse) {
      let (bound, small) = (try #require(other.budget).timeStep.value, try #require(one.budget).timeStep.value)
      let difference = abs(one.estimate.value - other.estimate.value)
      let error = (one.estimate.error * one.estimate.error + other.estimate.error * other.estimate.error).squareRoot()
      #expect(difference < bound + small + acceptedZScore * error, "\(other.quantity) \(difference) \(bound) \(error)")
      #expect(bound < 0.25 * largest && bound < 1e-3 * 60, "\(other.quantity) \(bound) \(other.estimate)")
    }
  }
}
