import NessModel
import Yams

/// Walks the tree of a file and notes every fault with its place. Where a value is missing or wrong a possible one is
/// put in its stead, so that the rest can still be checked.
struct ExperimentReader {
  /// A place in the file.
  struct Place {
    let line: Int
    let column: Int

    init(_ mark: Mark?) {
      line = mark?.line ?? 1
      column = mark?.column ?? 1
    }
  }

  /// A key with its value.
  struct Entry {
    let path: String
    let name: String
    /// Where the key stands.
    let keyPlace: Place
    let node: Node

    /// Where the value stands; for an absent one, its key.
    var valuePlace: Place {
      FoundValue(node).isNothing ? keyPlace : Place(node.mark)
    }
  }

  let document: YAMLDocument
  let directory: String?
  private(set) var faults: [FileFault] = []
  /// Paths of the tables that the document names.
  var tables: [String] = []
  /// Of every value that a table gives the file, and on which of its lines each row stands.
  var linesOfRows: [String: (file: String, lines: [Int])] = [:]
  /// Where each value read so far stands, how it is written there, and whether it has quotes.
  private(set) var places: [String: (place: Place, text: String?, isQuoted: Bool)] = [:]

  /// What paths are called that the file spells in another way.
  var spelling: [String: String] = [:]

  /// A reader of a document; other files are named relative to `directory`, or not at all if that is nil.
  init(_ document: YAMLDocument, directory: String?) {
    self.document = document
    self.directory = directory
  }

  /// Notes a fault at a place.
  mutating func report(
    _ key: String, at place: Place, found: String, expected: String, remedy: String? = nil
  ) {
    faults.append(
      FileFault(line: place.line, column: place.column, key: key, found: found, expected: expected, remedy: remedy))
  }

  /// Says what to do about a fault that is noted already, where that was only known later.
  mutating func amend(_ key: String, remedy: String) {
    if let index = faults.lastIndex(where: { $0.key == key && $0.remedy == nil }) { faults[index].remedy = remedy }
  }

  /// Notes faults found by the rules of the model, at the place of their key or of the nearest key above; not those
  /// whose key has a fault already.
  mutating func report(_ found: [FileFault]) {
    let known = Set(faults.map(\.key))
    for var fault in found.map(spelled) where !known.contains(fault.key) {
      var path = fault.key[...]
      while places[String(path)] == nil, let cut = path.lastIndex(where: { $0 == "." || $0 == "[" }) {
        path = path[..<cut]
      }
      let known = places[String(path)]
      fault.line = known?.place.line ?? 1
      fault.column = known?.place.column ?? 1
      if let offset = fault.offset {
        if path == fault.key { fault.column = (fault.column ?? 1) + offset + (known?.isQuoted == true ? 1 : 0) }
      } else if path == fault.key, let text = known?.text, !fault.key.hasPrefix("sweep"), known?.isQuoted == false,
        fault.found != ParameterFault.unknownKey
      {
        fault.found = text
      }
      if let row = row(fault.key) { fault.found += " on line \(row.line) of \(shortened(row.file))" }
      faults.append(fault)
    }
  }

  /// Where the row of a table stands that a path such as `medium.bonds[3]` names; nil for what no table gives.
  private func row(_ path: String) -> (file: String, line: Int)? {
    guard let (owner, table) = linesOfRows.first(where: { path.hasPrefix($0.key + "[") }),
      let index = Int(path.dropFirst(owner.count + 1).prefix(while: \.isNumber)), table.lines.indices.contains(index)
    else { return nil }
    return (table.file, table.lines[index])
  }

  /// A fault under the path that the file has.
  private func spelled(_ fault: FileFault) -> FileFault {
    guard let path = spelling.keys.filter(fault.key.hasPrefix).max(by: { $0.count < $1.count }),
      let own = spelling[path]
    else { return fault }
    var spelled = fault
    spelled.key = own + fault.key.dropFirst(path.count)
    // Of a parameter that comes twice the other place is told.
    for (path, own) in spelling where fault.remedy == "see \(path)" { spelled.remedy = "see \(own)" }
    return spelled
  }

  /// The value must be a mapping: its entries, without those that repeat a key, which are reported.
  mutating func mapping(_ entry: Entry, expected: String) -> [Entry]? {
    places[entry.path] = (entry.keyPlace, nil, false)
    guard let mapping = entry.node.mapping else {
      let found = FoundValue(entry.node).description(of: entry.node)
      report(entry.path, at: entry.valuePlace, found: found, expected: expected)
      return nil
    }
    var entries: [Entry] = []
    var firstLines: [String: Int] = [:]
    for (key, node) in mapping {
      let keyPlace = Place(key.mark)
      guard let name = document.name(of: key) else {
        report(entry.path, at: keyPlace, found: "a key that is no text", expected: "a key of one word")
        continue
      }
      let path = entry.path.isEmpty ? shortened(name) : "\(entry.path).\(shortened(name))"
      if let first = firstLines[name] {
        report(
          path, at: keyPlace, found: "the key a second time", expected: "each key once",
          remedy: "it is on line \(first) already")
      } else {
        firstLines[name] = keyPlace.line
        entries.append(Entry(path: path, name: name, keyPlace: keyPlace, node: node))
      }
    }
    return entries
  }

  /// Reports unknown keys and missing required ones. A missing key is not reported if an unknown one is probably it.
  ///
  /// - Parameter remedies: what to do about keys that make sense elsewhere.
  /// - Returns: the entries, a misspelt one under the name that was probably meant, so that its value is checked as well.
  @discardableResult
  mutating func checkKeys(
    _ entries: [Entry], of owner: Entry, allowed: [String], required: [String],
    remedies: @autoclosure () -> [String: String] = [:]
  ) -> [Entry] {
    let known = Set(allowed)
    let present = Set(entries.map(\.name))
    var meant: Set<String> = []
    let expected = alternatives(allowed)
    var unknown = 0
    lazy var elsewhere = remedies()
    let named = entries.map { entry in
      if known.contains(entry.name) { return entry }
      unknown += 1
      // A file of thousands of unknown keys is no experiment file: nobody reads so many suggestions.
      let meanings = unknown <= Self.mostSuggestions ? meanings(of: entry.name, among: allowed) : []
      let candidates = meanings.filter { !present.contains($0) && !meant.contains($0) }
      let remedy = [elsewhere[entry.name], candidates.isEmpty ? nil : "did you mean \(alternatives(candidates))?"]
        .compactMap { $0 }
      report(
        entry.path, at: entry.keyPlace, found: ParameterFault.unknownKey, expected: expected,
        remedy: remedy.isEmpty ? nil : remedy.joined(separator: "; "))
      guard elsewhere[entry.name] == nil, meanings.count == 1, let suggestion = candidates.first else { return entry }
      meant.insert(suggestion)
      let path = owner.path.isEmpty ? suggestion : "\(owner.path).\(suggestion)"
      return Entry(path: path, name: suggestion, keyPlace: entry.keyPlace, node: entry.node)
    }
    for name in required where !present.contains(name) && !meant.contains(name) {
      report(
        owner.path.isEmpty ? name : "\(owner.path).\(name)", at: owner.keyPlace, found: "no such key",
        expected: "the required key \(name)")
    }
    return named
  }

  private static let mostSuggestions = 100

  /// The value must be a finite number; `expected` says what else it may be.
  mutating func real(_ entry: Entry, expected: String = "a number") -> Double? {
    let value = FoundValue(entry.node)
    remember(entry)
    switch value {
    case .real(let number) where number.isFinite: return number
    case .whole(let magnitude, let isNegative): return isNegative ? -Double(magnitude) : Double(magnitude)
    case .real: reportType(entry, expected: "a finite number")
    default: reportType(entry, expected: expected)
    }
    return nil
  }

  /// The value must be a whole number that fits into `type`.
  mutating func whole<Whole: FixedWidthInteger>(
    _ entry: Entry, as type: Whole.Type = Int.self, expected: String = "a whole number"
  ) -> Whole? {
    remember(entry)
    if case .whole(let magnitude, let isNegative) = FoundValue(entry.node) {
      if !isNegative, let number = Whole(exactly: magnitude) { return number }
      if isNegative, magnitude <= UInt64(Int.max), let number = Whole(exactly: -Int(magnitude)) { return number }
    }
    reportType(entry, expected: expected)
    return nil
  }

  /// The value must be a text; a bare number or `no` is taken as it is written.
  mutating func text(_ entry: Entry, expected: String = "a text") -> String? {
    remember(entry)
    switch FoundValue(entry.node) {
    case .text, .real, .whole: return entry.node.scalar?.string
    case .nothing, .mapping, .list:
      reportType(entry, expected: expected)
      return nil
    }
  }

  /// The value must be one of the choices; `remedies` explain other words that make sense elsewhere, `forms` what the
  /// value may be besides a word.
  mutating func choice(
    _ entry: Entry, of choices: [String], remedies: [String: String] = [:], forms: [String] = []
  ) -> String? {
    guard let word = text(entry, expected: alternatives(choices + forms)) else { return nil }
    if choices.contains(word) { return word }
    report(
      entry.path, at: entry.valuePlace, found: shortened(word), expected: alternatives(choices + forms),
      remedy: remedies[word] ?? closest(to: word, among: choices).map { "did you mean \($0)?" })
    return nil
  }

  /// Keeps the place of a value, so that the rules of the model can point at it.
  mutating func remember(_ entry: Entry) {
    let style = entry.node.scalar?.style
    places[entry.path] = (
      entry.valuePlace, entry.node.scalar.map { shortened($0.string) }, style == .doubleQuoted || style == .singleQuoted
    )
  }

  /// Notes that a value has the wrong type.
  mutating func reportType(_ entry: Entry, expected: String) {
    let value = FoundValue(entry.node)
    report(
      entry.path, at: entry.valuePlace, found: value.description(of: entry.node), expected: expected,
      remedy: value.remedy)
  }
}
