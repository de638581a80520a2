import Foundation
import NessLinear
import NessModel
import NessTestSupport
import NessTrajectory
import Testing

@Suite struct TimeStepChoiceTests {
  private let bath = ParticleBath(temperature: 10, friction: 0.1, coupling: 0.2)

  /// The discrete dynamics integrates the force correlation by the trapezoidal rule: h/2 C(0) + h sum_j C(jh).
  @Test(arguments: [0.001, 0.02, 0.3])
  func frictionBiasIsThatOfTheTrapezoidalRule(timeStep: Double) {
    let frozen = FrozenBath(bath)
    var sum = 0.5 * frozen.forceAutocorrelation(atTime: 0)
    for step in 1...Int(50 * bath.relaxationTime / timeStep + 1) {
      sum += frozen.forceAutocorrelation(atTime: Double(step) * timeStep)
    }
    let scale = Double(bath.count) * bath.coupling * bath.coupling / bath.temperature
    let ratio = sum * timeStep * scale / bath.frictionKernel.markovFriction
    let bias = TimeStepChoice.frictionBias(of: bath, timeStep: timeStep, noise: .gaussian)
    #expect(abs(bias - (ratio - 1)) < 1e-7)
  }

  @Test func theStrictestConditionDecidesAndIsNamed() throws {
    let hot = try Sample.chain(
      sites: 4, left: Sample.particles(1000, friction: 0.1, coupling: 0.2), right: Sample.langevin(1))
    let choice = TimeStepChoice(for: hot)
    #expect(choice.explanation.contains("relax in tau = 0.00158"))
    #expect(choice.frictionBias <= 0.002 && choice.frictionBias > 0.001)
    let stiff = try Sample.chain(sites: 4, left: Sample.langevin(1), right: Sample.langevin(1), spring: 10_000)
    #expect(TimeStepChoice(for: stiff).explanation.contains("oscillates at up to 200"))
    #expect(TimeStepChoice(for: stiff).bandBias <= 0.002)
    let damped = try Sample.chain(sites: 4, left: Sample.langevin(1, friction: 1000), right: Sample.langevin(1))
    #expect(TimeStepChoice(for: damped).explanation.contains("bath left damps its site at a rate 1000"))
  }

  @Test func aTighterToleranceGivesAShorterStep() throws {
    let model = try Sample.chain(
      sites: 4, left: Sample.particles(50, friction: 0.1, coupling: 0.2), right: Sample.langevin(1))
    #expect(TimeStepChoice(for: model, tolerance: 1e-4).timeStep < 0.4 * TimeStepChoice(for: model).timeStep)
  }
}
