import NessModel

/// What a scene shows at one moment. The numbers are those of the engine; in JSON they are rounded to what can be seen,
/// five significant digits, times to nine.
package enum SceneFrame: Encodable, Hashable, Sendable {
  /// A chain and its baths.
  case chain(ChainFrame)
  /// A particle between two walls.
  case box(BoxFrame)
  /// A network and its baths.
  case network(NetworkFrame)

  /// Time since the start of the scene [time].
  package var time: Double {
    switch self {
    case .chain(let frame): frame.time
    case .box(let frame): frame.time
    case .network(let frame): frame.time
    }
  }

  /// The keys of what it shows.
  package func encode(to encoder: any Encoder) throws {
    switch self {
    case .chain(let frame): try frame.encode(to: encoder)
    case .box(let frame): try frame.encode(to: encoder)
    case .network(let frame): try frame.encode(to: encoder)
    }
  }
}

/// A chain at one moment.
package struct ChainFrame: Encodable, Hashable, Sendable {
  /// Time since the start [time].
  package let time: Double
  /// Displacement of every site [length].
  package let displacement: [Double]
  /// Velocity of every site [length/time].
  package let velocity: [Double]
  /// Recent mean of m v² of every site over eight replicas, of which the first is shown [energy]. The weights of the past
  /// fall exponentially, to 1/e in 100/w, with w the highest angular frequency of the chain.
  package let temperature: [Double]
  /// Positions of the particles of every particle bath, in the order of the baths, on its ring [length]: -L/2 to L/2
  /// around the site, which sits at 0 and which particles within the `range` of the bath push. Of more than 400 particles
  /// the first 400.
  package let particles: [[Double]]
  /// Heat received from each bath since the start, in the order of the baths; positive into the chain [energy].
  package let heat: [Double]

  private enum CodingKeys: CodingKey { case time, displacement, velocity, temperature, particles, heat }

  /// The numbers, rounded.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(time.rounded(toDigits: timeDigits), forKey: .time)
    try container.encode(displacement.map(seen), forKey: .displacement)
    try container.encode(velocity.map(seen), forKey: .velocity)
    try container.encode(temperature.map(seen), forKey: .temperature)
    try container.encode(particles.map { $0.map(seen) }, forKey: .particles)
    try container.encode(heat.map(seen), forKey: .heat)
  }
}

/// A box at one moment.
package struct BoxFrame: Encodable, Hashable, Sendable {
  /// A flight from one wall to the other.
  package struct Flight: Encodable, Hashable, Sendable {
    /// When it begins, since the start of the scene [time].
    package let start: Double
    /// The wall that it leaves.
    package let wall: String
    /// Its speed [length/time].
    package let speed: Double

    private enum CodingKeys: CodingKey { case start, wall, speed }

    /// The numbers, rounded.
    package func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(start.rounded(toDigits: timeDigits), forKey: .start)
      try container.encode(wall, forKey: .wall)
      try container.encode(seen(speed), forKey: .speed)
    }
  }

  /// Time since the start [time].
  package let time: Double
  /// The flights begun since the last frame, in order. The first frame begins with the one that was in progress at time 0,
  /// whose start is earlier.
  package let flights: [Flight]
  /// Distance from the left wall [length].
  package let position: Double
  /// Velocity, positive to the right [length/time].
  package let velocity: Double
  /// Kinetic energy [energy].
  package let energy: Double
  /// Heat received from each wall since the start, in the order of the walls; positive into the particle [energy].
  package let heat: [Double]

  private enum CodingKeys: CodingKey { case time, flights, position, velocity, energy, heat }

  /// The numbers, rounded.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(time.rounded(toDigits: timeDigits), forKey: .time)
    try container.encode(flights, forKey: .flights)
    try container.encode(seen(position), forKey: .position)
    try container.encode(seen(velocity), forKey: .velocity)
    try container.encode(seen(energy), forKey: .energy)
    try container.encode(heat.map(seen), forKey: .heat)
  }
}

/// Digits of a time: a scene may run long and still tell its frames apart.
let timeDigits = 9

/// As much of a number as can be seen in a picture.
func seen(_ value: Double) -> Double { value.rounded(toDigits: 5) }

extension Double {
  /// The nearest number of so many significant digits.
  func rounded(toDigits digits: Int) -> Double { Double(text(digits: digits)) ?? self }
}
