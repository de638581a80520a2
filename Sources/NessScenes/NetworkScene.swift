import NessModel
import NessReport

/// A network in a scene.
package struct NetworkSceneDescription: Encodable, Hashable, Sendable {
  /// `network`.
  package let kind = Network.kind.key
  /// `graph`.
  package let picture = Network.picture?.rawValue
  /// Number of sites, N.
  package let sites: Int
  /// Step of the integrator [time].
  package let timeStep: Double
  /// Some two fifths of the fastest oscillation in a second [time].
  package let naturalSpeed: Double
  /// Where every site is drawn: x to the right, y upwards, a bond of the lattice about 1 long.
  package let places: [[Double]]
  /// The pairs of sites that bonds join, counted from 1.
  package let bonds: [[Int]]
  /// The baths in the order of the model.
  package let baths: [Bath]

  /// A bath of a network.
  package struct Bath: Encodable, Hashable, Sendable {
    /// Its name.
    package let name: String
    /// The site that it touches, 1 to N.
    package let site: Int
    /// Its kind, as `langevin`.
    package let kind: String
    /// Temperature [energy].
    package let temperature: Double
  }

  init(_ model: NetworkModel, _ network: SiteNetwork, timeStep: Double, naturalSpeed: Double) {
    let pairs = network.pairs
    sites = network.sites
    self.timeStep = timeStep
    self.naturalSpeed = naturalSpeed
    places = NetworkPlaces(model.medium.lattice, pairs: pairs).places.map { [$0.x, $0.y] }
    bonds = pairs.map { [$0.first + 1, $0.second + 1] }
    baths = model.attachments.map {
      Bath(name: $0.name, site: $0.site, kind: AnyBath($0.bath.law).kind.key, temperature: $0.bath.temperature)
    }
  }
}

/// A network at one moment.
package struct NetworkFrame: Encodable, Hashable, Sendable {
  /// Time since the start [time].
  package let time: Double
  /// Displacement of every site [length].
  package let displacement: [Double]
  /// Recent mean of m v² of every site over eight replicas, of which the first is shown [energy]. The weights of the past
  /// fall exponentially, to 1/e in 100/w, with w the highest angular frequency of the network.
  package let temperature: [Double]
  /// Heat received from each bath since the start, in the order of the baths; positive into the network [energy].
  package let heat: [Double]

  private enum CodingKeys: CodingKey { case time, displacement, temperature, heat }

  /// The numbers, rounded.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(time.rounded(toDigits: timeDigits), forKey: .time)
    try container.encode(displacement.map(seen), forKey: .displacement)
    try container.encode(temperature.map(seen), forKey: .temperature)
    try container.encode(heat.map(seen), forKey: .heat)
  }
}
