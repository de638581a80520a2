import Foundation
import NessModel
import NessStatistics

/// Turns the record of an ensemble of boxes into estimates.
struct KineticAnalysis {
  /// Snapshots below which the share of a class or part is not given: their error would be a guess.
  private static let fewestSnapshots = 50.0
  /// The same for a mean energy, which scatters much more and lopsidedly.
  private static let fewestEnergies = 400.0

  let ensemble: FlightEnsemble

  init(_ ensemble: FlightEnsemble) { self.ensemble = ensemble }

  private var model: BoxModel { ensemble.model }
  private var names: [String] { model.attachments.map(\.name) }

  /// Collisions of all replicas.
  var collisions: Int {
    let rates = [FlightGroup.Channel.collisionsLeft, .collisionsRight].map { ensemble.series($0) }
    let total = rates.reduce(0) { $0 + $1.values.reduce(0, +) / Double($1.batches) }
    return Int((total * ensemble.recordedTime).rounded())
  }

  /// All estimates; a quantity whose data allow no honest error bar is left out with a note.
  ///
  /// - Throws: `StatisticsError` if no quantity allows one.
  func answer() throws -> Answer {
    var sampled = SampledAnswer()
    sampled.add(.heatCurrent) { try heatCurrent() }
    sampled.add(.heat(from: names[0])) { try mean(ensemble.series(.heatFromLeft)) }
    sampled.add(.heat(from: names[1])) { try mean(ensemble.series(.heatFromRight)) }
    if model.attachments.allSatisfy({ $0.bath.temperature > 0 }) {
      sampled.add(.entropyProduction) { try entropyProduction() }
    }
    sampled.add(.meanEnergy) { try mean(ensemble.series(.energyTime)) }
    sampled.add(.collisionRate(bath: names[0])) { try mean(ensemble.series(.collisionsLeft)) }
    sampled.add(.collisionRate(bath: names[1])) { try mean(ensemble.series(.collisionsRight)) }
    let share = ensemble.series(.timeFromLeft)
    sampled.add(.timeShare(bath: names[0])) { try mean(share) }
    sampled.add(.timeShare(bath: names[1])) { try mean(share.mapped { 1 - $0 }) }
    var answer = try sampled.finished()
    // One particle carries nothing that it does not store.
    Self.addBudgets(
      to: &answer, model, left: ensemble.series(.heatFromLeft), right: ensemble.series(.heatFromRight), nil)
    answer.notes += addSnapshots(to: &answer.entries)
    answer.finish { _ in KineticSolver.claim }
    return answer
  }

  /// Says of every heat what its error is made of. Events have no time step. In the steady state the heats sum to zero, and what is left
  /// is energy that the particles still took up; what a current still carries that stores none is seen by its drift.
  ///
  /// - Parameters:
  ///   - left, right: heats from the walls.
  ///   - run: burn-in and measured time, and the burn-in that would be chosen; nil where a current stores all that it carries.
  static func addBudgets(
    to answer: inout Answer, _ model: BoxModel, left: ReplicaSeries, right: ReplicaSeries,
    _ run: (burnIn: Double, duration: Double, chosen: Double)?
  ) {
    let names = model.attachments.map(\.name)
    func value(_ quantity: Quantity) -> Double { answer.estimate(quantity, by: .simulation)?.value ?? 0 }
    let uptake = abs(names.reduce(0) { $0 + value(.heat(from: $1)) })
    let hottest = model.attachments.map(\.bath.temperature).max() ?? 0
    let rate = names.reduce(0) { $0 + value(.collisionRate(bath: $1)) }
    let series: [(Quantity, ReplicaSeries)] = [
      (.heatCurrent, left.combined(with: right) { 0.5 * ($0 - $1) }), (.heat(from: names[0]), left),
      (.heat(from: names[1]), right),
    ]
    for (quantity, series) in series {
      guard let index = answer.entries.firstIndex(where: { $0.quantity == quantity && $0.method == .simulation }) else {
        continue
      }
      let remaining = run.map { Self.remaining(of: series, $0, flow: 2 * hottest * rate) } ?? 0
      let error = answer.entries[index].estimate.error
      answer.entries[index].budget = ErrorBudget(
        statistical: error, timeStep: .none, burnIn: .init(max(uptake, remaining), .measured))
      if let run, quantity == .heatCurrent, remaining > max(error, uptake) {
        answer.notes.append(
          Note.warning(
            "the start may be in heatCurrent by up to \(remaining.text(digits: 2)), more than the statistical error \(error.text(digits: 2)): "
              + "\(run.chosen.short) would be chosen for run.burnIn, which is \(run.burnIn.short)"))
      }
    }
  }

  /// What is left of the start in the mean of a heat, at most: it fades at least as exp(-t/tau), tau being a tenth of the burn-in that
  /// would be chosen, from no more than all that flows to and fro; and what fades so shows in the halves of the measurement, whose
  /// difference is tanh(T/4 tau) times twice the mean that is left, T being its length.
  private static func remaining(
    of series: ReplicaSeries, _ run: (burnIn: Double, duration: Double, chosen: Double), flow: Double
  ) -> Double {
    let time = 0.1 * run.chosen
    guard time > 0, run.duration > 0 else { return 0 }
    let most = flow * exp(-run.burnIn / time) * min(1, time / run.duration)
    guard let drift = series.halvesDifference else { return most }
    return min(most, (abs(drift.value) + 2 * drift.error) / (2 * tanh(run.duration / (4 * time))))
  }

  private func mean(_ series: ReplicaSeries, controls: [ReplicaSeries] = []) throws -> Estimate {
    try Self.mean(series, controls: controls)
  }

  /// A mean with its error bar; of what did not fluctuate none is given.
  static func mean(_ series: ReplicaSeries, controls: [ReplicaSeries] = []) throws -> Estimate {
    let estimate = try BlockedMean(of: series, controls: controls).estimate
    if estimate.error == 0 { throw Unmoved(value: estimate.value) }
    return estimate
  }

  /// The heat from the left and the heat into the right wall have the same mean, because they differ by the change of the
  /// energy. Their mean is corrected by that difference as a control.
  func heatCurrent() throws -> Estimate {
    let left = ensemble.series(.heatFromLeft)
    let right = ensemble.series(.heatFromRight)
    let combined = left.combined(with: right) { 0.5 * ($0 - $1) }
    return try mean(combined, controls: [left.combined(with: right) { 0.5 * ($0 + $1) }])
  }

  private func entropyProduction() throws -> Estimate { try Self.entropyProduction(of: heatCurrent(), model) }

  /// The current times the difference of the inverse temperatures.
  static func entropyProduction(of current: Estimate, _ model: BoxModel) -> Estimate {
    let factor = 1 / model.attachments[1].bath.temperature - 1 / model.attachments[0].bath.temperature
    guard factor != 0 else { return .numerical(0, bound: 0) }
    guard case .statistical(let error, let samples) = current.uncertainty else { return current }
    return .statistical(factor * current.value, standardError: abs(factor) * error, effectiveSamples: samples)
  }

  /// Adds what the snapshots tell.
  ///
  /// - Returns: notes on what was left out.
  private func addSnapshots(to entries: inout [Answer.Entry]) -> [String] {
    let total = ensemble.snapshots(column: SnapshotRecord.total)
    var rare: [String] = []
    func add(
      _ quantity: Quantity, column: Int, over denominator: ReplicaSeries, hits: Double, unit: Double,
      fewest: Double = Self.fewestSnapshots
    ) {
      guard hits >= fewest,
        let estimate = try? mean(ensemble.snapshots(column: column).ratio(to: denominator, unit: unit)),
        estimate.value.isFinite, estimate.error.isFinite
      else {
        rare.append("\(quantity)")
        return
      }
      entries.append(.init(quantity, .simulation, estimate))
    }
    let partLength = model.medium.length / Double(Box.parts)
    let counts = (0..<Box.parts).map { ensemble.snapshots(column: SnapshotRecord.count(part: $0)) }
    // Whether a count is shown must not depend on that count, or what is shown would be too high: parts are judged by
    // their average, a class of energy by its neighbours.
    let average = total.sum / Double(Box.parts)
    for part in 0..<Box.parts {
      add(
        .density(part: part + 1), column: SnapshotRecord.count(part: part), over: total, hits: average,
        unit: 1 / partLength)
    }
    for part in 0..<Box.parts {
      add(
        .kineticTemperature(site: part + 1), column: SnapshotRecord.twiceEnergy(part: part), over: counts[part],
        hits: average, unit: 1, fewest: Self.fewestEnergies)
    }
    let classWidth = Box.energyClassWidth(of: model)
    let energies = (0..<Box.energyClasses).map { ensemble.snapshots(column: SnapshotRecord.count(energyClass: $0)).sum }
    for index in 0..<Box.energyClasses {
      let neighbours = energies[max(0, index - 1)] * energies[min(index + 1, Box.energyClasses - 1)]
      add(
        .energyDensity(index: index + 1), column: SnapshotRecord.count(energyClass: index), over: total,
        hits: neighbours.squareRoot(), unit: 1 / classWidth)
    }
    guard let first = rare.first, let last = rare.last else { return [] }
    return [
      "\(rare.count) quantities of \(Int(total.sum)) snapshots left out (\(first) to \(last)): fewer than "
        + "\(Int(Self.fewestSnapshots)) snapshots there (\(Int(Self.fewestEnergies)) for a temperature)"
    ]
  }
}

/// A mean without any fluctuation, of which no error can be known.
private struct Unmoved: Error, CustomStringConvertible {
  let value: Double

  var description: String {
    "the measured value was \(value) in every block, too few collisions for an error bar: run longer, the cold wall's flights are long"
  }
}

extension ReplicaSeries {
  var sum: Double { values.reduce(0, +) }

  func mapped(_ transform: (Double) -> Double) -> ReplicaSeries {
    ReplicaSeries(replicas: replicas, batches: batches, values: values.map(transform))
  }

  func combined(with other: ReplicaSeries, _ operation: (Double, Double) -> Double) -> ReplicaSeries {
    ReplicaSeries(replicas: replicas, batches: batches, values: zip(values, other.values).map(operation))
  }

  /// A series whose mean is the ratio of the sums, times `unit`, and whose scatter is that of the ratio to first order.
  func ratio(to denominator: ReplicaSeries, unit: Double) -> ReplicaSeries {
    let ratio = sum / denominator.sum
    let perBlock = denominator.sum / Double(denominator.values.count)
    return combined(with: denominator) { unit * (ratio + ($0 - ratio * $1) / perBlock) }
  }
}
