/// A kind of medium or bath: its name in files, and what it is.
package struct KindDescription: Hashable, Sendable {
  /// The name in files, for example `langevin`.
  package let key: String
  /// The name in words, for a heading: `Langevin bath`.
  package let title: String
  /// One line on what it is.
  package let meaning: String

  /// A kind by its name in files.
  package init(_ key: String, title: String, meaning: String) {
    self.key = key
    self.title = title
    self.meaning = meaning
  }
}

/// A medium or bath that says all about itself, once: `Catalogue` lists which there are.
package protocol Described: Hashable, Sendable {
  /// Its kind.
  static var kind: KindDescription { get }
  /// Its parameters in the order of files.
  static var parameters: [Parameter<Self>] { get }
  /// A possible one: optional parameters have their defaults, the others values to begin with.
  static var example: Self { get }
  /// What a file describes that gives no more than it must: `example` unless that has more.
  static var blank: Self { get }
  /// Every physical fault, each naming its parameter; empty if it is possible.
  var faults: [ParameterFault] { get }
  /// Is told which parameters a file should have given and could not be read, so that nothing is said of them and of what depends on
  /// them; the others have what was read of them.
  mutating func miss(_ keys: Set<String>)
  /// What to write for a parameter that is missing, as far as the others tell; nil for nothing.
  func remedy(forMissing key: String) -> String?
  /// Words that stand as keys where they belong into the value of a parameter, by the key of that one.
  static var misplaced: [String: String] { get }
}

/// A parameter with its value.
package struct DescribedParameter: Sendable {
  /// What is known of it.
  package let description: ParameterDescription
  /// The value for the file; nil if it is left out or has a form of its own.
  package let text: String?

  /// The name in files; of one end of a chain `pinning.left`.
  package var name: String { description.key }
  /// Dimension in words.
  package var dimension: String { description.dimension }
  /// Whether it is a whole number.
  package var isWhole: Bool { description.isWhole }
  /// The words that it may be; nil if it is none of several words.
  package var words: [String]? { description.words }
  /// Whether it is a number: what can be swept.
  package var isNumeric: Bool { description.isNumeric }
}

extension Described {
  /// The parameters that there are for the present words.
  package var applicable: [Parameter<Self>] { Self.parameters.filter { applies($0) } }

  private func applies(_ parameter: Parameter<Self>) -> Bool {
    guard let condition = parameter.description.condition else { return true }
    let other = Self.parameters.first { $0.key == condition.key }
    return (other?.text(in: self) == condition.word) == condition.isThatWord
  }

  /// The parameters with their values, those of two ends as a whole and for each end.
  package var described: [DescribedParameter] {
    applicable.flatMap { parameter in
      [DescribedParameter(description: parameter.description(in: self), text: parameter.text(in: self))]
        + parameter.ends.map { DescribedParameter(description: $0.description, text: "\(self[keyPath: $0.path])") }
        + parameter.numbers(in: self).map { DescribedParameter(description: $0.description, text: "\($0.value)") }
    }
  }

  /// The example.
  package static var blank: Self { example }
  package mutating func miss(_ keys: Set<String>) {}
  package func remedy(forMissing key: String) -> String? { nil }
  package static var misplaced: [String: String] { [:] }

  /// Every parameter with its default, or a value to begin with where a file must give it.
  package static var defaults: [DescribedParameter] {
    parameters.map { parameter in
      var example = blank
      if let condition = parameter.description.condition, condition.isThatWord, let word = condition.word {
        example.set(condition.key, to: word)
      }
      return DescribedParameter(description: parameter.description, text: parameter.text(in: example))
    }
  }

  /// Keys of the values with a form of their own whose numbers are whole.
  package static var wholeParts: Set<String> {
    Set(
      parameters.filter { parameter in
        let numbers = parameter.numbers(in: example)
        return !numbers.isEmpty && numbers.allSatisfy { $0.description.isWhole }
      }.map(\.key))
  }

  /// Faults of the parameters that are out of range.
  package var parameterFaults: [ParameterFault] { applicable.flatMap { $0.faults(in: self) } }

  /// Values that are out of range.
  package var faults: [ParameterFault] { parameterFaults }

  /// Sets a number; false if there is none of that name or it needs a whole number.
  package mutating func set(_ name: String, to value: Double) -> Bool {
    for parameter in applicable {
      if parameter.key == name { return parameter.set(value, in: &self) }
      if let end = parameter.ends.first(where: { $0.description.key == name }) {
        self[keyPath: end.path] = value
        return true
      }
      if let structure = parameter.structure, name.isPart(of: parameter.key) {
        return structure.setNumber(&self, name, value)
      }
    }
    return false
  }

  /// Sets a word; one that is none of the choices changes nothing.
  package mutating func set(_ name: String, to word: String) {
    if case .word(_, let set, _, _)? = applicable.first(where: { $0.key == name })?.storage { set(&self, word) }
  }

  /// Sets rows of numbers in place of a word.
  ///
  /// - Throws: `ModelError` if they are not what the parameter needs.
  package mutating func set(_ name: String, toTable rows: [[Double]]) throws(ModelError) {
    if case .word(_, _, let table?, _)? = applicable.first(where: { $0.key == name })?.storage {
      try table.set(&self, rows)
    }
  }

  /// Sets a value that has a form of its own.
  ///
  /// - Throws: `ModelError` if it has not the shape that the parameter needs; what could be read of it is set all the same.
  package mutating func set(_ name: String, to tree: ParameterTree) throws(ModelError) {
    // One that belongs to another is read even where that one could not be.
    switch (applicable + Self.parameters).first(where: { $0.key == name })?.storage {
    case .structure(let structure), .real(_, or: let structure?), .word(_, _, _, text: let structure?):
      try structure.set(&self, tree)
    default: break
    }
  }

  /// Values that are rows of numbers, with their key.
  package var tables: [(name: String, rows: [[Double]])] {
    applicable.compactMap { parameter in
      guard case .word(_, _, let table?, _) = parameter.storage else { return nil }
      return table.get(self).map { (parameter.key, $0) }
    }
  }

  func isEqual(to other: any Described) -> Bool { other as? Self == self }
}

extension String {
  /// Whether it names a number within a value, `parameters.beta` of `parameters` or `terms[0].time` of `terms`.
  package func isPart(of key: String) -> Bool { hasPrefix("\(key).") || hasPrefix("\(key)[") }
}
