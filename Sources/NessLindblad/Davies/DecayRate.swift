import Foundation
import NessMath

extension DaviesSteadyState {
  /// The gap of the Pauli generator: smallest |Re lambda| of its eigenvalues besides 0.
  ///
  /// The generator is inverted where it can be by the elimination, without subtraction, and the largest eigenvalues of
  /// the inverse are found by Arnoldi's iteration, in the scalar product that makes an equilibrium generator symmetric.
  /// So the gap keeps its digits however large the other rates are.
  ///
  /// - Returns: the rate and a bound of its rounding error [1/time]; nil for a single level.
  /// - Throws: `LinearAlgebraError.notConverged`.
  /// - Accuracy: about 1e-14 relative as a rule; where many modes have the same rate, and populations fall below 1e-280,
  ///   as good as these rates come out equal (in the bound).
  /// - Complexity: O(M²) for each of 10 to 40 steps.
  /// - Checked by: eigenvalues by dgeev (ConvergenceTests), and in multiple precision outside the tests.
  package func slowestDecayRate() throws(LinearAlgebraError) -> (value: Double, bound: Double)? {
    if levels == 1 { return nil }
    if let only = rateWithoutAbsorption() { return (only, 1e-14 * only) }
    var iteration = ArnoldiIteration(self)
    return try iteration.slowestRate()
  }

  /// At T = 0 all jumps go down, the generator is triangular and its eigenvalues are the rates of leaving a level.
  private func rateWithoutAbsorption() -> Double? {
    var slowest = Double.infinity
    for level in 0..<levels {
      if (level + 1..<levels).contains(where: { rates.total[level * levels + $0] > 0 }) { return nil }
      if level > 0 { slowest = min(slowest, rates.total[(level * levels)..<(level * levels + level)].reduce(0, +)) }
    }
    return slowest
  }
}

/// Arnoldi's iteration with the inverse of a Pauli generator.
private struct ArnoldiIteration {
  private let elimination: Elimination
  private let weights: [Double]
  /// Where the weights fall less fast than the populations, modes of the same rate are scattered by about this much.
  private let scatter: Double
  private let levels: Int
  private var basis: [[Double]] = []
  private var projection: [[Double]] = []

  init(_ state: DaviesSteadyState) {
    elimination = state.elimination
    levels = state.levels
    // Square roots of the populations make a generator with detailed balance symmetric. They may not fall too fast or
    // too far, or numbers would leave the range.
    let steepest = max(1e-16, pow(1e-280, 1 / Double(levels)))
    var weights: [Double] = []
    for population in state.populations {
      weights.append(max(population.squareRoot(), (weights.last ?? 0) * steepest, 1e-280))
    }
    scatter = zip(weights, state.populations).allSatisfy { $0 == $1.squareRoot() } ? 0 : 10 * steepest
    self.weights = weights
    basis = [start()]
  }

  mutating func slowestRate() throws(LinearAlgebraError) -> (value: Double, bound: Double) {
    var found = Double.infinity
    let most = min(levels - 1, 160)
    for step in 1...most {
      let isClosed = expand() || step == levels - 1
      guard step % 4 == 0 || step == most || isClosed else { continue }
      let (rate, spread) = try slowest()
      let change = isClosed ? 0 : abs(rate - found)
      if change <= 1e-13 * rate {
        let rounding = Double(levels + 64) * 4 * Double.ulpOfOne * rate
        return (rate, rounding + change + min(spread, scatter * rate))
      }
      found = rate
    }
    throw .notConverged(info: most)
  }

  /// One more vector in the basis. Returns true if there is none: the basis is complete.
  private mutating func expand() -> Bool {
    var next = apply(basis[basis.count - 1])
    let before = norm(next)
    var column = [Double](repeating: 0, count: basis.count + 1)
    // Twice, or rounding would spoil the orthogonality.
    for _ in 0..<2 {
      for (index, vector) in basis.enumerated() {
        let overlap = product(vector, next)
        column[index] += overlap
        for level in next.indices { next[level] -= overlap * vector[level] }
      }
    }
    let rest = norm(next)
    column[basis.count] = rest
    projection.append(column)
    if rest <= 1e-14 * before { return true }
    basis.append(next.map { $0 / rest })
    return false
  }

  /// Any vector without a preferred direction; as a source of probability its sum is 0.
  private func start() -> [Double] {
    var source = weights
    for level in source.indices { source[level] *= 1 + Double((level * 7919) % 31) / 100 }
    let total = source.reduce(0, +)
    for level in source.indices { source[level] -= total * elimination.populations[level] }
    let vector = zip(source, weights).map { $0 / $1 }
    let size = norm(vector)
    return vector.map { $0 / size }
  }

  private func apply(_ vector: [Double]) -> [Double] {
    let result = elimination.response(to: zip(vector, weights).map { $0 * $1 })
    return zip(result, weights).map { $0 / $1 }
  }

  private func product(_ left: [Double], _ right: [Double]) -> Double {
    zip(left, right).reduce(0) { $0 + $1.0 * $1.1 }
  }
  private func norm(_ vector: [Double]) -> Double { product(vector, vector).squareRoot() }

  /// Smallest real part of 1/mu over the eigenvalues mu of the projected inverse, and how far other ones spread within
  /// a thousandth of it.
  private func slowest() throws(LinearAlgebraError) -> (rate: Double, spread: Double) {
    var hessenberg = Matrix(rows: projection.count, columns: projection.count)
    for (column, values) in projection.enumerated() {
      for (row, value) in values.enumerated() where row < projection.count { hessenberg[row, column] = value }
    }
    let values = try eigenvalues(hessenberg)
    let largest = values.reduce(0) { max($0, abs($1.real)) }
    // Eigenvalues far below the largest are not resolved yet, and belong to fast modes.
    let rates = values.filter { $0.real > 1e-3 * largest }.map { mu in
      mu.real / (mu.real * mu.real + mu.imaginary * mu.imaginary)
    }
    let rate = rates.min() ?? .nan
    return (rate, rates.reduce(0) { $1 - rate < 1e-3 * rate ? max($0, $1 - rate) : $0 })
  }
}
