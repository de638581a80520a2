#if canImport(Accelerate)
  import Accelerate
#else
  import CLAPACK
#endif

/// Why a problem of linear algebra has no answer.
package enum LinearAlgebraError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A singular matrix; the pivot (from 1) that vanished.
  case singular(pivot: Int)
  /// An eigenvalue iteration that did not converge; LAPACK's `info`.
  case notConverged(info: Int)
  /// A continuous-time system with an eigenvalue whose real part is not negative.
  case unstable(largestRealPart: Double)
  /// A discrete-time system whose spectral radius is not below 1.
  case expanding(spectralRadius: Double)

  /// What went wrong, in plain words with numbers.
  package var description: String {
    switch self {
    case .singular(let pivot): "the matrix is singular (pivot \(pivot))"
    case .notConverged(let info): "the eigenvalue iteration did not converge (LAPACK info \(info))"
    case .unstable(let part): "the linear system has no steady state: largest real part of an eigenvalue is \(part)"
    case .expanding(let radius): "the linear map has no steady state: its spectral radius is \(radius)"
    }
  }
}

/// Ness runs its own threads, so the library must not. Evaluated once, on first use.
let librarySingleThreaded: Void = {
  #if !canImport(Accelerate)
    openblas_set_num_threads(1)
  #endif
}()

func letter(_ character: Unicode.Scalar) -> CChar { CChar(UInt8(ascii: character)) }

func product(_ left: Matrix, _ right: Matrix, transposeLeft: Bool = false, transposeRight: Bool = false) -> Matrix {
  _ = librarySingleThreaded
  let (rows, inner) = transposeLeft ? (left.columns, left.rows) : (left.rows, left.columns)
  let (other, columns) = transposeRight ? (right.columns, right.rows) : (right.rows, right.columns)
  precondition(inner == other, "matrices of different shape")
  var result = Matrix(rows: rows, columns: columns)
  guard rows > 0 && columns > 0 && inner > 0 else { return result }
  cblas_dgemm(
    CblasColMajor, transposeLeft ? CblasTrans : CblasNoTrans, transposeRight ? CblasTrans : CblasNoTrans,
    Int32(rows), Int32(columns), Int32(inner), 1, left.elements, Int32(left.rows), right.elements, Int32(right.rows), 0,
    &result.elements, Int32(rows))
  return result
}

/// sum += factor left right, in place.
package func addProduct(_ factor: Double, _ left: Matrix, _ right: Matrix, to sum: inout Matrix) {
  _ = librarySingleThreaded
  precondition(
    left.columns == right.rows && sum.rows == left.rows && sum.columns == right.columns, "matrices of different shape")
  guard !sum.elements.isEmpty && left.columns > 0 else { return }
  cblas_dgemm(
    CblasColMajor, CblasNoTrans, CblasNoTrans, Int32(left.rows), Int32(right.columns), Int32(left.columns), factor,
    left.elements, Int32(left.rows), right.elements, Int32(right.rows), 1, &sum.elements, Int32(left.rows))
}

/// Solution X of A X = B.
///
/// - Parameters:
///   - matrix: A, shape (n, n).
///   - right: B, shape (n, r).
/// - Returns: X, shape (n, r).
/// - Throws: `LinearAlgebraError.singular`.
/// - Accuracy: backward stable (LU with partial pivoting, LAPACK dgesv).
/// - Complexity: O(n³ + n² r).
/// - Checked by: the residual (LinearAlgebraTests).
package func solve(_ matrix: Matrix, _ right: Matrix) throws(LinearAlgebraError) -> Matrix {
  _ = librarySingleThreaded
  precondition(matrix.rows == matrix.columns && matrix.rows == right.rows, "matrices of different shape")
  var factors = matrix.elements
  var solution = right
  var order = Int32(matrix.rows)
  var count = Int32(right.columns)
  var pivots = [Int32](repeating: 0, count: matrix.rows)
  var info: Int32 = 0
  var leading = order
  dgesv_(&order, &count, &factors, &leading, &pivots, &solution.elements, &leading, &info)
  if info > 0 { throw .singular(pivot: Int(info)) }
  return solution
}

/// Eigenvalues of a symmetric tridiagonal matrix, ascending.
///
/// - Parameters:
///   - diagonal: n elements.
///   - offDiagonal: n - 1 elements.
/// - Throws: `LinearAlgebraError.notConverged`.
/// - Accuracy: absolute error about 1e-15 times the largest eigenvalue (LAPACK dsterf).
/// - Complexity: O(n²).
/// - Checked by: 2 - 2 cos(pi j / (n+1)) for the uniform matrix (LinearAlgebraTests).
package func tridiagonalEigenvalues(diagonal: [Double], offDiagonal: [Double]) throws(LinearAlgebraError) -> [Double] {
  _ = librarySingleThreaded
  precondition(offDiagonal.count == diagonal.count - 1, "one off-diagonal element less than diagonal ones")
  var values = diagonal
  var work = offDiagonal + [0]
  var order = Int32(diagonal.count)
  var info: Int32 = 0
  dsterf_(&order, &values, &work, &info)
  if info != 0 { throw .notConverged(info: Int(info)) }
  return values
}

/// Eigenvalues of a general real matrix, as (real, imaginary) pairs in no particular order.
///
/// - Throws: `LinearAlgebraError.notConverged`.
/// - Accuracy: backward stable (LAPACK dgeev); ill-conditioned eigenvalues lose accordingly.
/// - Complexity: O(10 n³).
/// - Checked by: the companion matrix of a known polynomial (LinearAlgebraTests).
package func eigenvalues(_ matrix: Matrix) throws(LinearAlgebraError) -> [(real: Double, imaginary: Double)] {
  _ = librarySingleThreaded
  precondition(matrix.rows == matrix.columns, "eigenvalues of a matrix that is not square")
  var copy = matrix.elements
  var order = Int32(matrix.rows)
  var leading = order
  var real = [Double](repeating: 0, count: matrix.rows)
  var imaginary = real
  var none = letter("N")
  var noneToo = none
  var unused = [0.0]
  var unusedToo = [0.0]
  var one: Int32 = 1
  var oneToo: Int32 = 1
  var size = Int32(max(1, 8 * matrix.rows))
  var work = [Double](repeating: 0, count: Int(size))
  var info: Int32 = 0
  dgeev_(
    &none, &noneToo, &order, &copy, &leading, &real, &imaginary, &unused, &one, &unusedToo, &oneToo, &work, &size, &info
  )
  if info != 0 { throw .notConverged(info: Int(info)) }
  return zip(real, imaginary).map { (real: $0, imaginary: $1) }
}

/// Covariance X of the stationary sequence  x -> M x + noise,  <noise noise^T> = Q:   X = M X M^T + Q.
///
/// - Parameters:
///   - map: M, shape (n, n).
///   - noise: Q, shape (n, n), symmetric.
/// - Returns: X, symmetric, shape (n, n).
/// - Throws: `expanding` if the spectral radius of M is not below 1; `notConverged`.
/// - Accuracy: relative error about 1e-15 times the number of doublings, log2(1 / (1 - radius)), times the condition.
/// - Complexity: O(n³ log2(1 / (1 - radius))).
/// - Source: doubling, X = sum_j M^j Q (M^j)^T summed as X <- X + M X M^T, M <- M² (R. A. Smith, 1968).
/// - Checked by: the residual and the scalar case (LinearAlgebraTests).
package func discreteLyapunov(map: Matrix, noise: Matrix) throws(LinearAlgebraError) -> Matrix {
  precondition(map.rows == map.columns && noise.rows == map.rows, "matrices of different shape")
  let squares = try eigenvalues(map).map { $0.real * $0.real + $0.imaginary * $0.imaginary }
  let radius = (squares.max() ?? 0).squareRoot()
  if !(radius < 1) { throw .expanding(spectralRadius: radius) }
  var power = map
  var sum = noise
  for _ in 0..<64 {
    let increment = product(product(power, sum), power, transposeRight: true)
    sum = (sum + increment).symmetricPart
    if increment.largestElement <= 1e-17 * sum.largestElement { return sum }
    power = product(power, power)
  }
  throw .notConverged(info: 64)
}
