import NessLinear
import NessModel
import Testing

@Suite struct TransmissionFunctionTests {
  /// The trapezoid rule over the points of the curve, which are those that are drawn.
  private func integral(_ function: TransmissionFunction) throws -> Double {
    let curve = try function.curve()
    return zip(curve, curve.dropFirst()).reduce(0.0) { sum, ends in
      sum + 0.5 * (ends.0.transmission + ends.1.transmission) * (ends.1.angularFrequency - ends.0.angularFrequency)
    }
  }

  private func check(_ model: ChainModel, withMemory: Bool = false) throws {
    let exact = try value(.heatCurrent, withMemory ? .memory : .markov, model)
    let bias = try #require(model.terminals).left.bath.temperature - #require(model.terminals).right.bath.temperature
    let found = bias / (2 * Double.pi) * (try integral(TransmissionFunction(model, withMemory: withMemory)))
    #expect(abs(found - exact) < 1e-3 * abs(exact), "\(found) \(exact)")
    #expect(abs(1.002 * found - exact) > 1e-3 * abs(exact))
  }

  /// J = (T_L - T_R)/(2 pi) times the integral of the transmission.
  @Test(arguments: [2, 3, 8, 40]) func integralOfALangevinChain(sites: Int) throws {
    try check(langevinChain(sites: sites, pinning: 0.7, spring: 1.3, mass: 2, frictions: (0.5, 1.5)))
  }

  /// Weak friction makes resonances a thousandth of their distance wide, or less.
  @Test(arguments: [1e-4, 1e-9]) func integralOverNarrowResonances(friction: Double) throws {
    try check(langevinChain(sites: 6, frictions: (friction, friction)))
  }

  /// A single site, where the transmission falls only as 1/w², and a spring that hardly joins two sites.
  @Test func integralWithoutAChain() throws {
    try check(langevinChain(sites: 1, frictions: (30, 0.2)))
    try check(langevinChain(sites: 2, spring: 1e-6))
  }

  @Test(arguments: [3.0, 20], [0.1, 1]) func integralWithMemory(temperature: Double, friction: Double) throws {
    let model = try particleChain(
      sites: 5, coupling: 0.2, left: temperature, right: 0, particleFriction: friction)
    try check(model, withMemory: true)
    try check(model, withMemory: false)
  }

  @Test func integralBetweenInnerSites() throws {
    let model = try Model(
      medium: Chain(sites: 7, pinning: 0.4),
      attachments: [
        .init(name: "one", site: 2, bath: .init(LangevinBath(temperature: 3, friction: 0.6))),
        .init(name: "other", site: 5, bath: .init(LangevinBath(temperature: 1, friction: 0.9))),
      ])
    try check(model)
  }

  /// Between equal baths every resonance passes everything, and nothing passes more.
  @Test func transmissionIsAProbability() throws {
    let function = try TransmissionFunction(langevinChain(sites: 5, frictions: (0.01, 0.01)), withMemory: false)
    let curve = try function.curve()
    let values = curve.map(\.transmission)
    #expect(values.allSatisfy { $0 >= 0 && $0 <= 1 + 1e-12 })
    let peaks = values.indices.dropFirst().dropLast().filter {
      values[$0] > values[$0 - 1] && values[$0] >= values[$0 + 1]
    }
    #expect(peaks.count == 5 && peaks.allSatisfy { values[$0] > 0.99 })
    #expect(curve.map(\.angularFrequency) == curve.map(\.angularFrequency).sorted())
  }

  @Test func whatLinearTheoryRefusesHasNoTransmission() throws {
    let buckled = try particleChain(sites: 3, coupling: 0.6, left: 0.5, right: 2, particleFriction: 0.1)
    #expect(throws: Refusal.self) { try TransmissionFunction(buckled, withMemory: true) }
    let three = try Model(
      medium: Chain(sites: 3, pinning: 1),
      attachments: (1...3).map {
        .init(name: "bath\($0)", site: $0, bath: .init(LangevinBath(temperature: 1, friction: 1)))
      })
    let refusal = #expect(throws: Refusal.self) { try TransmissionFunction(three, withMemory: false) }
    #expect(refusal?.reason == "transmission needs exactly two baths, there are 3")
  }
}
