import NessModel
import Yams

/// What a value of the file is, in the words of a message.
enum FoundValue {
  case real(Double)
  case whole(UInt64, isNegative: Bool)
  case nothing
  /// Text; `looksLikeNumber` if only its quotes keep it from being one.
  case text(String, looksLikeNumber: Bool)
  case mapping
  case list

  init(_ node: Node) {
    switch node {
    case .mapping: self = .mapping
    case .sequence: self = .list
    case .alias: self = .nothing
    case .scalar(let scalar):
      let isPlain = scalar.style == .plain && node.tag != Tag(.str)
      if scalar.style == .plain, ["", "~", "null", "Null", "NULL"].contains(scalar.string) {
        self = .nothing
      } else if let number = FoundValue(number: scalar.string) {
        self = isPlain ? number : .text(scalar.string, looksLikeNumber: true)
      } else {
        self = .text(scalar.string, looksLikeNumber: false)
      }
    }
  }

  /// Whether it is a list, a mapping, or a text that is not meant to be a number.
  var isOtherThanNumber: Bool {
    switch self {
    case .mapping, .list: true
    case .text: remedy == nil
    case .real, .whole, .nothing: false
    }
  }

  var isNothing: Bool {
    if case .nothing = self { true } else { false }
  }

  /// A number of the YAML core schema; nil if the text is none.
  // Every number of a file passes here, and a regular expression takes some 0.1 ms to be set up.
  private init?(number text: String) {
    let isNegative = text.hasPrefix("-")
    let magnitude = isNegative || text.hasPrefix("+") ? text.dropFirst() : text[...]
    let hexDigits = magnitude.hasPrefix("0x") ? magnitude.dropFirst(2) : ""
    if magnitude.utf8.allSatisfy(Self.isDigit), let value = UInt64(magnitude) {
      self = .whole(value, isNegative: isNegative)
    } else if hexDigits.utf8.allSatisfy(\.isHexDigit), let value = UInt64(hexDigits, radix: 16) {
      self = .whole(value, isNegative: isNegative)
    } else if [".nan", ".NaN", ".NAN"].contains(text) {
      self = .real(.nan)
    } else if [".inf", ".Inf", ".INF"].contains(magnitude) {
      self = .real(isNegative ? -.infinity : .infinity)
    } else if let first = magnitude.utf8.first, Self.isDigit(first) || first == UInt8(ascii: "."),
      magnitude.utf8.allSatisfy({ Self.isDigit($0) || ".eE+-".utf8.contains($0) }), let value = Double(magnitude)
    {
      self = .real(isNegative ? -value : value)
    } else {
      return nil
    }
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

  /// What was found, for a message about a wrong type.
  func description(of node: Node) -> String {
    switch self {
    case .real, .whole: shortened(node.scalar?.string ?? "")
    case .nothing: "nothing"
    case .text(let text, _): "the text \"\(shortened(text))\""
    case .mapping: "a mapping"
    case .list: "a list"
    }
  }

  /// How to turn it into the number that was probably meant.
  var remedy: String? {
    guard case .text(let text, let looksLikeNumber) = self else { return nil }
    if looksLikeNumber { return "leave the quotes away" }
    let bare = text.replacing("_", with: "").replacing(",", with: ".")
    if bare != text, FoundValue(number: bare) != nil { return "write \(bare)" }
    return nil
  }
}

extension UInt8 {
  fileprivate var isHexDigit: Bool { Character(UnicodeScalar(self)).isHexDigit }
}
