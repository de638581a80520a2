import NessModel
import NessSampling
import NessStatistics

extension Model {
  /// What a simulation measures of the heats beyond their means, shown where it is asked for by name.
  var sampledFluctuationOffers: [Offer] {
    let written = writtenBaths
    let (names, isPair) = (written.map(\.name), written.pair != nil)
    let reason =
      oneBathReason
      ?? (names.count > FollowedHeats.mostBaths ? "it is followed for up to \(FollowedHeats.mostBaths) baths" : nil)
    let pairReason = pairReason("the heat")
    let groupReason =
      written.groups.isEmpty ? nil : "clones of a simulation tell it of baths at one site each, and one is at several"
    let areEqual =
      Set(attachments.map(\.bath.temperature)).count < 2 ? "the mean current is 0 at equal temperatures" : nil
    let cold =
      attachments.contains { !($0.bath.temperature > 0) || !$0.bath.law.isThermal }
      ? "a bath has no temperature, or 0" : nil
    let reservoir =
      attachments.contains { $0.bath.law is SelfConsistentBath } ? "a bath takes its temperature from the others" : nil
    let members: Offer.Members = .baths(isPair ? [] : names)
    // No fourth cumulant: measured on chains of three sites its error bars were two to three times too small, for the blocks that make it
    // are too rare.
    return [
      Offer(.heatNoise, members, unless: reason), Offer(.heatSkewness, members, unless: reason),
      Offer(
        .heatCovariance, .places(pairsOfBaths),
        unless: reason
          ?? (names.count > FollowedHeats.mostCorrelated
            ? "it is followed for up to \(FollowedHeats.mostCorrelated) baths" : nil)),
      Offer(.fanoFactor, unless: reason ?? pairReason ?? reservoir ?? areEqual),
      Offer(.uncertaintyRatio, unless: reason ?? pairReason ?? reservoir ?? areEqual ?? cold),
      Offer(.generatingFunction, unless: reason ?? pairReason ?? groupReason ?? reservoir ?? cold),
      Offer(.rateFunction, unless: reason ?? pairReason ?? groupReason ?? reservoir ?? cold),
    ]
  }
}

/// Energy that is exchanged slowly, or a strongly damped mode that creeps: cumulants of heats need blocks that are longer than that.
struct SlowExchange {
  /// Version of the cumulants where blocks are chosen by the exchange of energy: before, they were told from blocks that were too short for it.
  static let exchangeEngine = EngineVersion("slow-exchange", 1)
  /// The same where a creeping mode is slower than that.
  static let creepEngine = EngineVersion("slow-creep", 1)
  /// In radians of the fastest motion: below, a plateau is seen where it is. (Five sites whose ends are held by strong friction, 40 of them: without
  /// longer blocks runs of 10 and 30 times the slowest mode told 1.28(5) and 1.15(4) of the noise; chains of three sites, 6 of them: right over 600 seeds.)
  private static let limit = 20.0

  /// Time in which baths and medium exchange their energy, or in which the slowest creeping mode forgets its start, where that is long; else 0,
  /// for what is seen of a plateau is enough [time].
  let time: Double
  private let isCreep: Bool
  private let hasParticles: Bool

  /// - Parameter creepTime: of the slowest mode that creeps; 0 for none. (Exact cumulants of ten strongly damped networks: blocks of three of
  ///   its times tell noise and skewness within 2 %, of 0.8 times up to 2 times as much.)
  init(exchangeTime: Double, creepTime: Double, highestAngularFrequency: Double, hasParticles: Bool) {
    isCreep = creepTime > exchangeTime
    let slower = max(exchangeTime, creepTime)
    time = slower.isFinite && slower * highestAngularFrequency > Self.limit ? slower : 0
    self.hasParticles = hasParticles
  }

  /// How long a run has to be for any cumulant of a heat [time].
  func durationNeeded(timeStep: Double, stepsPerTick: Int, replicas: Int) -> Double {
    CumulantGrowth.durationNeeded(shortest: timeStep * Double(stepsPerTick), memory: time, replicas: replicas)
  }

  /// The engine on which the blocks depend; nil where they are not chosen by it.
  var engine: EngineVersion? { choosesBlocks ? isCreep ? Self.creepEngine : Self.exchangeEngine : nil }

  /// Whether it chooses blocks. Beside particles, whose weak coupling is as slow and whose runs are long, they are those of before, and a run
  /// that is too short for any is refused.
  var choosesBlocks: Bool { time > 0 && !hasParticles }
}

extension ChainModel {
  /// How long a run with these settings has to be for any cumulant of a heat [time].
  package func durationForCumulants(_ settings: TrajectorySettings) -> Double {
    slowExchange.durationNeeded(
      timeStep: settings.timeStep, stepsPerTick: Ledger.stepsPerTick, replicas: settings.replicas)
  }

  /// How slowly its energy is exchanged.
  var slowExchange: SlowExchange {
    let exchangeTime = ThermalProfile.exchangeTime(self)
    guard particleBaths.isEmpty else {
      return SlowExchange(
        exchangeTime: exchangeTime, creepTime: 0, highestAngularFrequency: highestAngularFrequency, hasParticles: true)
    }
    let baths = attachments.compactMap { attachment in
      NetworkBath(attachment.bath.law).map {
        BathedNetwork.Bath(name: attachment.name, site: attachment.site - 1, law: $0)
      }
    }
    let bathed = BathedNetwork(medium.network.form, baths)
    return SlowExchange(
      exchangeTime: exchangeTime,
      creepTime: NetworkExchange.creepTime(
        bathed, ThermalStiffness(bathed.network, temperature: bathed.hottest)),
      highestAngularFrequency: highestAngularFrequency, hasParticles: false)
  }
}

extension BathedNetwork {
  /// How long a run with these settings has to be for any cumulant of a heat [time].
  package func durationForCumulants(_ settings: TrajectorySettings, _ scales: NetworkScales) -> Double {
    slowExchange(scales.stiffness).durationNeeded(
      timeStep: settings.timeStep, stepsPerTick: NetworkLedger.stepsPerTick, replicas: settings.replicas)
  }

  /// How slowly its energy is exchanged.
  func slowExchange(_ stiffness: ThermalStiffness) -> SlowExchange {
    SlowExchange(
      exchangeTime: NetworkExchange.exchangeTime(self, stiffness),
      creepTime: particleBaths.isEmpty ? NetworkExchange.creepTime(self, stiffness) : 0,
      highestAngularFrequency: stiffness.highestAngularFrequency, hasParticles: !particleBaths.isEmpty)
  }
}

/// Cumulants of the heats from the record of a run.
struct SampledFluctuations<Motion: RecordedReplicas> {
  let ensemble: ReplicaEnsemble<Motion>
  let heats: FollowedHeats
  /// Length of a tick [time].
  let tick: Double
  let baths: [(name: String, temperature: Double, isThermal: Bool)]
  /// How slowly energy is exchanged.
  let memory: SlowExchange

  /// A number that is not told from 0 by its error.
  private struct NotToldFromZero: Error, CustomStringConvertible {
    let description = "the heat current is not told from 0 by its error"
  }

  private func scaled(_ result: Result<Estimate, StatisticsError>, _ power: Int) throws -> Estimate {
    let found = try result.get()
    let factor = (0..<power).reduce(1.0) { factor, _ in factor * heats.unit }
    guard case .statistical(let error, let samples) = found.uncertainty else { return found }
    return .statistical(found.value * factor, standardError: error * factor, effectiveSamples: samples)
  }

  /// Adds all that is followed.
  ///
  /// - Parameter current: J between two baths; nil for other numbers of them, or if it is not known.
  func add(to sampled: inout SampledAnswer, current: Estimate?) {
    if heats.sums.isEmpty { return }
    let isPair = baths.count == 2
    var noises: [Result<Estimate, StatisticsError>] = []
    for heat in heats.sums.indices {
      guard let growth = ensemble.growth(of: heat, heats, tick: tick, memory: memory) else { continue }
      let name = isPair ? nil : baths[heat].name
      for (index, family) in [Quantity.Family.heatNoise, .heatSkewness].enumerated() {
        sampled.add(.all(family, bath: name)) { try scaled(growth.rates[index], index + 2) }
      }
      noises.append(growth.rates[0])
    }
    if isPair {
      addRatios(noises[0], current, to: &sampled)
      addCovariance(to: &sampled) { one, other in
        let noise = try scaled(noises[0], 2)
        return one == other ? noise : noise.negated
      }
    } else if heats.moments.hasProducts {
      addCovariance(to: &sampled) { one, other in
        if one == other { return try scaled(noises[one], 2) }
        guard let both = ensemble.growth(ofSum: one, other, heats, tick: tick, memory: memory) else {
          throw NotToldFromZero()
        }
        // Var(A + B) = Var A + Var B + 2 Cov(A, B)
        let parts = try [both.rates[0], noises[one], noises[other]].map { try scaled($0, 2) }
        let error = parts.reduce(0) { $0 + $1.error * $1.error }.squareRoot() / 2
        return .statistical(
          0.5 * (parts[0].value - parts[1].value - parts[2].value), standardError: error,
          effectiveSamples: parts.map(\.samples).min() ?? 1)
      }
    }
  }

  private func addCovariance(to sampled: inout SampledAnswer, _ entry: (Int, Int) throws -> Estimate) {
    let axis = Answer.Axis("bath", names: baths.map(\.name))
    sampled.add(.heatCovariance, axes: [axis, axis]) {
      try baths.indices.flatMap { one in try baths.indices.map { try entry(one, $0) } }
    }
  }

  private func addRatios(
    _ noise: Result<Estimate, StatisticsError>, _ current: Estimate?, to sampled: inout SampledAnswer
  ) {
    guard Set(baths.map(\.temperature)).count > 1 else { return }
    func ratio(_ factor: Double) throws -> Estimate {
      let noise = try scaled(noise, 2)
      guard let current, abs(current.value) > 5 * current.error else { throw NotToldFromZero() }
      let value = factor * noise.value / abs(current.value)
      let relative = noise.error / noise.value
      let other = current.error / current.value
      return .statistical(
        value, standardError: abs(value) * (relative * relative + other * other).squareRoot(),
        effectiveSamples: min(noise.samples, current.samples))
    }
    sampled.add(.fanoFactor) { try ratio(1) }
    if baths.allSatisfy({ $0.isThermal && $0.temperature > 0 }) {
      sampled.add(.uncertaintyRatio) { try ratio(0.5 * abs(1 / baths[1].temperature - 1 / baths[0].temperature)) }
    }
  }
}

extension Estimate {
  fileprivate var samples: Double {
    if case .statistical(_, let samples) = uncertainty { samples } else { .infinity }
  }

  /// The estimate of what flows the other way.
  var negated: Estimate { Estimate(value: -value, uncertainty: uncertainty) }
}
