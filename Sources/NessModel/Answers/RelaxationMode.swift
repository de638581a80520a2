import NessStatistics

/// A mode of relaxation, as every solver tells it.
package struct RelaxationMode: Sendable {
  /// At which it decays [1/time].
  package let rate: Estimate
  /// Angular frequency at which it turns [1/time].
  package let frequency: Estimate
  /// Share of every site or level [1].
  package let shares: [Estimate]

  /// A mode; see the properties.
  package init(rate: Estimate, frequency: Estimate, shares: [Estimate]) {
    (self.rate, self.frequency, self.shares) = (rate, frequency, shares)
  }

  /// Modes whose rates ascend, and of those whose rates are one but for rounding the frequencies: so other units give the same order.
  fileprivate static func inOrder(_ modes: [RelaxationMode]) -> [RelaxationMode] {
    var ordered: [RelaxationMode] = []
    var tied: [RelaxationMode] = []
    func end() {
      ordered += tied.enumerated().sorted {
        ($0.element.frequency.value, $0.offset) < ($1.element.frequency.value, $1.offset)
      }.map(\.element)
      tied = []
    }
    for mode in modes {
      if let last = tied.last?.rate {
        let known = min(last.error + mode.rate.error, 1e-9 * abs(mode.rate.value))
        if mode.rate.value - last.value > known { end() }
      }
      tied.append(mode)
    }
    end()
    return ordered
  }

  /// 1 / sum of the squares of the shares: on how many places it sits [1].
  package var participation: Estimate {
    let sum = shares.reduce(0) { $0 + $1.value * $1.value }
    let change = shares.reduce(0) { $0 + 2 * $1.value * $1.error + $1.error * $1.error }
    guard sum > 0 else { return .numerical(0, bound: 0) }
    let value = 1 / sum
    // Between 1 and the number of places, whatever happens.
    let bound = change < sum ? change / sum / (sum - change) : Double(shares.count)
    return .numerical(value, bound: min(bound, Double(shares.count)) + 4e-16 * Double(shares.count) * value)
  }
}

extension Quantity.Family {
  /// What is told of modes of relaxation.
  package static let relaxationModes: [Quantity.Family] = [
    .modeRate, .modeFrequency, .participationRatio, .modeShare,
  ]
}

extension Answer {
  /// Adds what was asked of modes of relaxation, in their order.
  ///
  /// - Parameter place: what the shares are of, `site` or `level`.
  package mutating func add(
    _ wanted: Set<Quantity.Family>, by method: Method, _ place: String, _ modes: [RelaxationMode]
  ) {
    let modes = RelaxationMode.inOrder(modes)
    guard let first = modes.first else { return }
    let axis = Axis("mode", values: modes.indices.map { Double($0 + 1) })
    func add(_ family: Quantity.Family, _ estimate: (RelaxationMode) -> Estimate) {
      if wanted.contains(family) {
        entries.append(.init(.all(family), method, axes: [axis], modes.map(estimate)))
      }
    }
    add(.modeRate) { $0.rate }
    add(.modeFrequency) { $0.frequency }
    add(.participationRatio) { $0.participation }
    if wanted.contains(.modeShare) {
      let places = Axis(place, values: first.shares.indices.map { Double($0 + 1) })
      entries.append(.init(.all(.modeShare), method, axes: [axis, places], modes.flatMap(\.shares)))
    }
  }
}
