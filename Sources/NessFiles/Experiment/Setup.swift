import NessModel

/// A bath under a name and where it touches the medium.
package struct Contact: Hashable, Sendable {
  /// Name of the bath: `left`, `right` or another one of letters, digits, `-` and `_`.
  package var name: String
  /// The site that it touches, 1 to N; nil for `left` (site 1) and `right` (site N), and for several.
  package var site: Int?
  /// The sites of a network that baths like this touch, each with noise of its own; nil for one bath at one site.
  package var sites: ContactSites?
  /// The law of the bath.
  package var bath: AnyBath

  /// A bath under a name; a site or several are needed unless the name is `left` or `right`.
  package init(_ name: String, site: Int? = nil, sites: ContactSites? = nil, _ bath: AnyBath) {
    self.name = name
    self.site = site
    self.sites = sites
    self.bath = bath
  }

  /// Whether its temperature follows from the other baths.
  package var isSelfConsistent: Bool { bath.base is SelfConsistentBath }

  /// The names of the baths at each of several sites, on a medium of so many, with their sites; empty for one at one site.
  func places(on count: Int) -> [(name: String, site: Int)] {
    let list = sites?.list(of: count) ?? []
    return list.count > 1 ? list.map { (WrittenBath.name(name, atSite: $0), $0) } : []
  }

  /// The site that the name alone implies, on a medium of `sites` sites.
  func impliedSite(sites: Int) -> Int? {
    switch name {
    case "left": 1
    case "right": max(1, sites)
    default: bath.base.ownSite.map { max(1, min(max(1, sites), $0)) }
    }
  }

  var nameFault: FileFault? {
    let letters = name.unicodeScalars.allSatisfy {
      $0.isASCII && ($0.properties.isAlphabetic || $0.properties.numericType != nil || $0 == "-" || $0 == "_")
    }
    if letters, name.count <= 60, name.unicodeScalars.first?.properties.isAlphabetic == true { return nil }
    return FileFault(
      key: "baths.\(name)", found: "the name \"\(shortened(name))\"",
      expected: "at most 60 letters, digits, - and _, a letter first")
  }
}

/// The sites that one bath of a file touches: the value of its key `sites`.
package enum ContactSites: Hashable, Sendable {
  /// Ranges of sites, 1 to N.
  case ranges([ClosedRange<Int>])
  /// All but the first and the last of the medium.
  case inner

  static let innerWord = "inner"
  static let form = "sites, for example [1, 2, 5-7], 2-7 or inner (all but the first and the last)"

  /// The sites on a medium of so many; of those that lie beyond it one.
  package func list(of sites: Int) -> [Int] {
    switch self {
    case .ranges(let ranges): ranges.flatMap { $0.prefix(max(1, sites - $0.lowerBound + 2)) }
    case .inner: sites > 2 ? Array(2..<sites) : []
    }
  }

  /// As files write it.
  var text: String {
    switch self {
    case .ranges(let ranges):
      ranges.count == 1 && ranges[0].count > 1
        ? ranges[0].textOfSites : "[\(ranges.map(\.textOfSites).joined(separator: ", "))]"
    case .inner: Self.innerWord
    }
  }
}

/// The physical part of an experiment before it is a model: what a sweep changes.
struct Setup: Hashable, Sendable {
  var medium: AnyMedium
  var contacts: [Contact]
  /// What changes with the time; nil for nothing.
  var drive: Drive?
  /// What is followed from a start on, if anything.
  var transient: Transient?

  /// A numeric parameter that a sweep may change.
  struct Parameter {
    let path: String
    let description: ParameterDescription
  }

  /// Every numeric parameter of the medium and of the baths.
  var parameters: [Parameter] {
    func numeric(_ owner: String, _ parameters: [DescribedParameter]) -> [Parameter] {
      parameters.filter(\.isNumeric).map {
        Parameter(path: "\(owner).\($0.name)", description: $0.description)
      }
    }
    return numeric("medium", medium.parameters)
      + contacts.flatMap { contact in
        let owner = "baths.\(contact.name)"
        let site = contact.site == nil ? [] : [Parameter(path: "\(owner).site", description: .site)]
        return numeric(owner, contact.bath.parameters) + site
      }
  }

  /// The setup with one parameter changed; nil if there is no such parameter or it needs a whole number.
  func with(_ path: String, _ value: Double) -> Setup? {
    var changed = self
    let parts = path.split(separator: ".", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
    if parts.first == "medium" {
      return changed.medium.set(parts.dropFirst().joined(separator: "."), to: value) ? changed : nil
    }
    guard parts.count == 3, parts[0] == "baths" else { return nil }
    guard let index = contacts.firstIndex(where: { $0.name == parts[1] }) else { return nil }
    if parts[2] == "site" {
      guard contacts[index].site != nil, let site = Int(exactly: value) else { return nil }
      changed.contacts[index].site = site
      return changed
    }
    return changed.contacts[index].bath.set(parts[2], to: value) ? changed : nil
  }

  /// Names of the baths whose temperatures do not follow from the others.
  var ends: [String] { contacts.filter { !$0.isSelfConsistent }.map(\.name) }

  /// The baths on their sites. A contact without a site stands on site 1; that is a fault of its own.
  var attachments: [(name: String, site: Int, bath: AnyBath)] {
    contacts.flatMap { contact -> [(name: String, site: Int, bath: AnyBath)] in
      let places = contact.places(on: medium.sites)
      if !places.isEmpty { return places.map { ($0.name, $0.site, contact.bath) } }
      let sites = contact.sites?.list(of: medium.sites)
      if sites?.isEmpty == true { return [] }
      let site = sites?.first ?? contact.site
      return [(contact.name, site ?? contact.impliedSite(sites: medium.sites) ?? 1, contact.bath)]
    }
  }

  /// The names of the baths at several sites, for the names of those at each of them.
  private var groups: [String: String] {
    contacts.reduce(into: [:]) { groups, contact in
      for place in contact.places(on: medium.sites) { groups[place.name] = contact.name }
    }
  }

  /// What is to be solved.
  ///
  /// - Throws: `ModelError` with all faults at once, those of a bath at several sites under its name in the file.
  func model() throws(ModelError) -> AnyModel {
    let groups = groups
    do throws(ModelError) {
      return try AnyModel(medium: medium, attachments: attachments, drive: drive, groups: groups)
    } catch {
      var faults: [ParameterFault] = []
      for fault in error.faults {
        var parts = fault.parameter.split(separator: ".", maxSplits: 2, omittingEmptySubsequences: false).map(
          String.init)
        if parts.count > 1, parts[0] == "baths", let group = groups[parts[1]] {
          parts[1] = group
        }
        if parts.count > 2, parts[2] == "site", contacts.contains(where: { $0.name == parts[1] && $0.sites != nil }) {
          parts[2] = "sites"
        }
        let told = ParameterFault(
          parameter: parts.joined(separator: "."), found: fault.found, expected: fault.expected, remedy: fault.remedy,
          offset: fault.offset)
        if !faults.contains(told) { faults.append(told) }
      }
      throw ModelError(faults: faults)
    }
  }

  /// Every reason why the setup is not a possible model.
  var faults: [FileFault] {
    var faults: [FileFault] = contacts.flatMap { contact -> [FileFault] in
      [contact.nameFault, siteFault(of: contact)].compactMap { $0 }
    }
    do throws(ModelError) {
      _ = try model()
    } catch {
      let known = Set(faults.map(\.key))
      faults += error.faults
        .filter {
          !known.contains($0.parameter) && !known.contains("\($0.parameter).sites")
            && !(medium.sites < 1 && $0.parameter.hasPrefix("baths.")
              && ($0.parameter.hasSuffix(".site") || $0.parameter.hasSuffix(".sites")))
        }
        .map(FileFault.init)
    }
    if medium.sites >= 1 { faults += transient?.faults(of: medium) ?? [] }
    if transient != nil, drive != nil {
      faults.append(
        FileFault(
          key: "transient", found: "a transient beside a drive", expected: "a medium whose numbers stay",
          remedy: "leave one of them out"))
    }
    return faults
  }

  /// A device is one of a steady state, without a drive.
  func faults(of device: DeviceChoice?) -> [FileFault] {
    if device != nil, transient != nil {
      return [
        FileFault(
          key: "device", found: "a device beside a transient", expected: "a steady state",
          remedy: "leave one of them out")
      ]
    }
    guard device != nil, drive != nil else { return [] }
    return [
      FileFault(
        key: "device", found: "a device beside a drive", expected: "a medium at rest", remedy: "leave one of them out")
    ]
  }

  private func siteFault(of contact: Contact) -> FileFault? {
    let key = "baths.\(contact.name).site"
    if let sites = contact.sites { return fault(of: sites, contact) }
    guard let implied = contact.impliedSite(sites: medium.sites) else {
      guard contact.site == nil else { return nil }
      return FileFault(
        key: key, found: "no such key", expected: "the site that the bath touches, 1 to \(medium.sites)",
        remedy: "only the baths named left and right know their site")
    }
    guard let site = contact.site, site != implied, medium.sites >= 1, ["left", "right"].contains(contact.name) else {
      return nil
    }
    return FileFault(
      key: key, found: "\(site)", expected: "\(implied), where the bath named \(contact.name) always is",
      remedy: "leave site out or rename the bath")
  }

  private func fault(of sites: ContactSites, _ contact: Contact) -> FileFault? {
    let key = "baths.\(contact.name).sites"
    func fault(_ found: String, _ expected: String, _ remedy: String? = nil) -> FileFault {
      FileFault(key: key, found: found, expected: expected, remedy: remedy)
    }
    if contact.site != nil { return fault("sites beside site", "one of them", "leave site out") }
    if drive != nil {
      return fault("several sites beside a drive", "one site", "write a bath for each site")
    }
    guard medium.solved.base is Network else {
      return fault(
        "a \(medium.kind.key) with a bath at several sites", "a medium of kind network",
        medium.base is Chain ? "kind: network, lattice: {chain: N}, bond: \"k*r^2/2\"" : nil)
    }
    guard medium.sites >= 1 else { return nil }
    let list = sites.list(of: medium.sites)
    if list.isEmpty {
      return sites == .inner ? nil : fault("no site", "at least one site")
    }
    var seen: Set<Int> = []
    if let twice = list.first(where: { !seen.insert($0).inserted }) {
      return fault("site \(twice) twice", "each site once")
    }
    if let other = list.first(where: { !(1...medium.sites).contains($0) }) {
      return fault("\(other)", "sites between 1 and \(medium.sites)")
    }
    return nil
  }
}
