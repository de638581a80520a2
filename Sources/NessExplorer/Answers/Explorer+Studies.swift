import Hummingbird

extension Explorer {
  func studies(_ request: Request) async throws -> Response { throw RequestFault.notFound("not yet") }
  func study(_ context: BasicRequestContext) async throws -> Response { throw RequestFault.notFound("not yet") }
  func figure(_ request: Request, _ context: BasicRequestContext) async throws -> Response {
    throw RequestFault.notFound("not yet")
  }
}
