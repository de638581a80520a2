import NessModel
import NessStatistics

/// What time step and start add to the means of a network, as upper estimates.
struct NetworkBudget {
  private let analysis: NetworkAnalysis
  private let bound: NetworkStepBound
  private let burnIn: Double
  private let duration: Double
  private let uptake: Estimate?
  /// The heats from all baths, and the bias of what flows through any bond by the time step, at most.
  private let heats: [Estimate]?
  private let bondHeatBias: Double
  /// Those of the baths at all sites of a written one, by its name, and of each by its own.
  private let placesOfBaths: [String: [Int]]
  /// Of the reservoirs; nil if they are not known.
  private let remainingHeats: [Double]?

  init(_ analysis: NetworkAnalysis, burnIn: Double, duration: Double) {
    self.analysis = analysis
    (self.burnIn, self.duration) = (burnIn, duration)
    let (bathed, dynamics, scales) = (analysis.bathed, analysis.ensemble.dynamics, analysis.scales)
    bound = NetworkStepBound(
      bathed, scales, timeStep: dynamics.timeStep, noise: dynamics.baths.particles.first?.noise ?? .matched)
    uptake = analysis.uptake
    heats = try? bathed.baths.indices.map { try analysis.heat(from: $0) }
    bondHeatBias = bound.bondHeat(heats)
    remainingHeats = try? analysis.remainingHeats()
    placesOfBaths = Dictionary(
      bathed.written.map { ($0.name, $0.members) } + zip(bathed.baths.map(\.name), bathed.baths.indices.map { [$0] })
    ) { first, _ in first }
  }

  private var bathed: BathedNetwork { analysis.bathed }

  /// Says of every quantity in an answer what its error is made of.
  func add(to answer: inout Answer) {
    for index in answer.entries.indices where answer.entries[index].axes.isEmpty {
      let entry = answer.entries[index]
      guard let step = timeStep(entry), let start = start(entry), let search = search(entry) else { continue }
      answer.entries[index].budget = ErrorBudget(
        statistical: entry.estimate.error, timeStep: step, burnIn: start, truncation: search)
    }
  }

  /// The part of the time step: the conditions that it was chosen by, added up, act on the heats of the two directions, or on what
  /// flows at the temperatures of two baths; and no less than the energy that the steps were seen to create.
  private func timeStep(_ entry: Answer.Entry) -> ErrorBudget.Part? {
    let hottest = analysis.scales.energyScale
    switch entry.quantity.family {
    case .heatCurrent, .heatFrom:
      guard let baths = baths(of: entry.quantity) else { return nil }
      let biased = bound.heat(from: baths, found: heats)
      return .init(max(biased, created) + miscounted(entry), .estimate)
    case .bondHeatCurrent:
      return .init(max(bondHeatBias, 0.5 * created) + miscounted(entry), .estimate)
    case .kineticTemperature:
      guard let site = entry.quantity.number else { return nil }
      // Velocities are read in the middle of the drift, which adds h²/4m times the stiffness.
      let step = analysis.ensemble.dynamics.timeStep
      let stiffness = analysis.scales.stiffness.ofSites[site - 1] / bathed.network.masses[site - 1]
      // A temperature is one of the baths' in the mean, each of which is off by its own share; twice as much is allowed for.
      let own = min(hottest, 2 * (entry.estimate.value + 2 * entry.estimate.error))
      return .init(own * (bound.relative + 0.25 * step * step * stiffness), .estimate)
    case .meanEnergy:
      // Half a temperature of every site is kinetic; the rest, as much or less, is taken as much.
      let step = analysis.ensemble.dynamics.timeStep
      let scales = analysis.scales
      return .init(
        bathed.network.masses.indices.reduce(0) {
          let rate = scales.stiffness.ofSites[$1] / bathed.network.masses[$1]
          return $0 + hottest * (bound.relative + 0.25 * step * step * rate)
        }, .estimate)
    case .meanDisplacement:
      guard let site = entry.quantity.number else { return nil }
      let stiffness = analysis.scales.stiffness.ofSites[site - 1]
      let thermal = stiffness > 0 ? (hottest / stiffness).squareRoot() : 0
      return .init(bound.relative * (abs(entry.estimate.value) + thermal), .estimate)
    default: return nil
    }
  }

  /// The baths whose heats a quantity is the sum of.
  private func baths(of quantity: Quantity) -> [Int]? {
    if quantity == .heatCurrent { return bathed.written.ends?.left.members }
    return quantity.bath.flatMap { placesOfBaths[$0] }
  }

  /// What a heat lacks or has too much because the time of the run is no whole number of intervals between collisions at fixed times.
  private func miscounted(_ entry: Answer.Entry) -> Double {
    let dynamics = analysis.ensemble.dynamics
    let first = Int((burnIn / dynamics.timeStep).rounded())
    let steps = Int((duration / dynamics.timeStep).rounded())
    let shares = dynamics.baths.momentumSteps.compactMap { step -> Double? in
      guard step.collision != nil, step.interval > 1, steps > 0 else { return nil }
      let count = (first + steps) / step.interval - first / step.interval
      return abs(Double(count * step.interval) / Double(steps) - 1)
    }
    return (shares.max() ?? 0) * abs(entry.estimate.value)
  }

  /// Energy that the steps of an anharmonic network created per time, as far as it is seen [energy/time].
  private var created: Double { isSettling ? 0 : seenUptake }

  /// Whether what the heats add up to is energy that the network still takes up, and not what the steps create: of harmonic networks, and
  /// where the energy is seen to change or sites keep theirs for longer than the burn-in allows to forget.
  private var isSettling: Bool {
    bathed.network.isHarmonic || drift(analysis.ledger.energy) > 0
      || analysis.scales.exchange.slowSites.contains { $0.time > burnIn }
  }

  /// What sites that keep their energy may still take up or give away per time: as much as they have [energy/time].
  private var uptakeOfSlowSites: Double {
    analysis.scales.exchange.slowSites.reduce(0) { sum, site in
      sum + analysis.scales.energyScale / site.time * Transient.share(rate: 1 / site.time, burnIn, duration)
    }
  }

  /// Sum of all heats per time, as far as it is more than noise [energy/time].
  private var seenUptake: Double {
    guard let uptake, abs(uptake.value) > Transient.seen * uptake.error else { return 0 }
    return abs(uptake.value)
  }

  /// By how much the halves of the measurement differ, if that is more than noise.
  private func drift(_ channel: Int) -> Double {
    analysis.ensemble.hasLocalBatches ? analysis.drift(ofChannel: channel).map { abs($0.value) } ?? 0 : 0
  }

  /// The part of the start, if it is gone at the rate of the exchange with the baths.
  private func start(_ entry: Answer.Entry) -> ErrorBudget.Part? {
    let missing = Transient.share(rate: 1 / analysis.scales.settlingTime, burnIn, duration)
    switch entry.quantity.family {
    case .kineticTemperature:
      guard let site = entry.quantity.number else { return nil }
      // Of the way from the start the share `missing` is missing in the mean, so the mean shows the rest of it.
      let (value, temperature) = (entry.estimate.value, analysis.scales.exchange.temperatures[site - 1])
      let seen = abs(value - temperature) + entry.estimate.error
      let coldest = bathed.baths.map(\.law.temperature).min() ?? 0
      let most = max(analysis.scales.energyScale - value, value - coldest, 0)
      if let memory = analysis.memory(ofSite: site - 1) {
        // By this share what the replica began with is still in it, and nothing is known of where it goes.
        return .init(memory * max(0.5 * value, entry.estimate.error), .estimate)
      }
      return .init(missing < 1 ? min(seen * missing / (1 - missing), most) : most, .measured)
    case .meanEnergy:
      let seen = drift(analysis.ledger.energy)
      // Half a temperature of every site is kinetic; the rest, as much or less, is taken as much.
      let sites = bathed.network.isHarmonic ? 0..<0 : 0..<min(bathed.network.sites, NetworkNotes.mostKeeping)
      let kept = sites.reduce(0) { sum, site in
        guard let memory = analysis.memory(ofSite: site),
          let found = try? BlockedMean(of: analysis.ensemble.series(channel: analysis.ledger.kinetic(site))).estimate
        else { return sum }
        return sum + 0.5 * memory * found.value
      }
      return .init(
        kept + seen + missing * Double(bathed.network.sites) * analysis.scales.energyScale + missing
          * entry.estimate.error,
        .estimate)
    case .meanDisplacement:
      guard let site = entry.quantity.number else { return nil }
      let seen = drift(analysis.ledger.displacement(site - 1))
      // Of the way to the other wells nothing is known but how much of it may be missing.
      guard analysis.scales.start.wells != nil else { return .init(seen + entry.estimate.error * missing, .measured) }
      return .init(seen + (entry.estimate.error + abs(entry.estimate.value)) * missing, .estimate)
    default:
      let left = Transient.ofCurrent(
        entry.estimate, settlingTime: analysis.scales.settlingTime, burnIn, duration)
      // In the steady state the heats add up to what the steps create, which counts as theirs.
      return .init(left + max(isSettling ? seenUptake : 0, uptakeOfSlowSites), .estimate)
    }
  }
}

// MARK: self-consistent reservoirs

extension NetworkBudget {
  /// What the heats that reservoirs still give leave uncertain: what the linear answer made of heats where it was used, and half of what it made of temperatures, for
  /// it is that of equilibrium; all of it elsewhere.
  private func search(_ entry: Answer.Entry) -> ErrorBudget.Part? {
    guard let found = analysis.reservoirs, found.isSampled else { return ErrorBudget.Part.none }
    guard let heats = remainingHeats else { return nil }
    let shifts = heats.indices.map { FoundReservoirs.sum(found.resistances, $0, heats) }
    func together(_ values: [Double]) -> Double {
      max(abs(values.reduce(0, +)), values.reduce(0) { $0 + $1 * $1 }.squareRoot())
    }
    let largest = shifts.reduce(0) { max($0, abs($1)) }
    switch entry.quantity.family {
    case .heatFrom, .heatCurrent:
      guard let baths = baths(of: entry.quantity) else { return ErrorBudget.Part.none }
      // The heat of a reservoir is 0 where it has its temperature.
      let own = baths.compactMap { bath in bathed.reservoirs.firstIndex(of: bath).map { abs(heats[$0]) } }
      let others = baths.filter { !bathed.reservoirs.contains($0) }.map { bath in
        together(zip(analysis.shares(of: bath), heats).map { $0.weight * $1 })
      }
      // (Fourteen runs of an anharmonic chain with three reservoirs: half of it was too little.)
      return .init(own.reduce(0, +) + others.reduce(0, +), own.isEmpty ? .estimate : .measured)
    case .bondHeatCurrent: return .init(together(heats), .estimate)
    case .kineticTemperature:
      // A temperature follows those of the reservoirs by shares that add up to at most 1.
      let site = entry.quantity.number.map { $0 - 1 }
      guard let place = bathed.reservoirs.firstIndex(where: { bathed.baths[$0].site == site }) else {
        return .init(largest, .estimate)
      }
      return .init(0.5 * abs(shifts[place]), .estimate)
    case .meanEnergy: return .init(Double(bathed.network.sites) * largest, .estimate)
    case .meanDisplacement:
      let coldest = bathed.baths.map(\.law.temperature).filter { $0 > 0 }.min() ?? 0
      return coldest > 0 ? .init(abs(entry.estimate.value) * largest / coldest, .estimate) : ErrorBudget.Part.none
    default: return ErrorBudget.Part.none
    }
  }
}
