import NessModel

/// Temperatures along a chain that its baths are expected to give, from what conducts: the friction of every bath, less
/// where it reflects the waves, and between the sites waves that go some bonds far.
struct ThermalProfile: Sendable {
  /// Bonds that a wave passes in an anharmonic chain before it is scattered, roughly.
  private static let meanFreePath = 10.0

  /// Temperature of every site [energy].
  let temperatures: [Double]
  /// Time in which the energy adapts to the baths, roughly: through the contacts, and along the chain [time].
  let relaxationTime: Double

  /// Rate at which each bath exchanges energy, less where it reflects the waves.
  private static func contacts(
    _ model: ChainModel, _ spring: Double
  ) -> [(site: Int, rate: Double, temperature: Double)] {
    let chain = model.medium
    return model.attachments.map { attachment in
      let friction = attachment.bath.linear.frictionKernel.markovFriction
      let reflected = chain.sites > 1 ? friction * friction / (spring * chain.mass) : 0
      return (attachment.site - 1, friction / (1 + reflected) / chain.mass, attachment.bath.temperature)
    }
  }

  /// Time in which baths and chain exchange as much energy as is in it [time].
  static func exchangeTime(_ model: ChainModel) -> Double {
    let hottest = model.attachments.map(\.bath.temperature).max() ?? 0
    let spring = model.medium.bondStiffness(atTemperature: hottest)
    return Double(model.medium.sites) / contacts(model, spring).reduce(0) { $0 + $1.rate }
  }

  init(_ model: ChainModel) {
    let chain = model.medium
    let hottest = model.attachments.map(\.bath.temperature).max() ?? 0
    let spring = chain.bondStiffness(atTemperature: hottest)
    let exchange = Self.contacts(model, spring)
    let total = exchange.reduce(0) { $0 + $1.rate }
    let sites = Double(chain.sites)
    let sound = (spring / chain.mass).squareRoot()
    let diffusion = chain.isHarmonic ? 0 : sites * sites / (Self.meanFreePath * .pi * .pi * sound)
    relaxationTime = total > 0 ? sites / total + diffusion : .infinity
    guard total > 0 else {
      let mean = exchange.reduce(0) { $0 + $1.temperature } / Double(exchange.count)
      temperatures = [Double](repeating: mean, count: chain.sites)
      return
    }
    guard !chain.isHarmonic else {
      let mean = exchange.reduce(0) { $0 + $1.rate / total * $1.temperature }
      temperatures = [Double](repeating: mean, count: chain.sites)
      return
    }
    temperatures = Self.solved(exchange, bond: Self.meanFreePath * sound, sites: chain.sites)
  }

  /// sum over neighbours of bond (T_neighbour - T) + sum over baths of rate (T_bath - T) = 0 at every site.
  private static func solved(
    _ exchange: [(site: Int, rate: Double, temperature: Double)], bond: Double, sites: Int
  ) -> [Double] {
    var pivots = (0..<sites).map { site in bond * Double((site > 0 ? 1 : 0) + (site < sites - 1 ? 1 : 0)) }
    var right = [Double](repeating: 0, count: sites)
    for bath in exchange {
      pivots[bath.site] += bath.rate
      right[bath.site] += bath.rate * bath.temperature
    }
    for site in 1..<max(1, sites) {
      let factor = bond / pivots[site - 1]
      pivots[site] -= factor * bond
      right[site] += factor * right[site - 1]
    }
    for site in (0..<sites).reversed() {
      if site + 1 < sites { right[site] += bond * right[site + 1] }
      right[site] /= pivots[site]
    }
    return right
  }
}
