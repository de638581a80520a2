/// A real symmetric coupling matrix given by the user; immutable, validated once.
package struct CouplingMatrix: Hashable, Sendable {
  /// Number of levels, rows and columns.
  package let levels: Int
  /// Elements, row after row, `levels * levels` values.
  package let elements: [Double]

  /// A matrix from its rows.
  ///
  /// - Parameter key: what it is called in files.
  /// - Throws: `ModelError` naming the first row or element that is wrong.
  package init(rows: [[Double]], of key: String = "coupling") throws(ModelError) {
    func fault(_ found: String, _ expected: String) -> ModelError {
      ModelError(faults: [ParameterFault(parameter: key, found: found, expected: expected)])
    }
    if rows.isEmpty { throw fault("no row", "a square matrix") }
    for (index, row) in rows.enumerated() {
      if row.count != rows.count {
        throw fault("\(row.count) numbers in row \(index + 1) of \(rows.count)", "a square matrix")
      }
      if let column = row.firstIndex(where: { !$0.isFinite }) {
        throw fault("\(row[column]) in row \(index + 1), column \(column + 1)", "finite numbers")
      }
    }
    for row in rows.indices {
      for column in 0..<row where abs(rows[row][column] - rows[column][row]) > 1e-12 * abs(rows[row][column]) {
        throw fault(
          "\(rows[row][column]) in row \(row + 1), column \(column + 1) and \(rows[column][row]) opposite",
          "a symmetric matrix: the operator is Hermitian")
      }
    }
    levels = rows.count
    elements = rows.flatMap { $0 }
  }

  /// The element of two levels, counted from 1.
  package subscript(m: Int, n: Int) -> Double { elements[(m - 1) * levels + (n - 1)] }
}

/// A spectral function for emission given on a grid of angular frequencies, linear between the points.
package struct SpectralTable: Hashable, Sendable {
  /// Angular frequencies, ascending, not negative [1/time].
  package let angularFrequencies: [Double]
  /// Values, not negative [1/time over A²].
  package let values: [Double]

  /// A table from its columns.
  ///
  /// - Throws: `ModelError` naming the first point that is wrong.
  package init(angularFrequencies: [Double], values: [Double]) throws(ModelError) {
    func fault(_ found: String, _ expected: String) -> ModelError {
      ModelError(faults: [ParameterFault(parameter: "spectrum", found: found, expected: expected)])
    }
    if angularFrequencies.count < 2 || angularFrequencies.count != values.count {
      throw fault("\(angularFrequencies.count) frequencies, \(values.count) values", "two or more points")
    }
    for (index, frequency) in angularFrequencies.enumerated() {
      let before = index == 0 ? -Double.leastNonzeroMagnitude : angularFrequencies[index - 1]
      if !(frequency.isFinite && frequency > before) {
        throw fault("\(frequency) at point \(index + 1)", "ascending angular frequencies >= 0")
      }
      if !(values[index].isFinite && values[index] >= 0) {
        throw fault("\(values[index]) at point \(index + 1)", "values >= 0")
      }
    }
    self.angularFrequencies = angularFrequencies
    self.values = values
  }

  /// A table from rows of an angular frequency and a value.
  ///
  /// - Throws: `ModelError` naming the first row or point that is wrong.
  package init(rows: [[Double]]) throws(ModelError) {
    if let row = rows.firstIndex(where: { $0.count != 2 }) {
      let found = "\(rows[row].count) numbers in row \(row + 1)"
      throw ModelError(faults: [
        ParameterFault(parameter: "spectrum", found: found, expected: "two: an angular frequency and a value")
      ])
    }
    try self.init(angularFrequencies: rows.map { $0[0] }, values: rows.map { $0[1] })
  }

  /// The highest angular frequency of the table [1/time].
  package var limit: Double { angularFrequencies[angularFrequencies.count - 1] }

  /// The value at an angular frequency; beyond the ends of the table it is not a number.
  package func value(at angularFrequency: Double) -> Double {
    guard angularFrequency >= angularFrequencies[0], angularFrequency <= limit else { return .nan }
    var low = 0
    var high = angularFrequencies.count - 1
    while high - low > 1 {
      let middle = (low + high) / 2
      if angularFrequencies[middle] <= angularFrequency { low = middle } else { high = middle }
    }
    let part = (angularFrequency - angularFrequencies[low]) / (angularFrequencies[high] - angularFrequencies[low])
    return values[low] + part * (values[high] - values[low])
  }
}

extension CouplingMatrix {
  /// The rows of the matrix.
  package var rows: [[Double]] { (0..<levels).map { Array(elements[($0 * levels)..<(($0 + 1) * levels)]) } }
}
