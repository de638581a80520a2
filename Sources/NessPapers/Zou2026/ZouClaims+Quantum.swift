import Foundation
import NessFiles
import NessModel
import NessReport
import NessStatistics

// MARK: - The quantum box

extension ZouClaims {
  func quantumIsMonotonic(_ choice: ZouParameters.CouplingChoice) throws -> Report.Claim {
    let spectra = SpectraFigure.choices(choice)
    func rows(_ hot: Double) throws -> [(text: String, verdict: Report.Claim.Verdict)] {
      try spectra.map { spectrum in
        let curve = try QuantumCurrentFigure.curve(spectrum.choice, hot: hot)
        let (text, verdict) = try fallOfTheory(
          zip(curve.temperatures, bench.result(curve.job)).map { ($0, $1) })
        return ("\(spectrum.name): \(text)", verdict)
      }
    }
    func sentence(_ rows: [(text: String, verdict: Report.Claim.Verdict)]) -> String {
      rows.allSatisfy { $0.text.hasSuffix("grows all the way") }
        ? "grows all the way\(rows.count > 1 ? " with every spectral function" : "")"
        : rows.map(\.text).joined(separator: "; ")
    }
    let (warm, cold) = (try rows(ZouParameters.hot), try rows(ZouParameters.belowGap))
    // The claim is that no current falls.
    let doesFall = (warm + cold).contains { $0.verdict == .confirmed }
    return .init(
      statement: """
        Abstract: "the quantum version of the model, treated via a Lindblad master equation, exhibits no negative differential \
        thermal resistance: the heat current increases monotonically with thermal bias" — for the coupling \(choice.name).
        """,
      verdict: doesFall
        ? .failsHere : (warm + cold).contains { $0.verdict == .undecided } ? .undecided : .holdsHere,
      evidence: """
        T_R lowered to 0 in \(ColdBathCurve.steps) steps, converged in the number of levels; "all the way": the bounds of the \
        numerical errors exclude a fall by a millionth. T_L = \
        \(ZouParameters.hot.short), \((ZouParameters.hot / GapFigure.firstGap).text(digits: 2)) times the first gap: \
        \(sentence(warm)). T_L = \(ZouParameters.belowGap.short), below the gap: \(sentence(cold)).\
        \(doesFall ? " Whether the paper uses such an operator is not known." : "")
        """)
  }

  func heatKeepsFlowing() throws -> Report.Claim {
    let rows = try (ZouParameters.couplings + [ZouParameters.thermalising]).map {
      choice -> (text: String, flows: Bool) in
      let curve = try QuantumCurrentFigure.curve(choice)
      let coldest = try bench.result(curve.job)[0]
      let largest = try curve.extremes(bench).largest
      return ("\(choice.name) \(percent(coldest.value / largest))", coldest.value > coldest.error)
    }
    return .init(
      statement: "Summary: even when the cold bath is near absolute zero, heat keeps flowing in the quantum box.",
      verdict: rows.allSatisfy(\.flows) ? .holdsHere : .undecided,
      evidence: """
        J at T_R = 0 is positive beyond the bound of its numerical error for every coupling. Over the largest J, Metropolis \
        rates, T_L = \(ZouParameters.hot.short): \(rows.map(\.text).joined(separator: ", ")). The classical current with \
        Maxwell walls is 0 there. The hot bath must reach the first gap, though: with both baths far below it, the quantum \
        current vanishes as exp(−(E_2 − E_1)/T_L).
        """)
  }

  func classicalLimit() throws -> Report.Claim {
    let ladder = Ladder.thermalising
    let coldest = try ladder.steps.map { hbar in
      (hbar: hbar, currents: try bench.result(try ladder.curve(hbar)))
    }
    let shares = coldest.map { row in
      "\(percent(row.currents[0].value / (row.currents.map(\.value).max() ?? 1))) at ħ = \(row.hbar.short)"
    }
    let largest = coldest.last?.currents.map(\.value).max() ?? 0
    let top = try ClassicalCurrentFigure.exact(0.25) / 2
    let flows = coldest.allSatisfy { $0.currents[0].value > $0.currents[0].error }
    return .init(
      statement:
        "Abstract: a marked divergence between classical and quantum transport at low temperatures — here followed through ħ.",
      verdict: flows ? .holdsHere : .undecided,
      evidence: """
        Thermalising walls (coupling maxwell): with T_R = 0 the quantum current is positive beyond the bound of its error at \
        every ħ, the classical one is 0. J at T_R = 0 over the largest J: \(shares.joined(separator: ", ")). At the smallest ħ \
        the largest J is \(largest.short), the classical limit \(top.short). What cuts the trap off is the zero-point speed \
        πħ/(ml) of the lowest level.
        """)
  }

  func onset() throws -> Report.Claim {
    let places = try OnsetFigure.ladders.map { try OnsetFigure.disappearance($0, bench) }
    let rows = zip(["thermalising walls", "Metropolis walls"], places).map { name, found in
      "\(name): between a gap of \(found.with.text(digits: 2)) and \(found.without.text(digits: 2)) T_L"
    }
    let isBracketed = places.allSatisfy { $0.with > 0 && $0.with < $0.without && $0.without.isFinite }
    return .init(
      statement:
        "Negative differential resistance disappears at a finite gap on the way from classical to quantum (our question).",
      verdict: isBracketed ? .holdsHere : .undecided,
      evidence: """
        Largest gap E_2 − E_1 at which the current still has a maximum between T_R = 0 and T_L, and smallest at which it has \
        none: \(rows.joined(separator: "; ")). Between the two nothing was computed (figure onset).
        """)
  }

  func reconsider() throws -> Report.Claim {
    let ladder = Ladder.thermalising
    let index = ladder.grid.indices.min { abs(ladder.grid[$0] - 0.25) < abs(ladder.grid[$1] - 0.25) } ?? 0
    let classical = try ClassicalCurrentFigure.exact(ladder.grid[index]) / 2
    let rows = try ladder.steps.map { hbar -> String in
      let excess = try bench.result(try ladder.curve(hbar))[index].value / classical - 1
      return "\(percent(excess)) at a gap of \((Ladder.firstGap(hbar) / ZouParameters.hot).text(digits: 2)) T_L"
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
      verdict: .notJudged,
      evidence: """
        An opinion, so without a verdict; the numbers for it: excess of the quantum current over its classical limit at T_R = \(ladder.grid[index].text(digits: 2)) T_L, thermalising \
        walls: \(rows.joined(separator: ", ")); with T_R → 0 the classical prediction, 0, is wrong at any gap. In a box \
        of 10 nm the gap is \(kelvin[0].text(digits: 3)) K for an electron, \(kelvin[1].text(digits: 2)) K for a helium atom: the \
        need depends on the particle.
        """)
  }
}
