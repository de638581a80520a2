import NessModel
import NessStatistics

/// What is left of the start in the means of a run, and what can be said of it.
struct StartTransient {
  private let ensemble: Ensemble
  private let model: ChainModel
  private let burnIn: Double
  private let wells: [WellCounts]
  /// What a current may be off by before the waves that carry it have crossed the chain [energy/time].
  private let beforeWaves: Double

  init(_ ensemble: Ensemble, _ model: ChainModel, burnIn: Double) {
    self.ensemble = ensemble
    self.model = model
    self.burnIn = burnIn
    // Waves of quartic chains are as fast as those of the harmonic chain that stands for it.
    let spring =
      ensemble.innovations?.isFitted == true ? ensemble.dynamics.forecastSpring : model.medium.springConstant
    beforeWaves = Self.beforeWaves(model, spring: spring, burnIn: burnIn, duration: ensemble.recordedTime)
    wells = (ensemble.start?.wells ?? []).compactMap { law in
      let bath = model.particleBaths.firstIndex { $0.attachment.site == law.place + 1 }
      guard let bath else { return nil }
      let series = ensemble.series(channel: ensemble.ledger.displacement(ofParticleBath: bath))
      return WellCounts(law, series, duration: ensemble.recordedTime)
    }
  }

  private var duration: Double { ensemble.recordedTime }
  private var hottest: Double { model.attachments.map(\.bath.temperature).max() ?? 0 }

  /// The part of the budget of a quantity that the start takes.
  ///
  /// - Parameters:
  ///   - quantity: whose mean it is.
  ///   - estimate: the mean.
  ///   - linear: the transient in the linear dynamics, where that answers.
  ///   - uptake: energy that the chain took up per time, the size of the sum of all heats [energy/time].
  ///   - uptakeError: its standard error.
  /// - Returns: nil for the kinetic temperature of no site.
  func part(
    _ quantity: Quantity, _ estimate: Estimate, linear: Double?, uptake: Double, uptakeError: Double
  ) -> ErrorBudget.Part? {
    guard let start = ensemble.start else { return linear.map { .init($0, .linear) } ?? .init(uptake, .measured) }
    if start.isExact { return ErrorBudget.Part.none }
    let ofWells = wellBias(quantity)
    switch quantity.family {
    case .kineticTemperature:
      if let linear {
        let rate = start.relaxationTime.map { 2 / $0 } ?? 0
        let beyond = start.deviation * hottest * Transient.share(rate: rate, burnIn, duration)
        return beyond + ofWells > abs(linear)
          ? .init(abs(linear) + beyond + ofWells, .estimate) : .init(linear, .linear)
      }
      if let waves = start.waves {
        return .init(waves.temperatureBias(burnIn: burnIn, duration: duration) + ofWells, .estimate)
      }
      guard let site = quantity.number else { return nil }
      return .init(relaxing(estimate, from: start.temperatures[site - 1], start) + ofWells, .measured)
    case .meanDisplacement:
      let rate = start.relaxationTime.map { 1 / $0 } ?? 1 / start.settlingTime
      return .init(estimate.error * Transient.share(rate: rate, burnIn, duration) + ofWells, .measured)
    case _ where ensemble.innovations?.isFitted == true:
      // The noise of the uptake is many times that of a current which innovations have sharpened.
      let left = Transient.ofCurrent(estimate, settlingTime: start.settlingTime, burnIn, duration)
      let seen = uptake > Transient.seen * uptakeError ? uptake : 0
      return .init(left + seen + ofWells + beforeWaves, .estimate)
    default:
      return linear.map { ofWells > 0 ? .init(abs($0) + ofWells, .estimate) : .init($0, .linear) }
        ?? (beforeWaves > 0
          ? .init(uptake + ofWells + beforeWaves, .estimate) : .init(uptake + ofWells, .measured))
    }
  }

  /// What a current may be off by as long as the waves that carry it have not crossed the chain three times: all that a
  /// chain can carry, at most (T_hot - T_cold) w/2 pi with the highest frequency w, for the share of the time until then.
  /// That both baths give and take the same says nothing before.
  private static func beforeWaves(
    _ model: ChainModel, spring: Double, burnIn: Double, duration: Double
  ) -> Double {
    let chain = model.medium
    let crossing = chain.sites > 1 ? Double(chain.sites) * (chain.mass / spring).squareRoot() : 0
    guard burnIn < 3 * crossing else { return 0 }
    let temperatures = model.attachments.map(\.bath.temperature)
    let (hottest, coldest) = (temperatures.max() ?? 0, temperatures.min() ?? 0)
    let most = (hottest - coldest) * model.highestAngularFrequency / (2 * .pi)
    return most * Transient.share(rate: 1 / crossing, burnIn, duration)
  }

  /// What is left of the way from the temperature at the start to the steady one, if it is gone at the rate of the exchange
  /// with the baths: of the way, the share g is missing in the mean, so the mean shows 1 - g of it.
  private func relaxing(_ estimate: Estimate, from temperature: Double, _ start: StartLaw) -> Double {
    let missing = Transient.share(rate: 1 / start.settlingTime, burnIn, duration)
    let seen = abs(estimate.value - temperature) + estimate.error
    let coldest = model.attachments.map(\.bath.temperature).min() ?? 0
    let most = max(hottest - estimate.value, estimate.value - coldest, 0)
    return missing < 1 ? min(seen * missing / (1 - missing), most) : most
  }

  /// How far a mean may be off because the shares of the wells are still those of the start.
  private func wellBias(_ quantity: Quantity) -> Double {
    guard !wells.isEmpty, let channel = channel(quantity) else { return 0 }
    let series = ensemble.series(channel: channel)
    let means = (0..<series.replicas).map { replica in
      let own = series.values[(replica * series.batches)..<((replica + 1) * series.batches)]
      return own.reduce(0, +) / Double(max(1, series.batches))
    }
    return wells.reduce(0) { sum, counts in
      sum + Transient.share(rate: counts.rate, burnIn, duration) * counts.spread(of: means)
    }
  }

  private func channel(_ quantity: Quantity) -> Int? {
    let ledger = ensemble.ledger
    switch quantity.family {
    case .heatCurrent: return ledger.heat(1)
    case .heatFrom: return model.index(of: quantity).map(ledger.heat)
    case .bondHeatCurrent: return quantity.number.map { ledger.bond($0 - 1) }
    case .kineticTemperature: return quantity.number.map { ledger.kinetic($0 - 1) }
    case .meanDisplacement:
      return model.particleBaths.firstIndex { $0.attachment.site == quantity.number }.map(ledger.displacement)
    default: return nil
    }
  }

  /// How the run began and what was seen of it, in sentences.
  ///
  /// - Parameters:
  ///   - transient: end of what was seen of a transient in the burn-in [time].
  ///   - relativeError: statistical error of the heat current over itself; nil if that is not known.
  func notes(transient: Double, relativeError: Double?) -> [String] {
    guard let start = ensemble.start else { return [] }
    var notes: [String] = []
    let time = burnIn + duration
    let head = "burn-in \(burnIn.short): all replicas begin \(start.description)"
    if start.isExact {
      // Without a burn-in the choice of none has said so.
      if burnIn > 0 { notes.append(head) }
    } else if transient > 0 {
      notes.append("\(head); a transient was seen until \(transient.short)")
      if transient > 0.8 * burnIn {
        notes.append(
          Note.warning(
            "burn-in may be too short: a transient was seen until \(transient.short) of the \(burnIn.short) discarded"))
      }
    } else if let relaxation = start.relaxationTime, time < 3 * relaxation {
      let left = start.deviation * Transient.share(rate: 2 / relaxation, burnIn, duration)
      let text =
        "\(head); the whole run lasts \((time / relaxation).text(digits: 2)) of the slowest relaxation time "
        + "\(relaxation.short), so it cannot show a transient"
      // A start that is off by less than the error bar needs no look at it.
      notes.append(
        relativeError.map { left <= $0 } == true
          ? "\(text); what is left of the start is expected to be below the statistical error"
          : Note.warning("\(text); run.duration \((3 * relaxation - burnIn).text(digits: 2)) or more could"))
    } else if start.relaxationTime == nil, time < 3 * start.settlingTime {
      notes.append(
        Note.warning(
          "\(head); the whole run lasts \((time / start.settlingTime).text(digits: 2)) of the time in which energy is "
            + "exchanged with the baths, about \(start.settlingTime.short), so it cannot show a transient; run.duration "
            + "\((3 * start.settlingTime - burnIn).text(digits: 2)) or more could"))
    } else if burnIn == 0 {
      notes.append("\(head); nothing was discarded in which a transient could be seen")
    } else if start.relaxationTime == nil {
      notes.append("\(head); no transient was seen, but the slowest relaxation time is not known")
    } else {
      notes.append("\(head); no transient was seen")
    }
    for counts in wells {
      let share =
        start.isExact
        ? "their shares are those of equilibrium from the start"
        : "their steady shares at unequal temperatures are not known: "
          + (counts.replicas.contains(0)
            ? "a well in which no replica was is not included in any error bar"
            : "what the shares at the start leave is in the error budget (burn-in)")
      let note = "\(counts.description); \(share)"
      notes.append(start.isExact ? note : Note.warning(note))
    }
    return notes
  }
}
