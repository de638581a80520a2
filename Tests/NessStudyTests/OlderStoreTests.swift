import Foundation
import NessFiles
import NessModel
import NessStore
import NessStudy
import NessStudyTestSupport
import NessTestSupport
import Testing

/// Stores that older versions of Ness have written: what is used again, what is shown as older, and that what is used again
/// is what would be computed.
///
/// A failure here after a change of an engine means that its numbers have changed: raise its version (`EngineVersion`).
@Suite struct OlderStoreTests {
  private static let files = ["box", "chain", "metropolis", "particles", "walls"]

  /// A store of before, and what it warns of but for states that are given up.
  private func open(_ directory: TemporaryDirectory) throws -> ResultStore {
    let provenance = Provenance(ness: "test", engine: EngineVersion.all.text, machine: "test", command: "test")
    return try ResultStore(directory: directory.path, provenance: provenance) { text in
      // The directory stays as long as the store.
      withExtendedLifetime(directory) {
        if !text.contains("of unfinished work by an older Ness") { Issue.record("\(text)") }
      }
    }
  }

  private func experiment(_ name: String, in directory: TemporaryDirectory) throws -> Experiment {
    try Experiment(contentsOfFile: "\(directory.path)/\(name).yaml")
  }

  /// Which files of a store give the same as when they are computed now, without computing them.
  private func reused(in directory: TemporaryDirectory) throws -> [String] {
    let store = try open(directory)
    return try Self.files.filter { name in
      let study = Study(try experiment(name, in: directory), threads: 2)
      let before = try store.results()
      let found = try study.run(in: Sample.runContext(store)).document
      let isReused = try store.results() == before
      if isReused {
        #expect(found.points.allSatisfy { $0.run != nil })
        let fresh = try study.run(in: Sample.runContext(nil)).document
        expectSame(found, fresh, "\(name): an engine gives other numbers, and its version is the same")
      }
      return isReused
    }
  }

  /// Words may change; numbers may not, but for what the kernels of linear algebra that a processor has do in the last digits: version 0.1
  /// left them to OpenBLAS.
  private func expectSame(_ one: ResultDocument, _ other: ResultDocument, _ words: String) {
    #expect(one.points.map(\.parameters) == other.points.map(\.parameters), "\(words)")
    for (point, same) in zip(one.points, other.points) {
      let (members, others) = (point.members, same.members)
      #expect(members.map(\.quantity) == others.map(\.quantity) && members.map(\.method) == others.map(\.method))
      for (first, second) in zip(members, others) {
        let (known, found) = (first.estimate, second.estimate)
        let digits = 1e-8 * (abs(known.value) + known.error)
        #expect(
          abs(known.value - found.value) <= digits && abs(known.error - found.error) <= digits,
          "\(words): \(first.quantity) \(known) \(found)")
        #expect((first.budget == nil) == (second.budget == nil), "\(words): \(first.quantity)")
      }
    }
  }

  /// What version 5 has computed is used again.
  @Test func engineFive() throws {
    let directory = try TemporaryDirectory(copyOfReference: "store-engine5")
    #expect(try reused(in: directory) == Self.files)
  }

  /// Of version 4, boxes of unit mass whose walls draw once. (Where the search for a maximum goes is not the engine's.)
  @Test func engineFour() throws {
    let directory = try TemporaryDirectory(copyOfReference: "store-engine4")
    #expect(try reused(in: directory) == ["box", "walls"])
  }

  /// Names that version 0.1 gave the points of the example files, and of a file with every other parameter: today's keys
  /// know them.
  @Test func formerNames() throws {
    let folder = String(#filePath.dropLast("NessStudyTests/OlderStoreTests.swift".count)) + "Reference/"
    let known = try String(contentsOfFile: folder + "former-names.txt", encoding: .utf8).split(separator: "\n")
    let files = try Dictionary(uniqueKeysWithValues: exampleFiles().map { (URL(filePath: $0).lastPathComponent, $0) })
    #expect(known.count == 31)
    for line in known {
      let words = line.split(separator: " ")
      // An example that is gone has no keys.
      guard let file = files[String(words[2])], let index = Int(words[1]) else { continue }
      check(try Experiment(contentsOfFile: file), index, String(words[0]))
    }
    let text = """
      medium: {kind: chain, sites: 5, pinning: {left: 0.5, right: 2.0}, mass: 2.0, quartic: 0.3}
      baths:
        left: {kind: particles, temperature: 2.0, friction: 0.3, coupling: 0.1, sharpness: 3.0, ring: 20.0}
        probe_1: {kind: langevin, site: 3, temperature: 1.5, friction: 0.2}
        right: {kind: particles, temperature: 1.0, friction: 0.5, coupling: 0.2, count: 12, strength: 1.5}
      run: {seed: 9, replicas: 32, duration: 10.0, burnIn: 0.0, timeStep: 0.02, noise: gaussian}
      """
    // Today the heats of three baths are those of another engine, so the name is one of an older result.
    let three = try Experiment(yaml: text, file: "three.yaml")
    let key = Study(three, threads: 1).key(of: three.points()[0])
    let line = "engine.innovations=\(EngineVersion.innovations.number)\n"
    #expect(key.description.contains(line))
    let before = CacheKey(text: key.description.replacingOccurrences(of: line, with: ""))
    #expect(key.formerNames["ec953aa01808e3ed3803095a798927e9"] == before.digest && before.digest != key.digest)
  }

  /// Heats of several particle baths, or of more than two baths, that were computed when the innovations of one heat at most
  /// were followed are of an older engine; those between one bath of particles and another bath are not.
  @Test func heatsOfSeveralBaths() throws {
    let directory = try TemporaryDirectory()
    let store = try open(directory)
    func keys(_ others: String) throws -> (now: CacheKey, before: CacheKey) {
      let text = """
        medium: {kind: chain, sites: 5, pinning: 1.0}
        baths:
          left: {kind: particles, temperature: 2.0, friction: 0.3, coupling: 0.1}
        \(others)
        """
      let experiment = try Experiment(yaml: text, file: "several.yaml")
      let key = Study(experiment, threads: 1).key(of: experiment.points()[0])
      let lines = key.description.split(separator: "\n").filter { !$0.hasPrefix("engine.innovations") }
      return (key, CacheKey(text: lines.map { "\($0)\n" }.joined()))
    }
    let cold = "  right: {kind: langevin, temperature: 1.0, friction: 0.5}"
    let hot = "  right: {kind: particles, temperature: 1.0, friction: 0.5, coupling: 0.2}"
    let middle = "  middle: {kind: langevin, site: 3, temperature: 1.5, friction: 0.2}"
    let summary = ResultSummary(
      title: "", quantity: "", parameters: [], estimate: nil, stopReason: nil, started: Date(), seconds: 0)
    for (others, isSeveral) in [(cold, false), (hot, true), (middle + "\n" + cold, true)] {
      let (now, before) = try keys(others)
      #expect((now != before) == isSeveral)
      for key in [now, before] {
        try store.save(PointResult(parameters: [], answers: [], run: nil), for: key, summary: summary, family: nil)
        let kept = try #require(try store.results().first { $0.digest == key.digest })
        #expect(kept.isOlder == (key != now), "\(kept.enginesInWords)")
        if key != now { #expect(kept.enginesInWords == "trajectory 5, innovations 0 (older)") }
      }
    }
  }

  /// Heats of networks whose baths redraw momenta, have a memory or are active that were computed when nothing of them was followed
  /// are of an older engine; others, and transients, are not.
  @Test(arguments: [
    ("kind: andersen, temperature: 1.0", "", true),
    ("kind: active, friction: 1.0, amplitude: 1.0, correlationTime: 1.0", "", true),
    ("kind: langevin, temperature: 1.0, friction: 0.5", "", false),
    ("kind: andersen, temperature: 1.0", "transient: {duration: 2.0, every: 0.5, temperature: 0.2}", false),
  ]) func heatsOfBathsOfNetworks(bath: String, transient: String, isNew: Bool) throws {
    let directory = try TemporaryDirectory()
    let store = try open(directory)
    let text = """
      medium: {kind: network, lattice: {chain: 3}, bond: "r^2/2", site: "q^2/2"}
      baths:
        left: {kind: langevin, temperature: 2.0, friction: 1.0}
        right: {\(bath)}
      \(transient)
      """
    let experiment = try Experiment(yaml: text, file: "baths.yaml")
    let now = Study(experiment, threads: 1).key(of: experiment.points()[0])
    // A bath with a force of its own has another engine besides.
    let lines = now.description.split(separator: "\n").filter {
      !$0.hasPrefix("engine.bath-innovations") && !$0.hasPrefix("engine.network-start")
    }
    let before = CacheKey(text: lines.map { "\($0)\n" }.joined())
    #expect((now != before) == isNew)
    let summary = ResultSummary(
      title: "", quantity: "", parameters: [], estimate: nil, stopReason: nil, started: Date(), seconds: 0)
    for key in [now, before] {
      try store.save(PointResult(parameters: [], answers: [], run: nil), for: key, summary: summary, family: nil)
      let kept = try #require(try store.results().first { $0.digest == key.digest })
      #expect(kept.isOlder == (key != now), "\(kept.enginesInWords)")
      if key != now { #expect(kept.enginesInWords == "network-trajectory 4, bath-innovations 0 (older)") }
    }
  }

  private func check(_ experiment: Experiment, _ index: Int, _ name: String) {
    let key = Study(experiment, threads: 1).key(of: experiment.points()[index])
    // Of quartic chains between Langevin baths, and of chains that exchange energy slowly, the name is one of an older result.
    let lines = key.description.split(separator: "\n").filter {
      !$0.hasPrefix("engine.quartic-innovations") && !$0.hasPrefix("engine.slow-exchange")
    }
    let before = CacheKey(text: lines.map { "\($0)\n" }.joined())
    #expect(key.formerNames[name] == before.digest, "\(experiment.title ?? "") \(index)")
  }

  /// Unfinished work of an engine that gives other numbers today is not gone on with: it stays, and is said to be older.
  @Test func unfinishedWorkOfAnOlderEngine() throws {
    let directory = try TemporaryDirectory(copyOfReference: "store-engine5")
    let store = try open(directory)
    let study = Study(try experiment("unfinished", in: directory), threads: 1)
    let point = study.experiment.points()[0]
    let before = try #require(store.results(unfinished: true).first)
    #expect(before.isOlder && before.enginesInWords == "trajectory 5, quartic-innovations 0 (older)")
    #expect(before.digest != study.key(of: point).digest)
    #expect(try store.states(ofFamily: study.family(of: point)).isEmpty)
    let looks = CollectedValues<Int>()
    _ = try study.run(
      in: Sample.runContext(store) {
        looks.add(1)
        return looks.values.count > 200
      })
    #expect(try store.results(unfinished: true).contains { $0.digest == before.digest })
  }

  /// Results of older engines are listed, exported and drawn as that, and nothing of today is called older.
  @Test func olderResultsAreShown() throws {
    let directory = try TemporaryDirectory(copyOfReference: "store-engine4")
    let store = try open(directory)
    let results = try store.results()
    let older = results.filter(\.isOlder)
    #expect(
      // Engines of some models had no version then; their results are of version 0 of them.
      Set(older.map { $0.engines.filter { $0.number > 0 }.text }) == ["trajectory 4", "kinetic 4", "lindblad 4"]
        && Set(results.filter { !$0.isOlder }.map(\.engines.text)) == ["kinetic 5", "lindblad 5"])
    #expect(older.allSatisfy { $0.enginesInWords.hasSuffix(" (older)") })
    let chain = try StoredStudy(of: experiment("chain", in: directory), in: store)
    let document = try chain.document(threads: 1)
    #expect(document.points.allSatisfy { $0.run != nil && $0.olderVersion == "Ness 0.1.0, engine trajectory 4" })
    let box = try StoredStudy(of: experiment("box", in: directory), in: store).document(threads: 1)
    // Points that this version would not ask for are shown too.
    let kept = results.filter { $0.summary.title == "A box between thermal walls" }.map {
      $0.summary.parameters[0].value
    }
    let simulated = box.points.filter { $0.run != nil }
    #expect(simulated.map { $0.parameters[0].value } == kept.sorted() && kept.count == 7)
    #expect(box.points.allSatisfy { $0.olderVersion == nil })
    let details = try results.filter(\.isFinished).map { try store.detail(of: $0) }
    let export = try ResultExport(details, from: store.path)
    #expect(export.count == details.count)
    let lines = export.csv().split(separator: "\r\n").flatMap { $0.split(separator: "\n") }
    #expect(lines.first?.hasSuffix(",title,id,engines") == true)
    for result in results where result.isFinished {
      #expect(lines.contains { $0.hasSuffix("\(result.digest),\(result.engines.text)") })
    }
  }
}
