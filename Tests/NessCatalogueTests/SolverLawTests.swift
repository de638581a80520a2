import NessFiles
import NessModel
import NessStudy
import Testing

/// What holds for every solver of the catalogue, by what it offers alone.
@Suite("Laws of the catalogue: solvers and questions")
struct SolverLawTests {
  /// A solver that answers without sampling, one of its methods, and a model of its medium.
  struct Case: Sendable, CustomTestStringConvertible {
    let solver: any Solver
    let method: NessModel.Method
    let entry: Entry
    let model: AnyModel

    var testDescription: String { "\(method.rawValue) of \(entry.testDescription)" }

    func answer(_ questions: Questions) throws -> Answer {
      try solver.answer(questions, of: model, by: method, WorkWatch())
    }
  }

  /// Different temperatures, so that there is something to answer; the bath of the entry is the left one.
  private static func model(_ entry: Entry) -> AnyModel? {
    let cold = entry.companion.base.at(temperature: 0.5 * entry.companion.base.temperature)
    var medium = entry.medium
    // Methods that need levels get few of them.
    if medium.parameters.contains(where: { $0.name == "levels" }) { _ = medium.set("levels", to: 4) }
    return try? Experiment(
      medium: medium, contacts: [Contact("left", entry.bath), Contact("right", AnyBath(cold))]
    ).points()[0].model
  }

  static let cases: [Case] = Entry.all.flatMap { entry -> [Case] in
    guard let model = model(entry) else { return [] }
    return SolverCatalogue.theories(of: type(of: entry.medium.base)).flatMap { solver in
      solver.methods.map { Case(solver: solver, method: $0, entry: entry, model: model) }
    }
  }

  @Test("Every medium has a solver; it is simulated if one of them samples")
  func everyMediumIsSolved() {
    for medium in Catalogue.media {
      #expect(SolverCatalogue.solvers.contains { $0.isFor(medium) }, "\(medium.kind.key)")
      let (isSimulated, isSampled) = (SolverCatalogue.simulator(of: medium) != nil, medium.isSampled)
      #expect(isSimulated == isSampled)
    }
    // A method belongs to one solver of a medium, and its families are told apart.
    for entry in Self.cases {
      let others = SolverCatalogue.theories(of: type(of: entry.entry.medium.base)).flatMap(\.methods)
      #expect(Set(others).count == others.count)
      let families = entry.solver.offers(of: entry.method, for: entry.model).map(\.family)
      #expect(!families.isEmpty && Set(families).count == families.count)
      #expect(entry.solver.expectedSeconds(.cheap, about: entry.model, by: entry.method) > 0)
    }
    #expect(Self.cases.count > 30)
  }

  @Test("A family asked alone is answered or refused, never silently absent", arguments: cases)
  func everyFamilyAlone(one: Case) throws {
    let whole = try one.answer(.all)
    for family in Quantity.Family.allCases {
      let answer = try one.answer(.only([family]))
      #expect(answer.entries.allSatisfy { $0.quantity.family == family && $0.method == one.method })
      let isRefused = answer.refusals.contains { $0.item == nil || $0.item == .family(family) }
      #expect(answer.entries.isEmpty == isRefused, "\(family): \(answer.refusals) \(answer.notes)")
      #expect(answer.entries == whole.entries.filter { $0.quantity.family == family }, "\(family)")
      // A member is what the family says of it; what the model has not is refused by name.
      guard let member = answer.entries.members.last else { continue }
      #expect(try one.answer(.only(member.quantity)).entries.members == [member])
      guard case .numbered = family.members, let far = Quantity("\(family.rawValue)[99999]") else { continue }
      let absent = try one.answer(.only(far))
      #expect(absent.entries.isEmpty && !(absent.refusals.isEmpty && absent.notes.isEmpty), "\(far)")
    }
  }

  @Test("What costs little is each of its families, joined", arguments: cases)
  func cheapIsTheSumOfItsFamilies(one: Case) throws {
    let cheap = try one.answer(.cheap)
    let offers = one.solver.offers(of: one.method, for: one.model)
    let families = offers.filter { $0.work == 0 }.map(\.family)
    let joined = try families.flatMap { try one.answer(.only([$0])).entries }
    #expect(Set(joined) == Set(cheap.entries) && joined.count == cheap.entries.count)
    let costly = Set(offers.filter { $0.work > 0 }.map(\.family))
    let all = try one.answer(.all)
    #expect(all.entries.filter { !costly.contains($0.quantity.family) } == cheap.entries)
    // Negative control: another method's families are not among them.
    #expect(try one.answer(.named([])).entries.isEmpty)
  }

  @Test("By name, each question is answered by someone or refused to the user", arguments: Entry.all)
  func everyoneIsTold(entry: Entry) throws {
    let model = try #require(Self.model(entry))
    for family in Quantity.Family.allCases {
      let answer = try SolverCatalogue.answer(.only([family]), of: model)
      // Of equations side by side each says why it does not answer, whatever the others do.
      let answered = Set(answer.entries.map(\.method))
      let isRefused =
        answered.isEmpty
        ? !answer.refusals.isEmpty : answer.refusals.allSatisfy { $0.item == nil && !answered.contains($0.method) }
      #expect(isRefused, "\(family): \(answer.refusals) \(answer.notes)")
      if !answered.isEmpty, !SolverCatalogue.theories(of: type(of: model.medium.base)).contains(where: \.isSideBySide) {
        #expect(answer.refusals.isEmpty, "\(family): \(answer.refusals)")
      }
      #expect(answer.refusals.allSatisfy { !$0.reason.isEmpty })
    }
  }

  @Test("A tiny simulation measures what it offers, and nothing else", arguments: Entry.all)
  func simulators(entry: Entry) throws {
    let medium = type(of: entry.medium.base)
    let isSampled = entry.medium.isSampled
    guard let simulator = SolverCatalogue.simulator(of: medium) else { return #expect(!isSampled) }
    let model = try #require(Self.model(entry))
    let request = RunSettings(replicas: 16, duration: 2000, burnIn: 1)
    let plan = try #require(try SolverCatalogue.plan(request, for: model, threads: 1))
    let answer = try plan.simulate(JobContext(threads: 1)).answer
    let offers = simulator.offers(of: .simulation, for: model)
    // What would be biased is not simulated, and that is said.
    if answer.entries.isEmpty { return #expect(answer.notes.contains { $0.contains("not simulated") }) }
    #expect(plan.cost > 0)
    for offer in offers {
      let members = answer.entries.members.map(\.quantity).filter { $0.family == offer.family }
      // A class or part that is too rarely visited is said to be left out.
      let isLeftOut = answer.notes.contains { $0.contains("left out") }
      // Responses and correlations are measured by runs of their own, where they are named.
      if Study.besides.contains(offer.family) { continue }
      #expect(members.isEmpty == (offer.reason != nil) || isLeftOut, "\(offer.family)")
      #expect(members.allSatisfy { offer.reason(against: .member($0)) == nil }, "\(offer.family)")
    }
    #expect(answer.entries.allSatisfy { entry in offers.contains { $0.family == entry.quantity.family } })
  }
}
