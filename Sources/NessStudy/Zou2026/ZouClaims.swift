import Foundation
import NessModel
import NessRecord

/// The sentences of the abstract and of the public summaries, judged by the numbers.
struct ZouClaims {
  let bench: Workbench
  let quality: Quality
  let seed: UInt64

  /// Claims that the given figures allow to judge.
  func claims(for figures: Set<String>) throws -> [Report.Claim] {
    var claims: [Report.Claim] = []
    if figures.contains("classical") { claims.append(try classicalTurns()) }
    if figures.contains("metropolis") { claims.append(try metropolisTurns()) }
    if figures.contains("trapping") { claims.append(try coldWallTraps()) }
    if figures.contains("density") { claims.append(try stuckAtTheWall()) }
    if figures.contains("spectra") {
      claims += try ZouParameters.judged.map(quantumIsMonotonic)
    }
    if figures.contains("quantum") { claims.append(try heatKeepsFlowing()) }
    if figures.contains("ladder"), figures.contains("onset") {
      claims += [try classicalLimit(), try onset(), try reconsider()]
    }
    if figures.contains("collisions") { claims.append(try collisionsDiverge()) }
    if figures.contains("gap") { claims.append(try relaxationStaysFinite()) }
    if figures.contains("length") { claims += [try classicalLength(), try quantumLength()] }
    return claims
  }

  private func text(_ value: Double, _ error: Double) -> String { String(format: "%.4g ± %.1g", value, error) }
  private func percent(_ share: Double) -> String { String(format: share > 0.1 ? "%.0f %%" : "%.2g %%", 100 * share) }

  // MARK: classical

  private func classicalTurns() throws -> Report.Claim {
    let figure = ClassicalCurrentFigure(quality: quality, seed: seed)
    let points = try figure.simulated(bench)
    let top = points.max { $0.y < $1.y } ?? points[0]
    let cold = points[0]
    let spread = ((top.error ?? 0) * (top.error ?? 0) + (cold.error ?? 0) * (cold.error ?? 0)).squareRoot()
    let sigma = (top.y - cold.y) / spread
    let scores = try points.map {
      abs(($0.y - (try ClassicalCurrentFigure.exact($0.x / ZouParameters.hot))) / ($0.error ?? 1))
    }
    let worst = scores.max() ?? 0
    return .init(
      statement: """
        Abstract: "In the classical setting, [...] our simulations reveal the emergence of negative differential thermal \
        resistance: paradoxically, increasing the temperature bias by lowering the cold bath temperature reduces the \
        steady-state heat current."
        """,
      verdict: sigma > 4.9 && worst < 4.9 ? .confirmed : .undecided,
      evidence: """
        Maxwell walls, T_L = 40: simulated J = \(text(top.y, top.error ?? 0)) at T_R = \(top.x.short) and only \
        \(text(cold.y, cold.error ?? 0)) at T_R = \(cold.x.short), a fall of \(Int(sigma)) standard errors. The exact \
        current is largest at T_R = T_L/4 and goes to 0 as T_R^{1/2}; all \(points.count) simulated points agree with it (largest \
        |z| = \(worst.text(digits: 2))).
        """)
  }

  private func metropolisTurns() throws -> Report.Claim {
    let figure = MetropolisCurrentFigure(quality: quality, seed: seed)
    let falls = try MetropolisCurrentFigure.variants.map { variant -> (text: String, fall: Double) in
      let currents = try bench.result(try figure.curve(variant)).map(\.value)
      let top = currents.indices.max { currents[$0] < currents[$1] } ?? 0
      let fall = 1 - currents[0] / currents[top]
      let place = MetropolisCurrentFigure.grid(variant)[top]
      return (
        fall > 1e-6
          ? "\(variant.name): largest at T_R ≈ \(place.short), then falls by \(percent(fall))"
          : "\(variant.name): grows all the way",
        fall
      )
    }
    return .init(
      statement:
        "The same with the Markov-chain (Metropolis) version of the Maxwell bath, of which a public summary speaks.",
      verdict: falls.allSatisfy { $0.fall > 1e-4 } ? .confirmed : .undecided,
      evidence: """
        Exact currents at T_R = 0 against their maximum: \(falls.map(\.text).joined(separator: "; ")). With few moves in energy at a \
        collision a particle leaves even a wall at T_R = 0 with some energy, so the current stays finite there and the fall is small: \
        how much it falls depends on kind, number and width of the moves, which are not public.
        """)
  }

  private func coldWallTraps() throws -> Report.Claim {
    let shares = try TrappingFigure(quality: quality, seed: seed).shares(bench)
    let worst = shares.map { abs($0.y - 1 / (1 + $0.x.squareRoot())) / ($0.error ?? 1) }.max() ?? 0
    let cold = shares[0]
    return .init(
      statement:
        "Summary: the cold wall acts as a trap: a particle that meets it loses its energy, and heat stops flowing.",
      verdict: worst < 4.9 ? .confirmed : .undecided,
      evidence: """
        At T_R/T_L = \(cold.x.short) the particle spends \(text(cold.y, cold.error ?? 0)) of its time in flights from the cold wall; \
        exactly 1/(1 + (T_R/T_L)^{1/2}), which tends to 1 (largest |z| = \(worst.text(digits: 2))). At T_R = 0 exactly it never returns: \
        J = 0.
        """)
  }

  private func stuckAtTheWall() throws -> Report.Claim {
    let figure = try ProfileFigure(ofEnergy: false, quality: quality, seed: seed).figure(bench)
    let points = figure.curves.filter { $0.role == .simulation }.flatMap(\.points)
    let worst = points.map { abs($0.y - 1) / ($0.error ?? 1) }.max() ?? 0
    let cold = figure.curves.filter { $0.role == .simulation }.last?.points.last
    return .init(
      statement: "Summary: the particle freezes in place and gets stuck at the door, that is, at the cold wall.",
      verdict: worst < 4.9 ? .contradicted : .undecided,
      evidence: """
        For any T_R > 0 the density is flat: \(points.count) simulated parts of the box agree with 1/l (largest |z| = \
        \(worst.text(digits: 2))); next to the cold wall at T_R/T_L = 0.0001 it is \(cold.map { text($0.y, $0.error ?? 0) } ?? "") times 1/l. \
        A slow particle crosses the whole box slowly; it does not stay at the wall.
        """)
  }

  // MARK: quantum

  private func quantumIsMonotonic(_ choice: ZouParameters.CouplingChoice) throws -> Report.Claim {
    let spectra = SpectraFigure.choices(choice)
    let warm = try spectra.map { try fall($0.choice, $0.name, hot: ZouParameters.hot) }
    let cold = try spectra.map { try fall($0.choice, $0.name, hot: ZouParameters.belowGap) }
    func sentence(_ rows: [(text: String, fall: Double)]) -> String {
      rows.allSatisfy { $0.fall == 0 }
        ? "grows all the way\(rows.count > 1 ? " with every spectral function" : "")"
        : rows.map(\.text).joined(separator: "; ")
    }
    let isMonotonic = (warm + cold).allSatisfy { $0.fall == 0 }
    return .init(
      statement: """
        Abstract: "the quantum version of the model, treated via a Lindblad master equation, exhibits no negative differential \
        thermal resistance: the heat current increases monotonically with thermal bias" — for the coupling \(choice.name).
        """,
      verdict: isMonotonic ? .confirmed : .contradicted,
      evidence: """
        T_R lowered to 0, converged in the number of levels. T_L = \(ZouParameters.hot.short), \
        \((ZouParameters.hot / GapFigure.firstGap).text(digits: 2)) times the first gap: \(sentence(warm)). T_L = \
        \(ZouParameters.belowGap.short), below the gap: \(sentence(cold)).\
        \(isMonotonic || cold.contains { $0.fall > 0 }
          ? "" : " So the claim fails for this operator where the hot bath is above the gap, and holds below it.")
        """)
  }

  /// How much the current falls from its maximum to T_R = 0; 0 if it grows all the way within its error.
  private func fall(
    _ choice: ZouParameters.CouplingChoice, _ name: String, hot: Double
  ) throws -> (text: String, fall: Double) {
    let curve = try QuantumCurrentFigure.curve(choice, hot: hot)
    let estimates = try bench.result(curve.job)
    let rises = zip(estimates, estimates.dropFirst()).allSatisfy { $0.value >= $1.value - $0.error - $1.error }
    if rises { return ("\(name): grows all the way", 0) }
    let (cold, largest, place) = try curve.extremes(bench)
    return (
      "\(name): largest at T_R ≈ \(place.short), then falls by \(percent(1 - cold / largest))", 1 - cold / largest
    )
  }

  private func heatKeepsFlowing() throws -> Report.Claim {
    let rows = try (ZouParameters.couplings + [ZouParameters.thermalising]).map {
      choice -> (text: String, share: Double) in
      let (cold, largest, _) = try QuantumCurrentFigure.curve(choice).extremes(bench)
      return ("\(choice.name) \(percent(cold / largest))", cold / largest)
    }
    return .init(
      statement: "Summary: even when the cold bath is near absolute zero, heat keeps flowing in the quantum box.",
      verdict: rows.allSatisfy { $0.share > 0.9 } ? .confirmed : .undecided,
      evidence: """
        J at T_R = 0 over the largest J, Metropolis rates: \(rows.map(\.text).joined(separator: ", ")). The classical current with \
        Maxwell walls is 0 there. The hot bath must reach the first gap, though: with both baths far below it, the quantum current vanishes \
        as exp(−(E_2 − E_1)/T_L).
        """)
  }

  private func classicalLimit() throws -> Report.Claim {
    let ladder = Ladder.thermalising
    let smallest = ladder.steps[ladder.steps.count - 1]
    let currents = try bench.result(try ladder.curve(smallest)).map(\.value)
    let exact = try Ladder.grid.dropFirst().map { try ClassicalCurrentFigure.exact($0) / 2 }
    let top = exact.max() ?? 1
    let largest = currents.max() ?? 0
    let first = try bench.result(try ladder.curve(ladder.steps[0])).map(\.value)
    return .init(
      statement:
        "Abstract: a marked divergence between classical and quantum transport at low temperatures — here followed through ħ.",
      verdict: abs(largest / top - 1) < 0.05 && currents[0] < 0.2 * largest && first[0] == first.max()
        ? .confirmed : .undecided,
      evidence: """
        Thermalising walls (coupling maxwell). ħ = \(smallest.short): largest J = \(largest.short), classical limit \(top.short); at T_R = 0 \
        only \(percent(currents[0] / largest)) of it is left, and that share falls in proportion to ħ. ħ = \(ladder.steps[0].short): the \
        current grows all the way to T_R = 0. What cuts the trap off is the zero-point speed πħ/(ml) of the lowest level.
        """)
  }

  private func onset() throws -> Report.Claim {
    let rows = try zip(["thermalising walls", "Metropolis walls"], OnsetFigure.ladders).map { name, ladder in
      let found = try OnsetFigure.disappearance(ladder, bench)
      return "\(name): between a gap of \(found.with.text(digits: 2)) and \(found.without.text(digits: 2)) T_L"
    }
    let places = try OnsetFigure.ladders.map { try OnsetFigure.disappearance($0, bench) }
    let isBracketed = places.allSatisfy { $0.with > 0 && $0.with < $0.without && $0.without.isFinite }
    return .init(
      statement:
        "Negative differential resistance disappears at a finite gap on the way from classical to quantum (our question).",
      verdict: isBracketed ? .confirmed : .undecided,
      evidence: """
        It is gone once the first gap E_2 − E_1 exceeds a fair part of T_L: \(rows.joined(separator: "; ")). Below that the maximum lies at \
        a T_R between 0 and T_L/4 (figure onset).
        """)
  }

  private func reconsider() throws -> Report.Claim {
    let ladder = Ladder.thermalising
    let index = Ladder.grid.indices.min { abs(Ladder.grid[$0] - 0.25) < abs(Ladder.grid[$1] - 0.25) } ?? 0
    let classical = try ClassicalCurrentFigure.exact(Ladder.grid[index]) / 2
    let rows = try ladder.steps.map { hbar -> (text: String, excess: Double) in
      let excess = try bench.result(try ladder.curve(hbar))[index].value / classical - 1
      return (
        "\(percent(excess)) at a gap of \((Ladder.firstGap(hbar) / ZouParameters.hot).text(digits: 2)) T_L", excess
      )
    }
    // 3 pi² hbar² / (2 m l² k_B) for an electron and for a helium atom in 10 nm, in kelvin (CODATA 2018).
    let kelvin = [9.1093837e-31, 6.6464731e-27].map { mass in
      3 * Double.pi * Double.pi * pow(1.054571817e-34, 2) / (2 * mass * 1e-16 * 1.380649e-23)
    }
    return .init(
      statement: """
        Abstract: this "underscores the need to reconsider classical predictions when designing and optimizing nanoscale \
        thermal devices".
        """,
      verdict: rows.contains { $0.excess > 0.1 } ? .confirmed : .undecided,
      evidence: """
        Excess of the quantum current over its classical limit at T_R = \(Ladder.grid[index].text(digits: 2)) T_L, thermalising \
        walls: \(rows.map(\.text).joined(separator: ", ")); with T_R → 0 the classical prediction, 0, is wrong at any gap. In a box \
        of 10 nm the gap is \(kelvin[0].text(digits: 3)) K for an electron, \(kelvin[1].text(digits: 2)) K for a helium atom: the \
        need depends on the particle.
        """)
  }

  // MARK: relaxation

  private func collisionsDiverge() throws -> Report.Claim {
    let figure = CollisionsFigure(quality: quality, seed: seed)
    let rows = try CollisionsFigure.proposals.map { proposal -> (text: String, quoted: Bool) in
      let (gap, decay) = try figure.exponents(proposal, bench)
      let gapText = gap.map { text($0.slope, max($0.slopeError, 0.001)) } ?? "unknown"
      let decayText = decay.map { text($0.slope, $0.slopeError) } ?? "unknown"
      let quoted = decay.map { abs($0.slope + 0.9) < 4.9 * $0.slopeError } ?? false
      return (
        "\(proposal.rawValue) moves: \(gapText) from the spectral gap, \(decayText) from the energy autocorrelation",
        quoted
      )
    }
    return .init(
      statement:
        "Summary: the number of collisions that a classical wall needs to thermalise grows as T^{−0.9} when T → 0.",
      verdict: rows.contains { $0.quoted } ? .confirmed : .undecided,
      evidence: """
        It diverges, but the exponent depends on what the moves propose: \(rows.map(\.text).joined(separator: "; ")), for T below 0.2 of the \
        width (errors of the fit alone: the local slope still drifts towards −1 and −1/2). Between 0.01 and 0.3 of the width, energy moves have the slope \(try warmSlope()): the quoted −0.9 may be such a fit. The gap is \
        set by slow particles, whose moves are almost all refused. The proposals of the paper are not public.
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
    return text((last.y - first.y) / (last.x - first.x), error)
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
      verdict: rows.allSatisfy { $0.spread < 0.05 } ? .confirmed : .undecided,
      evidence: """
        Change of the relaxation rate for T below a tenth of E_2 − E_1 (Metropolis rates, from T = 0.02 of the gap): \
        \(rows.map(\.text).joined(separator: ", ")). Nearer to the gap it does: at half of it the rate is \
        \(nearer.joined(separator: ", ")) times that at T → 0. A classical wall slows down without limit.
        """)
  }

  // MARK: length

  private func classicalLength() throws -> Report.Claim {
    let points = try LengthFigure(quality: quality, seed: seed).simulated(bench)
    let fit = LineFit(points.map { (x: log($0.x), y: log($0.y), error: ($0.error ?? 0) / $0.y) })
    let agrees = fit.map { abs($0.slope + 1) < 4.9 * $0.slopeError } ?? false
    return .init(
      statement: "Summary: the classical flux scales as 1/l.",
      verdict: agrees ? .confirmed : .undecided,
      evidence: """
        Simulated between l = 2 and 16 (Maxwell walls, T_L = 40, T_R = 4): exponent \
        \(fit.map { text($0.slope, $0.slopeError) } ?? "unknown"). It is exact at any temperatures: only the time of flight knows \
        the length, and it is proportional to l.
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
      verdict: rescaled ? .confirmed : .undecided,
      evidence: """
        Exponent of J between l = 8 and 16: \(rows.map { "\($0.0) \($0.1.text(digits: 2))" }.joined(separator: "; ")). \
        1/l is seen for \(matching.isEmpty ? "none of them" : matching.joined(separator: " and ")). With γ multiplying the jump operator \
        (rates ∝ γ²) and the coupling uniform, γ l^{−1/2} makes J independent of l and J/l ∝ 1/l: that would fit if flux means current \
        per length. The operators of the paper are not public.
        """)
  }
}
