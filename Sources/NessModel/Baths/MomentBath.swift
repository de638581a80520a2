/// The face of a bath whose first and second moments close in a harmonic medium: friction that may remember, and what drives
/// the site against it. Every `LinearBath` has it by itself; this protocol is for baths that have no force of that form.
package protocol MomentBath: Bath {
  /// The friction on a site of a mass [mass].
  func frictionKernel(mass: Double) -> FrictionKernel
  /// What drives the site; nil where the moments close only from period to period, and no theory is made.
  var drive: BathDrive? { get }
}

/// What drives a site against the friction of a bath.
package enum BathDrive: Hashable, Sendable {
  /// A noise that balances the friction at a temperature [energy].
  case thermal(temperature: Double)
  /// Momenta redrawn at a rate [1/time] from the Maxwell law at a temperature [energy]: second moments are those of the friction
  /// rate times mass and a noise whose temperature lies half-way between the bath's and the site's own.
  case redrawn(temperature: Double, rate: Double)
  /// A noise that balances the friction at the temperature at which the mean heat is 0.
  case selfConsistent
  /// A force of its own with the correlation  variance exp(-t/time)  [force²], [time].
  case force(variance: Double, time: Double)
}

/// A bath that can touch a site of a network: any law that can be simulated there.
package struct NetworkBath: BathOnMedium {
  /// The law.
  package let law: any Bath
  /// The law as it is to be simulated.
  package let stochasticLaw: StochasticLaw

  /// A bath on a network.
  package init(_ law: any StochasticBath) {
    self.law = law
    stochasticLaw = law.stochasticLaw
  }

  /// Nil for a law that cannot be simulated on a site.
  package init?(_ law: any Bath) {
    guard let law = law as? any StochasticBath else { return nil }
    self.init(law)
  }

  /// What the bath adds to the static stiffness of its site [mass/time²].
  package var stiffnessShift: Double { (law as? any LinearBath)?.stiffnessShift ?? 0 }
  /// Whether linear theory has its exact means and covariances.
  package var isEliminatedExactly: Bool { (law as? any LinearBath)?.isEliminatedExactly ?? (law is any MomentBath) }

  /// The friction on a site of a mass [mass].
  package func frictionKernel(mass: Double) -> FrictionKernel {
    if let linear = law as? any LinearBath { return linear.frictionKernel }
    return (law as? any MomentBath)?.frictionKernel(mass: mass) ?? FrictionKernel(instantaneous: 0)
  }

  /// How shift and kernel change with its temperature.
  package var temperatureSlope: LinearBathSlope { (law as? any LinearBath)?.temperatureSlope ?? LinearBathSlope() }

  /// What drives the site; nil where no theory of the bath is made.
  package var drive: BathDrive? {
    law is any LinearBath ? .thermal(temperature: law.temperature) : (law as? any MomentBath)?.drive
  }

  /// Equal laws of one kind.
  package static func == (first: NetworkBath, second: NetworkBath) -> Bool { first.law.isEqual(to: second.law) }
  /// Hashes the law.
  package func hash(into hasher: inout Hasher) { law.hash(into: &hasher) }
}
