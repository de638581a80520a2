import Foundation
import NessLinear
import NessModel
import NessStatistics
import NessTestSupport
import NessTrajectory
import Testing

/// Mean energy of networks: kinetic, of the bonds and of the sites, constants of the formulas included.
@Suite("Mean energy of networks") struct NetworkEnergyTests {
  private func model(
    _ medium: Network, hot: any StochasticBath = LangevinBath(temperature: 2, friction: 1), cold: Double = 1
  ) throws -> NetworkModel {
    let right = LangevinBath(temperature: cold, friction: 0.7)
    return try Model(
      medium: medium,
      attachments: [
        .init(name: "a", site: 1, bath: NetworkBath(hot)),
        .init(name: "b", site: medium.sites, bath: NetworkBath(right)),
      ])
  }

  private func simulated(_ model: NetworkModel, seed: UInt64, timeStep: Double = 0.05) throws -> Estimate {
    let settings = TrajectorySettings(
      seed: seed, replicas: 64, timeStep: timeStep, burnIn: 40, duration: 400, threads: 2)
    let answer = try NetworkTrajectorySolver(settings).simulate(BathedNetwork(model)).answer
    let entry = try #require(answer.entries.first { $0.quantity == .meanEnergy })
    #expect(try #require(entry.budget).timeStep.value > 0)
    return entry.estimate
  }

  private func theory(_ model: NetworkModel) throws -> Estimate? {
    try NetworkSolver().answer(.only(.meanEnergy), of: model, by: [.markov]).estimate(.meanEnergy, by: .markov)
  }

  /// In equilibrium the energy at rest, and T for each site. Here all rest at q = 1, where U is 5/2.
  @Test func equilibriumIsExact() throws {
    let found = try #require(
      try theory(
        model(
          Network(lattice: .chain(3), bond: "r^2/2 + 1", site: "q^2/2 - q + 3"),
          hot: LangevinBath(temperature: 1.5, friction: 1), cold: 1.5)))
    let expected = 3 * 1.5 + 3 * 2.5 + 2.0
    #expect(abs(found.value - expected) <= found.error + 1e-14)
    #expect(found.error < 1e-6)
  }

  @Test(arguments: [1 as UInt64, 2, 3]) func simulationAgreesWithTheoryOutOfEquilibrium(seed: UInt64) throws {
    // Sites in two tiles, bonds that lie side by side and others.
    let medium = Network(
      lattice: .chain(70), mass: .formula("1 + (j - 1)/70"), bond: "r^2 - 0.3*r", site: "q^2/4 + q/10 + 2",
      bonds: [.init(between: 3, 40, potential: "r^2/3"), .init(between: 10, 69)])
    let model = try model(medium)
    let exact = try #require(try theory(model))
    let found = try simulated(model, seed: seed, timeStep: 0.02)
    #expect(abs(found.zScore(against: exact)) < acceptedZScore, "\(found) \(exact)")
    // Control: without what the formulas have at rest.
    let atRest = 2.0 * 70
    #expect(abs(found.zScore(againstExact: exact.value - atRest)) > acceptedZScore && found.error < 0.01 * exact.value)
  }

  /// One site in a field, against integrals over its Boltzmann weight: T/2 is kinetic.
  @Test(arguments: ["q^4/4", "1 - cos(q) + q^2/8", "log(cosh(q))"]) func anharmonicFields(
    field: String
  ) throws {
    let temperature = 0.8
    let model = try Model(
      medium: Network(lattice: .chain(1), site: field),
      attachments: [
        .init(name: "a", site: 1, bath: NetworkBath(LangevinBath(temperature: temperature, friction: 1)))
      ])
    let form = model.medium.form
    let potential = form.potentials[form.fields[0].potential]
    let places = (-40_000...40_000).map { 1e-3 * Double($0) }
    let weights = places.map { exp(-potential.energy($0) / temperature) }
    let mean = zip(places, weights).reduce(0) { $0 + potential.energy($1.0) * $1.1 } / weights.reduce(0, +)
    let found = try simulated(model, seed: 8, timeStep: 0.02)
    #expect(abs(found.zScore(againstExact: 0.5 * temperature + mean)) < acceptedZScore, "\(found) \(mean)")
    #expect(abs(found.zScore(againstExact: temperature + mean)) > acceptedZScore)
  }

  /// The same between poles, of which the far side may be lower: with the step that is chosen nothing gets there.
  @Test(arguments: [("q^2/2 + 1/(1 + q)", -1.0, 40.0), ("1/(1.5 + q)^4 + 2/(1 - q)", -1.5, 1.0)])
  func betweenPoles(field: String, lower: Double, upper: Double) throws {
    let temperature = 2.0
    let model = try Model(
      medium: Network(lattice: .chain(1), site: field),
      attachments: [
        .init(name: "a", site: 1, bath: NetworkBath(LangevinBath(temperature: temperature, friction: 1)))
      ])
    let scales = NetworkScales(BathedNetwork(model))
    let step = scales.timeStep(tolerance: 0.002, noise: .matched).timeStep
    #expect(step > 1e-3 && step < 0.1, "\(step)")
    // What is behind a pole is no other well.
    let burnIn = scales.burnIn(timeStep: step, relativeError: nil, replicas: 64).burnIn
    #expect(burnIn < 200, "\(burnIn)")
    let form = model.medium.form
    let potential = form.potentials[form.fields[0].potential]
    let places = (1..<200_000).map { lower + (upper - lower) * Double($0) / 200_000 }
    let weights = places.map { exp(-potential.energy($0) / temperature) }
    let mean = zip(places, weights).reduce(0) { $0 + potential.energy($1.0) * $1.1 } / weights.reduce(0, +)
    let found = try simulated(model, seed: 8, timeStep: step)
    #expect(abs(found.zScore(againstExact: 0.5 * temperature + mean)) < acceptedZScore, "\(found) \(mean)")
    #expect(abs(found.zScore(againstExact: temperature + mean)) > acceptedZScore)
  }

  @Test func theoryIsSilentOfWhatNothingHolds() throws {
    let free = try model(Network(lattice: .chain(4)))
    #expect(try theory(free) == nil)
    // The simulation knows it.
    #expect(try simulated(free, seed: 1).value > 0)
  }

  /// A bath that remembers pulls at the displacements: the energies of the springs are found instead of the virial theorem.
  @Test(arguments: [4 as UInt64, 5]) func simulationAgreesWithTheoryOfMemory(seed: UInt64) throws {
    let model = try model(
      Network(lattice: .chain(4), bond: "r^2/2 + 0.2*r", site: "q^2/2"),
      hot: MemoryBath(temperature: 2, terms: [.init(weight: 2, time: 2)]), cold: 0.5)
    let answer = try NetworkSolver().answer(.only([.meanEnergy, .kineticTemperature]), of: model, by: [.memory])
    let exact = try answer.required(.meanEnergy, .memory)
    let found = try simulated(model, seed: seed, timeStep: 0.02)
    #expect(abs(found.zScore(against: exact)) < acceptedZScore, "\(found) \(exact)")
    // Control: what the virial theorem would say.
    let virial = try (1...4).reduce(0) { try $0 + answer.required(.kineticTemperature(site: $1), .memory).value }
    #expect(abs(exact.value - virial) > 100 * exact.error, "\(exact) \(virial)")
  }
}
