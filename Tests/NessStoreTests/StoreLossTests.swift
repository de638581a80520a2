import Foundation
import GRDB
import NessModel
import NessStatistics
import NessStore
import Testing

/// Stores that are taken away while they are in use, that are no files, or behind links, and their size.
@Suite struct StoreLossTests {
  private let sample: StoreSample

  init() throws { sample = try StoreSample() }

  private var folder: URL { sample.url().deletingLastPathComponent() }

  private static let family = StoreSample.key(100)

  private func keepState(in store: ResultStore, bytes: Int = 1000) throws {
    try store.savePieces(
      [.init(index: 0, state: Data(repeating: 7, count: bytes), done: 3)], for: StoreSample.key(50),
      summary: StoreSample.summary(50, finished: false), family: Self.family)
  }

  private func check(_ store: ResultStore, _ numbers: [Int]) throws {
    #expect(try sample.present(in: store, of: 10) == numbers)
    let state = try #require(try store.states(ofFamily: Self.family).first)
    #expect(try state.piece(0).count == 1000)
  }

  @Test(arguments: ["file", "folder", "moved", "replaced", "empty"])
  func whatWasKeptIsPutBack(loss: String) throws {
    let other = try sample.store("other")
    try sample.save(9, in: other)
    try other.close()
    let before = try sample.store()
    try sample.save(5, in: before)
    try before.close()
    let store = try sample.store()
    try sample.fill(store, count: 2)
    try keepState(in: store)
    switch loss {
    case "file": try FileManager.default.removeItem(at: sample.url())
    case "folder": try FileManager.default.removeItem(at: folder)
    case "moved": try FileManager.default.moveItem(at: folder, to: URL(filePath: "\(sample.directory.path)/elsewhere"))
    case "replaced":
      try FileManager.default.removeItem(at: sample.url())
      try FileManager.default.copyItem(at: sample.url("other"), to: sample.url())
    default:
      try FileManager.default.removeItem(at: sample.url())
      try Data().write(to: sample.url())
    }
    try sample.save(2, in: store)
    // What others had kept is where the user has put it.
    let expected = [0, 1, 2] + (loss == "replaced" ? [9] : [])
    try check(store, expected)
    let warning = sample.warnings.first { $0.contains("removed or replaced while it was in use") }
    #expect(warning?.contains("the 3 results and states") == true, "\(sample.warnings)")
    try store.close()
    try check(sample.store(), expected)
    if loss == "moved" { #expect(try sample.present(in: sample.store("elsewhere"), of: 10) == [0, 1, 5]) }
  }

  @Test func aLossAtTheEndIsNoticed() throws {
    let store = try sample.store()
    try sample.fill(store, count: 1)
    try FileManager.default.removeItem(at: folder)
    try store.close()
    #expect(try sample.present(in: sample.store(), of: 2) == [0])
    let unlucky = try sample.store()
    try sample.save(1, in: unlucky)
    try FileManager.default.removeItem(at: folder)
    try Data("a file".utf8).write(to: folder)
    #expect(throws: StoreError.self) { try unlucky.close() }
  }

  @Test(.timeLimit(.minutes(20))) func whatIsNoFileIsRefusedAtOnce() throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    mkfifo(sample.url().path, 0o600)
    for opening in [ResultStore.Opening.creating, .existing] {
      let error = #expect(throws: StoreError.self) { try sample.store("deep/store", opening) }
      #expect(error?.reason == "it is a pipe or a device, no file")
    }
    #expect(throws: StoreError.self) { try ResultStore(readOnly: folder.path) }
    #expect(throws: StoreError.self) { try ResultStore(directory: "/dev/null", warn: { _ in }) }
  }

  /// All names of a store are one store: its log and its lock lie beside the file itself.
  @Test func aStoreBehindALink() throws {
    let links = folder.deletingLastPathComponent().appending(path: "links")
    for made in [links, folder] { try FileManager.default.createDirectory(at: made, withIntermediateDirectories: true) }
    symlink("../store/results.sqlite", links.appending(path: "results.sqlite").path)
    let linked = try sample.store("deep/links")
    try sample.save(1, in: linked)
    try sample.save(2, in: sample.store())
    #expect(try sample.present(in: linked, of: 4) == [1, 2])
    try linked.close()
    #expect(try FileManager.default.contentsOfDirectory(atPath: links.path) == ["results.sqlite"])
    // A damaged one is replaced behind the link.
    try Data().write(to: sample.url())
    try sample.save(3, in: sample.store("deep/links"))
    #expect(try sample.present(in: sample.store(), of: 4) == [3])
    #expect(try FileManager.default.contentsOfDirectory(atPath: links.path) == ["results.sqlite"])
  }

  @Test func spaceIsGivenBack() throws {
    func size() throws -> Int {
      try FileManager.default.contentsOfDirectory(atPath: folder.path).reduce(0) { sum, name in
        let file = folder.appending(path: name).path
        return sum + (try FileManager.default.attributesOfItem(atPath: file)[.size] as? Int ?? 0)
      }
    }
    let store = try sample.store()
    try sample.fill(store, count: 20)
    try keepState(in: store, bytes: 20_000_000)
    // The result of a short run: its state is not worth its size.
    try store.save(
      [1.5], for: StoreSample.key(50),
      summary: ResultSummary(title: "", quantity: "q", started: Date()), family: Self.family)
    #expect(try store.states(ofFamily: Self.family).isEmpty)
    try store.close()
    #expect(try size() < 500_000)
    let again = try sample.store()
    #expect(try sample.present(in: again, of: 20) == Array(0..<20))
    try again.remove(again.results())
    try again.close()
    #expect(sample.warnings.isEmpty)
    // A store that was written anew can be saved like any other when its beginning is lost.
    try sample.fill(sample.store(), count: 5)
    try sample.store().close()
    var bytes = try Data(contentsOf: sample.url())
    bytes.replaceSubrange(0..<4096, with: repeatElement(0, count: 4096))
    try bytes.write(to: sample.url())
    #expect(try sample.present(in: sample.store(), of: 5) == Array(0..<5))
  }

  /// Two processes find the damage at the same time; one saves what there is, the other goes on with that.
  @Test func aDamagedStoreIsReplacedOnce() async throws {
    try sample.fill(sample.store(), count: 5)
    try sample.store().close()
    var bytes = try Data(contentsOf: sample.url())
    bytes.replaceSubrange(0..<100, with: repeatElement(0, count: 100))
    try bytes.write(to: sample.url())
    let sample = sample
    let found = try await withThrowingTaskGroup(of: [Int].self) { group in
      for _ in 0..<4 { group.addTask { try sample.present(in: sample.store(), of: 5) } }
      return try await group.reduce(into: [[Int]]()) { $0.append($1) }
    }
    #expect(found == Array(repeating: Array(0..<5), count: 4))
    let kept = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.contains("damaged") }
    #expect(kept.count { $0.hasSuffix(".sqlite") } == 1, "\(kept)")
  }
}
