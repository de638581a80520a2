import NessFiles
import NessModel
import NessStore
import NessTestSupport
import Testing

struct CacheKeyTests {
  @Test func keysAreStableAndTellDifferentModelsApart() throws {
    #expect(CacheKey([]).digest == "6c62272e07bb014262b821756295c58d")
    #expect(CacheKey([.text("a", "b")]).digest == "6970f79c1b757277b806e976e0b39d2b")  // of "a=b\n", computed elsewhere
    #expect(CacheKey([.text("a\nb=1", "c\\")]).description == "a\\nb\\=1=c\\\\\n")
    #expect(CacheKey([.text("quantity", "heatCurrent"), .text("engine", "3")]).subject == "heatCurrent")
    var digests: Set<String> = []
    var count = 0
    for file in try exampleFiles() {
      let experiment = try Experiment(contentsOfFile: file)
      for point in experiment.points() {
        let lines = CacheKey.lines(for: point.model) + CacheKey.lines(for: experiment.run)
        digests.insert(CacheKey(lines).digest)
        count += 1
      }
    }
    #expect(digests.count == count)
  }

  /// What differs in any parameter of a box has another key.
  @Test func boxesAreToldApart() throws {
    let quantum = "{kind: lindblad, temperature: 4, coupling: wall, spectrum: ohmic}"
    let walls = [
      "{kind: maxwell, temperature: 4}", "{kind: metropolis, temperature: 4, proposal: speed, width: 0.3, moves: 5}",
      "{kind: metropolis, temperature: 4, proposal: energy, width: 0.3, moves: 5}",
    ]
    let baths = [
      quantum, quantum.replacing("wall", with: "collision, width: 0.7"),
      quantum.replacing("wall", with: "wall, amplitude: physical"),
      quantum.replacing("wall, spectrum: ohmic", with: "maxwell, rate: 2"),
      quantum.replacing("wall", with: "[[0, 1.5], [1.5, -2]]"),
      quantum.replacing("ohmic", with: "[[0, 1], [100, 2.5]]"),
    ]
    let texts = walls.map { ("box", $0) } + baths.map { ("quantumBox, levels: 2", $0) }
    let keys = try texts.map { kind, bath in
      let yaml = "medium: {kind: \(kind), length: 2}\nbaths: {left: \(bath), right: \(bath)}"
      return CacheKey(CacheKey.lines(for: try Experiment(yaml: yaml, file: "f.yaml").points()[0].model))
    }
    #expect(Set(keys).count == texts.count)
  }

  /// One experiment of every kind of medium and bath, with no more than a file must say.
  private static let sparse = [
    """
    medium: {kind: chain, sites: 3, pinning: {left: 1.0, right: 2.0}}
    baths:
      left: {kind: particles, temperature: 3.0, friction: 2.0, coupling: 0.1}
      right: {kind: langevin, temperature: 2.0, friction: 0.7}
    """,
    """
    medium: {kind: box, length: 2.0}
    baths:
      left: {kind: maxwell, temperature: 3.0}
      right: {kind: metropolis, temperature: 2.0, proposal: energy, width: 0.5}
    """,
    """
    medium: {kind: quantumBox, length: 2.0}
    baths:
      left: {kind: lindblad, temperature: 3.0, coupling: uniform, spectrum: ohmic}
      right: {kind: lindblad, temperature: 2.0, coupling: collision, width: 3.0, spectrum: glauber}
    """,
  ]

  /// Only what a file must say stands in a key. A default that changes would give old results a new meaning: it needs a
  /// migration that writes the old one into their keys.
  @Test func defaultsAreLeftOut() throws {
    let full = [
      Self.sparse[0].replacing("sites: 3", with: "sites: 3, mass: 1.0, spring: 1.0, quartic: 0.0")
        .replacing("coupling: 0.1", with: "coupling: 0.1, count: 40, strength: 1.0, sharpness: 2.0, ring: 25.0"),
      Self.sparse[1].replacing("length: 2.0", with: "length: 2.0, mass: 1.0")
        .replacing("width: 0.5", with: "width: 0.5, moves: 1"),
      Self.sparse[2].replacing("length: 2.0", with: "length: 2.0, mass: 1.0, hbar: 1.0")
        .replacing("kind: lindblad", with: "kind: lindblad, amplitude: unit, rate: 1.0"),
    ]
    let run = "run: {seed: 1, replicas: 64}"
    for (text, full) in zip(Self.sparse, full) {
      let (few, all) = (try Self.key(text), try Self.key("\(full)\n\(run)"))
      #expect(few == all)
      for line in few.split(separator: "\n").compactMap({ $0.split(separator: "=").first }) {
        let name = line.split(separator: ".").last.map(String.init) ?? ""
        #expect(["kind", "site", "left", "right"].contains(name) || text.contains("\(name): "), "\(line)")
      }
    }
    #expect(CacheKey(CacheKey.lines(for: RunSettings())).description.isEmpty)
  }

  /// Every number of every medium, bath and run that is not the default one has another key, and comes back with it.
  @Test func everyParameterIsToldApart() throws {
    var keys: Set<String> = []
    var count = 0
    func add(_ text: String) throws {
      keys.insert(try Self.key(text))
      count += 1
    }
    for text in Self.sparse {
      try add(text)
      let experiment = try Experiment(yaml: text, file: "f.yaml")
      let numbers =
        experiment.medium.parameters.filter(\.isNumeric).map { "medium.\($0.name)" }
        + experiment.contacts.flatMap { contact in
          contact.bath.parameters.filter(\.isNumeric).map { "baths.\(contact.name).\($0.name)" }
        }
      // Rods have to fit into the box: below.
      for path in numbers where path != "medium.diameter" {
        for point in try Experiment(yaml: "\(text)\nsweep: {parameter: \(path), values: [17, 18]}", file: "f.yaml")
          .points()
        {
          keys.insert(CacheKey(CacheKey.lines(for: point.model)).description)
          count += 1
        }
      }
    }
    for rods in ["0.1", "0.2"] {
      try add(Self.sparse[1].replacing("length: 2.0", with: "length: 2.0, diameter: \(rods)"))
    }
    let settings = [
      "seed: 2", "replicas: 63", "duration: 1.0", "duration: 2.0", "burnIn: 1.0", "timeStep: 0.01", "targetError: 0.1",
      "noise: gaussian", "noise: matched",
    ]
    for setting in settings { try add("\(Self.sparse[0])\nrun: {\(setting)}") }
    #expect(keys.count == count)
  }

  /// A parameter that a kind may come to have, and that a file leaves out, changes no key: here one of another kind.
  @Test func aNewParameterChangesNoKey() throws {
    let today = AnyBath(ParticleBath(temperature: 2, count: 7, friction: 3, coupling: 0.1)).parameters
    let usual = AnyBath(ParticleBath(temperature: 1, friction: 1, coupling: 0)).parameters
    func moves(_ count: Int) throws -> DescribedParameter {
      let wall = AnyBath(MetropolisBath(temperature: 1, proposal: .energy, moves: count))
      return try #require(wall.parameters.first { $0.name == "moves" })
    }
    let lines = today.besideDefaults(usual).map(\.name)
    #expect(lines == ["temperature", "count", "friction", "coupling"])
    #expect(try (today + [moves(1)]).besideDefaults(usual + [moves(1)]).map(\.name) == lines)
    #expect(try (today + [moves(5)]).besideDefaults(usual + [moves(1)]).map(\.name) == lines + ["moves"])
  }

  private static func key(_ text: String) throws -> String {
    let experiment = try Experiment(yaml: text, file: "f.yaml")
    return CacheKey(CacheKey.lines(for: experiment.points()[0].model) + CacheKey.lines(for: experiment.run)).description
  }

  /// Keys of the example files, all points of a file together. What changes one loses kept results or needs a migration:
  /// it is done on purpose or not at all.
  @Test func keysOfTheExamples() throws {
    let known = try String(contentsOfFile: Self.reference, encoding: .utf8)
    let found = try exampleFiles().map { file in
      let experiment = try Experiment(contentsOfFile: file)
      let lines = experiment.points().flatMap {
        CacheKey.lines(for: $0.model) + CacheKey.lines(for: experiment.run) + CacheKey.familyLines(for: experiment.run)
      }
      return "\(CacheKey(lines).digest) \(file.split(separator: "/").last ?? "")\n"
    }
    for line in found { #expect(known.contains(line), "new in Tests/Reference/keys.txt: \(line)") }
  }

  private static let reference =
    String(#filePath.dropLast("NessStoreTests/CacheKeyTests.swift".count)) + "Reference/keys.txt"
}
