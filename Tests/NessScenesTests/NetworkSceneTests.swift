import Foundation
import NessFiles
import NessModel
import NessScenes
import NessStatistics
import NessTestSupport
import NessTrajectory
import Testing

@Suite("A network in motion")
struct NetworkSceneTests {
  private static let text = """
    medium:
      kind: network
      lattice: {square: [3, 2]}
      mass: [1.0, 2.0, 1.0, 0.5, 1.0, 1.5]
      bond: "r^2/2"
      site: "q^2/2 + lambda*q^4/4"
      parameters: {lambda: 0.7}
    baths:
      hot: {kind: langevin, site: 1, temperature: 3.0, friction: 1.0}
      gate: {kind: particles, site: 5, temperature: 20.0, friction: 0.1, coupling: 0.2}
      cold: {kind: langevin, site: 6, temperature: 1.0, friction: 0.5}
    """

  private static func point() throws -> ExperimentPoint { try Experiment(yaml: text, file: "f.yaml").points()[0] }

  private static func frame(_ scene: Scene, after time: Double) throws -> NetworkFrame {
    guard case .network(let frame) = try scene.advance(by: time) else {
      throw Refusal(.simulation, "a network shows frames of a network")
    }
    return frame
  }

  @Test("it makes the steps of the first replica of a run, whatever the times asked for")
  func sameSteps() throws {
    let point = try Self.point()
    let bathed = BathedNetwork(try #require(point.model.network))
    let scales = NetworkScales(bathed)
    let scene = try Scene(point, run: RunSettings(seed: 4))
    guard case .network(let description) = scene.description else { throw Refusal(.simulation, "no network") }
    let timeStep = description.timeStep
    #expect(timeStep == scales.timeStep(tolerance: 0.002, noise: .matched).timeStep)
    // How often a run reads its books makes no difference to its motion.
    let dynamics = NetworkDynamics(bathed, timeStep: timeStep, rate: scales.readingRate)
    let runs = [4, 5].map { NetworkMotion(dynamics, seed: $0, firstReplica: 0) }
    for run in runs { run.draw(velocityVariances: scales.velocityVariances) }
    for time in [0, 0.037, 1.3, 0.4 * timeStep, 0.7 * timeStep, 4.1] {
      let frame = try Self.frame(scene, after: time)
      let steps = Int((frame.time / timeStep).rounded())
      for run in runs { run.advance(steps: steps - run.step) }
      #expect(frame.displacement == (0..<6).map { runs[0].displacement[$0][0] })
      #expect(steps == 0 || frame.displacement != (0..<6).map { runs[1].displacement[$0][0] })
    }
    #expect(runs[0].step > 100)
  }

  @Test("its temperatures are those of equal baths")
  func temperature() throws {
    let equal = Self.text.replacing("3.0, friction", with: "2.0, friction").replacing(
      "1.0, friction: 0.5", with: "2.0, friction: 0.5"
    )
    .replacing("20.0", with: "2.0")
    let scene = try Scene(Experiment(yaml: equal, file: "f.yaml").points()[0], run: RunSettings(seed: 3))
    _ = try Self.frame(scene, after: 50)
    // Far enough apart that the recent means know nothing of one another.
    let means = try (0..<64).map { _ in
      var frame = try Self.frame(scene, after: 0)
      let end = frame.time + 150
      while frame.time < end { frame = try Self.frame(scene, after: end - frame.time + 1) }
      return frame.temperature.reduce(0, +) / 6
    }
    let estimate = try BlockedMean(of: ReplicaSeries(replicas: 64, batches: 1, values: means)).estimate
    #expect(abs(estimate.zScore(againstExact: 2)) < acceptedZScore)
    #expect(abs(estimate.zScore(againstExact: 2.2)) > acceptedZScore)
  }

  @Test("its lines have what the page reads, a place for every site and the books of every bath")
  func json() throws {
    let scene = try Scene(Self.point(), run: RunSettings(seed: 4))
    let head = try OrderedJSON.text(of: scene.description, onOneLine: true)
    let description = try #require(try JSONSerialization.jsonObject(with: Data(head.utf8)) as? [String: Any])
    #expect(
      Set(description.keys) == ["kind", "picture", "sites", "timeStep", "naturalSpeed", "places", "bonds", "baths"])
    let places = try #require(description["places"] as? [[Double]])
    #expect(places.count == 6 && Set(places).count == 6 && places.allSatisfy { $0.count == 2 })
    #expect((description["bonds"] as? [[Int]])?.count == 7)
    #expect((description["baths"] as? [[String: Any]])?.map { $0["site"] as? Int } == [1, 5, 6])
    let line = try OrderedJSON.text(of: scene.advance(by: 3), onOneLine: true)
    let tree = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    #expect(Set(tree.keys) == ["time", "displacement", "temperature", "heat"])
    #expect((tree["heat"] as? [Double])?.allSatisfy { $0 != 0 } == true)
  }

  @Test("one that is too large to be drawn, or cannot be simulated, is refused with the reason")
  func refused() throws {
    for (lattice, reason) in [("{square: [30, 30]}", "no room in a picture"), ("{square: [3, 2]}", "unstable")] {
      let text = Self.text.replacing("{square: [3, 2]}", with: lattice)
        .replacing("mass: [1.0, 2.0, 1.0, 0.5, 1.0, 1.5]", with: "mass: 1.0")
      let refusal = try #expect(throws: Refusal.self) {
        try Scene(Experiment(yaml: text, file: "f.yaml").points()[0], run: RunSettings(timeStep: 1))
      }
      #expect(refusal?.reason.contains(reason) == true, "\(refusal?.reason ?? "")")
    }
  }
}
