import NessLinear
import NessModel
import NessStatistics
import NessTestSupport
import Testing

/// Entropy is produced in the baths: -sum of heat over temperature, never negative, by every theory of a finite chain.
@Suite struct EntropyProductionTests {
  private func model(_ temperatures: [Double], particles: Bool = false) throws -> ChainModel {
    try Model(
      medium: Chain(sites: 5, pinning: 1),
      attachments: temperatures.enumerated().map { index, temperature in
        let bath: ChainBath =
          particles && index == 0
          ? .init(ParticleBath(temperature: temperature, friction: 0.1, coupling: 0.2))
          : .init(LangevinBath(temperature: temperature, friction: 0.7))
        return .init(name: "b\(index)", site: 1 + 2 * index, bath: bath)
      })
  }

  @Test(arguments: [[20.0, 10, 15], [3, 3, 3], [1e-9, 2, 1e9], [8, 2], [2, 8], [5, 5 * (1 + 1e-9)], [4, 4]])
  func isThatOfTheHeats(temperatures: [Double]) throws {
    for particles in [false, true] where !particles || temperatures.allSatisfy({ $0 > 4 }) {
      let model = try model(temperatures, particles: particles)
      let answer = try LinearSolver().answer(of: model)
      for method in [Method.markov] + (particles ? [.memory] : []) {
        let entropy = try #require(answer.estimate(.entropyProduction, by: method))
        let heats = model.attachments.map {
          answer.estimate(.heat(from: $0.name), by: method) ?? .numerical(.nan, bound: 0)
        }
        let terms = zip(heats, temperatures).map { (value: -$0.value / $1, error: $0.error / $1) }
        let size = terms.reduce(0) { $0 + abs($1.value) }
        let sum = terms.reduce(0) { $0 + $1.value }
        #expect(abs(entropy.value - sum) <= terms.reduce(0) { $0 + $1.error } + 1e-12 * size, "\(temperatures)")
        #expect(entropy.value >= -entropy.error && entropy.error <= terms.reduce(0) { $0 + $1.error } + 1e-300)
        if Set(temperatures).count == 1 { #expect(entropy.value == 0) }
      }
    }
  }

  /// Near equilibrium the heats cancel, but the entropy production keeps its digits: J ΔT/T².
  @Test func keepsItsDigitsNearEquilibrium() throws {
    let answer = try LinearSolver().answer(of: model([5, 5 * (1 + 1e-9)]))
    let entropy = try #require(answer.estimate(.entropyProduction, by: .markov))
    #expect(entropy.value > 0 && entropy.error < 1e-6 * entropy.value)
  }

  /// A bath at zero temperature takes up infinite entropy: none is given.
  @Test func noneAtZeroTemperature() throws {
    #expect(try LinearSolver().answer(of: model([2, 0])).estimate(.entropyProduction, by: .markov) == nil)
  }
}
