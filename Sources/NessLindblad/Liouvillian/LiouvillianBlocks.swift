import NessMath
import NessModel

/// The real superoperator of a master equation, cut into the parts that do not touch one another. Which parts there are
/// is found from its elements, not assumed.
struct LiouvillianBlocks: Sendable {
  /// Indices of the density matrix in each block, ascending.
  let members: [[Int]]
  /// The dense superoperator of each block.
  let matrices: [Matrix]
  /// Blocks that contain a population.
  let withPopulations: [Int]

  /// The blocks of an equation.
  ///
  /// - Throws: `Refusal` of the method if the blocks do not fit into the memory.
  /// - Complexity: O(number of parts of elements), room for the squares of the block sizes.
  init(_ equation: MasterEquation, method: Method) throws(Refusal) {
    let (members, block, place) = Self.components(equation)
    let sizes = members.map { Double($0.count * $0.count) }
    // All blocks, and of one of them a scaled copy, its factors and what LAPACK works in.
    try checkMatrixMemory(
      equation.levels, method, bytes: 8 * (sizes.reduce(0, +) + 3 * (sizes.max() ?? 0)))
    var matrices = members.map { Matrix(rows: $0.count, columns: $0.count) }
    equation.forEachPart { row, column, value in
      matrices[block[row]][place[row], place[column]] += value
    }
    self.members = members
    self.matrices = matrices
    withPopulations = Set((0..<equation.levels).map { block[$0 * equation.levels + $0] }).sorted()
  }

  /// Connected components of the graph of the elements, by union of sets.
  private static func components(
    _ equation: MasterEquation
  ) -> (members: [[Int]], block: [Int], place: [Int]) {
    let count = equation.levels * equation.levels
    var parent = Array(0..<count)
    func root(_ index: Int) -> Int {
      var index = index
      while parent[index] != index {
        parent[index] = parent[parent[index]]
        index = parent[index]
      }
      return index
    }
    equation.forEachPart { row, column, _ in
      let (first, second) = (root(row), root(column))
      if first != second { parent[max(first, second)] = min(first, second) }
    }
    var members: [[Int]] = []
    var block = [Int](repeating: -1, count: count)
    var place = block
    for index in 0..<count {
      let top = root(index)
      if block[top] < 0 {
        block[top] = members.count
        members.append([])
      }
      block[index] = block[top]
      place[index] = members[block[top]].count
      members[block[top]].append(index)
    }
    return (members, block, place)
  }

  /// All eigenvalues, block after block.
  ///
  /// - Throws: `LinearAlgebraError.notConverged`.
  /// - Accuracy: about 1e-15 times the norm of the block, absolute (LAPACK dgeev).
  func spectrum() throws(LinearAlgebraError) -> [[(real: Double, imaginary: Double)]] {
    var result: [[(real: Double, imaginary: Double)]] = []
    result.reserveCapacity(matrices.count)
    for matrix in matrices { result.append(try Self.spectrum(matrix)) }
    return result
  }

  private static func spectrum(
    _ matrix: Matrix
  ) throws(LinearAlgebraError) -> [(real: Double, imaginary: Double)] {
    // A lone coherence: x and y turn into one another and decay at the same rate.
    if matrix.rows == 2, matrix[0, 0] == matrix[1, 1], matrix[0, 1] == -matrix[1, 0] {
      return [(matrix[0, 0], matrix[0, 1]), (matrix[0, 0], -matrix[0, 1])]
    }
    return try eigenvalues(matrix)
  }
}

/// Whether the whole density matrix of a number of levels fits into the memory.
///
/// - Throws: `Refusal` of the method.
func checkMatrixMemory(_ levels: Int, _ method: Method, bytes: Double) throws(Refusal) {
  let what = "\(levels) levels with all their coherences"
  if let reason = memoryReason(what, bytes: bytes, remedy: "set medium.levels lower, or use the method davies") {
    throw Refusal(method, reason)
  }
}
