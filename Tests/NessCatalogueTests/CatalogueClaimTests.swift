import Foundation
import NessFiles
import NessModel
import NessStatistics
import NessStudy
import Testing

/// What every answer claims to be, on every medium with every bath.
@Suite("Laws of the catalogue: claims")
struct CatalogueClaimTests {
  private func document(_ entry: Entry, methods: Set<NessModel.Method>? = nil) throws -> ResultDocument {
    let hotter = AnyBath(entry.bath.base.at(temperature: 1.5 * entry.bath.base.temperature))
    let experiment = try Experiment(
      medium: entry.medium, contacts: [Contact("left", hotter), Contact("right", entry.companion)],
      run: RunSettings(seed: 1, replicas: 16, duration: 20))
    return try Study(experiment, threads: 1).theory(methods: methods)
  }

  @Test("Every number has the claim of its solver, and records keep it", arguments: Entry.all)
  func everyNumberClaims(entry: Entry) throws {
    let document = try document(entry)
    for one in document.points[0].estimates {
      #expect(one.claim != .unstated(one.method), "\(one.quantity) \(one.method)")
      #expect(one.claim.validity != .sampled && (one.claim.validity == .printed) == (one.method == .printed))
    }
    #expect(try ResultDocument(json: document.json()) == document)
    #expect(document.methods.map(\.method) == document.methods.rankedMethods())
    #expect(document.verdicts.allSatisfy { $0.validity == document.claim(of: $0.method).validity })
  }

  /// If two methods claim to be exact for one model, their numbers are the same to their bounds. (Asked for all methods, so
  /// that a second one answers where it can.)
  @Test("Exact answers agree with one another", arguments: Entry.all)
  func exactAnswersAgree(entry: Entry) throws {
    let exact = try document(entry, methods: Set(NessModel.Method.allCases)).points[0].members.filter(\.claim.isExact)
    for (quantity, group) in Dictionary(grouping: exact, by: \.quantity) {
      for other in group.dropFirst() {
        let difference = abs(group[0].estimate.value - other.estimate.value)
        #expect(difference <= group[0].estimate.error + other.estimate.error, "\(quantity)")
      }
    }
    if entry.bath.base is MaxwellBath { #expect(Set(exact.map(\.method)) == [.renewal, .kernel]) }
    // Of these no theory is exact, whatever is asked.
    if entry.bath.base is ParticleBath || entry.bath.base is LindbladBath { #expect(exact.isEmpty) }
  }

  @Test("A simulation is sampled, and so is one that was kept without a claim", arguments: Entry.all)
  func simulationsAreSampled(entry: Entry) throws {
    let experiment = try Experiment(
      medium: entry.medium, contacts: [Contact("left", entry.bath), Contact("right", entry.companion)],
      run: RunSettings(seed: 1, replicas: 16, duration: 40))
    guard experiment.medium.isSampled else { return }
    var context = Study.RunContext(store: nil, onProgress: { _ in }, onNote: { _ in }, shouldStop: { false })
    context.wantsTheory = false
    context.wantsForecast = false
    let document = try Study(experiment, threads: 1).run(in: context).document
    let simulated = document.points[0].estimates.filter { $0.method == .simulation }
    // Moves that make very long flights are not simulated for so short a time.
    #expect(simulated.isEmpty == document.points[0].notes.contains { $0.hasPrefix("not simulated") })
    #expect(simulated.allSatisfy { $0.claim.validity == .sampled && $0.claim != .unstated(.simulation) })
    #expect(Set(simulated.map(\.claim)).count <= 1)
    #expect(try ResultDocument(json: document.json()) == document)
  }
}
