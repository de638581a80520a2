import NessMath

/// An operator on all parts of a system, as the sum of what acts on each set of parts.
package struct PartOperator: Sendable {
  typealias Rows = SparseRows

  /// Number of levels of the system.
  package let levels: Int
  /// For each set of parts, bit k - 1 for part k, what is written with operators of these and no others.
  private(set) var terms: [(parts: UInt64, rows: Rows)]
  /// Numbers of levels of the parts where it was given as a matrix, which has no terms; nil else.
  private let sizes: [Int]?

  private init(levels: Int, terms: [(parts: UInt64, rows: Rows)], sizes: [Int]? = nil) {
    self.levels = levels
    self.terms = terms
    self.sizes = sizes
  }

  /// A matrix in the basis of the parts.
  ///
  /// - Precondition: it has as many levels.
  init(_ matrix: CouplingMatrix, of parts: [LevelPart]) {
    let rows = Rows(count: matrix.levels) { row, rows in
      for (column, value) in matrix.rows[row].enumerated() where value != 0 { rows.append(column, Complex(value)) }
    }
    self.init(
      levels: matrix.levels, terms: [((1 << UInt64(parts.count)) - 1, rows)], sizes: parts.map(\.levels))
  }

  /// A number times the identity.
  package init(_ number: Double, levels: Int) {
    self.init(levels: levels, terms: [(0, Rows(count: levels) { $1.append($0, Complex(number)) })])
  }

  /// An operator of one part, from its elements.
  init(
    _ elements: [(row: Int, column: Int, value: Complex)], of part: Int, among parts: [LevelPart]
  ) {
    let levels = parts.reduce(1) { $0 * $1.levels }
    // The first part changes most slowly.
    let stride = parts[(part + 1)...].reduce(1) { $0 * $1.levels }
    let own = parts[part].levels
    let elements = elements.sorted { $0.column < $1.column }
    let rows = Rows(count: levels) { state, rows in
      let row = (state / stride) % own
      for element in elements where element.row == row {
        rows.append(state + (element.column - row) * stride, element.value)
      }
    }
    self.init(levels: levels, terms: [(1 << UInt64(part), rows)])
  }

  /// Bits of the parts on which it acts.
  package var parts: UInt64 { terms.reduce(0) { $0 | $1.parts } }

  /// What of it is written with operators of some parts and no others; of a matrix its mean over all states of the others, its
  /// partial trace over their number of states.
  package func part(within parts: UInt64) -> PartOperator {
    if let sizes { return mean(overAllBut: parts, sizes) }
    return PartOperator(levels: levels, terms: terms.filter { $0.parts & ~parts == 0 })
  }

  private func mean(overAllBut parts: UInt64, _ sizes: [Int]) -> PartOperator {
    /// The state of the parts, that of all others being their first one.
    func own(_ state: Int) -> Int {
      var (rest, stride, result) = (state, 1, 0)
      for part in sizes.indices.reversed() {
        if parts & 1 << UInt64(part) != 0 { result += rest % sizes[part] * stride }
        rest /= sizes[part]
        stride *= sizes[part]
      }
      return result
    }
    let owns = (0..<levels).map(own)
    let others = Double(owns.count { $0 == 0 })
    var sums: [Int: [Int: Complex]] = [:]
    for row in 0..<levels {
      for element in terms[0].rows[row] where row - owns[row] == element.column - owns[element.column] {
        sums[owns[row], default: [:]][owns[element.column], default: Complex(0)] += element.value
      }
    }
    let rows = Rows(count: levels) { row, rows in
      for (column, value) in (sums[owns[row]] ?? [:]).sorted(by: { $0.key < $1.key }) where value != Complex(0) {
        rows.append(column + row - owns[row], (1 / others) * value)
      }
    }
    return PartOperator(levels: levels, terms: [(parts, rows)])
  }

  /// The states of some parts, those of all others being their first, and the states of the others, those of the parts being their
  /// first: every state is a sum of two such, counted from 0.
  ///
  /// - Parameter sizes: numbers of levels of all parts.
  package static func states(
    ofParts parts: UInt64, sizes: [Int]
  ) -> (own: [Int], others: [Int]) {
    var (own, others, stride) = ([0], [0], 1)
    for part in sizes.indices.reversed() {
      let steps = (0..<sizes[part]).map { $0 * stride }
      func joined(_ states: [Int]) -> [Int] { steps.flatMap { step in states.map { step + $0 } } }
      if parts & 1 << UInt64(part) != 0 { own = joined(own) } else { others = joined(others) }
      stride *= sizes[part]
    }
    return (own, others)
  }

  /// Its matrix in the basis of the parts, the first part changing most slowly, shape (levels, levels).
  package var matrix: ComplexMatrix {
    var result = ComplexMatrix(order: levels)
    result.real.elements.withUnsafeMutableBufferPointer { real in
      result.imaginary.elements.withUnsafeMutableBufferPointer { imaginary in
        for term in terms {
          for row in 0..<levels {
            for element in term.rows[row] {
              real[element.column * levels + row] += element.value.real
              imaginary[element.column * levels + row] += element.value.imaginary
            }
          }
        }
      }
    }
    return result
  }

  static func + (left: PartOperator, right: PartOperator) -> PartOperator {
    var result = left
    for term in right.terms {
      if let place = result.terms.firstIndex(where: { $0.parts == term.parts }) {
        result.terms[place].rows = result.terms[place].rows + term.rows
      } else {
        result.terms.append(term)
      }
    }
    return result
  }

  static func * (factor: Double, right: PartOperator) -> PartOperator {
    PartOperator(
      levels: right.levels,
      terms: right.terms.map { ($0.parts, factor * $0.rows) })
  }

  static func * (left: PartOperator, right: PartOperator) -> PartOperator {
    var result = PartOperator(levels: left.levels, terms: [])
    for first in left.terms {
      for second in right.terms {
        result =
          result + PartOperator(levels: left.levels, terms: [(first.parts | second.parts, first.rows * second.rows)])
      }
    }
    return result
  }

  /// Row and column of the element that differs most from its opposite, with both; nil if it is Hermitian to rounding.
  var asymmetry: (row: Int, column: Int, value: Complex, opposite: Complex)? {
    guard let first = terms.first?.rows else { return nil }
    let rows = terms.dropFirst().reduce(first) { $0 + $1.rows }
    let largest = rows.elements.reduce(0) { max($0, $1.value.magnitude) }
    var worst: (row: Int, column: Int, value: Complex, opposite: Complex)?
    var size = 1e-12 * largest
    for row in 0..<levels {
      for (column, value) in rows[row] {
        let opposite = rows.element(column, row)
        let difference = (value - opposite.conjugate).magnitude
        if difference > size { (worst, size) = ((row, column, value, opposite), difference) }
      }
    }
    return worst
  }

  /// Whether every element is a finite number.
  var isFinite: Bool {
    terms.allSatisfy { $0.rows.elements.allSatisfy { $0.value.real.isFinite && $0.value.imaginary.isFinite } }
  }
}
