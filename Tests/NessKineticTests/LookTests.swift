import Foundation
import NessKinetic
import NessModel
import NessTestSupport
import Testing

@Suite("Looks at a box while it is simulated")
struct LookTests {
  @Test("change no byte, and their error bars shrink to that of the answer", arguments: [20, 64])
  func sameBytes(replicas: Int) throws {
    let model = try Sample.box(Sample.maxwell(2), Sample.metropolis(1, .energy, moves: 2))
    let settings = KineticSettings(
      seed: 7, replicas: replicas, burnIn: 1500, duration: 1.5e5, threads: 2)
    let looks = CollectedValues<Answer>()
    var solver = KineticSolver(settings)
    let unseen = try solver.simulate(model)
    solver.watch.onLook = { looks.add($0) }
    // The run takes long enough to be looked at on any machine.
    solver.watch.onProgress = { _ in Thread.sleep(forTimeInterval: 0.003) }
    let seen = try solver.simulate(model)
    #expect(seen.answer.entries == unseen.answer.entries && seen.answer.notes == unseen.answer.notes)
    try #require(looks.values.count > 1)
    for quantity in [Quantity.heatCurrent, .heat(from: "left"), .meanEnergy] {
      let final = try #require(seen.answer.estimate(quantity, by: .simulation))
      let first = try #require(looks.values.first?.estimate(quantity, by: .simulation))
      let last = try #require(looks.values.last?.estimate(quantity, by: .simulation))
      #expect(last.error < first.error && final.error < 1.3 * last.error)
      #expect(abs(first.zScore(againstExact: final.value)) < acceptedZScore)
    }
  }
}
