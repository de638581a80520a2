import NessModel
import NessStatistics

extension LindbladSolver {
  func localLevels(of model: QuantumBoxModel) throws(Refusal) -> Int { try checkedLocalLevels(of: model) }

  func addLocal(of model: QuantumBoxModel, to answer: inout Answer) throws {
    let levels = try localLevels(of: model)
    let state = try localSteadyState(of: model, levels: levels)
    let fewer = levels >= 4 ? try? localSteadyState(of: model, levels: levels - 2) : nil
    let changes = zip(state.currents, fewer?.currents ?? state.currents).map { abs($0 - $1) }
    let energyChange = fewer.map { abs($0.meanEnergy - state.meanEnergy) } ?? 0
    add(state, .local, model, changes, energyChange: energyChange, to: &answer)
    let bounds = zip(state.currentBounds, changes).map { $0 + $1 }
    addEntropy(of: model, state, bounds, to: &answer)
    answer.notes += truncationNotes(state, changes, compared: fewer?.levels)
    answer.notes += lawNotes(on: model, state)
  }

  private func addEntropy(
    of model: QuantumBoxModel, _ state: LiouvillianSteadyState, _ bounds: [Double], to answer: inout Answer
  ) {
    guard let entropy = entropyProduction(model, state.currents) else {
      answer.notes.append(Note.warning("local: entropy production left out, for a bath has temperature 0"))
      return
    }
    let bound = zip(bounds, model.attachments).reduce(0) { $0 + $1.0 / $1.1.bath.temperature }
    answer.entries.append(.init(.entropyProduction, .local, .numerical(entropy, bound: bound)))
  }

  private func entropyProduction(_ model: QuantumBoxModel, _ currents: [Double]) -> Double? {
    guard model.attachments.allSatisfy({ $0.bath.temperature > 0 }) else { return nil }
    return zip(currents, model.attachments).reduce(0) { $0 - $1.0 / $1.1.bath.temperature }
  }

  private func truncationNotes(_ state: LiouvillianSteadyState, _ changes: [Double], compared: Int?) -> [String] {
    var notes = [
      "local: \(state.levels) levels, smallest eigenvalue of the density matrix "
        + state.smallestEigenvalue.text(digits: 2)
    ]
    guard let compared else { return notes }
    let largest = state.currents.reduce(0) { max($0, abs($1)) }
    let change = changes.max() ?? 0
    if change > 1e-6 * largest && change > state.currentBounds.max() ?? 0 {
      notes.append(
        Note.warning(
          "local: not converged in the levels: the heat current changes by \((change / largest).text(digits: 2)) of it "
            + "with \(compared) levels, so the number of levels is part of this model"))
    }
    return notes
  }

  /// Whether the second law holds, in words.
  private func lawNotes(on model: QuantumBoxModel, _ state: LiouvillianSteadyState) -> [String] {
    if let temperature = model.commonTemperature {
      let (index, current) = state.currents.enumerated().max { abs($0.element) < abs($1.element) } ?? (0, 0)
      return [
        abs(current) > state.currentBounds[index]
          ? Note.warning(
            "local: breaks the second law: all baths have temperature \(temperature.short), yet \(current.short) of "
              + "heat per time flows from bath \(model.attachments[index].name)")
          : "local: keeps the second law here: no heat flows at equal temperatures"
      ]
    }
    guard let entropy = entropyProduction(model, state.currents) else { return coldNotes(on: model, state) }
    let bound = zip(state.currentBounds, model.attachments).reduce(0) { $0 + $1.0 / $1.1.bath.temperature }
    return [
      entropy < -bound
        ? Note.warning("local: breaks the second law: entropy production is \(entropy.short) per time, below 0")
        : "local: keeps the second law here: entropy production is "
          + (entropy < bound ? "0 within rounding" : "\(entropy.short) per time")
    ]
  }

  /// A bath at temperature 0 has no heat to give.
  private func coldNotes(on model: QuantumBoxModel, _ state: LiouvillianSteadyState) -> [String] {
    for (index, attachment) in model.attachments.enumerated()
    where attachment.bath.temperature == 0 && state.currents[index] > state.currentBounds[index] {
      return [
        Note.warning(
          "local: breaks the second law: \(state.currents[index].short) of heat per time flows from bath "
            + "\(attachment.name) of temperature 0")
      ]
    }
    return ["local: keeps the second law here: baths of temperature 0 take heat only"]
  }
}
