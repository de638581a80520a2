import Foundation
import NessFiles
import NessModel
import NessSampling
import NessStore

/// What is measured by runs beside that of the point: the response of the heats to parameters, the correlation of the flow, the tails
/// of the heat. Their results are kept beside that of the point, so that its key does not depend on what is asked.
extension Study {
  /// Families that are measured by runs of their own.
  package static let besides: Set<Quantity.Family> = responses.union(correlations).union(tails)
  private static let responses: Set<Quantity.Family> = [.conductance, .response, .heatResponse]
  private static let correlations: Set<Quantity.Family> = [.currentCorrelation, .greenKuboConductivity]
  private static let tails: Set<Quantity.Family> = [.generatingFunction, .rateFunction]
  /// Version of what such runs give; raise it with every change of a number.
  private static let version = 1
  private static let correlationVersion = 1
  private static let tailsVersion = 2

  /// What is asked for by name: responses to all temperatures, or to single numbers; the correlation.
  private func runsBeside(at point: ExperimentPoint, _ items: [Questions.Item]? = nil) -> [RunBeside] {
    guard let simulator = SolverCatalogue.simulator(of: type(of: point.model.medium.base)) else { return [] }
    let offers = simulator.offers(of: .simulation, for: point.model)
    var runs: [RunBeside] = []
    for item in items ?? (questions ?? .usual).items where Self.besides.contains(item.family) {
      guard let offer = offers.first(where: { $0.family == item.family }), offer.reason(against: item) == nil else {
        continue
      }
      let whole: RunBeside? =
        Self.correlations.contains(item.family) ? .correlation : Self.tails.contains(item.family) ? .tails : nil
      if let whole {
        if !runs.contains(whole) { runs.append(whole) }
        continue
      }
      let found =
        switch item {
        case .member(let quantity):
          item.family == .conductance
            ? ["baths.\(quantity.places[1]).temperature"] : [quantity.places[quantity.places.count - 1]]
        case .family(.conductance): temperaturePaths(offer)
        case .family: [String]()
        }
      runs += found.map(RunBeside.response).filter { !runs.contains($0) }
    }
    return runs
  }

  private func temperaturePaths(_ offer: Offer) -> [String] {
    guard case .places(let places) = offer.members else { return [] }
    var paths: [String] = []
    for place in places {
      let path = "baths.\(place.split(separator: ",").last ?? "").temperature"
      if !paths.contains(path) { paths.append(path) }
    }
    return paths
  }

  /// The key of what such a run gives, or of its states.
  private func key(_ run: RunBeside, _ point: ExperimentPoint, ofStates: Bool = false) -> CacheKey {
    let prefix = ofStates ? "state of " : ""
    let (head, own): (String, [CacheKey.Line]) =
      switch run {
      case .response(let path):
        ("response", [.text("response.parameter", path), .whole("response.version", Self.version)])
      case .correlation: ("correlation", [.whole("correlation.version", Self.correlationVersion)])
      case .tails: ("tails", [.whole("tails.version", Self.tailsVersion)])
      }
    return CacheKey(
      Job.head(prefix + head, by: engines(of: point)) + CacheKey.lines(for: point.model)
        + CacheKey.lines(for: experiment.run) + own)
  }

  /// What a store has of such a run.
  private func kept(_ run: RunBeside, of point: ExperimentPoint, in store: ResultStore?) throws -> PointResult? {
    try store?.load(PointResult.self, for: key(run, point))?.claimed(for: point.model)
  }

  /// A kept result with what is kept of all such runs that are asked; nil if one is missing.
  func withKeptBesides(
    _ result: PointResult, of point: ExperimentPoint, in store: ResultStore?
  ) throws -> PointResult? {
    var whole = result
    if let note = familyNote(at: point) { whole.notes.append(note) }
    for run in runsBeside(at: point) {
      guard let kept = try kept(run, of: point, in: store) else { return nil }
      whole.add(kept)
    }
    return whole
  }

  /// A kept result with as much as is kept of such runs that are asked, or that the file asks for.
  func addingKeptBesides(
    to result: PointResult, of point: ExperimentPoint, in store: ResultStore
  ) throws -> PointResult {
    var whole = result
    for run in runsBeside(at: point, (questions?.items ?? []) + (experiment.quantities?.items ?? [])) {
      if let kept = try kept(run, of: point, in: store) { whole.add(kept) }
    }
    return whole
  }

  /// A result with what such runs give: kept ones, and others by simulation.
  func addBesides(
    to result: PointResult, of point: ExperimentPoint, _ plan: SimulationPlan, _ queue: PointQueue, _ worker: Int
  ) throws -> PointResult {
    let runs = runsBeside(at: point)
    var whole = result
    if let note = familyNote(at: point) { whole.notes.append(note) }
    guard !runs.isEmpty, let measure = plan.measureBeside, let run = result.run,
      run.stopReason != StopReason.interrupted.rawValue, run.stopReason != StopReason.budget.rawValue
    else { return whole }
    let (runContext, end) = (queue.runContext, queue.endOfNext())
    let isOver: @Sendable (Double) -> Bool = { seconds in
      runContext.isOver(seconds) || end.map { $0.secondsAgo > -seconds } == true
    }
    for beside in runs {
      if let kept = queue.readable(at: point, { try kept(beside, of: point, in: runContext.store) }) {
        whole.add(kept)
        continue
      }
      let key = key(beside, point)
      let (start, date) = (ContinuousClock.now, Date())
      let work = (key: key, family: self.key(beside, point, ofStates: true))
      let watch = SamplingWatch<Answer>(
        threadsNow: { queue.threads(of: worker) },
        onProgress: queue.progress(of: point.label),
        shouldStop: { runContext.shouldStop() || isOver(0) },
        stateKeeper: keeper(of: point, as: work, on: queue, started: date, isOver: isOver))
      do {
        let (answer, stopReason) = try measure(
          beside, run.duration, JobContext(threads: queue.threads(of: worker), watch: watch))
        if stopReason == .interrupted { throw Interrupted() }
        let found = PointResult(parameters: [], answers: [answer])
        let seconds = start.secondsAgo
        do {
          try runContext.store?.save(
            found, for: key, summary: summary(of: point, answer, stopReason, started: date, seconds: seconds),
            family: work.family)
        } catch {
          queue.warnOnce(point.label, "could not be kept for reuse: \(error)")
        }
        whole.add(found)
        runContext.onNote("\(point.label): \(beside.words) after \(seconds.short) s")
      } catch {
        let isEnded = Interrupted.isMeant(by: error) || runContext.isEnded || isOver(0)
        whole.notes.append(
          Note.warning(
            "simulation: \(beside.words) "
              + (isEnded ? "was not finished: the same command goes on" : "is not answered: \(reason(of: error))")))
        if isEnded { break }
      }
    }
    return whole
  }

  private func reason(of error: any Error) -> String { (error as? Refusal)?.reason ?? "\(error)" }

  /// Of all parameters at once nothing is measured, and that is said where no theory answers.
  private func familyNote(at point: ExperimentPoint) -> String? {
    let families = (questions ?? .usual).items.compactMap { item -> String? in
      guard case .family(let family) = item, family == .response || family == .heatResponse else { return nil }
      return family.rawValue
    }
    let first = experiment.numericParameters.first { !$0.description.isWhole }
    guard let family = families.first, let path = first?.path else { return nil }
    return "simulation: the response to a parameter is measured where it is named, for example \(family)["
      + "\(family == Quantity.Family.response.rawValue ? "" : "left,")\(path)]"
  }
}

extension PointResult {
  /// Adds what other runs of the same point gave.
  fileprivate mutating func add(_ other: PointResult) {
    estimates += other.estimates
    notes += other.notes
  }
}
