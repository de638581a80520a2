import NessFiles
import Testing

/// All mistakes of a file are told at once: of every two, none hides the other, and none makes a fault of what is right.
@Suite("Every pair of mistakes")
struct MistakePairTests {
  /// A mistake: what stands in the file and what in its place.
  struct Mistake: Sendable, CustomStringConvertible {
    let right: String
    let wrong: String
    /// What it leaves unknown.
    let hides: Unknown?
    /// What must be known to see it.
    let needs: Unknown?

    enum Unknown { case size, names }

    init(_ right: String, _ wrong: String, hides: Unknown? = nil, needs: Unknown? = nil) {
      (self.right, self.wrong, self.hides, self.needs) = (right, wrong, hides, needs)
    }

    var description: String { "\(right) -> \(wrong)" }

    func isSeen(beside other: Mistake) -> Bool { needs == nil || needs != other.hides }
  }

  /// A file without mistakes, and mistakes that can be made in it.
  struct Sample: Sendable, CustomStringConvertible {
    let description: String
    let text: String
    let mistakes: [Mistake]
  }

  private static let baths = """
    baths:
      left: {kind: langevin, temperature: 2.0, friction: 1.0}
      right: {kind: langevin, temperature: 1.0, friction: 1.0}
      third: {kind: memory, site: 2, temperature: 3.0, terms: [{weight: 1.0, time: 2.0}, {weight: 0.5, time: 4.0}]}

    """

  private static let network = Sample(
    description: "network",
    text: """
      medium:
        kind: network
        lattice: {square: [4, 2]}
        mass: [1, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7]
        bond: "k*r^2/2"
        site: "U*q^4/4"
        parameters: {k: 1.0, U: 0.5}
        bonds:
          - {between: [1, 8], potential: "0.5*r^2/2", weight: 2.0}
          - [2, 7]
          - [3, 5, 0.25]
        at:
          - {sites: 1-2, site: "2*q^2/2", mass: 2.5}
          - {sites: [4, 6-7], bond: "3*r^2/2"}

      """ + baths,
    mistakes: [
      .init("  lattice: {square: [4, 2]}\n", "", hides: .size),
      .init("{square: [4, 2]}", "{squere: [4, 2]}", hides: .size),
      .init("{square: [4, 2]}", "{square: [4, x]}", hides: .size),
      .init("{square: [4, 2]}", "{square: [4, ~]}", hides: .size),
      .init("{square: [4, 2]}", "{square: 8}", hides: .size),
      .init("{square: [4, 2]}", "{square: [4, 0]}", hides: .size),
      .init("lattice: {square: [4, 2]}", "square: [4, 2]", hides: .size),
      .init(", 1.7]", "]", needs: .size), .init("1.2,", "heavy,"), .init("1.3,", "-1.3,"), .init("1.4,", "~,"),
      .init("\"k*r^2/2\"", "\"k*r^\""), .init("\"k*r^2/2\"", "\"c*r^2/2\"", needs: .names),
      .init("\"k*r^2/2\"", "[1, 2]"), .init("U*q^4/4", "U*q^4/"), .init("U*q^4/4", "1/q"),
      .init("{k: 1.0, U: 0.5}", "[1, 2]", hides: .names), .init("k: 1.0", "k: much"), .init("U: 0.5", "U: ~"),
      .init("[1, 8]", "[1, 99]", needs: .size), .init("[1, 8]", "[1]"), .init("[1, 8]", "[1, ~]"),
      .init("[1, 8]", "[1, 1]"),
      .init("between: [1, 8]", "betwen: [1, 8]"), .init("0.5*r^2/2", "0.5*r^2/"), .init("0.5*r^2/2", "log(r)"),
      .init("weight: 2.0", "weight: two"), .init("weight: 2.0", "wait: 2.0"), .init("[2, 7]", "[2]"),
      .init("[2, 7]", "seven"), .init("[2, 7]", "[2, ~]"), .init("[2, 7]", "[0, 7]"),
      .init("[3, 5, 0.25]", "[3, 5, x]"),
      .init("[3, 5, 0.25]", "~"), .init("sites: 1-2", "sites: 1-99", needs: .size), .init("sites: 1-2", "sites: one"),
      .init("sites: 1-2", "sites: ~"), .init("2*q^2/2", "2*q^"), .init("2*q^2/2", "log(q)"), .init("2*q^2/2", "[q]"),
      .init("mass: 2.5", "mass: -2.5"), .init("mass: 2.5", "mass: [1, ~]"),
      .init("mass: 2.5", "mass: {uniform: 3, seed: x}"),
      .init("[4, 6-7]", "[4, x]"), .init("[4, 6-7]", "[4, 7-6]"), .init("3*r^2/2", "3*r^2/)"),
      .init("3*r^2/2", "sqrt(r)"),
      .init("temperature: 2.0", "temperature: -2.0"), .init("temperature: 2.0", "temperature: hot"),
      .init("{weight: 1.0, time: 2.0}", "{weight: x, time: 2.0}"), .init("time: 4.0", "time: 0"),
      .init("time: 4.0", "tim: 4.0"),
    ])

  private static let chain = Sample(
    description: "chain",
    text: """
      medium:
        kind: chain
        sites: 8
        mass: [1, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7]
        bond: "k*r^2/2"
        site: "U*q^4/4"
        parameters: {k: 1.0, U: 0.5}
        walls: {left: true, right: "0.2*r^2/2"}
        segments:
          - {sites: 1-3, site: "2*q^2/2", mass: 2.5}
          - {sites: 4-6, bond: "3*r^2/2"}
          - {sites: 7-8}
        joints: ["0.1*r^2/2", "0.3*r^2/2"]

      """ + baths,
    mistakes: [
      .init("  sites: 8\n", "", hides: .size), .init("sites: 8\n", "sites: 8.5\n", hides: .size),
      .init("sites: 8\n", "sites: 0\n", hides: .size),
      .init(", 1.7]", "]", needs: .size), .init("1.2,", "heavy,"), .init("1.3,", "-1.3,"),
      .init("\"k*r^2/2\"", "\"k*r^\""), .init("\"k*r^2/2\"", "\"c*r^2/2\"", needs: .names), .init("U*q^4/4", "U*q^4/"),
      .init("{k: 1.0, U: 0.5}", "[1, 2]", hides: .names), .init("k: 1.0", "k: much"), .init("left: true", "left: yes"),
      .init("0.2*r^2/2", "0.2*r^2/"), .init("left: true", "lft: true"), .init("sites: 1-3", "sites: one"),
      .init("2*q^2/2", "2*q^"), .init("2*q^2/2", "[q]"), .init("mass: 2.5", "mass: -2.5"), .init("3*r^2/2", "3*r^2/)"),
      .init("{sites: 7-8}", "{sites: 7-99}", needs: .size), .init("{sites: 7-8}", "~"),
      .init("{sites: 7-8}", "{site: q^}"),
      .init("\"0.1*r^2/2\"", "\"0.1*r^\""), .init("\"0.1*r^2/2\"", "~"), .init("\"0.3*r^2/2\"", "[r]"),
      .init("temperature: 1.0", "temperature: -1.0"), .init("friction: 1.0}\n  right", "frition: 1.0}\n  right"),
    ])

  /// The faults of the sample with some mistakes, each by its key; nil if a mistake cannot be made any more.
  private func faults(of sample: Sample, _ mistakes: Mistake...) -> [String]? {
    var text = sample.text
    for mistake in mistakes {
      guard let place = text.range(of: mistake.right) else { return nil }
      text.replaceSubrange(place, with: mistake.wrong)
    }
    do throws(ExperimentError) {
      _ = try Experiment(yaml: text, file: "f.yaml")
      return []
    } catch {
      return error.faults.map(\.key)
    }
  }

  @Test(arguments: [network, chain])
  func noneHidesTheOther(sample: Sample) throws {
    #expect(faults(of: sample) == [])
    let alone = try sample.mistakes.map { mistake in
      let found = try #require(faults(of: sample, mistake), "\(mistake)")
      #expect((1...2).contains(found.count), "\(mistake): \(found)")
      return Set(found)
    }
    var pairs = 0
    for (first, mistake) in sample.mistakes.enumerated() {
      for (second, other) in sample.mistakes.enumerated().dropFirst(first + 1) {
        // Two mistakes in one place are one.
        guard !mistake.right.contains(other.right), !other.right.contains(mistake.right),
          let both = faults(of: sample, mistake, other)
        else { continue }
        pairs += 1
        let expected = (mistake.isSeen(beside: other) ? alone[first] : [])
          .union(other.isSeen(beside: mistake) ? alone[second] : [])
        #expect(Set(both) == expected, "\(mistake) and \(other)")
      }
    }
    #expect(pairs > 300, "\(pairs)")
  }

  @Test("What is missing is told with what to write, and no site is measured by a size that nobody gave")
  func missingLattice() {
    func words(_ lines: String) -> String {
      let text = "medium:\n  kind: network\n\(lines)\n" + Self.baths
      do throws(ExperimentError) {
        _ = try Experiment(yaml: text, file: "f.yaml")
        return ""
      } catch {
        return error.description
      }
    }
    let far = words("  bonds: [[1, 2], [2, 16]]\n  at: [{sites: 9-12, mass: 2}]")
    #expect(
      far == """
        f.yaml:1:1: medium.lattice: found no such key, expected the required key lattice (for example {chain: 16}, or \
        {sites: 16} if only bonds by hand join them: 16 sites are named)
        """)
    let near = words("  bonds: [[1, 2], [0, 16]]")
    #expect(near.contains("medium.bonds[1]: found site 0, expected sites between 1 and 1000000"))
    let elsewhere = words("  square: [4, 2]\n  site: q^")
    #expect(elsewhere.contains("medium.square: found an unknown key") && elsewhere.contains("lattice: {square: ...}"))
    #expect(elsewhere.contains("medium.site:") && !elsewhere.contains("medium.lattice:"))
  }
}
