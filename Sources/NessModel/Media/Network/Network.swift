/// Masses on the sites of any graph, with potentials of bonds and of single sites by formula:
///
///     H = sum_i p_i²/2m_i + sum_i U_i(q_i) + sum_{bonds (i,j)} V_ij(q_j - q_i) + (K_left/2) q_1² + (K_right/2) q_N²,   i < j
package struct Network: Medium {
  /// Baths that can be simulated on a site.
  package typealias BathLaw = NetworkBath

  /// Sites and regular bonds.
  package var lattice: Lattice
  /// Masses.
  package var mass: MassRule
  /// Potential of the bonds of the lattice, a formula of `r`.
  package var bond: String
  /// Potential of every site, a formula of `q` and of the number of the site, `j`; nil for none.
  package var site: String?
  /// Numbers with names for the formulas, in the order of files.
  package var parameters: [NamedNumber]
  /// Bonds by hand.
  package var bonds: [BondRule]
  /// Sites that differ.
  package var at: [SiteRule]
  /// Ends of a chain that are bonded to walls.
  package var walls: WallRule
  /// Springs that hold the first and the last site besides their potentials [mass/time²]; a single site is pinned once.
  package var pinning: Chain.Pinning
  /// Planck's constant over 2 pi; 0 for classical motion [energy time].
  package var hbar: Double
  /// What of a file could not be read, so that nothing is said of what depends on it; empty for a possible network.
  package private(set) var missing: Set<Missing> = []

  /// What others depend on.
  package enum Missing: Hashable, Sendable {
    /// How many sites there are.
    case size
    /// Which names the formulas may have.
    case names
  }

  /// A number with a name.
  package struct NamedNumber: Hashable, Sendable {
    package let name: String
    package var value: Double

    package init(_ name: String, _ value: Double) { (self.name, self.value) = (name, value) }
  }

  /// A network; see the properties.
  package init(
    lattice: Lattice, mass: MassRule = .number(1), bond: String = Network.harmonicBond, site: String? = nil,
    parameters: [NamedNumber] = [], bonds: [BondRule] = [], at: [SiteRule] = [], walls: WallRule = WallRule(),
    pinning: Chain.Pinning = .init(left: 0, right: 0), hbar: Double = 0
  ) {
    (self.lattice, self.mass, self.bond, self.site, self.parameters) = (lattice, mass, bond, site, parameters)
    (self.bonds, self.at, self.walls, self.pinning) = (bonds, at, walls, pinning)
    self.hbar = hbar
  }

  /// Spring constant 1.
  package static let harmonicBond = "r^2/2"

  /// What its parts must not be measured by.
  mutating func miss(_ missing: [Missing]) {
    self.missing.formUnion(missing)
    guard missing.contains(.size) else { return }
    // Room for all sites that are named: a chain may have walls, and is in one piece.
    lattice = .chain(namedSites)
    guard case .list(let masses) = mass, masses.count < sites else { return }
    mass = .list(masses + [Double](repeating: 1, count: sites - masses.count))
  }

  /// How many sites there are at least, as far as bonds, rules and masses tell.
  private var namedSites: Int {
    var last = (bonds.flatMap(\.sites) + at.flatMap(\.sites).map(\.upperBound)).max() ?? 2
    if case .list(let masses) = mass { last = max(last, masses.count) }
    return max(2, min(Lattice.mostSites, last))
  }

  package mutating func miss(_ keys: Set<String>) {
    let isNameless = keys.contains("parameters") && parameters.isEmpty
    if keys.contains("lattice") { miss([Missing.size]) }
    if isNameless { miss([Missing.names]) }
  }

  package func remedy(forMissing key: String) -> String? {
    guard key == "lattice" else { return nil }
    let count = namedSites
    let named = count > 2 ? ": \(count) sites are named" : ""
    return "for example {chain: \(count)}, or {sites: \(count)} if only bonds by hand join them\(named)"
  }

  /// A lattice that stands where its key should be.
  package static var misplaced: [String: String] {
    Dictionary(uniqueKeysWithValues: Lattice.names.map { ($0, "lattice") })
  }

  /// As a graph.
  package static var picture: MediumPicture? { .graph }

  /// Above `hbar` 0.
  package var isQuantum: Bool { hbar > 0 }

  /// Number of sites.
  package var sites: Int { lattice.count }

  /// The network as solvers see it.
  ///
  /// - Precondition: it has no faults.
  /// - Complexity: O(sites + bonds), about a microsecond each.
  package var form: SiteNetwork {
    var builder = NetworkBuilder(self)
    guard let form = builder.build() else { preconditionFailure("\(builder.faults)") }
    return form
  }

  /// Every parameter without meaning.
  package var faults: [ParameterFault] {
    var builder = NetworkBuilder(self)
    _ = builder.build()
    return parameterFaults + builder.faults
  }

  /// Where the baths are is all that counts, and of each whether its temperature is given.
  package static func faults(
    of attachments: [Model<Network>.Attachment], on medium: Network, beside faults: [ParameterFault]
  ) -> [ParameterFault] {
    let isPlaced = !faults.contains {
      $0.parameter.hasPrefix("medium") || $0.parameter == "baths" || $0.parameter.hasSuffix(".site")
    }
    return isPlaced ? Self.faults(of: attachments, on: medium) : []
  }

  private static let mostTold = 5

  /// Sites that no bond joins to a bath would keep their energy for ever, and self-consistent reservoirs among themselves have no temperature
  /// to take.
  package static func faults(of attachments: [Model<Network>.Attachment], on medium: Network) -> [ParameterFault] {
    let touched = Set(attachments.map { $0.site - 1 })
    let setting = attachments.filter { !($0.bath.law is SelfConsistentBath) }
    let set = Set(setting.map { $0.site - 1 })
    let components = medium.form.components
    func words(_ part: [Int]) -> String {
      let first = part.prefix(5).map { "\($0 + 1)" }.joined(separator: ", ")
      return part.count == 1 ? "site \(first)" : "sites \(first)\(part.count > 5 ? ", ..." : "")"
    }
    let apart = components.filter(touched.isDisjoint(with:))
    guard apart.isEmpty else {
      return apart.prefix(mostTold).map { part in
        ParameterFault(
          parameter: "baths", found: "no bath on \(words(part)), which no bond joins to the others",
          expected: "a bath on every connected part")
      }
    }
    guard let part = components.first(where: set.isDisjoint(with:)),
      let free = attachments.first(where: { part.contains($0.site - 1) })
    else { return [] }
    return [
      ParameterFault(
        parameter: "baths.\(free.name).temperature", found: "free",
        expected: "one bath at least on \(words(part)) whose temperature is given: the others take theirs from it")
    ]
  }
}

/// A network between baths.
package typealias NetworkModel = Model<Network>

extension AnyModel {
  /// The model of a network, if it is one.
  package var network: NetworkModel? { of(Network.self) }
}
