import NessFormula

extension Network {
  /// `network`
  package static let kind = KindDescription(
    "network", title: "Network",
    meaning: "masses on any graph, with potentials of bonds V(r), r = q_j − q_i, and of sites U(q) by formula")
  /// A harmonic chain of four sites, each held by a spring.
  package static let example = Network(lattice: .chain(4), site: "k*q^2/2", parameters: [.init("k", 1)])
  /// Without what holds the sites.
  package static let blank = Network(lattice: .chain(4))
  /// Its graph, masses and potentials.
  package static let parameters: [Parameter<Network>] = [
    Parameter(
      "lattice", nil, latticeStructure, forms: Lattice.forms, isRequired: true, meaning: "sites and regular bonds"),
    Parameter(
      "mass", "m",
      .init(
        get: { $0.mass.tree },
        set: { (network, tree) throws(ModelError) in network.mass = try MassRule(tree, at: "mass") }),
      dimension: "mass", forms: MassRule.forms, meaning: "masses of the sites"),
    formula(
      "bond", "V", get: { $0.bond }, set: { $0.bond = $1 }, of: "r",
      .init(
        word: "\"k*r^2/2 + beta*r^4/4\"",
        meaning: "a formula of the distance from rest `r` = q_j − q_i (i < j) and of `parameters`"),
      meaning: "potential of every bond of the lattice"),
    formula(
      "site", "U", get: { $0.site }, set: { $0.site = $1 }, of: "q",
      .init(
        word: "\"V*(1 - cos(2*pi*q))\"",
        meaning: "a formula of the displacement `q`, of the number of the site `j` and of `parameters`"),
      meaning: "potential that holds every site; left out, none"),
    Parameter(
      "parameters", nil, numbersStructure,
      forms: [
        .init(
          word: "{k: 1.0, beta: 0.1}",
          meaning: "numbers for the formulas, each with the dimension that makes its formula an energy; swept as "
            + "`medium.parameters.beta`")
      ], meaning: "named numbers of the formulas"),
    list(
      "bonds", get: { $0.bonds.map(\.tree) },
      set: { (network, items) throws(ModelError) in
        network.bonds = try items.enumerated().map { (index, item) throws(ModelError) in
          try BondRule(item, at: "bonds[\(index)]")
        }
      }, forms: BondRule.forms, meaning: "bonds by hand"),
    list(
      "at", get: { $0.at.map(\.tree) },
      set: { (network, items) throws(ModelError) in
        network.at = try items.enumerated().map { (index, item) throws(ModelError) in
          try SiteRule(item, at: "at[\(index)]")
        }
      }, forms: SiteRule.forms, meaning: "sites that differ: segments, defects, gradings"),
    Parameter(
      "walls", nil,
      .init(
        get: { $0.walls.tree },
        set: { (network, tree) throws(ModelError) in network.walls = try WallRule(tree, at: "walls") }),
      forms: WallRule.forms, meaning: "walls to which the ends of a chain are bonded"),
  ]

  private static let latticeStructure = Parameter<Network>.Structure(
    get: { network in
      let (name, sizes) = network.lattice.parts
      let numbers = sizes.map { ParameterTree.number(Double($0)) }
      return .map([.init(name, numbers.count == 1 ? numbers[0] : .list(numbers))])
    },
    set: { (network, tree) throws(ModelError) in
      let names = Lattice.names.map { "{\($0): }" }
      guard let entries = tree.entries, entries.count == 1, let entry = entries.first else {
        throw ModelError("lattice", tree.words, "a lattice: \(alternatives(names))")
      }
      guard let count = Lattice.sizes(of: entry.key) else {
        throw ModelError(
          "lattice.\(entry.key)", "an unknown lattice", alternatives(Lattice.names),
          remedy: closest(to: entry.key, among: Lattice.names).map { "did you mean \($0)?" })
      }
      let sizes = (entry.value.items ?? [entry.value]).compactMap(\.whole)
      guard sizes.count == count, (entry.value.items?.count ?? 1) == count, let lattice = Lattice(entry.key, sizes)
      else {
        throw ModelError(
          "lattice.\(entry.key)", entry.value.words, count == 1 ? "a number of sites" : "\(count) whole numbers")
      }
      network.lattice = lattice
    },
    numbers: { network in
      let (name, sizes) = network.lattice.parts
      guard sizes.count == 1 else { return [] }
      let description = ParameterDescription.part(
        "lattice.\(name)", symbol: "N", name: "size of the lattice", range: .whole(1...Lattice.mostSites),
        usual: 1...128, isWhole: true, meaning: "size of the lattice")
      return [.init(description: description, value: Double(sizes[0]))]
    },
    setNumber: { network, name, value in
      guard let size = Int(exactly: value), name == "lattice.\(network.lattice.parts.name)",
        let lattice = Lattice(network.lattice.parts.name, [size])
      else { return false }
      network.lattice = lattice
      return true
    })

  private static let numbersStructure = Parameter<Network>.Structure(
    get: { network in
      network.parameters.isEmpty ? nil : .map(network.parameters.map { .init($0.name, .number($0.value)) })
    },
    set: { (network, tree) throws(ModelError) in
      guard let entries = tree.entries else {
        throw ModelError("parameters", tree.words, "numbers by name, {k: 1.0, beta: 0.1}")
      }
      network.parameters = try entries.map { (entry) throws(ModelError) in
        guard let value = entry.value.number else {
          throw ModelError("parameters.\(entry.key)", entry.value.words, "a number")
        }
        return NamedNumber(entry.key, value)
      }
    },
    numbers: { network in
      network.parameters.map { parameter in
        let size = abs(parameter.value)
        let description = ParameterDescription.part(
          "parameters.\(parameter.name)", symbol: parameter.name, name: "parameter \(parameter.name)",
          usual: 0...(size > 0 && size.isFinite ? 4 * size : 1), meaning: "parameter \(parameter.name) of the formulas")
        return .init(description: description, value: parameter.value)
      }
    },
    setNumber: { network, name, value in
      guard let place = network.parameters.firstIndex(where: { name == "parameters.\($0.name)" }) else { return false }
      network.parameters[place].value = value
      return true
    })

  private static func formula(
    _ key: String, _ symbol: String, get: @escaping @Sendable (Network) -> String?,
    set: @escaping @Sendable (inout Network, String) -> Void, of variable: String,
    _ form: ParameterDescription.Choice, meaning: String
  ) -> Parameter<Network> {
    Parameter(
      key, symbol,
      .init(
        get: { get($0).map(ParameterTree.text) },
        set: { (network, tree) throws(ModelError) in
          guard let text = tree.formula else { throw ModelError(key, tree.words, "a formula of \(variable)") }
          set(&network, text)
        }), dimension: "energy", forms: [form], meaning: meaning)
  }

  private static func list(
    _ key: String, get: @escaping @Sendable (Network) -> [ParameterTree],
    set: @escaping @Sendable (inout Network, [ParameterTree]) throws(ModelError) -> Void,
    forms: [ParameterDescription.Choice], meaning: String
  ) -> Parameter<Network> {
    Parameter(
      key, nil,
      .init(
        get: { network in
          let items = get(network)
          return items.isEmpty ? nil : .list(items)
        },
        set: { (network, tree) throws(ModelError) in
          guard let items = tree.items else { throw ModelError(key, tree.words, "a list") }
          try set(&network, items)
        }), forms: forms, meaning: meaning)
  }
}
