import NessLinear
import NessModel
import NessStatistics
import NessTestSupport
import NessTrajectory
import Testing

/// Baths that only networks have, against what is known exactly of second moments.
@Suite("Baths of networks: collisions, memory, active forces")
struct NetworkBathTests {
  /// Three unit masses, joined by unit springs, the ends held by one each.
  private static let network = Network(
    lattice: .chain(3), at: [SiteRule(sites: [1...1, 3...3], site: "q^2/2")])

  private func model(_ left: any StochasticBath, _ right: any StochasticBath) throws -> NetworkModel {
    try Model(
      medium: Self.network,
      attachments: [
        .init(name: "left", site: 1, bath: NetworkBath(left)), .init(name: "right", site: 3, bath: NetworkBath(right)),
      ])
  }

  private func answer(_ model: NetworkModel, timeStep: Double = 0.05, seed: UInt64 = 1) throws -> Answer {
    // What is exact is so for a step of zero: heats that innovations have sharpened would see the step of a harmonic network.
    let settings = TrajectorySettings(
      seed: seed, replicas: 64, timeStep: timeStep, burnIn: 40, duration: 600, innovations: false)
    return try NetworkTrajectorySolver(settings).simulate(BathedNetwork(model)).answer
  }

  private func z(_ answer: Answer, _ quantity: Quantity, _ value: Double) throws -> Double {
    let found = try answer.required(quantity, .simulation)
    return (found.value - value) / found.error
  }

  @Test("Andersen baths: current and temperatures of the closed second moments")
  func andersen() throws {
    let found = try answer(
      model(AndersenBath(temperature: 3, rate: 1.4), AndersenBath(temperature: 1, rate: 2.6)), timeStep: 0.025)
    #expect(abs(try z(found, .heatCurrent, 0.236985129457)) <= 4.9)
    for (site, value) in [2.66144982, 2.14374607, 1.18229625].enumerated() {
      #expect(abs(try z(found, .kineticTemperature(site: site + 1), value)) <= 4.9)
    }
    // A friction that relaxes the momentum as fast is told apart.
    let friction = try LinearSolver().answer(
      .only(.heatCurrent),
      of: Model(
        medium: Chain(sites: 3, pinning: 1),
        attachments: [
          .init(name: "left", site: 1, bath: ChainBath(LangevinBath(temperature: 3, friction: 1.4))),
          .init(name: "right", site: 3, bath: ChainBath(LangevinBath(temperature: 1, friction: 2.6))),
        ]), by: [.markov]
    ).required(.heatCurrent, .markov)
    #expect(abs(try z(found, .heatCurrent, friction.value)) > 4.9)
  }

  @Test("Collisions at fixed times keep a site at its temperature in equilibrium, whatever the probability")
  func periodicCollisions() throws {
    let bath = AndersenBath(temperature: 1.5, timing: .periodic, probability: 0.7, interval: 0.5)
    let found = try answer(model(bath, bath))
    for site in 1...3 { #expect(abs(try z(found, .kineticTemperature(site: site), 1.5)) <= 4.9) }
    #expect(abs(try z(found, .heatCurrent, 0)) <= 4.9)
    // The interval must be a whole number of steps.
    #expect(throws: Refusal.self) { try answer(model(bath, bath), timeStep: 0.07) }
  }

  @Test("An active bath, Gaussian or telegraph: the same current", arguments: [ActiveBath.Law.gaussian, .telegraph])
  func active(law: ActiveBath.Law) throws {
    let found = try answer(
      model(
        ActiveBath(friction: 0.7, amplitude: 1.5, correlationTime: 2, law: law),
        LangevinBath(temperature: 1, friction: 1.3)))
    #expect(abs(try z(found, .heatCurrent, 0.018900270806)) <= 4.9)
    for (site, value) in [0.74748407, 0.98249810, 1.01453867].enumerated() {
      #expect(abs(try z(found, .kineticTemperature(site: site + 1), value)) <= 4.9)
    }
    // A thermal bath whose noise is as strong at low frequencies gives much more.
    #expect(abs(try z(found, .heatCurrent, 1)) > 4.9)
    // It has no temperature, so no entropy is told.
    #expect(found.estimate(.entropyProduction, by: .simulation) == nil)
  }

  @Test("Friction with memory: current and temperatures of the linear theory with memory")
  func memory() throws {
    let model = try model(
      MemoryBath(temperature: 3, terms: [.init(weight: 0.5, time: 2), .init(weight: 2, time: 0.3)]),
      LangevinBath(temperature: 1, friction: 1.3))
    let found = try answer(model, timeStep: 0.025)
    let exact = try NetworkSolver().answer(
      .only([.heatCurrent, .kineticTemperature]), of: model, by: [.memory, .markov])
    for quantity in [Quantity.heatCurrent] + (1...3).map(Quantity.kineticTemperature) {
      #expect(abs(try z(found, quantity, exact.required(quantity, .memory).value)) <= 4.9, "\(quantity)")
    }
    // A current that is a third larger is told apart.
    #expect(abs(try z(found, .heatCurrent, 4 / 3 * exact.required(.heatCurrent, .memory).value)) > 4.9)
  }

  /// Modes of chain and memory together are slower than those with the friction that the memory adds up to: what is measured waits for them, and
  /// what is expected of a slow force is no temperature of thousands.
  @Test("Slow memories and forces: burn-in, temperatures and budgets", arguments: [false, true])
  func slowForces(isActive: Bool) throws {
    let left: any StochasticBath =
      isActive
      ? ActiveBath(friction: 0.05, amplitude: 0.3, correlationTime: 300)
      : MemoryBath(temperature: 3, terms: [.init(weight: 0.3, time: 30)])
    let model = try model(left, LangevinBath(temperature: 0.5, friction: 0.02))
    let bathed = BathedNetwork(model)
    let scales = NetworkScales(bathed)
    let chosen = scales.burnIn(timeStep: 0.05, relativeError: nil, replicas: 256)
    let settings = TrajectorySettings(
      seed: 3, replicas: 256, timeStep: 0.05, burnIn: chosen.burnIn, duration: 300, threads: 2)
    let found = try NetworkTrajectorySolver(settings).simulate(bathed, scales).answer
    let method: NessModel.Method = isActive ? .markov : .memory
    let exact = try NetworkSolver().answer(.only([.heatFrom, .kineticTemperature]), of: model, by: [method])
    for site in 1...3 {
      let (one, other) = (
        try found.required(.kineticTemperature(site: site), .simulation),
        try exact.required(.kineticTemperature(site: site), method)
      )
      #expect(abs(one.zScore(againstExact: other.value)) <= 4.9, "\(site) \(one) \(other)")
      let budget = try #require(found.entries.member(.kineticTemperature(site: site), by: .simulation)?.budget)
      #expect(budget.timeStep.value < 0.05 * other.value && budget.burnIn.value < 0.1 * other.value, "\(budget)")
    }
    // As far as the friction of all that is remembered tells, it is forgotten sooner.
    let rate = (isActive ? 0.05 : 9.0) + 0.02
    if !isActive { #expect(chosen.burnIn > 5 * 3 / rate) }
    #expect(!chosen.explanation.isEmpty)
  }

  @Test("Equal temperatures: every kind of bath leaves every site at them, and no heat flows")
  func equilibrium() throws {
    let kinds: [any StochasticBath] = [
      AndersenBath(temperature: 2, rate: 0.8), MemoryBath(temperature: 2, terms: [.init(weight: 1, time: 1)]),
      LangevinBath(temperature: 2, friction: 0.5),
    ]
    let attachments = kinds.enumerated().map { index, kind in
      NetworkModel.Attachment(name: "b\(index)", site: index + 1, bath: NetworkBath(kind))
    }
    let found = try answer(Model(medium: Self.network, attachments: attachments), timeStep: 0.025)
    for site in 1...3 { #expect(abs(try z(found, .kineticTemperature(site: site), 2)) <= 4.9) }
    for index in kinds.indices { #expect(abs(try z(found, .heat(from: "b\(index)"), 0)) <= 4.9) }
  }
}
