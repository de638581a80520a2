import Foundation
import NessFiles
import NessModel
import NessStore
import NessStudy

/// What was found of a device: numbers with their uncertainties for every point and method, and verdicts.
public struct DeviceResults: Sendable {
  package let report: DeviceReport
  let experiment: Experiment

  /// A verdict on a device by one method.
  public struct Verdict: Sendable, Hashable, CustomStringConvertible {
    /// How the numbers were obtained.
    public let method: String
    /// Whether it is what it was asked for: it rectifies, it amplifies, it conducts anomalously, it cools; nil if neither that nor the
    /// contrary can be said.
    public let isSeen: Bool?
    /// The number it is judged by: rectification, amplification, exponent or coefficient of performance; nil if none is known.
    public let value: Double?
    /// One standard error of it, or the bound of its numerical error.
    public let uncertainty: Double?
    /// How sure its difference from a device that does nothing is, as for a Gaussian: from 0, of an amplification from 1; nil if it
    /// was not sampled.
    public let sigmas: Double?
    /// The statement in words.
    public let description: String
  }

  /// The verdicts, the most trusted method first.
  public var verdicts: [Verdict] {
    report.findings.map {
      Verdict(
        method: $0.method.rawValue, isSeen: $0.isSeen, value: $0.number?.estimate.value,
        uncertainty: $0.number?.estimate.error, sigmas: $0.sigmas, description: $0.text)
    }
  }

  /// Choices that were made, refusals and warnings, in plain words.
  public var notes: [String] { report.notes }

  /// Whether the work was stopped before its end.
  public var isInterrupted: Bool { report.isInterrupted }

  /// Numbers and verdicts as `ness device --format json` prints them.
  ///
  /// - Throws: ``Failure`` if a number is not finite.
  public func json() throws(Failure) -> String { try Failure.told { try OrderedJSON.text(of: report) } }

  /// The numbers as a table of comma-separated values, with dimensions in its header.
  public func csv() -> String { report.csv(dimension: experiment.dimension(ofParameter:)) }
}

extension Study {
  /// The study as a thermal diode: rectification at every point, the temperatures of the two baths being exchanged.
  ///
  /// - Throws: ``Failure`` if it is no diode, or if something fails as in ``run(_:watch:)``.
  public func diode(
    _ options: RunOptions = RunOptions(), watch: Watch = Watch()
  ) throws(Failure) -> DeviceResults { try device(DeviceChoice(.diode), options, watch: watch) }

  /// The study as a thermal transistor: amplification along the temperature of the base.
  ///
  /// - Parameters:
  ///   - base: the bath whose temperature is varied; nil for the one that is named base, gate or middle.
  ///   - emitter: nil for the one that is named emitter or source, else the hotter of the others.
  ///   - collector: nil for the one that is named collector or drain, else the colder of the others.
  ///   - options: how it is run.
  ///   - watch: what is told while it runs.
  /// - Throws: ``Failure`` if it is no transistor, or if something fails as in ``run(_:watch:)``.
  public func transistor(
    base: String? = nil, emitter: String? = nil, collector: String? = nil, _ options: RunOptions = RunOptions(),
    watch: Watch = Watch()
  ) throws(Failure) -> DeviceResults {
    try device(
      DeviceChoice(.transistor, base: base, emitter: emitter, collector: collector), options, watch: watch)
  }

  /// The conductivity of the medium along its size, with the exponent of its growth.
  ///
  /// - Throws: ``Failure`` if the medium has no size, or if something fails as in ``run(_:watch:)``.
  public func conductivity(
    _ options: RunOptions = RunOptions(), watch: Watch = Watch()
  ) throws(Failure) -> DeviceResults { try device(DeviceChoice(.conductivity), options, watch: watch) }

  /// The study as an absorption refrigerator: heat from the coldest of its three baths, driven by the hottest, and the coefficient
  /// of performance.
  ///
  /// - Throws: ``Failure`` if there are not three baths of different temperatures, or if something fails as in ``run(_:watch:)``.
  public func refrigerator(
    _ options: RunOptions = RunOptions(), watch: Watch = Watch()
  ) throws(Failure) -> DeviceResults { try device(DeviceChoice(.refrigerator), options, watch: watch) }

  /// The study as the device that its file names (`device`).
  ///
  /// - Throws: ``Failure`` if it names none, or is no such device, or if something fails as in ``run(_:watch:)``.
  public func device(
    _ options: RunOptions = RunOptions(), watch: Watch = Watch()
  ) throws(Failure) -> DeviceResults { try device(nil, options, watch: watch) }

  /// A device; of none the one that the file names.
  package func device(
    _ choice: DeviceChoice?, _ options: RunOptions, watch: Watch
  ) throws(Failure) -> DeviceResults {
    let (results, failures) = try Failure.told {
      let store = try options.store.map { try opened($0, options.command, watch) }
      return try Self.closing(store) { try device(choice, options, in: store, watch: watch) }
    }
    if !failures.isEmpty { throw Failure(.failed, failures.joined(separator: "\n")) }
    return results
  }

  /// A device by simulation and theory, with a store that is open already; `options.store` is not looked at.
  ///
  /// - Parameters:
  ///   - choice: as which device; nil for the one that the file names.
  ///   - wantsForecast: whether a short run comes first, and a note tells how long each run will take.
  ///   - isBeside: whether it comes beside the points of the file: that its time was over is then no failure.
  ///   - onSimulation: told when theory is done and a simulation begins.
  /// - Returns: what was found, and why points failed.
  package func device(
    _ choice: DeviceChoice?, _ options: RunOptions, in store: ResultStore?, watch: Watch, wantsForecast: Bool = false,
    isBeside: Bool = false, onSimulation: @escaping @Sendable () -> Void = {}
  ) throws(Failure) -> (results: DeviceResults, failures: [String]) {
    let device = try device(choice)
    var context = NessStudy.Study.RunContext(
      store: store, onProgress: { watch.onProgress($0.title, $0.fraction) }, onNote: watch.onNote,
      onSimulation: onSimulation, shouldStop: watch.shouldStop, timeLimit: options.timeLimit)
    context.wantsForecast = wantsForecast
    context.wantsChoices = false
    return try Failure.told { [context] in
      let (report, failures) = try DeviceStudy(device, threads: options.threads).run(in: context)
      if report.isInterrupted, report.rows.isEmpty {
        throw Failure(
          .interrupted, "interrupted before there was enough to judge; what was simulated is kept in the store")
      }
      // That the time limit ended a point was asked for; that nothing at all was measured was not.
      let isMeasured = report.rows.contains { $0.method == .simulation }
      let serious = isMeasured || isBeside ? failures.filter { !$0.isOutOfTime } : failures
      return (DeviceResults(report: report, experiment: experiment), serious.map(\.description))
    }
  }

  /// A device by theory alone.
  package func deviceTheory(_ choice: DeviceChoice?, threads: Int, watch: Watch) throws(Failure) -> DeviceResults {
    let device = try device(choice)
    return try Failure.told {
      let report = try DeviceStudy(device, threads: threads).theory(
        onProgress: { watch.onProgress("theory", $0) }, shouldStop: watch.shouldStop)
      return DeviceResults(report: report, experiment: experiment)
    }
  }

  /// The device of that name, with the names of baths by their roles.
  package static func device(named word: String, _ baths: [String: String]) throws(Failure) -> DeviceChoice {
    do throws(DeviceFault) { return try DeviceChoice(named: word, baths) } catch {
      throw Failure(.unusable, "\(error)")
    }
  }

  /// The device of a choice, with what the file names of it; of none that of the file.
  func device(_ choice: DeviceChoice?) throws(Failure) -> any Device {
    guard let choice = choice?.completed(by: experiment.device) ?? experiment.device else {
      let kinds = DeviceChoice.Kind.allCases.map(\.rawValue).joined(separator: ", ")
      throw Failure(.unusable, "the file names no device: give it the key device: {kind: ...}, or name one of \(kinds)")
    }
    do throws(DeviceError) {
      return try choice.device(of: experiment)
    } catch {
      throw Failure(.unusable, error.description)
    }
  }
}
