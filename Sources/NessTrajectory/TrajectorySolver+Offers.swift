import NessModel

extension TrajectorySolver {
  /// What a simulation measures of a chain: all of it at once, for nothing.
  package static func offers(for model: ChainModel) -> [Offer] {
    let sites = model.medium.sites
    let touched = model.particleBaths.map(\.attachment.site)
    return [
      model.heatCurrentOffer, Offer(.heatFrom, .baths(model.attachments.map(\.name))),
      Offer(.bondHeatCurrent, .numbers(sites - 1), unless: sites > 1 ? nil : "one site has no bond"),
      Offer(.kineticTemperature, .numbers(sites)),
      Offer(.meanDisplacement, unless: touched.isEmpty ? "it is measured where particles touch the chain" : nil),
      model.entropyOffer,
    ] + model.sampledFluctuationOffers + model.sampledResponseOffers
      + model.correlationOffers(unless: sites > 1 ? nil : "one site has no bond")
  }
}
