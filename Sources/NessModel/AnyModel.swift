/// A model of any medium: what an experiment file describes before a solver is chosen.
public enum AnyModel: Hashable, Sendable {
  /// A chain.
  case chain(ChainModel)
  /// A classical particle between two walls.
  case box(BoxModel)
  /// A quantum particle between two walls.
  case quantumBox(QuantumBoxModel)

  /// A validated model from a medium and baths that must fit it.
  ///
  /// - Throws: `ModelError` with all faults at once.
  public init(medium: AnyMedium, attachments: [(name: String, site: Int, bath: AnyBath)]) throws(ModelError) {
    let kinds = medium.kind.baths
    func fitted<MediumType: Medium>(
      _ medium: MediumType, _ law: (AnyBath) -> MediumType.BathLaw?
    ) throws(ModelError) -> Model<MediumType> {
      var faults: [ParameterFault] = []
      var fitting: [Model<MediumType>.Attachment] = []
      for attachment in attachments {
        if let bath = law(attachment.bath) {
          fitting.append(.init(name: attachment.name, site: attachment.site, bath: bath))
        } else {
          faults.append(
            ParameterFault(
              parameter: "baths.\(attachment.name).kind", found: attachment.bath.kind.rawValue,
              expected: "a bath that can touch a medium of this kind: "
                + kinds.map(\.rawValue).joined(separator: " or ")))
        }
      }
      if faults.isEmpty { return try Model(medium: medium, attachments: fitting) }
      do throws(ModelError) {
        _ = try Model(medium: medium, attachments: fitting)
      } catch {
        faults += error.faults.filter { $0.parameter != "baths" }
      }
      throw ModelError(faults: faults)
    }
    switch medium {
    case .chain(let chain): self = .chain(try fitted(chain, \.onChain))
    case .box(let box): self = .box(try fitted(box, \.onBox))
    case .quantumBox(let box): self = .quantumBox(try fitted(box, \.onQuantumBox))
    }
  }

  /// The chain model, if it is one.
  public var chain: ChainModel? {
    if case .chain(let model) = self { model } else { nil }
  }

  /// The temperatures of the baths, in the order of the model [energy].
  public var temperatures: [Double] {
    switch self {
    case .chain(let model): model.attachments.map(\.bath.temperature)
    case .box(let model): model.attachments.map(\.bath.temperature)
    case .quantumBox(let model): model.attachments.map(\.bath.temperature)
    }
  }

  /// The same model with a bath at another temperature [energy]; nil if there is no bath of that name, or no such model.
  package func with(temperature: Double, ofBath name: String) -> AnyModel? {
    func changed<MediumType: Medium>(_ model: Model<MediumType>) -> Model<MediumType>? {
      guard model.attachments.contains(where: { $0.name == name }) else { return nil }
      return try? Model(
        medium: model.medium,
        attachments: model.attachments.map {
          .init(name: $0.name, site: $0.site, bath: $0.name == name ? $0.bath.at(temperature: temperature) : $0.bath)
        })
    }
    return switch self {
    case .chain(let model): changed(model).map(AnyModel.chain)
    case .box(let model): changed(model).map(AnyModel.box)
    case .quantumBox(let model): changed(model).map(AnyModel.quantumBox)
    }
  }

  /// The medium.
  public var medium: AnyMedium {
    switch self {
    case .chain(let model): .chain(model.medium)
    case .box(let model): .box(model.medium)
    case .quantumBox(let model): .quantumBox(model.medium)
    }
  }

  /// The baths with their names and sites, in the order of the model.
  public var attachments: [(name: String, site: Int, bath: AnyBath)] {
    switch self {
    case .chain(let model): model.attachments.map { ($0.name, $0.site, AnyBath($0.bath)) }
    case .box(let model): model.attachments.map { ($0.name, $0.site, AnyBath($0.bath)) }
    case .quantumBox(let model): model.attachments.map { ($0.name, $0.site, AnyBath.lindblad($0.bath)) }
    }
  }
}

/// A medium of any kind.
public enum AnyMedium: Hashable, Codable, Sendable {
  /// A chain.
  case chain(Chain)
  /// A classical particle between two walls.
  case box(Box)
  /// A quantum particle between two walls.
  case quantumBox(QuantumBox)

  /// The kinds of medium, by their names in experiment files.
  public enum Kind: String, CaseIterable, Sendable {
    case chain, box, quantumBox

    /// The kinds of bath that can touch it.
    public var baths: [AnyBath.Kind] {
      switch self {
      case .chain: [.particles, .langevin]
      case .box: [.maxwell, .metropolis]
      case .quantumBox: [.lindblad]
      }
    }
  }

  /// The kind of the medium.
  public var kind: Kind {
    switch self {
    case .chain: .chain
    case .box: .box
    case .quantumBox: .quantumBox
    }
  }

  /// Number of sites (or walls) that a bath may touch.
  public var sites: Int {
    switch self {
    case .chain(let chain): chain.sites
    case .box(let box): box.sites
    case .quantumBox(let box): box.sites
    }
  }
}

/// A bath of any kind.
public enum AnyBath: Hashable, Codable, Sendable {
  /// White noise and friction on a site of a chain.
  case langevin(LangevinBath)
  /// Overdamped particles that push on a site of a chain.
  case particles(ParticleBath)
  /// A wall that thermalises at once.
  case maxwell(MaxwellBath)
  /// A wall that thermalises by Metropolis moves.
  case metropolis(MetropolisBath)
  /// A bath of a quantum box.
  case lindblad(LindbladBath)

  /// The kinds of bath, by their names in experiment files.
  public enum Kind: String, CaseIterable, Sendable { case particles, langevin, maxwell, metropolis, lindblad }

  /// The kind of the bath.
  public var kind: Kind {
    switch self {
    case .langevin: .langevin
    case .particles: .particles
    case .maxwell: .maxwell
    case .metropolis: .metropolis
    case .lindblad: .lindblad
    }
  }

  /// A bath of a chain.
  public init(_ bath: ChainBath) {
    switch bath {
    case .langevin(let bath): self = .langevin(bath)
    case .particles(let bath): self = .particles(bath)
    }
  }

  /// A wall of a box.
  public init(_ bath: WallBath) {
    switch bath {
    case .maxwell(let bath): self = .maxwell(bath)
    case .metropolis(let bath): self = .metropolis(bath)
    }
  }

  var onChain: ChainBath? {
    switch self {
    case .langevin(let bath): .langevin(bath)
    case .particles(let bath): .particles(bath)
    case .maxwell, .metropolis, .lindblad: nil
    }
  }

  var onBox: WallBath? {
    switch self {
    case .maxwell(let bath): .maxwell(bath)
    case .metropolis(let bath): .metropolis(bath)
    case .langevin, .particles, .lindblad: nil
    }
  }

  var onQuantumBox: LindbladBath? {
    if case .lindblad(let bath) = self { bath } else { nil }
  }
}
