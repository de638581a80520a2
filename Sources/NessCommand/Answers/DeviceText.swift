import NessStatistics
import Foundation
import NessFiles
import NessModel
import NessReport

/// What was found of a device: a table for every method, the verdicts, and what limits them.
struct DeviceText {
  let text: String

  /// - Parameter document: what stands above it; its title and what limits its points are not said again. nil for nothing.
  init(_ report: DeviceReport, style: TextStyle = .plain, below document: ResultDocument? = nil) {
    var parts = [document == nil ? report.title.map(style.bold) : nil].compactMap { $0 }
    let known = Set(document?.points.flatMap { $0.refusals.map(\.description) + $0.notes } ?? [])
    // A formula as printed is right or wrong; who wants it has the JSON.
    let shown = report.findings.filter { $0.claim.validity != .printed }
    parts += shown.compactMap { finding in
      let table = Self.table(report.rows.filter { $0.method == finding.method })
      return table.map { "\(report.device) by \(finding.method.rawValue)\n\($0)" }
    }
    var lines = shown.filter { $0.method != .simulation }.map { ($0.method.rawValue, $0.claim.sentence) }
    lines += shown.map { ("verdict", style.bold("\($0.method.rawValue): \($0.text)")) }
    lines += report.notes.filter { !known.contains($0) }.map { note in
      let isWarning = Note.isWarning(note)
      return (isWarning ? "warning" : "note", isWarning ? style.warn(Note.sentence(note)) : note)
    }
    if !lines.isEmpty { parts.append(alignedLines(lines)) }
    text = parts.joined(separator: "\n\n")
  }

  /// A line for every point.
  private static func table(_ rows: [DeviceReport.Row]) -> String? {
    guard let first = rows.first else { return nil }
    var names: [String] = []
    for number in rows.flatMap(\.numbers) where !names.contains(number.name) { names.append(number.name) }
    let hasPoints = !first.parameters.isEmpty
    var table = TextTable(
      columns: first.parameters.map { .init($0.path, alignment: .decimal) }
        + names.map { .init($0, alignment: .decimal) } + (hasPoints ? [.init("")] : []))
    for row in rows {
      table.append(
        row.parameters.map { formatted($0.value) }
          + names.map { name in row.numbers.first { $0.name == name }.map { formatted($0.estimate) } ?? "" }
          + (hasPoints ? [String(row.text.prefix { $0 != ":" && $0 != "," })] : []))
    }
    return table.text().trimmingCharacters(in: .newlines)
  }
}
