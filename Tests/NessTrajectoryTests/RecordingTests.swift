import Foundation
import NessLinear
import NessModel
import NessSampling
import NessTestSupport
import NessTrajectory
import Testing

/// What is recorded along the time is what the engine does, and recording changes nothing.
@Suite("Series along the time")
struct RecordingTests {
  private static let everything: [RecordedQuantity] = [
    .heatFrom, .bondHeatCurrent, .position, .velocity, .kineticTemperature, .kineticEnergy, .potentialEnergy,
  ]

  private static func chain(quartic: Double = 0) throws -> ChainModel {
    try Model(
      medium: Chain(sites: 4, mass: 1.3, springConstant: 0.8, quarticConstant: quartic, pinning: 1),
      attachments: [
        .init(name: "left", site: 1, bath: Sample.particles(20, friction: 0.4, coupling: 0.3, count: 11)),
        .init(name: "right", site: 4, bath: Sample.langevin(10)),
      ])
  }

  private static func settings(_ replicas: Int = 20, duration: Double = 60, threads: Int = 1) -> TrajectorySettings {
    TrajectorySettings(
      seed: 3, replicas: replicas, timeStep: 0.0125, burnIn: 13, duration: duration, threads: threads)
  }

  private static func system(
    _ request: RecordRequest, _ model: ChainModel, _ settings: TrajectorySettings
  ) throws -> RecordedSystem {
    try RecordedSystem(request, of: model, settings, isOpen: false)
  }

  private static func run(
    _ model: ChainModel, _ settings: TrajectorySettings, _ system: RecordedSystem?, _ table: SampleTable?,
    _ watch: SamplingWatch<Answer> = SamplingWatch()
  ) throws -> TrajectoryOutcome {
    var solver = TrajectorySolver(settings)
    solver.watch = watch
    solver.recorded = system
    if let system, let table { solver.watch.recording = SeriesRecording(system.plan, in: table) }
    return try solver.simulate(model)
  }

  @Test("a recorded run has the results of one that is not; the series do not depend on threads", arguments: [0, 0.3])
  func sameResults(quartic: Double) throws {
    let model = try Self.chain(quartic: quartic)
    let plain = try Self.run(model, Self.settings(), nil, nil)
    // Samples that lie between ticks.
    let request = RecordRequest(Self.everything + [.particles], every: 0.29, replicas: 11)
    let system = try Self.system(request, model, Self.settings())
    #expect(system.plan.stepsPerSample == 23)
    let tables = try [1, 3].map { threads in
      let table = SampleTable(system.plan)
      let outcome = try Self.run(model, Self.settings(threads: threads), system, table)
      #expect(outcome.answer.entries == plain.answer.entries && outcome.answer.notes == plain.answer.notes)
      return table
    }
    #expect(tables[0].all == tables[1].all)
    #expect(tables[0].all.allSatisfy { $0.allSatisfy(\.isFinite) })
    // Control: another seed gives other series.
    var other = Self.settings()
    other.seed = 4
    let table = SampleTable(system.plan)
    _ = try Self.run(model, other, system, table)
    #expect(table.all != tables[0].all)
  }

  @Test("samples are the state of the engine, and heats add up to what its ledger has")
  func engine() throws {
    let model = try Self.chain()
    var settings = Self.settings(8, duration: 40)
    (settings.burnIn, settings.startsAtRest, settings.innovations) = (0, true, false)
    let system = try Self.system(
      .init([.heatFrom, .position, .velocity, .particles], every: 0.29, replicas: 8), model, settings)
    let table = SampleTable(system.plan)
    _ = try Self.run(model, settings, system, table)
    let step = settings.timeStep
    let group = LaneGroup(ChainDynamics(model, timeStep: step), seed: 3, firstReplica: 0)
    for sample in 0..<20 {
      group.advance(steps: 23)
      for (site, lane) in [(0, 0), (3, 5)] {
        let (q, v) = (group.displacement[site][lane], group.velocity[site][lane])
        #expect(table.column("velocity", site, replica: lane)[sample] == v)
        #expect(table.column("position", site, replica: lane)[sample] == q + v * (0.5 * step))
      }
      #expect(table.column("particles.left", 4, replica: 2)[sample] == group.turns(ofParticleBath: 0, lane: 2)[4])
    }
    group.advance(steps: 23 * (system.plan.samples - 20))
    for bath in 0..<2 {
      for lane in [0, 7] {
        let heat = group.sums[group.ledger.heat(bath)][lane] * 0.5 * model.medium.mass
        let recorded = table.column("heatFrom", bath, replica: lane).reduce(0, +) * system.plan.interval
        #expect(abs(recorded - heat) < 1e-9 * abs(heat), "\(recorded) \(heat)")
      }
    }
  }

  /// Between two samples every site keeps what comes in and does not go out. The engine counts r² as r(t) r(t + h), so that the
  /// recorded energies close its books to second order in the step.
  @Test("energy is conserved site by site", arguments: [(0.0, 1.0), (0.3, 1.0), (0.0, -1.0)])
  func balance(quartic: Double, sign: Double) throws {
    let model = try Self.chain(quartic: quartic)
    let system = try Self.system(.init(Self.everything, every: 0.6, replicas: 2), model, Self.settings())
    let table = SampleTable(system.plan)
    _ = try Self.run(model, Self.settings(), system, table)
    for site in 0..<4 {
      func column(_ name: String, _ number: Int) -> [Double] { table.column(name, number, replica: 1) }
      let energy = zip(column("kineticEnergy", site), column("potentialEnergy", site)).map { $0 + $1 }
      let left = site == 0 ? column("heatFrom", 0) : column("bondHeatCurrent", site - 1)
      let right = site == 3 ? column("heatFrom", 1).map { -$0 } : column("bondHeatCurrent", site)
      var (residue, size) = (0.0, 0.0)
      for sample in 1..<system.plan.samples {
        let change = energy[sample] - energy[sample - 1]
        // With the wrong sign, as a control, the books do not close.
        let flow = sign * (left[sample] - right[sample]) * system.plan.interval
        residue += (change - flow) * (change - flow)
        size += change * change
      }
      #expect((residue < 1e-4 * size) == (sign > 0), "site \(site + 1): \(residue / size)")
    }
  }

  /// A run that was killed goes on from a state that is older than the last samples it wrote.
  @Test("a run that goes on gives the series of one that was not ended")
  func resumed() throws {
    let model = try Self.chain()
    let settings = Self.settings(20, duration: 40)
    let system = try Self.system(.init(Self.everything + [.particles], every: 0.29, replicas: 11), model, settings)
    let whole = SampleTable(system.plan)
    _ = try Self.run(model, settings, system, whole)
    let (table, memory) = (SampleTable(system.plan), MemoryKeeper())
    func run(_ table: SampleTable, looks: Int, saves: Bool = true) throws -> TrajectoryOutcome? {
      let count = LookCount(looks)
      var watch = SamplingWatch<Answer>()
      watch.stateKeeper = memory.keeper
      if !saves { watch.stateKeeper?.save = { _ in } }
      watch.shouldStop = { count.isOver() }
      let outcome = try? Self.run(model, settings, system, table, watch)
      return outcome?.stopReason == .interrupted ? nil : outcome
    }
    var runs = 0
    while runs < 1000 {
      runs += 1
      if try run(table, looks: 4) != nil { break }
      // What comes after the state that is kept is lost.
      _ = try run(table, looks: 6, saves: false)
    }
    #expect(runs > 2 && runs < 1000 && memory.allWarnings.isEmpty)
    #expect(table.all == whole.all)
    // Where the samples before are not, the state is of no use, and all is recorded anew.
    let elsewhere = SampleTable(system.plan, token: 8)
    #expect(try run(elsewhere, looks: .max) != nil)
    #expect(memory.allWarnings.contains { $0.contains("no longer in its place") })
    #expect(elsewhere.all == whole.all)
  }

  @Test("the mean of m v² is the kinetic temperature of exact theory")
  func temperature() throws {
    let model = try Sample.chain(sites: 4, left: Sample.langevin(6), right: Sample.langevin(2))
    var settings = Self.settings(64, duration: 200)
    settings.timeStep = 0.02
    let system = try Self.system(.init([.kineticTemperature], every: 0.5, replicas: 64), model, settings)
    let table = SampleTable(system.plan)
    _ = try Self.run(model, settings, system, table)
    let exact = try LinearSolver().answer(.all, of: model, by: [.markov])
    func score(_ site: Int, against other: Int) throws -> Double {
      let means = (0..<64).map { replica in
        table.column("kineticTemperature", site, replica: replica).reduce(0, +) / Double(system.plan.samples)
      }
      let mean = means.reduce(0, +) / 64
      let variance = means.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 63
      let theory = try #require(exact.estimate(.kineticTemperature(site: other + 1), by: .markov)).value
      return (mean - theory) / (variance / 64).squareRoot()
    }
    for site in 0..<4 { #expect(abs(try score(site, against: site)) < acceptedZScore) }
    #expect(abs(try score(0, against: 3)) > acceptedZScore)
  }

  @Test("what cannot be recorded is refused")
  func refusals() throws {
    let model = try Self.chain()
    func reason(_ request: RecordRequest, isOpen: Bool = false) -> String? {
      do throws(Refusal) {
        _ = try RecordedSystem(request, of: model, Self.settings(), isOpen: isOpen)
        return nil
      } catch {
        return error.reason
      }
    }
    #expect(reason(.init([.velocity], every: 0.0125)) == nil)
    #expect(reason(.init([.velocity], every: 0.001))?.contains("give 0.0125 or more") == true)
    #expect(reason(.init([.velocity], sites: [5], every: 1))?.contains("site 5 does not exist") == true)
    #expect(reason(.init([.velocity], every: 1, replicas: 21))?.contains("more than there are: 20") == true)
    #expect(reason(.init([.velocity], every: 100))?.contains("nothing would be recorded") == true)
    #expect(reason(.init([.velocity], every: 1), isOpen: true)?.contains("run.record.duration") == true)
    #expect(reason(.init([.velocity], every: 1, duration: 5), isOpen: true) == nil)
  }
}

@Suite("Series of networks along the time")
struct NetworkRecordingTests {
  private static func bathed() throws -> BathedNetwork {
    let network = try Networks.random(9, bonds: ["x^2/2", "x^2/2 + x^4/4", "1 - cos(x)"], field: "x^2/2")
    return BathedNetwork(network, [Networks.bath("a", 0, 3), Networks.bath("b", 4, 1), Networks.bath("c", 8, 2)])
  }

  private static func record(
    _ bathed: BathedNetwork, _ settings: TrajectorySettings, every: Double, replicas: Int
  ) throws -> (table: SampleTable, system: RecordedSystem, outcome: TrajectoryOutcome) {
    let scales = NetworkScales(bathed)
    let system = try RecordedSystem(
      .init(
        [.heatFrom, .bondHeatCurrent, .position, .velocity, .kineticEnergy, .potentialEnergy], every: every,
        replicas: replicas), of: bathed, scales, settings, isOpen: false)
    let table = SampleTable(system.plan)
    var solver = NetworkTrajectorySolver(settings)
    solver.recorded = system
    solver.watch.recording = SeriesRecording(system.plan, in: table)
    return (table, system, try solver.simulate(bathed, scales))
  }

  @Test("a recorded run has the results of one that is not; the series do not depend on threads")
  func sameResults() throws {
    let bathed = try Self.bathed()
    var settings = TrajectorySettings(seed: 3, replicas: 20, timeStep: 0.01, burnIn: 5, duration: 40)
    let plain = try NetworkTrajectorySolver(settings).simulate(bathed)
    let one = try Self.record(bathed, settings, every: 0.3, replicas: 11)
    settings.threads = 3
    let three = try Self.record(bathed, settings, every: 0.3, replicas: 11)
    for found in [one, three] { #expect(found.outcome.answer.entries == plain.answer.entries) }
    #expect(one.table.all == three.table.all && one.table.all.allSatisfy { $0.allSatisfy(\.isFinite) })
  }

  /// Flows are read every few steps, so that those of a short time have the error of a sum in place of an integral.
  @Test("energy is conserved: heats, and flows at every site", arguments: [1.0, -1.0])
  func balance(sign: Double) throws {
    let bathed = try Self.bathed()
    let settings = TrajectorySettings(seed: 3, replicas: 8, timeStep: 0.01, burnIn: 5, duration: 60)
    let (table, system, _) = try Self.record(bathed, settings, every: 1, replicas: 1)
    func column(_ name: String, _ number: Int) -> [Double] { table.column(name, number, replica: 0) }
    let energies = (0..<9).map { site in
      zip(column("kineticEnergy", site), column("potentialEnergy", site)).map { $0 + $1 }
    }
    let bonds = bathed.network.pairs
    for site in 0..<9 {
      var income = [Double](repeating: 0, count: system.plan.samples)
      func add(_ values: [Double], _ sign: Double) {
        for (place, value) in values.enumerated() { income[place] += sign * value }
      }
      for (bath, place) in [0, 4, 8].enumerated() where place == site { add(column("heatFrom", bath), 1) }
      for (bond, pair) in bonds.enumerated() {
        if pair.first == site { add(column("bondHeatCurrent", bond), -sign) }
        if pair.second == site { add(column("bondHeatCurrent", bond), sign) }
      }
      var (residue, size) = (0.0, 0.0)
      for sample in 1..<system.plan.samples {
        let change = energies[site][sample] - energies[site][sample - 1]
        residue += pow(change - income[sample] * system.plan.interval, 2)
        size += change * change
      }
      #expect((residue < 0.15 * size) == (sign > 0), "site \(site + 1): \(residue / size)")
    }
  }
}
