import NessFiles
import NessModel
import NessStore

extension StoredStudy {
  /// Theory at every point and beside it what the store holds, simulated or not, with the verdicts. Nothing is simulated:
  /// a point of which no simulation is kept has theory alone. Of a study whose file cannot be read any more, what the
  /// store holds without theory.
  ///
  /// - Parameters:
  ///   - questions: what is asked; what the study asks unless given.
  ///   - more: methods of theory that are to answer beside the usual ones.
  ///   - onProgress: told the part of the theory that is done.
  /// - Throws: `StoredStudyError` if there is neither a file nor a point in the store; `StoreError`; errors of theory.
  package func document(
    threads: Int, questions: Questions? = nil, also more: Set<NessModel.Method> = [],
    onProgress: @escaping @Sendable (Double) -> Void = { _ in }
  ) throws -> ResultDocument {
    let experiment: Experiment
    do {
      experiment = try self.experiment()
    } catch {
      guard let document = try storedAlone(because: error) else { throw error }
      return document
    }
    var study = Study(experiment, threads: threads)
    if let questions { study.questions = questions }
    study.moreMethods = more
    let kept = KeptPoints(self)
    let first = try kept.document(of: study, onProgress: onProgress)
    let isSimulated = first.points.contains { $0.run != nil }
    let document = try RefinedStudy(study).growing(first) { round in
      let document = try kept.document(of: round)
      // Where the search went on by simulation, points that were never simulated are not part of it.
      return isSimulated && document.points.allSatisfy { $0.run == nil } ? nil : document
    }
    return try kept.addingOthers(to: document, of: study)
  }

  /// The finished points without theory, in the order of their parameters; nil if there are none.
  private func storedAlone(because error: StoredStudyError) throws -> ResultDocument? {
    var points: [PointResult] = []
    for entry in entries where entry.result.isFinished {
      guard case .point(var point)? = try store?.detail(of: entry.result).content else { continue }
      if entry.result.isOlder { point.markOlder(entry.version) }
      point.parameters = entry.result.summary.parameters.map { ParameterValue(path: $0.path, value: $0.value) }
      points.append(point)
    }
    if points.isEmpty { return nil }
    points.sort { $0.parameters.map(\.value).lexicographicallyPrecedes($1.parameters.map(\.value)) }
    var document = ResultDocument(title: title, points: points)
    document.notes = ["without theory: \(error.reason)"]
    return document
  }
}

/// The simulated parts of points that a store holds.
private struct KeptPoints {
  private let store: ResultStore?
  private let entries: [[ParameterValue]: StoredStudy.Entry]

  init(_ study: StoredStudy) {
    store = study.store
    let finished = study.entries.filter(\.result.isFinished)
    entries = Dictionary(
      finished.map { entry in
        (entry.result.summary.parameters.map { ParameterValue(path: $0.path, value: $0.value) }, entry)
      }
    ) { newest, _ in newest }
  }

  /// Theory of a study, with what is kept beside it.
  func document(
    of study: Study, onProgress: @escaping @Sendable (Double) -> Void = { _ in }
  ) throws -> ResultDocument {
    var document = try study.theoryOfPoints(onProgress: onProgress)
    let points = study.experiment.points()
    for index in points.indices {
      guard let kept = try result(at: points[index], of: study) else { continue }
      document.points[index] = study.shown(document.points[index].joined(with: kept))
    }
    document.conclude(try study.verdicts(on: document.points))
    return document
  }

  /// A document with those points of a refined sweep that are kept and that this version would not ask for: an older one, or a
  /// search that was ended, has left them.
  func addingOthers(to document: ResultDocument, of study: Study) throws -> ResultDocument {
    guard let refined = study.experiment.sweep, refined.refinement != nil else { return document }
    let shown = Set(document.points.map(\.parameters))
    let others = entries.keys.filter { $0.map(\.path) == refined.axes.map(\.parameter) && !shown.contains($0) }
    let values = others.compactMap(\.first?.value).sorted()
    if values.isEmpty { return document }
    var more = study
    more.experiment = try study.experiment.sweeping(values)
    var whole = document
    whole.points += try self.document(of: more).points
    whole.points.sort { ($0.parameters.first?.value ?? 0) < ($1.parameters.first?.value ?? 0) }
    more.experiment = try study.experiment.sweeping(whole.points.compactMap(\.parameters.first?.value))
    whole.verdicts = try more.verdicts(on: whole.points)
    return whole
  }

  /// What is kept of a point: by its physics, whatever file it was computed from, or else by its parameters among the
  /// results of this file, which may be of another version of Ness.
  private func result(at point: ExperimentPoint, of study: Study) throws -> PointResult? {
    guard let store else { return nil }
    var checked = study
    checked.checksStep = true
    for key in [study.key(of: point), checked.key(of: point)] {
      if let result = try store.load(PointResult.self, for: key) {
        return try study.addingKeptBesides(to: result.claimed(for: point.model), of: point, in: store)
      }
    }
    guard let entry = entries[point.parameters],
      case .point(var result)? = try store.detail(of: entry.result).content
    else { return nil }
    result.markOlder(entry.version)
    return result.claimed(for: point.model)
  }
}
