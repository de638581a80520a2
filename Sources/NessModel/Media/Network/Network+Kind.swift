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
        set: { (network, tree) throws(ModelError) in
          try Faults.told {
            MassRule(tree, at: "mass", &$0)
          } _: {
            network.mass = $0
          }
        },
        numbers: { $0.mass.seed.map { .init(description: $0.description, value: $0.value) } },
        setNumber: { $0.mass.set($1, to: $2) }),
      dimension: "mass", forms: MassRule.forms, meaning: "masses of the sites"),
    .formula(
      "bond", "V", get: { $0.bond }, set: { $0.bond = $1 }, of: "r",
      bondForm,
      meaning: "potential of every bond of the lattice"),
    .formula(
      "site", "U", get: { $0.site }, set: { $0.site = $1 }, of: "q",
      siteForm,
      meaning: "potential that holds every site; left out, none"),
    .namedNumbers(\.parameters),
    .list(
      "bonds", \.bonds, get: \.tree, item: { BondRule($0, at: $1, &$2) },
      forms: BondRule.forms, meaning: "bonds by hand"),
    .list(
      "at", \.at, get: \.tree, item: { SiteRule($0, at: $1, &$2) },
      forms: SiteRule.forms, meaning: "sites that differ: segments, defects, gradings"),
    .walls(\.walls),
    Parameter(
      "pinning", "K", left: \.pinning.left, right: \.pinning.right, dimension: "mass/time^2", range: .notNegative,
      usual: 0...20, meaning: "spring constant that holds the first and the last site, besides `site`"),
    .planck(\.hbar),
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
      let items = entry.value.items ?? [entry.value]
      if items.contains(where: \.isUnread) { throw ModelError(faults: []) }
      let sizes = items.compactMap(\.whole)
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

  /// How the potential of bonds is written.
  static let bondForm = ParameterDescription.Choice(
    word: "\"k*r^2/2 + beta*r^4/4\"",
    meaning: "a formula of the distance from rest `r` = q_j − q_i (i < j) and of `parameters`")
  /// How the potential of sites is written.
  static let siteForm = ParameterDescription.Choice(
    word: "\"V*(1 - cos(2*pi*q))\"",
    meaning: "a formula of the displacement `q`, of the number of the site `j` and of `parameters`")
}
