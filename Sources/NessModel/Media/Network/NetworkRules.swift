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

  var tree: ParameterTree {
    switch self {
    case .number(let mass): .number(mass)
    case .list(let masses): .list(masses.map(ParameterTree.number))
    case .formula(let text): .text(text)
    case .uniform(let from, let to, let seed):
      .map([.init("uniform", .list([.number(from), .number(to)])), .init("seed", .number(Double(seed)))])
    }
  }

  init(_ tree: ParameterTree, at path: String) throws(ModelError) {
    switch tree {
    case .number(let mass): self = .number(mass)
    case .text(let text): self = .formula(text)
    case .list(let items):
      self = .list(
        try each(of: items, at: path) { (item, path) throws(ModelError) in
          guard let mass = item.number else { throw ModelError(path, item.words, "a mass") }
          return mass
        })
    case .map(let entries):
      let shape = try Shape(entries, at: path, allowed: ["uniform", "seed"], required: ["uniform", "seed"])
      guard let range = shape["uniform"]?.items, range.count == 2, let from = range[0].number, let to = range[1].number
      else { throw ModelError("\(path).uniform", shape["uniform"]?.words ?? "", "two masses, [least, most]") }
      guard let seed = shape["seed"]?.whole, seed >= 0 else {
        throw ModelError("\(path).seed", shape["seed"]?.words ?? "", "a whole number >= 0")
      }
      self = .uniform(from: from, to: to, seed: seed)
    }
  }
}

/// A bond that is added by hand, or stands in place of one of the lattice.
package struct BondRule: Hashable, Sendable {
  /// Its sites, from 1.
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

  init(_ tree: ParameterTree, at path: String) throws(ModelError) {
    func pair(_ items: [ParameterTree]?, _ path: String, _ found: String) throws(ModelError) -> [Int] {
      guard let items, items.count == 2, let first = items[0].whole, let second = items[1].whole else {
        throw ModelError(path, found, "two sites, [i, j]")
      }
      return [first, second]
    }
    switch tree {
    case .list(let items):
      guard (2...3).contains(items.count), let weight = items.count == 3 ? items[2].number : 1 else {
        throw ModelError(path, tree.words, "two sites, [i, j], or [i, j, factor]")
      }
      sites = try pair(Array(items.prefix(2)), path, tree.words)
      self.weight = weight
    case .map(let entries):
      let shape = try Shape(entries, at: path, allowed: ["between", "potential", "weight"], required: ["between"])
      sites = try pair(shape["between"]?.items, "\(path).between", shape["between"]?.words ?? "")
      if let value = shape["potential"] {
        guard let text = value.formula else { throw ModelError("\(path).potential", value.words, "a formula of r") }
        potential = text
      }
      if let value = shape["weight"] {
        guard let number = value.number else { throw ModelError("\(path).weight", value.words, "a number") }
        weight = number
      } else {
        weight = 1
      }
    default: throw ModelError(path, tree.words, "a bond, {between: [i, j], potential: \"formula of r\"}")
    }
  }
}

/// Sites that differ from the others.
package struct SiteRule: Hashable, Sendable {
  /// Ranges of sites, from 1.
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

  /// A range as it is written.
  static func words(_ range: ClosedRange<Int>) -> String {
    range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound)-\(range.upperBound)"
  }

  private static func text(_ range: ClosedRange<Int>) -> ParameterTree {
    range.count == 1 ? .number(Double(range.lowerBound)) : .text(words(range))
  }

  var tree: ParameterTree {
    var entries = [ParameterTree.Entry("sites", sites.count == 1 ? Self.text(sites[0]) : .list(sites.map(Self.text)))]
    if let mass { entries.append(.init("mass", mass.tree)) }
    if let site { entries.append(.init("site", .text(site))) }
    if let bond { entries.append(.init("bond", .text(bond))) }
    return .map(entries)
  }

  init(_ tree: ParameterTree, at path: String) throws(ModelError) {
    guard let entries = tree.entries else {
      throw ModelError(path, tree.words, "sites that differ, {sites: 1-8, site: \"formula of q\"}")
    }
    var faults: [ParameterFault] = []
    let shape = Shape(
      entries, at: path, allowed: ["sites", "mass", "site", "bond"], required: ["sites"], &faults)
    func take(_ key: String, _ set: (ParameterTree) throws(ModelError) -> Void) {
      guard let value = shape[key] else { return }
      do throws(ModelError) { try set(value) } catch { faults += error.faults }
    }
    func formula(_ value: ParameterTree, _ key: String, of variable: String) throws(ModelError) -> String {
      guard let text = value.formula else {
        throw ModelError("\(path).\(key)", value.words, "a formula of \(variable)")
      }
      return text
    }
    var (ranges, mass, site, bond): ([ClosedRange<Int>], MassRule?, String?, String?) = ([], nil, nil, nil)
    take("sites") { (value) throws(ModelError) in
      for item in value.items ?? [value] {
        guard let range = Self.range(item) else {
          throw ModelError("\(path).sites", item.words, "a site, a range such as 1-8, or a list of them")
        }
        ranges.append(range)
      }
    }
    take("mass") { (value) throws(ModelError) in mass = try MassRule(value, at: "\(path).mass") }
    take("site") { (value) throws(ModelError) in site = try formula(value, "site", of: "q") }
    take("bond") { (value) throws(ModelError) in bond = try formula(value, "bond", of: "r") }
    if !faults.isEmpty { throw ModelError(faults: faults) }
    self.init(sites: ranges, mass: mass, site: site, bond: bond)
  }

  /// `3`, or `1-8`.
  private static func range(_ tree: ParameterTree) -> ClosedRange<Int>? {
    if let site = tree.whole { return site...site }
    guard case .text(let text) = tree else { return nil }
    let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0.filter { $0 != " " }) }
    guard let first = ends.first.flatMap({ $0 }), let last = ends.last.flatMap({ $0 }), ends.count <= 2, first <= last
    else { return nil }
    return first...last
  }
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

  init(_ tree: ParameterTree, at path: String) throws(ModelError) {
    guard let entries = tree.entries else { throw ModelError(path, tree.words, "{left: true, right: true}") }
    var faults: [ParameterFault] = []
    let shape = Shape(entries, at: path, allowed: ["left", "right"], required: [], &faults)
    func end(_ key: String) -> (isThere: Bool, bond: String?) {
      guard let value = shape[key] else { return (false, nil) }
      // A word alone is no formula of r.
      guard case .text(let text) = value, ["true", "false"].contains(text) || !text.allSatisfy(\.isLetter) else {
        faults.append(
          ParameterFault(
            parameter: "\(path).\(key)", found: value.words, expected: "true, false or a formula of r"))
        return (false, nil)
      }
      return (text != "false", ["true", "false"].contains(text) ? nil : text)
    }
    (left, leftBond) = end("left")
    (right, rightBond) = end("right")
    if !faults.isEmpty { throw ModelError(faults: faults) }
  }
}

/// The entries of a mapping, whose keys are known ones.
struct Shape {
  private let values: [String: ParameterTree]

  /// - Parameter faults: takes what is wrong with the keys; the others can be looked at all the same.
  init(
    _ entries: [ParameterTree.Entry], at path: String, allowed: [String], required: [String],
    _ faults: inout [ParameterFault]
  ) {
    faults += entries.filter { !allowed.contains($0.key) }.map { entry in
      let candidates = meanings(of: entry.key, among: allowed).filter { key in !entries.contains { $0.key == key } }
      return ParameterFault(
        parameter: "\(path).\(entry.key)", found: ParameterFault.unknownKey, expected: alternatives(allowed),
        remedy: candidates.isEmpty ? nil : "did you mean \(alternatives(candidates))?")
    }
    for key in required where !entries.contains(where: { $0.key == key }) {
      faults.append(
        ParameterFault(parameter: "\(path).\(key)", found: "no such key", expected: "the required key \(key)"))
    }
    values = Dictionary(entries.map { ($0.key, $0.value) }) { first, _ in first }
  }

  init(
    _ entries: [ParameterTree.Entry], at path: String, allowed: [String], required: [String]
  ) throws(ModelError) {
    var faults: [ParameterFault] = []
    self.init(entries, at: path, allowed: allowed, required: required, &faults)
    if !faults.isEmpty { throw ModelError(faults: faults) }
  }

  subscript(key: String) -> ParameterTree? { values[key] }
}

extension ModelError {
  /// One fault.
  init(_ path: String, _ found: String, _ expected: String, remedy: String? = nil) {
    self.init(faults: [ParameterFault(parameter: path, found: found, expected: expected, remedy: remedy)])
  }
}
