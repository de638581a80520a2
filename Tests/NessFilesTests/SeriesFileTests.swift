import Foundation
import NessFiles
import NessTestSupport
import Testing

/// Files of series: streamed, taken up again, cut, and at last archives that do not tell how they were made.
@Suite("Files of series along the time")
struct SeriesFileTests {
  private static func content(samples: Int, about: String = "{}") -> SeriesFile.Content {
    SeriesFile.Content(
      series: [("position", 2), ("heatFrom", 1)], replicas: 3, samples: samples, about: Data(about.utf8))
  }

  private static func fill(_ file: SeriesFile, samples: Range<Int>) {
    for (series, width) in [2, 1].enumerated() {
      for replica in 0..<3 {
        let values = samples.flatMap { sample in
          (0..<width).map { Double(1000 * series + 100 * replica) + Double(sample) + 0.25 * Double($0) }
        }
        values.withUnsafeBufferPointer { file.write($0, series: series, replica: replica, sample: samples.lowerBound) }
      }
    }
  }

  private static func finish(_ file: SeriesFile, _ samples: Int) throws -> Data {
    try file.finish(samples: samples, interval: 0.5, labels: [("site", ["1", "5"]), ("bath", ["hot"])])
    return try Data(contentsOf: URL(filePath: file.path))
  }

  @Test("the same bytes in one piece, in pieces, taken up again, and cut from a longer one", arguments: [1, 7, 1200])
  func sameBytes(samples: Int) throws {
    let folder = try TemporaryDirectory()
    let whole = try SeriesFile("\(folder.path)/whole.npz", Self.content(samples: samples))
    Self.fill(whole, samples: 0..<samples)
    let bytes = try Self.finish(whole, samples)
    #expect(SeriesFile.isFinished(whole.path, Self.content(samples: samples)))
    #expect(!SeriesFile.isFinished(whole.path, Self.content(samples: samples, about: "{ }")))

    let path = "\(folder.path)/pieces.npz"
    var first: SeriesFile? = try SeriesFile(path, Self.content(samples: samples))
    let token = try #require(first).token
    Self.fill(try #require(first), samples: 0..<(samples / 2 + 1))
    #expect(!SeriesFile.isFinished("\(path).part", Self.content(samples: samples)))
    // Another process that records there is refused as long as this one does.
    #expect(throws: OutputError.self) { try SeriesFile(path, Self.content(samples: samples)) }
    first = nil
    let second = try SeriesFile(path, Self.content(samples: samples))
    #expect(second.token == token)
    Self.fill(second, samples: (samples / 2)..<samples)
    #expect(try Self.finish(second, samples) == bytes)
    #expect(!FileManager.default.fileExists(atPath: "\(path).part"))

    let longer = try SeriesFile("\(folder.path)/longer.npz", Self.content(samples: 20 * samples))
    Self.fill(longer, samples: 0..<(15 * samples))
    #expect(try Self.finish(longer, samples) == bytes)
  }

  @Test("what was written for something else is not taken up")
  func another() throws {
    let folder = try TemporaryDirectory()
    let path = "\(folder.path)/series.npz"
    var file: SeriesFile? = try SeriesFile(path, Self.content(samples: 9, about: "{\"a\": 1}"))
    let token = try #require(file).token
    file = nil
    file = try SeriesFile(path, Self.content(samples: 9, about: "{\"a\": 2}"))
    #expect(file?.token != token)
    let other = file?.token
    file = nil
    file = try SeriesFile(path, Self.content(samples: 10, about: "{\"a\": 2}"))
    #expect(file?.token != other)
    file?.discard()
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
  }

  @Test("an archive that other programs check")
  func checked() throws {
    let folder = try TemporaryDirectory()
    let file = try SeriesFile("\(folder.path)/series.npz", Self.content(samples: 100))
    Self.fill(file, samples: 0..<100)
    let bytes = try Self.finish(file, 100)
    // The directory at the end has what the small members and the numbers need.
    for name in ["about.json", "position.npy", "heatFrom.npy", "time.npy", "site.npy", "bath.npy"] {
      var found = 0
      var rest = bytes[...]
      while let place = rest.firstRange(of: Data(name.utf8)) {
        found += 1
        rest = rest[place.upperBound...]
      }
      #expect(found == 2, "\(name)")
    }
    #expect(bytes.firstRange(of: Data("'shape': (3, 100, 2,)".utf8)) != nil)
  }
}
