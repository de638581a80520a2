import Foundation
import NessFiles
import NessModel
import NessPapers
import NessReport
import NessStatistics
import NessStudy
import NessTestSupport
import Testing

@Suite struct Zou2026Tests {
  @Test func maximumOfAFunction() throws {
    let (place, bound) = try maximum(from: 1e-3, to: 10) { -pow(log($0 / 0.3), 2) }
    #expect(abs(place - 0.3) < 1e-4 && bound < 1e-4)
    // At an end there is none inside.
    #expect(try maximum(from: 1e-3, to: 10) { -$0 }.at < 1.1e-3)
  }

  /// The exact part of the report: what depends on the coupling is said for each coupling.
  @Test(.long) func quantumClaimsAreJudgedForEachCoupling() throws {
    let paper = Zou2026(quality: .quick, figures: ["quantum", "spectra", "gap"], seed: 1)
    let bench = Workbench(store: nil, threads: 2)
    let report = try paper.report(bench, facts: [])
    #expect(report.figures.map(\.identifier) == ["quantum", "spectra", "gap"])
    #expect(report.formulas.isEmpty)
    func verdict(_ coupling: String) -> Report.Claim.Verdict? {
      report.claims.first { $0.statement.hasSuffix("for the coupling \(coupling).") }?.verdict
    }
    #expect(verdict("uniform") == .holdsHere && verdict("nearest") == .holdsHere && verdict("position") == .holdsHere)
    // The operators are ours, so the paper is not contradicted.
    #expect(verdict("wall") == .failsHere)
    let wall = try #require(report.claims.first { $0.statement.hasSuffix("for the coupling wall.") })
    #expect(
      wall.evidence.contains("metropolis: is largest at T_R = 11.41 ± 0.02, then falls by 2.4 %"))
    #expect(report.claims.allSatisfy { $0.verdict != .confirmed && $0.verdict != .contradicted })
    #expect(
      report.claims.contains {
        $0.statement.contains("relaxation does not depend on temperature") && $0.verdict == .holdsHere
      })
    #expect(wall.evidence.contains("below the gap: grows all the way with every spectral function"))
    // Nothing but numbers in the figures.
    #expect(
      report.figures.flatMap { $0.curves + $0.ratios }.flatMap(\.points).allSatisfy { $0.x.isFinite && $0.y.isFinite })
  }

  /// Along hbar the thermalising walls go over from no maximum to the classical trap.
  @Test func theLadderGoesFromQuantumToClassical() throws {
    let report = try Zou2026(quality: .quick, figures: ["ladder"], seed: 1).report(
      Workbench(store: nil, threads: 2), facts: [])
    let figure = try #require(report.figures.first)
    let curves = figure.curves.filter { $0.role == .theory }
    #expect(curves.count == 7)
    // The share of the largest current that is left with the coldest bath falls along the ladder, from all of it.
    let shares = curves.map { curve in (curve.points.first?.y ?? 0) / (curve.points.map(\.y).max() ?? 1) }
    #expect(shares[0] > 0.999 && shares == shares.sorted(by: >) && shares[6] < 0.15)
    let classical = try #require(figure.curves.first { $0.role == .approximation }).points
    let top = classical.map(\.y).max() ?? 0
    let last = curves[6].points.map(\.y).max() ?? 0
    #expect(abs(last / top - 1) < 0.03)
  }

  @Test func unknownFiguresAreLeftOutAndOrderIsKept() {
    #expect(Zou2026(quality: .quick, figures: ["onset", "classical", "9"], seed: 1).figures == ["classical", "onset"])
    #expect(Set(reproductions.map { $0.name }) == ["krekels2026", "zou2026"])
  }
}
