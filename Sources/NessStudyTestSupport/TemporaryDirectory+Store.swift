import NessModel
import NessStore
import NessStudy
import NessTestSupport
import Testing

extension TemporaryDirectory {
  /// A store in this directory, which stays as long as the store; a damaged entry fails the test.
  package func store() throws -> ResultStore {
    let provenance = Provenance(ness: "test", engine: EngineVersion.all.text, machine: "test", command: "test")
    return try ResultStore(directory: path, provenance: provenance) { warning in
      withExtendedLifetime(self) { _ = Issue.record("\(warning)") }
    }
  }

  /// The results kept, newest first.
  package func results(unfinished: Bool = false) throws -> [StoredResult] {
    try store().results(unfinished: unfinished)
  }
}
