import Foundation
import NessKinetic
import NessModel
import NessTestSupport
import Testing

/// Several particles between two walls.
@Suite struct HardPointGasTests {
  private static func gas(
    _ left: WallBath, _ right: WallBath, particles: Int, length: Double = 1, diameter: Double = 0,
    masses: [Double]? = nil
  ) throws -> BoxModel {
    try Model(
      medium: Box(
        length: length, mass: 2, particles: particles, diameter: diameter, massRule: masses.map { .list($0) }),
      attachments: [.init(name: "left", site: 1, bath: left), .init(name: "right", site: 2, bath: right)])
  }

  private static func outcome(
    _ model: BoxModel, cycles: Double, replicas: Int = 64, threads: Int = 2
  ) throws -> KineticOutcome {
    let choice = try GasChoice(for: model)
    let settings = KineticSettings(
      seed: 20_261_127, replicas: replicas, burnIn: min(choice.burnIn, 100 * choice.cycleTime),
      duration: cycles * choice.cycleTime, threads: threads)
    return try GasSolver(settings).simulate(model)
  }

  /// A burn-in that is too short: the bias is within what is said of it, and a warning names the burn-in. 0.04223(26) is the current of a
  /// run with the burn-in that is chosen.
  @Test func theStartIsInTheError() throws {
    let masses = (1...100).map { $0 % 2 == 1 ? 1.0 : 3 }
    let model = try Self.gas(
      Sample.maxwell(2), Sample.maxwell(1), particles: 100, length: 100, masses: masses)
    let settings = KineticSettings(seed: 3, replicas: 64, burnIn: 0, duration: 500, threads: 2)
    let answer = try GasSolver(settings).simulate(model).answer
    let entry = try #require(answer.entries.first { $0.quantity == .heatCurrent })
    let left = try #require(entry.budget).burnIn.value
    #expect(abs(entry.estimate.value - 0.04223) < acceptedZScore * entry.estimate.error + left)
    #expect(left > entry.estimate.error && answer.notes.contains { $0.contains("would be chosen for run.burnIn") })
  }

  /// Equal masses exchange velocities: n times the heat of one particle in the free room.
  @Test(arguments: [(1, 0.5), (2, 0.0), (5, 0.1)])
  func equalMassesAreIndependent(particles: Int, diameter: Double) throws {
    let model = try Self.gas(
      Sample.maxwell(4), Sample.maxwell(1), particles: particles, length: 3, diameter: diameter)
    let measured = try Self.outcome(model, cycles: 2000).answer
    let exact = try RenewalSolver().answer(of: model)
    for quantity in [Quantity.heatCurrent, .heat(from: "right"), .meanEnergy, .kineticTemperature(site: 7)] {
      let (found, value) = (try measured.only(quantity), try exact.only(quantity).value)
      #expect(abs(found.zScore(againstExact: value)) < acceptedZScore, "\(quantity): \(found) \(value)")
    }
    if diameter == 0 {
      let density = try measured.only(.density(part: 3))
      #expect(abs(density.zScore(againstExact: Double(particles) / 3)) < acceptedZScore)
    } else {
      // The whole length in place of the free one must fail.
      let points = try RenewalSolver().answer(
        of: Self.gas(Sample.maxwell(4), Sample.maxwell(1), particles: particles, length: 3))
      let wrong = try points.only(.heatCurrent).value
      #expect(abs(try measured.only(.heatCurrent).zScore(againstExact: wrong)) > acceptedZScore)
    }
  }

  /// Where the middle of a rod cannot be the density is 0 and known to be; nothing is said of temperatures there.
  @Test func whereNoRodCanBe() throws {
    let model = try Self.gas(Sample.maxwell(2), Sample.maxwell(0.5), particles: 1, length: 5, diameter: 0.5)
    let answer = try Self.outcome(model, cycles: 200).answer
    #expect(try answer.only(.density(part: 1)) == .numerical(0, bound: 0))
    #expect(try answer.only(.density(part: 20)) == .numerical(0, bound: 0))
    #expect(try answer.only(.density(part: 2)).value > 0.1)
    #expect(!answer.entries.members.contains { $0.quantity == .kineticTemperature(site: 1) })
    #expect(!answer.notes.contains { $0.contains("left out") })
    // Theory refuses the density of rods, and not that of points.
    let refusals = RenewalSolver().refusals(.only([.density]), of: model, by: .renewal)
    #expect(refusals.count == 1 && refusals[0].reason.contains("rods are mapped to points"))
    let points = try Self.gas(Sample.maxwell(2), Sample.maxwell(0.5), particles: 2, length: 5)
    #expect(RenewalSolver().refusals(.only([.density]), of: points, by: .renewal).isEmpty)
  }

  /// The same between Metropolis walls, against the kernel.
  @Test(arguments: [MetropolisBath.Proposal.energy, .speed])
  func metropolisWalls(proposal: MetropolisBath.Proposal) throws {
    let model = try Self.gas(Sample.metropolis(2, proposal, moves: 2), Sample.maxwell(1), particles: 3)
    let measured = try Self.outcome(model, cycles: 2000).answer
    let exact = try KernelSolver().answer(of: model)
    for quantity in [Quantity.heatCurrent, .meanEnergy] {
      let (found, value) = (try measured.only(quantity), try exact.only(quantity).value)
      #expect(abs(found.zScore(againstExact: value)) < acceptedZScore, "\(quantity): \(found) \(value)")
    }
  }

  /// Unlike masses are refused by theory, and carry less than equal ones.
  @Test func unlikeMasses() throws {
    let model = try Self.gas(Sample.maxwell(2), Sample.maxwell(1), particles: 2, masses: [1, 3])
    #expect(RenewalSolver().refusals(of: model, by: .renewal).count == 1)
    #expect(KernelSolver().refusals(of: model, by: .kernel).count == 1)
    let equal = try Self.gas(Sample.maxwell(2), Sample.maxwell(1), particles: 2)
    let value = try RenewalSolver().answer(of: equal).only(.heatCurrent).value
    let found = try Self.outcome(model, cycles: 2000).answer.only(.heatCurrent)
    #expect(found.zScore(againstExact: value) < -acceptedZScore)
  }

  /// The heat from the walls is the change of the energy, and places stay in order.
  @Test func energyAndOrder() throws {
    let masses = (0..<50).map { 1 + Double($0 % 2) * 2.5 }
    let gas = HardPointGas(
      try Self.gas(Sample.maxwell(2), Sample.maxwell(1), particles: 50, masses: masses), seed: 3, replica: 0)
    let before = gas.totalEnergy
    for _ in 0..<20 { gas.fly(for: 1) }
    let sums = gas.takeSums()
    #expect(abs(sums[0] + sums[1] - (gas.totalEnergy - before)) < 1e-10 * before)
    #expect(sums[HardPointGas.Channel.pairs.rawValue] > 10_000)
    #expect(gas.places == gas.places.sorted() && (gas.places.last ?? 2) <= 1 && (gas.places.first ?? -1) >= 0)
  }

  /// Collisions of particles keep the momentum; only the walls change it.
  @Test func momentum() throws {
    let masses = (0..<50).map { 1 + Double($0 % 3) * 0.7 }
    let gas = HardPointGas(
      try Self.gas(Sample.maxwell(1e-12), Sample.maxwell(1e-12), particles: 50, masses: masses), seed: 3, replica: 0)
    var momentum = gas.totalMomentum
    var quiet = 0
    for _ in 0..<400 {
      gas.fly(for: 1000)
      let sums = gas.takeSums()
      if sums[HardPointGas.Channel.collisionsLeft.rawValue] + sums[HardPointGas.Channel.collisionsRight.rawValue] == 0,
        sums[HardPointGas.Channel.pairs.rawValue] > 0
      {
        quiet += 1
        #expect(abs(gas.totalMomentum - momentum) < 1e-12 * 50 * 1e-6)
      }
      momentum = gas.totalMomentum
    }
    #expect(quiet > 100)
  }

  @Test func bytesDoNotDependOnThreads() throws {
    let model = try Self.gas(Sample.maxwell(2), Sample.maxwell(1), particles: 3, masses: [1, 2, 3])
    let answers = try [1, 3].map { try Self.outcome(model, cycles: 100, replicas: 20, threads: $0).answer }
    #expect(answers[0].entries == answers[1].entries)
  }

  /// A run that was ended goes on with the same numbers.
  @Test func goesOnWhereItWasEnded() throws {
    let model = try Self.gas(Sample.maxwell(2), Sample.metropolis(1), particles: 3, masses: [1, 2, 3])
    let settings = KineticSettings(seed: 7, replicas: 20, burnIn: 50, duration: 100_000)
    let whole = try GasSolver(settings).simulate(model)
    let memory = MemoryKeeper()
    let found = untilTheEnd(looks: 2) { count in
      var solver = GasSolver(settings)
      solver.watch.stateKeeper = memory.keeper
      solver.watch.shouldStop = { count.isOver() }
      let outcome = try? solver.simulate(model)
      return outcome?.stopReason == .interrupted ? nil : outcome
    }
    let (outcome, runs) = try #require(found)
    #expect(runs > 1 && memory.allWarnings.isEmpty, "\(runs)")
    #expect(outcome.answer.entries == whole.answer.entries && outcome.collisions == whole.collisions)
  }

  @Test func impossibleBoxes() {
    func faults(_ box: Box) -> [String] { box.faults.map(\.parameter) }
    #expect(faults(Box(length: 1, particles: 0)) == ["particles"])
    #expect(faults(Box(length: 1, particles: 3, massRule: .list([1, 2]))) == ["mass"])
    #expect(faults(Box(length: 1, particles: 1, massRule: .list([1]))) == ["mass"])
    #expect(faults(Box(length: 1, particles: 3, massRule: .formula("1 - j"))) == ["mass"])
    #expect(faults(Box(length: 1, particles: 10, diameter: 0.1)) == ["diameter"])
    #expect(faults(Box(length: 1, diameter: 1)) == ["diameter"] && faults(Box(length: 1, diameter: 0.9)).isEmpty)
    #expect(faults(Box(length: 1, particles: 3, diameter: 0.1, massRule: .list([1, 2, 3]))).isEmpty)
  }
}
