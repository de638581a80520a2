import NessModel
import NessStatistics

extension LindbladSolver {
  static let fluctuations: Set<Quantity.Family> = [
    .heatNoise, .heatSkewness, .heatKurtosis, .heatCovariance, .fanoFactor, .uncertaintyRatio, .conductance,
    .generatingFunction, .rateFunction,
  ]

  /// What the secular equation offers of the heats beyond their means.
  static func fluctuationOffers(for model: QuantumBoxModel) -> [Offer] {
    let names = model.attachments.map(\.name)
    let reason = model.oneBathReason
    let isPair = model.terminals != nil
    let pairReason = isPair ? nil : "it is of the heat between two baths, and there are \(names.count)"
    let areEqual = model.commonTemperature != nil
    let cold = model.attachments.filter { $0.bath.temperature == 0 }.map(\.name)
    let coldReason = cold.isEmpty ? nil : "the temperature of \(cold.joined(separator: ", ")) is 0"
    let work = Double(model.medium.sites * model.medium.sites)
    let members: Offer.Members = .baths(isPair ? [] : names)
    let pairs: Offer.Members = .places(model.pairsOfBaths)
    return [
      Offer(.heatNoise, members, work: work, unless: reason),
      Offer(.heatSkewness, members, work: work, unless: reason),
      Offer(.heatKurtosis, members, work: work, unless: reason),
      Offer(.heatCovariance, pairs, work: work, unless: reason),
      Offer(
        .fanoFactor, work: work,
        unless: reason ?? pairReason ?? (areEqual ? "the mean current is 0 at equal temperatures" : nil)),
      Offer(
        .uncertaintyRatio, work: work,
        unless: reason ?? pairReason ?? (areEqual ? "it is 0/0 at equal temperatures" : nil)
          ?? coldReason),
      Offer(.generatingFunction, work: 40 * work, unless: reason ?? pairReason ?? coldReason),
      Offer(.rateFunction, work: 40 * work, unless: reason ?? pairReason ?? coldReason),
    ] + responseOffers(for: model)
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
    let state = convergence.state
    let laws = ([state] + [convergence.comparison].compactMap { $0 }).map(DaviesFluctuations.init)
    let rounding = 4 * relativeRounding(levels: state.levels)
    /// The first of what the two numbers of levels give, with what the others would change.
    func estimate(_ sums: [DaviesFluctuations.Sum]) -> Estimate {
      .numerical(
        sums[0].value, bound: rounding * sums[0].gross + (sums.count > 1 ? abs(sums[0].value - sums[1].value) : 0))
    }
    func matrix(_ found: [[[DaviesFluctuations.Sum]]]) -> [Estimate] {
      model.attachments.indices.flatMap { one in
        model.attachments.indices.map { other in estimate(found.map { $0[one][other] }) }
      }
    }
    let axis = Answer.Axis("bath", names: model.attachments.map(\.name))
    let isPair = model.terminals != nil
    if !wanted.isDisjoint(with: [.heatNoise, .heatSkewness, .heatKurtosis, .fanoFactor, .uncertaintyRatio]) {
      for (index, attachment) in model.attachments.enumerated() where !isPair || index == 0 {
        let cumulants = laws.map { $0.cumulants(ofBath: index) }
        let rates = (1...3).map { order in estimate(cumulants.map { $0[order] }) }
        let name = isPair ? nil : attachment.name
        for (family, rate) in zip([Quantity.Family.heatNoise, .heatSkewness, .heatKurtosis], rates) {
          answer.entries.append(.init(.all(family, bath: name), .davies, rate))
        }
        if isPair { addRatios(rates[0], of: model, convergence, to: &answer) }
      }
    }
    if !wanted.isDisjoint(with: [.generatingFunction, .rateFunction]), isPair,
      model.attachments.allSatisfy({ $0.bath.temperature > 0 })
    {
      try addGenerating(of: model, convergence, to: &answer)
    }
    if wanted.contains(.heatCovariance) {
      answer.entries.append(
        .init(.heatCovariance, .davies, axes: [axis, axis], matrix(laws.map { $0.covariance() })))
    }
    if wanted.contains(.conductance) {
      let states = [state] + [convergence.comparison].compactMap { $0 }
      let found = zip(laws, states).map { law, state in
        law.conductance(JumpRates.temperatureSlopes(model, levels: state.levels))
      }
      answer.entries.append(.init(.conductance, .davies, axes: [axis, axis], matrix(found)))
    }
  }

  private func addRatios(
    _ noise: Estimate, of model: QuantumBoxModel, _ convergence: LevelConvergence, to answer: inout Answer
  ) {
    guard let current = convergence.state.heatCurrent, model.commonTemperature == nil else { return }
    let bound = convergence.state.heatCurrentBound + (convergence.currentChanges.max() ?? 0)
    let least = abs(current) - bound
    if least <= 0 { return }
    let factor = noise.value / abs(current)
    let error = (noise.error + factor * bound) / least
    answer.entries.append(.init(.fanoFactor, .davies, .numerical(factor, bound: error)))
    let temperatures = model.attachments.map(\.bath.temperature)
    let affinity = abs(1 / temperatures[1] - 1 / temperatures[0])
    if affinity.isFinite {
      answer.entries.append(
        .init(.uncertaintyRatio, .davies, .numerical(0.5 * affinity * factor, bound: 0.5 * affinity * error)))
    }
  }
}
