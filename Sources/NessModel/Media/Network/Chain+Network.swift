/// A chain of unlike sites, of potentials by formula or of quantum motion is a network: what a file says of it, and the
/// network that solvers see.
extension Chain {
  /// What a chain may have besides equal masses and springs.
  package struct Rules: Hashable, Sendable {
    /// Masses, where they are not one number.
    package var mass: MassRule?
    /// Potential of the bonds, a formula of `r`; nil for that of the springs.
    package var bond: String?
    /// Potential of every site, a formula of `q` and of the number of the site, `j`; nil for none.
    package var site: String?
    /// Numbers with names for the formulas.
    package var parameters: [Network.NamedNumber] = []
    /// Ends that are bonded to walls.
    package var walls = WallRule()
    /// Unlike parts, each a range of sites, from the first site of the chain to its last; empty for a chain of one piece.
    package var segments: [SiteRule] = []
    /// Potentials of the bonds between neighbouring segments, formulas of `r`; empty for that of the bonds.
    package var joints: [String] = []
    /// Planck's constant over 2 pi; 0 for classical motion [energy time].
    package var hbar = 0.0

    /// None: a plain chain.
    package init() {}

    static let segmentForms: [ParameterDescription.Choice] = [
      .init(
        word: "[{sites: 1-32, mass: 2.0, bond: \"r^2\", site: \"q^2/2\"}, {sites: 33-64}]",
        meaning:
          "every part with its sites, one after the other; what a part does not have is that of the chain; `mass` may be a "
          + "list, and `bond` is that of a wall beside the part, too")
    ]
    static let jointForms: [ParameterDescription.Choice] = [
      .init(word: "[\"0.05*r^2/2\"]", meaning: "one formula of `r` for each two neighbours; left out, `bond`")
    ]
  }

  /// The mass of all sites; unlike masses are forgotten when it is set.
  var commonMass: Double {
    get { mass }
    set {
      mass = newValue
      rules.mass = nil
    }
  }

  /// Whether all its sites and bonds are alike, as the kernels of chains need.
  package var isPlain: Bool { rules == Rules() }

  /// A chain that is not plain is a network.
  package static var solvedAs: (any Medium.Type)? { Network.self }
  /// The network that it is, unless it is plain.
  package var solvedAs: (any Medium)? { isPlain ? nil : network }

  /// A chain with rules is solved as the network that it is.
  package static func faults(of attachments: [Model<Chain>.Attachment], on medium: Chain) -> [ParameterFault] {
    medium.isPlain
      ? [] : [ParameterFault(parameter: "medium", found: "a chain that is not plain", expected: "its network")]
  }

  /// The same as a network.
  package var network: Network {
    var network = Network(
      lattice: .chain(sites), mass: rules.mass ?? .number(mass), bond: rules.bond ?? bondOfSprings, site: rules.site,
      parameters: rules.parameters, at: rules.segments, walls: rules.walls, pinning: pinning,
      hbar: rules.hbar)
    // The bond to a wall is that of the segment beside it.
    if network.walls.left { network.walls.leftBond = network.walls.leftBond ?? rules.segments.first?.bond }
    if network.walls.right { network.walls.rightBond = network.walls.rightBond ?? rules.segments.last?.bond }
    network.bonds = zip(rules.segments, rules.joints).compactMap { segment, joint in
      segment.sites.last.map { BondRule(between: $0.upperBound, $0.upperBound + 1, potential: joint) }
    }
    network.miss(Array(missing))
    return network
  }

  /// The springs as a formula.
  private var bondOfSprings: String {
    let spring = springConstant == 1 ? Network.harmonicBond : "\(springConstant)*r^2/2"
    return quarticConstant == 0 ? spring : "\(spring) + \(quarticConstant)*r^4/4"
  }
}

// MARK: faults

extension Chain {
  /// What is wrong with the rules, at the keys of the chain.
  var ruleFaults: [ParameterFault] {
    if isPlain { return [] }
    // A number of sites that is none must not hide what is wrong besides.
    if !missing.contains(.size), !(1...Lattice.mostSites).contains(sites) {
      var other = self
      other.missing.insert(.size)
      return other.ruleFaults
    }
    return segmentFaults + jointFaults + networkFaults
  }

  package mutating func miss(_ keys: Set<String>) {
    if keys.contains("sites") { missing.insert(.size) }
    if keys.contains("parameters"), rules.parameters.isEmpty { missing.insert(.names) }
  }

  /// Segments follow one another from the first site to the last.
  private var segmentFaults: [ParameterFault] {
    var faults: [ParameterFault] = []
    var next: Int? = 1
    let knowsSize = !missing.contains(.size)
    for (index, segment) in rules.segments.enumerated() {
      // One whose sites could not be read ends nobody knows where.
      if segment.sites.isEmpty {
        next = nil
        continue
      }
      func note(_ found: String, _ expected: String, remedy: String? = nil) {
        faults.append(.init(parameter: "segments[\(index)].sites", found: found, expected: expected, remedy: remedy))
      }
      guard let range = segment.sites.first, segment.sites.count == 1 else {
        note("a list of \(segment.sites.count)", "sites in one piece, such as 1-8")
        next = segment.sites.map(\.upperBound).max().map { $0 + 1 }
        continue
      }
      let words = range.textOfSites
      if range.lowerBound < 1 || (knowsSize && range.upperBound > sites) {
        note(words, "sites between 1 and \(knowsSize ? sites : Lattice.mostSites)")
      } else if let next, range.lowerBound != next {
        let before = index == 0 ? "" : ", after the last one of segments[\(index - 1)]"
        let between = Self.words(min(next, range.lowerBound)...(max(next, range.lowerBound) - 1))
        note(
          words, "a segment from site \(next) on\(before)",
          remedy: range.lowerBound > next ? "\(between) in no segment" : "\(between) in a segment before it")
      }
      next = range.upperBound + 1
    }
    if !rules.segments.isEmpty, knowsSize, let next, next <= sites {
      faults.append(
        .init(
          parameter: "segments", found: "segments up to site \(next - 1)", expected: "segments up to site \(sites)",
          remedy: "\(Self.words(next...sites)) in no segment"))
    }
    return faults
  }

  private static func words(_ range: ClosedRange<Int>) -> String {
    range.count == 1 ? "site \(range.lowerBound) is" : "the sites \(range.textOfSites) are"
  }

  private var jointFaults: [ParameterFault] {
    let count = max(0, rules.segments.count - 1)
    guard !rules.joints.isEmpty, rules.joints.count != count else { return [] }
    let segments = "\(rules.segments.count) \(rules.segments.count == 1 ? "segment" : "segments")"
    return [
      ParameterFault(
        parameter: "joints", found: "\(rules.joints.count)",
        expected: "\(count), one between each two neighbours of \(segments)")
    ]
  }

  /// The faults of the network but for those told already, at the keys of the chain.
  private var networkFaults: [ParameterFault] {
    var network = network
    // Segments that are told already must not hide other faults: their formulas are looked at somewhere else.
    for index in network.at.indices {
      guard network.at[index].sites.contains(where: { $0.lowerBound < 1 || $0.upperBound > network.sites }) else {
        continue
      }
      network.at[index].sites = [1...1]
      if case .number? = network.at[index].mass { continue }
      network.at[index].mass = nil
    }
    network.bonds = rules.joints.enumerated().map { BondRule(between: $0 + 1, $0 + 2, potential: $1) }
    return network.faults.compactMap { fault in
      guard let key = key(of: fault.parameter) else { return nil }
      return ParameterFault(
        parameter: key, found: fault.found, expected: fault.expected, remedy: fault.remedy, offset: fault.offset)
    }
  }

  /// The key of the chain that a key of the network stands for; nil for one that is no rule.
  private func key(of path: String) -> String? {
    func part(after head: String) -> String? { path.hasPrefix(head) ? String(path.dropFirst(head.count)) : nil }
    if let rest = part(after: "at[") { return "segments[\(rest)" }
    if let rest = part(after: "bonds[") {
      return rest.hasSuffix("].potential") ? "joints[\(rest.dropLast(".potential".count))" : nil
    }
    switch path.prefix(while: { $0 != "." && $0 != "[" }) {
    case "mass": return rules.mass == nil ? nil : path
    case "bond": return rules.bond == nil ? nil : path
    case "walls": return told(wall: path) ? nil : path
    case "lattice", "pinning": return nil
    default: return path
    }
  }

  /// Whether the bond to a wall is that of a segment, which has its own key.
  private func told(wall path: String) -> Bool {
    (path == "walls.left" && rules.walls.leftBond == nil) || (path == "walls.right" && rules.walls.rightBond == nil)
  }
}
