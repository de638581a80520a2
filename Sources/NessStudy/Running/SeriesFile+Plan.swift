import Foundation
import NessFiles
import NessModel
import NessSampling
import NessStore

extension SeriesFile: SeriesKeeper {}

/// What is recorded of one point of a study, and where.
struct PointRecording: Sendable {
  let plan: SeriesPlan
  /// Where the file will be.
  let path: String
  let content: SeriesFile.Content
  /// What the states of a recorded run depend on: they are apart from those of other runs, whose samples are nowhere.
  let work: (key: CacheKey, family: CacheKey)

  /// Texts of the axes by name; what says which number of a sample is which.
  var labels: [(name: String, texts: [String])] {
    var known: Set<String> = []
    return plan.series.map { (Self.axisName($0), $0.axis.labels) }.filter { known.insert($0.0).inserted }
  }

  /// Every particle bath has an axis of its own.
  static func axisName(_ series: SeriesPlan.Series) -> String {
    series.name.hasPrefix(RecordedQuantity.particles.rawValue) ? "\(series.name).particle" : series.axis.name
  }

  /// Whether the finished file is there.
  var isFinished: Bool { SeriesFile.isFinished(path, content) }
}

/// `about.json` of a recording: equal runs say the same.
private struct RecordingDescription: Encodable {
  struct Array: Encodable {
    let axes: [String]
    let dimension: String
    let meaning: String
  }

  struct Point: Encodable {
    let parameter: String
    let value: Double
  }

  let ness: String
  let title: String?
  let point: [Point]
  let result: String
  let seed: UInt64
  let replicas: Int
  let timeStep: Double?
  let stepsPerSample: Int?
  let interval: Double
  let time: String
  let arrays: Arrays

  /// By name, in the order in which they were asked for.
  struct Arrays: Encodable {
    let named: [(name: String, array: Array)]

    private struct Name: CodingKey {
      let stringValue: String
      var intValue: Int? { nil }
      init(stringValue: String) { self.stringValue = stringValue }
      init?(intValue: Int) { nil }
    }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: Name.self)
      for (name, array) in named { try container.encode(array, forKey: Name(stringValue: name)) }
    }
  }
}

extension SeriesPlan {
  /// What is recorded, in a sentence.
  var note: String {
    let names = series.map(\.name).joined(separator: ", ")
    let steps =
      !isStepped
      ? "every \(interval.short)"
      : stepsPerSample == 1 ? "every step" : "every \(interval.short) (\(stepsPerSample) steps)"
    let whose = replicas == 1 ? "one replica" : "\(replicas) replicas"
    return "records \(names) of \(whose) \(steps), at most \(samples) samples: \(Study.size(bytes))"
  }
}

extension Study {
  /// What is recorded of a point, in a folder; nil if nothing is.
  func recording(of point: ExperimentPoint, _ plan: SimulationPlan, in folder: String) throws -> PointRecording? {
    guard let request = experiment.run.record, let series = plan.recorded else { return nil }
    let key = key(of: point)
    let arrays = series.series.map { each in
      (
        each.name,
        RecordingDescription.Array(
          axes: ["replica", "time", PointRecording.axisName(each)], dimension: each.dimension, meaning: each.meaning)
      )
    }
    let about = RecordingDescription(
      ness: nessVersion, title: experiment.title,
      point: point.parameters.map { .init(parameter: $0.path, value: $0.value) }, result: key.digest,
      seed: experiment.run.seed, replicas: series.replicas, timeStep: series.isStepped ? series.timeStep : nil,
      stepsPerSample: series.isStepped ? series.stepsPerSample : nil, interval: series.interval,
      time:
        "time since the end of the burn-in at which a sample was taken; heats and flows are means over the interval before",
      arrays: .init(named: arrays))
    let content = SeriesFile.Content(
      series: series.series.map { ($0.name, $0.width) }, replicas: series.replicas, samples: series.samples,
      about: Data(try OrderedJSON.text(of: about).utf8))
    let lines = CacheKey.lines(for: point.model) + CacheKey.lines(for: experiment.run)
    let record = [CacheKey.Line.text("run.record", request.text)]
    let engines = SolverCatalogue.simulatingEngines(of: point.model)
    let family = CacheKey.lines(for: point.model) + CacheKey.familyLines(for: experiment.run) + record
    return PointRecording(
      plan: series, path: "\(folder)/\(Self.fileName(of: point, key)).npz", content: content,
      work: (
        CacheKey(Job.head("recording", by: engines) + lines + record),
        CacheKey(Job.head("state of recording", by: engines) + family)
      ))
  }

  /// The swept parameters with their values, or `series` without a sweep.
  private static func fileName(of point: ExperimentPoint, _ key: CacheKey) -> String {
    if point.parameters.isEmpty { return "series" }
    let name = point.parameters.map { "\($0.path)=\($0.value)" }.joined(separator: ",")
    return name.utf8.count <= 200 ? name : key.digest
  }

  /// Shows that what is to be recorded has room, and makes the folder.
  func checkRoom(for recordings: [PointRecording], in folder: String) throws {
    func refuse(_ reason: String) throws -> Never {
      throw PointFailure(ofAll: "run.record: \(reason)")
    }
    let remedy =
      "a longer run.record.every, fewer quantities, sites or replicas, or a shorter run.record.duration need less"
    let sizes = recordings.map(\.content.bytes)
    if let largest = sizes.max(), largest > SeriesFile.mostBytes {
      try refuse(
        "a file would have \(Self.size(largest)), more than the \(Self.size(SeriesFile.mostBytes)) that it may have: \(remedy)"
      )
    }
    do throws(OutputError) { try OutputFile("\(folder)/series.npz").prepare() } catch { try refuse("\(error)") }
    let needed = recordings.reduce(0) { $0 + max(0, $1.content.bytes - Self.bytes(onDisk: "\($1.path).part")) }
    if let free = Self.freeBytes(folder), needed > 0.98 * free {
      try refuse("\(Self.size(needed)) would be written, and \(folder) has room for \(Self.size(free)): \(remedy)")
    }
  }

  /// Bytes in words and as a number.
  static func size(_ bytes: Double) -> String {
    let (unit, name) = bytes < 1e6 ? (1e3, "kB") : bytes < 1e9 ? (1e6, "MB") : (1e9, "GB")
    return "\((bytes / unit).text(digits: 3)) \(name) (\(UInt64(min(bytes, 1e18))) bytes)"
  }

  /// What a file takes on the disk already [bytes].
  private static func bytes(onDisk path: String) -> Double {
    var status = stat()
    return stat(path, &status) == 0 ? 512 * Double(status.st_blocks) : 0
  }

  private static func freeBytes(_ folder: String) -> Double? {
    var status = statvfs()
    guard statvfs(folder, &status) == 0 else { return nil }
    return Double(status.f_bavail) * Double(status.f_frsize)
  }
}
