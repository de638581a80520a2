import NessLinear
import NessModel
import NessStatistics
import Testing

/// Baths whose second moments close without being thermal noise: numbers of two other routes (the closed equations of the second
/// moments, solved by hand and in numpy).
@Suite("Linear theory of networks: collisions and active forces")
struct DrivenNetworkTests {
  private static let chain = Network(lattice: .chain(3), at: [SiteRule(sites: [1...1, 3...3], site: "q^2/2")])

  private func answer(_ left: any StochasticBath, _ right: any StochasticBath, _ network: Network = chain) throws
    -> Answer
  {
    let model = try Model(
      medium: network,
      attachments: [
        .init(name: "left", site: 1, bath: NetworkBath(left)),
        .init(name: "right", site: network.sites, bath: NetworkBath(right)),
      ])
    return try NetworkSolver().answer(.all, of: model, by: [.markov])
  }

  private func isNear(_ estimate: Estimate, _ value: Double, digits: Double) -> Bool {
    abs(estimate.value - value) <= estimate.error + digits
  }

  @Test("Andersen baths: current and temperatures")
  func andersen() throws {
    let found = try answer(AndersenBath(temperature: 3, rate: 1.4), AndersenBath(temperature: 1, rate: 2.6))
    let current = try found.required(.heatCurrent, .markov)
    #expect(isNear(current, 0.236985129457, digits: 1e-12) && current.error < 1e-9)
    for (site, value) in [2.66144982, 2.14374607, 1.18229625].enumerated() {
      #expect(isNear(try found.required(.kineticTemperature(site: site + 1), .markov), value, digits: 1e-8))
    }
    // What a bath gives is nu (T - T_site)/2.
    let site = try found.required(.kineticTemperature(site: 1), .markov)
    #expect(abs(current.value - 0.7 * (3 - site.value)) <= current.error + 0.7 * site.error)
    #expect(abs(current.value - 0.2) > 1e-3)
  }

  @Test("An active bath: its heat, whatever the law of its force", arguments: [ActiveBath.Law.gaussian, .telegraph])
  func active(law: ActiveBath.Law) throws {
    let found = try answer(
      ActiveBath(friction: 0.7, amplitude: 1.5, correlationTime: 2, law: law),
      LangevinBath(temperature: 1, friction: 1.3))
    let current = try found.required(.heatCurrent, .markov)
    #expect(isNear(current, 0.018900270806, digits: 1e-12) && current.error < 1e-6)
    let other = try found.required(.heat(from: "right"), .markov)
    #expect(abs(current.value + other.value) <= current.error + other.error)
    // Profiles are refused with the reason, entropy as well.
    #expect(found.estimate(.kineticTemperature(site: 1), by: .markov) == nil)
    #expect(found.estimate(.entropyProduction, by: .markov) == nil)
  }

  @Test("A force that changes fast is white noise: the current of a Langevin bath, approached as 1/time")
  func fastForce() throws {
    let thermal = try answer(
      LangevinBath(temperature: 2, friction: 0.7), LangevinBath(temperature: 1, friction: 1.3)
    ).required(.heatCurrent, .markov).value
    let errors = try [1e-2, 1e-3].map { time -> Double in
      // a² tau / gamma = 2
      let force = ActiveBath(friction: 0.7, amplitude: (1.4 / time).squareRoot(), correlationTime: time)
      return try answer(force, LangevinBath(temperature: 1, friction: 1.3)).required(.heatCurrent, .markov).value
        - thermal
    }
    #expect(abs(errors[0]) < 0.05 * thermal && abs(errors[1]) < 0.2 * abs(errors[0]))
  }

  @Test("Equal temperatures: no heat flows between a thermal bath and collisions, on a graph with loops")
  func equilibrium() throws {
    let found = try answer(
      AndersenBath(temperature: 1.5, rate: 0.3), LangevinBath(temperature: 1.5, friction: 2),
      Network(lattice: .square(columns: 3, rows: 2), site: "j*q^2/2"))
    let current = try found.required(.heatCurrent, .markov)
    #expect(abs(current.value) <= current.error && current.error < 1e-8)
    for site in 1...6 {
      #expect(isNear(try found.required(.kineticTemperature(site: site), .markov), 1.5, digits: 1e-9))
    }
  }

  @Test("Collisions at fixed times have no linear theory, and it is told why")
  func periodic() throws {
    let found = try answer(
      AndersenBath(temperature: 1, timing: .periodic, probability: 0.5, interval: 1),
      LangevinBath(temperature: 1, friction: 1))
    #expect(found.entries.isEmpty && found.refusals.contains { $0.reason.contains("fixed times") })
  }

  @Test("A self-consistent reservoir takes the temperature at which it gives no heat")
  func selfConsistent() throws {
    let baths: [any StochasticBath] = [
      LangevinBath(temperature: 3, friction: 0.7), SelfConsistentBath(friction: 0.5),
      LangevinBath(temperature: 1, friction: 1.3),
    ]
    let attachments = baths.enumerated().map { index, bath in
      NetworkModel.Attachment(name: ["left", "middle", "right"][index], site: index + 1, bath: NetworkBath(bath))
    }
    let model = try Model(medium: Self.chain, attachments: attachments)
    let found = try NetworkSolver().answer(.all, of: model, by: [.markov])
    #expect(isNear(try found.required(.heat(from: "left"), .markov), 0.268257103784, digits: 1e-12))
    #expect(isNear(try found.required(.heat(from: "middle"), .markov), 0, digits: 1e-12))
    let temperature = try #require(try NetworkSolver().reservoirTemperatures(of: model)[1])
    #expect(isNear(temperature, 2.04265005318, digits: 1e-11) && temperature.error < 1e-8)
    #expect(isNear(try found.required(.kineticTemperature(site: 2), .markov), 2.04265005318, digits: 1e-9))
    let alone = try Model(medium: Self.chain, attachments: [attachments[1]])
    #expect(
      try NetworkSolver().answer(.all, of: alone, by: [.markov]).refusals.contains {
        $0.reason.contains("sets a temperature")
      })
  }
}
