import Foundation
import NessFiles
import NessModel
import NessReport
import NessSampling
import NessStudy

/// Reproduction of Zou, Gong, Wang, Casati, Benenti, "Quantum versus Classical Thermal Transport at Low Temperatures",
/// Phys. Rev. Lett. (2026), arXiv:2509.14027. Only its abstract and public summaries are at hand, so the figures are ours.
package struct Zou2026: Reproduction {
  /// Name on the command line.
  package static let name = "zou2026"
  /// The figures, in the order of the argument.
  package static let figureNames = [
    "classical", "metropolis", "trapping", "density", "speeds", "quantum", "spectra", "bias", "gap", "collisions",
    "length", "ladder", "ladder-metropolis", "onset",
  ]

  /// How much effort to take.
  package let quality: Quality
  /// The figures to make.
  package let figures: [String]
  /// Seed of all random streams.
  package let seed: UInt64

  /// A reproduction of the given figures.
  package init(quality: Quality, figures: [String] = Zou2026.figureNames, seed: UInt64 = 1) {
    self.quality = quality
    self.figures = Self.figureNames.filter(figures.contains)
    self.seed = seed
  }

  private func figure(_ name: String) -> any PaperFigure {
    switch name {
    case "classical": ClassicalCurrentFigure(quality: quality, seed: seed)
    case "metropolis": MetropolisCurrentFigure(quality: quality, seed: seed)
    case "trapping": TrappingFigure(quality: quality, seed: seed)
    case "density": ProfileFigure(ofEnergy: false, quality: quality, seed: seed)
    case "speeds": ProfileFigure(ofEnergy: true, quality: quality, seed: seed)
    case "quantum": QuantumCurrentFigure()
    case "spectra": SpectraFigure()
    case "bias": BiasFigure(quality: quality, seed: seed)
    case "gap": GapFigure()
    case "collisions": CollisionsFigure(quality: quality, seed: seed)
    case "length": LengthFigure(quality: quality, seed: seed)
    case "ladder": LadderFigure.thermalising
    case "ladder-metropolis": LadderFigure.metropolis
    default: OnsetFigure()
    }
  }

  private var formulas: ZouFormulas { ZouFormulas(quality: quality, seed: seed) }

  /// See `Reproduction.report`.
  package func report(_ bench: Workbench, facts: [Report.Fact]) throws -> Report {
    let start = ContinuousClock.now
    let wanted = figures.map(figure)
    let whole = figures == Self.figureNames
    try bench.run(try wanted.flatMap { try $0.jobs() } + (whole ? try formulas.jobs() : []))
    let claims = try ZouClaims(bench: bench, quality: quality, seed: seed).claims(for: Set(figures))
    func count(_ verdict: Report.Claim.Verdict) -> Int { claims.filter { $0.verdict == verdict }.count }
    return Report(
      title: "Zou et al. 2026, reproduced",
      reference: "Z. Zou, J. Gong, J. Wang, G. Casati, G. Benenti, Quantum versus Classical Thermal Transport at Low "
        + "Temperatures, Phys. Rev. Lett. (2026), arXiv:2509.14027",
      summary: """
        One particle in a box between a hot and a cold bath, classical and quantum. The text of the paper was not at hand, \
        only its abstract and public summaries: models, parameters and figures are ours, so a verdict says what holds for \
        the models and operators named beside it, and one sentence may have several. Of \(claims.count) statements \
        \(count(.holdsHere)) hold here, \(count(.failsHere)) fail here, \(count(.undecided)) are undecided, \
        \(count(.notJudged)) \(count(.notJudged) == 1 ? "is" : "are") an opinion. Symbols are simulations with one standard \
        error; lines are theory, exact for the classical box and a master equation for weak coupling for the quantum one.
        """,
      figures: try wanted.map { try $0.figure(bench) }, parameters: ZouParameters.table, claims: claims,
      formulas: whole ? try formulas.checks(bench) : [],
      provenance: [
        .init("Quality", "\(quality.rawValue)"), .init("Seed", "\(seed)"),
        .init(
          "Run time",
          "\(Self.duration(start.secondsAgo)) for \(bench.computed) computed results; \(bench.reused) reused from the store"
        ),
      ] + facts)
  }

  /// The rows of `ness verify`.
  package func verify(_ bench: Workbench) throws -> [FormulaCheck] {
    try bench.run(try formulas.jobs())
    return try formulas.checks(bench)
  }
}
