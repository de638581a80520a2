import NessModel
import NessSampling
import NessStatistics

/// The change of the heats with a parameter by simulation: four runs at p - 2h, p - h, p + h and p + 2h that draw the same random
/// numbers, and
///
///     dJ/dp = ( J(p - 2h) - 8 J(p - h) + 8 J(p + h) - J(p + 2h) ) / 12 h
///
/// replica by replica, so that what the four runs have in common drops out: all of the noise where the motion forgets its past,
/// nothing of it where it is chaotic and long. What the noise told about the heats (innovations) is a control of every run, as
/// for the current itself.
///
/// - Source: `Documentation/Theory/fluctuations.md`, section 6.
/// - Checked by: exact responses, coverage of the error bars with a control (SampledResponseTests).
package struct ResponseRun: Sendable {
  /// h over the size of the parameter.
  package static let relativeStep = 0.1
  /// The values of the parameter in units of h from its own, and 12 h times their weights.
  package static let places = [-2.0, -1, 1, 2]
  private static let weights = [1.0, -8, 8, -1]
  /// What the next order of the differences may be of this one, generously: at h/p = 0.1 it is about a twentieth for a power law.
  private static let nextOrder = 0.25

  /// How to run; the target is of no matter.
  package let settings: TrajectorySettings
  /// Whom to tell, when to stop, where to keep the state.
  package var watch: SamplingWatch<Answer>
  /// Whether the runs draw the same numbers; false for a control in tests.
  package var sharesNoise = true

  package init(_ settings: TrajectorySettings, watch: SamplingWatch<Answer> = SamplingWatch()) {
    var settings = settings
    settings.target = nil
    self.settings = settings
    self.watch = watch
  }

  /// What was found of the heats.
  package struct Outcome: Sendable {
    /// dJ/dp between two baths; nil for others.
    package var current: (estimate: Estimate, budget: ErrorBudget)?
    /// Of the heat from every bath, in the order of the model; nil where no honest error bar can be given.
    package var heats: [(estimate: Estimate, budget: ErrorBudget)?] = []
    package let stopReason: StopReason
  }

  private func settings(ofRun run: Int) -> TrajectorySettings {
    var settings = settings
    if !sharesNoise { settings.seed &+= UInt64(run) &* 0x9E37_79B9_7F4A_7C15 }
    return settings
  }

  // MARK: chains

  /// - Parameters:
  ///   - models: at the places of the parameter.
  ///   - value: its value [any].
  ///   - step: h.
  /// - Throws: as a run does.
  package func simulate(_ models: [ChainModel], value: Double, step: Double) throws -> Outcome {
    let innovations = settings.innovations ?? TrajectorySolver.innovationsPay(models[0])
    let ensembles = models.enumerated().map { run, model in
      Ensemble(
        model, settings(ofRun: run), innovations: innovations,
        start: settings.startsAtRest ? nil : StartLaw(model, timeStep: settings.timeStep, noise: settings.noise))
    }
    let shape = StateShape(
      counts: [
        ensembles.count, Ledger.stepsPerTick, ensembles[0].ledger.channels, ensembles[0].dynamics.sites,
        ensembles[0].schedule.burnInTicks, ensembles[0].ledger.followed,
      ], spans: [settings.timeStep, step])
    let stop = try Ensemble.joined(ensembles, shape: shape).runWithoutLooks(
      threads: settings.threads, watch, secondsOfALook: ensembles[0].secondsOfALook)
    let analyses = zip(ensembles, models).map { ChannelAnalysis($0, $1) }
    return try outcome(
      stop, value: value, step: step, names: models[0].attachments.map(\.name),
      forms: { bath in analyses.map { bath.map($0.forms) ?? $0.currentForms } },
      answers: zip(analyses, ensembles).map { analysis, ensemble in
        var answer = try analysis.answer(briefly: true)
        analysis.addBudgets(to: &answer, burnIn: ensemble.burnIn)
        return answer
      })
  }

  // MARK: networks

  /// - Parameter bathed: the networks at the places of the parameter, whose baths have temperatures of their own.
  package func simulate(_ bathed: [BathedNetwork], value: Double, step: Double) throws -> Outcome {
    let scales = bathed.map(NetworkScales.init)
    let ensembles = bathed.indices.map { NetworkEnsemble(bathed[$0], settings(ofRun: $0), scales[$0]) }
    let shape = StateShape(
      counts: [
        ensembles.count, NetworkLedger.stepsPerTick, ensembles[0].ledger.channels, ensembles[0].dynamics.sites,
        ensembles[0].schedule.burnInTicks, ensembles[0].ledger.followed,
      ], spans: [settings.timeStep, step])
    let stop = try NetworkEnsemble.joined(ensembles, shape: shape).runWithoutLooks(
      threads: settings.threads, watch, secondsOfALook: ensembles[0].secondsOfALook)
    let analyses = bathed.indices.map {
      NetworkAnalysis(ensemble: ensembles[$0], scales: scales[$0], names: NetworkNames(bathed[$0].network))
    }
    return try outcome(
      stop, value: value, step: step, names: bathed[0].written.map(\.name),
      forms: { bath in
        analyses.map { analysis in bath.map { analysis.forms(of: bathed[0].written[$0]) } ?? analysis.currentForms }
      },
      answers: analyses.map { analysis in
        var answer = try analysis.answer(briefly: true)
        NetworkBudget(analysis, burnIn: analysis.ensemble.burnIn, duration: analysis.ensemble.recordedTime)
          .add(to: &answer)
        return answer
      })
  }

  // MARK: analysis

  /// - Parameters:
  ///   - forms: for every run the ways to estimate the heat from a bath, or the current for nil.
  ///   - answers: of every run, with budgets.
  private func outcome(
    _ stop: StopReason, value: Double, step: Double, names: [String],
    forms: (_ bath: Int?) -> [[HeatForm]], answers: [Answer]
  ) throws -> Outcome {
    var outcome = Outcome(stopReason: stop)
    func response(_ bath: Int?) throws -> (estimate: Estimate, budget: ErrorBudget) {
      let quantity = bath.map { Quantity.heat(from: names[$0]) } ?? .heatCurrent
      let entries = answers.map { answer in answer.entries.first { $0.quantity == quantity } }
      return try derivative(forms(bath), value: value, step: step, entries)
    }
    if names.count == 2 { outcome.current = try response(nil) }
    outcome.heats = names.indices.map { try? response($0) }
    return outcome
  }

  private func derivative(
    _ forms: [[HeatForm]], value: Double, step: Double, _ entries: [Answer.Entry?]
  ) throws -> (estimate: Estimate, budget: ErrorBudget) {
    let weights = Self.weights.map { $0 / (12 * step) }
    func combined(_ form: Int, _ weights: [Double]) throws -> Estimate {
      let sum = HeatForm(sum: zip(forms.map { $0[form] }, weights).map { ($0, $1) })
      return try BlockedMean(of: sum.series, controls: sum.controls).estimate
    }
    var best: (form: Int, estimate: Estimate)?
    var failure: (any Error)?
    for form in 0..<(forms.map(\.count).min() ?? 0) {
      do {
        let estimate = try combined(form, weights)
        if best.map({ estimate.error < $0.estimate.error }) ?? true { best = (form, estimate) }
      } catch { failure = error }
    }
    guard let best else { throw failure ?? TrajectoryError.unusable("no heat was measured") }
    // What the difference of the inner runs alone lacks: h²/6 of the third derivative.
    let inner = try combined(best.form, [0, -1 / (2 * step), 1 / (2 * step), 0])
    let truncation = Self.nextOrder * abs(best.estimate.value - inner.value)
    let budgets = entries.map { $0?.budget }
    func part(_ part: (ErrorBudget) -> ErrorBudget.Part) -> ErrorBudget.Part {
      let parts = budgets.compactMap { $0.map(part) }
      guard parts.count == budgets.count else { return .none }
      if parts.allSatisfy({ $0.basis == .none }) { return .none }
      if parts.allSatisfy({ $0.basis == .linear || $0.basis == .none }) {
        return .init(zip(parts, weights).reduce(0) { $0 + $1.0.value * $1.1 }, .linear)
      }
      // A bias that is a share of the heat changes with the parameter as the heat does, or as much as a power of it.
      let share = zip(parts, entries).map { abs($0.value) / max(abs($1?.estimate.value ?? 0), .leastNormalMagnitude) }
      let heat = entries.compactMap { $0.map { abs($0.estimate.value) } }.max() ?? 0
      return .init((share.max() ?? 0) * max(abs(best.estimate.value), heat / abs(value)), .estimate)
    }
    return (
      best.estimate,
      ErrorBudget(
        statistical: best.estimate.error, timeStep: part(\.timeStep), burnIn: part(\.burnIn),
        truncation: .init(truncation, .measured))
    )
  }
}

/// A series whose mean is a heat, with controls of mean zero.
struct HeatForm {
  var series: ReplicaSeries
  var controls: [ReplicaSeries]

  init(_ series: ReplicaSeries, controls: [ReplicaSeries] = []) { (self.series, self.controls) = (series, controls) }

  /// The weighted sum of forms of one kind.
  init(sum terms: [(form: HeatForm, weight: Double)]) {
    self = terms[0].form
    series.scale(by: terms[0].weight)
    for index in controls.indices { controls[index].scale(by: terms[0].weight) }
    for (form, weight) in terms.dropFirst() where weight != 0 {
      series.add(form.series, times: weight)
      for index in controls.indices { controls[index].add(form.controls[index], times: weight) }
    }
  }
}
