import NessFiles
import NessModel

/// Computes what a device needs, run after run, and judges it.
package struct DeviceStudy: Sendable {
  private let device: any Device
  private let threads: Int

  /// A study of a device.
  package init(_ device: any Device, threads: Int) {
    self.device = device
    self.threads = max(1, threads)
  }

  /// Exact and approximate theory alone.
  ///
  /// - Throws: `Interrupted` if it was stopped.
  package func theory(
    onProgress: @escaping @Sendable (Double) -> Void = { _ in },
    shouldStop: @escaping @Sendable () -> Bool = { false }
  ) throws -> DeviceReport {
    let runs = device.runs
    let documents = try runs.enumerated().map { index, run in
      try Study(run.experiment, threads: threads).theory(
        onProgress: { onProgress((Double(index) + $0) / Double(runs.count)) }, shouldStop: shouldStop)
    }
    return try device.report(on: documents, DeviceWatch(threads: threads, shouldStop: shouldStop))
  }

  /// Simulation beside theory. Points in the store are not computed again. The time limit is shared by the runs.
  ///
  /// - Returns: what was found, of an interrupted study what is known until then; and the points that failed.
  /// - Throws: `PointFailure` naming a point that cannot be run at all, before any work on its run.
  package func run(in runContext: Study.RunContext) throws -> (report: DeviceReport, failures: [PointFailure]) {
    let clock = StudyClock(limit: runContext.timeLimit) { runContext.shouldStop() }
    let runs = device.runs
    var (documents, failures): ([ResultDocument], [PointFailure]) = ([], [])
    for (index, run) in runs.enumerated() {
      var own = runContext.part(index, of: runs.count, named: run.name)
      own.timeLimit = clock.secondsLeft.map { max(0, $0) / Double(runs.count - index) }
      let (document, failed) = try Study(run.experiment, threads: threads).run(in: own)
      documents.append(document)
      failures += failed
    }
    let watch = DeviceWatch(threads: threads, shouldStop: runContext.shouldStop)
    return (try device.report(on: documents, watch), failures)
  }
}

extension Study.RunContext {
  /// The same for one of several runs, whose progress is a part of the whole and whose notes say which it is.
  fileprivate func part(_ index: Int, of count: Int, named name: String) -> Study.RunContext {
    if count == 1 { return self }
    var part = self
    part.onProgress = { [onProgress] in
      onProgress(
        Study.Progress(title: "\(name): \($0.title)", fraction: (Double(index) + $0.fraction) / Double(count)))
    }
    part.onNote = { [onNote] in onNote(Note.at(name, $0)) }
    return part
  }
}
