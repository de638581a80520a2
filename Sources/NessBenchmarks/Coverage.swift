import NessKinetic
import NessLinear
import NessModel
import NessSampling
import NessStatistics
import NessTrajectory

/// How often the stated 95 % interval holds the true heat current, over many independent experiments.
package struct Coverage: Sendable {
  /// Experiments of every case.
  package let experiments: Int
  /// Threads; the result does not depend on it.
  package let threads: Int

  /// A measurement of coverage.
  package init(experiments: Int, threads: Int) {
    self.experiments = experiments
    self.threads = threads
  }

  /// What was found for one kind of experiment.
  package struct Row: Codable, Sendable {
    /// What is simulated, how long and with how many replicas.
    package var experiment: String
    /// Experiments that stated an interval.
    package var stated: Int
    /// Experiments that refused to, because they were too short.
    package var refused: Int
    /// Share of the 95 % intervals that hold the reference.
    package var coverage: Double
    /// Share of the values within 1.96 standard errors of the reference.
    package var withinTwoErrors: Double
    /// Root mean square of the deviations in standard errors.
    package var rmsZ: Double
    /// Whether the coverage is between 93 and 97 %.
    package var passes: Bool
  }

  /// One kind of experiment.
  package struct Case: Sendable {
    package let name: String
    /// The exact current of the simulated, discrete dynamics; nil takes the mean of all experiments.
    package let reference: Double?
    package let measure: @Sendable (UInt64) throws -> Estimate?

    package init(name: String, reference: Double?, measure: @escaping @Sendable (UInt64) throws -> Estimate?) {
      self.name = name
      self.reference = reference
      self.measure = measure
    }
  }

  /// Measures every case, told the part done.
  package func run(onProgress: @escaping @Sendable (Double) -> Void = { _ in }) throws -> [Row] {
    let cases = try Self.cases()
    return cases.enumerated().map { index, item in
      let row = run(item)
      onProgress(Double(index + 1) / Double(cases.count))
      return row
    }
  }

  package func run(_ item: Case) -> Row {
    // An experiment that is too short for an honest error bar refuses, and that is no failure.
    let all = concurrentMap(count: experiments, threads: threads) { seed in
      (try? item.measure(UInt64(seed))) ?? nil
    }
    let estimates = all.compactMap { $0 }
    let count = Double(estimates.count)
    let mean = estimates.reduce(0) { $0 + $1.value } / count
    let reference = item.reference ?? mean
    func share(_ condition: (Estimate) -> Bool) -> Double { Double(estimates.filter(condition).count) / count }
    let coverage = share { abs($0.value - reference) < $0.halfWidth95 }
    let squares = estimates.reduce(0) { $0 + (($1.value - reference) / $1.error) * (($1.value - reference) / $1.error) }
    return Row(
      experiment: item.name, stated: estimates.count, refused: all.count - estimates.count, coverage: coverage,
      withinTwoErrors: share { abs($0.value - reference) < 1.96 * $0.error }, rmsZ: (squares / count).squareRoot(),
      passes: coverage > 0.93 && coverage < 0.97)
  }
}

extension Coverage {
  /// All cases: both estimators, short and long, many replicas and few.
  package static func cases() throws -> [Case] {
    let lengths: [(duration: Double, replicas: Int)] = [(50, 64), (800, 64), (400, 8), (1600, 2), (3200, 1)]
    let langevin = try chain(.init(LangevinBath(temperature: 2, friction: 1)), right: 1)
    let hot = try chain(
      .init(ParticleBath(temperature: 40, count: 5, friction: 0.1, coupling: 0.4)), right: 10)
    let even = try chain(
      .init(ParticleBath(temperature: 10, count: 5, friction: 0.1, coupling: 0.1)), right: 10)
    var cases = try lengths.map { try current("Langevin baths", langevin, 0.04, 20, $0.duration, $0.replicas, nil) }
    for (name, innovations) in [("plain", false), ("sharp", true)] {
      cases += try [(10.0, 64), (160, 64), (320, 8), (2000, 1)].map {
        try current("particles, \(name)", hot, 0.01, 20, $0.0, $0.1, innovations, isLinear: false)
      }
    }
    cases.append(try current("particles at equal temperatures, sharp", even, 0.02, 20, 40, 64, true))
    cases += try ["left", "middle", "right"].map(heatOfThree)
    return try cases + [(100, 64), (2000, 64), (4000, 8)].map { try box($0.0, $0.1) }
  }

  private static func chain(_ left: ChainBath, right temperature: Double) throws -> ChainModel {
    try Model(
      medium: Chain(sites: 2, pinning: 1),
      attachments: [
        .init(name: "left", site: 1, bath: left),
        .init(name: "right", site: 2, bath: .init(LangevinBath(temperature: temperature, friction: 1))),
      ])
  }

  /// The heat from one of three particle baths, two of which are followed.
  private static func heatOfThree(_ bath: String) throws -> Case {
    let model = try ChainModel(
      medium: Chain(sites: 3, pinning: 1),
      attachments: [("left", 40.0), ("middle", 20), ("right", 10)].enumerated().map { index, bath in
        .init(
          name: bath.0, site: index + 1,
          bath: .init(ParticleBath(temperature: bath.1, count: 10, friction: 0.1, coupling: 0.2)))
      })
    return Case(name: name("three particle baths, \(bath)", 10, 64), reference: nil) { seed in
      let settings = TrajectorySettings(seed: seed, timeStep: 0.01, burnIn: 10, duration: 10, innovations: true)
      return try TrajectorySolver(settings).simulate(model).answer.estimate(.heat(from: bath), by: .simulation)
    }
  }

  private static func name(_ name: String, _ duration: Double, _ replicas: Int) -> String {
    "\(name), \(replicas) of \(duration.short)"
  }

  private static func current(
    _ name: String, _ model: ChainModel, _ timeStep: Double, _ burnIn: Double, _ duration: Double, _ replicas: Int,
    _ innovations: Bool?, isLinear: Bool = true
  ) throws -> Case {
    Case(
      name: self.name(name, duration, replicas),
      reference: isLinear ? LinearSteadyState(model, timeStep: timeStep)?.heats[0] : nil
    ) { seed in
      let settings = TrajectorySettings(
        seed: seed, replicas: replicas, timeStep: timeStep, burnIn: burnIn, duration: duration,
        innovations: innovations)
      return try TrajectorySolver(settings).simulate(model).answer.estimate(.heatCurrent, by: .simulation)
    }
  }

  private static func box(_ duration: Double, _ replicas: Int) throws -> Case {
    let model = try Model(
      medium: Box(length: 1),
      attachments: [
        .init(name: "left", site: 1, bath: .init(MaxwellBath(temperature: 2))),
        .init(name: "right", site: 2, bath: .init(MaxwellBath(temperature: 1))),
      ])
    return Case(
      name: name("box", duration, replicas),
      reference: try RenewalSolver().answer(.only(.heatCurrent), of: model).estimate(.heatCurrent, by: .renewal)?.value
    ) { seed in
      let settings = KineticSettings(seed: seed, replicas: replicas, burnIn: 20, duration: duration)
      return try KineticSolver(settings).simulate(model).answer.estimate(.heatCurrent, by: .simulation)
    }
  }
}
