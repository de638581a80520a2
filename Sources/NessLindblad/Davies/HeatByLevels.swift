import Foundation
import NessModel

extension DaviesSteadyState {
  /// The heat that a bath gives to the box by the jumps between every pair of levels (up less down), the largest first.
  ///
  /// - Parameter bath: place of the bath in the model's attachments.
  /// - Returns: levels, counted from 1, and heat per time [energy/time]; the sum of the heats is the bath's current.
  /// - Accuracy: as `currentBounds`, for the sum.
  /// - Complexity: O(M² log M).
  /// - Checked by: its sum against `currents` (DaviesTests).
  package func heatByLevels(ofBath bath: Int) -> [(lower: Int, upper: Int, heat: Double)] {
    let rates = rates.baths[bath]
    let energies = self.rates.energies
    var heats: [(lower: Int, upper: Int, heat: Double)] = []
    for upper in 1..<max(1, levels) {
      for lower in 0..<upper {
        let flow =
          rates[lower * levels + upper] * populations[lower] - rates[upper * levels + lower] * populations[upper]
        if flow != 0 { heats.append((lower + 1, upper + 1, (energies[upper] - energies[lower]) * flow)) }
      }
    }
    return heats.sorted { abs($0.heat) > abs($1.heat) }
  }

  /// The populations of the same levels in equilibrium, p_n ~ exp(-E_n/T); at T = 0 all in the lowest level.
  package func equilibrium(temperature: Double) -> [Double] {
    let weights = rates.energies.map { $0 == rates.energies[0] ? 1 : exp(-($0 - rates.energies[0]) / temperature) }
    let sum = weights.reduce(0, +)
    return weights.map { $0 / sum }
  }
}
