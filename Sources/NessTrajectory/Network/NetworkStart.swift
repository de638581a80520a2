import Foundation
import NessFormula
import NessModel

/// Where the replicas of an anharmonic network begin, and how slowly what they begin with is forgotten beyond the exchange of energy: by sites that
/// friction holds back, and by wells that are not alike. Rough, as all that is known before a run.
package struct NetworkStart: Sendable {
  /// Displacement of every site at the start: at rest, near q = 0 [length].
  package let displacements: [Double]
  /// Time in which overdamped sites come to rest, nil if none is [time].
  package let creepTime: Double?
  /// The slowest sharing of two unlike wells of a site; nil if there are none.
  package let wells: Wells?

  /// What the start has of kinetic energy at every site, over its share T/2 of a temperature: 1 + 2 <W - W(start)>/T, W being the
  /// potential energy of the site beside neighbours at rest, in the mean over its own Boltzmann weight. A site that hardly exchanges energy with the
  /// others keeps for long what it was given. nil in harmonic networks, where it is 2.
  let shares: [Double]?

  package struct Wells: Sendable {
    /// From 0.
    package let site: Int
    /// In temperatures, from the higher one of two wells.
    package let barrier: Double
    /// Time in which replicas share them [time].
    package let time: Double
  }

  /// Whether anything of it differs from displacements of 0 and the exchange of energy.
  package var isPlain: Bool { creepTime == nil && wells == nil && displacements.allSatisfy { $0 == 0 } }

  /// - Parameter temperatures: that are expected of the sites [energy].
  init(_ bathed: BathedNetwork, _ stiffness: ThermalStiffness, temperatures: [Double]) {
    let network = bathed.network
    let none = [Double](repeating: 0, count: network.sites)
    guard !network.isHarmonic, bathed.hottest > 0 else {
      (displacements, creepTime, wells, shares) = (none, nil, nil, nil)
      return
    }
    let forces = Self.forces(network, none)
    displacements =
      forces.contains { $0 != 0 } ? Self.rest(network, stiffness, temperature: bathed.hottest) ?? none : none
    var frictions = none
    for (site, friction) in bathed.frictions { frictions[site] += friction / network.masses[site] }
    creepTime = Self.creepTime(bathed, displacements, frictions)
    wells = Self.wells(network, frictions, temperatures)
    shares = Self.shares(network, displacements, temperatures)
  }

  // MARK: kinetic energy

  /// Sites at displacements of their own up to which each is looked at.
  private static let mostDisplaced = 10_000

  private static func shares(_ network: SiteNetwork, _ q: [Double], _ temperatures: [Double]) -> [Double]? {
    if network.sites > mostDisplaced, q.contains(where: { $0 != 0 }) { return nil }
    /// What acts on a site: a potential of sign (q - place).
    struct Force: Hashable {
      let potential: Int
      let sign: Double
      let place: Double
    }
    var forces = [[Force]](repeating: [], count: network.sites)
    for field in network.fields { forces[field.site].append(Force(potential: field.potential, sign: 1, place: 0)) }
    for bond in network.bonds {
      forces[bond.first].append(Force(potential: bond.potential, sign: -1, place: q[bond.second]))
      forces[bond.second].append(Force(potential: bond.potential, sign: 1, place: q[bond.first]))
    }
    // Sites of the same forces and about the same temperature are alike.
    struct Site: Hashable {
      let forces: [Force]
      let place: Double
      let temperature: Double
    }
    var known: [Site: Double] = [:]
    return forces.indices.map { index in
      let site = Site(
        forces: forces[index], place: q[index], temperature: temperatures[index].rounded(.down, bits: 5))
      if let share = known[site] { return share }
      let share = share(
        site.forces.map { (network.potentials[$0.potential], $0.sign, $0.place) }, at: site.place, site.temperature)
      known[site] = share
      return share
    }
  }

  private static func share(
    _ forces: [(potential: Potential, sign: Double, place: Double)], at q: Double, _ temperature: Double
  ) -> Double {
    guard temperature > 0, !forces.isEmpty, !forces.allSatisfy(\.potential.isHarmonic) else { return 2 }
    let ranges = forces.map { ThermalRange($0.potential, temperature: temperature, depth: 2 * limits.height) }
    let ends = zip(forces, ranges).map { force, range in
      force.sign > 0
        ? (lower: force.place + range.lower, upper: force.place + range.upper)
        : (lower: force.place - range.upper, upper: force.place - range.lower)
    }
    // Where all of it is low; what is soft does not widen it.
    let (lower, upper) = (ends.map(\.lower).max() ?? 0, ends.map(\.upper).min() ?? 0)
    guard lower < upper else { return 2 }
    func energy(_ x: Double) -> Double {
      let sum = zip(forces, ranges).reduce(0) { $0 + $1.1.energy($1.0.sign * (x - $1.0.place)) } / temperature
      return sum.isNaN ? .infinity : sum
    }
    let energies = (0...places).map { energy(lower + (upper - lower) * Double($0) / Double(places)) }
    let (rest, lowest) = (energy(q), energies.min() ?? 0)
    guard rest.isFinite, lowest.isFinite else { return 2 }
    var (weight, sum) = (0.0, 0.0)
    for energy in energies {
      let share = exp(lowest - energy)
      guard share > 0, energy.isFinite else { continue }
      weight += share
      sum += share * (energy - rest)
    }
    let found = 1 + 2 * sum / weight
    // From the top of a barrier a site gains energy, which its baths have to take.
    return found.isFinite ? max(0.25, min(found, 8)).rounded(.down, bits: 20) : 2
  }

  // MARK: at rest

  private static func forces(_ network: SiteNetwork, _ q: [Double]) -> [Double] {
    var forces = [Double](repeating: 0, count: network.sites)
    for field in network.fields { forces[field.site] -= network.potentials[field.potential].slope(q[field.site]) }
    for bond in network.bonds {
      let pull = network.potentials[bond.potential].slope(q[bond.second] - q[bond.first])
      forces[bond.first] += pull
      forces[bond.second] -= pull
    }
    return forces
  }

  /// Sizes of the curvatures of all that acts on every site.
  private static func curvatures(_ network: SiteNetwork, _ q: [Double]) -> [Double] {
    var sums = [Double](repeating: 0, count: network.sites)
    for field in network.fields {
      sums[field.site] += abs(network.potentials[field.potential].curvature(q[field.site]))
    }
    for bond in network.bonds {
      let size = abs(network.potentials[bond.potential].curvature(q[bond.second] - q[bond.first]))
      sums[bond.first] += 2 * size
      sums[bond.second] += 2 * size
    }
    return sums
  }

  /// Most work: sweeps times fields and bonds.
  private static let mostWork = 2e6

  /// From 0 downhill until what is left of the forces is little beside thermal ones; nil if that does not end.
  private static func rest(_ network: SiteNetwork, _ stiffness: ThermalStiffness, temperature: Double) -> [Double]? {
    var q = [Double](repeating: 0, count: network.sites)
    let sweeps = max(20, min(2000, Int(mostWork / Double(network.fields.count + network.bonds.count + 1))))
    for _ in 0..<sweeps {
      let (forces, curvatures) = (forces(network, q), curvatures(network, q))
      var isAtRest = true
      for site in 0..<network.sites {
        let stiffness = max(curvatures[site], 0.1 * stiffness.ofSites[site])
        guard forces[site].isFinite, stiffness > 0, stiffness.isFinite else { return nil }
        q[site] += forces[site] / stiffness
        if forces[site] * forces[site] > 1e-7 * temperature * stiffness { isAtRest = false }
      }
      if isAtRest { return q }
    }
    return nil
  }

  // MARK: slow sites

  /// Where the friction rate of a site is more than twice its frequency, the slowest of the modes about rest; of many sites the slowest
  /// m gamma/k of one.
  private static func creepTime(_ bathed: BathedNetwork, _ q: [Double], _ frictions: [Double]) -> Double? {
    let network = bathed.network
    var springs = [Double](repeating: 0, count: network.sites)
    for field in network.fields { springs[field.site] += network.potentials[field.potential].curvature(q[field.site]) }
    for bond in network.bonds {
      let spring = network.potentials[bond.potential].curvature(q[bond.second] - q[bond.first])
      springs[bond.first] += spring
      springs[bond.second] += spring
    }
    let times = frictions.indices.compactMap { site -> Double? in
      let square = springs[site] / network.masses[site]
      guard square > 0, frictions[site] * frictions[site] > 4 * square else { return nil }
      return frictions[site] / square
    }
    guard let slowest = times.max() else { return nil }
    let mode = NetworkExchange.slowestMode(bathed, at: q)
    return max(slowest, mode.flatMap { $0.isFinite ? $0.rounded(.down, bits: 24) : nil } ?? 0)
  }

  // MARK: wells

  /// Places at which the potential of a site is looked at.
  private static let places = 512
  /// Wells higher than this above the lowest hold nothing, barriers lower than the second are none, wells whose energies differ by less
  /// than the third are alike, in temperatures.
  private static let limits = (height: 10.0, barrier: 1.0, difference: 0.05)

  private static func wells(_ network: SiteNetwork, _ frictions: [Double], _ temperatures: [Double]) -> Wells? {
    var fields: [Int: [Int]] = [:]
    for field in network.fields { fields[field.site, default: []].append(field.potential) }
    // Sites of the same potentials, temperature, mass and friction are alike.
    var seen: Set<[Double]> = []
    var worst: Wells?
    for site in fields.keys.sorted() {
      guard let own = fields[site], temperatures[site] > 0,
        seen.insert(own.map(Double.init) + [temperatures[site], network.masses[site], frictions[site]]).inserted,
        let found = wells(
          own.map { network.potentials[$0] }, mass: network.masses[site], friction: frictions[site],
          temperature: temperatures[site])
      else { continue }
      if found.time > worst?.time ?? 0 { worst = Wells(site: site, barrier: found.barrier, time: found.time) }
    }
    return worst
  }

  /// Kramers' time of the slowest pair of neighbouring wells that are not alike.
  private static func wells(
    _ potentials: [Potential], mass: Double, friction: Double, temperature: Double
  ) -> (barrier: Double, time: Double)? {
    if potentials.allSatisfy(\.isHarmonic) { return nil }
    let ranges = potentials.map { ThermalRange($0, temperature: temperature, depth: 2 * limits.height) }
    let lower = ranges.map(\.lower).min() ?? 0
    let upper = ranges.map(\.upper).max() ?? 0
    let step = (upper - lower) / Double(places)
    guard step > 0, step.isFinite else { return nil }
    let energies = (0...places).map { place in
      ranges.reduce(0) { $0 + $1.energy(lower + step * Double(place)) } / temperature
    }
    guard !energies.contains(where: \.isNaN), let lowest = energies.min(), lowest.isFinite else { return nil }
    // A range that ends downhill confines nothing.
    guard energies[0] > lowest + limits.barrier, energies[places] > lowest + limits.barrier else { return nil }
    let minima = (1..<places).filter {
      energies[$0] < energies[$0 - 1] && energies[$0] <= energies[$0 + 1] && energies[$0] < lowest + limits.height
    }
    func frequency(_ place: Int) -> Double {
      let curvature = potentials.reduce(0) { $0 + $1.curvature(lower + step * Double(place)) }
      return (abs(curvature) / mass).squareRoot()
    }
    var worst: (barrier: Double, time: Double)?
    for (first, second) in zip(minima, minima.dropFirst()) {
      guard let top = (first...second).max(by: { energies[$0] < energies[$1] }) else { continue }
      let (higher, barrier) =
        energies[first] > energies[second]
        ? (first, energies[top] - energies[first]) : (second, energies[top] - energies[second])
      guard barrier > limits.barrier, abs(energies[first] - energies[second]) > limits.difference else { continue }
      let (well, saddle) = (frequency(higher), frequency(top))
      guard well > 0, saddle > 0 else { continue }
      let damping = 0.5 * friction / saddle
      let share = (1 + damping * damping).squareRoot() - damping
      // Over the barrier at strong and medium friction; up to it, by the energy that is exchanged, at weak friction.
      let weak = friction > 0 ? 1 / (friction * barrier) : 0
      let time = exp(min(barrier, 300)) * (2 * Double.pi / (well * share) + weak)
      if time > worst?.time ?? 0 { worst = (barrier, time) }
    }
    return worst
  }
}
