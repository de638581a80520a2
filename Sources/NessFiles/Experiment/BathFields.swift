import NessModel

extension LangevinBath: Described {
  var fields: [Field<LangevinBath>] {
    [
      Field("temperature", "energy", .real(\.temperature), isRequired: true),
      Field("friction", "mass/time", .real(\.friction), isRequired: true),
    ]
  }
}

extension ParticleBath: Described {
  var fields: [Field<ParticleBath>] {
    [
      Field("temperature", "energy", .real(\.temperature), isRequired: true),
      Field("count", "1", .whole(\.count)),
      Field("friction", "mass/time", .real(\.friction), isRequired: true),
      Field("coupling", "energy/length", .real(\.coupling), isRequired: true),
      Field("strength", "1", .real(\.strength)),
      Field("sharpness", "1", .real(\.sharpness)),
      Field("ring", "length", .real(\.ringLength)),
    ]
  }
}

extension MaxwellBath: Described {
  var fields: [Field<MaxwellBath>] { [Field("temperature", "energy", .real(\.temperature), isRequired: true)] }
}

extension MetropolisBath: Described {
  var fields: [Field<MetropolisBath>] {
    [
      Field("temperature", "energy", .real(\.temperature), isRequired: true),
      Field("proposal", choice: \.proposal, isRequired: true),
      Field("width", proposal == .energy ? "energy" : "length/time", .real(\.width), isRequired: true),
      Field("moves", "1", .whole(\.moves)),
    ]
  }
}

extension LindbladBath: Described {
  var fields: [Field<LindbladBath>] {
    var width: [Field<LindbladBath>] = []
    if case .collision = coupling { width = [Field("width", "energy", .real(\.width), isRequired: true)] }
    let couplings = Field<LindbladBath>.Storage.word(
      ["wall", "uniform", "nearest", "position", "collision", "maxwell"], get: { $0.coupling.word },
      set: { bath, word in bath.coupling = Coupling(word: word) ?? bath.coupling })
    let spectra = Field<LindbladBath>.Storage.word(
      ["ohmic", "bosonic", "metropolis", "glauber"], get: { $0.spectrum.word },
      set: { bath, word in bath.spectrum = Spectrum(word: word) ?? bath.spectrum })
    // A thermalising wall has no spectral function, and its amplitude is what it is.
    let davies: [Field<LindbladBath>] =
      coupling == .maxwell
      ? [] : [Field("amplitude", choice: \.amplitude), Field("spectrum", "word", spectra, isRequired: true)]
    return [
      Field("temperature", "energy", .real(\.temperature), isRequired: true),
      Field("coupling", "word", couplings, isRequired: true),
    ] + width + davies + [Field("rate", "1/time", .real(\.rate))]
  }
}

extension LindbladBath.Coupling {
  init?(word: String) {
    switch word {
    case "wall": self = .wall
    case "uniform": self = .uniform
    case "nearest": self = .nearest
    case "position": self = .position
    case "collision": self = .collision(width: 1)
    case "maxwell": self = .maxwell
    default: return nil
    }
  }

  /// The name in a file; nil for a matrix.
  package var word: String? {
    switch self {
    case .wall: "wall"
    case .uniform: "uniform"
    case .nearest: "nearest"
    case .position: "position"
    case .collision: "collision"
    case .maxwell: "maxwell"
    case .matrix: nil
    }
  }
}

extension LindbladBath.Spectrum {
  init?(word: String) {
    switch word {
    case "ohmic": self = .ohmic
    case "bosonic": self = .bosonic
    case "metropolis": self = .metropolis
    case "glauber": self = .glauber
    default: return nil
    }
  }

  /// The name in a file; nil for a table.
  package var word: String? {
    switch self {
    case .ohmic: "ohmic"
    case .bosonic: "bosonic"
    case .metropolis: "metropolis"
    case .glauber: "glauber"
    case .tabulated: nil
    }
  }
}

extension AnyBath {
  /// A possible bath of a kind whose optional parameters have their defaults.
  init(templateOf kind: Kind) {
    switch kind {
    case .particles: self = .particles(ParticleBath(temperature: 1, friction: 1, coupling: 0))
    case .langevin: self = .langevin(LangevinBath(temperature: 1, friction: 1))
    case .maxwell: self = .maxwell(MaxwellBath(temperature: 1))
    case .metropolis: self = .metropolis(MetropolisBath(temperature: 1, proposal: .energy))
    case .lindblad: self = .lindblad(LindbladBath(temperature: 1, coupling: .uniform, spectrum: .ohmic))
    }
  }

  /// The keys of this bath in the order of the file.
  package var parameters: [DescribedParameter] {
    switch self {
    case .particles(let bath): bath.parameters
    case .langevin(let bath): bath.parameters
    case .maxwell(let bath): bath.parameters
    case .metropolis(let bath): bath.parameters
    case .lindblad(let bath): bath.parameters
    }
  }

  private mutating func change(_ body: (inout any Described) -> Bool) -> Bool {
    func changed<Law: Described>(_ law: Law) -> Law? {
      var described: any Described = law
      return body(&described) ? described as? Law : nil
    }
    let new: AnyBath? =
      switch self {
      case .particles(let bath): changed(bath).map(AnyBath.particles)
      case .langevin(let bath): changed(bath).map(AnyBath.langevin)
      case .maxwell(let bath): changed(bath).map(AnyBath.maxwell)
      case .metropolis(let bath): changed(bath).map(AnyBath.metropolis)
      case .lindblad(let bath): changed(bath).map(AnyBath.lindblad)
      }
    if let new { self = new }
    return new != nil
  }

  /// Sets a numeric parameter; false if there is none of that name or it needs a whole number.
  mutating func set(_ name: String, to value: Double) -> Bool { change { $0.set(name, to: value) } }

  /// Sets a parameter that is a word.
  mutating func set(_ name: String, to word: String) {
    _ = change {
      $0.set(name, to: word)
      return true
    }
  }

  /// Values that are lists of numbers, with their key, as they are written in a file.
  package var tables: [(name: String, rows: [[Double]])] {
    guard case .lindblad(let bath) = self else { return [] }
    var found: [(String, [[Double]])] = []
    if case .matrix(let matrix) = bath.coupling { found.append(("coupling", matrix.rows)) }
    if case .tabulated(let table) = bath.spectrum {
      found.append(("spectrum", zip(table.angularFrequencies, table.values).map { [$0, $1] }))
    }
    return found
  }
}
