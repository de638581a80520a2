import Foundation
import Hummingbird
import NessFiles
import NessModel
import NessReport
import NessStudy

extension Explorer {
  /// What the store holds, by experiment.
  func studies(_ request: Request, _ context: ExplorerContext) async throws -> Response {
    try await answer(.studies(search: request.query("search")), context)
  }

  /// One study with some of its points and everything else that is known of it.
  func study(_ request: Request, _ context: ExplorerContext) async throws -> Response {
    func number(_ name: String, _ usual: Int, _ range: ClosedRange<Int>) throws -> Int {
      guard let text = request.query(name) else { return usual }
      guard let number = Int(text), range.contains(number) else {
        throw RequestFault.badRequest(
          "\(name)=\(text.prefix(80)): expected a whole number from \(range.lowerBound) to \(range.upperBound)")
      }
      return number
    }
    let page = StudyPage(
      offset: try number("offset", 0, 0...1_000_000_000),
      limit: try number("limit", StudyPage.usual, 0...StudyPage.most),
      quantities: try request.quantities())
    return try await answer(.study(name: context.parameters.get("study") ?? "", page: page), context)
  }

  /// One file of a figure.
  func figure(_ request: Request, _ context: ExplorerContext) async throws -> Response {
    let (study, name) = (context.parameters.get("study") ?? "", context.parameters.get("figure") ?? "")
    let scale = try request.query("scale").map { text in
      guard let scale = StudyFigures.Scale(rawValue: text) else {
        throw RequestFault.badRequest("scale=\(text.prefix(80)): expected linear or logLog")
      }
      return scale
    }
    return try await answer(.figure(name: name, study: study, scale: scale), context)
  }
}

/// A study as the page shows it.
struct StudyDetail: Encodable {
  struct FigureRow: Encodable {
    let kind: String
    let title: String
  }

  /// Results that one command computed.
  struct Origin: Encodable {
    let version: String?
    let machine: String?
    let command: String?
    var results = 0
    var started: String
    var wallSeconds = 0.0
  }

  let id: String
  let title: String
  let file: String?
  let experiment: ExperimentTree?
  /// Number of points, and the first of those that are here.
  let points: Int
  let offset: Int
  let document: ResultDocument
  let provenance: [Origin]
  let figures: [FigureRow]

  init(_ opened: StudyCache.Opened, _ page: StudyPage) {
    id = opened.study.identifier
    title = opened.study.title
    file = opened.study.fileText
    experiment = opened.experiment.map(ExperimentTree.init)
    let all = opened.numbers.document
    points = all.points.count
    offset = min(page.offset, all.points.count)
    var part = all
    part.points = Array(all.points[offset...].prefix(page.limit))
    if let questions = page.quantities.flatMap({ try? Questions(words: $0) }) { part.keep(questions) }
    document = part
    provenance = Self.origins(of: opened.study.entries)
    figures = opened.figureRows
  }

  private static func origins(of entries: [StoredStudy.Entry]) -> [Origin] {
    var places: [[String?]: Int] = [:]
    var origins: [Origin] = []
    for entry in entries {
      let summary = entry.result.summary
      let version = entry.version + (entry.result.isOlder ? " (older)" : "")
      let key = [version, entry.provenance?.machine, entry.provenance?.command]
      let place = places[key] ?? origins.count
      if place == origins.count {
        places[key] = place
        origins.append(Origin(version: version, machine: key[1], command: key[2], started: summary.started))
      }
      origins[place].results += 1
      origins[place].wallSeconds += summary.wallSeconds
      origins[place].started = min(origins[place].started, summary.started)
    }
    return origins
  }
}
