/// A value of an experiment file that is more than a number or a word: a list or a mapping, of any depth.
package indirect enum ParameterTree: Hashable, Sendable {
  case number(Double)
  case text(String)
  case list([ParameterTree])
  /// Keys with values, in the order of the file.
  case map([Entry])
  /// What could not be read, and was told: what is made of it has nothing to say.
  case unread

  /// A key with its value.
  package struct Entry: Hashable, Sendable {
    package let key: String
    package let value: ParameterTree

    package init(_ key: String, _ value: ParameterTree) {
      self.key = key
      self.value = value
    }
  }

  /// The value on one line, as YAML.
  package var flow: String {
    switch self {
    case .number(let number): Self.text(number)
    case .text(let text): "\"\(text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\""))\""
    case .list(let items): "[\(items.map(\.flow).joined(separator: ", "))]"
    case .map(let entries): "{\(entries.map { "\($0.key): \($0.value.flow)" }.joined(separator: ", "))}"
    case .unread: "?"
    }
  }

  /// A whole number without a fraction.
  private static func text(_ number: Double) -> String { Int(exactly: number).map { "\($0)" } ?? "\(number)" }

  /// What it is, for a message.
  package var words: String {
    switch self {
    case .number(let number): Self.text(number)
    case .text(let text): "the text \"\(shortened(text))\""
    case .list(let items): "a list of \(items.count)"
    case .map: "a mapping"
    case .unread: "what cannot be read"
    }
  }

  /// Whether it could not be read.
  package var isUnread: Bool { self == .unread }
  /// The number; nil if it is none.
  package var number: Double? { if case .number(let number) = self { number } else { nil } }
  /// The whole number; nil if it is none.
  package var whole: Int? { number.flatMap { Int(exactly: $0) } }
  /// The items; nil if it is no list.
  package var items: [ParameterTree]? { if case .list(let items) = self { items } else { nil } }
  /// The entries; nil if it is no mapping.
  package var entries: [Entry]? { if case .map(let entries) = self { entries } else { nil } }
  /// The text of a formula, which may be a bare number; nil if it is neither.
  package var formula: String? {
    switch self {
    case .number(let number): Self.text(number)
    case .text(let text): text
    case .list, .map, .unread: nil
    }
  }
}
