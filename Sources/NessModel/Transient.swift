import Foundation

/// What is followed from an initial state on, before any steady state: the state of every replica at the start, for how long,
/// and how often it is told.
///
/// At the start the sites are where `displacement` says, with the mean velocities of `velocity` and Maxwellian ones at
/// `temperature` about them; every bath is in equilibrium at its own temperature and knows nothing of its site. A quantum box
/// begins in `populations`, or in equilibrium at `temperature`, a system of levels in these or in a `state`.
package struct Transient: Hashable, Codable, Sendable {
  /// For how long [time].
  package var duration: Double
  /// Time between two samples; heats are means over it [time].
  package var every: Double
  /// Temperature of every site, or one for all; empty for 0 [energy].
  package var temperature: [Double] = []
  /// Displacement of every site, or one for all; empty for 0 [length].
  package var displacement: [Double] = []
  /// Mean velocity of every site, or one for all; empty for 0 [length/time].
  package var velocity: [Double] = []
  /// Probability of the levels of a quantum box, from the lowest on; empty for those of `temperature`.
  package var populations: [Double] = []
  /// The state of a system of levels, coherences with it; nil for populations or a temperature.
  package var state: LevelStart?

  /// From a state at rest; see the properties.
  package init(duration: Double, every: Double) { (self.duration, self.every) = (duration, every) }

  /// Number of samples.
  package var samples: Int { max(0, Int((min(duration / every, 1e9) * (1 + 1e-12)).rounded(.down))) }
  /// When they are: after one interval, two, ... [time].
  package var times: [Double] {
    // 0.3, and not the number that follows it.
    (0..<samples).map { number in
      let time = every * Double(number + 1)
      let short = Double(String(format: "%.13g", time)) ?? time
      return abs(short - time) <= 4 * time.ulp ? short : time
    }
  }
  /// Most samples.
  package static let mostSamples = 20_000

  /// A list with a value for each of some sites.
  package static func values(_ list: [Double], sites: Int) -> [Double] {
    list.count == sites ? list : [Double](repeating: list.first ?? 0, count: sites)
  }

  /// The axis of what is told.
  package var axis: Answer.Axis { Answer.Axis("time", dimension: "time", values: times) }
}

extension Quantity.Family {
  /// What is told of chains and networks along a transient.
  package static let ofTransients: [Quantity.Family] = [
    .transientHeat, .transientTemperature, .transientDisplacement, .transientEnergy, .transientEnergyVariance,
  ]
}

extension Model {
  /// The same model, followed from an initial state.
  package func with(_ transient: Transient?) -> Model {
    var model = self
    model.transient = transient
    return model
  }

  /// What a method offers along a transient.
  ///
  /// - Parameter reason: why this method has none of it, if the file asks for it; nil if it has.
  package func transientOffers(_ families: [Quantity.Family], unless reason: String? = nil) -> [Offer] {
    let none = transient == nil ? "the file has no transient" : reason
    return families.map { Offer($0, unless: none) }
  }
}
