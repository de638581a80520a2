import NessLinear
import NessModel
import NessStatistics
import NessTestSupport
import NessTrajectory
import Testing

/// The particle sub-step where it is not linear: particles strongly tilted by a probe that is held far out.
@Suite struct ParticleStepTests {
  /// Ring of circumference 2 pi, friction and temperature 1: relaxation time 1. At q = -5, eps q/T = -2.5 and the
  /// particles sit in a well 8 T deep.
  private let bath = ParticleBath(
    temperature: 1, count: 16, friction: 1, coupling: 0.5, ringLength: 2 * Double.pi)

  private func force(_ displacement: Double, timeStep: Double, steps: Double) throws -> Estimate {
    try FrozenProbe(bath: bath, displacement: displacement, timeStep: timeStep, seed: 20260402)
      .meanForce(duration: steps * timeStep, threads: 2)
  }

  /// Mean force against the Boltzmann average at three steps, each half of the one before. The bias is
  /// c_2 h² + c_3 h³ + ..., with no term linear in h.
  @Test func theBiasIsOfSecondOrder() throws {
    let exact = try FrozenBath(bath).meanForce(atDisplacement: -5)
    let steps = [0.08, 0.04, 0.02]
    let biases = try zip(steps, [160_000, 240_000, 480_000.0]).map { step, count -> (value: Double, error: Double) in
      let force = try force(-5, timeStep: step, steps: count)
      return ((force.value - exact) / step, force.error / step)
    }
    // The steps are long enough for a bias that the error bars see, and it is small even there.
    #expect(biases.allSatisfy { abs($0.value) > acceptedZScore * $0.error })
    #expect(abs(biases[0].value * steps[0]) < 0.01 * abs(exact))
    // Bias over step falls with the step; of a first-order step it would stay.
    for (long, short) in zip(biases, biases.dropFirst()) {
      let score =
        (abs(long.value) - abs(short.value)) / (long.error * long.error + short.error * short.error).squareRoot()
      #expect(score > acceptedZScore, "bias over step \(long) and, for half the step, \(short)")
    }
    // Extrapolated to h = 0 by the parabola through the three, it vanishes.
    let weights = [1.0 / 3, -2, 8.0 / 3]
    let limit = zip(weights, biases).reduce(0) { $0 + $1.0 * $1.1.value }
    let error = zip(weights, biases).reduce(0) { $0 + $1.0 * $1.0 * $1.1.error * $1.1.error }.squareRoot()
    #expect(abs(limit) < acceptedZScore * error, "linear coefficient \(limit) +- \(error)")
    #expect(error < 0.25 * abs(biases[0].value))
  }

  /// At the step that Ness chooses the bias is below the error bars; the line of weak coupling is far off.
  @Test(arguments: [-5.0, -4, 2, 4, 5]) func theChosenStepIsFineEnough(displacement: Double) throws {
    let frozen = FrozenBath(bath)
    let model = try Model(
      medium: Chain(sites: 1, springConstant: 0, pinning: 1),
      attachments: [.init(name: "left", site: 1, bath: .init(bath))])
    let step = TimeStepChoice(for: model, displacement: abs(displacement)).timeStep
    let force = try force(displacement, timeStep: step, steps: 60_000)
    let exact = try frozen.meanForce(atDisplacement: displacement)
    #expect(abs(force.zScore(againstExact: exact)) < acceptedZScore)
    #expect(force.error < 0.01 * abs(exact))
    let line = frozen.weakCouplingMeanForce(atDisplacement: displacement)
    #expect(abs(force.zScore(againstExact: line)) > acceptedZScore)
  }
}
