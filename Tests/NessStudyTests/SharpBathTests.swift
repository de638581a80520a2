import Foundation
import NessFiles
import NessModel
import NessStatistics
import NessStudy
import NessTestSupport
import Testing

/// Where innovations leave nearly no noise, the budget of the time step is the error: it must hold against exact theory.
@Suite struct SharpBathTests {
  @Test(arguments: [
    "{kind: active, friction: 1.0, amplitude: 2.0, correlationTime: 0.05}",
    "{kind: active, friction: 1.0, amplitude: 2.0, correlationTime: 1.0}",
    "{kind: active, law: telegraph, friction: 0.5, amplitude: 1.0, correlationTime: 0.3}",
    "{kind: memory, temperature: 2.0, terms: [{weight: 20.0, time: 0.05}]}",
    "{kind: memory, temperature: 2.0, terms: [{weight: 1.0, time: 3.0}]}",
    "{kind: andersen, temperature: 2.0, rate: 0.7}",
  ]) func budgetHolds(bath: String) throws {
    let experiment = try Experiment(
      yaml: """
        medium: {kind: network, lattice: {chain: 4}, bond: "r^2/2", walls: {left: true, right: true}}
        baths:
          left: \(bath)
          right: {kind: langevin, temperature: 1.0, friction: 1.0}
        quantities: [heatCurrent]
        run: {duration: 1000.0, replicas: 64}
        """, file: "t.yaml")
    let result = try experiment.firstPoint()
    func entry(_ isMeant: (Answer.Entry) -> Bool) throws -> Answer.Entry {
      try #require(result.estimates.first { $0.quantity == .heatCurrent && isMeant($0) }, "\(result.notes)")
    }
    let found = try entry { $0.method == .simulation }
    let exact = try entry { $0.claim.validity == .exact }
    let (value, error) = (found.estimate.value, found.estimate.error)
    let budget = try #require(found.budget)
    #expect(
      abs(value - exact.estimate.value) < acceptedZScore * error + budget.systematic,
      "\(value) \(error) \(exact.estimate) \(budget)")
    // A budget that is far too large would hold as well.
    #expect(budget.systematic < 0.2 * max(abs(exact.estimate.value), 0.05), "\(budget)")
  }
}
