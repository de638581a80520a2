import Foundation
import NessFormula
import NessModel
import NessStatistics
import NessTestSupport
import NessTrajectory
import Testing

/// Innovations of baths that have a memory, are active or redraw momenta.
@Suite struct BathInnovationTests {
  /// A bath of one kind, whose collisions or switches may come more often by a factor.
  enum Kind: CaseIterable {
    case memory, twoTerms, gaussian, telegraph, andersen, periodic, langevin

    func bath(_ temperature: Double, _ factor: Double = 1) -> NetworkBath {
      func bath(_ law: any StochasticBath) -> NetworkBath { NetworkBath(law) }
      switch self {
      case .memory: return bath(MemoryBath(temperature: temperature, terms: [.init(weight: 2, time: 0.5)]))
      case .twoTerms:
        return bath(
          MemoryBath(temperature: temperature, terms: [.init(weight: 2, time: 0.3), .init(weight: 0.3, time: 2)]))
      case .gaussian:
        return bath(ActiveBath(friction: 1, amplitude: temperature.squareRoot(), correlationTime: 1))
      case .telegraph:
        return bath(
          ActiveBath(friction: 1, amplitude: temperature.squareRoot(), correlationTime: 1 / factor, law: .telegraph))
      case .andersen: return bath(AndersenBath(temperature: temperature, rate: factor))
      case .periodic:
        return bath(AndersenBath(temperature: temperature, timing: .periodic, probability: 0.4 * factor, interval: 0.4))
      case .langevin: return bath(LangevinBath(temperature: temperature, friction: 1))
      }
    }

    /// How many forces and sub-steps on the momentum it has.
    var sources: (forces: Int, momenta: Int) {
      switch self {
      case .memory: (1, 0)
      case .twoTerms: (2, 0)
      case .gaussian, .telegraph: (1, 1)
      case .langevin, .andersen, .periodic: (0, 1)
      }
    }
  }

  /// A chain with a field at every site, and baths at both ends and, where there are three, in the middle.
  private static func network(
    _ sites: Int, bond: String = "x^2/2", field: String? = "x^2/2", _ baths: [NetworkBath]
  ) throws -> BathedNetwork {
    let fields = field.map { field in Dictionary(uniqueKeysWithValues: (0..<sites).map { ($0, field) }) } ?? [:]
    return BathedNetwork(
      try Networks.chain(sites, bond: bond, fields: fields),
      baths.enumerated().map { index, law in
        .init(name: "bath\(index)", site: index * (sites - 1) / (baths.count - 1), law: law)
      })
  }

  private static func answer(
    _ bathed: BathedNetwork, duration: Double, innovations: Bool?, seed: UInt64 = 1, threads: Int = 2,
    timeStep: Double = 0.05, burnIn: Double = 100
  ) throws -> Answer {
    let settings = TrajectorySettings(
      seed: seed, replicas: 64, timeStep: timeStep, burnIn: burnIn, duration: duration, threads: threads,
      innovations: innovations)
    return try NetworkTrajectorySolver(settings).simulate(bathed).answer
  }

  private static func estimate(_ answer: Answer, _ quantity: Quantity = .heatCurrent) throws -> Estimate {
    try #require(answer.estimate(quantity, by: .simulation))
  }

  /// In the full dynamics of an anharmonic network, at a coarse step, what the noise of a step tells has mean zero, whatever the
  /// weights are worth. Control: a bath whose noise is a tenth stronger, or which switches a tenth more often.
  @Test(arguments: Kind.allCases, ["x^2/2 + x^4/4", "-x^2/2 + x^4/4 + 0.2*x^3"]) func meanZero(
    kind: Kind, field: String
  ) throws {
    func bathed(_ factor: Double) throws -> BathedNetwork {
      try Self.network(
        5, bond: "x^2/2 + x^4/10", field: field,
        [kind.bath(6, factor), Kind.memory.bath(1), Kind.andersen.bath(1)])
    }
    func dynamics(_ factor: Double) throws -> NetworkDynamics {
      NetworkDynamics(try bathed(factor), timeStep: 0.15, rate: 1)
    }
    let switches = kind == .telegraph
    let right = try dynamics(1)
    let innovations = try #require(Innovations(of: right, NetworkScales(right.bathed)))
    for (factor, isRight) in [(1, true), (1.1, false)] {
      let lanes = LaneInnovations(innovations, right)
      let motion = NetworkMotion(try dynamics(switches ? factor : 1), seed: 5, firstReplica: 0)
      motion.draw(velocityVariances: [Double](repeating: 1, count: 5))
      var (sums, squares) = ([Double](repeating: 0, count: 3), [Double](repeating: 0, count: 3))
      for _ in 0..<(switches ? 200_000 : 40_000) {
        motion.drawNext()
        lanes.read(displacement: motion.displacement, velocity: motion.velocity)
        let stride = motion.momentumNoiseStride
        // Those of the first bath come first, and the others have one force and one sub-step.
        let own = kind.sources
        var forces = (0...own.forces).flatMap { index in
          (0..<2).map { motion.nextForceNoise[2 * index * stride + $0] }
        }
        var momenta = (0...own.momenta).map { motion.nextMomentumNoise[$0 * stride] }
        if !switches {
          for index in 0..<(2 * own.forces) { forces[index] *= factor }
          for index in 0..<own.momenta { momenta[index] *= factor }
        }
        lanes.read(forces: motion.forceStates, noise: forces, stride: 2)
        lanes.readVelocities(motion.displacement, motion.velocity)
        lanes.read(momentumNoise: momenta, stride: 1, after: motion.step)
        for heat in 0..<3 {
          let told = lanes.ofForces(heat) + lanes.ofMomenta(heat)
          sums[heat] += told.sum()
          squares[heat] += (told * told).sum()
        }
        motion.advance(steps: 1)
      }
      let worst = zip(sums, squares).map { abs($0 / $1.squareRoot()) }.max() ?? 0
      #expect((worst < acceptedZScore) == isRight, "\(kind) \(factor): \(worst)")
    }
  }

  /// The same of groups of steps, where no noise depends on the state.
  @Test(arguments: [Kind.memory, .twoTerms, .gaussian, .langevin], ["x^2/2 + x^4/4", "-x^2/2 + x^4/4 + 0.2*x^3"])
  func meanZeroOfGroups(kind: Kind, field: String) throws {
    let bathed = try Self.network(
      5, bond: "x^2/2 + x^4/10", field: field, [kind.bath(6), Kind.memory.bath(1), Kind.langevin.bath(1)])
    let dynamics = NetworkDynamics(bathed, timeStep: 0.15, rate: 1)
    let own = kind.sources
    for (factor, isRight) in [(1, true), (1.1, false)] {
      let worst = try StepGroups.worstScore(
        dynamics, groups: 20_000, sources: (own.forces + 1, own.momenta + 1), factor)
      #expect((worst < acceptedZScore) == isRight, "\(kind) \(factor): \(worst)")
    }
  }

  private static func lanes(_ value: Double) -> SIMD8<Double> { SIMD8(repeating: value) }

  /// In any state what collisions tell has mean zero. Control: collisions that come a tenth more often.
  @Test(arguments: [Kind.andersen, .periodic]) func collisionsInAnyState(kind: Kind) throws {
    func dynamics(_ factor: Double) throws -> NetworkDynamics {
      NetworkDynamics(
        try Self.network(3, field: "x^2/2 + x^4/4", [kind.bath(1, factor), Kind.langevin.bath(1)]), timeStep: 0.2,
        rate: 1)
    }
    let right = try dynamics(1)
    let innovations = try #require(Innovations(of: right, NetworkScales(right.bathed)))
    let (displacement, velocity) = ([1, -1, 0.5].map(Self.lanes), [2, 1, -3].map(Self.lanes))
    for (factor, isRight) in [(1, true), (1.1, false)] {
      let lanes = LaneInnovations(innovations, right)
      let motion = NetworkMotion(try dynamics(factor), seed: 8, firstReplica: 0)
      motion.draw(velocityVariances: [1, 1, 1])
      var (sum, square) = (0.0, 0.0)
      for _ in 0..<40_000 {
        motion.drawNext()
        lanes.read(displacement: displacement, velocity: velocity)
        lanes.readVelocities(displacement, velocity)
        lanes.read(momentumNoise: motion.nextMomentumNoise, stride: motion.momentumNoiseStride, after: motion.step)
        let told = lanes.ofMomenta(0)
        sum += told.sum()
        square += (told * told).sum()
        motion.advance(steps: 1)
      }
      let score = abs(sum / square.squareRoot())
      #expect((score < acceptedZScore) == isRight, "\(kind) \(factor): \(score)")
    }
  }

  /// The current with and without them, of independent seeds; what is gained. Control: a tenth more is seen.
  @Test(
    arguments: [
      (.memory, .memory, "x^2/2", "x^2/2", 100), (.twoTerms, .langevin, "x^2/2", "x^2/2", 100),
      (.langevin, .gaussian, "x^2/2", "x^2/2", 100), (.telegraph, .telegraph, "x^2/2", "x^2/2", 100),
      (.andersen, .andersen, "x^2/2", "x^2/2", 100), (.periodic, .langevin, "x^2/2", "x^2/2", 50),
      (.memory, .andersen, "x^2/2 + 0.1*x^4/4", nil, 5), (.memory, .memory, "x^2/2", "x^2/2 + 0.1*x^4/4", 8),
      (.gaussian, .telegraph, "x^2/2", "x^2/2 + 0.1*x^4/4", 4), (.andersen, .andersen, "x^2/2", "x^2/2 + 0.1*x^4/4", 8),
    ] as [(Kind, Kind, String, String?, Double)]) func sharpAndPlainAgree(
      left: Kind, right: Kind, bond: String, field: String?, gain: Double
    ) throws
  {
    let bathed = try Self.network(16, bond: bond, field: field, [left.bath(1.5), right.bath(0.5)])
    let sharp = try Self.estimate(try Self.answer(bathed, duration: 800, innovations: nil))
    let plain = try Self.estimate(try Self.answer(bathed, duration: 3200, innovations: false, seed: 2))
    let measured = 4 * plain.error * plain.error / (sharp.error * sharp.error)
    #expect(abs(sharp.zScore(against: plain)) < acceptedZScore, "\(sharp) \(plain)")
    #expect(measured > gain, "\(left) \(right) \(sharp) \(plain)")
    let off = Estimate(value: 1.1 * sharp.value, uncertainty: sharp.uncertainty)
    #expect(abs(off.zScore(against: plain)) > acceptedZScore)
  }

  /// Heats of three baths of different kinds, each with its own forecast.
  @Test func threeBaths() throws {
    let bathed = try Self.network(
      9, field: "x^2/2 + 0.1*x^4/4", [Kind.memory.bath(3), Kind.andersen.bath(1), Kind.telegraph.bath(2)])
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

  /// Nothing else changes: temperatures and flows to the last bit; and threads change nothing at all.
  @Test func theMotionIsUntouched() throws {
    let heats: Set<Quantity.Family> = [.heatCurrent, .heatFrom, .entropyProduction, .fanoFactor, .uncertaintyRatio]
    func others(_ answer: Answer) -> [Answer.Entry] {
      answer.entries.members.filter { !heats.contains($0.quantity.family) }
    }
    for (left, right) in [(Kind.twoTerms, Kind.andersen), (.telegraph, .periodic), (.gaussian, .memory)] {
      let bathed = try Self.network(6, bond: "x^2/2 + x^4/4", [left.bath(2), right.bath(1)])
      let followed = try Self.answer(bathed, duration: 100, innovations: nil)
      let plain = try Self.answer(bathed, duration: 100, innovations: false)
      #expect(!others(plain).isEmpty && others(followed).map(\.estimate) == others(plain).map(\.estimate))
      // Control: the current is another.
      #expect(followed.estimate(.heatCurrent, by: .simulation) != plain.estimate(.heatCurrent, by: .simulation))
      let alone = try Self.answer(bathed, duration: 100, innovations: nil, threads: 1)
      #expect(alone.entries == followed.entries && alone.notes == followed.notes)
    }
  }

  /// Error bars: 95 % intervals of short experiments cover the mean of many as often as that. Control: bars of half the length.
  @Test(arguments: [(Kind.memory, Kind.andersen), (.telegraph, .gaussian)]) func intervalsCover(
    left: Kind, right: Kind
  ) throws {
    let bathed = try Self.network(4, field: "x^2/2 + 0.3*x^4/4", [left.bath(1.5), right.bath(0.5)])
    let estimates = try (0..<400).map { seed in
      try Self.estimate(
        try Self.answer(
          bathed, duration: 30, innovations: nil, seed: UInt64(1000 + seed), timeStep: 0.1, burnIn: 30))
    }
    let mean = estimates.reduce(0) { $0 + $1.value } / Double(estimates.count)
    func covered(_ factor: Double) -> Int {
      estimates.count { abs($0.value - mean) <= factor * $0.halfWidth95 }
    }
    // Four standard deviations of 400 draws are 4.4 %.
    #expect((362...398).contains(covered(1)), "\(covered(1))")
    #expect(covered(0.5) < 362)
  }

  /// The error of the current in other units: lengths of 10⁻⁹, masses of 10⁻²⁶.
  @Test func unitsDoNotMatter() throws {
    func error(_ length: Double, _ mass: Double) throws -> Double {
      // Powers of two, so that the motion is the same to the last bit.
      let (quartic, energy) = (0.1 * mass / (length * length), mass * length * length)
      let base = try Networks.chain(
        8, bond: "\(mass)*x^2/2",
        fields: Dictionary(uniqueKeysWithValues: (0..<8).map { ($0, "\(mass)*x^2/2 + \(quartic)*x^4/4") }))
      let network = SiteNetwork(
        masses: [Double](repeating: mass, count: 8), potentials: base.potentials, bonds: base.bonds, fields: base.fields
      )
      let baths: [any StochasticBath] = [
        MemoryBath(temperature: 1.5 * energy, terms: [.init(weight: 2 * mass, time: 0.5)]),
        ActiveBath(friction: mass, amplitude: mass * length, correlationTime: 1),
        AndersenBath(temperature: 0.5 * energy, rate: 1),
      ]
      let bathed = BathedNetwork(
        network,
        zip([0, 3, 7], baths).enumerated().map { .init(name: "bath\($0)", site: $1.0, law: NetworkBath($1.1)) })
      let answer = try Self.answer(bathed, duration: 100, innovations: true)
      return try Self.estimate(answer, .heat(from: "bath0")).error / energy
    }
    let (one, other) = try (error(1, 1), error(0x1p-30, 0x1p-86))
    #expect(abs(one / other - 1) < 1e-3, "\(one) \(other)")
  }
}
