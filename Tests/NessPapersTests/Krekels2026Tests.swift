import Foundation
import NessPapers
import NessStudy
import NessStudyTestSupport
import NessTestSupport
import Testing

@Suite struct Krekels2026Tests {
  /// Figure 2a alone: every point computed once, and the second time not at all.
  @Test func aFigureIsComputedOnce() throws {
    let directory = try TemporaryDirectory()
    let progress = CollectedValues<Double>()
    let paper = Krekels2026(quality: .quick, figures: ["2a"], seed: 1)
    let first = Workbench(store: try directory.store(), threads: 2, onProgress: { progress.add($0.fraction) })
    let report = try paper.report(first, facts: [.init("Version", "test")])
    #expect(first.computed == 27 && first.reused == 0)
    #expect(progress.values.allSatisfy { (0...1).contains($0) })
    #expect(report.figures.map(\.identifier) == ["2a"])
    #expect(report.claims.count == 1 && report.claims[0].verdict == .confirmed)
    #expect(report.formulas.isEmpty && !report.parameters.isEmpty)
    #expect(report.provenance.contains { $0.label == "Version" && $0.text == "test" })
    let figure = try #require(report.figures.first)
    let points = figure.ratios.flatMap(\.points)
    #expect(points.count == 27)
    for point in points {
      let error = try #require(point.error)
      // The points were asked for with a bias below 0.1 % of the time step.
      #expect(abs(point.y - 1) < acceptedZScore * error + 0.001)
    }
    // Control: the weak-coupling line is told apart from the points.
    let line = try #require(figure.curves.first { $0.role == .approximation && $0.family == 0 })
    let outermost = try #require(figure.curves.first { $0.role == .simulation && $0.family == 0 }?.points.first)
    let expected = try #require(line.points.min { abs($0.x - outermost.x) < abs($1.x - outermost.x) })
    #expect(abs(outermost.y - expected.y) > acceptedZScore * (outermost.error ?? .infinity))

    let second = Workbench(store: try directory.store(), threads: 1)
    let again = try paper.report(second, facts: [])
    #expect(second.computed == 0 && second.reused == 27)
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    #expect(try encoder.encode(again.figures) == encoder.encode(report.figures))
    #expect(again.claims[0].evidence == report.claims[0].evidence)
  }

  @Test func figuresAreThoseOfThePaperInItsOrder() {
    // The last one is ours, on the paper's main claim.
    #expect(Krekels2026(quality: .quick).figures == ["2a", "2b", "3a", "3b", "4a", "4b", "causes"])
    #expect(Krekels2026(quality: .quick, figures: ["4b", "2a", "9"]).figures == ["2a", "4b"])
  }

  @Test func anInterruptIsThrown() throws {
    let directory = try TemporaryDirectory()
    let bench = Workbench(store: try directory.store(), threads: 1, shouldStop: { true })
    #expect(throws: Interrupted.self) {
      try Krekels2026(quality: .quick, figures: ["2a"]).report(bench, facts: [])
    }
    #expect(bench.computed == 0)
    #expect(try directory.results().isEmpty)
  }

  /// Every formula of the paper against an independent number: seven checks of misprints, four of formulas that are right, one
  /// of a formula outside its limit.
  @Test(.long) func everyFormulaHasItsVerdict() throws {
    let bench = Workbench(store: nil, threads: 2)
    let checks = try Krekels2026(quality: .quick, seed: 1).verify(bench)
    let verdicts = Dictionary(grouping: checks, by: \.verdict).mapValues { $0.map(\.location) }
    #expect(
      verdicts[.misprint] == [
        "Eq. (2), force on q_1", "k_eff, Sec. 4", "k_eff, its effect on J", "noise on site N, Sec. 4",
        "definition of J, Sec. 2", "closed form of J, Sec. 4", "closed form of J, simulated",
      ])
    #expect(verdicts[.limited] == ["J for slow particles"])
    #expect(
      verdicts[.confirmed] == ["mean force, Sec. 3", "γ_eff, Sec. 3", "γ_eff, Eq. (3)", "noise, App. A.3"])
    #expect(verdicts[.open] == nil)
    #expect(bench.computed == 7)
    #expect(checks.filter { $0.withoutLimit != nil }.map(\.location) == ["closed form of J, simulated"])
    for check in checks {
      // The tolerance is that of a theory that is not exact, and the whole 95 % interval lies within it.
      let size = abs(check.independentValue)
      #expect(check.tolerance <= 0.05)
      #expect(
        abs(check.correctedValue - check.independentValue) + 1.96 * check.independentError <= check.tolerance * size,
        "\(check.location): \(check.correctedValue) against \(check.independentValue)")
      if let whole = check.withoutLimit {
        #expect(whole.tolerance < check.tolerance)
        #expect(abs(whole.value - check.independentValue) + 1.96 * check.independentError <= whole.tolerance * size)
        // The departure of the formula is known, not found in the noise.
        let z = try #require(check.zWithoutLimit)
        #expect(abs(z) <= acceptedZScore)
        #expect(abs(check.correctedValue / whole.value - 1) > 1e-3)
      }
      if let printed = check.printedValue, check.verdict != .confirmed {
        // A misprint is seen beyond all doubt.
        #expect(
          abs(printed - check.independentValue) - acceptedZScore * check.independentError > check.tolerance * size,
          "\(check.location)")
      }
    }
  }
}
