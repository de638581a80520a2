import NessModel

/// What could be read of an experiment, with possible values where the file has none.
struct Draft {
  var title: String?
  var setup = Setup(medium: AnyMedium(Catalogue.media[0].example), contacts: [])
  var quantities: Questions?
  var device: DeviceChoice?
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
    guard var entries = mapping(root, expected: "an experiment with the keys medium and baths") else { return draft }
    entries = checkKeys(
      entries, of: root,
      allowed: ["title", "medium", "baths", "drive", "quantities", "device", "transient", "run", "sweep", "compare"],
      required: ["medium", "baths"], remedies: Self.keysOfMedia)
    let part = Dictionary(entries.map { ($0.name, $0) }) { first, _ in first }
    draft.title = part["title"].flatMap { text($0) }
    readMedium(part["medium"], into: &draft)
    if let drive = part["drive"] { draft.setup.drive = self.drive(drive) }
    readBaths(part["baths"], into: &draft)
    if let quantities = part["quantities"] { draft.quantities = questions(quantities) }
    if let device = part["device"] { draft.device = self.device(device) }
    if let transient = part["transient"] { draft.setup.transient = self.transient(transient) }
    if let run = part["run"] { draft.run = runSettings(run) }
    let sweepFaults = faults.count
    if let sweep = part["sweep"] { draft.sweep = self.sweep(sweep) }
    if let compare = part["compare"] { draft.sweep = comparison(compare, of: draft.sweep) }
    let sweepIsWhole = faults.count == sweepFaults
    checkRules(&draft, sweepIsWhole: sweepIsWhole)
    return draft
  }

  private mutating func checkRules(_ draft: inout Draft, sweepIsWhole: Bool) {
    let setupFaults = draft.setup.faults.filter { fault in
      if fault.key == "baths" { return draft.unread.isEmpty }
      // Whether a bath fits can only be said of a medium that is known.
      if fault.key.hasSuffix(".kind") { return !draft.unread.contains("medium") }
      let isOfSites = fault.key.hasSuffix(".site") || fault.key.hasSuffix(".sites")
      return draft.knowsSites || !(fault.key.hasPrefix("baths.") && isOfSites) || fault.found == "no such key"
    }
    report(setupFaults)
    report(draft.run.faults)
    if draft.knowsSites, let record = draft.run.record { report(record.faults(sites: draft.setup.medium.sites)) }
    if !draft.unread.contains(where: { $0.hasPrefix("baths") }) {
      report(draft.setup.faults(of: draft.quantities, draft.sweep))
      report(draft.device?.faults(between: draft.setup.ends) ?? [])
      report(draft.setup.faults(of: draft.device))
    }
    guard let sweep = draft.sweep else { return }
    let isUnread = sweep.axes.contains { axis in draft.unread.contains { axis.parameter.hasPrefix($0 + ".") } }
    // How many baths there are can only be said if all were read.
    let parameterFaults =
      isUnread
      ? []
      : draft.setup.parameterFaults(of: sweep)
        .filter { draft.unread.isEmpty || $0.key != "sweep.refine" }
    report(parameterFaults)
    guard sweepIsWhole else { return }
    let valueFaults = sweep.valueFaults
    report(valueFaults)
    if valueFaults.isEmpty, parameterFaults.isEmpty, !isUnread, draft.knowsSites {
      report(draft.setup.faults(alongSweep: sweep))
    }
  }

  /// The kind of a medium or bath. One that is misspelt is reported and taken as the one that was probably meant, so that
  /// the other keys can be checked; nil, and reported, if it is missing or like none.
  mutating func kind(
    of owner: Entry, _ entries: [Entry], choices: [String], remedies: [String: String] = [:]
  ) -> String? {
    let named = entries.first { $0.name == "kind" }
    if let entry = named ?? entries.first(where: { closest(to: $0.name, among: ["kind"]) != nil }) {
      let word =
        choice(entry, of: choices, remedies: remedies)
        ?? entry.node.scalar.flatMap { closest(to: $0.string, among: choices) }
      if word == nil, named == nil {
        report(
          entry.path, at: entry.keyPlace, found: ParameterFault.unknownKey, expected: "kind",
          remedy: "did you mean kind?")
      }
      return word
    }
    report(
      "\(owner.path).kind", at: owner.keyPlace, found: "no such key", expected: "the required key kind",
      remedy: "kind: \(alternatives(choices))")
    return nil
  }

  /// Keys that belong to a medium.
  private static let keysOfMedia: [String: String] = {
    let keys = Catalogue.media.flatMap { medium in medium.defaults.map { String($0.name.prefix { $0 != "." }) } }
    return Dictionary(keys.map { ($0, "it belongs below medium: medium.\($0)") }) { first, _ in first }
  }()

  /// Baths that others have, and what does the same here.
  private static let foreignBaths: [String: String] = {
    let thermostat =
      "there are no deterministic thermostats: langevin, andersen and memory keep a site at a temperature"
    let dephasing =
      "kind: jumps with a Hermitian operator dephases, for example {kind: jumps, operator: \"Z1\", down: 0.1, up: 0.0}"
    return [
      "noseHoover": thermostat, "nosehoover": thermostat, "nose-hoover": thermostat, "NoseHoover": thermostat,
      "nose": thermostat, "dephasing": dephasing, "dephase": dephasing,
    ]
  }()

  /// The kind that has more of some keys than any other, so that a file that names none is read as what it was meant to be and nothing
  /// false is said of its baths.
  private static func likelyMedium(_ names: [String]) -> String? {
    let found = Catalogue.media.map { medium in
      let keys = Set(medium.defaults.map { String($0.name.prefix { $0 != "." }) })
      return (word: medium.kind.key, count: names.count { keys.contains($0) })
    }
    guard let most = found.map(\.count).max(), most > 0, found.count(where: { $0.count == most }) == 1 else {
      return nil
    }
    return found.first { $0.count == most }?.word
  }

  private mutating func readMedium(_ entry: Entry?, into draft: inout Draft) {
    guard let entry, let entries = mapping(entry, expected: "a medium with the keys kind and sites"),
      let word = kind(of: entry, entries, choices: Catalogue.media.map { $0.kind.key })
        ?? Self.likelyMedium(entries.map(\.name)),
      let kind = Catalogue.medium(word)
    else {
      draft.unread.insert("medium")
      return
    }
    let before = faults.count
    let blank: any Medium = kind.blank
    let part = parameters(of: entry, entries, like: blank)
    // Nothing can be said of a sweep over a value that is not there.
    for key in part.missing { draft.unread.insert("medium.\(key)") }
    if let medium = part.value as? any Medium { draft.setup.medium = AnyMedium(medium) }
    draft.knowsSites =
      kind.defaults.contains { $0.name == "sites" } ? part.read.contains("sites") : faults.count == before
  }

  private mutating func readBaths(_ entry: Entry?, into draft: inout Draft) {
    guard let entry, let entries = mapping(entry, expected: "baths by name, such as left and right") else {
      draft.unread.insert("baths")
      return
    }
    for entry in entries {
      // Beside a drive a chain is a network.
      let solved = draft.setup.drive == nil ? draft.setup.medium.solved.base : draft.setup.medium.drivable.base
      let medium = draft.unread.contains("medium") ? nil : type(of: solved)
      if let contact = contact(entry, touching: medium) {
        draft.setup.contacts.append(contact)
      } else {
        draft.unread.insert(entry.path)
      }
    }
  }

  /// A bath; of the kinds that can touch the medium, if that is known.
  private mutating func contact(_ entry: Entry, touching medium: (any Medium.Type)?) -> Contact? {
    var media: [String: [String]] = [:]
    for other in Catalogue.media where other != medium {
      for bath in Catalogue.baths(touching: other) { media[bath.kind.key, default: []].append(other.kind.key) }
    }
    let other = medium?.solvedAs.map { (from: medium?.kind.key ?? "", to: $0.kind.key) }
    let remedies = Dictionary(
      uniqueKeysWithValues: media.map { bath, kinds in
        let solved = other.flatMap {
          kinds.contains($0.to) ? ", as a \($0.from) with a formula, walls or segments is" : nil
        }
        return (
          bath,
          "\("aeiou".contains(bath.prefix(1)) ? "an" : "a") \(bath) bath touches a medium of kind \(alternatives(kinds))\(solved ?? "")"
        )
      }
    )
    .merging(Self.foreignBaths) { own, _ in own }
    let choices = medium.map { Catalogue.baths(touching: $0) } ?? Catalogue.baths
    guard var entries = mapping(entry, expected: "a bath with the keys kind and temperature"),
      var word = kind(
        of: entry, entries, choices: choices.map { $0.kind.key } + (medium?.otherBaths.keys.sorted() ?? []),
        remedies: remedies)
    else { return nil }
    word = medium?.otherBaths[word] ?? word
    // A Langevin bath of a free temperature is one whose temperature follows from the others.
    let free = entries.firstIndex { $0.name == "temperature" && $0.node.scalar?.string == "free" }
    if let free, word == LangevinBath.kind.key {
      word = SelfConsistentBath.kind.key
      guard choices.contains(where: { $0.kind.key == word }) else {
        report(
          entries[free].path, at: entries[free].valuePlace, found: "free", expected: "a number", remedy: remedies[word])
        return nil
      }
      remember(entries.remove(at: free))
    }
    guard let kind = Catalogue.bath(word) else { return nil }
    let site = ParameterDescription.site.key
    let knowsItsSite = Contact(entry.name, AnyBath(kind.example)).impliedSite(sites: 1) != nil
    let blank: any Bath = kind.blank
    let part = parameters(
      of: entry, entries, like: blank, alsoAllowed: [site, Self.sites],
      alsoRequired: knowsItsSite || entries.contains { $0.name == Self.sites } ? [] : [site])
    guard let bath = part.value as? any Bath else { return nil }
    let places = part.entries.first { $0.name == Self.sites }
    let sites = places.flatMap { self.sites($0) }
    if places != nil && sites == nil { return nil }
    let place = part.entries.first { $0.name == site }
    return Contact(entry.name, site: place.flatMap { whole($0) }, sites: sites, AnyBath(bath))
  }

  private static let sites = "sites"

  /// The sites of one bath; nil, and reported, where they cannot be read.
  private mutating func sites(_ entry: Entry) -> ContactSites? {
    if let nodes = entry.node.sequence {
      remember(entry)
      let ranges = nodes.enumerated().compactMap { index, node in
        range(Entry(path: "\(entry.path)[\(index)]", name: entry.name, keyPlace: entry.keyPlace, node: node))
      }
      return ranges.count == nodes.count ? .ranges(ranges) : nil
    }
    if entry.node.scalar?.string == ContactSites.innerWord {
      remember(entry)
      return .inner
    }
    return range(entry).map { .ranges([$0]) }
  }

  private mutating func range(_ entry: Entry) -> ClosedRange<Int>? {
    guard let word = text(entry, expected: ContactSites.form) else { return nil }
    if let range = ClosedRange(ofSites: word) { return range }
    report(entry.path, at: entry.valuePlace, found: shortened(word), expected: ContactSites.form)
    return nil
  }
}
