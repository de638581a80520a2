import NessKinetic
import NessModel
import NessStatistics
import NessTestSupport
import Testing

/// The steady state from the kernels of the collisions.
@Suite struct KernelSolverTests {
  static let boxes: [(left: WallBath, right: WallBath)] = [
    (Sample.metropolis(2), Sample.metropolis(1)),
    (Sample.metropolis(2, .speed), Sample.metropolis(1, .speed)),
    (Sample.metropolis(2, moves: 5), Sample.metropolis(1, moves: 5)),
    (Sample.metropolis(1), Sample.metropolis(0)),
    (Sample.maxwell(1), Sample.metropolis(0, width: 0.5, moves: 5)),
    (Sample.metropolis(1, .speed, width: 0.7, moves: 2), Sample.metropolis(0.3, width: 0.4, moves: 5)),
    (Sample.maxwell(0.4), Sample.metropolis(1, .speed, width: 2)),
  ]

  /// Simulation against the kernel, all quantities that both give; and against the current of other moves as a control.
  @Test(arguments: boxes) func simulation(left: WallBath, right: WallBath) throws {
    let model = try Sample.box(left, right, length: 0.7, mass: 1.6)
    let measured = try Sample.outcome(model, cycles: 4000).answer
    let exact = try KernelSolver().answer(of: model)
    var compared = 0
    for entry in exact.entries.members {
      guard let estimate = measured.estimate(entry.quantity, by: .simulation) else { continue }
      #expect(abs(estimate.zScore(against: entry.estimate)) < acceptedZScore, "\(entry.quantity)")
      compared += 1
    }
    #expect(compared >= 28)
    let current = try measured.only(.heatCurrent)
    #expect(current.error < 0.05 * abs(current.value))
    #expect(abs(current.zScore(againstExact: 1.3 * (try exact.only(.heatCurrent).value))) > acceptedZScore)
  }

  /// Two Maxwell walls, and Metropolis walls with very many moves, which are Maxwell walls.
  @Test func manyMovesAreMaxwellWalls() throws {
    let exact = try RenewalSolver().answer(of: Sample.box(Sample.maxwell(2), Sample.maxwell(1)))
    let maxwell = try KernelSolver().answer(of: Sample.box(Sample.maxwell(2), Sample.maxwell(1)))
    let energy = try KernelSolver().answer(
      of: Sample.box(Sample.metropolis(2, moves: 20_000), Sample.metropolis(1, moves: 20_000)))
    let speed = try KernelSolver().answer(
      of: Sample.box(Sample.metropolis(2, .speed, moves: 300), Sample.metropolis(1, .speed, moves: 300)))
    for quantity in [
      Quantity.heatCurrent, .meanEnergy, .timeShare(bath: "left"), .entropyProduction, .density(part: 3),
    ] {
      let value = try exact.only(quantity).value
      for answer in [maxwell, energy, speed] {
        let estimate = try answer.only(quantity)
        #expect(abs(estimate.value - value) < max(estimate.error, 1e-12) && estimate.error < 1e-8)
      }
    }
    let few = try KernelSolver().answer(of: Sample.box(Sample.metropolis(2), Sample.metropolis(1))).only(.heatCurrent)
    #expect(few.value < 0.1 * (try exact.only(.heatCurrent).value))
  }

  @Test(arguments: [MetropolisBath.Proposal.energy, .speed])
  func equilibriumCarriesNothing(proposal: MetropolisBath.Proposal) throws {
    let wall = Sample.metropolis(0.5, proposal, width: 0.8, moves: 2)
    let answer = try KernelSolver().answer(of: Sample.box(wall, wall, mass: 3))
    #expect(abs(try answer.only(.heatCurrent).value) < 1e-12)
    #expect(abs(try answer.only(.meanEnergy).value - 0.25) < 1e-10)
    #expect(abs(try answer.only(.timeShare(bath: "left")).value - 0.5) < 1e-10)
  }

  /// Currents computed once with other tools, on 1600 cells of equal speed (numpy); relative accuracy about 1e-4.
  @Test func independentValues() throws {
    let values: [(MetropolisBath.Proposal, Double, Double)] = [
      (.energy, 0.5, 0.0106406), (.energy, 0.1, 0.0188304), (.energy, 0, 0.0187960), (.speed, 0.5, 0.0213575),
      (.speed, 0.1, 0.0244358),
    ]
    for (proposal, right, value) in values {
      let box = try Sample.box(Sample.metropolis(1, proposal), Sample.metropolis(right, proposal))
      let current = try KernelSolver().answer(of: box).only(.heatCurrent)
      #expect(abs(current.value - value) < 3e-4 * value)
      #expect(current.error < 1e-8)
    }
  }

  /// The current of a box with moves in energy has its maximum near T_R = 0.05 and hardly falls below; with moves in
  /// speed it falls to zero, roughly as T_R, because slow speeds are easily reached.
  @Test func coldWall() throws {
    func current(_ right: Double, _ proposal: MetropolisBath.Proposal) throws -> Double {
      try KernelSolver().answer(of: Sample.box(Sample.metropolis(1, proposal), Sample.metropolis(right, proposal)))
        .only(.heatCurrent).value
    }
    let energy = try [0.2, 0.05, 0].map { try current($0, .energy) }
    #expect(energy[1] > energy[0] && energy[1] > energy[2] && energy[2] > 0.98 * energy[1])
    let speed = try [0.5, 0.25, 0.1, 0.03].map { try current($0, .speed) }
    #expect(speed[1] > speed[0] && speed[2] < 0.9 * speed[1] && speed[3] < 0.6 * speed[2])
    let frozen = try KernelSolver().answer(of: Sample.box(Sample.maxwell(1), Sample.metropolis(0, .speed)))
    #expect(try frozen.only(.heatCurrent) == .numerical(0, bound: 0))
    #expect(frozen.notes.contains { $0.contains("mean flight time") })
  }

  @Test func mirror() throws {
    let (a, b) = (Sample.metropolis(2, .speed, width: 0.7), Sample.metropolis(0.8, width: 1.5, moves: 3))
    let forward = try KernelSolver().answer(of: Sample.box(a, b)).only(.heatCurrent)
    let backward = try KernelSolver().answer(of: Sample.box(b, a)).only(.heatCurrent)
    #expect(abs(forward.value + backward.value) < 1e-10 && forward.value > 1e-3)
  }
}
