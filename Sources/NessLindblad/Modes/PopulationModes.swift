import NessMath
import NessModel
import NessStatistics

extension DaviesSteadyState {
  /// The modes by which populations forget their start: eigenvalues of the Pauli generator but the steady state, slowest first.
  /// The share of a level is its part of the sum of |deviations|.
  ///
  /// - Throws: `LinearAlgebraError.notConverged`.
  /// - Complexity: O(25 M³).
  /// - Checked by: the two-level system in closed form, `slowestDecayRate` (RelaxationModeTests of NessLindblad).
  func populationModes() throws(LinearAlgebraError) -> [RelaxationMode] {
    if levels == 1 { return [] }
    // Roots of the populations make a generator with detailed balance symmetric; they may not fall beyond the range.
    let largest = populations.max() ?? 1
    let weights = populations.map { max($0, 1e-60 * largest).squareRoot() }
    var generator = Matrix(rows: levels, columns: levels)
    for from in 0..<levels {
      var leaving = 0.0
      for to in 0..<levels where to != from {
        let rate = rates.total[from * levels + to]
        leaving += rate
        generator[to, from] = rate * (weights[from] / weights[to])
      }
      generator[from, from] = -leaving
    }
    let system = try Eigensystem(generator)
    var found = system.modes.sorted { $0.real > $1.real }
    // The steady state.
    found.removeFirst()
    var modes = found.map { mode in
      let deviations = zip(mode.squares, weights).map { $0.squareRoot() * $1 }
      let whole = deviations.reduce(0, +)
      let change = weights.reduce(0, +) * mode.vectorBound / whole
      return RelaxationMode(
        rate: .numerical(-mode.real, bound: mode.bound), frequency: .numerical(mode.imaginary, bound: mode.bound),
        shares: zip(deviations, weights).map { deviation, weight in
          let bound = weight * mode.vectorBound / whole + deviation / whole * change
          return .numerical(deviation / whole, bound: bound.isFinite ? min(1, bound) : 1)
        })
    }
    // The slowest keeps its digits by the elimination.
    if let slowest = try? slowestDecayRate(), slowest.bound < modes[0].rate.error,
      abs(slowest.value - modes[0].rate.value) <= slowest.bound + modes[0].rate.error
    {
      modes[0] = RelaxationMode(
        rate: .numerical(slowest.value, bound: slowest.bound), frequency: modes[0].frequency, shares: modes[0].shares)
    }
    return modes
  }
}

extension RelaxationMode {
  /// With what the same mode of fewer or more levels has otherwise in its bounds.
  func compared(with other: RelaxationMode) -> RelaxationMode {
    func with(_ estimate: Estimate, _ compared: Double) -> Estimate {
      .numerical(estimate.value, bound: estimate.error + abs(estimate.value - compared))
    }
    return RelaxationMode(
      rate: with(rate, other.rate.value), frequency: with(frequency, other.frequency.value),
      shares: shares.indices.map { with(shares[$0], $0 < other.shares.count ? other.shares[$0].value : 0) })
  }
}
