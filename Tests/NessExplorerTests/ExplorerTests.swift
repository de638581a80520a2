import Foundation
import Hummingbird
import NessExplorer
import NessFiles
import NessModel
import NessStore
import Synchronization
import Testing

@Suite("Requests are admitted, or turned away with the reason")
struct RequestTests {
  @Test(
    "Only names of this machine are answered",
    arguments: [
      ("127.0.0.1", "127.0.0.1:8765", true), ("127.0.0.1", "localhost:8765", true), ("127.0.0.1", "[::1]:8765", true),
      ("127.0.0.1", "LOCALHOST", true), ("127.0.0.1", "evil.example:8765", false),
      ("127.0.0.1", "127.0.0.1.evil.example", false),
      ("127.0.0.1", "", false), ("127.0.0.1", "192.168.1.7:8765", false), ("0.0.0.0", "192.168.1.7:8765", true),
      ("0.0.0.0", "evil.example", false), ("::", "[fe80::1]:80", true), ("lab.example", "lab.example:80", true),
      ("0.0.0.0", "bad.de", false), ("0.0.0.0", "abc.de:8765", false), ("0.0.0.0", "fe80::1", false),
      ("0.0.0.0", "[bad::de]", true), ("0.0.0.0", "[bad.de]", false), ("0.0.0.0", "1.2.3", false),
      ("0.0.0.0", "256.1.1.1", false), ("0.0.0.0", "1.2.3.4:", false), ("0.0.0.0", "1.2.3.4:8a", false),
      ("0.0.0.0", "1.2.3.4:70000", false), ("0.0.0.0", "1.2.3.4:1:2", false), ("0.0.0.0", "[::1]x", false),
      ("127.0.0.1", "[0:0:0:0:0:0:0:1]", true), ("::1", "[::1]:1", true), ("0.0.0.0", "1.2.3.4 evil.example", false),
    ])
  func names(host: String, authority: String, isOwn: Bool) {
    #expect(RequestGuard<BasicRequestContext>(host: host).isOwn(authority) == isOwn)
  }

  @Test("An experiment's faults keep their keys; other errors keep their words")
  func faults() throws {
    let error = #expect(throws: ExperimentError.self) {
      try Experiment(yaml: "medium: {kind: chain, sites: -2, pinning: 1}\nbaths: {}", file: "experiment")
    }
    let fault = RequestFault(try #require(error))
    #expect(fault.status == .unprocessableContent)
    #expect(fault.faults.contains { $0.key == "medium.sites" && $0.line == 1 })
    #expect(RequestFault(Refusal(.simulation, "too coarse")).message == "too coarse")
    #expect(RequestFault(CancellationError()).status == .serviceUnavailable)
  }

  @Test("What would take long is refused at its key")
  func bounds() throws {
    func check(_ medium: String, _ sweep: String = "") throws {
      let text = """
        medium: {\(medium)}
        baths:
          left: {kind: lindblad, temperature: 40, coupling: maxwell}
          right: {kind: lindblad, temperature: 4, coupling: maxwell}
        \(sweep)
        """
      try Explorer.check(Experiment(yaml: text, file: "experiment"))
    }
    try check("kind: quantumBox, length: 1, levels: 64")
    func key(_ medium: String, _ sweep: String = "") -> String? {
      let error = #expect(throws: ExperimentError.self) { try check(medium, sweep) }
      return error?.faults.first?.key
    }
    #expect(key("kind: quantumBox, length: 1, levels: 4000") == "medium.levels")
    for (medium, place) in [
      ("chain, sites: 2001, pinning: 1", "medium.sites"), ("chain, sites: 2001, site: q^2", "medium.sites"),
      ("network, lattice: {chain: 2001}", "medium.lattice"), ("network, lattice: {square: [50, 50]}", "medium.lattice"),
    ] {
      let text = "medium: {kind: \(medium)}\nbaths: {left: {kind: langevin, temperature: 1, friction: 1}}\n"
      let large = try Experiment(yaml: text, file: "experiment")
      let error = #expect(throws: ExperimentError.self) { try Explorer.check(large) }
      #expect(error?.faults.map(\.key) == [place])
    }
    #expect(key("kind: quantumBox, length: 1, hbar: 1e-6") == "medium.hbar")
    let long = "sweep: {parameter: baths.right.temperature, from: 1, to: 2, points: 501}"
    #expect(key("kind: quantumBox, length: 1, levels: 4", long) == "sweep")
  }

  @Test("Every secret is another one")
  func tokens() {
    let texts = Set((0..<100).map { _ in AccessToken().text })
    #expect(texts.count == 100 && texts.allSatisfy { $0.count == 64 && $0.allSatisfy(\.isHexDigit) })
  }

  @Test("A worker that cannot be started is told, and its seat is free again")
  func noWorker() async {
    let workshop = Workshop(command: ["/no/worker"], threads: 1)
    for _ in 0..<50 {
      await #expect(throws: (any Error).self) { try await workshop.answer(.studies(search: nil)) { true } }
    }
  }

  @Test("A worker that ends without an answer is told; what nobody waits for is not begun")
  func endedWorker() async {
    let workshop = Workshop(command: ["/usr/bin/env", "true"], threads: 1)
    let fault = await #expect(throws: RequestFault.self) { try await workshop.answer(.studies(search: nil)) { true } }
    #expect(fault?.status == .internalServerError && fault?.message.contains("without an answer") == true)
    await #expect(throws: CancellationError.self) { try await workshop.answer(.studies(search: nil)) { false } }
  }

  @Test("What is quick is answered however long the machine takes over it: work counts, not time")
  func starvedWorkers() async throws {
    // A worker that gets no processor time for longer than quick work may take, at every question.
    let answer = #"printf '{"status":200,"type":"application/json","length":2}\n{}'"#
    let workshop = Workshop(command: ["/bin/sh", "-c", "while read q; do sleep 0.7; \(answer); done"], threads: 1)
    let results = await withTaskGroup(of: Result<Int, any Error>.self) { group in
      for _ in 0..<24 {
        group.addTask {
          do {
            return .success(try await workshop.answer(.check(text: "")) { true }.status)
          } catch {
            return .failure(error)
          }
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    for result in results { #expect(try result.get() == 200) }
  }

  @Test("Work beyond what may wait is turned away; the rest is done, a few at a time")
  func gate() async throws {
    let gate = WorkGate(threads: 2, mostWaiting: 40)
    let atOnce = AtOnce()
    let results = await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<100 {
        group.addTask {
          atOnce.ask()
          let isDone: Bool? = try? await gate.run {
            atOnce.enter()
            while atOnce.asked < 100 { usleep(1000) }
            usleep(2000)
            atOnce.leave()
            return true
          }
          return isDone ?? false
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    let done = results.count { $0 }
    #expect(done >= 40 && done < 100)
    // Where there is one core the system gives them one thread.
    #expect((1...2).contains(atOnce.most))
    #expect(try await gate.run { 7 } == 7)
  }
}

@Suite("The explorer's own files")
struct ExplorerFileTests {
  @Test("Every preset is a valid experiment with a story, and within the explorer's bounds")
  func presets() throws {
    let presets = try Preset.all()
    #expect(Set(presets.map(\.name)).count == presets.count)
    #expect(presets.map(\.name).first == "hot-particles" && presets.map(\.name).last == "choking-spins")
    // The diode, the transistor, disorder, the lattice and four of qubits beside the six of the papers.
    #expect(presets.count == 14)
    for preset in presets {
      #expect(preset.about.count > 60 && !preset.about.contains("#"))
      try Explorer.check(Experiment(yaml: preset.file, file: preset.name))
    }
  }

  @Test("The description of the API and the routes are the same list")
  func openAPI() throws {
    let explorer = try Sample.explorer()
    let description = try #require(explorer.page.files["openapi.json"]).bytes
    let paths = try #require(JSONSerialization.jsonObject(with: description) as? [String: Any])["paths"]
    let described = try #require(paths as? [String: [String: Any]]).flatMap { path, methods in
      methods.keys.filter { $0 != "parameters" }.map { "\($0.uppercased()) \(path)" }
    }
    let served = explorer.routes.filter { $0.path.hasPrefix("/api/") && $0.path != "/api/openapi.json" }
      .map { "\($0.method.rawValue) \($0.path.replacing(/:([a-z]+)/) { "{\($0.1)}" })" }
    #expect(Set(described) == Set(served))
    #expect(served.count == Set(served).count)
  }

  @Test("The description of the API knows every kind and key of the catalogue, and the page none")
  func openAPIKinds() throws {
    let page = try PageFiles()
    let document = try JSONSerialization.jsonObject(with: #require(page.files["openapi.json"]).bytes) as? [String: Any]
    let schemas = try #require((document?["components"] as? [String: Any])?["schemas"] as? [String: Any])
    func check(_ name: String, _ kinds: [any Described.Type]) throws {
      let forms = try #require((schemas[name] as? [String: Any])?["oneOf"] as? [[String: Any]])
      #expect(forms.count == kinds.count)
      for (form, kind) in zip(forms, kinds) {
        let properties = try #require(form["properties"] as? [String: [String: Any]])
        #expect(properties["kind"]?["const"] as? String == kind.kind.key)
        let keys = Set(properties.keys).subtracting(["kind", "site", "sites"])
        #expect(keys == Set(kind.defaults.map(\.name)).subtracting(["site", "sites"]))
      }
    }
    try check("Medium", Catalogue.media)
    try check("Bath", Catalogue.baths)
    // What /api/schema tells of them is described: every key, and every word where only some can stand.
    func properties(_ name: String) throws -> [String: [String: Any]] {
      try #require((schemas[name] as? [String: Any])?["properties"] as? [String: [String: Any]])
    }
    func isDescribed(_ told: [String: Any], _ description: [String: [String: Any]]) -> Bool {
      told.allSatisfy { key, value in
        guard let known = description[key] else { return false }
        return (known["enum"] as? [String]).map { words in (value as? String).map(words.contains) == true } ?? true
      }
    }
    let (kind, parameter) = try (properties("Kind"), properties("Parameter"))
    let text = try OrderedJSON.text(of: CatalogueSchema(answers: { _ in [] }))
    let schema = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    for list in ["media", "baths"] {
      for told in try #require(schema[list] as? [[String: Any]]) {
        #expect(isDescribed(told, kind), "\(told["key"] ?? "")")
        for each in try #require(told["parameters"] as? [[String: Any]]) {
          #expect(isDescribed(each, parameter), "\(told["key"] ?? "").\(each["key"] ?? "")")
        }
      }
    }
    #expect(!isDescribed(["type": "song"], parameter) && !isDescribed(["tune": "a"], parameter))
    let models = try #require(page.files["assets/models.js"]).bytes
    let script = String(decoding: models, as: UTF8.self)
    for kind in Catalogue.media.map({ $0.kind.key }) + Catalogue.baths.map({ $0.kind.key }) {
      #expect(!script.contains("'\(kind)'") && !script.contains("\(kind):"), "models.js names \(kind)")
    }
  }

  @Test("The page asks for nothing from outside, and everything it asks for is there")
  func page() throws {
    let page = try PageFiles()
    let text = page.files.filter { $0.value.type.contains("html") || $0.value.type.contains("javascript") }
      .mapValues { String(decoding: $0.bytes, as: UTF8.self) }
    for name in ["index.html", "token.html"] {
      let html = try #require(text[name])
      #expect(!html.contains("style=") && !html.contains("http"))
      for match in html.matches(of: /(?:src|href)="([^"#]+)"/) {
        #expect(page.files[String(match.1).replacing("./", with: "")] != nil, "\(match.1)")
      }
    }
    for (name, source) in text {
      for match in source.matches(of: /from "\.\/([^"]+)"/) {
        #expect(page.files["assets/\(match.1)"] != nil, "\(name) imports \(match.1)")
      }
      #expect(source.firstMatch(of: /https?:\/\/(?!www\.w3\.org)/) == nil, "\(name) names an address outside")
    }
  }
}

@Suite("Runs asked for in the browser")
struct LiveRunTests {
  @Test(
    "Runs are worked off one after the other, can be stopped while they wait, and end with their points and verdicts")
  func order() throws {
    let explorer = try Sample.explorer()
    let long = try Sample.experiment(targetError: 1e-5)
    let first = try explorer.runs.start(long)
    let second = try explorer.runs.start(Sample.experiment(targetError: 0.05))
    let third = try explorer.runs.start(Sample.experiment(targetError: 0.05))
    second.stop()
    #expect(second.state == .stopped)
    #expect(throws: RequestFault.self) { try explorer.runs.remove(first.identifier) }
    while first.snapshot.points.isEmpty { usleep(20000) }
    #expect(first.snapshot.points.allSatisfy { $0.state == .running && !$0.result.estimates.isEmpty })
    first.stop()
    while !third.state.isEnded { usleep(20000) }
    #expect(first.state == .stopped && second.state == .stopped && third.state == .finished)
    #expect(third.snapshot.points.count == 2 && !third.snapshot.verdicts.isEmpty && third.snapshot.fraction == 1)
    try explorer.runs.remove(second.identifier)
    #expect(explorer.runs.all.map(\.identifier) == [third.identifier, first.identifier])
  }

  @Test("Too many waiting runs are turned away, and ended ones do not pile up")
  func bounds() throws {
    let explorer = try Sample.explorer()
    let busy = try explorer.runs.start(Sample.experiment(targetError: 1e-5))
    while busy.state == .waiting { usleep(10000) }
    let experiment = try Sample.experiment(targetError: 0.5)
    for _ in 0..<RunQueue.mostWaiting { _ = try explorer.runs.start(experiment) }
    let fault = #expect(throws: RequestFault.self) { try explorer.runs.start(experiment) }
    #expect(fault?.status == .serviceUnavailable)
    explorer.runs.stopAll()
    explorer.runs.waitUntilIdle()
    for _ in 0..<50 { try explorer.runs.start(experiment).stop() }
    explorer.runs.waitUntilIdle()
    #expect(explorer.runs.all.count <= 40)
  }
}

/// Counts how many do something at the same time.
private final class AtOnce: Sendable {
  private let counts = Mutex((asked: 0, now: 0, most: 0))

  func ask() { counts.withLock { $0.asked += 1 } }
  func enter() { counts.withLock { $0 = ($0.asked, $0.now + 1, max($0.most, $0.now + 1)) } }
  func leave() { counts.withLock { $0.now -= 1 } }
  var asked: Int { counts.withLock { $0.asked } }
  var most: Int { counts.withLock { $0.most } }
}

/// An explorer over a store of its own that goes away with the test.
private enum Sample {
  static func explorer() throws -> Explorer {
    let store = FileManager.default.temporaryDirectory.appending(path: "ness-explorer-\(UUID().uuidString)")
    return try Explorer(
      Explorer.Settings(
        host: "127.0.0.1", port: 0, threads: 1, version: "test", storeDirectory: store.path(percentEncoded: false),
        openStore: { source in
          let owner = Provenance(
            ness: "test", engine: "test", machine: "test", command: "test", file: source?.file, text: source?.text)
          return try ResultStore(directory: store.path(percentEncoded: false), provenance: owner) { _ in }
        }, shouldStop: { false }, worker: ["/no/worker"], token: nil))
  }

  static func experiment(targetError: Double) throws -> Experiment {
    try Experiment(
      yaml: """
        medium: {kind: chain, sites: 3, pinning: 1.0}
        baths:
          left: {kind: particles, temperature: 20.0, count: 8, friction: 0.1, coupling: 0.2}
          right: {kind: langevin, temperature: 10.0, friction: 1.0}
        run: {replicas: 8, targetError: \(targetError)}
        sweep: {parameter: baths.left.temperature, values: [15, 40]}
        """, file: "experiment")
  }
}
