import NessMath
import NessModel

/// Sites of an anharmonic network that give their energy away slowly, for they are heavy or out of tune with their neighbours.
///
/// What a site is given, it loses to its bath and to its neighbours, and these to theirs: to baths of their own, and as waves to the sites
/// behind them, as if these were a long chain, of the impedance sqrt(k m). Everything as stiff as it is at its temperature, this
/// is a small linear system, damped, and the mean time that energy stays in it is
///
///     (1/E(0)) ∫ E(t) dt = X_vv/H_vv,    A^T X + X A + H = 0,    E = z^T H z,   z' = A z.
struct SlowSites: Sendable {
  struct Site: Sendable {
    /// From 0.
    let site: Int
    /// How long it keeps its energy [time].
    let time: Double
  }

  /// Most sites that are looked at, and most neighbours of one: some tens of microseconds each.
  private static let most = (sites: 1000, neighbours: 12)
  /// What holds a site besides, over its stiffness, so that nothing drifts.
  private static let hold = 1e-6

  /// The site and its neighbours, by all that counts.
  private struct Surroundings: Hashable {
    struct Neighbour: Hashable {
      var spring = 0.0
      var mass = 0.0
      var stiffness = 0.0
      var friction = 0.0
    }
    let mass: Double
    let stiffness: Double
    let friction: Double
    let neighbours: [Neighbour]
  }

  /// Those that keep it for longer than a given time.
  let sites: [Site]

  /// - Parameter limit: what others need [time].
  init(_ bathed: BathedNetwork, _ stiffness: ThermalStiffness, longerThan limit: Double) {
    let network = bathed.network
    guard network.sites <= Self.most.sites, limit.isFinite else {
      sites = []
      return
    }
    var springs = [[Int: Double]](repeating: [:], count: network.sites)
    for bond in network.bonds {
      springs[bond.first][bond.second, default: 0] += stiffness.ofPotentials[bond.potential]
      springs[bond.second][bond.first, default: 0] += stiffness.ofPotentials[bond.potential]
    }
    let frictions = bathed.frictions
    var known: [Surroundings: Double] = [:]
    sites = (0..<network.sites).compactMap { site in
      guard springs[site].count <= Self.most.neighbours else { return nil }
      let neighbours = springs[site].sorted { $0.key < $1.key }.map { other, spring in
        let behind = springs[other].reduce(0) { $1.key == site ? $0 : $0 + $1.value }
        return Surroundings.Neighbour(
          spring: spring, mass: network.masses[other], stiffness: stiffness.ofSites[other],
          friction: (frictions[other] ?? 0) + (behind * network.masses[other]).squareRoot())
      }
      let here = Surroundings(
        mass: network.masses[site], stiffness: stiffness.ofSites[site], friction: frictions[site] ?? 0,
        neighbours: neighbours)
      let time = known[here] ?? Self.time(here)
      known[here] = time
      return time > limit ? Site(site: site, time: time) : nil
    }
  }

  /// How long energy stays; 0 where that is not known [time].
  private static func time(_ here: Surroundings) -> Double {
    guard here.stiffness > 0 else { return 0 }
    let neighbours = here.neighbours
    // In units of the site: its mass, and the time of its own oscillation.
    let (mass, rate) = (here.mass, (here.stiffness / here.mass).squareRoot())
    let masses = [1] + neighbours.map { $0.mass / mass }
    let frictions = [here.friction / (mass * rate)] + neighbours.map { $0.friction / (mass * rate) }
    let held = [1] + neighbours.map { $0.stiffness / here.stiffness }
    let count = masses.count
    var (drift, energy) = (
      Matrix(rows: 2 * count, columns: 2 * count), Matrix(rows: 2 * count, columns: 2 * count)
    )
    for place in 0..<count {
      energy[place, place] = 0.5 * held[place] * (1 + hold)
      energy[count + place, count + place] = 0.5 * masses[place]
      drift[place, count + place] = 1
      drift[count + place, count + place] = -frictions[place] / masses[place]
      if place == 0 { continue }
      let spring = neighbours[place - 1].spring / here.stiffness
      energy[0, place] = -0.5 * spring
      energy[place, 0] = -0.5 * spring
    }
    for place in 0..<count {
      for other in 0..<count { drift[count + place, other] = -2 * energy[place, other] / masses[place] }
    }
    guard let kept = try? continuousLyapunov(drift: drift.transposed, diffusion: energy) else { return 0 }
    let time = kept[count, count] / energy[count, count] / rate
    // The last digits depend on the library.
    return time.isFinite && time > 0 ? time.rounded(.down, bits: 20) : 0
  }
}
