import NessMath
import NessModel
import NessStatistics

extension LevelGenerator {
  /// The modes by which the density matrix forgets its start: eigenvalues but the steady state, slowest first. The share of a level
  /// is what the elements of its row and column have of sum |rho_nm|².
  ///
  /// Numbers that do not reach one another are apart.
  ///
  /// - Throws: `LinearAlgebraError.notConverged`.
  /// - Complexity: O(25 n³) for n numbers that reach one another.
  func modes(_ form: LevelForm) throws(LinearAlgebraError) -> [RelaxationMode] {
    let unit = max(matrix.largestElement, .leastNormalMagnitude).binade
    // The levels whose row or column a number stands in.
    var owners = [(Int, Int)](repeating: (0, 0), count: count)
    for i in 0..<levels {
      owners[place(ofLevel: i)] = (i, i)
      for j in (i + 1)..<max(levels, i + 1) {
        guard let pair = pair(i, j) else { continue }
        (owners[pair.real], owners[pair.imaginary]) = ((i, j), (i, j))
      }
    }
    var found: [RelaxationMode] = []
    for members in components() {
      let block = numbers(of: members)
      var modes = try Eigensystem(block.matrix, perturbation: form.rounding * block.change).modes
      if members.contains(place(ofLevel: 0)) {
        let steady = modes.indices.min { Self.size(modes[$0]) < Self.size(modes[$1]) }
        if let steady { modes.remove(at: steady) }
      }
      for mode in modes {
        var shares = [Double](repeating: 0, count: levels)
        for (place, square) in zip(members, mode.squares) {
          shares[owners[place].0] += 0.5 * square
          shares[owners[place].1] += 0.5 * square
        }
        let whole = shares.reduce(0, +)
        let bound = mode.vectorBound.isFinite ? min(1, 4 * mode.vectorBound) : 1
        found.append(
          RelaxationMode(
            rate: .numerical(-mode.real * unit, bound: mode.bound * unit),
            frequency: .numerical(mode.imaginary * unit, bound: mode.bound * unit),
            shares: shares.map { .numerical($0 / whole, bound: bound) }))
      }
    }
    return found.sorted { ($0.rate.value, $0.frequency.value) < ($1.rate.value, $1.frequency.value) }
  }

  /// The pairs of levels among whose coherences something lasts for ever: of those that nothing joins with the populations.
  ///
  /// - Throws: `LinearAlgebraError.notConverged`.
  func lastingPairs(_ form: LevelForm) throws(LinearAlgebraError) -> [(i: Int, j: Int)] {
    var lasting = [Bool](repeating: false, count: count)
    let ofLevels = Set((0..<levels).map(place))
    for members in components() where ofLevels.isDisjoint(with: members) {
      let block = numbers(of: members)
      let modes = try Eigensystem(block.matrix, perturbation: form.rounding * block.change).modes
      if modes.contains(where: { abs($0.real) <= $0.bound }) { for member in members { lasting[member] = true } }
    }
    var found: [(i: Int, j: Int)] = []
    for i in 0..<levels {
      for j in (i + 1)..<max(levels, i + 1) {
        if let pair = pair(i, j), lasting[pair.real] || lasting[pair.imaginary] { found.append((i, j)) }
      }
    }
    return found
  }

  /// The part of the matrix between some numbers, in units of its largest element, and by how much rounding of one unit changes it.
  private func numbers(of members: [Int]) -> (matrix: Matrix, change: Double) {
    let unit = max(matrix.largestElement, .leastNormalMagnitude).binade
    var block = Matrix(rows: members.count, columns: members.count)
    var change = 0.0
    for (row, one) in members.enumerated() {
      for (column, other) in members.enumerated() {
        block[row, column] = matrix[one, other] / unit
        let size = gross[one, other] / unit
        change += size * size
      }
    }
    return (block, change.squareRoot())
  }

  private static func size(_ mode: Eigensystem.Mode) -> Double {
    mode.real * mode.real + mode.imaginary * mode.imaginary
  }

  /// Numbers in sets that do not reach one another, in the order of their first numbers.
  private func components() -> [[Int]] {
    joinedSets(count) { matrix[$0, $1] != 0 || matrix[$1, $0] != 0 }
  }
}
