import Foundation
import NessFiles
import NessModel
import NessStatistics

extension ResultExport {
  /// The results as arrays for `numpy.load`. The first axis of each is that of the results, in their order; NaN stands where
  /// there is no value.
  ///
  /// | array | shape | holds |
  /// |---|---|---|
  /// | path of a swept parameter | [results] | its values |
  /// | `heatCurrent simulation`, and with `uncertainty` behind it | [results] | a number by a method |
  /// | `kineticTemperature simulation`, and with `uncertainty` | [results, sites] | what has axes |
  /// | `kineticTemperature simulation site` | [sites] | the places along that axis |
  /// | `title`, `id`, `engines` | [results] | what is known of the results |
  /// | `columns`, `units`, `axes` | [arrays] | names of the arrays of numbers, their dimensions, the names of their axes |
  ///
  /// - Throws: `ResultError.unreadable` for more than 4 GiB.
  package func numPyArchive() throws(ResultError) -> Data {
    // Members of what has axes stand in arrays of their own.
    let grouped = Set(rows.flatMap { $0.point?.estimates ?? [] }.filter { !$0.axes.isEmpty }.members.map(Row.name))
    var archive = NumPyArchive()
    var told: [(name: String, unit: String, axes: String)] = []
    for column in parameterColumns() + numberColumns({ !grouped.contains($0.name) }) {
      try archive.add(column.name, numbers: column.cells.map { $0 ?? .nan })
      told.append((column.name, column.unit ?? "", ""))
    }
    for array in arrays() {
      let shape = [rows.count] + array.axes.map(\.count)
      let axes = array.axes.map(\.name).joined(separator: " ")
      for (name, numbers) in [(array.name, array.values), ("\(array.name) uncertainty", array.errors)] {
        try archive.add(name, numbers: numbers, shape: shape)
        told.append((name, array.unit, axes))
      }
      for axis in array.axes {
        let name = "\(array.name) \(axis.name)"
        switch axis.places {
        case .values(let values): try archive.add(name, numbers: values)
        case .names(let names): try archive.add(name, texts: names)
        }
      }
    }
    try archive.add("title", texts: rows.map(\.title))
    try archive.add("id", texts: rows.map(\.id))
    try archive.add("engines", texts: rows.map(\.engines))
    try archive.add("columns", texts: told.map(\.name))
    try archive.add("units", texts: told.map(\.unit))
    try archive.add("axes", texts: told.map(\.axes))
    return archive.data()
  }

  /// What has axes, of all results: shape [results, axes...].
  private struct Block {
    let name: String
    let unit: String
    let axes: [Answer.Axis]
    var values: [Double]
    var errors: [Double]
  }

  private func arrays() -> [Block] {
    var order: [String] = []
    var groups: [String: [(row: Int, entry: Answer.Entry)]] = [:]
    for (index, row) in rows.enumerated() {
      for entry in row.point?.estimates ?? [] where !entry.axes.isEmpty {
        let name = Row.name(entry)
        if groups[name] == nil { order.append(name) }
        groups[name, default: []].append((index, entry))
      }
    }
    return order.compactMap { name in
      let group = groups[name] ?? []
      guard let first = group.first?.entry else { return nil }
      // Entries of one name have the same axes, of which some may have fewer places.
      let alike = group.filter { $0.entry.axes.map(\.name) == first.axes.map(\.name) }
      let axes = first.axes.indices.map { index in Self.joined(alike.map { $0.entry.axes[index] }) }
      let size = axes.reduce(1) { $0 * $1.count }
      let none = [Double](repeating: .nan, count: size * rows.count)
      var block = Block(name: name, unit: first.quantity.dimension, axes: axes, values: none, errors: none)
      for (row, entry) in alike {
        for (place, estimate) in zip(Self.places(of: entry.axes, in: axes), entry.estimates) {
          block.values[row * size + place] = estimate.value
          block.errors[row * size + place] = estimate.error
        }
      }
      return block
    }
  }

  /// One axis with the places of all.
  private static func joined(_ axes: [Answer.Axis]) -> Answer.Axis {
    let first = axes[0]
    if axes.allSatisfy({ $0 == first }) { return first }
    guard case .values = first.places else {
      var names: [String] = []
      for axis in axes {
        for index in 0..<axis.count where !names.contains(axis.label(index)) { names.append(axis.label(index)) }
      }
      return Answer.Axis(first.name, names: names)
    }
    return Answer.Axis(first.name, dimension: first.dimension, values: Set(axes.flatMap(\.values)).sorted())
  }

  /// Where the estimates of an entry stand, row by row, among those of wider axes.
  private static func places(of axes: [Answer.Axis], in wider: [Answer.Axis]) -> [Int] {
    zip(axes, wider).reduce([0]) { rows, pair in
      let places = (0..<pair.0.count).map { pair.1.index(of: pair.0.label($0)) ?? 0 }
      return rows.flatMap { row in places.map { row * pair.1.count + $0 } }
    }
  }
}

extension ResultExport.Row {
  /// What an entry is called: its quantity and its method.
  fileprivate static func name(_ entry: Answer.Entry) -> String { "\(entry.quantity) \(entry.method.rawValue)" }
}
