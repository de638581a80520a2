/// What is known of a parameter whatever its value: everything that files, messages, documents, figures and pages say of it.
package struct ParameterDescription: Hashable, Sendable {
  /// The name in files, for example `friction`.
  package let key: String
  /// The symbol in `Documentation/Notation.md`, for example `γ`; nil if it has none.
  package let symbol: String?
  /// What it is, for a label: `friction of the particles`.
  package let name: String
  /// Dimension in words: `mass/time`, `1` for a pure number, `word` for a word.
  package let dimension: String
  /// What its value is.
  package let form: Form
  /// How else a number can be written: a list, a mapping or a text; empty for one that is always a number.
  package var otherForms: [Choice] = []
  /// The text, a formula, that may stand in place of one of several words; nil for none.
  package var textForm: Choice?
  /// The possible numbers; nil for words.
  package let range: ParameterRange?
  /// Where one usually looks, for a slider or an axis; from 0 or over decades.
  package let usual: ClosedRange<Double>?
  /// Whether a file must give it, unless it has one of the keys beside which it may be left out.
  package let isRequired: Bool
  /// Keys beside which it may be left out though it is required otherwise, and the number that it is then; nil for none.
  package var leftOut: LeftOut?
  /// Whether it belongs only to some values of another parameter; nil if always.
  package let condition: Condition?
  /// One line for a table of the documents.
  package let meaning: String

  /// What a value is.
  package enum Form: Hashable, Sendable {
    case number
    /// A whole number; if it is left to Ness, it may be left out.
    case wholeNumber(isOptional: Bool)
    /// One of several words; `table` says what rows of numbers mean instead, if they may stand there.
    case word([Choice], table: String?)
    /// One number for both ends, or a mapping with a number for each.
    case ends
    /// A list, a mapping or a text of its own; the choices say how it can be written.
    case structure([Choice])
  }

  /// One of the words that a parameter may be.
  package struct Choice: Hashable, Sendable {
    /// The word in files.
    package let word: String
    /// One line on what it stands for.
    package let meaning: String

    /// A word, or a way to write a value, and what it means.
    package init(word: String, meaning: String) {
      self.word = word
      self.meaning = meaning
    }
  }

  /// Where a required parameter may be left out.
  package struct LeftOut: Hashable, Sendable {
    /// Keys, one of which the file has.
    package let keys: [String]
    /// What the parameter is then.
    package let value: Double

    /// Beside one of some keys, for a number.
    package init(beside keys: [String], value: Double) {
      self.keys = keys
      self.value = value
    }
  }

  /// Another parameter decides whether there is this one.
  package struct Condition: Hashable, Sendable {
    /// Key of the other parameter.
    package let key: String
    /// The word that it is; nil for left out.
    package let word: String?
    /// Whether the other parameter has to be that, or anything else.
    package let isThatWord: Bool

    /// Only where the parameter `key` is `word`.
    package static func only(_ key: String, _ word: String) -> Condition {
      Condition(key: key, word: word, isThatWord: true)
    }
    /// Only where the parameter `key` is not `word`.
    package static func unless(_ key: String, _ word: String) -> Condition {
      Condition(key: key, word: word, isThatWord: false)
    }
    /// Only where the parameter `key` is given.
    package static func beside(_ key: String) -> Condition { Condition(key: key, word: nil, isThatWord: false) }
    /// Only where the parameter `key` is left out.
    package static func without(_ key: String) -> Condition { Condition(key: key, word: nil, isThatWord: true) }
  }

  /// Whether it is a whole number.
  package var isWhole: Bool { if case .wholeNumber = form { true } else { false } }

  /// Whether its value is a number: what can be swept.
  package var isNumeric: Bool {
    switch form {
    case .number, .wholeNumber, .ends: true
    case .word, .structure: false
    }
  }

  /// The words that it may be; nil if it is none of several words.
  package var words: [String]? { if case .word(let choices, _) = form { choices.map(\.word) } else { nil } }

  /// The words that it may be, or the ways to write it, with their meanings, and what rows of numbers mean instead; nil for what is
  /// always a number.
  package var choices: (choices: [Choice], table: String?)? {
    switch form {
    case .word(let choices, let table): (choices, table)
    case .structure(let forms): (forms, nil)
    case .number, .wholeNumber, .ends: otherForms.isEmpty ? nil : (otherForms, nil)
    }
  }

  /// The same where it is written in one of its other forms, and no number that could be swept.
  var inOtherForm: ParameterDescription {
    ParameterDescription(
      key: key, symbol: symbol, name: name, dimension: dimension, form: .structure(otherForms), range: nil, usual: nil,
      isRequired: isRequired, condition: condition, meaning: meaning)
  }

  /// One end of a pair of ends.
  func end(_ end: ParameterEnd) -> ParameterDescription {
    ParameterDescription(
      key: "\(key).\(end.rawValue)", symbol: symbol.map { "\($0)_\(end == .left ? "L" : "R")" },
      name: "\(name) of the \(end.rawValue) end", dimension: dimension, form: .number, range: range, usual: usual,
      isRequired: false, condition: condition, meaning: "\(meaning), of the \(end.rawValue) end")
  }

  /// A number within a value that has a form of its own, under the whole name that a sweep gives it.
  package static func part(
    _ key: String, symbol: String, name: String, dimension: String = "1", range: ParameterRange = .finite,
    usual: ClosedRange<Double>, isWhole: Bool = false, meaning: String
  ) -> ParameterDescription {
    ParameterDescription(
      key: key, symbol: symbol, name: name, dimension: dimension,
      form: isWhole ? .wholeNumber(isOptional: false) : .number, range: range, usual: usual, isRequired: false,
      condition: nil, meaning: meaning)
  }

  /// The description of the place of a bath.
  package static let site = ParameterDescription(
    key: "site", symbol: "j", name: "site", dimension: "1", form: .wholeNumber(isOptional: true), range: nil,
    usual: nil,
    isRequired: false, condition: nil,
    meaning:
      "where the bath is; only for names other than `left` and `right`; of a network also `sites`, a bath like this at each of several"
  )
}

/// The two ends of a row of sites.
enum ParameterEnd: String, CaseIterable, Sendable { case left, right }

/// A value that files name by a word.
package protocol NamedChoice: Equatable, Sendable {
  /// The words with the values they stand for, and a line on each.
  static var choices: [(word: String, value: Self, meaning: String)] { get }
  /// The word; nil for a value that has none.
  var word: String? { get }
}

extension NamedChoice {
  /// The word of an equal value.
  package var word: String? { Self.choices.first { $0.value == self }?.word }
}
