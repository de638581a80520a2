import NessStatistics
import ArgumentParser
import Foundation
import NessFiles
import NessReport
import NessStore

/// `ness show`: everything that is kept of a result.
struct Show: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show everything about a result: numbers, run, provenance and input.",
    discussion: """
      EXAMPLES
        ness show 3fa94c
        ness show 3fa94c --format json
      """)

  @Argument(help: "Name of the result, as ness list shows it; enough digits to be unique.") var name: String
  @OptionGroup var options: StoreOptions

  func run() throws {
    let detail = try options.withStore { try $0.detail(of: $0.result(named: name)) }
    switch options.format {
    case .json: Console.result(try detail.json(isOlder: detail.result.isOlder))
    case .text: Console.result(Self.text(detail))
    }
  }

  private static func text(_ detail: StoredDetail) -> String {
    let summary = detail.result.summary
    var facts: [(String, String?)] = [
      ("name", detail.result.digest), ("title", summary.title), ("at", summary.place.isEmpty ? nil : summary.place),
      ("began", "\(summary.started), took \(formatted((summary.wallSeconds * 100).rounded() / 100)) s"),
      ("ended", detail.result.isFinished ? summary.stopReason : "unfinished"),
      ("engines", detail.result.engines.isEmpty ? nil : detail.result.enginesInWords),
    ]
    if let owner = detail.provenance {
      facts += [
        ("Ness", owner.ness), ("machine", owner.machine), ("command", owner.command),
        ("file", owner.file),
      ]
    }
    var parts = [facts.compactMap { name, text in text.map { name.padded(to: 9) + $0 } }.joined(separator: "\n")]
    switch detail.content {
    case .point(var point):
      point.parameters = []
      parts.append(ResultText(ResultDocument(points: [point])).text)
    case .estimates(let estimates):
      parts.append(([summary.quantity] + estimates.map { "  " + formatted($0) }).joined(separator: "\n"))
    case nil:
      parts.append(summary.valueText.isEmpty ? "no result yet" : "so far \(summary.quantity) \(summary.valueText)")
    }
    let pieces = detail.pieces.map { "  \($0.index): done \(formatted($0.done)), \($0.bytes) bytes, \($0.updated)" }
    if !pieces.isEmpty { parts.append((["states to go on from:"] + pieces).joined(separator: "\n")) }
    parts.append(
      "computed from (what is not named has its default):\n"
        + detail.key.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n"))
    if let text = detail.provenance?.text { parts.append("experiment file:\n\(text)") }
    return parts.joined(separator: "\n\n")
  }
}

extension String {
  fileprivate func padded(to width: Int) -> String { self + String(repeating: " ", count: max(1, width - count)) }
}
