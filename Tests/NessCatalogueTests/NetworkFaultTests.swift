import NessModel
import Testing

/// Whoever made two mistakes is told of both.
@Suite("Every fault of a network at once") struct NetworkFaultTests {
  private typealias Mistake = (name: String, hides: Set<String>, make: @Sendable (inout Network) -> Void)

  /// Mistakes at different keys. One of the size makes it impossible to speak of numbers of sites.
  private static let mistakes: [Mistake] = [
    ("size", ["range", "bond site", "mass count"], { $0.lattice = .ring(2) }),
    ("range", [], { $0.at[0].sites = [4...9] }),
    ("bond", [], { $0.bond = "r^2/2 + betta*r^4" }),
    ("site", [], { $0.site = "q^2/(" }),
    ("site at rest", [], { $0.at[1].site = "log(q)" }),
    ("rule of bonds", [], { $0.at[2].bond = "r^^2" }),
    ("mass count", [], { $0.mass = .list([1, 1]) }),
    ("mass", [], { $0.at[1].mass = .number(-1) }),
    ("parameter", [], { $0.parameters[0] = .init("pi", 1) }),
    ("bond site", [], { $0.bonds[0].sites = [1, 60] }),
    ("bond formula", [], { $0.bonds[1].potential = "x^2" }),
    ("self-bond", [], { $0.bonds[2].sites = [3, 3] }),
  ]

  private static let sound = Network(
    lattice: .ring(6), bond: "r^2/2", site: "q^2/2", parameters: [.init("k", 1)],
    bonds: [.init(between: 1, 3), .init(between: 2, 4, potential: "r^2"), .init(between: 3, 5)],
    at: [
      .init(sites: [1...2], site: "q^2"), .init(sites: [3...3], site: "2*q^2"), .init(sites: [4...5], bond: "r^2/3"),
    ])

  @Test func eachPairIsTold() {
    #expect(Self.sound.faults.isEmpty)
    for first in Self.mistakes {
      var one = Self.sound
      first.make(&one)
      let own = Set(one.faults.map(\.parameter))
      #expect(!own.isEmpty, "\(first.name)")
      for second in Self.mistakes where second.name != first.name && !first.hides.contains(second.name) {
        if second.hides.contains(first.name) { continue }
        var (other, both) = (Self.sound, one)
        second.make(&other)
        second.make(&both)
        let expected = own.union(other.faults.map(\.parameter))
        let told = Set(both.faults.map(\.parameter))
        #expect(expected.isSubset(of: told), "\(first.name) and \(second.name): \(expected.subtracting(told))")
      }
    }
    // Nothing is said of numbers of sites that are not known.
    var unknown = Self.sound
    for mistake in Self.mistakes where ["size", "bond site", "range"].contains(mistake.name) { mistake.make(&unknown) }
    #expect(unknown.faults.map(\.parameter) == ["lattice.ring"])
  }
}
