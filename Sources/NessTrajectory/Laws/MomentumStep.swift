import Foundation

/// One Ornstein-Uhlenbeck sub-step of a site under a Langevin bath: v -> decay v + noise xi.
package struct MomentumStep: Sendable {
  /// Index of the bath in the model.
  let bath: Int
  package let decay: Double
  package let noise: Double

  /// The sub-steps of several baths on one site in symmetric order: a/2, b/2, c, b/2, a/2.
  static func palindrome(
    _ baths: [(bath: Int, friction: Double, temperature: Double)], mass: Double, timeStep: Double
  ) -> [MomentumStep] {
    func step(_ index: Int, _ duration: Double) -> MomentumStep {
      let bath = baths[index]
      let decay = exp(-bath.friction * duration / mass)
      return MomentumStep(
        bath: bath.bath, decay: decay, noise: (bath.temperature / mass * (1 - decay * decay)).squareRoot())
    }
    guard let last = baths.indices.last else { return [] }
    let halves = (0..<last).map { step($0, timeStep / 2) }
    return halves + [step(last, timeStep)] + halves.reversed()
  }
}
