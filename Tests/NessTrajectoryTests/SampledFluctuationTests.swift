import NessLinear
import NessModel
import NessSampling
import NessStatistics
import NessTestSupport
import Testing

import NessTrajectory

/// Cumulants of heats by simulation.
@Suite struct SampledFluctuationTests {
  private func chain(_ left: ChainBath, _ right: Double, sites: Int = 3) throws -> ChainModel {
    try Model(
      medium: Chain(sites: sites, pinning: 1),
      attachments: [
        .init(name: "left", site: 1, bath: left),
        .init(name: "right", site: sites, bath: .init(LangevinBath(temperature: right, friction: 1.3))),
      ])
  }

  private func langevin(_ temperature: Double) -> ChainBath {
    .init(LangevinBath(temperature: temperature, friction: 0.7))
  }

  private func run(_ model: ChainModel, seed: UInt64, duration: Double = 1500, replicas: Int = 128, threads: Int = 2)
    throws -> Answer
  {
    let settings = TrajectorySettings(
      seed: seed, replicas: replicas, timeStep: 0.05, burnIn: 40, duration: duration, threads: threads)
    return try TrajectorySolver(settings).simulate(model).answer
  }

  /// Against exact theory: noise, its ratios, third cumulant; a noise at another temperature is told apart.
  @Test func againstTheory() throws {
    let model = try chain(langevin(3), 1)
    let families: [Quantity.Family] = [
      .heatNoise, .heatSkewness, .fanoFactor, .uncertaintyRatio, .heatCovariance,
    ]
    let exact = try LinearSolver().answer(.only(families), of: model, by: [.markov])
    let other = try LinearSolver().answer(.only(families), of: chain(langevin(3.9), 1), by: [.markov])
    var scores: [Quantity: [Double]] = [:]
    var apart = 0.0
    for seed in 1...6 {
      let found = try run(model, seed: UInt64(seed))
      for entry in exact.entries.members {
        guard let estimate = found.estimate(entry.quantity, by: .simulation) else { continue }
        scores[entry.quantity, default: []].append(estimate.zScore(against: entry.estimate))
      }
      apart += try found.required(.heatNoise(), .simulation).zScore(against: other.required(.heatNoise(), .markov))
      #expect(try found.required(.heatNoise(), .simulation).error < 0.1 * 1.68)
    }
    #expect(scores.count >= 8, "\(scores.keys)")
    for (quantity, scores) in scores {
      #expect(scores.count >= 4 && scores.allSatisfy { abs($0) < 4.9 }, "\(quantity) \(scores)")
      #expect(abs(scores.reduce(0, +)) / Double(scores.count).squareRoot() < 4.9, "\(quantity) \(scores)")
    }
    #expect(abs(apart) / 6.0.squareRoot() > 4.9)
  }

  /// Weakly damped, a short run shows a plateau that is none: it is refused with the time that is needed, and a run of that time is right.
  @Test func slowExchange() throws {
    let model = try Model(
      medium: Chain(sites: 3, pinning: 1),
      attachments: [
        .init(name: "left", site: 1, bath: ChainBath(LangevinBath(temperature: 3, friction: 0.02))),
        .init(name: "right", site: 3, bath: ChainBath(LangevinBath(temperature: 1, friction: 0.03))),
      ])
    let short = try run(model, seed: 1, duration: 600)
    #expect(short.estimate(.heatNoise(), by: .simulation) == nil)
    let note = try #require(short.notes.first { $0.contains("heatNoise") })
    #expect(note.contains("forgets its start, in about 60") && note.contains("run.duration"))
    let exact = try LinearSolver().answer(.only([.heatNoise, .heatSkewness]), of: model, by: [.markov])
    for family in [Quantity.heatNoise(), .heatSkewness()] {
      let scores = try (1...3).map { seed in
        try run(model, seed: UInt64(seed), duration: 4000).required(family, .simulation).zScore(
          againstExact: exact.required(family, .markov).value)
      }
      #expect(scores.allSatisfy { abs($0) < 4.9 }, "\(family) \(scores)")
    }
    #expect(TrajectorySolver.engines(of: model).contains { $0.engine == "slow-exchange" })
    #expect(!TrajectorySolver.engines(of: try chain(langevin(3), 1)).contains { $0.engine == "slow-exchange" })
  }

  /// Where friction is strong a mode creeps long after baths and medium have exchanged their energy: a run of some of its times is refused with
  /// the time that is needed, and one of that time is right; in any units.
  @Test func creepingModes() throws {
    func model(_ time: Double = 1, friction: Double = 30) throws -> NetworkModel {
      let rate = 1 / time
      let energy = rate * rate
      func formula(_ number: Double, _ variable: String) -> String { "\(number * energy)*\(variable)^2" }
      return try NetworkModel(
        medium: Network(
          lattice: .chain(2), mass: .list([1, 0.5]), bond: formula(0.25, "r"),
          at: [
            SiteRule(sites: [1...1], site: formula(0.05, "q")), SiteRule(sites: [2...2], site: formula(0.5, "q")),
          ]),
        attachments: [(1, 5.0, friction), (2, 1.0, friction / 10)].map { site, temperature, friction in
          .init(
            name: "b\(site)", site: site,
            bath: NetworkBath(LangevinBath(temperature: temperature * energy, friction: friction * rate)))
        })
    }
    func answer(_ model: NetworkModel, seed: UInt64, duration: Double, time: Double = 1) throws -> Answer {
      let settings = TrajectorySettings(
        seed: seed, replicas: 64, timeStep: 0.02 * time, burnIn: 300 * time, duration: duration * time, threads: 2)
      return try NetworkTrajectorySolver(settings).simulate(BathedNetwork(model)).answer
    }
    // The slowest mode forgets its start in 70.
    for time in [1, 0x1p-30] {
      let short = try answer(model(time), seed: 11, duration: 2000, time: time)
      #expect(short.estimate(.heatNoise(), by: .simulation) == nil)
      let note = try #require(short.notes.first { $0.contains("heatNoise") })
      #expect(note.contains("a strongly damped mode forgets its start, in about \((70 * time).text(digits: 2))"))
    }
    // 0.0551878 by a tilted Riccati equation of its own; blocks of a fifth of that time tell two to six times as much.
    let exact = try NetworkSolver().answer(.only([.heatNoise]), of: model(), by: [.markov]).required(
      .heatNoise(), .markov)
    #expect(abs(exact.value - 0.0551878) < 1e-7)
    let scores = try (1...4).compactMap { seed in
      try answer(model(), seed: UInt64(seed), duration: 12_000).estimate(.heatNoise(), by: .simulation)?.zScore(
        againstExact: exact.value)
    }
    #expect(scores.count >= 3 && scores.allSatisfy { abs($0) < 4.9 } && abs(scores.reduce(0, +)) / 2 < 4.9, "\(scores)")
    #expect(try NetworkTrajectorySolver.engines(of: model()).contains { $0.engine == "slow-creep" })
    // Control: with little friction nothing creeps, and keys stay as they were.
    #expect(try !NetworkTrajectorySolver.engines(of: model(friction: 0.5)).contains { $0.engine == "slow-creep" })
  }

  /// Three sites that creep at the end of a stiff row of any length; controls: the same with little friction, and a plain chain.
  @Test(arguments: [40, 100, 200]) func creepingModesOfLongNetworks(sites: Int) throws {
    func model(friction: Double) throws -> NetworkModel {
      try NetworkModel(
        medium: Network(
          lattice: .chain(sites), bond: "2*r^2", site: "0.05*q^2",
          at: [SiteRule(sites: [1...3], site: "0.02*q^2")]),
        attachments: [(1, friction), (2, friction), (3, friction), (sites, 1.0)].map { site, friction in
          .init(name: "b\(site)", site: site, bath: NetworkBath(LangevinBath(temperature: 1, friction: friction)))
        })
    }
    func creeps(_ friction: Double) throws -> Bool {
      try NetworkTrajectorySolver.engines(of: model(friction: friction)).contains { $0.engine == "slow-creep" }
    }
    #expect(try creeps(3000) && !creeps(1))
  }

  /// The same bytes for any number of threads; and what a network of three baths gives agrees with theory.
  @Test func threadsAndThreeBaths() throws {
    let model = try chain(langevin(3), 1)
    let (one, two) = (
      try run(model, seed: 3, duration: 200, threads: 1), try run(model, seed: 3, duration: 200, threads: 2)
    )
    #expect(one.entries == two.entries)
    let star = try NetworkModel(
      medium: Network(lattice: .ring(3), site: "q^2/2"),
      attachments: [(1, 5.0), (2, 2.0), (3, 1.0)].map { site, temperature in
        .init(
          name: "b\(site)", site: site,
          bath: NetworkBath(LangevinBath(temperature: temperature, friction: 0.3 * Double(site))))
      })
    let exact = try NetworkSolver().answer(.only([.heatCovariance, .heatNoise]), of: star, by: [.markov])
    let settings = TrajectorySettings(seed: 5, replicas: 128, timeStep: 0.05, burnIn: 40, duration: 1500, threads: 2)
    let found = try NetworkTrajectorySolver(settings).simulate(BathedNetwork(star)).answer
    var seen = 0
    for entry in exact.entries.members {
      let estimate = try found.required(entry.quantity, .simulation)
      #expect(abs(estimate.zScore(against: entry.estimate)) < 4.9, "\(entry.quantity) \(estimate)")
      seen += 1
    }
    #expect(seen == 12)
  }

  /// A run that is too short for a cumulant leaves it out with the reason, and has its means.
  @Test func tooShort() throws {
    let found = try run(chain(langevin(3), 1), seed: 1, duration: 10, replicas: 16)
    #expect(found.estimate(.heatNoise(), by: .simulation) == nil)
    #expect(found.notes.contains { $0.contains("heatNoise") && $0.contains("left out") })
    #expect(found.estimate(.heatCurrent, by: .simulation) != nil)
  }

  /// What a state of the record restores is what was saved, at any number of additions.
  @Test(arguments: [0, 1, 2, 7, 8, 100]) func statesOfMoments(additions: Int) throws {
    var moments = BlockMoments(channels: 3, hasProducts: true)
    func values(_ tick: Int) -> [SIMD8<Double>] {
      (0..<3).map { SIMD8(repeating: Double((tick * 7 + $0 * 3) % 11) - 4.5) }
    }
    for tick in 0..<additions { moments.add(values(tick)) }
    var writer = StateWriter()
    moments.save(to: &writer)
    var reader = StateReader(writer.bytes)
    var restored = BlockMoments(channels: 3, hasProducts: true)
    try restored.restore(from: &reader, additions: additions)
    #expect(reader.isAtEnd)
    for tick in additions..<(additions + 9) {
      moments.add(values(tick))
      restored.add(values(tick))
    }
    for level in 0..<moments.levels {
      #expect(moments.count(level: level) == restored.count(level: level))
      // Straight from the values.
      var (sum, product) = (0.0, 0.0)
      for block in 0..<moments.count(level: level) {
        let ticks = (block << level)..<((block + 1) << level)
        let (one, other) = (ticks.reduce(0) { $0 + values($1)[2][0] }, ticks.reduce(0) { $0 + values($1)[0][0] })
        sum += one * one * one
        product += one * other
      }
      #expect(abs(moments.sum(level: level, channel: 2, power: 3, lane: 4) - sum) < 1e-9 * abs(sum) + 1e-9)
      #expect(
        restored.sum(level: level, channel: 2, power: 3, lane: 4)
          == moments.sum(level: level, channel: 2, power: 3, lane: 4))
      #expect(abs(restored.product(level: level, 0, 2, lane: 1) - product) < 1e-9 * abs(product) + 1e-9)
    }
    var short = StateReader(Array(writer.bytes.dropLast(8)))
    #expect(throws: StateFault.self) {
      var broken = BlockMoments(channels: 3, hasProducts: true)
      try broken.restore(from: &short, additions: additions)
    }
  }
}
