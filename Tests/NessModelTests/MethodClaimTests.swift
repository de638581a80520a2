import NessModel
import NessTestSupport
import Testing

/// What methods claim to be: decided in one place, from the model at hand.
@Suite struct MethodClaimTests {
  private func chain(_ left: ChainBath, quartic: Double = 0) throws -> AnyModel {
    .init(
      try Model(
        medium: Chain(sites: 3, quarticConstant: quartic, pinning: 1),
        attachments: [
          .init(name: "left", site: 1, bath: left),
          .init(name: "right", site: 3, bath: .init(LangevinBath(temperature: 1, friction: 1))),
        ]))
  }

  private let langevin = ChainBath(LangevinBath(temperature: 2, friction: 1))
  private let particles = ChainBath(ParticleBath(temperature: 20, friction: 0.1, coupling: 0.2))

  @Test func noTheoryOfParticlesIsExact() throws {
    for method in Method.allCases {
      let claim = method.claim(for: try chain(particles))
      #expect(!claim.isExact && claim.method == method, "\(method)")
      #expect(claim.validity == (method == .simulation ? .sampled : method == .printed ? .printed : .approximation))
      #expect(!claim.words.isEmpty)
    }
  }

  /// Friction without memory is exact where no bath has memory and all bonds are harmonic, and nothing else is.
  @Test func markovIsExactForLangevinBathsAlone() throws {
    #expect(
      Method.allCases.filter { $0 != .memory }.filter { (try? $0.claim(for: chain(langevin)).isExact) == true } == [
        .markov
      ])
    #expect(try !Method.markov.claim(for: chain(langevin, quartic: 0.1)).isExact)
    #expect(try Method.markov.claim(for: chain(langevin)).sentence == "exact (finite chain)")
    #expect(
      try Method.asymptotic.claim(for: chain(langevin)).sentence == "approximation (infinite chain in closed form)")
  }

  @Test func boxes() throws {
    let box = AnyModel(
      try Model(
        medium: Box(length: 1),
        attachments: [
          .init(name: "left", site: 1, bath: .init(MaxwellBath(temperature: 2))),
          .init(name: "right", site: 2, bath: .init(MaxwellBath(temperature: 1))),
        ]))
    #expect(Method.renewal.claim(for: box).isExact && Method.kernel.claim(for: box).isExact)
    let lindblad = LindbladBath(temperature: 2, coupling: .uniform, spectrum: .metropolis)
    let quantum = AnyModel(
      try Model(
        medium: QuantumBox(length: 1),
        attachments: [.init(name: "left", site: 1, bath: lindblad), .init(name: "right", site: 2, bath: lindblad)]))
    #expect([Method.davies, .liouvillian, .local].allSatisfy { !$0.claim(for: quantum).isExact })
  }

  @Test func theBestTheoryIsChosenOnce() {
    #expect(Method.best(of: [.simulation, .printed, .markov, .memory]) == .memory)
    #expect(Method.best(of: [.asymptotic, .markov]) == .markov)
    #expect(Method.best(of: [.simulation, .printed]) == nil && Method.best(of: [Method]()) == nil)
    #expect(Set(Method.theories).union([.simulation]) == Set(Method.allCases))
    #expect(Set(Method.theories).count == Method.theories.count)
  }
}

/// Numbers with errors for a reader, at any scale.
@Suite struct UncertainTextTests {
  @Test func digitsThatTheErrorLeaves() {
    #expect(41.3.text(error: 2.2) == "41 ± 2")
    #expect(3.1694.text(error: 0.12) == "3.17 ± 0.12")
    #expect(20.55512.text(error: 0.00031) == "20.5551 ± 0.0003")
    #expect(1234.0.text(error: 96) == "1230 ± 100")
    #expect(0.0.text(error: 0.02) == "0.00 ± 0.02")
    #expect(2.0.text(error: 0) == "2" && 2.0.text(error: .infinity) == "2")
  }

  /// The same digits in every unit: nothing is rounded to zero, however small.
  @Test(arguments: [-280, -30, -15, -5, 6, 20, 40, 290]) func scaleFree(power: Int) throws {
    let unit = Double("1e\(power)") ?? 1
    for (value, error) in [(2.31, 0.12), (4.0, 0.0003), (9.99, 0.5), (0.2, 1.0)] {
      let text = (value * unit).text(error: error * unit)
      #expect(text.hasPrefix("(") && text.contains(")e"), "\(text)")
      let parts = text.dropFirst().split(separator: ")e")
      let scale = try #require(Double("1e\(parts[1])"))
      let numbers = parts[0].split(separator: " ± ").compactMap { Double($0) }
      try #require(numbers.count == 2)
      #expect(abs(numbers[0] * scale - value * unit) <= 0.51 * error * unit, "\(text)")
      #expect(numbers[1] > 0 && abs(numbers[1] * scale / (error * unit) - 1) < 0.3, "\(text)")
    }
  }
}
