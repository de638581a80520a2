import NessModel

extension ExperimentReader {
  /// What could be read of a medium or bath.
  struct Part {
    /// The medium or bath; what is missing or wrong has the value of the example.
    let value: any Described
    /// Its entries, misspelt ones under the name that was probably meant.
    let entries: [Entry]
    /// The keys that were read without fault.
    let read: Set<String>
    /// The keys that should have been read.
    let missing: Set<String>
  }

  /// Reads the parameters of a medium or bath.
  mutating func parameters<Owner: Described>(
    of owner: Entry, _ entries: [Entry], like example: Owner, alsoAllowed: [String] = [], alsoRequired: [String] = []
  ) -> Part {
    var value = example
    var read: Set<String> = []
    func take(_ entry: Entry, _ parameter: ParameterDescription, _ reader: inout ExperimentReader) {
      if reader.read(entry, parameter, into: &value) { read.insert(parameter.key) }
    }
    // Words first: they decide which other keys there are.
    for parameter in Owner.parameters.map(\.description) where parameter.words != nil {
      if let entry = entries.first(where: { $0.name == parameter.key }), applies(parameter, to: value) {
        take(entry, parameter, &self)
      }
    }
    let names = Set(entries.map(\.name))
    let known = Owner.parameters.map(\.description).filter { parameter in
      guard let condition = parameter.condition, condition.word == nil else { return applies(parameter, to: value) }
      return names.contains(condition.key) != condition.isThatWord
    }
    let leftOut = known.filter { $0.leftOut?.keys.contains(where: names.contains) ?? false }
    // What stands as a key where it belongs into a value is no value that is missing.
    let misplaced = Set(names.compactMap { Owner.misplaced[$0] })
    let required = known.filter { $0.isRequired && !leftOut.contains($0) }.map(\.key)
    let named = checkKeys(
      entries, of: owner, allowed: ["kind"] + known.map(\.key) + alsoAllowed,
      required: required.filter { !misplaced.contains($0) } + alsoRequired,
      remedies: Self.remedies(Owner.parameters.map(\.description), but: known, like: value))
    // In the order of the kind: a key may depend on one before it.
    for parameter in known where parameter.words == nil {
      if let entry = named.first(where: { $0.name == parameter.key }) {
        take(entry, parameter, &self)
      } else if let number = parameter.leftOut?.value, leftOut.contains(parameter) {
        _ = value.set(parameter.key, to: number)
      }
    }
    let given = Set(named.map(\.name))
    for key in required where !given.contains(key) && !misplaced.contains(key) {
      if let remedy = value.remedy(forMissing: key) { amend("\(owner.path).\(key)", remedy: remedy) }
    }
    let missing = given.union(required).intersection(known.map(\.key)).subtracting(read)
    value.miss(missing)
    return Part(value: value, entries: named, read: read, missing: missing)
  }

  /// What to do about keys that are none here: those that another key excludes or needs, and those of other kinds.
  private static func remedies(
    _ all: [ParameterDescription], but known: [ParameterDescription], like example: any Described
  ) -> [String: String] {
    let kinds: [any Described.Type] = example is any Medium ? Catalogue.media : Catalogue.baths
    var remedies: [String: String] = [:]
    for (key, kinds) in Dictionary(
      grouping: kinds.flatMap { kind in Set(kind.defaults.map(\.name)).map { (key: $0, kind: kind.kind.key) } },
      by: \.key)
    {
      remedies[key] = "it is a key of kind \(alternatives(kinds.map(\.kind)))"
    }
    for (word, key) in type(of: example).misplaced where !all.contains(where: { $0.key == word }) {
      remedies[word] = "it belongs into the value of \(key), \(key): {\(word): ...}"
    }
    for parameter in all where !known.contains(where: { $0.key == parameter.key }) {
      guard let condition = parameter.condition else { continue }
      let value = condition.word.map { "\(condition.key): \($0)" } ?? condition.key
      remedies[parameter.key] =
        condition.isThatWord == (condition.word != nil)
        ? "it belongs to \(value) only" : "it is not used beside \(value)"
    }
    return remedies
  }

  private func applies<Owner: Described>(_ parameter: ParameterDescription, to owner: Owner) -> Bool {
    owner.applicable.contains { $0.description == parameter }
  }

  /// Reads one parameter; false, and reported, if its value has the wrong type.
  private mutating func read<Owner: Described>(
    _ entry: Entry, _ parameter: ParameterDescription, into owner: inout Owner
  ) -> Bool {
    switch parameter.form {
    case .number:
      if !parameter.otherForms.isEmpty, FoundValue(entry.node).isOtherThanNumber {
        return readTree(entry, parameter, into: &owner)
      }
      guard let value = real(entry) else { return false }
      return owner.set(parameter.key, to: value)
    case .wholeNumber:
      guard let value: Int = whole(entry) else { return false }
      // Beyond 2^53 every number is out of range, whichever it is.
      return owner.set(parameter.key, to: Double(max(-1 << 53, min(1 << 53, value))))
    case .ends: return readEnds(entry, parameter, into: &owner)
    case .word(let choices, let table):
      let forms = (parameter.textForm == nil ? [] : ["a formula"]) + (table == nil ? [] : Self.tableForms)
      // What is more than a name is no misspelt word.
      if parameter.textForm != nil, let text = entry.node.scalar?.string, text.contains(where: { !$0.isLetter }) {
        return readTree(entry, parameter, into: &owner)
      }
      if table != nil, entry.node.scalar == nil { return readTable(entry, choices.map(\.word), into: &owner) }
      guard let word = choice(entry, of: choices.map(\.word), forms: forms) else { return false }
      owner.set(parameter.key, to: word)
      return true
    case .structure: return readTree(entry, parameter, into: &owner)
    }
  }

  /// Reads a list, a mapping or a text of its own.
  private mutating func readTree<Owner: Described>(
    _ entry: Entry, _ parameter: ParameterDescription, into owner: inout Owner
  ) -> Bool {
    let before = faults.count
    let tree = tree(entry)
    if tree.isUnread { return false }
    do throws(ModelError) {
      try owner.set(parameter.key, to: tree)
      return faults.count == before
    } catch {
      let above = entry.path.dropLast(parameter.key.count)
      report(
        error.faults.map { fault in
          var fault = FileFault(fault)
          fault.key = above + fault.key
          return fault
        })
      return false
    }
  }

  /// A value of any form, with its parts as far as they can be read; in place of a list, the rows of a CSV file.
  private mutating func tree(_ entry: Entry) -> ParameterTree {
    if let nodes = entry.node.sequence {
      remember(entry)
      let items = nodes.enumerated().map { index, node in
        tree(Entry(path: "\(entry.path)[\(index)]", name: entry.name, keyPlace: Place(node.mark), node: node))
      }
      return .list(items)
    }
    if entry.node.mapping != nil {
      guard let entries = mapping(entry, expected: "a mapping") else { return .unread }
      if entries.count == 1, entries[0].name == "file" {
        return table(entry, [], isPart: true).map { .list($0.map { .list($0.map(ParameterTree.number)) }) } ?? .unread
      }
      return .map(entries.map { ParameterTree.Entry($0.name, tree($0)) })
    }
    remember(entry)
    switch FoundValue(entry.node) {
    case .whole(let magnitude, let isNegative): return .number(isNegative ? -Double(magnitude) : Double(magnitude))
    case .real(let number) where number.isFinite: return .number(number)
    case .text(let text, _): return .text(text)
    default:
      reportType(entry, expected: "a value")
      return .unread
    }
  }

  /// One number for both ends, or a mapping with both.
  private mutating func readEnds<Owner: Described>(
    _ entry: Entry, _ parameter: ParameterDescription, into owner: inout Owner
  ) -> Bool {
    let expected = "a number for both ends or {left: NUMBER, right: NUMBER}"
    guard entry.node.mapping != nil else {
      return real(entry, expected: expected).map { owner.set(parameter.key, to: $0) } ?? false
    }
    guard let entries = mapping(entry, expected: expected) else { return false }
    let ends = ["left", "right"]
    var count = 0
    for end in checkKeys(entries, of: entry, allowed: ends, required: ends) where ends.contains(end.name) {
      if let value = real(end), owner.set("\(parameter.key).\(end.name)", to: value) { count += 1 }
    }
    return count == ends.count
  }

  private mutating func readTable<Owner: Described>(_ entry: Entry, _ words: [String], into owner: inout Owner) -> Bool
  {
    guard let rows = table(entry, words) else { return false }
    do throws(ModelError) {
      try owner.set(entry.name, toTable: rows)
      return true
    } catch {
      for fault in error.faults {
        report(entry.path, at: entry.valuePlace, found: fault.found, expected: fault.expected)
      }
      return false
    }
  }

  /// What a table of numbers may be besides a word.
  private static let tableForms = ["a list of rows", "{file: NAME.csv}"]

  /// The rows of a table: a list of lists of numbers, or the name of a CSV file.
  ///
  /// - Parameter isPart: whether the rows that can be read are of use where others, which are reported, cannot.
  private mutating func table(_ entry: Entry, _ words: [String], isPart: Bool = false) -> [[Double]]? {
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
    do throws(NumberTable.Unusable) {
      let table = try NumberTable(contentsOfFile: path)
      linesOfRows[entry.path] = (path, table.lines)
      return table.rows
    } catch {
      for fault in error.faults {
        report(named.path, at: named.valuePlace, found: fault.found, expected: fault.expected)
      }
      guard isPart, let rest = error.rest else { return nil }
      linesOfRows[entry.path] = (path, rest.lines)
      return rest.rows
    }
  }
}
