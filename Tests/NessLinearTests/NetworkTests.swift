import Foundation
import NessLinear
import NessMath
import NessModel
import NessStatistics
import NessTestSupport
import Testing

/// Springs of stiffness 1 between pairs of sites, counted from 0.
private func springs(_ pairs: [(Int, Int)]) -> [HarmonicNetwork.Bond] { pairs.map { .init($0, $1, stiffness: 1) } }

/// Langevin baths of friction 0.7 on sites, counted from 0.
private func baths(_ places: [(site: Int, temperature: Double)]) -> [HarmonicNetwork.Contact] {
  places.enumerated().map { index, place in
    .init(
      name: "bath\(index)", site: place.site, temperature: place.temperature, friction: .init(instantaneous: 0.7))
  }
}

private func ring(_ sites: Int) -> [(Int, Int)] { (0..<sites).map { ($0, ($0 + 1) % sites) } }

/// Laws that hold for every harmonic network, on the networks of the reference table.
@Suite struct NetworkLawTests {
  private func networks() throws -> [HarmonicNetwork] {
    try ReferenceNetworkTests.references().filter { $0.line % 4 == 0 }.map(\.network)
  }

  @Test func firstAndSecondLaw() throws {
    var produced = 0
    for network in try networks() {
      let heat = try NetworkHeat(network)
      var (sum, bound, production, uncertainty) = (0.0, 0.0, 0.0, 0.0)
      for (current, contact) in zip(heat.currents, network.contacts) {
        sum += current.value
        bound += current.error
        production -= current.value / contact.temperature
        uncertainty += current.error / contact.temperature
      }
      #expect(abs(sum) <= bound)
      #expect(production >= -uncertainty)
      if production > uncertainty { produced += 1 }
      for (one, row) in heat.conductances.enumerated() {
        #expect(row[one].value == 0 && row.allSatisfy { $0.value >= 0 })
        for other in row.indices { #expect(row[other] == heat.conductances[other][one]) }
      }
    }
    #expect(produced > 60)
  }

  /// What flows into a site flows out of it; without one of its springs it would not.
  @Test func energyIsKeptAtEverySite() throws {
    var seen = 0
    for network in try networks() where network.bonds.count > 0 {
      let heat = try NetworkHeat(network)
      let profile = try NetworkProfile(network, heat)
      for site in 0..<network.sites {
        var flows = zip(network.contacts, heat.currents).filter { $0.0.site == site }.map(\.1)
        for (bond, current) in zip(network.bonds, profile.bondCurrents) {
          if bond.first == site { flows.append(.numerical(-current.value, bound: current.error)) }
          if bond.second == site { flows.append(current) }
        }
        let (sum, bound) = flows.reduce((0, 0)) { ($0.0 + $1.value, $0.1 + $1.error) }
        #expect(abs(sum) <= bound, "\(flows)")
        if flows.contains(where: { abs(sum - $0.value) > bound }) { seen += 1 }
      }
    }
    #expect(seen > 100)
  }

  @Test func equalTemperaturesCarryNothing() throws {
    for network in try networks() {
      let equal = HarmonicNetwork(
        masses: network.masses, bonds: network.bonds, siteStiffness: network.siteStiffness,
        contacts: network.contacts.map {
          .init(name: $0.name, site: $0.site, temperature: 3, friction: $0.friction, stiffnessShift: $0.stiffnessShift)
        })
      let heat = try NetworkHeat(equal)
      let profile = try NetworkProfile(equal, heat)
      #expect(heat.currents.allSatisfy { $0.value == 0 && $0.error == 0 })
      #expect(profile.bondCurrents.allSatisfy { $0.value == 0 })
      #expect(profile.temperatures.allSatisfy { abs($0.value - 3) <= $0.error && $0.error < 1e-14 })
    }
  }

  /// Units of mass, length and time change exponents by powers of two, and only the last digits by others.
  @Test(arguments: [(0x1p-40, 0x1p30, 0x1p13), (0x1p33, 0x1p-20, 0x1p-41), (3.7e5, 0.013, 7.7e-4), (1e-9, 17, 3e8)])
  func unitsDoNotMatter(mass: Double, length: Double, time: Double) throws {
    let isPower = [mass, length, time].allSatisfy { $0.significand == 1 }
    let energy = mass * length * length / (time * time)
    let stiffness = mass / (time * time)
    for network in try networks() {
      let other = HarmonicNetwork(
        masses: network.masses.map { $0 * mass },
        bonds: network.bonds.map { .init($0.first, $0.second, stiffness: $0.stiffness * stiffness) },
        siteStiffness: network.siteStiffness.map { $0 * stiffness },
        contacts: network.contacts.map { contact in
          .init(
            name: contact.name, site: contact.site, temperature: contact.temperature * energy,
            friction: .init(
              instantaneous: contact.friction.instantaneous * (mass / time),
              terms: contact.friction.terms.map { .init(amplitude: $0.amplitude * stiffness, rate: $0.rate / time) }),
            stiffnessShift: contact.stiffnessShift * stiffness)
        })
      let (one, two) = (try NetworkHeat(network), try NetworkHeat(other))
      let (first, second) = (try NetworkProfile(network, one), try NetworkProfile(other, two))
      let unit = energy / time
      let pairs =
        zip(one.currents, two.currents).map { ($0, $1, unit) }
        + zip(first.bondCurrents, second.bondCurrents).map { ($0, $1, unit) }
        + zip(first.temperatures, second.temperatures).map { ($0, $1, energy) }
      for (plain, scaled, unit) in pairs {
        if isPower {
          #expect(plain.value * unit == scaled.value && plain.error * unit == scaled.error)
        } else {
          #expect(abs(plain.value * unit - scaled.value) <= plain.error * unit + scaled.error)
          #expect(scaled.error < 3 * plain.error * unit + 1e-300)
        }
      }
    }
  }

  /// A bound follows the tolerance: looser integrals are further off, and their bounds know it.
  @Test func looseTolerance() throws {
    var (worse, tried) = (0, 0)
    for network in try networks() {
      let (loose, sharp) = (try NetworkHeat(network, relativeTolerance: 1e-3), try NetworkHeat(network))
      for (one, other) in zip(loose.currents, sharp.currents) where other.error < 1e-9 * abs(other.value) {
        #expect(abs(one.value - other.value) <= one.error + other.error)
        tried += 1
        if abs(one.value - other.value) > 10 * other.error { worse += 1 }
      }
    }
    #expect(tried > 150 && worse > 3, "\(worse) of \(tried)")
  }
}

/// Networks whose answer is known.
@Suite struct NetworkExampleTests {
  /// Documentation/Theory and the chain: frictions 0.7 and 1.3, temperatures 3 and 1, m = k = K = 1.
  @Test func chainOfThree() throws {
    let network = HarmonicNetwork(
      masses: [1, 1, 1], bonds: springs([(0, 1), (1, 2)]), siteStiffness: [1, 0, 1],
      contacts: [
        .init(name: "left", site: 0, temperature: 3, friction: .init(instantaneous: 0.7)),
        .init(name: "right", site: 2, temperature: 1, friction: .init(instantaneous: 1.3)),
      ])
    let heat = try NetworkHeat(network)
    #expect(abs(heat.currents[0].value - 0.36020380950) < 1e-11)
    #expect(heat.currents[0].error < 1e-12)
    let profile = try NetworkProfile(network, heat)
    #expect(
      profile.bondCurrents.allSatisfy { abs($0.value - heat.currents[0].value) <= $0.error + heat.currents[0].error })
  }

  /// Three sites that are all alike: each pair of baths exchanges the same, whatever the temperatures.
  @Test func triangleOfThreeBaths() throws {
    let network = HarmonicNetwork(
      masses: [2, 2, 2], bonds: springs(ring(3)), siteStiffness: [1, 1, 1],
      contacts: baths([(0, 5), (1, 2), (2, 1)]))
    let heat = try NetworkHeat(network)
    let conductance = heat.conductances[0][1]
    #expect(abs(heat.conductances[1][2].value - conductance.value) <= 2 * conductance.error)
    for (current, factor) in zip(heat.currents, [7.0, -2, -5]) {
      #expect(abs(current.value - factor * conductance.value) <= current.error + 8 * conductance.error)
    }
    // The kinetic temperature is that of the bath less what it loses: J = gamma (T - m v²)/m.
    let profile = try NetworkProfile(network, heat)
    for (index, temperature) in [5.0, 2, 1].enumerated() {
      let expected = 0.35 * (temperature - profile.temperatures[index].value)
      #expect(abs(heat.currents[index].value - expected) < 1e-11)
    }
    #expect(conductance.value > 0.01 && conductance.error < 1e-11)
  }

  /// Baths on one site exchange heat directly: gamma_1 gamma_2/(m (gamma_1 + gamma_2)), whatever hangs on the site.
  @Test(arguments: [0, 1e-9, 1, 1e9])
  func oneSite(pinning: Double) throws {
    for arms in [0, 3] {
      let network = HarmonicNetwork(
        masses: [Double](repeating: 2, count: 1 + arms), bonds: springs((0..<arms).map { (0, $0 + 1) }),
        siteStiffness: [pinning] + [Double](repeating: 0, count: arms),
        contacts: [
          .init(name: "a", site: 0, temperature: 5, friction: .init(instantaneous: 1e-3)),
          .init(name: "b", site: 0, temperature: 2, friction: .init(instantaneous: 30)),
        ])
      let heat = try NetworkHeat(network)
      let exact = 3 * 1e-3 * 30 / (2 * 30.001)
      #expect(abs(heat.currents[0].value - exact) <= heat.currents[0].error)
      #expect(heat.currents[0].error < 1e-7 * exact)
      #expect(abs(heat.currents[0].value - 1.0001 * exact) > heat.currents[0].error)
      // Two of the three ways in which the arms move leave the middle at rest.
      #expect((heat.darkReason != nil) == (arms > 0))
    }
  }

  /// Lattices whose modes are degenerate many times, weak and strong friction: balance at the sites, no dark modes.
  @Test(arguments: [1e-7, 0.3, 1e5])
  func cube(friction: Double) throws {
    var pairs: [(Int, Int)] = []
    for site in 0..<27 {
      for (step, place) in [(1, site % 3), (3, site / 3 % 3), (9, site / 9)] where place < 2 {
        pairs.append((site, site + step))
      }
    }
    let network = HarmonicNetwork(
      masses: [Double](repeating: 1, count: 27), bonds: springs(pairs),
      siteStiffness: [Double](repeating: 0.2, count: 27),
      contacts: (0..<27).map {
        .init(
          name: "b\($0)", site: $0, temperature: 1 + Double($0 % 5), friction: .init(instantaneous: friction))
      })
    let heat = try NetworkHeat(network)
    #expect(heat.darkReason == nil)
    let profile = try NetworkProfile(network, heat)
    for (site, current) in heat.currents.enumerated() {
      let temperature = profile.temperatures[site]
      let expected = friction * (1 + Double(site % 5) - temperature.value)
      #expect(abs(current.value - expected) <= current.error + friction * temperature.error)
      #expect(temperature.error < 1e-5)
    }
  }
}

/// Where there is no steady state, or more than one.
@Suite struct NetworkStabilityTests {
  private func heat(_ sites: Int, _ pairs: [(Int, Int)], held: [Double], _ contacts: [HarmonicNetwork.Contact]) throws
    -> NetworkHeat
  {
    try NetworkHeat(
      HarmonicNetwork(
        masses: [Double](repeating: 1, count: sites), bonds: springs(pairs), siteStiffness: held, contacts: contacts))
  }

  /// A ring of four with baths on two opposite sites: the two others may swing against each other for ever.
  @Test func darkModesAreNamed() throws {
    let dark = try heat(4, ring(4), held: [1, 1, 1, 1], baths([(0, 2), (2, 1)]))
    let reason = try #require(dark.darkReason)
    // sqrt(1 + 2) for the swing of 2 and 4.
    #expect(reason.contains("1.73205") && reason.contains("sites 2 and 4") && reason.contains("not unique"))
    #expect(!reason.contains("other"))
    #expect(dark.currents[0].value > 0.01 && dark.currents[0].error < 1e-10)
    // A bath on a third site sees it; so does one of another mass.
    #expect(try heat(4, ring(4), held: [1, 1, 1, 1], baths([(0, 2), (1, 1)])).darkReason == nil)
    #expect(try heat(4, ring(4), held: [1, 1, 1, 1.1], baths([(0, 2), (2, 1)])).darkReason == nil)
  }

  /// Of two modes of one frequency on a ring a single bath reaches one combination.
  @Test(arguments: [3, 5, 12, 64])
  func oneBathOnARing(sites: Int) throws {
    let held = [Double](repeating: 0.3, count: sites)
    let one = try heat(sites, ring(sites), held: held, baths([(1, 2), (1, 1)]))
    #expect(try #require(one.darkReason).contains("other mode") == (sites > 4))
    // Neighbours see all of them.
    #expect(try heat(sites, ring(sites), held: held, baths([(1, 2), (2, 1)])).darkReason == nil)
  }

  /// A star and a complete graph: many modes of one frequency.
  @Test func manyAtOneFrequency() throws {
    let star = (1..<9).map { (0, $0) }
    let held = [Double](repeating: 1, count: 9)
    let places = (1..<8).map { (site: $0, temperature: Double($0)) }
    #expect(try heat(9, star, held: held, baths(places)).darkReason == nil)
    let reason = try heat(9, star, held: held, baths(Array(places.dropLast(2)))).darkReason
    #expect(try #require(reason).contains("and 1 other mode"))
    let complete = (0..<6).flatMap { one in ((one + 1)..<6).map { (one, $0) } }
    #expect(try heat(6, complete, held: [Double](repeating: 1, count: 6), baths([(0, 1), (1, 2)])).darkReason != nil)
  }

  /// A part without a bath never forgets; a bath of no friction is none.
  @Test func partsWithoutABath() throws {
    #expect(try heat(4, [(0, 1), (2, 3)], held: [1, 0, 1, 0], baths([(0, 1), (1, 2)])).darkReason != nil)
    #expect(try heat(4, [(0, 1), (2, 3)], held: [1, 0, 1, 0], baths([(0, 1), (2, 2)])).darkReason == nil)
    // Parts that nothing holds, each with two baths.
    let free = try heat(4, [(0, 1), (2, 3)], held: [0, 0, 0, 0], baths([(0, 3), (1, 1), (2, 3), (3, 1)]))
    #expect(free.darkReason == nil)
    #expect(abs(free.currents[0].value - free.currents[2].value) <= free.currents[0].error + free.currents[2].error)
    #expect(free.currents[0].value > 0.1)
    let decoupled = HarmonicNetwork(
      masses: [1], bonds: [], siteStiffness: [1],
      contacts: [.init(name: "a", site: 0, temperature: 1, friction: .init(instantaneous: 0))])
    #expect(try NetworkHeat(decoupled).darkReason != nil)
  }

  @Test func unstableNetworksAreRefused() throws {
    // The middle of three stands on a hill of curvature -h; between springs of 1 it falls for h > 2 - 1.
    func held(_ hill: Double) throws -> NetworkHeat {
      try heat(3, [(0, 1), (1, 2)], held: [1, -hill, 1], baths([(0, 2), (2, 1)]))
    }
    #expect(try held(0.999999).currents[0].value > 0)
    for hill in [1, 1.000001, 5] {
      let error = try #require(throws: UnstableNetwork.self) { try held(hill) }
      #expect(error.description.contains("site") && error.square < 1e-12)
    }
    let negative = HarmonicNetwork(
      masses: [1, 1], bonds: [.init(0, 1, stiffness: -1)], siteStiffness: [0, 0], contacts: baths([(0, 1)]))
    #expect(throws: UnstableNetwork.self) { try NetworkHeat(negative) }
  }

  /// Long work tells how far it is, ever further, and stops when it is asked to.
  @Test func tellsHowFarItIs() throws {
    let network = HarmonicNetwork(
      masses: (0..<60).map { 1 + 0.1 * Double($0 % 7) }, bonds: springs(ring(60)),
      siteStiffness: [Double](repeating: 0.1, count: 60), contacts: baths([(0, 1), (11, 2), (31, 3)]))
    let heard = CollectedValues<Double>()
    var watch = WorkWatch(onProgress: { heard.add($0) })
    let heat = try NetworkHeat(network, watch: watch)
    _ = try NetworkProfile(network, heat, watch: watch)
    #expect(heard.values.count > 20)
    let looks = LookCount(30)
    watch.shouldStop = { looks.isOver() }
    #expect(throws: QuadratureError.stopped) { try NetworkHeat(network, watch: watch) }
    #expect(throws: QuadratureError.stopped) { try NetworkProfile(network, heat, watch: watch) }
  }
}

/// Bonds that alone join two halves carry exactly what the halves exchange; those of loops are integrals.
@Suite struct BridgeTests {
  @Test func bridgesOfATree() throws {
    // Two triangles, 0 1 2 and 3 4 5, joined by 2-3; site 6 hangs on 5. A part of its own: 7-8.
    let pairs = [(0, 1), (1, 2), (0, 2), (2, 3), (3, 4), (4, 5), (3, 5), (5, 6), (7, 8)]
    let network = HarmonicNetwork(
      masses: [Double](repeating: 1, count: 9), bonds: springs(pairs),
      siteStiffness: [Double](repeating: 0.4, count: 9),
      contacts: baths([(0, 5), (1, 3), (4, 2), (6, 1), (7, 2), (8, 1)]))
    let heat = try NetworkHeat(network)
    let profile = try NetworkProfile(network, heat)
    func into(_ sites: [Int]) -> Estimate {
      zip(network.contacts, heat.currents).reduce(.numerical(0, bound: 0)) { sum, entry in
        sites.contains(entry.0.site)
          ? .numerical(sum.value - entry.1.value, bound: sum.error + entry.1.error) : sum
      }
    }
    for (bond, far) in [(3, [3, 4, 5, 6]), (7, [6]), (8, [8])] {
      let (found, expected) = (profile.bondCurrents[bond], into(far))
      #expect(abs(found.value - expected.value) <= found.error + expected.error)
      #expect(abs(found.value) > 0.01)
    }
    // The same spring once more by another way: integrals give the same.
    let looped = HarmonicNetwork(
      masses: network.masses, bonds: network.bonds + [.init(0, 6, stiffness: 0), .init(0, 7, stiffness: 0)],
      siteStiffness: network.siteStiffness, contacts: network.contacts)
    let other = try NetworkProfile(looped, heat)
    for (one, two) in zip(profile.bondCurrents, other.bondCurrents) {
      #expect(abs(one.value - two.value) <= one.error + two.error)
    }
    #expect(other.bondCurrents[9].value == 0)
    // Without temperatures a tree needs no integrals.
    let few = try NetworkProfile(network, heat, withTemperatures: false)
    #expect(few.temperatures.isEmpty && few.bondCurrents == profile.bondCurrents)
  }
}
