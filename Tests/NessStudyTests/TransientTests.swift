import Foundation
import NessFiles
import NessModel
import NessSampling
import NessStatistics
import NessStore
import NessStudy
import NessTestSupport
import Testing

/// Transients from a file, simulated and exact.
@Suite struct TransientTests {
  private func experiment(
    _ transient: String, run: String = "{replicas: 256}", medium: String = "{kind: chain, sites: 3, pinning: 1.0}",
    bath: String = "langevin"
  ) throws -> Experiment {
    try Experiment(
      yaml: """
        medium: \(medium)
        baths:
          left: {kind: \(bath), temperature: 3.0, friction: 1.0}
          right: {kind: langevin, temperature: 1.0, friction: 0.6}
        transient: \(transient)
        run: \(run)
        """, file: "t.yaml")
  }

  private func run(_ experiment: Experiment, threads: Int = 2) throws -> PointResult {
    let context = Study.RunContext(store: nil, onProgress: { _ in }, onNote: { _ in }, shouldStop: { false })
    return try #require(try Study(experiment, threads: threads).run(in: context).document.points.first)
  }

  private static let start = "{duration: 6.0, every: 0.5, temperature: [0.0, 2.0, 1.0], displacement: [1.0, 0.0, -0.5]}"

  private func scores(_ result: PointResult, shift: Double = 0) -> [Double] {
    let members = result.estimates.members.filter { Quantity.Family.ofTransients.contains($0.quantity.family) }
    let simulated = members.filter { $0.method == .simulation }
    return simulated.compactMap { member in
      guard let exact = members.first(where: { $0.quantity == member.quantity && $0.method != .simulation }) else {
        return nil
      }
      let estimate = member.estimate
      let whole = member.budget?.whole ?? estimate.error
      return (estimate.value + shift * estimate.error - exact.estimate.value)
        / (whole * whole + exact.estimate.error * exact.estimate.error).squareRoot()
    }
  }

  /// Every number of every sample against the exact one: as many outside one and two errors as there should be.
  @Test func coverage() throws {
    let result = try run(experiment(Self.start, run: "{replicas: 2000, seed: 7}"))
    let scores = scores(result)
    #expect(scores.count == 12 * (2 + 3 + 3 + 2))
    #expect(scores.allSatisfy { abs($0) < acceptedZScore }, "\(scores.map(abs).max() ?? 0)")
    let outside = scores.count { abs($0) > 1 }
    #expect(abs(Double(outside) / Double(scores.count) - 0.317) < 0.2, "\(outside) of \(scores.count)")
    // A control that must fail.
    #expect(self.scores(result, shift: 5).contains { abs($0) > acceptedZScore })
  }

  /// A coarse step, without the noise that would hide it: what it changes is within the budget, from the first sample on.
  @Test(arguments: [0.5, 0.25]) func coarseStep(timeStep: Double) throws {
    let start = "{duration: 20.0, every: 0.5, temperature: 0.2, displacement: [1.0, 0.0, 0.0]}"
    let result = try run(experiment(start, run: "{replicas: 40000, seed: 11, timeStep: \(timeStep)}"))
    let scores = scores(result)
    #expect(scores.count == 40 * 10 && scores.allSatisfy { abs($0) < acceptedZScore }, "\(scores.map(abs).max() ?? 0)")
    // Without the budget the coarser one would not be: a control.
    let members = result.estimates.members.filter { $0.quantity.family == .transientDisplacement }
    let bare = members.filter { $0.method == .simulation }.compactMap { member in
      members.first { $0.quantity == member.quantity && $0.method != .simulation }.map {
        abs(member.estimate.zScore(against: $0.estimate))
      }
    }
    #expect(timeStep < 0.4 || bare.contains { $0 > acceptedZScore }, "\(bare.max() ?? 0)")
  }

  /// The first law in every sample, of a chain with quartic bonds too: what is left over is that of the time step.
  @Test func firstLaw() throws {
    let result = try run(
      experiment(
        Self.start, run: "{replicas: 64, timeStep: 0.01}", medium: "{kind: chain, sites: 3, pinning: 1.0, quartic: 0.7}"
      ))
    func values(_ family: Quantity.Family) throws -> [Double] {
      try #require(result.estimates.first { $0.quantity.family == family && $0.method == .simulation }).estimates.map(
        \.value)
    }
    let (heat, energy) = (try values(.transientHeat), try values(.transientEnergy))
    for index in 1..<12 {
      #expect(abs(energy[index] - energy[index - 1] - 0.5 * (heat[index] + heat[12 + index])) < 2e-3 * energy[index])
    }
  }

  /// A bath that remembers, in a network.
  @Test func memory() throws {
    let experiment = try Experiment(
      yaml: """
        medium: {kind: network, lattice: {chain: 3}, site: q^2/2 - 0.3*q}
        baths:
          a: {kind: memory, site: 1, temperature: 2.0, terms: [{weight: 0.8, time: 1.5}]}
          b: {kind: langevin, site: 3, temperature: 1.0, friction: 0.6}
        transient: {duration: 4.0, every: 0.5, temperature: 0.5, velocity: [1.0, 0.0, 0.0]}
        run: {replicas: 2000, seed: 3}
        """, file: "t.yaml")
    let scores = scores(try run(experiment))
    #expect(scores.count == 8 * (2 + 3 + 3 + 2))
    #expect(scores.allSatisfy { abs($0) < acceptedZScore }, "\(scores.map(abs).max() ?? 0)")
  }

  /// The same bytes with any number of threads, and in a state that was taken up.
  @Test func sameBytes() throws {
    let experiment = try experiment(Self.start, run: "{replicas: 40}")
    let one = try run(experiment, threads: 1)
    let two = try run(experiment, threads: 2)
    #expect(one.estimates == two.estimates)
  }

  /// A run that was ended goes on from its state, samples included, to the same numbers.
  @Test func anEndedRunGoesOn() throws {
    let experiment = try experiment(
      "{duration: 200.0, every: 0.5, temperature: 1.0}", run: "{replicas: 128, timeStep: 0.005}")
    let plan = try #require(
      try SolverCatalogue.plan(experiment.run, for: experiment.points()[0].model, threads: 2))
    let whole = try plan.simulate(JobContext(threads: 2)).answer.entries
    let memory = MemoryKeeper()
    let found = untilTheEnd(looks: 60) { looks -> [Answer.Entry]? in
      let watch = SamplingWatch<Answer>(shouldStop: { looks.isOver() }, stateKeeper: memory.keeper)
      return try? plan.simulate(JobContext(threads: 1, watch: watch)).answer.entries
    }
    let (entries, runs) = try #require(found)
    #expect(entries == whole && runs > 2 && memory.allWarnings.isEmpty, "\(runs) \(memory.allWarnings)")
  }

  /// A transient has its own key, and a study of the steady state keeps its own.
  @Test func keys() throws {
    let some = try experiment("{duration: 6.0, every: 0.5}")
    let other = try experiment("{duration: 6.0, every: 0.5, temperature: 1.0}")
    func key(_ experiment: Experiment) -> CacheKey { Study(experiment, threads: 1).key(of: experiment.points()[0]) }
    #expect(key(some) != key(other))
    #expect("\(key(some))".contains("transient.duration=6.0"))
    let again = try Experiment(yaml: some.yaml(), file: "t.yaml")
    #expect(again == some && key(again) == key(some))
  }

  /// Broken files name the key.
  @Test func faults() throws {
    func reason(_ transient: String, run: String = "{}", bath: String = "langevin") -> String {
      do {
        _ = try self.run(experiment(transient, run: run, bath: bath))
        return ""
      } catch {
        return "\(error)"
      }
    }
    #expect(reason("{duration: 1.0}").contains("transient.every"))
    #expect(reason("{duration: 1.0, every: 0.5}\ndevice: {kind: diode}").contains("a device beside a transient"))
    #expect(reason("{duration: 1.0, every: 2.0}").contains("no longer than the duration"))
    #expect(reason("{duration: 1.0, every: 0.1, temperature: [1.0, 2.0]}").contains("one for each of 3 sites"))
    #expect(reason("{duration: 1.0, every: 0.1, temperature: -1.0}").contains("a temperature >= 0"))
    #expect(reason("{duration: 1.0, every: 0.1, populations: [1.0]}").contains("transient.populations"))
    #expect(reason("{duration: 1.0, every: 0.1}", run: "{timeStep: 0.03}").contains("does not go into"))
    #expect(reason("{duration: 1.0, every: 0.1}", run: "{targetError: 0.1}").contains("run.targetError"))
    #expect(reason("{duration: 1.0, every: 0.1}", run: "{duration: 5.0}").contains("how long it is"))
    #expect(reason("{duration: 1.0, every: 0.1}", run: "{replicas: 1}").contains("run.replicas"))
  }
}
