/// A heat bath as a law. What a bath can answer it offers through faces: `LinearBath` for the exact linear theory,
/// `StochasticBath` and `CollisionBath` for simulation. A bath has a face only if the law truly provides it.
package protocol Bath: Described {
  /// Temperature [energy]; the Boltzmann constant is 1.
  var temperature: Double { get }
  /// The same law at another temperature [energy].
  func at(temperature: Double) -> Self
  /// Whether it is in equilibrium at its temperature, so that heat over temperature is entropy.
  var isThermal: Bool { get }
  /// The site that it touches, where the law itself tells; nil where a file has to.
  var ownSite: Int? { get }
}

extension Bath {
  /// The file tells.
  package var ownSite: Int? { nil }
  /// In equilibrium.
  package var isThermal: Bool { true }
}

/// A bath as far as a medium can use it: made of any law that has the faces which the medium needs.
package protocol BathOnMedium: Hashable, Sendable {
  /// Nil for a law that lacks a face.
  init?(_ law: any Bath)
  /// The law.
  var law: any Bath { get }
}

extension BathOnMedium {
  /// Temperature [energy]; the Boltzmann constant is 1.
  package var temperature: Double { law.temperature }
  /// Every physical fault of the parameters, each naming its parameter; empty if the bath is possible.
  package var faults: [ParameterFault] { law.faults }

  /// The same law at another temperature [energy].
  package func at(temperature: Double) -> Self { Self(law.at(temperature: temperature)) ?? self }
}

/// A parameter with an impossible value.
package struct ParameterFault: Hashable, Sendable {
  /// Path of the parameter below its owner, for example `temperature` or `pinning.left`.
  package let parameter: String
  /// The value found, as text.
  package let found: String
  /// What would be acceptable, as text.
  package let expected: String
  /// What to do about it, if that is not plain from `expected`.
  package let remedy: String?
  /// Characters of a text that stand before the one that is wrong; nil if it is wrong as a whole.
  package let offset: Int?

  /// What is found where a key is none.
  package static let unknownKey = "an unknown key"

  /// A fault of one parameter.
  package init(parameter: String, found: String, expected: String, remedy: String? = nil, offset: Int? = nil) {
    self.parameter = parameter
    self.found = found
    self.expected = expected
    self.remedy = remedy
    self.offset = offset
  }
}

/// The face of a bath after its own coordinates have been eliminated: force on its site
///
///     -(stiffnessShift) q(t) - int_{-inf}^t Gamma(t-s) q'(s) ds + noise,   noise correlation T Gamma(t)
package protocol LinearBath: Bath {
  /// What the bath adds to the static stiffness of its site [mass/time²]; negative if it softens the site.
  var stiffnessShift: Double { get }
  /// The memory kernel of the friction as a sum of decaying exponentials plus a delta function.
  var frictionKernel: FrictionKernel { get }
  /// How stiffness shift and kernel change with the temperature of the bath, all its other parameters fixed.
  var temperatureSlope: LinearBathSlope { get }
  /// Whether this force is that of the bath itself, so that linear theory has the exact means and covariances of a harmonic
  /// chain; false if it is the limit of weak coupling.
  var isEliminatedExactly: Bool { get }
  /// Whether the noise is Gaussian, so that with the covariance of a harmonic chain its whole steady law is known. It says
  /// nothing of whether that covariance is exact.
  var isGaussian: Bool { get }
}

extension LinearBath {
  /// Neither changes.
  package var temperatureSlope: LinearBathSlope { LinearBathSlope() }
}

/// The derivative of a bath after elimination with respect to its temperature.
package struct LinearBathSlope: Hashable, Sendable {
  /// Of the stiffness shift [mass/time² per energy].
  package var stiffnessShift = 0.0
  /// Of the friction without memory [mass/time per energy].
  package var instantaneous = 0.0
  /// Of amplitude [mass/time² per energy] and rate [1/time per energy] of every term of the kernel; empty if none changes.
  package var terms: [(amplitude: Double, rate: Double)] {
    get { zip(amplitudes, rates).map { ($0, $1) } }
    set { (amplitudes, rates) = (newValue.map(\.amplitude), newValue.map(\.rate)) }
  }
  private var amplitudes: [Double] = []
  private var rates: [Double] = []

  /// Nothing changes.
  package init() {}
}

/// A memory kernel  Gamma(t) = 2 instantaneous delta(t) + sum_n amplitude_n exp(-rate_n t), t >= 0.
///
/// Its one-sided Fourier transform is  g(w) = instantaneous + sum_n amplitude_n / (rate_n - i w).
package struct FrictionKernel: Hashable, Sendable {
  /// One decaying term: amplitude [mass/time²] and rate [1/time].
  package struct Term: Hashable, Sendable {
    /// Weight of the exponential at t = 0 [mass/time²].
    package let amplitude: Double
    /// Decay rate [1/time], positive.
    package let rate: Double

    /// One decaying exponential.
    package init(amplitude: Double, rate: Double) {
      self.amplitude = amplitude
      self.rate = rate
    }
  }

  /// Friction without memory [mass/time].
  package let instantaneous: Double
  /// The decaying terms, slowest first; empty for a bath without memory.
  package let terms: [Term]

  /// A kernel from its white part [mass/time] and its decaying terms.
  package init(instantaneous: Double, terms: [Term] = []) {
    self.instantaneous = instantaneous
    self.terms = terms
  }

  /// g(0), the friction in the limit of slow motion (Markov limit) [mass/time].
  package var markovFriction: Double {
    terms.reduce(instantaneous) { $0 + $1.amplitude / $1.rate }
  }
}

/// The face of a bath that can be simulated: how its force on a site is to be drawn. The law only states what is to be
/// simulated; the numbers are drawn by the solver.
package protocol StochasticBath: Bath {
  /// The stochastic law in the vocabulary of the trajectory solver.
  var stochasticLaw: StochasticLaw { get }
  /// The same bath with its friction at weak coupling `factor` times as large.
  func strengthened(by factor: Double) -> Self
}

/// The stochastic laws that the trajectory solver integrates.
package enum StochasticLaw: Hashable, Sendable {
  /// Friction [mass/time] and white noise at a temperature [energy] on the momentum of the site.
  case ornsteinUhlenbeck(friction: Double, temperature: Double)
  /// Overdamped particles on a ring.
  case ringParticles(ParticleBath)
  /// The momentum is redrawn from the Maxwell law of a temperature [energy].
  case collisions(CollisionTiming, temperature: Double)
  /// Friction with memory, and the noise that balances it at a temperature [energy].
  case memory([MemoryBath.Term], temperature: Double)
  /// Friction, and a force with a correlation of its own.
  case active(ActiveBath)
}

/// When the momentum of a site is redrawn.
package enum CollisionTiming: Hashable, Sendable {
  /// At random times [1/time].
  case atRandom(rate: Double)
  /// With a probability at every multiple of an interval [time].
  case periodically(probability: Double, interval: Double)
}

/// What a bath does to the momentum of a site: friction with a noise that balances it, or collisions.
package struct MomentumLaw: Hashable, Sendable {
  /// Friction [mass/time].
  package let friction: Double
  /// Temperature [energy].
  package let temperature: Double
  /// When the momentum is redrawn; nil for never.
  package let collisions: CollisionTiming?

  /// White noise of a temperature [energy] beside a friction [mass/time].
  package init(friction: Double, temperature: Double) {
    self.friction = friction
    self.temperature = temperature
    collisions = nil
  }

  /// Momenta that are redrawn from the Maxwell law of a temperature [energy].
  package init(_ collisions: CollisionTiming, temperature: Double) {
    friction = 0
    self.temperature = temperature
    self.collisions = collisions
  }

  /// How fast it makes a site of a mass [mass] forget its momentum [1/time].
  package func rate(mass: Double) -> Double {
    switch collisions {
    case nil: friction / mass
    case .atRandom(let rate)?: rate
    case .periodically(let probability, let interval)?: probability / interval
    }
  }
}

extension StochasticLaw {
  // Whoever simulates asks these two, so that a new law is told apart here alone.

  /// What it does to the momentum of its site; nil for a law that acts through coordinates of its own.
  package var momentum: MomentumLaw? {
    switch self {
    case .ornsteinUhlenbeck(let friction, let temperature): MomentumLaw(friction: friction, temperature: temperature)
    case .collisions(let timing, let temperature): MomentumLaw(timing, temperature: temperature)
    // Its force comes besides.
    case .active(let law): MomentumLaw(friction: law.friction, temperature: 0)
    case .ringParticles, .memory: nil
    }
  }

  /// Whether it redraws momenta, has a memory or is active.
  package var isBeyondLangevin: Bool {
    switch self {
    case .ornsteinUhlenbeck, .ringParticles: false
    case .collisions, .memory, .active: true
    }
  }

  /// Whether all that it draws are Gaussians, the same whatever the state is.
  package var hasGaussianNoise: Bool {
    switch self {
    case .ornsteinUhlenbeck, .memory: true
    case .active(let law): law.law == .gaussian
    case .collisions, .ringParticles: false
    }
  }

  /// The particles through which it acts; nil for a law on the momentum alone.
  package var particles: ParticleBath? {
    switch self {
    case .ornsteinUhlenbeck, .collisions, .memory, .active: nil
    case .ringParticles(let bath): bath
    }
  }
}

/// The face of a wall of a classical box: how it sends a particle back. The numbers are drawn by the solver.
package protocol CollisionBath: Bath {
  /// The law of a collision in the vocabulary of the kinetic solvers.
  var collisionLaw: CollisionLaw { get }
}

/// The laws of collisions that the kinetic solvers know.
package enum CollisionLaw: Hashable, Sendable {
  /// The particle leaves with the thermal flux.
  case maxwell(MaxwellBath)
  /// Metropolis moves towards the thermal flux.
  case metropolis(MetropolisBath)
}
