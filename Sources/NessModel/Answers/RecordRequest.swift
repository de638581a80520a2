/// What can be recorded of a simulation along its time.
package enum RecordedQuantity: String, Sendable, Hashable, Codable, CaseIterable {
  case heatFrom, bondHeatCurrent
  case position, velocity
  case kineticTemperature, kineticEnergy, potentialEnergy
  case particles

  /// Dimension in words.
  package var dimension: String {
    switch self {
    case .heatFrom, .bondHeatCurrent: "energy/time"
    case .position: "length"
    case .velocity: "length/time"
    case .kineticTemperature, .kineticEnergy, .potentialEnergy: "energy"
    case .particles: "turns"
    }
  }

  /// What its numbers are.
  package var meaning: String {
    switch self {
    case .heatFrom: "heat from the bath into the medium since the sample before, over the time between"
    case .bondHeatCurrent:
      "heat through the bonds between two sites since the sample before, from the first to the second, over the time between"
    case .position: "displacement of the site from rest, q"
    case .velocity: "velocity of the site, v"
    case .kineticTemperature: "m v² of the site, whose mean is its kinetic temperature"
    case .kineticEnergy: "m v²/2 of the site"
    case .potentialEnergy: "energy of what holds the site, and half of that of its bonds"
    case .particles: "position of the particle on its ring, not wrapped; at whole turns it is at the site"
    }
  }

  /// Whether it is a mean over the time since the sample before, and not a value at the moment of the sample.
  package var isOverTime: Bool { self == .heatFrom || self == .bondHeatCurrent }
}

/// What a file asks to be recorded along the time of a simulation.
package struct RecordRequest: Hashable, Codable, Sendable {
  /// What.
  package var quantities: [RecordedQuantity]
  /// Of which sites, from 1, and of which bonds: those that touch them; nil for all.
  package var sites: [Int]?
  /// Time between two samples [time].
  package var every: Double
  /// Of how many replicas, the first ones.
  package var replicas: Int
  /// For how long after the burn-in [time]; nil for the whole run.
  package var duration: Double?

  /// A request; see the properties.
  package init(
    _ quantities: [RecordedQuantity], sites: [Int]? = nil, every: Double, replicas: Int = 1, duration: Double? = nil
  ) {
    (self.quantities, self.sites, self.every) = (quantities, sites, every)
    (self.replicas, self.duration) = (replicas, duration)
  }
}

extension RecordRequest {
  /// Why something that is asked cannot be recorded.
  package static func refusal(_ key: String, _ reason: String) -> Refusal {
    Refusal(.simulation, "run.record.\(key): \(reason)")
  }

  /// Most samples of a run.
  ///
  /// - Parameters:
  ///   - interval: time between two of them [time].
  ///   - duration: of the run, or its limit [time].
  ///   - replicas: of the run.
  ///   - isOpen: whether nobody knows how long the run will take, for it ends at an error.
  /// - Throws: `Refusal` if that cannot be recorded.
  package func samples(
    interval: Double, duration: Double, replicas all: Int, isOpen: Bool
  ) throws(Refusal) -> Int {
    guard replicas <= all else {
      throw Self.refusal("replicas", "\(replicas) are more than there are: \(all)")
    }
    guard let longest = self.duration ?? (isOpen ? nil : duration) else {
      throw Self.refusal(
        "duration", "how long a run to an error takes is not known before: give run.record.duration, or run.duration")
    }
    let time = min(longest, duration)
    let samples = (time / interval * (1 + 1e-12)).rounded(.down)
    guard samples >= 1 else {
      throw Self.refusal(
        "every", "\(interval.short) is longer than what is recorded, \(time.short): nothing would be recorded")
    }
    return Int(min(samples, 1e15))
  }
}
