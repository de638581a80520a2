import NessLinear
import NessModel
import Testing

/// What linear theory claims to be depends on the bonds and on how the baths are eliminated.
@Suite struct LinearClaimTests {
  private func chain(_ left: ChainBath, quartic: Double = 0) throws -> ChainModel {
    try Model(
      medium: Chain(sites: 3, quarticConstant: quartic, pinning: 1),
      attachments: [
        .init(name: "left", site: 1, bath: left),
        .init(name: "right", site: 3, bath: .init(LangevinBath(temperature: 1, friction: 1))),
      ])
  }

  private let langevin = ChainBath(LangevinBath(temperature: 2, friction: 1))
  private let particles = ChainBath(ParticleBath(temperature: 20, friction: 0.1, coupling: 0.2))

  @Test func noTheoryOfParticlesIsExact() throws {
    let entries = try LinearSolver().answer(of: chain(particles)).entries
    #expect(Set(entries.map(\.method)) == Set(LinearSolver.methods))
    for entry in entries {
      #expect(entry.claim.validity == (entry.method == .printed ? .printed : .approximation), "\(entry.method)")
      #expect(entry.method == .printed || entry.claim.words.contains("weak coupling"))
    }
    #expect(entries.filter { $0.quantity == .heatCurrent }.bestTheory()?.method == .memory)
  }

  /// Friction without memory is exact where no bath has memory and all bonds are harmonic, and nothing else is.
  @Test func markovIsExactForLangevinBathsAlone() throws {
    let entries = try LinearSolver().answer(.all, of: chain(langevin)).entries
    #expect(Set(entries.filter(\.claim.isExact).map(\.method)) == [.markov])
    #expect(entries.allSatisfy { $0.claim.isExact == ($0.method == .markov) })
    let solver = LinearSolver()
    #expect(try solver.claim(of: .markov, for: chain(langevin)).sentence == "exact (finite chain)")
    #expect(
      try solver.claim(of: .asymptotic, for: chain(langevin)).sentence
        == "approximation (infinite chain in closed form)")
    for method in LinearSolver.methods {
      #expect(try !solver.claim(of: method, for: chain(langevin, quartic: 0.1)).isExact)
    }
  }
}
