/// A parameter of a kind of medium or bath: what is known of it, and where its value lives. It is the only place that says
/// so; reader and writer of files, faults, sweeps, keys of results, help, documents, figures and the explorer follow it.
package struct Parameter<Owner>: Sendable {
  /// What is known of it.
  package private(set) var description: ParameterDescription
  let storage: Storage
  /// What it is in messages: `a friction`, `sites`.
  private let noun: String
  /// Why its range ends where it does, for messages.
  private let reason: String?

  enum Storage: Sendable {
    /// A number, which may have another form.
    case real(WritableKeyPath<Owner, Double> & Sendable, or: Structure?)
    case whole(WritableKeyPath<Owner, Int> & Sendable)
    case optionalWhole(WritableKeyPath<Owner, Int?> & Sendable)
    case ends(left: WritableKeyPath<Owner, Double> & Sendable, right: WritableKeyPath<Owner, Double> & Sendable)
    /// `get` is nil where the value is no word, `set` does nothing with a wrong one.
    case word(
      get: @Sendable (Owner) -> String?, set: @Sendable (inout Owner, String) -> Void, table: Table?, text: Structure?)
    case structure(Structure)
  }

  /// A value that is a list, a mapping or a text of its own, with numbers in it that can be swept.
  package struct Structure: Sendable {
    let get: @Sendable (Owner) -> ParameterTree?
    let set: @Sendable (inout Owner, ParameterTree) throws(ModelError) -> Void
    let numbers: @Sendable (Owner) -> [Number]
    let setNumber: @Sendable (inout Owner, String, Double) -> Bool

    /// A number within the value.
    package struct Number: Sendable {
      let description: ParameterDescription
      let value: Double
    }

    /// - Parameters:
    ///   - get: the value; nil where it is left out.
    ///   - set: takes a value, or says what is wrong with its shape: paths begin with the key.
    ///   - numbers: the numbers that can be swept, under the names of files, for example `parameters.beta`.
    ///   - setNumber: sets one of them; false if there is none of that name or it needs a whole number.
    package init(
      get: @escaping @Sendable (Owner) -> ParameterTree?,
      set: @escaping @Sendable (inout Owner, ParameterTree) throws(ModelError) -> Void,
      numbers: @escaping @Sendable (Owner) -> [Number] = { _ in [] },
      setNumber: @escaping @Sendable (inout Owner, String, Double) -> Bool = { _, _, _ in false }
    ) {
      self.get = get
      self.set = set
      self.numbers = numbers
      self.setNumber = setNumber
    }
  }

  /// Rows of numbers that may stand in place of a word.
  package struct Table: Sendable {
    let meaning: String
    let get: @Sendable (Owner) -> [[Double]]?
    let set: @Sendable (inout Owner, [[Double]]) throws(ModelError) -> Void

    /// - Parameters:
    ///   - meaning: what the rows are, for a table of the documents.
    ///   - get: the rows; nil where the value is a word.
    ///   - set: takes rows, or says what is wrong with them.
    package init(
      _ meaning: String, get: @escaping @Sendable (Owner) -> [[Double]]?,
      set: @escaping @Sendable (inout Owner, [[Double]]) throws(ModelError) -> Void
    ) {
      self.meaning = meaning
      self.get = get
      self.set = set
    }
  }

  private init(
    _ storage: Storage, _ form: ParameterDescription.Form, _ key: String, _ symbol: String?, _ name: String?,
    _ dimension: String, _ range: ParameterRange?, _ usual: ClosedRange<Double>?, _ isRequired: Bool,
    _ condition: ParameterDescription.Condition?, _ meaning: String, noun: String? = nil, reason: String? = nil,
    otherForms: [ParameterDescription.Choice] = [], leftOut: ParameterDescription.LeftOut? = nil
  ) {
    self.storage = storage
    self.noun = noun ?? (form == .number || form == .ends ? "a \(key)" : key)
    self.reason = reason
    description = ParameterDescription(
      key: key, symbol: symbol, name: name ?? key, dimension: dimension, form: form, range: range, usual: usual,
      isRequired: isRequired, condition: condition, meaning: meaning)
    description.otherForms = otherForms
    description.leftOut = leftOut
  }

  /// A number. See `ParameterDescription` for what each argument is.
  package init(
    _ key: String, _ symbol: String?, _ path: WritableKeyPath<Owner, Double> & Sendable, dimension: String,
    range: ParameterRange, usual: ClosedRange<Double>, isRequired: Bool = false, name: String? = nil,
    noun: String? = nil, because reason: String? = nil, if condition: ParameterDescription.Condition? = nil,
    or other: (structure: Structure, forms: [ParameterDescription.Choice])? = nil, meaning: String
  ) {
    self.init(
      .real(path, or: other?.structure), .number, key, symbol, name, dimension, range, usual, isRequired, condition,
      meaning, noun: noun, reason: reason, otherForms: other?.forms ?? [])
  }

  /// A number for each of two ends, or one for both.
  package init(
    _ key: String, _ symbol: String?, left: WritableKeyPath<Owner, Double> & Sendable,
    right: WritableKeyPath<Owner, Double> & Sendable, dimension: String, range: ParameterRange,
    usual: ClosedRange<Double>, isRequired: Bool = false, leftOut: ParameterDescription.LeftOut? = nil, meaning: String
  ) {
    self.init(
      .ends(left: left, right: right), .ends, key, symbol, nil, dimension, range, usual, isRequired, nil, meaning,
      leftOut: leftOut)
  }

  /// A whole number; `noun` is its plural, where that is not the key.
  package init(
    _ key: String, _ symbol: String?, _ path: WritableKeyPath<Owner, Int> & Sendable, range: ClosedRange<Int>,
    usual: ClosedRange<Double>, isRequired: Bool = false, name: String, noun: String? = nil, meaning: String
  ) {
    self.init(
      .whole(path), .wholeNumber(isOptional: false), key, symbol, name, "1", .whole(range), usual, isRequired, nil,
      meaning, noun: noun)
  }

  /// A whole number that may be left to Ness.
  package init(
    _ key: String, _ symbol: String?, _ path: WritableKeyPath<Owner, Int?> & Sendable, range: ClosedRange<Int>,
    usual: ClosedRange<Double>, name: String, meaning: String
  ) {
    self.init(
      .optionalWhole(path), .wholeNumber(isOptional: true), key, symbol, name, "1", .whole(range), usual, false, nil,
      meaning)
  }

  /// A word, or rows of numbers if `table` is given, or a formula if `text` is.
  package init<Value: NamedChoice>(
    _ key: String, _ symbol: String?, _ path: WritableKeyPath<Owner, Value> & Sendable, isRequired: Bool = false,
    if condition: ParameterDescription.Condition? = nil, table: Table? = nil,
    text: (structure: Structure, form: ParameterDescription.Choice)? = nil, meaning: String
  ) {
    let choices = Value.choices.map { ParameterDescription.Choice(word: $0.word, meaning: $0.meaning) }
    self.init(
      .word(
        get: { $0[keyPath: path].word },
        set: { owner, word in
          if let choice = Value.choices.first(where: { $0.word == word }) { owner[keyPath: path] = choice.value }
        }, table: table, text: text?.structure),
      .word(choices, table: table?.meaning), key, symbol, nil, "word", nil, nil, isRequired, condition, meaning)
    description.textForm = text?.form
  }
}

extension Parameter {
  /// A list, a mapping or a text of its own.
  ///
  /// - Parameter forms: how it can be written, and what that means.
  package init(
    _ key: String, _ symbol: String?, _ structure: Structure, dimension: String = "word",
    forms: [ParameterDescription.Choice], isRequired: Bool = false, name: String? = nil,
    if condition: ParameterDescription.Condition? = nil, meaning: String
  ) {
    self.init(
      .structure(structure), .structure(forms), key, symbol, name, dimension, nil, nil, isRequired, condition, meaning)
  }

  /// The numbers within a value that can be swept.
  func numbers(in owner: Owner) -> [Structure.Number] { structure?.numbers(owner) ?? [] }

  /// Its form of its own, which may stand in place of a number.
  var structure: Structure? {
    switch storage {
    case .structure(let structure), .real(_, or: let structure?): structure
    default: nil
    }
  }

  /// What is known of it as it is written.
  func description(in owner: Owner) -> ParameterDescription {
    if case .real(_, let other?) = storage, other.get(owner) != nil { description.inOtherForm } else { description }
  }
}

extension Parameter {
  /// The name in files.
  package var key: String { description.key }

  /// The value as it is written in a file; nil if it is left out or has another form.
  func text(in owner: Owner) -> String? {
    switch storage {
    case .real(let path, let other): return other?.get(owner)?.flow ?? "\(owner[keyPath: path])"
    case .whole(let path): return "\(owner[keyPath: path])"
    case .optionalWhole(let path): return owner[keyPath: path].map { "\($0)" }
    case .ends(let left, let right):
      return owner[keyPath: left] == owner[keyPath: right] ? "\(owner[keyPath: left])" : nil
    case .word(let get, _, _, let text): return get(owner) ?? text?.get(owner)?.flow
    case .structure(let structure): return structure.get(owner)?.flow
    }
  }

  /// Sets a number; false if a whole number is needed and `value` is none, or a word.
  func set(_ value: Double, in owner: inout Owner) -> Bool {
    switch storage {
    case .real(let path, _): owner[keyPath: path] = value
    case .ends(let left, let right):
      owner[keyPath: left] = value
      owner[keyPath: right] = value
    case .whole(let path):
      guard let whole = Int(exactly: value) else { return false }
      owner[keyPath: path] = whole
    case .optionalWhole(let path):
      guard let whole = Int(exactly: value) else { return false }
      owner[keyPath: path] = whole
    case .word, .structure: return false
    }
    return true
  }

  /// Both ends, each under its own name; empty for a parameter that has none.
  var ends: [(description: ParameterDescription, path: WritableKeyPath<Owner, Double> & Sendable)] {
    guard case .ends(let left, let right) = storage else { return [] }
    return [(description.end(.left), left), (description.end(.right), right)]
  }

  /// Faults of the values that are out of range.
  func faults(in owner: Owner) -> [ParameterFault] {
    guard let range = description.range else { return [] }
    func fault(_ key: String, _ value: Double, _ text: String) -> ParameterFault? {
      range.contains(value)
        ? nil
        : ParameterFault(
          parameter: key, found: text, expected: range.expectation(noun) + (reason.map { " (\($0))" } ?? ""))
    }
    func fault(_ value: Int) -> ParameterFault? {
      guard case .whole(let whole) = range, !whole.contains(value) else { return nil }
      return ParameterFault(parameter: key, found: "\(value)", expected: range.expectation(noun))
    }
    switch storage {
    case .real(let path, let other):
      if other?.get(owner) != nil { return [] }
      return [fault(key, owner[keyPath: path], "\(owner[keyPath: path])")].compactMap { $0 }
    case .whole(let path): return [fault(owner[keyPath: path])].compactMap { $0 }
    case .optionalWhole(let path): return [owner[keyPath: path].flatMap(fault)].compactMap { $0 }
    case .ends:
      return ends.compactMap { fault($0.description.key, owner[keyPath: $0.path], "\(owner[keyPath: $0.path])") }
    case .word, .structure: return []
    }
  }
}
