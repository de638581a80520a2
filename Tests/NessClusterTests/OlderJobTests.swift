import NessCluster
import NessModel
import NessStore
import NessStudy
import NessTestSupport
import Testing

/// Jobs that older versions of Ness have planned name results as those did.
@Suite struct OlderJobTests {
  private func jobs(_ directory: TemporaryDirectory) throws -> StoredJobs {
    let provenance = Provenance(ness: "test", engine: EngineVersion.all.text, machine: "test", command: "test")
    let store = try ResultStore(directory: directory.path, provenance: provenance) { text in
      // The directory stays as long as the store.
      withExtendedLifetime(directory) {
        if !text.contains("of unfinished work by an older Ness") { Issue.record("\(text)") }
      }
    }
    return StoredJobs(store)
  }

  /// What a task has finished is collected, and is what is asked for today.
  @Test func engineFive() throws {
    let directory = try TemporaryDirectory(copyOfReference: "store-engine5")
    let jobs = try self.jobs(directory)
    let before = try jobs.status()[0]
    #expect(before.points == 3 && before.finished == 3 && before.collected == 0)
    #expect(try jobs.inWork().isEmpty)
    let collection = try jobs.collect(0)
    #expect(collection.report.added == 3 && collection.finished == 3 && collection.missing.isEmpty)
    #expect(try jobs.status()[0].collected == 3)
    // Its tasks are those that would be planned now.
    _ = try TaskWork(jobs.jobs[0], task: 0)
  }

  /// A job that an older engine has finished stays finished; its tasks are not begun anew by another engine.
  @Test func engineFour() throws {
    let jobs = try self.jobs(try TemporaryDirectory(copyOfReference: "store-engine4"))
    let status = try jobs.status()[0]
    #expect(status.points == 3 && status.finished == 3 && status.collected == 3)
    let error = #expect(throws: JobError.self) { try TaskWork(jobs.jobs[0], task: 0) }
    #expect(error?.reason.contains("planned by another version of Ness") == true)
  }
}
