import NessFiles
import NessModel

/// One result, or work that has begun, as a list shows it.
package struct StoredResult: Hashable, Sendable {
  /// Name of the result: 32 hexadecimal digits of the hash of its key.
  package let digest: String
  /// What a list shows.
  package let summary: ResultSummary
  /// False for work that has begun and has no result yet.
  package let isFinished: Bool
  /// Name of the work in general, however long: results of one family can go on from each other's states; nil if it has
  /// none.
  package let family: String?
  /// The engines on which it depends, with the versions that computed it; empty if that is not known.
  package var engines: [EngineVersion] = []

  /// The name as a list shows it: enough to find it again among a hundred thousand.
  package var shortName: String { String(digest.prefix(12)) }
}

/// Everything that is kept of a result.
package struct StoredDetail: Sendable {
  /// What a list shows.
  package let result: StoredResult
  /// What it was computed from, as lines `path=value`.
  package let key: String
  /// The result as JSON; nil for work without a result yet.
  package let payload: String?
  /// Who computed it; nil if that was lost.
  package let provenance: Provenance?
  /// Pieces kept to go on from: which, how far, how many bytes, when.
  package let pieces: [PieceNote]

  /// A piece without its state.
  package struct PieceNote: Hashable, Codable, Sendable {
    /// Which part.
    package let index: Int
    /// How far it is, in its owner's unit.
    package let done: Double
    /// Size of its state.
    package let bytes: Int
    /// When it was saved, by ISO 8601 in UTC.
    package let updated: String
  }
}

extension StoredResult {
  /// The result as an object of JSON on one line. Written by hand: a store may have a hundred thousand.
  ///
  /// - Parameter isOlder: whether an older engine computed it; nil leaves that out.
  package func json(isOlder: Bool? = nil) -> String {
    let values = summary.parameters.map { "\(JSONNode.quoted($0.path)): \($0.value)" }.joined(separator: ", ")
    var text = "{\"id\": \"\(digest)\", \"title\": \(JSONNode.quoted(summary.title)), "
    text += "\"quantity\": \(JSONNode.quoted(summary.quantity)), \"parameters\": {\(values)}, "
    if let value = summary.value { text += "\"value\": \(value), " }
    if let uncertainty = summary.uncertainty { text += "\"uncertainty\": \(uncertainty), " }
    if let reason = summary.stopReason { text += "\"stopReason\": \(JSONNode.quoted(reason)), " }
    if !engines.isEmpty { text += "\"engines\": \(JSONNode.quoted(engines.text)), " }
    if let isOlder { text += "\"older\": \(isOlder), " }
    return text + "\"finished\": \(isFinished), \"started\": \"\(summary.started)\", "
      + "\"wallSeconds\": \(summary.wallSeconds)}"
  }
}

extension StoredDetail {
  /// Everything as JSON; the result itself is `payload`, as it was computed.
  ///
  /// - Parameter isOlder: whether an older engine computed it; nil leaves that out.
  package func json(isOlder: Bool? = nil) throws -> String {
    let owner = try provenance.map { try OrderedJSON.text(of: $0) } ?? "null\n"
    let notes = try OrderedJSON.text(of: pieces)
    let parts = [
      "\"result\": \(result.json(isOlder: isOlder))", "\"payload\": \(payload ?? "null\n")", "\"provenance\": \(owner)",
      "\"key\": \(JSONNode.quoted(key))", "\"pieces\": \(notes)",
    ]
    return "{\n" + parts.map { $0.hasSuffix("\n") ? String($0.dropLast()) : $0 }.joined(separator: ",\n") + "\n}\n"
  }
}
