import NessMath
import NessModel
import NessStatistics

/// The generating function mu(x) of the heat from the first of two baths by a master equation for the density matrix: of all eigenvalues of
/// the generator in which the elements of that bath count exp(x D) (`LevelCounting`) the one with the largest real part.
///
/// The weights are shared out, exp(x D/2) to the elements of the bath and exp(-x D/2) to all others, which is similar to that and spans half
/// the range. With its left and right vectors  mu' = l A' r/(l r).
///
/// - Accuracy: the bound holds rounding of the generator and of its eigenvalue (`Eigensystem`), that of mu' to first order.
/// - Complexity: O(25 n³) for each x, n real numbers of the density matrix.
/// - Source: Esposito, Harbola, Mukamel, Rev. Mod. Phys. 81, 1665 (2009), section IV.
/// - Checked by: populations alone, a numpy program for every equation (LevelGeneratingTests).
struct LevelGenerating {
  /// More would take long.
  static let mostNumbers = 256

  let equation: LevelEquation

  /// mu and mu' at x [1/energy]; nil if the eigenvalue is not told from others, or is no number that belongs to a generating function.
  func point(at x: Double) throws(LinearAlgebraError) -> GeneratingPoint? {
    let (generator, slope) = (equation.weighted(0, x, isSlope: false), equation.weighted(0, x, isSlope: true))
    let unit = max(generator.matrix.largestElement, .leastNormalMagnitude).binade
    let (matrix, slopes) = ((1 / unit) * generator.matrix, (1 / unit) * slope.matrix)
    guard (matrix.elements + slopes.elements).allSatisfy(\.isFinite) else { return nil }
    let share = equation.form.rounding + 2e-16 * Double(generator.count)
    let gross = share * Self.norm(generator.gross) / unit
    let modes = try Eigensystem(matrix, perturbation: gross).modes
    guard let mode = modes.max(by: { $0.real < $1.real }), mode.imaginary == 0, mode.neighbours == 1,
      mode.bound.isFinite, mode.vectorBound.isFinite
    else { return nil }
    let right = mode.vector.real
    guard let left = try Self.leftVector(of: matrix, near: mode.real) else { return nil }
    let product = zip(left, right).reduce(0) { $0 + $1.0 * $1.1 }
    var (mean, size) = (0.0, 0.0)
    for column in right.indices {
      for row in left.indices {
        mean += left[row] * slopes[row, column] * right[column]
        size += abs(left[row] * slope.gross[row, column] / unit * right[column])
      }
    }
    let condition = 1 / abs(product)
    guard condition.isFinite else { return nil }
    let bound = condition * (share * size + 4 * Self.norm(slopes) * mode.vectorBound)
    return GeneratingPoint(
      x: x, value: .numerical(mode.real * unit, bound: mode.bound * unit),
      mean: .numerical(mean / product * unit, bound: bound * unit))
  }

  private static func norm(_ matrix: Matrix) -> Double { matrix.elements.reduce(0) { $0 + $1 * $1 }.squareRoot() }

  /// The left vector of an eigenvalue, of length 1, by inverse iteration; nil if there is none.
  private static func leftVector(of matrix: Matrix, near value: Double) throws(LinearAlgebraError) -> [Double]? {
    // Beside the eigenvalue, farther where the matrix is singular to the last digit there.
    var found: DenseFactors?
    for distance in [1e-14, 1e-13, 1e-12] where found == nil {
      var shifted = matrix.transposed
      let shift = value + distance * matrix.largestElement
      for place in 0..<shifted.rows { shifted[place, place] -= shift }
      do throws(LinearAlgebraError) {
        found = try DenseFactors(shifted)
      } catch .singular {
        continue
      }
    }
    guard let factors = found else { return nil }
    var vector = [Double](repeating: 1, count: matrix.rows)
    for _ in 0..<4 {
      vector = factors.solution(of: vector)
      let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
      guard length.isFinite, length > 0 else { return nil }
      for place in vector.indices { vector[place] /= length }
    }
    return vector
  }
}
