import NessModel
import NessStatistics

extension ResultDocument: Codable {
  private enum CodingKeys: String, CodingKey { case title, ness, interrupted, points, verdicts, notes, methods }

  /// Decodes the JSON form.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      title: try container.decodeIfPresent(String.self, forKey: .title),
      ness: try container.decodeIfPresent(String.self, forKey: .ness),
      interrupted: try container.decodeIfPresent(Bool.self, forKey: .interrupted) ?? false,
      points: try container.decode([PointResult].self, forKey: .points),
      verdicts: try container.decodeIfPresent([Verdict].self, forKey: .verdicts) ?? [])
    notes = try container.decodeIfPresent([String].self, forKey: .notes) ?? []
    methods = try container.decodeIfPresent([MethodClaim].self, forKey: .methods) ?? []
  }

  /// Encodes the JSON form; `interrupted` is present only if true, the lists but `points` only if they hold something.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encodeIfPresent(title, forKey: .title)
    try container.encodeIfPresent(ness, forKey: .ness)
    if interrupted { try container.encode(true, forKey: .interrupted) }
    try container.encode(points, forKey: .points)
    if !verdicts.isEmpty { try container.encode(verdicts, forKey: .verdicts) }
    if !notes.isEmpty { try container.encode(notes, forKey: .notes) }
    if !methods.isEmpty { try container.encode(methods, forKey: .methods) }
  }
}

extension PointResult: Codable {
  private enum CodingKeys: String, CodingKey { case parameters, estimates, notes, refusals, run }

  /// Decodes the JSON form.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let values = try container.decode([String: Double].self, forKey: .parameters)
    self.init(
      parameters: values.sorted { $0.key < $1.key }.map { ParameterValue(path: $0.key, value: $0.value) },
      estimates: try container.decode([EntryRecord].self, forKey: .estimates).map(\.entry),
      notes: try container.decodeIfPresent([String].self, forKey: .notes) ?? [],
      refusals: try container.decodeIfPresent([RefusalRecord].self, forKey: .refusals)?.map(\.refusal) ?? [],
      run: try container.decodeIfPresent(RunInfo.self, forKey: .run))
  }

  /// Encodes the JSON form; empty notes and refusals are left out.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    var values = container.nestedContainer(keyedBy: PathKey.self, forKey: .parameters)
    for parameter in parameters { try values.encode(parameter.value, forKey: PathKey(stringValue: parameter.path)) }
    try container.encode(estimates.map(EntryRecord.init), forKey: .estimates)
    if !notes.isEmpty { try container.encode(notes, forKey: .notes) }
    if !refusals.isEmpty { try container.encode(refusals.map(RefusalRecord.init), forKey: .refusals) }
    try container.encodeIfPresent(run, forKey: .run)
  }
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
  enum CodingKeys: String, CodingKey { case quantity, method, value, uncertainty, kind, effectiveSamples, budget }

  let entry: Answer.Entry

  init(_ entry: Answer.Entry) { self.entry = entry }

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
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(entry.quantity.description, forKey: .quantity)
    try container.encode(entry.method, forKey: .method)
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
