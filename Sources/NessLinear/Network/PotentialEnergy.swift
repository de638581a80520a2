import NessModel
import NessStatistics

extension EliminatedNetwork {
  /// Mean potential energy of every site: of what holds it, and half of that of its bonds, as a recorded one. Potentials are
  /// harmonic here, so <V(x)> = V(<x>) + V'' <(x - <x>)²>/2.
  ///
  /// - Parameter temperatureError: how far temperatures that were found may be off [energy].
  /// - Throws: `LinearAlgebraError.singular` for a part that nothing holds.
  func potentialEnergies(_ springs: NetworkSprings, temperatureError: Double) throws -> [Estimate] {
    let rest = try RestPosition(harmonic, forces: forces).displacements
    var values = [Double](repeating: 0, count: form.sites)
    var bounds = values
    func add(_ site: Int, _ share: Double, _ value: Double, _ bound: Double) {
      values[site] += share * value
      bounds[site] += share * (bound + 4e-16 * abs(value))
    }
    for field in form.fields {
      let (potential, place) = (form.potentials[field.potential], rest[field.site])
      add(field.site, 1, potential.energy(place.value), abs(potential.slope(place.value)) * place.error)
    }
    for bond in form.bonds {
      let (potential, length) = (form.potentials[bond.potential], rest[bond.second].value - rest[bond.first].value)
      let error = abs(potential.slope(length)) * (rest[bond.first].error + rest[bond.second].error)
      for site in [bond.first, bond.second] { add(site, 0.5, potential.energy(length), error) }
    }
    for (site, energy) in springs.energiesOfSites(harmonic, temperatureError: temperatureError).enumerated() {
      add(site, 1, energy.value, energy.error)
    }
    return zip(values, bounds).map { .numerical($0, bound: $1) }
  }
}
