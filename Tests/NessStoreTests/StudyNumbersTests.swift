import NessFiles
import NessStore
import Testing

@Suite struct StudyNumbersTests {
  @Test func chosenEvenlyWithBothEnds() {
    #expect(StudyNumbers.evenlyChosen(4) == [0, 1, 2, 3])
    #expect(StudyNumbers.evenlyChosen(0).isEmpty)
    #expect(StudyNumbers.evenlyChosen(11, limit: 6) == [0, 2, 4, 6, 8, 10])
    for count in 7...200 {
      let chosen = StudyNumbers.evenlyChosen(count)
      #expect(chosen.count == 6 && chosen.first == 0 && chosen.last == count - 1)
      let gaps = zip(chosen, chosen.dropFirst()).map { $1 - $0 }
      #expect((gaps.max() ?? 9) - (gaps.min() ?? 0) <= 1)
    }
  }

  @Test func whichSweepsAreLogarithmic() {
    #expect(SweepAxis("x", from: 1, to: 2, points: 3, scale: .log).isLogarithmic)
    #expect(!SweepAxis("x", from: 1, to: 2000, points: 3).isLogarithmic)
    #expect(SweepAxis("x", values: [1, 3, 30]).isLogarithmic)
    #expect(!SweepAxis("x", values: [1, 3, 10]).isLogarithmic)
    #expect(!SweepAxis("x", values: [0, 3, 30]).isLogarithmic)
  }

  /// Every result comes with its own owner, from two readings of the store.
  @Test func ownersOfResults() throws {
    let sample = try StoreSample()
    try sample.store().save(sample.payload, for: StoreSample.key(1), summary: StoreSample.summary(1))
    let other = Provenance(ness: "0.1.0", engine: "3", machine: "abacus", command: "ness run c.yaml", text: "other")
    let store = try ResultStore(directory: "\(sample.directory.path)/deep/store", provenance: other) {
      Issue.record("\($0)")
    }
    try store.save(sample.payload, for: StoreSample.key(2), summary: StoreSample.summary(2))
    let owned = try store.ownedResults()
    #expect(owned.count == 2)
    let owners = Dictionary(uniqueKeysWithValues: owned.map { ($0.result.digest, $0.provenance) })
    #expect(owners[StoreSample.key(1).digest] == StoreSample.provenance)
    #expect(owners[StoreSample.key(2).digest] == other)
  }
}
