import Foundation
import NessFiles
import NessModel
import NessSampling
import NessStatistics
import NessStudy
import NessTestSupport
import Testing

/// Generating and rate functions of the heat by populations of clones.
@Suite struct CloningTests {
  private func experiment(
    _ medium: String = "{kind: chain, sites: 3, pinning: 1.0}", left: String = "temperature: 3.0, friction: 0.7",
    right: String = "temperature: 1.0, friction: 1.3", bath: String = "langevin", sites: Int = 3,
    run: String = "{replicas: 256, duration: 1500.0, seed: 5}",
    quantities: String = "[generatingFunction, rateFunction]"
  ) throws -> Experiment {
    try Experiment(
      yaml: """
        medium: \(medium)
        baths:
          left: {kind: \(bath), site: 1, \(left)}
          right: {kind: \(bath), site: \(sites), \(right)}
        quantities: \(quantities)
        run: \(run)
        """, file: "t.yaml")
  }

  private func run(_ experiment: Experiment, threads: Int = 2) throws -> PointResult {
    try experiment.firstPoint(threads: threads)
  }

  private func curve(
    _ method: NessModel.Method, _ result: PointResult, _ family: Quantity.Family = .generatingFunction
  ) throws -> Answer.Entry {
    try #require(
      result.estimates.first { $0.quantity.family == family && $0.method == method }, "\(result.notes)")
  }

  private func places(_ entry: Answer.Entry) -> [Double] { entry.axes[0].values }

  /// The difference from exact theory at every place, in units of the whole error.
  private func scores(_ found: Answer.Entry, _ exact: Answer.Entry, _ change: (Double, Double) -> Double = { $1 })
    throws -> [(x: Double, score: Double)]
  {
    // At 0 both are 0.
    try places(found).enumerated().filter { $1 != 0 }.map { index, x in
      let place = try #require(places(exact).firstIndex(of: x))
      let error = try #require(found.budgets[index]?.whole)
      return (x, (found.estimates[index].value - change(x, exact.estimates[place].value)) / error)
    }
  }

  /// A harmonic chain against exact theory, far from equilibrium. Control: the Gaussian tail that mean and noise alone would give.
  @Test func harmonicChain() throws {
    let result = try run(experiment())
    let (found, exact) = (try curve(.simulation, result), try curve(.markov, result))
    let scores = try scores(found, exact)
    #expect(scores.count >= 33, "\(result.notes)")
    #expect(scores.allSatisfy { abs($0.score) < acceptedZScore }, "\(scores)")
    let square = scores.reduce(0) { $0 + $1.score * $1.score } / Double(scores.count)
    #expect(square > 0.2 && square < 2.5, "\(square)")
    let gaussian = try self.scores(found, exact) { x, _ in 0.3602038095 * x + 1.6791170771 * x * x / 2 }
    #expect(gaussian.filter { abs($0.score) > acceptedZScore }.count > 5)
    // The rate function is 0 at the mean current and nowhere below it.
    let rate = try curve(.simulation, result, .rateFunction)
    let exactRate = try curve(.markov, result, .rateFunction)
    for (index, current) in places(rate).enumerated() {
      let (value, error) = (rate.estimates[index].value, try #require(rate.budgets[index]?.whole))
      #expect(value > -acceptedZScore * error)
      let (points, values) = (places(exactRate), exactRate.estimates.map(\.value))
      guard let above = points.firstIndex(where: { $0 >= current }), above > 0 else { continue }
      // Between two places a convex curve lies below the chord, and above the tangents: slopes are x.
      let part = (current - points[above - 1]) / (points[above] - points[above - 1])
      let chord = values[above - 1] * (1 - part) + values[above] * part
      let slope = (values[above] - values[above - 1]) / (points[above] - points[above - 1])
      let below = chord - 0.06 * abs(points[above] - points[above - 1]) - abs(slope) * 0.01 * abs(current)
      #expect(value < chord + acceptedZScore * error && value > below - acceptedZScore * error)
    }
  }

  /// No theory answers an anharmonic chain; derivatives at x = 0 are the mean and the noise that the run itself measures. Control: those
  /// of the harmonic chain.
  @Test func anharmonicChain() throws {
    func found(_ anharmonicity: Double) throws -> (
      current: Estimate, noise: Estimate, curve: Answer.Entry, answer: PointResult
    ) {
      let result = try run(
        experiment(
          "{kind: network, lattice: {chain: 3}, bond: r^2/2 + \(anharmonicity)*r^4/4, site: q^2/2 + \(anharmonicity)*q^4/4}",
          left: "temperature: 1.5, friction: 1.0", right: "temperature: 0.5, friction: 1.0",
          quantities: "[heatCurrent, heatNoise, generatingFunction]"))
      func member(_ family: Quantity.Family) throws -> Estimate {
        try #require(result.members.first { $0.quantity.family == family && $0.method == .simulation }).estimate
      }
      return try (member(.heatCurrent), member(.heatNoise), curve(.simulation, result), result)
    }
    /// First and second derivative at 0 by differences of five points, the value there being 0.
    func derivatives(_ curve: Answer.Entry) throws -> (first: Estimate, second: Estimate) {
      let places = places(curve)
      let zero = try #require(places.firstIndex(of: 0))
      let step = places[zero + 1]
      let near = (-2...2).map { (curve.estimates[zero + $0].value, curve.budgets[zero + $0]?.whole ?? .nan) }
      func sum(_ weights: [Double], _ unit: Double) -> Estimate {
        let value = zip(near, weights).reduce(0) { $0 + $1.0.0 * $1.1 } / unit
        let square = zip(near, weights).reduce(0) { $0 + $1.0.1 * $1.0.1 * $1.1 * $1.1 }
        return .statistical(value, standardError: square.squareRoot() / unit, effectiveSamples: 100)
      }
      return (sum([1, -8, 0, 8, -1], 12 * step), sum([-1, 16, -30, 16, -1], 12 * step * step))
    }
    let anharmonic = try found(1)
    let (first, second) = try derivatives(anharmonic.curve)
    #expect(abs(first.zScore(against: anharmonic.current)) < acceptedZScore, "\(first) \(anharmonic.current)")
    #expect(abs(second.zScore(against: anharmonic.noise)) < acceptedZScore, "\(second) \(anharmonic.noise)")
    #expect(places(anharmonic.curve).count >= 31, "\(anharmonic.answer.notes)")
    let harmonic = try found(0)
    #expect(abs(first.zScore(against: harmonic.current)) > acceptedZScore, "\(first) \(harmonic.current)")
  }

  /// Other kinds of baths, some of whose heats are weighed as they come, against exact theory, in units that differ by powers of two.
  @Test(arguments: ["memory", "andersen"]) func otherBaths(kind: String) throws {
    let more = kind == "memory" ? "terms: [{weight: 0.8, time: 0.5}]" : "rate: 0.7"
    let result = try run(
      experiment(
        "{kind: network, lattice: {chain: 2}, bond: r^2/2, site: q^2/2}", left: "temperature: 3.0, \(more)",
        right: "temperature: 1.0, \(more)", bath: kind, sites: 2,
        quantities: "[heatCurrent, heatNoise, generatingFunction]"))
    let found = try curve(.simulation, result)
    #expect(places(found).count >= 20, "\(result.notes)")
    if kind == "memory" {
      let scores = try scores(found, try curve(.memory, result))
      #expect(scores.allSatisfy { abs($0.score) < acceptedZScore }, "\(scores)")
    }
    let zero = try #require(places(found).firstIndex(of: 0))
    let current = try #require(
      result.members.first { $0.quantity == .heatCurrent && $0.method == .simulation }
    ).estimate
    let step = places(found)[zero + 1]
    let slope = (found.estimates[zero + 1].value - found.estimates[zero - 1].value) / (2 * step)
    let error =
      [zero - 1, zero + 1].reduce(0) { $0 + pow(found.budgets[$1]?.whole ?? .nan, 2) }.squareRoot() / (2 * step)
    #expect(abs(slope - current.value) < acceptedZScore * (error + current.error) && error < 0.2 * current.value)
  }

  /// The same numbers with any number of threads, and in a run that was taken up.
  @Test func sameNumbers() throws {
    let some = try experiment(
      left: "temperature: 3.0, friction: 0.3, coupling: 0.2, count: 5",
      right: "temperature: 2.0, friction: 0.3, coupling: 0.2, count: 5", bath: "particles",
      run: "{replicas: 40, duration: 200.0, burnIn: 10.0}")
    let plan = try #require(try SolverCatalogue.plan(some.run, for: some.points()[0].model, threads: 2))
    let measure = try #require(plan.measureBeside)
    let whole = try measure(.tails, 200, JobContext(threads: 2)).answer
    #expect(try measure(.tails, 200, JobContext(threads: 1)).answer.entries == whole.entries)
    #expect(!whole.entries.isEmpty, "\(whole.notes)")
    let memory = MemoryKeeper()
    let found = untilTheEnd(looks: 10) { looks -> [Answer.Entry]? in
      let watch = SamplingWatch<Answer>(shouldStop: { looks.isOver() }, stateKeeper: memory.keeper)
      return try? measure(.tails, 200, JobContext(threads: 1, watch: watch)).answer.entries
    }
    let (entries, runs) = try #require(found)
    #expect(entries == whole.entries && runs > 2 && memory.allWarnings.isEmpty, "\(runs) \(memory.allWarnings)")
  }

  /// Where too few clones meet too far a tail nothing is answered, and that is said; so is what cannot be asked.
  @Test func refusals() throws {
    let few = try run(experiment(run: "{replicas: 16, duration: 400.0}"))
    #expect(few.notes.contains { $0.contains("give run.replicas 32 or more") }, "\(few.notes)")
    let coarse = try run(
      experiment(
        "{kind: chain, sites: 3, pinning: 1.0}", run: "{replicas: 32, duration: 400.0, burnIn: 20.0}"))
    let found = try curve(.simulation, coarse)
    #expect(places(found).count < GeneratingPoint.count)
    #expect(coarse.notes.contains { $0.contains("left out at") }, "\(coarse.notes)")
    let scores = try scores(found, curve(.markov, coarse))
    #expect(scores.allSatisfy { abs($0.score) < acceptedZScore }, "\(scores)")
    let cold = #expect(throws: (any Error).self) { try run(experiment(right: "temperature: 0.0, friction: 1.0")) }
    #expect("\(cold.map { "\($0)" } ?? "")".contains("has no temperature, or 0"))
  }
}
