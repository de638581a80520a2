import NessModel
import NessSampling

extension ReplicaEnsemble {
  /// Moves all replicas to the end of their time, without looks: a run of its own beside that of a result.
  ///
  /// - Parameters:
  ///   - watch: whom to tell, when to stop, where to keep the state.
  ///   - seconds: what it takes to analyse the record, roughly [s].
  /// - Throws: `TrajectoryError.interrupted` if it was ended before anything was measured.
  func runWithoutLooks(
    threads: Int, _ watch: SamplingWatch<Answer>, secondsOfALook seconds: Double = 1
  ) throws -> StopReason {
    var run = SamplingRun<Answer>()
    run.threads = threads
    run.watch = watch
    run.watch.onLook = nil
    run.watch.recording = nil
    let reading = SamplingRun<Answer>.Reading(seconds: seconds, answer: { nil }, errorOverTarget: { _ in nil })
    guard let stop = try run.run(self, reading) else { throw TrajectoryError.interrupted }
    return stop
  }
}
