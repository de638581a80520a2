/// The question, the same for all solvers. Its `description` is the name used in JSON.
public enum Quantity: Hashable, Sendable, CustomStringConvertible {
  /// J, mean heat per time from the left to the right bath of a two-terminal model [energy/time].
  case heatCurrent
  /// Mean heat per time from the named bath into the medium [energy/time].
  case heat(from: String)
  /// Mean heat per time through bond j, between sites j and j+1, from left to right [energy/time].
  case bondHeatCurrent(bond: Int)
  /// m <v_j²>, the kinetic temperature of site j (1 to N) of a chain, or of part j of a box [energy].
  case kineticTemperature(site: Int)
  /// Effective friction of a particle bath [mass/time]; the name is omitted if it is the only particle bath.
  case effectiveFriction(bath: String?)
  /// Effective stiffness of the site of a particle bath, pinning included [mass/time²].
  case effectiveStiffness(bath: String?)
  /// Mean displacement of site j (1 to N) [length].
  case meanDisplacement(site: Int)
  /// Mean energy of the medium [energy].
  case meanEnergy
  /// -sum_a J_a / T_a, entropy produced in the baths per time; not negative by the second law [1/time].
  case entropyProduction
  /// Smallest decay rate towards the steady state, the gap of the generator [1/time].
  case relaxationRate
  /// d<E>/dT of the medium in equilibrium, <(E - <E>)²>/T² [1].
  case heatCapacity
  /// Probability of level n (1 to M) of a quantum box [1].
  case population(level: Int)
  /// Probability density of the position in part i of `Box.parts` equal parts of a box, from the left [1/length].
  case density(part: Int)
  /// Probability density of the kinetic energy in class i of `Box.energyClasses`, each `Box.energyClassWidth` wide [1/energy].
  case energyDensity(index: Int)
  /// Mean number of collisions with the wall of the named bath per time [1/time].
  case collisionRate(bath: String)
  /// Share of the time that the particle spends in flights that left the wall of the named bath [1].
  case timeShare(bath: String)
  /// Collisions with the wall of the named bath after which its memory has decayed by 1/e, the slowest mode [1].
  case collisionsToThermalise(bath: String)

  /// The name used in JSON, for example `kineticTemperature[1]`.
  public var description: String {
    switch self {
    case .heatCurrent: "heatCurrent"
    case .heat(let bath): "heatFrom.\(bath)"
    case .bondHeatCurrent(let bond): "bondHeatCurrent[\(bond)]"
    case .kineticTemperature(let site): "kineticTemperature[\(site)]"
    case .effectiveFriction(let bath): Self.named("effectiveFriction", bath)
    case .effectiveStiffness(let bath): Self.named("effectiveStiffness", bath)
    case .meanDisplacement(let site): "meanDisplacement[\(site)]"
    case .meanEnergy: "meanEnergy"
    case .entropyProduction: "entropyProduction"
    case .relaxationRate: "relaxationRate"
    case .heatCapacity: "heatCapacity"
    case .population(let level): "population[\(level)]"
    case .density(let part): "density[\(part)]"
    case .energyDensity(let index): "energyDensity[\(index)]"
    case .collisionRate(let bath): "collisionRate.\(bath)"
    case .timeShare(let bath): "timeShare.\(bath)"
    case .collisionsToThermalise(let bath): "collisionsToThermalise.\(bath)"
    }
  }

  /// Quantities in words: the members of a family of numbered ones together, `kineticTemperature[1-64]`.
  package static func list(_ quantities: [Quantity]) -> String {
    var parts: [(family: String, first: Int, last: Int)] = []
    for text in quantities.map(\.description) {
      let pieces = text.split(separator: "[")
      guard pieces.count == 2, let number = Int(pieces[1].dropLast()) else {
        parts.append((text, 0, -1))
        continue
      }
      if let last = parts.last, last.family == pieces[0], last.last == number - 1 {
        parts[parts.count - 1].last = number
      } else {
        parts.append((String(pieces[0]), number, number))
      }
    }
    let words = parts.map { part in
      part.last < part.first
        ? part.family : "\(part.family)[\(part.first)\(part.first == part.last ? "" : "-\(part.last)")]"
    }
    let most = 8
    let rest = words.count > most ? " and \(words.count - most) more" : ""
    return words.prefix(most).joined(separator: ", ") + rest
  }

  private static func named(_ quantity: String, _ bath: String?) -> String {
    bath.map { "\(quantity).\($0)" } ?? quantity
  }

  /// Dimension of the quantity in words, for axis labels and file headers.
  public var dimension: String {
    switch self {
    case .heatCurrent, .heat, .bondHeatCurrent: "energy/time"
    case .kineticTemperature, .meanEnergy: "energy"
    case .entropyProduction, .relaxationRate, .collisionRate: "1/time"
    case .heatCapacity, .population, .timeShare, .collisionsToThermalise: "1"
    case .density: "1/length"
    case .energyDensity: "1/energy"
    case .effectiveFriction: "mass/time"
    case .effectiveStiffness: "mass/time^2"
    case .meanDisplacement: "length"
    }
  }
}
