/// A figure for a program that draws it itself: the axes fitted, every curve with its colour, symbol and dashes, the words cut
/// into runs. It is drawn as gnuplot draws it, apart from the program's own taste in tics and letters.
package struct FigureDrawing: Encodable, Sendable {
  let name: String
  let title: String
  let caption: String
  /// What is in the figure but not in the picture, in sentences.
  let notes: [String]
  /// Width of the picture for which widths of lines and sizes of symbols are meant.
  let width: Double
  /// Heights of the panels in the same units.
  let heights: [Double]
  let horizontal: Axis
  let panels: [Panel]
  let legend: [Entry]
  /// Marks in the place of panels; nil for a figure of curves.
  let picture: Picture?

  struct Axis: Encodable, Sendable {
    let label: [Word]
    let unit: String
    let isLogarithmic: Bool
    let lower: Double
    let upper: Double
  }

  struct Panel: Encodable, Sendable {
    let vertical: Axis
    let curves: [Curve]
  }

  struct Curve: Encodable, Sendable {
    let name: String
    let label: String?
    let role: Figure.Curve.Role
    /// Numbers of a point: abscissa, ordinate, lower and upper end of the error bar; empty where the curve is interrupted.
    let points: [[Double]]
    let hasErrorBars: Bool
    let line: Line?
    let symbol: Mark?
  }

  struct Line: Encodable, Sendable {
    let color: String
    let width: Double
    let dash: [Int]
  }

  struct Mark: Encodable, Sendable {
    let color: String
    let shape: String
    let scale: Double
  }

  struct Entry: Encodable, Sendable {
    let text: [Word]
    let line: Line?
    let symbol: Mark?
  }

  struct Word: Encodable, Sendable {
    let text: String
    /// `upright`, `symbol`, `subscript` or `superscript`.
    let kind: String
  }

  /// - Throws: `FigureError.nothingToDraw` if no point can be drawn.
  package init(_ figure: Figure, as format: FigureFormat) throws(FigureError) {
    name = figure.identifier
    title = figure.title
    caption = figure.caption
    if let graph = figure.graph {
      let drawn = GraphPicture(graph, label: figure.vertical.label, format)
      picture = drawn.picture
      notes = drawn.notes
      (width, heights) = (drawn.picture.width, [drawn.picture.height])
      horizontal = Axis(figure.horizontal, AxisFit(lower: 0, upper: drawn.picture.width, scale: .linear))
      (panels, legend) = ([], [])
      return
    }
    let content = try FigureContent(figure, format)
    picture = nil
    notes = content.notes
    let width = FigureFormat.report.width
    self.width = width
    heights = [format.mainHeight, format.ratioHeight].prefix(content.panels.count).map { $0 * width / format.width }
    horizontal = Axis(figure.horizontal, content.horizontal)
    let verticals = [figure.vertical, Figure.Axis(label: figure.ratioLabel ?? "ratio", unit: "1")]
    panels = content.panels.indices.map { index in
      let panel = content.panels[index]
      let scale = index == 0 ? 1 : 0.8
      return Panel(
        vertical: Axis(verticals[index], panel.vertical),
        curves: panel.curves.map { Curve($0, content.palette.style(of: $0.curve), scale) })
    }
    legend = Legend(figure, palette: content.palette).entries.map {
      Entry(text: $0.text.drawnRuns, line: $0.line.map(Line.init), symbol: $0.symbol.map { Mark($0, scale: 1) })
    }
  }
}

extension FigureDrawing.Axis {
  init(_ axis: Figure.Axis, _ fit: AxisFit) {
    label = MathText(axis.label).drawnRuns
    unit = axis.unit
    isLogarithmic = fit.scale == .logarithmic
    lower = fit.lower
    upper = fit.upper
  }
}

extension FigureDrawing.Curve {
  init(_ drawn: DrawnCurve, _ style: CurveStyle, _ scale: Double) {
    name = drawn.curve.name
    label = drawn.curve.label
    role = drawn.curve.role
    points = drawn.rows.map { $0.map { [$0.x, $0.y, $0.lower, $0.upper] } ?? [] }
    hasErrorBars = drawn.curve.showsSymbols
    line = drawn.curve.showsLine ? .init(style) : nil
    symbol = drawn.curve.showsSymbols ? .init(style, scale: scale * drawn.symbolScale) : nil
  }
}

extension FigureDrawing.Line {
  init(_ style: CurveStyle) {
    color = style.lineColor
    width = style.width
    dash = style.dash
  }
}

extension FigureDrawing.Mark {
  init(_ style: CurveStyle, scale: Double) {
    color = style.color
    shape = style.symbol.rawValue
    self.scale = scale * style.symbolSize
  }
}

extension MathText {
  /// The runs, each with the name of its kind.
  var drawnRuns: [FigureDrawing.Word] {
    runs.map { run in
      let kind =
        switch run.kind {
        case .upright: "upright"
        case .symbol: "symbol"
        case .subscripted: "subscript"
        case .superscripted: "superscript"
        }
      return FigureDrawing.Word(text: run.text, kind: kind)
    }
  }
}
