import NessMath
import NessModel
import NessStatistics

/// Kinetic temperatures of all sites of a harmonic network, and the heat through all its bonds,
///
///     m_i <v_i²> = sum_b T_b c_ib,                 c_ib = (2 m_i/pi) int_0^inf dw w² Re g_b |G_ib|²,     sum_b c_ib = 1
///     j_ij = k <q_i v_j> = -(2k/pi) sum_b (T_b - T) int_0^inf dw w Re g_b Im( G_ib G_jb* )
///     k <r_ij²> = sum_b T_b d_ijb,                d_ijb = (2k/pi) int_0^inf dw Re g_b |G_ib - G_jb|²,     sum_b d_ijb = k e Phi^-1 e
///
/// The first sum is equipartition, and the last one the compliance: what it misses of 1 belongs to resonances that are too narrow for the numbers, and it is part of
/// the bound. At one temperature T nothing flows, so only the differences count.
///
/// In a quantum network T_b is (hbar w/2) coth(hbar w/2T_b) in the first, the ground state included, and hbar w n_b in the second. With
/// friction without memory the first diverges on the site of the bath, where it is infinite here.
package struct NetworkProfile {
  /// m <v_i²> of every site [energy].
  package let temperatures: [Estimate]
  /// -(k/2) <(v_i + v_j) (q_j - q_i)> of every spring of the network, from its first site to its second [energy/time].
  package let bondCurrents: [Estimate]
  /// k <r²> of every spring of the network, and of what holds every site by itself, r counted from rest [energy].
  let springs: NetworkSprings?

  init(temperatures: [Estimate], bondCurrents: [Estimate], springs: NetworkSprings?) {
    (self.temperatures, self.bondCurrents, self.springs) = (temperatures, bondCurrents, springs)
  }

  /// Of the network whose heat is known; what is not wanted is left out.
  ///
  /// A bond that alone joins two halves carries what the baths of one give to those of the other; only bonds of loops and
  /// temperatures need integrals.
  ///
  /// - Throws: `QuadratureError`.
  /// - Complexity: O(N² S) for each of about a hundred frequencies for every mode, S sites with baths.
  package init(
    _ network: HarmonicNetwork, _ heat: NetworkHeat, withTemperatures: Bool = true, withBonds: Bool = true,
    withSprings: Bool = false, relativeTolerance: Double = 3e-10, watch: WorkWatch = WorkWatch()
  ) throws {
    let modes = heat.modes
    precondition(modes.dark.isEmpty, "a profile of dark modes")
    let isQuantum = modes.quantum > 0
    let highest = modes.baths.map(\.temperature).max() ?? 0
    let lowest = isQuantum ? 0 : modes.baths.map(\.temperature).min() ?? 0
    // Of quantum waves, what the fastest mode has at most.
    let spread = isQuantum ? highest + modes.quantum : highest - lowest
    let compliances = withSprings ? try NetworkSprings.Compliances(network) : nil
    guard spread > 0 else {
      springs = compliances?.energies(lowest: lowest, spread: 0, [])
      temperatures = withTemperatures ? network.masses.map { _ in .numerical(lowest, bound: 2e-16 * lowest) } : []
      bondCurrents = withBonds ? network.bonds.map { _ in .numerical(0, bound: 0) } : []
      return
    }
    let bonds = withBonds ? network.bonds : []
    let bridges = Bridges(sites: network.sites, bonds.map { ($0.first, $0.second) })
    let loops = bonds.indices.filter { !bridges.contains($0) }
    let largest = heat.currents.reduce(0) { max($0, abs($1.value)) } / (spread * modes.frequencyUnit)
    var sums = NetworkSums(
      network, modes, bonds: loops.map { bonds[$0] }, springs: [], lowest: lowest, spread: spread, largestHeat: largest)
    if withTemperatures || !loops.isEmpty {
      try sums.integrate(heat.mesh, relativeTolerance, withSprings ? watch.part(from: 0, to: 0.5) : watch)
    }
    // What a resonance lacks that was missed, of the slowest kind at worst.
    let slowest = modes.frequencies.first { $0 > 0 } ?? 1
    let lacking = sums.sites.map { max(0, abs(1 - $0.whole) - $0.error) }
    temperatures = (withTemperatures ? sums.sites : []).enumerated().map { index, site in
      isQuantum && network.hasInstantaneousFriction(index)
        ? .numerical(.infinity, bound: .infinity)
        : .numerical(
          lowest + spread * site.hot, bound: spread * (site.error + abs(1 - site.whole)) + 4e-16 * (lowest + spread))
    }
    var currents = bonds.indices.map { bond in heat.current { bridges.isBeyond(bond, $0) } }
    let unit = spread * modes.frequencyUnit
    for (index, bond) in zip(loops, sums.bonds) {
      let missed = bond.stiffness / slowest * (lacking[bond.first] * lacking[bond.second]).squareRoot()
      currents[index] = .numerical(
        unit * bond.value, bound: unit * (bond.error + abs(missed)) + 2e-16 * abs(unit * bond.value))
    }
    bondCurrents = currents
    // By themselves, so that no other number depends on whether they are asked for.
    springs = try compliances.map { compliances in
      var sums = NetworkSums(
        network, modes, bonds: [], springs: compliances.springs, lowest: lowest, spread: spread, largestHeat: largest)
      try sums.integrate(heat.mesh, relativeTolerance, watch.part(from: 0.5, to: 1))
      return compliances.energies(lowest: lowest, spread: spread, sums.springs)
    }
  }
}

extension NetworkHeat {
  /// What the baths on all other sites give to those on some, counted from 0.
  func current(into isTaker: (_ site: Int) -> Bool) -> Estimate {
    var (sum, bound, size) = (0.0, 0.0, 0.0)
    for (one, giver) in modes.baths.enumerated() where !isTaker(giver.site - 1) {
      for (other, taker) in modes.baths.enumerated() where isTaker(taker.site - 1) {
        let difference = giver.temperature - taker.temperature
        let conductance = conductances[one][other]
        sum += difference * conductance.value
        size += abs(difference * conductance.value)
        bound += abs(difference) * conductance.error
      }
    }
    return .numerical(sum, bound: bound + 2e-16 * Double(modes.baths.count) * size)
  }
}

/// The integrals of all sites and bonds at once, in natural units.
private struct NetworkSums {
  struct Site {
    /// sum_b c_ib, and sum_b c_ib (T_b - T_lowest)/(T_highest - T_lowest).
    var whole = 0.0
    var hot = 0.0
    var error = 0.0
  }
  /// What a panel adds to a site.
  struct Part {
    let whole: PanelTally
    let hot: PanelTally
    let error: Double
    /// (2/pi) int dw sum_b Re g_b |G_ib|², and the same of the error of G.
    let square: Double
    let changed: Double
  }
  struct Bond {
    let first: Int
    let second: Int
    /// k/sqrt(m_i m_j).
    let stiffness: Double
    var value = 0.0
    var error = 0.0
  }

  private(set) var sites: [Site]
  private(set) var bonds: [Bond]
  private(set) var springs: [NetworkSprings.Sum]
  private let modes: NetworkModes
  private let largestHeat: Double
  /// (T - T_lowest)/(T_highest - T_lowest) of every bath.
  private let heats: [Double]
  private let law: ThermalLaw
  /// Unit of energy over the highest temperature, of quantum waves.
  private let unit: Double
  private var response: NetworkResponse
  /// Re g of every station weighted by what the baths give to energies, and by what they give to flows.
  private var hot: [Lanes]
  private var driving: [Lanes]
  /// Largest weight of the former.
  private var largestWeight = 1.0
  private let isDivergent: [Bool]
  private var green: NetworkSites
  private var parts: [Part] = []
  private var flows: [(value: Double, error: Double)] = []
  private var stretches: [(whole: Double, hot: Double, error: Double)] = []
  private var noise: NetworkNoise
  private var noises: [Lanes]

  private static let mostPanels = 1_000_000

  init(
    _ network: HarmonicNetwork, _ modes: NetworkModes, bonds: [HarmonicNetwork.Bond], springs: [NetworkSprings.Spring],
    lowest: Double, spread: Double, largestHeat: Double
  ) {
    self.modes = modes
    self.springs = springs.map { NetworkSprings.Sum(spring: $0) }
    self.largestHeat = largestHeat
    heats = modes.baths.map { ($0.temperature - lowest) / spread }
    law = ThermalLaw(modes)
    unit = (modes.baths.map(\.temperature).max() ?? 0) / spread
    isDivergent = network.masses.indices.map { modes.quantum > 0 && network.hasInstantaneousFriction($0) }
    sites = Array(repeating: Site(), count: modes.sites)
    let (roots, frequency) = (network.massRoots, modes.frequencyUnit)
    let unit = network.masses[0] * frequency * frequency
    self.bonds = bonds.map {
      Bond(first: $0.first, second: $0.second, stiffness: $0.stiffness / unit / (roots[$0.first] * roots[$0.second]))
    }
    response = NetworkResponse(modes)
    hot = Array(repeating: .zero, count: modes.stations.count)
    driving = hot
    green = NetworkSites(modes)
    noise = NetworkNoise(modes)
    noises = Array(repeating: .zero, count: modes.sites)
  }

  mutating func integrate(
    _ mesh: NetworkMesh, _ relativeTolerance: Double, _ watch: WorkWatch
  ) throws(QuadratureError) {
    let accepted = relativeTolerance / Double(max(32, mesh.cells.count))
    try mesh.visit(scale: law.scale, most: Self.mostPanels, watch) { group in
      setNoises(mesh, group)
    } accept: { cell, lane, isLast in
      add(cell, lane, mesh, accepted, isLast: isLast)
    }
  }

  /// (2/pi) sum_b Re g_b times the square of the error of G_ib, in the middles of a group of cells.
  private mutating func setNoises(_ mesh: NetworkMesh, _ group: Range<Int>) {
    response.evaluate(mesh.middles(of: group).at)
    green.evaluate(response)
    let (stations, real, imaginary) = (response.stations, green.real, green.imaginary)
    noise.set(Array(sites.indices), response, anchor: mesh.cells[group.lowerBound].anchor) { row, column in
      (real[row * stations + column], imaginary[row * stations + column])
    }
    for site in sites.indices {
      var sum = Lanes.zero
      for (place, station) in modes.stations.enumerated() {
        let error = noise.between(site, station)
        sum.addProduct(response.stationFriction[place], error * error)
      }
      noises[site] = (2 / Double.pi) * sum
    }
  }

  /// Adds the part of a cell to everything; false, and nothing added, if an error is too large.
  private mutating func add(
    _ cell: NetworkMesh.Cell, _ lane: Int, _ mesh: NetworkMesh, _ accepted: Double, isLast: Bool
  ) -> Bool {
    let half = 0.5 * cell.width
    let at = mesh.frequencies(of: cell)
    response.evaluate(at)
    green.evaluate(response)
    let rounding = mesh.roundingError(of: cell, operations: 8 + 2 * Double(response.stations))
    setHot()
    let frequency = at.frequency
    let weight = (2 / Double.pi) * frequency * at.density
    let span = cell.width * at.density[7]
    let (stations, real, imaginary) = (response.stations, green.real, green.imaginary)
    parts.removeAll(keepingCapacity: true)
    flows.removeAll(keepingCapacity: true)
    stretches.removeAll(keepingCapacity: true)
    for site in sites.indices {
      var (all, warm) = (Lanes.zero, Lanes.zero)
      for station in 0..<stations {
        let place = site * stations + station
        let square = (real[place] * real[place]).addingProduct(imaginary[place], imaginary[place])
        all.addProduct(response.stationFriction[station], square)
        warm.addProduct(hot[station], square)
      }
      let scale = weight * frequency
      let (first, second) = (tally(all * scale, half), tally(warm * scale, half))
      let changed = noises[site][lane] * span
      let moved = frequency[7] * frequency[7] * changed
      let lost = largestWeight * (rounding * first.size + 2 * (first.size * moved).squareRoot() + moved)
      let error = isDivergent[site] ? first.error : max(first.error, second.error)
      if !isLast && !(error <= max(accepted, lost)) && error.isFinite { return false }
      let size = half * ((2 / Double.pi) * at.density * all * GaussKronrod15.weights).sum()
      parts.append(
        Part(
          whole: first, hot: second, error: NetworkMesh.caution * error + lost, square: size, changed: changed))
    }
    for bond in bonds {
      var flow = Lanes.zero
      for station in 0..<stations {
        let (one, other) = (bond.first * stations + station, bond.second * stations + station)
        let turned = (imaginary[one] * real[other]).addingProduct(-real[one], imaginary[other])
        flow.addProduct(driving[station], turned)
      }
      let part = tally(-bond.stiffness * weight * flow, half)
      // By the inequality of Cauchy and Schwarz, between what both sites have and what both may be wrong by.
      let (one, other) = (parts[bond.first], parts[bond.second])
      let lost =
        abs(bond.stiffness)
        * (rounding * (one.square * other.whole.size).squareRoot() + (one.changed * other.whole.size).squareRoot()
          + (other.changed * one.whole.size).squareRoot()
          + frequency[7] * (one.changed * other.changed).squareRoot())
      if !isLast && !(part.error <= max(accepted * largestHeat, lost)) && part.error.isFinite { return false }
      flows.append((part.value, NetworkMesh.caution * part.error + lost))
    }
    for sum in springs {
      let spring = sum.spring
      let ends = [(spring.first, spring.firstShare)] + (spring.second.map { [($0, -spring.secondShare)] } ?? [])
      var (all, warm) = (Lanes.zero, Lanes.zero)
      for station in 0..<stations {
        var (x, y) = (Lanes.zero, Lanes.zero)
        for (site, share) in ends {
          x.addProduct(real[site * stations + station], share)
          y.addProduct(imaginary[site * stations + station], share)
        }
        let square = (x * x).addingProduct(y, y)
        all.addProduct(response.stationFriction[station], square)
        warm.addProduct(hot[station], square)
      }
      let scale = spring.stiffness * (2 / Double.pi) * at.density
      let (first, second) = (tally(all * scale, half), tally(warm * scale, half))
      // What G of each end may be wrong by, squared: the two may differ in sign.
      let off = ends.reduce(0) { sum, end in
        let part = parts[end.0]
        return sum + 2 * end.1 * end.1 * abs(spring.stiffness) * (rounding * rounding * part.square + part.changed)
      }
      let lost = largestWeight * (rounding * first.size + 2 * (first.size * off).squareRoot() + off)
      let error = max(first.error, second.error)
      if !isLast && !(error <= max(accepted * abs(spring.compliance), lost)) && error.isFinite { return false }
      stretches.append((first.value, second.value, NetworkMesh.caution * error + lost))
    }
    for place in springs.indices { springs[place].add(stretches[place]) }
    for site in sites.indices {
      sites[site].whole += parts[site].whole.value
      sites[site].hot += parts[site].hot.value
      sites[site].error += parts[site].error
    }
    for bond in bonds.indices {
      bonds[bond].value += flows[bond].value
      bonds[bond].error += flows[bond].error
    }
    return true
  }

  private func tally(_ values: Lanes, _ half: Double) -> PanelTally {
    withUnsafePointer(to: values) { PanelTally($0, halfWidth: half) }
  }

  /// Re g of every station with every bath weighted by its temperature.
  private mutating func setHot() {
    for station in hot.indices { hot[station] = .zero }
    guard modes.quantum > 0 else {
      for (bath, heat) in zip(modes.baths.indices, heats) {
        hot[modes.baths[bath].station].addProduct(response.dissipative[bath], heat)
      }
      driving = hot
      return
    }
    driving = hot
    let ground = (0.5 * modes.quantum / (modes.quantum + modes.highestTemperature)) * response.frequency
    largestWeight = 1
    for bath in modes.baths.indices {
      let (station, friction) = (modes.baths[bath].station, response.dissipative[bath])
      let energy = unit * law.energy(bath, response.frequency)
      driving[station].addProduct(friction, energy)
      hot[station].addProduct(friction, energy + ground)
      // A uniform factor of what has a bound of its own; at the end of the range it is only the error that it scales.
      largestWeight = max(largestWeight, (energy + ground).max())
    }
  }
}
