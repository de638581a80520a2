import NessModel

extension ResultDocument {
  /// A table with one row per point: the swept parameters, then value and uncertainty of every quantity by every
  /// method, and the systematic part of the error where it is known. The header gives the dimension of each column; what
  /// was not computed at a point is left empty.
  ///
  /// - Parameter dimension: the dimension of a swept parameter, for example `experiment.dimension(ofParameter:)`.
  package func csv(dimension: (String) -> String? = { _ in nil }) -> String {
    var paths: [String] = []
    var columns: [Column] = []
    var known: Set<Column> = []
    for point in points {
      for parameter in point.parameters where !paths.contains(parameter.path) { paths.append(parameter.path) }
      for entry in point.estimates where known.insert(Column(entry)).inserted { columns.append(Column(entry)) }
    }
    let entries = points.flatMap(\.estimates)
    for index in columns.indices {
      columns[index].isBudgeted = entries.contains { $0.budget != nil && columns[index].holds($0) }
    }
    let header = paths.map { path in path + (dimension(path).map { " [\($0)]" } ?? "") } + columns.flatMap(\.headers)
    let rows = points.map { point in Self.row(of: point, paths: paths, columns: columns) }
    return ([header] + rows).map { $0.map(Self.csvField).joined(separator: ",") + "\n" }.joined()
  }

  private struct Column: Hashable {
    let quantity: Quantity
    let method: Method
    var isBudgeted = false

    init(_ entry: Answer.Entry) {
      quantity = entry.quantity
      method = entry.method
    }

    func holds(_ entry: Answer.Entry) -> Bool { entry.quantity == quantity && entry.method == method }

    var headers: [String] {
      let name = "\(quantity) \(method.rawValue)"
      let parts = ["", " uncertainty"] + (isBudgeted ? [" systematic"] : [])
      return parts.map { "\(name)\($0) [\(quantity.dimension)]" }
    }

    func fields(_ entry: Answer.Entry?) -> [String] {
      guard let entry else { return headers.map { _ in "" } }
      let systematic = isBudgeted ? [entry.budget.map { "\($0.systematic)" } ?? ""] : []
      return ["\(entry.estimate.value)", "\(entry.estimate.error)"] + systematic
    }
  }

  private static func row(of point: PointResult, paths: [String], columns: [Column]) -> [String] {
    let values = paths.map { path in point.parameters.first { $0.path == path }.map { "\($0.value)" } ?? "" }
    return values + columns.flatMap { column in column.fields(point.estimates.first(where: column.holds)) }
  }

  /// A cell, in quotes if it needs them.
  package static func csvField(_ text: String) -> String {
    text.contains { ",\"\n\r".contains($0) } ? "\"\(text.replacing("\"", with: "\"\""))\"" : text
  }
}
