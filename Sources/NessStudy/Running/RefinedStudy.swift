import Foundation
import NessFiles
import NessModel

/// A study that adds points to its sweep where the file asks for it, round after round.
package struct RefinedStudy: Sendable {
  private let study: Study

  /// A study of the points that the file names, and of those that its `refine` asks for.
  package init(_ study: Study) {
    self.study = study
  }

  /// As `Study.theory`, with the points added.
  package func theory(
    methods: Set<NessModel.Method>? = nil,
    onProgress: @escaping @Sendable (Double) -> Void = { _ in },
    shouldStop: @escaping @Sendable () -> Bool = { false }
  ) throws -> ResultDocument {
    let first = try study.theory(methods: methods, onProgress: onProgress, shouldStop: shouldStop)
    return try growing(first) { try $0.theoryOfPoints(methods, shouldStop: shouldStop) }
  }

  /// A document of the file's points, and of those that its `refine` asks for as long as they can be answered.
  ///
  /// - Parameter round: answers a study of further points; nil ends the search.
  func growing(_ first: ResultDocument, _ round: (Study) throws -> ResultDocument?) throws -> ResultDocument {
    guard var sweep = GrowingSweep(study.experiment, first) else { return first }
    while let more = try sweep.next() {
      var further = study
      further.experiment = more
      guard let found = try round(further) else { break }
      sweep.take(found, of: more)
    }
    return try sweep.document()
  }

  /// As `Study.run`, with the points added. What was computed before is taken from the store, so an interrupted search
  /// goes on where it was.
  ///
  /// Points that are added follow those of the file in the indices of `onLook` and `onPoint`: the first of them has as
  /// index the number of points in the file, then they count on round by round, by temperature within a round.
  package func run(in runContext: Study.RunContext) throws -> (document: ResultDocument, failures: [PointFailure]) {
    let clock = StudyClock(limit: runContext.timeLimit) { runContext.isEnded }
    var (first, failures) = try study.run(in: runContext)
    guard failures.isEmpty, !first.interrupted, var sweep = GrowingSweep(study.experiment, first) else {
      return (first, failures)
    }
    while failures.isEmpty, !sweep.isInterrupted {
      let known = sweep
      guard let (searched, more) = try clock.verdicts({ try known.searched() }) else {
        sweep.isGivenUp = true
        break
      }
      sweep = searched
      guard let more else { break }
      var round = study
      round.experiment = more
      var rest = runContext.numbering(from: sweep.count)
      rest.timeLimit = clock.secondsLeft.map { max(0, $0) }
      do {
        let found: ResultDocument
        (found, failures) = try round.run(in: rest)
        sweep.take(found, of: more)
      } catch let failure as PointFailure {
        // What was computed before stands.
        failures.append(failure)
      }
    }
    let whole = sweep
    if !whole.isInterrupted, !whole.isGivenUp, let document = try clock.verdicts({ try whole.document() }) {
      return (document, failures)
    }
    var document = sweep.documentOfPoints()
    if !document.interrupted { document.giveUpVerdicts(isInterrupted: runContext.isEnded) }
    return (document, failures)
  }
}

extension Study.RunContext {
  /// The same, to which the points of a study are told under indices from `first` on.
  fileprivate func numbering(from first: Int) -> Study.RunContext {
    var shifted = self
    shifted.onPoint = { [onPoint] in onPoint(first + $0, $1) }
    guard let onLook else { return shifted }
    shifted.onLook = { onLook(first + $0, $1) }
    return shifted
  }
}

/// A sweep over one temperature with its results, to which points are added.
private struct GrowingSweep: Sendable {
  private let experiment: Experiment
  private let refinement: Refinement
  private var first: ResultDocument
  private var entries: [(point: ExperimentPoint, result: PointResult)] = []
  private var added = 0
  private var notes: [String] = []

  /// Nil if the file asks for no more points.
  init?(_ experiment: Experiment, _ document: ResultDocument) {
    guard let wanted = experiment.sweep?.refinement else { return nil }
    self.experiment = experiment
    refinement = Refinement(relativeError: wanted.relativeError)
    first = document
    entries = zip(experiment.points(), document.points).map { ($0, $1) }
  }

  /// Whether the last round was interrupted.
  var isInterrupted: Bool { first.interrupted }
  /// Whether nobody waited for the places of the next points.
  var isGivenUp = false
  /// Points so far.
  var count: Int { entries.count }

  /// Adds the results of further points.
  mutating func take(_ document: ResultDocument, of more: Experiment) {
    let new = zip(more.points(), document.points).map { ($0, $1) }
    entries += new
    added += new.count
    first.interrupted = document.interrupted
  }

  /// The sweep after a search for the points that are needed next, and the experiment at those; nil if there are none.
  func searched() throws -> (sweep: GrowingSweep, more: Experiment?) {
    var sweep = self
    let more = try sweep.next()
    return (sweep, more)
  }

  /// The experiment at the points that are needed next; nil if there are none.
  mutating func next() throws -> Experiment? {
    var values: Set<Double> = []
    notes = []
    for line in TemperatureLine.lines(entries) {
      guard let method = line.leadingMethod else { continue }
      let curve = line.curve(method)
      switch refinement.next(curve, added: added) {
      case .add(let new):
        values.formUnion(new)
      case .found(let temperature, let error):
        var place = temperature.text(error: error)
        // The same number as in the verdict.
        if case .maximum(let exact, let bound)? = try line.verdict(on: curve, by: method, SolverCatalogue.heatCurrent)?
          .beginning, method != .simulation
        {
          place = exact.text(error: bound)
        }
        notes.append("refinement by \(method.rawValue): T_\(line.varied) = \(place), \(added) points added")
      case .refused(let reason):
        notes.append(
          Note.warning("refinement by \(method.rawValue), \(line.side.rawValue) \(line.varied) bath: \(reason)"))
      }
    }
    let known = Set(entries.map { $0.point.parameters.map(\.value) })
    let new = values.filter { !known.contains([$0]) }.sorted()
    if new.isEmpty {
      if !values.isEmpty { notes.append(Note.warning("refinement ended: a point that is needed gave no current")) }
      if notes.isEmpty {
        notes.append(Note.warning("refinement: no side of equal temperatures has points with a current"))
      }
      return nil
    }
    return try experiment.sweeping(new)
  }

  /// All points in the order of their temperature, with the verdicts on them.
  func document() throws -> ResultDocument {
    var document = documentOfPoints()
    document.verdicts = first.interrupted ? [] : try Verdict.all(of: sorted, theory: SolverCatalogue.heatCurrent)
    return document
  }

  /// All points in the order of their temperature, without verdicts.
  func documentOfPoints() -> ResultDocument {
    var document = first
    document.points = sorted.map(\.result)
    document.verdicts = []
    document.notes += notes
    return document
  }

  private var sorted: [(point: ExperimentPoint, result: PointResult)] {
    entries.sorted { ($0.point.parameters.first?.value ?? 0) < ($1.point.parameters.first?.value ?? 0) }
  }
}

extension TemperatureLine {
  /// The method whose maximum is meant: what is simulated, else the best theory that answers.
  fileprivate var leadingMethod: NessModel.Method? {
    methods.contains(.simulation) ? .simulation : bestTheory
  }
}
