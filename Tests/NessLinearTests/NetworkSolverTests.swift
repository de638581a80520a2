import NessLinear
import NessModel
import NessStatistics
import Testing

private func langevin(_ temperature: Double, _ friction: Double = 0.7) -> NetworkBath {
  .init(LangevinBath(temperature: temperature, friction: friction))
}

private func particles(_ temperature: Double, coupling: Double = 0.2) -> NetworkBath {
  .init(ParticleBath(temperature: temperature, friction: 0.3, coupling: coupling))
}

private func model(_ network: Network, _ baths: [(Int, NetworkBath)]) throws -> NetworkModel {
  try Model(
    medium: network,
    attachments: baths.enumerated().map { .init(name: "bath\($0)", site: $1.0, bath: $1.1) })
}

/// What linear theory of networks answers, refuses and claims.
@Suite struct NetworkSolverTests {
  /// A chain as a network has the answers of the chain, each within both bounds.
  @Test func chainsAreChains() throws {
    var seen = 0
    for baths in [
      [(1, langevin(3)), (6, langevin(1, 1.3))], [(1, particles(20)), (4, langevin(2)), (6, langevin(10, 3))],
    ] {
      let chain = try ChainModel(
        medium: Chain(sites: 6, mass: 1.3, springConstant: 0.8, pinning: .init(left: 0.5, right: 2)),
        attachments: try baths.enumerated().map {
          .init(name: "bath\($0)", site: $1.0, bath: try #require(ChainBath($1.1.law)))
        })
      let network = try model(
        Network(
          lattice: .chain(6), mass: .number(1.3), bond: "0.4*r^2",
          at: [SiteRule(sites: [1...1], site: "q^2/4"), SiteRule(sites: [6...6], site: "q^2")]), baths)
      let (expected, found) = (
        try LinearSolver().answer(.usual, of: chain), try NetworkSolver().answer(.usual, of: network)
      )
      for entry in expected.entries.members where NetworkSolver.methods.contains(entry.method) {
        let bond = entry.quantity.number(in: .bondHeatCurrent)
        let quantity = bond.map { Quantity.bondHeatCurrent(from: $0, to: $0 + 1) } ?? entry.quantity
        let other = try found.required(quantity, entry.method)
        #expect(abs(other.value - entry.estimate.value) <= other.error + entry.estimate.error, "\(quantity)")
        #expect(other.error < 1e-9 * abs(other.value))
        seen += 1
      }
      #expect(found.refusals.map(\.method) == (baths.count == 2 ? [.memory] : []))
    }
    #expect(seen > 40)
  }

  /// Three baths on a triangle: heats, heat between each two sites, entropy; names as in files.
  @Test func triangle() throws {
    let triangle = try model(
      Network(lattice: .ring(3), site: "q^2/2"), [(1, langevin(5)), (2, langevin(2)), (3, langevin(1))])
    let answer = try NetworkSolver().answer(.all, of: triangle, by: [.markov])
    #expect(
      answer.refusals.contains { $0.item == .family(.heatCurrent) } || answer.estimate(.heatCurrent, by: .markov) == nil
    )
    let flow = { (first: Int, second: Int) in
      try answer.required(.bondHeatCurrent(from: first, to: second), .markov)
    }
    let heat = try answer.required(.heat(from: "bath0"), .markov)
    let given = (try flow(1, 2), try flow(1, 3))
    #expect(abs(heat.value - given.0.value - given.1.value) <= heat.error + given.0.error + given.1.error)
    #expect(given.1.value > given.0.value && given.0.value > 0.01)
    #expect(try answer.required(.entropyProduction, .markov).value > 0.1)
    for entry in answer.entries { #expect(entry.claim.sentence == "exact (harmonic network)") }
    let named = try NetworkSolver().answer(.only(Quantity("bondHeatCurrent[2-3]")!), of: triangle, by: [.markov])
    #expect(named.entries.members.map(\.quantity.description) == ["bondHeatCurrent[2-3]"])
    let wrong = try NetworkSolver().answer(.only(Quantity("bondHeatCurrent[2-4]")!), of: triangle, by: [.markov])
    #expect(wrong.refusals.contains { $0.reason.contains("bondHeatCurrent[1-2]") })
  }

  /// Springs that are not at rest move the sites, and nothing else.
  @Test func meanDisplacements() throws {
    let baths = [(1, langevin(3)), (3, langevin(1))]
    let rest = try model(Network(lattice: .chain(3), bond: "r^2/2", site: "q^2/2"), baths)
    let moved = try model(Network(lattice: .chain(3), bond: "(r - 1)^2/2", site: "(q - 0.5)^2/2"), baths)
    let (one, other) = (
      try NetworkSolver().answer(.all, of: rest, by: [.markov]),
      try NetworkSolver().answer(.all, of: moved, by: [.markov])
    )
    for (before, after) in zip(one.entries.members, other.entries.members)
    where ![.meanDisplacement, .meanEnergy, .potentialEnergy].contains(before.quantity.family) {
      #expect(before.estimate == after.estimate)
    }
    // At rest the bonds are 1/2 too short, and the outer sites 1/2 away from where their springs would have them.
    let (resting, strained) = (try one.required(.meanEnergy, .markov), try other.required(.meanEnergy, .markov))
    #expect(abs(strained.value - resting.value - 4 * 0.125) <= resting.error + strained.error)
    // Half of the rest of a bond at each end, and that of the springs of the sites.
    for (site, exact) in [(1, 0.1875), (2, 0.125), (3, 0.1875)] {
      let shift = try [one, other].map { try $0.required(.potentialEnergy(site: site), .markov) }
      #expect(abs(shift[1].value - shift[0].value - exact) <= shift[0].error + shift[1].error, "\(site)")
      #expect(shift[1].error < 1e-9)
    }
    // (2 -1 0; -1 3 -1; 0 -1 2) q = (0.5 - 1, 0.5, 0.5 + 1)
    for (site, exact) in [(1, 0.0), (2, 0.5), (3, 1.0)] {
      #expect(try one.required(.meanDisplacement(site: site), .markov).value == 0)
      let found = try other.required(.meanDisplacement(site: site), .markov)
      #expect(abs(found.value - exact) <= found.error && found.error < 1e-13)
    }
  }

  @Test func refusals() throws {
    let baths = [(1, langevin(3)), (3, langevin(1))]
    func reason(_ network: Network, _ baths: [(Int, NetworkBath)], _ method: Method = .markov) throws -> String? {
      let model = try model(network, baths)
      let reason = NetworkSolver().refusals(of: model, by: method).first?.reason
      #expect((reason == nil) == !(try NetworkSolver().answer(of: model, by: [method]).entries.isEmpty))
      return reason
    }
    let quartic = try reason(
      Network(lattice: .chain(3), at: [SiteRule(sites: [2...2], site: "q^2/2 + q^4/4")]), baths)
    #expect(try #require(quartic).contains("site 2") && quartic!.contains("not harmonic"))
    #expect(try #require(try reason(Network(lattice: .chain(3), bond: "1 - cos(r)"), baths)).contains("sites 1 and 2"))
    let hill = try reason(Network(lattice: .chain(3), site: "-q^2/4"), baths)
    #expect(try #require(hill).contains("squared angular frequency of the network is -0.5"))
    #expect(try #require(try reason(Network(lattice: .chain(3), site: "q"), baths)).contains("drifts"))
    let pushed = try reason(
      Network(lattice: .chain(3), site: "q^2/2"), [(1, particles(0.02)), (3, langevin(1))], .memory)
    #expect(try #require(pushed).contains("particles of bath0"))
    #expect(
      try #require(try reason(Network(lattice: .chain(3), site: "q^2/2"), baths, .memory)).contains(
        "no bath has memory"))
    #expect(try reason(Network(lattice: .chain(3)), baths) == nil)
    #expect(try reason(Network(lattice: .chain(3), bond: "(r - 2)^2"), baths) == nil)
  }

  /// Where a mode is dark the heat is answered, and what depends on it is not, with the reason.
  @Test func darkModes() throws {
    let ring = try model(Network(lattice: .ring(4), site: "q^2/2"), [(1, langevin(3)), (3, langevin(1))])
    let profile = Questions.only([.heatCurrent, .kineticTemperature, .bondHeatCurrent, .meanDisplacement])
    let answer = try NetworkSolver().answer(profile, of: ring, by: [.markov])
    #expect(try answer.required(.heatCurrent, .markov).value > 0.1)
    #expect(answer.estimate(.kineticTemperature(site: 1), by: .markov) == nil)
    #expect(answer.estimate(.bondHeatCurrent(from: 1, to: 2), by: .markov) == nil)
    let note = try #require(answer.notes.first)
    #expect(Note.isWarning(note) && note.contains("1.73205") && note.contains("sites 2 and 4"))
    #expect(note.contains("kineticTemperature") && answer.notes.count == 1)
    // Nothing holds it: the mean displacements are refused, and nothing is dark but that swing.
    let free = try NetworkSolver().answer(
      profile, of: model(Network(lattice: .chain(4)), [(1, langevin(3)), (4, langevin(1))]))
    #expect(free.notes.isEmpty && free.estimate(.meanDisplacement(site: 1), by: .markov) == nil)
    #expect(free.estimate(.kineticTemperature(site: 1), by: .markov) != nil)
  }

  @Test func claims() throws {
    let network = Network(lattice: .chain(3), site: "q^2/2")
    let remembering = try model(network, [(1, particles(20)), (3, langevin(1))])
    #expect(!NetworkSolver().claim(of: .memory, for: remembering).isExact)
    #expect(NetworkSolver().claim(of: .markov, for: remembering).words.contains("without memory"))
    #expect(NetworkSolver().claim(of: .memory, for: remembering).words.contains("weak coupling"))
  }
}
