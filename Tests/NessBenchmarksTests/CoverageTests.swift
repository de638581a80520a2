import NessBenchmarks
import NessStatistics
import NessTestSupport
import Testing

/// 95 % intervals hold the true heat in 93 to 97 % of independent experiments: the short part of
/// `ness bench --workload coverage`.
@Suite struct CoverageTests {
  private let coverage = Coverage(experiments: 1000, threads: 2)

  private func named(_ name: String) throws -> Coverage.Case {
    try #require(try Coverage.cases().first { $0.name == name })
  }

  @Test(
    .long,
    arguments: [
      "Langevin baths, 64 of 50", "particles, plain, 64 of 10", "particles, sharp, 64 of 10", "box, 64 of 100",
      "three particle baths, middle, 64 of 10",
    ])
  func intervalsHoldTheTruth(name: String) throws {
    let row = coverage.run(try named(name))
    #expect(row.stated > 950)
    #expect(row.passes, "\(row)")
  }

  /// Controls: errors that are a fifth too small, and a current that is off by one error, are seen.
  @Test(.long) func wrongIntervalsAreSeen() throws {
    let honest = try named("Langevin baths, 64 of 50")
    let small = Coverage.Case(name: "", reference: honest.reference) { seed in
      try honest.measure(seed).map { .statistical($0.value, standardError: 0.8 * $0.error, effectiveSamples: 64) }
    }
    #expect(!coverage.run(small).passes)
    let biased = Coverage.Case(name: "", reference: honest.reference) { seed in
      try honest.measure(seed).map {
        .statistical($0.value + $0.error, standardError: $0.error, effectiveSamples: 64)
      }
    }
    #expect(!coverage.run(biased).passes)
  }

  /// Student's quantiles of the tables.
  @Test(arguments: [(11.0, 2.2281), (16, 2.1314), (64, 1.9983), (1e6, 1.95996)])
  func studentsQuantile(samples: Double, quantile: Double) {
    let estimate = Estimate.statistical(3, standardError: 2, effectiveSamples: samples)
    #expect(abs(estimate.halfWidth95 - 2 * quantile) < 2e-3)
    #expect(Estimate.numerical(1, bound: 0.5).halfWidth95 == 0.5)
  }
}
