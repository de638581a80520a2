#if canImport(Accelerate)
  import Accelerate
  private typealias LibraryComplex = __CLPK_doublecomplex
#else
  import CLAPACK
  private typealias LibraryComplex = Double
#endif

/// The solution of a dense linear system with a measure of its error.
package struct DenseSolution: Sendable {
  /// x of A x = b.
  package let values: [Double]
  /// Estimated bound of  max|error of x| / max|x|.
  package let forwardError: Double
  /// Estimated 1/(|A| |A^-1|) in the 1-norm: below about 1e-16 the matrix is singular to rounding.
  package let reciprocalCondition: Double
}

/// Solution x of A x = b, refined and with its error estimated.
///
/// - Parameters:
///   - matrix: A, shape (n, n).
///   - right: b, n elements.
/// - Throws: `LinearAlgebraError.singular` if a pivot vanishes; a matrix singular only to rounding is answered, with a
///   small `reciprocalCondition`.
/// - Accuracy: `forwardError`, after iterative refinement (LAPACK dgesvx, no equilibration: scale A yourself).
/// - Complexity: O(2 n³/3), and room for a second matrix.
/// - Checked by: Hilbert matrices (DenseSolutionTests).
package func solveWithError(_ matrix: Matrix, _ right: [Double]) throws(LinearAlgebraError) -> DenseSolution {
  _ = librarySingleThreaded
  precondition(matrix.rows == matrix.columns && matrix.rows == right.count, "matrices of different shape")
  var (elements, factors) = (matrix.elements, [Double](repeating: 0, count: matrix.elements.count))
  var (fact, transpose, equilibrated) = (letter("N"), letter("N"), letter("N"))
  var (order, leading) = (Int32(matrix.rows), Int32(max(1, matrix.rows)))
  var one: Int32 = 1
  var pivots = [Int32](repeating: 0, count: matrix.rows)
  var (rowScale, columnScale) = ([1.0], [1.0])
  var (given, solution) = (right, [Double](repeating: 0, count: right.count))
  var (condition, forward, backward) = (0.0, 0.0, 0.0)
  var work = [Double](repeating: 0, count: max(1, 4 * matrix.rows))
  var integerWork = pivots
  var info: Int32 = 0
  dgesvx_(
    &fact, &transpose, &order, &one, &elements, &leading, &factors, &leading, &pivots, &equilibrated, &rowScale,
    &columnScale, &given, &leading, &solution, &leading, &condition, &forward, &backward, &work, &integerWork, &info)
  if info > 0 && info <= order { throw .singular(pivot: Int(info)) }
  return DenseSolution(values: solution, forwardError: forward, reciprocalCondition: condition)
}

/// The LU factors of a square matrix, for any number of right sides and for the transposed equations.
///
/// - Complexity: O(2 n³/3), and O(2 n²) for each solution (LAPACK dgetrf, dgetrs, dgecon).
/// - Checked by: `solveWithError` (DenseSolutionTests).
package struct DenseFactors: Sendable {
  private let factors: Matrix
  private let pivots: [Int32]
  /// The 1-norm of the matrix.
  package let norm: Double
  /// Estimated 1/(|A| |A^-1|) in the 1-norm: below about 1e-16 the matrix is singular to rounding.
  package let reciprocalCondition: Double

  /// - Throws: `LinearAlgebraError.singular` if a pivot vanishes.
  package init(_ matrix: Matrix) throws(LinearAlgebraError) {
    _ = librarySingleThreaded
    precondition(matrix.rows == matrix.columns, "factors of a matrix that is not square")
    let count = matrix.rows
    var largest = 0.0
    for column in 0..<count {
      largest = max(largest, matrix.elements[(column * count)..<((column + 1) * count)].reduce(0) { $0 + abs($1) })
    }
    var copy = matrix
    var (rows, order, leading) = (Int32(count), Int32(count), Int32(max(1, count)))
    var places = [Int32](repeating: 0, count: count)
    var info: Int32 = 0
    dgetrf_(&rows, &order, &copy.elements, &leading, &places, &info)
    if info > 0 { throw .singular(pivot: Int(info)) }
    var (kind, size, condition) = (letter("1"), largest, 0.0)
    var work = [Double](repeating: 0, count: max(1, 4 * count))
    var integerWork = [Int32](repeating: 0, count: max(1, count))
    dgecon_(&kind, &order, &copy.elements, &leading, &size, &condition, &work, &integerWork, &info)
    (factors, pivots, norm, reciprocalCondition) = (copy, places, largest, condition)
  }

  /// X of A X = B, or of A^T X = B, shape (n, r).
  package func solution(of right: Matrix, isTransposed: Bool = false) -> Matrix {
    precondition(factors.rows == right.rows, "matrices of different shape")
    var result = right
    solve(&result.elements, columns: right.columns, isTransposed: isTransposed)
    return result
  }

  /// The same of one right side.
  package func solution(of right: [Double], isTransposed: Bool = false) -> [Double] {
    precondition(factors.rows == right.count, "matrices of different shape")
    var result = right
    solve(&result, columns: 1, isTransposed: isTransposed)
    return result
  }

  /// Puts x of A x = b in the place of b.
  package func solve(_ right: inout [Double]) {
    precondition(factors.rows == right.count, "matrices of different shape")
    solve(&right, columns: 1, isTransposed: false)
  }

  private func solve(_ right: inout [Double], columns: Int, isTransposed: Bool) {
    var (kind, order, count) = (letter(isTransposed ? "T" : "N"), Int32(factors.rows), Int32(columns))
    var (leading, info) = (Int32(max(1, factors.rows)), Int32(0))
    // Both are read only; a copy of the factors would cost as much as a solution.
    factors.elements.withUnsafeBufferPointer { elements in
      pivots.withUnsafeBufferPointer { places in
        dgetrs_(
          &kind, &order, &count, UnsafeMutablePointer(mutating: elements.baseAddress), &leading,
          UnsafeMutablePointer(mutating: places.baseAddress), &right, &leading, &info)
      }
    }
  }
}

/// Eigenvalues of a real symmetric matrix, ascending.
///
/// - Throws: `LinearAlgebraError.notConverged`.
/// - Accuracy: absolute error about 1e-15 times the largest eigenvalue (LAPACK dsyev).
/// - Complexity: O(4 n³/3).
/// - Checked by: a matrix of known eigenvalues (DenseSolutionTests).
package func symmetricEigenvalues(_ matrix: Matrix) throws(LinearAlgebraError) -> [Double] {
  _ = librarySingleThreaded
  precondition(matrix.rows == matrix.columns, "eigenvalues of a matrix that is not square")
  var copy = matrix.elements
  var (order, leading) = (Int32(matrix.rows), Int32(max(1, matrix.rows)))
  var values = [Double](repeating: 0, count: matrix.rows)
  var (none, lower) = (letter("N"), letter("L"))
  var size = Int32(max(1, 34 * matrix.rows))
  var work = [Double](repeating: 0, count: Int(size))
  var info: Int32 = 0
  dsyev_(&none, &lower, &order, &copy, &leading, &values, &work, &size, &info)
  if info != 0 { throw .notConverged(info: Int(info)) }
  return values
}

/// Eigenvalues of a real symmetric matrix, ascending, with orthonormal eigenvectors.
///
/// - Returns: the values, and the vectors as columns in their order.
/// - Throws: `LinearAlgebraError.notConverged`.
/// - Accuracy: those of a matrix that differs from the given one by about 1e-15 of its largest eigenvalue (LAPACK dsyevd).
/// - Complexity: O(4 n³), and room for two more matrices.
/// - Checked by: the residual and the orthogonality of the vectors (DenseSolutionTests).
package func symmetricEigensystem(
  _ matrix: Matrix
) throws(LinearAlgebraError) -> (values: [Double], vectors: Matrix) {
  _ = librarySingleThreaded
  precondition(matrix.rows == matrix.columns, "eigenvectors of a matrix that is not square")
  let count = matrix.rows
  var vectors = matrix
  var values = [Double](repeating: 0, count: count)
  var (order, leading) = (Int32(count), Int32(max(1, count)))
  var (wanted, lower) = (letter("V"), letter("L"))
  var size = Int32(1 + 6 * count + 2 * count * count)
  var integerSize = Int32(3 + 5 * count)
  var work = [Double](repeating: 0, count: Int(size))
  var integerWork = [Int32](repeating: 0, count: Int(integerSize))
  var info: Int32 = 0
  dsyevd_(
    &wanted, &lower, &order, &vectors.elements, &leading, &values, &work, &size, &integerWork, &integerSize, &info)
  if info != 0 { throw .notConverged(info: Int(info)) }
  return (values, vectors)
}

/// Eigenvalues of a Hermitian matrix, ascending, with orthonormal eigenvectors.
///
/// - Returns: the values, and the vectors as columns in their order.
/// - Throws: `LinearAlgebraError.notConverged`.
/// - Accuracy: those of a matrix that differs from the given one by about 1e-15 of its largest eigenvalue (LAPACK zheevd, and dsyevd of a
///   matrix without imaginary parts).
/// - Complexity: O(4 n³) for a real matrix, four times as much for a complex one, and room for two more matrices.
/// - Checked by: the residual and the orthogonality of the vectors (HermitianTests).
package func hermitianEigensystem(
  _ matrix: ComplexMatrix
) throws(LinearAlgebraError) -> (values: [Double], vectors: ComplexMatrix) {
  if matrix.isReal {
    let found = try symmetricEigensystem(matrix.real)
    return (found.values, ComplexMatrix(real: found.vectors, imaginary: matrix.imaginary))
  }
  let (values, vectors) = try complexEigensystem(matrix, letter("V"))
  var found = ComplexMatrix(order: matrix.rows)
  for place in found.real.elements.indices {
    found.real.elements[place] = vectors[2 * place]
    found.imaginary.elements[place] = vectors[2 * place + 1]
  }
  return (values, found)
}

/// The same as the library gives it, real and imaginary parts side by side; vectors if they are wanted (V, N).
private func complexEigensystem(
  _ matrix: ComplexMatrix, _ kind: CChar
) throws(LinearAlgebraError) -> (values: [Double], vectors: [Double]) {
  _ = librarySingleThreaded
  let count = matrix.rows
  var vectors = [Double](repeating: 0, count: 2 * count * count)
  for (place, element) in matrix.real.elements.enumerated() {
    (vectors[2 * place], vectors[2 * place + 1]) = (element, matrix.imaginary.elements[place])
  }
  var values = [Double](repeating: 0, count: count)
  var (order, leading) = (Int32(count), Int32(max(1, count)))
  var (wanted, lower) = (kind, letter("L"))
  var (size, realSize) = (Int32(2 * count + count * count), Int32(1 + 5 * count + 2 * count * count))
  var integerSize = Int32(3 + 5 * count)
  var work = [Double](repeating: 0, count: 2 * Int(size))
  var realWork = [Double](repeating: 0, count: Int(realSize))
  var integerWork = [Int32](repeating: 0, count: Int(integerSize))
  var info: Int32 = 0
  vectors.withUnsafeMutableBytes { vectors in
    work.withUnsafeMutableBytes { work in
      zheevd_(
        &wanted, &lower, &order, vectors.bindMemory(to: LibraryComplex.self).baseAddress, &leading, &values,
        work.bindMemory(to: LibraryComplex.self).baseAddress, &size, &realWork, &realSize, &integerWork, &integerSize,
        &info)
    }
  }
  if info != 0 { throw .notConverged(info: Int(info)) }
  return (values, vectors)
}

/// Eigenvalues of a Hermitian matrix, ascending.
///
/// - Throws: `LinearAlgebraError.notConverged`.
/// - Accuracy: absolute error about 1e-15 times the largest eigenvalue (LAPACK zheevd, and dsyev of a matrix without imaginary parts).
/// - Complexity: O(4 n³/3) for a real matrix, four times as much for a complex one.
/// - Checked by: `hermitianEigensystem` (HermitianTests).
package func hermitianEigenvalues(_ matrix: ComplexMatrix) throws(LinearAlgebraError) -> [Double] {
  matrix.isReal ? try symmetricEigenvalues(matrix.real) : try complexEigensystem(matrix, letter("N")).values
}

/// C += A B for blocks of matrices stored by rows; no subtraction takes place if A, B and C are not negative.
///
/// - Parameters:
///   - result: C, `rows` x `columns`, one row every `stride` elements.
///   - left: A, `rows` x `inner`, one row every `leftStride` elements.
///   - right: B, `inner` x `columns`, one row every `rightStride` elements.
/// - Complexity: O(2 rows columns inner), by dgemm.
/// - Checked by: the plain sum (DenseSolutionTests).
package func accumulateProduct(
  _ left: UnsafePointer<Double>, leftStride: Int, _ right: UnsafePointer<Double>, rightStride: Int,
  into result: UnsafeMutablePointer<Double>, stride: Int, rows: Int, columns: Int, inner: Int
) {
  _ = librarySingleThreaded
  guard rows > 0 && columns > 0 && inner > 0 else { return }
  cblas_dgemm(
    CblasRowMajor, CblasNoTrans, CblasNoTrans, Int32(rows), Int32(columns), Int32(inner), 1, left, Int32(leftStride),
    right, Int32(rightStride), 1, result, Int32(stride))
}
