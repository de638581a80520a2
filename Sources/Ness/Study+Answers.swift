import Foundation
import NessFiles
import NessModel
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
  /// - Returns: the theories, and if nothing is asked by name the device of the file, if it names one.
  /// - Throws: ``Failure`` for an unknown method or quantity, and if it was stopped. A method that does not apply, or does not
  ///   answer what is asked, is no failure: the point says why.
  public func theory(
    of quantities: [String]? = nil, by methods: [String]? = nil,
    threads: Int = ProcessInfo.processInfo.activeProcessorCount, watch: Watch = Watch()
  ) throws(Failure) -> Results {
    try Failure.told {
      try theory(
        asking: quantities.map(Self.questions), by: methods.map { try Set($0.map(Self.theory)) }, threads: threads,
        watch: watch)
    }
  }

  /// Theory at every point.
  ///
  /// - Parameters:
  ///   - questions: what is asked; nil for what the study asks, else what costs little.
  ///   - wantsDevice: whether the device that the file names, if any, comes with it; nil for where no more is asked than the file does.
  package func theory(
    asking questions: Questions?, by methods: Set<NessModel.Method>? = nil, threads: Int, wantsDevice: Bool? = nil,
    watch: Watch = Watch()
  ) throws(Failure) -> Results {
    try Failure.told {
      var study = NessStudy.Study(experiment, threads: max(1, threads))
      if let questions { study.questions = questions }
      let document = try RefinedStudy(study).theory(
        methods: methods, onProgress: { watch.onProgress("theory", $0) }, shouldStop: watch.shouldStop)
      var results = Results(document, of: experiment, asked: Array(methods ?? []))
      let isOfFile = methods == nil && (questions == nil || questions == experiment.quantities)
      if experiment.device != nil, wantsDevice ?? isOfFile {
        results.device = try deviceTheory(nil, threads: max(1, threads), watch: watch)
      }
      return results
    }
  }

  /// Predicted time of theory at all points, on a usual core [s].
  package func expectedSeconds(_ questions: Questions) -> Double {
    NessStudy.Study(experiment, threads: 1).expectedSeconds(questions)
  }

  /// Predicted time of theory of the device that the file names, on a usual core [s]; of a transistor without its slopes.
  package func expectedDeviceSeconds() throws(Failure) -> Double {
    if experiment.device == nil { return 0 }
    return try device(nil).runs.reduce(0) { sum, run in
      sum + Study(run.experiment).expectedSeconds(run.experiment.quantities ?? .cheap)
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
}
