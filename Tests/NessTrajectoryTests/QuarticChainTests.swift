import Foundation
import NessModel
import NessStatistics
import NessTestSupport
import NessTrajectory
import Testing

/// Chains whose bonds are quartic as well, and the sweep that does several steps at once.
@Suite struct QuarticChainTests {
  private func chain(
    sites: Int, quartic: Double, temperatures: (Double, Double) = (2, 1), frictions: (Double, Double) = (1, 1),
    left: ChainBath? = nil
  ) throws -> ChainModel {
    try Model(
      medium: Chain(sites: sites, quarticConstant: quartic, pinning: 1),
      attachments: [
        .init(name: "left", site: 1, bath: left ?? Sample.langevin(temperatures.0, friction: frictions.0)),
        .init(name: "right", site: sites, bath: Sample.langevin(temperatures.1, friction: frictions.1)),
      ])
  }

  private func simulate(
    _ model: ChainModel, duration: Double, innovations: Bool? = nil, seed: UInt64 = 20261121
  ) throws -> Answer {
    let settings = TrajectorySettings(
      seed: seed, timeStep: TimeStepChoice(for: model).timeStep, burnIn: 200, duration: duration, threads: 2,
      innovations: innovations)
    return try TrajectorySolver(settings).simulate(model).answer
  }

  private func estimate(_ answer: Answer, _ quantity: Quantity) throws -> Estimate {
    try #require(answer.estimate(quantity, by: .simulation))
  }

  private func z(_ first: Estimate, _ second: Estimate) -> Double {
    (first.value - second.value) / (first.error * first.error + second.error * second.error).squareRoot()
  }

  /// A wave of many steps gives the bytes of one step after the other, wherever baths touch the chain.
  @Test(arguments: [0.0, 0.7]) func aSweepOfManyStepsGivesTheSameBytes(quartic: Double) throws {
    let model = try Model(
      medium: Chain(sites: 150, quarticConstant: quartic, pinning: .init(left: 0.3, right: 0)),
      attachments: [
        .init(name: "first", site: 2, bath: Sample.particles(9, friction: 0.3, coupling: 0.3, count: 7)),
        .init(name: "second", site: 3, bath: Sample.langevin(4)),
        .init(name: "third", site: 90, bath: Sample.langevin(1)),
      ])
    let dynamics = ChainDynamics(model, timeStep: 0.05)
    let groups = (0..<2).map { _ in LaneGroup(dynamics, seed: 5, firstReplica: 0) }
    for steps in [64, 3, 190, 64] {
      groups[0].advance(steps: steps)
      for _ in 0..<steps { groups[1].advance(steps: 1) }
    }
    for group in groups { group.bookStored() }
    for channel in 0..<groups[0].ledger.channels { #expect(groups[0].sums[channel] == groups[1].sums[channel]) }
    for site in 0..<150 {
      #expect(groups[0].displacement[site] == groups[1].displacement[site])
      #expect(groups[0].velocity[site] == groups[1].velocity[site])
    }
    // Control: one step more is seen.
    groups[0].advance(steps: 1)
    #expect((0..<150).allSatisfy { groups[0].displacement[$0] != groups[1].displacement[$0] })
  }

  /// Temperatures s times as high and a quartic constant s times as low: the same motion, magnified by sqrt(s).
  @Test func scalingIsExact() throws {
    func run(_ scale: Double, quartic: Double) throws -> LaneGroup {
      let model = try chain(sites: 40, quartic: quartic, temperatures: (2 * scale, scale))
      let group = LaneGroup(ChainDynamics(model, timeStep: 0.03), seed: 3, firstReplica: 0)
      group.advance(steps: 400)
      group.bookStored()
      return group
    }
    let (one, scaled) = (try run(1, quartic: 0.8), try run(16, quartic: 0.05))
    let ledger = one.ledger
    for channel in 0..<ledger.channels {
      for lane in 0..<8 { #expect(abs(one.sums[channel][lane] * 16 - scaled.sums[channel][lane]) < 1e-7) }
    }
    // Control: the quartic constant matters.
    let other = try run(16, quartic: 0.06)
    #expect(abs(other.sums[ledger.kinetic(20)][0] - scaled.sums[ledger.kinetic(20)][0]) > 1e-3)
  }

  /// An isolated chain: what the steps create is what is missing between the books of the left and of the right. With
  /// harmonic bonds nothing; with quartic ones a bounded energy that falls with the square of the step, so force and
  /// potential agree.
  @Test func isolatedChainsKeepTheirEnergy() throws {
    func created(quartic: Double, timeStep: Double) throws -> Double {
      let model = try chain(sites: 40, quartic: quartic, temperatures: (0, 0), frictions: (1e-300, 1e-300))
      let group = LaneGroup(ChainDynamics(model, timeStep: timeStep), seed: 3, firstReplica: 0)
      for site in 0..<40 { group.velocity[site] = .init(repeating: sin(Double(site * site))) }
      var squares = 0.0
      for _ in 0..<100 {
        group.bookStored()
        group.clearSums()
        group.advance(steps: Int((1 / timeStep).rounded()))
        group.bookStored()
        squares += group.createdEnergy[0] * group.createdEnergy[0]
      }
      return (squares / 100).squareRoot()
    }
    let errors = try [0.1, 0.05, 0.025].map { try created(quartic: 1, timeStep: $0) }
    #expect(errors[0] > 1e-4)
    for (coarse, fine) in zip(errors, errors.dropFirst()) { #expect(abs(log2(coarse / fine) - 2) < 0.3) }
    #expect(try created(quartic: 0, timeStep: 0.1) < 1e-11)
  }

  @Test func equalTemperaturesGiveNoCurrentAndEquipartition() throws {
    let answer = try simulate(chain(sites: 6, quartic: 1, temperatures: (1.5, 1.5)), duration: 2000)
    #expect(abs(try estimate(answer, .heatCurrent).zScore(againstExact: 0)) < acceptedZScore)
    for site in 1...6 {
      let temperature = try estimate(answer, .kineticTemperature(site: site))
      #expect(abs(temperature.value - 1.5) < acceptedZScore * temperature.error + 0.004 * 1.5)
      #expect(abs(temperature.zScore(againstExact: 1.6)) > acceptedZScore)
    }
  }

  /// Left and right swapped, the current changes its sign; the heats of both baths and all bonds agree. Control: the
  /// harmonic chain carries another current.
  @Test func theMirroredChainSwapsItsCurrents() throws {
    let one = try simulate(
      chain(sites: 8, quartic: 1, temperatures: (3, 1), frictions: (0.5, 1)), duration: 2000)
    let mirrored = try simulate(
      chain(sites: 8, quartic: 1, temperatures: (1, 3), frictions: (1, 0.5)), duration: 2000, seed: 7)
    let current = try estimate(one, .heatCurrent)
    let opposite = try estimate(mirrored, .heatCurrent)
    let negative = Estimate(value: -opposite.value, uncertainty: opposite.uncertainty)
    #expect(abs(z(current, negative)) < acceptedZScore)
    for (quantity, twin, sign) in [
      (Quantity.heat(from: "left"), Quantity.heat(from: "right"), 1.0),
      (.heat(from: "right"), .heat(from: "left"), 1), (.bondHeatCurrent(bond: 2), .bondHeatCurrent(bond: 6), -1),
    ] {
      let (first, second) = (try estimate(one, quantity), try estimate(mirrored, twin))
      #expect(abs(z(first, Estimate(value: sign * second.value, uncertainty: second.uncertainty))) < acceptedZScore)
    }
    let harmonic = try simulate(
      chain(sites: 8, quartic: 0, temperatures: (3, 1), frictions: (0.5, 1)), duration: 2000)
    #expect(abs(z(current, try estimate(harmonic, .heatCurrent))) > acceptedZScore)
  }

  /// The forecast of the heat is that of a harmonic chain; a wrong forecast costs precision and biases nothing.
  @Test func innovationsStayUnbiased() throws {
    let model = try chain(
      sites: 4, quartic: 1, temperatures: (20, 2), left: Sample.particles(20, friction: 0.4, coupling: 0.3))
    let plain = try estimate(simulate(model, duration: 2000, innovations: false), .heatCurrent)
    let sharp = try estimate(simulate(model, duration: 2000, innovations: true, seed: 8), .heatCurrent)
    #expect(abs(z(plain, sharp)) < acceptedZScore)
    #expect(sharp.error < plain.error)
    #expect(abs(sharp.zScore(againstExact: 1.3 * sharp.value)) > acceptedZScore)
  }

  /// The stiffness that the time step is chosen by bounds the thermal one, by quadrature, and is not far from it.
  @Test(arguments: [0.1, 1, 30]) func thermalStiffnessIsBounded(temperature: Double) {
    let chain = Chain(sites: 2, springConstant: 0.7, quarticConstant: 0.9, pinning: 1)
    let points = (-4000...4000).map { Double($0) * 2e-3 * temperature.squareRoot() }
    let weights = points.map { exp(-(0.35 * $0 * $0 + 0.225 * pow($0, 4)) / temperature) }
    let square = zip(points, weights).reduce(0) { $0 + $1.0 * $1.0 * $1.1 } / weights.reduce(0, +)
    let exact = 0.7 + 3 * 0.9 * square
    let bound = chain.bondStiffness(atTemperature: temperature)
    #expect(bound > exact && bound < 1.5 * exact)
    #expect(Chain(sites: 2, springConstant: 0.7, pinning: 1).bondStiffness(atTemperature: temperature) == 0.7)
  }
}
