import Foundation
import NessFormula
import NessModel
import NessStatistics
import NessTestSupport
import NessTrajectory
import Testing

/// Innovations forecast by a harmonic medium that stands for an anharmonic one.
@Suite struct AnharmonicInnovationTests {
  private static func network(
    _ sites: Int, bond: String, field: String?, _ temperatures: [Double] = [1.5, 0.5]
  ) throws -> BathedNetwork {
    let network = try Networks.chain(
      sites, bond: bond,
      fields: field.map { field in Dictionary(uniqueKeysWithValues: (0..<sites).map { ($0, field) }) } ?? [:])
    let places = temperatures.indices.map { $0 * (sites - 1) / (temperatures.count - 1) }
    return BathedNetwork(
      network, zip(places, temperatures).enumerated().map { Networks.bath("bath\($0)", $1.0, $1.1) })
  }

  private static func answer(
    _ bathed: BathedNetwork, duration: Double, innovations: Bool?, seed: UInt64 = 1, replicas: Int = 64,
    timeStep: Double = 0.05
  ) throws -> Answer {
    let settings = TrajectorySettings(
      seed: seed, replicas: replicas, timeStep: timeStep, burnIn: 100, duration: duration, threads: 2,
      innovations: innovations)
    return try NetworkTrajectorySolver(settings).simulate(bathed).answer
  }

  private static func estimate(_ answer: Answer, _ quantity: Quantity = .heatCurrent) throws -> Estimate {
    try #require(answer.estimate(quantity, by: .simulation))
  }

  /// In the full dynamics of any anharmonic network, at a coarse step, what the noise of a group of steps tells has mean zero, whatever
  /// the weights are worth. Control: noise that is stronger by a tenth.
  @Test(arguments: ["x^2/2 + x^4/4", "exp(x) - x", "-x^2/2 + x^4/4 + 0.2*x^3"]) func meanZero(field: String) throws {
    let bathed = try Self.network(5, bond: "x^2/2 + x^4/10", field: field, [3, 1, 2])
    let dynamics = NetworkDynamics(bathed, timeStep: 0.2, rate: 1)
    for (factor, isRight) in [(1, true), (1.1, false)] {
      let worst = try StepGroups.worstScore(dynamics, groups: 5000, sources: (0, 3), factor)
      #expect((worst < acceptedZScore) == isRight, "\(field) \(factor): \(worst)")
    }
  }

  /// The current with and without them, of independent seeds; what is gained where waves are hardly scattered.
  @Test(
    arguments: [
      ("x^2/2", "x^2/2 + 0.1*x^4/4", 10.0), ("x^2/2 + 0.1*x^4/4", nil, 5), ("exp(x) - x", "x^2/2", 2),
      ("x^2/2 + x^3/6 + x^4/10", "1 - cos(x) + x^2/10", 2),
    ] as [(String, String?, Double)]) func sharpAndPlainAgree(bond: String, field: String?, gain: Double) throws
  {
    let bathed = try Self.network(16, bond: bond, field: field)
    let sharp = try Self.estimate(try Self.answer(bathed, duration: 400, innovations: nil))
    let plain = try Self.estimate(try Self.answer(bathed, duration: 1600, innovations: false, seed: 2))
    #expect(abs(sharp.zScore(against: plain)) < acceptedZScore, "\(sharp) \(plain)")
    #expect(gain * sharp.error * sharp.error < 4 * plain.error * plain.error, "\(sharp) \(plain)")
    // Control: a tenth more is seen.
    let off = Estimate(value: 1.1 * sharp.value, uncertainty: sharp.uncertainty)
    #expect(abs(off.zScore(against: plain)) > acceptedZScore)
  }

  /// Heats of three baths, each with its own forecast; they add up to what the steps create.
  @Test func threeBaths() throws {
    let bathed = try Self.network(9, bond: "x^2/2", field: "x^2/2 + 0.1*x^4/4", [3, 1, 2])
    let sharp = try Self.answer(bathed, duration: 400, innovations: nil)
    let plain = try Self.answer(bathed, duration: 1600, innovations: false, seed: 2)
    for bath in 0..<3 {
      let (one, other) = try (
        Self.estimate(sharp, .heat(from: "bath\(bath)")), Self.estimate(plain, .heat(from: "bath\(bath)"))
      )
      #expect(abs(one.zScore(against: other)) < acceptedZScore, "\(one) \(other)")
      #expect(one.error < other.error)
    }
    #expect(sharp.notes.contains { $0.contains("reduced the variance of the heats") })
  }

  /// Where a bond turns over, and in a harmonic network, nothing is forecast, and the answer is the plain one.
  @Test(arguments: ["1 - cos(x)", "x^2/2"]) func nothingIsForecast(bond: String) throws {
    let bathed = try Self.network(4, bond: bond, field: nil)
    let (followed, plain) = try (
      Self.answer(bathed, duration: 40, innovations: nil), Self.answer(bathed, duration: 40, innovations: false)
    )
    #expect(followed.entries == plain.entries && followed.notes == plain.notes)
  }

  /// Nothing else changes: temperatures and flows to the last bit, in networks and in quartic chains.
  @Test func theMotionIsUntouched() throws {
    func check(_ followed: Answer, _ plain: Answer) {
      let heats: Set<Quantity.Family> = [
        .heatCurrent, .heatFrom, .entropyProduction, .fanoFactor, .uncertaintyRatio,
      ]
      func others(_ answer: Answer) -> [Answer.Entry] {
        answer.entries.members.filter { !heats.contains($0.quantity.family) }
      }
      #expect(!others(plain).isEmpty && others(followed).map(\.estimate) == others(plain).map(\.estimate))
      // Control: the current is another.
      #expect(followed.estimate(.heatCurrent, by: .simulation) != plain.estimate(.heatCurrent, by: .simulation))
    }
    let bathed = try Self.network(6, bond: "x^2/2 + x^4/4", field: nil)
    check(
      try Self.answer(bathed, duration: 100, innovations: nil),
      try Self.answer(bathed, duration: 100, innovations: false))
    let chain = try Model(
      medium: Chain(sites: 40, quarticConstant: 0.3, pinning: 1),
      attachments: [
        .init(name: "left", site: 1, bath: Sample.langevin(2, friction: 1)),
        .init(name: "right", site: 40, bath: Sample.langevin(1, friction: 1)),
      ])
    func simulate(_ innovations: Bool?) throws -> Answer {
      let settings = TrajectorySettings(
        seed: 4, timeStep: 0.05, burnIn: 50, duration: 100, threads: 2, innovations: innovations)
      return try TrajectorySolver(settings).simulate(chain).answer
    }
    check(try simulate(nil), try simulate(false))
  }

  /// Error bars: 95 % intervals of short experiments cover the mean of many as often as that. Control: bars of half the length.
  @Test func intervalsCover() throws {
    let bathed = try Self.network(4, bond: "x^2/2", field: "x^2/2 + 0.3*x^4/4")
    let estimates = try (0..<400).map { seed in
      try Self.estimate(
        try Self.answer(bathed, duration: 30, innovations: nil, seed: UInt64(1000 + seed), replicas: 64, timeStep: 0.1))
    }
    let mean = estimates.reduce(0) { $0 + $1.value } / Double(estimates.count)
    func covered(_ factor: Double) -> Int {
      estimates.count { abs($0.value - mean) <= factor * $0.halfWidth95 }
    }
    // Four standard deviations of 400 draws are 4.4 %.
    #expect((362...398).contains(covered(1)), "\(covered(1))")
    #expect(covered(0.5) < 362)
  }

  /// What is said to be left of the start is no noise: after a burn-in it is below the statistical error of a short run, and above
  /// what is left in the mean of many. Control: without a burn-in it is above the statistical error.
  @Test func whatIsLeftOfTheStart() throws {
    let model = try Model(
      medium: Chain(sites: 4, quarticConstant: 1, pinning: 1),
      attachments: [
        .init(name: "left", site: 1, bath: Sample.langevin(6, friction: 1)),
        .init(name: "right", site: 4, bath: Sample.langevin(1, friction: 1)),
      ])
    func entry(_ burnIn: Double, _ duration: Double, seed: UInt64, replicas: Int = 64) throws -> Answer.Entry {
      let settings = TrajectorySettings(
        seed: seed, replicas: replicas, timeStep: 0.02, burnIn: burnIn, duration: duration, threads: 2)
      let answer = try TrajectorySolver(settings).simulate(model).answer
      return try #require(answer.entries.first { $0.quantity == .heatCurrent })
    }
    let long = try entry(100, 600, seed: 1, replicas: 256).estimate
    let short = try (0..<60).map { try entry(10, 30, seed: UInt64(100 + $0)) }
    func mean(_ value: (Answer.Entry) throws -> Double) rethrows -> Double {
      try short.reduce(0) { try $0 + value($1) } / Double(short.count)
    }
    let bound = try mean { try #require($0.budget).burnIn.value }
    let error = mean { $0.estimate.error }
    let difference = abs(mean { $0.estimate.value } - long.value)
    let noise = (long.error * long.error + error * error / Double(short.count)).squareRoot()
    #expect(
      bound < 0.5 * error && difference < bound + acceptedZScore * noise, "\(difference) \(noise) \(bound) \(error)")
    let early = try entry(0, 30, seed: 3)
    #expect(try #require(early.budget).burnIn.value > early.estimate.error)
  }

  /// The current in other units: lengths of 10⁻⁹, masses of 10⁻²⁶.
  @Test func unitsDoNotMatter() throws {
    func sharp(_ length: Double, _ mass: Double) throws -> Double {
      // Powers of two, so that the motion is the same to the last bit.
      let (spring, quartic) = (mass, 0.1 * mass / (length * length))
      let base = try Networks.chain(
        8, bond: "\(spring)*x^2/2",
        fields: Dictionary(uniqueKeysWithValues: (0..<8).map { ($0, "\(spring)*x^2/2 + \(quartic)*x^4/4") }))
      let network = SiteNetwork(
        masses: [Double](repeating: mass, count: 8), potentials: base.potentials, bonds: base.bonds, fields: base.fields
      )
      let energy = mass * length * length
      let bathed = BathedNetwork(
        network,
        [
          Networks.bath("left", 0, 1.5 * energy, friction: mass),
          Networks.bath("right", 7, 0.5 * energy, friction: mass),
        ])
      let estimate = try Self.estimate(try Self.answer(bathed, duration: 100, innovations: true))
      return estimate.error / energy
    }
    let (one, other) = try (sharp(1, 1), sharp(0x1p-30, 0x1p-86))
    #expect(abs(one / other - 1) < 1e-3, "\(one) \(other)")
  }
}
