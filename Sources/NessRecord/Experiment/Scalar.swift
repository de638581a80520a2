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

  var isNothing: Bool {
    if case .nothing = self { true } else { false }
  }

  /// A number of the YAML core schema; nil if the text is none.
  private init?(number text: String) {
    if let whole = try? /([-+]?)(0x[0-9a-fA-F]+|[0-9]+)/.wholeMatch(in: text) {
      let digits = whole.2.hasPrefix("0x") ? whole.2.dropFirst(2) : whole.2
      if let value = UInt64(digits, radix: whole.2.hasPrefix("0x") ? 16 : 10) {
        self = .whole(value, isNegative: whole.1 == "-")
        return
      }
    }
    let infinities = [".inf", ".Inf", ".INF"]
    if [".nan", ".NaN", ".NAN"].contains(text) {
      self = .real(.nan)
    } else if infinities.contains(text.first.map { "+-".contains($0) } == true ? String(text.dropFirst()) : text) {
      self = .real(text.hasPrefix("-") ? -.infinity : .infinity)
    } else if (try? /[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?/.wholeMatch(in: text)) != nil,
      let value = Double(text.hasPrefix("+") ? String(text.dropFirst()) : text)
    {
      self = .real(value)
    } else {
      return nil
    }
  }

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
