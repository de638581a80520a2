import Foundation
import NessCluster
import NessFiles
import NessModel
import NessStore
import NessStudy
import NessTestSupport
import Testing

/// Whenever a task of an earlier job ends, a new job does not compute its points again.
@Suite struct JobSubmissionTests {
  /// When the task is seen to end.
  enum Moment: CaseIterable {
    /// It told that all is finished, and goes on holding its store.
    case afterItsLastWord
    /// It was in the middle of its points.
    case atWork
    /// It ended before anybody looked.
    case before
  }

  @Test(arguments: Moment.allCases) func pointsOfATaskThatEndsAreNotMissing(moment: Moment) throws {
    // The tasks of this store have finished three points, which nobody has collected.
    let directory = try TemporaryDirectory(copyOfReference: "store-engine5")
    let provenance = Provenance(ness: "test", engine: EngineVersion.all.text, machine: "test", command: "test")
    let store = try ResultStore(directory: directory.path, provenance: provenance, warn: { _ in })
    let jobs = StoredJobs(store)
    let job = jobs.jobs[0]
    let experiment = try Experiment(contentsOfFile: job.experimentFile)
    let folders = try job.plan().tasks.indices.map(job.directory(ofTask:))
    if moment == .atWork {
      for folder in folders { try FileManager.default.removeItem(atPath: "\(folder)/progress.json") }
    }
    var locks = moment == .before ? [] : folders.map { TaskLock($0) }
    var taken = 0
    let submission = try JobSubmission(experiment, after: jobs) {
      taken += $0.report.added
      locks = []
    }
    withExtendedLifetime(directory) {}
    #expect(locks.isEmpty && submission.points.count == 3 && submission.missing.isEmpty)
    #expect(submission.finished.count == taken && submission.inWork.count == 3 - taken)
    // The control: what was not held was taken.
    if moment == .before { #expect(taken == 3) }
  }
}
