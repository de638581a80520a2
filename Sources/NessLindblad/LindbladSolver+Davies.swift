import NessModel
import NessStatistics

extension LindbladSolver {
  func addDavies(_ wanted: Set<Quantity.Family>, of model: QuantumBoxModel, to answer: inout Answer) throws {
    let convergence = try levels(of: model)
    let state = convergence.state
    func add(_ quantity: Quantity, _ value: Double, _ bound: Double) {
      answer.entries.append(.init(quantity, .davies, .numerical(value, bound: bound)))
    }
    let bounds = zip(state.currentBounds, convergence.currentChanges).map { $0 + $1 }
    if let current = state.heatCurrent {
      let truncation = convergence.currentChanges.max() ?? 0
      answer.entries.append(
        .init(
          .heatCurrent, .davies, .numerical(current, bound: state.heatCurrentBound + truncation),
          budget: ErrorBudget(
            statistical: 0, timeStep: .none, burnIn: .none, truncation: .init(truncation, .estimate))))
    }
    for (index, attachment) in model.attachments.enumerated() {
      add(.heat(from: attachment.name), state.currents[index], bounds[index])
    }
    if wanted.contains(.entropyProduction) { addEntropy(of: model, convergence, bounds, to: &answer) }
    let rounding = relativeRounding(levels: state.levels)
    add(.meanEnergy, state.meanEnergy, rounding * state.meanEnergy + convergence.energyChange)
    if wanted.contains(.relaxationRate) {
      addDecay(convergence, to: &answer)
      answer.notes += isolationNotes(on: model, convergence.state)
    }
    if let temperature = model.commonTemperature, temperature > 0 {
      let square = temperature * temperature
      let change = convergence.comparison.map { abs($0.energyVariance - state.energyVariance) } ?? 0
      add(.heatCapacity, state.energyVariance / square, (rounding * state.energyVariance + change) / square)
    }
    if wanted.contains(.population) { addPopulations(convergence, rounding, to: &answer) }
    try addFluctuations(wanted, of: model, convergence, to: &answer)
    if !wanted.isDisjoint(with: [.response, .heatResponse]), model.attachments.count > 1, convergence.levels > 1 {
      addResponse(of: model, convergence, to: &answer)
    }
    try addPopulationModes(wanted, convergence, to: &answer)
    try addTransient(wanted, of: model, convergence, to: &answer)
    answer.notes += notes(on: model, convergence)
  }

  private func addEntropy(
    of model: QuantumBoxModel, _ convergence: LevelConvergence, _ bounds: [Double], to answer: inout Answer
  ) {
    guard let entropy = convergence.state.entropyProduction else {
      let cold = model.attachments.filter { $0.bath.temperature == 0 }.map(\.name).joined(separator: ", ")
      answer.notes.append(Note.warning("davies: entropy production left out, for the temperature of \(cold) is 0"))
      return
    }
    let bound = zip(bounds, model.attachments).reduce(1e-14 * entropy) { $0 + $1.0 / $1.1.bath.temperature }
    answer.entries.append(.init(.entropyProduction, .davies, .numerical(entropy, bound: bound)))
  }

  private func addDecay(_ convergence: LevelConvergence, to answer: inout Answer) {
    do {
      guard let rate = try convergence.state.slowestDecayRate() else { return }
      let compared = try convergence.comparison?.slowestDecayRate()?.value
      let bound = rate.bound + (compared.map { abs($0 - rate.value) } ?? 0)
      answer.entries.append(.init(.relaxationRate, .davies, .numerical(rate.value, bound: bound)))
    } catch {
      answer.notes.append(
        Note.warning("davies: relaxation rate left out: \(error); the rates lie too many decades apart"))
    }
  }

  /// A coupling of limited width joins a level to the next only below some level.
  private func isolationNotes(on model: QuantumBoxModel, _ state: DaviesSteadyState) -> [String] {
    let widths = model.attachments.compactMap { attachment -> Double? in
      if case .collision(let width) = attachment.bath.coupling { width } else { nil }
    }
    guard widths.count == model.attachments.count, let width = widths.max() else { return [] }
    let last = Int(min(1e9, (width / model.medium.energy(ofLevel: 1) + 1) / 2))
    return [
      "davies: relaxationRate is that of the \(state.levels) levels taken; proposals within \(width.short) join higher levels ever "
        + "more slowly, and those above level \(last) not at all"
    ]
  }

  private func addPopulations(_ convergence: LevelConvergence, _ rounding: Double, to answer: inout Answer) {
    let state = convergence.state
    let last = state.populations.lastIndex { $0 >= 1e-12 } ?? 0
    for index in 0...last {
      let value = state.populations[index]
      let compared = convergence.comparison.map { $0.populations.indices.contains(index) ? $0.populations[index] : 0 }
      let bound = rounding * value + (compared.map { abs($0 - value) } ?? 0)
      answer.entries.append(.init(.population(level: index + 1), .davies, .numerical(value, bound: bound)))
    }
  }

  // MARK: notes

  private func notes(on model: QuantumBoxModel, _ convergence: LevelConvergence) -> [String] {
    let state = convergence.state
    if state.levels == 1 {
      return [Note.warning("davies: one level cannot carry heat; leave medium.levels out, or give more")]
    }
    var notes = [truncationNote(convergence, given: model.medium.levels != nil)]
    for (attachment, rates) in zip(model.attachments, state.rates.baths)
    where !rates.contains(where: { $0 > 0 }) {
      notes.append(
        Note.warning("davies: bath \(attachment.name) has no coupling between these levels, so it exchanges no heat"))
    }
    let smallest = state.populations.min() ?? 0
    notes.append(
      "davies: residual of the steady state \(state.residual.text(digits: 2)), smallest population "
        + smallest.text(digits: 2))
    return notes
  }

  private func truncationNote(_ convergence: LevelConvergence, given: Bool) -> String {
    let state = convergence.state
    guard let compared = convergence.comparedLevels else {
      return "davies: \(state.levels) levels as given; what more levels would change is not in the bounds"
    }
    let largest = state.currents.reduce(0) { max($0, abs($1)) }
    let change = convergence.currentChanges.max() ?? 0
    let isCurrent = change > state.currentBounds.max() ?? 0
    let relative = isCurrent ? change / largest : convergence.energyChange / state.meanEnergy
    let text = relative > 0 ? "by \(relative.text(digits: 2)) of it" : "by nothing"
    let what = isCurrent ? "the heat current" : "the mean energy"
    if given && relative > 1e-2 {
      return Note.warning(
        "davies: \(state.levels) levels are too few for this box: \(what) changes \(text) with \(compared); "
          + "read the answers as those of a system of \(state.levels) levels, or leave medium.levels out")
    }
    return "davies: \(state.levels) levels \(given ? "as given" : "taken"): \(what) changes \(text) with \(compared)"
  }
}
