/// What identical particles are.
package enum ParticleStatistics: Hashable, Sendable {
  /// Any number of particles on a level.
  case bosons
  /// At most one particle on a level, without spin.
  case fermions
}

extension ParticleStatistics: NamedChoice {
  /// Both.
  package static let choices: [(word: String, value: ParticleStatistics, meaning: String)] = [
    ("bosons", .bosons, "any number of particles on a level"),
    ("fermions", .fermions, "at most one particle on a level (of one spin)"),
  ]
}

/// Free bosons or fermions in a box with hard walls. It is no kind of its own in files: a quantum box with several particles is one.
///
/// A bath acts on every particle alike: in place of the operator A of one particle stands the sum over all of them,
/// sum over m, n of <m|A|n> c_m* c_n, which keeps their number.
package struct QuantumGas: Medium {
  /// Baths of a Lindblad master equation.
  package typealias BathLaw = LindbladBath

  /// The box, its particles counted.
  package private(set) var box: QuantumBox

  /// The particles of a box.
  package init(_ box: QuantumBox) { self.box = box }

  /// The two walls.
  package var sites: Int { box.sites }
  /// The state is computed.
  package static var isSampled: Bool { false }
  /// Most particles.
  package static let mostParticles = 64

  /// For messages alone.
  package static let kind = KindDescription(
    "quantumGas", title: "Quantum gas", meaning: "a quantum box with several particles")
  /// Two bosons in a box of length 1.
  package static let example = QuantumGas(QuantumBox(length: 1, particles: 2))
  /// Those of the box.
  package static let parameters: [Parameter<QuantumGas>] = QuantumBox.parametersOfBox(
    \QuantumGas.box.length, \.box.mass, \.box.hbar, \.box.levels, \.box.particles, \.box.statistics)

  /// Those of the box.
  package var faults: [ParameterFault] { box.faults }

  /// An operator that depends on the temperature is not one of each particle; a matrix must have as many rows as there are levels.
  package static func faults(of attachments: [Model<QuantumGas>.Attachment], on medium: QuantumGas) -> [ParameterFault]
  {
    let boxes = attachments.map { QuantumBoxModel.Attachment(name: $0.name, site: $0.site, bath: $0.bath) }
    return QuantumBox.faults(of: boxes, on: medium.box)
      + attachments.filter { $0.bath.coupling == .maxwell }.map {
        ParameterFault(
          parameter: "baths.\($0.name).coupling", found: "maxwell beside medium.particles: \(medium.box.particles)",
          expected:
            "wall, uniform, nearest, position, collision or a matrix: maxwell stands for the rates of one particle")
      }
  }
}

/// Free particles in a box between baths.
package typealias QuantumGasModel = Model<QuantumGas>

extension QuantumBox {
  /// Several particles.
  package var solvedAs: (any Medium)? { particles > 1 ? QuantumGas(self) : nil }
}
