/// Anything that answers questions about models of one medium.
///
/// A solver says what it answers, for which model and at what cost, before any work; it refuses what it cannot answer with the
/// reason. To write one: its methods, what each offers, its reasons to refuse, and `solve`. Everything else follows.
package protocol Solver: Sendable {
  /// The medium whose models it solves.
  associatedtype MediumType: Medium
  /// Version of its engine: raised with every change of a number or a bound (`EngineVersion`).
  static var engine: EngineVersion { get }
  /// Its methods, in the order of answers.
  static var methods: [Method] { get }
  /// The methods that answer a model where nobody names one, the leading one first: only its refusal is told then, for others
  /// simply do not apply (but see `isSideBySide`). Empty if another solver of the medium is the usual one.
  static func usualMethods(for model: Model<MediumType>) -> [Method]
  /// Whether the usual methods are equations that are set side by side, so that the refusal of each is told.
  static var isSideBySide: Bool { get }
  /// All families of quantities that a method ever answers, in the order of answers; of those that this model has none of, why.
  static func offers(of method: Method, for model: Model<MediumType>) -> [Offer]
  /// Predicted time of a method on a usual core [s]. It decides who comes first, no more: several times too large or too
  /// small does little harm.
  static func expectedSeconds(_ questions: Questions, about model: Model<MediumType>, by method: Method) -> Double
  /// All reasons of a method not to answer anything of a model, before any work.
  func refusals(of model: Model<MediumType>, by method: Method) -> [Refusal]
  /// What an answer by one of its methods claims to be for a model: the model sampled, exact, or an approximation and of what.
  func claim(of method: Method, for model: Model<MediumType>) -> Claim
  /// Answers by one of its methods, which does not refuse.
  ///
  /// - Parameters:
  ///   - wanted: the families that are asked for; what costs work need not be done for others, and what is found of them
  ///     is left out by who called.
  ///   - watch: asked and told where the work is long.
  /// - Throws: `Refusal` for a reason that is found only while solving; the error of a numerical method that fails within
  ///   its valid range.
  func solve(
    for wanted: Set<Quantity.Family>, of model: Model<MediumType>, by method: Method, _ watch: WorkWatch
  ) throws -> Answer
}

extension Solver {
  /// They are not.
  package static var isSideBySide: Bool { false }

  /// All of them.
  package static func usualMethods(for model: Model<MediumType>) -> [Method] { methods }

  /// Nothing is known: a tenth of a second.
  package static func expectedSeconds(
    _ questions: Questions, about model: Model<MediumType>, by method: Method
  ) -> Double { 0.1 }

  /// All reasons not to answer anything, by some methods or by the usual ones.
  package func refusals(of model: Model<MediumType>, by methods: [Method]? = nil) -> [Refusal] {
    Self.asked(methods, of: model).flatMap { refusals(of: model, by: $0) }
  }

  /// The methods that are asked: those named; the usual ones unless given, or all where it has none.
  private static func asked(_ named: [Method]?, of model: Model<MediumType>) -> [Method] {
    let usual = usualMethods(for: model)
    return methods.filter((named ?? (usual.isEmpty ? methods : usual)).contains)
  }

  /// All reasons of a method not to answer questions about a model, before any work: those against any answer, or else one
  /// for each question by name.
  package func refusals(_ questions: Questions, of model: Model<MediumType>, by method: Method) -> [Refusal] {
    let whole = refusals(of: model, by: method)
    return whole.isEmpty ? Self.refusals(questions, by: method, of: Self.offers(of: method, for: model)) : whole
  }

  private static func refusals(_ questions: Questions, by method: Method, of offers: [Offer]) -> [Refusal] {
    questions.items.compactMap { item in
      guard let offer = offers.first(where: { $0.family == item.family }) else {
        return Refusal(method, "\(item) is nothing that it answers", to: item)
      }
      return offer.reason(against: item).map { Refusal(method, "\(item): \($0)", to: item) }
    }
  }

  /// Answers questions about a model.
  ///
  /// - Parameters:
  ///   - questions: what is asked; what costs little unless given.
  ///   - methods: the methods that are to answer; the usual ones for the model unless given, or all where it has none.
  ///   - watch: asked whether to stop, told how far it is.
  /// - Returns: the answers of every method that does not refuse, with the refusals of the others and of single questions.
  /// - Throws: the error of a numerical method that fails within its valid range, or of one that was stopped.
  package func answer(
    _ questions: Questions = .cheap, of model: Model<MediumType>, by methods: [Method]? = nil,
    _ watch: WorkWatch = WorkWatch()
  ) throws -> Answer {
    let known = Self.asked(methods, of: model)
    var answer = Answer()
    for (place, method) in known.enumerated() {
      let whole = Double(known.count)
      let part = watch.part(from: Double(place) / whole, to: Double(place + 1) / whole)
      answer.append(try self.answer(questions, of: model, by: method, part))
    }
    return answer
  }

  private func answer(
    _ questions: Questions, of model: Model<MediumType>, by method: Method, _ watch: WorkWatch
  ) throws -> Answer {
    let refusalsOfAll = refusals(of: model, by: method)
    if !refusalsOfAll.isEmpty { return Answer(refusals: refusalsOfAll) }
    let offers = Self.offers(of: method, for: model)
    let refusals = Self.refusals(questions, by: method, of: offers)
    let wanted = offers.filter { questions.want($0) && $0.reason == nil }
    let possible = questions.items.filter { item in !refusals.contains { $0.item == item } }
    if wanted.isEmpty || (possible.isEmpty && !questions.items.isEmpty) { return Answer(refusals: refusals) }
    let families = Set(wanted.map(\.family))
    var answer: Answer
    do {
      answer = try solve(for: families, of: model, by: method, watch)
    } catch let refusal as Refusal {
      return Answer(
        notes: [Note.warning("\(method.rawValue): not answered: \(refusal.reason)")], refusals: refusals)
    }
    answer.leaveOutNonFinite()
    let whole = answer.entries
    answer.entries = answer.entries.keeping {
      families.contains($0.quantity.family) && questions.contains($0.quantity)
    }
    for item in possible where !answer.entries.members.contains(where: { item.contains($0.quantity) }) {
      if answer.notes.contains(where: { Note.isWarning($0) && $0.contains(item.family.rawValue) }) { continue }
      if answer.refusals.contains(where: { $0.item?.family == item.family }) { continue }
      let reason =
        item.family == .population
        ? " (below 1e-12, or no such level)" : item.placesGiven(in: whole).map { ": \($0)" } ?? ""
      answer.notes.append(Note.warning("\(method.rawValue): \(item) was not found\(reason)"))
    }
    answer.finish { claim(of: $0, for: model) }
    answer.refusals += refusals
    return answer
  }
}

extension Questions.Item {
  /// Where a quantity is given that is asked for at another place along its last axis; nil if that is not it.
  fileprivate func placesGiven(in entries: [Answer.Entry]) -> String? {
    guard case .member(let quantity) = self, let asked = quantity.places.last.flatMap(Double.init),
      let axis = entries.first(where: { $0.quantity == quantity.all })?.axes.last, axis.count > 1
    else { return nil }
    let near = axis.values.indices.sorted { abs(axis.values[$0] - asked) < abs(axis.values[$1] - asked) }
    let labels = near.prefix(2).sorted().map { axis.label($0) }
    return
      "it is given at \(axis.count) places of \(axis.name) from \((axis.values.min() ?? 0).short) to \((axis.values.max() ?? 0).short), the nearest "
      + "are \(labels.joined(separator: " and "))"
  }
}
