import Foundation
import Ness
import NessTestSupport
import Testing

@Suite("Devices as other programs use them")
struct DeviceTests {
  private static func text(_ more: String = "") -> String {
    """
    medium: {kind: chain, sites: 3, pinning: {left: 1.0, right: 0.5}}
    baths:
      left: {kind: particles, temperature: 8.0, friction: 0.1, coupling: 0.2}
      right: {kind: langevin, temperature: 2.0, friction: 1.0}
    run: {seed: 5, duration: 20.0, burnIn: 20.0, timeStep: 0.02, replicas: 8}
    \(more)
    """
  }

  @Test(
    "a file that names a device is answered as before, and then as that device; its points have the names that they had"
  )
  func named() throws {
    let (plain, named) = try (Study(yaml: Self.text()), Study(yaml: Self.text("device: {kind: diode}")))
    let theory = try named.theory()
    let device = try #require(theory.device)
    #expect(device.verdicts.allSatisfy { $0.sigmas == nil } && device.verdicts.contains { $0.isSeen == true })
    #expect(try theory.points.map(\.values) == plain.theory().points.map(\.values) && plain.theory().device == nil)
    // What is asked by name is answered alone.
    #expect(try named.theory(by: ["memory"]).device == nil && named.theory(of: ["kineticTemperature"]).device == nil)
    let folder = try TemporaryDirectory()
    let options = RunOptions(store: folder.path, threads: 1)
    let results = try named.run(options)
    #expect(try plain.preview(store: folder.path, threads: 1).finished == 1)
    let other = try plain.diode(options)
    let found = try #require(results.device)
    #expect(try found.json() == other.json())
    let verdict = try #require(found.verdicts.first { $0.method == "simulation" })
    #expect(try #require(verdict.sigmas) >= 0 && verdict.uncertainty ?? 0 > 0)
    let tree = try #require(try JSONSerialization.jsonObject(with: Data(results.json().utf8)) as? [String: Any])
    let told = try #require(tree["device"] as? [String: Any])
    let whole = try #require(try JSONSerialization.jsonObject(with: Data(found.json().utf8)) as? [String: Any])
    #expect(NSDictionary(dictionary: told) == NSDictionary(dictionary: whole))
    #expect(tree.removingDevice == (try plain.run(options).json().tree))
  }

  /// However fast the machine is.
  @Test("a time limit that leaves something of the points is no failure for the sake of the device")
  func timeLimit() throws {
    let text = Self.text("device: {kind: diode}").replacing("duration: 20.0", with: "targetError: 1e-5")
    let study = try Study(yaml: text)
    let folder = try TemporaryDirectory()
    let begin = ContinuousClock.now
    do throws(Failure) {
      let results = try study.run(RunOptions(store: folder.path, threads: 1, timeLimit: 0.6))
      #expect(results.points[0].value(of: "heatCurrent", by: "simulation") != nil)
      // Where the points took it all nothing is left for the device, theory neither.
      let isOutOfTime = ContinuousClock.now - begin >= .milliseconds(600)
      let isJudged = results.device?.verdicts.contains { $0.method == "memory" } == true
      #expect(results.isInterrupted || isJudged || isOutOfTime)
    } catch {
      #expect(error.description.contains("time limit"))
      #expect(error.results?.points.allSatisfy { $0.stopReason == nil } != false)
    }
  }

  @Test(
    "a device of a file needs no name; without one, and where the file can be no such device, it is refused before any work"
  )
  func refused() throws {
    let plain = try Study(yaml: Self.text())
    let failure = try #require(throws: Failure.self) { try plain.device() }
    #expect(failure.kind == .unusable && failure.description.contains("device: {kind: ...}"))
    let named = try Study(yaml: Self.text("device: {kind: conductivity}"))
    #expect(try named.theory(threads: 1).device?.notes.contains { $0.contains("sizes from 8") } == true)
    let box = try Study(
      yaml: """
        medium: {kind: box, length: 1.0}
        baths: {left: {kind: maxwell, temperature: 4.0}, right: {kind: maxwell, temperature: 1.0}}
        device: {kind: conductivity}
        """)
    let folder = try TemporaryDirectory()
    let refusal = try #require(throws: Failure.self) {
      try box.run(RunOptions(store: folder.path), watch: Watch(onProgress: { _, _ in Issue.record("there was work") }))
    }
    #expect(refusal.kind == .unusable && refusal.description.contains("number of sites"))
  }
}

extension [String: Any] {
  /// A document without its device.
  fileprivate var removingDevice: NSDictionary { NSDictionary(dictionary: filter { $0.key != "device" }) }
}

extension String {
  /// The tree of a JSON text.
  fileprivate var tree: NSDictionary? {
    (try? JSONSerialization.jsonObject(with: Data(utf8)) as? [String: Any]).map { NSDictionary(dictionary: $0) }
  }
}
