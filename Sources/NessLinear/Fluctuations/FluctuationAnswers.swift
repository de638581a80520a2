import NessModel
import NessStatistics

extension Model {
  /// What linear theory offers of the heats beyond their means, where they are asked for by name.
  ///
  /// - Parameters:
  ///   - work: in pairs of sites.
  ///   - reason: why there is none of it; nil if there is.
  func fluctuationOffers(work: Double, unless reason: String?) -> [Offer] {
    let written = writtenBaths
    let reason = reason ?? oneBathReason
    let cold = attachments.filter { $0.bath.temperature == 0 }.map(\.name)
    let coldReason = cold.isEmpty ? nil : "the temperature of \(cold.joined(separator: ", ")) is 0"
    let pairReason = pairReason("the heat")
    let groupReason =
      written.groups.isEmpty
      ? nil : "linear theory gives it of baths at one site each; of a bath at several it gives the noise alone"
    let isEqual = Set(attachments.map(\.bath.temperature)).count < 2
    let members: Offer.Members = .baths(written.pair != nil ? [] : written.map(\.name))
    return [
      Offer(.heatNoise, members, work: work, unless: reason),
      Offer(.heatSkewness, members, work: work, unless: reason ?? groupReason),
      Offer(.heatKurtosis, members, work: work, unless: reason ?? groupReason),
      Offer(.heatCovariance, .places(pairsOfBaths), work: work, unless: reason),
      Offer(
        .fanoFactor, work: work,
        unless: reason ?? pairReason ?? (isEqual ? "the mean current is 0 at equal temperatures" : nil)),
      Offer(.uncertaintyRatio, work: work, unless: reason ?? pairReason ?? coldReason),
      Offer(.generatingFunction, work: 20 * work, unless: reason ?? pairReason ?? groupReason ?? coldReason),
      Offer(.rateFunction, work: 20 * work, unless: reason ?? pairReason ?? groupReason ?? coldReason),
    ]
  }

  /// What linear theory offers of the change of the heats with the temperatures.
  ///
  /// - Parameters:
  ///   - reason: why there are no conductances; nil if there are.
  ///   - causesReason: why they are not split into causes, if not for that.
  func responseOffers(work: Double, unless reason: String?, causesUnless causesReason: String? = nil) -> [Offer] {
    let names = attachments.map(\.name)
    let reason = reason ?? oneBathReason
    let causes = names.flatMap { bath in Self.causes.map { "\(bath),\($0)" } }
    let pairReason =
      terminals != nil ? nil : "it is of the current between two baths at one site each, and there are \(names.count)"
    return [
      Offer(.conductance, .places(pairsOfBaths), work: work, unless: reason),
      Offer(.causes, .places(causes), work: work, unless: reason ?? causesReason ?? pairReason),
    ]
  }

  /// Parts of a derivative of the current with respect to the temperature of a bath, and their sum.
  static var causes: [String] { ["bias"] + NetworkGradients.Cause.allCases.map(\.rawValue) + ["total"] }
}

extension Answer {
  /// Adds what was found of the heats beyond their means.
  ///
  /// - Parameter conductance: heat per difference of temperature between two baths [1/time]; nil for other numbers of baths.
  mutating func add<MediumType>(
    _ found: HeatFluctuations, of model: Model<MediumType>, by method: Method, conductance: Estimate?
  ) {
    let families: [(Quantity.Family)] = [.heatNoise, .heatSkewness, .heatKurtosis]
    let written = model.writtenBaths
    let names: [String?] = written.pair == nil ? written.map(\.name) : [nil]
    for (bath, rates) in zip(names, found.rates) {
      for (family, rate) in zip(families, rates) { entries.append(.init(.all(family, bath: bath), method, rate)) }
    }
    let axis = Answer.Axis("bath", names: written.map(\.name))
    if !found.covariance.isEmpty {
      entries.append(.init(.heatCovariance, method, axes: [axis, axis], found.covariance.flatMap { $0 }))
    }
    if let pair = written.pair, let conductance, let noise = found.rates.first?.first {
      let (left, right) = (
        model.attachments[pair.left.members[0]].bath.temperature,
        model.attachments[pair.right.members[0]].bath.temperature
      )
      let current = conductance.scaled(by: left - right)
      if left != right { entries.append(.init(.fanoFactor, method, noise.over(current.magnitude))) }
      // sigma D/(2 J²) with sigma = J (T_L - T_R)/(T_L T_R): without the difference of the temperatures, which may be 0.
      if left * right > 0 {
        entries.append(.init(.uncertaintyRatio, method, noise.over(conductance.scaled(by: 2 * left * right))))
      }
    }
    add(found.generating, by: method)
  }
}

extension Answer {
  /// Adds how the heat from every bath changes with the temperature of every other, if that is wanted.
  ///
  /// - Parameter conductances: of every two attachments [1/time].
  mutating func addConductances<MediumType>(
    _ conductances: [[Estimate]], of model: Model<MediumType>, by method: Method, _ wanted: Set<Quantity.Family>
  ) {
    guard wanted.contains(.conductance) else { return }
    let written = model.writtenBaths
    let baths = Answer.Axis("bath", names: written.map(\.name))
    entries.append(.init(.conductance, method, axes: [baths, baths], written.sums(conductances).flatMap { $0 }))
  }

  /// Adds how the heats change with the temperatures.
  mutating func add<MediumType>(
    _ found: HeatResponse, of model: Model<MediumType>, by method: Method, _ wanted: Set<Quantity.Family>
  ) {
    addConductances(found.conductances, of: model, by: method, wanted)
    if wanted.contains(.causes), model.terminals != nil {
      let baths = Answer.Axis("bath", names: model.attachments.map(\.name))
      let causes = Answer.Axis("cause", names: Model<MediumType>.causes)
      entries.append(
        .init(
          .all(.causes), method, axes: [baths, causes],
          model.attachments.indices.flatMap { found.causes[0][$0] + [found.conductances[0][$0]] }))
    }
  }
}

extension HarmonicNetwork {
  /// A chain with its baths eliminated, as a network.
  init(_ model: ChainModel, withMemory: Bool) {
    let medium = model.medium
    self.init(
      masses: Array(repeating: medium.mass, count: medium.sites),
      bonds: (0..<(medium.sites - 1)).map { .init($0, $0 + 1, stiffness: medium.springConstant) },
      siteStiffness: (1...medium.sites).map(medium.pinning(ofSite:)),
      contacts: model.attachments.map { attachment in
        let law = attachment.bath.linear
        return .init(
          name: attachment.name, site: attachment.site - 1, temperature: law.temperature, friction: law.frictionKernel,
          stiffnessShift: law.stiffnessShift, withMemory: withMemory)
      })
  }
}

extension Estimate {
  /// The size of a numerical estimate.
  fileprivate var magnitude: Estimate { .numerical(abs(value), bound: error) }

  /// A quotient of numerical estimates of which the second is not 0 within its bound; not finite otherwise.
  fileprivate func over(_ other: Estimate) -> Estimate {
    let least = abs(other.value) - other.error
    guard least > 0 else { return .numerical(.nan, bound: .nan) }
    let ratio = value / other.value
    return .numerical(ratio, bound: (error + abs(ratio) * other.error) / least + 2e-16 * abs(ratio))
  }
}
