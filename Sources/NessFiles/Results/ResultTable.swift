import NessModel

extension ResultDocument {
  /// A table with one row per point: the swept parameters, then value and uncertainty of every number by every method, and the
  /// systematic part of the error where it is known. Each member of an entry with axes has columns of its own
  /// (`kineticTemperature[3] memory`). The header gives the dimension of each column; what was not computed at a point is left
  /// empty.
  ///
  /// - Parameter dimension: the dimension of a swept parameter, for example `experiment.dimension(ofParameter:)`.
  package func csv(dimension: (String) -> String? = { _ in nil }) -> String {
    var paths: [String] = []
    var columns: [Column] = []
    var places: [Column.Name: Int] = [:]
    let rows = points.map(\.members)
    for parameter in points.flatMap(\.parameters) where !paths.contains(parameter.path) { paths.append(parameter.path) }
    for entry in rows.joined() {
      let place = places[Column.Name(entry)] ?? columns.count
      if place == columns.count {
        places[Column.Name(entry)] = place
        columns.append(Column(name: Column.Name(entry)))
      }
      if entry.budget != nil { columns[place].isBudgeted = true }
    }
    let header = paths.map { path in path + (dimension(path).map { " [\($0)]" } ?? "") } + columns.flatMap(\.headers)
    let lines = zip(points, rows).map { point, entries in
      var found = [Answer.Entry?](repeating: nil, count: columns.count)
      for entry in entries {
        // Of two that are named alike the first counts.
        if let place = places[Column.Name(entry)], found[place] == nil { found[place] = entry }
      }
      let values = paths.map { path in point.parameters.first { $0.path == path }.map { "\($0.value)" } ?? "" }
      return values + zip(columns, found).flatMap { $0.fields($1) }
    }
    return ([header] + lines).map { $0.map(Self.csvField).joined(separator: ",") + "\n" }.joined()
  }

  private struct Column {
    struct Name: Hashable {
      let quantity: Quantity
      let method: Method

      init(_ entry: Answer.Entry) { (quantity, method) = (entry.quantity, entry.method) }
    }

    let name: Name
    var isBudgeted = false

    var headers: [String] {
      let text = "\(name.quantity) \(name.method.rawValue)"
      let parts = ["", " uncertainty"] + (isBudgeted ? [" systematic"] : [])
      return parts.map { "\(text)\($0) [\(name.quantity.dimension)]" }
    }

    func fields(_ entry: Answer.Entry?) -> [String] {
      guard let entry else { return headers.map { _ in "" } }
      let systematic = isBudgeted ? [entry.budget.map { "\($0.systematic)" } ?? ""] : []
      return ["\(entry.estimate.value)", "\(entry.estimate.error)"] + systematic
    }
  }

  /// A cell, in quotes if it needs them.
  package static func csvField(_ text: String) -> String {
    text.contains { ",\"\n\r".contains($0) } ? "\"\(text.replacing("\"", with: "\"\""))\"" : text
  }
}
