/// A dense real matrix, stored by columns as LAPACK wants it.
package struct Matrix: Hashable, Sendable {
  /// Number of rows.
  package let rows: Int
  /// Number of columns.
  package let columns: Int
  /// The elements, column after column.
  package var elements: [Double]

  /// A matrix of zeros.
  package init(rows: Int, columns: Int) {
    self.rows = rows
    self.columns = columns
    elements = [Double](repeating: 0, count: rows * columns)
  }

  /// A matrix from its rows, which must all have the same length.
  package init(rows table: [[Double]]) {
    self.init(rows: table.count, columns: table.first?.count ?? 0)
    for (row, values) in table.enumerated() {
      precondition(values.count == columns, "rows of different length")
      for (column, value) in values.enumerated() { self[row, column] = value }
    }
  }

  /// The identity of the given order.
  package static func identity(_ order: Int) -> Matrix { diagonal([Double](repeating: 1, count: order)) }

  /// A square matrix with the given diagonal and zeros elsewhere.
  package static func diagonal(_ values: [Double]) -> Matrix {
    var matrix = Matrix(rows: values.count, columns: values.count)
    for (index, value) in values.enumerated() { matrix[index, index] = value }
    return matrix
  }

  /// The element in row `row` and column `column`, both counted from 0.
  @inlinable package subscript(row: Int, column: Int) -> Double {
    @inline(__always) get { elements[column * rows + row] }
    @inline(__always) set { elements[column * rows + row] = newValue }
  }

  /// The transposed matrix.
  package var transposed: Matrix {
    var result = Matrix(rows: columns, columns: rows)
    for column in 0..<columns {
      for row in 0..<rows { result[column, row] = self[row, column] }
    }
    return result
  }

  /// The first `order` rows and columns.
  package func leading(_ order: Int) -> Matrix {
    var result = Matrix(rows: order, columns: order)
    for column in 0..<order {
      for row in 0..<order { result[row, column] = self[row, column] }
    }
    return result
  }

  /// Some rows and columns of it, in their order.
  package func part(_ rows: [Int], _ columns: [Int]) -> Matrix {
    var result = Matrix(rows: rows.count, columns: columns.count)
    for (place, column) in columns.enumerated() {
      for (line, row) in rows.enumerated() { result[line, place] = self[row, column] }
    }
    return result
  }

  /// Its product with another matrix, by its elements that are not 0 where these are few.
  ///
  /// - Complexity: O(2 m n) for m such elements and n columns of the other matrix, or that of a plain product.
  package func applied(to right: Matrix) -> Matrix {
    precondition(columns == right.rows, "matrices of different shape")
    var few: [(row: Int, column: Int, value: Double)] = []
    for column in 0..<columns {
      for row in 0..<rows where self[row, column] != 0 { few.append((row, column, self[row, column])) }
      if 8 * few.count > elements.count { return self * right }
    }
    var result = Matrix(rows: rows, columns: right.columns)
    result.elements.withUnsafeMutableBufferPointer { result in
      right.elements.withUnsafeBufferPointer { right in
        for start in 0..<(columns == 0 ? 0 : right.count / columns) {
          for element in few {
            result[start * rows + element.row] += element.value * right[start * columns + element.column]
          }
        }
      }
    }
    return result
  }

  /// The largest absolute value of an element; 0 for an empty matrix.
  package var largestElement: Double {
    // Eight at a time, and what is left.
    var largest = SIMD8<Double>.zero
    elements.withUnsafeBytes { elements in
      for place in 0..<(elements.count / MemoryLayout<SIMD8<Double>>.stride) {
        let eight = elements.loadUnaligned(
          fromByteOffset: place * MemoryLayout<SIMD8<Double>>.stride, as: SIMD8<Double>.self)
        let sizes = eight.replacing(with: -eight, where: eight .< 0)
        largest.replace(with: sizes, where: sizes .> largest)
      }
    }
    return elements.suffix(elements.count % 8).reduce(largest.max()) { max($0, abs($1)) }
  }

  /// Element by element sum.
  package static func + (left: Matrix, right: Matrix) -> Matrix {
    precondition(left.rows == right.rows && left.columns == right.columns, "matrices of different shape")
    var result = left
    for index in result.elements.indices { result.elements[index] += right.elements[index] }
    return result
  }

  /// Every element times a number.
  package static func * (factor: Double, matrix: Matrix) -> Matrix {
    var result = matrix
    for index in result.elements.indices { result.elements[index] *= factor }
    return result
  }

  /// Element by element difference.
  package static func - (left: Matrix, right: Matrix) -> Matrix { left + (-1) * right }

  /// Matrix product, by dgemm.
  package static func * (left: Matrix, right: Matrix) -> Matrix { product(left, right) }

  /// (X + X^T) / 2 of a square matrix.
  package var symmetricPart: Matrix { 0.5 * (self + transposed) }
}
