import NessModel
import NessStatistics

/// An entry of an answer as it stands in JSON: a number, or arrays with their axes.
struct EntryRecord: Codable {
  private enum Kind: String, Codable { case statistical, numerical }
  private enum CodingKeys: String, CodingKey {
    case quantity, method, validity, value, uncertainty, kind, effectiveSamples, budget
    case axes, values, uncertainties, budgets
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
    validity = try container.decodeIfPresent(Claim.Validity.self, forKey: .validity)
    let name = try container.decode(String.self, forKey: .quantity)
    let isArray = container.contains(.axes)
    guard let quantity = isArray ? Quantity(allOf: name) : Quantity(name) else {
      throw DecodingError.dataCorruptedError(
        forKey: .quantity, in: container, debugDescription: "unknown quantity \(shortened(name))")
    }
    let method = try container.decode(Method.self, forKey: .method)
    entry =
      try isArray ? Self.array(quantity, method, container) : Self.number(quantity, method, container)
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(entry.quantity.description, forKey: .quantity)
    try container.encode(entry.method, forKey: .method)
    try container.encodeIfPresent(validity, forKey: .validity)
    if entry.axes.isEmpty { try encodeNumber(&container) } else { try encodeArray(&container) }
  }

  // MARK: a number

  private static func number(
    _ quantity: Quantity, _ method: Method, _ container: KeyedDecodingContainer<CodingKeys>
  ) throws -> Answer.Entry {
    let value = try container.decode(Double.self, forKey: .value)
    let error = try container.decode(Double.self, forKey: .uncertainty)
    let samples =
      switch try container.decode(Kind.self, forKey: .kind) {
      case .numerical: nil as Double?
      case .statistical: try container.decode(Double.self, forKey: .effectiveSamples)
      }
    return Answer.Entry(
      quantity, method, estimate(value, error, samples),
      budget: try container.decodeIfPresent(BudgetRecord.self, forKey: .budget)?.budget)
  }

  private func encodeNumber(_ container: inout KeyedEncodingContainer<CodingKeys>) throws {
    try container.encode(entry.estimate.value, forKey: .value)
    try container.encode(entry.estimate.error, forKey: .uncertainty)
    try container.encode(entry.estimate.isStatistical ? Kind.statistical : .numerical, forKey: .kind)
    try container.encodeIfPresent(entry.estimate.samples, forKey: .effectiveSamples)
    try container.encodeIfPresent(entry.budget.map(BudgetRecord.init), forKey: .budget)
  }

  // MARK: arrays

  private static func array(
    _ quantity: Quantity, _ method: Method, _ container: KeyedDecodingContainer<CodingKeys>
  ) throws -> Answer.Entry {
    let axes = try container.decode([AxisRecord].self, forKey: .axes).map(\.axis)
    let shape = axes.map(\.count)
    guard !shape.isEmpty, !shape.contains(0) else {
      throw DecodingError.dataCorruptedError(
        forKey: .axes, in: container, debugDescription: "an array needs an axis, and every axis a place")
    }
    func all<Element: Codable>(_ type: Element.Type, _ key: CodingKeys) throws -> [Element] {
      let rows = try container.decode(Nested<Element>.self, forKey: key)
      guard let all = rows.elements(shape) else {
        throw DecodingError.dataCorruptedError(
          forKey: key, in: container,
          debugDescription: "expected \(shape.map { "\($0)" }.joined(separator: " times ")) as the axes say")
      }
      return all
    }
    let values = try all(Double.self, .values)
    let errors = try all(Double.self, .uncertainties)
    var samples = [Double?](repeating: nil, count: values.count)
    if try container.decode(Kind.self, forKey: .kind) == .statistical {
      samples = try all(Double?.self, .effectiveSamples)
    }
    let budgets = container.contains(.budgets) ? try all(BudgetRecord?.self, .budgets).map { $0?.budget } : []
    return Answer.Entry(
      quantity, method, axes: axes, values.indices.map { estimate(values[$0], errors[$0], samples[$0]) },
      budgets: budgets)
  }

  private func encodeArray(_ container: inout KeyedEncodingContainer<CodingKeys>) throws {
    let shape = entry.axes.map(\.count)
    func put<Element: Codable>(_ elements: [Element], _ key: CodingKeys) throws {
      try container.encode(Nested(elements[...], shape[...]), forKey: key)
    }
    try container.encode(entry.axes.map(AxisRecord.init), forKey: .axes)
    try put(entry.estimates.map(\.value), .values)
    try put(entry.estimates.map(\.error), .uncertainties)
    // One that is known without sampling stands among sampled ones without a number of samples.
    let isSampled = entry.estimates.contains(where: \.isStatistical)
    try container.encode(isSampled ? Kind.statistical : .numerical, forKey: .kind)
    if isSampled { try put(entry.estimates.map(\.samples), .effectiveSamples) }
    if entry.budgets.contains(where: { $0 != nil }) {
      try put(entry.budgets.map { $0.map(BudgetRecord.init) }, .budgets)
    }
  }

  private static func estimate(_ value: Double, _ error: Double, _ samples: Double?) -> Estimate {
    samples.map { .statistical(value, standardError: error, effectiveSamples: $0) } ?? .numerical(value, bound: error)
  }
}

extension Estimate {
  fileprivate var samples: Double? {
    if case .statistical(_, let samples) = uncertainty { samples } else { nil }
  }

  fileprivate var isStatistical: Bool { samples != nil }
}

/// An axis as it stands in JSON: with `values`, or with `names`.
private struct AxisRecord: Codable {
  let name: String
  let dimension: String?
  let values: [Double]?
  let names: [String]?

  init(_ axis: Answer.Axis) {
    name = axis.name
    switch axis.places {
    case .values(let values): (dimension, self.values, names) = (axis.dimension, values, nil)
    case .names(let names): (dimension, values, self.names) = (nil, nil, names)
    }
  }

  var axis: Answer.Axis {
    names.map { Answer.Axis(name, names: $0) } ?? Answer.Axis(name, dimension: dimension ?? "1", values: values ?? [])
  }
}

/// Rows of rows of elements, as deep as there are axes.
private indirect enum Nested<Element: Codable>: Codable {
  case element(Element)
  case rows([Nested])

  /// Elements row by row, in the given shape.
  init(_ elements: ArraySlice<Element>, _ shape: ArraySlice<Int>) {
    guard let count = shape.first else {
      self = .element(elements[elements.startIndex])
      return
    }
    let size = elements.count / count
    self = .rows(
      (0..<count).map { row in
        let start = elements.startIndex + row * size
        return Nested(elements[start..<(start + size)], shape.dropFirst())
      })
  }

  /// All elements, row by row; nil if they have another shape.
  func elements(_ shape: [Int]) -> [Element]? {
    switch self {
    case .element(let element): return shape.isEmpty ? [element] : nil
    case .rows(let rows):
      guard rows.count == shape.first else { return nil }
      let rest = Array(shape.dropFirst())
      let found = rows.compactMap { $0.elements(rest) }
      return found.count == rows.count ? found.flatMap { $0 } : nil
    }
  }

  init(from decoder: any Decoder) throws {
    if var rows = try? decoder.unkeyedContainer() {
      var found: [Nested] = []
      while !rows.isAtEnd { found.append(try rows.decode(Nested.self)) }
      self = .rows(found)
    } else {
      self = .element(try decoder.singleValueContainer().decode(Element.self))
    }
  }

  func encode(to encoder: any Encoder) throws {
    switch self {
    case .element(let element):
      var container = encoder.singleValueContainer()
      try container.encode(element)
    case .rows(let rows):
      var container = encoder.unkeyedContainer()
      for row in rows { try container.encode(row) }
    }
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
