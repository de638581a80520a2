import Foundation
import NessFiles
import NessModel
import NessReport
import NessStatistics
import NessStudy

/// The sentences of the abstract and of the public summaries, judged by the numbers. The paper's models, operators and
/// parameters are not public, so a verdict says what holds or fails for the models computed here.
struct ZouClaims {
  let bench: Workbench
  let quality: Quality
  let seed: UInt64

  /// Claims that the given figures allow to judge.
  func claims(for figures: Set<String>) throws -> [Report.Claim] {
    var claims: [Report.Claim] = []
    if figures.contains("classical") { claims.append(try classicalTurns()) }
    if figures.contains("metropolis") { claims += try MetropolisCurrentFigure.variants.map(metropolisTurns) }
    if figures.contains("trapping") { claims.append(try coldWallTraps()) }
    if figures.contains("density") { claims.append(try stuckAtTheWall()) }
    if figures.contains("spectra") {
      claims += try ZouParameters.judged.map(quantumIsMonotonic)
    }
    if figures.contains("quantum") { claims.append(try heatKeepsFlowing()) }
    if figures.contains("ladder"), figures.contains("onset") {
      claims += [try classicalLimit(), try onset(), try reconsider()]
    }
    if figures.contains("collisions") { claims += try CollisionsFigure.proposals.map(collisionsDiverge) }
    if figures.contains("gap") { claims.append(try relaxationStaysFinite()) }
    if figures.contains("length") { claims += [try classicalLength(), try quantumLength()] }
    return claims
  }

  func percent(_ share: Double) -> String { String(format: share > 0.1 ? "%.0f %%" : "%.2g %%", 100 * share) }

  /// Largest distance from theory of some independent points in standard errors, and what chance makes of all of them.
  static func agreement(_ scores: [Double]) -> String {
    let chiSquared = scores.reduce(0) { $0 + $1 * $1 }
    let chance = chiSquaredUpperTail(chiSquared, degreesOfFreedom: Double(scores.count))
    return "largest |z| = \((scores.map(abs).max() ?? 0).text(digits: 2)), χ² = \(chiSquared.text(digits: 3)) for "
      + "\(scores.count) points, p = \(chance.text(digits: 2))"
  }

  // MARK: classical

  private func classicalTurns() throws -> Report.Claim {
    let figure = ClassicalCurrentFigure(quality: quality, seed: seed)
    // A colder wall is more temperature difference.
    let curve = try ClassicalCurrentFigure.ratios.reversed().map { ratio in
      CurvePoint(temperature: ratio * ZouParameters.hot, try bench.result(figure.job(ratio))[0])
    }
    let fall = try FallVerdict(curve)
    let scores = try curve.map {
      ($0.current - (try ClassicalCurrentFigure.exact($0.temperature / ZouParameters.hot))) / $0.error
    }
    var place = "falls nowhere"
    switch fall?.beginning {
    case .maximum(let temperature, let error)?:
      place = "is largest at T_R = \(temperature.text(error: error)) and falls beyond"
    case .firstPoint(let temperature)?: place = "falls from T_R = \(temperature.short) on"
    case nil: break
    }
    let coldest = curve[curve.count - 1]
    return .init(
      statement: """
        Abstract: "In the classical setting, [...] our simulations reveal the emergence of negative differential thermal \
        resistance: paradoxically, increasing the temperature bias by lowering the cold bath temperature reduces the \
        steady-state heat current."
        """,
      verdict: (fall?.sigmas ?? 0) > Agreement.significance ? .holdsHere : .undecided,
      evidence: """
        Maxwell walls, T_L = 40: the simulated J \(place), to \(coldest.current.text(error: coldest.error)) at T_R = \
        \(coldest.temperature.short): \((fall?.sigmas ?? 0).text(digits: 2)) sigma, corrected for the choice among points \
        (\(Agreement.significance.short) are asked for). The exact current is largest at T_R = T_L/4 and goes to 0 as \
        T_R^{1/2}; the simulation beside it: \(Self.agreement(scores)).
        """)
  }

  private func metropolisTurns(_ variant: MetropolisCurrentFigure.Variant) throws -> Report.Claim {
    let figure = MetropolisCurrentFigure(quality: quality, seed: seed)
    let (text, verdict) = try fallOfTheory(
      figure.exact(variant, bench).map { ($0.x, $0.value) })
    return .init(
      statement: """
        The same with the Markov-chain (Metropolis) version of the Maxwell bath, of which a public summary speaks — for \
        \(variant.name) per collision.
        """,
      verdict: verdict == .confirmed ? .holdsHere : verdict == .contradicted ? .failsHere : .undecided,
      evidence: "Stationary law of the collision kernel, widths 40 (energy) and 6 (speed): J \(text). Kind, number and "
        + "width of the paper's moves are not public.")
  }

  /// Whether |J| by a theory falls while T_R is lowered, by the bounds of its numerical errors: confirmed if it does,
  /// contradicted if it falls between no points.
  func fallOfTheory(
    _ currents: [(temperature: Double, current: Estimate)]
  ) throws -> (text: String, verdict: Report.Claim.Verdict) {
    let curve = currents.sorted { $0.temperature > $1.temperature }.map {
      CurvePoint(temperature: $0.temperature, $0.current)
    }
    let largest = curve.map(\.current).max() ?? 0
    let share = percent(1 - (curve.last?.current ?? 0) / largest)
    let fall = try FallVerdict(curve)
    switch (fall?.falls, fall?.beginning) {
    case (true?, .maximum(let temperature, let error)?):
      return ("is largest at T_R = \(temperature.text(error: error)), then falls by \(share)", .confirmed)
    case (true?, _): return ("falls by \(share)", .confirmed)
    case (false?, _): return ("grows all the way", .contradicted)
    default:
      let possible = fall?.excludedFall ?? 1
      return possible < 1e-6
        ? ("grows all the way", .contradicted)
        : ("may fall by \(percent(possible)) within the bounds of its numerical error", .undecided)
    }
  }

  private func coldWallTraps() throws -> Report.Claim {
    let shares = try TrappingFigure(quality: quality, seed: seed).shares(bench)
    func exact(_ ratio: Double) -> Double { 1 / (1 + ratio.squareRoot()) }
    let scores = shares.map { ($0.y - exact($0.x)) / ($0.error ?? 1) }
    let cold = shares[0]
    let test = Agreement(value: cold.y, error: cold.error ?? 0, expected: exact(cold.x), tolerance: 0.02)
    return .init(
      statement:
        "Summary: the cold wall acts as a trap: a particle that meets it loses its energy, and heat stops flowing.",
      verdict: test.verdict.here,
      evidence: """
        Share of the time in flights from the cold wall at T_R/T_L = \(cold.x.short): \(test.words); exactly \
        1/(1 + (T_R/T_L)^{1/2}), which tends to 1. All simulated shares beside it: \(Self.agreement(scores)). At T_R = 0 \
        the particle never returns: J = 0.
        """)
  }

  private func stuckAtTheWall() throws -> Report.Claim {
    let figure = try ProfileFigure(ofEnergy: false, quality: quality, seed: seed).figure(bench)
    let points = figure.curves.filter { $0.role == .simulation }.flatMap(\.points)
    let worst = points.map { abs($0.y - 1) / ($0.error ?? 1) }.max() ?? 0
    let statement = "Summary: the particle freezes in place and gets stuck at the door, that is, at the cold wall."
    guard let cold = figure.curves.filter({ $0.role == .simulation }).last?.points.last else {
      return .init(statement: statement, verdict: .undecided, evidence: "No density was measured.")
    }
    let test = Agreement(value: cold.y, error: cold.error ?? 0, expected: 1, tolerance: 0.1)
    return .init(
      statement: statement,
      verdict: test.outcome == .agrees ? .failsHere : test.outcome == .differs && cold.y > 1 ? .holdsHere : .undecided,
      evidence: """
        Were it stuck, the density at the cold wall would exceed 1/l. Next to the wall at T_R/T_L = 0.0001 it is, times l, \
        \(test.words). Of all \(points.count) parts of the box the largest |z| from 1/l is \(worst.text(digits: 2)). A slow \
        particle crosses the whole box slowly; it does not stay at the wall.
        """)
  }

  // MARK: relaxation

  private func collisionsDiverge(_ proposal: MetropolisBath.Proposal) throws -> Report.Claim {
    let statement =
      "Summary: the number of collisions that a classical wall needs to thermalise grows as T^{−0.9} when T → 0 — for "
      + "\(proposal.rawValue) moves."
    let figure = CollisionsFigure(quality: quality, seed: seed)
    let gaps = try CollisionsFigure.gaps(proposal, bench).map { ($0.x, $0.value.value) }
    func slope(_ index: Int) -> Double {
      log(gaps[index + 1].1 / gaps[index].1) / log(gaps[index + 1].0 / gaps[index].0)
    }
    // What the slope still changes from one interval to the next.
    let test = Agreement(value: slope(0), error: abs(slope(1) - slope(0)), expected: -0.9, tolerance: 0.05)
    let sampled = try CollisionsFigure.sampled.reversed().map { temperature in
      let found = try bench.result(figure.decay(proposal, temperature))[0]
      return (x: temperature, y: found.value, error: found.error)
    }
    let decay =
      TailPowerLaw(sampled).map { "\($0.exponent.text(error: $0.error)) (\($0.window))" }
      ?? "no power law over the coldest \(TailPowerLaw.fewestPoints) temperatures"
    return .init(
      statement: statement, verdict: test.verdict.here,
      evidence: """
        Local exponent from the spectral gap of the collision kernel at T = \(gaps[0].0.short) of the width, with its change \
        to the next temperature as error: \(test.words). From the energy autocorrelation: \(decay).\
        \(proposal == .energy ? " Between 0.01 and 0.3 of the width the mean slope is \(try warmSlope()): the quoted −0.9 may "
          + "be such a fit." : "") The proposals of the paper are not public.
        """)
  }

  /// Slope of N_c from the autocorrelation of energy moves at moderately low temperatures.
  private func warmSlope() throws -> String {
    let figure = CollisionsFigure(quality: quality, seed: seed)
    let points = try CollisionsFigure.sampled.filter { $0 >= 0.01 && $0 <= 0.3 }.map { temperature in
      let found = try bench.result(figure.decay(.energy, temperature))[0]
      return (x: log(temperature), y: log(found.value), error: found.error / found.value)
    }
    // Not a power law there: the slope between the ends, not a fit.
    guard let first = points.first, let last = points.last else { return "unknown" }
    let error = (first.error * first.error + last.error * last.error).squareRoot() / (last.x - first.x)
    return ((last.y - first.y) / (last.x - first.x)).text(error: error)
  }

  private func relaxationStaysFinite() throws -> Report.Claim {
    let rows = try GapFigure.choices.map { choice -> (text: String, spread: Double) in
      let rates = zip(GapFigure.grid, try bench.result(try GapFigure.job(choice)).map(\.value)).filter { $0.0 <= 0.1 }
        .map(\.1)
      let spread = (rates.max() ?? 1) / (rates.min() ?? 1) - 1
      return ("\(choice.name) \(percent(spread))", spread)
    }
    let nearer = try GapFigure.choices.map { choice -> String in
      let all = try bench.result(try GapFigure.job(choice)).map(\.value)
      let index = GapFigure.grid.indices.min { abs(GapFigure.grid[$0] - 0.5) < abs(GapFigure.grid[$1] - 0.5) } ?? 0
      return "\(choice.name) \((all[index] / all[0]).text(digits: 3))"
    }
    return .init(
      statement: "Summary: quantum relaxation does not depend on temperature (well) below the smallest gap.",
      verdict: rows.allSatisfy { $0.spread < 0.05 } ? .holdsHere : .failsHere,
      evidence: """
        Less than 5 % is asked for. Change of the relaxation rate for T below a tenth of E_2 − E_1 (Metropolis rates, from T = 0.02 of the gap): \
        \(rows.map(\.text).joined(separator: ", ")). Nearer to the gap it does: at half of it the rate is \
        \(nearer.joined(separator: ", ")) times that at T → 0. A classical wall slows down without limit.
        """)
  }

  // MARK: length

  private func classicalLength() throws -> Report.Claim {
    let points = try LengthFigure(quality: quality, seed: seed).simulated(bench)
    let fit = LineFit(points.map { (x: log($0.x), y: log($0.y), error: ($0.error ?? 0) / $0.y) })
    let test = fit.map { Agreement(value: $0.slope, error: $0.slopeError, expected: -1, tolerance: 0.02) }
    return .init(
      statement: "Summary: the classical flux scales as 1/l.", verdict: test?.verdict.here ?? .undecided,
      evidence: """
        Simulated at \(points.count) lengths from l = 2 to 16 (Maxwell walls, T_L = 40, T_R = 4): exponent \
        \(test?.words ?? "unknown"), χ² = \((fit?.chiSquared ?? .nan).text(digits: 2)) for \(fit?.degreesOfFreedom ?? 0) degrees \
        of freedom. For Maxwell walls it is exact at any temperatures: only the time of flight knows the length, and it is \
        proportional to l.
        """)
  }

  private func quantumLength() throws -> Report.Claim {
    let rows = try LengthFigure.variants.map { variant in
      (variant.name, try LengthFigure.exponent(variant, bench))
    }
    let rescaled = rows.first { $0.0 == "uniform, γ l^{−1/2}" }.map { abs($0.1 + 1) < 0.05 } ?? false
    let matching = rows.filter { abs($0.1 + 1) < 0.05 }.map(\.0)
    return .init(
      statement: "Summary: quantum flux and conductivity scale as 1/l as well, once γ is replaced by γ l^{−1/2}.",
      verdict: rescaled ? .holdsHere : .failsHere,
      evidence: """
        Exponent of J between l = 8 and 16, of which −1 ± 0.05 is asked for: \
        \(rows.map { "\($0.0) \($0.1.text(digits: 2))" }.joined(separator: "; ")). \
        1/l is seen for \(matching.isEmpty ? "none of them" : matching.joined(separator: " and ")). With γ multiplying the jump \
        operator (rates ∝ γ²) and the coupling uniform, γ l^{−1/2} makes J independent of l and J/l ∝ 1/l: that would fit if \
        flux means current per length. Operators, and what γ multiplies, are not public in the paper.
        """)
  }
}
