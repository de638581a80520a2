import NessFiles
import NessLindblad
import NessLinear
import NessModel
import NessSampling

extension StoredStudy {
  /// Everything that figures of the study are drawn from: the document, theory between its points, and spectra.
  ///
  /// - Parameters:
  ///   - parts: what is needed beside the heat current and its like.
  ///   - onProgress: told the part of the work that is done.
  /// - Throws: as `document`.
  package func numbers(
    threads: Int, parts: StudyNumbers.Parts = .all, onProgress: @escaping @Sendable (Double) -> Void = { _ in }
  ) throws -> StudyNumbers {
    let document = try document(threads: threads, profile: parts.contains(.profile) ? nil : false) {
      onProgress(0.4 * $0)
    }
    guard let experiment = try? experiment() else { return StudyNumbers(document: document) }
    var curves: [PointResult] = []
    if parts.contains(.curves), let finer = FinerSweep(experiment, document)?.experiment {
      curves = try Study(finer, threads: threads).theoryOfPoints(profile: false) { onProgress(0.4 + 0.4 * $0) }.points
    }
    let spectra =
      parts.contains(.spectra) ? try Self.spectra(of: experiment, document, threads: threads) : []
    onProgress(1)
    return StudyNumbers(document: document, curves: curves, spectra: spectra)
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
      Result { try HeatSpectrum(chosen[index]) }
    }.compactMap { try $0.get() }
  }
}

extension HeatSpectrum {
  /// The spectrum of the heat at a point of an experiment; nil if no theory gives it.
  init?(_ point: ExperimentPoint) throws {
    if let chain = point.model.chain {
      let remembers = chain.attachments.contains { !$0.bath.linear.frictionKernel.terms.isEmpty }
      let method: NessModel.Method = remembers ? .memory : .markov
      guard let function = try? TransmissionFunction(chain, withMemory: remembers),
        let curve = try? function.curve()
      else { return nil }
      self.init(
        parameters: point.parameters, kind: .transmission, method: method,
        claim: LinearSolver().claim(of: method, for: chain),
        points: curve.map { Point($0.angularFrequency, $0.transmission) })
    } else if let box = point.model.quantumBox {
      guard box.terminals != nil, let state = try? convergedLevels(of: box).state else { return nil }
      let heats = state.heatByFrequency(ofBath: 0)
      let whole = heats.reduce(0) { $0 + $1.heat }
      // Equal temperatures exchange nothing on the whole.
      guard let current = state.heatCurrent, abs(current) > 1e3 * state.heatCurrentBound, whole != 0 else { return nil }
      var sum = 0.0
      let steps = heats.flatMap { line -> [Point] in
        let frequency = line.energy / box.medium.hbar
        defer { sum += line.heat }
        return [Point(frequency, sum / whole), Point(frequency, (sum + line.heat) / whole)]
      }
      self.init(
        parameters: point.parameters, kind: .cumulativeShare, method: .davies,
        claim: LindbladSolver().claim(of: .davies, for: box), points: steps)
    } else {
      return nil
    }
  }
}

/// The sweep of an experiment with more values of its last parameter, for smooth lines of theory.
private struct FinerSweep {
  let experiment: Experiment

  /// Points of a chain or a classical box, and of media whose theory takes longer, for one curve and for all.
  private static let (quick, slow, most) = (80, 40, 640)

  /// Nil if the last parameter is a whole number or changes together with others.
  init?(_ experiment: Experiment, _ document: ResultDocument) {
    guard let sweep = experiment.sweep, let axis = sweep.axes.last else { return nil }
    if case .paired = sweep { return nil }
    // A whole number has no values between.
    let values = Set(document.points.compactMap { $0.parameters.last?.value }).sorted()
    guard let first = values.first, let last = values.last, last > first,
      experiment.dimension(ofParameter: axis.parameter) != "1" || values.contains(where: { $0 != $0.rounded() })
    else { return nil }
    let families = sweep.axes.dropLast().reduce(1) { $0 * $1.count }
    let isQuick = experiment.medium.base is Chain || !Self.isSlow(experiment)
    let count = min(isQuick ? Self.quick : Self.slow, Self.most / families)
    guard count > values.count else { return nil }
    let range = SweepAxis(
      axis.parameter, from: first, to: last, points: count, scale: axis.isLogarithmic ? .log : .linear)
    let all = Set(range.points + values).sorted()
    let finer = SweepAxis(axis.parameter, values: all)
    let axes = sweep.axes.dropLast() + [finer]
    guard
      let made = try? Experiment(
        title: experiment.title, medium: experiment.medium, contacts: experiment.contacts, run: experiment.run,
        sweep: axes.count == 1 ? .single(finer) : .grid(Array(axes)))
    else { return nil }
    self.experiment = made
  }

  private static func isSlow(_ experiment: Experiment) -> Bool {
    experiment.medium.base is QuantumBox || experiment.contacts.contains { $0.bath.base is MetropolisBath }
  }
}
