/// A bath out of equilibrium: friction, and a force with a correlation of its own that does not balance it,
///
///     -friction q' + f(t),    <f(t) f(0)> = amplitude² exp(-|t|/correlationTime),
///
/// Gaussian (an Ornstein-Uhlenbeck process) or a telegraph signal of two values (Santra, Basu, arXiv:2201.00796).
package struct ActiveBath: StochasticBath, MomentBath {
  /// Friction [mass/time].
  package var friction: Double
  /// Root mean square of the force [force].
  package var amplitude: Double
  /// Correlation time of the force [time].
  package var correlationTime: Double
  /// Law of the force.
  package var law: Law

  /// Law of the force.
  package enum Law: NamedChoice, Hashable {
    case gaussian, telegraph

    /// The words in files.
    package static let choices: [(word: String, value: Law, meaning: String)] = [
      ("gaussian", .gaussian, "an Ornstein-Uhlenbeck process"),
      ("telegraph", .telegraph, "plus or minus the amplitude, switching at rate 1/(2 correlationTime)"),
    ]
  }

  /// An active bath; see the properties.
  package init(friction: Double, amplitude: Double, correlationTime: Double, law: Law = .gaussian) {
    (self.friction, self.amplitude) = (friction, amplitude)
    (self.correlationTime, self.law) = (correlationTime, law)
  }

  /// That of a thermal bath whose noise is as strong at low frequencies, amplitude² correlationTime / friction: the bath has no
  /// temperature of its own [energy].
  package var temperature: Double { amplitude * amplitude * correlationTime / friction }
  /// The bath whose noise is as strong at low frequencies as that of a temperature [energy].
  package func at(temperature: Double) -> ActiveBath {
    var copy = self
    copy.amplitude = (temperature * friction / correlationTime).squareRoot()
    return copy
  }
  /// It is out of equilibrium.
  package var isThermal: Bool { false }

  /// Friction without memory.
  package func frictionKernel(mass: Double) -> FrictionKernel { FrictionKernel(instantaneous: friction) }
  /// A force of its own.
  package var drive: BathDrive? { .force(variance: amplitude * amplitude, time: correlationTime) }
  /// Friction and a force.
  package var stochasticLaw: StochasticLaw { .active(self) }
  /// A larger friction and force: the same temperature.
  package func strengthened(by factor: Double) -> ActiveBath {
    var copy = self
    copy.friction *= factor
    copy.amplitude *= factor.squareRoot()
    return copy
  }
}

extension ActiveBath {
  /// `active`
  package static let kind = KindDescription(
    "active", title: "Active bath",
    meaning: "friction −γ v and a force of correlation a² exp(−t/τ) that does not balance it: no temperature")
  /// Friction, amplitude and correlation time 1, so that its noise is as strong as at temperature 1.
  package static let example = ActiveBath(friction: 1, amplitude: 1, correlationTime: 1)
  /// Friction and force.
  package static let parameters: [Parameter<ActiveBath>] = [
    Parameter(
      "friction", "γ", \.friction, dimension: "mass/time", range: .positive, usual: 0.01...50, isRequired: true,
      meaning: "force −γ v on the site"),
    Parameter(
      "amplitude", "a", \.amplitude, dimension: "mass length/time^2", range: .notNegative, usual: 0...20,
      isRequired: true, name: "amplitude of the force", noun: "an amplitude", meaning: "root mean square of the force"),
    Parameter(
      "correlationTime", "τ", \.correlationTime, dimension: "time", range: .positive, usual: 0.01...50,
      isRequired: true, name: "correlation time of the force", meaning: "correlation time of the force"),
    Parameter("law", nil, \.law, meaning: "law of the force"),
  ]
}
