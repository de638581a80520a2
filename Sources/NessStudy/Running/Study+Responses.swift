import Foundation
import NessFiles
import NessModel
import NessSampling
import NessStore

/// What is measured of the response of the heats to parameters: runs of their own, whose results are kept beside that of the
/// point, so that its key does not depend on what is asked.
extension Study {
  /// Families that are measured by runs of their own.
  static let responses: Set<Quantity.Family> = [.conductance, .response, .heatResponse]
  /// Version of what such runs give; raise it with every change of a number.
  private static let version = 1

  /// Paths of the parameters to which the response is asked for by name: to all temperatures, or to single numbers.
  private func responsePaths(at point: ExperimentPoint) -> [String] {
    guard let simulator = SolverCatalogue.simulator(of: type(of: point.model.medium.base)) else { return [] }
    let offers = simulator.offers(of: .simulation, for: point.model)
    var paths: [String] = []
    for item in (questions ?? .usual).items where Self.responses.contains(item.family) {
      guard let offer = offers.first(where: { $0.family == item.family }), offer.reason(against: item) == nil else {
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
      paths += found.filter { !paths.contains($0) }
    }
    return paths
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

  private func responseKey(_ path: String, _ point: ExperimentPoint, _ head: String = "response") -> CacheKey {
    CacheKey(
      Job.head(head, by: engines(of: point)) + CacheKey.lines(for: point.model) + CacheKey.lines(for: experiment.run)
        + [.text("response.parameter", path), .whole("response.version", Self.version)])
  }

  /// A kept result with what is kept of all responses that are asked; nil if one is missing.
  func withKeptResponses(
    _ result: PointResult, of point: ExperimentPoint, in store: ResultStore?
  ) throws -> PointResult? {
    var whole = result
    if let note = familyNote(at: point) { whole.notes.append(note) }
    for path in responsePaths(at: point) {
      guard let kept = try store?.load(PointResult.self, for: responseKey(path, point)) else { return nil }
      whole.add(kept)
    }
    return whole
  }

  /// A result with the responses that are asked: kept ones, and others by simulation.
  func addResponses(
    to result: PointResult, of point: ExperimentPoint, _ plan: SimulationPlan, _ queue: PointQueue, _ worker: Int
  ) throws -> PointResult {
    let paths = responsePaths(at: point)
    var whole = result
    if let note = familyNote(at: point) { whole.notes.append(note) }
    guard !paths.isEmpty, let respond = plan.respond, let run = result.run,
      run.stopReason != StopReason.interrupted.rawValue, run.stopReason != StopReason.budget.rawValue
    else { return whole }
    let (runContext, end) = (queue.runContext, queue.endOfNext())
    let isOver: @Sendable (Double) -> Bool = { seconds in
      runContext.isOver(seconds) || end.map { $0.secondsAgo > -seconds } == true
    }
    for path in paths {
      let key = responseKey(path, point)
      if let kept = try runContext.store?.load(PointResult.self, for: key) {
        whole.add(kept)
        continue
      }
      let (start, date) = (ContinuousClock.now, Date())
      let work = (key: key, family: responseKey(path, point, "state of response"))
      let watch = SamplingWatch<Answer>(
        threadsNow: { queue.threads(of: worker) },
        onProgress: queue.progress(of: point.label),
        shouldStop: { runContext.shouldStop() || isOver(0) },
        stateKeeper: keeper(of: point, as: work, on: queue, started: date, isOver: isOver))
      do {
        let (answer, stopReason) = try respond(
          path, run.duration, JobContext(threads: queue.threads(of: worker), watch: watch))
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
        runContext.onNote("\(point.label): response to \(path) after \(seconds.short) s")
      } catch {
        let isEnded = Interrupted.isMeant(by: error) || runContext.isEnded || isOver(0)
        whole.notes.append(
          Note.warning(
            "simulation: response to \(path) "
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
