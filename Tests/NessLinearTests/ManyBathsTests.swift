import Foundation
import NessLinear
import NessMath
import NessModel
import NessStatistics
import NessTestSupport
import Testing

/// Chains with more than two baths: all heats from one sweep along the chain, against the covariance of Lyapunov's equation.
@Suite struct ManyBathsTests {
  /// Langevin baths on the given sites, particles on every fifth of them; frictions over two decades.
  private func chain(
    sites: Int, on places: [Int], spring: Double = 1, particles: Bool = false, temperature: (Int) -> Double
  ) throws -> ChainModel {
    let attachments = places.enumerated().map { index, site in
      let (temperature, friction) = (temperature(index), pow(10, sin(Double(7 * index + 1))))
      let bath: ChainBath =
        particles && index % 5 == 2
        ? .init(
          ParticleBath(
            temperature: temperature, count: 3, friction: friction, coupling: 0.2, strength: 0.5, sharpness: 1,
            ringLength: 6))
        : .init(LangevinBath(temperature: temperature, friction: friction))
      return ChainModel.Attachment(name: "bath\(index)", site: site, bath: bath)
    }
    return try Model(
      medium: Chain(sites: sites, mass: 1.3, springConstant: spring, pinning: .init(left: 0.7, right: 2)),
      attachments: attachments)
  }

  private func models() throws -> [ChainModel] {
    [
      try chain(sites: 24, on: Array(1...24)) { 2 - Double($0) / 23 },
      try chain(sites: 17, on: Array(1...17)) { $0 % 2 == 0 ? 1 : 3 },
      try chain(sites: 12, on: Array(1...12), particles: true) { 1 + 0.3 * cos(Double($0)) },
      try chain(sites: 30, on: [2, 2, 3, 9, 20, 20, 29], particles: true) { [5, 1, 2, 2, 7, 4, 1][$0] },
      try chain(sites: 40, on: [1, 13, 14, 40]) { [1, 1, 1, 1 + 1e-6][$0] },
      try chain(sites: 9, on: [3, 5, 9], spring: 0.1) { [1, 6, 2][$0] },
      // Spans of several bonds between stiff places: what passes decays above the band.
      try chain(sites: 21, on: [1, 8, 15, 21], spring: 0.1) { [4, 1, 3, 2][$0] },
    ]
  }

  /// Rounding of the dense covariance besides the bound of the theory.
  private func isWithin(_ estimate: Estimate, _ expected: Double, share: Double = 1, scale: Double) -> Bool {
    abs(estimate.value - expected) <= share * estimate.error + 3e-12 * scale
  }

  @Test(arguments: [Method.markov, .memory])
  func heatsAreThoseOfTheCovariance(method: Method) throws {
    var (checked, sharp) = (0, 0)
    for model in try models() {
      let answer = try LinearSolver().answer(.all, of: model, by: [method])
      if method == .memory && answer.entries.isEmpty { continue }
      let covariance = try steadyCovariance(of: model, withMemory: method == .memory)
      for attachment in model.attachments {
        guard let bath = attachment.bath.law as? LangevinBath else { continue }
        let heat = try #require(answer.estimate(.heat(from: attachment.name), by: method))
        let kinetic = model.medium.mass * covariance.velocities[attachment.site - 1, attachment.site - 1]
        let rate = bath.friction / model.medium.mass
        let scale = rate * max(bath.temperature, kinetic)
        let (expected, bound) = (rate * (bath.temperature - kinetic), heat.error)
        #expect(isWithin(heat, expected, scale: scale), "\(attachment.name): \(heat) for \(expected)")
        // A wrong heat would be seen.
        if !isWithin(.numerical(1.0001 * heat.value, bound: bound), expected, scale: scale) { sharp += 1 }
        checked += 1
      }
      for (index, expected) in covariance.bondHeatCurrents.enumerated() {
        let bond = try #require(answer.estimate(.bondHeatCurrent(bond: index + 1), by: method))
        let square = covariance.displacements[index, index] * covariance.velocities[index, index]
        let scale = model.medium.springConstant * square.squareRoot()
        #expect(isWithin(bond, expected.value, scale: scale), "bond \(index + 1): \(bond) for \(expected)")
      }
    }
    #expect(checked > 10 && sharp > checked * 3 / 4)
  }

  /// Baths that all have one temperature but for the last: nothing is lost among the many that carry nothing.
  @Test func tinyDifferencesKeepTheirDigits() throws {
    func heat(_ difference: Double) throws -> Estimate {
      let model = try chain(sites: 50, on: Array(1...50)) { $0 == 49 ? 1 + difference : 1 }
      return try #require(
        try LinearSolver().answer(of: model, by: [.markov]).estimate(.heat(from: "bath0"), by: .markov))
    }
    let (large, small) = (try heat(1), try heat(0x1p-40))
    #expect(abs(small.value * 0x1p40 - large.value) <= 1e-15 * abs(large.value))
    #expect(small.error < 1e-8 * abs(small.value))
    #expect(large.value < 0)
  }

  /// The work does not grow with the pairs of baths: it asks whether to stop once for every sweep.
  @Test func workGrowsWithTheFrequenciesOnly() throws {
    func sweeps(_ sites: Int) throws -> Int {
      let count = LookCount(.max)
      let model = try chain(sites: sites, on: Array(1...sites)) { 1 + Double($0) / Double(sites) }
      _ = try LinearSolver().answer(of: model, by: [.markov], WorkWatch(shouldStop: { count.isOver() }))
      return count.looks
    }
    let (few, many) = (try sweeps(32), try sweeps(128))
    #expect(few > 100)
    #expect(many < 6 * few)
  }

  /// Long work tells how far it is, ever further, and stops when it is asked to.
  @Test func tellsHowFarItIs() throws {
    let model = try chain(sites: 16, on: Array(1...16), particles: true) { 1 + Double($0 % 7) }
    let heard = CollectedValues<Double>()
    var watch = WorkWatch(onProgress: { heard.add($0) })
    _ = try LinearSolver().answer(.all, of: model, by: [.markov, .memory], watch)
    let parts = heard.values
    #expect(parts.count > 50)
    #expect(zip(parts, parts.dropFirst()).allSatisfy { $0 <= $1 })
    #expect(parts.contains { $0 > 0.2 && $0 < 0.3 } && parts.allSatisfy { $0 >= 0 && $0 <= 1 })
    let looks = LookCount(100)
    watch.shouldStop = { looks.isOver() }
    #expect(throws: QuadratureError.stopped) {
      try LinearSolver().answer(.all, of: model, by: [.markov, .memory], watch)
    }
  }
}
