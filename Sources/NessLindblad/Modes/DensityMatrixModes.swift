import NessMath
import NessModel
import NessStatistics

extension LiouvillianBlocks {
  /// The modes by which the density matrix forgets its start: eigenvalues of the generator but the steady state, slowest first.
  /// The share of a level is what the elements of its row and column have of sum |rho_nm|².
  ///
  /// - Throws: `LinearAlgebraError.notConverged`.
  func modes(levels: Int) throws(LinearAlgebraError) -> [RelaxationMode] {
    var found: [RelaxationMode] = []
    for (index, matrix) in matrices.enumerated() {
      if let pair = Self.loneCoherence(matrix, members[index], levels: levels) {
        found.append(pair)
        continue
      }
      var modes = try Eigensystem(matrix).modes
      if withPopulations.contains(index), let steady = modes.indices.max(by: { modes[$0].real < modes[$1].real }) {
        modes.remove(at: steady)
      }
      for mode in modes {
        var shares = [Double](repeating: 0, count: levels)
        for (place, square) in zip(members[index], mode.squares) {
          let (row, column) = (place / levels, place % levels)
          // An element above the diagonal stands for the one below as well.
          shares[row] += row == column ? square : square
          shares[column] += row == column ? 0 : square
        }
        let whole = shares.reduce(0, +)
        let bound = mode.vectorBound.isFinite ? min(1, 4 * mode.vectorBound) : 1
        found.append(
          RelaxationMode(
            rate: .numerical(-mode.real, bound: mode.bound), frequency: .numerical(mode.imaginary, bound: mode.bound),
            shares: shares.map { .numerical($0 / whole, bound: bound) }))
      }
    }
    return found.sorted { ($0.rate.value, $0.frequency.value) < ($1.rate.value, $1.frequency.value) }
  }

  /// A coherence that touches no other: its two real numbers turn into one another and decay at one rate.
  private static func loneCoherence(_ matrix: Matrix, _ members: [Int], levels: Int) -> RelaxationMode? {
    guard matrix.rows == 2, matrix[0, 0] == matrix[1, 1], matrix[0, 1] == -matrix[1, 0], matrix[0, 1] != 0 else {
      return nil
    }
    var shares = [Estimate](repeating: .numerical(0, bound: 0), count: levels)
    for level in [members[0] / levels, members[0] % levels] { shares[level] = .numerical(0.5, bound: 0) }
    let (rate, frequency) = (-matrix[0, 0], abs(matrix[0, 1]))
    let rounding = relativeRounding(levels: levels)
    return RelaxationMode(
      rate: .numerical(rate, bound: rounding * rate), frequency: .numerical(frequency, bound: rounding * frequency),
      shares: shares)
  }
}
