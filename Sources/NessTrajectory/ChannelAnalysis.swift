import Foundation
import NessModel
import NessStatistics

/// Turns the record of an ensemble into estimates.
struct ChannelAnalysis {
  let ensemble: Ensemble
  let model: ChainModel

  init(_ ensemble: Ensemble, _ model: ChainModel) {
    self.ensemble = ensemble
    self.model = model
  }

  private var ledger: Ledger { ensemble.ledger }

  /// All estimates of a simulation; a quantity whose data allow no honest error bar is left out with a note.
  ///
  /// - Throws: `StatisticsError` if no quantity allows one.
  func answer() throws -> Answer {
    var sampled = SampledAnswer()
    if model.terminals != nil { sampled.add(.heatCurrent, heatCurrent) }
    for (index, attachment) in model.attachments.enumerated() {
      sampled.add(.heat(from: attachment.name)) { try heat(from: index) }
    }
    for bond in 0..<(ledger.sites - 1) {
      sampled.add(.bondHeatCurrent(bond: bond + 1)) { try estimate(channel: ledger.bond(bond)) }
    }
    for site in 0..<ledger.sites {
      sampled.add(.kineticTemperature(site: site + 1)) { try estimate(channel: ledger.kinetic(site)) }
    }
    for (index, item) in model.particleBaths.enumerated() {
      sampled.add(.meanDisplacement(site: item.attachment.site)) {
        try estimate(channel: ledger.displacement(ofParticleBath: index))
      }
    }
    return try sampled.finished()
  }

  private func estimate(channel: Int) throws -> Estimate {
    try BlockedMean(of: ensemble.series(channel: channel)).estimate
  }

  /// The mean heat from one bath: the sharp estimate of the first particle bath if it is the better one, else the plain.
  private func heat(from bath: Int) throws -> Estimate {
    let plain = try estimate(channel: ledger.heat(bath))
    guard bath == ensemble.dynamics.particles.first?.bath, let sharp = try? sharpHeat(), sharp.error < plain.error
    else {
      return plain
    }
    return sharp
  }

  /// The heat from the first particle bath less the innovation, with the coefficient 1 of the linear theory, so that
  /// nothing is fitted; nil without a quadratic forecast.
  private func sharpHeat() throws -> Estimate? {
    guard ensemble.dynamics.innovations?.isQuadratic == true, let innovation else { return nil }
    let heat = ensemble.series(channel: ledger.heat(ensemble.dynamics.particles[0].bath))
    return try BlockedMean(of: Self.series(like: heat, zip(heat.values, innovation.values).map { $0 - $1 })).estimate
  }

  /// The heat current: the sharp estimate if innovations are followed and make it better, else the plain one.
  func heatCurrent() throws -> Estimate {
    let plain = try plainHeatCurrent()
    guard let sharp = try? sharpHeatCurrent(), sharp.error < plain.error else { return plain }
    return sharp
  }

  /// The heat current from all the places where it passes.
  ///
  /// The heat from the left, through the bonds and into the right bath have the same mean, because they differ by the
  /// change of a stored energy. Their mean is corrected by those differences as controls, which removes most of what
  /// the energy stored in the chain adds to the noise of a finite run. Of quartic bonds the steps do not conserve the
  /// energy exactly, so left and right differ in the mean; half of both and the bonds do not.
  private func plainHeatCurrent(controls more: [ReplicaSeries] = []) throws -> Estimate {
    let left = ensemble.series(channel: ledger.heat(0))
    let right = ensemble.series(channel: ledger.heat(1))
    var passages = [left.values, right.values.map { -$0 }]
    if !model.medium.isHarmonic { passages = [Self.mean(passages)] }
    if let terminals = model.terminals, terminals.left.site < terminals.right.site {
      let bonds = ((terminals.left.site - 1)..<(terminals.right.site - 1)).map {
        ensemble.series(channel: ledger.bond($0)).values
      }
      passages.append(Self.mean(bonds))
    }
    let combined = Self.mean(passages)
    let controls = passages.dropLast().map { passage in
      Self.series(like: left, zip(passage, combined).map { $0 - $1 })
    }
    return try BlockedMean(of: Self.series(like: left, combined), controls: controls + more).estimate
  }

  /// The heat current from the first particle bath, without what the noise of the steps told about it; nil if no
  /// innovations are followed.
  private func sharpHeatCurrent() throws -> Estimate? {
    guard let law = ensemble.dynamics.innovations, let innovation else { return nil }
    guard law.isQuadratic else {
      // A forecast of the forces alone leaves the chain's share to the differences between the passages.
      let square = ensemble.series(channel: ledger.squareChange)
      return try plainHeatCurrent(controls: [innovation, square])
    }
    guard let heat = try sharpHeat() else { return nil }
    return ensemble.dynamics.particles[0].bath == 0
      ? heat : Estimate(value: -heat.value, uncertainty: heat.uncertainty)
  }

  /// What the noise of the steps told about the heat from the first particle bath, less what is still to come of it: a
  /// series of mean zero; nil if innovations are not followed.
  private var innovation: ReplicaSeries? {
    guard ledger.innovations else { return nil }
    let forces = ensemble.series(channel: ledger.forceInnovation)
    let momenta = ensemble.series(channel: ledger.momentumInnovation).values
    let change = ensemble.series(channel: ledger.forecastChange).values
    return Self.series(like: forces, forces.values.indices.map { forces.values[$0] + momenta[$0] - change[$0] })
  }

  private static func series(like shape: ReplicaSeries, _ values: [Double]) -> ReplicaSeries {
    ReplicaSeries(replicas: shape.replicas, batches: shape.batches, values: values)
  }

  private static func mean(_ rows: [[Double]]) -> [Double] {
    rows[0].indices.map { index in rows.reduce(0) { $0 + $1[index] } / Double(rows.count) }
  }

  /// Error of the heat current, or of the largest heat if there are not two terminals, over the target.
  func leadingError(over target: TrajectorySettings.Target) throws -> Double {
    var leading: Estimate?
    if model.terminals != nil {
      leading = try heatCurrent()
    } else {
      let heats = try model.attachments.indices.map(heat)
      leading = heats.max { abs($0.value) < abs($1.value) }
    }
    guard let leading else { return .infinity }
    switch target {
    case .relative(let relative): return leading.error / abs(leading.value) / relative
    case .absolute(let absolute): return leading.error / absolute
    }
  }

  /// What a reader must know about the burn-in and about the agreement of the currents.
  func notes(burnIn: Double, transient: Double) -> [String] {
    var notes = [gainNote].compactMap { $0 }
    if burnIn > 0 && transient > 0.8 * burnIn {
      notes.append(
        "burn-in may be too short: a transient was seen until \(transient.short) of the \(burnIn.short) discarded")
    }
    if let drift = driftZScore(), abs(drift) > 4 {
      notes.append(
        "the energy still drifts: first and second half of the measurement differ by \(drift.short) standard errors; "
          + "use a longer burn-in")
    }
    return notes
  }

  /// How much the innovations helped.
  private var gainNote: String? {
    guard ledger.innovations, model.terminals != nil, let plain = try? plainHeatCurrent(),
      let sharp = try? heatCurrent(), sharp.error > 0
    else { return nil }
    let ratio = plain.error / sharp.error
    guard ratio > 1 else { return "the innovations of the noise did not help the heat current here" }
    return "the innovations of the noise reduced the variance of the heat current \((ratio * ratio).short) times"
  }

  /// Difference between the halves of the measurement, in standard errors, of the mean kinetic temperature.
  private func driftZScore() -> Double? {
    let profile = (0..<ledger.sites).map { ensemble.series(channel: ledger.kinetic($0)) }
    let total = ReplicaSeries(
      replicas: profile[0].replicas, batches: profile[0].batches, values: Self.mean(profile.map(\.values)))
    let half = total.batches / 2
    guard half > 0, total.replicas >= 16 else { return nil }
    let differences = (0..<total.replicas).map { replica -> Double in
      let start = replica * total.batches
      let first = total.values[start..<(start + half)].reduce(0, +)
      let second = total.values[(start + half)..<(start + 2 * half)].reduce(0, +)
      return second - first
    }
    let paired = ReplicaSeries(replicas: total.replicas, batches: 1, values: differences)
    guard let mean = try? BlockedMean(of: paired), mean.standardError > 0 else { return nil }
    return mean.mean / mean.standardError
  }
}

/// The course of the kinetic temperature during the burn-in.
struct BurnInRecord {
  private let times: [Double]
  private let means: [Double]
  private let errors: [Double]

  init(_ ensemble: Ensemble) {
    let ledger = ensemble.ledger
    let profile = (0..<ledger.sites).map { ensemble.series(channel: ledger.kinetic($0)) }
    let batches = profile[0].batches
    let replicas = profile[0].replicas
    let length = batches > 0 ? ensemble.recordedTime / Double(batches) : 0
    var means: [Double] = []
    var errors: [Double] = []
    for batch in 0..<batches {
      let sample = (0..<replicas).map { replica in
        profile.reduce(0) { $0 + $1.values[replica * batches + batch] } / Double(profile.count)
      }
      let mean = sample.reduce(0, +) / Double(replicas)
      let square = sample.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      means.append(mean)
      errors.append((square / Double(max(1, replicas - 1)) / Double(replicas)).squareRoot())
    }
    times = (0..<batches).map { Double($0 + 1) * length }
    self.means = means
    self.errors = errors
  }

  /// End of the last batch whose mean over the replicas is four standard errors or more away from the steady mean.
  func transient(comparedWith ensemble: Ensemble) -> Double {
    let ledger = ensemble.ledger
    let profile = (0..<ledger.sites).map { ensemble.series(channel: ledger.kinetic($0)) }
    let values = profile.flatMap(\.values)
    guard !values.isEmpty else { return 0 }
    let steady = values.reduce(0, +) / Double(values.count)
    for index in times.indices.reversed() where abs(means[index] - steady) > 4 * errors[index] {
      return times[index]
    }
    return 0
  }
}
