import Foundation
import NessModel
import NessStatistics
import NessTestSupport
import NessTrajectory
import Testing

/// Noise with the moments of a Gaussian: its law, what it does to the friction, and that the currents agree.
@Suite struct MatchedNoiseTests {
  private func moment(_ order: Int) -> Double {
    let values = ParticleNoise.matchedValues
    return values.reduce(0) { $0 + pow($1, Double(order)) } / Double(values.count)
  }

  /// Even moments up to the 8th are the Gaussian's, 1, 3, 15 and 105; the 10th, 945, is not. Odd ones vanish by symmetry.
  @Test func momentsAreTheGaussians() {
    for (order, gaussian) in [(2, 1.0), (4, 3), (6, 15), (8, 105)] {
      #expect(abs(moment(order) / gaussian - 1) < 2e-14, "moment \(order)")
    }
    #expect(abs(moment(10) / 945 - 0.9596) < 1e-4)
    #expect(ParticleNoise.matchedValues.allSatisfy { abs($0) < 3.5 })
  }

  /// The shares kept differ from the Gaussian's by the tenth moment: (945 - 907) a^10 / 10! to leading order.
  @Test(arguments: [0.3, 0.4, 0.5]) func sharesKeptDifferByTheTenthMoment(angle: Double) {
    let difference =
      ParticleNoise.matched.characteristicFunction(angle) - ParticleNoise.gaussian.characteristicFunction(angle)
    let expected = (945 - moment(10)) * pow(angle, 10) / 3_628_800
    #expect(abs(difference / expected - 1) < 0.1)
  }

  /// The told bias of the friction is that of the trapezoidal rule over the correlation that the steps make: every
  /// step keeps the share rho_n of harmonic n. At the longest step that Ness chooses it is the Gaussian's within 1 %.
  @Test(arguments: [0.03, 0.1, 0.155]) func frictionBias(decay: Double) {
    let bath = ParticleBath(temperature: 10, friction: 0.1, coupling: 0.2)
    let step = decay * bath.relaxationTime
    var (discrete, exact) = (0.0, 0.0)
    for (index, weight) in bath.harmonicWeights.prefix(12).enumerated() {
      let square = Double((index + 1) * (index + 1))
      let kept = ParticleNoise.matched.characteristicFunction((2 * square * decay).squareRoot())
      var (sum, share) = (0.5, kept)
      while abs(share) > 1e-16 { (sum, share) = (sum + share, share * kept) }
      discrete += weight * sum * decay
      exact += weight / square
    }
    let bias = TimeStepChoice.frictionBias(of: bath, timeStep: step)
    let gaussian = TimeStepChoice.frictionBias(of: bath, timeStep: step, noise: .gaussian)
    #expect(abs(bias - (discrete / exact - 1)) < 1e-9)
    #expect(bias != gaussian && abs(bias - gaussian) < 0.01 * gaussian)
  }

  /// The same current under both laws, with sharp error bars; control: currents at another temperature differ.
  @Test func currentsAgree() throws {
    func current(_ temperature: Double, _ noise: ParticleNoise) throws -> Estimate {
      let model = try Sample.chain(
        sites: 4, left: Sample.particles(temperature, friction: 0.1, coupling: 0.2), right: Sample.langevin(10))
      let settings = TrajectorySettings(
        seed: 7, timeStep: TimeStepChoice(for: model).timeStep, burnIn: 20, duration: 60, threads: 2, noise: noise)
      return try #require(TrajectorySolver(settings).simulate(model).answer.estimate(.heatCurrent, by: .simulation))
    }
    func score(_ a: Estimate, _ b: Estimate) -> Double {
      (a.value - b.value) / (a.error * a.error + b.error * b.error).squareRoot()
    }
    let matched = try current(40, .matched)
    let gaussian = try current(40, .gaussian)
    #expect(matched.value != gaussian.value)
    #expect(abs(score(matched, gaussian)) < acceptedZScore)
    #expect(matched.error < 0.02 * abs(matched.value))
    #expect(abs(score(matched, try current(30, .gaussian))) > acceptedZScore)
  }
}
