import NessFormula

/// What a file says of the masses of a network.
package enum MassRule: Hashable, Sendable {
  /// One mass for all sites [mass].
  case number(Double)
  /// One for every site [mass].
  case list([Double])
  /// A formula of the number of the site, `j`.
  case formula(String)
  /// Drawn once for every site, uniformly between two masses [mass], by a seed: disorder that belongs to the model.
  case uniform(from: Double, to: Double, seed: Int)

  static let forms: [ParameterDescription.Choice] = [
    .init(word: "a number", meaning: "one mass for all sites"),
    .init(word: "[m1, m2, ...]", meaning: "a mass for every site"),
    .init(word: "\"1 + (j - 1)/10\"", meaning: "a formula of the number of the site, `j`"),
    .init(
      word: "{uniform: [0.8, 1.2], seed: 7}",
      meaning: "drawn once for every site, uniformly between two masses; the seed belongs to the model"),
  ]

  /// The seed of random masses, which can be swept: every value is another sample of the disorder.
  var seed: [(description: ParameterDescription, value: Double)] {
    guard case .uniform(_, _, let seed) = self else { return [] }
    let description = ParameterDescription.part(
      "mass.seed", symbol: "seed", name: "seed of the random masses", range: .whole(0...Self.mostSeed), usual: 1...20,
      isWhole: true, meaning: "seed of the random masses")
    return [(description, Double(seed))]
  }

  /// Whole numbers that any reader of files keeps.
  private static let mostSeed = 1 << 53

  /// Sets the seed; false if there is none, or the number is not whole.
  mutating func set(_ name: String, to value: Double) -> Bool {
    guard case .uniform(let from, let to, _) = self, name == "mass.seed", let seed = Int(exactly: value),
      (0..<Self.mostSeed).contains(seed)
    else {
      return false
    }
    self = .uniform(from: from, to: to, seed: seed)
    return true
  }

  var tree: ParameterTree {
    switch self {
    case .number(let mass): .number(mass)
    case .list(let masses): .list(masses.map(ParameterTree.number))
    case .formula(let text): .text(text)
    case .uniform(let from, let to, let seed):
      .map([.init("uniform", .list([.number(from), .number(to)])), .init("seed", .number(Double(seed)))])
    }
  }

  init(_ tree: ParameterTree, at path: String, _ faults: inout Faults) {
    switch tree {
    case .number(let mass): self = .number(mass)
    case .text(let text): self = .formula(text)
    case .list(let items):
      self = .list(
        items.enumerated().map { index, item in
          faults.value(item.number, of: item, at: "\(path)[\(index)]", expected: "a mass") ?? 1
        })
    case .map(let entries):
      let shape = Shape(entries, at: path, allowed: ["uniform", "seed"], required: ["uniform", "seed"], &faults)
      let range = shape["uniform"]?.items?.compactMap(\.number) ?? []
      let isRange = range.count == 2 && shape["uniform"]?.items?.count == 2
      let masses = faults.value(
        isRange ? range : nil, of: shape["uniform"], at: "\(path).uniform", expected: "two masses, [least, most]")
      let seed = faults.value(
        shape["seed"]?.whole.flatMap { (0..<Self.mostSeed).contains($0) ? $0 : nil }, of: shape["seed"],
        at: "\(path).seed",
        expected: "a whole number between 0 and 2^53")
      self = .uniform(from: masses?[0] ?? 1, to: masses?[1] ?? 1, seed: seed ?? 0)
    case .unread: self = .number(1)
    }
  }
}

/// A bond that is added by hand, or stands in place of one of the lattice.
package struct BondRule: Hashable, Sendable {
  /// Its sites, from 1; none where they could not be read.
  package var sites: [Int]
  /// Its potential, a formula of `r`; nil for that of the lattice's bonds.
  package var potential: String?
  /// What its potential is multiplied with [1].
  package var weight: Double

  package init(between first: Int, _ second: Int, potential: String? = nil, weight: Double = 1) {
    sites = [first, second]
    self.potential = potential
    self.weight = weight
  }

  static let forms: [ParameterDescription.Choice] = [
    .init(
      word: "[{between: [1, 6], potential: \"r^2/4\"}, ...]",
      meaning: "bonds by hand: new ones, or in place of a bond of the lattice; without `potential` that of `bond`"),
    .init(word: "[[1, 6], [2, 5, 0.3], ...]", meaning: "pairs of sites; a third number multiplies the potential"),
    .init(word: "{file: edges.csv}", meaning: "the same rows from a CSV file"),
  ]

  var tree: ParameterTree {
    let pair = sites.map { ParameterTree.number(Double($0)) }
    guard let potential else { return .list(weight == 1 ? pair : pair + [.number(weight)]) }
    return .map(
      [.init("between", .list(pair)), .init("potential", .text(potential))]
        + (weight == 1 ? [] : [.init("weight", .number(weight))]))
  }

  /// A bond as far as it can be read.
  init(_ tree: ParameterTree, at path: String, _ faults: inout Faults) {
    (sites, weight) = ([], 1)
    func pair(_ items: [ParameterTree]) -> [Int]? {
      let sites = items.compactMap(\.whole)
      return items.count == 2 && sites.count == 2 ? sites : nil
    }
    switch tree {
    case .list(let items):
      // What was told of an item needs no second word on the whole.
      if items.contains(where: \.isUnread) { return }
      if items.count == 2 || items.count == 3, let wrong = items.prefix(2).first(where: { $0.whole == nil }) {
        faults.note(wrong, at: path, expected: "the whole number of a site")
        return
      }
      let factor = items.count == 3 ? items[2].number : items.count == 2 ? 1 : nil
      let isBond = factor != nil
      sites =
        faults.value(
          isBond ? pair(Array(items.prefix(2))) : nil, of: tree, at: path,
          expected: isBond ? "two sites, [i, j]" : "two sites, [i, j], or [i, j, factor]") ?? []
      weight = factor ?? 1
    case .map(let entries):
      let shape = Shape(
        entries, at: path, allowed: ["between", "potential", "weight"], required: ["between"], &faults)
      let between = shape["between"]
      if between?.items?.contains(where: \.isUnread) != true {
        sites =
          faults.value(
            between?.items.flatMap(pair), of: between, at: "\(path).between", expected: "two sites, [i, j]") ?? []
      }
      let text = shape["potential"]
      potential = faults.value(text?.formula, of: text, at: "\(path).potential", expected: "a formula of r")
      let factor = shape["weight"]
      weight = faults.value(factor?.number, of: factor, at: "\(path).weight", expected: "a number") ?? 1
    default:
      faults.note(tree, at: path, expected: "a bond, {between: [i, j], potential: \"formula of r\"}")
    }
  }
}

/// Sites that differ from the others.
package struct SiteRule: Hashable, Sendable {
  /// Ranges of sites, from 1; none where they could not be read.
  package var sites: [ClosedRange<Int>]
  /// Their mass [mass], or a formula of `j`; nil for that of the others.
  package var mass: MassRule?
  /// Their potential, a formula of `q` and `j`; nil for that of the others.
  package var site: String?
  /// Potential of the lattice's bonds between two of them, a formula of `r`; nil for that of the others.
  package var bond: String?

  package init(sites: [ClosedRange<Int>], mass: MassRule? = nil, site: String? = nil, bond: String? = nil) {
    (self.sites, self.mass, self.site, self.bond) = (sites, mass, site, bond)
  }

  static let forms: [ParameterDescription.Choice] = [
    .init(
      word: "[{sites: 1-8, site: \"2*q^2/2\", mass: 2.0, bond: \"r^2\"}, ...]",
      meaning:
        "sites that differ: a number, a range, or a list of them; `bond` is for bonds of the lattice between two of them; later "
        + "ones win")
  ]

  private static func text(_ range: ClosedRange<Int>) -> ParameterTree {
    range.count == 1 ? .number(Double(range.lowerBound)) : .text(range.textOfSites)
  }

  var tree: ParameterTree {
    var entries = [ParameterTree.Entry("sites", sites.count == 1 ? Self.text(sites[0]) : .list(sites.map(Self.text)))]
    if let mass { entries.append(.init("mass", mass.tree)) }
    if let site { entries.append(.init("site", .text(site))) }
    if let bond { entries.append(.init("bond", .text(bond))) }
    return .map(entries)
  }

  /// Sites that differ, as far as they can be read.
  init(_ tree: ParameterTree, at path: String, _ faults: inout Faults) {
    guard let entries = tree.entries else {
      faults.note(tree, at: path, expected: "sites that differ, {sites: 1-8, site: \"formula of q\"}")
      self.init(sites: [])
      return
    }
    let shape = Shape(
      entries, at: path, allowed: ["sites", "mass", "site", "bond"], required: ["sites"], &faults)
    func formula(_ key: String, of variable: String, _ faults: inout Faults) -> String? {
      faults.value(shape[key]?.formula, of: shape[key], at: "\(path).\(key)", expected: "a formula of \(variable)")
    }
    var ranges: [ClosedRange<Int>] = []
    if let value = shape["sites"] {
      let read = (value.items ?? [value]).map { item in
        faults.value(
          Self.range(item), of: item, at: "\(path).sites", expected: "a site, a range such as 1-8, or a list of them")
      }
      if !read.contains(nil) { ranges = read.compactMap { $0 } }
    }
    self.init(
      sites: ranges, mass: shape["mass"].map { MassRule($0, at: "\(path).mass", &faults) },
      site: formula("site", of: "q", &faults), bond: formula("bond", of: "r", &faults))
  }

  /// `3`, or `1-8`.
  private static func range(_ tree: ParameterTree) -> ClosedRange<Int>? {
    if let site = tree.whole { return site...site }
    guard case .text(let text) = tree else { return nil }
    return ClosedRange(ofSites: text)
  }
}

extension ClosedRange<Int> {
  /// Sites as files write them, `3` or `1-8`; nil for what is neither.
  package init?(ofSites text: String) {
    let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0.filter { $0 != " " }) }
    guard let first = ends.first.flatMap({ $0 }), let last = ends.last.flatMap({ $0 }), ends.count <= 2, first <= last
    else { return nil }
    self = first...last
  }

  /// The same in words.
  package var textOfSites: String { count == 1 ? "\(lowerBound)" : "\(lowerBound)-\(upperBound)" }
}

/// Which ends of a chain are bonded to a wall, and how.
package struct WallRule: Hashable, Sendable {
  package var left: Bool
  package var right: Bool
  /// Potential of the bond to the left wall, a formula of `r`; nil for that of the bonds.
  package var leftBond: String?
  /// Potential of the bond to the right wall, a formula of `r`; nil for that of the bonds.
  package var rightBond: String?

  package init(left: Bool = false, right: Bool = false) { (self.left, self.right) = (left, right) }

  static let forms: [ParameterDescription.Choice] = [
    .init(
      word: "{left: true, right: true}",
      meaning:
        "the first and the last site of a chain are bonded to walls that never move, by the potential of the bonds"),
    .init(word: "{left: \"0.2*r^2/2\", right: true}", meaning: "the same, the left bond by a formula of its own"),
  ]

  var tree: ParameterTree? {
    if self == WallRule() { return nil }
    return .map([.init("left", .text(leftBond ?? "\(left)")), .init("right", .text(rightBond ?? "\(right)"))])
  }

  /// Walls as far as they can be read.
  init(_ tree: ParameterTree, at path: String, _ faults: inout Faults) {
    (left, right) = (false, false)
    guard let entries = tree.entries else {
      faults.note(tree, at: path, expected: "{left: true, right: true}")
      return
    }
    let shape = Shape(entries, at: path, allowed: ["left", "right"], required: [], &faults)
    func end(_ key: String, _ faults: inout Faults) -> (isThere: Bool, bond: String?) {
      guard let value = shape[key] else { return (false, nil) }
      // A word alone is no formula of r.
      guard case .text(let text) = value, ["true", "false"].contains(text) || !text.allSatisfy(\.isLetter) else {
        faults.note(value, at: "\(path).\(key)", expected: "true, false or a formula of r")
        return (false, nil)
      }
      return (text != "false", ["true", "false"].contains(text) ? nil : text)
    }
    (left, leftBond) = end("left", &faults)
    (right, rightBond) = end("right", &faults)
  }
}
