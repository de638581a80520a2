import NessModel

/// What could be read of an experiment, with possible values where the file has none.
struct Draft {
  var title: String?
  var setup = Setup(medium: AnyMedium(templateOf: .chain), contacts: [])
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
      entries, of: root, allowed: ["title", "medium", "baths", "run", "sweep"], required: ["medium", "baths"])
    let part = Dictionary(entries.map { ($0.name, $0) }) { first, _ in first }
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
      // Whether a bath fits can only be said of a medium that is known.
      if fault.key.hasSuffix(".kind") { return !draft.unread.contains("medium") }
      return draft.knowsSites || !fault.key.hasSuffix(".site") || fault.found == "no such key"
    }
    report(setupFaults)
    report(draft.run.faults)
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
  private mutating func kind(
    of owner: Entry, _ entries: [Entry], choices: [String], remedies: [String: String] = [:]
  ) -> String? {
    let named = entries.first { $0.name == "kind" }
    if let entry = named ?? entries.first(where: { closest(to: $0.name, among: ["kind"]) != nil }) {
      let word =
        choice(entry, of: choices, remedies: remedies)
        ?? entry.node.scalar.flatMap { closest(to: $0.string, among: choices) }
      if word == nil, named == nil {
        report(
          entry.path, at: entry.keyPlace, found: "an unknown key", expected: "kind", remedy: "did you mean kind?")
      }
      return word
    }
    report(
      "\(owner.path).kind", at: owner.keyPlace, found: "no such key", expected: "the required key kind",
      remedy: "kind: \(alternatives(choices))")
    return nil
  }

  private mutating func readMedium(_ entry: Entry?, into draft: inout Draft) {
    guard let entry, let entries = mapping(entry, expected: "a medium with the keys kind and sites"),
      let word = kind(of: entry, entries, choices: AnyMedium.Kind.allCases.map(\.rawValue)),
      let kind = AnyMedium.Kind(rawValue: word)
    else {
      draft.unread.insert("medium")
      return
    }
    switch AnyMedium(templateOf: kind) {
    case .chain(var chain):
      draft.knowsSites = readChain(entry, entries, into: &chain)
      draft.setup.medium = .chain(chain)
    case .box(var box):
      readFields(entry, entries, into: &box)
      draft.knowsSites = true
      draft.setup.medium = .box(box)
    case .quantumBox(var box):
      readFields(entry, entries, into: &box)
      draft.knowsSites = true
      draft.setup.medium = .quantumBox(box)
    }
  }

  private mutating func readFields<Owner: Described>(_ entry: Entry, _ entries: [Entry], into owner: inout Owner) {
    let fields = owner.fields
    let named = checkKeys(
      entries, of: entry, allowed: ["kind"] + fields.map(\.name), required: fields.filter(\.isRequired).map(\.name))
    for entry in named {
      if let field = fields.first(where: { $0.name == entry.name }) { _ = read(entry, field, into: &owner) }
    }
  }

  /// Reads a chain; false if the number of sites could not be read.
  private mutating func readChain(_ entry: Entry, _ entries: [Entry], into chain: inout Chain) -> Bool {
    var knowsSites = false
    let fields = chain.fields
    let required = fields.filter(\.isRequired).map(\.name) + ["pinning"]
    let allowed = ["kind"] + fields.map(\.name) + ["pinning"]
    for entry in checkKeys(entries, of: entry, allowed: allowed, required: required) {
      if let field = fields.first(where: { $0.name == entry.name }) {
        let isRead = read(entry, field, into: &chain)
        if field.name == "sites" { knowsSites = isRead }
      } else if entry.name == "pinning", let pinning = pinning(entry) {
        chain.pinning = pinning
      }
    }
    return knowsSites
  }

  /// One number for both ends, or a mapping with both.
  private mutating func pinning(_ entry: Entry) -> Chain.Pinning? {
    let expected = "a number for both ends or {left: NUMBER, right: NUMBER}"
    guard entry.node.mapping != nil else {
      return real(entry, expected: expected).map { Chain.Pinning(left: $0, right: $0) }
    }
    guard let entries = mapping(entry, expected: expected) else { return nil }
    var pinning = Chain.Pinning(left: 1, right: 1)
    let fields = pinning.fields
    for entry in checkKeys(entries, of: entry, allowed: fields.map(\.name), required: fields.map(\.name)) {
      if let field = fields.first(where: { $0.name == entry.name }) { _ = read(entry, field, into: &pinning) }
    }
    return pinning
  }

  private mutating func read<Owner>(_ entry: Entry, _ field: Field<Owner>, into owner: inout Owner) -> Bool {
    switch field.storage {
    case .real(let path):
      guard let value = real(entry) else { return false }
      owner[keyPath: path] = value
    case .whole(let path):
      guard let value: Int = whole(entry) else { return false }
      owner[keyPath: path] = value
    case .optionalWhole(let path):
      guard let value: Int = whole(entry) else { return false }
      owner[keyPath: path] = value
    case .word(let words, _, let set):
      guard let word = choice(entry, of: words) else { return false }
      set(&owner, word)
    }
    return true
  }

  private mutating func readBaths(_ entry: Entry?, into draft: inout Draft) {
    guard let entry, let entries = mapping(entry, expected: "baths by name, such as left and right") else {
      draft.unread.insert("baths")
      return
    }
    for entry in entries {
      let medium = draft.unread.contains("medium") ? nil : draft.setup.medium.kind
      if let contact = contact(entry, touching: medium) {
        draft.setup.contacts.append(contact)
      } else {
        draft.unread.insert(entry.path)
      }
    }
  }

  /// A bath; of the kinds that can touch the medium, if that is known.
  private mutating func contact(_ entry: Entry, touching medium: AnyMedium.Kind?) -> Contact? {
    var remedies: [String: String] = [:]
    for other in AnyMedium.Kind.allCases where other != medium {
      for kind in other.baths {
        remedies[kind.rawValue] = "a \(kind.rawValue) bath touches a medium of kind \(other.rawValue)"
      }
    }
    let choices = medium?.baths ?? AnyBath.Kind.allCases
    guard var entries = mapping(entry, expected: "a bath with the keys kind and temperature"),
      let word = kind(of: entry, entries, choices: choices.map(\.rawValue), remedies: remedies),
      let kind = AnyBath.Kind(rawValue: word)
    else { return nil }
    var contact = Contact(entry.name, AnyBath(templateOf: kind))
    // Words first: they decide which other keys there are.
    for parameter in contact.bath.parameters {
      guard let words = parameter.words, let entry = entries.first(where: { $0.name == parameter.name }) else {
        continue
      }
      read(entry, words, into: &contact.bath)
    }
    let parameters = contact.bath.parameters
    let knowsItsSite = contact.impliedSite(sites: 1) != nil
    entries = checkKeys(
      entries, of: entry, allowed: ["kind"] + parameters.map(\.name) + ["site"],
      required: parameters.filter(\.isRequired).map(\.name) + (knowsItsSite ? [] : ["site"]))
    for entry in entries {
      if entry.name == "site" {
        contact.site = whole(entry)
      } else if let parameter = parameters.first(where: { $0.name == entry.name }), parameter.words == nil {
        read(entry, parameter, into: &contact.bath)
      }
    }
    return contact
  }

  private mutating func read(_ entry: Entry, _ parameter: DescribedParameter, into bath: inout AnyBath) {
    let value = parameter.isWhole ? whole(entry, as: Int.self).map(Double.init) : real(entry)
    if let value, !bath.set(parameter.name, to: value) {
      reportType(entry, expected: "a whole number that is not astronomic")
    }
  }

  /// A word; for the coupling and the spectrum of a quantum bath also a table of numbers.
  private mutating func read(_ entry: Entry, _ words: [String], into bath: inout AnyBath) {
    if case .lindblad(var law) = bath, entry.node.scalar == nil, !Self.tableForms(of: bath, entry.name).isEmpty {
      guard let rows = table(entry, words) else { return }
      do throws(ModelError) {
        try law.set(entry.name, toTable: rows)
        bath = .lindblad(law)
      } catch {
        for fault in error.faults {
          report(entry.path, at: entry.valuePlace, found: fault.found, expected: fault.expected)
        }
      }
    } else if let word = choice(entry, of: words, forms: Self.tableForms(of: bath, entry.name)) {
      bath.set(entry.name, to: word)
    }
  }

  /// What a table of numbers may be besides a word.
  private static let tableForms = ["a list of rows", "{file: NAME.csv}"]

  private static func tableForms(of bath: AnyBath, _ key: String) -> [String] {
    if case .lindblad = bath, ["coupling", "spectrum"].contains(key) { tableForms } else { [] }
  }

  /// The rows of a table: a list of lists of numbers, or the name of a CSV file.
  private mutating func table(_ entry: Entry, _ words: [String]) -> [[Double]]? {
    if let nodes = entry.node.sequence {
      remember(entry)
      let before = faults.count
      let rows = nodes.enumerated().map { index, node in
        numbers(Entry(path: "\(entry.path)[\(index)]", name: entry.name, keyPlace: entry.keyPlace, node: node))
      }
      return faults.count == before ? rows : nil
    }
    let expected = alternatives(words + Self.tableForms)
    guard let entries = mapping(entry, expected: expected) else { return nil }
    let known = checkKeys(entries, of: entry, allowed: ["file"], required: ["file"])
    guard let named = known.first(where: { $0.name == "file" }), let name = text(named) else { return nil }
    guard let directory else {
      report(
        named.path, at: named.valuePlace, found: shortened(name), expected: "the rows themselves",
        remedy: "files can be named only by an experiment that is read from a file")
      return nil
    }
    let path = name.hasPrefix("/") ? name : directory + (directory.hasSuffix("/") ? "" : "/") + name
    tables.append(path)
    do throws(NumberTable.Fault) {
      return try NumberTable(contentsOfFile: path).rows
    } catch {
      report(named.path, at: named.valuePlace, found: error.found, expected: error.expected)
      return nil
    }
  }
}

extension LindbladBath {
  /// Sets the coupling matrix, or the spectral function from rows of angular frequency and value.
  fileprivate mutating func set(_ name: String, toTable rows: [[Double]]) throws(ModelError) {
    if name == "coupling" {
      coupling = .matrix(try CouplingMatrix(rows: rows))
      return
    }
    if let row = rows.firstIndex(where: { $0.count != 2 }) {
      let found = "\(rows[row].count) numbers in row \(row + 1)"
      throw ModelError(faults: [
        ParameterFault(parameter: name, found: found, expected: "two: an angular frequency and a value")
      ])
    }
    spectrum = .tabulated(try SpectralTable(angularFrequencies: rows.map { $0[0] }, values: rows.map { $0[1] }))
  }
}
