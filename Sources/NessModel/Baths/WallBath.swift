/// A wall that thermalises at once: the particle leaves with a speed drawn from  f(v) = (m v / T) exp(-m v² / 2T),
/// that is with an energy drawn from  exp(-E/T) / T.
public struct MaxwellBath: Bath {
  /// Temperature [energy].
  public var temperature: Double

  /// A Maxwell wall of the given temperature [energy].
  public init(temperature: Double) { self.temperature = temperature }

  /// The same wall at another temperature [energy].
  public func at(temperature: Double) -> MaxwellBath { MaxwellBath(temperature: temperature) }

  /// Temperature below 0; at 0 the wall keeps the particle for ever.
  public var faults: [ParameterFault] {
    [.unless(temperature >= 0, "temperature", temperature, expected: "a temperature >= 0")].compactMap { $0 }
  }
}

/// A wall that thermalises by Metropolis moves (Metropolis-Hastings for the flux-weighted law  v exp(-m v² / 2T) dv,
/// which is exponential in energy). At a collision `moves` times a new outgoing energy or speed is proposed, uniformly
/// within plus or minus `width` of the present one, and accepted with
///
///     min(1, exp(-(E' - E)/T))                 for moves in energy
///     min(1, (v'/v) exp(-(E' - E)/T))          for moves in speed
///
/// A proposal below 0 is refused. After a refusal the particle is reflected with the speed it has.
public struct MetropolisBath: Bath {
  /// What the proposals change.
  public enum Proposal: String, Hashable, Codable, CaseIterable, Sendable {
    /// The energy; `width` is an energy.
    case energy
    /// The speed; `width` is a speed.
    case speed
  }

  /// Temperature [energy]; at 0 only moves that lower the energy are accepted.
  public var temperature: Double
  /// What the proposals change.
  public var proposal: Proposal
  /// Largest change of a proposal [energy] or [length/time].
  public var width: Double
  /// Moves at every collision.
  public var moves: Int

  /// A Metropolis wall; see the properties for the dimension of each parameter.
  public init(temperature: Double, proposal: Proposal, width: Double = 1, moves: Int = 1) {
    self.temperature = temperature
    self.proposal = proposal
    self.width = width
    self.moves = moves
  }

  /// The same wall at another temperature [energy].
  public func at(temperature: Double) -> MetropolisBath {
    var copy = self
    copy.temperature = temperature
    return copy
  }

  /// Every parameter without meaning.
  public var faults: [ParameterFault] {
    [
      .unless(temperature >= 0, "temperature", temperature, expected: "a temperature >= 0"),
      .unless(width > 0, "width", width, expected: "a width > 0"),
      (1...100_000).contains(moves)
        ? nil : ParameterFault(parameter: "moves", found: "\(moves)", expected: "between 1 and 100000 moves"),
    ].compactMap { $0 }
  }
}

/// The baths that can be a wall of a classical box.
public enum WallBath: Bath {
  /// Thermalises at once.
  case maxwell(MaxwellBath)
  /// Thermalises by Metropolis moves.
  case metropolis(MetropolisBath)

  private var law: any Bath {
    switch self {
    case .maxwell(let bath): bath
    case .metropolis(let bath): bath
    }
  }

  /// Temperature [energy].
  public var temperature: Double { law.temperature }
  /// The physical faults of the parameters.
  public var faults: [ParameterFault] { law.faults }

  /// The same wall at another temperature [energy].
  public func at(temperature: Double) -> WallBath {
    switch self {
    case .maxwell(let bath): .maxwell(bath.at(temperature: temperature))
    case .metropolis(let bath): .metropolis(bath.at(temperature: temperature))
    }
  }
}
