import Foundation
import NessModel
import NessReport
import NessStudy

/// A current against the temperature of the cold bath, exactly, on a grid from 0 to T_L.
struct ColdBathCurve: Sendable {
  let job: Job
  /// Temperatures of the cold bath.
  let temperatures: [Double]

  static let steps = 96

  /// Temperatures from 0 to that of the hot bath, denser at the cold end.
  init(
    _ title: String, hot: Double, _ model: (Double) throws -> QuantumBoxModel, seconds: Double = 0.01
  ) throws {
    temperatures = (0...Self.steps).map { index in
      let part = Double(index) / Double(Self.steps)
      return hot * part * part
    }
    job = .davies(title, try temperatures.map(model), seconds: seconds)
  }

  /// The current over `unit` at each temperature over `scale`.
  func points(_ bench: Workbench, over unit: Double = 1, scale: Double = 1) throws -> [Figure.Curve.Point] {
    try zip(temperatures, bench.result(job)).map { .init($0 / scale, $1.value / unit) }
  }

  /// The current with the cold bath at 0, and the largest one with its temperature on the grid.
  func extremes(_ bench: Workbench) throws -> (cold: Double, largest: Double, at: Double) {
    let points = try points(bench)
    let top = points.max { $0.y < $1.y } ?? points[0]
    return (points[0].y, top.y, top.x)
  }
}

/// The quantum current against the temperature of the cold bath, for every coupling.
struct QuantumCurrentFigure: PaperFigure {
  let identifier = "quantum"

  static func curve(
    _ choice: ZouParameters.CouplingChoice, hot: Double = ZouParameters.hot
  ) throws -> ColdBathCurve {
    let name = "\(choice.name), \(choice.spectrum.word ?? "table"), T_L = \(hot.short)"
    return try ColdBathCurve("quantum box, \(name)", hot: hot) {
      try ZouParameters.quantumBox(choice, left: hot, right: $0)
    }
  }

  /// By how much the current falls from its maximum to T_R = 0, in words.
  static func fall(_ choice: ZouParameters.CouplingChoice, _ bench: Workbench) throws -> String {
    let (cold, largest, _) = try curve(choice).extremes(bench)
    return (1 - cold / largest).percentText
  }

  private var curves: [(choice: ZouParameters.CouplingChoice, curve: ColdBathCurve)] {
    get throws { try (ZouParameters.couplings + [ZouParameters.thermalising]).map { ($0, try Self.curve($0)) } }
  }

  func jobs() throws -> [Job] { try curves.map(\.curve.job) }

  func figure(_ bench: Workbench) throws -> Figure {
    var drawn: [Figure.Curve] = []
    var close: [Figure.Curve] = []
    for (family, entry) in try curves.enumerated() {
      let cold = try entry.curve.extremes(bench).cold
      let points = try entry.curve.points(bench, over: cold)
      drawn.append(
        .init(label: entry.choice.name, name: entry.choice.name, role: .theory, family: family, points: points))
      close.append(
        .init(label: nil, name: "\(entry.choice.name), close to 1", role: .theory, family: family, points: points))
    }
    return Figure(
      identifier: identifier, title: "Quantum box: the current does not choke",
      caption: """
        Heat current through the quantum box over its value at T_R = 0, T_L = 40 = 2.7 (E_2 − E_1), Davies generator with \
        Metropolis rates (a master equation for weak coupling), for five couplings. With uniform, nearest, position and \
        maxwell the current grows all the way as T_R falls. With wall it has a maximum and then falls by \
        \(try Self.fall(ZouParameters.wall, bench)). Below: the same, close to 1.
        """,
      horizontal: .init(label: "T_R", unit: "energy"), vertical: .init(label: "J / J(T_R = 0)", unit: "1"),
      curves: drawn, ratios: close, ratioLabel: "close to 1", ratioRange: 0.94...1.03)
  }
}

/// The same for every spectral function, with the coupling that shows negative differential resistance and one that does not.
struct SpectraFigure: PaperFigure {
  let identifier = "spectra"

  /// A coupling with every spectral function; `maxwell` has none of its own.
  static func choices(
    _ coupling: ZouParameters.CouplingChoice
  ) -> [(name: String, choice: ZouParameters.CouplingChoice)] {
    coupling.coupling == .maxwell
      ? [("its own rates", coupling)] : ZouParameters.spectra.map { ($0.name, coupling.with($0.spectrum)) }
  }

  private func curves(
    _ coupling: ZouParameters.CouplingChoice, hot: Double = ZouParameters.hot
  ) throws -> [ColdBathCurve] {
    try Self.choices(coupling).map { try QuantumCurrentFigure.curve($0.choice, hot: hot) }
  }

  func jobs() throws -> [Job] {
    // All couplings, and a hot bath below the gap: the claims are judged for each of them.
    try ZouParameters.judged.flatMap { coupling in
      try curves(coupling).map(\.job) + curves(coupling, hot: ZouParameters.belowGap).map(\.job)
    }
  }

  func figure(_ bench: Workbench) throws -> Figure {
    var drawn: [Figure.Curve] = []
    for (coupling, role) in [(ZouParameters.wall, Figure.Curve.Role.theory), (ZouParameters.uniform, .approximation)] {
      for (family, curve) in try curves(coupling).enumerated() {
        let name = ZouParameters.spectra[family].name
        let points = try curve.points(bench, over: try curve.extremes(bench).cold)
        drawn.append(
          .init(
            label: role == .theory ? name : "uniform", name: "\(coupling.name) \(name)", role: role, family: family,
            points: points))
      }
    }
    return Figure(
      identifier: identifier, title: "Where the claim depends on the coupling",
      caption: """
        The current over its value at T_R = 0 for the coupling wall (solid), <m|A|n> = m n, and for uniform (dashed), with four \
        spectral functions. With wall the current has a maximum near T_R = T_L/4 for every spectral function: that the quantum box has no \
        negative differential resistance does not hold for this operator, which may not be the paper's. With uniform it holds.
        """,
      horizontal: .init(label: "T_R", unit: "energy"),
      vertical: .init(label: "J / J(T_R = 0)", unit: "1", range: 0.9...1.06), curves: drawn)
  }
}

/// Classical and quantum together against the temperature difference.
struct BiasFigure: PaperFigure {
  let quality: Quality
  let seed: UInt64

  let identifier = "bias"

  private static let choices = [
    ZouParameters.uniform, ZouParameters.nearest, ZouParameters.thermalising, ZouParameters.wall,
  ]

  private var classical: ClassicalCurrentFigure { ClassicalCurrentFigure(quality: quality, seed: seed) }

  func jobs() throws -> [Job] {
    try classical.jobs() + Self.choices.map { try QuantumCurrentFigure.curve($0).job }
  }

  func figure(_ bench: Workbench) throws -> Figure {
    let hot = ZouParameters.hot
    let peak = try ClassicalCurrentFigure.exact(0.25)
    var curves: [Figure.Curve] = [
      .init(
        label: "classical, simulation", name: "classical simulation", role: .simulation, family: 0,
        points: try classical.simulated(bench).reversed().map {
          .init(1 - $0.x / hot, $0.y / peak, error: ($0.error ?? 0) / peak)
        }),
      .init(
        label: "classical, exact", name: "classical exact", role: .theory, family: 0,
        points: try (0...200).map {
          .init(Double($0) / 200, try ClassicalCurrentFigure.exact(1 - Double($0) / 200) / peak)
        }),
    ]
    for (index, choice) in Self.choices.enumerated() {
      let curve = try QuantumCurrentFigure.curve(choice)
      let largest = try curve.extremes(bench).largest
      curves.append(
        .init(
          label: "quantum, \(choice.name)", name: "quantum \(choice.name)", role: .approximation, family: index + 1,
          points: try curve.points(bench, over: largest, scale: hot).reversed().map { .init(1 - $0.x, $0.y) }))
    }
    return Figure(
      identifier: identifier, title: "Classical against quantum",
      caption: """
        Heat current over its maximum against the temperature difference, T_L = 40 fixed and T_R lowered. The classical \
        current (Maxwell walls: symbols and solid line) falls to nothing; the quantum currents (dashed, m = l = ħ = 1) go on \
        growing, or with the coupling wall stay within \(try QuantumCurrentFigure.fall(ZouParameters.wall, bench)) of their \
        maximum.
        """,
      horizontal: .init(label: "(T_L − T_R) / T_L", unit: "1", range: 0...1),
      vertical: .init(label: "J / J_{max}", unit: "1", range: -0.02...1.1), curves: curves)
  }
}

/// Relaxation rate of the quantum box in equilibrium against temperature.
struct GapFigure: PaperFigure {
  let identifier = "gap"

  static let grid = logarithmicGrid(from: 0.02, to: 20, count: 46)
  static let firstGap = QuantumBox(length: ZouParameters.length, mass: ZouParameters.mass, hbar: ZouParameters.hbar)
    .firstGap
  static let choices = ZouParameters.couplings

  static func job(_ choice: ZouParameters.CouplingChoice) throws -> Job {
    .davies(
      "relaxation rate, \(choice.name)",
      try grid.map { try ZouParameters.quantumBox(choice, left: $0 * firstGap, right: $0 * firstGap) }, .relaxationRate,
      seconds: 0.02)
  }

  func jobs() throws -> [Job] { try Self.choices.map(Self.job) }

  func figure(_ bench: Workbench) throws -> Figure {
    let curves = try Self.choices.enumerated().map { family, choice in
      let rates = try bench.result(try Self.job(choice))
      return Figure.Curve(
        label: choice.name, name: choice.name, role: .theory, family: family,
        points: zip(Self.grid, rates).map { .init($0, $1.value / rates[0].value) })
    }
    return Figure(
      identifier: identifier, title: "Quantum relaxation does not slow down",
      caption: """
        Relaxation rate (gap of the generator, both baths at T, Metropolis rates) over its value at low temperature, against \
        T/(E_2 − E_1). Well below the first gap it does not depend on temperature, whatever the coupling, while the classical \
        wall needs ever more collisions (next figure).
        """,
      horizontal: .init(label: "T / (E_2 − E_1)", unit: "1", scale: .logarithmic),
      vertical: .init(label: "rate / rate(T → 0)", unit: "1", scale: .logarithmic), curves: curves)
  }
}
