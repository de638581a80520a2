import NessModel
import NessStatistics

extension ChannelAnalysis {
  /// What a reader must know about the burn-in and about the agreement of the currents.
  func notes(burnIn: Double, transient: Double) -> [String] {
    var notes = [model.terminals == nil ? heatsNote : gainNote].compactMap { $0 }
    let current = model.terminals == nil ? nil : (try? heatCurrent())?.estimate
    notes += StartTransient(ensemble, model, burnIn: burnIn).notes(
      transient: transient, relativeError: current.flatMap { $0.value == 0 ? nil : abs($0.error / $0.value) })
    if let drift = driftZScore(), abs(drift) > 4 {
      notes.append(
        Note.warning(
          "the energy still drifts: first and second half of the measurement differ by \(drift.short) standard errors; "
            + "use a longer burn-in"))
    }
    return notes
  }

  /// How much the innovations helped.
  private var gainNote: String? {
    guard ledger.followed > 0, let plain = try? plainHeatCurrent(), let sharp = try? heatCurrent().estimate,
      sharp.error > 0
    else { return nil }
    return InnovationGain.ofCurrent(InnovationGain.factor(plain: plain, best: sharp))
  }

  /// How much the innovations helped the heats of more than two baths.
  private var heatsNote: String? {
    guard ledger.followed > 0 else { return nil }
    let gains = model.attachments.enumerated().compactMap { index, attachment -> (name: String, factor: Double)? in
      guard let heat = try? heat(from: index), heat.isSharp, let plain = try? estimate(channel: ledger.heat(index)),
        let factor = InnovationGain.factor(plain: plain, best: heat.estimate)
      else { return nil }
      return (attachment.name, factor)
    }
    return InnovationGain.ofHeats(gains)
  }

  /// Difference between the halves of the measurement, in standard errors, of the mean kinetic temperature.
  private func driftZScore() -> Double? {
    guard let drift = ensemble.meanTemperature.halvesDifference, drift.error > 0 else { return nil }
    return drift.value / drift.error
  }
}
