import NessModel
import NessStatistics

extension ResultDocument: Codable {
  private enum CodingKeys: String, CodingKey {
    case version, title, ness, interrupted, points, verdicts, notes, methods
  }

  /// Version of the JSON form (`Documentation/Results.md`). Version 1 had no such field, and a number for each place.
  package static let version = 2

  /// Decodes the JSON form, of this version or of an older one.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    if let version = try container.decodeIfPresent(Int.self, forKey: .version), version > Self.version {
      throw DecodingError.dataCorruptedError(
        forKey: .version, in: container,
        debugDescription: "version \(version) of a newer Ness; this one reads up to version \(Self.version)")
    }
    let claims = try container.decodeIfPresent([ClaimRecord].self, forKey: .methods)?.map(\.claim) ?? []
    self.init(
      title: try container.decodeIfPresent(String.self, forKey: .title),
      ness: try container.decodeIfPresent(String.self, forKey: .ness),
      interrupted: try container.decodeIfPresent(Bool.self, forKey: .interrupted) ?? false,
      points: try container.decode([PointRecord].self, forKey: .points).map { $0.point(claims) },
      verdicts: try container.decodeIfPresent([Verdict].self, forKey: .verdicts) ?? [])
    notes = try container.decodeIfPresent([String].self, forKey: .notes) ?? []
  }

  /// Encodes the JSON form; `interrupted` is present only if true, the lists but `points` only if they hold something.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    let claims = methods
    try container.encode(Self.version, forKey: .version)
    try container.encodeIfPresent(title, forKey: .title)
    try container.encodeIfPresent(ness, forKey: .ness)
    if interrupted { try container.encode(true, forKey: .interrupted) }
    try container.encode(points.map { PointRecord($0, told: claims) }, forKey: .points)
    if !verdicts.isEmpty { try container.encode(verdicts, forKey: .verdicts) }
    if !notes.isEmpty { try container.encode(notes, forKey: .notes) }
    if !claims.isEmpty { try container.encode(claims.map(ClaimRecord.init), forKey: .methods) }
  }
}

extension PointResult: Codable {
  /// Decodes the JSON form of a point alone.
  package init(from decoder: any Decoder) throws { self = try PointRecord(from: decoder).point([]) }

  /// Encodes the JSON form of a point alone, with what its methods claim; empty notes and refusals are left out.
  package func encode(to encoder: any Encoder) throws { try PointRecord(self, told: []).encode(to: encoder) }
}

/// A point as it stands in JSON: of what its methods claim only that which the document around it does not tell.
private struct PointRecord: Codable {
  private enum CodingKeys: String, CodingKey { case parameters, estimates, notes, refusals, run, methods }

  private let result: PointResult
  private let entries: [EntryRecord]
  private let claims: [MethodClaim]

  init(_ point: PointResult, told: [MethodClaim]) {
    result = point
    entries = point.estimates.map(EntryRecord.init)
    let told = ClaimTable(told)
    claims = point.estimates.claims().filter {
      $0.claim != .unstated($0.method) && told[$0.method, $0.claim.validity] != $0.claim
    }
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let values = try container.decode([String: Double].self, forKey: .parameters)
    entries = try container.decode([EntryRecord].self, forKey: .estimates)
    claims = try container.decodeIfPresent([ClaimRecord].self, forKey: .methods)?.map(\.claim) ?? []
    result = PointResult(
      parameters: values.sorted { $0.key < $1.key }.map { ParameterValue(path: $0.key, value: $0.value) },
      notes: try container.decodeIfPresent([String].self, forKey: .notes) ?? [],
      refusals: try container.decodeIfPresent([RefusalRecord].self, forKey: .refusals)?.map(\.refusal) ?? [],
      run: try container.decodeIfPresent(RunInfo.self, forKey: .run))
  }

  /// The point; what its methods claim it says itself, or else the document around it.
  func point(_ told: [MethodClaim]) -> PointResult {
    let claims = ClaimTable(claims + told)
    var point = result
    let known = entries.map { record in
      var entry = record.entry
      let stated = record.validity.map { Claim($0, entry.method.words) }
      entry.claim = claims[entry.method, record.validity] ?? stated ?? .unstated(entry.method)
      return entry
    }
    point.estimates = known.gathered()
    return point
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    var values = container.nestedContainer(keyedBy: PathKey.self, forKey: .parameters)
    for parameter in result.parameters {
      try values.encode(parameter.value, forKey: PathKey(stringValue: parameter.path))
    }
    try container.encode(entries, forKey: .estimates)
    if !result.notes.isEmpty { try container.encode(result.notes, forKey: .notes) }
    if !result.refusals.isEmpty { try container.encode(result.refusals.map(RefusalRecord.init), forKey: .refusals) }
    try container.encodeIfPresent(result.run, forKey: .run)
    if !claims.isEmpty { try container.encode(claims.map(ClaimRecord.init), forKey: .methods) }
  }
}

/// The words of claims by method and validity: of several the first.
private struct ClaimTable {
  private var claims: [Method: [Claim]] = [:]

  init(_ all: [MethodClaim]) { for one in all { claims[one.method, default: []].append(one.claim) } }

  /// - Parameter validity: nil for an entry that does not say it, as before version 0.2: what its method claims there.
  subscript(method: Method, validity: Claim.Validity?) -> Claim? {
    claims[method]?.first { validity == nil || $0.validity == validity }
  }
}

/// What a method claims, as it stands in JSON.
private struct ClaimRecord: Codable {
  let method: Method
  let validity: Claim.Validity
  let words: String

  init(_ claim: MethodClaim) {
    method = claim.method
    validity = claim.claim.validity
    words = claim.claim.words
  }

  var claim: MethodClaim { MethodClaim(method, Claim(validity, words)) }
}

/// The path of a parameter as a key.
package struct PathKey: CodingKey {
  package let stringValue: String
  package let intValue: Int? = nil

  package init(stringValue: String) { self.stringValue = stringValue }
  package init?(intValue: Int) { nil }
}

/// A refusal as it stands in JSON.
private struct RefusalRecord: Codable {
  let method: Method
  let reason: String
  /// The quantity that is refused; nil if the method answers nothing.
  let quantity: String?

  init(_ refusal: Refusal) {
    method = refusal.method
    reason = refusal.reason
    quantity = refusal.item?.description
  }

  var refusal: Refusal { Refusal(method, reason, to: quantity.flatMap { Questions.Item($0) }) }
}
