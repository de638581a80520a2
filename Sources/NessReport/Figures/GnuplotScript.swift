/// A figure as a gnuplot script that draws it as SVG, PDF and PNG in one run, and what the reader has to be told.
package struct GnuplotScript {
  /// The script. It holds its own data and writes beside itself, so that it can be run again by hand.
  package let text: String
  /// What is not in the picture although it is in the figure.
  package let notes: [String]

  /// Throws `FigureError.nothingToDraw` if no point can be drawn.
  package init(_ figure: Figure, as format: FigureFormat = .report) throws(FigureError) {
    if let graph = figure.graph {
      let drawn = GraphPicture(graph, label: figure.vertical.label, format)
      notes = drawn.notes
      text = drawn.picture.script(figure, format)
      return
    }
    let content = try FigureContent(figure, format)
    notes = content.notes
    text = ScriptWriter(figure: figure, content: content, format).script
  }
}

/// The script of one figure, piece by piece.
private struct ScriptWriter {
  let figure: Figure
  let content: FigureContent
  let legend: Legend
  let layout: FigureLayout
  let labels: [[String]]

  init(figure: Figure, content: FigureContent, _ format: FigureFormat) {
    self.figure = figure
    self.content = content
    legend = Legend(figure, palette: content.palette)
    let words = [figure.vertical.label, figure.ratioLabel ?? "ratio"]
    labels = content.panels.indices.map { index in
      let text = words[index] + Self.factor(content.panels[index].vertical)
      return Self.lines(of: text, room: FigureLayout.labelRoom(inMainPanel: index == 0, format))
    }
    layout = FigureLayout(
      panelCount: content.panels.count,
      ticWidth: content.panels.flatMap { $0.verticalTics.map(\.estimatedWidth) }.max() ?? 0,
      labelLines: labels.map(\.count).max() ?? 1, legend: legend, content, format)
  }

  var script: String {
    let head = [
      "# \(GnuplotPage.oneLine(figure.title))", "# Draws \(figure.fileStem).svg, .pdf and .png beside this file.", "",
    ]
    let body = common + ["do for [format in 'svg pdf png'] {"] + terminals + panels + ["}"]
    return (head + texts + dataBlocks + body).map { $0 + "\n" }.joined()
  }

  // MARK: Words and data

  /// All words of the figure as variables, so that the loop over the formats holds none of them.
  private var texts: [String] {
    let vertical = labels.indices.map { index in
      let lines = labels[index].map { GnuplotPage.quoted(MathText($0).gnuplot) }
      return "verticalText\(index) = \(lines.joined(separator: ".\"\\n\"."))"
    }
    let entries = legend.entries.indices.map { index in
      "\(FigureLayout.legendText(index)) = \(GnuplotPage.quoted(legend.entries[index].text.gnuplot))"
    }
    let below = figure.horizontal.label + Self.factor(content.horizontal)
    return ["horizontalText = \(GnuplotPage.quoted(MathText(below).gnuplot))"] + vertical + entries + [""]
  }

  private func blockName(_ panel: Int, _ curve: Int) -> String { "$\(panel == 0 ? "main" : "ratio")\(curve)" }

  private var dataBlocks: [String] {
    content.panels.indices.flatMap { panel in
      content.panels[panel].curves.indices.flatMap { index in
        let curve = content.panels[panel].curves[index]
        let heading = "# \(GnuplotPage.oneLine(curve.curve.name)): x, y, lower and upper end of the error bar"
        return [heading, "\(blockName(panel, index)) << EOD"] + curve.rows.map(Self.line(of:)) + ["EOD", ""]
      }
    }
  }

  /// A line of x, y and the ends of the error bar; an empty line interrupts the curve.
  private static func line(of row: DrawnCurve.Row?) -> String {
    row.map { "\($0.x) \($0.y) \($0.lower) \($0.upper)" } ?? ""
  }

  // MARK: Settings

  private var common: [String] {
    [
      "set encoding utf8", "set border 15 lw 1 lc rgb '\(CurveStyle.ink)'", "set tics scale 0.7,0.35 front",
      "set errorbars 0.6", "set clip two", "set samples 2", "unset key",
    ]
  }

  private var terminals: [String] {
    GnuplotPage.terminals(figure.fileStem, width: layout.format.width, height: layout.height, layout.format)
  }

  // MARK: Panels

  private var panels: [String] {
    let drawn = content.panels.indices.flatMap(panel)
    return ["set multiplot"] + drawn + ["unset multiplot", "unset output"]
  }

  private func panel(_ index: Int) -> [String] {
    let (panel, place) = (content.panels[index], layout.panels[index])
    let isLast = index == content.panels.count - 1
    var lines = [
      "set lmargin at screen \(layout.across(layout.left))", "set rmargin at screen \(layout.across(layout.right))",
      "set tmargin at screen \(layout.up(place.top))", "set bmargin at screen \(layout.up(place.bottom))",
      Self.scaling("x", content.horizontal), Self.scaling("y", panel.vertical),
      Self.tics("x", content.horizontalTics, areLabelled: isLast),
      Self.tics("y", panel.verticalTics, areLabelled: true),
      "unset label", "unset arrow", verticalLabel(index, besides: place),
    ]
    if index == 0 { lines += layout.statements(for: legend) }
    if isLast { lines.append(horizontalLabel(below: place.bottom)) }
    return lines + [plot(index)]
  }

  private func verticalLabel(_ index: Int, besides place: (top: Double, bottom: Double)) -> String {
    let position = "screen \(layout.across(17)), screen \(layout.up((place.top + place.bottom) / 2))"
    return "set label verticalText\(index) at \(position) center rotate by 90 \(Self.inked)"
  }

  private func horizontalLabel(below bottom: Double) -> String {
    let position = "screen \(layout.across((layout.left + layout.right) / 2)), screen \(layout.up(bottom + 40))"
    return "set label horizontalText at \(position) center norotate \(Self.inked)"
  }

  private func plot(_ index: Int) -> String {
    let curves = content.panels[index].curves
    let order: [Figure.Curve.Role] = [.guide, .printed, .approximation, .theory, .simulation]
    // The white rims of all symbols come before the symbols: none hides another curve's.
    var parts = order.flatMap { role -> [String] in
      let layers = curves.indices.filter { curves[$0].curve.role == role }.map { number in
        elements(curves[number], in: index, block: blockName(index, number))
      }
      return layers.flatMap(\.below) + layers.flatMap(\.above)
    }
    let horizontal = content.horizontal
    // Ratios of simulation and theory, of which 1 is agreement; devices give numbers of their own a range.
    if index == 1, figure.ratioRange == nil {
      let style = "lw 1 dt solid lc rgb '#8c8c8c'"
      parts.insert("[\(horizontal.lower):\(horizontal.upper)] 1 with lines \(style) notitle", at: 0)
    }
    return "plot " + parts.joined(separator: ", \\\n  ")
  }

  /// What draws a curve: its line and the rims of its symbols, and the symbols themselves.
  private func elements(_ curve: DrawnCurve, in panel: Int, block: String) -> (below: [String], above: [String]) {
    let style = content.palette.style(of: curve.curve)
    let joined =
      curve.curve.showsLine
      ? ["\(block) using 1:2 with \(curve.pointCount == 1 ? "points pt 6 ps 1" : "lines") \(style.line) notitle"] : []
    guard curve.curve.showsSymbols else { return (joined, []) }
    let scale = (panel == 0 ? 1 : 0.8) * curve.symbolScale
    let halo = "\(block) using 1:2 with points \(style.points(scale: 1.35 * curve.symbolScale)) lc rgb 'white' notitle"
    let bars = "\(block) using 1:2:3:4 with yerrorbars pt 0 ps 0 \(style.line) notitle"
    let symbols = "\(block) using 1:2 with points \(style.points(scale: scale)) lc rgb '\(style.color)' notitle"
    return (joined + (panel == 0 ? [halo] : []), [bars, symbols])
  }
}

// MARK: - Pieces of gnuplot

extension ScriptWriter {
  private static let inked = "tc rgb '\(CurveStyle.ink)'"

  private static func scaling(_ name: String, _ axis: AxisFit) -> String {
    let scale = axis.scale == .logarithmic ? "set logscale \(name)" : "unset logscale \(name)"
    return "\(scale); set \(name)range [\(axis.lower):\(axis.upper)]"
  }

  private static func tics(_ name: String, _ tics: [Tic], areLabelled: Bool) -> String {
    let marks = tics.map { tic in
      let label = areLabelled ? tic.label ?? "" : ""
      return "\(GnuplotPage.quoted(label)) \(tic.value)\(tic.label == nil ? " 1" : "")"
    }
    return "set \(name)tics (\(marks.joined(separator: ", ")))"
  }

  /// The text in lines that fit into `room`, cut at spaces; two lines are made about equally long.
  private static func lines(of text: String, room: Double) -> [String] {
    let words = text.split(whereSeparator: \.isWhitespace).map(String.init)
    var lines: [String] = []
    for word in words {
      if let last = lines.last, width("\(last) \(word)") <= room {
        lines[lines.count - 1] = "\(last) \(word)"
      } else {
        lines.append(word)
      }
    }
    guard lines.count == 2 else { return lines.isEmpty ? [""] : lines }
    let halves = (1..<words.count).map { cut in
      [words[..<cut].joined(separator: " "), words[cut...].joined(separator: " ")]
    }
    return halves.min { max(width($0[0]), width($0[1])) < max(width($1[0]), width($1[1])) } ?? lines
  }

  /// What all numbers of an axis are to be multiplied with.
  private static func factor(_ axis: AxisFit) -> String { axis.commonPower.map { " [10^{\($0)}]" } ?? "" }

  private static func width(_ text: String) -> Double { MathText(text).estimatedWidth }
}
