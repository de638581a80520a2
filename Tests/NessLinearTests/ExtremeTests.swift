import NessLinear
import NessModel
import Testing

/// Where numbers get very large or very small, beside exact values where there are any.
@Suite struct ExtremeTests {
  /// One site between two Langevin baths: J = gamma_L gamma_R (T_L - T_R) / (m (gamma_L + gamma_R)), whatever pins it.
  @Test(arguments: [0, 1e-6, 1, 1e6], [1e-4, 0.5, 300])
  func singleSite(pinning: Double, friction: Double) throws {
    func bath(_ temperature: Double, _ friction: Double) -> ChainBath {
      .init(LangevinBath(temperature: temperature, friction: friction))
    }
    let model = try Model(
      medium: Chain(sites: 1, mass: 2, springConstant: 0, pinning: pinning),
      attachments: [
        .init(name: "left", site: 1, bath: bath(5, friction)), .init(name: "right", site: 1, bath: bath(2, 0.7)),
      ])
    let exact = friction * 0.7 * 3 / (2 * (friction + 0.7))
    let answer = try #require(LinearSolver().answer(of: model).estimate(.heatCurrent, by: .markov))
    #expect(abs(answer.value - exact) < 1e-10 * exact + answer.error)
    #expect(answer.error < 2e-8 * exact)
  }

  /// A mode with a node at the only site that the baths touch stays dark; the current does not feel it.
  @Test func darkMode() throws {
    func bath(_ temperature: Double) -> ChainBath { .init(LangevinBath(temperature: temperature, friction: 0.5)) }
    let model = try Model(
      medium: Chain(sites: 3, pinning: 1),
      attachments: [.init(name: "left", site: 2, bath: bath(2)), .init(name: "right", site: 2, bath: bath(1))])
    #expect(abs(try value(.heatCurrent, .markov, model) - 0.25) < 1e-9)
    #expect(throws: (any Error).self) { try steadyCovariance(of: model) }
  }

  /// Very long chains, hot and cold baths, sharp interactions: finite, positive, near the infinite chain.
  @Test(arguments: [2.5, 20, 1e4, 1e6])
  func longHotAndSharp(temperature: Double) throws {
    let bath = ParticleBath(
      temperature: temperature, friction: 1e-3, coupling: 0.02, strength: 1, sharpness: 60, ringLength: 10)
    let model = try Model(
      medium: Chain(sites: 2000, springConstant: 0.6, pinning: 1.2),
      attachments: [
        .init(name: "left", site: 1, bath: .init(bath)),
        .init(name: "right", site: 2000, bath: .init(LangevinBath(temperature: 1, friction: 0.4))),
      ])
    let answer = try LinearSolver().answer(of: model)
    let markov = try #require(answer.estimate(.heatCurrent, by: .markov))
    let infinite = try #require(answer.estimate(.heatCurrent, by: .asymptotic)).value
    #expect(abs(markov.value - infinite) < 1e-3 * infinite)
    #expect(try #require(answer.estimate(.heatCurrent, by: .memory)).value > 0)
    #expect(markov.error < 1e-6 * infinite)
  }

  /// Stiff ends bind modes above the band; an interior pair of sites sees them through the chain.
  @Test func boundModes() throws {
    func bath(_ temperature: Double) -> ChainBath { .init(LangevinBath(temperature: temperature, friction: 1e-3)) }
    let model = try Model(
      medium: Chain(sites: 4, pinning: 40),
      attachments: [.init(name: "left", site: 1, bath: bath(2)), .init(name: "right", site: 4, bath: bath(1))])
    let bonds = try steadyCovariance(of: model).bondHeatCurrents
    let current = try value(.heatCurrent, .markov, model)
    for bond in bonds { #expect(abs(bond.value - current) < bond.error + 1e-9 * current) }
  }

  /// Temperatures whose squares leave the range of numbers: everything in proportion, the same digits.
  @Test(arguments: [560, 500, -500, -560]) func temperaturesBeyondTheirSquares(exponent: Int) throws {
    func solved(_ factor: Double) throws -> [Answer.Entry] {
      let attachments = [(1, 3.0), (3, 1.0), (4, 2.0), (6, 1.5)].map { site, temperature in
        ChainModel.Attachment(
          name: "bath\(site)", site: site,
          bath: .init(LangevinBath(temperature: factor * temperature, friction: 0.1 * Double(site))))
      }
      let model = try Model(medium: Chain(sites: 6, pinning: 0.5), attachments: attachments)
      return try LinearSolver().answer(.usual, of: model, by: [.markov]).entries
    }
    let factor = Double(sign: .plus, exponent: exponent, significand: 1)
    let (plain, scaled) = (try solved(1), try solved(factor))
    #expect(plain.count == scaled.count && plain.members.count == 4 + 1 + 6 + 5)
    for (one, other) in zip(plain.members, scaled.members) {
      // Entropy production has no energy in its unit.
      let unit = one.quantity == .entropyProduction ? 1 : factor
      #expect(other.estimate.value == one.estimate.value * unit, "\(one.quantity)")
      #expect(other.estimate.error == one.estimate.error * unit, "\(one.quantity)")
    }
  }

  /// Where a frequency is beyond the range of numbers theory refuses, before any mesh is made; one that is not is answered.
  @Test(arguments: [(5e-324, 1.0), (1.0, 1e308), (1e-310, 1e160)])
  func frequenciesBeyondTheRangeOfNumbers(mass: Double, friction: Double) throws {
    func model(_ mass: Double, _ friction: Double) throws -> ChainModel {
      func bath(_ temperature: Double) -> ChainBath {
        .init(LangevinBath(temperature: temperature, friction: friction))
      }
      return try Model(
        medium: Chain(sites: 3, mass: mass, springConstant: 1e-5, pinning: 1),
        attachments: [.init(name: "left", site: 1, bath: bath(2)), .init(name: "right", site: 3, bath: bath(1))])
    }
    let beyond = try model(mass, friction)
    let refusals = LinearSolver().refusals(of: beyond, by: [.markov])
    #expect(refusals.count == 1 && refusals[0].reason.contains("beyond the range of numbers"))
    #expect(try LinearSolver().answer(of: beyond, by: [.markov]).entries.isEmpty)
    #expect(try LinearSolver().refusals(of: model(1e-150, 1e-100), by: [.markov]).isEmpty)
  }
}
