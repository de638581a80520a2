import NessModel
import NessStatistics

extension LindbladSolver {
  static let fluctuations: Set<Quantity.Family> = [
    .heatNoise, .heatSkewness, .heatKurtosis, .heatCovariance, .fanoFactor, .uncertaintyRatio, .conductance,
    .generatingFunction, .rateFunction,
  ]

  /// What the secular equation offers of the heats beyond their means.
  static func fluctuationOffers(for model: QuantumBoxModel) -> [Offer] {
    let reason = model.oneBathReason
    let areEqual = model.commonTemperature != nil
    let cold = model.attachments.filter { $0.bath.temperature == 0 }.map(\.name)
    let coldReason = cold.isEmpty ? nil : "the temperature of \(cold.joined(separator: ", ")) is 0"
    let work = Double(model.medium.sites * model.medium.sites)
    return PopulationFluctuations.offers(
      for: model, work: work, unless: reason, ifEqual: areEqual, withoutTemperature: coldReason)
      + responseOffers(for: model)
  }

  /// What both secular equations offer of the change of the heats with temperatures and other parameters.
  static func responseOffers(for model: QuantumBoxModel) -> [Offer] {
    let reason = model.oneBathReason ?? (model.medium.levels == 1 ? "one level carries no heat" : nil)
    let work = Double(model.medium.sites * model.medium.sites)
    return [
      Offer(.conductance, .places(model.pairsOfBaths), work: work, unless: reason)
    ] + model.parameterResponseOffers(work: work, unless: reason)
  }

  /// Adds what was asked of them.
  func addFluctuations(
    _ wanted: Set<Quantity.Family>, of model: QuantumBoxModel, _ convergence: LevelConvergence, to answer: inout Answer
  ) throws {
    guard !wanted.isDisjoint(with: Self.fluctuations), model.attachments.count > 1, convergence.levels > 1 else {
      return
    }
    let states = [convergence.state] + [convergence.comparison].compactMap { $0 }
    let temperatures = model.attachments.map(\.bath.temperature)
    let affinity = temperatures.count == 2 ? 1 / temperatures[1] - 1 / temperatures[0] : .infinity
    let current = model.commonTemperature == nil ? convergence.state.heatCurrent : nil
    let fluctuations = PopulationFluctuations(
      laws: states.map(DaviesFluctuations.init), names: model.attachments.map(\.name),
      rounding: 4 * relativeRounding(levels: convergence.state.levels),
      current: current.map {
        Bounded($0, convergence.state.heatCurrentBound + (convergence.currentChanges.max() ?? 0))
      },
      affinity: affinity.isFinite ? affinity : nil)
    fluctuations.addCumulants(wanted, to: &answer)
    if !wanted.isDisjoint(with: [.generatingFunction, .rateFunction]), model.terminals != nil,
      model.attachments.allSatisfy({ $0.bath.temperature > 0 })
    {
      try DaviesGenerating.add(
        states, model.attachments.map(\.bath.temperature), isOpen: model.medium.levels == nil, to: &answer)
    }
    if wanted.contains(.heatCovariance) { fluctuations.addCovariance(to: &answer) }
    if wanted.contains(.conductance) {
      fluctuations.addConductance(
        states.map { JumpRates.temperatureSlopes(model, levels: $0.levels) }, to: &answer)
    }
  }
}
