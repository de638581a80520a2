import NessModel

extension DaviesSteadyState {
  /// The heat that a bath gives to the box by the jumps of every Bohr frequency (up less down), in the order of the
  /// frequency; those of equal frequency together.
  ///
  /// - Parameter bath: place of the bath in the model's attachments.
  /// - Returns: energy of the jumps [energy] and heat per time [energy/time]; the sum of the heats is the bath's current.
  /// - Accuracy: as `currentBounds`, for the sum.
  /// - Complexity: O(M² log M).
  /// - Checked by: its sum against `currents` (DaviesTests).
  package func heatByFrequency(ofBath bath: Int) -> [(energy: Double, heat: Double)] {
    let rates = rates.baths[bath]
    var heats: [Int: Double] = [:]
    for upper in 1..<max(1, levels) {
      for lower in 0..<upper {
        let up = rates[lower * levels + upper] * populations[lower]
        let down = rates[upper * levels + lower] * populations[upper]
        if up == 0 && down == 0 { continue }
        // Energies are n² times that of the ground state, so equal frequencies have equal differences of squares.
        let gap = (upper + 1) * (upper + 1) - (lower + 1) * (lower + 1)
        heats[gap, default: 0] += (self.rates.energies[upper] - self.rates.energies[lower]) * (up - down)
      }
    }
    let ground = self.rates.energies[0]
    return heats.sorted { $0.key < $1.key }.map { (energy: Double($0.key) * ground, heat: $0.value) }
  }
}
