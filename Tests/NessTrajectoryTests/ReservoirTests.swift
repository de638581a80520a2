import NessLinear
import NessModel
import NessSampling
import NessStatistics
import NessTestSupport
import NessTrajectory
import Synchronization
import Testing

/// Temperatures of self-consistent reservoirs that a simulation finds by itself.
@Suite("Self-consistent reservoirs in simulation")
struct ReservoirTests {
  /// Five sites, each held; the ends at given temperatures, reservoirs on two sites between.
  private func model(
    bond: String = "r^2/2", hot: Double = 3, cold: Double = 1, unit: Double = 1
  ) throws -> NetworkModel {
    func langevin(_ temperature: Double) -> NetworkBath {
      NetworkBath(LangevinBath(temperature: temperature * unit, friction: 1))
    }
    return try Model(
      medium: Network(lattice: .chain(5), bond: bond, site: "q^2/4"),
      attachments: [
        .init(name: "left", site: 1, bath: langevin(hot)),
        .init(name: "near", site: 2, bath: NetworkBath(SelfConsistentBath(friction: 0.3))),
        .init(name: "far", site: 4, bath: NetworkBath(SelfConsistentBath(friction: 0.8))),
        .init(name: "right", site: 5, bath: langevin(cold)),
      ])
  }

  private func settings(_ seed: UInt64, duration: Double = 400, target: Double? = nil) -> TrajectorySettings {
    TrajectorySettings(
      seed: seed, replicas: 64, timeStep: 0.05, burnIn: 20, duration: duration, target: target.map { .relative($0) },
      threads: 2)
  }

  private func outcome(
    _ model: NetworkModel, _ settings: TrajectorySettings, keeper: StateKeeper? = nil,
    shouldStop: @escaping @Sendable () -> Bool = { false }
  ) throws -> TrajectoryOutcome {
    var solver = NetworkTrajectorySolver(settings)
    solver.watch.stateKeeper = keeper
    solver.watch.shouldStop = shouldStop
    let bathed = BathedNetwork(model)
    return try solver.simulate(model, bathed, NetworkScales(bathed))
  }

  /// All numbers and notes.
  private func words(_ answer: Answer) -> [String] { answer.entries.map { "\($0)" } + answer.notes }

  private static let asked: [Quantity] =
    [.heat(from: "left"), .heat(from: "near"), .heat(from: "far"), .heat(from: "right")]
    + (1...5).map { .kineticTemperature(site: $0) } + (1...4).map { .bondHeatCurrent(from: $0, to: $0 + 1) }

  /// The search begins at the mean of the ends, far from what linear theory finds, and knows nothing of that theory.
  @Test func harmonicNetworksAgreeWithLinearTheory() throws {
    let model = try model()
    let exact = try NetworkSolver().answer(.all, of: model, by: [.markov])
    var squares: [Quantity: Double] = [:]
    let seeds: ClosedRange<UInt64> = 1...6
    for seed in seeds {
      let answer = try outcome(model, settings(seed)).answer
      for quantity in Self.asked {
        let entry = try #require(answer.entries.members.first { $0.quantity == quantity })
        let budget = try #require(entry.budget)
        let difference = entry.estimate.value - (try exact.required(quantity, .markov)).value
        // The bound of what the search left counts as one more standard error.
        let error = (entry.estimate.error * entry.estimate.error + budget.systematic * budget.systematic).squareRoot()
        let z = difference / error
        #expect(abs(z) <= 4.9, "\(quantity), seed \(seed): \(z)")
        // A reservoir's heat is what is left to be seen, with an error that knows the run alone.
        squares[quantity, default: 0] += z * z / Double(seeds.count)
      }
      // Control: without the search the temperatures are those of the start, which the same test rejects.
      let guessed = try NetworkTrajectorySolver(settings(seed)).simulate(
        BathedNetwork(
          model.medium.form,
          BathedNetwork(model).baths.map { .init(name: $0.name, site: $0.site, law: $0.law) })
      ).answer
      let left = try guessed.required(.heat(from: "near"), .simulation)
      #expect(abs(left.value) > 4.9 * left.error)
    }
    for quantity in [Quantity.heat(from: "left"), .heat(from: "right"), .kineticTemperature(site: 2)] {
      #expect(squares[quantity]! < 4, "\(quantity): \(squares[quantity]!)")
    }
  }

  /// Weak contacts, so that a trial run of the usual length hardly tells a heat from 0: the search goes on until it does, and what is left is in the budgets.
  /// Harmonic but for 1e-9, which only keeps linear theory from telling the temperature.
  @Test func weakContacts() throws {
    func model(_ bond: String) throws -> NetworkModel {
      try Model(
        medium: Network(lattice: .chain(3), bond: bond, site: "q^2"),
        attachments: [
          .init(name: "hot", site: 1, bath: NetworkBath(LangevinBath(temperature: 2, friction: 0.03))),
          .init(name: "free", site: 2, bath: NetworkBath(SelfConsistentBath(friction: 0.1))),
          .init(
            name: "cold", site: 3,
            bath: NetworkBath(ActiveBath(friction: 0.02, amplitude: 0.2, correlationTime: 1))),
        ])
    }
    let exact = try NetworkSolver().answer(
      .only([.heatFrom, .kineticTemperature]), of: model("r^2/2"), by: [.markov])
    for seed in 1...4 {
      let answer = try outcome(model("r^2/2 + 1e-9*r^4"), settings(UInt64(seed), duration: 1000)).answer
      for quantity in [Quantity.heat(from: "hot"), .heat(from: "cold"), .heat(from: "free")]
        + (1...3).map(Quantity.kineticTemperature)
      {
        let entry = try #require(answer.entries.members.first { $0.quantity == quantity })
        let budget = try #require(entry.budget)
        let difference = entry.estimate.value - (try exact.required(quantity, .markov)).value
        let error = (entry.estimate.error * entry.estimate.error + budget.systematic * budget.systematic).squareRoot()
        #expect(abs(difference) <= 4.9 * error, "\(quantity), seed \(seed): \(difference) \(error)")
        // A trial run knows this heat to 0.004; within five errors, which were enough once, it might be 0.02.
        if quantity == .heat(from: "free") { #expect(abs(entry.estimate.value) < 0.008, "\(entry.estimate)") }
      }
    }
  }

  @Test func atEqualTemperaturesNothingIsSearched() throws {
    let answer = try outcome(model(hot: 1.5, cold: 1.5), settings(3, duration: 100)).answer
    #expect(answer.notes.contains { $0.contains("have the temperature 1.5, which all other baths have") })
    for bath in ["left", "near", "far", "right"] {
      let heat = try answer.required(.heat(from: bath), .simulation)
      #expect(abs(heat.value) <= 4.9 * heat.error)
    }
  }

  /// What is found is told with its error, in an anharmonic network, where no theory answers.
  @Test func temperaturesAreToldWithErrors() throws {
    let anharmonic = try model(bond: "r^2/2 + r^4/4")
    let answer = try outcome(anharmonic, settings(5, duration: 200)).answer
    for (bath, site) in [("near", 2), ("far", 4)] {
      #expect(answer.notes.contains { $0.hasPrefix("bath \(bath) gives no heat at the temperature ") })
      let entry = try #require(answer.entries.members.first { $0.quantity == .kineticTemperature(site: site) })
      #expect(entry.estimate.value > 1 && entry.estimate.value < 3 && entry.estimate.error > 0)
      #expect(try #require(entry.budget).truncation.basis == .estimate)
      let heat = try answer.required(.heat(from: bath), .simulation)
      let current = try answer.required(.heat(from: "left"), .simulation)
      #expect(abs(heat.value) < 0.2 * current.value)
    }
  }

  @Test func theSameForAnyThreads() throws {
    let model = try model(bond: "r^2/2 + r^4/4")
    var one = settings(7, duration: 60)
    one.threads = 1
    #expect(try words(outcome(model, one).answer) == words(outcome(model, settings(7, duration: 60)).answer))
  }

  /// A run that is ended in the search or after it, as often as it may be, ends with the same numbers.
  @Test(arguments: [nil, 0.05]) func theSameAfterEnds(target: Double?) throws {
    let model = try model(bond: "r^2/2 + r^4/4")
    let settings = settings(9, duration: 60, target: target)
    let whole = try words(outcome(model, settings).answer)
    let kept = KeptStates()
    var (ends, allowed) = (0, 3)
    while true {
      let asked = Atomic(0)
      let most = allowed
      do {
        let found = try outcome(model, settings, keeper: kept.keeper) {
          asked.add(1, ordering: .relaxed).newValue > most
        }
        if found.stopReason != .interrupted {
          #expect(words(found.answer) == whole)
          break
        }
      } catch TrajectoryError.interrupted {}
      (ends, allowed) = (ends + 1, allowed + 2)
      try #require(ends < 3000)
    }
    #expect(ends > 3)
    // Of another search nothing is taken up.
    var other = settings
    other.burnIn = 40
    #expect(try words(outcome(model, other, keeper: kept.keeper).answer) == words(outcome(model, other).answer))
  }

  @Test func whatNoBathLeadsIsRefused() throws {
    let all = (1...3).map {
      NetworkModel.Attachment(name: "b\($0)", site: $0, bath: NetworkBath(SelfConsistentBath(friction: 1)))
    }
    let medium = Network(lattice: .chain(3), site: "q^4/4")
    let error = #expect(throws: ModelError.self) { try Model(medium: medium, attachments: all) }
    #expect(error?.faults.first?.parameter == "baths.b1.temperature")
    // Control.
    let given = NetworkModel.Attachment(
      name: "given", site: 1, bath: NetworkBath(LangevinBath(temperature: 1, friction: 1)))
    #expect(throws: Never.self) { try Model(medium: medium, attachments: [given] + all) }
  }
}

/// The last state that was kept, in memory.
private final class KeptStates: Sendable {
  private let parts = Mutex<(done: Double, parts: [[UInt8]])?>(nil)

  var keeper: StateKeeper {
    StateKeeper(
      load: { [self] in
        parts.withLock { kept in
          guard let kept else { return [] }
          let (done, parts) = kept
          return [SavedState(count: parts.count, done: done) { parts[$0] }]
        }
      },
      save: { [self] state in
        let all = try (0..<state.count).map { try state.part($0) }
        let done = state.done
        parts.withLock { $0 = (done, all) }
      }, onWarning: { Issue.record("\($0)") })
  }
}
