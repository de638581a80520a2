/// A medium between heat baths, validated once and immutable after.
package struct Model<MediumType: Medium>: Hashable, Sendable {
  /// A bath under a name, on a site of the medium.
  package struct Attachment: Hashable, Sendable {
    /// Name of the bath: `left`, `right`, or any other.
    package let name: String
    /// The site that the bath touches, 1 to N; of a box, the left wall is 1 and the right wall 2.
    package let site: Int
    /// The law of the bath.
    package let bath: MediumType.BathLaw
    /// Name of the written bath that it is one of, if that is one at several sites.
    package let group: String?

    /// A bath under a name, on a site (1 to N) of the medium.
    package init(name: String, site: Int, bath: MediumType.BathLaw, group: String? = nil) {
      self.name = name
      self.site = site
      self.bath = bath
      self.group = group
    }

    /// The same with another law.
    package func with(_ bath: MediumType.BathLaw) -> Attachment {
      Attachment(name: name, site: site, bath: bath, group: group)
    }
  }

  /// The medium that carries the heat.
  package let medium: MediumType
  /// The baths, ordered by site, and by name on the same site (`left` first, `right` last).
  package let attachments: [Attachment]
  /// The medium as it was written, if that is another one: the model does not depend on it, but the names of its numbers do.
  let written: AnyMedium?
  /// What is followed from a start on, if the file asks for it.
  package internal(set) var transient: Transient?

  /// A validated model.
  ///
  /// - Throws: `ModelError` with all faults at once.
  package init(medium: MediumType, attachments: [Attachment]) throws(ModelError) {
    try self.init(medium: medium, attachments: attachments, written: nil)
  }

  init(medium: MediumType, attachments: [Attachment], written: AnyMedium?) throws(ModelError) {
    var faults = medium.faults.map { $0.below("medium") }
    for attachment in attachments {
      faults += attachment.bath.faults.map { $0.below("baths.\(attachment.name)") }
      if !(1...max(1, medium.sites)).contains(attachment.site) {
        faults.append(
          ParameterFault(
            parameter: "baths.\(attachment.name).site", found: "\(attachment.site)",
            expected: "a site between 1 and \(medium.sites)"))
      }
    }
    if attachments.isEmpty {
      faults.append(ParameterFault(parameter: "baths", found: "no bath", expected: "at least one heat bath"))
    }
    for (name, group) in Dictionary(grouping: attachments, by: \.name) where group.count > 1 {
      faults.append(
        ParameterFault(parameter: "baths.\(name)", found: "\(group.count) baths", expected: "one bath of a name"))
    }
    faults +=
      faults.isEmpty
      ? MediumType.faults(of: attachments, on: medium)
      : MediumType.faults(of: attachments, on: medium, beside: faults)
    if !faults.isEmpty { throw ModelError(faults: faults) }
    self.medium = medium
    self.written = written
    self.attachments = attachments.sorted { Self.order($0) < Self.order($1) }
  }

  /// A model of a medium and baths that are known to be possible together.
  init(unchecked medium: MediumType, attachments: [Attachment]) {
    (self.medium, written) = (medium, nil)
    self.attachments = attachments.sorted { Self.order($0) < Self.order($1) }
  }

  /// The same medium between the same baths.
  package static func == (first: Model, second: Model) -> Bool {
    first.medium == second.medium && first.attachments == second.attachments
  }

  /// Hashes medium and baths.
  package func hash(into hasher: inout Hasher) {
    hasher.combine(medium)
    hasher.combine(attachments)
  }

  private static func order(_ attachment: Attachment) -> (Int, Int, String) {
    let rank = ["left": 0, "right": 2][attachment.group ?? attachment.name] ?? 1
    return (attachment.site, rank, attachment.name)
  }

  /// Place in `attachments` of the bath that a quantity belongs to; nil if it belongs to none of them.
  package func index(of quantity: Quantity) -> Int? {
    quantity.bath.flatMap { name in attachments.firstIndex { $0.name == name } }
  }

  /// The two baths of a model that has no others, from left to right; nil unless there are exactly two.
  package var terminals: (left: Attachment, right: Attachment)? {
    attachments.count == 2 ? (attachments[0], attachments[1]) : nil
  }
}

/// All the reasons why a model is impossible.
package struct ModelError: Error, CustomStringConvertible, Sendable {
  /// The faults, each with its parameter path, what was found and what was expected.
  package let faults: [ParameterFault]

  /// An error of the given faults.
  package init(faults: [ParameterFault]) { self.faults = faults }

  /// The reason in words, for the user.
  package var description: String {
    faults.map { "\($0.parameter): found \($0.found), expected \($0.expected)" }.joined(separator: "\n")
  }
}

extension ParameterFault {
  func below(_ owner: String) -> ParameterFault {
    ParameterFault(
      parameter: "\(owner).\(parameter)", found: found, expected: expected, remedy: remedy, offset: offset)
  }
}
