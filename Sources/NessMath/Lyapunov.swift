#if canImport(Accelerate)
  import Accelerate
#else
  import CLAPACK
#endif

/// A stable linear system  dx = A x dt + noise,  decomposed once (A = U T U^T) for any number of noises.
///
/// - Source: R. H. Bartels, G. W. Stewart, Commun. ACM 15, 820 (1972): dgees, dgemm, dtrsyl.
package struct StableSystem: Sendable {
  private let triangular: Matrix
  private let vectors: Matrix

  /// The system with drift matrix A, shape (n, n) [1/time].
  ///
  /// - Throws: `unstable` if A has an eigenvalue whose real part is not negative beyond rounding; `notConverged`.
  /// - Complexity: O(20 n³).
  package init(drift: Matrix) throws(LinearAlgebraError) {
    precondition(drift.rows == drift.columns, "a drift matrix that is not square")
    _ = librarySingleThreaded
    var triangular = drift
    var vectors = Matrix(rows: drift.rows, columns: drift.rows)
    var order = Int32(drift.rows)
    var leading = order
    var leadingToo = order
    var real = [Double](repeating: 0, count: drift.rows)
    var imaginary = real
    var wanted = letter("V")
    var unsorted = letter("N")
    var selected: Int32 = 0
    var flags = [Int32](repeating: 0, count: drift.rows)
    var size = Int32(max(1, 34 * drift.rows))
    var work = [Double](repeating: 0, count: Int(size))
    var info: Int32 = 0
    dgees_(
      &wanted, &unsorted, nil, &order, &triangular.elements, &leading, &selected, &real, &imaginary, &vectors.elements,
      &leadingToo, &work, &size, &flags, &info)
    if info != 0 { throw .notConverged(info: Int(info)) }
    let largest = real.max() ?? -1
    if !(largest < -1e-15 * drift.largestElement) { throw .unstable(largestRealPart: largest) }
    self.triangular = triangular
    self.vectors = vectors
  }

  /// Stationary covariance X:   A X + X A^T + Q = 0.
  ///
  /// - Parameter diffusion: Q with  <noise noise^T> = Q dt, shape (n, n), symmetric [x²/time].
  /// - Returns: X, symmetric, shape (n, n).
  /// - Throws: `notConverged` if LAPACK refuses its input.
  /// - Accuracy: residual about 1e-15 n |A| |X|; the error is that over the slowest decay rate.
  /// - Complexity: O(10 n³).
  /// - Checked by: the residual, and the frequency integrals of NessLinear.
  package func covariance(diffusion: Matrix) throws(LinearAlgebraError) -> Matrix {
    precondition(diffusion.rows == vectors.rows && diffusion.columns == vectors.rows, "matrices of different shape")
    var transformed = product(product(vectors, diffusion, transposeLeft: true), vectors)
    var plain = letter("N")
    var transpose = letter("T")
    var sign: Int32 = 1
    var order = Int32(vectors.rows)
    var orderToo = order
    var leading = order
    var scale = 1.0
    var info: Int32 = 0
    dtrsyl_(
      &plain, &transpose, &sign, &order, &orderToo, triangular.elements, &leading, triangular.elements, &leading,
      &transformed.elements, &leading, &scale, &info)
    if info < 0 { throw .notConverged(info: Int(info)) }
    let solution = product(product(vectors, transformed), vectors, transposeRight: true)
    return (-1 / scale) * solution.symmetricPart
  }
}

/// Covariance X of the stationary process  dx = A x dt + noise,  <noise noise^T> = Q dt:   A X + X A^T + Q = 0.
///
/// - Parameters:
///   - drift: A, shape (n, n) [1/time].
///   - diffusion: Q, shape (n, n), symmetric [x²/time].
/// - Returns: X, symmetric, shape (n, n).
/// - Throws: `unstable` if A has an eigenvalue with real part >= 0; `notConverged`.
/// - Accuracy, complexity, source: see `StableSystem`.
/// - Checked by: the residual (LinearAlgebraTests).
package func continuousLyapunov(drift: Matrix, diffusion: Matrix) throws(LinearAlgebraError) -> Matrix {
  try StableSystem(drift: drift).covariance(diffusion: diffusion)
}
