import NessModel
import NessStatistics

extension ResultDocument: Codable {
  private enum CodingKeys: String, CodingKey { case title, ness, interrupted, points, verdicts, notes, methods }

  /// Decodes the JSON form.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
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
    point.estimates = entries.map { record in
      var entry = record.entry
      let stated = record.validity.map { Claim($0, entry.method.words) }
      entry.claim = claims[entry.method, record.validity] ?? stated ?? .unstated(entry.method)
      return entry
    }
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

  init(_ refusal: Refusal) {
    method = refusal.method
    reason = refusal.reason
  }

  var refusal: Refusal { Refusal(method, reason) }
}

/// An estimate as it stands in JSON.
private struct EntryRecord: Codable {
  enum Kind: String, Codable { case statistical, numerical }
  enum CodingKeys: String, CodingKey {
    case quantity, method, validity, value, uncertainty, kind, effectiveSamples, budget
  }

  let entry: Answer.Entry
  /// What it says of its validity; nil for nothing.
  let validity: Claim.Validity?

  init(_ entry: Answer.Entry) {
    self.entry = entry
    validity = entry.claim.validity
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let name = try container.decode(String.self, forKey: .quantity)
    guard let quantity = Quantity(name) else {
      throw DecodingError.dataCorruptedError(
        forKey: .quantity, in: container, debugDescription: "unknown quantity \(shortened(name))")
    }
    let value = try container.decode(Double.self, forKey: .value)
    let error = try container.decode(Double.self, forKey: .uncertainty)
    let estimate: Estimate =
      switch try container.decode(Kind.self, forKey: .kind) {
      case .numerical: .numerical(value, bound: error)
      case .statistical:
        .statistical(
          value, standardError: error,
          effectiveSamples: try container.decode(Double.self, forKey: .effectiveSamples))
      }
    entry = Answer.Entry(
      quantity, try container.decode(Method.self, forKey: .method), estimate,
      budget: try container.decodeIfPresent(BudgetRecord.self, forKey: .budget)?.budget)
    validity = try container.decodeIfPresent(Claim.Validity.self, forKey: .validity)
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(entry.quantity.description, forKey: .quantity)
    try container.encode(entry.method, forKey: .method)
    try container.encodeIfPresent(validity, forKey: .validity)
    try container.encode(entry.estimate.value, forKey: .value)
    try container.encode(entry.estimate.error, forKey: .uncertainty)
    switch entry.estimate.uncertainty {
    case .numerical: try container.encode(Kind.numerical, forKey: .kind)
    case .statistical(_, let effectiveSamples):
      try container.encode(Kind.statistical, forKey: .kind)
      try container.encode(effectiveSamples, forKey: .effectiveSamples)
    }
    try container.encodeIfPresent(entry.budget.map(BudgetRecord.init), forKey: .budget)
  }
}

/// An error budget as it stands in JSON: numbers, and beside them how each systematic one is known.
private struct BudgetRecord: Codable {
  struct Bases: Codable {
    let timeStep: ErrorBudget.Basis
    let burnIn: ErrorBudget.Basis
    let truncation: ErrorBudget.Basis
  }

  let statistical: Double
  let timeStep: Double
  let burnIn: Double
  let truncation: Double
  let basis: Bases

  init(_ budget: ErrorBudget) {
    statistical = budget.statistical
    timeStep = budget.timeStep.value
    burnIn = budget.burnIn.value
    truncation = budget.truncation.value
    basis = Bases(
      timeStep: budget.timeStep.basis, burnIn: budget.burnIn.basis, truncation: budget.truncation.basis)
  }

  var budget: ErrorBudget {
    ErrorBudget(
      statistical: statistical, timeStep: .init(timeStep, basis.timeStep), burnIn: .init(burnIn, basis.burnIn),
      truncation: .init(truncation, basis.truncation))
  }
}
