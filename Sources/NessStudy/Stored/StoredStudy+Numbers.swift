import NessFiles
import NessModel
import NessSampling

extension StoredStudy {
  /// Everything that figures of the study are drawn from: the document, theory between its points, and spectra.
  ///
  /// - Parameters:
  ///   - questions: what is asked of the points; what the study asks unless given.
  ///   - more: methods of theory that are to answer beside the usual ones.
  ///   - parts: what is needed beside that.
  ///   - onProgress: told the part of the work that is done.
  /// - Throws: as `document`.
  package func numbers(
    threads: Int, questions: Questions? = nil, also more: Set<NessModel.Method> = [],
    parts: StudyNumbers.Parts = .all, onProgress: @escaping @Sendable (Double) -> Void = { _ in }
  ) throws -> StudyNumbers {
    let document = try document(threads: threads, questions: questions, also: more) { onProgress(0.4 * $0) }
    guard let experiment = try? experiment() else { return StudyNumbers(document: document) }
    var numbers = try StudyNumbers(
      document, of: experiment, threads: threads, questions: questions, also: more, parts: parts
    ) {
      onProgress(0.4 + 0.4 * $0)
    }
    if parts.contains(.device) { numbers.device = try device(of: experiment, threads: threads) }
    onProgress(1)
    return numbers
  }

  /// The device that a file names, from theory and from what is kept of its runs; nil where it names none that it can be.
  private func device(of experiment: Experiment, threads: Int) throws -> DeviceReport? {
    guard let choice = experiment.device, let device = try? choice.device(of: experiment) else { return nil }
    let documents = try device.runs.map { run in
      try StoredStudy(run: run.experiment, in: store).document(threads: threads)
    }
    return try device.report(on: documents, DeviceWatch(threads: threads))
  }
}

extension StudyNumbers {
  /// Everything that figures of results are drawn from: the results, theory between their points, and spectra.
  ///
  /// - Parameter questions: what is asked between the points; what the experiment asks unless given.
  package init(
    _ document: ResultDocument, of experiment: Experiment, threads: Int, questions: Questions? = nil,
    also more: Set<NessModel.Method> = [],
    parts: StudyNumbers.Parts = .all, onProgress: @escaping @Sendable (Double) -> Void = { _ in }
  ) throws {
    var curves: [PointResult] = []
    if parts.contains(.curves), let finer = FinerSweep(experiment, document)?.experiment {
      var study = Study(finer, threads: threads)
      study.moreMethods = more
      // One point of a profile more is no smoother line.
      study.questions = (questions ?? study.questions).flatMap(\.alongSweeps) ?? .cheap
      curves = try study.theoryOfPoints { onProgress(0.7 * $0) }.points
    }
    let spectra =
      parts.contains(.spectra) ? try Self.spectra(of: experiment, document, threads: threads) : []
    onProgress(1)
    self.init(document: document, curves: curves, spectra: spectra)
  }

  /// Spectra at a few points of a study, evenly chosen; none where there is no linear or secular theory.
  private static func spectra(
    of experiment: Experiment, _ document: ResultDocument, threads: Int
  ) throws -> [HeatSpectrum] {
    let known = Dictionary(experiment.points().map { ($0.parameters, $0) }) { first, _ in first }
    let points = try document.points.compactMap { result -> ExperimentPoint? in
      // Points that a search added are not in the file.
      try known[result.parameters] ?? experiment.sweeping(result.parameters.map(\.value)).points().first
    }
    let chosen = StudyNumbers.evenlyChosen(points.count).map { points[$0] }
    return try concurrentMap(count: chosen.count, threads: threads) { index in
      Result { try SolverCatalogue.heatSpectrum(at: chosen[index]) }
    }.compactMap { try $0.get() }
  }
}

/// The sweep of an experiment with more values of its last parameter, for smooth lines of theory.
private struct FinerSweep {
  let experiment: Experiment

  /// Points of one curve, where theory is quick and where it takes longer, and of all curves.
  private static let (quick, slow, most) = (80, 40, 640)
  /// Predicted time of as many points as are quick [s].
  private static let quickSeconds = 5.0

  /// Nil if the last parameter is a whole number or changes together with others.
  init?(_ experiment: Experiment, _ document: ResultDocument) {
    guard let sweep = experiment.sweep, let axis = sweep.axes.last else { return nil }
    if case .paired = sweep { return nil }
    // A whole number has no values between.
    let values = Set(document.points.compactMap { $0.parameters.last?.value }).sorted()
    guard let first = values.first, let last = values.last, last > first,
      experiment.description(ofParameter: axis.parameter)?.isWhole != true
    else { return nil }
    let families = sweep.axes.dropLast().reduce(1) { $0 * $1.count }
    let seconds = experiment.points().first.map { SolverCatalogue.expectedSeconds(.cheap, about: $0.model) } ?? 0
    let isQuick = seconds * Double(Self.quick) < Self.quickSeconds
    let count = min(isQuick ? Self.quick : Self.slow, Self.most / families)
    guard count > values.count else { return nil }
    let range = SweepAxis(
      axis.parameter, from: first, to: last, points: count, scale: axis.isLogarithmic ? .log : .linear)
    let all = Set(range.points + values).sorted()
    let finer = SweepAxis(axis.parameter, values: all)
    let axes = sweep.axes.dropLast() + [finer]
    guard let made = try? experiment.swept(by: axes.count == 1 ? .single(finer) : .grid(Array(axes))) else {
      return nil
    }
    self.experiment = made
  }
}
