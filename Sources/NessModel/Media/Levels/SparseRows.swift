import NessMath

/// The elements of a square matrix that are not 0, row behind row, each row in the order of its columns.
struct SparseRows: Sendable {
  /// An element of a row.
  typealias Element = (column: Int, value: Complex)

  /// All elements.
  private(set) var elements: [Element] = []
  /// Where every row begins, and where the last one ends.
  private var starts = [0]

  /// Rows written one after the other.
  ///
  /// - Parameter write: is told a row, and appends its elements in the order of their columns.
  init(count: Int, _ write: (_ row: Int, _ rows: inout SparseRows) -> Void) {
    starts.reserveCapacity(count + 1)
    elements.reserveCapacity(count)
    for row in 0..<count {
      write(row, &self)
      starts.append(elements.count)
    }
  }

  /// Appends an element to the row that is being written.
  mutating func append(_ column: Int, _ value: Complex) { elements.append((column, value)) }

  /// The number of rows.
  var count: Int { starts.count - 1 }

  /// The elements of a row.
  subscript(row: Int) -> ArraySlice<Element> { elements[starts[row]..<starts[row + 1]] }

  /// An element; 0 where there is none.
  func element(_ row: Int, _ column: Int) -> Complex {
    var (low, high) = (starts[row], starts[row + 1])
    while low < high {
      let middle = (low + high) / 2
      if elements[middle].column < column { low = middle + 1 } else { high = middle }
    }
    return low < starts[row + 1] && elements[low].column == column ? elements[low].value : Complex(0)
  }

  /// Whether every element is the complex conjugate of its opposite, to the last digit.
  var isHermitian: Bool {
    (0..<count).allSatisfy { row in self[row].allSatisfy { element($0.column, row) == $0.value.conjugate } }
  }

  static func * (factor: Double, right: SparseRows) -> SparseRows {
    var result = right
    for place in result.elements.indices { result.elements[place].value = factor * result.elements[place].value }
    return result
  }

  /// The sum, without what cancels.
  static func + (left: SparseRows, right: SparseRows) -> SparseRows {
    SparseRows(count: left.count) { row, rows in rows.append(sumOf: left[row], right[row]) }
  }

  /// The product, without what cancels.
  static func * (left: SparseRows, right: SparseRows) -> SparseRows {
    SparseRows(count: left.count) { row, rows in
      let factors = left[row]
      if factors.count == 1, let factor = factors.first {
        for element in right[factor.column] {
          let value = factor.value * element.value
          if value != Complex(0) { rows.append(element.column, value) }
        }
        return
      }
      var sum: [Element] = []
      for factor in factors {
        let next = right[factor.column].map { (column: $0.column, value: factor.value * $0.value) }
        var both = SparseRows(count: 0) { _, _ in }
        both.append(sumOf: sum[...], next[...])
        sum = both.elements
      }
      for element in sum { rows.append(element.column, element.value) }
    }
  }

  /// Appends the sum of two rows, without what cancels, to the row that is being written.
  private mutating func append(sumOf left: ArraySlice<Element>, _ right: ArraySlice<Element>) {
    var (one, other) = (left.startIndex, right.startIndex)
    while one < left.endIndex || other < right.endIndex {
      let isLeft = other == right.endIndex || one < left.endIndex && left[one].column <= right[other].column
      var element = isLeft ? left[one] : right[other]
      if isLeft {
        one += 1
        if other < right.endIndex, right[other].column == element.column {
          element.value += right[other].value
          other += 1
        }
      } else {
        other += 1
      }
      if element.value != Complex(0) { elements.append(element) }
    }
  }
}
