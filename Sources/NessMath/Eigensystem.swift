import Foundation

#if canImport(Accelerate)
  import Accelerate
#else
  import CLAPACK
#endif

/// The eigenvalues of a real matrix, one of every conjugate pair, with their vectors and bounds of what rounding moved.
///
/// With a change E of the matrix the eigenvalues lie in discs around those found, of radius n |E| / s, s = |y* x| the cosine
/// between left and right vector, and as many in every group of discs that touch as were found there (Gershgorin's circles
/// of X^-1 (A + E) X). A disc by itself is as wide as first order says, |E| / s; of a group all that is known is its extent,
/// however near the matrix is to one with a multiple eigenvalue and too few vectors.
///
/// - Accuracy: `bound`, with |E| = 8 units of rounding of the Frobenius norm, plus what the caller knows of the matrix.
/// - Complexity: O(25 n³), dgeev, and O(n²) for the bounds.
/// - Source: J. H. Wilkinson, The algebraic eigenvalue problem (1965), chapter 2.
/// - Checked by: Jordan blocks moved by known amounts, companion matrices (EigensystemTests).
package struct Eigensystem: Sendable {
  /// An eigenvalue lambda, of a pair that with positive imaginary part.
  package struct Mode: Sendable {
    /// Re lambda.
    package let real: Double
    /// Im lambda, not negative.
    package let imaginary: Double
    /// The right vector, of length 1.
    package let vector: (real: [Double], imaginary: [Double])
    /// How far rounding may have moved lambda.
    package let bound: Double
    /// How far it may have moved the vector, to first order; infinite where the eigenvalue is not alone.
    package let vectorBound: Double
    /// 1/s: how many times a change of the matrix moves the eigenvalue.
    package let condition: Double
    /// How many eigenvalues lie so near that rounding does not tell them apart, itself among them.
    package let neighbours: Int

    /// |x_i|² of every component.
    package var squares: [Double] { zip(vector.real, vector.imaginary).map { $0 * $0 + $1 * $1 } }
  }

  /// In the order of LAPACK.
  package let modes: [Mode]

  /// Condition from which on an eigenvalue is taken as one of a Jordan block that rounding has split.
  private static let splitCondition = 1e4

  /// Radii of the discs. Of k split eigenvalues near each other none moves further than those of a Jordan block of order k,
  /// (2 |A|)^(1 - 1/k) |E|^(1/k), however large their conditions are.
  private static func radii(
    _ values: [(real: Double, imaginary: Double)], _ conditions: [Double], norm: Double, change: Double
  ) -> [Double] {
    values.indices.map { one in
      let plain = change * conditions[one]
      guard conditions[one] > splitCondition else { return plain }
      let near = values.indices.count { other in
        conditions[other] > splitCondition
          && max(abs(values[one].real - values[other].real), abs(values[one].imaginary - values[other].imaginary))
            < 0.01 * norm
      }
      let share = 1 / Double(max(2, near))
      return min(plain, pow(2 * norm, 1 - share) * pow(change, share))
    }
  }

  /// The eigensystem of a square matrix.
  ///
  /// - Parameter perturbation: how far the matrix may be from the one that is meant, in the 2-norm.
  /// - Throws: `LinearAlgebraError.notConverged`.
  package init(_ matrix: Matrix, perturbation: Double = 0) throws(LinearAlgebraError) {
    let order = matrix.rows
    let found = try Vectors(matrix)
    let norm = matrix.elements.reduce(0) { $0 + $1 * $1 }.squareRoot()
    let change = 8 * Double.ulpOfOne * norm + perturbation
    let conditions = (0..<order).map { 1 / max(found.cosine($0), 1e-300) }
    let groups = DiscGroups(
      found.values, radii: Self.radii(found.values, conditions, norm: norm, change: Double(order) * change))
    modes = (0..<order).filter { found.values[$0].imaginary >= 0 }.map { index in
      let value = found.values[index]
      let isAlone = groups.sizes[index] == 1
      var turned = 0.0
      for other in 0..<order where other != index && isAlone {
        let distance = found.distance(index, other)
        turned += distance > 0 ? conditions[other] / distance : .infinity
      }
      return Mode(
        real: value.real, imaginary: value.imaginary, vector: found.right(index),
        bound: isAlone ? 2 * change * conditions[index] : groups.extents[index],
        vectorBound: isAlone ? 2 * change * turned : .infinity, condition: conditions[index],
        neighbours: groups.sizes[index])
    }
  }
}

/// What dgeev finds.
private struct Vectors {
  var values: [(real: Double, imaginary: Double)] = []
  private var rightVectors: Matrix
  private var leftVectors: Matrix

  init(_ matrix: Matrix) throws(LinearAlgebraError) {
    _ = librarySingleThreaded
    precondition(matrix.rows == matrix.columns, "eigenvalues of a matrix that is not square")
    let count = matrix.rows
    var copy = matrix.elements
    var order = Int32(count)
    var (leading, leadingLeft, leadingRight) = (Int32(max(1, count)), Int32(max(1, count)), Int32(max(1, count)))
    var real = [Double](repeating: 0, count: count)
    var imaginary = real
    (rightVectors, leftVectors) = (Matrix(rows: count, columns: count), Matrix(rows: count, columns: count))
    var (wanted, wantedToo) = (letter("V"), letter("V"))
    var size = Int32(max(1, 34 * count))
    var work = [Double](repeating: 0, count: Int(size))
    var info: Int32 = 0
    dgeev_(
      &wanted, &wantedToo, &order, &copy, &leading, &real, &imaginary, &leftVectors.elements, &leadingLeft,
      &rightVectors.elements, &leadingRight, &work, &size, &info)
    if info != 0 { throw .notConverged(info: Int(info)) }
    values = zip(real, imaginary).map { ($0, $1) }
  }

  func distance(_ one: Int, _ other: Int) -> Double {
    let (real, imaginary) = (values[one].real - values[other].real, values[one].imaginary - values[other].imaginary)
    return (real * real + imaginary * imaginary).squareRoot()
  }

  /// A vector: of a pair LAPACK keeps the real part in the first column and the imaginary part in the second.
  private func column(_ vectors: Matrix, _ index: Int) -> (real: [Double], imaginary: [Double]) {
    let count = vectors.rows
    func part(_ column: Int) -> [Double] { Array(vectors.elements[(column * count)..<((column + 1) * count)]) }
    let imaginary = values[index].imaginary
    if imaginary == 0 { return (part(index), [Double](repeating: 0, count: count)) }
    return imaginary > 0 ? (part(index), part(index + 1)) : (part(index - 1), part(index).map { -$0 })
  }

  func right(_ index: Int) -> (real: [Double], imaginary: [Double]) { column(rightVectors, index) }

  /// |y* x|.
  func cosine(_ index: Int) -> Double {
    let (x, y) = (column(rightVectors, index), column(leftVectors, index))
    var (real, imaginary) = (0.0, 0.0)
    for place in x.real.indices {
      real += y.real[place] * x.real[place] + y.imaginary[place] * x.imaginary[place]
      imaginary += y.real[place] * x.imaginary[place] - y.imaginary[place] * x.real[place]
    }
    return min(1, (real * real + imaginary * imaginary).squareRoot())
  }
}

/// Groups of discs that touch.
private struct DiscGroups {
  /// Number of discs in the group of each.
  var sizes: [Int]
  /// How far from its centre the group of each reaches.
  var extents: [Double]

  init(_ centres: [(real: Double, imaginary: Double)], radii: [Double]) {
    let count = centres.count
    func distance(_ one: Int, _ other: Int) -> Double {
      let (real, imaginary) = (
        centres[one].real - centres[other].real, centres[one].imaginary - centres[other].imaginary
      )
      return (real * real + imaginary * imaginary).squareRoot()
    }
    var group = Array(0..<count)
    func root(_ index: Int) -> Int {
      var index = index
      while group[index] != index { index = group[index] }
      return index
    }
    for one in 0..<count {
      for other in 0..<one where distance(one, other) <= radii[one] + radii[other] {
        let (first, second) = (root(one), root(other))
        group[max(first, second)] = min(first, second)
      }
    }
    let members = Dictionary(grouping: 0..<count, by: root)
    sizes = [Int](repeating: 1, count: count)
    extents = radii
    for group in members.values where group.count > 1 {
      for one in group {
        sizes[one] = group.count
        extents[one] = group.reduce(0) { max($0, distance(one, $1) + radii[$1]) }
      }
    }
  }
}
