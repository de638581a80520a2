import Foundation
import NessModel
import NessRandom

/// One sub-step of a bath on the momentum of a site: v -> decay v + noise xi under friction; under collisions v -> noise xi
/// where there is one.
package struct MomentumStep: Sendable {
  /// Index of the bath in the model.
  let bath: Int
  package let decay: Double
  package let noise: Double
  /// Probability of a collision in a sub-step that may have one; nil under friction.
  let collision: Double?
  /// Steps from one that may have a collision to the next.
  let interval: Int

  /// The steps whose collisions are meant.
  enum Collisions {
    /// Any step, in the mean.
    case inTheMean
    /// One that may have a collision.
    case due
    /// One without.
    case never
  }

  /// Probability of a collision; nil under friction.
  func collision(_ steps: Collisions) -> Double? {
    switch steps {
    case .inTheMean: collision.map { $0 / Double(interval) }
    case .due: collision
    case .never: collision.map { _ in 0 }
    }
  }

  /// Probability of a collision in the step that follows `step` ones; nil under friction.
  @inline(__always)
  func collision(after step: Int) -> Double? { collision.map { (step + 1) % interval == 0 ? $0 : 0 } }

  /// Whether it draws anything that matters.
  var isRandom: Bool { noise > 0 || collision != nil }

  /// What stands for the xi of a step without collision.
  static let none = Double.infinity

  /// The sub-step that a counting field of its heat turns it into, and the weight of one from velocity v: with
  /// s = 1 - x m noise² it is v -> (decay v + sqrt(s) noise xi)/s, and
  ///
  ///     exp(x Q) times the density of v' = exp(a + k v²) times that of this step,      a = -(1/2) ln s,   k = (x m/2)(decay²/s - 1),
  ///
  /// so that the noise leaves nothing to weigh.
  ///
  /// - Parameters:
  ///   - x: the counting field, below the inverse temperature of the bath [1/energy].
  ///   - mass: of the site [mass].
  /// - Returns: nil for collisions.
  func tilted(by x: Double, mass: Double) -> (step: MomentumStep, constant: Double, square: Double)? {
    let s = 1 - x * mass * noise * noise
    guard collision == nil, s > 0 else { return nil }
    return (
      MomentumStep(bath: bath, decay: decay / s, noise: noise / s.squareRoot(), collision: nil, interval: interval),
      -0.5 * log(s), 0.5 * x * mass * (decay * decay / s - 1)
    )
  }

  /// Draws the xi, of mean 0 and variance 1, of `count` steps that follow `step` ones.
  func draw(
    _ stream: inout LaneStream, into xi: UnsafeMutablePointer<SIMD8<Double>>, count: Int, after step: Int
  ) {
    stream.fillGaussians(xi, count: count)
    guard let collision else { return }
    for index in 0..<count {
      let chance = stream.uniform()
      let isDue = (step + index + 1) % interval == 0
      let limit = SIMD8<Double>(repeating: isDue ? collision : 0)
      xi[index] = xi[index].replacing(with: SIMD8(repeating: Self.none), where: chance .>= limit)
    }
  }

  /// The sub-steps of several baths on one site in symmetric order: a/2, b/2, c, b/2, a/2.
  static func palindrome(
    _ baths: [(bath: Int, law: MomentumLaw)], mass: Double, timeStep: Double
  ) -> [MomentumStep] {
    func step(_ index: Int, _ duration: Double) -> MomentumStep {
      let (bath, law) = baths[index]
      let thermal = (law.temperature / mass).squareRoot()
      switch law.collisions {
      case nil: break
      case .atRandom(let rate)?:
        return MomentumStep(bath: bath, decay: 0, noise: thermal, collision: -expm1(-rate * duration), interval: 1)
      case .periodically(let probability, let interval)?:
        // Two halves together redraw as often as a whole.
        let half = 1 - (1 - probability).squareRoot()
        return MomentumStep(
          bath: bath, decay: 0, noise: thermal, collision: duration < timeStep ? half : probability,
          interval: max(1, Int((interval / timeStep).rounded())))
      }
      let decay = exp(-law.friction * duration / mass)
      return MomentumStep(
        bath: bath, decay: decay, noise: (law.temperature / mass * (1 - decay * decay)).squareRoot(),
        collision: nil, interval: 1)
    }
    guard let last = baths.indices.last else { return [] }
    let halves = (0..<last).map { step($0, timeStep / 2) }
    return halves + [step(last, timeStep)] + halves.reversed()
  }
}
