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
    // It has no temperature, so there is no entropy.
    #expect(found.estimate(.entropyProduction, by: .markov) == nil)
  }

  /// A ring of all kinds of baths: numbers of a numpy program that solves the closed equations of the second moments as one linear system.
  @Test("Beside an active bath: temperatures, flows around a ring, energies", arguments: [1.0, 1e-20])
  func profileBesideForces(unit: Double) throws {
    let network = Network(
      lattice: .ring(5), mass: .list([1, 2, 1, 1.5, 1].map { $0 * unit }), bond: "\(unit)*r^2/2",
      site: "0.15*\(unit)*q^2")
    let baths: [(Int, any StochasticBath)] = [
      (1, ActiveBath(friction: 0.4 * unit, amplitude: 0.7 * unit, correlationTime: 6)),
      (3, AndersenBath(temperature: 0.5 * unit, rate: 0.3)),
      (4, MemoryBath(temperature: 1.2 * unit, terms: [.init(weight: 0.5 * unit, time: 2)])),
      (5, LangevinBath(temperature: 0.2 * unit, friction: 0.1 * unit)),
    ]
    let model = try Model(
      medium: network, attachments: baths.map { .init(name: "b\($0)", site: $0, bath: NetworkBath($1)) })
    let families: [Quantity.Family] = [
      .heatFrom, .kineticTemperature, .bondHeatCurrent, .meanEnergy, .potentialEnergy,
    ]
    let found = try NetworkSolver().answer(.only(families), of: model, by: [.memory])
    let known: [(String, Double)] =
      [
        ("heatFrom.b1", -0.04146694683716476), ("heatFrom.b3", 0.005350119938958117),
        ("heatFrom.b4", 0.05567969892607623), ("heatFrom.b5", -0.0195628720278696),
        ("bondHeatCurrent[1-2]", 0.0014866484442930211), ("bondHeatCurrent[3-4]", 0.006836768383251099),
        ("bondHeatCurrent[4-5]", 0.06251646730932729), ("bondHeatCurrent[1-5]", -0.042953595281458076),
        ("meanEnergy", 2.765164851049169),
      ]
      + [0.2767181160609356, 0.71805517137252, 0.4643325337402792, 0.647089711909033, 0.395628720278696].enumerated()
      .map { ("kineticTemperature[\($0 + 1)]", $1) }
      + [0.29938948350357475, 0.32223641277140713, 0.3218183810622195, 0.3078558158232008, 0.2629526312080348]
      .enumerated().map { ("potentialEnergy[\($0 + 1)]", $1) }
    for (name, value) in known {
      let estimate = try found.required(#require(Quantity(name)), .memory)
      #expect(abs(estimate.value / unit - value) <= estimate.error / unit + 1e-13, "\(name) \(estimate) \(value)")
      #expect(estimate.error < 1e-6 * abs(value) * unit, "\(name) \(estimate)")
      // The negative control.
      #expect(abs(estimate.value / unit - 1.00001 * value) > estimate.error / unit)
    }
  }

  /// A slow force has the noise of a temperature of thousands, and bounds do not feel it; along a transient, too.
  @Test("A slow weak force: everything is known well")
  func slowForce() throws {
    var model = try Model(
      medium: Network(lattice: .chain(3), site: "q^2/2"),
      attachments: [
        .init(
          name: "left", site: 1, bath: NetworkBath(ActiveBath(friction: 0.01, amplitude: 0.3, correlationTime: 500))),
        .init(name: "mid", site: 2, bath: NetworkBath(LangevinBath(temperature: 0.1, friction: 0.05))),
        .init(name: "right", site: 3, bath: NetworkBath(ActiveBath(friction: 0.2, amplitude: 0.3, correlationTime: 5))),
      ])
    let steady = try NetworkSolver().answer(.only([.kineticTemperature, .meanEnergy]), of: model, by: [.markov])
    let energy = try steady.required(.meanEnergy, .markov)
    #expect(isNear(energy, 0.24267240975794116, digits: 1e-13) && energy.error < 1e-8)
    for (site, value) in [0.060282314480064984, 0.06907809241763588, 0.058551614506993435].enumerated() {
      let estimate = try steady.required(.kineticTemperature(site: site + 1), .markov)
      #expect(isNear(estimate, value, digits: 1e-13) && estimate.error < 1e-8, "\(estimate) \(value)")
    }
    model = model.with(Transient(duration: 20_000, every: 2000))
    let found = try NetworkSolver().answer(.only([.transientEnergy, .transientHeat]), of: model, by: [.markov])
    let energies = try #require(found.entries.first { $0.quantity.family == .transientEnergy }).estimates
    #expect(isNear(energies[9], energy.value, digits: 1e-9), "\(energies)")
    #expect(energies.allSatisfy { $0.error < 1e-6 }, "\(energies)")
    // First law between the samples.
    let heats = try #require(found.entries.first { $0.quantity.family == .transientHeat }).estimates
    for sample in 1..<10 {
      let given = (0..<3).reduce(0) { $0 + heats[10 * $1 + sample].value } * 2000
      #expect(abs(energies[sample].value - energies[sample - 1].value - given) < 1e-7)
    }
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
    // Alone it has none to take.
    #expect(throws: ModelError.self) { try Model(medium: Self.chain, attachments: [attachments[1]]) }
  }
}
