import NessFiles
import NessModel
import Testing

@Suite("Baths of a free temperature")
struct FreeTemperatureTests {
  private func experiment(_ bath: String, medium: String = "lattice: {chain: 4}, kind: network, site: q^2/4")
    throws(ExperimentError) -> Experiment
  {
    try Experiment(
      yaml: """
        medium: {\(medium)}
        baths:
          left: {kind: langevin, temperature: 2, friction: 1}
          right: {kind: langevin, temperature: 1, friction: 1}
          free: {\(bath)}

        """, file: "f.yaml", directory: nil)
  }

  @Test func aLangevinBathOfAFreeTemperatureIsSelfConsistent() throws {
    let free = try experiment("kind: langevin, site: 2, temperature: free, friction: 0.5")
    let named = try experiment("kind: selfConsistent, site: 2, friction: 0.5")
    #expect(free.contacts == named.contacts)
    #expect(free.contacts.contains { $0.bath.base is SelfConsistentBath })
    // Control: a number is a number.
    #expect(try experiment("kind: langevin, site: 2, temperature: 1.5, friction: 0.5").contacts != named.contacts)
  }

  @Test func whereNoneIsPossibleItIsSaidWhy() {
    func words(_ bath: String, medium: String = "lattice: {chain: 4}, kind: network, site: q^2/4") -> String {
      do throws(ExperimentError) {
        _ = try experiment(bath, medium: medium)
        return ""
      } catch { return "\(error)" }
    }
    let plain = "kind: chain, sites: 4, pinning: 1"
    let onChain = words("kind: langevin, site: 2, temperature: free, friction: 0.5", medium: plain)
    #expect(onChain.contains("baths.free.temperature: found free, expected a number"))
    #expect(onChain.contains("touches a medium of kind network"))
    #expect(words("kind: andersen, site: 2, temperature: free, rate: 1").contains("baths.free.temperature"))
    #expect(words("kind: langevin, site: 2, temperature: fre, friction: 1").contains("expected a number"))
    #expect(
      words(
        "kind: langevin, site: 2, temperature: 1, friction: 1",
        medium: "kind: network, lattice: {chain: 4}, site: q^2/4, hbar: 1}\ntransient: {duration: 5, every: 1"
      ).contains("of quantum chains and networks no transient is followed yet"))
    // Other faults of the bath are told as ever.
    #expect(words("kind: langevin, site: 2, temperature: free, friction: -1").contains("baths.free.friction"))
  }

  /// Of baths that are joined one at least has a temperature that is given.
  @Test func somebodySetsTheTemperature() {
    func told(_ left: String, _ right: String, lattice: String = "chain") -> [String] {
      faults(
        of: """
          medium: {kind: network, lattice: {\(lattice): 2}, bond: "r^2/2", site: "q^2/2"}
          baths:
            left: {kind: langevin, site: 1, temperature: \(left), friction: 1}
            right: {kind: langevin, site: 2, temperature: \(right), friction: 1}
          """)
    }
    #expect(told("free", "free").count == 1)
    #expect(
      told("free", "free") == [
        "f.yaml:3:48: baths.left.temperature: found free, expected one bath at least on sites 1, 2 whose temperature is "
          + "given: the others take theirs from it"
      ])
    #expect(told("1", "free", lattice: "sites").first?.contains("baths.right.temperature: found free") == true)
    // Control.
    #expect(told("1", "free") == [] && told("1", "2", lattice: "sites") == [])
  }
}
