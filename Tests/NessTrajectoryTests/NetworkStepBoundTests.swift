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
}
