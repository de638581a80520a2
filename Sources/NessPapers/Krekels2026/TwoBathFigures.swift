import Foundation
import NessModel
import NessReport
import NessStudy

/// Fig. 4a: current against T_L at T_R = 10 for several spring constants.
struct SpringConstantFigure: PaperFigure {
  let identifier = "4a"
  let quality: Quality
  let seed: UInt64

  private var temperatures: [Double] {
    quality == .quick
      ? [6, 7.5, 10, 13, 17, 22, 32, 50, 80, 130]
      : [5, 6, 7, 8, 9, 10, 11.5, 13, 15, 17, 20, 24, 29, 36, 45, 60, 80, 110, 150]
  }

  func model(_ spring: Double) -> @Sendable (Double) throws -> ChainModel {
    { temperature in
      try KrekelsParameters.chain(
        left: KrekelsParameters.bath(temperature: temperature), rightTemperature: KrekelsParameters.rightTemperature,
        spring: spring)
    }
  }

  /// The simulated curve for one spring constant.
  func curve(_ spring: Double) throws -> CurrentCurve {
    try CurrentCurve(
      "Fig. 4, k = \(spring.short)", temperatures: temperatures, quality: quality, seed: seed,
      floor: { $0 < 20 ? 0.06 : 0.03 }, model: model(spring))
  }

  /// The cold side at half the coupling, where the linear theory is stable down to T_L = 0.44.
  func coldSide() throws -> CurrentCurve {
    try CurrentCurve(
      "Fig. 4a, cold side", temperatures: [0.5, 0.9, 1.6, 3], quality: quality, seed: seed, model: Self.coldModel)
  }

  /// The model of the cold side.
  static func coldModel(_ temperature: Double) throws -> ChainModel {
    try KrekelsParameters.chain(
      left: KrekelsParameters.bath(temperature: temperature, coupling: 0.5 * KrekelsParameters.coupling),
      rightTemperature: KrekelsParameters.rightTemperature)
  }

  func jobs() throws -> [Job] {
    try KrekelsParameters.springConstants.flatMap { try curve($0).points.map(\.job) } + coldSide().points.map(\.job)
  }

  func figure(_ bench: Workbench) throws -> Figure {
    let grid = logarithmicGrid(from: quality == .quick ? 5.8 : 4.8, to: 170, count: 160)
    var families = CurveFamilies()
    for spring in KrekelsParameters.springConstants {
      try families.add("k = \(spring.short)", curve(spring), bench, grid: grid, model: model(spring))
    }
    return Figure(
      identifier: identifier, title: "Current with both baths warm, several spring constants",
      caption: """
        Heat current against the temperature T_L of the particles at T_R = 10, for three spring constants k, N = 16, \
        ζ = 0.1, ε = 0.2. Below T_L = 10 heat flows towards the particles (J < 0); above, the current has a maximum and \
        falls. Symbols: full dynamics. Solid: with memory (weak coupling). Dashed: Markov. Faint: as printed. Below: \(ratioWords).
        """,
      horizontal: .init(label: "T_L", unit: "energy", scale: .logarithmic),
      vertical: .init(label: "J", unit: "energy/time"), curves: families.curves, ratios: families.ratios,
      ratioLabel: "sim. / memory")
  }
}

/// Fig. 4b: the two knobs side by side, T_L varied at fixed T_R and T_R varied at fixed T_L.
struct TwoKnobsFigure: PaperFigure {
  let identifier = "4b"
  let quality: Quality
  let seed: UInt64

  private var rightTemperatures: [Double] {
    quality == .quick ? [0, 10, 20, 30, 40, 50, 60] : linearGrid(from: 0, to: 60, count: 13)
  }

  /// The model with T_R varied at the fixed T_L.
  static func rightVaried(_ temperature: Double) throws -> ChainModel {
    try KrekelsParameters.chain(
      left: KrekelsParameters.bath(temperature: KrekelsParameters.fixedLeftTemperature), rightTemperature: temperature)
  }

  /// T_L varied at T_R = 10: the curve of Fig. 4a for k = 1.
  func leftCurve() throws -> CurrentCurve {
    try SpringConstantFigure(quality: quality, seed: seed).curve(KrekelsParameters.springConstant)
  }

  /// T_R varied at the fixed T_L.
  func rightCurve() throws -> CurrentCurve {
    try CurrentCurve(
      "Fig. 4b, T_R varied", temperatures: rightTemperatures, quality: quality, seed: seed, floor: { _ in 0.06 },
      model: Self.rightVaried)
  }

  func jobs() throws -> [Job] { try (leftCurve().points + rightCurve().points).map(\.job) }

  func figure(_ bench: Workbench) throws -> Figure {
    let leftModel = SpringConstantFigure(quality: quality, seed: seed).model(KrekelsParameters.springConstant)
    let fixed = KrekelsParameters.fixedLeftTemperature.short
    var families = CurveFamilies()
    try families.add(
      "T_L varied, T_R = 10", leftCurve(), bench, grid: linearGrid(from: 5, to: 135, count: 200), methods: [.memory],
      model: leftModel)
    try families.add(
      "T_R varied, T_L = \(fixed)", rightCurve(), bench, grid: linearGrid(from: 0, to: 62, count: 32),
      methods: [.memory], model: Self.rightVaried)
    return Figure(
      identifier: identifier, title: "Two knobs: the hot particles and the Langevin bath",
      caption: """
        The same chain with one temperature varied and the other held fixed: T_L varied at T_R = 10 gives a maximum and \
        a fall, T_R varied at T_L = \(fixed) gives a straight line. Symbols: full dynamics. Solid: theory with memory (weak \
        coupling). Below: \(ratioWords).
        """,
      horizontal: .init(label: "varied temperature", unit: "energy"), vertical: .init(label: "J", unit: "energy/time"),
      curves: families.curves, ratios: families.ratios, ratioLabel: "sim. / memory")
  }
}
