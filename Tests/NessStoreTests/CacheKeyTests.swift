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
}
