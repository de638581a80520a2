import Foundation
import NessKinetic
import NessModel
import NessSampling
import NessTestSupport
import Testing

/// What is recorded of boxes is the motion itself, and recording changes nothing.
@Suite("Series of boxes along the time")
struct FlightRecordingTests {
  private static let everything: [RecordedQuantity] = [
    .heatFrom, .position, .velocity, .kineticTemperature, .kineticEnergy,
  ]

  /// One particle, equal ones, and rods of unlike masses.
  private static func box(_ particles: Int) throws -> BoxModel {
    let masses = (0..<particles).map { 1 + Double($0 % 2) }
    return try Model(
      medium: Box(
        length: 2, particles: particles, diameter: particles > 3 ? 0.05 : 0,
        massRule: particles > 3 ? .list(masses) : nil),
      attachments: [
        .init(name: "left", site: 1, bath: Sample.maxwell(2)),
        .init(name: "right", site: 2, bath: Sample.metropolis(1, .energy, moves: 2)),
      ])
  }

  private static func settings(_ replicas: Int = 20, threads: Int = 1) -> KineticSettings {
    KineticSettings(seed: 7, replicas: replicas, burnIn: 40, duration: 200, threads: threads)
  }

  private static func run(
    _ model: BoxModel, _ settings: KineticSettings, _ recorded: RecordedFlights? = nil, _ table: SampleTable? = nil,
    _ watch: SamplingWatch<Answer> = SamplingWatch()
  ) throws -> KineticOutcome {
    var watch = watch
    if let recorded, let table { watch.recording = SeriesRecording(recorded.plan, in: table) }
    if model.medium.isGas {
      var solver = GasSolver(settings)
      (solver.watch, solver.recorded) = (watch, recorded)
      return try solver.simulate(model)
    }
    var solver = KineticSolver(settings)
    (solver.watch, solver.recorded) = (watch, recorded)
    return try solver.simulate(model)
  }

  private static func recorded(_ model: BoxModel, every: Double, replicas: Int) throws -> RecordedFlights {
    try RecordedFlights(.init(everything, every: every, replicas: replicas), of: model, settings(), isOpen: false)
  }

  @Test("a recorded run has the results of one that is not; the series do not depend on threads", arguments: [1, 3, 8])
  func sameResults(particles: Int) throws {
    let model = try Self.box(particles)
    let plain = try Self.run(model, Self.settings())
    let recorded = try Self.recorded(model, every: 0.37, replicas: 11)
    let tables = try [1, 3].map { threads in
      let table = SampleTable(recorded.plan)
      let outcome = try Self.run(model, Self.settings(threads: threads), recorded, table)
      #expect(outcome.answer.entries == plain.answer.entries && outcome.collisions == plain.collisions)
      return table
    }
    #expect(tables[0].all == tables[1].all)
    #expect(tables[0].all.allSatisfy { $0.allSatisfy(\.isFinite) })
  }

  /// Energy is conserved, and who meets nobody flies straight on. With heats of the wrong sign, as a control, the books do not close.
  @Test("the first law between samples, and free flights", arguments: [1, 3, 8])
  func motion(particles: Int) throws {
    let model = try Self.box(particles)
    let (every, masses, diameter) = (0.011, model.medium.masses, model.medium.diameter)
    let recorded = try Self.recorded(model, every: every, replicas: 9)
    let table = SampleTable(recorded.plan)
    _ = try Self.run(model, Self.settings(), recorded, table)
    for replica in [0, 8] {
      func columns(_ name: String) -> [[Double]] {
        (0..<particles).map { table.column(name, $0, replica: replica) }
      }
      let (energies, places, velocities) = (columns("kineticEnergy"), columns("position"), columns("velocity"))
      let heats = (0..<2).map { table.column("heatFrom", $0, replica: replica) }
      var (residue, wrong, size) = (0.0, 0.0, 0.0)
      var flights = 0
      for sample in 1..<recorded.plan.samples {
        let change = energies.reduce(0) { $0 + $1[sample] - $1[sample - 1] }
        let heat = (heats[0][sample] + heats[1][sample]) * every
        residue = max(residue, abs(change - heat))
        wrong = max(wrong, abs(change + heat))
        size = max(size, abs(change))
        for index in 0..<particles {
          let (velocity, place) = (velocities[index][sample], places[index][sample])
          #expect(place >= (Double(index) + 0.5) * diameter - 1e-12 && place <= 2 - 0.5 * diameter + 1e-12)
          if index > 0 { #expect(place - places[index - 1][sample] >= diameter - 1e-9) }
          #expect(abs(energies[index][sample] - 0.5 * masses[index] * velocity * velocity) < 1e-12)
          // Equal masses exchange velocities, so that an unchanged one is no sign of a free flight there.
          guard velocity == velocities[index][sample - 1], particles != 3 else { continue }
          flights += 1
          #expect(abs(place - places[index][sample - 1] - velocity * every) < 1e-11, "\(sample)")
        }
      }
      #expect(residue < 1e-9 * size && wrong > size, "\(residue) \(wrong) \(size)")
      #expect(flights > 1000 || particles == 3)
    }
  }

  @Test("a run that goes on gives the series of one that was not ended", arguments: [(1, 200.0, 12), (8, 20_000, 2)])
  func resumed(particles: Int, duration: Double, looks: Int) throws {
    let model = try Self.box(particles)
    let settings = KineticSettings(seed: 7, replicas: 20, burnIn: 40, duration: duration, threads: 1)
    let recorded = try RecordedFlights(
      .init(Self.everything, every: 0.00185 * duration, replicas: 11), of: model, settings, isOpen: false)
    let whole = SampleTable(recorded.plan)
    _ = try Self.run(model, settings, recorded, whole)
    let (table, memory) = (SampleTable(recorded.plan), MemoryKeeper())
    func run(_ table: SampleTable, looks: Int, saves: Bool = true) -> KineticOutcome? {
      let count = LookCount(looks)
      var watch = SamplingWatch<Answer>()
      watch.stateKeeper = memory.keeper
      if !saves { watch.stateKeeper?.save = { _ in } }
      watch.shouldStop = { count.isOver() }
      let outcome = try? Self.run(model, settings, recorded, table, watch)
      return outcome?.stopReason == .interrupted ? nil : outcome
    }
    var runs = 0
    while runs < 1000 {
      runs += 1
      if run(table, looks: looks) != nil { break }
      // What comes after the state that is kept is lost.
      _ = run(table, looks: looks + 1, saves: false)
    }
    #expect(runs > 1 && runs < 1000 && memory.allWarnings.isEmpty)
    #expect(table.all == whole.all)
    let elsewhere = SampleTable(recorded.plan, token: 8)
    #expect(run(elsewhere, looks: .max) != nil)
    #expect(elsewhere.all == whole.all)
  }

  @Test("what cannot be recorded is refused")
  func refusals() throws {
    let model = try Self.box(1)
    func reason(_ request: RecordRequest, isOpen: Bool = false) -> String? {
      do throws(Refusal) {
        _ = try RecordedFlights(request, of: model, Self.settings(), isOpen: isOpen)
        return nil
      } catch {
        return error.reason
      }
    }
    #expect(reason(.init([.velocity], every: 1e-6)) == nil)
    #expect(reason(.init([.velocity], sites: [1], every: 1))?.contains("no sites") == true)
    #expect(reason(.init([.potentialEnergy], every: 1))?.contains("none of a box") == true)
    #expect(reason(.init([.velocity], every: 1, replicas: 21))?.contains("more than there are: 20") == true)
    #expect(reason(.init([.velocity], every: 500))?.contains("nothing would be recorded") == true)
    #expect(reason(.init([.velocity], every: 1), isOpen: true)?.contains("run.record.duration") == true)
  }
}
