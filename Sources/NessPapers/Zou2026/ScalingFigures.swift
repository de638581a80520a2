import Foundation
import NessKinetic
import NessModel
import NessReport
import NessStatistics
import NessStore
import NessStudy

/// Collisions that a Metropolis wall needs to thermalise a particle, against temperature.
struct CollisionsFigure: PaperFigure {
  let quality: Quality
  let seed: UInt64

  let identifier = "collisions"

  /// T over the energy of the proposal width: width = 1 and m = 1 for both proposals.
  private static let grid = logarithmicGrid(from: 0.003, to: 3, count: 17)
  static let sampled = [0.003, 0.01, 0.03, 0.1, 0.3, 1]
  static let proposals = MetropolisBath.Proposal.allCases

  private static func relaxation(_ proposal: MetropolisBath.Proposal, _ temperature: Double) -> CollisionRelaxation {
    CollisionRelaxation(wall: MetropolisBath(temperature: temperature, proposal: proposal, width: 1))
  }

  /// N_c from the spectral gap against T.
  static func curve(_ proposal: MetropolisBath.Proposal) -> AdaptiveCurve {
    AdaptiveCurve(
      title: "collision kernel, \(proposal.rawValue) moves",
      engine: .kernel,
      key: [.text("quantity", "collisionsFromGap"), .text("proposal", proposal.rawValue)], grid: grid,
      axes: .init(isLogarithmicBelow: true, isLogarithmicUp: true), seconds: 1
    ) { try relaxation(proposal, $0).collisionsFromGap() }
  }

  /// The points of that curve.
  static func gaps(_ proposal: MetropolisBath.Proposal, _ bench: Workbench) throws -> [(x: Double, value: Estimate)] {
    AdaptiveCurve.points(try bench.result(curve(proposal).job))
  }

  /// N_c from the decay of the energy autocorrelation at one temperature.
  func decay(_ proposal: MetropolisBath.Proposal, _ temperature: Double) -> Job {
    let samples = quality == .quick ? 200_000 : 2_000_000
    let key = CacheKey(
      Job.head("collisionsFromAutocorrelation", by: .kinetic) + [
        .text("proposal", proposal.rawValue), .number("temperature", temperature), .whole("samples", samples),
        .whole("seed", seed),
      ])
    let seed = seed
    return Job(
      title: "energy autocorrelation, \(proposal.rawValue) moves, T = \(temperature.short)", key: key,
      cost: Double(samples) * 4 / temperature
    ) { context in
      [
        try Self.relaxation(proposal, temperature).collisionsFromAutocorrelation(
          samples: samples, seed: seed, threads: context.threads)
      ]
    }
  }

  func jobs() throws -> [Job] {
    Self.proposals.flatMap { proposal in
      [Self.curve(proposal).job] + Self.sampled.map { decay(proposal, $0) }
    }
  }

  func figure(_ bench: Workbench) throws -> Figure {
    var curves: [Figure.Curve] = []
    for (family, proposal) in Self.proposals.enumerated() {
      let name = "\(proposal.rawValue) moves"
      let gaps = try Self.gaps(proposal, bench)
      curves.append(
        .init(
          label: "\(name), autocorrelation", name: "\(name) autocorrelation", role: .simulation, family: family,
          points: try Self.sampled.map { temperature in
            let found = try bench.result(decay(proposal, temperature))[0]
            return .init(temperature, found.value, error: found.error)
          }))
      curves.append(
        .init(
          label: "spectral gap", name: "\(name) gap", role: .theory, family: family,
          points: gaps.map { .init($0.x, $0.value.value) }))
    }
    let ends = [0.003, 0.3]
    for (exponent, height, label) in [(-0.9, 5.0, "T^{−0.9} (upper)"), (-0.5, 3.0, "T^{−0.5} (lower)")] {
      curves.append(
        .init(
          label: label, name: "guide \(label)", role: .guide, family: 0,
          points: ends.map { .init($0, height * pow($0, exponent)) }))
    }
    return Figure(
      identifier: identifier, title: "Classical relaxation slows down without limit",
      caption: """
        Collisions with one Metropolis wall after which its memory has decayed, against T (proposal width 1, m = 1). Lines: \
        from the spectral gap of the collision kernel. Symbols: collisions until the energy autocorrelation has fallen to 1/e, \
        which is another number than the gap gives, since many modes take part. Grey: powers of T; a public summary of the paper quotes T^{−0.9}.
        """,
      horizontal: .init(label: "T", unit: "energy", scale: .logarithmic),
      vertical: .init(label: "N_c", unit: "1", scale: .logarithmic), curves: curves)
  }
}

/// How the current depends on the length of the box.
struct LengthFigure: PaperFigure {
  let quality: Quality
  let seed: UInt64

  let identifier = "length"

  static let cold = 4.0
  static let lengths = logarithmicGrid(from: 2, to: 16, count: 13)
  static let sampled = [2.0, 4, 8, 16]

  struct Variant: Sendable {
    let name: String
    let choice: ZouParameters.CouplingChoice
    /// The rate is l to this power.
    var rateExponent = 0.0
  }

  static let variants: [Variant] = {
    func physical(_ choice: ZouParameters.CouplingChoice) -> ZouParameters.CouplingChoice {
      var copy = choice
      copy.amplitude = .physical
      return copy
    }
    return [
      Variant(name: "uniform", choice: ZouParameters.uniform),
      Variant(name: "uniform, γ l^{−1/2}", choice: ZouParameters.uniform, rateExponent: -0.5),
      Variant(name: "uniform, γ² l^{−1}", choice: ZouParameters.uniform, rateExponent: -1),
      Variant(name: "uniform × 2/l", choice: physical(ZouParameters.uniform)),
      Variant(name: "wall, physical", choice: physical(ZouParameters.wall)),
      Variant(name: "nearest", choice: ZouParameters.nearest),
    ]
  }()

  static func job(_ variant: Variant) throws -> Job {
    .davies(
      "length of the box, \(variant.name)",
      try lengths.map {
        try ZouParameters.quantumBox(variant.choice, right: cold, length: $0, rate: pow($0, variant.rateExponent))
      }, seconds: 0.02)
  }

  /// The classical current by simulation.
  private func simulation(_ length: Double) throws -> Job {
    .boxSimulation(
      "classical box, l = \(length.short)", of: try Self.classical(length), replicas: 256,
      duration: (quality == .quick ? 1000 : 10_000) * length, seed: seed)
  }

  private static func classical(_ length: Double) throws -> BoxModel {
    try ZouParameters.box(ZouParameters.maxwell, right: cold, length: length)
  }

  /// The simulated classical currents; the abscissa is l.
  func simulated(_ bench: Workbench) throws -> [Figure.Curve.Point] {
    try Self.sampled.map { length in
      let current = try bench.result(try simulation(length))[0]
      return .init(length, current.value, error: current.error)
    }
  }

  func jobs() throws -> [Job] { try Self.variants.map(Self.job) + Self.sampled.map(simulation) }

  /// Exponent of J ~ l^a for the longer boxes.
  static func exponent(_ variant: Variant, _ bench: Workbench) throws -> Double {
    let currents = try bench.result(try job(variant)).map(\.value)
    let last = lengths.count - 1
    return log(currents[last] / currents[last - 4]) / log(lengths[last] / lengths[last - 4])
  }

  func figure(_ bench: Workbench) throws -> Figure {
    let classical = try Self.lengths.map { length in
      try RenewalSolver().answer(.only(.heatCurrent), of: Self.classical(length)).required(.heatCurrent, .renewal).value
    }
    var curves = [
      Figure.Curve(
        label: "classical, simulation", name: "classical simulation", role: .simulation, family: 0,
        points: try simulated(bench).map { .init($0.x, $0.y / classical[0], error: ($0.error ?? 0) / classical[0]) }),
      Figure.Curve(
        label: "classical, exact", name: "classical", role: .approximation, family: 0,
        points: zip(Self.lengths, classical).map { .init($0, $1 / classical[0]) }),
    ]
    for (index, variant) in Self.variants.enumerated() {
      let currents = try bench.result(try Self.job(variant)).map(\.value)
      curves.append(
        .init(
          label: variant.name, name: variant.name, role: .theory, family: index + 1,
          points: zip(Self.lengths, currents).map { .init($0, $1 / currents[0]) }))
    }
    return Figure(
      identifier: identifier, title: "Scaling with the length of the box",
      caption: """
        Current over its value at l = 2, T_L = 40, T_R = 4. The classical current with Maxwell walls goes as 1/l (dashed). How \
        the quantum current scales depends on the coupling and on what is kept fixed: the paper is said to find 1/l once γ is \
        replaced by γ l^{−1/2}.
        """,
      horizontal: .init(label: "l", unit: "length", scale: .logarithmic),
      vertical: .init(label: "J(l) / J(2)", unit: "1", scale: .logarithmic), curves: curves)
  }
}
