/// JSON text with keys in the order in which a value encodes them and numbers in their shortest round-trip form, so
/// that equal values give equal bytes. (Foundation's encoder can only sort keys.)
package enum OrderedJSON {
  /// The text of a value with a newline at its end: indented by two spaces, or all on one line.
  ///
  /// - Throws: `EncodingError.invalidValue` for a number that is not finite, with its path.
  package static func text<Value: Encodable>(of value: Value, onOneLine: Bool = false) throws -> String {
    let node = JSONNode()
    try JSONNodeEncoder(node: node, codingPath: []).encode(value)
    return node.text(indent: onOneLine ? nil : 0) + "\n"
  }
}

/// A JSON value whose keys have an order; a container fills it in place.
package final class JSONNode {
  package enum Kind { case literal, array, object }

  package private(set) var kind = Kind.object
  private var literal = ""
  private var keys: [String] = []
  private var items: [JSONNode] = []

  package init() {}

  package var count: Int { items.count }

  package func become(_ kind: Kind) { self.kind = kind }

  package func become(literal: String) {
    kind = .literal
    self.literal = literal
  }

  package func append(_ item: JSONNode, key: String? = nil) {
    if let key { keys.append(key) }
    items.append(item)
  }

  /// - Parameter indent: levels of indentation; nil for all on one line.
  package func text(indent: Int?) -> String {
    let inner = indent.map { $0 + 1 }
    return switch kind {
    case .literal: literal
    case .array: block("[", items.map { $0.text(indent: inner) }, "]", indent)
    case .object: block("{", zip(keys, items).map { "\(Self.quoted($0)): \($1.text(indent: inner))" }, "}", indent)
    }
  }

  private func block(_ open: String, _ items: [String], _ close: String, _ indent: Int?) -> String {
    guard let indent, !items.isEmpty else { return open + items.joined(separator: ", ") + close }
    let margin = String(repeating: "  ", count: indent)
    return "\(open)\n" + items.map { "\(margin)  \($0)" }.joined(separator: ",\n") + "\n\(margin)\(close)"
  }

  /// A JSON string.
  package static func quoted(_ text: String) -> String {
    if text.utf8.allSatisfy({ $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }) {
      return "\"\(text)\""
    }
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\n": quoted += "\\n"
      case "\t": quoted += "\\t"
      case "\r": quoted += "\\r"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}

private struct JSONKey: CodingKey {
  let stringValue: String
  let intValue: Int?

  init(stringValue: String) {
    self.stringValue = stringValue
    intValue = nil
  }

  init(intValue: Int) {
    stringValue = "\(intValue)"
    self.intValue = intValue
  }
}

/// Encodes one value into one node.
private struct JSONNodeEncoder: Encoder {
  let node: JSONNode
  let codingPath: [any CodingKey]
  let userInfo: [CodingUserInfoKey: Any] = [:]

  init(node: JSONNode, codingPath: [any CodingKey]) {
    self.node = node
    self.codingPath = codingPath
  }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    KeyedEncodingContainer(JSONKeyedContainer<Key>(node: node, codingPath: codingPath))
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer { JSONArrayContainer(node: node, codingPath: codingPath) }

  func singleValueContainer() -> any SingleValueEncodingContainer {
    JSONValueContainer(node: node, codingPath: codingPath)
  }

  func encode<Value: Encodable>(_ value: Value) throws {
    var container = JSONValueContainer(node: node, codingPath: codingPath)
    try container.encode(value)
  }
}

private struct JSONValueContainer: SingleValueEncodingContainer {
  let node: JSONNode
  let codingPath: [any CodingKey]

  mutating func encodeNil() { node.become(literal: "null") }

  mutating func encode<Value: Encodable>(_ value: Value) throws {
    switch value {
    case let text as String: node.become(literal: JSONNode.quoted(text))
    case let flag as Bool: node.become(literal: flag ? "true" : "false")
    case let number as Double: node.become(literal: try finite(number.isFinite, number))
    case let number as Float: node.become(literal: try finite(number.isFinite, number))
    case let number as any BinaryInteger: node.become(literal: "\(number)")
    default: try value.encode(to: JSONNodeEncoder(node: node, codingPath: codingPath))
    }
  }

  private func finite<Number: CustomStringConvertible>(_ isFinite: Bool, _ number: Number) throws -> String {
    if isFinite { return "\(number)" }
    let path = codingPath.map(\.stringValue).joined(separator: ".")
    throw EncodingError.invalidValue(
      number,
      EncodingError.Context(codingPath: codingPath, debugDescription: "\(path) is \(number), not a finite number"))
  }
}

private struct JSONArrayContainer: UnkeyedEncodingContainer {
  let node: JSONNode
  let codingPath: [any CodingKey]
  var count: Int { node.count }

  init(node: JSONNode, codingPath: [any CodingKey]) {
    self.node = node
    self.codingPath = codingPath
    node.become(.array)
  }

  private func next() -> JSONNodeEncoder {
    let path = codingPath + [JSONKey(intValue: count)]
    let item = JSONNode()
    node.append(item)
    return JSONNodeEncoder(node: item, codingPath: path)
  }

  mutating func encodeNil() { next().node.become(literal: "null") }
  mutating func encode<Value: Encodable>(_ value: Value) throws { try next().encode(value) }
  mutating func nestedContainer<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    next().container(keyedBy: type)
  }
  mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { next().unkeyedContainer() }
  mutating func superEncoder() -> any Encoder { next() }
}

private struct JSONKeyedContainer<Key: CodingKey>: KeyedEncodingContainerProtocol {
  let node: JSONNode
  let codingPath: [any CodingKey]

  init(node: JSONNode, codingPath: [any CodingKey]) {
    self.node = node
    self.codingPath = codingPath
    node.become(.object)
  }

  private func child(_ key: any CodingKey) -> JSONNodeEncoder {
    let value = JSONNode()
    node.append(value, key: key.stringValue)
    return JSONNodeEncoder(node: value, codingPath: codingPath + [key])
  }

  mutating func encodeNil(forKey key: Key) { child(key).node.become(literal: "null") }
  mutating func encode<Value: Encodable>(_ value: Value, forKey key: Key) throws { try child(key).encode(value) }
  mutating func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type, forKey key: Key
  ) -> KeyedEncodingContainer<Nested> {
    child(key).container(keyedBy: type)
  }
  mutating func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
    child(key).unkeyedContainer()
  }
  mutating func superEncoder() -> any Encoder { child(JSONKey(stringValue: "super")) }
  mutating func superEncoder(forKey key: Key) -> any Encoder { child(key) }
}
