/// White-noise heat bath: force  -friction q' + sqrt(2 friction T) eta  on its site.
public struct LangevinBath: LinearBath, StochasticBath {
  /// Temperature [energy].
  public var temperature: Double
  /// Friction [mass/time].
  public var friction: Double

  /// A Langevin bath of the given temperature [energy] and friction [mass/time].
  public init(temperature: Double, friction: Double) {
    self.temperature = temperature
    self.friction = friction
  }

  /// The same bath at another temperature [energy].
  public func at(temperature: Double) -> LangevinBath { LangevinBath(temperature: temperature, friction: friction) }

  /// Temperature below 0 or friction not above 0.
  public var faults: [ParameterFault] {
    [
      .unless(temperature >= 0, "temperature", temperature, expected: "a temperature >= 0"),
      .unless(friction > 0, "friction", friction, expected: "a friction > 0"),
    ].compactMap { $0 }
  }

  /// White noise leaves the stiffness alone.
  public var stiffnessShift: Double { 0 }
  /// Friction without memory.
  public var frictionKernel: FrictionKernel { FrictionKernel(instantaneous: friction) }
  /// An Ornstein-Uhlenbeck process on the momentum.
  public var stochasticLaw: StochasticLaw { .ornsteinUhlenbeck(friction: friction, temperature: temperature) }
}
