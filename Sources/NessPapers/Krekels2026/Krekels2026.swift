import Foundation
import NessFiles
import NessModel
import NessReport
import NessSampling
import NessStudy

/// Reproduction of Krekels, Maes, Santra, Zhai, "Negative Differential Heat Conductivity in a Harmonic Chain Coupled to a
/// Particle Reservoir", arXiv:2604.00777 (2026).
package struct Krekels2026: Reproduction {
  /// Name on the command line.
  package static let name = "krekels2026"
  /// The figures of the paper that show data, and one of ours on its main claim.
  package static let figureNames = ["2a", "2b", "3a", "3b", "4a", "4b", "causes"]

  /// How much effort to take.
  package let quality: Quality
  /// The figures to make.
  package let figures: [String]
  /// Seed of all random streams.
  package let seed: UInt64

  /// A reproduction of the given figures.
  package init(quality: Quality, figures: [String] = Krekels2026.figureNames, seed: UInt64 = 1) {
    self.quality = quality
    self.figures = Self.figureNames.filter(figures.contains)
    self.seed = seed
  }

  private func figure(_ name: String) -> any PaperFigure {
    switch name {
    case "2a": MeanForceFigure(quality: quality, seed: seed)
    case "2b": EffectiveFrictionFigure(quality: quality, seed: seed)
    case "3a": BathTemperatureFigure(logarithmic: false, quality: quality, seed: seed)
    case "3b": BathTemperatureFigure(logarithmic: true, quality: quality, seed: seed)
    case "4a": SpringConstantFigure(quality: quality, seed: seed)
    case "4b": TwoKnobsFigure(quality: quality, seed: seed)
    default: CausesFigure(quality: quality, seed: seed)
    }
  }

  private var formulas: KrekelsFormulas {
    KrekelsFormulas(seed: seed, relativeError: quality == .quick ? 0.01 : 0.004)
  }

  /// See `Reproduction.report`.
  package func report(_ bench: Workbench, facts: [Report.Fact]) throws -> Report {
    let start = ContinuousClock.now
    let wanted = figures.map(figure)
    let whole = figures == Self.figureNames
    try bench.run(try wanted.flatMap { try $0.jobs() } + (whole ? try formulas.jobs() : []))
    let seconds = start.secondsAgo
    let claims = try KrekelsClaims(bench: bench, quality: quality, seed: seed).claims(for: Set(figures))
    func count(_ verdict: Report.Claim.Verdict) -> Int { claims.filter { $0.verdict == verdict }.count }
    let checks = whole ? try formulas.checks(bench) : []
    let misprints = checks.filter { $0.verdict == .misprint }.count
    return Report(
      title: "Krekels et al. 2026, reproduced",
      reference: "S. Krekels, C. Maes, I. Santra, R. Zhai, Negative Differential Heat Conductivity in a Harmonic Chain "
        + "Coupled to a Particle Reservoir, arXiv:2604.00777 (2026)",
      summary: """
        A harmonic chain is pushed at one end by overdamped particles and cooled at the other by a Langevin bath. \
        Every point below is a simulation of the full stochastic dynamics with its standard error, beside the theory for \
        weak coupling to the particles at the same parameters, some of which are ours (see below). Of \(claims.count) \
        statements the numbers confirm \(count(.confirmed)), contradict \(count(.contradicted)) and leave \
        \(count(.undecided)) undecided; each says by which test\
        \(checks.isEmpty ? "" : ". \(misprints) of \(checks.count) formula checks expose a misprint").
        """,
      figures: try wanted.map { try $0.figure(bench) }, parameters: KrekelsParameters.table, claims: claims,
      formulas: checks,
      provenance: [
        .init(
          "Quality",
          "\(quality.rawValue): currents to \(Int(100 * quality.relativeError)) % (one standard error) or better where they are not small, time-step bias below \(100 * quality.timeStepTolerance) %"
        ),
        .init("Seed", "\(seed)"),
        .init(
          "Run time",
          "\(Self.duration(seconds)) for \(bench.computed) computed results; \(bench.reused) reused from the store"),
      ] + facts)
  }

  /// The rows of `ness verify`.
  package func verify(_ bench: Workbench) throws -> [FormulaCheck] {
    try bench.run(try formulas.jobs())
    return try formulas.checks(bench)
  }
}
