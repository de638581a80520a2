/// A bath that can touch a site of a chain: any law with a linear and a stochastic face.
package struct ChainBath: BathOnMedium {
  private let faces: any LinearBath & StochasticBath

  /// A bath on a chain.
  package init(_ law: any LinearBath & StochasticBath) { faces = law }

  /// Nil for a law without a linear or a stochastic face.
  package init?(_ law: any Bath) {
    // Chains move by kernels of their own, which know these two laws; others are for networks.
    guard let faces = law as? any LinearBath & StochasticBath,
      faces.stochasticLaw.momentum != nil || faces.stochasticLaw.particles != nil
    else { return nil }
    self.faces = faces
  }

  /// The law.
  package var law: any Bath { faces }
  /// The bath with its own coordinates eliminated.
  package var linear: any LinearBath { faces }
  /// The bath as a stochastic law to be simulated.
  package var stochasticLaw: StochasticLaw { faces.stochasticLaw }

  /// Equal laws of one kind.
  package static func == (first: ChainBath, second: ChainBath) -> Bool { first.law.isEqual(to: second.law) }
  /// Hashes the law.
  package func hash(into hasher: inout Hasher) { law.hash(into: &hasher) }

  /// The same bath with its friction at weak coupling `factor` times as large.
  package func strengthened(by factor: Double) -> ChainBath { ChainBath(faces.strengthened(by: factor)) }
}

/// A chain between baths.
package typealias ChainModel = Model<Chain>

extension Model<Chain> {
  /// The attachments whose bath is simulated as particles on a ring.
  package var particleBaths: [(attachment: Attachment, bath: ParticleBath)] {
    attachments.compactMap { attachment in
      attachment.bath.stochasticLaw.particles.map { (attachment, $0) }
    }
  }
}

extension AnyModel {
  /// The chain model, if it is one.
  package var chain: ChainModel? { of(Chain.self) }
}

extension AnyBath {
  /// The law of a bath on a chain.
  package init(_ bath: ChainBath) { self.init(bath.law) }
}
