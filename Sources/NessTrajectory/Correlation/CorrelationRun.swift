import NessModel
import NessSampling
import NessStatistics

/// The correlation in time of the total flow through a chain, by a run of its own.
///
/// Flows are means over a sixteenth of the time between two lags, and are known at every quarter of it. The mean flow is that of
/// all replicas, and the variance of this mean is added back.
///
/// - Source: `Documentation/Theory/time.md`.
/// - Checked by: exact theory of harmonic chains, coverage of the error bars, the conductance (FlowCorrelationTests).
package struct CorrelationRun: Sendable {
  /// Lags that are measured, with that of no time; as in exact theory.
  package static let lags = 400
  /// Fewest replicas: error bars are their spread.
  package static let fewestReplicas = 8

  private let settings: TrajectorySettings
  private let watch: SamplingWatch<Answer>
  /// Time between two lags [time].
  private let interval: Double
  /// The highest angular frequency of the medium [1/time].
  private let frequency: Double

  /// - Parameters:
  ///   - settings: of the run to which it belongs; the step is made shorter so that it goes into the interval.
  ///   - interval: time between two lags [time].
  ///   - frequency: the highest angular frequency of the medium [1/time].
  package init(
    _ settings: TrajectorySettings, interval: Double, frequency: Double, watch: SamplingWatch<Answer>
  ) {
    (self.settings, self.interval, self.frequency, self.watch) = (settings, interval, frequency, watch)
  }

  /// The settings with a step that goes into the time between two samples.
  private var fitting: TrajectorySettings {
    var settings = settings
    let part = interval / Double(FlowCorrelator.spacing)
    settings.timeStep = part / max(1, (part / settings.timeStep * (1 - 1e-9)).rounded(.up))
    settings.target = nil
    settings.innovations = false
    return settings
  }

  private var request: RecordRequest {
    RecordRequest(
      [.bondHeatCurrent], every: interval / Double(FlowCorrelator.spacing), replicas: settings.replicas)
  }

  /// The correlation of the flow through a chain.
  ///
  /// - Throws: `Refusal` if the run is too short or has too few replicas; as a run does.
  package func simulate(_ model: ChainModel) throws -> (answer: Answer, stopReason: StopReason) {
    let settings = fitting
    if let refusal = TrajectorySolver(settings).refusals(of: model).first { throw refusal }
    let recorded = try RecordedSystem(request, of: model, settings, isOpen: false)
    return try run(recorded.plan, settings, temperatures: model.attachments.map(\.bath.temperature)) { recording in
      Ensemble(
        model, settings, innovations: false,
        start: settings.startsAtRest ? nil : StartLaw(model, timeStep: settings.timeStep, noise: settings.noise),
        recorded: recorded, in: recording)
    }
  }

  /// The correlation of the flow through a network that is a chain.
  ///
  /// - Throws: as for a chain.
  package func simulate(_ bathed: BathedNetwork) throws -> (answer: Answer, stopReason: StopReason) {
    let scales = NetworkScales(bathed)
    let settings = fitting
    let solver = NetworkTrajectorySolver(settings)
    if let refusal = solver.refusals(of: bathed, scales).first { throw refusal }
    let recorded = try RecordedSystem(request, of: bathed, scales, settings, stepsPerReading: 1, isOpen: false)
    do {
      return try run(recorded.plan, settings, temperatures: bathed.baths.map(\.law.temperature)) { recording in
        NetworkEnsemble(bathed, settings, scales, stepsPerReading: 1, recorded: recorded, in: recording)
      }
    } catch let error as TrajectoryError {
      throw solver.told(error, bathed, scales)
    }
  }

  private func run<Motion: RecordedReplicas>(
    _ plan: SeriesPlan, _ settings: TrajectorySettings, temperatures: [Double],
    _ ensemble: (SeriesRecording) -> ReplicaEnsemble<Motion>
  ) throws -> (answer: Answer, stopReason: StopReason) {
    func refusal(_ reason: String) -> Refusal { Refusal(.simulation, "currentCorrelation: \(reason)") }
    guard settings.replicas >= Self.fewestReplicas else {
      throw refusal("its error bar is the spread of replicas: give run.replicas \(Self.fewestReplicas) or more")
    }
    let correlator = FlowCorrelator(plan, lags: Self.lags)
    let needed = 2 * interval * Double(Self.lags)
    guard plan.samples >= 2 * FlowCorrelator.spacing * Self.lags else {
      throw refusal("the run is too short: give run.duration \(needed.short) or more, twice the longest time")
    }
    let ensemble = ensemble(SeriesRecording(plan, in: correlator))
    let stop = try ensemble.runWithoutLooks(threads: settings.threads, watch)
    // What was ended goes on, so half a run is no answer.
    if stop != .durationReached { throw TrajectoryError.interrupted }
    ensemble.endRecording()
    precondition(correlator.isLongEnough, "a run has as many samples as it is long")
    let analysis = CorrelationAnalysis(
      correlator, interval: interval, timeStep: settings.timeStep, frequency: frequency)
    return (analysis.answer(temperatures: temperatures).finished(TrajectorySolver.claim), stop)
  }
}
