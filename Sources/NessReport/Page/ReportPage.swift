import NessStatistics
import Foundation
import NessFiles

/// A report as one HTML file that needs nothing else: styles inside, figures inside as SVG, light and dark.
///
/// The markup is also well-formed XML.
package struct ReportPage: Sendable {
  private let report: Report
  private let directory: URL
  private let notes: [String: [String]]

  /// A page for the figures that lie in `directory` (as `FigureRenderer` writes them; one that is not there is named
  /// as missing). `notes` are shown below the figure with that identifier.
  package init(_ report: Report, directory: URL, notes: [String: [String]] = [:]) {
    self.report = report
    self.directory = directory
    self.notes = notes
  }

  /// A page for a report whose figures were drawn into one directory, with their notes.
  package init(_ report: Report, directory: URL, figures: [RenderedFigure]) {
    let notes = Dictionary(figures.map { ($0.identifier, $0.notes) }) { first, _ in first }
    self.init(report, directory: directory, notes: notes)
  }

  /// Writes `report.html` into the directory, whole or not at all, and tells where it is.
  ///
  /// Throws `FigureError.notWritable`.
  @discardableResult package func write() throws(FigureError) -> URL {
    let place = directory.appendingPathComponent("report.html")
    do {
      try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
      try OutputFile(place.path(percentEncoded: false)).write(Data(html.utf8))
    } catch let error as OutputError {
      throw FigureError.notWritable(path: place.path, reason: error.reason)
    } catch {
      throw FigureError.notWritable(path: place.path, reason: error.localizedDescription)
    }
    return place
  }

  /// The page.
  package var html: String {
    let title = MathText.escapedForHTML(MathText(report.title).words)
    return """
      <!DOCTYPE html>
      <html xmlns="http://www.w3.org/1999/xhtml" lang="en">
      <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <title>\(title)</title>
      <style>
      \(StyleSheet.text)
      </style>
      </head>
      <body>
      <div class="page">
      \(header)
      <main>
      \(sections.filter { !$0.body.isEmpty }.map(Self.html).joined(separator: "\n"))
      </main>
      </div>
      </body>
      </html>

      """
  }

  private var header: String {
    let entries = sections.filter { !$0.body.isEmpty }.map { section in
      "<li><a href=\"#\(section.anchor)\">\(section.title)</a></li>"
    }
    return """
      <header>
      <h1>\(Self.plain(report.title))</h1>
      <p class="reference">\(Self.linked(report.reference))</p>
      <p class="summary">\(Self.prose(report.summary))</p>
      <nav aria-label="Contents"><ul>\(entries.joined())</ul></nav>
      </header>
      """
  }

  /// A part of the page with its heading; without a body it is left out.
  private struct Section {
    var anchor: String
    var title: String
    var body: String
  }

  private static func html(_ section: Section) -> String {
    "<section id=\"\(section.anchor)\">\n<h2>\(section.title)</h2>\n\(section.body)\n</section>"
  }

  private var sections: [Section] {
    [
      Section(anchor: "claims", title: "Claims", body: claims),
      Section(anchor: "figures", title: "Figures", body: report.figures.map(figure).joined(separator: "\n")),
      Section(anchor: "formulas", title: "Formulas", body: formulas),
      Section(anchor: "parameters", title: "Parameters", body: parameters),
      Section(anchor: "provenance", title: "Provenance", body: provenance),
    ]
  }
}

// MARK: - Sections

extension ReportPage {
  private var claims: String {
    guard !report.claims.isEmpty else { return "" }
    let items = report.claims.map { claim in
      "<li>\(claim.verdict.badge)<p>\(Self.prose(claim.statement))</p>"
        + "<p class=\"evidence\">\(Self.prose(claim.evidence))</p></li>"
    }
    return "<ol class=\"claims\">\n\(items.joined(separator: "\n"))\n</ol>"
  }

  private func figure(_ figure: Figure) -> String {
    let files = ["svg", "pdf", "png", "csv", "gp"].filter { kind in
      FileManager.default.fileExists(atPath: file(figure, kind).path)
    }
    let links = files.map { "<a href=\"\(figure.fileStem).\($0)\">\($0.uppercased())</a>" }
    let remarks = (notes[figure.identifier] ?? []).map { "<p class=\"note\">\(Self.plain($0)).</p>" }
    return """
      <figure id="\(figure.fileStem)">
      <h3>Figure \(Self.plain(figure.identifier)). \(Self.prose(figure.title))</h3>
      <div class="card">\(picture(of: figure))</div>
      <figcaption>
      <p>\(Self.prose(figure.caption))</p>
      \(remarks.joined())
      <p class="files">\(links.joined(separator: " "))</p>
      </figcaption>
      </figure>
      """
  }

  private func file(_ figure: Figure, _ kind: String) -> URL {
    directory.appendingPathComponent("\(figure.fileStem).\(kind)")
  }

  private func picture(of figure: Figure) -> String {
    guard let picture = try? Data(contentsOf: file(figure, "svg")) else {
      return "<p class=\"absent\">Not drawn: \(figure.fileStem).svg is missing.</p>"
    }
    let words = "\(figure.title): \(figure.vertical.label) against \(figure.horizontal.label)"
    let alternative = MathText.escapedForHTML(MathText(words).words)
    let image = "<img alt=\"\(alternative)\" src=\"data:image/svg+xml;base64,\(picture.base64EncodedString())\" />"
    return "<a href=\"\(figure.fileStem).svg\">\(image)</a>"
  }

  private var formulas: String {
    let header = [
      "Formula", "Printed", "Corrected", "Independent", "Printed / indep.", "Corrected / indep.", "Within", "z",
      "Verdict",
    ]
    let rows = report.formulas.map { check in
      let isRight = check.printed == check.corrected
      return [
        Cell(Self.prose(check.location)),
        Cell(Self.pair(Self.prose(check.printedText), check.printedValue.map { NumberText($0) }), "formula"),
        Cell(
          Self.pair(isRight ? "as printed" : Self.prose(check.corrected), NumberText(check.correctedValue)), "formula"),
        Cell(
          "<span class=\"number\">\(Self.number(check.independentText))</span><br />"
            + "<span class=\"note\">\(Self.prose(check.route + (check.limitText.map { ". Not limited: " + $0 } ?? "")))</span>",
          "words"),
        Cell(Self.plain(FormulaCheck.text(check.factor)), "number"),
        Cell(Self.plain(FormulaCheck.text(check.correctedFactor)), "number"),
        Cell(Self.plain(check.toleranceText), "number"), Cell(Self.plain(check.zText), "number"),
        Cell(check.verdict.badge),
      ]
    }
    return Self.table(
      "The formulas behind the reproduction, each against a number that was obtained without it. \(FormulaCheck.legend)",
      header, rows)
  }

  /// A formula above its value.
  private static func pair(_ formula: String, _ value: NumberText?) -> String {
    guard let value else { return formula }
    return "\(formula)<br /><span class=\"number\">= \(number(value))</span>"
  }

  private var parameters: String {
    let rows = report.parameters.map { parameter in
      [
        Cell(Self.prose(parameter.symbol)), Cell(Self.prose(parameter.meaning), "words"),
        Cell(Self.prose(parameter.value)), Cell(parameter.source.words), Cell(Self.prose(parameter.remark), "words"),
      ]
    }
    return Self.table(
      "The parameters of the reproduction: given in the paper (or in what is public of it), inferred from it, or ours.",
      ["Symbol", "Meaning", "Value", "Source", "Remark"], rows)
  }

  private var provenance: String {
    guard !report.provenance.isEmpty else { return "" }
    let facts = report.provenance.map { fact in
      "<dt>\(Self.plain(fact.label))</dt><dd>\(Self.linked(fact.text))</dd>"
    }
    return "<dl>\n\(facts.joined(separator: "\n"))\n</dl>"
  }
}

// MARK: - Pieces of HTML

extension ReportPage {
  /// A table cell: HTML and a class.
  private struct Cell {
    var html: String
    var kind: String

    init(_ html: String, _ kind: String = "") {
      self.html = html
      self.kind = kind
    }

    var element: String { kind.isEmpty ? "<td>\(html)</td>" : "<td class=\"\(kind)\">\(html)</td>" }
  }

  /// A table with its caption that scrolls sideways where it is too wide; nothing without rows.
  private static func table(_ caption: String, _ header: [String], _ rows: [[Cell]]) -> String {
    guard !rows.isEmpty else { return "" }
    let head = header.map { "<th scope=\"col\">\($0)</th>" }.joined()
    let body = rows.map { row in
      "<tr>\(row.map(\.element).joined())</tr>"
    }
    return """
      <div class="scroll" tabindex="0"><table>
      <caption>\(prose(caption))</caption>
      <thead><tr>\(head)</tr></thead>
      <tbody>
      \(body.joined(separator: "\n"))
      </tbody>
      </table></div>
      """
  }

  /// Text with symbols, sub- and superscripts.
  private static func prose(_ text: String) -> String { MathText(text).html }

  /// Text as it is.
  private static func plain(_ text: String) -> String { MathText.escapedForHTML(text) }

  private static func number(_ number: NumberText) -> String { MathText(number.marked).html }

  /// Text as it is, with web addresses and arXiv numbers as links.
  private static func linked(_ text: String) -> String {
    let address = /https?:\/\/[^\s<>"')\]]*[^\s<>"')\].,;:]|arXiv:\d{4}\.\d{4,5}(v\d+)?/
    var html = ""
    var position = text.startIndex
    for match in text.matches(of: address) {
      let found = String(match.output.0)
      let target = found.hasPrefix("arXiv:") ? "https://arxiv.org/abs/" + found.dropFirst(6) : found
      html += plain(String(text[position..<match.range.lowerBound]))
      html += "<a href=\"\(plain(target))\">\(plain(found))</a>"
      position = match.range.upperBound
    }
    return html + plain(String(text[position...]))
  }
}

extension Report.Claim.Verdict {
  /// Sign, word and colour.
  fileprivate var badge: String {
    switch self {
    case .confirmed: "<span class=\"badge good\">✓ \(words)</span>"
    case .holdsHere: "<span class=\"badge good\">✓ \(words)</span>"
    case .contradicted: "<span class=\"badge bad\">✗ \(words)</span>"
    case .failsHere: "<span class=\"badge bad\">✗ \(words)</span>"
    case .undecided: "<span class=\"badge unsure\">? \(words)</span>"
    case .notJudged: "<span class=\"badge unsure\">– \(words)</span>"
    }
  }
}

extension FormulaCheck.Verdict {
  /// Sign, word and colour.
  fileprivate var badge: String {
    switch self {
    case .confirmed: "<span class=\"badge good\">✓ confirmed</span>"
    case .holds: "<span class=\"badge good\">✓ holds</span>"
    case .misprint: "<span class=\"badge bad\">✗ misprint</span>"
    case .limited: "<span class=\"badge unsure\">≈ limited</span>"
    case .open: "<span class=\"badge unsure\">? open</span>"
    }
  }
}

extension Report.Parameter.Source {
  /// Where the value comes from, in words.
  fileprivate var words: String {
    switch self {
    case .given: "given"
    case .inferred: "inferred"
    case .ours: "ours"
    }
  }
}
