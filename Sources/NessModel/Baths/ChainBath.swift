/// A bath that can touch a site of a chain: any law with a linear and a stochastic face.
public struct ChainBath: BathOnMedium {
  private let faces: any LinearBath & StochasticBath

  /// A bath on a chain.
  public init(_ law: any LinearBath & StochasticBath) { faces = law }

  /// Nil for a law without a linear or a stochastic face.
  public init?(_ law: any Bath) {
    guard let faces = law as? any LinearBath & StochasticBath else { return nil }
    self.faces = faces
  }

  /// The law.
  public var law: any Bath { faces }
  /// The bath with its own coordinates eliminated.
  public var linear: any LinearBath { faces }
  /// The bath as a stochastic law to be simulated.
  public var stochasticLaw: StochasticLaw { faces.stochasticLaw }

  /// Equal laws of one kind.
  public static func == (first: ChainBath, second: ChainBath) -> Bool { first.law.isEqual(to: second.law) }
  /// Hashes the law.
  public func hash(into hasher: inout Hasher) { law.hash(into: &hasher) }

  /// The same bath with its friction at weak coupling `factor` times as large.
  package func strengthened(by factor: Double) -> ChainBath { ChainBath(faces.strengthened(by: factor)) }
}

/// A chain between baths.
public typealias ChainModel = Model<Chain>

extension Model<Chain> {
  /// The attachments whose bath is simulated as particles on a ring.
  public var particleBaths: [(attachment: Attachment, bath: ParticleBath)] {
    attachments.compactMap { attachment in
      if case .ringParticles(let bath) = attachment.bath.stochasticLaw { (attachment, bath) } else { nil }
    }
  }
}

extension AnyModel {
  /// The chain model, if it is one.
  public var chain: ChainModel? { of(Chain.self) }
}

extension AnyBath {
  /// The law of a bath on a chain.
  public init(_ bath: ChainBath) { self.init(bath.law) }
}
