import Foundation
import Hummingbird
import NessFiles
import NessModel
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
    let waitingRuns = RunQueue.mostWaiting

    /// The most of a whole number of a medium or bath, by its key.
    func most(_ key: String) -> Int { ["sites": sites, "levels": levels][key] ?? particles }
  }

  static let limits = Limits()

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
        ness: settings.version, threads: settings.threads, store: settings.storeDirectory,
        storeIsWritable: !store.isReadOnly, limits: Self.limits))
  }

  /// The complete tree of an experiment, and its file.
  func experiment(_ request: Request, _ context: ExplorerContext) async throws -> Response {
    try await answer(.experiment(text: request.bodyText(context)), context)
  }

  /// Theory along the sweep of an experiment.
  func theory(_ request: Request, _ context: ExplorerContext) async throws -> Response {
    // Links of before asked for profiles and populations by a flag.
    let wantsAll = try request.query("profile").map(Self.flag) ?? false
    let words = try request.quantities() ?? (wantsAll ? [Questions.allWord] : nil)
    return try await answer(.theory(text: request.bodyText(context), quantities: words), context)
  }

  /// What goes on between the levels of a quantum box, at the first point of an experiment.
  func levels(_ request: Request, _ context: ExplorerContext) async throws -> Response {
    try await answer(.levels(text: request.bodyText(context)), context)
  }

  /// The twin of the model at the first point of an experiment, and its classical limit.
  func twin(_ request: Request, _ context: ExplorerContext) async throws -> Response {
    let hbar = try Self.positive(request.query("hbar"), "hbar", "Planck's constant over 2 pi of a quantum twin")
    return try await answer(.twin(text: request.bodyText(context), hbar: hbar ?? 1), context)
  }

  /// The same as a worker answers it.
  static func levelFlows(of experiment: Experiment) throws -> Reply {
    try Reply(json: SolverCatalogue.levelFlows(of: experiment.points()[0].model))
  }

  /// The answer of a worker, as long as somebody waits for it.
  func answer(_ question: Question, _ context: ExplorerContext) async throws -> Response {
    let reply = try await workshop.answer(question, isWanted: context.isWanted)
    return Response(
      status: HTTPResponse.Status(code: reply.status), headers: [.contentType: reply.type],
      body: ResponseBody(byteBuffer: ByteBuffer(bytes: reply.body)))
  }

  /// The experiment in the body of a request, once a worker has found it sound and within the bounds: only then it is
  /// known that reading it takes no longer than it should.
  func soundExperiment(_ request: Request, _ context: ExplorerContext) async throws -> Experiment {
    let text = try await request.bodyText(context)
    let reply = try await workshop.answer(.check(text: text), isWanted: context.isWanted)
    guard reply.status == 200 else { throw ToldFault(reply: reply) }
    return try await gate.run { try Experiment(yaml: text, file: "experiment") }
  }

  private static func flag(_ text: String) throws -> Bool {
    guard let flag = Bool(text) else {
      throw RequestFault.badRequest("profile=\(text.prefix(80)): expected true or false")
    }
    return flag
  }

  /// Refuses what would take long.
  package static func check(_ experiment: Experiment) throws {
    try SolverCatalogue.check(experiment)
    var faults: [FileFault] = []
    func bound(_ key: String, _ value: Int, _ most: Int, of things: String? = nil) {
      if value > most, !faults.contains(where: { $0.key == key }) {
        faults.append(
          FileFault(
            key: key, found: things.map { "\(value) \($0)" } ?? "\(value)", expected: "at most \(most) here",
            remedy: "save the file; ness theory and ness run have no such bound"))
      }
    }
    let points = experiment.points()
    bound("sweep", points.count, limits.points)
    bound("run.replicas", experiment.run.replicas, limits.replicas)
    for point in points {
      if let network = point.model.network {
        let key = experiment.medium.base is Network ? "medium.lattice" : "medium.sites"
        bound(key, network.medium.sites, limits.sites, of: "sites")
      }
      for (owner, parameters) in Self.parameters(of: point.model) {
        for parameter in parameters where parameter.isWhole && !parameter.name.hasPrefix("lattice") {
          bound("\(owner).\(parameter.name)", parameter.text.flatMap { Int($0) } ?? 0, limits.most(parameter.name))
        }
      }
      for implied in point.model.impliedNumbers {
        bound("medium.\(implied.key)", implied.value, limits.most(implied.number), of: implied.number)
      }
    }
    guard faults.isEmpty else { throw ExperimentError(faults: faults) }
  }

  /// The parameters of the medium and of each bath.
  private static func parameters(of model: AnyModel) -> [(owner: String, parameters: [DescribedParameter])] {
    [("medium", model.medium.parameters)] + model.attachments.map { ("baths.\($0.name)", $0.bath.parameters) }
  }
}

/// A fault that a worker has put into words.
struct ToldFault: Error {
  let reply: Reply
}
