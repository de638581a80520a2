import NessMath
import NessModel
import NessStatistics

/// Where the sites of a harmonic network rest between linear forces: the mean displacements, whatever the temperatures,
///
///     Phi q = F
struct RestPosition {
  /// One for every site [length].
  let displacements: [Estimate]

  /// - Parameter forces: F on every site at q = 0 [mass length/time²].
  /// - Throws: `LinearAlgebraError.singular` for a part that nothing holds.
  /// - Accuracy: that of the equations (`DenseSolution`) and of the rounding of Phi.
  /// - Complexity: O(2 N³/3) of the largest part on which a force acts.
  init(_ network: HarmonicNetwork, forces: [Double]) throws(LinearAlgebraError) {
    var displacements = [Estimate](repeating: .numerical(0, bound: 0), count: network.sites)
    let held = network.heldStiffness
    for part in network.parts where part.contains(where: { forces[$0] != 0 }) {
      let places = Dictionary(uniqueKeysWithValues: part.enumerated().map { ($1, $0) })
      var matrix = Matrix.diagonal(part.map { held[$0] })
      for bond in network.bonds {
        guard let first = places[bond.first], let second = places[bond.second] else { continue }
        matrix[first, first] += bond.stiffness
        matrix[second, second] += bond.stiffness
        matrix[first, second] -= bond.stiffness
        matrix[second, first] -= bond.stiffness
      }
      let unit = matrix.largestElement
      let solution = try solveWithError((1 / unit) * matrix, part.map { forces[$0] })
      let largest = solution.values.reduce(0) { max($0, abs($1)) } / unit
      let bound = largest * (solution.forwardError + 4e-16 / max(solution.reciprocalCondition, 1e-300))
      for (place, site) in part.enumerated() {
        displacements[site] = .numerical(solution.values[place] / unit, bound: bound)
      }
    }
    self.displacements = displacements
  }
}
