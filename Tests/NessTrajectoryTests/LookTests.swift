import Foundation
import NessModel
import NessTestSupport
import NessTrajectory
import Testing

@Suite("Looks at a chain while it is simulated")
struct LookTests {
  private static let settings = TrajectorySettings(
    seed: 5, replicas: 64, timeStep: 0.0125, burnIn: 10, duration: 400, threads: 2)

  private static func model() throws -> ChainModel {
    try Sample.chain(
      sites: 4, left: Sample.particles(20, friction: 0.4, coupling: 0.3, count: 20), right: Sample.langevin(10))
  }

  @Test("change no byte, and their error bars shrink to that of the answer")
  func sameBytes() throws {
    let model = try Self.model()
    let looks = CollectedValues<Answer>()
    var solver = TrajectorySolver(Self.settings)
    let unseen = try solver.simulate(model)
    solver.watch.onLook = { looks.add($0) }
    // The run takes long enough to be looked at on any machine.
    solver.watch.onProgress = { _ in Thread.sleep(forTimeInterval: 0.003) }
    let seen = try solver.simulate(model)
    #expect(seen.answer.entries == unseen.answer.entries && seen.answer.notes == unseen.answer.notes)
    let shown: [Quantity] =
      [.heatCurrent, .heat(from: "left"), .heat(from: "right")] + (1...4).map { .kineticTemperature(site: $0) }
    try #require(looks.values.count > 1)
    for look in looks.values {
      #expect(look.entries.members.map(\.quantity) == shown && look.entries.members.allSatisfy { $0.budget == nil })
    }
    for quantity in shown {
      let final = try #require(seen.answer.estimate(quantity, by: .simulation))
      let first = try #require(looks.values.first?.estimate(quantity, by: .simulation))
      let last = try #require(looks.values.last?.estimate(quantity, by: .simulation))
      #expect(last.error < first.error && final.error < 1.3 * last.error)
      #expect(abs(first.zScore(againstExact: final.value)) < acceptedZScore)
    }
  }

  @Test("there are none in the burn-in")
  func burnIn() throws {
    var settings = Self.settings
    settings.burnIn = 1e6
    var solver = TrajectorySolver(settings)
    solver.watch.onLook = { _ in Issue.record("nothing has been measured") }
    let end = ContinuousClock.now + .milliseconds(400)
    solver.watch.shouldStop = { ContinuousClock.now > end }
    #expect(throws: TrajectoryError.interrupted) { try solver.simulate(Self.model()) }
  }
}
