import Foundation
import NessFiles
import NessKinetic
import NessModel
import NessScenes
import NessStatistics
import NessTestSupport
import NessTrajectory
import Testing

@Suite("A chain in motion")
struct ChainSceneTests {
  private static let particles = ParticleBath(temperature: 20, friction: 0.1, coupling: 0.3)

  private static func model(
    sites: Int = 16, quartic: Double = 0, left: ChainBath = .init(particles),
    right: ChainBath = .init(LangevinBath(temperature: 10, friction: 1))
  ) throws -> ChainModel {
    try Model(
      medium: Chain(sites: sites, mass: 1.3, springConstant: 0.7, quarticConstant: quartic, pinning: 0.9),
      attachments: [.init(name: "left", site: 1, bath: left), .init(name: "right", site: sites, bath: right)])
  }

  private static func scene(_ model: ChainModel, _ run: RunSettings = RunSettings(seed: 4)) throws -> Scene {
    try Scene(point(AnyModel(model)), run: run)
  }

  private static func frame(_ scene: Scene, after time: Double) throws -> ChainFrame {
    guard case .chain(let frame) = try scene.advance(by: time) else {
      throw Refusal(.simulation, "a chain shows frames of a chain")
    }
    return frame
  }

  private static func description(_ scene: Scene) throws -> ChainSceneDescription {
    guard case .chain(let chain) = scene.description else { throw Refusal(.simulation, "not a chain") }
    return chain
  }

  /// The noise is followed in a run and not in a scene, which must make no difference.
  @Test("it makes the steps of the first replica of a run, whatever the times asked for", arguments: [0, 0.4])
  func sameSteps(quartic: Double) throws {
    let model = try Self.model(quartic: quartic)
    let scene = try Self.scene(model)
    let timeStep = try Self.description(scene).timeStep
    #expect(timeStep == TimeStepChoice(for: model).timeStep)
    let dynamics = ChainDynamics(model, timeStep: timeStep)
    let run = LaneGroup(dynamics, innovations: Innovations(of: dynamics, model: model), seed: 4, firstReplica: 0)
    let other = LaneGroup(dynamics, seed: 5, firstReplica: 0)
    // Less than a step of what was asked for is left over. What a slow machine does not reach is not made up for.
    var (least, most, last) = (-1.001 * timeStep, 0.0, 0.0)
    for time in [0, 0.037, 1.3, timeStep, 0.4 * timeStep, 0.4 * timeStep, 9.1, 2.2] {
      let frame = try Self.frame(scene, after: time)
      (least, most) = (least + time, most + time)
      #expect(frame.time <= most + 1e-9 && (frame.time > last || time < timeStep))
      if frame.time <= least {
        // One step is done however slow it is.
        #expect(time > timeStep)
        (least, most) = (frame.time - 1.001 * timeStep, frame.time + timeStep)
      }
      last = frame.time
      let steps = Int((frame.time / timeStep).rounded())
      run.advance(steps: steps - run.step)
      other.advance(steps: steps - other.step)
      #expect(frame.displacement == (0..<16).map { run.displacement[$0][0] })
      #expect(frame.velocity == (0..<16).map { run.velocity[$0][0] })
      #expect(frame.velocity != (0..<16).map { other.velocity[$0][0] })
      let places = run.turns(ofParticleBath: 0, lane: 0).map { 25 * ($0 - $0.rounded()) }
      #expect(frame.particles == [places] && places.count == 40 && places.allSatisfy { abs($0) <= 12.5 })
    }
  }

  /// In the books a spring holds k/2 times its length now and after the next drift.
  @Test("what the baths gave is the energy that is there")
  func books() throws {
    let model = try Self.model(right: .init(Self.particles.at(temperature: 3)))
    let scene = try Self.scene(model)
    let timeStep = try Self.description(scene).timeStep
    func energy(_ frame: ChainFrame) -> Double {
      let (q, v) = (frame.displacement, frame.velocity)
      let next = zip(q, v).map { $0 + timeStep * $1 }
      var energy = 0.45 * (q[0] * next[0] + q[15] * next[15])
      for site in q.indices {
        energy += 0.65 * v[site] * v[site]
        if site > 0 { energy += 0.35 * (q[site] - q[site - 1]) * (next[site] - next[site - 1]) }
      }
      return energy
    }
    let start = try Self.frame(scene, after: 0)
    #expect(start.heat == [0, 0] && start.time == 0)
    for time in [0.1, 30, 4, 100] {
      let frame = try Self.frame(scene, after: time)
      let received = frame.heat[0] + frame.heat[1]
      #expect(abs(energy(frame) - energy(start) - received) < 1e-9)
      #expect(abs(frame.heat[0]) > 1e-3 && abs(frame.heat[1]) > 1e-3)
    }
  }

  @Test("its temperatures are those of equal baths")
  func temperature() throws {
    let model = try Self.model(
      sites: 4, left: .init(LangevinBath(temperature: 3, friction: 1)),
      right: .init(LangevinBath(temperature: 3, friction: 1)))
    let scene = try Self.scene(model)
    _ = try Self.frame(scene, after: 100)
    let means = try (0..<64).map { _ in
      let frame = try Self.frame(scene, after: 150)
      return frame.temperature.reduce(0, +) / 4
    }
    let estimate = try BlockedMean(of: ReplicaSeries(replicas: 64, batches: 1, values: means)).estimate
    #expect(abs(estimate.zScore(againstExact: 3)) < acceptedZScore)
    #expect(abs(estimate.zScore(againstExact: 3.3)) > acceptedZScore)
  }

  @Test("a frame does a bounded piece of work")
  func bounded() throws {
    let frame = try Self.frame(try Self.scene(Self.model()), after: 1e9)
    #expect(frame.time > 0 && frame.time < 1e9)
  }

  @Test("a frame of 16 sites and 40 particles is a short line, with what can be seen of every number")
  func json() throws {
    let scene = try Self.scene(Self.model())
    let frame = try Self.frame(scene, after: 500)
    let line = try OrderedJSON.text(of: SceneFrame.chain(frame), onOneLine: true)
    #expect(line.utf8.count < 1500, "\(line.utf8.count) bytes")
    let tree = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    #expect(Set(tree.keys) == ["time", "displacement", "velocity", "temperature", "particles", "heat"])
    let read = try #require(tree["displacement"] as? [Double])
    #expect(read != frame.displacement)
    for (short, whole) in zip(read, frame.displacement) { #expect(abs(short - whole) <= 5.1e-5 * abs(whole)) }
    #expect((tree["particles"] as? [[Double]])?.map(\.count) == [40])
    let head = try OrderedJSON.text(of: scene.description, onOneLine: true)
    let description = try #require(try JSONSerialization.jsonObject(with: Data(head.utf8)) as? [String: Any])
    #expect(
      Set(description.keys) == [
        "kind", "picture", "naturalSpeed", "sites", "timeStep", "mass", "restingTemperature", "baths",
      ])
    let baths = try #require(description["baths"] as? [[String: Any]])
    #expect(
      baths.map { Set($0.keys) } == [
        ["name", "site", "kind", "temperature", "ring", "count", "sharpness", "range"],
        ["name", "site", "kind", "temperature"],
      ])
  }

  @Test("the range is where the force on the ring is half way down", arguments: [0.3, 2, 80])
  func range(sharpness: Double) throws {
    var bath = Self.particles
    bath.sharpness = sharpness
    func range() throws -> Double {
      try #require(try Self.description(Self.scene(Self.model(left: .init(bath)))).baths[0].range)
    }
    func force(_ x: Double) -> Double { exp(sharpness * (cos(2 * Double.pi * x / 25) - 1)) }
    #expect(abs(force(try range()) - (force(0) + force(12.5)) / 2) < 1e-12)
    bath.sharpness = 0
    #expect(abs(try range() - 6.25) < 1e-12)
  }

  @Test("what a run refuses is refused, in the same words")
  func refused() throws {
    let model = try Self.model()
    let coarse = RunSettings(timeStep: 1)
    let refusal = #expect(throws: Refusal.self) { try Self.scene(model, coarse) }
    let settings = TrajectorySettings(timeStep: 1, burnIn: 1, duration: 1)
    #expect(refusal == TrajectorySolver(settings).refusals(of: model).first)
    let quantum = try Experiment(
      yaml: """
        medium: {kind: quantumBox, length: 1.0, levels: 8}
        baths:
          left: {kind: lindblad, temperature: 40.0, coupling: maxwell}
          right: {kind: lindblad, temperature: 4.0, coupling: maxwell}
        """, file: "f.yaml")
    let nothing = #expect(throws: Refusal.self) { try Scene(quantum.points()[0], run: quantum.run) }
    #expect(nothing?.reason.hasPrefix("a quantum box is computed exactly") == true)
  }

  @Test("a motion that leaves the reasonable says why")
  func blowUp() throws {
    let model = try Self.model(
      sites: 2,
      left: .init(ParticleBath(temperature: 0.01, friction: 0.001, coupling: 2000)),
      right: .init(LangevinBath(temperature: 1, friction: 1)))
    let scene = try Self.scene(model, RunSettings(timeStep: 1))
    let error = #expect(throws: TrajectoryError.self) { for _ in 0..<1000 { _ = try scene.advance(by: 1000) } }
    #expect(error.map { "\($0)" }?.contains("time step 1.0 is too long") == true)
  }
}

@Suite("A particle between walls in motion")
struct BoxSceneTests {
  private static func model(_ left: WallBath, _ right: WallBath) throws -> BoxModel {
    try Model(
      medium: Box(length: 2, mass: 0.5),
      attachments: [.init(name: "left", site: 1, bath: left), .init(name: "right", site: 2, bath: right)])
  }

  private static func scene(_ model: BoxModel) throws -> Scene {
    try Scene(point(AnyModel(model)), run: RunSettings(seed: 9))
  }

  private static func frame(_ scene: Scene, after time: Double) throws -> BoxFrame {
    guard case .box(let frame) = try scene.advance(by: time) else {
      throw Refusal(.simulation, "a box shows frames of a box")
    }
    return frame
  }

  @Test(
    "it makes the flights of the first replica of a run, and the books close",
    arguments: [
      WallBath(MaxwellBath(temperature: 1)),
      .init(MetropolisBath(temperature: 0.2, proposal: .energy, moves: 3)),
    ])
  func sameFlights(right: WallBath) throws {
    let model = try Self.model(.init(MaxwellBath(temperature: 4)), right)
    let scene = try Self.scene(model)
    let start = try Self.frame(scene, after: 0)
    var flights = start.flights
    #expect(flights.count == 1 && flights[0].start <= 0 && start.heat == [0, 0] && start.time == 0)
    var last = start
    while last.time < 400 {
      last = try Self.frame(scene, after: min(0.7, 400 - last.time))
      flights += last.flights
      #expect(abs(last.energy - start.energy - last.heat[0] - last.heat[1]) < 1e-9)
      #expect(abs(last.energy - 0.25 * last.velocity * last.velocity) < 1e-12 * last.energy)
      let flight = try #require(flights.last)
      let way = (last.time - flight.start) * flight.speed
      #expect(abs(last.position - (flight.wall == "left" ? way : 2 - way)) < 1e-9 && way < 2 + 1e-9)
    }
    for (flight, next) in zip(flights, flights.dropFirst()) {
      #expect(abs(next.start - flight.start - 2 / flight.speed) < 1e-9 && next.wall != flight.wall)
    }
    let run = FlightGroup(model, seed: 9, firstReplica: 0)
    run.fly(until: 400)
    let sums = run.closeWindow(at: 400)
    #expect(last.energy == run.energy(of: 0) && last.velocity == run.velocity(of: 0))
    #expect(abs(last.position - run.position(of: 0)) < 1e-9)
    #expect(abs(last.heat[0] - sums[0][0]) < 1e-9 && abs(last.heat[1] - sums[1][0]) < 1e-9)
    #expect(Double(flights.count - 1) == sums[4][0] + sums[5][0] && flights.count > 100)
    #expect(last.energy != FlightGroup(model, seed: 10, firstReplica: 0).energy(of: 0))
  }

  @Test("a frame does a bounded piece of work and the next one goes on")
  func bounded() throws {
    let scene = try Self.scene(
      Self.model(.init(MaxwellBath(temperature: 4)), .init(MaxwellBath(temperature: 1))))
    let first = try Self.frame(scene, after: 1e12)
    let second = try Self.frame(scene, after: 1e12)
    #expect(first.time > 0 && first.time < second.time && second.time < 1e12)
    #expect(first.flights.count == 50 && second.flights.count == 50)
    let (end, begin) = (try #require(first.flights.last), second.flights[0])
    #expect(abs(begin.start - end.start - 2 / end.speed) < 1e-9)
  }

  @Test("its line has what the page reads")
  func json() throws {
    let scene = try Self.scene(
      Self.model(.init(MaxwellBath(temperature: 4)), .init(MaxwellBath(temperature: 1))))
    let frame = try OrderedJSON.text(of: scene.advance(by: 3), onOneLine: true)
    let tree = try #require(try JSONSerialization.jsonObject(with: Data(frame.utf8)) as? [String: Any])
    #expect(Set(tree.keys) == ["time", "flights", "position", "velocity", "energy", "heat"])
    let flight = try #require((tree["flights"] as? [[String: Any]])?.first)
    #expect(Set(flight.keys) == ["start", "wall", "speed"])
    let head = try OrderedJSON.text(of: scene.description, onOneLine: true)
    let description = try #require(try JSONSerialization.jsonObject(with: Data(head.utf8)) as? [String: Any])
    #expect(Set(description.keys) == ["kind", "picture", "naturalSpeed", "length", "mass", "baths"])
    #expect((description["baths"] as? [[String: Any]])?.map { $0["kind"] as? String } == ["maxwell", "maxwell"])
  }

  @Test("a particle that stays at a wall is not shown", arguments: [4.0, 0])
  func still(temperature: Double) throws {
    let model = try Self.model(.init(MaxwellBath(temperature: temperature)), .init(MaxwellBath(temperature: 0)))
    let refusal = #expect(throws: Refusal.self) { try Self.scene(model) }
    #expect(refusal?.reason.contains("nothing moves") == true)
    let stopping = try Self.model(
      .init(MetropolisBath(temperature: 0, proposal: .energy)),
      .init(MetropolisBath(temperature: 0, proposal: .energy)))
    #expect(throws: Refusal.self) { try Self.scene(stopping) }
  }
}

/// The only point of an experiment on a model.
private func point(_ model: AnyModel) throws -> ExperimentPoint {
  try Experiment(medium: model.medium, contacts: model.attachments.map { Contact($0.name, $0.bath) }).points()[0]
}

@Suite("Which media can be watched")
struct SceneMediaTests {
  @Test("what is sampled and drawn moves; of others it is said why not")
  func media() throws {
    for medium in Catalogue.media {
      let bath = try #require(Catalogue.baths(touching: medium).last)
      // Reservoirs that only follow others have nobody to follow.
      let other: any Bath.Type = bath == SelfConsistentBath.self ? LangevinBath.self : bath
      let experiment = try Experiment(
        medium: AnyMedium(medium.example),
        contacts: [Contact("left", AnyBath(bath.example)), Contact("right", AnyBath(other.example))])
      if medium.isSampled, let picture = medium.picture {
        let scene = try Scene(experiment.points()[0], run: RunSettings(seed: 1))
        let told = try OrderedJSON.text(of: scene.description)
        #expect(told.contains("\"\(picture.rawValue)\""))
      } else {
        let refusal = #expect(throws: Refusal.self) { try Scene(experiment.points()[0], run: RunSettings(seed: 1)) }
        // Of what is simulated it is not said that nothing moves.
        #expect(refusal?.reason.contains("computed exactly") == !medium.isSampled)
      }
    }
  }
}
