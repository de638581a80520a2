import Foundation
import NessKinetic
import NessLindblad
import NessModel
import NessReport
import NessStatistics
import NessStudy

/// The formulas behind the reproduction, each against a number obtained another way. The text of the paper is not at
/// hand, so nothing stands as printed: these are the formulas that Ness uses.
struct ZouFormulas {
  let quality: Quality
  let seed: UInt64

  private static let ratio = 0.25
  private static let smallSteps = [0.2, 0.1, 0.05]

  private var simulation: Job {
    get throws { try ClassicalCurrentFigure(quality: quality, seed: seed).job(Self.ratio) }
  }

  private var smallHbar: Job {
    get throws {
      .davies(
        "classical limit of thermalising walls",
        try Self.smallSteps.map { try Ladder.thermalising.model($0, Self.ratio) }, seconds: 0.03)
    }
  }

  /// The work that the rows compare with.
  func jobs() throws -> [Job] {
    [try simulation, try smallHbar, CollisionsFigure.curve(.energy).job]
  }

  /// The rows of `ness verify`, once the jobs have been run.
  func checks(_ bench: Workbench) throws -> [FormulaCheck] {
    [
      try renewal(bench), try share(bench), try energy(bench), try collisions(bench), try twoLevels(), try decoupling(),
      try classicalLimit(bench),
    ]
  }

  private func row(
    _ location: String, _ formula: String, value: Double, independent: Estimate, route: String, tolerance: Double
  ) -> FormulaCheck {
    .judged(
      location, printed: nil, corrected: formula, printedValue: nil, correctedValue: value, independent: independent,
      route: route, tolerance: tolerance)
  }

  /// What simulations of the box must agree to: a few times their error bars at quality quick.
  private static let sampledTolerance = 0.01

  private func renewal(_ bench: Workbench) throws -> FormulaCheck {
    row(
      "classical current, Maxwell walls", "J = (T_L − T_R) / (l (πm/2)^{1/2} (T_L^{−1/2} + T_R^{−1/2}))",
      value: try ClassicalCurrentFigure.exact(Self.ratio), independent: try bench.result(try simulation)[0],
      route: "event-driven simulation, T_L = 40, T_R = 10", tolerance: Self.sampledTolerance)
  }

  private func share(_ bench: Workbench) throws -> FormulaCheck {
    row(
      "time in flights from the cold wall", "1 / (1 + (T_R/T_L)^{1/2})", value: 1 / (1 + Self.ratio.squareRoot()),
      independent: try bench.result(try simulation)[1], route: "event-driven simulation, T_L = 40, T_R = 10",
      tolerance: Self.sampledTolerance)
  }

  private func energy(_ bench: Workbench) throws -> FormulaCheck {
    row(
      "kinetic temperature, everywhere in the box", "m<v²> = (T_L T_R)^{1/2}",
      value: ZouParameters.hot * Self.ratio.squareRoot(),
      independent: .statistical(
        2 * (try bench.result(try simulation)[2].value), standardError: 2 * (try bench.result(try simulation)[2].error),
        effectiveSamples: 1),
      route: "twice the mean energy of the event-driven simulation, T_L = 40, T_R = 10",
      tolerance: Self.sampledTolerance)
  }

  private func collisions(_ bench: Workbench) throws -> FormulaCheck {
    let (temperature, gap) = try CollisionsFigure.gaps(.energy, bench)[0]
    let refused = 1 - temperature / 2 * -expm1(-1 / temperature)
    return row(
      "collisions to thermalise, energy moves", "N_c = −1 / ln(1 − (T/2w)(1 − e^{−w/T}))", value: -1 / log(refused),
      independent: gap,
      route: "spectral gap of the collision kernel by diagonalisation, T/w = 0.003", tolerance: 0.01)
  }

  private func twoLevels() throws -> FormulaCheck {
    var model = try ZouParameters.quantumBox(ZouParameters.uniform, left: 10, right: 3)
    let gap = model.medium.firstGap
    let up = [10.0, 3].map { exp(-gap / $0) }
    let current = gap * (up[0] - up[1]) / (2 + up[0] + up[1])
    model = try Model(
      medium: QuantumBox(length: 1, levels: 2), attachments: model.attachments)
    let solved = try LindbladSolver().answer(.only(.heatCurrent), of: model).required(.heatCurrent, .davies)
    return row(
      "quantum current, two levels", "J = γ Δ (b_L − b_R) / (2 + b_L + b_R), b = e^{−Δ/T}", value: current,
      independent: .numerical(solved.value, bound: 1e-12 * abs(solved.value)),
      route: "steady state of the Davies generator by elimination, M = 2, Metropolis rates, T_L = 10, T_R = 3",
      tolerance: 1e-11)
  }

  private func decoupling() throws -> FormulaCheck {
    let free = try ZouParameters.quantumBox(ZouParameters.wall.with(.ohmic), left: 20, right: 5)
    let model = try Model(medium: QuantumBox(length: 1, levels: 12), attachments: free.attachments)
    let answer = try LindbladSolver().answer(.only(.heatCurrent), of: model, by: [.davies, .liouvillian])
    let pauli = try answer.required(.heatCurrent, .davies)
    let whole = try answer.required(.heatCurrent, .liouvillian)
    return row(
      "populations decouple from coherences", "J of the Pauli equation, M levels", value: pauli.value,
      independent: .numerical(whole.value, bound: 1e-9 * abs(whole.value)),
      route: "steady state of the full Liouvillian with grouped Bohr frequencies, M = 12, wall, ohmic", tolerance: 1e-8)
  }

  private func classicalLimit(_ bench: Workbench) throws -> FormulaCheck {
    let found = try bench.result(try smallHbar).map(\.value)
    // J is J_0 + a hbar + b hbar²: two steps of halving take away both.
    let first = [2 * found[1] - found[0], 2 * found[2] - found[1]]
    let second = (4 * first[1] - first[0]) / 3
    return row(
      "classical limit of thermalising walls hit at random", "half the renewal current",
      value: try ClassicalCurrentFigure.exact(Self.ratio) / 2,
      independent: .numerical(second, bound: abs(second - first[1])),
      route: "Davies currents at ħ = 0.2, 0.1, 0.05 extrapolated to 0; T_L = 40, T_R = 10", tolerance: 0.01)
  }
}
