import Foundation
import Hummingbird
import NessRecord
import NessReport
import NessStudy

extension Explorer {
  /// What the store holds, by experiment.
  func studies(_ request: Request) async throws -> Response {
    struct Row: Encodable {
      let id: String
      let title: String
      let parameters: [String]
      let points: Int
      let finished: Int
      let started: String
      let hasFile: Bool
    }
    let search = request.query("search")
    return try await deskGate.run { [desk] in
      let rows = try desk.studies(search: search).map { study in
        Row(
          id: study.identifier, title: study.title, parameters: study.parameters, points: study.points,
          finished: study.finished, started: study.started ?? "", hasFile: study.fileText != nil)
      }
      return Response(json: ["studies": rows])
    }
  }

  /// One study with everything that is known of it.
  func study(_ context: BasicRequestContext) async throws -> Response {
    let name = context.parameters.get("study") ?? ""
    return try await deskGate.run { [desk] in Response(json: StudyDetail(try desk.open(name))) }
  }

  /// One file of a figure.
  func figure(_ request: Request, _ context: BasicRequestContext) async throws -> Response {
    let (study, name) = (context.parameters.get("study") ?? "", context.parameters.get("figure") ?? "")
    let scale = try request.query("scale").map { text in
      guard let scale = StudyFigures.Scale(rawValue: text) else {
        throw RequestFault.badRequest("scale=\(text.prefix(80)): expected linear or logLog")
      }
      return scale
    }
    return try await deskGate.run { [desk] in
      let file = try desk.figure(name, of: study, scale: scale)
      return Response(
        status: .ok, headers: [.contentType: file.type], body: ResponseBody(byteBuffer: ByteBuffer(bytes: file.bytes)))
    }
  }
}

/// A study as the page shows it.
private struct StudyDetail: Encodable {
  struct FigureRow: Encodable {
    let kind: String
    let title: String
  }

  struct Owner: Encodable {
    let id: String
    let parameters: [String: Double]
    let version: String?
    let machine: String?
    let command: String?
    let started: String
    let wallSeconds: Double
    let stopReason: String?

    init(_ entry: StoredStudy.Entry) {
      let summary = entry.result.summary
      id = entry.result.shortName
      parameters = Dictionary(summary.parameters.map { ($0.path, $0.value) }) { first, _ in first }
      version = entry.provenance.map { "Ness \($0.ness), engine \($0.engine)" }
      machine = entry.provenance?.machine
      command = entry.provenance?.command
      started = summary.started
      wallSeconds = summary.wallSeconds
      stopReason = summary.stopReason
    }
  }

  let id: String
  let title: String
  let file: String?
  let experiment: ExperimentTree?
  let document: ResultDocument
  let provenance: [Owner]
  let figures: [FigureRow]

  init(_ opened: StudyDesk.Opened) {
    id = opened.study.identifier
    title = opened.study.title
    file = opened.study.fileText
    experiment = opened.experiment.map(ExperimentTree.init)
    document = opened.numbers.document
    provenance = opened.study.entries.map(Owner.init)
    figures = opened.figures(nil).possible.map { FigureRow(kind: $0.kind.rawValue, title: $0.figure.title) }
  }
}
