import Foundation
import NessMath
import NessModel
import NessStatistics

/// The generating function mu(x) of the heat from the first of two baths in a secular master equation: the largest eigenvalue of the
/// generator in which a jump that gives the energy E to the system by that bath counts exp(x E) times.
///
/// The eigenvalue is found among all by dgeev, after the levels have been weighted so that what enters one is as large as what leaves it: the
/// weights exp(x E) span more than the range of numbers. Its left and right vectors are found by inverse iteration, and then  mu = l A r/(l r),  mu' = l A' r/(l r).  Both vectors must be positive, which those of the
/// largest eigenvalue alone are (Perron and Frobenius).
///
/// - Accuracy: the bound holds rounding, and what the rest  A r - mu r  may change, to first order exactly.
/// - Complexity: O(10 M³) for each x.
/// - Source: Lebowitz, Spohn, J. Stat. Phys. 95, 333 (1999); Esposito, Harbola, Mukamel, Rev. Mod. Phys. 81, 1665 (2009).
/// - Checked by: two levels in closed form, the cumulants, the symmetry of Gallavotti and Cohen (DaviesFluctuationTests).
struct DaviesGenerating {
  /// More levels would take long.
  static let mostLevels = 300

  private let levels: Int
  private let energies: [Double]
  private let counted: [Double]
  private let others: [Double]
  private let leaving: [Double]

  init(_ state: DaviesSteadyState) {
    levels = state.levels
    energies = state.rates.energies
    counted = state.rates.baths[0]
    let (levels, total) = (state.levels, state.rates.total)
    others = state.rates.baths.dropFirst().reduce(into: Array(repeating: 0, count: total.count)) { sum, rates in
      for place in rates.indices { sum[place] += rates[place] }
    }
    leaving = (0..<levels).map { from in (0..<levels).reduce(0) { $1 == from ? $0 : $0 + total[from * levels + $1] } }
  }

  /// Logarithms of weights of the levels by which the largest rate into one and out of it agree, roughly.
  private func weights(at x: Double) -> [Double] {
    var logarithms = [Double](repeating: -.infinity, count: levels * levels)
    for from in 0..<levels {
      for to in 0..<levels where to != from {
        let place = from * levels + to
        logarithms[place] = max(log(counted[place]) + x * (energies[to] - energies[from]), log(others[place]))
      }
    }
    var weights = [Double](repeating: 0, count: levels)
    for _ in 0..<100 {
      var largest = 0.0
      for level in 0..<levels {
        var (into, out) = (-Double.infinity, -Double.infinity)
        for other in 0..<levels where other != level {
          into = max(into, logarithms[other * levels + level] + weights[other] - weights[level])
          out = max(out, logarithms[level * levels + other] + weights[level] - weights[other])
        }
        guard into.isFinite, out.isFinite else { continue }
        weights[level] += 0.5 * (into - out)
        largest = max(largest, abs(into - out))
      }
      if largest < 1 { break }
    }
    return weights
  }

  /// mu [1/time] and mu' [energy/time] at x [1/energy], with bounds; nil if the largest eigenvalue is not told from others.
  func values(at x: Double) throws(LinearAlgebraError) -> (value: Estimate, mean: Estimate)? {
    var (generator, slope) = (Matrix(rows: levels, columns: levels), Matrix(rows: levels, columns: levels))
    let weights = weights(at: x)
    for from in 0..<levels {
      for to in 0..<levels where to != from {
        let place = from * levels + to
        let energy = energies[to] - energies[from]
        let scale = weights[from] - weights[to]
        let weighted = counted[place] == 0 ? 0 : counted[place] * exp(x * energy + scale)
        generator[to, from] = weighted + (others[place] == 0 ? 0 : others[place] * exp(scale))
        slope[to, from] = energy * weighted
      }
      generator[from, from] = -leaving[from]
    }
    guard generator.elements.allSatisfy(\.isFinite) else { return nil }
    let values = try eigenvalues(generator)
    guard let largest = values.map(\.real).max() else { return nil }
    let size = generator.elements.reduce(0) { max($0, abs($1)) }
    let right = try vector(of: generator, near: largest, size)
    let left = try vector(of: generator.transposed, near: largest, size)
    guard let right, let left else { return nil }
    let product = zip(left, right).reduce(0) { $0 + $1.0 * $1.1 }
    func form(_ matrix: Matrix) -> (value: Double, gross: Double) {
      var (value, gross) = (0.0, 0.0)
      for column in 0..<levels {
        for row in 0..<levels {
          let term = left[row] * matrix[row, column] * right[column]
          value += term
          gross += abs(term)
        }
      }
      return (value / product, gross / product)
    }
    let (mu, mean) = (form(generator), form(slope))
    // What the vectors lack.
    var (rest, restOfMean) = (0.0, 0.0)
    for row in 0..<levels {
      var (change, changeOfLeft) = (-mu.value * right[row], -mu.value * left[row])
      for column in 0..<levels {
        change += generator[row, column] * right[column]
        changeOfLeft += generator[column, row] * left[column]
      }
      rest += left[row] * abs(change)
      restOfMean = max(restOfMean, abs(change) + abs(changeOfLeft))
    }
    let rounding = 2e-16 * Double(levels + 16)
    let gap = values.map { abs($0.real - largest) }.filter { $0 > 1e-12 * size }.min() ?? size
    return (
      .numerical(mu.value, bound: rounding * mu.gross + rest / product),
      .numerical(mean.value, bound: rounding * mean.gross + mean.gross * (rounding * size + restOfMean) / gap)
    )
  }

  /// The positive vector of an eigenvalue, of norm 1; nil if it has none.
  private func vector(of matrix: Matrix, near value: Double, _ size: Double) throws(LinearAlgebraError) -> [Double]? {
    var shifted = matrix
    // Beside the eigenvalue, or the matrix might be singular to the last digit.
    let shift = value + 1e-14 * size
    for level in 0..<levels { shifted[level, level] -= shift }
    var vector = Matrix(rows: levels, columns: 1)
    for level in 0..<levels { vector[level, 0] = 1 }
    for _ in 0..<4 {
      vector = try solve(shifted, vector)
      let norm = vector.elements.reduce(0) { $0 + $1 * $1 }.squareRoot()
      guard norm.isFinite, norm > 0 else { return nil }
      let sign = vector.elements.reduce(0, +) < 0 ? -1.0 : 1
      vector = (sign / norm) * vector
    }
    // Parts below the rounding of the largest may have any sign.
    return vector.elements.allSatisfy { $0 > -1e-10 } ? vector.elements.map { abs($0) } : nil
  }
}

extension DaviesGenerating {
  /// Adds generating and rate function, on the places at which those of harmonic media are given.
  ///
  /// - Parameters:
  ///   - states: of the equation, and of one with other levels where there is one, which tells what these would change.
  ///   - temperatures: of the two baths [energy].
  ///   - isOpen: whether there are more levels than those.
  static func add(
    _ states: [DaviesSteadyState], _ temperatures: [Double], isOpen: Bool, to answer: inout Answer
  ) throws {
    let levels = states[0].levels
    guard levels <= mostLevels else {
      answer.notes.append(
        Note.warning(
          "davies: generatingFunction and rateFunction are left out: they are found for up to \(mostLevels) levels, and "
            + "\(levels) are taken\(isOpen ? "; set medium.levels" : "; take fewer")"))
      return
    }
    let laws = states.map(DaviesGenerating.init)
    var points: [GeneratingPoint] = []
    for x in GeneratingPoint.grid(temperatures[0], temperatures[1]) {
      let found = try laws.map { law throws(LinearAlgebraError) in try law.values(at: x) }
      guard let first = found[0] else { continue }
      var (change, changeOfMean) = (0.0, 0.0)
      if found.count > 1 {
        guard let other = found[1] else { continue }
        change = abs(first.value.value - other.value.value)
        changeOfMean = abs(first.mean.value - other.mean.value)
        // Towards the ends of the range higher and higher levels count; where they still matter nothing bounds what is left out.
        if isOpen, change > 1e-3 * abs(first.value.value) + 2 * first.value.error { continue }
      }
      points.append(
        .init(
          x: x, value: .numerical(first.value.value, bound: first.value.error + change),
          mean: .numerical(first.mean.value, bound: first.mean.error + changeOfMean)))
    }
    if points.count < GeneratingPoint.count {
      answer.notes.append(
        Note.warning(
          "davies: generatingFunction and rateFunction are left out at \(GeneratingPoint.count - points.count) of "
            + "\(GeneratingPoint.count) places, where \(isOpen ? "more than \(levels) levels would be needed or " : "")rounding hides the "
            + "largest eigenvalue"))
    }
    answer.add(points, by: .davies)
  }
}
