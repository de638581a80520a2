import NessModel
import NessStatistics

/// What secular equations of the populations say of the heats beyond their means, as entries of an answer.
struct PopulationFluctuations {
  /// The equation, and behind it where there is one that with other levels, which tells what these would change.
  let laws: [DaviesFluctuations]
  /// The baths.
  let names: [String]
  /// Rounding relative to the sizes of what a sum is made of.
  let rounding: Double
  /// Mean heat per time between two baths; nil if there are not two, or it is 0 for sure.
  let current: Bounded?
  /// 1/T_right - 1/T_left; nil where a temperature is 0 or there is none.
  let affinity: Double?

  private var isPair: Bool { names.count == 2 }
  private var axis: Answer.Axis { Answer.Axis("bath", names: names) }

  /// What is offered of the heats beyond their means and their change with parameters.
  ///
  /// - Parameters:
  ///   - work: in pairs of levels.
  ///   - reason: why there is none of it; nil if there is.
  ///   - areEqual: whether all baths have one temperature.
  ///   - coldReason: why a temperature cannot be divided by; nil if all can.
  static func offers<MediumType>(
    for model: Model<MediumType>, work: Double, unless reason: String?, ifEqual areEqual: Bool,
    withoutTemperature coldReason: String?
  ) -> [Offer] {
    let names = model.attachments.map(\.name)
    let isPair = model.terminals != nil
    let pairReason = reason ?? (isPair ? nil : "it is of the heat between two baths, and there are \(names.count)")
    let members: Offer.Members = .baths(isPair ? [] : names)
    return [
      Offer(.heatNoise, members, work: work, unless: reason),
      Offer(.heatSkewness, members, work: work, unless: reason),
      Offer(.heatKurtosis, members, work: work, unless: reason),
      Offer(.heatCovariance, .places(model.pairsOfBaths), work: work, unless: reason),
      Offer(
        .fanoFactor, work: work, unless: pairReason ?? (areEqual ? "the mean current is 0 at equal temperatures" : nil)),
      Offer(
        .uncertaintyRatio, work: work,
        unless: pairReason ?? (areEqual ? "it is 0/0 at equal temperatures" : nil) ?? coldReason),
      Offer(.generatingFunction, work: 40 * work, unless: pairReason ?? coldReason),
      Offer(.rateFunction, work: 40 * work, unless: pairReason ?? coldReason),
    ]
  }

  /// The first of what the equations give, with what the other would change.
  private func estimate(_ sums: [DaviesFluctuations.Sum]) -> Estimate {
    .numerical(
      sums[0].value, bound: rounding * sums[0].gross + (sums.count > 1 ? abs(sums[0].value - sums[1].value) : 0))
  }

  private func matrix(_ found: [[[DaviesFluctuations.Sum]]]) -> [Estimate] {
    names.indices.flatMap { one in names.indices.map { other in estimate(found.map { $0[one][other] }) } }
  }

  /// Adds cumulants, and ratios of the second one.
  func addCumulants(_ wanted: Set<Quantity.Family>, to answer: inout Answer) {
    if !wanted.isDisjoint(with: [.heatNoise, .heatSkewness, .heatKurtosis, .fanoFactor, .uncertaintyRatio]) {
      for (index, bath) in names.enumerated() where !isPair || index == 0 {
        let cumulants = laws.map { $0.cumulants(ofBath: index) }
        let rates = (1...3).map { order in estimate(cumulants.map { $0[order] }) }
        for (family, rate) in zip([Quantity.Family.heatNoise, .heatSkewness, .heatKurtosis], rates) {
          answer.entries.append(.init(.all(family, bath: isPair ? nil : bath), .davies, rate))
        }
        if isPair { answer.addRatios(of: rates[0], to: current, affinity: affinity, wanted, by: .davies) }
      }
    }
  }

  /// Adds covariances of the heats.
  func addCovariance(to answer: inout Answer) {
    answer.entries.append(
      .init(.heatCovariance, .davies, axes: [axis, axis], matrix(laws.map { $0.covariance() })))
  }

  /// Adds the change of the heats with the temperatures.
  ///
  /// - Parameter slopes: of the rates of every bath, `[equation][bath]`, as `JumpRates.baths` [1/time per energy].
  func addConductance(_ slopes: [[[Double]]], to answer: inout Answer) {
    let found = zip(laws, slopes).map { law, slopes in law.conductance(slopes) }
    answer.entries.append(.init(.conductance, .davies, axes: [axis, axis], matrix(found)))
  }
}

extension Answer {
  /// Adds ratios of a noise to the mean current between two baths.
  ///
  /// - Parameters:
  ///   - current: nil if it is 0 for sure or there are not two baths.
  ///   - affinity: 1/T_right - 1/T_left; nil where a temperature is 0 or there is none.
  mutating func addRatios(
    of noise: Estimate, to current: Bounded?, affinity: Double?, _ wanted: Set<Quantity.Family>, by method: Method
  ) {
    guard let current else { return }
    let least = abs(current.value) - current.bound
    if least <= 0 {
      for family in [Quantity.Family.fanoFactor, .uncertaintyRatio] where wanted.contains(family) {
        refusals.append(
          Refusal(method, "\(family.rawValue): the mean current is 0 within its error", to: .family(family)))
      }
      return
    }
    let factor = noise.value / abs(current.value)
    let error = (noise.error + abs(factor) * current.bound) / least
    entries.append(.init(.fanoFactor, method, .numerical(factor, bound: error)))
    if let affinity {
      // Negative where a current flows to the hotter bath.
      let half = current.value < 0 ? -0.5 * affinity : 0.5 * affinity
      entries.append(.init(.uncertaintyRatio, method, .numerical(half * factor, bound: abs(half) * error)))
    }
  }
}
