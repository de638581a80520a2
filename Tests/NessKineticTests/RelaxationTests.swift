import Foundation
import NessKinetic
import NessModel
import NessStatistics
import NessTestSupport
import Testing

/// Collisions to thermalise at one wall.
@Suite struct RelaxationTests {
  private func relaxation(
    _ temperature: Double, _ proposal: MetropolisBath.Proposal, width: Double = 1, moves: Int = 1, mass: Double = 1
  ) -> CollisionRelaxation {
    CollisionRelaxation(
      wall: MetropolisBath(temperature: temperature, proposal: proposal, width: width, moves: moves), mass: mass)
  }

  /// Low temperature: 2 w/T for moves in energy, 2 w sqrt(m/T)/sqrt(e) for moves in speed.
  @Test(arguments: [1e-2, 1e-3, 1e-4]) func coldLimits(temperature: Double) throws {
    let energy = try relaxation(temperature, .energy).collisionsFromGap().value
    #expect(abs(energy * temperature / 2 - 1) < 0.5 * temperature)
    let speed = try relaxation(temperature, .speed, mass: 4).collisionsFromGap().value
    #expect(abs(speed * exp(0.5) / 4 * temperature.squareRoot() - 1) < 0.5 * temperature.squareRoot())
  }

  /// Narrow moves are diffusion: 24 T²/w² for the energy, and 3 T/(m w²) for the speed.
  @Test func narrowMovesDiffuse() throws {
    #expect(abs(try relaxation(5, .energy, width: 0.05).collisionsFromGap().value / (24 * 1e4) - 1) < 0.005)
    let speed = try relaxation(1, .speed, width: 0.02).collisionsFromGap()
    #expect(abs(speed.value * 4e-4 / 3 - 1) < 0.015 && speed.error < 1e-3 * speed.value)
  }

  @Test func movesMultiplyTheRate() throws {
    for proposal in MetropolisBath.Proposal.allCases {
      let one = relaxation(0.7, proposal)
      let five = relaxation(0.7, proposal, moves: 5)
      #expect(abs(try one.collisionsFromGap().value / five.collisionsFromGap().value - 5) < 1e-9)
      let gap = try five.spectralGap().value
      #expect(abs(-1 / log1p(-gap) - (try five.collisionsFromGap().value)) < 1e-9)
    }
  }

  /// The slowest mode of moves in speed is an eigenvalue: late decay of the autocorrelation by simulation.
  @Test func lateDecayIsTheEigenvalue() throws {
    let wall = relaxation(1, .speed, moves: 2)
    let curve = try wall.energyAutocorrelation(collisions: [0, 2, 4, 5], samples: 1 << 18, threads: 2)
    #expect(curve[0] == .numerical(1, bound: 0))
    let expected = exp(-1 / (try wall.collisionsFromGap().value))
    let ratio = curve[3].value / curve[2].value
    #expect(abs(ratio - expected) < 0.03)
    #expect(abs(curve[1].value - 1) > acceptedZScore * curve[1].error)
  }

  /// The autocorrelation after one collision in closed form: 1 - <(E' - E)²>/2T², by detailed balance; for moves in
  /// energy <(E' - E)²> = 2 * the integral over upward moves, T-scaled  (1/w) int_0^w x² exp(-x) dx.
  @Test(arguments: [0.5, 1, 4]) func firstCollision(width: Double) throws {
    let measured = try relaxation(1, .energy, width: width).energyAutocorrelation(
      collisions: [1], samples: 1 << 17, seed: 7, threads: 2)[0]
    let square = (2 - exp(-width) * (width * width + 2 * width + 2)) / width
    #expect(abs(measured.zScore(againstExact: 1 - square / 2)) < acceptedZScore)
    #expect(abs(measured.zScore(againstExact: 1 - square)) > acceptedZScore)
  }

  /// Exponents of N_c(T) from simulation at low temperature: -1 for moves in energy and -1/2 in speed.
  @Test func exponentsFromSimulation() throws {
    for (proposal, exponent) in [(MetropolisBath.Proposal.energy, -1.0), (.speed, -0.5)] {
      let hot = try relaxation(0.01, proposal).collisionsFromAutocorrelation(samples: 1 << 15, threads: 2)
      let cold = try relaxation(0.0025, proposal).collisionsFromAutocorrelation(samples: 1 << 15, threads: 2)
      let slope = log(cold.value / hot.value) / log(0.25)
      let error = (pow(hot.error / hot.value, 2) + pow(cold.error / cold.value, 2)).squareRoot() / log(4.0)
      #expect(abs(slope - exponent) < 0.03 + acceptedZScore * error && error < 0.03, "\(slope) \(error)")
      #expect(abs(slope - exponent - 0.5) > acceptedZScore * error)
    }
  }

  @Test func bytesDoNotDependOnThreads() throws {
    let wall = relaxation(0.1, .energy)
    let estimates = try [1, 3].map { try wall.collisionsFromAutocorrelation(samples: 4096, threads: $0) }
    #expect(estimates[0] == estimates[1])
  }

  @Test func refusals() throws {
    #expect(throws: Refusal.self) { try relaxation(0, .energy).collisionsFromGap() }
    #expect(throws: Refusal.self) { try relaxation(1, .speed, width: 1e-3).spectralGap() }
  }
}
