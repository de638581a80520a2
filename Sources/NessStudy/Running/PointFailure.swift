import NessFiles
import NessModel

/// A point of a study that could not be computed.
package struct PointFailure: Error, CustomStringConvertible, Sendable {
  /// Which point, for example `baths.left.temperature = 20`; empty for an experiment without a sweep.
  package let point: String
  /// Why.
  package let reason: String
  /// True if the input cannot be used at all, false if the computation failed.
  package let isUnusable: Bool
  /// True if the time limit ended before an error bar was known.
  package let isOutOfTime: Bool

  init(point: ExperimentPoint, reason: String, isUnusable: Bool, isOutOfTime: Bool = false) {
    self.point = point.parameters.isEmpty ? "" : point.label
    self.reason = reason
    self.isUnusable = isUnusable
    self.isOutOfTime = isOutOfTime
  }

  /// What cannot be used at any point.
  init(ofAll reason: String) { (point, self.reason, isUnusable, isOutOfTime) = ("", reason, true, false) }

  init(outOfTime point: ExperimentPoint, before: String = "an error bar was known") {
    self.init(point: point, reason: "the time limit ended before \(before)", isUnusable: false, isOutOfTime: true)
  }

  /// The reason in words, for the user.
  package var description: String { point.isEmpty ? reason : "\(point): \(reason)" }
}

extension PointResult {
  /// The heat current by the best theory; nil if there is none.
  var theoreticalCurrent: Double? {
    estimates.filter { $0.quantity == .heatCurrent }.bestTheory()?.estimate.value
  }

  /// The same, with what its simulated numbers claim to be: those kept by version 0.1 do not say it.
  func claimed(for model: AnyModel) -> PointResult {
    let simulator = SolverCatalogue.simulator(for: model)
    guard let claim = simulator?.claim(of: .simulation, for: model) else { return self }
    var claimed = self
    for index in estimates.indices where estimates[index].method == .simulation {
      claimed.estimates[index].claim = claim
    }
    return claimed
  }

  /// Theory with what a simulation found.
  func joined(with simulated: PointResult) -> PointResult {
    var joined = self
    joined.estimates += simulated.estimates
    joined.notes += simulated.notes
    joined.run = simulated.run
    return joined
  }

  /// Theory with what came of a simulation; nil if that was not begun, or interrupted before an error bar was known.
  ///
  /// - Throws: what ends a study.
  func joined(with outcome: Result<PointResult?, any Error>?) throws -> PointResult? {
    switch outcome {
    case .success(let simulated?): return joined(with: simulated)
    case .success(nil), nil: return nil
    case .failure(let failure as PointFailure)?:
      var failed = self
      failed.notes.append(Note.warning("simulation failed: \(failure.reason)"))
      return failed
    case .failure(let error)?: throw error
    }
  }
}

extension ExperimentPoint {
  /// Whether its model is simulated, and not computed exactly.
  package var isSimulated: Bool { SolverCatalogue.simulator(for: model) != nil }

  /// The swept parameters with their values, or `simulation` without a sweep.
  package var label: String {
    parameters.isEmpty ? "simulation" : parameters.map { "\($0.path) = \($0.value.short)" }.joined(separator: ", ")
  }
}
