import Foundation
import NessModel

/// How the populations of a quantum box come from a start to the steady state: p(h) = exp(G h) p with the Pauli generator G.
///
/// exp(G h) = exp(-r h) exp((G + r) h) with r the fastest rate of leaving is a sum without subtraction, and so are its
/// doublings: populations keep their digits however small they are.
///
/// - Complexity: O(4 M³) for each of log2(r h) doublings, O(M²) for each sample.
/// - Checked by: two levels in closed form, the first law, the steady state at late times (PopulationTransientTests).
struct PopulationTransient {
  /// Probabilities of the levels, `[sample][level]`.
  private(set) var populations: [[Double]] = []
  /// Mean heat per time from every bath over the interval before every sample, and the sum of its parts without sign,
  /// `[bath][sample]` [energy/time].
  private(set) var heats: [[(value: Double, gross: Double)]]
  /// Mean energies [energy].
  private(set) var energies: [Double] = []
  /// Relative rounding error of the populations.
  let rounding: Double

  /// - Parameters:
  ///   - start: probabilities of the levels at the start.
  init(_ rates: JumpRates, start: [Double], every: Double, samples: Int) {
    let levels = rates.levels
    let leaving = (0..<levels).map { from in rates.total[(from * levels)..<((from + 1) * levels)].reduce(0, +) }
    let fastest = leaving.max() ?? 0
    var (short, doublings) = (every, 0)
    while short * fastest > 0.5 { (short, doublings) = (0.5 * short, doublings + 1) }
    // (G + r), from level to level by rows: what a row of populations is multiplied with from the right.
    var positive = rates.total
    for level in 0..<levels { positive[level * levels + level] = fastest - leaving[level] }
    var flow = [Double](repeating: 0, count: levels * levels)
    for level in 0..<levels { flow[level * levels + level] = 1 }
    var (power, stay) = (flow, [Double](repeating: 0, count: levels * levels))
    // int_0^h exp(-r s) s^k/k! ds of every power.
    let weights = Self.weights(fastest * short, terms: 24)
    for level in 0..<levels { stay[level * levels + level] = short * weights[0] }
    var factor = 1.0
    for term in 1..<weights.count {
      factor *= short / Double(term)
      power = Self.product(power, positive, levels)
      for index in flow.indices {
        flow[index] += factor * power[index]
        stay[index] += factor * short * weights[term] * power[index]
      }
    }
    let decay = exp(-fastest * short)
    for index in flow.indices { flow[index] *= decay }
    // Probability is kept: what rounding takes of it would double with every doubling.
    Self.normalise(&flow, levels, to: 1)
    Self.normalise(&stay, levels, to: short)
    for _ in 0..<doublings {
      let later = Self.product(flow, stay, levels)
      for index in stay.indices { stay[index] += later[index] }
      flow = Self.product(flow, flow, levels)
      short *= 2
      Self.normalise(&flow, levels, to: 1)
      Self.normalise(&stay, levels, to: short)
    }
    // Heat of a bath per time from every level.
    let gains = rates.baths.map { bath in
      (0..<levels).map { from in
        (0..<levels).reduce(into: (value: 0.0, gross: 0.0)) { sum, to in
          let part = bath[from * levels + to] * (rates.energies[to] - rates.energies[from])
          sum.value += part
          sum.gross += abs(part)
        }
      }
    }
    heats = rates.baths.map { _ in [] }
    var state = start
    for _ in 0..<samples {
      let occupation = Self.row(state, stay)
      for (bath, gain) in gains.enumerated() {
        let sums = zip(occupation, gain).reduce(into: (value: 0.0, gross: 0.0)) {
          $0.value += $1.0 * $1.1.value
          $0.gross += $1.0 * $1.1.gross
        }
        heats[bath].append((sums.value / every, sums.gross / every))
      }
      state = Self.row(state, flow)
      populations.append(state)
      energies.append(zip(state, rates.energies).reduce(0) { $0 + $1.0 * $1.1 })
    }
    rounding = Double.ulpOfOne * Double(2 * levels + 64) * Double(samples + doublings + 24)
  }

  /// Probabilities of levels at the start: those of a temperature, or as they are given.
  ///
  /// - Parameter energies: ascending; they count from the first [energy].
  static func start(_ transient: Transient, energies: [Double]) -> [Double] {
    var start = [Double](repeating: 0, count: energies.count)
    if transient.populations.isEmpty {
      let temperature = transient.temperature.first ?? 0
      for (level, energy) in energies.enumerated() {
        start[level] = level == 0 ? 1 : temperature > 0 ? exp(-(energy - energies[0]) / temperature) : 0
      }
    } else {
      for (level, value) in transient.populations.prefix(energies.count).enumerated() { start[level] = value }
    }
    let whole = start.reduce(0, +)
    return start.map { $0 / whole }
  }

  /// int_0^1 exp(-x s) s^k ds of k = 0, 1, ..., as a series without subtraction.
  private static func weights(_ x: Double, terms: Int) -> [Double] {
    (0..<terms).map { power in
      // exp(-x) sum_j x^j / ((k+1)...(k+1+j))
      var (sum, part) = (0.0, 1 / Double(power + 1))
      for index in 1...60 {
        sum += part
        part *= x / Double(power + 1 + index)
      }
      return exp(-x) * sum
    }
  }

  /// Makes every row sum to a number.
  private static func normalise(_ matrix: inout [Double], _ levels: Int, to whole: Double) {
    for row in 0..<levels {
      let range = (row * levels)..<((row + 1) * levels)
      let factor = whole / matrix[range].reduce(0, +)
      for index in range { matrix[index] *= factor }
    }
  }

  private static func product(_ left: [Double], _ right: [Double], _ levels: Int) -> [Double] {
    var result = [Double](repeating: 0, count: levels * levels)
    result.withUnsafeMutableBufferPointer { result in
      left.withUnsafeBufferPointer { left in
        right.withUnsafeBufferPointer { right in
          guard let result = result.baseAddress, let right = right.baseAddress else { return }
          for row in 0..<levels {
            for inner in 0..<levels where left[row * levels + inner] != 0 {
              accumulate(left[row * levels + inner], right + inner * levels, into: result + row * levels, levels)
            }
          }
        }
      }
    }
    return result
  }

  private static func row(_ state: [Double], _ matrix: [Double]) -> [Double] {
    let levels = state.count
    var result = [Double](repeating: 0, count: levels)
    for from in 0..<levels where state[from] != 0 {
      for to in 0..<levels { result[to] += state[from] * matrix[from * levels + to] }
    }
    return result
  }
}
