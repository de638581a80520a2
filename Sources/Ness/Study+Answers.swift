import Foundation
import NessFiles
import NessModel
import NessStore
import NessStudy

extension Study {
  /// Exact and approximate theory at every point, at once.
  ///
  /// - Parameters:
  ///   - quantities: what is asked, for example `kineticTemperature` or `heatFrom.left`, or `all` alone, however long that takes; nil
  ///     for what the study asks (`quantities` of its file), else what costs little.
  ///   - methods: the names of the methods that are asked, for example `markov`; nil for all that apply.
  ///   - threads: threads; the results do not depend on it.
  ///   - watch: told how far it is, and asked whether to stop.
  /// - Throws: ``Failure`` for an unknown method or quantity, and if it was stopped. A method that does not apply, or does not
  ///   answer what is asked, is no failure: the point says why.
  public func theory(
    of quantities: [String]? = nil, by methods: [String]? = nil,
    threads: Int = ProcessInfo.processInfo.activeProcessorCount, watch: Watch = Watch()
  ) throws(Failure) -> Results {
    try Failure.told {
      let known = try methods.map { Set(try $0.map(Self.theory)) }
      var study = NessStudy.Study(experiment, threads: max(1, threads))
      if let quantities { study.questions = try Self.questions(quantities) }
      let document = try RefinedStudy(study).theory(
        methods: known, onProgress: { watch.onProgress("theory", $0) }, shouldStop: watch.shouldStop)
      return Results(document, of: experiment, asked: Array(known ?? []))
    }
  }

  private static func questions(_ names: [String]) throws -> Questions {
    do throws(UnknownQuantity) { return try Questions(words: names) } catch {
      throw Failure(.unusable, "\(error)")
    }
  }

  private static func theory(_ name: String) throws -> NessModel.Method {
    do throws(UnknownMethod) { return try .named(name, among: NessModel.Method.theories) } catch {
      throw Failure(.unusable, "\(error)")
    }
  }

  /// Simulation beside theory at every point. Points that the store holds are not computed again, and work that was stopped
  /// goes on; the bytes do not depend on either.
  ///
  /// - Throws: ``Failure`` if a point cannot be simulated at all, before any work; if one fails; if nothing was measured.
  public func run(_ options: RunOptions = RunOptions(), watch: Watch = Watch()) throws(Failure) -> Results {
    try Failure.told { try measured(options, watch) }
  }

  private func measured(_ options: RunOptions, _ watch: Watch) throws -> Results {
    let store = try options.store.map { try Self.store($0, for: experiment, options.command, watch) }
    var context = NessStudy.Study.RunContext(
      store: store, onProgress: { watch.onProgress($0.title, $0.fraction) }, onNote: watch.onNote,
      shouldStop: watch.shouldStop, timeLimit: options.timeLimit)
    context.wantsForecast = false
    if let look = watch.onLook { context.onLook = { look($0, Point($1)) } }
    context.onPoint = { watch.onPoint($0, Point($1)) }
    let study = RefinedStudy(NessStudy.Study(experiment, threads: options.threads))
    let (document, failures) = try Self.closing(store) { [context] in try study.run(in: context) }
    if let failure = failures.first(where: { !$0.isOutOfTime }) { throw failure }
    if document.interrupted, document.points.isEmpty { throw Interrupted() }
    return Results(document, of: experiment)
  }

  /// A store that knows a study by the text of its file, or by the one that says the same.
  private static func store(
    _ folder: String, for experiment: Experiment, _ command: String, _ watch: Watch
  ) throws -> ResultStore {
    let source =
      experiment.source ?? Experiment.Source(file: experiment.title ?? "study", text: experiment.yaml(), tables: [])
    let provenance = Provenance.of(source, command: command)
    return try ResultStore(directory: folder, provenance: provenance) { watch.onNote("warning: \($0)") }
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

  /// What a store holds of this study, beside theory. Nothing is simulated.
  ///
  /// - Parameters:
  ///   - store: the folder of the store.
  ///   - threads: threads for theory.
  /// - Throws: ``Failure`` if there is no store, or it cannot be read.
  public func kept(
    in store: String, threads: Int = ProcessInfo.processInfo.activeProcessorCount
  ) throws(Failure) -> Results {
    try Failure.told {
      let open = try ResultStore(directory: store, .existing) { _ in }
      let document = try Self.closing(open) {
        try StoredStudy(of: experiment, in: open).document(threads: max(1, threads))
      }
      return Results(document, of: experiment)
    }
  }
}
