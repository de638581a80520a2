import Foundation
import NessMath
import NessModel

/// How fast a network exchanges energy with its baths, and which temperatures they are expected to give it: roughly, for the
/// start and the burn-in, as `ThermalProfile` for a chain.
struct NetworkExchange: Sendable {
  /// Bonds that a wave passes in an anharmonic network before it is scattered, roughly.
  private static let meanFreePath = 10.0
  /// Most sites of a harmonic network whose slowest mode is computed.
  private static let mostSolved = 100
  /// Most sites of a network whose creeping modes are computed: some milliseconds, and where sites are damped strongly some tenths of a second.
  private static let mostCreeping = (usual: 64, damped: 160)
  /// Most work for the temperatures: iterations times sites and bonds.
  private static let mostWork = 3e8

  /// Temperature of every site [energy].
  let temperatures: [Double]
  /// Time in which the energy adapts to the baths: through the contacts and along the bonds [time].
  let relaxationTime: Double
  /// Time in which the slowest mode of a harmonic network forgets its start: infinite for one that no bath damps; nil where
  /// that is not computed [time].
  let slowestMode: Double?
  /// The same of an anharmonic network between baths with slow forces, potentials as stiff as they are at its temperatures [time].
  let slowestForcedMode: Double?
  /// Sites of an anharmonic network that keep their energy for longer than `relaxationTime`.
  let slowSites: [SlowSites.Site]

  init(_ bathed: BathedNetwork, _ stiffness: ThermalStiffness) {
    let network = bathed.network
    let rates = Self.rates(bathed, stiffness)
    let forces = bathed.slowForces
    let (components, isHarmonic) = (network.components, network.isHarmonic)
    let conductances = network.bonds.map { bond -> Double in
      let mass = 0.5 * (network.masses[bond.first] + network.masses[bond.second])
      return Self.meanFreePath * (stiffness.ofPotentials[bond.potential] / mass).squareRoot()
    }
    var temperatures = [Double](repeating: 0, count: network.sites)
    var relaxation = 0.0
    for part in components {
      let rate = part.reduce(0) { $0 + rates[$1].rate }
      let heating = part.reduce(0) { $0 + rates[$1].rate * rates[$1].temperature }
      for site in part { temperatures[site] = rate > 0 ? heating / rate : bathed.hottest }
      relaxation = max(relaxation, rate > 0 ? Double(part.count) / rate : .infinity)
    }
    relaxation += forces.map(\.time).max() ?? 0
    if !isHarmonic, relaxation.isFinite {
      let slowest = conductances.min() ?? 0
      let contacts = rates.indices.filter { rates[$0].rate > 0 }
      let farthest = Double(network.distances(from: contacts).compactMap { $0 }.max() ?? 0)
      // A slab of thickness d that is held at one side: d² 4/pi² D.
      if slowest > 0 { relaxation += 0.41 * farthest * farthest / slowest }
      Self.solve(network, conductances, rates, &temperatures)
    }
    self.temperatures = temperatures
    relaxationTime = relaxation
    slowSites = isHarmonic ? [] : SlowSites(bathed, stiffness, longerThan: relaxation).sites
    // The last digits of eigenvalues depend on the units.
    let slowest =
      isHarmonic ? Self.slowestMode(bathed, at: [Double](repeating: 0, count: network.sites)) : nil
    slowestMode = slowest.map { $0.isFinite ? $0.rounded(.down, bits: 24) : $0 }
    let forced = isHarmonic || forces.isEmpty ? nil : Self.slowestMode(bathed) { stiffness.ofPotentials[$0] }
    slowestForcedMode = forced.flatMap { $0.isFinite ? $0.rounded(.down, bits: 24) : nil }
  }

  /// Time in which baths and network exchange as much energy as is in it, the time that slow forces last with it; the largest of all parts that
  /// baths touch [time].
  static func exchangeTime(_ bathed: BathedNetwork, _ stiffness: ThermalStiffness) -> Double {
    let rates = rates(bathed, stiffness)
    let times = bathed.network.components.compactMap { part -> Double? in
      let rate = part.reduce(0) { $0 + rates[$1].rate }
      return rate > 0 ? Double(part.count) / rate : nil
    }
    return (times.max() ?? 0) + (bathed.slowForces.map(\.time).max() ?? 0)
  }

  /// Time in which the slowest mode that is damped too strongly to turn forgets its start; 0 where there is none. Of many sites that of those
  /// which creep by themselves, n of them as if they were a row: (2 n/pi)² times the slowest m gamma/k [time].
  static func creepTime(_ bathed: BathedNetwork, _ stiffness: ThermalStiffness) -> Double {
    let network = bathed.network
    if network.sites > mostCreeping.usual {
      let times = bathed.frictions.compactMap { site, friction -> Double? in
        let (rate, square) = (friction / network.masses[site], stiffness.ofSites[site] / network.masses[site])
        return square > 0 && rate * rate > 4 * square ? rate / square : nil
      }
      guard let slowest = times.max() else { return 0 }
      if network.sites > mostCreeping.damped {
        let row = 2 / Double.pi * Double(times.count)
        return (slowest * max(1, row * row)).rounded(.down, bits: 24)
      }
    }
    let values = decayingModes(bathed, at: [Double](repeating: 0, count: bathed.network.sites)) { potential, _ in
      stiffness.ofPotentials[potential]
    }
    let scale = values.reduce(0) { max($0, abs($1.real)) }
    let rates = values.filter { $0.imaginary == 0 && -$0.real > 1e-12 * scale }.map { -$0.real }
    // The last digits of eigenvalues depend on the units.
    return rates.min().map { (1 / $0).rounded(.down, bits: 24) } ?? 0
  }

  /// Rate of exchange of every site, less where the baths reflect the waves, and the mean temperature of its baths.
  private static func rates(
    _ bathed: BathedNetwork, _ stiffness: ThermalStiffness
  ) -> [(rate: Double, temperature: Double)] {
    let network = bathed.network
    var springs = [Double](repeating: 0, count: network.sites)
    for bond in network.bonds {
      springs[bond.first] += stiffness.ofPotentials[bond.potential]
      springs[bond.second] += stiffness.ofPotentials[bond.potential]
    }
    var rates = [(rate: Double, temperature: Double)](repeating: (0, 0), count: network.sites)
    for bath in bathed.baths {
      let site = bath.site
      let (friction, temperature) = bathed.contact(
        of: bath, squaredFrequency: stiffness.ofSites[site] / network.masses[site])
      let impedance = springs[site] * network.masses[site]
      let rate = friction / (1 + (impedance > 0 ? friction * friction / impedance : 0)) / network.masses[site]
      let sum = rates[site].rate + rate
      if sum > 0 { rates[site].temperature += (temperature - rates[site].temperature) * rate / sum }
      rates[site].rate = sum
    }
    return rates
  }

  /// sum over bonds of conductance (T_neighbour - T) + rate (T_bath - T) = 0 at every site, by conjugate gradients from where
  /// the temperatures are; as near as the work allows, for it is a start only.
  private static func solve(
    _ network: SiteNetwork, _ conductances: [Double], _ rates: [(rate: Double, temperature: Double)],
    _ temperatures: inout [Double]
  ) {
    let sites = network.sites
    var diagonal = rates.map(\.rate)
    for (bond, conductance) in zip(network.bonds, conductances) {
      diagonal[bond.first] += conductance
      diagonal[bond.second] += conductance
    }
    guard diagonal.allSatisfy({ $0 > 0 }) else { return }
    func applied(_ x: [Double]) -> [Double] {
      var result = (0..<sites).map { diagonal[$0] * x[$0] }
      for (bond, conductance) in zip(network.bonds, conductances) {
        result[bond.first] -= conductance * x[bond.second]
        result[bond.second] -= conductance * x[bond.first]
      }
      return result
    }
    func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
    let now = applied(temperatures)
    var rest = (0..<sites).map { rates[$0].rate * rates[$0].temperature - now[$0] }
    var scaled = zip(rest, diagonal).map { $0 / $1 }
    var (direction, product) = (scaled, dot(rest, scaled))
    let goal = 1e-12 * product
    let most = min(3000, Int(mostWork / Double(sites + network.bonds.count)))
    for _ in 0..<most where product > goal && product > 0 {
      let image = applied(direction)
      let length = product / dot(direction, image)
      guard length.isFinite else { return }
      for site in 0..<sites {
        temperatures[site] += length * direction[site]
        rest[site] -= length * image[site]
        scaled[site] = rest[site] / diagonal[site]
      }
      let next = dot(rest, scaled)
      for site in 0..<sites { direction[site] = scaled[site] + next / product * direction[site] }
      product = next
    }
    // A guess between is no temperature if it has gone astray.
    let limits = rates.filter { $0.rate > 0 }.map(\.temperature)
    let (coldest, hottest) = (limits.min() ?? 0, limits.max() ?? 0)
    for site in 0..<sites { temperatures[site] = max(coldest, min(hottest, temperatures[site])) }
  }

  /// Time in which the slowest mode about some displacements forgets its start; nil for many sites.
  static func slowestMode(_ bathed: BathedNetwork, at q: [Double]) -> Double? {
    slowestMode(bathed, at: q) { bathed.network.potentials[$0].curvature($1) }
  }

  /// The same with potentials of some stiffness.
  private static func slowestMode(_ bathed: BathedNetwork, stiffness: (Int) -> Double) -> Double? {
    slowestMode(bathed, at: [Double](repeating: 0, count: bathed.network.sites)) { potential, _ in stiffness(potential)
    }
  }

  /// From the eigenvalues of the drift of (q, v) and of the slow forces of baths, with the friction of particles at weak coupling.
  private static func slowestMode(
    _ bathed: BathedNetwork, at q: [Double], stiffness: (Int, Double) -> Double
  ) -> Double? {
    guard bathed.network.sites <= mostSolved else { return nil }
    let decaying = decayingModes(bathed, at: q, stiffness: stiffness)
    let scale = decaying.reduce(0) { max($0, size($1)) }
    guard let slowest = decaying.map({ -$0.real }).min() else { return nil }
    return slowest > 1e-12 * scale ? 1 / slowest : .infinity
  }

  private static func size(_ value: (real: Double, imaginary: Double)) -> Double {
    (value.real * value.real + value.imaginary * value.imaginary).squareRoot()
  }

  /// All eigenvalues but those of what nothing holds: it drifts as a whole, and no quantity that is measured feels that. Empty where they are
  /// not found.
  private static func decayingModes(
    _ bathed: BathedNetwork, at q: [Double], stiffness: (Int, Double) -> Double
  ) -> [(real: Double, imaginary: Double)] {
    let (network, sites) = (bathed.network, bathed.network.sites)
    let forces = bathed.slowForces
    var drift = Matrix(rows: 2 * sites + forces.count, columns: 2 * sites + forces.count)
    for site in 0..<sites { drift[site, sites + site] = 1 }
    for (number, force) in forces.enumerated() {
      // In units in which it is as large as a velocity per time.
      let place = 2 * sites + number
      drift[place, place] = -1 / force.time
      drift[place, sites + force.site] = -force.weight / network.masses[force.site]
      drift[sites + force.site, place] = 1
    }
    for field in network.fields {
      drift[sites + field.site, field.site] -= stiffness(field.potential, q[field.site]) / network.masses[field.site]
    }
    for bond in network.bonds {
      for (site, other) in [(bond.first, bond.second), (bond.second, bond.first)] {
        let rate = stiffness(bond.potential, q[bond.second] - q[bond.first]) / network.masses[site]
        drift[sites + site, site] -= rate
        drift[sites + site, other] += rate
      }
    }
    for (site, friction) in bathed.promptFrictions {
      drift[sites + site, sites + site] -= friction / network.masses[site]
    }
    guard let values = try? eigenvalues(drift) else { return [] }
    let scale = values.reduce(0) { max($0, size($1)) }
    return values.filter { abs($0.real) + abs($0.imaginary) > 1e-9 * scale }
  }
}
