import NessFiles
import NessKinetic
import NessLindblad
import NessLinear
import NessMath
import NessModel

/// The only list of solvers. Which medium each is for follows from its type; whoever needs an answer, a plan of a simulation or
/// a prediction of work asks here.
package enum SolverCatalogue {
  /// The solvers, those that simulate among them. Several of one medium are asked in this order.
  package static let solvers: [any Solver] = [
    TrajectorySimulator(),
    LinearSolver(),
    NetworkSimulator(),
    NetworkSolver(),
    DrivenSimulator(),
    DrivenSolver(),
    KineticSimulator(),
    RenewalSolver(),
    KernelSolver(),
    LindbladSolver(),
    GasEquations(),
    LevelEquations(),
    DrivenLevelEquations(),
  ]

  /// The engines of all solvers.
  package static let engines = solvers.reduce(into: [EngineVersion]()) { known, solver in
    let all = (type(of: solver) as? any Simulator.Type)?.engines ?? [type(of: solver).engine]
    known += all.filter { !known.contains($0) }
  }

  /// The solvers of a medium that answer without sampling.
  package static func theories(of medium: any Medium.Type) -> [any Solver] {
    solvers.filter { $0.isFor(medium) && !($0 is any Simulator) }
  }

  /// The solver that simulates a medium; nil for one that is computed exactly.
  package static func simulator(of medium: any Medium.Type) -> (any Simulator)? {
    solvers.lazy.filter { $0.isFor(medium) }.compactMap { $0 as? any Simulator }.first
  }

  /// The solver that simulates a model; nil for one that is computed exactly.
  package static func simulator(for model: AnyModel) -> (any Simulator)? {
    model.medium.base.isQuantum ? nil : simulator(of: type(of: model.medium.base))
  }

  /// The engines that simulate a model, or stand for that.
  static func simulatingEngines(of model: AnyModel) -> [EngineVersion] {
    if let simulator = simulator(for: model) { return simulator.engines(for: model) }
    return theories(of: type(of: model.medium.base)).first.map { [type(of: $0).engine] } ?? []
  }

  /// How a model is to be simulated: completes what an experiment file leaves open; nil for a medium that is computed exactly.
  ///
  /// - Throws: `Refusal` if the request can never end or cannot be simulated.
  package static func plan(
    _ request: RunSettings, for model: AnyModel, threads: Int, checksStep: Bool = false
  ) throws(Refusal) -> SimulationPlan? {
    try simulator(for: model)?.plan(
      request, for: model, threads: threads, checksStep: checksStep)
  }
}

// MARK: theory

extension SolverCatalogue {
  /// Largest total of pairs of sites over the points of a study for which what costs work is answered unasked.
  private static let unaskedBudget = 1e5

  /// What is answered of some models where nobody names anything: all of it where that takes next to no time.
  package static func unasked(about models: some Sequence<AnyModel>) -> Questions {
    let work = models.reduce(0.0) { sum, model in
      let works = methods(nil, for: model).map { entry in
        entry.solver.offers(of: entry.method, for: model).filter { !$0.family.isOnRequest }.reduce(0) { $0 + $1.work }
      }
      return sum + (works.max() ?? 0)
    }
    return work < unaskedBudget ? .usual : .cheap
  }

  /// Predicted time of theory of a model by its usual methods, on a usual core [s].
  package static func expectedSeconds(_ questions: Questions, about model: AnyModel) -> Double {
    methods(nil, for: model).reduce(0) { $0 + $1.solver.expectedSeconds(questions, about: model, by: $1.method) }
  }

  /// The heat current of a model by the first of its usual methods, where that takes a moment; nil otherwise.
  package static func quickCurrent(of model: AnyModel) -> Double? {
    guard let first = methods(nil, for: model).first,
      first.solver.expectedSeconds(.only(.heatCurrent), about: model, by: first.method) < quickSeconds
    else { return nil }
    let answer = try? first.solver.answer(.only(.heatCurrent), of: model, by: first.method, WorkWatch())
    return answer?.estimate(.heatCurrent, by: first.method)?.value
  }

  /// What takes a moment [s].
  private static let quickSeconds = 2.6e-3

  /// The methods of theory that answer a model: those that were asked for, or the usual ones and some more.
  private static func methods(
    _ asked: Set<NessModel.Method>?, also more: Set<NessModel.Method> = [], for model: AnyModel
  ) -> [(solver: any Solver, method: NessModel.Method, isRefusalTold: Bool)] {
    let found = theories(of: type(of: model.medium.base)).flatMap { solver in
      let usual = solver.usualMethods(for: model)
      let wanted = asked ?? more.union(usual)
      return solver.methods.filter(wanted.contains).map {
        (solver: solver, method: $0, isRefusalTold: $0 == usual.first || solver.isSideBySide && usual.contains($0))
      }
    }
    let order = NessModel.Method.allCases
    return found.sorted { (order.firstIndex(of: $0.method) ?? 0) < (order.firstIndex(of: $1.method) ?? 0) }
  }

  /// The answers of a model without sampling.
  ///
  /// - Parameters:
  ///   - questions: what is asked.
  ///   - asked: methods that were asked for; nil for those that are usual.
  ///   - more: methods that are to answer beside the usual ones, where they apply.
  ///   - isBesideSimulation: whether the model is simulated as well, so that what that answers is answered.
  ///   - watch: told the part of the work that is done, asked whether to stop with `Interrupted`.
  /// - Returns: the answer with the refusals that the user should see: of methods and quantities that were asked for by
  ///   name, or of a theory that breaks down. A theory that fails is one of them, whatever the failure: it leaves the others
  ///   and the simulation alone.
  /// - Throws: `Interrupted`.
  package static func answer(
    _ questions: Questions, of model: AnyModel, by asked: Set<NessModel.Method>? = nil,
    also more: Set<NessModel.Method> = [], besideSimulation isBesideSimulation: Bool = false,
    _ watch: WorkWatch = WorkWatch()
  ) throws -> Answer {
    let methods = methods(asked, also: more, for: model)
    let seconds = methods.map { $0.solver.expectedSeconds(questions, about: model, by: $0.method) }
    let whole = seconds.reduce(0, +)
    var (answer, failures, refused, done) = (Answer(), [Refusal](), [Refusal](), 0.0)
    for (entry, seconds) in zip(methods, seconds) {
      do {
        let part = watch.part(from: done / whole, to: (done + seconds) / whole)
        done += seconds
        var found = try entry.solver.answer(questions, of: model, by: entry.method, part)
        refused += found.refusals
        // Unasked, a method that does not apply is simply absent; a theory that breaks down is always said.
        found.refusals.removeAll { $0.item != nil || (asked == nil && !entry.isRefusalTold) }
        answer.append(found)
      } catch QuadratureError.stopped {
        throw Interrupted()
      } catch let interrupted as Interrupted {
        throw interrupted
      } catch {
        failures.append(Refusal(entry.method, "the computation failed: \(error)"))
      }
    }
    let unanswered = Unanswered(
      model: model, methods: methods.map(\.method), areNamed: asked != nil, refused: refused + failures,
      isBesideSimulation: isBesideSimulation)
    for refusal in failures + questions.items.flatMap(unanswered.refusals) + foreign(asked, to: model)
    where !answer.refusals.contains(where: { $0.method == refusal.method && $0.reason == refusal.reason }) {
      answer.refusals.append(refusal)
    }
    return answer
  }

  /// What the usual methods of theory will claim for a model, and which of the questions they will refuse and why: known before
  /// any work. Of methods that simply do not apply nothing is said, as in an answer.
  package static func prospects(
    _ questions: Questions, of model: AnyModel
  ) -> (claims: [MethodClaim], refusals: [Refusal]) {
    var (claims, refusals): ([MethodClaim], [Refusal]) = ([], [])
    for entry in methods(nil, for: model) {
      let against = entry.solver.refusals(questions, of: model, by: entry.method)
      let isRefused = against.contains { $0.item == nil }
      if isRefused && !entry.isRefusalTold { continue }
      refusals += against
      if !isRefused, let claim = entry.solver.claim(of: entry.method, for: model) {
        claims.append(MethodClaim(entry.method, claim))
      }
    }
    return (claims, refusals)
  }

  /// Most sites times baths of a model whose theory is asked between the points of a sweep: a fifth of a second each.
  private static let mostWorkAskedBetween = 50_000

  /// What a theory answers of a model between the points of a sweep; nil where that would take long.
  static func answerBetween(
    _ questions: Questions, of model: AnyModel, by method: NessModel.Method
  ) throws -> Answer? {
    guard model.medium.sites * (model.attachments.count) <= mostWorkAskedBetween else { return nil }
    return try answer(questions, of: model, by: [method])
  }

  /// The heat current of a model by a theory; nil where that refuses or would take long.
  static let heatCurrent: HeatCurrentTheory = { model, method in
    try answerBetween(.only(.heatCurrent), of: model, by: method)?.estimate(.heatCurrent, by: method)
  }

  /// Refusals of methods that no solver of this medium knows.
  private static func foreign(_ asked: Set<NessModel.Method>?, to model: AnyModel) -> [Refusal] {
    guard let asked else { return [] }
    let known = theories(of: type(of: model.medium.base)).flatMap(\.methods)
    let names = NessModel.Method.allCases.filter(known.contains).map(\.rawValue).joined(separator: ", ")
    let title = model.medium.kind.title.lowercased()
    return NessModel.Method.allCases.filter { asked.contains($0) && !known.contains($0) }
      .map { Refusal($0, "it does not apply to a \(title), which \(names) answer") }
  }
}

// MARK: questions of a file

extension SolverCatalogue {
  /// Refuses an experiment that asks by name for a quantity that no solver answers at any of its points.
  ///
  /// - Throws: `ExperimentError` with every such quantity at its place in the file.
  package static func check(_ experiment: Experiment) throws(ExperimentError) {
    let items = experiment.quantities?.items ?? []
    let faults = items.enumerated().compactMap { index, item -> FileFault? in
      var reason: String?
      for point in experiment.points() {
        for offer in offers(of: item.family, for: point.model) {
          guard let against = offer.reason(against: item) else { return nil }
          reason = reason ?? against
        }
      }
      let kind = experiment.medium.solved.kind.key
      if let reason {
        return experiment.fault(
          ofQuestion: index, found: "\(item)", expected: "a quantity that this model has", remedy: reason)
      }
      let known = experiment.points().first.map { families(of: $0.model) } ?? []
      return experiment.fault(
        ofQuestion: index, found: "\(item)",
        expected:
          "a quantity that is answered for a \(experiment.drive == nil ? "" : "driven ")medium of kind \(kind): \(known.map(\.rawValue).joined(separator: ", "))"
      )
    }
    if !faults.isEmpty { throw ExperimentError(faults: faults) }
  }

  /// What is answered for a medium, method by method, the simulation first.
  package static func answers(for medium: any Medium.Type) -> [CatalogueSchema.Answers] {
    // Every offer names all families that the method ever answers, so any model tells them.
    let bath = Catalogue.baths(touching: medium).first.map { AnyBath($0.example) }
    guard let bath,
      let experiment = try? Experiment(
        medium: AnyMedium(medium.example), contacts: [Contact("left", bath), Contact("right", bath)]),
      let model = experiment.points().first?.model
    else { return [] }
    return solvers.flatMap { solver in
      solver.isFor(medium)
        ? solver.methods.map { method in
          let offers = solver.offers(of: method, for: model)
          return CatalogueSchema.Answers(
            method, quantities: offers.filter { $0.work == 0 && !$0.family.isOnRequest }.map(\.family),
            costly: offers.filter { $0.work > 0 || $0.family.isOnRequest }.map(\.family))
        } : []
    }
  }

  /// What is offered of a family for a model, by all methods.
  private static func offers(of family: Quantity.Family, for model: AnyModel) -> [Offer] {
    solvers.flatMap { solver in
      solver.methods.flatMap { solver.offers(of: $0, for: model) }.filter { $0.family == family }
    }
  }

  /// All families that are answered for a model, by any method.
  private static func families(of model: AnyModel) -> [Quantity.Family] {
    Quantity.Family.allCases.filter { !offers(of: $0, for: model).isEmpty }
  }
}

/// What is to be said of quantities that were asked for by name and have no answer.
private struct Unanswered {
  let model: AnyModel
  /// The methods that were asked.
  let methods: [NessModel.Method]
  /// Whether the user named them.
  let areNamed: Bool
  /// What they refused, all of it.
  let refused: [Refusal]
  let isBesideSimulation: Bool

  private var solvers: [any Solver] { SolverCatalogue.solvers.filter { $0.isFor(type(of: model.medium.base)) } }

  /// All methods of the medium that answer a family, the simulation last.
  private func others(_ item: Questions.Item) -> String {
    let known = solvers.flatMap { solver in
      solver.methods.filter { solver.offers(of: $0, for: model).contains { $0.family == item.family } }
    }
    return (known.filter { $0 != .simulation } + known.filter { $0 == .simulation }).map(\.rawValue)
      .joined(separator: ", ")
  }

  private func offers(_ item: Questions.Item, by method: NessModel.Method) -> Offer? {
    solvers.first { $0.methods.contains(method) }?.offers(of: method, for: model).first { $0.family == item.family }
  }

  /// The refusals of a question that the user should see; none if it is answered, or if what is said already tells why not.
  func refusals(_ item: Questions.Item) -> [Refusal] {
    let against = refused.filter { $0.item == nil || $0.item == item }
    if areNamed {
      return against.filter { $0.item == item }.map { refusal in
        let isForeign = offers(item, by: refusal.method) == nil
        return Refusal(
          refusal.method, refusal.reason + (isForeign ? "; answered by: \(others(item))" : ""), to: item)
      }
    }
    let simulated = offers(item, by: .simulation)
    if methods.contains(where: { method in !against.contains { $0.method == method } }) {
      // Why a column stays empty that the simulation of other systems fills.
      guard isBesideSimulation, let reason = simulated?.reason(against: item) else { return [] }
      return [Refusal(.simulation, "\(item): \(reason)", to: item)]
    }
    if isBesideSimulation {
      guard let simulated else {
        return [Refusal(.simulation, "\(item): the simulation of this medium does not measure it", to: item)]
      }
      return simulated.reason(against: item).map { [Refusal(.simulation, "\(item): \($0)", to: item)] } ?? []
    }
    // The reason of a method that would answer it; of one that refuses everything, that.
    if let method = methods.first(where: { offers(item, by: $0) != nil }) {
      return against.filter { $0.method == method }.prefix(1).map { Refusal(method, $0.reason, to: item) }
    }
    if let reason = simulated?.reason(against: item) { return [Refusal(.simulation, "\(item): \(reason)", to: item)] }
    if simulated != nil {
      return [Refusal(.simulation, "\(item) is measured by simulation alone: ness run", to: item)]
    }
    let known = others(item)
    let words =
      known.isEmpty ? "no solver of this medium answers \(item)" : "\(item) is answered by \(known), by name only"
    return methods.prefix(1).map { Refusal($0, words, to: item) }
  }
}
