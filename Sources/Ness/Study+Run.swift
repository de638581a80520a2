import NessFiles
import NessStore
import NessStudy

extension Study {
  /// Simulation beside theory at every point. Points that the store holds are not computed again, and work that was stopped
  /// goes on; the bytes do not depend on either.
  ///
  /// If the file names a device, it is computed after the points (``Results/device``), in the second half of the time limit.
  ///
  /// A run that is stopped gives what was measured until then (``Results/isInterrupted``).
  ///
  /// - Throws: ``Failure`` if a point cannot be simulated at all, before any work; if some points fail, with the others
  ///   (``Failure/results``); if nothing was measured.
  public func run(_ options: RunOptions = RunOptions(), watch: Watch = Watch()) throws(Failure) -> Results {
    let store = try options.store.map { folder throws(Failure) in try opened(folder, options.command, watch) }
    let results: Results
    do throws(Failure) { results = try run(options, in: store, watch: watch) } catch {
      try? store?.close()
      throw error
    }
    do throws(StoreError) { try store?.close() } catch { throw Failure(.failed, "\(error)", results) }
    return results
  }

  /// A run with a store that is open already; `options.store` is not looked at.
  package func run(_ options: RunOptions, in store: ResultStore?, watch: Watch) throws(Failure) -> Results {
    // Whether it can be that device is said before any work.
    let isDevice = options.wantsDevice && experiment.device != nil
    if isDevice { _ = try device(nil) }
    let clock = StudyClock(limit: options.timeLimit) { false }
    var context = NessStudy.Study.RunContext(
      store: store, onProgress: { watch.onProgress($0.title, $0.fraction) }, onNote: watch.onNote,
      onSimulation: watch.onSimulation, shouldStop: watch.shouldStop,
      timeLimit: options.timeLimit.map { isDevice ? $0 / 2 : $0 })
    context.wantsForecast = options.wantsForecast
    context.wantsChoices = options.wantsChoices
    context.beginsWithShortPoints = options.beginsWithShortPoints
    context.recordings = options.recordings
    if experiment.run.record != nil, options.recordings == nil {
      watch.onNote("nothing is recorded (run.record): no folder for the recordings is named")
    } else if experiment.run.record == nil, options.recordings != nil {
      throw Failure(
        .unusable,
        "nothing is recorded: the study says not what; give it run.record, for example {quantities: [heatFrom], every: 0.1}"
      )
    }
    if let look = watch.onLook { context.onLook = { look($0, Point($1)) } }
    context.onPoint = { watch.onPoint($0, Point($1)) }
    var study = NessStudy.Study(experiment, threads: options.threads)
    study.checksStep = options.checksStep
    let (document, failures) = try Failure.told { [study, context] in try RefinedStudy(study).run(in: context) }
    var results = Results(document, of: experiment, failures: failures.map(\.description))
    let isMeasured = document.points.contains { $0.run != nil }
    if document.interrupted {
      if document.points.isEmpty { throw Failure(.interrupted, Failure.nothingMeasured, results) }
      return results
    }
    // That the time limit ended a point was asked for; that nothing at all was measured was not.
    let serious = isMeasured ? failures.filter { !$0.isOutOfTime } : failures
    if !serious.isEmpty {
      throw Failure(.failed, serious.map(\.description).joined(separator: "\n"), results)
    }
    guard isDevice else { return results }
    var left = options
    left.timeLimit = clock.secondsLeft.map { max(0, $0) }
    // A point that fails in the other run is told; the points of the file are there.
    let (found, failed) = try device(
      nil, left, in: store, watch: watch, isBeside: true, onSimulation: watch.onSimulation)
    results.device = found
    results.document.interrupted = found.isInterrupted
    if !failed.isEmpty { throw Failure(.failed, failed.joined(separator: "\n"), results) }
    return results
  }

  /// A store that knows a study by the text of its file, or by the one that says the same.
  func opened(_ folder: String, _ command: String, _ watch: Watch) throws(Failure) -> ResultStore {
    let source =
      experiment.source ?? Experiment.Source(file: experiment.title ?? "study", text: experiment.yaml(), tables: [])
    do throws(StoreError) {
      return try ResultStore(directory: folder, provenance: .of(source, command: command)) {
        watch.onNote("warning: \($0)")
      }
    } catch {
      throw Failure(error.isOutage ? .failed : .unusable, "\(error)")
    }
  }

  /// Does some work with a store, which is closed then, whatever came of it.
  static func closing<Value>(_ store: ResultStore?, _ work: () throws -> Value) throws -> Value {
    let value: Value
    do {
      value = try work()
    } catch {
      try store?.close()
      throw error
    }
    try store?.close()
    return value
  }
}
