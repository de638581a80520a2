import NessModel

/// A network between baths as the engine sees it.
package struct BathedNetwork: Sendable {
  /// A bath under a name.
  package struct Bath: Sendable {
    package let name: String
    /// The site that it touches, from 0.
    package let site: Int
    package let law: NetworkBath

    package init(name: String, site: Int, law: NetworkBath) { (self.name, self.site, self.law) = (name, site, law) }
  }

  package let network: SiteNetwork
  /// The baths, ordered by site.
  package let baths: [Bath]
  /// The baths as they were written.
  package private(set) var written: [WrittenBath]
  /// The self-consistent reservoirs among them, by their places: Langevin baths whose temperatures are to be found, and until then
  /// are those that are expected of their sites.
  package private(set) var reservoirs: [Int] = []

  /// - Parameters:
  ///   - network: masses, bonds and fields.
  ///   - baths: at least one, in the order of the model.
  ///   - written: those in the file; each for itself unless given.
  package init(_ network: SiteNetwork, _ baths: [Bath], written: [WrittenBath]? = nil) {
    (self.network, self.baths) = (network, baths)
    self.written = written ?? [WrittenBath](baths.map { ($0.name, nil, $0.law.drive == .selfConsistent) })
  }

  var siteBaths: [SiteBath] { baths.map { SiteBath(site: $0.site, law: $0.law.stochasticLaw) } }
  /// Temperature of the hottest bath [energy].
  package var hottest: Double { baths.reduce(0) { max($0, $1.law.temperature) } }
  /// The baths whose particles are simulated.
  package var particleBaths: [(bath: Bath, particles: ParticleBath)] {
    baths.compactMap { bath in bath.law.stochasticLaw.particles.map { (bath, $0) } }
  }

  /// Whether a bath redraws momenta, has a memory or is active.
  var hasBathBeyondLangevin: Bool { baths.contains { $0.law.stochasticLaw.isBeyondLangevin } }

  /// Friction of every site that baths touch, at weak coupling [mass/time].
  var frictions: [Int: Double] {
    baths.reduce(into: [:]) { $0[$1.site, default: 0] += friction(of: $1) }
  }

  /// Friction of a bath on its site, at weak coupling [mass/time].
  func friction(of bath: Bath) -> Double {
    bath.law.frictionKernel(mass: network.masses[bath.site]).markovFriction
  }

  /// Forces of baths with a time of their own: at a site, how they answer its velocity [mass/time²], and for how long they last [time].
  var slowForces: [(site: Int, weight: Double, time: Double)] {
    baths.flatMap { bath -> [(site: Int, weight: Double, time: Double)] in
      switch bath.law.stochasticLaw {
      case .memory(let terms, _): terms.map { (bath.site, $0.weight, $0.time) }
      case .active(let law): [(bath.site, 0, law.correlationTime)]
      case .ornsteinUhlenbeck, .ringParticles, .collisions: []
      }
    }
  }

  /// Friction that acts at once on every site, without that of `slowForces` [mass/time].
  var promptFrictions: [Int: Double] {
    baths.reduce(into: [:]) { sums, bath in
      if case .memory = bath.law.stochasticLaw { return }
      sums[bath.site, default: 0] += friction(of: bath)
    }
  }

  /// Friction of a bath on its site [mass/time] and the temperature that it would give it [energy] where this turns at an angular
  /// frequency w: a kernel A exp(-t/tau) has the friction A tau/(1 + (w tau)²), and an active force heats an oscillator of friction rate g to
  /// a² tau/friction over 1 + g tau + (w tau)².
  func contact(of bath: Bath, squaredFrequency: Double) -> (friction: Double, temperature: Double) {
    let (temperature, friction) = (bath.law.temperature, friction(of: bath))
    switch bath.law.stochasticLaw {
    case .memory(let terms, _):
      return (
        terms.reduce(0) { $0 + $1.weight * $1.time / (1 + squaredFrequency * $1.time * $1.time) }, temperature
      )
    case .active(let law):
      let time = law.correlationTime
      let rate = friction / network.masses[bath.site]
      return (friction, temperature / (1 + rate * time + squaredFrequency * time * time))
    case .ornsteinUhlenbeck, .ringParticles, .collisions: return (friction, temperature)
    }
  }

  /// Whether each site is held in place: by a field or by particles, on itself or on a site that bonds join it to. The mean
  /// displacement of one that nothing holds has no steady value.
  package var isHeld: [Bool] {
    let holding = Set(network.fields.map(\.site) + particleBaths.filter(\.particles.isCoupled).map(\.bath.site))
    var isHeld = [Bool](repeating: false, count: network.sites)
    for component in network.components where component.contains(where: holding.contains) {
      for site in component { isHeld[site] = true }
    }
    return isHeld
  }

  /// Work of one step of one replica, in particle-steps: a harmonic bond takes a fifth of the time of a particle, a formula
  /// about two.
  package var workOfAStep: Double {
    let works = network.potentials.map { potential -> Double in
      switch potential.form {
      case .polynomial, .sided: 0.2
      case .sine: 0.6
      case .general: 2
      }
    }
    let bonds = network.bonds.reduce(0) { $0 + works[$1.potential] }
    let fields = network.fields.reduce(0) { $0 + works[$1.potential] }
    return particleBaths.reduce(0.2 * Double(network.sites) + bonds + fields + 4) { $0 + Double($1.particles.count) }
  }
}

extension BathedNetwork {
  /// A model as the engine sees it.
  ///
  /// - Parameter written: its baths as they were written, if the model has taken the place of another one.
  package init(_ model: NetworkModel, written: [WrittenBath]? = nil) {
    let network = model.medium.form
    let baths = model.attachments.map { Bath(name: $0.name, site: $0.site - 1, law: $0.bath) }
    let reservoirs = baths.indices.filter { baths[$0].law.drive == .selfConsistent }
    self.init(network, baths, written: written ?? model.writtenBaths)
    guard !reservoirs.isEmpty else { return }
    let others = BathedNetwork(network, baths.filter { $0.law.drive != .selfConsistent })
    let expected = NetworkScales(others).exchange.temperatures
    // From zero no step of a search leads away.
    let least = 1e-3 * others.hottest
    self = with(temperatures: reservoirs.map { max(least, expected[baths[$0].site]) }, of: reservoirs)
  }

  /// The same with the temperatures that were found of the reservoirs.
  func with(_ found: FoundReservoirs) -> BathedNetwork { with(temperatures: found.temperatures, of: reservoirs) }

  private func with(temperatures: [Double], of reservoirs: [Int]) -> BathedNetwork {
    var baths = baths
    for (index, temperature) in zip(reservoirs, temperatures) {
      let bath = baths[index]
      let friction = friction(of: bath)
      baths[index] = Bath(
        name: bath.name, site: bath.site, law: NetworkBath(LangevinBath(temperature: temperature, friction: friction)))
    }
    var changed = BathedNetwork(network, baths, written: written)
    changed.reservoirs = reservoirs
    return changed
  }

  /// Whether nothing flows: all baths that give energy, of a part that bonds join, are thermal ones at one temperature.
  package var isBalanced: Bool {
    let giving = baths.indices.filter { !reservoirs.contains($0) }.map { baths[$0] }
      .filter { !$0.law.stochasticLaw.isDecoupled }
    guard giving.allSatisfy(\.law.law.isThermal) else { return false }
    if Set(giving.map(\.law.temperature)).count < 2 { return true }
    return reservoirs.isEmpty
      && network.components.allSatisfy { part in
        let sites = Set(part)
        return Set(giving.filter { sites.contains($0.site) }.map(\.law.temperature)).count < 2
      }
  }

  /// Why the temperatures of reservoirs cannot be found; nil if there are none, or they can.
  package var reservoirReason: String? {
    guard !reservoirs.isEmpty else { return nil }
    if reservoirs.count > ReservoirSearch.mostReservoirs {
      return "\(reservoirs.count) self-consistent reservoirs: a simulation finds the temperatures of at most "
        + "\(ReservoirSearch.mostReservoirs)"
    }
    let setting = Set(baths.indices.filter { !reservoirs.contains($0) }.map { baths[$0].site })
    let led = network.distances(from: setting.sorted())
    return reservoirs.first { led[baths[$0].site] == nil }.map {
      "no bath sets the temperature of bath \(baths[$0].name): a self-consistent reservoir takes that of others, and no bonds "
        + "join it to one"
    }
  }
}
