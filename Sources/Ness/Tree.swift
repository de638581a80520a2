import Foundation

/// A part of an experiment written in Swift: the keys and values of an experiment file.
///
/// ```swift
/// let medium: Tree = ["kind": "chain", "sites": 8, "pinning": 1.0]
/// ```
///
/// Which keys there are says `ness kinds`, and <doc:ExperimentFile>.
public enum Tree: Sendable, Hashable {
  /// A word or a text.
  case text(String)
  /// A number.
  case number(Double)
  /// A whole number.
  case whole(Int)
  /// True or false.
  case flag(Bool)
  /// Several values.
  case list([Tree])
  /// Keys with their values, in their order.
  case map([Entry])

  /// A key with its value.
  public struct Entry: Sendable, Hashable {
    /// The key.
    public var name: String
    /// Its value.
    public var value: Tree

    /// A key with its value.
    public init(_ name: String, _ value: Tree) {
      self.name = name
      self.value = value
    }
  }

  /// The tree as one line of YAML, which is JSON too.
  var yaml: String {
    switch self {
    case .text(let text): Self.quoted(text)
    case .number(let number): number.isFinite ? "\(number)" : number.isNaN ? ".nan" : number > 0 ? ".inf" : "-.inf"
    case .whole(let number): "\(number)"
    case .flag(let flag): "\(flag)"
    case .list(let values): "[\(values.map(\.yaml).joined(separator: ", "))]"
    case .map(let keys): "{\(keys.map { "\(Self.quoted($0.name)): \($0.value.yaml)" }.joined(separator: ", "))}"
    }
  }

  private static func quoted(_ text: String) -> String {
    // What encodes a text cannot fail on one.
    let data = (try? JSONEncoder().encode(text)) ?? Data("\"\"".utf8)
    return String(decoding: data, as: UTF8.self).replacing("\\/", with: "/")
  }
}

extension Tree: ExpressibleByStringLiteral, ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  /// A text.
  public init(stringLiteral value: String) { self = .text(value) }
  /// A number.
  public init(floatLiteral value: Double) { self = .number(value) }
  /// A whole number.
  public init(integerLiteral value: Int) { self = .whole(value) }
  /// A flag.
  public init(booleanLiteral value: Bool) { self = .flag(value) }
  /// A list.
  public init(arrayLiteral elements: Tree...) { self = .list(elements) }
  /// Keys with their values.
  public init(dictionaryLiteral elements: (String, Tree)...) { self = .map(elements.map { Entry($0.0, $0.1) }) }
}
