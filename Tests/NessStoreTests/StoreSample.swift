import Foundation
import NessStatistics
import NessStore
import NessTestSupport
import Synchronization

/// Stores in a directory of their own, and what they warn of.
final class StoreSample: Sendable {
  struct Payload: Codable, Hashable {
    var name: String
    var numbers: [Double]
    var table: [String: Int] = ["a": 1]
    var nothing: Int?
    var nested: [[Bool]] = [[true], []]
  }

  let directory: TemporaryDirectory
  let payload = Payload(name: "τ\n", numbers: [0.1, 1e-300, -0.0])
  private let collected = Mutex<[String]>([])

  init() throws { directory = try TemporaryDirectory() }

  /// What stores have warned of.
  var warnings: [String] { collected.withLock { $0 } }

  static let provenance = Provenance(
    ness: "0.1.0", engine: "3", machine: "abacus", command: "ness run 'a b.yaml'", file: "a b.yaml", text: "title: τ\n")

  func store(_ name: String = "deep/store", _ opening: ResultStore.Opening = .creating) throws -> ResultStore {
    try ResultStore(directory: "\(directory.path)/\(name)", opening, provenance: Self.provenance) { text in
      self.collected.withLock { $0.append(text) }
    }
  }

  func url(_ name: String = "deep/store") -> URL { URL(filePath: "\(directory.path)/\(name)/results.sqlite") }

  static func key(_ number: Int) -> CacheKey {
    CacheKey([.text("quantity", "heatCurrent"), .whole("number", number)])
  }

  static func summary(_ number: Int, error: Double = 0.01, finished: Bool = true) -> ResultSummary {
    ResultSummary(
      title: "Sample \(number)", quantity: "heatCurrent",
      parameters: [.init("baths.left.temperature", Double(number), dimension: "energy")],
      estimate: .numerical(0.5, bound: error), stopReason: finished ? "durationReached" : nil,
      started: Date(timeIntervalSince1970: 1e9 + Double(number)))
  }

  /// Keeps results 0 to `count`, with texts of some length.
  func fill(_ store: ResultStore, count: Int) throws {
    for number in 0..<count { try save(number, in: store) }
  }

  func save(_ number: Int, in store: ResultStore, error: Double = 0.01) throws {
    try store.save(Self.value(number), for: Self.key(number), summary: Self.summary(number, error: error))
  }

  static func value(_ number: Int) -> [Double] { (0..<60).map { Double(number) + 1 / Double($0 + 3) } }

  /// Numbers of the results that are there, with the right content.
  func present(in store: ResultStore, of count: Int) throws -> [Int] {
    try (0..<count).filter { number in
      guard let found = try store.load([Double].self, for: Self.key(number)) else { return false }
      return found == Self.value(number)
    }
  }
}

extension ResultStore {
  /// Keeps a state of these pieces.
  func savePieces(
    _ pieces: [StoredPiece], for key: CacheKey, summary: ResultSummary, family: CacheKey? = nil
  ) throws {
    let state = StoredState(count: pieces.count, done: pieces.first?.done ?? 0) { pieces[$0].state }
    try save(state, for: key, summary: summary, family: family)
  }
}
