import NessModel

/// What could be read of an experiment, with possible values where the file has none.
struct Draft {
  var title: String?
  var setup = Setup(medium: Chain(sites: 1, pinning: 1), contacts: [])
  var run = RunSettings()
  var sweep: Sweep?
  /// False if the number of sites could not be read, so that nothing can be said of sites and sweeps.
  var knowsSites = false
  /// Paths of what could not be read as a whole: a sweep may refer to their parameters.
  var unread: Set<String> = []
}

extension ExperimentReader {
  /// Reads the whole file.
  mutating func experiment(_ root: Entry) -> Draft {
    var draft = Draft()
    guard let entries = mapping(root, expected: "an experiment with the keys medium and baths") else { return draft }
    checkKeys(
      entries, of: root, allowed: ["title", "medium", "baths", "run", "sweep"], required: ["medium", "baths"])
    let part = Dictionary(uniqueKeysWithValues: entries.map { ($0.name, $0) })
    draft.title = part["title"].flatMap { text($0) }
    readMedium(part["medium"], into: &draft)
    readBaths(part["baths"], into: &draft)
    if let run = part["run"] { draft.run = runSettings(run) }
    let sweepFaults = faults.count
    if let sweep = part["sweep"] { draft.sweep = self.sweep(sweep) }
    let sweepIsWhole = faults.count == sweepFaults
    checkRules(&draft, sweepIsWhole: sweepIsWhole)
    return draft
  }

  private mutating func checkRules(_ draft: inout Draft, sweepIsWhole: Bool) {
    let setupFaults = draft.setup.faults.filter { fault in
      if fault.key == "baths" { return draft.unread.isEmpty }
      return draft.knowsSites || !fault.key.hasSuffix(".site") || fault.found == "no such key"
    }
    report(setupFaults)
    report(draft.run.faults)
    guard let sweep = draft.sweep else { return }
    let isUnread = draft.unread.contains { sweep.parameter.hasPrefix($0 + ".") }
    let parameterFault = isUnread ? nil : draft.setup.fault(ofSweepParameter: sweep.parameter)
    if !sweep.parameter.isEmpty, let parameterFault { report([parameterFault]) }
    guard sweepIsWhole else { return }
    let valueFaults = sweep.valueFaults
    report(valueFaults)
    if valueFaults.isEmpty, parameterFault == nil, !isUnread, draft.knowsSites {
      report(draft.setup.faults(alongSweep: sweep))
    }
  }

  /// The kind of a medium or bath; nil, and reported, if it is missing or unknown.
  private mutating func kind(
    of owner: Entry, _ entries: [Entry], choices: [String], unavailable: [String]
  ) -> String? {
    if let entry = entries.first(where: { $0.name == "kind" }) {
      return choice(entry, of: choices, unavailable: unavailable)
    }
    let suspect = entries.first { closest(to: $0.name, among: ["kind"]) != nil }
    if let suspect {
      report(
        suspect.path, at: suspect.keyPlace, found: "an unknown key", expected: "kind", remedy: "did you mean kind?")
    } else {
      report(
        "\(owner.path).kind", at: owner.keyPlace, found: "no such key", expected: "the required key kind",
        remedy: "kind: \(alternatives(choices))")
    }
    return nil
  }

  private mutating func readMedium(_ entry: Entry?, into draft: inout Draft) {
    guard let entry, let entries = mapping(entry, expected: "a medium with the keys kind and sites"),
      kind(of: entry, entries, choices: ["chain"], unavailable: ["box", "quantumBox"]) != nil
    else {
      draft.unread.insert("medium")
      return
    }
    let required = Chain.fields.filter(\.isRequired).map(\.name) + ["pinning"]
    checkKeys(entries, of: entry, allowed: ["kind"] + Chain.fields.map(\.name) + ["pinning"], required: required)
    for entry in entries {
      if let field = Chain.fields.first(where: { $0.name == entry.name }) {
        let isRead = read(entry, field, into: &draft.setup.medium)
        if field.name == "sites" { draft.knowsSites = isRead }
      } else if entry.name == "pinning", let pinning = pinning(entry) {
        draft.setup.medium.pinning = pinning
      }
    }
  }

  /// One number for both ends, or a mapping with both.
  private mutating func pinning(_ entry: Entry) -> Chain.Pinning? {
    guard entry.node.mapping != nil else {
      return real(entry).map { Chain.Pinning(left: $0, right: $0) }
    }
    guard let entries = mapping(entry, expected: "a number or a mapping") else { return nil }
    let names = Chain.pinningFields.map(\.name)
    checkKeys(entries, of: entry, allowed: names, required: names)
    var chain = Chain(sites: 2, pinning: 1)
    for entry in entries {
      if let field = Chain.pinningFields.first(where: { $0.name == entry.name }) {
        _ = read(entry, field, into: &chain)
      }
    }
    return chain.pinning
  }

  private mutating func read<Owner>(_ entry: Entry, _ field: Field<Owner>, into owner: inout Owner) -> Bool {
    switch field.storage {
    case .real(let path):
      guard let value = real(entry) else { return false }
      owner[keyPath: path] = value
    case .whole(let path):
      guard let value: Int = whole(entry) else { return false }
      owner[keyPath: path] = value
    }
    return true
  }

  private mutating func readBaths(_ entry: Entry?, into draft: inout Draft) {
    guard let entry, let entries = mapping(entry, expected: "baths by name, such as left and right") else {
      draft.unread.insert("baths")
      return
    }
    for entry in entries {
      if let contact = contact(entry) {
        draft.setup.contacts.append(contact)
      } else {
        draft.unread.insert(entry.path)
      }
    }
  }

  private mutating func contact(_ entry: Entry) -> Contact? {
    guard let entries = mapping(entry, expected: "a bath with the keys kind and temperature"),
      let word = kind(
        of: entry, entries, choices: BathKind.allCases.map(\.rawValue), unavailable: BathKind.unavailable),
      let kind = BathKind(rawValue: word)
    else { return nil }
    var contact = Contact(entry.name, kind.template)
    let fields = contact.bath.parameters
    let knowsItsSite = contact.impliedSite(sites: 1) != nil
    checkKeys(
      entries, of: entry, allowed: ["kind"] + fields.map(\.name) + ["site"],
      required: fields.filter(\.isRequired).map(\.name) + (knowsItsSite ? [] : ["site"]))
    for entry in entries {
      if entry.name == "site" {
        contact.site = whole(entry)
      } else if let field = fields.first(where: { $0.name == entry.name }) {
        read(entry, field, into: &contact.bath)
      }
    }
    return contact
  }

  private mutating func read(_ entry: Entry, _ field: AnyBath.Parameter, into bath: inout AnyBath) {
    let value = field.isWhole ? whole(entry, as: Int.self).map(Double.init) : real(entry)
    if let value, !bath.set(field.name, to: value) {
      reportType(entry, expected: "a whole number that is not astronomic")
    }
  }
}
