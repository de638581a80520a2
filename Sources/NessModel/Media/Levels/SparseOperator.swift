import NessMath

/// An operator on all parts of a system, as the sum of what acts on each set of parts.
package struct PartOperator: Sendable {
  /// Rows of elements that are not 0, in the order of their columns.
  typealias Rows = [[(column: Int, value: Complex)]]

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
    let rows = matrix.rows.map { row in
      row.enumerated().compactMap { $1 == 0 ? nil : (column: $0, value: Complex($1)) }
    }
    self.init(
      levels: matrix.levels, terms: [((1 << UInt64(parts.count)) - 1, rows)], sizes: parts.map(\.levels))
  }

  /// A number times the identity.
  package init(_ number: Double, levels: Int) {
    self.init(levels: levels, terms: [(0, (0..<levels).map { [($0, Complex(number))] })])
  }

  /// An operator of one part, from its elements.
  init(
    _ elements: [(row: Int, column: Int, value: Complex)], of part: Int, among parts: [LevelPart]
  ) {
    let levels = parts.reduce(1) { $0 * $1.levels }
    // The first part changes most slowly.
    let stride = parts[(part + 1)...].reduce(1) { $0 * $1.levels }
    let own = parts[part].levels
    var rows = Rows(repeating: [], count: levels)
    for element in elements {
      for state in 0..<levels where (state / stride) % own == element.row {
        rows[state].append((state + (element.column - element.row) * stride, element.value))
      }
    }
    for row in rows.indices { rows[row].sort { $0.column < $1.column } }
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
    for (row, elements) in terms[0].rows.enumerated() {
      for element in elements where row - owns[row] == element.column - owns[element.column] {
        sums[owns[row], default: [:]][owns[element.column], default: Complex(0)] += element.value
      }
    }
    let rows = (0..<levels).map { row in
      Self.sorted((sums[owns[row]] ?? [:]).mapValues { (1 / others) * $0 })
        .map { (column: $0.column + row - owns[row], value: $0.value) }
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
    for term in terms {
      for (row, elements) in term.rows.enumerated() {
        for element in elements { result[row, element.column] += element.value }
      }
    }
    return result
  }

  static func + (left: PartOperator, right: PartOperator) -> PartOperator {
    var result = left
    for term in right.terms {
      if let place = result.terms.firstIndex(where: { $0.parts == term.parts }) {
        result.terms[place].rows = sum(result.terms[place].rows, term.rows)
      } else {
        result.terms.append(term)
      }
    }
    return result
  }

  static func * (factor: Double, right: PartOperator) -> PartOperator {
    PartOperator(
      levels: right.levels,
      terms: right.terms.map { term in
        (term.parts, term.rows.map { row in row.map { ($0.column, factor * $0.value) } })
      })
  }

  static func * (left: PartOperator, right: PartOperator) -> PartOperator {
    var result = PartOperator(levels: left.levels, terms: [])
    for first in left.terms {
      for second in right.terms {
        let rows = first.rows.map { row in
          var sum: Rows.Element = []
          for element in row {
            sum = Self.sum(sum, second.rows[element.column].map { ($0.column, element.value * $0.value) })
          }
          return sum
        }
        result = result + PartOperator(levels: left.levels, terms: [(first.parts | second.parts, rows)])
      }
    }
    return result
  }

  private static func sum(_ left: Rows, _ right: Rows) -> Rows { zip(left, right).map(sum) }

  /// The sum of two rows, without what cancels.
  private static func sum(_ left: Rows.Element, _ right: Rows.Element) -> Rows.Element {
    if right.isEmpty { return left }
    if left.isEmpty {
      return right.allSatisfy { $0.value != Complex(0) } ? right : right.filter { $0.value != Complex(0) }
    }
    var result: Rows.Element = []
    result.reserveCapacity(left.count + right.count)
    var (one, other) = (0, 0)
    while one < left.count || other < right.count {
      let isLeft = other == right.count || one < left.count && left[one].column <= right[other].column
      var element = isLeft ? left[one] : right[other]
      if isLeft {
        one += 1
        if other < right.count, right[other].column == element.column {
          element.value += right[other].value
          other += 1
        }
      } else {
        other += 1
      }
      if element.value != Complex(0) { result.append(element) }
    }
    return result
  }

  private static func sorted(_ sums: [Int: Complex]) -> [(column: Int, value: Complex)] {
    sums.filter { $0.value != Complex(0) }.sorted { $0.key < $1.key }.map { (column: $0.key, value: $0.value) }
  }

  /// Row and column of the element that differs most from its opposite, with both; nil if it is Hermitian to rounding.
  var asymmetry: (row: Int, column: Int, value: Complex, opposite: Complex)? {
    let rows = terms.dropFirst().reduce(terms.first?.rows ?? []) { Self.sum($0, $1.rows) }
    /// An element; 0 where there is none.
    func element(_ row: Int, _ column: Int) -> Complex {
      var (low, high) = (0, rows[row].count)
      while low < high {
        let middle = (low + high) / 2
        if rows[row][middle].column < column { low = middle + 1 } else { high = middle }
      }
      return low < rows[row].count && rows[row][low].column == column ? rows[row][low].value : Complex(0)
    }
    let largest = rows.reduce(0) { $1.reduce($0) { max($0, $1.value.magnitude) } }
    var worst: (row: Int, column: Int, value: Complex, opposite: Complex)?
    var size = 1e-12 * largest
    for (row, elements) in rows.enumerated() {
      for (column, value) in elements {
        let opposite = element(column, row)
        let difference = (value - opposite.conjugate).magnitude
        if difference > size { (worst, size) = ((row, column, value, opposite), difference) }
      }
    }
    return worst
  }

  /// Whether every element is a finite number.
  var isFinite: Bool {
    terms.allSatisfy { $0.rows.allSatisfy { $0.allSatisfy { $0.value.real.isFinite && $0.value.imaginary.isFinite } } }
  }
}
