import Foundation
import NessFiles
import NessModel
import NessRandom
import NessStatistics
import NessStudy
import NessTestSupport
import Testing

@Suite("Conductivity: kappa and its exponent")
struct ConductivityTests {
  private static let sizes = [8.0, 16, 32, 64, 128]

  /// A power law with five relative errors, the trial of that number.
  private func noisy(
    _ trial: Int, error: Double = 0.03, _ law: (Double) -> Double = { 2 * pow($0, 0.4) }
  ) -> [Estimate] {
    Self.sizes.enumerated().map { index, size in
      var stream = CounterStream(seed: 23, index: UInt64(8 * trial + index), purpose: .initialState)
      let value = law(size) * (1 + error * stream.gaussianPair().0)
      return .statistical(value, standardError: error * value, effectiveSamples: 200)
    }
  }

  @Test("the error of the exponent covers it in 68 % of all cases, its 95 % interval in 95 %")
  func coverage() throws {
    let trials = 1000
    var (within, inside, alarms, contradicted) = (0, 0, 0, 0)
    for trial in 0..<trials {
      let law = try #require(PowerLaw(Self.sizes, noisy(trial)))
      let distance = abs(law.exponent.value - 0.4)
      if distance < law.exponent.error { within += 1 }
      if distance < law.exponent.halfWidth95 { inside += 1 }
      let drift = try #require(law.drift)
      if abs(drift.value) > drift.halfWidth(among: 1) { alarms += 1 }
      if law.isContradicted { contradicted += 1 }
    }
    // Binomial laws at 4.9 standard deviations: 683 ± 72, 950 ± 34, 50 ± 34. The widening where chi² is large adds a little.
    #expect(abs(within - 683) < 90, "\(within)")
    #expect(inside > 950 - 34, "\(inside)")
    #expect(alarms < 50 + 34, "\(alarms)")
    #expect(contradicted < 50 + 34, "\(contradicted)")
  }

  @Test("what is no power law is contradicted and drifts, where the errors can tell")
  func control() throws {
    // kappa = N/(1 + N/20): ballistic, then normal.
    let bent = try #require(PowerLaw(Self.sizes, noisy(0) { $0 / (1 + $0 / 20) }))
    let drift = try #require(bent.drift)
    #expect(bent.isContradicted)
    #expect(drift.value < -drift.halfWidth(among: 1))
    // The truth of each half is between the slopes at its ends.
    let smaller = try #require(bent.smaller), larger = try #require(bent.larger)
    #expect(smaller.sizes == 8...32 && larger.sizes == 32...128)
    #expect(smaller.exponent.value > 0.35 && smaller.exponent.value < 0.75)
    #expect(larger.exponent.value > 0.1 && larger.exponent.value < 0.42)
  }

  @Test("exact points give the exact exponent")
  func exact() throws {
    let law = try #require(PowerLaw(Self.sizes, Self.sizes.map { .numerical(3 * pow($0, 1.0 / 3), bound: 0) }))
    #expect(abs(law.exponent.value - 1.0 / 3) < 1e-14 && law.exponent.error < 1e-13)
    #expect(PowerLaw([8], [.numerical(1, bound: 0)]) == nil)
    #expect(PowerLaw([8, 16], [.numerical(1, bound: 0), .numerical(-1, bound: 0)]) == nil)
  }

  private func chain(sites: Int = 8, sweep: Sweep? = nil) throws -> Experiment {
    try Experiment(
      medium: .init(Chain(sites: sites, pinning: 1)),
      contacts: [
        Contact("left", AnyBath(Sample.langevin(2))), Contact("right", AnyBath(Sample.langevin(1))),
      ], sweep: sweep)
  }

  @Test("a harmonic chain is ballistic: kappa is J N/(T_left - T_right) of ordinary theory")
  func harmonicChain() throws {
    let report = try DeviceStudy(Conductivity(chain()), threads: 2).theory()
    let finding = try #require(report.findings.first)
    #expect(finding.claim.isExact && finding.isSeen == false)
    #expect(finding.text.hasPrefix("ballistic"))
    let rows = report.rows.filter { $0.method == finding.method }
    #expect(rows.map { $0.parameters[0].value } == Self.sizes)
    for row in rows {
      let size = row.parameters[0].value
      let ordinary = try Study(chain(sites: Int(size)), threads: 1).theory(methods: [finding.method])
      let current = try #require(ordinary.points[0].member(.heatCurrent, finding.method)).estimate.value
      let kappa = try #require(row.numbers.first { $0.name == "conductivity" }).estimate
      #expect(abs(kappa.value - current * size) <= 1e-12 * kappa.value)
    }
  }

  @Test("the sweep of the file if it is over the size, else sizes that reach the file's own")
  func sizes() throws {
    func swept(_ experiment: Experiment) throws -> [Double] {
      try Conductivity(experiment).runs[0].experiment.points().map { $0.parameters[0].value }
    }
    #expect(try swept(chain(sweep: Sweep(parameter: "medium.sites", values: [4, 6]))) == [4, 6])
    #expect(try swept(chain(sites: 200)) == [8, 16, 32, 64, 128, 256])
    #expect(try swept(chain(sweep: Sweep(parameter: "medium.spring", values: [1, 2]))) == Self.sizes)
  }

  @Test("what has no size, and equal temperatures, are refused in words")
  func refusals() throws {
    let box = try Experiment(
      medium: .init(Box(length: 1)),
      contacts: [
        Contact("left", AnyBath(MaxwellBath(temperature: 4))), Contact("right", AnyBath(MaxwellBath(temperature: 1))),
      ])
    #expect { try Conductivity(box) } throws: { "\($0)".contains("number of sites") }
    let even = try chain().setting("baths.left.temperature", to: 1)
    #expect { try Conductivity(even) } throws: { "\($0)".contains("different temperatures") }
  }
}
