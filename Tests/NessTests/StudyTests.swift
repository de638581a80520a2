import Foundation
import Ness
import NessTestSupport
import Testing

@Suite("Studies as other programs use them")
struct StudyTests {
  /// A harmonic chain between Langevin baths.
  static let chain: Tree = [
    "medium": ["kind": "chain", "sites": 4, "pinning": 1.0],
    "baths": [
      "left": ["kind": "langevin", "temperature": 2.0, "friction": 1.0],
      "right": ["kind": "langevin", "temperature": 1.0, "friction": 1.0],
    ],
    "run": ["duration": 200.0, "replicas": 16],
  ]

  @Test("an experiment in Swift is the experiment of a file with the same keys")
  func tree() throws {
    let study = try Study(Self.chain)
    let text = """
      medium: {kind: chain, sites: 4, pinning: 1}
      baths:
        left: {kind: langevin, temperature: 2, friction: 1}
        right: {kind: langevin, temperature: 1, friction: 1}
      run: {duration: 200, replicas: 16}
      """
    #expect(try study.yaml == Study(yaml: text).yaml)
    #expect(try Study(yaml: study.yaml).yaml == study.yaml)
  }

  @Test("every example: what it says of itself is the same study, and theory answers")
  func examples() throws {
    let files = try exampleFiles()
    #expect(files.count > 5)
    for file in files {
      let study = try Study(file: file)
      #expect(try Study(yaml: study.yaml).yaml == study.yaml, "\(file)")
      #expect(study.parameters.contains { $0.path.hasSuffix(".temperature") && $0.value != nil })
    }
    let results = try Study(file: #require(files.first { $0.hasSuffix("rieder-lebowitz-lieb.yaml") })).theory()
    let current = try #require(results.points.first?.value(of: "heatCurrent", by: "markov"))
    #expect(abs(current.value - 0.190983) < 1e-6 && current.uncertainty < 1e-9 && !current.isSampled)
    #expect(current.validity == .exact)
    let profile = try #require(results.points.first?.array(of: "kineticTemperature", by: "markov"))
    #expect(profile.axes.map(\.name) == ["site"] && profile.axes[0].places.count == profile.values.count)
    #expect(profile.values.first == results.points.first?.value(of: "kineticTemperature[1]", by: "markov"))
  }

  @Test("a preview tells what a run will do, and a run finishes what it counted")
  func preview() throws {
    let directory = try TemporaryDirectory()
    var study = try Study(Self.chain)
    try study.set([("run.duration", 20)])
    let before = try study.preview(store: directory.path, threads: 1)
    #expect(before.points == 1 && before.simulated == 1 && before.finished == 0)
    #expect(before.theories.first?.method == "markov" && before.theories.first?.claim.hasPrefix("exact") == true)
    #expect(try #require(before.seconds) > 0)
    let results = try study.run(RunOptions(store: directory.path, threads: 1))
    #expect(results.points.count == 1)
    let after = try study.preview(store: directory.path, threads: 1)
    #expect(after.finished == 1 && after.seconds == 0)
    #expect(try after.notes.isEmpty && after.json().contains("\"finished\": 1"))
  }

  @Test("every fault at once, with its key; a wrong name with the right one")
  func faults() throws {
    let wrong: Tree = [
      "medium": ["kind": "chain", "sites": 0, "pinning": 1.0],
      "baths": ["left": ["kind": "langevin", "temperature": -2.0, "friction": 1.0]],
    ]
    let failure = try #require(throws: Failure.self) { try Study(wrong) }
    #expect(failure.kind == .unusable)
    #expect(Set(failure.faults.map(\.key)).isSuperset(of: ["medium.sites", "baths.left.temperature"]))
    var study = try Study(Self.chain)
    let before = study.yaml
    let unknown = try #require(throws: Failure.self) { try study.set("medium.site", to: 3) }
    #expect(unknown.description.contains("medium.sites"))
    #expect(throws: Failure.self) { try study.set("medium.sites", to: 2.5) }
    #expect(throws: Failure.self) { try study.set("baths.left.temperature", to: -1) }
    #expect(throws: Failure.self) { try study.sweep("baths.middle.temperature", over: [1, 2]) }
    #expect(study.yaml == before)
    let method = try #require(throws: Failure.self) { try study.theory(by: ["markow"]) }
    #expect(method.description.contains("markov"))
  }

  @Test("a parameter that is set or swept is the one that is answered")
  func changes() throws {
    var study = try Study(Self.chain)
    try study.set("baths.right.temperature", to: 2)
    let balanced = try #require(try study.theory(by: ["markov"]).points.first?.value(of: "heatCurrent", by: "markov"))
    #expect(abs(balanced.value) <= balanced.uncertainty)
    try study.sweep("baths.left.temperature", from: 3, to: 5, points: 3)
    let currents = try study.theory(by: ["markov"]).values(of: "heatCurrent", by: "markov").compactMap { $0 }
    #expect(currents.count == 3)
    // Linear: the current is proportional to the difference of the temperatures.
    for (current, difference) in zip(currents, [1.0, 2, 3]) {
      #expect(abs(current.value - difference * currents[0].value) < 1e-9 * current.value)
    }
    #expect(study.parameters.first { $0.path == "medium.sites" }?.value == 4)
  }

  @Test("a run agrees with theory, is looked at, and is found again in its store with the same bytes")
  func run() throws {
    let folder = try TemporaryDirectory()
    var study = try Study(Self.chain)
    try study.set("run.seed", to: 3)
    #expect(throws: Failure.self) { try study.set("run.seed", to: 0.5) }
    #expect(throws: Failure.self) { try study.set("run.targetError", to: 2) }
    let looks = LookCount(.max)
    let options = RunOptions(store: "\(folder.path)/store", threads: 2)
    let first = try study.run(
      options, watch: Watch(onLook: { _, point in if !point.values.isEmpty { _ = looks.isOver() } }))
    let (sampled, exact) = (
      try #require(first.points[0].value(of: "heatCurrent", by: "simulation")),
      try #require(first.points[0].value(of: "heatCurrent", by: "markov"))
    )
    #expect(sampled.validity == .sampled && !sampled.claim.isEmpty)
    let z = try #require(sampled.z(against: exact))
    #expect(abs(z) <= acceptedZScore)
    // A control: the theory of a hotter bath is seen to be another one.
    var hotter = study
    try hotter.set("baths.left.temperature", to: 3)
    let other = try #require(try hotter.theory(by: ["markov"]).points[0].value(of: "heatCurrent", by: "markov"))
    #expect(abs(try #require(sampled.z(against: other))) > acceptedZScore)
    let again = try study.run(options, watch: Watch(onLook: { _, _ in Issue.record("it was computed again") }))
    #expect(try first.json() == again.json())
    #expect(try study.kept(in: "\(folder.path)/store").points[0].value(of: "heatCurrent", by: "simulation") == sampled)
    #expect(first.csv().contains("heatCurrent"))
  }

  @Test("a verdict on a formula as printed is told if the formula was asked for")
  func printedVerdicts() throws {
    let study = try Study(file: #require(exampleFiles().first { $0.hasSuffix("hot-particles.yaml") }))
    let methods = try [nil, ["memory"], ["memory", "printed"]].map { asked in
      Set(try study.theory(of: ["heatCurrent"], by: asked).verdicts.map(\.method))
    }
    #expect(methods[0].contains("memory") && !methods[0].contains("printed"))
    #expect(methods[1] == ["memory"] && methods[2] == ["memory", "printed"])
  }

  @Test("a run that is stopped keeps what was measured, or says that there is nothing")
  func stopped() throws {
    var long = Self.chain
    if case .map(var keys) = long {
      keys.removeAll { $0.name == "run" }
      keys.append(.init("run", ["duration": 1e9]))
      long = .map(keys)
    }
    let study = try Study(long)
    let failure = try #require(throws: Failure.self) { try study.run(watch: Watch(shouldStop: { true })) }
    #expect(failure.kind == .interrupted)
    let looked = LookCount(.max)
    let results = try study.run(
      RunOptions(threads: 1), watch: Watch(onLook: { _, _ in _ = looked.isOver() }, shouldStop: { looked.looks > 1 }))
    #expect(results.isInterrupted)
    #expect(results.points.first?.value(of: "heatCurrent", by: "simulation") != nil)
  }

  @Test("where one point fails, or the time ends, the others are there and the reason names the point")
  func partial() throws {
    var study = try Study(Self.chain)
    try study.set([("run.duration", 10), ("run.replicas", 1), ("run.burnIn", 0), ("medium.sites", 2)])
    // A light chain has time for an error bar, a heavy one has not.
    try study.sweep("medium.mass", over: [1, 1e-4])
    let failure = try #require(throws: Failure.self) { try study.run() }
    let results = try #require(failure.results)
    #expect(failure.kind == .failed && failure.description.hasPrefix("medium.mass = 1: "))
    #expect(results.failures.count == 1 && results.points.count == 2 && !results.isEmpty && !results.isInterrupted)
    let currents = results.values(of: "heatCurrent", by: "simulation")
    #expect(currents[0] == nil && currents[1] != nil)
    // Theory stands beside both.
    #expect(results.values(of: "heatCurrent", by: "markov").allSatisfy { $0 != nil })
    try study.set("medium.sites", to: 3)
    let late = try #require(throws: Failure.self) { try study.run(RunOptions(timeLimit: 1e-9)) }
    #expect(late.kind == .failed && late.results?.failures.count == 2)
  }

  @Test("the bias of the step is measured where that is asked for, and the run is the same")
  func stepCheck() throws {
    let study = try Study(Self.chain)
    let (plain, checked) = (try study.run(), try study.run(RunOptions(checksStep: true)))
    #expect(checked.points[0].notes.contains { $0.hasPrefix("step check: J = ") })
    #expect(!plain.points[0].notes.contains { $0.hasPrefix("step check") })
    #expect(plain.points[0].values == checked.points[0].values)
  }

  @Test("a store that cannot be opened is refused before any work")
  func noStore() throws {
    let folder = try TemporaryDirectory()
    let file = "\(folder.path)/file"
    try Data().write(to: URL(filePath: file))
    let failure = try #require(throws: Failure.self) { try Study(Self.chain).run(RunOptions(store: file)) }
    #expect(failure.kind == .unusable && failure.results == nil && failure.description.contains(file))
  }

  @Test("figures are drawn where they belong; one that the study does not allow is refused with those that it does")
  func figures() throws {
    let folder = try TemporaryDirectory()
    var study = try Study(Self.chain)
    try study.sweep("baths.left.temperature", over: [2, 3, 4])
    let drawn = try study.plot(["heatCurrent"], into: "\(folder.path)/figures")
    #expect(drawn.map(\.name) == ["heatCurrent"])
    for file in drawn.flatMap(\.files) { #expect(FileManager.default.fileExists(atPath: file), "\(file)") }
    let failure = try #require(throws: Failure.self) { try study.plot(["populations"], into: "\(folder.path)/figures") }
    #expect(failure.kind == .unusable)
  }
}
