import NessFiles
import NessModel
import NessStore
import NessStudy
import NessStudyTestSupport
import NessTestSupport
import Testing

@Suite struct StoredStudyTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  private static let box = """
    title: A box
    medium: {kind: box, length: 1.0}
    baths:
      left: {kind: maxwell, temperature: 20.0}
      right: {kind: maxwell, temperature: 5.0}
    run: {replicas: 32, duration: 300.0}
    sweep: {parameter: baths.right.temperature, values: [2.0, 8.0, 14.0]}
    """

  private func store(_ text: String?, engine: String = EngineVersion.all.text, file: String? = "box.yaml") throws
    -> ResultStore
  {
    let provenance = Provenance(
      ness: "test", engine: engine, machine: "test", command: "ness run box.yaml", file: file, text: text)
    return try ResultStore(directory: directory.path, provenance: provenance) { Issue.record("\($0)") }
  }

  /// Runs the text of a file, at some of its points.
  @discardableResult private func run(_ text: String, at points: [Int]? = nil) throws -> ResultDocument {
    var experiment = try Experiment(yaml: text, file: "box.yaml")
    if let points { experiment = try experiment.at(points) }
    let study = RefinedStudy(Study(experiment, threads: 2))
    return try study.run(in: Sample.runContext(store(text))).document
  }

  private func only() throws -> StoredStudy {
    let all = try StoredStudy.all(in: store(nil))
    try #require(all.count == 1)
    return all[0]
  }

  /// What was printed by the run is what the store gives back, to the bit.
  @Test func theDocumentIsThatOfTheRun() throws {
    let printed = try run(Self.box)
    let study = try only()
    #expect(study.title == "A box" && study.points == 3 && study.finished == 3 && study.fileText == Self.box)
    #expect(study.parameters == ["baths.right.temperature"] && study.started != nil)
    let document = try study.document(threads: 2)
    #expect(try document.json() == printed.json())
    #expect(document.points.allSatisfy { $0.run != nil } && !document.verdicts.isEmpty)
    #expect(study.entries.allSatisfy { $0.provenance?.command == "ness run box.yaml" })
  }

  /// What runs beside those of the points gave comes back as well.
  @Test func runsBeside() throws {
    let text = """
      title: A chain
      medium: {kind: chain, sites: 3, pinning: 1.0}
      baths:
        left: {kind: langevin, temperature: 2.0, friction: 1.0}
        right: {kind: langevin, temperature: 1.0, friction: 1.0}
      quantities: [heatCurrent, currentCorrelation, "response[medium.spring]"]
      run: {replicas: 16, duration: 300.0, burnIn: 20.0}
      """
    let printed = try run(text)
    let document = try only().document(threads: 2)
    #expect(document.points[0].estimates == printed.points[0].estimates)
    let simulated = document.points[0].estimates.filter { $0.method == .simulation }.map(\.quantity.family)
    #expect(Set(simulated).isSuperset(of: [.heatCurrent, .currentCorrelation, .response]), "\(simulated)")
    // Figures of curves ask for all.
    let drawn = try only().document(threads: 2, questions: .all).points[0].estimates
    #expect(drawn.contains { $0.method == .simulation && $0.quantity.family == .currentCorrelation })
  }

  /// A point without a simulation has theory alone, and nothing is simulated.
  @Test func missingPointsHaveTheory() throws {
    try run(Self.box, at: [1])
    let study = try only()
    let document = try study.document(threads: 1)
    #expect(document.points.map { $0.run != nil } == [false, true, false])
    #expect(document.points.allSatisfy { $0.estimates.contains { $0.method == .renewal } })
    #expect(try store(nil).results().count == 1)
  }

  /// Equal physics is found whatever file it was computed from; texts that differ are studies of their own.
  @Test func studiesAreToldApartByTheirText() throws {
    try run(Self.box)
    let other = Self.box.replacing("A box", with: "Another box").replacing("14.0", with: "12.0")
    let made = try Experiment(yaml: other, file: "other.yaml")
    let before = try StoredStudy(of: made, in: store(nil))
    #expect(before.entries.isEmpty && before.title == "Another box")
    #expect(try before.document(threads: 1).points.map { $0.run != nil } == [true, true, false])
    try run(other)
    let all = try StoredStudy.all(in: store(nil))
    #expect(all.map(\.title).sorted() == ["A box", "Another box"])
    #expect(Set(all.map(\.identifier)).count == 2 && all.contains { $0.identifier == before.identifier })
    // What was there before was not computed again, and stays with the study that it was computed for.
    #expect(all.first { $0.title == "Another box" }?.finished == 1)
    #expect(all.map { $0.started ?? "" } == all.map { $0.started ?? "" }.sorted(by: >))
  }

  /// The points that a search adds are part of the study, of simulation and of theory alone.
  @Test func refinedPointsAreFound() throws {
    let text = Self.box.replacing("values: [2.0, 8.0, 14.0]", with: "values: [1.0, 4.0, 14.0], refine: maximum")
      .replacing("duration: 300.0", with: "targetError: 0.01")
    let experiment = try Experiment(yaml: text, file: "box.yaml")
    let theory = try StoredStudy(of: experiment, in: nil).document(threads: 2)
    #expect(theory == (try RefinedStudy(Study(experiment, threads: 2)).theory()))
    #expect(theory.points.count > 3)
    let printed = try run(text)
    #expect(printed.points.count > 3)
    #expect(try only().document(threads: 2) == printed)
    // With one of the points lost the search ends there instead of going on by theory.
    let store = try store(nil)
    let added = try #require(
      store.results().first { ![1, 4, 14].contains($0.summary.parameters[0].value) })
    try store.remove([added])
    let rest = try only().document(threads: 2)
    #expect(rest.points.allSatisfy { $0.run != nil } || rest.points.count <= printed.points.count)
    #expect(!rest.points.contains { $0.run != nil && $0.parameters[0].value == added.summary.parameters[0].value })
  }

  /// Results of another version are not found by what they were computed from; they are shown and told.
  @Test func resultsOfOtherVersionsAreTold() throws {
    try run(Self.box)
    let current = try store(nil).results()
    let details = try current.map { try store(nil).detail(of: $0) }
    let old = try store(Self.box, engine: "0")
    try old.remove(current)
    for (detail, result) in zip(details, current) {
      guard case .point(let point)? = detail.content else { continue }
      try old.save(
        point, for: CacheKey([.text("old", result.digest), .whole("engine.kinetic", 0)]), summary: result.summary)
    }
    let document = try only().document(threads: 1)
    #expect(document.points.count == 3 && document.points.allSatisfy { $0.run != nil })
    #expect(
      document.points.allSatisfy {
        $0.notes.contains { $0.hasPrefix("simulated by Ness test, engine kinetic 0: ") }
      })
  }

  @Test func namesThatDoNotFit() throws {
    let nothing = #expect(throws: StoredStudyError.self) { try StoredStudy.named("abc", in: store(nil)) }
    #expect(nothing?.remedy == "ness run FILE.yaml computes and keeps them")
    try run(Self.box, at: [0])
    let study = try only()
    #expect(try StoredStudy.named(String(study.identifier.prefix(5)).uppercased(), in: store(nil)).title == "A box")
    let unknown = #expect(throws: StoredStudyError.self) { try StoredStudy.named("zz", in: store(nil)) }
    #expect(unknown?.description == "no study is named zz (ness plot --list shows their names)")
    #expect(throws: StoredStudyError.self) { try StoredStudy.named("", in: store(nil)) }
  }

  /// A text that cannot be read any more leaves the numbers without theory; no text and no point is a reason in words.
  @Test func unreadableTexts() throws {
    try run(Self.box)
    let details = try store(nil).results().map { try store(nil).detail(of: $0) }
    try store(nil).remove(details.map(\.result))
    let broken = try store("medium: {kind: torus}")
    for detail in details {
      guard case .point(let point)? = detail.content else { continue }
      try broken.save(point, for: CacheKey([.text("x", detail.result.digest)]), summary: detail.result.summary)
    }
    let study = try only()
    let error = #expect(throws: StoredStudyError.self) { try study.experiment() }
    #expect(error?.reason.contains("medium.kind") == true && error?.remedy.hasPrefix("ness show ") == true)
    let document = try study.document(threads: 1)
    #expect(document.points.map { $0.parameters.map(\.value) } == [[2], [8], [14]])
    #expect(document.points.allSatisfy { $0.estimates.allSatisfy { $0.method == .simulation } })
    #expect(document.notes.first?.hasPrefix("without theory: ") == true)
  }

  /// Smooth theory runs through the points of the study; whole numbers have nothing between.
  @Test func numbersForFigures() throws {
    let experiment = try Experiment(yaml: Self.box, file: "box.yaml")
    let numbers = try StoredStudy(of: experiment, in: nil).numbers(threads: 2)
    let places = numbers.curves.map { $0.parameters[0].value }
    #expect(places.count >= 80 && places == places.sorted() && Set([2, 8, 14]).isSubset(of: places))
    for point in numbers.document.points {
      let same = try #require(numbers.curves.first { $0.parameters == point.parameters })
      let exact = point.estimates.first { $0.quantity == .heatCurrent }
      #expect(same.estimates.first { $0.quantity == .heatCurrent } == exact)
    }
    #expect(numbers.spectra.isEmpty)
    let chain = try Experiment(
      medium: .init(Chain(sites: 3, pinning: 1)),
      contacts: [Contact("left", AnyBath(Sample.langevin(2))), Contact("right", AnyBath(Sample.langevin(1)))],
      sweep: Sweep(parameter: "medium.sites", values: [2, 3, 5, 9]))
    let whole = try StoredStudy(of: chain, in: nil).numbers(threads: 2)
    #expect(whole.curves.isEmpty && whole.spectra.map { $0.parameters[0].value } == [2, 3, 5, 9])
    #expect(whole.spectra.allSatisfy { $0.kind == .transmission && $0.method == .markov })
  }

  /// The shares of all frequencies are the whole, and equal temperatures have none.
  @Test func spectrumOfAQuantumBox() throws {
    let text = """
      medium: {kind: quantumBox, length: 1.0}
      baths:
        left: {kind: lindblad, temperature: 40.0, coupling: uniform, spectrum: metropolis}
        right: {kind: lindblad, temperature: 4.0, coupling: uniform, spectrum: metropolis}
      sweep: {parameter: baths.right.temperature, values: [4.0, 40.0]}
      """
    let study = try StoredStudy(of: Experiment(yaml: text, file: "q.yaml"), in: nil)
    let spectra = try study.numbers(threads: 1).spectra
    #expect(spectra.count == 1 && spectra[0].parameters[0].value == 4)
    #expect(spectra[0].points.first?.value == 0 && abs((spectra[0].points.last?.value ?? 0) - 1) < 1e-12)
  }
}
