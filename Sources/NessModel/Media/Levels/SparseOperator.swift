import NessMath

/// An operator on all parts of a system, as the sum of what acts on each set of parts.
package struct PartOperator: Sendable {
  /// What acts on a set of parts, bit k - 1 for part k: a matrix between the states of these alone, whatever the others do.
  private typealias Term = (parts: UInt64, rows: SparseRows)

  /// Numbers of levels of the parts.
  private let sizes: [Int]
  /// For each set of parts what is written with operators of these and no others.
  private var terms: [Term]
  /// Whether it was given as a matrix, of which nothing says what acts on which parts.
  private let isMatrix: Bool

  private init(sizes: [Int], terms: [Term], isMatrix: Bool = false) {
    (self.sizes, self.terms, self.isMatrix) = (sizes, terms, isMatrix)
  }

  /// A matrix in the basis of the parts.
  ///
  /// - Precondition: it has as many levels.
  init(_ matrix: CouplingMatrix, of parts: [LevelPart]) {
    let rows = SparseRows(count: matrix.levels) { row, rows in
      for (column, value) in matrix.rows[row].enumerated() where value != 0 { rows.append(column, Complex(value)) }
    }
    let sizes = parts.map(\.levels)
    self.init(sizes: sizes, terms: [(Self.all(sizes), rows)], isMatrix: true)
  }

  /// A number times the identity.
  package init(_ number: Double, of parts: [LevelPart]) {
    self.init(sizes: parts.map(\.levels), terms: [(0, SparseRows(count: 1) { $1.append($0, Complex(number)) })])
  }

  /// An operator of one part, from its elements.
  init(_ elements: [(row: Int, column: Int, value: Complex)], of part: Int, among parts: [LevelPart]) {
    let elements = elements.sorted { $0.column < $1.column }
    let rows = SparseRows(count: parts[part].levels) { row, rows in
      for element in elements where element.row == row { rows.append(element.column, element.value) }
    }
    self.init(sizes: parts.map(\.levels), terms: [(1 << UInt64(part), rows)])
  }

  /// Number of levels of the system.
  package var levels: Int { sizes.reduce(1, *) }

  /// Bits of all parts.
  private static func all(_ sizes: [Int]) -> UInt64 { (1 << UInt64(sizes.count)) - 1 }

  /// Bits of the parts on which it acts.
  package var parts: UInt64 { terms.reduce(0) { $0 | $1.parts } }

  /// What of it is written with operators of some parts and no others; of a matrix its mean over all states of the others, its
  /// partial trace over their number of states.
  package func part(within parts: UInt64) -> PartOperator {
    if isMatrix { return mean(overAllBut: parts) }
    return PartOperator(sizes: sizes, terms: terms.filter { $0.parts & ~parts == 0 })
  }

  private func mean(overAllBut parts: UInt64) -> PartOperator {
    let (own, others) = Self.states(ofParts: parts, sizes: sizes)
    let whole = terms[0].rows
    let rows = SparseRows(count: own.count) { row, rows in
      var sums = [Complex](repeating: Complex(0), count: own.count)
      for other in others {
        for (column, state) in own.enumerated() { sums[column] += whole.element(own[row] + other, state + other) }
      }
      for (column, sum) in sums.enumerated() where sum != Complex(0) {
        rows.append(column, (1 / Double(others.count)) * sum)
      }
    }
    return PartOperator(sizes: sizes, terms: [(parts, rows)])
  }

  /// The states of some parts, those of all others being their first, and the states of the others, those of the parts being their
  /// first: every state is a sum of two such, counted from 0. Both ascend.
  ///
  /// - Parameters:
  ///   - whole: all parts that there are taken to be.
  ///   - sizes: numbers of levels of all parts.
  package static func states(
    ofParts parts: UInt64, within whole: UInt64 = .max, sizes: [Int]
  ) -> (own: [Int], others: [Int]) {
    var (own, others, stride) = ([0], [0], 1)
    for part in sizes.indices.reversed() where whole & 1 << UInt64(part) != 0 {
      func join(_ states: inout [Int]) {
        let count = states.count
        states.reserveCapacity(sizes[part] * count)
        for step in 1..<max(1, sizes[part]) {
          for place in 0..<count { states.append(states[place] + step * stride) }
        }
      }
      if parts & 1 << UInt64(part) != 0 { join(&own) } else { join(&others) }
      stride *= sizes[part]
    }
    return (own, others)
  }

  /// The rows of a term between the states of more parts.
  private func extended(_ term: Term, on parts: UInt64) -> SparseRows {
    if term.parts == parts { return term.rows }
    let (own, others) = Self.states(ofParts: term.parts, within: parts, sizes: sizes)
    var places = [Int](repeating: 0, count: own.count * others.count)
    for (place, state) in own.enumerated() {
      for other in others { places[state + other] = place }
    }
    return SparseRows(count: places.count) { state, rows in
      let place = places[state]
      for element in term.rows[place] { rows.append(state - own[place] + own[element.column], element.value) }
    }
  }

  /// Its matrix in the basis of the parts, the first part changing most slowly, shape (levels, levels).
  package var matrix: ComplexMatrix { matrix(on: Self.all(sizes)) }

  /// The same among the states of some parts.
  ///
  /// - Precondition: it acts on no others.
  package func matrix(on parts: UInt64) -> ComplexMatrix {
    let spaces = terms.map { Self.states(ofParts: $0.parts, within: parts, sizes: sizes) }
    let order = spaces.first.map { $0.own.count * $0.others.count }
    var result = ComplexMatrix(order: order ?? Self.states(ofParts: parts, sizes: sizes).own.count)
    let rows = result.rows
    result.real.elements.withUnsafeMutableBufferPointer { real in
      result.imaginary.elements.withUnsafeMutableBufferPointer { imaginary in
        for (term, (own, others)) in zip(terms, spaces) {
          for (row, state) in own.enumerated() {
            for element in term.rows[row] {
              let (to, from, value) = (state, own[element.column], element.value)
              for other in others {
                let place = (from + other) * rows + to + other
                real[place] += value.real
                imaginary[place] += value.imaginary
              }
            }
          }
        }
      }
    }
    return result
  }

  static func + (left: PartOperator, right: PartOperator) -> PartOperator {
    var result = left
    for term in right.terms { result.add(term) }
    return result
  }

  private mutating func add(_ term: Term) {
    if let place = terms.firstIndex(where: { $0.parts == term.parts }) {
      terms[place].rows = terms[place].rows + term.rows
    } else {
      terms.append(term)
    }
  }

  static func * (factor: Double, right: PartOperator) -> PartOperator {
    PartOperator(sizes: right.sizes, terms: right.terms.map { ($0.parts, factor * $0.rows) })
  }

  static func * (left: PartOperator, right: PartOperator) -> PartOperator {
    var result = PartOperator(sizes: left.sizes, terms: [])
    for first in left.terms {
      for second in right.terms {
        let parts = first.parts | second.parts
        result.add((parts, left.extended(first, on: parts) * right.extended(second, on: parts)))
      }
    }
    return result
  }

  /// Row and column of the element that differs most from its opposite, with both; nil if it is Hermitian to rounding.
  var asymmetry: (row: Int, column: Int, value: Complex, opposite: Complex)? {
    // Most are to the last digit, term by term.
    if terms.allSatisfy({ $0.rows.isHermitian }) { return nil }
    let all = terms.map { extended($0, on: Self.all(sizes)) }
    guard let first = all.first else { return nil }
    let rows = all.dropFirst().reduce(first) { $0 + $1 }
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
