import NessFiles
import NessModel
import NessStatistics
import NessStudy
import Testing

/// What thermodynamics asks of every bath on every medium, by the best theory that there is.
@Suite("Laws of the catalogue: thermodynamics")
struct CataloguePhysicsTests {
  /// The current by the best theory; nil, with a reason, where theory refuses.
  private func current(_ entry: Entry, _ left: Double, _ right: Double) throws -> Estimate? {
    let experiment = try Experiment(
      medium: entry.medium,
      contacts: [
        Contact("left", AnyBath(entry.bath.base.at(temperature: left))),
        Contact("right", AnyBath(entry.bath.base.at(temperature: right))),
      ])
    let point = try Study(experiment, threads: 1).theory().points[0]
    let known = point.estimates.filter { $0.quantity == .heatCurrent }
    let best = known.bestTheory()
    #expect(best != nil || !point.refusals.isEmpty)
    return best?.estimate
  }

  @Test("Nothing flows between equal temperatures; else heat goes from hot to cold", arguments: Entry.all)
  func secondLaw(entry: Entry) throws {
    // Given jumps have no temperature, and reservoirs that only follow others none of their own.
    if entry.bath.base is JumpBath || entry.bath.base is SelfConsistentBath { return }
    let temperature = entry.bath.base.temperature
    guard let down = try current(entry, 2 * temperature, temperature) else {
      // Moves too narrow to reach the next level leave the steady state open; collisions at fixed times make it periodic.
      let bath = entry.bath.base
      #expect(
        (bath as? LindbladBath)?.coupling.word == "collision" || (bath as? AndersenBath)?.timing == .periodic)
      return
    }
    let up = try #require(try current(entry, temperature, 2 * temperature))
    #expect(down.value > 0 && up.value < 0)
    let none = try #require(try current(entry, temperature, temperature))
    #expect(abs(none.value) <= 1e-9 * down.value + none.error)
  }
}
