import Foundation
import NessMath
import NessModel

/// A density matrix in the basis of the energies, and how far it may be off.
struct StateMatrix: Sendable {
  let matrix: ComplexMatrix
  /// A bound on the 2-norm of its error, the root of the sum of the squares of all elements; no eigenvalue is off by more.
  let error: Double

  /// Its eigenvalues, ascending, of each set of levels that it joins alone.
  ///
  /// - Throws: `LinearAlgebraError.notConverged`.
  func eigenvalues() throws(LinearAlgebraError) -> [Double] {
    var all: [Double] = []
    for levels in EnergyLevels.sectors(of: matrix) { all += try hermitianEigenvalues(matrix.part(levels, levels)) }
    return all.sorted()
  }

  /// Tr rho², 1 of a pure state and 1/M of the most mixed one of M levels.
  var purity: Bounded {
    func square(_ part: Matrix) -> Double { part.elements.reduce(0) { $0 + $1 * $1 } }
    let purity = square(matrix.real) + square(matrix.imaginary)
    return Bounded(purity, 2 * purity.squareRoot() * error + error * error + 8 * .ulpOfOne * purity)
  }

  /// -Tr rho ln rho, from the eigenvalues, of which each lies within an interval.
  static func entropy(of eigenvalues: [Double], error: Double) -> Bounded {
    func part(_ value: Double) -> Double { value > 0 ? -value * log(value) : 0 }
    var (sum, bound) = (0.0, 0.0)
    for value in eigenvalues {
      let own = part(value)
      let (low, high) = (max(0, value - error), value + error)
      let ends = [part(low), part(high)]
      let most = low < exp(-1) && exp(-1) < high ? exp(-1) : max(ends[0], ends[1])
      sum += own
      bound += max(most - own, own - min(ends[0], ends[1])) + 4 * .ulpOfOne * own
    }
    return Bounded(sum, bound)
  }

  /// The state of two parts, all others traced out.
  ///
  /// - Parameters:
  ///   - vectors: levels as columns in the basis of the parts.
  ///   - sizes: numbers of levels of the parts, of which the first changes most slowly.
  func reduced(to first: Int, _ second: Int, vectors: ComplexMatrix, sizes: [Int]) -> StateMatrix {
    let whole = vectors * matrix * vectors.adjoint
    var strides = [Int](repeating: 1, count: sizes.count)
    for part in sizes.indices.dropLast().reversed() { strides[part] = strides[part + 1] * sizes[part + 1] }
    let order = sizes[first] * sizes[second]
    /// The state of both, and that of all others with both in their first one.
    func split(_ state: Int) -> (own: Int, rest: Int) {
      let one = state / strides[first] % sizes[first]
      let other = state / strides[second] % sizes[second]
      return (one * sizes[second] + other, state - one * strides[first] - other * strides[second])
    }
    let places = (0..<whole.rows).map(split)
    var ofRest: [Int: [Int]] = [:]
    for (state, place) in places.enumerated() { ofRest[place.rest, default: []].append(state) }
    var result = ComplexMatrix(order: order)
    for states in ofRest.values.sorted(by: { $0[0] < $1[0] }) {
      for row in states {
        for column in states { result[places[row].own, places[column].own] += whole[row, column] }
      }
    }
    // Of norms that of the eigenvalues' sizes does not grow when others are traced out.
    return StateMatrix(matrix: result, error: Double(whole.rows).squareRoot() * error)
  }

  /// The concurrence of two qubits: max(0, s1 - s2 - s3 - s4) with the singular values, descending, of sqrt(rho)^T (Y x Y) sqrt(rho).
  ///
  /// Bound: each singular value changes by no more than sqrt(rho) does, and in the sum they change by 2 |sqrt(rho) - sqrt(rho')| at most;
  /// that is below sqrt(|d|_1) (Powers and Størmer, Commun. Math. Phys. 16, 1, 1970) and below |d|/sqrt(least eigenvalue).
  ///
  /// - Source: W. K. Wootters, Phys. Rev. Lett. 80, 2245 (1998).
  /// - Throws: `LinearAlgebraError.notConverged`.
  func concurrence() throws(LinearAlgebraError) -> Bounded {
    let system = try hermitianEigensystem(matrix)
    var root = ComplexMatrix(order: 4)
    for column in 0..<4 {
      let scale = max(0, system.values[column]).squareRoot()
      for row in 0..<4 { root[row, column] = scale * system.vectors[row, column] }
    }
    // Y x Y turns |00>, |01>, |10>, |11> to -|11>, |10>, |01>, -|00>.
    let signs = [-1.0, 1, 1, -1]
    var product = ComplexMatrix(order: 4)
    for k in 0..<4 {
      for l in 0..<4 {
        var sum = Complex(0)
        for row in 0..<4 { sum += signs[row] * (root[row, k] * root[3 - row, l]) }
        product[k, l] = sum
      }
    }
    // Singular values as eigenvalues, with all digits: each comes with its negative.
    var pair = ComplexMatrix(order: 8)
    for row in 0..<4 {
      for column in 0..<4 {
        pair[row, 4 + column] = product[row, column]
        pair[4 + column, row] = product[row, column].conjugate
      }
    }
    let values = try hermitianEigensystem(pair).values.suffix(4).reversed().map { $0 }
    let difference = values[0] - values[1] - values[2] - values[3]
    let error = error + 8 * .ulpOfOne
    let least = system.values[0]
    let change = min((2 * error).squareRoot(), least > 0 ? error / least.squareRoot() : .infinity)
    return Bounded(max(0, difference), 2.01 * change + 16 * .ulpOfOne)
  }
}
