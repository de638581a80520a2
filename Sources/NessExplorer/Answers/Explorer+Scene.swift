import Hummingbird

extension Explorer {
  func scene(_ request: Request) async throws -> Response {
    throw RequestFault.notFound("not yet")
  }
}

struct SceneStage: Sendable {}
