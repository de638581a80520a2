import Foundation
import NessModel

/// What a scene shows, as it stays all the time: `{"kind": "chain", ...}` or `{"kind": "box", ...}` in JSON.
public enum SceneDescription: Encodable, Hashable, Sendable {
  /// A chain between its baths.
  case chain(ChainSceneDescription)
  /// A particle between two walls.
  case box(BoxSceneDescription)

  /// The keys of what it describes.
  public func encode(to encoder: any Encoder) throws {
    switch self {
    case .chain(let chain): try chain.encode(to: encoder)
    case .box(let box): try box.encode(to: encoder)
    }
  }
}

/// A chain in a scene.
public struct ChainSceneDescription: Encodable, Hashable, Sendable {
  /// `chain`.
  public let kind = Chain.kind.key
  /// Number of sites, N.
  public let sites: Int
  /// Step of the integrator [time].
  public let timeStep: Double
  /// Mass of every site [mass].
  public let mass: Double
  /// Temperature of the velocities at the start [energy].
  public let restingTemperature: Double
  /// The baths in the order of the model.
  public let baths: [Bath]

  /// A bath of a chain; what only particles have is nil for another one.
  public struct Bath: Encodable, Hashable, Sendable {
    /// Its name.
    public let name: String
    /// The site that it touches, 1 to N.
    public let site: Int
    /// `particles` or `langevin`.
    public let kind: String
    /// Temperature [energy].
    public let temperature: Double
    /// Circumference of the ring [length].
    public let ring: Double?
    /// Number of particles.
    public let count: Int?
    /// Sharpness of the interaction, p.
    public let sharpness: Double?
    /// Distance along the ring from the site at which F has fallen to the middle between its largest value, at x = 0, and
    /// its smallest one, across the ring: (L/2 pi) arccos(ln(cosh p)/p) [length].
    public let range: Double?

    init(_ attachment: ChainModel.Attachment) {
      name = attachment.name
      site = attachment.site
      kind = AnyBath(attachment.bath.law).kind.key
      temperature = attachment.bath.temperature
      guard case .ringParticles(let particles) = attachment.bath.stochasticLaw else {
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
public struct BoxSceneDescription: Encodable, Hashable, Sendable {
  /// `box`.
  public let kind = Box.kind.key
  /// Distance of the walls [length].
  public let length: Double
  /// Mass of the particle [mass].
  public let mass: Double
  /// The left and the right wall.
  public let baths: [Wall]

  /// A wall.
  public struct Wall: Encodable, Hashable, Sendable {
    /// Its name.
    public let name: String
    /// `maxwell` or `metropolis`.
    public let kind: String
    /// Temperature [energy].
    public let temperature: Double

    init(_ attachment: BoxModel.Attachment) {
      name = attachment.name
      kind = AnyBath(attachment.bath.law).kind.key
      temperature = attachment.bath.temperature
    }
  }

  init(_ model: BoxModel) {
    length = model.medium.length
    mass = model.medium.mass
    baths = model.attachments.map(Wall.init)
  }
}
