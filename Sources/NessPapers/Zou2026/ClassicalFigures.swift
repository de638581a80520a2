import Foundation
import NessKinetic
import NessModel
import NessReport
import NessStatistics
import NessStore
import NessStudy

/// The classical current with Maxwell walls against the temperature of the cold wall: simulation on the exact curve.
struct ClassicalCurrentFigure: PaperFigure {
  let quality: Quality
  let seed: UInt64

  let identifier = "classical"

  /// T_R in units of T_L.
  static let ratios = [0.0025, 0.01, 0.03, 0.08, 0.15, 0.25, 0.4, 0.6, 0.8]

  func job(_ ratio: Double) throws -> Job {
    let model = try ZouParameters.box(ZouParameters.maxwell, right: ratio * ZouParameters.hot)
    return .boxSimulation(
      "classical box, T_R = \((ratio * ZouParameters.hot).short)", of: model,
      [.heatCurrent, .timeShare(bath: "right"), .meanEnergy], duration: quality == .quick ? 1000 : 10_000, seed: seed)
  }

  func jobs() throws -> [Job] { try Self.ratios.map(job) }

  /// The exact current at a ratio T_R/T_L.
  static func exact(_ ratio: Double) throws -> Double {
    let model = try ZouParameters.box(ZouParameters.maxwell, right: ratio * ZouParameters.hot)
    return try RenewalSolver().answer(.only(.heatCurrent), of: model).required(.heatCurrent, .renewal).value
  }

  /// The simulated currents; the abscissa is T_R.
  func simulated(_ bench: Workbench) throws -> [Figure.Curve.Point] {
    try Self.ratios.map { ratio in
      let current = try bench.result(try job(ratio))[0]
      return .init(ratio * ZouParameters.hot, current.value, error: current.error)
    }
  }

  func figure(_ bench: Workbench) throws -> Figure {
    let points = try simulated(bench)
    let hot = ZouParameters.hot
    let grid = (0...200).map { Double($0) / 200 }
    let peak = try Self.exact(0.25)
    let ratios = try points.map { point -> Figure.Curve.Point in
      let exact = try Self.exact(point.x / hot)
      return .init(point.x, point.y / exact, error: (point.error ?? 0) / exact)
    }
    return Figure(
      identifier: identifier, title: "Classical box: the current chokes as the cold wall gets colder",
      caption: """
        Heat current through a classical box between Maxwell walls, T_L = 40, against the temperature T_R of the cold \
        wall. Symbols: event-driven simulation. Line: exact renewal argument. The current is largest at T_R = T_L/4 (grey) \
        and vanishes as T_R → 0: there a larger temperature difference gives less heat. Below: simulation over exact.
        """,
      horizontal: .init(label: "T_R", unit: "energy"), vertical: .init(label: "J", unit: "energy/time"),
      curves: [
        .init(label: "simulation", name: "simulation", role: .simulation, family: 0, points: points),
        .init(
          label: "renewal, exact", name: "renewal", role: .theory, family: 0,
          points: try grid.map { .init($0 * hot, try Self.exact($0)) }),
        .init(
          label: "T_L/4", name: "T_L/4", role: .guide, family: 0, points: [.init(hot / 4, 0), .init(hot / 4, peak)]),
      ],
      ratios: [.init(label: nil, name: "simulation / exact", role: .simulation, family: 0, points: ratios)],
      ratioLabel: "sim. / exact")
  }
}

/// The classical current with Metropolis walls: simulation on the stationary law of the collision kernel.
struct MetropolisCurrentFigure: PaperFigure {
  let quality: Quality
  let seed: UInt64

  let identifier = "metropolis"

  struct Variant: Sendable {
    let name: String
    let proposal: MetropolisBath.Proposal
    let moves: Int

    func model(_ right: Double) throws -> BoxModel {
      try ZouParameters.box(ZouParameters.metropolis(proposal, moves: moves), right: right)
    }
  }

  static let variants = [
    Variant(name: "energy moves, 1", proposal: .energy, moves: 1),
    Variant(name: "energy moves, 10", proposal: .energy, moves: 10),
    Variant(name: "energy moves, 100", proposal: .energy, moves: 100),
    Variant(name: "speed moves, 1", proposal: .speed, moves: 1),
  ]
  private static let sampled = [0.0, 1, 4, 10, 20, 32]
  private static let grid = [0, 0.1, 0.4, 1, 2, 4, 7, 10, 15, 20, 26, 32, 40]

  /// Moves in speed that are long for the temperature slow the particle down beyond the range of numbers.
  static func grid(_ variant: Variant) -> [Double] {
    variant.proposal == .energy ? grid : grid.filter { $0 == 0 || $0 >= 0.1 }
  }

  /// Moves in speed that are long for the temperature make flights longer than any run.
  private static func sampled(_ variant: Variant) -> [Double] {
    variant.proposal == .energy ? sampled : sampled.filter { $0 >= 4 }
  }

  private func simulation(_ variant: Variant, _ right: Double) throws -> Job {
    .boxSimulation(
      "\(variant.name), T_R = \(right.short)", of: try variant.model(right),
      duration: (quality == .quick ? 1000 : 10_000) / Double(variant.moves).squareRoot(), seed: seed)
  }

  private func curve(_ variant: Variant) throws -> AdaptiveCurve {
    AdaptiveCurve(
      title: "\(variant.name), exact",
      engine: .kernel,
      key: CacheKey.lines(for: AnyModel(try variant.model(ZouParameters.hot / 2))), grid: Self.grid(variant),
      axes: .init(), seconds: 0.5
    ) { try KernelSolver().current(variant.model($0)) }
  }

  /// The exact currents of a kind of wall; the abscissa is T_R.
  func exact(_ variant: Variant, _ bench: Workbench) throws -> [(x: Double, value: Estimate)] {
    AdaptiveCurve.points(try bench.result(try curve(variant).job))
  }

  func jobs() throws -> [Job] {
    try Self.variants.flatMap { variant in
      try Self.sampled(variant).map { try simulation(variant, $0) } + [try curve(variant).job]
    }
  }

  func figure(_ bench: Workbench) throws -> Figure {
    var curves: [Figure.Curve] = []
    var ratios: [Figure.Curve] = []
    for (family, variant) in Self.variants.enumerated() {
      let exact = try exact(variant, bench)
      let points = try Self.sampled(variant).map { right -> Figure.Curve.Point in
        let current = try bench.result(try simulation(variant, right))[0]
        return .init(right, current.value, error: current.error)
      }
      curves.append(
        .init(
          label: variant.name, name: "\(variant.name) simulation", role: .simulation, family: family, points: points))
      curves.append(
        .init(
          label: "kernel, exact", name: "\(variant.name) kernel", role: .theory, family: family,
          points: exact.map { .init($0.x, $0.value.value) }))
      ratios.append(
        .init(
          label: nil, name: "\(variant.name) simulation / kernel", role: .simulation, family: family,
          points: points.compactMap { point in
            guard let known = exact.first(where: { $0.x == point.x })?.value.value else { return nil }
            return .init(point.x, point.y / known, error: (point.error ?? 0) / known)
          }))
    }
    let hot = ZouParameters.hot
    curves.append(
      .init(
        label: "Maxwell walls", name: "Maxwell walls", role: .approximation, family: Self.variants.count,
        points: try (0...160).map { .init(Double($0) / 160 * hot, try ClassicalCurrentFigure.exact(Double($0) / 160)) })
    )
    return Figure(
      identifier: identifier, title: "Classical box with Metropolis walls",
      caption: """
        The same box between walls that thermalise by Metropolis moves, with 1, 10 and 100 moves in energy (width 40) or one \
        in speed (width 6) at each collision. Symbols: simulation. Lines: stationary law of the collision kernel. With many \
        moves the wall becomes a Maxwell wall (dashed) and the current chokes; with one move a wall at T_R = 0 still lets \
        heat through, because the particle leaves it before it is thermalised. Below: simulation over exact.
        """,
      horizontal: .init(label: "T_R", unit: "energy"), vertical: .init(label: "J", unit: "energy/time"),
      curves: curves, ratios: ratios, ratioLabel: "sim. / exact")
  }
}

/// How the cold wall traps the particle: the share of time in flights that left it, beside the current.
struct TrappingFigure: PaperFigure {
  let quality: Quality
  let seed: UInt64

  let identifier = "trapping"

  private var currents: ClassicalCurrentFigure { ClassicalCurrentFigure(quality: quality, seed: seed) }

  func jobs() throws -> [Job] { try currents.jobs() }

  /// The simulated share of time spent in flights from the cold wall; the abscissa is T_R/T_L.
  func shares(_ bench: Workbench) throws -> [Figure.Curve.Point] {
    try ClassicalCurrentFigure.ratios.map { ratio in
      let share = try bench.result(try currents.job(ratio))[1]
      return .init(ratio, share.value, error: share.error)
    }
  }

  func figure(_ bench: Workbench) throws -> Figure {
    let grid = logarithmicGrid(from: 1e-4, to: 1, count: 120)
    let peak = try ClassicalCurrentFigure.exact(0.25)
    return Figure(
      identifier: identifier, title: "Trapped by slowness",
      caption: """
        Share of the time that the particle spends in flights from the cold wall (symbols: simulation, line: \
        1/(1 + (T_R/T_L)^{1/2})) against T_R/T_L, and below the exact current over its maximum. The colder the wall, the \
        slower the particle leaves it, and nearly all time passes in such flights.
        """,
      horizontal: .init(label: "T_R / T_L", unit: "1", scale: .logarithmic),
      vertical: .init(label: "share of the time", unit: "1", range: 0.45...1.02),
      curves: [
        .init(
          label: "time in flights from the cold wall", name: "simulation", role: .simulation, family: 0,
          points: try shares(bench)),
        .init(
          label: "exact", name: "exact share", role: .theory, family: 0,
          points: grid.map { .init($0, 1 / (1 + $0.squareRoot())) }),
      ],
      ratios: [
        .init(
          label: nil, name: "J/Jmax", role: .theory, family: 0,
          points: try grid.map { .init($0, try ClassicalCurrentFigure.exact($0) / peak) })
      ], ratioLabel: "J / J_{max}", ratioRange: 0...1.1)
  }
}

/// Where the particle is and how fast, for a cold and a very cold wall.
struct ProfileFigure: PaperFigure {
  /// True for the distribution of the kinetic energy, false for that of the position.
  let ofEnergy: Bool
  let quality: Quality
  let seed: UInt64

  var identifier: String { ofEnergy ? "speeds" : "density" }

  static let ratios = [0.25, 0.01, 0.0001]

  /// The density everywhere, and the energies that occur often enough to be counted.
  private static func quantities(_ model: BoxModel) throws -> [Quantity] {
    let exact = try RenewalSolver().answer(.only([.energyDensity]), of: model)
    let common = try (1...Box.energyClasses).map { Quantity.energyDensity(index: $0) }.filter {
      try exact.required($0, .renewal).value * Box.energyClassWidth(of: model) > 0.0004
    }
    return (1...Box.parts).map { .density(part: $0) } + common
  }

  private func model(_ ratio: Double) throws -> BoxModel {
    try ZouParameters.box(ZouParameters.maxwell, right: ratio * ZouParameters.hot)
  }

  func job(_ ratio: Double) throws -> Job {
    let model = try model(ratio)
    return .boxSimulation(
      "position and energy, T_R = \((ratio * ZouParameters.hot).short)", of: model, try Self.quantities(model),
      replicas: 32_768, duration: (quality == .quick ? 20 : 200) / ratio.squareRoot(), seed: seed)
  }

  func jobs() throws -> [Job] { try Self.ratios.map(job) }

  private func curves(_ ratio: Double, family: Int, _ bench: Workbench) throws -> [Figure.Curve] {
    let model = try model(ratio)
    let exact = try RenewalSolver().answer(.only([.density, .energyDensity]), of: model)
    let width = Box.energyClassWidth(of: model)
    let found = try bench.result(try job(ratio))
    var simulated: [Figure.Curve.Point] = []
    var theory: [Figure.Curve.Point] = []
    for (quantity, estimate) in zip(try Self.quantities(model), found) {
      let known = try exact.required(quantity, .renewal).value
      guard let part = quantity.number else { continue }
      switch quantity.family {
      case .density where !ofEnergy:
        let x = (Double(part) - 0.5) / Double(Box.parts)
        simulated.append(.init(x, estimate.value * ZouParameters.length, error: estimate.error * ZouParameters.length))
        theory.append(.init(x, known * ZouParameters.length))
      case .energyDensity where ofEnergy:
        let x = (Double(part) - 0.5) * width / ZouParameters.hot
        simulated.append(.init(x, estimate.value * ZouParameters.hot, error: estimate.error * ZouParameters.hot))
        // A mean over a class holds for all of it: steps, not a line between middles.
        let half = 0.5 * width / ZouParameters.hot
        theory += [.init(x - half, known * ZouParameters.hot), .init(x + half, known * ZouParameters.hot)]
      default: continue
      }
    }
    let name = "T_R/T_L = \(ratio.short)"
    return [
      .init(label: name, name: "\(name) simulation", role: .simulation, family: family, points: simulated),
      .init(
        label: ofEnergy ? "exact, mean over the class" : "exact", name: "\(name) exact", role: .theory, family: family,
        points: theory),
    ]
  }

  func figure(_ bench: Workbench) throws -> Figure {
    let curves = try Self.ratios.enumerated().flatMap { try self.curves($1, family: $0, bench) }
    if ofEnergy {
      return Figure(
        identifier: identifier, title: "Energies as the cold wall gets colder",
        caption: """
          Probability density of the kinetic energy (in classes of T_L/5), for three temperatures of the cold wall. Symbols: \
          simulation at fixed times, means over a class. Steps: the exact means over each class. Hot flights become rare; \
          what remains is slow.
          """,
        horizontal: .init(label: "E / T_L", unit: "1"),
        vertical: .init(label: "T_L ρ(E)", unit: "1", scale: .logarithmic), curves: curves)
    }
    return Figure(
      identifier: identifier, title: "The particle is not stuck at the wall",
      caption: """
        Probability density of the position for the same temperatures. It is flat however cold the right wall is: the \
        particle is trapped in slow flights through the whole box, not at the cold wall.
        """,
      horizontal: .init(label: "x / l", unit: "1", range: 0...1),
      vertical: .init(label: "l ρ(x)", unit: "1", range: 0...2), curves: curves)
  }
}
