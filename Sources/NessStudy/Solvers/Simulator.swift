import NessFiles
import NessModel
import NessSampling
import NessStatistics

/// A solver that samples: it plans a run before any work, and foresees how long it takes and how sharp it will be.
package protocol Simulator: Solver {
  /// What it measures of a model, all of it at once.
  static func offers(for model: Model<MediumType>) -> [Offer]
  /// All engines that its results may depend on.
  static var engines: [EngineVersion] { get }
  /// Those that the simulation of a model depends on.
  static func engines(for model: Model<MediumType>) -> [EngineVersion]
  /// Completes what an experiment file leaves open.
  ///
  /// - Parameter checksStep: whether the bias of a time step is measured as well, where there is one.
  /// - Throws: `Refusal` if the request can never end or cannot be simulated.
  func plan(
    _ request: RunSettings, for model: Model<MediumType>, threads: Int, checksStep: Bool
  ) throws(Refusal) -> SimulationPlan
}

extension Simulator {
  /// `simulation`
  package static var methods: [NessModel.Method] { [.simulation] }

  /// One engine.
  package static var engines: [EngineVersion] { [engine] }
  /// All of them.
  package static func engines(for model: Model<MediumType>) -> [EngineVersion] { engines }

  /// Those that the simulation of a model depends on; none for one of another medium.
  func engines(for model: AnyModel) -> [EngineVersion] {
    model.of(MediumType.self).map { Self.engines(for: $0) } ?? []
  }

  /// What it measures.
  package static func offers(of method: NessModel.Method, for model: Model<MediumType>) -> [Offer] {
    offers(for: model)
  }

  /// Why a run as a file without `run` asks for is impossible.
  package func refusals(of model: Model<MediumType>, by method: NessModel.Method) -> [Refusal] {
    do throws(Refusal) {
      _ = try plan(RunSettings(), for: model, threads: 1, checksStep: false)
      return []
    } catch {
      return [error]
    }
  }

  /// A run as a file without `run` asks for, on one thread.
  package func solve(
    for wanted: Set<Quantity.Family>, of model: Model<MediumType>, by method: NessModel.Method, _ watch: WorkWatch
  ) throws -> Answer {
    try plan(RunSettings(), for: model, threads: 1, checksStep: false).simulate(
      JobContext(threads: 1, watch: SamplingWatch(onProgress: watch.onProgress, shouldStop: watch.shouldStop))
    ).answer
  }

  /// The plan for a model of any medium; nil for one of another.
  func plan(
    _ request: RunSettings, for model: AnyModel, threads: Int, checksStep: Bool
  ) throws(Refusal) -> SimulationPlan? {
    guard let model = model.of(MediumType.self) else { return nil }
    return try plan(request, for: model, threads: threads, checksStep: checksStep)
  }
}

/// What came out of a simulation, whatever the medium.
package struct SimulationOutcome: Sendable {
  package let answer: Answer
  package let stopReason: StopReason
  /// Step of the integrator [time]; nil for event-driven dynamics.
  package let timeStep: Double?
  /// Time discarded per replica [time].
  package let burnIn: Double
  /// Time measured per replica [time].
  package let duration: Double
}

/// What is measured by runs beside that of the point, where it is asked for by name.
package enum RunBeside: Hashable, Sendable {
  /// The response of the heats to the parameter of a path.
  case response(String)
  /// The correlation in time of the total flow.
  case correlation
  /// The tails of the heat between two baths.
  case tails

  /// As a part of a sentence.
  var words: String {
    switch self {
    case .response(let path): "response to \(path)"
    case .correlation: "correlation of the flow"
    case .tails: "tails of the heat"
    }
  }
}

/// How the model of one point is to be simulated: the choices made, and the work itself.
package struct SimulationPlan: Sendable {
  /// Choices and their expected bias, in sentences.
  package let notes: [String]
  /// Expected work, for the order in which points are begun.
  package let cost: Double
  /// Simulates.
  package let simulate: @Sendable (JobContext) throws -> SimulationOutcome
  /// Measures what takes runs of its own, of a duration; nil for a medium without it.
  package let measureBeside: MeasureBeside?
  /// See `measureBeside`.
  package typealias MeasureBeside =
    @Sendable (_ what: RunBeside, _ duration: Double, JobContext) throws -> (answer: Answer, stopReason: StopReason)
  /// Forecasts time and error from a short simulation; nil if it was too short to tell. Throws why it could not be made.
  package let forecast: @Sendable (RunForecast.Pilot) throws -> RunForecast?
  /// What the simulation records along the time, if the watch says where.
  package let recorded: SeriesPlan?
  /// How long it would have to be for any cumulant of a heat, if it is shorter [time].
  package let durationForCumulants: @Sendable () -> Double?

  /// A plan; see the properties.
  package init(
    notes: [String], cost: Double, recorded: SeriesPlan? = nil,
    durationForCumulants: @escaping @Sendable () -> Double? = { nil },
    simulate: @escaping @Sendable (JobContext) throws -> SimulationOutcome, measureBeside: MeasureBeside? = nil,
    forecast: @escaping @Sendable (RunForecast.Pilot) throws -> RunForecast?
  ) {
    (self.notes, self.cost, self.recorded) = (notes, cost, recorded)
    self.durationForCumulants = durationForCumulants
    (self.simulate, self.measureBeside, self.forecast) = (simulate, measureBeside, forecast)
  }
}
