import NessFormula
import NessRandom

/// Makes what solvers see of what a file says, and notes every fault on the way.
struct NetworkBuilder {
  private let network: Network
  private(set) var faults: [ParameterFault] = []
  private var potentials: [Potential] = []
  private var places: [Potential: Int] = [:]
  private let values: [String: Double]
  /// Numbers that change with the time, as formulas of it; empty for a network at rest.
  private let driven: [String: Formula]
  /// Potentials that change with the time, by their places.
  private(set) var drivenFormulas: [Int: DrivenFormula] = [:]
  private var placesOfDriven: [DrivenFormula: Int] = [:]
  /// The time at which potentials that change stand among the others.
  var usualTime = 0.0

  /// A potential of a variable and of the time.
  struct DrivenFormula: Hashable {
    let formula: Formula
    let variable: String

    init(_ formula: Formula, _ variable: String) { (self.formula, self.variable) = (formula, variable) }
  }

  init(_ network: Network, driven: [String: Formula] = [:]) {
    self.network = network
    self.driven = driven
    values = Dictionary(network.parameters.filter { driven[$0.name] == nil }.map { ($0.name, $0.value) }) { first, _ in
      first
    }
  }

  /// The network; nil if there is a fault.
  mutating func build() -> SiteNetwork? {
    checkParameters()
    guard checkSize() else {
      checkRest()
      return nil
    }
    let masses = masses()
    let fields = siteFields() + wallFields() + pinningFields()
    let bonds = bonds()
    guard faults.isEmpty else { return nil }
    return SiteNetwork(masses: masses, potentials: potentials, bonds: bonds, fields: fields)
  }

  private mutating func note(
    _ path: String, _ found: String, _ expected: String, remedy: String? = nil, offset: Int? = nil
  ) {
    let fault = ParameterFault(parameter: path, found: found, expected: expected, remedy: remedy, offset: offset)
    // One formula may be the bond of sites and of a wall.
    if !faults.contains(fault) { faults.append(fault) }
  }

  private mutating func checkParameters() {
    var seen: Set<String> = []
    for parameter in network.parameters {
      let path = "parameters.\(parameter.name)"
      if !parameter.value.isFinite { note(path, "\(parameter.value)", "a finite number") }
      if !Formula.isName(parameter.name) || ["r", "q", "j"].contains(parameter.name) {
        note(
          path, "the name \(shortened(parameter.name))",
          "a name of letters and digits that formulas do not use otherwise (r, q, j, pi and functions are taken)")
      }
      if !seen.insert(parameter.name).inserted { note(path, "the name a second time", "each name once") }
    }
  }

  /// Which numbers a site may have, in words.
  private var rangeOfSites: String {
    "sites between 1 and \(network.missing.contains(.size) ? Lattice.mostSites : network.sites)"
  }

  /// Whether it makes sense to go on.
  private mutating func checkSize() -> Bool {
    let before = faults.count
    let (name, sizes) = network.lattice.parts
    let path = "lattice.\(name)"
    let least = name == "ring" ? 3 : 1
    if let wrong = sizes.first(where: { $0 < least }) {
      note(path, "\(wrong)", "\(least) or more sites" + (least == 3 ? ": fewer are no ring" : ""))
    } else if network.sites > Lattice.mostSites {
      note(path, "\(sizes.map(String.init).joined(separator: " x "))", "at most \(Lattice.mostSites) sites")
    } else if network.lattice.bondCount > Lattice.mostBonds {
      note(path, "\(network.lattice.bondCount) bonds", "at most \(Lattice.mostBonds) bonds")
    }
    // Numbers of sites are told only where it is known how many there are.
    let isWhole = faults.count == before
    for (index, rule) in network.at.enumerated() where isWhole {
      for range in rule.sites where range.lowerBound < 1 || range.upperBound > network.sites {
        note("at[\(index)].sites", range.textOfSites, rangeOfSites)
      }
    }
    if network.walls != WallRule() {
      if case .chain = network.lattice {
      } else {
        note("walls", "walls of a \(name)", "walls only at the ends of a chain")
      }
    }
    if network.sites == 1, network.pinning.left != network.pinning.right {
      faults.append(network.pinning.faultOfSingleSite)
    }
    return faults.count == before
  }

  /// What is wrong besides sizes and ranges: with those put right.
  private mutating func checkRest() {
    var rest = network
    let (name, sizes) = network.lattice.parts
    let isWhole =
      sizes.allSatisfy { $0 >= (name == "ring" ? 3 : 1) } && network.sites <= Lattice.mostSites
      && network.lattice.bondCount <= Lattice.mostBonds
    if !isWhole { rest.miss([Network.Missing.size]) }
    rest.walls = rest.lattice == .chain(rest.sites) && isWhole ? network.walls : WallRule()
    if rest.walls != network.walls {
      for (end, text) in [("left", network.walls.leftBond), ("right", network.walls.rightBond)] {
        if let text { _ = formula(text, of: ["r"], at: "walls.\(end)") }
      }
    }
    if rest.sites == 1 { rest.pinning = .init(left: 0, right: 0) }
    for index in rest.at.indices {
      guard rest.at[index].sites.contains(where: { $0.lowerBound < 1 || $0.upperBound > rest.sites }) else { continue }
      rest.at[index].sites = [1...1]
      if case .list? = rest.at[index].mass { rest.at[index].mass = nil }
    }
    var builder = NetworkBuilder(rest)
    _ = builder.build()
    faults += builder.faults.filter { !faults.contains($0) }
  }

  // MARK: masses

  private mutating func masses() -> [Double] {
    var masses = [Double](repeating: 1, count: network.sites)
    set(&masses, network.mass, [1...network.sites], at: "mass")
    for (index, rule) in network.at.enumerated() {
      if let mass = rule.mass { set(&masses, mass, rule.sites, at: "at[\(index)].mass") }
    }
    return masses
  }

  private mutating func set(
    _ masses: inout [Double], _ rule: MassRule, _ ranges: [ClosedRange<Int>], at path: String
  ) {
    let count = ranges.reduce(0) { $0 + $1.count }
    func isMass(_ mass: Double) -> Bool { mass.isFinite && mass > 0 }
    switch rule {
    case .number(let mass):
      if !isMass(mass) { note(path, "\(mass)", "a mass > 0") }
      for site in ranges.joined() { masses[site - 1] = mass }
    case .list(let list):
      if list.count != count, count > 0 {
        note(path, "a list of \(list.count) masses", "as many as there are sites, \(count)")
      }
      for (index, mass) in list.enumerated() where !isMass(mass) { note("\(path)[\(index)]", "\(mass)", "a mass > 0") }
      for (site, mass) in zip(ranges.joined(), list) { masses[site - 1] = mass }
    case .formula(let text):
      guard let formula = formula(text, of: ["j"], at: path) else { return }
      if formula.names.contains(Drive.time) {
        note(path, "a mass that changes with the time", "masses without driven parameters")
        return
      }
      for site in ranges.joined() {
        let mass = formula.value(["j": Double(site)])
        guard isMass(mass) else {
          note(path, "a mass of \(mass) at site \(site)", "a mass > 0 at every site")
          return
        }
        masses[site - 1] = mass
      }
    case .uniform(let from, let to, let seed):
      guard isMass(from), isMass(to), from <= to else {
        note("\(path).uniform", "[\(from), \(to)]", "two masses > 0, the smaller one first")
        return
      }
      for site in ranges.joined() {
        var stream = CounterStream(seed: UInt64(seed), index: UInt64(site), purpose: .massDisorder)
        masses[site - 1] = from + (to - from) * stream.uniform()
      }
    }
  }

  // MARK: potentials

  /// A formula with the values of the parameters in it; nil, and noted, if it cannot be read.
  private mutating func formula(_ text: String, of variables: Set<String>, at path: String) -> Formula? {
    do throws(FormulaFault) {
      // Where nobody knows which names there are, nothing is said of them.
      if network.missing.contains(.names) {
        let formula = try Formula(text, names: variables.union(Self.words(in: text)))
        return Set(formula.names).isSubset(of: variables) ? formula : nil
      }
      let formula = try Formula(text, names: variables.union(values.keys).union(driven.keys)).substituting(values)
      return driven.isEmpty ? formula : formula.substituting(driven)
    } catch {
      note(path, error.found, error.expected, remedy: error.remedy, offset: error.position)
      return nil
    }
  }

  /// What may be the names of numbers in a formula.
  private static func words(in text: String) -> [String] {
    text.split { !$0.isLetter && !$0.isNumber && $0 != "_" }.map(String.init).filter(Formula.isName)
  }

  /// The place of a potential among all.
  private mutating func place(_ potential: Potential) -> Int {
    if let known = places[potential] { return known }
    potentials.append(potential)
    places[potential] = potentials.count - 1
    return potentials.count - 1
  }

  /// The place of the potential of a formula; nil, and noted, if it has no force at rest.
  private mutating func place(_ formula: Formula, of variable: String, at path: String) -> Int? {
    let changing = driven.isEmpty || !formula.names.contains(Drive.time) ? nil : DrivenFormula(formula, variable)
    if let changing, let known = placesOfDriven[changing] { return known }
    let now = changing == nil ? formula : formula.substituting([Drive.time: usualTime])
    let potential = Potential(now, of: variable)
    if changing == nil, let known = places[potential] { return known }
    for (value, what) in [
      (potential.energy(0), "energy"), (potential.slope(0), "force"), (potential.curvature(0), "curvature"),
    ] where !value.isFinite {
      note(
        path, "\(value.isNaN ? "no" : "an infinite") \(what) at rest, \(variable) = 0",
        "a potential that is smooth there")
      return nil
    }
    guard let changing else { return place(potential) }
    potentials.append(potential)
    drivenFormulas[potentials.count - 1] = changing
    placesOfDriven[changing] = potentials.count - 1
    return potentials.count - 1
  }

  private mutating func siteFields() -> [SiteNetwork.Field] {
    // The last rule of a site wins.
    var rules = [Int?](repeating: nil, count: network.sites)
    for (index, rule) in network.at.enumerated() where rule.site != nil {
      for site in rule.sites.joined() { rules[site - 1] = index }
    }
    var formulas: [Int: Formula] = [:]
    func path(_ rule: Int) -> String { rule < 0 ? "site" : "at[\(rule)].site" }
    for (rule, text) in [(-1, network.site)] + network.at.enumerated().map({ ($0.offset, $0.element.site) }) {
      if let text { formulas[rule] = formula(text, of: ["q", "j"], at: path(rule)) }
    }
    var (fields, same): ([SiteNetwork.Field], [Int: Int]) = ([], [:])
    var isBad: Set<Int> = []
    // Rules whose sites could not be read hold somewhere.
    for (rule, formula) in formulas where rule >= 0 && network.at[rule].sites.isEmpty {
      _ = place(formula.substituting(["j": 1]), of: "q", at: path(rule))
    }
    for site in 0..<network.sites {
      let rule = rules[site] ?? -1
      guard let formula = formulas[rule], !isBad.contains(rule) else { continue }
      let isOwn = formula.names.contains("j")
      let known = isOwn ? nil : same[rule]
      guard
        let found = known
          ?? place(formula.substituting(["j": Double(site + 1)]), of: "q", at: path(rule))
      else {
        isBad.insert(rule)
        continue
      }
      if !isOwn { same[rule] = found }
      if !isNothing(found) { fields.append(.init(site: site, potential: found)) }
    }
    return fields
  }

  /// Whether a potential never pushes.
  private func isNothing(_ place: Int) -> Bool {
    if drivenFormulas[place] != nil { return false }
    if case .polynomial(let coefficients) = potentials[place].form { return coefficients.allSatisfy { $0 == 0 } }
    return false
  }

  private mutating func wallFields() -> [SiteNetwork.Field] {
    let walls = network.walls
    func field(_ isThere: Bool, _ own: String?, _ end: String, _ site: Int) -> SiteNetwork.Field? {
      let path = own == nil ? "bond" : "walls.\(end)"
      guard isThere, let formula = formula(own ?? network.bond, of: ["r"], at: path) else { return nil }
      // The wall is at the left of the first site, so r = q there, and at the right of the last one, where r = -q.
      return place(end == "left" ? formula : formula.mirrored(in: "r"), of: "r", at: path)
        .map { .init(site: site, potential: $0) }
    }
    return [
      field(walls.left, walls.leftBond, "left", 0),
      field(walls.right, walls.rightBond, "right", network.sites - 1),
    ].compactMap { $0 }
  }

  private mutating func pinningFields() -> [SiteNetwork.Field] {
    let ends = [(0, network.pinning.left, "_pinningLeft"), (network.sites - 1, network.pinning.right, "_pinningRight")]
    return ends.prefix(network.sites == 1 ? 1 : 2).compactMap { site, constant, name in
      if let changing = driven[name], let spring = try? Formula("K*q^2/2", names: ["K", "q"]) {
        return place(spring.substituting(["K": changing]), of: "q", at: "pinning")
          .map { .init(site: site, potential: $0) }
      }
      guard constant > 0, constant.isFinite, let spring = try? Formula("K*q^2/2", names: ["K", "q"]) else { return nil }
      return place(spring.substituting(["K": constant]), of: "q", at: "pinning")
        .map { .init(site: site, potential: $0) }
    }
  }

  /// Rules for bonds between sites of which the lattice joins no two would change nothing.
  private mutating func noteIdleRules(_ rules: [[Int]], _ pairs: [(Int, Int)]) {
    var left = Set(
      network.at.indices.filter { network.at[$0].bond != nil && network.at[$0].sites.reduce(0) { $0 + $1.count } > 1 })
    for (first, second) in pairs where !left.isEmpty {
      for rule in rules[first] where rules[second].contains(rule) { left.remove(rule) }
    }
    for rule in left.sorted() {
      note(
        "at[\(rule)].bond", "a bond between sites of which the lattice joins no two", "sites that it joins",
        remedy: "new bonds: bonds: [{between: [i, j], potential: \"...\"}]")
    }
  }

  private mutating func bonds() -> [SiteNetwork.Bond] {
    let handmade = rulesOfPairs()
    var bonds: [SiteNetwork.Bond] = []
    let general = formula(network.bond, of: ["r"], at: "bond")
    let pairs = network.lattice.pairs
    if !pairs.isEmpty || handmade.values.contains(where: { network.bonds[$0].potential == nil }) {
      let usual = general.flatMap { place($0, of: "r", at: "bond") }
      // The last rule that holds for both sites wins.
      var rules = [[Int]](repeating: [], count: network.at.contains { $0.bond != nil } ? network.sites : 0)
      var places: [Int: Int] = [:]
      for (index, rule) in network.at.enumerated() {
        guard let text = rule.bond else { continue }
        if let own = formula(text, of: ["r"], at: "at[\(index)].bond"),
          let found = place(own, of: "r", at: "at[\(index)].bond")
        {
          places[index] = found
        }
        for site in rule.sites.joined() where rules[site - 1].last != index { rules[site - 1].append(index) }
      }
      noteIdleRules(rules, pairs)
      for (first, second) in pairs where handmade[Pair(first, second)] == nil {
        let rule = rules.isEmpty ? nil : rules[first].last { rules[second].contains($0) }
        guard let potential = rule.flatMap({ places[$0] }) ?? usual else { continue }
        bonds.append(.init(first: first, second: second, potential: potential))
      }
    }
    for (pair, index) in handmade.sorted(by: { $0.value < $1.value }) {
      let rule = network.bonds[index]
      let path = rule.potential == nil ? "bond" : "bonds[\(index)].potential"
      guard let own = formula(rule.potential ?? network.bond, of: ["r"], at: path),
        let found = place(own.times(rule.weight), of: "r", at: path)
      else { continue }
      if !isNothing(found) { bonds.append(.init(first: pair.first, second: pair.second, potential: found)) }
    }
    checkLostRules(besides: Set(handmade.values), hasLattice: !pairs.isEmpty)
    return bonds
  }

  /// The formulas of bonds that are nowhere, by a mistake of their own: one must not hide the other.
  private mutating func checkLostRules(besides known: Set<Int>, hasLattice: Bool) {
    for (index, rule) in network.bonds.enumerated() where !known.contains(index) {
      let path = "bonds[\(index)].potential"
      if let own = rule.potential.flatMap({ formula($0, of: ["r"], at: path) }) { _ = place(own, of: "r", at: path) }
    }
    for (index, rule) in network.at.enumerated() where !hasLattice {
      if let text = rule.bond { _ = formula(text, of: ["r"], at: "at[\(index)].bond") }
    }
  }

  private struct Pair: Hashable {
    let first: Int
    let second: Int

    init(_ first: Int, _ second: Int) { (self.first, self.second) = (min(first, second), max(first, second)) }
  }

  /// The bond by hand of every pair of sites, by its place in the list.
  private mutating func rulesOfPairs() -> [Pair: Int] {
    var known: [Pair: Int] = [:]
    for (index, rule) in network.bonds.enumerated() where rule.sites.count == 2 {
      let path = "bonds[\(index)]"
      let text = "\(rule.sites[0])-\(rule.sites[1])"
      if let wrong = rule.sites.first(where: { $0 < 1 || $0 > network.sites }) {
        note(path, "site \(wrong)", rangeOfSites, remedy: wrong == 0 ? "sites count from 1" : nil)
      } else if rule.sites[0] == rule.sites[1] {
        note(path, "a bond of site \(rule.sites[0]) with itself", "two sites")
      } else if let first = known[Pair(rule.sites[0] - 1, rule.sites[1] - 1)] {
        note(path, "the bond \(text) a second time", "each pair once", remedy: "it is bonds[\(first)] already")
      } else if !rule.weight.isFinite {
        note(path, "a factor \(rule.weight)", "a finite factor")
      } else {
        known[Pair(rule.sites[0] - 1, rule.sites[1] - 1)] = index
      }
    }
    return known
  }
}
