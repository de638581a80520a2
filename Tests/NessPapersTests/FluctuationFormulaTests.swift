import NessPapers
import NessStudy
import NessTestSupport
import Testing

/// The rows of `ness verify` on fluctuations and quantum heat.
@Suite struct FluctuationFormulaTests {
  @Test func everyFormulaHolds() throws {
    let bench = Workbench(store: nil, threads: 2)
    let checks = try FluctuationFormulas(seed: 1).checks(bench)
    #expect(checks.count == 7 && bench.computed == 1)
    for check in checks {
      #expect(check.verdict == .holds, "\(check.location): \(check.correctedValue) \(check.independentValue)")
      #expect(check.printed == nil && check.correctedValue.isFinite && check.tolerance <= 0.05)
    }
    #expect(checks.filter(\.isSampled).count == 1)
  }
}
