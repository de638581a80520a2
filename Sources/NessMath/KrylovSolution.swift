#if canImport(Accelerate)
  import Accelerate
#else
  import CLAPACK
#endif

/// The solution of linear equations whose matrix is known by what it does to vectors, with what is left of them.
package struct KrylovSolution: Sendable {
  /// x of A x = b.
  package let values: [Double]
  /// b - A x, computed from x.
  package let rest: [Double]
  /// |b - A x|/|b| in the 2-norm.
  package let residual: Double
  /// How often the matrix was applied.
  package let steps: Int
}

/// Solution x of A x = b by generalised minimal residuals, preconditioned from the right and begun again from what is left, until
/// that is small enough or no longer becomes less.
///
/// - Parameters:
///   - right: b, n elements.
///   - tolerance: of |b - A x|/|b| at which it ends.
///   - isEnough: asked of x and b - A x, where rounding is known better, whether it ends.
///   - mostSteps: how often the matrix is applied at most.
///   - dimension: of the Krylov spaces; room for so many vectors is needed.
///   - matrix: A x.
///   - preconditioner: P x, P being about the inverse of A; a linear map.
///   - progress: told |b - A x|/|b| after every step.
/// - Throws: what `matrix` and `progress` throw.
/// - Accuracy: `residual`; whether it is small enough is the caller's to judge.
/// - Source: Y. Saad, Iterative methods for sparse linear systems (2003), 9.3.2; orthogonal by Gram and Schmidt, twice where many digits are wanted.
/// - Checked by: dense solutions (KrylovSolutionTests).
package func krylovSolution(
  of right: [Double], tolerance: Double, mostSteps: Int, dimension: Int = 60, matrix: ([Double]) throws -> [Double],
  preconditioner: ([Double]) -> [Double], isEnough: ([Double], [Double]) -> Bool = { _, _ in false },
  progress: (Double) throws -> Void = { _ in }
) throws -> KrylovSolution {
  _ = librarySingleThreaded
  let count = right.count
  let size = norm(right)
  var values = [Double](repeating: 0, count: count)
  var rest = right
  var (left, steps) = (1.0, 0)
  guard size > 0 else { return KrylovSolution(values: values, rest: rest, residual: 0, steps: 0) }
  while left > tolerance && steps < mostSteps {
    let start = left
    // Where few digits are wanted, what the first pass of Gram and Schmidt leaves is small enough.
    var space = KrylovSpace(rest, dimension, passes: tolerance > 1e-4 ? 1 : 2)
    // No further than rounding lets the residual of a space be what it seems.
    let goal = max(tolerance / start, 1e-11) * norm(rest)
    while !space.isFull && space.residual > goal && steps < mostSteps {
      let image = try matrix(preconditioner(space.newest))
      steps += 1
      if !space.add(image) { break }
      try progress(space.residual / size)
    }
    var changed = preconditioner(space.solution)
    add(1, values, to: &changed)
    var remaining = right
    add(-1, try matrix(changed), to: &remaining)
    let length = norm(remaining)
    guard length / size < left else { break }
    (values, rest, left) = (changed, remaining, length / size)
    if left > 0.5 * start || isEnough(values, rest) { break }
  }
  return KrylovSolution(values: values, rest: rest, residual: left, steps: steps)
}

private func norm(_ vector: [Double]) -> Double { norm(vector, Int32(vector.count)) }

/// The 2-norm. The library scales squares, which takes several times as long and is needed where they leave double precision.
private func norm(_ vector: UnsafePointer<Double>, _ count: Int32) -> Double {
  let square = cblas_ddot(count, vector, 1, vector, 1)
  return (1e-200...1e200).contains(square) ? square.squareRoot() : cblas_dnrm2(count, vector, 1)
}

/// sum += factor vector.
private func add(_ factor: Double, _ vector: [Double], to sum: inout [Double]) {
  cblas_daxpy(Int32(vector.count), factor, vector, 1, &sum, 1)
}

/// An orthonormal basis of r, A r, A² r, ... and the vector in it that leaves least of r.
private struct KrylovSpace {
  private let count: Int
  private let dimension: Int
  /// How often every vector is made orthogonal to those before it.
  private let passes: Int
  /// The basis, vector after vector.
  private var basis: [Double]
  private var size: Int
  /// Columns of the triangular matrix that rotations make of A in the basis; what is below its diagonal means nothing.
  private var columns: [[Double]] = []
  private var rotations: [(cosine: Double, sine: Double)] = []
  /// The rotated right side; its last element is what is left.
  private var side: [Double]

  init(_ start: [Double], _ dimension: Int, passes: Int) {
    (count, self.dimension, self.passes) = (start.count, dimension, passes)
    let length = norm(start)
    basis = start.map { $0 / length }
    basis.reserveCapacity((dimension + 1) * count)
    (size, side) = (1, [length])
  }

  var isFull: Bool { columns.count == dimension }
  /// The 2-norm of what is left.
  var residual: Double { abs(side[side.count - 1]) }
  var newest: [Double] { Array(basis[((size - 1) * count)..<(size * count)]) }

  /// Takes A times the newest vector in; false if the space is whole.
  mutating func add(_ image: [Double]) -> Bool {
    var column = [Double](repeating: 0, count: size + 1)
    // It becomes the next one in its place.
    basis += image
    let (rows, width, passes) = (count, size, passes)
    let (before, length) = basis.withUnsafeMutableBufferPointer { basis in
      withUnsafeTemporaryAllocation(of: Double.self, capacity: width) { parts in
        guard let basis = basis.baseAddress, let parts = parts.baseAddress else { return (0.0, 0.0) }
        let vector = basis + width * rows
        let before = norm(vector, Int32(rows))
        for _ in 0..<passes {
          func multiply(
            _ transpose: CBLAS_TRANSPOSE, _ factor: Double, _ sum: Double, _ from: UnsafeMutablePointer<Double>,
            _ to: UnsafeMutablePointer<Double>
          ) {
            cblas_dgemv(
              CblasColMajor, transpose, Int32(rows), Int32(width), factor, basis, Int32(rows), from, 1, sum, to, 1)
          }
          multiply(CblasTrans, 1, 0, vector, parts)
          multiply(CblasNoTrans, -1, 1, parts, vector)
          for place in 0..<width { column[place] += parts[place] }
        }
        let length = norm(vector, Int32(rows))
        if length > 0 { cblas_dscal(Int32(rows), 1 / length, vector, 1) }
        return (before, length)
      }
    }
    column[size] = length
    for (place, rotation) in rotations.enumerated() {
      let (one, other) = (column[place], column[place + 1])
      column[place] = rotation.cosine * one + rotation.sine * other
      column[place + 1] = rotation.cosine * other - rotation.sine * one
    }
    let (one, other) = (column[size - 1], column[size])
    let hypotenuse = (one * one + other * other).squareRoot()
    // The matrix makes nothing of it: it is singular.
    guard hypotenuse > 0 else { return false }
    let rotation = (cosine: one / hypotenuse, sine: other / hypotenuse)
    rotations.append(rotation)
    column[size - 1] = hypotenuse
    columns.append(column)
    let last = side[size - 1]
    side[size - 1] = rotation.cosine * last
    side.append(-rotation.sine * last)
    guard length > 1e-14 * before else { return false }
    size += 1
    return true
  }

  /// The vector of the space that leaves least.
  var solution: [Double] {
    var parts = [Double](repeating: 0, count: columns.count)
    let largest = columns.indices.reduce(0) { max($0, columns[$1][$1]) }
    // A direction of which the matrix makes nothing is left out.
    for place in parts.indices.reversed() where columns[place][place] > 1e-14 * largest {
      var sum = side[place]
      for other in (place + 1)..<max(columns.count, place + 1) { sum -= columns[other][place] * parts[other] }
      parts[place] = sum / columns[place][place]
    }
    var vector = [Double](repeating: 0, count: count)
    if !parts.isEmpty {
      let rows = Int32(count)
      cblas_dgemv(CblasColMajor, CblasNoTrans, rows, Int32(parts.count), 1, basis, rows, parts, 1, 0, &vector, 1)
    }
    return vector
  }
}
