import NessModel

/// A bath under a name and where it touches the medium.
package struct Contact: Hashable, Sendable {
  /// Name of the bath: `left`, `right` or another one of letters, digits, `-` and `_`.
  package var name: String
  /// The site that it touches, 1 to N; nil for `left` (site 1) and `right` (site N).
  package var site: Int?
  /// The law of the bath.
  package var bath: AnyBath

  /// A bath under a name; a site is needed unless the name is `left` or `right`.
  package init(_ name: String, site: Int? = nil, _ bath: AnyBath) {
    self.name = name
    self.site = site
    self.bath = bath
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

  /// The baths on their sites. A contact without a site stands on site 1; that is a fault of its own.
  var attachments: [(name: String, site: Int, bath: AnyBath)] {
    contacts.map { ($0.name, $0.site ?? $0.impliedSite(sites: medium.sites) ?? 1, $0.bath) }
  }

  /// Every reason why the setup is not a possible model.
  var faults: [FileFault] {
    var faults: [FileFault] = contacts.flatMap { contact -> [FileFault] in
      [contact.nameFault, siteFault(of: contact)].compactMap { $0 }
    }
    do throws(ModelError) {
      _ = try AnyModel(medium: medium, attachments: attachments, drive: drive)
    } catch {
      let known = Set(faults.map(\.key))
      faults += error.faults
        .filter {
          !known.contains($0.parameter)
            && !(medium.sites < 1 && $0.parameter.hasPrefix("baths.") && $0.parameter.hasSuffix(".site"))
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
}
