import Foundation
import NessFiles
import NessModel
import NessStatistics
import NessStudy
import Testing

/// The maximum of a theory is known to its numerical error, however far apart the points of the sweep are.
@Suite struct ExactMaximumTests {
  private func verdict(_ temperatures: [Double], bound: Double, unit: Double = 1) throws -> (at: Double, error: Double)
  {
    func point(_ temperature: Double) -> CurvePoint {
      let current = FallingCurrent.value(temperature / unit)
      return CurvePoint(temperature: temperature, .numerical(current * unit, bound: bound * current * unit))
    }
    let found = try #require(try FallVerdict(temperatures.map { point($0 * unit) }) { point($0) })
    guard case .maximum(let temperature, let error)? = found.beginning else {
      Issue.record("no maximum")
      return (0, 0)
    }
    return (temperature, error)
  }

  @Test(arguments: [[15.0, 40, 60], [12, 30, 50, 400], [20, 35, 41, 43, 300], [11, 39, 4000]])
  func toTheBoundOfTheTheory(temperatures: [Double]) throws {
    for bound in [1e-13, 1e-10, 1e-6, 1e-4] {
      let (place, error) = try verdict(temperatures, bound: bound)
      #expect(abs(place - FallingCurrent.maximum) <= error, "\(place) ± \(error)")
      // The current departs from its maximum by its bound within about the root of that.
      #expect(error > 0 && error < 40 * bound.squareRoot() * place + 1e-7 * place, "\(bound): \(error)")
    }
  }

  /// A curve along the cold bath is followed from high temperatures to low ones.
  @Test(arguments: [[14.0, 4, 1], [19, 7, 0.5], [12, 6, 3, 0]]) func fromHighTemperaturesToLow(temperatures: [Double])
    throws
  {
    // J of a particle between Maxwell walls, the hot one at 20: largest at a quarter of that.
    func point(_ cold: Double) -> CurvePoint {
      let (hot, root) = (20.0, cold.squareRoot())
      let current = (hot - cold) * root / (hot.squareRoot() + root)
      return CurvePoint(temperature: cold, .numerical(current, bound: 1e-13 * current))
    }
    let found = try #require(try FallVerdict(temperatures.map(point)) { point($0) })
    guard case .maximum(let place, let error)? = found.beginning else {
      Issue.record("no maximum")
      return
    }
    #expect(abs(place - 5) <= error && error > 0 && error < 1e-4, "\(place) ± \(error)")
  }

  /// Powers of two as units leave the digits alone.
  @Test(arguments: [-300.0, -40, 60, 300]) func unitsDoNotCount(power: Double) throws {
    let unit = pow(2, power)
    let (plain, scaled) = (
      try verdict([15, 40, 60], bound: 1e-10), try verdict([15, 40, 60], bound: 1e-10, unit: unit)
    )
    #expect(abs(scaled.at / unit - plain.at) <= 2 * plain.error && abs(scaled.error / unit / plain.error - 1) < 0.5)
  }

  /// The file of the README: the peak of 20.551191 (polynomials through 15 currents about it agree to 1e-6), by the table, the plot and the store alike, and not that of a parabola.
  @Test func thePeakOfTheReadme() throws {
    let text = """
      medium: {kind: chain, sites: 8, spring: 1.0, pinning: 1.0}
      baths:
        left: {kind: particles, temperature: 20.0, friction: 0.1, coupling: 0.2}
        right: {kind: langevin, temperature: 10.0, friction: 1.0}
      sweep: {parameter: baths.left.temperature, values: [15.0, 20.0, 40.0]}
      """
    let experiment = try Experiment(yaml: text, file: "mine.yaml")
    let document = try RefinedStudy(Study(experiment, threads: 2)).theory()
    let verdict = try #require(document.verdicts.first { $0.method == .memory })
    let peak = try #require(verdict.peak), error = try #require(verdict.peakError)
    #expect(abs(peak - 20.551191) <= error && error < 0.001 && verdict.text.hasPrefix("J falls for T_left > 20.55"))
    let stored = try StoredStudy(of: experiment, in: nil)
    #expect(try stored.document(threads: 1) == document)
    #expect(try stored.numbers(threads: 1).document.verdicts == document.verdicts)
    // By the theory itself: lower on both sides.
    let beside = try experiment.sweeping([peak - 30 * error, peak, peak + 30 * error])
    let currents = try Study(beside, threads: 1).theory(methods: [.memory]).points.map { point in
      try #require(point.estimates.first { $0.quantity == .heatCurrent }).estimate.value
    }
    #expect(currents[1] > currents[0] && currents[1] > currents[2])
    #expect(document.methods.map(\.method) == [.memory, .corrected, .markov, .asymptotic, .printed])
    #expect(document.methods.allSatisfy { !$0.claim.isExact })
  }
}
