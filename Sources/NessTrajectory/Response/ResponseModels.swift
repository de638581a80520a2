import NessModel
import NessStatistics

extension ResponseRun {
  /// Models at the places of a parameter, and the step between them.
  ///
  /// - Parameter refuses: whether one cannot be simulated; the step is smaller then.
  /// - Throws: `Refusal` if there are none.
  package static func models<MediumType>(
    of model: Model<MediumType>, at path: String, refuses: (Model<MediumType>) -> Bool
  ) throws(Refusal) -> (models: [Model<MediumType>], value: Double, step: Double) {
    guard let parameter = model.parameters.first(where: { $0.path == path }) else {
      throw Refusal(.simulation, "\(path) is no number of this model that may change")
    }
    var step = relativeStep * abs(parameter.value)
    for _ in 0..<6 where step > 0 {
      let models = places.compactMap { model.with(path, parameter.value + $0 * step) }
      if models.count == places.count, !models.contains(where: refuses) { return (models, parameter.value, step) }
      step /= 2
    }
    throw Refusal(
      .simulation,
      parameter.value == 0
        ? "the value of \(path) is 0, and the runs differ by a share of it"
        : "beside \(path) = \(parameter.value.short) there is no model that can be simulated as this one is")
  }
}

extension ResponseRun.Outcome {
  /// As quantities of a model.
  ///
  /// - Parameter path: of the parameter.
  package func answer(_ path: String, ofBaths names: [String]) -> Answer {
    var answer = Answer()
    func add(_ name: String, _ found: (estimate: Estimate, budget: ErrorBudget)?) {
      guard let found, found.estimate.value.isFinite, found.estimate.error.isFinite, let quantity = Quantity(name)
      else {
        return
      }
      answer.entries.append(.init(quantity, .simulation, found.estimate, budget: found.budget))
    }
    let cold = names.first { path == "baths.\($0).temperature" }
    add("response[\(path)]", current)
    for (place, name) in names.enumerated() {
      // Of two baths the current is the sharpest number of the left one.
      let found = place == 0 ? current ?? heats[0] : heats[place]
      add("heatResponse[\(name),\(path)]", found)
      if let cold { add("conductance[\(name),\(cold)]", found) }
    }
    if answer.entries.isEmpty {
      answer.notes.append(
        Note.warning("simulation: response to \(path): the run is too short for an honest error bar"))
    }
    return answer.finished(TrajectorySolver.claim)
  }
}

extension Model {
  /// What a simulation measures of the change of the heats with temperatures and other parameters, where they are named one by
  /// one.
  package var sampledResponseOffers: [Offer] {
    let written = writtenBaths
    let names = written.map(\.name)
    let reservoir = attachments.contains { $0.bath.law is SelfConsistentBath }
    let reason =
      oneBathReason
      ?? (reservoir ? "a bath takes its temperature from the others, which every run would look for by itself" : nil)
    let still = parameters.filter { $0.value == 0 }.map(\.path)
    let except = Dictionary(
      uniqueKeysWithValues: still.map { ($0, "the value of \($0) is 0, and the runs differ by a share of it") })
    let cold = written.filter { attachments[$0.members[0]].bath.temperature == 0 }.map(\.name)
    return [
      Offer(
        .conductance,
        .places(names.flatMap { one in names.filter { !cold.contains($0) }.map { "\(one),\($0)" } }), unless: reason)
    ] + parameterResponseOffers(work: 0, unless: reason, except: except)
  }
}
