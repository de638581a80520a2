import NessModel

extension ResultDocument {
  /// A table with one row per point: the swept parameters, then value and uncertainty of every quantity by every
  /// method. The header gives the dimension of each column; what was not computed at a point is left empty.
  ///
  /// - Parameter dimension: the dimension of a swept parameter, for example `experiment.dimension(ofParameter:)`.
  public func csv(dimension: (String) -> String? = { _ in nil }) -> String {
    var paths: [String] = []
    var columns: [Column] = []
    var known: Set<Column> = []
    for point in points {
      for parameter in point.parameters where !paths.contains(parameter.path) { paths.append(parameter.path) }
      for entry in point.estimates where known.insert(Column(entry)).inserted { columns.append(Column(entry)) }
    }
    let header = paths.map { path in path + (dimension(path).map { " [\($0)]" } ?? "") } + columns.flatMap(\.headers)
    let rows = points.map { point in Self.row(of: point, paths: paths, columns: columns) }
    return ([header] + rows).map { $0.map(Self.csvField).joined(separator: ",") + "\n" }.joined()
  }

  private struct Column: Hashable {
    let quantity: Quantity
    let method: Method

    init(_ entry: Answer.Entry) {
      quantity = entry.quantity
      method = entry.method
    }

    var headers: [String] {
      let name = "\(quantity) \(method.rawValue)"
      return ["\(name) [\(quantity.dimension)]", "\(name) uncertainty [\(quantity.dimension)]"]
    }
  }

  private static func row(of point: PointResult, paths: [String], columns: [Column]) -> [String] {
    let values = paths.map { path in point.parameters.first { $0.path == path }.map { "\($0.value)" } ?? "" }
    return values
      + columns.flatMap { column in
        guard let entry = point.estimates.first(where: { Column($0) == column }) else { return ["", ""] }
        return ["\(entry.estimate.value)", "\(entry.estimate.error)"]
      }
  }

  /// A cell, in quotes if it needs them.
  static func csvField(_ text: String) -> String {
    text.contains { ",\"\n\r".contains($0) } ? "\"\(text.replacing("\"", with: "\"\""))\"" : text
  }
}
