import Foundation
import Hummingbird
import NessFiles
import NessModel
import NessStudy

extension Explorer {
  typealias Handler = @Sendable (Request, ExplorerContext) async throws -> Response

  package struct Route {
    package let path: String
    package let method: HTTPRequest.Method
    let handler: Handler

    init(_ path: String, _ method: HTTPRequest.Method = .get, _ handler: @escaping Handler) {
      self.path = path
      self.method = method
      self.handler = handler
    }
  }

  /// What is answered, at which path, by which method.
  package var routes: [Route] {
    let assets = page.files.keys.filter { $0.hasPrefix("assets/") }
    return assets.map { name in Route("/\(name)") { _, _ in file(name) } } + [
      Route("/") { _, _ in file("index.html") },
      Route("/favicon.ico") { _, _ in file("assets/favicon.svg") },
      Route("/api/about") { _, _ in about() },
      Route("/api/schema") { _, _ in Response(json: CatalogueSchema(answers: SolverCatalogue.answers)) },
      Route("/api/openapi.json") { _, _ in file("openapi.json") },
      Route("/api/presets") { _, _ in Response(json: ["presets": presets]) },
      Route("/api/experiment", .post) { request, context in try await experiment(request, context) },
      Route("/api/theory", .post) { request, context in try await theory(request, context) },
      Route("/api/levels", .post) { request, context in try await levels(request, context) },
      Route("/api/twin", .post) { request, context in try await twin(request, context) },
      Route("/api/runs") { _, _ in Response(json: ["runs": runs.all.map(\.snapshot)]) },
      Route("/api/runs", .post) { request, context in try await startRun(request, context) },
      Route("/api/runs/:run") { _, context in Response(json: try run(context).snapshot) },
      Route("/api/runs/:run", .delete) { _, context in try removeRun(context) },
      Route("/api/runs/:run/events") { _, context in try runEvents(context) },
      Route("/api/runs/:run/stop", .post) { _, context in try stopRun(context) },
      Route("/api/scene", .post) { request, context in try await scene(request, context) },
      Route("/api/studies") { request, context in try await studies(request, context) },
      Route("/api/studies/:study") { request, context in try await study(request, context) },
      Route("/api/studies/:study/figures/:figure") { request, context in try await figure(request, context) },
    ]
  }

  /// The router: known paths by their methods; another method is told which there are.
  func router() -> Router<ExplorerContext> {
    let router = Router(context: ExplorerContext.self, options: [.autoGenerateHeadEndpoints])
    router.middlewares.add(
      RequestGuard(
        host: settings.host, token: settings.token, tokenPage: page.files["token.html"]?.bytes,
        isFramed: settings.isFramed))
    for (path, methods) in Dictionary(grouping: routes, by: \.path) {
      for route in methods { router.on(RouterPath(path), method: route.method, use: route.handler) }
      var allowed = methods.map(\.method)
      if allowed.contains(.get) { allowed.append(.head) }
      let fault = RequestFault(
        status: .methodNotAllowed, message: "\(path) knows \(allowed.map(\.rawValue).joined(separator: ", "))",
        headers: [.allow: allowed.map(\.rawValue).joined(separator: ", ")])
      for method in Self.otherMethods where !allowed.contains(method) {
        router.on(RouterPath(path), method: method) { _, _ -> Response in throw fault }
      }
    }
    return router
  }

  private static let otherMethods =
    [.get, .head, .post, .put, .delete, .patch, .options, .trace, .connect]
    + [HTTPRequest.Method("QUERY")].compactMap(\.self)

  private func file(_ name: String) -> Response {
    guard let file = page.files[name] else { return RequestFault.notFound("there is no \(name)").response }
    return Response(
      status: .ok, headers: [.contentType: file.type, .cacheControl: "no-cache"],
      body: ResponseBody(byteBuffer: ByteBuffer(bytes: file.bytes)))
  }
}

extension Request {
  /// Largest body [bytes].
  static let mostBytes = 65536
  /// Longest time that a body may take to arrive.
  private static let mostTime = Duration.seconds(30)

  /// The body as text. A client that waits to be asked for it is asked here, when everything else is decided.
  ///
  /// - Throws: `RequestFault` if it is too large, too slow or no text.
  func bodyText(_ context: ExplorerContext) async throws -> String {
    if let length = headers[.contentLength].flatMap(Int.init), length > Self.mostBytes { throw Self.tooLarge }
    if headers[.expect] != nil { context.askForBody() }
    let end = ContinuousClock.now + Self.mostTime
    var bytes: [UInt8] = []
    for try await part in body {
      if bytes.count + part.readableBytes > Self.mostBytes { throw Self.tooLarge }
      bytes += part.readableBytesView
      if ContinuousClock.now > end {
        throw RequestFault(
          status: .requestTimeout, message: "the body takes too long to arrive", headers: [.connection: "close"])
      }
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw RequestFault.badRequest("the body is not text in UTF-8")
    }
    return text
  }

  private static var tooLarge: RequestFault {
    .tooLarge("the body is larger than \(mostBytes) bytes; run large experiments with ness run FILE")
  }

  /// A parameter of the address; nil if it is not given.
  func query(_ name: String) -> String? { uri.queryParameters[Substring(name)].map(String.init) }

  /// The quantities that are asked for, as words of `Questions`; nil if none are named.
  ///
  /// - Throws: `RequestFault` for a word that names none.
  func quantities() throws -> [String]? {
    guard let words = query("quantities")?.split(separator: ",").map(String.init) else { return nil }
    do throws(UnknownQuantity) {
      _ = try Questions(words: words)
      return words
    } catch {
      throw RequestFault.badRequest("quantities: \(error)")
    }
  }
}
