import Foundation
import NessModel
import NessRandom

/// One Ornstein-Uhlenbeck sub-step of a site under a Langevin bath: v -> decay v + noise xi.
package struct MomentumStep: Sendable {
  /// Index of the bath in the model.
  let bath: Int
  package let decay: Double
  package let noise: Double

  /// Draws the xi, of mean 0 and variance 1, of `count` steps from the start of a block of its stream.
  func draw(_ stream: inout LaneStream, into xi: UnsafeMutablePointer<SIMD8<Double>>, count: Int) {
    stream.fillGaussians(xi, count: count)
  }

  /// The sub-steps of several baths on one site in symmetric order: a/2, b/2, c, b/2, a/2.
  static func palindrome(
    _ baths: [(bath: Int, law: MomentumLaw)], mass: Double, timeStep: Double
  ) -> [MomentumStep] {
    func step(_ index: Int, _ duration: Double) -> MomentumStep {
      let (bath, law) = baths[index]
      let decay = exp(-law.friction * duration / mass)
      return MomentumStep(
        bath: bath, decay: decay, noise: (law.temperature / mass * (1 - decay * decay)).squareRoot())
    }
    guard let last = baths.indices.last else { return [] }
    let halves = (0..<last).map { step($0, timeStep / 2) }
    return halves + [step(last, timeStep)] + halves.reversed()
  }
}
