import Foundation

/// Heat bath of collisions (Andersen, J. Chem. Phys. 72, 2384, 1980): now and then the momentum of the site is redrawn from the
/// Maxwell law of the temperature, at random times or with a probability at fixed ones.
package struct AndersenBath: StochasticBath, MomentBath {
  /// Temperature [energy].
  package var temperature: Double
  /// When collisions happen.
  package var timing: Timing
  /// Collisions per time, at random times [1/time].
  package var rate: Double
  /// Probability of a collision at each of the fixed times.
  package var probability: Double
  /// From one of the fixed times to the next [time].
  package var interval: Double

  /// When collisions happen.
  package enum Timing: NamedChoice, Hashable {
    case random, periodic

    /// The words in files.
    package static let choices: [(word: String, value: Timing, meaning: String)] = [
      ("random", .random, "at random times, `rate` per time"),
      ("periodic", .periodic, "with `probability` at every multiple of `interval`"),
    ]
  }

  /// A bath of collisions; see the properties.
  package init(
    temperature: Double, timing: Timing = .random, rate: Double = 1, probability: Double = 1, interval: Double = 1
  ) {
    (self.temperature, self.timing, self.rate) = (temperature, timing, rate)
    (self.probability, self.interval) = (probability, interval)
  }

  /// The same bath at another temperature [energy].
  package func at(temperature: Double) -> AndersenBath {
    var copy = self
    copy.temperature = temperature
    return copy
  }

  /// Collisions per time in the long run [1/time].
  package var meanRate: Double { timing == .random ? rate : probability / interval }
  /// Between collisions nothing happens; on average the momentum decays at their rate.
  package func frictionKernel(mass: Double) -> FrictionKernel { FrictionKernel(instantaneous: mass * meanRate) }
  /// Redrawn momenta; at fixed times the steady state is periodic, of which no theory is made.
  package var drive: BathDrive? { timing == .random ? .redrawn(temperature: temperature, rate: rate) : nil }

  /// Collisions.
  package var stochasticLaw: StochasticLaw {
    switch timing {
    case .random: .collisions(.atRandom(rate: rate), temperature: temperature)
    case .periodic: .collisions(.periodically(probability: probability, interval: interval), temperature: temperature)
    }
  }

  /// More collisions.
  package func strengthened(by factor: Double) -> AndersenBath {
    var copy = self
    copy.rate *= factor
    copy.probability = min(1, probability * factor)
    return copy
  }
}

extension AndersenBath {
  /// `andersen`
  package static let kind = KindDescription(
    "andersen", title: "Andersen bath",
    meaning: "collisions: now and then the momentum is redrawn from the Maxwell law")
  /// One collision per time at temperature 10.
  package static let example = AndersenBath(temperature: 10)
  /// Temperature, and when collisions happen.
  package static let parameters: [Parameter<AndersenBath>] = [
    Parameter(
      "temperature", "T", \.temperature, dimension: "energy", range: .notNegative, usual: 0...400, isRequired: true,
      meaning: "temperature of the bath"),
    Parameter("timing", nil, \.timing, meaning: "when collisions happen"),
    Parameter(
      "rate", "ν", \.rate, dimension: "1/time", range: .positive, usual: 0.01...50, name: "rate of collisions",
      if: .only("timing", "random"), meaning: "collisions per time"),
    Parameter(
      "probability", "p_c", \.probability, dimension: "1", range: .between(1e-9, 1), usual: 0.05...1,
      name: "probability of a collision", if: .only("timing", "periodic"),
      meaning: "probability of a collision at each of the fixed times"),
    Parameter(
      "interval", "t_c", \.interval, dimension: "time", range: .positive, usual: 0.05...20, noun: "an interval",
      if: .only("timing", "periodic"), meaning: "time from one possible collision to the next"),
  ]
}
