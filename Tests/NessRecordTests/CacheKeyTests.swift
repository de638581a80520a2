import NessModel
import NessRecord
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
}
