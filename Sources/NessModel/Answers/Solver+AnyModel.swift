/// A solver whose medium is not known to the compiler: models of other media get no answer.
extension Solver {
  /// Whether it is for a medium.
  package func isFor(_ medium: any Medium.Type) -> Bool { medium == MediumType.self }
  /// Its methods, in the order of answers.
  package var methods: [Method] { Self.methods }

  /// Whether the refusal of each usual method is told.
  package var isSideBySide: Bool { Self.isSideBySide }

  /// The methods that answer a model where nobody names one.
  package func usualMethods(for model: AnyModel) -> [Method] {
    model.of(MediumType.self).map { Self.usualMethods(for: $0) } ?? []
  }

  /// The families that a method answers; none for a method of another solver.
  package func offers(of method: Method, for model: AnyModel) -> [Offer] {
    guard Self.methods.contains(method) else { return [] }
    return model.of(MediumType.self).map { Self.offers(of: method, for: $0) } ?? []
  }

  /// Predicted time of a method on a usual core [s].
  package func expectedSeconds(_ questions: Questions, about model: AnyModel, by method: Method) -> Double {
    model.of(MediumType.self).map { Self.expectedSeconds(questions, about: $0, by: method) } ?? 0
  }

  /// What an answer by a method claims to be for a model; nil for one of another medium.
  package func claim(of method: Method, for model: AnyModel) -> Claim? {
    model.of(MediumType.self).map { claim(of: method, for: $0) }
  }

  /// All reasons of a method not to answer questions about a model, before any work.
  package func refusals(_ questions: Questions, of model: AnyModel, by method: Method) -> [Refusal] {
    model.of(MediumType.self).map { refusals(questions, of: $0, by: method) } ?? []
  }

  /// Answers questions about a model by one method.
  ///
  /// - Throws: as for a model of its medium.
  package func answer(
    _ questions: Questions, of model: AnyModel, by method: Method, _ watch: WorkWatch
  ) throws -> Answer {
    guard let model = model.of(MediumType.self) else { return Answer() }
    return try answer(questions, of: model, by: [method], watch)
  }
}
