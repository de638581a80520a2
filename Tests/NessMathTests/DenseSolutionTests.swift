import NessMath
import Testing

@Suite struct DenseSolutionTests {
  /// The Hilbert matrix: the error estimate covers the error, and the condition is seen.
  @Test(arguments: [3, 6, 9])
  func hilbert(order: Int) throws {
    let matrix = Matrix(rows: (1...order).map { row in (1...order).map { 1 / Double(row + $0 - 1) } })
    let right = (1...order).map { row in (1...order).reduce(0) { $0 + 1 / Double(row + $1 - 1) } }
    let solution = try solveWithError(matrix, right)
    let error = solution.values.reduce(0) { max($0, abs($1 - 1)) }
    #expect(error <= solution.forwardError)
    #expect(solution.reciprocalCondition < [3: 2e-3, 6: 5e-8, 9: 1e-11][order] ?? 0)
  }

  @Test func singular() throws {
    #expect(throws: LinearAlgebraError.self) { try solveWithError(Matrix(rows: [[1, 2], [2, 4]]), [1, 0]) }
  }

  /// Factors solve the equations and the transposed ones; norm and condition are those of the matrix.
  @Test func factors() throws {
    let order = 30
    var matrix = Matrix(rows: order, columns: order)
    for row in 0..<order {
      for column in 0..<order { matrix[row, column] = 1 / Double(row + 2 * column + 1) + (row == column ? 1 : 0) }
    }
    let factors = try DenseFactors(matrix)
    let right = (0..<order).map { 1 + Double($0 % 7) }
    let solution = factors.solution(of: right)
    let known = try solveWithError(matrix, right)
    for (value, exact) in zip(solution, known.values) { #expect(abs(value - exact) < 1e-12 * abs(exact)) }
    #expect(abs(factors.reciprocalCondition / known.reciprocalCondition - 1) < 1e-6)
    let transposed = factors.solution(of: right, isTransposed: true)
    for column in 0..<order {
      let product = (0..<order).reduce(0) { $0 + matrix[$1, column] * transposed[$1] }
      #expect(abs(product - right[column]) < 1e-12)
    }
    #expect(zip(solution, transposed).contains { abs($0 - $1) > 0.01 })
    let largest = (0..<order).map { column in (0..<order).reduce(0) { $0 + abs(matrix[$1, column]) } }.max() ?? 0
    #expect(abs(factors.norm - largest) < 1e-14 * largest)
    #expect(throws: LinearAlgebraError.self) { try DenseFactors(Matrix(rows: [[1, 2], [2, 4]])) }
  }

  @Test func symmetric() throws {
    let values = try symmetricEigenvalues(Matrix(rows: [[2, -1, 0], [-1, 2, -1], [0, -1, 2]]))
    for (value, exact) in zip(values, [2 - 2.0.squareRoot(), 2, 2 + 2.0.squareRoot()]) {
      #expect(abs(value - exact) < 1e-14)
    }
  }

  @Test func symmetricVectors() throws {
    var matrix = Matrix(rows: 40, columns: 40)
    for row in 0..<40 {
      for column in 0...row {
        matrix[row, column] = 1 / Double(row + column + 1) + (row == column ? Double(row % 5) : 0)
        matrix[column, row] = matrix[row, column]
      }
    }
    let (values, vectors) = try symmetricEigensystem(matrix)
    #expect(values == values.sorted() && values[39] > 4)
    #expect((matrix * vectors - vectors * .diagonal(values)).largestElement < 1e-13)
    #expect((vectors.transposed * vectors - .identity(40)).largestElement < 1e-13)
    #expect((matrix * vectors - vectors * .diagonal(values.reversed())).largestElement > 0.1)
  }

  @Test func accumulate() {
    let left = (0..<12).map { Double($0) }
    let right = (0..<15).map { Double($0 * $0) }
    var result = [Double](repeating: 1, count: 20)
    accumulateProduct(
      left, leftStride: 4, right, rightStride: 5, into: &result, stride: 5, rows: 3, columns: 5, inner: 3)
    for row in 0..<3 {
      for column in 0..<5 {
        let exact = (0..<3).reduce(1.0) { $0 + left[row * 4 + $1] * right[$1 * 5 + column] }
        #expect(result[row * 5 + column] == exact)
      }
    }
  }
}
