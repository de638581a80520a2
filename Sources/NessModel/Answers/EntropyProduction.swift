import NessStatistics

extension Answer {
  /// Adds the entropy produced in the baths per time, -sum_a J_a/T_a, by a method that gave the heats; nothing if a bath is
  /// at zero temperature, where it is infinite, or has none.
  ///
  /// Between two baths it is J (T_L - T_R)/(T_L T_R) in the steady state, so it has the relative error of J. Of more baths the
  /// errors of the heats are added as they are, for their correlation is not known here: an upper estimate.
  package mutating func addEntropyProduction<MediumType>(of model: Model<MediumType>, by method: Method) {
    let baths = model.attachments.map { (name: $0.name, temperature: $0.bath.temperature) }
    guard model.attachments.allSatisfy({ $0.bath.law.isThermal && $0.bath.temperature > 0 }) else { return }
    if let terminals = model.terminals {
      guard let current = entries.first(where: { $0.quantity == .heatCurrent && $0.method == method }) else { return }
      let (left, right) = (terminals.left.bath.temperature, terminals.right.bath.temperature)
      let factor = (left - right) / left / right
      if factor.isFinite { entries.append(current.times(factor, as: .entropyProduction)) }
      return
    }
    var (value, error, samples) = (0.0, 0.0, Double.infinity)
    var isSampled = false
    var budgets: [(weight: Double, budget: ErrorBudget)] = []
    for bath in baths {
      guard let entry = entries.first(where: { $0.quantity == .heat(from: bath.name) && $0.method == method }) else {
        return
      }
      let heat = entry.estimate
      if let budget = entry.budget { budgets.append((-1 / bath.temperature, budget)) }
      value -= heat.value / bath.temperature
      error += heat.error / bath.temperature
      if case .statistical(_, let effectiveSamples) = heat.uncertainty {
        isSampled = true
        samples = min(samples, effectiveSamples)
      }
    }
    guard value.isFinite, error.isFinite else { return }
    entries.append(
      .init(
        .entropyProduction, method,
        isSampled
          ? .statistical(value, standardError: error, effectiveSamples: samples) : .numerical(value, bound: error),
        budget: budgets.count == baths.count ? .weightedSum(budgets, statistical: error) : nil))
  }
}

extension Answer.Entry {
  /// Another quantity that is this one times a factor without error; its budget is scaled alike.
  fileprivate func times(_ factor: Double, as quantity: Quantity) -> Answer.Entry {
    // A sampled number times zero is known exactly.
    guard factor != 0 else { return Answer.Entry(quantity, method, .numerical(0, bound: 0)) }
    let size = abs(factor)
    let scaled: Estimate =
      switch estimate.uncertainty {
      case .numerical(let bound): .numerical(factor * estimate.value, bound: size * bound)
      case .statistical(let error, let samples):
        .statistical(factor * estimate.value, standardError: size * error, effectiveSamples: samples)
      }
    func part(_ part: ErrorBudget.Part) -> ErrorBudget.Part {
      .init((part.basis == .linear ? factor : size) * part.value, part.basis)
    }
    return Answer.Entry(
      quantity, method, scaled,
      budget: budget.map {
        ErrorBudget(
          statistical: size * $0.statistical, timeStep: part($0.timeStep), burnIn: part($0.burnIn),
          truncation: part($0.truncation))
      })
  }
}

extension ErrorBudget {
  /// The budget of a sum: parts that are all known with their sign are added with it, others by their sizes.
  fileprivate static func weightedSum(
    _ terms: [(weight: Double, budget: ErrorBudget)], statistical: Double
  ) -> ErrorBudget {
    func part(_ path: KeyPath<ErrorBudget, Part>) -> Part {
      let parts = terms.map { (weight: $0.weight, part: $0.budget[keyPath: path]) }.filter { $0.part.basis != .none }
      guard let unsigned = parts.first(where: { $0.part.basis != .linear }) else {
        return parts.isEmpty ? .none : Part(parts.reduce(0) { $0 + $1.weight * $1.part.value }, .linear)
      }
      return Part(parts.reduce(0) { $0 + abs($1.weight * $1.part.value) }, unsigned.part.basis)
    }
    return ErrorBudget(
      statistical: statistical, timeStep: part(\.timeStep), burnIn: part(\.burnIn), truncation: part(\.truncation))
  }
}
