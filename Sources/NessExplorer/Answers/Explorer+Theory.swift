import Foundation
import Hummingbird
import NessModel
import NessRecord
import NessStudy

extension Explorer {
  /// Bounds within which the explorer answers at once; `ness theory` and `ness run` have none.
  struct Limits: Encodable {
    let bodyBytes = Request.mostBytes
    let points = 500
    let sites = 2000
    let levels = 256
    let particles = 5000
    let replicas = 4096
    let waitingRuns = RunOffice.mostWaiting
  }

  static let limits = Limits()
  /// Longest time for the theory of one request [s].
  private static let theoryTime = 10.0

  func about() -> Response {
    struct About: Encodable {
      let ness: String
      let threads: Int
      let store: String
      let storeIsWritable: Bool
      let limits: Limits
    }
    return Response(
      json: About(
        ness: surroundings.version, threads: surroundings.threads, store: surroundings.storeDirectory,
        storeIsWritable: !store.isReadOnly, limits: Self.limits))
  }

  /// The complete tree of an experiment, and its file.
  func experiment(_ request: Request) async throws -> Response {
    struct Complete: Encodable {
      let experiment: ExperimentTree
      let file: String
    }
    let experiment = try await request.experiment()
    return Response(json: Complete(experiment: ExperimentTree(experiment), file: experiment.yaml()))
  }

  /// Theory along the sweep of an experiment.
  func theory(_ request: Request) async throws -> Response {
    let experiment = try await request.experiment()
    let profile = try request.query("profile").map(Self.flag)
    let wanted = request.query("quantities").map { Set($0.split(separator: ",").map(String.init)) }
    try Self.check(experiment)
    return try await gate.run {
      let end = Date().addingTimeInterval(Self.theoryTime)
      var document: ResultDocument
      do {
        document = try RefinedStudy(Study(experiment, threads: surroundings.threads)).theory(
          profile: profile ?? false, shouldStop: { Date() > end })
      } catch is Interrupted {
        throw RequestFault.unusable(
          "this takes longer than \(Int(Self.theoryTime)) s: ask for fewer points, or save the file and use ness theory"
        )
      }
      document.ness = surroundings.version
      if let wanted { document.keep(wanted) }
      return Response(json: document)
    }
  }

  private static func flag(_ text: String) throws -> Bool {
    guard let flag = Bool(text) else { throw RequestFault.badRequest("profile=\(text): expected true or false") }
    return flag
  }

  /// Refuses what would take long.
  package static func check(_ experiment: Experiment) throws {
    var faults: [FileFault] = []
    func bound(_ key: String, _ value: Int, _ most: Int) {
      if value > most, !faults.contains(where: { $0.key == key }) {
        faults.append(
          FileFault(
            key: key, found: "\(value)", expected: "at most \(most) here",
            remedy: "save the file; ness theory and ness run have no such bound"))
      }
    }
    let points = experiment.points()
    bound("sweep", points.count, limits.points)
    bound("run.replicas", experiment.run.replicas, limits.replicas)
    for point in points {
      switch point.model {
      case .chain(let chain):
        bound("medium.sites", chain.medium.sites, limits.sites)
        for (attachment, bath) in chain.particleBaths {
          bound("baths.\(attachment.name).count", bath.count, limits.particles)
        }
      case .box: break
      case .quantumBox(let box):
        bound("medium.levels", box.medium.levels ?? 0, limits.levels)
        bound("medium.hbar", box.medium.levels == nil ? Self.levelsNeeded(box) : 0, limits.levels)
      }
    }
    guard faults.isEmpty else { throw ExperimentError(faults: faults) }
  }

  /// Levels up to thirty times the highest temperature, roughly as many as are taken.
  private static func levelsNeeded(_ box: QuantumBoxModel) -> Int {
    let hottest = box.attachments.map(\.bath.temperature).max() ?? 0
    let lowest = box.medium.energy(ofLevel: 1)
    return Int(min(1e9, (30 * hottest / lowest).squareRoot()))
  }
}

extension ResultDocument {
  /// Keeps only some quantities, by their name or by what comes before `[` or `.` in it.
  fileprivate mutating func keep(_ wanted: Set<String>) {
    for index in points.indices {
      points[index].estimates.removeAll { entry in
        let name = "\(entry.quantity)"
        let family = name.prefix { $0 != "[" && $0 != "." }
        return !wanted.contains(name) && !wanted.contains(String(family))
      }
    }
  }
}
