/// A wall that thermalises at once: the particle leaves with a speed drawn from  f(v) = (m v / T) exp(-m v² / 2T),
/// that is with an energy drawn from  exp(-E/T) / T.
package struct MaxwellBath: CollisionBath {
  /// Temperature [energy].
  package var temperature: Double

  /// A Maxwell wall of the given temperature [energy].
  package init(temperature: Double) { self.temperature = temperature }

  /// The same wall at another temperature [energy].
  package func at(temperature: Double) -> MaxwellBath { MaxwellBath(temperature: temperature) }

  /// The thermal flux.
  package var collisionLaw: CollisionLaw { .maxwell(self) }
}

extension MaxwellBath {
  /// `maxwell`
  package static let kind = KindDescription(
    "maxwell", title: "Maxwell wall",
    meaning: "a wall that thermalises at once: the particle leaves with a speed drawn from (m v/T) exp(−m v²/2T)")
  /// Temperature 10.
  package static let example = MaxwellBath(temperature: 10)
  /// Its temperature.
  package static let parameters: [Parameter<MaxwellBath>] = [
    Parameter(
      "temperature", "T", \.temperature, dimension: "energy", range: .notNegative, usual: 0...400, isRequired: true,
      meaning: "at 0 the wall keeps the particle for ever: J = 0")
  ]
}

/// A wall that thermalises by Metropolis moves (Metropolis-Hastings for the flux-weighted law  v exp(-m v² / 2T) dv,
/// which is exponential in energy). At a collision `moves` times a new outgoing energy or speed is proposed, uniformly
/// within plus or minus `width` of the present one, and accepted with
///
///     min(1, exp(-(E' - E)/T))                 for moves in energy
///     min(1, (v'/v) exp(-(E' - E)/T))          for moves in speed
///
/// A proposal below 0 is refused. After a refusal the particle is reflected with the speed it has.
package struct MetropolisBath: CollisionBath {
  /// What the proposals change.
  package enum Proposal: String, CaseIterable, NamedChoice {
    /// The energy; `width` is an energy.
    case energy
    /// The speed; `width` is a speed.
    case speed

    /// Both.
    package static let choices: [(word: String, value: Proposal, meaning: String)] = [
      (energy.rawValue, .energy, "moves in energy"), (speed.rawValue, .speed, "moves in speed"),
    ]
  }

  /// Temperature [energy]; at 0 only moves that lower the energy are accepted.
  package var temperature: Double
  /// What the proposals change.
  package var proposal: Proposal
  /// Largest change of a proposal [energy] or [length/time].
  package var width: Double
  /// Moves at every collision.
  package var moves: Int

  /// A Metropolis wall; see the properties for the dimension of each parameter.
  package init(temperature: Double, proposal: Proposal, width: Double = 1, moves: Int = 1) {
    self.temperature = temperature
    self.proposal = proposal
    self.width = width
    self.moves = moves
  }

  /// The same wall at another temperature [energy].
  package func at(temperature: Double) -> MetropolisBath {
    var copy = self
    copy.temperature = temperature
    return copy
  }

  /// Moves towards the thermal flux.
  package var collisionLaw: CollisionLaw { .metropolis(self) }
}

extension MetropolisBath {
  /// `metropolis`
  package static let kind = KindDescription(
    "metropolis", title: "Metropolis wall",
    meaning:
      "a wall that thermalises by Metropolis-Hastings moves for the law of the Maxwell wall; a refused particle is "
      + "reflected")
  /// Moves in energy at temperature 10.
  package static let example = MetropolisBath(temperature: 10, proposal: .energy, width: 10)
  /// Its temperature and its moves.
  package static let parameters: [Parameter<MetropolisBath>] = [
    Parameter(
      "temperature", "T", \.temperature, dimension: "energy", range: .notNegative, usual: 0...400, isRequired: true,
      meaning: "at 0 only moves that lower the energy are accepted"),
    Parameter("proposal", nil, \.proposal, isRequired: true, meaning: "what a move changes"),
    width("energy", if: .only("proposal", "energy")), width("length/time", if: .only("proposal", "speed")),
    Parameter(
      "moves", "n", \.moves, range: 1...100_000, usual: 1...64, name: "moves per collision",
      meaning: "moves at each collision"),
  ]

  private static func width(
    _ dimension: String, if condition: ParameterDescription.Condition
  ) -> Parameter<MetropolisBath> {
    Parameter(
      "width", "w", \.width, dimension: dimension, range: .positive, usual: 0.05...200, isRequired: true,
      name: "width of the proposals", if: condition, meaning: "proposals are uniform within ± width")
  }
}

/// A wall of a classical box: any law of collisions.
package struct WallBath: BathOnMedium {
  private let face: any CollisionBath

  /// A wall.
  package init(_ law: any CollisionBath) { face = law }

  /// Nil for a law without collisions.
  package init?(_ law: any Bath) {
    guard let face = law as? any CollisionBath else { return nil }
    self.face = face
  }

  /// The law.
  package var law: any Bath { face }
  /// The law of a collision.
  package var collisionLaw: CollisionLaw { face.collisionLaw }

  /// Equal laws of one kind.
  package static func == (first: WallBath, second: WallBath) -> Bool { first.law.isEqual(to: second.law) }
  /// Hashes the law.
  package func hash(into hasher: inout Hasher) { law.hash(into: &hasher) }
}

extension AnyBath {
  /// The law of a bath of a box.
  package init(_ bath: WallBath) { self.init(bath.law) }
}
