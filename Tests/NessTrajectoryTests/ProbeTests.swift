import Foundation
import NessLinear
import NessMath
import NessModel
import NessStatistics
import NessTestSupport
import NessTrajectory
import Testing

/// Measurements on a single probe against exact answers, as z-scores at fixed seeds, each with a control that must fail.
/// All baths live on a ring of circumference 2 pi with friction and temperature 1, so their relaxation time is 1.
@Suite struct ProbeTests {
  private let bath = ParticleBath(temperature: 1, count: 40, friction: 1, coupling: 0.03, ringLength: 2 * Double.pi)

  private func probe(_ bath: ParticleBath) throws -> ChainModel {
    try Model(
      medium: Chain(sites: 1, springConstant: 0, pinning: 1),
      attachments: [.init(name: "left", site: 1, bath: .init(bath))])
  }

  private func frozen(_ displacement: Double, timeStep: Double = 0.025) -> FrozenProbe {
    FrozenProbe(bath: bath, displacement: displacement, timeStep: timeStep, seed: 20260403)
  }

  private func accept(_ estimate: Estimate, _ exact: Double, butNot wrong: Double, _ what: Comment) {
    #expect(abs(estimate.zScore(againstExact: exact)) < acceptedZScore, what)
    #expect(abs(estimate.zScore(againstExact: wrong)) > acceptedZScore, what)
  }

  /// -eps <F>_q. Control: the opposite displacement, which is the sign of the softening that the paper misprints.
  @Test(arguments: [-20.0, -8, 8, 20]) func meanForce(displacement: Double) throws {
    let exact = FrozenBath(bath)
    let force = try frozen(displacement).meanForce(duration: 200, threads: 2)
    accept(
      force, try exact.meanForce(atDisplacement: displacement),
      butNot: try exact.meanForce(atDisplacement: -displacement),
      "mean force \(force)")
  }

  /// T Gamma(t), the second fluctuation-dissipation relation. Controls: one lag earlier or later.
  @Test func forceAutocorrelation() throws {
    let measured = try frozen(0).forceAutocorrelation(lags: 5, stepsPerLag: 10, samples: 3000, threads: 2)
    let kernel = (0...5).map { lag in
      bath.temperature
        * bath.frictionKernel.terms.reduce(0) { $0 + $1.amplitude * exp(-$1.rate * 0.25 * Double(lag)) }
    }
    #expect(measured.count == 5)
    for (lag, estimate) in measured.enumerated() {
      accept(estimate, kernel[lag], butNot: kernel[lag + 1], "lag \(lag): \(estimate) against \(kernel[lag])")
      #expect(estimate.error < 0.02 * kernel[lag])
    }
  }

  /// The Green-Kubo integral against the formula. Control: the integral to one relaxation time only.
  @Test func greenKubo() throws {
    let whole = try frozen(0).greenKuboFriction(lags: 161, stepsPerLag: 2, samples: 8000, threads: 2)
    let formula = bath.frictionKernel.markovFriction
    #expect(abs(whole.zScore(againstExact: formula)) < acceptedZScore, "\(whole) against \(formula)")
    #expect(whole.error < 0.04 * formula)
    let part = try frozen(0).greenKuboFriction(lags: 21, stepsPerLag: 2, samples: 8000, threads: 2)
    #expect(abs(part.zScore(againstExact: formula)) > acceptedZScore)
  }

  /// Where the kick keeps the particles in the linear regime (eps q/T up to 0.15) the probe is damped by Re g(w) at its own
  /// frequency. Here w tau = 1, so the memory halves the friction. Control: the friction without memory.
  @Test func ringDown() throws {
    let frequency = (1 + bath.stiffnessShift).squareRoot()
    let withMemory = bath.frictionKernel.terms.reduce(0) {
      $0 + $1.amplitude * $1.rate / ($1.rate * $1.rate + frequency * frequency)
    }
    let ringDown = RingDown(
      model: try probe(bath), initialVelocity: 5, angularFrequency: frequency, timeStep: 0.025, seed: 20260403,
      replicas: 2048)
    let result = try ringDown.measure(duration: 80, threads: 2)
    accept(
      result.friction, withMemory, butNot: bath.frictionKernel.markovFriction,
      "\(result.friction) against \(withMemory) with memory")
    #expect(result.friction.error < 0.02 * withMemory)
    #expect(result.fittedPoints >= 3 && result.envelope.count >= result.fittedPoints)
    #expect(abs(result.envelope[0].amplitude - 5) < 0.5)
  }

  /// A kick that drowns in the thermal noise is refused, and an interrupt ends the work.
  @Test func ringDownThatCannotBeFitted() throws {
    let weak = RingDown(
      model: try probe(bath), initialVelocity: 0.01, angularFrequency: 1, timeStep: 0.05, seed: 1, replicas: 64)
    let error = #expect(throws: TrajectoryError.self) { try weak.measure(duration: 40, threads: 2) }
    #expect(error?.description.contains("sinks into the noise") == true)
    #expect(throws: TrajectoryError.interrupted) {
      try weak.measure(duration: 40, threads: 2, shouldStop: { true })
    }
  }

  /// Shares of a histogram against the exact equilibrium law at a coupling where it is skewed and wider than the bare
  /// one. Control: the Gaussian of the weak-coupling stiffness.
  @Test func histogram() throws {
    let strong = ParticleBath(temperature: 1, count: 20, friction: 1, coupling: 0.18, ringLength: 2 * Double.pi)
    let model = try probe(strong)
    let density = try ProbeDensity(strong, pinning: 1)
    let edges = (0...8).map { -4 + Double($0) }
    let step = TimeStepChoice(for: model, tolerance: 0.001).timeStep
    let settings = TrajectorySettings(
      seed: 20260403, replicas: 64, timeStep: step, burnIn: 40, duration: 800, threads: 2)
    let histogram = try ProbeHistogram(of: model, edges: edges, settings: settings, interval: 2)
    let width = (1 / (1 + strong.stiffnessShift)).squareRoot()
    var excess = 0.0
    for (bin, share) in histogram.shares.enumerated() {
      let (nodes, weights) = gaussLegendre(12)
      let exact = try zip(nodes, weights).reduce(0) {
        $0 + 0.5 * $1.1 * exp(try density.logDensity(at: edges[bin] + 0.5 * (1 + $1.0)))
      }
      #expect(abs(share.zScore(againstExact: exact)) < acceptedZScore, "bin \(bin): \(share) against \(exact)")
      let gaussian = 0.5 * (erf(edges[bin + 1] / width / 2.0.squareRoot()) - erf(edges[bin] / width / 2.0.squareRoot()))
      excess = max(excess, abs(share.zScore(againstExact: gaussian)))
    }
    #expect(excess > acceptedZScore)
    #expect(throws: TrajectoryError.interrupted) {
      try ProbeHistogram(of: model, edges: edges, settings: settings, interval: 2, shouldStop: { true })
    }
  }
}
