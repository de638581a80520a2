import NessMath
import NessModel
import NessTestSupport
import NessTrajectory
import Testing

/// Kinetic temperatures are read after every m-th step only: without bias, at next to no loss of precision, and with the
/// error bar of what was read.
@Suite struct KineticReadingTests {
  /// Sums over the lags of what readings of v² at intervals of so many steps have in common, in steps: of a Gaussian
  /// process <v_0² v_k²> - <v²>² = 2 <v_0 v_k>², and the variance of a mean over n steps is this over n.
  private func variance(ofSite site: Int, _ state: DiscreteStationaryState, steps interval: Int) -> Double {
    let sites = state.model.medium.sites
    let index = sites + site
    var column = (0..<(2 * sites)).map { state.covariance[$0, index] }
    let first = column[index]
    var sum = 2 * first * first
    var quiet = 0
    for step in 1... {
      column = (0..<(2 * sites)).map { row in
        (0..<(2 * sites)).reduce(0) { $0 + state.map[row, $1] * column[$1] }
      }
      if step % interval == 0 { sum += 4 * column[index] * column[index] }
      // Oscillations have zeros, so what is left must have been small for a while.
      quiet = abs(column[index]) < 1e-5 * first ? quiet + 1 : 0
      if Double(quiet) * state.timeStep > 20 { break }
    }
    return sum * Double(interval)
  }

  @Test(arguments: StepperOrderTests.models.indices) func readingsCostNextToNoPrecision(index: Int) throws {
    let model = try StepperOrderTests.models[index]()
    var rare = 0.0
    for timeStep in [0.08, 0.02] {
      let state = try DiscreteStationaryState(model, timeStep: timeStep)
      let interval = ChainDynamics(model, timeStep: timeStep).stepsPerReading
      #expect(interval > 1)
      for site in 0..<model.medium.sites {
        let every = variance(ofSite: site, state, steps: 1)
        let ratio = variance(ofSite: site, state, steps: interval) / every
        // Readings cannot know more than all of them: what is left out adds its spectrum.
        #expect(ratio > 1 - 1e-6 && ratio < 1.09, "site \(site + 1), step \(timeStep), every \(interval): \(ratio)")
        rare = max(rare, variance(ofSite: site, state, steps: 16 * interval) / every)
      }
    }
    // Control: sixteen times rarer readings do lose precision.
    #expect(rare > 1.3)
  }

  /// Temperature and error of every site against exact linear theory of the discrete dynamics and of what was read.
  @Test func meansAndErrorsAreThoseOfTheReadings() throws {
    let model = try StepperOrderTests.models[2]()
    let settings = TrajectorySettings(seed: 7, replicas: 512, timeStep: 0.04, burnIn: 60, duration: 250, threads: 2)
    let outcome = try TrajectorySolver(settings).simulate(model)
    let state = try DiscreteStationaryState(model, timeStep: settings.timeStep)
    let interval = ChainDynamics(model, timeStep: settings.timeStep).stepsPerReading
    #expect(interval >= 4)
    let steps = outcome.duration / settings.timeStep * 512
    for site in 0..<model.medium.sites {
      let temperature = try #require(outcome.answer.estimate(.kineticTemperature(site: site + 1), by: .simulation))
      let exact = state.kineticTemperatures[site]
      #expect(abs(temperature.zScore(againstExact: exact)) < acceptedZScore)
      #expect(abs(temperature.zScore(againstExact: 1.05 * exact)) > acceptedZScore)
      // The blocks are the replicas, so the squared error is known to sqrt(2/511) of it; m² v² has the unit of T².
      let mass = model.medium.mass
      let expected = mass * mass * variance(ofSite: site, state, steps: interval) / steps
      let ratio = temperature.error * temperature.error / expected
      let spread = (2 / 511.0).squareRoot()
      #expect(abs(ratio - 1) < acceptedZScore * spread, "site \(site + 1): \(ratio)")
      #expect(abs(ratio / Double(interval) - 1) > acceptedZScore * spread)
    }
  }

  /// What is summed are the squares of the velocities after every m-th step, wherever a sweep begins and ends.
  @Test(arguments: [1, 2, 8, 64]) func everyReadingIsSummedOnce(interval: Int) throws {
    let model = try Model(
      medium: Chain(sites: 70, pinning: .init(left: 0.3, right: 0)),
      attachments: [
        .init(name: "left", site: 2, bath: Sample.langevin(4)),
        .init(name: "right", site: 40, bath: Sample.langevin(1)),
      ])
    let groups = [interval, 1].map {
      LaneGroup(ChainDynamics(model, timeStep: 0.05, stepsPerReading: $0), seed: 5, firstReplica: 0)
    }
    var squares = [SIMD8<Double>](repeating: .zero, count: 70)
    for count in [64, 3, 61, 128, 7, 57] {
      groups[0].advance(steps: count)
      for _ in 0..<count {
        groups[1].advance(steps: 1)
        guard groups[1].step % interval == 0 else { continue }
        for site in squares.indices { squares[site].addProduct(groups[1].velocity[site], groups[1].velocity[site]) }
      }
    }
    for site in squares.indices {
      #expect(groups[0].velocity[site] == groups[1].velocity[site])
      #expect(groups[0].sums[groups[0].ledger.kinetic(site)] == squares[site])
    }
  }

  /// Units of mass, length and time do not matter; a step half as long is read half as often.
  @Test func theIntervalHasNoUnit() throws {
    func interval(mass: Double, length: Double, time: Double, step: Double) throws -> Int {
      let stiffness = mass / (time * time)
      let energy = stiffness * length * length
      let model = try Model(
        medium: Chain(
          sites: 5, mass: mass, springConstant: stiffness, quarticConstant: 0.5 * stiffness / (length * length),
          pinning: 0.3 * stiffness),
        attachments: [
          .init(
            name: "left", site: 1, bath: .init(LangevinBath(temperature: 2 * energy, friction: 3 * mass / time))),
          .init(name: "right", site: 5, bath: .init(LangevinBath(temperature: energy, friction: mass / time))),
        ])
      return ChainDynamics(model, timeStep: step * time).stepsPerReading
    }
    let reference = try interval(mass: 1, length: 1, time: 1, step: 0.02)
    #expect(reference > 1 && reference < 64)
    for exponent in [-90.0, -30, 40, 80] {
      let scale = Double(sign: .plus, exponent: Int(exponent), significand: 1)
      #expect(try interval(mass: scale, length: 1, time: 1, step: 0.02) == reference)
      #expect(try interval(mass: 1, length: scale, time: 1, step: 0.02) == reference)
      #expect(try interval(mass: 1, length: 1, time: scale, step: 0.02) == reference)
    }
    #expect(try interval(mass: 1, length: 1, time: 1, step: 0.01) == 2 * reference)
  }
}
