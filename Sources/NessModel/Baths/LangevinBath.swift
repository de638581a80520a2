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

  public func at(temperature: Double) -> LangevinBath { LangevinBath(temperature: temperature, friction: friction) }

  public var faults: [ParameterFault] {
    [
      .unless(temperature >= 0, "temperature", temperature, expected: "a temperature >= 0"),
      .unless(friction > 0, "friction", friction, expected: "a friction > 0"),
    ].compactMap { $0 }
  }

  public var stiffnessShift: Double { 0 }
  public var frictionKernel: FrictionKernel { FrictionKernel(instantaneous: friction) }
  public var stochasticLaw: StochasticLaw { .ornsteinUhlenbeck(friction: friction, temperature: temperature) }
}
