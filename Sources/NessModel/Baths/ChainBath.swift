/// The baths that can touch a site of a chain.
public enum ChainBath: Bath {
  /// White noise and friction.
  case langevin(LangevinBath)
  /// Overdamped particles on a ring.
  case particles(ParticleBath)

  private var law: any LinearBath & StochasticBath {
    switch self {
    case .langevin(let bath): bath
    case .particles(let bath): bath
    }
  }

  /// Temperature [energy].
  public var temperature: Double { law.temperature }
  /// The physical faults of the parameters.
  public var faults: [ParameterFault] { law.faults }
  /// The bath with its own coordinates eliminated.
  public var linear: any LinearBath { law }
  /// The bath as a stochastic law to be simulated.
  public var stochasticLaw: StochasticLaw { law.stochasticLaw }

  /// The same bath at another temperature [energy].
  public func at(temperature: Double) -> ChainBath {
    switch self {
    case .langevin(let bath): .langevin(bath.at(temperature: temperature))
    case .particles(let bath): .particles(bath.at(temperature: temperature))
    }
  }
}

/// A chain between baths.
public typealias ChainModel = Model<Chain>

extension Model<Chain> {
  /// The attachments whose bath is a particle bath.
  public var particleBaths: [(attachment: Attachment, bath: ParticleBath)] {
    attachments.compactMap { attachment in
      if case .particles(let bath) = attachment.bath { (attachment, bath) } else { nil }
    }
  }
}
