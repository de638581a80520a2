/// The question, the same for all solvers: a member of a family. Its `description` is the name used in JSON, and gives it back.
package struct Quantity: Hashable, Sendable, CustomStringConvertible {
  /// What is asked for.
  package let family: Family
  /// The bath that it belongs to, in a family that has one for each bath.
  package let bath: String?
  /// Where it is along every axis of its family, in words: `3`, or `left` and `right`; empty for what has no axis, and for all
  /// members of a family together.
  package let places: [String]

  private init(_ family: Family, bath: String? = nil, number: Int? = nil) {
    self.init(family, bath: bath, places: number.map { ["\($0)"] } ?? [])
  }

  init(_ family: Family, bath: String?, places: [String]) {
    self.family = family
    self.bath = bath
    self.places = places
  }

  /// All members of a family that differ by their places, as one question.
  package static func all(_ family: Family, bath: String? = nil) -> Quantity {
    Quantity(family, bath: bath, places: [])
  }

  /// Its number, from 1, in a numbered family.
  package var number: Int? { places.count == 1 ? Int(places[0]) : nil }
  /// All that differ from it by their places.
  package var all: Quantity { Quantity(family, bath: bath, places: []) }

  /// J, mean heat per time from the left to the right bath of a two-terminal model [energy/time].
  package static let heatCurrent = Quantity(.heatCurrent)
  /// Mean heat per time from the named bath into the medium [energy/time].
  package static func heat(from bath: String) -> Quantity { Quantity(.heatFrom, bath: bath) }
  /// Mean heat per time through bond j, between sites j and j+1, from left to right [energy/time].
  package static func bondHeatCurrent(bond: Int) -> Quantity { Quantity(.bondHeatCurrent, number: bond) }
  /// Mean heat per time through the bonds between two sites of a network, from the first to the second, counted from 1.
  package static func bondHeatCurrent(from first: Int, to second: Int) -> Quantity {
    Quantity(.bondHeatCurrent, bath: nil, places: ["\(first)-\(second)"])
  }
  /// m <v_j²>, the kinetic temperature of site j (1 to N) of a chain, or of part j of a box [energy].
  package static func kineticTemperature(site: Int) -> Quantity { Quantity(.kineticTemperature, number: site) }
  /// Energy of what holds a site, and half of that of its bonds [energy].
  package static func potentialEnergy(site: Int) -> Quantity { Quantity(.potentialEnergy, number: site) }
  /// Effective friction of a particle bath [mass/time]; the name is omitted if it is the only particle bath.
  package static func effectiveFriction(bath: String?) -> Quantity { Quantity(.effectiveFriction, bath: bath) }
  /// Effective stiffness of the site of a particle bath, pinning included [mass/time²].
  package static func effectiveStiffness(bath: String?) -> Quantity { Quantity(.effectiveStiffness, bath: bath) }
  /// Mean displacement of site j (1 to N) [length].
  package static func meanDisplacement(site: Int) -> Quantity { Quantity(.meanDisplacement, number: site) }
  /// Mean energy of the medium [energy].
  package static let meanEnergy = Quantity(.meanEnergy)
  /// -sum_a J_a / T_a, entropy produced in the baths per time; not negative by the second law [1/time].
  package static let entropyProduction = Quantity(.entropyProduction)
  /// Mean work per time that a drive does on the medium, over a period [energy/time].
  package static let power = Quantity(.power)
  /// Smallest decay rate towards the steady state, the gap of the generator [1/time].
  package static let relaxationRate = Quantity(.relaxationRate)
  /// d<E>/dT of the medium in equilibrium, <(E - <E>)²>/T² [1].
  package static let heatCapacity = Quantity(.heatCapacity)
  /// Probability of level n (1 to M) of a quantum box [1].
  package static func population(level: Int) -> Quantity { Quantity(.population, number: level) }
  /// Energy of level n (1 to M) of a system of levels, ascending [energy].
  package static func energy(ofLevel level: Int) -> Quantity { Quantity(.levelEnergy, number: level) }
  /// Probability density of the position in part i of `Box.parts` equal parts of a box, from the left [1/length].
  package static func density(part: Int) -> Quantity { Quantity(.density, number: part) }
  /// Probability density of the kinetic energy in class i of `Box.energyClasses`, each `Box.energyClassWidth` wide [1/energy].
  package static func energyDensity(index: Int) -> Quantity { Quantity(.energyDensity, number: index) }
  /// Mean number of collisions with the wall of the named bath per time [1/time].
  package static func collisionRate(bath: String) -> Quantity { Quantity(.collisionRate, bath: bath) }
  /// Share of the time that the particle spends in flights that left the wall of the named bath [1].
  package static func timeShare(bath: String) -> Quantity { Quantity(.timeShare, bath: bath) }
  /// Collisions with the wall of the named bath after which its memory has decayed by 1/e, the slowest mode [1].
  package static func collisionsToThermalise(bath: String) -> Quantity { Quantity(.collisionsToThermalise, bath: bath) }
  /// Long-time variance of the heat over the time, from the named bath or, without one, from the left to the right of two
  /// [energy²/time].
  package static func heatNoise(from bath: String? = nil) -> Quantity { Quantity(.heatNoise, bath: bath) }
  /// Third cumulant of the heat over the time [energy³/time].
  package static func heatSkewness(from bath: String? = nil) -> Quantity { Quantity(.heatSkewness, bath: bath) }
  /// Fourth cumulant of the heat over the time [energy⁴/time].
  package static func heatKurtosis(from bath: String? = nil) -> Quantity { Quantity(.heatKurtosis, bath: bath) }
  /// Long-time covariances of the heats from all pairs of baths over the time [energy²/time].
  package static let heatCovariance = all(.heatCovariance)
  /// Variance rate of the heat over the size of its mean rate [energy].
  package static let fanoFactor = Quantity(.fanoFactor)
  /// Entropy production times variance rate over twice the square of the current [1]. It is at least 1 for overdamped dynamics
  /// and for jumps between levels; underdamped dynamics may go below.
  package static let uncertaintyRatio = Quantity(.uncertaintyRatio)
  /// dJ_a/dT_b, the change of the heat from one bath with the temperature of another, all else fixed [1/time].
  package static let conductance = all(.conductance)

  /// The name used in JSON, for example `kineticTemperature[1]` or `heatFrom.left`.
  package var description: String {
    family.rawValue + (bath.map { ".\($0)" } ?? "") + (places.isEmpty ? "" : "[\(places.joined(separator: ","))]")
  }

  /// What an answer with axes is called: a family, or a family of a bath (`kineticTemperature`); nil if there is none.
  package init?(allOf name: String) {
    let stem = name.prefix { $0 != "." }
    guard let family = Family(rawValue: String(stem)) else { return nil }
    let bath = name.dropFirst(stem.count).dropFirst()
    self.init(family, bath: bath.isEmpty ? nil : String(bath), places: [])
    if description != name { return nil }
  }

  /// The quantity whose `description` is `name`; nil if there is none.
  package init?(_ name: String) {
    let stem = name.prefix { $0 != "." && $0 != "[" }
    guard let family = Family(rawValue: String(stem)) else { return nil }
    let rest = name.dropFirst(stem.count)
    let bath = rest.hasPrefix(".") && rest.count > 1 ? String(rest.dropFirst()) : nil
    let place = rest.hasPrefix("[") && rest.hasSuffix("]") ? String(rest.dropFirst().dropLast()) : nil
    let number = place.flatMap { Int($0) }
    let isMember =
      switch family.members {
      case .one: bath == nil && place == nil
      case .ofBath: bath != nil
      case .ofBathOrOne: place == nil
      case .numbered: (number ?? 0) >= 1 || (family.joinsPairs && place.map(Self.isPair) == true)
      case .along(let axes): bath == nil && place.map { Self.places(in: $0).count == axes.count } == true
      }
    guard isMember else { return nil }
    if case .along = family.members {
      self.init(family, bath: nil, places: Self.places(in: place ?? ""))
    } else {
      self.init(family, bath: bath, places: (number.map { "\($0)" } ?? place).map { [$0] } ?? [])
    }
    if description != name { return nil }
  }

  /// Places along several axes, separated by commas; one is empty where a name is missing.
  private static func places(in text: String) -> [String] {
    text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
  }

  /// Whether a place names two sites, `1-6`.
  private static func isPair(_ place: String) -> Bool {
    let sites = place.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
    return sites.count == 2 && sites[0] >= 1 && sites[0] < sites[1] && "\(sites[0])-\(sites[1])" == place
  }

  /// Its number if it is of that family.
  package func number(in family: Family) -> Int? { self.family == family ? number : nil }

  /// Dimension of the quantity in words, for axis labels and file headers.
  package var dimension: String { family.dimension }

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
}
