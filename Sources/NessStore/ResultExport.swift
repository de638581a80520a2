import Foundation
import NessFiles
import NessModel
import NessStatistics

/// Results of the store in forms that other programs read: JSON, CSV, or NumPy arrays.
package struct ResultExport: Sendable {
  /// One result.
  struct Row: Sendable {
    let id: String
    let title: String
    /// The engines that computed it, in words.
    let engines: String
    let parameters: [ResultSummary.Parameter]
    let items: [Item]
    /// What is known beside the numbers; nil for a piece of a reproduction.
    let point: PointResult?
  }

  /// A number with its name: a quantity and its method, or what a piece of a reproduction is called.
  struct Item: Sendable {
    let name: String
    let quantity: String
    let method: NessModel.Method
    let dimension: String?
    let estimate: Estimate
  }

  let rows: [Row]

  /// Finished results, in their order; unfinished ones are left out.
  ///
  /// - Throws: `StoreError` naming a result whose content is of another kind.
  package init(_ details: [StoredDetail], from path: String) throws(StoreError) {
    var rows: [Row] = []
    for detail in details where detail.payload != nil { rows.append(try Row(detail, path)) }
    self.rows = rows
  }

  /// Number of results.
  package var count: Int { rows.count }
}

extension ResultExport.Row {
  init(_ detail: StoredDetail, _ path: String) throws(StoreError) {
    let summary = detail.result.summary
    id = detail.result.digest
    title = summary.title
    engines = detail.result.engines.text
    parameters = summary.parameters
    switch detail.content {
    case .point(var point):
      point.parameters = parameters.map { ParameterValue(path: $0.path, value: $0.value) }
      self.point = point
      items = point.members.map {
        .init(
          name: "\($0.quantity) \($0.method.rawValue)", quantity: "\($0.quantity)", method: $0.method,
          dimension: $0.quantity.dimension, estimate: $0.estimate)
      }
    case .estimates(let estimates):
      point = nil
      items = estimates.enumerated().map { index, estimate in
        let quantity = estimates.count == 1 ? summary.quantity : "\(summary.quantity)[\(index + 1)]"
        let dimension = Quantity(quantity)?.dimension
        return .init(
          name: "\(quantity) simulation", quantity: quantity, method: .simulation, dimension: dimension,
          estimate: estimate)
      }
    case nil:
      throw StoreError(
        path: path, reason: "result \(detail.result.shortName) holds neither a point nor estimates",
        remedy: "it was written by another program; leave it out")
    }
  }
}

extension StoredDetail {
  /// What a result holds.
  package enum Content: Sendable {
    /// The simulated part of a point of an experiment.
    case point(PointResult)
    /// Numbers that a reproduction of a paper needs.
    case estimates([Estimate])
  }

  /// The result; nil if there is none yet, or it is of another kind.
  package var content: Content? {
    guard let payload else { return nil }
    let data = Data(payload.utf8)
    if let point = try? JSONDecoder().decode(PointResult.self, from: data) { return .point(point) }
    return (try? JSONDecoder().decode([Estimate].self, from: data)).map(Content.estimates)
  }
}

extension ResultExport {
  /// JSON like that of `ness run --format json`, each point with its name and title.
  ///
  /// - Throws: `ResultError.notFinite` for a number that JSON does not have.
  package func json(ness: String) throws(ResultError) -> String {
    do {
      return try OrderedJSON.text(of: Document(ness: ness, points: rows.map(Point.init)))
    } catch {
      throw .unreadable(reason: "\(error)")
    }
  }

  private struct Document: Encodable {
    let version = ResultDocument.version
    let ness: String
    let points: [Point]
  }

  private struct Point: Encodable {
    enum CodingKeys: String, CodingKey { case id, title, engines, parameters, estimates }
    let row: Row

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(row.id, forKey: .id)
      try container.encode(row.title, forKey: .title)
      try container.encode(row.engines, forKey: .engines)
      if let point = row.point { return try point.encode(to: encoder) }
      var values = container.nestedContainer(keyedBy: PathKey.self, forKey: .parameters)
      for parameter in row.parameters {
        try values.encode(parameter.value, forKey: PathKey(stringValue: parameter.path))
      }
      try container.encode(row.items.map(EstimateRecord.init), forKey: .estimates)
    }
  }

  /// A number of a reproduction, as `ness run` writes numbers.
  private struct EstimateRecord: Encodable {
    let quantity: String
    let method: String
    let validity = Claim.Validity.sampled
    let value: Double
    let uncertainty: Double
    let kind: String
    let effectiveSamples: Double?

    init(_ item: Item) {
      quantity = item.quantity
      method = item.method.rawValue
      value = item.estimate.value
      uncertainty = item.estimate.error
      switch item.estimate.uncertainty {
      case .numerical: (kind, effectiveSamples) = ("numerical", nil)
      case .statistical(_, let samples): (kind, effectiveSamples) = ("statistical", samples)
      }
    }
  }

  /// A column of numbers; nil where a result has none.
  struct Column {
    let name: String
    let unit: String?
    let cells: [Double?]
  }

  /// The swept parameters.
  func parameterColumns() -> [Column] {
    var parameters: [ResultSummary.Parameter] = []
    for parameter in rows.flatMap(\.parameters) where !parameters.contains(where: { $0.path == parameter.path }) {
      parameters.append(parameter)
    }
    return parameters.map { parameter in
      Column(
        name: parameter.path, unit: parameter.dimension,
        cells: rows.map { row in row.parameters.first { $0.path == parameter.path }?.value })
    }
  }

  /// Value and uncertainty of each number by each method.
  ///
  /// - Parameter isWanted: which numbers; all unless given.
  func numberColumns(_ isWanted: (Item) -> Bool = { _ in true }) -> [Column] {
    var items: [Item] = []
    var places: [String: Int] = [:]
    for item in rows.lazy.flatMap(\.items) where isWanted(item) && places[item.name] == nil {
      places[item.name] = items.count
      items.append(item)
    }
    var found = items.map { _ in [Estimate?](repeating: nil, count: rows.count) }
    for (row, result) in rows.enumerated() {
      for item in result.items {
        if let place = places[item.name], found[place][row] == nil { found[place][row] = item.estimate }
      }
    }
    return zip(items, found).flatMap { item, cells in
      [
        Column(name: item.name, unit: item.dimension, cells: cells.map { $0?.value }),
        Column(name: "\(item.name) uncertainty", unit: item.dimension, cells: cells.map { $0?.error }),
      ]
    }
  }

  /// A table as `ness run --csv` writes it, with title and name of each result and the engines that computed it at the
  /// end of its row.
  package func csv() -> String {
    let columns = parameterColumns() + numberColumns()
    let header = columns.map { $0.name + ($0.unit.map { " [\($0)]" } ?? "") } + ["title", "id", "engines"]
    let lines = rows.indices.map { index in
      columns.map { column in column.cells[index].map { "\($0)" } ?? "" } + [
        rows[index].title, rows[index].id, rows[index].engines,
      ]
    }
    return ([header] + lines).map { $0.map(ResultDocument.csvField).joined(separator: ",") + "\n" }.joined()
  }
}
