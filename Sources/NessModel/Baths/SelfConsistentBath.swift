/// A self-consistent reservoir (Bonetto, Lebowitz, Lukkarinen, J. Stat. Phys. 116, 783, 2004): a Langevin bath whose temperature is
/// such that on average it gives no heat. It stands for what scatters the waves of a medium without taking energy.
package struct SelfConsistentBath: StochasticBath, MomentBath {
  /// Friction [mass/time].
  package var friction: Double

  /// A self-consistent reservoir of a friction [mass/time].
  package init(friction: Double) { self.friction = friction }

  /// It has none of its own: that follows from the other baths.
  package var temperature: Double { 0 }
  /// The same: its temperature is not for others to set.
  package func at(temperature: Double) -> SelfConsistentBath { self }
  /// Its temperature is not given.
  package var isThermal: Bool { false }

  /// Friction without memory.
  package func frictionKernel(mass: Double) -> FrictionKernel { FrictionKernel(instantaneous: friction) }
  /// A noise whose temperature makes its mean heat 0.
  package var drive: BathDrive? { .selfConsistent }
  /// A Langevin bath once its temperature is known.
  package var stochasticLaw: StochasticLaw { .ornsteinUhlenbeck(friction: friction, temperature: 0) }
  /// A larger friction.
  package func strengthened(by factor: Double) -> SelfConsistentBath { SelfConsistentBath(friction: friction * factor) }
}

extension SelfConsistentBath {
  /// `selfConsistent`
  package static let kind = KindDescription(
    "selfConsistent", title: "Self-consistent reservoir",
    meaning:
      "a Langevin bath whose temperature is such that on average it gives no heat; `langevin` with `temperature: free` is the same"
  )
  /// Friction 1.
  package static let example = SelfConsistentBath(friction: 1)
  /// Friction.
  package static let parameters: [Parameter<SelfConsistentBath>] = [
    Parameter(
      "friction", "γ", \.friction, dimension: "mass/time", range: .positive, usual: 0.01...50, isRequired: true,
      meaning: "force −γ v on the site")
  ]
}
