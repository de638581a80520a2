import NessModel
import NessTestSupport
import NessTrajectory
import Testing

/// Models that several suites use.
enum Sample {
  static func chain(
    sites: Int, left: ChainBath, right: ChainBath, spring: Double = 1, pinning: Double = 1
  ) throws -> ChainModel {
    try Model(
      medium: Chain(sites: sites, springConstant: spring, pinning: pinning),
      attachments: [
        .init(name: "left", site: 1, bath: left), .init(name: "right", site: sites, bath: right),
      ])
  }

  static func langevin(_ temperature: Double, friction: Double = 1) -> ChainBath {
    .init(LangevinBath(temperature: temperature, friction: friction))
  }

  static func particles(_ temperature: Double, friction: Double, coupling: Double, count: Int = 40) -> ChainBath {
    .init(ParticleBath(temperature: temperature, count: count, friction: friction, coupling: coupling))
  }
}

@Suite struct EnsembleTests {
  private func simulate(_ model: ChainModel, replicas: Int, threads: Int, seed: UInt64 = 1) throws -> Answer {
    let settings = TrajectorySettings(
      seed: seed, replicas: replicas, timeStep: 0.02, burnIn: 10, duration: 50, threads: threads)
    return try TrajectorySolver(settings).simulate(model).answer
  }

  @Test func sameBytesForAnyNumberOfThreads() throws {
    let model = try Sample.chain(
      sites: 4, left: Sample.particles(20, friction: 0.4, coupling: 0.3), right: Sample.langevin(10))
    let reference = try simulate(model, replicas: 40, threads: 1)
    for threads in [2, 3, 16] {
      #expect(try simulate(model, replicas: 40, threads: threads).entries == reference.entries)
    }
    // Control: another seed gives other numbers.
    #expect(try simulate(model, replicas: 40, threads: 1, seed: 2).entries != reference.entries)
  }

  @Test func theBooksCloseInEveryStep() throws {
    let chain = Chain(sites: 3, mass: 1.3, springConstant: 0.7, pinning: .init(left: 0.9, right: 0.4))
    let model = try Model(
      medium: chain,
      attachments: [
        .init(name: "left", site: 1, bath: Sample.particles(5, friction: 0.3, coupling: 0.4)),
        .init(name: "also left", site: 1, bath: Sample.langevin(3, friction: 0.5)),
        .init(name: "middle", site: 2, bath: Sample.langevin(1)),
        .init(name: "right", site: 3, bath: Sample.particles(8, friction: 0.3, coupling: 0.2)),
        .init(name: "also right", site: 3, bath: Sample.langevin(2)),
      ])
    let timeStep = 0.03
    let group = LaneGroup(ChainDynamics(model, timeStep: timeStep), seed: 4, firstReplica: 0)
    for _ in 0..<200 {
      let before = (0..<3).map { group.velocity[$0] }
      group.bookStored()
      group.clearSums()
      group.advance(steps: 1)
      group.bookStored()
      let q = (0..<3).map { group.displacement[$0] }
      let springs = [
        (q[1] - q[0]) * 0.7 - q[0] * 0.9, (q[0] - q[1] * 2 + q[2]) * 0.7, (q[1] - q[2]) * 0.7 - q[2] * 0.4,
      ]
      var kineticChange = SIMD8<Double>()
      var work = SIMD8<Double>()
      for site in 0..<3 {
        let after = group.velocity[site]
        kineticChange += (after * after - before[site] * before[site]) * (0.5 * 1.3)
        work += springs[site] * (before[site] + after) * (0.5 * timeStep)
      }
      let heat = (0..<5).reduce(SIMD8<Double>()) { $0 + group.sums[group.ledger.heat($1)] } * (0.5 * 1.3)
      for lane in 0..<8 { #expect(abs(kineticChange[lane] - work[lane] - heat[lane]) < 1e-12) }
      // The flow through a bond is the work that it does, half on its right and half against its left site.
      for bond in 0..<2 {
        let after = [bond, bond + 1].map { group.velocity[$0] + before[$0] }
        let flow = (q[bond + 1] - q[bond]) * (after[0] + after[1]) * (-0.25 * 0.7 * timeStep)
        for lane in 0..<8 { #expect(abs(flow[lane] - group.sums[group.ledger.bond(bond)][lane]) < 1e-12) }
      }
    }
  }

  @Test func stepsThatCannotWorkAreRefused() throws {
    let model = try Sample.chain(sites: 3, left: Sample.langevin(1), right: Sample.langevin(2))
    let solver = TrajectorySolver(TrajectorySettings(timeStep: 1.5, burnIn: 0, duration: 10))
    let refusal = #expect(throws: Refusal.self) { try solver.simulate(model) }
    #expect(refusal?.reason.contains("unstable at and above 1") == true)
    let particles = try Sample.chain(
      sites: 3, left: Sample.particles(100, friction: 0.1, coupling: 0.2), right: Sample.langevin(2))
    let coarse = TrajectorySolver(TrajectorySettings(timeStep: 0.05, burnIn: 0, duration: 10))
    #expect(coarse.refusals(of: particles).map(\.reason).joined().contains("tau = 0.0158"))
  }

  @Test func aBlowUpNamesStepReplicaAndCause() throws {
    // Strong drift of the particles in steps that are far too long for it.
    let model = try Sample.chain(
      sites: 2, left: Sample.particles(0.01, friction: 0.001, coupling: 2000), right: Sample.langevin(1))
    let solver = TrajectorySolver(TrajectorySettings(timeStep: 1, burnIn: 0, duration: 1e5))
    let error = #expect(throws: TrajectoryError.self) { try solver.simulate(model) }
    let message = error.map { "\($0)" } ?? ""
    #expect(message.contains("blew up in replica") && message.contains("between steps"))
    #expect(message.contains("time step 1.0 is too long"))
  }

  @Test func aRunTooShortForAnErrorBarIsRefused() throws {
    let model = try Sample.chain(sites: 2, left: Sample.langevin(1), right: Sample.langevin(2))
    let solver = TrajectorySolver(TrajectorySettings(replicas: 1, timeStep: 0.05, burnIn: 0, duration: 10))
    #expect(throws: (any Error).self) { try solver.simulate(model) }
  }

  @Test func interruptedWorkIsKept() throws {
    let model = try Sample.chain(sites: 2, left: Sample.langevin(1), right: Sample.langevin(2))
    var solver = TrajectorySolver(TrajectorySettings(timeStep: 0.05, burnIn: 10, duration: 1e6))
    let clock = ContinuousClock()
    let end = clock.now + .milliseconds(300)
    solver.watch.shouldStop = { clock.now > end }
    // The burn-in and the first pieces fit into the time allowed on any machine that can run the tests at all.
    let outcome = try? solver.simulate(model)
    #expect(outcome.map { $0.stopReason == .interrupted && $0.duration > 0 } ?? true)
  }
}
