import Foundation
import Hummingbird
import NessFiles
import NessModel

extension Explorer {
  /// Shortest time between two snapshots of a stream.
  private static let pause = Duration.milliseconds(200)
  /// Pauses after which a word is sent, so that a connection that is gone is noticed.
  private static let pausesPerWord = 50

  func startRun(_ request: Request, _ context: ExplorerContext) async throws -> Response {
    struct Started: Encodable { let id: String }
    let asked = try await soundExperiment(request, context)
    guard asked.medium.isSampled else {
      throw RequestFault.unusable("a quantum box is computed exactly: there is nothing to simulate")
    }
    // Kept with the store as its provenance: the whole experiment as a file.
    let experiment = try await gate.run { try Experiment(yaml: asked.yaml(), file: "explorer.yaml") }
    let run = try runs.start(experiment)
    return Response(json: Started(id: run.identifier), status: .accepted)
  }

  func run(_ context: ExplorerContext) throws -> LiveRun { try runs.run(context.parameters.get("run") ?? "") }

  func stopRun(_ context: ExplorerContext) throws -> Response {
    let run = try run(context)
    run.stop()
    return Response(json: run.snapshot, status: .accepted)
  }

  func removeRun(_ context: ExplorerContext) throws -> Response {
    try runs.remove(run(context).identifier)
    return Response(status: .noContent)
  }

  /// Snapshots of a run as they change. A slow reader gets fewer of them: nothing is kept for it.
  func runEvents(_ context: ExplorerContext) throws -> Response {
    let run = try run(context)
    return Response(
      status: .ok, headers: [.contentType: "text/event-stream"],
      body: ResponseBody { writer in
        var shown = -1
        var silence = 0
        while true {
          // The state is read first: what changes after it is sent the next time.
          let (isEnded, version) = (run.state.isEnded, run.version)
          if version != shown {
            shown = version
            silence = 0
            let text = try OrderedJSON.text(of: run.snapshot, onOneLine: true)
            try await writer.write(ByteBuffer(string: "event: snapshot\ndata: \(text)\n"))
          } else if silence == Self.pausesPerWord {
            silence = 0
            try await writer.write(ByteBuffer(string: ": still here\n\n"))
          }
          if isEnded { break }
          silence += 1
          try await Task.sleep(for: Self.pause)
        }
        try await writer.write(ByteBuffer(string: "event: end\ndata: {}\n\n"))
        try await writer.finish(nil)
      })
  }
}
