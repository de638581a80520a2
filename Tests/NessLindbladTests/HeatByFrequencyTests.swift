import NessLindblad
import NessModel
import Testing

@Suite struct HeatByFrequencyTests {
  /// The heats of all frequencies are the current of the bath; of two levels there is one frequency.
  @Test(arguments: couplings, spectra)
  func sums(coupling: LindbladBath.Coupling, spectrum: LindbladBath.Spectrum) throws {
    let state = try daviesSteadyState(of: box(left: 20, right: 5, coupling, spectrum, levels: 9))
    for bath in 0..<2 {
      let lines = state.heatByFrequency(ofBath: bath)
      let sum = lines.reduce(0) { $0 + $1.heat }
      #expect(abs(sum - state.currents[bath]) <= 4 * state.currentBounds[bath] + 1e-13 * abs(sum))
      #expect(lines.map(\.energy) == lines.map(\.energy).sorted() && Set(lines.map(\.energy)).count == lines.count)
    }
    let two = try daviesSteadyState(of: box(left: 20, right: 5, .wall, spectrum, levels: 2))
    let lines = two.heatByFrequency(ofBath: 0)
    #expect(lines.count == 1 && lines[0].heat > 0)
    #expect(abs(lines[0].energy - (try box(left: 20, right: 5, .wall, spectrum, levels: 2)).medium.firstGap) < 1e-12)
  }

  /// The heats of all pairs of levels are the current as well, the largest first; of jumps of one frequency they add up to
  /// its heat. In equilibrium with one bath the populations are those of `equilibrium`.
  @Test(arguments: couplings, spectra)
  func levelsSum(coupling: LindbladBath.Coupling, spectrum: LindbladBath.Spectrum) throws {
    let state = try daviesSteadyState(of: box(left: 20, right: 5, coupling, spectrum, levels: 9))
    for bath in 0..<2 {
      let pairs = state.heatByLevels(ofBath: bath)
      let sum = pairs.reduce(0) { $0 + $1.heat }
      #expect(abs(sum - state.currents[bath]) <= 4 * state.currentBounds[bath] + 1e-13 * abs(sum))
      #expect(zip(pairs, pairs.dropFirst()).allSatisfy { abs($0.heat) >= abs($1.heat) })
      #expect(pairs.allSatisfy { $0.lower < $0.upper && $0.lower >= 1 && $0.upper <= 9 })
    }
    let still = try daviesSteadyState(of: box(left: 7, right: 7, coupling, spectrum, levels: 9))
    for (found, expected) in zip(still.populations, still.equilibrium(temperature: 7)) {
      #expect(abs(found - expected) <= 1e-12 * expected)
    }
    #expect(still.equilibrium(temperature: 0) == [1] + [Double](repeating: 0, count: 8))
  }

  /// n² - m² = 15 for the jumps from 4 to 1 and from 8 to 7: of equal frequency, and so together.
  @Test func equalFrequenciesAreTogether() throws {
    let model = try box(left: 20, right: 5, .uniform, .ohmic, levels: 8)
    let lines = try daviesSteadyState(of: model).heatByFrequency(ofBath: 0)
    let ground = model.medium.energy(ofLevel: 1)
    #expect(lines.count { abs($0.energy - 15 * ground) < 1e-9 * ground } == 1)
    #expect(lines.count < 28)
  }
}
