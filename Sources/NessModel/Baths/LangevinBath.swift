/// White-noise heat bath: force  -friction q' + sqrt(2 friction T) eta  on its site.
package struct LangevinBath: LinearBath, StochasticBath {
  /// Temperature [energy].
  package var temperature: Double
  /// Friction [mass/time].
  package var friction: Double

  /// A Langevin bath of the given temperature [energy] and friction [mass/time].
  package init(temperature: Double, friction: Double) {
    self.temperature = temperature
    self.friction = friction
  }

  /// The same bath at another temperature [energy].
  package func at(temperature: Double) -> LangevinBath { LangevinBath(temperature: temperature, friction: friction) }

  /// White noise leaves the stiffness alone.
  package var stiffnessShift: Double { 0 }
  /// Friction without memory.
  package var frictionKernel: FrictionKernel { FrictionKernel(instantaneous: friction) }
  /// The force is linear.
  package var isEliminatedExactly: Bool { true }
  /// White noise.
  package var isGaussian: Bool { true }
  /// An Ornstein-Uhlenbeck process on the momentum.
  package var stochasticLaw: StochasticLaw { .ornsteinUhlenbeck(friction: friction, temperature: temperature) }
  /// A larger friction.
  package func strengthened(by factor: Double) -> LangevinBath {
    LangevinBath(temperature: temperature, friction: friction * factor)
  }
}

extension LangevinBath {
  /// `langevin`
  package static let kind = KindDescription(
    "langevin", title: "Langevin bath", meaning: "white noise and friction: force −γ v + (2 γ T)^(1/2) η on the site")
  /// Friction 1 at temperature 10.
  package static let example = LangevinBath(temperature: 10, friction: 1)
  /// Temperature and friction.
  package static let parameters: [Parameter<LangevinBath>] = [
    Parameter(
      "temperature", "T", \.temperature, dimension: "energy", range: .notNegative, usual: 0...400, isRequired: true,
      meaning: "temperature of the bath"),
    Parameter(
      "friction", "γ", \.friction, dimension: "mass/time", range: .positive, usual: 0.01...50, isRequired: true,
      meaning: "force −γ v on the site"),
  ]
}
