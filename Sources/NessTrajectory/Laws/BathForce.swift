import Foundation
import NessModel
import NessRandom

/// A force of a bath that has a state of its own, z, which decays and is driven: by a noise, and by the velocity of the site,
///
///     dz = -(z/time) dt - weight v dt + noise,    variance of z without the velocity: `variance`
///
/// A step is half a kick by z, half a step of z at fixed velocity (exact), the other baths, and the same in reverse order.
package struct BathForce: Sendable {
  /// Index of the bath in the model.
  let bath: Int
  /// What is left of z after half a step.
  let decay: Double
  /// What the velocity adds to z in half a step [mass/time].
  let pull: Double
  /// Standard deviation of the noise of half a step [force]; nil for a signal of two values.
  let noise: Double?
  /// Probability that a signal of two values has switched after half a step.
  let switching: Double
  /// Standard deviation of z at the start [force].
  let deviation: Double

  /// A term of a friction with memory, whose weight is `weight` [mass/time²].
  init(bath: Int, weight: Double, time: Double, temperature: Double, timeStep: Double) {
    self.init(bath: bath, weight: weight, time: time, variance: weight * temperature, isTelegraph: false, timeStep)
  }

  /// The force of an active bath.
  init(bath: Int, _ active: ActiveBath, timeStep: Double) {
    self.init(
      bath: bath, weight: 0, time: active.correlationTime, variance: active.amplitude * active.amplitude,
      isTelegraph: active.law == .telegraph, timeStep)
  }

  private init(
    bath: Int, weight: Double, time: Double, variance: Double, isTelegraph: Bool, _ timeStep: Double
  ) {
    self.bath = bath
    // 1 - exp(-x) and 1 - exp(-2x) without cancellation.
    let x = 0.5 * timeStep / time
    decay = exp(-x)
    pull = weight * time * -expm1(-x)
    noise = isTelegraph ? nil : (variance * -expm1(-2 * x)).squareRoot()
    switching = -0.5 * expm1(-x)
    deviation = variance.squareRoot()
  }

  /// What is left of z after a whole step.
  var kept: Double { decay * decay }

  /// Variance of the innovation of a step; nil for a signal of two values, where it depends on nothing.
  var innovationVariance: Double? { noise.map { $0 * $0 * (1 + kept) } }

  /// The innovation of a step: z after it less its expectation, given all that was before the two half steps were drawn. Nothing
  /// but their sum acts on the site, so there is one for both.
  ///
  /// - Parameters:
  ///   - state: z before the step.
  ///   - first: what drives the first half step.
  ///   - second: what drives the second one.
  @inline(__always)
  func innovation(_ state: SIMD8<Double>, _ first: SIMD8<Double>, _ second: SIMD8<Double>) -> SIMD8<Double> {
    guard let noise else { return state * (first * second - kept) }
    return (first * decay + second) * noise
  }

  /// Draws what drives z in `count` half steps: Gaussians of variance 1, or -1 where the signal switches and 1 where not.
  func draw(_ stream: inout LaneStream, into xi: UnsafeMutablePointer<SIMD8<Double>>, count: Int) {
    if noise != nil { return stream.fillGaussians(xi, count: count) }
    let one = SIMD8<Double>(repeating: 1)
    for index in 0..<count {
      xi[index] = one.replacing(with: -one, where: stream.uniform() .< SIMD8(repeating: switching))
    }
  }

  /// Draws z at the start.
  func begin(_ stream: inout LaneStream) -> SIMD8<Double> {
    if noise == nil {
      let value = SIMD8<Double>(repeating: deviation)
      return value.replacing(with: -value, where: stream.uniform() .< SIMD8(repeating: 0.5))
    }
    var gaussian = SIMD8<Double>()
    stream.fillGaussians(&gaussian, count: 1)
    return gaussian * deviation
  }
}

extension StochasticLaw {
  /// The forces with a state of their own; none for a law without any.
  var forceCount: Int {
    switch self {
    case .memory(let terms, _): terms.count
    case .active: 1
    case .ornsteinUhlenbeck, .ringParticles, .collisions: 0
    }
  }

  /// The forces with a state of their own, for a time step [time].
  func forces(bath: Int, timeStep: Double) -> [BathForce] {
    switch self {
    case .memory(let terms, let temperature):
      terms.map {
        BathForce(bath: bath, weight: $0.weight, time: $0.time, temperature: temperature, timeStep: timeStep)
      }
    case .active(let law): [BathForce(bath: bath, law, timeStep: timeStep)]
    case .ornsteinUhlenbeck, .ringParticles, .collisions: []
    }
  }
}
