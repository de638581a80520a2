import NessModel

/// A key of the experiment file and where its value lives. One list of fields per kind serves the reading, the writing,
/// the sweep and the dimensions in file headers.
struct Field<Owner>: Sendable {
  /// Where the value lives.
  enum Storage: Sendable {
    case real(WritableKeyPath<Owner, Double> & Sendable)
    case whole(WritableKeyPath<Owner, Int> & Sendable)
    case optionalWhole(WritableKeyPath<Owner, Int?> & Sendable)
    /// One of several words; `get` is nil where the value is no word, `set` does nothing with a wrong one.
    case word([String], get: @Sendable (Owner) -> String?, set: @Sendable (inout Owner, String) -> Void)
  }

  let name: String
  let dimension: String
  let storage: Storage
  let isRequired: Bool

  init(_ name: String, _ dimension: String, _ storage: Storage, isRequired: Bool = false) {
    self.name = name
    self.dimension = dimension
    self.storage = storage
    self.isRequired = isRequired
  }

  /// A field whose values are the cases of an enumeration.
  init<Choice: CaseIterable & RawRepresentable<String> & Sendable>(
    _ name: String, choice path: WritableKeyPath<Owner, Choice> & Sendable, isRequired: Bool = false
  ) {
    self.init(
      name, "word",
      .word(
        Choice.allCases.map(\.rawValue), get: { $0[keyPath: path].rawValue },
        set: { owner, word in if let choice = Choice(rawValue: word) { owner[keyPath: path] = choice } }),
      isRequired: isRequired)
  }

  var isWhole: Bool {
    switch storage {
    case .whole, .optionalWhole: true
    case .real, .word: false
    }
  }

  /// The words that the value may be; nil if it is a number.
  var words: [String]? {
    if case .word(let words, _, _) = storage { words } else { nil }
  }

  /// The value as it is written in a file; nil if it is left out.
  func text(in owner: Owner) -> String? {
    switch storage {
    case .real(let path): "\(owner[keyPath: path])"
    case .whole(let path): "\(owner[keyPath: path])"
    case .optionalWhole(let path): owner[keyPath: path].map { "\($0)" }
    case .word(_, let get, _): get(owner)
    }
  }

  /// Sets a number; false if a whole number is needed and `value` is none, or a word.
  func set(_ value: Double, in owner: inout Owner) -> Bool {
    switch storage {
    case .real(let path): owner[keyPath: path] = value
    case .whole(let path):
      guard let whole = Int(exactly: value) else { return false }
      owner[keyPath: path] = whole
    case .optionalWhole(let path):
      guard let whole = Int(exactly: value) else { return false }
      owner[keyPath: path] = whole
    case .word: return false
    }
    return true
  }
}

/// A medium or bath that a file describes by keys.
protocol Described: Sendable {
  /// The keys in the order of the file; they may depend on the values (`width` belongs to some couplings only).
  var fields: [Field<Self>] { get }
}

/// One key of a medium or bath, with its present value.
package struct DescribedParameter {
  package let name: String
  package let dimension: String
  package let isWhole: Bool
  package let isRequired: Bool
  /// The words that the value may be; nil if it is a number.
  package let words: [String]?
  /// The value for the file; nil if it is left out or has a form of its own.
  package let text: String?
}

extension Described {
  var parameters: [DescribedParameter] {
    fields.map {
      DescribedParameter(
        name: $0.name, dimension: $0.dimension, isWhole: $0.isWhole, isRequired: $0.isRequired, words: $0.words,
        text: $0.text(in: self))
    }
  }

  /// Sets a numeric parameter; false if there is none of that name or it needs a whole number.
  mutating func set(_ name: String, to value: Double) -> Bool {
    fields.first { $0.name == name }?.set(value, in: &self) ?? false
  }

  /// Sets a parameter that is a word.
  mutating func set(_ name: String, to word: String) {
    if case .word(_, _, let set)? = fields.first(where: { $0.name == name })?.storage { set(&self, word) }
  }
}
