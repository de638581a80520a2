import NessModel
import NessSampling
import NessStatistics

/// Turns the record of an ensemble of driven networks into estimates, all of them means over whole periods.
struct DrivenAnalysis {
  let ensemble: DrivenEnsemble
  let system: DrivenSystem

  private var ledger: NetworkLedger { ensemble.ledger }
  private var model: DrivenModel { system.model }
  private var hasCurrent: Bool { model.terminals != nil && !model.medium.course.doesWork }

  /// All estimates; a quantity whose data allow no honest error bar is left out with a note.
  ///
  /// - Throws: `StatisticsError` if no quantity allows one.
  func answer() throws -> Answer {
    var sampled = SampledAnswer()
    if hasCurrent { sampled.add(.heatCurrent) { try heatCurrent() } }
    for (index, bath) in system.bathed.baths.enumerated() {
      sampled.add(.heat(from: bath.name)) { try heat(from: index) }
    }
    if model.medium.course.doesWork { sampled.add(.power) { try power() } }
    if model.entropyReason == nil {
      sampled.add(.entropyProduction) { try sharpened(ensemble.series(channel: ledger.entropy)) }
    }
    for site in 0..<ledger.sites {
      sampled.add(.kineticTemperature(site: site + 1)) {
        try BlockedMean(of: ensemble.series(channel: ledger.kinetic(site))).estimate
      }
    }
    for (site, isHeld) in system.isHeld.enumerated() where isHeld {
      sampled.add(.meanDisplacement(site: site + 1)) {
        try BlockedMean(of: ensemble.series(channel: ledger.displacement(site))).estimate
      }
    }
    return try sampled.finished()
  }

  /// What the medium stores more at the end of a period than at its beginning, per time: of mean zero in the periodic state.
  private var storage: ReplicaSeries { ensemble.series(channel: ledger.energyChange) }

  /// The mean of a series, sharpened by what is stored.
  private func sharpened(_ series: ReplicaSeries) throws -> Estimate {
    try BlockedMean(of: series, controls: [storage]).estimate
  }

  func heat(from bath: Int) throws -> Estimate { try sharpened(ensemble.series(channel: ledger.heat(bath))) }
  func power() throws -> Estimate { try sharpened(ensemble.series(channel: ledger.work)) }

  /// Half of what comes from the left and goes to the right, where no work is done.
  private func heatCurrent() throws -> Estimate {
    var sum = ensemble.series(channel: ledger.heat(0))
    sum.add(ensemble.series(channel: ledger.heat(1)), times: -1)
    sum.scale(by: 0.5)
    return try sharpened(sum)
  }

  /// Heats and work less what is stored, per time: by the first law nothing but what the steps create [energy/time].
  func created() throws -> Estimate {
    var sum = ensemble.series(channel: ledger.work)
    for bath in system.bathed.baths.indices { sum.add(ensemble.series(channel: ledger.heat(bath))) }
    sum.add(storage, times: -1)
    return try BlockedMean(of: sum).estimate
  }

  /// Error of the largest of the heats and the power over the target.
  func leadingError(over target: PrecisionTarget) throws -> Double {
    if hasCurrent { return target.ratio(of: try heatCurrent()) }
    var flows = try system.bathed.baths.indices.map { try heat(from: $0) }
    if model.medium.course.doesWork { flows.append(try power()) }
    return flows.max { abs($0.value) < abs($1.value) }.map(target.ratio) ?? .infinity
  }
}
