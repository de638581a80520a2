import NessModel

extension Model {
  /// What a run of its own measures of the correlation of the total flow.
  ///
  /// - Parameter reason: why this medium has no total flow; nil if it has.
  func correlationOffers(unless reason: String?) -> [Offer] {
    let temperatures = attachments.map(\.bath.temperature)
    let reservoir = attachments.contains { $0.bath.law is SelfConsistentBath }
    let isQuantum = medium.isQuantum
    let reason =
      reason ?? (isQuantum ? "it is measured in classical media (hbar: 0)" : nil)
      ?? (reservoir ? "a bath takes its temperature from the others" : nil)
    let isEqual = Set(temperatures).count == 1 && temperatures[0] > 0
    return [
      Offer(.currentCorrelation, unless: reason),
      Offer(
        .greenKuboConductivity,
        unless: reason ?? (isEqual ? nil : "it is that of equilibrium: all baths at one temperature above 0")),
    ]
  }
}

extension SiteNetwork {
  /// Why there is no total flow from left to right; nil for a chain, whose bonds join neighbours.
  var totalFlowReason: String? {
    if sites < 2 { return "one site has no bond" }
    let isChain = pairs.count == sites - 1 && pairs.allSatisfy { $0.second == $0.first + 1 }
    return isChain ? nil : "the total flow is that along a chain, in which bonds join neighbours"
  }
}
