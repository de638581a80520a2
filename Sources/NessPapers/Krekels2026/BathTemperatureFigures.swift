import Foundation
import NessModel
import NessReport
import NessStudy

/// Figs. 3a and 3b: current against the temperature of the particles for several particle frictions, T_R = 0.
struct BathTemperatureFigure: PaperFigure {
  /// False for 3a, true for 3b.
  let logarithmic: Bool
  let quality: Quality
  let seed: UInt64

  var identifier: String { logarithmic ? "3b" : "3a" }

  /// The hottest simulated temperature: the time step is a part of tau ~ zeta/T, so light particles cost more.
  private func hottest(_ friction: Double) -> Double {
    let ceiling = quality == .quick ? 200.0 : 300.0
    return friction < 0.05 ? 0.3 * ceiling : ceiling
  }

  private func temperatures(_ friction: Double) -> [Double] {
    let all =
      quality == .quick
      ? [2.5, 4, 6, 10, 18, 32, 60, 110, 200]
      : logarithmicGrid(from: 2.2, to: 300, count: 16).map { ($0 * 100).rounded() / 100 }
    return all.filter { $0 <= hottest(friction) }
  }

  func model(_ friction: Double) -> @Sendable (Double) throws -> ChainModel {
    { temperature in
      try KrekelsParameters.chain(
        left: KrekelsParameters.bath(temperature: temperature, friction: friction), rightTemperature: 0)
    }
  }

  /// The simulated curve for one particle friction.
  func curve(_ friction: Double) throws -> CurrentCurve {
    try CurrentCurve(
      "Fig. 3, ζ = \(friction.short)", temperatures: temperatures(friction), quality: quality, seed: seed,
      model: model(friction))
  }

  func jobs() throws -> [Job] {
    try KrekelsParameters.particleFrictions.flatMap { try curve($0).points.map(\.job) }
  }

  func figure(_ bench: Workbench) throws -> Figure {
    let last = hottest(1)
    let linearEnd = 62.0
    let grid =
      logarithmic
      ? logarithmicGrid(from: 1.9, to: 1.2 * last, count: 120) : linearGrid(from: 1.9, to: linearEnd, count: 200)
    var families = CurveFamilies()
    for friction in KrekelsParameters.particleFrictions {
      try families.add(
        "ζ = \(friction.short)", curve(friction), bench, grid: grid,
        within: 0...(logarithmic ? .infinity : linearEnd), model: model(friction))
    }
    if logarithmic {
      let guide = logarithmicGrid(from: 40, to: 1.2 * last, count: 2)
      families.add(
        .init(label: "T_L^{−1}", name: "guide 1/T_L", role: .guide, family: 0, points: guide.map { .init($0, 30 / $0) })
      )
    }
    return Figure(
      identifier: identifier,
      title: logarithmic ? "Current against bath temperature, logarithmic" : "Current against bath temperature",
      caption: """
        Mean heat current from the particles (T_L) through the chain into a Langevin bath at T_R = 0, N = 16, ε = 0.2, \
        for three particle frictions ζ. Symbols: full stochastic dynamics. Solid: finite chain with the memory of the \
        particles (weak coupling). Dashed: Markov limit, corrected. Faint: the formula as printed. Below: \(ratioWords).\(logarithmic ? " The grey guide falls as 1/T_L." : "")
        """,
      horizontal: .init(label: "T_L", unit: "energy", scale: logarithmic ? .logarithmic : .linear),
      vertical: .init(label: "J", unit: "energy/time", scale: logarithmic ? .logarithmic : .linear),
      curves: families.curves, ratios: families.ratios, ratioLabel: "sim. / memory")
  }
}
