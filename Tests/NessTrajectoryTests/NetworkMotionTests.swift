import Foundation
import NessFormula
import NessModel
import NessSampling
import NessStatistics
import NessTestSupport
import NessTrajectory
import Testing

/// Networks in motion, step by step.
@Suite struct NetworkMotionTests {
  private static let bonds = ["x^2/2 + x^4/4", "(1 - cos(2*x))/3", "exp(-x) + x - 1", "x^2/3"]

  private static func mixed() throws -> BathedNetwork {
    let network = try Networks.random(90, bonds: bonds, field: "x^2/2 + x^3/20 + x^4/8")
    return BathedNetwork(
      network,
      [
        .init(name: "a", site: 0, law: Sample.particles(3, friction: 0.3, coupling: 0.3, count: 5)),
        Networks.bath("b", 0, 2), Networks.bath("c", 0, 1, friction: 0.3), Networks.bath("d", 5, 4),
        .init(name: "e", site: 70, law: Sample.particles(1, friction: 0.3, coupling: 0.2, count: 3)),
      ])
  }

  /// Networks with an order, which are swept in rows, whole or in part: rows that end within a tile of the sweep, sites with others
  /// below, without, and some with neither, bonds around, rows of unlike potentials and fields, and fields on some sites alone.
  private static let ordered = [
    "chain", "pinned chain", "segments", "ring", "lattice", "held lattice", "torus", "holes", "ladder", "cube",
  ]

  private static func ordered(_ name: String) throws -> BathedNetwork {
    let potentials = try ["x^2/2 - x^3/9 + x^4/4", "1 - cos(2*x)", "x^2/3", "cos(x)/3 + x^2/4", "abs(x)^3/3 + x^2/2"]
      .map(
        Networks.potential)
    func network(_ sites: Int, _ bonds: [(Int, Int, Int)], fields: [Int: Int] = [:]) -> BathedNetwork {
      let all = bonds.map { SiteNetwork.Bond(first: min($0.0, $0.1), second: max($0.0, $0.1), potential: $0.2) }
      let network = SiteNetwork(
        masses: (0..<sites).map { 1 + 0.1 * Double($0 % 3) }, potentials: potentials, bonds: all,
        fields: fields.sorted { $0.key < $1.key }.map { .init(site: $0.key, potential: $0.value) })
      return BathedNetwork(
        network, [Networks.bath("a", 0, 3), Networks.bath("b", 70, 2), Networks.bath("c", sites - 1, 1)])
    }
    func row(_ sites: Int) -> [(Int, Int, Int)] { (0..<(sites - 1)).map { ($0, $0 + 1, 0) } }
    /// Bonds of a lattice of rows of `side` sites.
    func lattice(_ sites: Int, _ side: Int) -> [(Int, Int, Int)] {
      row(sites).filter { $0.1 % side != 0 } + (0..<(sites - side)).map { ($0, $0 + side, 0) }
    }
    let everywhere = Dictionary(uniqueKeysWithValues: (0..<150).map { ($0, 3) })
    return switch name {
    case "chain": network(150, row(150))
    case "pinned chain": network(150, row(150), fields: everywhere)
    case "segments": network(150, row(150).map { ($0.0, $0.1, $0.0 / 50) }, fields: [0: 2, 90: 4, 149: 2])
    case "ring": network(150, row(150) + [(149, 0, 1)])
    case "lattice": network(160, lattice(160, 20))
    case "held lattice": network(150, lattice(150, 30), fields: everywhere)
    case "torus":
      network(
        160,
        lattice(160, 20) + (0..<8).map { (20 * $0, 20 * $0 + 19, 0) } + (0..<20).map { ($0, $0 + 140, 0) })
    case "holes": network(160, lattice(160, 32).filter { $0.0 % 37 != 5 }, fields: [3: 3, 100: 4])
    case "ladder": network(160, (0..<80).map { (2 * $0, 2 * $0 + 1, 1) } + (0..<158).map { ($0, $0 + 2, 0) })
    default:
      network(
        216, lattice(216, 6).filter { $0.1 != $0.0 + 6 || $0.0 % 36 < 30 } + (0..<180).map { ($0, $0 + 36, 0) })
    }
  }

  /// What bonds and fields give, computed here from the displacements, and the heats make up every site's kinetic energy, in
  /// every step and at every site; what is read as flow is half of what they give to both sides.
  @Test(arguments: ["random"] + Self.ordered) func theBooksCloseInEveryStepAtEverySite(name: String) throws {
    let bathed = try name == "random" ? Self.mixed() : Self.ordered(name)
    let (network, step) = (bathed.network, 0.05)
    let dynamics = NetworkDynamics(bathed, timeStep: step, rate: 1, stepsPerReading: 1)
    let motion = NetworkMotion(dynamics, seed: 3, firstReplica: 0)
    motion.draw(velocityVariances: .init(repeating: 2, count: network.sites))
    for _ in 0..<20 {
      let old = (0..<network.sites).map { motion.velocity[$0] }
      let drifted = (0..<network.sites).map { motion.displacement[$0] + step * motion.velocity[$0] }
      motion.clearSums()
      motion.advance(steps: 1)
      for site in 0..<network.sites {
        let difference = motion.displacement[site] - drifted[site]
        for lane in 0..<8 { #expect(abs(difference[lane]) < 1e-13, "site \(site)") }
      }
      for lane in [0, 7] {
        let v = (0..<network.sites).map { old[$0][lane] + motion.velocity[$0][lane] }
        var gains = [Double](repeating: 0, count: network.sites)
        for (index, bath) in bathed.baths.enumerated() {
          gains[bath.site] += motion.sums[index][lane] * dynamics.factor(ofChannel: index) * step
        }
        for field in network.fields {
          let slope = network.potentials[field.potential].slope(motion.displacement[field.site][lane])
          gains[field.site] -= 0.5 * step * slope * v[field.site]
        }
        for (index, bond) in network.bonds.enumerated() {
          let stretch = motion.displacement[bond.second][lane] - motion.displacement[bond.first][lane]
          let slope = network.potentials[bond.potential].slope(stretch)
          let (first, second) = (0.5 * step * slope * v[bond.first], -0.5 * step * slope * v[bond.second])
          gains[bond.first] += first
          gains[bond.second] += second
          let channel = dynamics.ledger.bond(dynamics.place(ofBond: index))
          let flow = motion.sums[channel][lane] * dynamics.factor(ofChannel: channel) * step
          #expect(abs(flow - 0.5 * (second - first)) < 1e-12)
        }
        for site in 0..<network.sites {
          let (after, before) = (motion.velocity[site][lane], old[site][lane])
          let change = 0.5 * network.masses[site] * (after * after - before * before)
          #expect(abs(change - gains[site]) < 1e-11, "site \(site)")
        }
      }
    }
    // Control: the sum over all sites is not small because everything is.
    #expect((0..<network.sites).contains { abs(motion.velocity[$0][0]) > 1 })
  }

  /// From the same state with the same noise, the chain's engine and this one do the same to rounding.
  @Test func aNetworkThatIsAChainMovesLikeOne() throws {
    let sites = 70
    let model = try Model(
      medium: Chain(sites: sites, springConstant: 0.8, quarticConstant: 0.6, pinning: .init(left: 0.5, right: 0.2)),
      attachments: [
        .init(name: "left", site: 1, bath: Sample.langevin(3)),
        .init(name: "middle", site: 40, bath: Sample.langevin(2)),
        .init(name: "right", site: sites, bath: Sample.particles(2, friction: 0.3, coupling: 0.2, count: 6)),
      ])
    let network = try Networks.chain(
      sites, bond: "0.4*x^2 + 0.15*x^4", fields: [0: "0.25*x^2", sites - 1: "0.1*x^2"])
    let bathed = BathedNetwork(
      network, model.attachments.map { .init(name: $0.name, site: $0.site - 1, law: $0.bath) })
    let group = LaneGroup(ChainDynamics(model, timeStep: 0.05), seed: 5, firstReplica: 8)
    let motion = NetworkMotion(NetworkDynamics(bathed, timeStep: 0.05, rate: 1), seed: 5, firstReplica: 8)
    motion.draw(velocityVariances: .init(repeating: 2, count: sites))
    for bath in 0..<6 {
      let own = motion.positions(ofParticleBath: 0)
      for lane in 0..<8 { #expect(group.turns(ofParticleBath: 0, lane: lane)[bath] == own[bath][lane]) }
    }
    for site in 0..<sites {
      group.displacement[site] = motion.displacement[site]
      group.velocity[site] = motion.velocity[site]
    }
    group.advance(steps: 300)
    motion.advance(steps: 300)
    for site in 0..<sites {
      let difference = group.displacement[site] - motion.displacement[site]
      for lane in 0..<8 { #expect(abs(difference[lane]) < 1e-9) }
    }
    // Control: one step more is seen.
    motion.advance(steps: 1)
    #expect(abs(group.displacement[3][0] - motion.displacement[3][0]) > 1e-6)
  }

  /// Steps that are read go other ways through a row than those that are not, with the same bytes.
  @Test(arguments: ["", "x^2/5", "x^4/4", "1 - cos(x)", "exp(x) - x"]) func readingChangesNoByte(field: String) throws {
    let sites = 300
    let fields = field.isEmpty ? [:] : Dictionary(uniqueKeysWithValues: (0..<sites).map { ($0, field) })
    for bond in ["x^2/2", "x^2/2 + x^4/4", "x^2/2 - x^3/9 + x^4/4"] {
      // A field on all sites is one potential, not one for each.
      let potentials = [bond] + (field.isEmpty ? [] : [field])
      let network = SiteNetwork(
        masses: (0..<sites).map { 1 + 0.1 * Double($0 % 3) }, potentials: try potentials.map(Networks.potential),
        bonds: Networks.row(sites), fields: fields.keys.map { .init(site: $0, potential: 1) })
      let bathed = BathedNetwork(network, [Networks.bath("a", 0, 3), Networks.bath("b", 150, 2)])
      let motions = [1, 4, 64].map { reading in
        NetworkMotion(
          NetworkDynamics(bathed, timeStep: 0.05, rate: 1, stepsPerReading: reading), seed: 2, firstReplica: 0)
      }
      for motion in motions {
        motion.draw(velocityVariances: .init(repeating: 1, count: sites))
        motion.advance(steps: 150)
      }
      for site in 0..<sites {
        #expect(motions[0].displacement[site] == motions[1].displacement[site])
        #expect(motions[0].velocity[site] == motions[2].velocity[site])
      }
      // Control: one step more is seen.
      motions[0].advance(steps: 1)
      #expect(motions[0].displacement[7] != motions[1].displacement[7])
    }
  }

  @Test(arguments: Self.ordered) func readingChangesNoByteOf(name: String) throws {
    let bathed = try Self.ordered(name)
    let motions = [1, 4, 64].map { reading in
      NetworkMotion(
        NetworkDynamics(bathed, timeStep: 0.05, rate: 1, stepsPerReading: reading), seed: 2, firstReplica: 0)
    }
    for motion in motions {
      motion.draw(velocityVariances: .init(repeating: 1, count: bathed.network.sites))
      motion.advance(steps: 130)
    }
    for site in 0..<bathed.network.sites {
      #expect(motions[0].displacement[site] == motions[1].displacement[site])
      #expect(motions[0].velocity[site] == motions[2].velocity[site])
    }
    // Control: one step more is seen.
    motions[0].advance(steps: 1)
    #expect(motions[0].displacement[7] != motions[1].displacement[7])
  }

  /// Without baths the energy is off by a share that falls as h².
  @Test func theEnergyErrorIsOfOrderTwo() throws {
    let network = try Networks.random(20, bonds: Self.bonds, field: "x^2/2 + x^4/8", seed: 3)
    func energy(_ motion: NetworkMotion, _ lane: Int, _ step: Double) -> Double {
      // The symmetric point is in the middle of the drift.
      let q = (0..<network.sites).map { motion.displacement[$0][lane] + 0.5 * step * motion.velocity[$0][lane] }
      let kinetic = (0..<network.sites).reduce(0.0) {
        $0 + 0.5 * network.masses[$1] * motion.velocity[$1][lane] * motion.velocity[$1][lane]
      }
      let fields = network.fields.reduce(0.0) { $0 + network.potentials[$1.potential].energy(q[$1.site]) }
      return network.bonds.reduce(kinetic + fields) {
        $0 + network.potentials[$1.potential].energy(q[$1.second] - q[$1.first])
      }
    }
    func error(_ step: Double) -> Double {
      let motion = NetworkMotion(
        NetworkDynamics(BathedNetwork(network, []), timeStep: step, rate: 1), seed: 1, firstReplica: 0)
      motion.draw(velocityVariances: .init(repeating: 1, count: network.sites))
      let start = (0..<8).map { energy(motion, $0, step) }
      var sum = 0.0
      for _ in 0..<50 {
        motion.advance(steps: Int((0.2 / step).rounded()))
        for lane in 0..<8 { sum += abs(energy(motion, lane, step) - start[lane]) / start[lane] / 400 }
      }
      return sum
    }
    let (coarse, fine) = (error(0.02), error(0.01))
    // Of order 1 the ratio would be 2.
    #expect(coarse / fine > 3 && coarse / fine < 5.5, "\(coarse) \(fine)")
    #expect(coarse > 1e-6 && coarse < 0.01)
  }

  /// Saved in the middle of a block of noise and taken up by another motion, everything goes on to the last bit.
  @Test func aSavedStateGoesOn() throws {
    let bathed = try Self.mixed()
    let dynamics = NetworkDynamics(bathed, timeStep: 0.05, rate: 2)
    let motions = (0..<2).map { _ in NetworkMotion(dynamics, seed: 9, firstReplica: 0) }
    motions[0].draw(velocityVariances: .init(repeating: 1, count: bathed.network.sites))
    motions[0].advance(steps: 330)
    var writer = StateWriter()
    motions[0].save(to: &writer)
    var reader = StateReader(writer.bytes)
    try motions[1].restore(from: &reader, steps: 330)
    motions[0].clearSums()
    for motion in motions { motion.advance(steps: 300) }
    for site in 0..<bathed.network.sites {
      #expect(motions[0].displacement[site] == motions[1].displacement[site])
    }
    for channel in 0..<dynamics.ledger.channels { #expect(motions[0].sums[channel] == motions[1].sums[channel]) }
    // Controls: a state of another number of steps is refused, and the noise matters.
    var again = StateReader(writer.bytes)
    #expect(throws: StateFault.self) { try motions[1].restore(from: &again, steps: 331) }
    #expect(motions[0].displacement[0][0] != motions[0].displacement[0][1])
  }
}
