import NessFormula
import NessRandom

/// Several particles in a box.
extension Box {
  /// Most particles.
  package static let mostParticles = 100_000

  static let massForms: [ParameterDescription.Choice] = [
    .init(word: "a number", meaning: "one mass for all particles"),
    .init(word: "[m1, m2, ...]", meaning: "a mass for every particle, from the left"),
    .init(word: "\"1 + (j - 1)/10\"", meaning: "a formula of the number of the particle, `j`"),
    .init(
      word: "{uniform: [0.8, 1.2], seed: 7}",
      meaning: "drawn once for every particle, uniformly between two masses; the seed belongs to the model"),
  ]

  /// The mass of all particles; unlike masses are forgotten when it is set.
  var commonMass: Double {
    get { mass }
    set {
      mass = newValue
      massRule = nil
    }
  }

  /// Room in which points in place of the rods move: a rod takes its own length away from all others [length].
  package var freeLength: Double { length - Double(particles) * diameter }

  /// Whether there are several particles, or rods.
  package var isGas: Bool { particles > 1 || diameter > 0 }

  /// The masses from the left [mass]; of no meaning where there are faults.
  package var masses: [Double] { readMasses.masses }

  /// The mass that all particles have; nil if there are different ones.
  package var equalMass: Double? {
    guard massRule != nil else { return mass }
    let all = masses
    return all.allSatisfy { $0 == all[0] } ? all.first : nil
  }

  package mutating func miss(_ keys: Set<String>) {
    if keys.contains("particles") { isNumberMissing = true }
  }

  /// Every parameter without meaning.
  package var faults: [ParameterFault] {
    var found = parameterFaults
    if isNumberMissing || found.contains(where: { $0.parameter == "particles" }) { return found }
    found += readMasses.faults
    if found.isEmpty, !(freeLength > 0) {
      found.append(
        ParameterFault(
          parameter: "diameter", found: "\(diameter)",
          expected: particles == 1
            ? "a rod shorter than the box, below \(length)"
            : "\(particles) rods that are together shorter than the box, below \(length / Double(particles))"))
    }
    return found
  }

  private var readMasses: (masses: [Double], faults: [ParameterFault]) {
    var masses = [Double](repeating: mass, count: max(1, particles))
    func isMass(_ mass: Double) -> Bool { mass.isFinite && mass > 0 }
    func fault(_ path: String, _ found: String, _ expected: String, offset: Int? = nil) -> ParameterFault {
      ParameterFault(parameter: path, found: found, expected: expected, remedy: nil, offset: offset)
    }
    guard let massRule else { return (masses, []) }
    if particles == 1 {
      return (masses, [fault("mass", massRule.tree.words, "one number: there is one particle (medium.particles)")])
    }
    switch massRule {
    case .number(let mass): masses = masses.map { _ in mass }
    case .list(let list):
      if list.count != particles {
        return (
          masses, [fault("mass", "a list of \(list.count) masses", "as many as there are particles, \(particles)")]
        )
      }
      masses = list
    case .formula(let text):
      do throws(FormulaFault) {
        let formula = try Formula(text, names: ["j"])
        masses = masses.indices.map { formula.value(["j": Double($0 + 1)]) }
      } catch {
        return (masses, [fault("mass", error.found, error.expected, offset: error.position)])
      }
    case .uniform(let from, let to, let seed):
      guard isMass(from), isMass(to), from <= to else {
        return (masses, [fault("mass.uniform", "[\(from), \(to)]", "two masses > 0, the smaller one first")])
      }
      masses = masses.indices.map { index in
        var stream = CounterStream(seed: UInt64(seed), index: UInt64(index + 1), purpose: .massDisorder)
        return from + (to - from) * stream.uniform()
      }
    }
    if let wrong = masses.firstIndex(where: { !isMass($0) }) {
      return (
        masses, [fault("mass", "a mass of \(masses[wrong]) of particle \(wrong + 1)", "a mass > 0 of every particle")]
      )
    }
    return (masses, [])
  }
}

extension Model<Box> {
  /// One particle in the free room between the same walls: what each of equal particles is to the walls, for two that collide
  /// only exchange their velocities.
  ///
  /// - Parameter mass: its mass [mass].
  package func ofOneParticle(mass: Double) throws(ModelError) -> Model<Box> {
    try Model(medium: Box(length: medium.freeLength, mass: mass), attachments: attachments)
  }
}
