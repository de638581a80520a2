import Foundation
import Hummingbird
import NessFiles
import NessModel
import NessScenes

extension Explorer {
  /// Frames in a second, at most.
  private static let framesPerSecond = 30.0
  /// A picture ends after this time; the page asks for another one.
  private static let sceneTime = Duration.seconds(600)

  /// The system in motion: the scene, then frames. A slow reader gets fewer of them: nothing is kept for it.
  func scene(_ request: Request, _ context: ExplorerContext) async throws -> Response {
    let speed = try Self.positive(request.query("speed"), "speed", "model time per second")
    let pace = try Self.positive(request.query("pace"), "pace", "of the natural speed")
    let experiment = try await soundExperiment(request, context)
    let scene = try await gate.run { try Scene(experiment.points()[0], run: experiment.run) }
    let modelTime = pace.map { $0 * scene.description.naturalSpeed } ?? speed ?? 1
    try scenes.check()
    return Response(
      status: .ok, headers: [.contentType: "application/x-ndjson"],
      body: ResponseBody { [gate, scenes] writer in
        try await scenes.show {
          try await writer.write(ByteBuffer(string: OrderedJSON.text(of: scene.description, onOneLine: true)))
          let end = ContinuousClock.now + Self.sceneTime
          while ContinuousClock.now < end {
            let began = ContinuousClock.now
            let (line, isLast) = try await gate.run { try Self.frame(of: scene, modelTime) }
            try await writer.write(ByteBuffer(string: line))
            if isLast { break }
            try await Task.sleep(until: began + .seconds(1 / Self.framesPerSecond), clock: .continuous)
          }
        }
        try await writer.finish(nil)
      })
  }

  /// The next frame, or, if the motion has diverged, a last line that says why: the answer has begun already.
  private static func frame(of scene: Scene, _ speed: Double) throws -> (line: String, isLast: Bool) {
    do {
      return (try OrderedJSON.text(of: scene.advance(by: speed / framesPerSecond), onOneLine: true), false)
    } catch {
      return (try OrderedJSON.text(of: ["message": RequestFault(error).message], onOneLine: true), true)
    }
  }

  /// A number above 0 in an address; nil if it is not given.
  static func positive(_ text: String?, _ name: String, _ meaning: String) throws -> Double? {
    guard let text else { return nil }
    guard let number = Double(text), number > 0, number.isFinite else {
      throw RequestFault.badRequest("\(name)=\(text.prefix(80)): expected a finite number above 0 (\(meaning))")
    }
    return number
  }
}
