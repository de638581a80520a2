/// One quantum particle in a box with hard walls: levels E_n = n² pi² hbar² / (2 m l²), n = 1, 2, ..., M
/// (Zou, Gong, Wang, Casati, Benenti 2026). The left wall is site 1, the right wall site 2. Several particles are free bosons or
/// fermions (`QuantumGas`).
package struct QuantumBox: Medium {
  /// Baths of a Lindblad master equation.
  package typealias BathLaw = LindbladBath

  /// Distance of the walls, l [length].
  package var length: Double
  /// Mass of the particle, m [mass].
  package var mass: Double
  /// Planck's constant over 2 pi [energy time]: a parameter, so that the classical limit can be approached.
  package var hbar: Double
  /// Number of levels kept, M; nil to take as many as the results need.
  package var levels: Int?
  /// Number of particles, N.
  package var particles: Int
  /// What the particles are, where there are several.
  package var statistics: ParticleStatistics

  /// A box; see the properties for the dimension of each parameter.
  package init(
    length: Double, mass: Double = 1, hbar: Double = 1, levels: Int? = nil, particles: Int = 1,
    statistics: ParticleStatistics = .bosons
  ) {
    self.length = length
    self.mass = mass
    self.hbar = hbar
    self.levels = levels
    self.particles = particles
    self.statistics = statistics
  }

  /// The two walls.
  package var sites: Int { 2 }
  /// Populations are computed.
  package static var isSampled: Bool { false }

  /// The most levels that may be asked for.
  package static let mostLevels = 16_384

  /// Energy of level n, counted from 1 [energy].
  package func energy(ofLevel level: Int) -> Double {
    let wavenumber = Double(level) * Double.pi / length
    return hbar * hbar * wavenumber * wavenumber / (2 * mass)
  }

  /// Energy of the first transition, E_2 - E_1: below this temperature the box is quantum [energy].
  package var firstGap: Double { 3 * energy(ofLevel: 1) }

  /// Speed of a classical particle of the energy of level n, n pi hbar / (m l) [length/time].
  package func speed(ofLevel level: Int) -> Double { Double(level) * Double.pi * hbar / (mass * length) }

  /// Every parameter without meaning.
  package var faults: [ParameterFault] {
    var found = parameterFaults
    if found.isEmpty, !(firstGap.isFinite && firstGap > 0) {
      found.append(
        ParameterFault(
          parameter: "hbar", found: "\(hbar)", expected: "a level spacing within double precision, not \(firstGap)"))
    }
    if found.isEmpty, particles > 1, statistics == .fermions, let levels, levels < particles {
      found.append(
        ParameterFault(
          parameter: "levels", found: "\(levels)", expected: "a level for each of \(particles) fermions, or more"))
    }
    return found
  }

  /// Levels up to thirty times the highest temperature, roughly as many as are taken.
  package static func impliedNumbers(of model: QuantumBoxModel) -> [ImpliedNumber] {
    guard model.medium.levels == nil else { return [] }
    let hottest = model.attachments.map(\.bath.temperature).max() ?? 0
    let levels = (30 * hottest / model.medium.energy(ofLevel: 1)).squareRoot()
    return [ImpliedNumber("levels", from: "hbar", Int(min(1e9, levels)))]
  }

  /// A coupling given as a matrix must have as many rows as there are levels, or more.
  package static func faults(of attachments: [QuantumBoxModel.Attachment], on medium: QuantumBox) -> [ParameterFault] {
    attachments.compactMap { attachment in
      guard case .matrix(let matrix) = attachment.bath.coupling, let levels = medium.levels, levels > matrix.levels
      else { return nil }
      return ParameterFault(
        parameter: "baths.\(attachment.name).coupling", found: "a matrix of \(matrix.levels) levels",
        expected: "at least the \(levels) levels of medium.levels")
    }
  }
}

extension QuantumBox {
  /// Levels.
  package static var picture: MediumPicture? { .levels }

  /// `quantumBox`
  package static let kind = KindDescription(
    "quantumBox", title: "Quantum box",
    meaning:
      "one quantum particle, or several free ones, in a box with hard walls, levels E_n = n² π² ħ² / (2 m l²)")
  /// Length, mass and ħ 1.
  package static let example = QuantumBox(length: 1)
  /// Its size, the particle's mass, ħ, how many levels are kept, and its particles.
  package static let parameters: [Parameter<QuantumBox>] = parametersOfBox(
    \QuantumBox.length, \.mass, \.hbar, \.levels, \.particles, \.statistics)

  /// The same of what has a box.
  static func parametersOfBox<Owner>(
    _ length: WritableKeyPath<Owner, Double> & Sendable, _ mass: WritableKeyPath<Owner, Double> & Sendable,
    _ hbar: WritableKeyPath<Owner, Double> & Sendable, _ levels: WritableKeyPath<Owner, Int?> & Sendable,
    _ particles: WritableKeyPath<Owner, Int> & Sendable,
    _ statistics: WritableKeyPath<Owner, ParticleStatistics> & Sendable
  ) -> [Parameter<Owner>] {
    [
      Parameter(
        "length", "l", length, dimension: "length", range: .positive, usual: 0.1...10, isRequired: true,
        name: "length of the box", meaning: "distance of the walls"),
      Parameter(
        "mass", "m", mass, dimension: "mass", range: .positive, usual: 0.1...10, meaning: "mass of the particle"),
      Parameter(
        "hbar", "ħ", hbar, dimension: "energy time", range: .positive, usual: 0.05...5, name: "Planck constant over 2π",
        noun: "hbar", because: "the classical limit is the medium of kind box",
        meaning: "Planck's constant over 2π: make it small to come near the classical box"),
      Parameter(
        "levels", "M", levels, range: 1...mostLevels, usual: 2...256, name: "number of levels",
        meaning: "levels kept; left out, as many as the current needs"),
      Parameter(
        "particles", "n", particles, range: 1...QuantumGas.mostParticles, usual: 1...6, name: "number of particles",
        meaning: "free particles that do not see one another but by their statistics"),
      Parameter("statistics", nil, statistics, meaning: "what several particles are"),
    ]
  }
}

/// A quantum particle in a box between baths.
package typealias QuantumBoxModel = Model<QuantumBox>

extension AnyModel {
  /// The model of a quantum box, if it is one.
  package var quantumBox: QuantumBoxModel? { of(QuantumBox.self) }
}
