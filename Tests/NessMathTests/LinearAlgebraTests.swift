import NessMath
import Testing

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

@Suite struct LinearAlgebraTests {
  private let matrix = Matrix(rows: [[4, 1, -2], [2, 5, 1], [0.5, -1, 3]])

  @Test func solvesLinearSystem() throws {
    let right = Matrix(rows: [[1, 0], [2, -1], [3, 4]])
    let solution = try solve(matrix, right)
    #expect((matrix * solution - right).largestElement < 1e-14)
    #expect((matrix.transposed * solution - right).largestElement > 0.1)
  }

  @Test func refusesSingularMatrix() {
    #expect(throws: LinearAlgebraError.singular(pivot: 2)) {
      try solve(Matrix(rows: [[1, 2], [2, 4]]), .identity(2))
    }
  }

  /// A uniform tridiagonal matrix: 2 - 2 cos(pi j / (n + 1)).
  @Test(arguments: [1, 2, 7, 100])
  func tridiagonal(order: Int) throws {
    let values = try tridiagonalEigenvalues(
      diagonal: [Double](repeating: 2, count: order), offDiagonal: [Double](repeating: -1, count: order - 1))
    for (index, value) in values.enumerated() {
      #expect(abs(value - 2 + 2 * cos(Double.pi * Double(index + 1) / Double(order + 1))) < 1e-13)
    }
  }

  /// Companion matrix of (x - 1)(x - 2)(x² + 4).
  @Test func generalEigenvalues() throws {
    let companion = Matrix(rows: [[3, -6, 12, -8], [1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0]])
    let values = try eigenvalues(companion)
    for exact in [(1.0, 0.0), (2, 0), (0, 2), (0, -2)] {
      #expect(values.contains { abs($0.real - exact.0) + abs($0.imaginary - exact.1) < 1e-12 })
    }
  }

  @Test func continuousLyapunovEquation() throws {
    let drift = (-1) * matrix
    let diffusion = Matrix(rows: [[2, 0.3, 0], [0.3, 1, 0], [0, 0, 0.5]])
    let covariance = try continuousLyapunov(drift: drift, diffusion: diffusion)
    let residual = drift * covariance + covariance * drift.transposed + diffusion
    #expect(residual.largestElement < 1e-14)
    #expect((covariance - covariance.transposed).largestElement == 0)
    #expect((residual - diffusion).largestElement > 0.1)
  }

  @Test func refusesUnstableDrift() {
    #expect(throws: LinearAlgebraError.self) { try continuousLyapunov(drift: matrix, diffusion: .identity(3)) }
    let free = Matrix(rows: [[0, 1], [0, -1]])
    #expect(throws: LinearAlgebraError.self) { try continuousLyapunov(drift: free, diffusion: .identity(2)) }
  }

  @Test(arguments: [0.01, 0.2, 0.2449])
  func discreteLyapunovEquation(scale: Double) throws {
    let map = scale * Matrix(rows: [[2, 1, 0], [0, 2, 1], [1, 0, 3]])
    let noise = Matrix(rows: [[1, 0.2, 0], [0.2, 2, 0.1], [0, 0.1, 0.7]])
    let covariance = try discreteLyapunov(map: map, noise: noise)
    let residual = covariance - (map * covariance * map.transposed + noise)
    #expect(residual.largestElement < 1e-13 * covariance.largestElement)
  }

  /// X = 1 / (1 - a²) for a scalar map, however close a is to 1.
  @Test(arguments: [0.5, 0.999, 0.9999999])
  func scalarDiscreteLyapunov(factor: Double) throws {
    let result = try discreteLyapunov(map: Matrix(rows: [[factor]]), noise: .identity(1))[0, 0]
    let exact = 1 / ((1 - factor) * (1 + factor))
    #expect(abs(result - exact) < 1e-8 * exact)
  }

  @Test func refusesExpandingMap() {
    #expect(throws: LinearAlgebraError.self) { try discreteLyapunov(map: .identity(2), noise: .identity(2)) }
    #expect(throws: LinearAlgebraError.self) { try discreteLyapunov(map: matrix, noise: .identity(3)) }
  }
}
