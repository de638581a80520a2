import NessFiles
import NessModel
import Testing

@Suite("Keys by other words of the field")
struct OtherWordsTests {
  @Test(
    "What a newcomer writes is told by the name that it has here",
    arguments: [
      ("kind: chain, sites: 3, pinning: 1", "masses", "mass"), ("kind: chain, sites: 3, pinning: 1", "k", "spring"),
      ("kind: chain, sites: 3, pinning: 1", "springs", "spring"),
      ("kind: chain, sites: 3, pinning: 1", "beta", "quartic"),
      ("kind: chain, sites: 3, pinning: 1", "potential", "bond or site"),
      ("kind: chain, sites: 3, pinning: 1", "onsite", "site"), ("kind: chain, sites: 3, pinning: 1", "U", "site"),
      ("kind: chain, sites: 3, pinning: 1", "boundary", "walls"),
      ("kind: chain, sites: 3, pinning: 1", "regions", "segments"),
      ("kind: chain, sites: 3", "K", "pinning"), ("kind: chain, pinning: 1", "N", "sites"),
      ("kind: chain, sites: 3, pinning: 1", "bonds", "kind network"),
      ("kind: chain, sites: 3, pinning: 1", "lattice", "kind network"),
      ("kind: chain, sites: 3, pinning: 1", "joints", "belongs to segments"),
      ("kind: chain, sites: 3, pinning: 1, bond: r^2", "spring", "beside bond"),
      ("kind: network, lattice: {ring: 3}", "potential", "bond or site"),
      ("kind: network, lattice: {ring: 3}", "k", "bond"), ("kind: network, lattice: {ring: 3}", "edges", "bonds"),
      ("kind: network, lattice: {ring: 3}", "segments", "at"), ("kind: network", "sites", "lattice"),
      ("kind: network, lattice: {ring: 3}", "segments", "kind chain"),
    ])
  func words(medium: String, word: String, meant: String) {
    let text = """
      medium: {\(medium), \(word): 1}
      baths:
        left: {kind: langevin, temperature: 2, friction: 1}

      """
    let told = faults(of: text).filter { $0.contains("medium.\(word): found an unknown key") }
    #expect(told.count == 1)
    // The last bracket is the remedy.
    let remedy = told.first.flatMap { fault in fault.lastIndex(of: "(").map { fault[$0...] } }
    #expect(remedy?.contains(meant) == true, "\(told)")
  }

  @Test(
    "Baths and settings, too",
    arguments: [("T", "temperature"), ("gamma", "friction"), ("damping", "friction"), ("position", "site")])
  func baths(word: String, meant: String) {
    let keys = ["temperature", "friction", "site"].filter { $0 != meant }.map { "\($0): 1" }.joined(separator: ", ")
    let text = "medium: {kind: chain, sites: 3, pinning: 1}\nbaths:\n  b: {kind: langevin, \(keys), \(word): 1}\n"
    #expect(faults(of: text).contains { $0.hasSuffix("(did you mean \(meant)?)") })
  }

  /// A suggestion is always one of the keys that there can be, and every key that there is is known.
  @Test("Suggestions are keys, and keys suggest themselves")
  func suggestions() {
    let keys = Catalogue.media.flatMap { $0.defaults.map(\.name) } + Catalogue.baths.flatMap { $0.defaults.map(\.name) }
    for key in keys {
      #expect(meanings(of: key, among: [key]) == [key])
      #expect(meanings(of: key + "s", among: [key]) == [key])
    }
    for word in ["masses", "k", "potential", "qqqqqqq", ""] {
      #expect(Set(meanings(of: word, among: keys)).isSubset(of: keys))
    }
    #expect(meanings(of: "qqqqqqq", among: keys).isEmpty && meanings(of: "", among: keys).isEmpty)
  }
}
