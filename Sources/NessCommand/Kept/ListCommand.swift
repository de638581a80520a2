import NessStatistics
import ArgumentParser
import Foundation
import NessModel
import NessReport
import NessSampling
import NessStore

/// `ness list`: what the store holds.
struct List: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List the results that are kept, newest first.",
    discussion: """
      One line for each result: name, title, what the value is, swept parameters, value with its error, why the run ended, when \
      it began (UTC), the engines that computed it with their versions. Work that was cut short is marked unfinished. Results of \
      an older version whose numbers may differ are marked older; they are shown, exported and plotted with that mark, and \
      computed again when you ask for them. On a terminal, titles and parameters that have no room in a \
      line are cut, with ….

      EXAMPLES
        ness list
        ness list --title "hot particles" --limit 20
        ness list --unfinished
        ness list --format json
      """)

  @Option(help: "Only results whose title contains this.") var title: String?
  @Flag(help: "Only work that has begun and has no result yet.") var unfinished = false
  @Option(help: ArgumentHelp("At most this many.", valueName: "number")) var limit: Int?
  @OptionGroup var options: StoreOptions

  func run() throws {
    if let limit, limit < 1 { throw UnusableInput("--limit \(limit): expected at least 1") }
    let results = try options.withStore { try $0.results(title: title, unfinished: unfinished, limit: limit) }
    switch options.format {
    case .json: Console.result(Self.json(results))
    case .text:
      if results.isEmpty { return Console.note("no results") }
      Console.result(Self.text(results))
    }
  }

  private static func text(_ results: [StoredResult]) -> String {
    var table = TextTable(columns: [
      .init("name"), .init("title"), .init("quantity"), .init("at"), .init("value", alignment: .decimal),
      .init("ended"), .init("began"), .init("engines"),
    ])
    let rows = concurrentMap(count: results.count, threads: ProcessInfo.processInfo.activeProcessorCount) { index in
      let summary = results[index].summary
      return [
        results[index].shortName, summary.title, summary.quantity, summary.place, summary.valueText,
        results[index].isFinished ? summary.stopReason ?? "" : "unfinished", summary.started,
        results[index].enginesInWords,
      ]
    }
    for row in rows { table.append(row) }
    // What reads a pipe wants all of it.
    return (TextStyle.terminalWidth.map { table.shortened(to: $0, columns: [1, 3]) } ?? table).text()
  }

  private static func json(_ results: [StoredResult]) -> String {
    let lines = results.map { "  " + $0.json(isOlder: $0.isOlder) }
    return "{\"results\": [" + (lines.isEmpty ? "" : "\n" + lines.joined(separator: ",\n") + "\n") + "]}\n"
  }
}

extension ResultSummary {
  /// The swept parameters in words.
  var place: String { parameters.map { "\($0.path) = \(formatted($0.value))" }.joined(separator: ", ") }

  /// The value with its error.
  var valueText: String {
    guard let value else { return "" }
    return formatted(value, error: uncertainty ?? 0)
  }
}
