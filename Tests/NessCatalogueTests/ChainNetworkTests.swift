import NessFiles
import NessModel
import NessStore
import NessStudy
import Testing

/// A chain with formulas, unlike masses, walls or segments is the network that it is; without them it stays a chain.
@Suite("Chains that are networks")
struct ChainNetworkTests {
  private static let baths = """
    baths:
      left: {kind: langevin, temperature: 2, friction: 1}
      right: {kind: langevin, temperature: 1, friction: 0.7}
      gate: {kind: andersen, site: 3, temperature: 1.5, rate: 0.4}

    """
  private static let ends = baths.split(separator: "\n").dropLast().joined(separator: "\n") + "\n"

  private static func experiment(
    _ kind: String, _ lines: [String], baths: String = baths, sweep: String = ""
  ) throws(ExperimentError) -> Experiment {
    let medium = (["kind: \(kind)"] + lines).map { "  \($0)\n" }.joined()
    return try Experiment(yaml: "medium:\n\(medium)\(baths)\(sweep)", file: "f.yaml")
  }

  private static func key(_ experiment: Experiment, _ point: Int = 0) -> CacheKey {
    CacheKey(CacheKey.lines(for: experiment.points()[point].model))
  }

  /// A chain by its own keys, and the same network written out by hand.
  struct Pair {
    var chain: [String]
    var network: [String]
  }

  private static func pair(_ generator: inout some RandomNumberGenerator) -> Pair {
    func number() -> Double { (Double.random(in: 0.3...3, using: &generator) * 100).rounded() / 100 }
    let sites = Int.random(in: 4...9, using: &generator)
    var pair = Pair(chain: ["sites: \(sites)"], network: ["lattice: {chain: \(sites)}"])
    func both(_ line: String) {
      pair.chain.append(line)
      pair.network.append(line)
    }
    let masses = [
      "\(number())", "[\((0..<sites).map { _ in "\(number())" }.joined(separator: ", "))]", "\"1 + j/\(sites)\"",
      "{uniform: [0.8, 1.2], seed: \(Int.random(in: 1...9, using: &generator))}",
    ]
    both("mass: \(masses.randomElement(using: &generator)!)")
    both("parameters: {a: \(number()), b: \(number())}")
    if Bool.random(using: &generator) { both("site: \"a*q^2/2 + j*q^2/100\"") }
    if Bool.random(using: &generator) { both("pinning: {left: \(number()), right: \(number())}") }
    if Bool.random(using: &generator) {
      both("bond: \"(a + b)*r^2/2\"")
    } else {
      let spring = number()
      pair.chain.append("spring: \(spring)")
      pair.network.append(spring == 1 ? "bond: \"r^2/2\"" : "bond: \"\(spring)*r^2/2\"")
    }
    let hasWalls = Bool.random(using: &generator)
    guard Bool.random(using: &generator) else {
      if hasWalls { both("walls: {left: true, right: true}") }
      return hasWalls
        || pair.chain.contains { $0.hasPrefix("pinning") || $0.hasPrefix("site:") || $0.hasPrefix("bond") }
        ? pair : Pair(chain: pair.chain + ["pinning: 0"], network: pair.network)
    }
    let cut = Int.random(in: 1..<sites, using: &generator)
    let (left, mass) = ("\(number())*r^2/2", number())
    let segments = [
      "{sites: 1-\(cut), bond: \"\(left)\"}", "{sites: \(cut + 1)-\(sites), mass: \(mass), site: \"b*q^2\"}",
    ]
    pair.chain.append("segments: [\(segments.joined(separator: ", "))]")
    pair.network.append("at: [\(segments.joined(separator: ", "))]")
    if hasWalls {
      pair.chain.append("walls: {left: true, right: true}")
      pair.network.append("walls: {left: \"\(left)\", right: true}")
    }
    if Bool.random(using: &generator) {
      pair.chain.append("joints: [\"b*r^2/20\"]")
      pair.network.append("bonds: [{between: [\(cut), \(cut + 1)], potential: \"b*r^2/20\"}]")
    }
    return pair
  }

  @Test("The chain and the network written out by hand are one model, with one key and the same numbers")
  func sameModel() throws {
    var generator = SeededGenerator(seed: 14)
    var keys: Set<CacheKey> = []
    for trial in 0..<40 {
      let pair = Self.pair(&generator)
      let (chain, network) = (
        try Self.experiment("chain", pair.chain), try Self.experiment("network", pair.network)
      )
      #expect(chain.points()[0].model == network.points()[0].model, "\(pair)")
      #expect(Self.key(chain) == Self.key(network), "\(pair)")
      #expect(keys.insert(Self.key(chain)).inserted)
      // What is written is a chain again.
      let again = try Experiment(yaml: chain.yaml(), file: "f.yaml")
      #expect(again == chain && again.yaml() == chain.yaml() && chain.yaml().contains("kind: chain"))
      if trial < 8 {
        let numbers = try [chain, network].map { experiment in
          try SolverCatalogue.answer(.all, of: experiment.points()[0].model).entries.members.map {
            [$0.estimate.value, $0.estimate.error]
          }
        }
        #expect(numbers[0] == numbers[1] && numbers[0].count > 10)
      }
    }
  }

  @Test("Equal masses and springs, written as lists and formulas, have the numbers of the plain chain")
  func plainNumbers() throws {
    var generator = SeededGenerator(seed: 7)
    var seen = 0
    for _ in 0..<12 {
      func number() -> Double { Double.random(in: 0.2...4, using: &generator) }
      let (sites, mass, spring) = (Int.random(in: 2...8, using: &generator), number(), number())
      let pinning = "pinning: {left: \(number()), right: \(number())}"
      let plain = try Self.experiment(
        "chain", ["sites: \(sites)", "mass: \(mass)", "spring: \(spring)", pinning], baths: Self.ends)
      let forms = [
        ["mass: [\((0..<sites).map { _ in "\(mass)" }.joined(separator: ", "))]", "spring: \(spring)"],
        ["mass: \(mass)", "bond: \"k*r^2/2\"", "parameters: {k: \(spring)}"],
        ["mass: \(mass)", "segments: [{sites: 1-\(sites), bond: \"\(spring)*r^2/2\"}]"],
      ]
      let expected = try SolverCatalogue.answer(.usual, of: plain.points()[0].model, by: [.markov])
      for form in forms {
        let other = try Self.experiment("chain", ["sites: \(sites)", pinning] + form, baths: Self.ends)
        let model = other.points()[0].model
        #expect(model.chain == nil && model.network != nil && plain.points()[0].model.chain != nil)
        let found = try SolverCatalogue.answer(.usual, of: model, by: [.markov])
        for entry in expected.entries.members {
          let bond = entry.quantity.number(in: .bondHeatCurrent)
          let quantity = bond.map { Quantity.bondHeatCurrent(from: $0, to: $0 + 1) } ?? entry.quantity
          let estimate = try #require(found.estimate(quantity, by: .markov), "\(quantity)")
          #expect(abs(estimate.value - entry.estimate.value) <= estimate.error + entry.estimate.error, "\(quantity)")
          #expect(estimate.error <= 1e-9 * max(abs(estimate.value), 1e-6), "\(quantity)")
          seen += 1
        }
      }
    }
    #expect(seen > 200)
  }

  @Test(
    "What a plain chain says in other words leaves it a plain chain",
    arguments: [[], ["mass: 2.5"], ["walls: {left: false}"], ["parameters: {}"], ["segments: []"], ["quartic: 0.5"]])
  func plain(lines: [String]) throws {
    let chain = try Self.experiment("chain", ["sites: 4", "pinning: 1.0"] + lines, baths: Self.ends)
    #expect(chain.points()[0].model.chain != nil)
    #expect(!chain.yaml().contains("walls") && !chain.yaml().contains("segments"))
  }

  @Test("Sizes, numbers with names, masses and springs are swept; the right bath stays on the last site")
  func sweeps() throws {
    func points(_ lines: [String], _ path: String, _ values: String) throws -> [Network] {
      let experiment = try Self.experiment(
        "chain", lines, sweep: "sweep: {parameter: \(path), values: \(values)}\n")
      #expect(experiment.points().map { $0.parameters[0].path } == [path, path])
      #expect(experiment.points().allSatisfy { $0.model.attachments.last?.site == $0.model.medium.sites })
      #expect(Self.key(experiment) != Self.key(experiment, 1))
      return experiment.points().compactMap { $0.model.network?.medium }
    }
    let lines = ["sites: 4", "bond: \"b*r^2/2\"", "parameters: {b: 1}", "walls: {left: true}"]
    #expect(try points(lines, "medium.sites", "[4, 7]").map(\.lattice) == [.chain(4), .chain(7)])
    #expect(try points(lines, "medium.parameters.b", "[1, 3]").map { $0.parameters[0].value } == [1, 3])
    #expect(try points(lines, "medium.mass", "[1, 3]").map(\.mass) == [.number(1), .number(3)])
    #expect(try points(lines, "medium.pinning.left", "[1, 3]").map(\.pinning.left) == [1, 3])
    let springs = try points(["sites: 4", "site: q^2"], "medium.spring", "[0.5, 3]").map(\.bond)
    #expect(springs == ["0.5*r^2/2", "3.0*r^2/2"])
    // A list is no number, and a bond by formula has no spring.
    for (line, path) in [("mass: [1, 2, 1, 2]", "medium.mass"), ("bond: r^2", "medium.spring")] {
      let error = #expect(throws: ExperimentError.self) {
        try Self.experiment(
          "chain", ["sites: 4", "pinning: 1", line], sweep: "sweep: {parameter: \(path), values: [1, 2]}\n")
      }
      #expect(error?.faults.map(\.key) == ["sweep.parameter"])
    }
  }

  @Test("Without what holds it a chain has to say that nothing pins it")
  func pinning() throws {
    for lines in [["mass: [1, 2, 3]"], ["mass: 2.0"], ["parameters: {a: 1}"]] {
      let error = #expect(throws: ExperimentError.self) { try Self.experiment("chain", ["sites: 3"] + lines) }
      #expect(error?.faults.contains { $0.key == "medium.pinning" && $0.found == "no such key" } == true)
    }
    for line in ["bond: r^2", "site: q^2", "walls: {left: true}", "segments: [{sites: 1-3}]"] {
      let chain = try Self.experiment("chain", ["sites: 3", line, "mass: [1, 2, 1]"])
      #expect(chain.points()[0].model.network?.medium.pinning == .init(left: 0, right: 0))
    }
  }

  @Test("A single site is pinned once, as a chain and as a network")
  func singleSite() throws {
    let baths = "baths:\n  left: {kind: langevin, temperature: 1, friction: 1}\n"
    let one = try Self.experiment("chain", ["sites: 1", "site: q^2", "pinning: 3"], baths: baths)
    let fields = try #require(one.points()[0].model.network).medium.form
    #expect(fields.fields.reduce(0) { $0 + fields.potentials[$1.potential].curvature(0) } == 5)
    for (kind, size) in [("chain", "sites: 1"), ("network", "lattice: {chain: 1}")] {
      let error = #expect(throws: ExperimentError.self) {
        try Self.experiment(kind, [size, "site: q^2", "pinning: {left: 1, right: 2}"], baths: baths)
      }
      #expect(error?.faults.map(\.key) == ["medium.pinning"])
    }
  }

  @Test("Every fault at once, each at its line and key")
  func faults() throws {
    func keys(_ lines: [String]) -> [String] {
      do throws(ExperimentError) {
        _ = try Self.experiment("chain", lines, baths: Self.ends)
        return []
      } catch {
        #expect(error.faults.allSatisfy { $0.line.map { $0 <= lines.count + 2 } == true })
        return error.faults.map { "\($0.line ?? 0) \($0.key)" }
      }
    }
    #expect(
      keys([
        "sites: 8", "mass: [1, -1, 2, 0]", "bond: \"k*r^2/2\"", "site: \"1/q\"", "spring: 2",
        "segments: [{sites: 1-3, mass: [1, 2], bond: \"x*r^2\"}, {sites: 3-4}, {sites: 6-9, site: \"y*q\"}]",
        "joints: [\"z*r^2\", r^2, r^2]", "walls: {left: true, right: \"w*r\"}", "parameters: {a: .inf}",
      ]).sorted()
        == [
          "10 medium.walls.right", "11 medium.parameters.a", "4 medium.mass", "4 medium.mass[1]", "4 medium.mass[3]",
          "5 medium.bond", "6 medium.site", "7 medium.spring", "8 medium.segments[0].bond", "8 medium.segments[0].mass",
          "8 medium.segments[1].sites", "8 medium.segments[2].site", "8 medium.segments[2].sites", "9 medium.joints",
          "9 medium.joints[0]",
        ])
    // Gaps, overlaps, and ends, each with the sites that they are about.
    func words(_ segments: String, _ joints: String = "[]") -> String {
      do throws(ExperimentError) {
        _ = try Self.experiment("chain", ["sites: 8", "segments: \(segments)", "joints: \(joints)"], baths: Self.ends)
        return ""
      } catch { return "\(error)" }
    }
    #expect(words("[{sites: 1-4}, {sites: 5-8}]") == "")
    #expect(words("[{sites: 1-3}, {sites: 5-8}]").contains("site 4 is in no segment"))
    #expect(words("[{sites: 1-5}, {sites: 4-8}]").contains("the sites 4-5 are in a segment before it"))
    #expect(words("[{sites: 1-4}, {sites: 5-6}]").contains("the sites 7-8 are in no segment"))
    #expect(words("[{sites: 2-8}]").contains("site 1 is in no segment"))
    #expect(words("[{sites: 1-4}, {sites: 5-9}]").contains("sites between 1 and 8"))
    #expect(words("[{sites: [1-2, 4]}, {sites: 3}]").contains("in one piece"))
    #expect(
      words("[{sites: 1-4}, {sites: 5-8}]", "[r^2, r^2]").contains("1, one between each two neighbours of 2 segments"))
    #expect(keys(["sites: 3", "pinning: 1", "joints: [r^2]"]) == ["5 medium.joints"])
    // A number of sites is no potential of sites.
    #expect(keys(["site: 3", "pinning: 1"]) == ["1 medium.sites", "3 medium.site"])
    // Items of a wrong shape, all of them.
    #expect(
      keys([
        "sites: 2", "segments: [{sites: a, mass: [b], bnd: r}, {sites: 2, bond: [1]}]", "joints: [[1]]",
        "walls: {left: yes, rigth: true}",
      ]).map { $0.drop { $0 != "m" } }.sorted()
        == [
          "medium.joints[0]", "medium.segments[0].bnd", "medium.segments[0].mass[0]", "medium.segments[0].sites",
          "medium.segments[1].bond", "medium.walls.left", "medium.walls.rigth",
        ])
    #expect(
      keys(["sites: 2", "pinning: 1", "mass: [a, 1, b]"])
        == ["5 medium.mass", "5 medium.mass[0]", "5 medium.mass[2]"])
  }
}

/// The same numbers for the same seed.
private struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
  }
}
