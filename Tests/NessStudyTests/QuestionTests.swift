import NessFiles
import NessModel
import NessStore
import NessStudy
import NessTestSupport
import Testing

@Suite("A study answers what it is asked")
struct QuestionTests {
  private static func experiment(_ quantities: Questions?) throws -> Experiment {
    let base = try Sample.experiment()
    return try Experiment(
      title: base.title, medium: base.medium, contacts: base.contacts, quantities: quantities, run: base.run,
      sweep: base.sweep)
  }

  private static func text(_ quantities: String, sites: Int = 3) -> String {
    """
    medium: {kind: chain, sites: \(sites), pinning: 1}
    baths:
      left: {kind: langevin, temperature: 2, friction: 1}
      right: {kind: langevin, temperature: 1, friction: 1}
    quantities:
      - heatCurrent
      - \(quantities)
    """
  }

  @Test("What is not asked is not shown, but kept: keys do not depend on the question")
  func shownAndKept() throws {
    let directory = try TemporaryDirectory()
    let (all, some) = (try Self.experiment(nil), try Self.experiment(.only([.kineticTemperature])))
    let point = all.points()[0]
    #expect(Study(all, threads: 1).key(of: point) == Study(some, threads: 1).key(of: point))
    let first = try Study(some, threads: 1).run(in: Sample.runContext(directory.store())).document
    for result in first.points {
      #expect(Set(result.estimates.map(\.quantity.family)) == [.kineticTemperature])
      #expect(result.estimates.contains { $0.method == .simulation })
    }
    #expect(first.verdicts.isEmpty)
    // The other question finds the simulation in the store, whole.
    let whole = try Study(all, threads: 1).run(in: Sample.runContext(nil)).document
    let again = try Study(all, threads: 1).run(in: Sample.runContext(directory.store())).document
    #expect(again == whole)
    #expect(try directory.results().count == all.points().count)
    let shown = whole.points.map { $0.estimates.filter { $0.quantity.family == .kineticTemperature } }
    #expect(first.points.map(\.estimates) == shown)
    #expect(try StoredStudy(of: some, in: directory.store()).document(threads: 1).points == first.points)
  }

  @Test("A profile is asked by name however long the chain is, and unasked where it costs little")
  func costs() throws {
    func profile(_ sites: Int, _ quantities: Questions?) throws -> Bool {
      let experiment = try Experiment(
        medium: .init(Chain(sites: sites, pinning: 1)),
        contacts: [Contact("left", AnyBath(Sample.langevin(2))), Contact("right", AnyBath(Sample.langevin(1)))],
        quantities: quantities)
      return try Study(experiment, threads: 1).theory().points[0].estimates.members.contains {
        $0.quantity == .kineticTemperature(site: 2)
      }
    }
    #expect(try profile(3, nil) && !profile(400, nil))
    #expect(try profile(400, .only(.kineticTemperature(site: 2))) && !profile(3, .only([.heatCurrent])))
    #expect(try !profile(3, .cheap) && profile(3, .all))
  }

  @Test("What no solver answers for the medium is a fault of the file, at its line")
  func faults() throws {
    func fault(_ name: String, sites: Int = 3) throws -> String? {
      let experiment = try Experiment(yaml: Self.text(name, sites: sites), file: "f.yaml")
      do {
        try SolverCatalogue.check(experiment)
        return nil
      } catch {
        // The study says the same before any work.
        #expect(throws: error) { try Study(experiment, threads: 1).theory() }
        return error.faults.map(\.description).joined(separator: "\n")
      }
    }
    let capacity = try #require(try fault("heatCapacity"))
    #expect(
      capacity.hasPrefix("f.yaml:7:5: quantities[1]: found heatCapacity, expected a quantity that is answered for"))
    #expect(capacity.contains("of kind chain: heatCurrent, heatFrom, bondHeatCurrent"))
    let site = try #require(try fault("kineticTemperature[4]"))
    #expect(site.hasPrefix("f.yaml:7:5: quantities[1]: found kineticTemperature[4]") && site.contains("[1] to [3]"))
    #expect(try fault("bondHeatCurrent", sites: 1)?.contains("one site has no bond") == true)
    #expect(try fault("kineticTemperature[3]") == nil && fault("heatFrom.left") == nil)
    #expect(try fault("effectiveFriction")?.contains("there is no particle bath") == true)
  }

  @Test("A question that a method cannot answer is refused, if either was named")
  func refusals() throws {
    let model = AnyModel(try Sample.chain(sites: 3, left: Sample.particles(2), right: Sample.langevin(1)))
    func answer(
      _ questions: Questions, by methods: Set<NessModel.Method>? = nil, besideSimulation: Bool = false
    ) throws -> Answer {
      try SolverCatalogue.answer(questions, of: model, by: methods, besideSimulation: besideSimulation)
    }
    let friction = try answer(.only([.effectiveFriction]))
    #expect(friction.refusals.isEmpty && Set(friction.entries.map(\.method)) == [.printed, .corrected])
    let byMarkov = try answer(.only([.effectiveFriction]), by: [.markov])
    #expect(byMarkov.entries.isEmpty && byMarkov.refusals.map(\.method) == [.markov])
    #expect(byMarkov.refusals.first?.reason.contains("printed, corrected") == true)
    // What is simulated alone is told by theory, and not beside a simulation.
    let displacement = try answer(.only([.meanDisplacement]))
    #expect(displacement.refusals.map(\.method) == [.simulation] && displacement.entries.isEmpty)
    #expect(try answer(.only([.meanDisplacement]), besideSimulation: true).refusals.isEmpty)
    #expect(try answer(.only([.population])).refusals.first?.reason.contains("no solver of this medium") == true)
    // Unasked, nobody is told of what does not apply.
    #expect(try answer(.cheap).refusals.isEmpty && answer(.all).refusals.isEmpty)
  }
}
