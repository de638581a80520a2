import NessMath
import NessModel
import NessStatistics

/// How the transmission integrals between the baths of a network change with parameters,
///
///     I_ac = (2/pi) int_0^inf dw w² Re g_a Re g_c |G_ac|²,     dG_ac = -sum_ij G_ai (dK_ij - w² dM_ij) G_jc
///
/// where dK holds springs, what holds the sites, and -i w dg of the baths; nothing is differenced but the numbers of the network
/// themselves (`NetworkTangent`).
///
/// A resonance that moves adds on one side of its place what it takes on the other, so at weak coupling the parts are larger than
/// their sum by the quality of the resonance: they are integrated to their last digits, and the bound says what is left.
///
/// - Checked by: differences of heats, closed forms (ParameterResponseTests).
struct NetworkSensitivity {
  /// dI_ac/dp of every tangent and pair, `[tangent][NetworkResponse.pair(a, c)]`, in units of the frequency unit.
  private(set) var changes: [[Estimate]]

  private let modes: NetworkModes
  private let directions: [Direction]
  /// Pairs of baths between which heat may flow.
  private let pairs: [(one: Int, other: Int)]
  private let spectra: [FrictionSpectrum]
  /// Springs that any parameter changes.
  private let springs: [Spring]
  private var response: NetworkResponse
  private var sites: NetworkSites
  private var noise: NetworkNoise
  /// |G| of every site to every station, and of the stretches of the springs; with their errors.
  private var sizes: Sizes
  private var largest: Sizes
  private var found: [Lanes]
  private var gross: [Lanes]
  private var grown: [Lanes]
  private var unsure: [Lanes]

  /// A spring: the sites at its ends, and by what their mass-weighted displacements are multiplied.
  private struct Spring {
    let first: Int
    let second: Int
    let near: Double
    let far: Double
  }

  /// Sizes of G between sites and stations, `[site * stations + station]`, and of its differences along springs.
  private struct Sizes {
    var sites: [Lanes]
    var springs: [Lanes]
  }

  /// A tangent in natural units.
  private struct Direction {
    typealias Slope = NetworkTangent.Slope
    var masses: [(site: Int, slope: Slope)] = []
    var springs: [(spring: Int, slope: Slope)] = []
    var held: [(site: Int, slope: Slope)] = []
    var contacts: [NetworkTangent.Contact] = []
  }

  private static let mostPanels = 1_000_000
  private static let tolerance = 1e-12

  /// - Throws: `QuadratureError`.
  init(_ tangents: [NetworkTangent], _ network: HarmonicNetwork, _ heat: NetworkHeat, watch: WorkWatch)
    throws(QuadratureError)
  {
    modes = heat.modes
    let baths = modes.baths
    pairs = baths.indices.flatMap { one in
      (0..<one).filter { baths[one].temperature != baths[$0].temperature }.map { (one, $0) }
    }
    spectra = baths.map(FrictionSpectrum.init)
    let used = Set(tangents.flatMap { $0.bonds.map(\.bond) }).sorted()
    let places = Dictionary(uniqueKeysWithValues: used.enumerated().map { ($1, $0) })
    let (masses, unit, roots) = (network.masses, modes.frequencyUnit, network.massRoots)
    springs = used.map { place in
      let bond = network.bonds[place]
      return Spring(first: bond.first, second: bond.second, near: 1 / roots[bond.first], far: 1 / roots[bond.second])
    }
    directions = tangents.map { tangent in
      var direction = Direction()
      direction.masses = tangent.masses.map { ($0.site, $0.slope.scaled(by: 1 / masses[$0.site])) }
      direction.springs = tangent.bonds.map {
        (places[$0.bond] ?? 0, $0.slope.scaled(by: 1 / masses[0] / unit / unit))
      }
      direction.held = tangent.held.map { ($0.site, $0.slope.scaled(by: 1 / masses[$0.site] / unit / unit)) }
      direction.contacts = tangent.contacts.filter(\.changesForce).map { contact in
        let mass = masses[network.contacts[contact.index].site]
        var scaled = contact
        scaled.instantaneous = contact.instantaneous.scaled(by: 1 / mass / unit)
        scaled.terms = contact.terms.map {
          ($0.amplitude.scaled(by: 1 / mass / unit / unit), $0.rate.scaled(by: 1 / unit))
        }
        return scaled
      }
      return direction
    }
    kernels = network.contacts.map { contact in
      let mass = masses[contact.site]
      return contact.friction.terms.map { .init(amplitude: $0.amplitude / mass / unit / unit, rate: $0.rate / unit) }
    }
    response = NetworkResponse(modes)
    sites = NetworkSites(modes)
    noise = NetworkNoise(modes)
    let stations = modes.stations.count
    sizes = Sizes(
      sites: Array(repeating: .zero, count: modes.sites * stations),
      springs: Array(repeating: .zero, count: springs.count * stations))
    largest = sizes
    found = Array(repeating: .zero, count: directions.count * pairs.count)
    (gross, grown, unsure) = (found, found, found)
    changes = Array(
      repeating: Array(repeating: .numerical(0, bound: 0), count: baths.count * (baths.count + 1) / 2),
      count: tangents.count)
    if !found.isEmpty { try integrate(heat, watch) }
  }

  /// Terms of the kernels in natural units.
  private let kernels: [[FrictionKernel.Term]]

  // MARK: integrals

  private mutating func integrate(_ heat: NetworkHeat, _ watch: WorkWatch) throws(QuadratureError) {
    let (mesh, count) = (heat.mesh, found.count)
    var expected = [Double](repeating: 0, count: count)
    for group in mesh.groups {
      if watch.shouldStop() { throw .stopped }
      let (at, widths) = mesh.middles(of: group)
      evaluate(at)
      let weight = at.density * widths
      for place in 0..<count { expected[place] += (gross[place] * weight).sum() }
    }
    let accepted = Self.tolerance / Double(max(32, mesh.cells.count))
    var (values, errors, sums) = (
      [Double](repeating: 0, count: count), [Double](repeating: 0, count: count), [Double](repeating: 0, count: count)
    )
    var tallies: [(tally: PanelTally, error: Double, size: Double)] = []
    var errorsOfG: [Lanes] = []
    try mesh.visit(most: Self.mostPanels, watch) { group in
      errorsOfG = setNoise(mesh, group)
    } accept: { cell, lane, isLast throws(QuadratureError) in
      let half = 0.5 * cell.width
      let at = mesh.frequencies(of: cell)
      let relative = 2 * mesh.roundingError(of: cell, operations: 8 + 2 * Double(response.stations))
      evaluate(at, relative: relative, errorsOfG, lane)
      tallies.removeAll(keepingCapacity: true)
      for place in 0..<count {
        let values = found[place] * at.density
        let tally = withUnsafePointer(to: values) { PanelTally($0, halfWidth: half) }
        guard tally.value.isFinite else { throw .notFinite(near: modes.frequencyUnit * at.frequency[7]) }
        func sum(_ values: Lanes) -> Double { half * (values * at.density * GaussKronrod15.weights).sum() }
        let size = sum(gross[place])
        // The weights of the bath terms and of the products on the way are rounded as well.
        let rounding = max(0, sum(grown[place]) - size) + 4e-15 * size
        if !isLast && tally.error > max(accepted * expected[place], rounding) { return false }
        tallies.append((tally, rounding + sum(unsure[place]), size))
      }
      for place in 0..<count {
        values[place] += tallies[place].tally.value
        errors[place] += NetworkMesh.caution * tallies[place].tally.error + tallies[place].error
        sums[place] += tallies[place].size
      }
      return true
    }
    for direction in directions.indices {
      for (index, pair) in pairs.enumerated() {
        let place = direction * pairs.count + index
        // Resonances that were missed change as much of themselves as the others at most.
        let whole = heat.conductances[pair.one][pair.other].value / modes.frequencyUnit
        let missed = min(heat.missed[pair.one], heat.missed[pair.other])
        let share = missed > 0 ? missed / max(whole, missed) : 0
        changes[direction][NetworkResponse.pair(pair.one, pair.other)] = .numerical(
          values[place], bound: errors[place] + share * sums[place])
      }
    }
  }

  /// By how much G of all sites may be wrong in the middles of a group of cells.
  private mutating func setNoise(_ mesh: NetworkMesh, _ group: Range<Int>) -> [Lanes] {
    response.evaluate(mesh.middles(of: group).at)
    sites.evaluate(response)
    let (stations, real, imaginary) = (response.stations, sites.real, sites.imaginary)
    noise.set(Array(0..<modes.sites), response, anchor: mesh.cells[group.lowerBound].anchor) { row, column in
      (real[row * stations + column], imaginary[row * stations + column])
    }
    return (0..<modes.sites).flatMap { site in modes.stations.map { noise.between(site, $0) } }
  }

  // MARK: integrands

  /// Fills integrands and sizes; with the errors of G in one lane also what they may change.
  private mutating func evaluate(
    _ at: NetworkFrequencies, relative: Double = 0, _ errorsOfG: [Lanes]? = nil, _ lane: Int = 0
  ) {
    response.evaluate(at)
    sites.evaluate(response)
    let stations = response.stations
    func size(_ real: Lanes, _ imaginary: Lanes) -> Lanes {
      (real * real).addingProduct(imaginary, imaginary).squareRoot()
    }
    for place in sizes.sites.indices { sizes.sites[place] = size(sites.real[place], sites.imaginary[place]) }
    for (index, spring) in springs.enumerated() {
      for station in 0..<stations {
        let (one, other) = (spring.first * stations + station, spring.second * stations + station)
        sizes.springs[index * stations + station] = size(
          spring.near * sites.real[one] - spring.far * sites.real[other],
          spring.near * sites.imaginary[one] - spring.far * sites.imaginary[other])
      }
    }
    if let errorsOfG {
      for place in sizes.sites.indices {
        largest.sites[place] = sizes.sites[place] * (1 + relative) + errorsOfG[place][lane]
      }
      for (index, spring) in springs.enumerated() {
        for station in 0..<stations {
          let error =
            spring.near * errorsOfG[spring.first * stations + station][lane]
            + spring.far * errorsOfG[spring.second * stations + station][lane]
          let place = index * stations + station
          largest.springs[place] = sizes.springs[place] * (1 + relative) + error
        }
      }
    }
    let weight = (2 / Double.pi) * response.frequency * response.frequency
    for (index, direction) in directions.enumerated() {
      let forces = direction.contacts.map { force($0) }
      for (place, pair) in pairs.enumerated() {
        let result = change(direction, forces, pair.one, pair.other)
        let target = index * pairs.count + place
        found[target] = weight * result.value
        gross[target] = weight * result.size
        if errorsOfG != nil {
          grown[target] = weight * grownSize(direction, forces, pair.one, pair.other)
          unsure[target] = weight * result.unsure
        }
      }
    }
  }

  /// What changes of the force of a contact: Re dg, and dZ = elastic - i w Re dg, with bounds on their errors.
  private struct Force {
    let contact: Int
    let station: Int
    var friction = Lanes.zero
    var elastic = Lanes.zero
    var frictionError = Lanes.zero
    var elasticError = Lanes.zero
    var imaginary = Lanes.zero
    var size = Lanes.zero
    var error = Lanes.zero
  }

  private func force(_ change: NetworkTangent.Contact) -> Force {
    let frequency = response.frequency
    let square = frequency * frequency
    var force = Force(contact: change.index, station: modes.baths[change.index].station)
    force.friction = Lanes(repeating: change.instantaneous.value)
    force.frictionError = Lanes(repeating: change.instantaneous.error)
    for (term, slope) in zip(kernels[change.index], change.terms) {
      let rate = term.rate
      let inverse = (square + rate * rate).reciprocal
      // Of c r/(r² + w²) and c w²/(r² + w²).
      let ofFriction = (
        amplitude: rate * inverse, rate: -term.amplitude * (rate * rate - square) * inverse * inverse
      )
      let ofElastic = (amplitude: square * inverse, rate: -2 * term.amplitude * rate * square * inverse * inverse)
      force.friction += slope.amplitude.value * ofFriction.amplitude + slope.rate.value * ofFriction.rate
      force.elastic += slope.amplitude.value * ofElastic.amplitude + slope.rate.value * ofElastic.rate
      force.frictionError +=
        slope.amplitude.error * ofFriction.amplitude + slope.rate.error * ofFriction.rate.magnitude
      force.elasticError +=
        slope.amplitude.error * ofElastic.amplitude + slope.rate.error * ofElastic.rate.magnitude
    }
    force.imaginary = -(frequency * force.friction)
    force.size = (force.elastic * force.elastic).addingProduct(force.imaginary, force.imaginary).squareRoot()
    force.error = force.elasticError + frequency * force.frictionError
    return force
  }

  /// The derivative of Re g_a Re g_c |G_ac|², its size if nothing cancelled, and what errors of the tangent change.
  private func change(_ direction: Direction, _ forces: [Force], _ one: Int, _ other: Int) -> (
    value: Lanes, size: Lanes, unsure: Lanes
  ) {
    let stations = response.stations
    let (a, c) = (modes.baths[one].station, modes.baths[other].station)
    let square = response.frequency * response.frequency
    // sum_ij G_ai dZ_ij G_jc
    var (real, imaginary, size, unsure) = (Lanes.zero, Lanes.zero, Lanes.zero, Lanes.zero)
    func add(_ site: Int, _ slope: Lanes, _ error: Lanes) {
      let (first, second) = (site * stations + a, site * stations + c)
      let (p, q, r, s) = (sites.real[first], sites.imaginary[first], sites.real[second], sites.imaginary[second])
      real.addProduct(slope, (p * r).addingProduct(-q, s))
      imaginary.addProduct(slope, (p * s).addingProduct(q, r))
      let product = sizes.sites[first] * sizes.sites[second]
      size.addProduct(slope.magnitude, product)
      unsure.addProduct(error, product)
    }
    for mass in direction.masses { add(mass.site, -square * mass.slope.value, square * mass.slope.error) }
    for spring in direction.held {
      add(spring.site, Lanes(repeating: spring.slope.value), Lanes(repeating: spring.slope.error))
    }
    for spring in direction.springs {
      let ends = springs[spring.spring]
      func stretch(_ station: Int) -> (Lanes, Lanes) {
        let (near, far) = (ends.first * stations + station, ends.second * stations + station)
        return (
          ends.near * sites.real[near] - ends.far * sites.real[far],
          ends.near * sites.imaginary[near] - ends.far * sites.imaginary[far]
        )
      }
      let ((p, q), (r, s)) = (stretch(a), stretch(c))
      real.addProduct((p * r).addingProduct(-q, s), spring.slope.value)
      imaginary.addProduct((p * s).addingProduct(q, r), spring.slope.value)
      let product = sizes.springs[spring.spring * stations + a] * sizes.springs[spring.spring * stations + c]
      size.addProduct(product, abs(spring.slope.value))
      unsure.addProduct(product, spring.slope.error)
    }
    for force in forces {
      let site = modes.stations[force.station] * stations
      let (p, q, r, s) = (
        sites.real[site + a], sites.imaginary[site + a], sites.real[site + c], sites.imaginary[site + c]
      )
      let (u, v) = ((p * r).addingProduct(-q, s), (p * s).addingProduct(q, r))
      real += (u * force.elastic).addingProduct(-v, force.imaginary)
      imaginary += (u * force.imaginary).addingProduct(v, force.elastic)
      let product = sizes.sites[site + a] * sizes.sites[site + c]
      size.addProduct(force.size, product)
      unsure.addProduct(force.error, product)
    }
    let place = modes.stations[a] * stations + c
    let (x, y, whole) = (sites.real[place], sites.imaginary[place], sizes.sites[place])
    let (first, second) = (response.dissipative[one], response.dissipative[other])
    let both = 2 * first * second
    var value = -both * (x * real).addingProduct(y, imaginary)
    size = both * whole * size
    unsure = both * whole * unsure
    for force in forces where force.contact == one || force.contact == other {
      let partner = (force.contact == one ? second : first) * whole * whole
      value.addProduct(force.friction, partner)
      size.addProduct(force.friction.magnitude, partner)
      unsure.addProduct(force.frictionError, partner)
    }
    return (value, size, unsure)
  }

  /// The size with all G as large as their errors allow.
  private func grownSize(_ direction: Direction, _ forces: [Force], _ one: Int, _ other: Int) -> Lanes {
    let stations = response.stations
    let (a, c) = (modes.baths[one].station, modes.baths[other].station)
    let square = response.frequency * response.frequency
    var size = Lanes.zero
    for mass in direction.masses {
      let site = mass.site * stations
      size.addProduct(square * abs(mass.slope.value), largest.sites[site + a] * largest.sites[site + c])
    }
    for spring in direction.held {
      let site = spring.site * stations
      size.addProduct(largest.sites[site + a] * largest.sites[site + c], abs(spring.slope.value))
    }
    for spring in direction.springs {
      let place = spring.spring * stations
      size.addProduct(largest.springs[place + a] * largest.springs[place + c], abs(spring.slope.value))
    }
    for force in forces {
      let site = modes.stations[force.station] * stations
      size.addProduct(force.size, largest.sites[site + a] * largest.sites[site + c])
    }
    let whole = largest.sites[modes.stations[a] * stations + c]
    let (first, second) = (response.dissipative[one], response.dissipative[other])
    size = 2 * first * second * whole * size
    for force in forces where force.contact == one || force.contact == other {
      let partner = (force.contact == one ? second : first) * whole * whole
      size.addProduct(force.friction.magnitude, partner)
    }
    return size
  }
}
