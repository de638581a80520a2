import HTTPTypes
import Hummingbird

/// Stands before every request: turns foreign pages and foreign names away, gives errors their form, and adds the headers
/// that keep the page to itself.
package struct RequestGuard<Context: RequestContext>: RouterMiddleware {
  /// Address that the server listens on.
  let host: String

  package init(host: String) { self.host = host }

  package func handle(
    _ request: Request, context: Context, next: (Request, Context) async throws -> Response
  ) async throws -> Response {
    var response: Response
    do {
      try admit(request)
      response = try await next(request, context)
    } catch {
      response = RequestFault(error).response
    }
    // Nothing from elsewhere, nothing embedded elsewhere.
    response.headers[.contentSecurityPolicy] =
      "default-src 'self'; img-src 'self' data: blob:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    response.headers[.xContentTypeOptions] = "nosniff"
    response.headers[named: "Referrer-Policy"] = "no-referrer"
    response.headers[named: "Cross-Origin-Resource-Policy"] = "same-origin"
    if response.headers[.cacheControl] == nil { response.headers[.cacheControl] = "no-store" }
    return response
  }

  /// A page from elsewhere must not start simulations here, nor read results: neither by its own name (which its browser
  /// tells as the origin) nor by a name of its own for this machine (which comes as the host).
  private func admit(_ request: Request) throws {
    guard let authority = request.head.authority, isOwn(authority) else {
      throw RequestFault.forbidden(
        "this server answers only to its own address, not to \(request.head.authority ?? "none")")
    }
    if let origin = request.headers[.origin], origin != "http://\(authority)" {
      throw RequestFault.forbidden("requests from pages of \(origin) are not answered")
    }
    if let site = request.headers[named: "Sec-Fetch-Site"], site == "cross-site", request.method != .get {
      throw RequestFault.forbidden("requests from other sites are not answered")
    }
  }

  package func isOwn(_ authority: String) -> Bool {
    let name = Self.withoutPort(authority).lowercased()
    if ["localhost", "127.0.0.1", "[::1]", host.lowercased(), "[\(host.lowercased())]"].contains(name) { return true }
    // Who listens on every address is reached by any of them: by its number, which no foreign page can be named.
    return ["0.0.0.0", "::"].contains(host) && name.allSatisfy { $0.isHexDigit || ".:[]".contains($0) }
  }

  static func withoutPort(_ authority: String) -> String {
    guard let colon = authority.lastIndex(of: ":"), authority[colon...].dropFirst().allSatisfy(\.isNumber),
      !authority[colon...].dropFirst().isEmpty
    else { return authority }
    return String(authority[..<colon])
  }
}

extension HTTPFields {
  /// The value of a field by its name in plain letters.
  subscript(named name: String) -> String? {
    get { HTTPField.Name(name).flatMap { self[$0] } }
    set { if let name = HTTPField.Name(name) { self[name] = newValue } }
  }
}
