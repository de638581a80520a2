import Foundation
import NessReport
import Testing
#if canImport(FoundationXML)
  import FoundationXML
#endif

/// A directory of its own for a test, taken away afterwards.
private func withDirectory(_ body: (URL) throws -> Void) throws {
  let directory = FileManager.default.temporaryDirectory.appendingPathComponent("ness-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: directory) }
  try body(directory)
}

/// A program that stands in for gnuplot.
private func standIn(_ script: String, in directory: URL) throws -> URL {
  let program = directory.appendingPathComponent("stand-in")
  try Data("#!/bin/sh\n\(script)\n".utf8).write(to: program)
  try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program.path)
  return program
}

private let hasGnuplot = (try? FigureRenderer()) != nil

@Suite("Drawing with gnuplot")
struct RenderingTests {
  @Test(
    "All kinds of figures are drawn in three formats", .enabled(if: hasGnuplot),
    arguments: SampleReport.figures.map(\.identifier))
  func pictures(identifier: String) throws {
    let figure = try #require(SampleReport.figures.first { $0.identifier == identifier })
    try withDirectory { directory in
      let target = directory.appendingPathComponent("made/here")
      let drawn = try FigureRenderer().render(figure, into: target)
      let png = try Data(contentsOf: drawn.png)
      #expect(png.prefix(8) == Data([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]))
      let width = png[16..<20].reduce(0) { $0 << 8 | Int($1) }
      let height = png[20..<24].reduce(0) { $0 << 8 | Int($1) }
      #expect(width == 1440 && height > 800 && height < 1400)
      #expect(try Data(contentsOf: drawn.pdf).starts(with: Data("%PDF-".utf8)))
      let svg = try Data(contentsOf: drawn.svg)
      #expect(XMLParser(data: svg).parse())
      #expect(String(decoding: svg, as: UTF8.self).contains("\"Liberation Sans, Arial, Helvetica, DejaVu Sans"))
      #expect(try String(contentsOf: drawn.script, encoding: .utf8) == GnuplotScript(figure).text)
      #expect(try String(contentsOf: drawn.table, encoding: .utf8) == figure.commaSeparatedValues)
      let names = try FileManager.default.contentsOfDirectory(atPath: target.path).sorted()
      #expect(names == ["csv", "gp", "pdf", "png", "svg"].map { "\(figure.fileStem).\($0)" })
    }
  }

  @Test("Equal figures have equal bytes, whenever they are drawn", .enabled(if: hasGnuplot))
  func sameBytes() throws {
    try withDirectory { directory in
      let names = ["first", "second"].map { directory.appendingPathComponent($0) }
      let drawn = try names.map { place in
        defer { Thread.sleep(forTimeInterval: 1.1) }  // the date in a PDF counts seconds
        return try FigureRenderer().render(SampleReport.narrow, into: place)
      }
      for file in [\RenderedFigure.svg, \.pdf, \.png] {
        #expect(try Data(contentsOf: drawn[0][keyPath: file]) == Data(contentsOf: drawn[1][keyPath: file]))
      }
    }
  }

  @Test("Hostile words are drawn as words", .enabled(if: hasGnuplot))
  func hostileWords() throws {
    try withDirectory { directory in
      var figure = SampleReport.narrow
      figure.horizontal.label = "it's `touch harm` @x {y ~ & ^ \\ \" %d"
      figure.curves[0].label = "'; system('touch harm') #"
      figure.curves[0].name = "n\nEOD\nsystem('touch harm')"
      let svg = try String(contentsOf: FigureRenderer().render(figure, into: directory).svg, encoding: .utf8)
      #expect(svg.contains("`touch\u{A0}harm`"))
      #expect(!FileManager.default.fileExists(atPath: directory.appendingPathComponent("harm").path))
    }
  }

  @Test("A script of some megabytes is no obstacle", .enabled(if: hasGnuplot))
  func longScript() throws {
    try withDirectory { directory in
      var figure = SampleReport.narrow
      figure.curves[1].points = (0..<40_000).map { Figure.Curve.Point(10 + Double($0) / 2000, 0.2) }
      _ = try FigureRenderer().render(figure, into: directory)
    }
  }

  @Test("A missing gnuplot names the package to install")
  func missing() {
    let nowhere = URL(fileURLWithPath: "/nonexistent/gnuplot")
    let error = #expect(throws: FigureError.self) { try FigureRenderer(gnuplot: nowhere) }
    #expect(error == .gnuplotMissing(lookedFor: "/nonexistent/gnuplot"))
    #expect(error?.description.contains("apt-get install gnuplot-nox") == true)
  }

  @Test("gnuplot's own words reach the reader, and older files stay")
  func failing() throws {
    try withDirectory { directory in
      let program = try standIn("cat > /dev/null; echo 'line 7: undefined variable' >&2; exit 3", in: directory)
      let target = directory.appendingPathComponent("figures")
      try FileManager.default.createDirectory(at: target, withIntermediateDirectories: true)
      try Data("old".utf8).write(to: target.appendingPathComponent("figure-4b.csv"))
      let error = #expect(throws: FigureError.self) {
        try FigureRenderer(gnuplot: program).render(SampleReport.narrow, into: target)
      }
      #expect(error == .gnuplotFailed(figure: "4b", status: 3, message: "line 7: undefined variable"))
      #expect(try FileManager.default.contentsOfDirectory(atPath: target.path) == ["figure-4b.csv"])
    }
  }

  @Test("A gnuplot that draws nothing has failed")
  func silent() throws {
    try withDirectory { directory in
      let renderer = try FigureRenderer(gnuplot: standIn("exit 0", in: directory))
      let error = #expect(throws: FigureError.self) { try renderer.render(SampleReport.narrow, into: directory) }
      #expect(
        error
          == .gnuplotFailed(figure: "4b", status: 0, message: "it left no file figure-4b.svg behind: is the disk full?")
      )
    }
  }

  @Test("A gnuplot that hangs is ended")
  func hanging() throws {
    try withDirectory { directory in
      let renderer = try FigureRenderer(gnuplot: standIn("exec sleep 600", in: directory), timeout: 0.2)
      let error = #expect(throws: FigureError.self) { try renderer.render(SampleReport.narrow, into: directory) }
      #expect(error == .gnuplotTimedOut(figure: "4b", seconds: 0.2))
    }
  }

  @Test("A file in place of the directory is an error that names it")
  func notADirectory() throws {
    try withDirectory { directory in
      let program = try standIn("exit 0", in: directory)
      let error = #expect(throws: FigureError.self) {
        try FigureRenderer(gnuplot: program).render(SampleReport.narrow, into: program)
      }
      guard case .notWritable(let path, _) = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(path == program.path)
      #expect(throws: FigureError.self) { try ReportPage(SampleReport.report, directory: program).write() }
    }
  }
}

@Suite("Report page")
struct ReportPageTests {
  @Test("Well-formed, and loads nothing from elsewhere")
  func wellFormed() throws {
    try withDirectory { directory in
      try Data("<svg xmlns='http://www.w3.org/2000/svg'/>".utf8)
        .write(to: directory.appendingPathComponent("figure-2a.svg"))
      let place = try ReportPage(SampleReport.report, directory: directory, notes: ["2b": ["1 < 2"]]).write()
      let data = try Data(contentsOf: place)
      #expect(place.lastPathComponent == "report.html")
      #expect(XMLParser(data: data).parse())
      let html = String(decoding: data, as: UTF8.self)
      let loads = html.matches(of: /(src|href)="([^"]*)"/).map { (String($0.output.1), String($0.output.2)) }
      #expect(loads.allSatisfy { kind, target in kind == "href" || target.hasPrefix("data:image/svg+xml;base64,") })
      #expect(
        !html.contains("<link") && !html.contains("<script") && !html.contains("url(") && !html.contains("@import"))
      #expect(html.contains("<a href=\"https://arxiv.org/abs/2601.01234\">arXiv:2601.01234</a>"))
      #expect(html.contains("<a href=\"https://example.org/ness\">"))
      #expect(html.contains("alt=\"Mean force on the probe: ⟨F⟩, mean force against q, position of the probe\""))
      #expect(html.contains("Not drawn: figure-2b.svg is missing."))
      #expect(html.contains("<p class=\"note\">1 &lt; 2.</p>"))
    }
  }

  @Test("Verdicts in words, text escaped, subscripts set")
  func content() {
    let html = ReportPage(SampleReport.report, directory: URL(fileURLWithPath: "/nonexistent")).html
    #expect(html.components(separatedBy: "<table>").count == html.components(separatedBy: "<caption>").count)
    for word in ["✓ confirmed", "✗ contradicted", "? undecided", "✗ misprint", "✓ holds", "? open", "inferred"] {
      #expect(html.contains(word))
    }
    #expect(html.contains("is &lt;−1&gt;."))
    #expect(html.contains("<i>N</i><sub>b</sub>"))
    #expect(html.contains("3.30(21) × 10<sup>−7</sup>"))
    #expect(html.contains("<figure id=\"figure-3b\">"))
    #expect(html.contains("prefers-color-scheme: dark"))
  }

  @Test("Parts without content are left out")
  func parts() {
    var report = SampleReport.report
    report.claims = []
    report.formulas = []
    let html = ReportPage(report, directory: URL(fileURLWithPath: "/nonexistent")).html
    #expect(!html.contains("id=\"claims\"") && !html.contains("#formulas") && html.contains("id=\"parameters\""))
    #expect(XMLParser(data: Data(html.utf8)).parse())
  }
}
