import Foundation
import NessModel
import NessRecord
import Synchronization
import Testing

struct ResultCacheTests {
  private struct Payload: Codable, Hashable {
    var name: String
    var numbers: [Double]
    var table: [String: Int] = ["a": 1]
    var nothing: Int?
    var nested: [[Bool]] = [[true], []]
  }

  /// Collects warnings.
  private final class Warnings: Sendable {
    private let collected = Mutex<[ResultCache.Warning]>([])
    var all: [ResultCache.Warning] { collected.withLock { $0 } }
    func add(_ warning: ResultCache.Warning) { collected.withLock { $0.append(warning) } }
  }

  private let directory: TemporaryDirectory
  private let warnings = Warnings()
  private let cache: ResultCache
  private let key = CacheKey([.text("solver", "memory"), .number("baths.left.temperature", 0.1)])
  private let payload = Payload(name: "τ\n", numbers: [0.1, 1e-300, -0.0])

  init() throws {
    directory = try TemporaryDirectory()
    cache = try ResultCache(directory: "\(directory.path)/deep/store", warn: warnings.add)
  }

  @Test func whatIsSavedIsLoaded() throws {
    #expect(try cache.load(Payload.self, for: key) == nil)
    try cache.save(payload, for: key)
    #expect(try cache.load(Payload.self, for: key) == payload)
    try cache.save(5, for: key)
    #expect(try cache.load(Int.self, for: key) == 5)
    #expect(try FileManager.default.contentsOfDirectory(atPath: cache.directory) == ["\(key.digest).json"])
    #expect(warnings.all.isEmpty)
  }

  @Test func everyDamageIsNoticedAndOverwritten() throws {
    try cache.save(payload, for: key)
    let bytes = try Data(contentsOf: URL(filePath: cache.path(for: key)))
    for place in bytes.indices {
      var damaged = bytes
      damaged[place] ^= 1
      try damaged.write(to: URL(filePath: cache.path(for: key)))
      #expect(try cache.load(Payload.self, for: key) == nil, "byte \(place)")
    }
    #expect(warnings.all.count == bytes.count)
    for length in 0..<bytes.count {
      try bytes.prefix(length).write(to: URL(filePath: cache.path(for: key)))
      #expect(try cache.load(Payload.self, for: key) == nil, "length \(length)")
    }
    #expect(warnings.all.count == 2 * bytes.count)
    try cache.save(payload, for: key)
    #expect(try cache.load(Payload.self, for: key) == payload)
  }

  @Test func foreignEntriesAreNoticed() throws {
    let other = CacheKey([.text("solver", "markov")])
    try cache.save(payload, for: other)
    try FileManager.default.copyItem(atPath: cache.path(for: other), toPath: cache.path(for: key))
    #expect(try cache.load(Payload.self, for: key) == nil)
    #expect(warnings.all.map(\.reason) == ["it belongs to another key of the same hash"])
    #expect(try cache.load(Int.self, for: other) == nil)
    #expect(warnings.all.last?.reason == "its content is no Int")
  }

  @Test func valuesWithoutJSONAreRefused() throws {
    let error = #expect(throws: CacheError.self) { try cache.save(Payload(name: "", numbers: [1, .nan]), for: key) }
    #expect(error?.reason.hasSuffix("payload.numbers.1 is nan, not a finite number") == true)
    #expect(try FileManager.default.contentsOfDirectory(atPath: cache.directory).isEmpty)
  }

  @Test func directoryBelowAFile() throws {
    let file = try directory.write("file", "x".utf8)
    for path in [file, "\(file)/store"] {
      let error = #expect(throws: CacheError.self) { try ResultCache(directory: path) { _ in } }
      #expect(error?.path == path)
      #expect(error?.remedy.contains("--store") == true)
    }
  }

  @Test func directoryThatVanishedAndEntryThatIsADirectory() throws {
    try FileManager.default.createDirectory(atPath: cache.path(for: key), withIntermediateDirectories: true)
    #expect(throws: CacheError.self) { try cache.load(Payload.self, for: key) }
    #expect(throws: CacheError.self) { try cache.save(payload, for: key) }
    #expect(try FileManager.default.contentsOfDirectory(atPath: cache.directory) == ["\(key.digest).json"])
    try FileManager.default.removeItem(atPath: cache.directory)
    #expect(try cache.load(Payload.self, for: key) == nil)
    let error = #expect(throws: CacheError.self) { try cache.save(payload, for: key) }
    #expect(error?.reason == "the entry cannot be written: No such file or directory")
  }

  @Test(.enabled(if: getuid() != 0)) func directoryWithoutPermission() throws {
    chmod(cache.directory, 0o500)
    defer { chmod(cache.directory, 0o700) }
    let error = #expect(throws: CacheError.self) { try cache.save(payload, for: key) }
    #expect(error?.description.contains("Permission denied (change its permissions") == true)
    #expect(throws: CacheError.self) { try ResultCache(directory: cache.directory) { _ in } }
  }

  @Test func concurrentWritersNeverShowHalfAnEntry() async throws {
    let values = (0..<8).map { Payload(name: "\($0)", numbers: Array(repeating: Double($0), count: 2000)) }
    let (cache, key) = (cache, key)
    try await withThrowingTaskGroup { group in
      for value in values {
        group.addTask {
          for _ in 0..<10 {
            try cache.save(value, for: key)
            let found = try cache.load(Payload.self, for: key)
            #expect(found.map(values.contains) == true)
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(warnings.all.isEmpty)
    #expect(try FileManager.default.contentsOfDirectory(atPath: cache.directory).count == 1)
  }

  @Test func keysAreStableAndTellDifferentModelsApart() throws {
    #expect(CacheKey([]).digest == "6c62272e07bb014262b821756295c58d")
    #expect(CacheKey([.text("a", "b")]).digest == "6970f79c1b757277b806e976e0b39d2b")  // of "a=b\n", computed elsewhere
    #expect(CacheKey([.text("a\nb=1", "c\\")]).description == "a\\nb\\=1=c\\\\\n")
    var digests: Set<String> = []
    var count = 0
    for file in try exampleFiles() {
      let experiment = try Experiment(contentsOfFile: file)
      for point in experiment.points() {
        let lines = CacheKey.lines(for: point.model) + CacheKey.lines(for: experiment.run)
        digests.insert(CacheKey(lines).digest)
        count += 1
      }
    }
    #expect(digests.count == count)
  }
}
