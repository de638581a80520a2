import Foundation
import NessModel

/// What a scene shows, as it stays all the time: `{"kind": "chain", ...}` and so on in JSON.
package enum SceneDescription: Encodable, Hashable, Sendable {
  /// A chain between its baths.
  case chain(ChainSceneDescription)
  /// A particle between two walls.
  case box(BoxSceneDescription)
  /// A network between its baths.
  case network(NetworkSceneDescription)

  /// Model time per second at which the motion can be followed by eye [time].
  package var naturalSpeed: Double {
    switch self {
    case .chain(let chain): chain.naturalSpeed
    case .box(let box): box.naturalSpeed
    case .network(let network): network.naturalSpeed
    }
  }

  /// The keys of what it describes.
  package func encode(to encoder: any Encoder) throws {
    switch self {
    case .chain(let chain): try chain.encode(to: encoder)
    case .box(let box): try box.encode(to: encoder)
    case .network(let network): try network.encode(to: encoder)
    }
  }
}

/// A chain in a scene.
package struct ChainSceneDescription: Encodable, Hashable, Sendable {
  /// `chain`.
  package let kind = Chain.kind.key
  /// `sites`.
  package let picture = Chain.picture?.rawValue
  /// Number of sites, N.
  package let sites: Int
  /// Step of the integrator [time].
  package let timeStep: Double
  /// Mass of every site [mass].
  package let mass: Double
  /// Temperature of the velocities at the start [energy].
  package let restingTemperature: Double
  /// Some two fifths of the oscillation of a site by itself in a second [time].
  package let naturalSpeed: Double
  /// The baths in the order of the model.
  package let baths: [Bath]

  /// A bath of a chain; what only particles have is nil for another one.
  package struct Bath: Encodable, Hashable, Sendable {
    /// Its name.
    package let name: String
    /// The site that it touches, 1 to N.
    package let site: Int
    /// `particles` or `langevin`.
    package let kind: String
    /// Temperature [energy].
    package let temperature: Double
    /// Circumference of the ring [length].
    package let ring: Double?
    /// Number of particles.
    package let count: Int?
    /// Sharpness of the interaction, p.
    package let sharpness: Double?
    /// Distance along the ring from the site at which F has fallen to the middle between its largest value, at x = 0, and
    /// its smallest one, across the ring: (L/2 pi) arccos(ln(cosh p)/p) [length].
    package let range: Double?

    init(_ attachment: ChainModel.Attachment) {
      name = attachment.name
      site = attachment.site
      kind = AnyBath(attachment.bath.law).kind.key
      temperature = attachment.bath.temperature
      guard let particles = attachment.bath.stochasticLaw.particles else {
        (ring, count, sharpness, range) = (nil, nil, nil, nil)
        return
      }
      ring = particles.ringLength
      count = particles.count
      sharpness = particles.sharpness
      range = Self.range(of: particles)
    }

    private static func range(of bath: ParticleBath) -> Double {
      let p = bath.sharpness
      // The limit of a flat ring; below that the logarithm is all rounding.
      let cosine = p < 1e-8 ? 0 : (p + log1p(exp(-2 * p)) - log(2)) / p
      return bath.ringLength / (2 * Double.pi) * acos(cosine)
    }
  }
}

/// A box in a scene.
package struct BoxSceneDescription: Encodable, Hashable, Sendable {
  /// `box`.
  package let kind = Box.kind.key
  /// `flights`.
  package let picture = Box.picture?.rawValue
  /// Distance of the walls [length].
  package let length: Double
  /// Mass of the particle [mass].
  package let mass: Double
  /// Two flights at the thermal speed of the hotter wall in a second [time].
  package let naturalSpeed: Double
  /// The left and the right wall.
  package let baths: [Wall]

  /// A wall.
  package struct Wall: Encodable, Hashable, Sendable {
    /// Its name.
    package let name: String
    /// `maxwell` or `metropolis`.
    package let kind: String
    /// Temperature [energy].
    package let temperature: Double

    init(_ attachment: BoxModel.Attachment) {
      name = attachment.name
      kind = AnyBath(attachment.bath.law).kind.key
      temperature = attachment.bath.temperature
    }
  }

  init(_ model: BoxModel) {
    length = model.medium.length
    mass = model.medium.mass
    let hottest = model.attachments.map(\.bath.temperature).max() ?? 0
    let time = 2 * model.medium.length / Box.thermalSpeed(temperature: hottest, mass: model.medium.mass)
    naturalSpeed = time.isNormal ? time : 1
    baths = model.attachments.map(Wall.init)
  }
}
