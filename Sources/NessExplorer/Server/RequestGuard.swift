import Foundation
import HTTPTypes
import Hummingbird
import NIOHTTP1

/// Stands before every request: turns foreign pages, foreign names and who does not know the token away, gives errors their
/// form, and adds the headers that keep the page to itself.
package struct RequestGuard<Context: RequestContext>: RouterMiddleware {
  private let host: Authority.Host
  private let token: AccessToken?
  private let tokenPage: Data?
  private let isFramed: Bool

  /// - Parameters:
  ///   - host: address that the server listens on.
  ///   - token: what a request must carry; nil for nothing.
  ///   - tokenPage: shown to a browser that does not carry it.
  ///   - isFramed: whether pages of other programs, notebooks, may show the page within theirs. There it has no cookies, so
  ///     that its address keeps the token.
  package init(host: String, token: AccessToken? = nil, tokenPage: Data? = nil, isFramed: Bool = false) {
    self.isFramed = isFramed
    self.host = Authority.host(host)
    self.token = token
    self.tokenPage = tokenPage
  }

  package func handle(
    _ request: Request, context: Context, next: (Request, Context) async throws -> Response
  ) async throws -> Response {
    var response: Response
    do {
      let authority = try admit(request)
      if let answer = try tokenAnswer(to: request, authority) {
        response = answer
      } else {
        response = try await next(request, context)
      }
    } catch let error as HTTPParserError {
      // What is no HTTP is answered and closed by the server.
      throw error
    } catch let fault as ToldFault {
      response = Response(
        status: HTTPResponse.Status(code: fault.reply.status), headers: [.contentType: fault.reply.type],
        body: ResponseBody(byteBuffer: ByteBuffer(bytes: fault.reply.body)))
    } catch {
      response = RequestFault(error).response
    }
    // Nothing from elsewhere, and nothing framed elsewhere without the token.
    response.headers[.contentSecurityPolicy] =
      "default-src 'self'; img-src 'self' data: blob:; base-uri 'none'; form-action 'self'; "
      + "frame-ancestors \(isFramed ? "*" : "'none'")"
    response.headers[.xContentTypeOptions] = "nosniff"
    response.headers[named: "Referrer-Policy"] = "no-referrer"
    response.headers[named: "Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers[named: "Cross-Origin-Opener-Policy"] = "same-origin"
    if response.headers[.cacheControl] == nil { response.headers[.cacheControl] = "no-store" }
    return response
  }

  /// A page from elsewhere must not start simulations here, nor read results: neither by its own name (which its browser
  /// tells as the origin) nor by a name of its own for this machine (which comes as the host).
  private func admit(_ request: Request) throws -> Authority {
    guard let text = request.head.authority, request.headers[named: "Host"] == nil else {
      let count = request.head.authority == nil ? "no" : "more than one"
      throw RequestFault(status: .badRequest, message: "\(count) Host field", headers: [.connection: "close"])
    }
    guard let authority = Authority(text), isOwn(authority.host) else {
      throw RequestFault.forbidden("this server answers only to its own address, not to \(text.prefix(80))")
    }
    if let coding = request.headers[.transferEncoding], coding.lowercased() != "chunked" {
      throw RequestFault(
        status: .notImplemented, message: "Transfer-Encoding \(coding.prefix(80)): only chunked is known",
        headers: [.connection: "close"])
    }
    if let wish = request.headers[.expect], wish.lowercased() != "100-continue" {
      throw RequestFault(
        status: .expectationFailed, message: "Expect \(wish.prefix(80)): only 100-continue is known",
        headers: [.connection: "close"])
    }
    if let origin = request.headers[.origin], origin != "http://\(text)" {
      throw RequestFault.forbidden("requests from pages of \(origin.prefix(80)) are not answered")
    }
    // The same site is every port of this machine, where others may have their pages. A link that is followed is neither.
    let isLink = request.method == .get && request.headers[named: "Sec-Fetch-Mode"] == "navigate"
    if let site = request.headers[named: "Sec-Fetch-Site"], ["cross-site", "same-site"].contains(site), !isLink {
      throw RequestFault.forbidden("requests from other sites are not answered")
    }
    return authority
  }

  /// Nil for a request that carries the token, or needs none. The address that is printed carries it; the page gets a cookie
  /// instead, so that it is neither in the history nor in a link that is sent on.
  private func tokenAnswer(to request: Request, _ authority: Authority) throws -> Response? {
    let path = request.uri.path
    guard let token, !path.hasPrefix("/assets/"), path != "/favicon.ico" else { return nil }
    // A cookie goes to every port of a host: each server has one of its own.
    let cookie = "ness-\(authority.port ?? 80)"
    let query = request.query("token")
    if token.isCarried(by: request.head, cookie: cookie, query: query) {
      guard path == "/", query != nil, !isFramed else { return nil }
      return Response(
        status: .seeOther,
        headers: [.location: "/", .setCookie: "\(cookie)=\(token.text); Path=/; HttpOnly; SameSite=Lax"])
    }
    if path == "/", let tokenPage {
      return Response(
        status: .unauthorized,
        headers: [.contentType: "text/html; charset=utf-8", .wwwAuthenticate: "Bearer realm=\"ness\""],
        body: ResponseBody(byteBuffer: ByteBuffer(bytes: tokenPage)))
    }
    throw RequestFault.unauthorized(
      "this needs the token of the address that ness serve printed: as a field \"Authorization: Bearer TOKEN\", or as "
        + "?token=TOKEN")
  }

  /// Whether a `Host` field names this server.
  package func isOwn(_ authority: String) -> Bool { Authority(authority).map { isOwn($0.host) } ?? false }

  private func isOwn(_ name: Authority.Host) -> Bool {
    if name == host || Self.loopback.contains(name) { return true }
    // Who listens on every address is reached by any of them: by its number, which no foreign page can be named.
    guard Self.every.contains(host), case .address = name else { return false }
    return true
  }

  private static var loopback: [Authority.Host] { ["localhost", "127.0.0.1", "::1"].map(Authority.host) }
  private static var every: [Authority.Host] { ["0.0.0.0", "::"].map(Authority.host) }
}

extension HTTPFields {
  /// The value of a field by its name in plain letters.
  subscript(named name: String) -> String? {
    get { HTTPField.Name(name).flatMap { self[$0] } }
    set { if let name = HTTPField.Name(name) { self[name] = newValue } }
  }
}
