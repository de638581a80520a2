import Foundation
import NessFiles
import NessModel
import NessSampling
import NessStore

/// The part of a run that records series along the time (`run.record`). It changes nothing of the results: a point whose result is in
/// the store and whose recording is not is simulated once more.
extension Study {
  /// What is recorded of each point that is simulated, by its index; a result whose recording is missing is taken as not known.
  ///
  /// - Throws: `PointFailure` if there is no room for it.
  func recordings(
    _ points: [ExperimentPoint], _ plans: Zip2Sequence<[Int], [SimulationPlan?]>, _ known: inout [PointResult?],
    _ runContext: RunContext
  ) throws -> [Int: PointRecording] {
    guard experiment.run.record != nil, let folder = runContext.recordings else { return [:] }
    if !points.contains(where: \.isSimulated) {
      throw PointFailure(ofAll: "run.record: nothing is simulated, so nothing is recorded: leave run.record out")
    }
    var recordings: [Int: PointRecording] = [:]
    for case (let index, let plan?) in plans {
      guard let recording = try recording(of: points[index], plan, in: folder) else { continue }
      if known[index] != nil, recording.isFinished { continue }
      if known[index] != nil {
        known[index] = nil
        runContext.onNote("\(points[index].label): its result is in the store, it is simulated once more to record it")
      }
      recordings[index] = recording
    }
    if let first = recordings.min(by: { $0.key < $1.key }) {
      try checkRoom(for: Array(recordings.values), in: folder)
      runContext.onNote(first.value.plan.note)
    }
    return recordings
  }

  /// The file of a recording, as far as it was written before.
  func begin(_ recording: PointRecording, of point: ExperimentPoint) throws -> SeriesFile {
    do throws(OutputError) { return try SeriesFile(recording.path, recording.content) } catch {
      throw PointFailure(point: point, reason: "run.record: \(error)", isUnusable: false)
    }
  }

  /// A result that was computed once more must be the one in the store.
  func compare(_ result: PointResult, of point: ExperimentPoint, _ queue: PointQueue) {
    guard let stored = try? queue.runContext.store?.load(PointResult.self, for: key(of: point)) else { return }
    guard let (was, now) = try? (OrderedJSON.text(of: stored), OrderedJSON.text(of: result)), was != now else { return }
    queue.failRecording(
      PointFailure(
        point: point, reason: "simulated once more to record it, it is not the result in the store: report this",
        isUnusable: false))
  }

  /// Makes the file of a recording whose run is over, or leaves what there is for the next run.
  func conclude(
    _ recording: PointRecording, _ file: SeriesFile, of point: ExperimentPoint, _ outcome: SimulationOutcome,
    _ stopReason: StopReason, _ queue: PointQueue
  ) {
    let store = queue.runContext.store
    if stopReason == .interrupted || stopReason == .budget, file.failure == nil {
      if store == nil || store?.isReadOnly == true { return file.discard() }
      return queue.runContext.onNote("\(point.label): its recording is not finished; the same command goes on with it")
    }
    do {
      let samples = recording.plan.samples(after: outcome.duration)
      try file.finish(samples: samples, interval: recording.plan.interval, labels: recording.labels)
      queue.runContext.onNote("\(point.label): \(samples) samples recorded in \(recording.path)")
    } catch {
      file.discard()
      queue.failRecording(
        PointFailure(
          point: point,
          reason: "its result is kept, but its recording is not: \(error). Free some space, or record less, "
            + "and run the same command again", isUnusable: false))
    }
    do { try store?.forgetWork(recording.work.key) } catch { queue.warnOnce(point.label, "\(error)") }
  }
}
