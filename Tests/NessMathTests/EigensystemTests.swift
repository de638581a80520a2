import NessMath
import Testing

/// Eigenvalues with bounds, and the vectors.
@Suite struct EigensystemTests {
  /// A x = lambda x, and a triangular matrix has its diagonal as eigenvalues.
  @Test func residualAndDiagonal() throws {
    let order = 12
    var matrix = Matrix(rows: order, columns: order)
    for row in 0..<order {
      for column in row..<order {
        matrix[row, column] = row == column ? -Double(row + 1) : 0.3 / Double(column - row + 1)
      }
    }
    let system = try Eigensystem(matrix)
    for (index, mode) in system.modes.sorted(by: { $0.real > $1.real }).enumerated() {
      #expect(abs(mode.real + Double(index + 1)) <= mode.bound && mode.bound < 1e-8 && mode.imaginary == 0)
      for row in 0..<order {
        var sum = 0.0
        for column in 0..<order { sum += matrix[row, column] * mode.vector.real[column] }
        #expect(abs(sum - mode.real * mode.vector.real[row]) < 1e-13)
      }
    }
  }

  /// A pair -g ± iw is told once, with a vector (1, i)/sqrt 2 of both components.
  @Test func pairsAreToldOnce() throws {
    let system = try Eigensystem(Matrix(rows: [[-0.1, 2], [-2, -0.1]]))
    #expect(system.modes.count == 1)
    let mode = system.modes[0]
    #expect(abs(mode.real + 0.1) <= mode.bound && abs(mode.imaginary - 2) <= mode.bound && mode.bound < 2e-14)
    #expect(mode.squares.allSatisfy { abs($0 - 0.5) < 1e-14 })
  }

  /// A Jordan block of order n moved by e has eigenvalues e^(1/n) away: rounding does the same, and the bound must say so.
  @Test(arguments: [2, 3, 5], [0, 1e-16, 3e-15])
  func jordanBlocksHaveHonestBounds(order: Int, corner: Double) throws {
    var matrix = Matrix(rows: order + 1, columns: order + 1)
    for row in 0..<order {
      matrix[row, row] = -1
      if row + 1 < order { matrix[row, row + 1] = 1 }
    }
    matrix[order - 1, 0] = corner
    matrix[order, order] = -3
    let system = try Eigensystem(matrix)
    let near = system.modes.filter { $0.real > -2 }
    // The matrix without the corner is as near as rounding is.
    #expect(near.allSatisfy { abs($0.real + 1) <= $0.bound && $0.imaginary <= $0.bound })
    #expect(near.allSatisfy { $0.neighbours == order && $0.condition > 1e4 && $0.bound > 1e-8 })
    let far = try #require(system.modes.first { $0.real < -2 })
    #expect(abs(far.real + 3) <= far.bound && far.bound < 1e-12 && far.neighbours == 1)
  }
}
