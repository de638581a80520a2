import NessModel
import NessReport

/// The boxes of the reproduction, and where their parameters come from.
enum ZouParameters {
  static let length = 1.0
  static let mass = 1.0
  static let hbar = 1.0
  /// Temperature of the hot, left bath: well above the first gap, 14.8, so that a classical comparison makes sense.
  static let hot = 40.0
  /// A hot bath below the first gap, for comparison.
  static let belowGap = 5.0
  /// Width of the energy proposals of the classical Metropolis wall, and of its speed proposals.
  static let energyWidth = 40.0
  static let speedWidth = 6.0
  /// Width of the proposals of the quantum twin: it must join all thermal levels at every hbar used.
  static let twinWidth = 400.0

  /// A classical box between two walls of a kind.
  static func box(
    _ wall: (Double) -> WallBath, left: Double = hot, right: Double, length: Double = length
  ) throws -> BoxModel {
    try Model(
      medium: Box(length: length, mass: mass),
      attachments: [
        .init(name: "left", site: 1, bath: wall(left)), .init(name: "right", site: 2, bath: wall(right)),
      ])
  }

  static func maxwell(_ temperature: Double) -> WallBath { .init(MaxwellBath(temperature: temperature)) }

  /// A wall of Metropolis moves with the widths of this reproduction.
  static func metropolis(_ proposal: MetropolisBath.Proposal, moves: Int = 1) -> (Double) -> WallBath {
    let width = proposal == .energy ? energyWidth : speedWidth
    return { .init(MetropolisBath(temperature: $0, proposal: proposal, width: width, moves: moves)) }
  }

  /// A quantum box between two baths of a kind.
  static func quantumBox(
    _ choice: CouplingChoice, left: Double = hot, right: Double, length: Double = length, hbar: Double = hbar,
    rate: Double = 1
  ) throws -> QuantumBoxModel {
    func bath(_ temperature: Double) -> LindbladBath {
      LindbladBath(
        temperature: temperature, coupling: choice.coupling, amplitude: choice.amplitude, spectrum: choice.spectrum,
        rate: rate)
    }
    return try Model(
      medium: QuantumBox(length: length, mass: mass, hbar: hbar),
      attachments: [
        .init(name: "left", site: 1, bath: bath(left)), .init(name: "right", site: 2, bath: bath(right)),
      ])
  }

  /// How a quantum bath couples: the operators of the paper are not public, so several are tried.
  struct CouplingChoice: Sendable {
    let name: String
    let coupling: LindbladBath.Coupling
    var amplitude = LindbladBath.Amplitude.unit
    var spectrum = LindbladBath.Spectrum.metropolis

    func with(_ spectrum: LindbladBath.Spectrum) -> CouplingChoice {
      var copy = self
      copy.spectrum = spectrum
      return copy
    }
  }

  static let uniform = CouplingChoice(name: "uniform", coupling: .uniform)
  static let nearest = CouplingChoice(name: "nearest", coupling: .nearest)
  static let position = CouplingChoice(name: "position", coupling: .position)
  static let wall = CouplingChoice(name: "wall", coupling: .wall)
  static let thermalising = CouplingChoice(name: "maxwell", coupling: .maxwell)
  static let twin = CouplingChoice(name: "collision", coupling: .collision(width: twinWidth))
  /// The couplings that are compared, in the order of the figures.
  static let couplings = [uniform, nearest, position, wall]
  /// The couplings for which the claim of a monotonic current is judged.
  static let judged = couplings + [twin, thermalising]
  static let spectra: [(name: String, spectrum: LindbladBath.Spectrum)] = [
    ("ohmic", .ohmic), ("bosonic", .bosonic), ("metropolis", .metropolis), ("glauber", .glauber),
  ]

  /// Where the values come from.
  static let table: [Report.Parameter] = [
    .init(
      symbol: "medium", meaning: "one particle in a box between a hot (left) and a cold (right) bath",
      value: "classical, quantum",
      source: .given, remark: "abstract and public summary"),
    .init(
      symbol: "equation", meaning: "dynamics of the quantum box", value: "Lindblad master equation", source: .given,
      remark: "abstract; here the Davies generator, whose populations obey a Pauli equation"),
    .init(
      symbol: "wall", meaning: "classical bath", value: "Maxwell wall; Metropolis moves in energy or speed",
      source: .inferred,
      remark:
        "a public summary speaks of a Markov-chain Maxwell bath with Metropolis-Hastings moves; proposal and width are not given"
    ),
    .init(
      symbol: "l, m, ħ", meaning: "length, mass, Planck's constant", value: "1", source: .ours, remark: "not public"),
    .init(
      symbol: "T_L", meaning: "temperature of the hot bath", value: "40", source: .ours,
      remark: "2.7 times the first gap E_2 − E_1 = 14.8; not public"),
    .init(
      symbol: "A", meaning: "coupling operators", value: "uniform, nearest, position, wall, maxwell, collision",
      source: .ours, remark: "the operators of the paper are not public: the claims are judged for each"),
    .init(
      symbol: "g", meaning: "spectral function", value: "ohmic, bosonic, metropolis, glauber", source: .ours,
      remark: "not public"),
    .init(
      symbol: "γ", meaning: "strength of a quantum bath", value: "1", source: .ours,
      remark: "sets the unit of time only"),
    .init(
      symbol: "w", meaning: "width of the Metropolis proposals",
      value: "40 (energy), 6 (speed); 400 (quantum twin); 1 for N_c",
      source: .ours, remark: "not public"),
  ]
}
