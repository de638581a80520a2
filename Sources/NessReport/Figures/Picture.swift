/// A picture of marks, each with its place and its colour, for gnuplot and for programs that draw it themselves. Lengths are in
/// units of the format and count from the top left corner; later marks lie on earlier ones.
struct Picture: Encodable, Sendable {
  typealias Place = SIMD2<Double>

  struct Mark: Encodable, Sendable {
    enum Kind: String, Encodable, Sendable { case polygon, disc, text }
    enum Alignment: String, Encodable, Sendable { case left, center, right }

    let kind: Kind
    /// The corners of a polygon, the centre of a disc, or the place of a text, half way up its letters.
    let points: [[Double]]
    /// `#rrggbb`.
    let color: String
    /// Of a disc.
    var radius: Double?
    /// Of a text.
    var text: [FigureDrawing.Word]?
    var alignment: Alignment?
    /// Height of the letters of a text.
    var size: Double?
    private(set) var words: MathText?

    private enum CodingKeys: CodingKey { case kind, points, color, radius, text, alignment, size }

    static func polygon(_ corners: [Place], _ color: String) -> Mark {
      Mark(kind: .polygon, points: corners.map(Picture.numbers), color: color)
    }

    static func disc(_ centre: Place, radius: Double, _ color: String) -> Mark {
      Mark(kind: .disc, points: [Picture.numbers(centre)], color: color, radius: Picture.rounded(radius))
    }

    static func text(
      _ words: MathText, _ place: Place, _ alignment: Alignment, size: Double, _ color: String = CurveStyle.ink
    ) -> Mark {
      Mark(
        kind: .text, points: [Picture.numbers(place)], color: color, text: words.drawnRuns, alignment: alignment,
        size: size, words: words)
    }
  }

  let width: Double
  let height: Double
  let marks: [Mark]

  private static func rounded(_ length: Double) -> Double { (1000 * length).rounded() / 1000 + 0 }
  private static func numbers(_ place: Place) -> [Double] { [rounded(place.x), rounded(place.y)] }
}

// MARK: - With gnuplot

extension Picture {
  /// The script that draws it as `stem.svg`, `.pdf` and `.png`.
  func script(_ figure: Figure, _ format: FigureFormat) -> String {
    let head = [
      "# \(GnuplotPage.oneLine(figure.title))", "# Draws \(figure.fileStem).svg, .pdf and .png beside this file.", "",
      "set encoding utf8", "unset border; unset tics; unset key; set samples 2",
      "set lmargin at screen 0; set rmargin at screen 1; set tmargin at screen 1; set bmargin at screen 0",
      "set xrange [0:\(width)]; set yrange [\(height):0]",
    ]
    let shapes = marks.filter { $0.kind != .text }.enumerated().map { Self.statement($1, number: $0 + 1) }
    let texts = marks.filter { $0.kind == .text }.map(Self.label)
    let drawing =
      ["do for [format in 'svg pdf png'] {"]
      + GnuplotPage.terminals(figure.fileStem, width: width, height: height, format)
      + ["plot NaN notitle", "unset output", "}"]
    return (head + shapes + texts + drawing).map { $0 + "\n" }.joined()
  }

  private static func statement(_ mark: Mark, number: Int) -> String {
    let places = mark.points.map { "\($0[0]),\($0[1])" }
    let look = "behind fc rgb '\(mark.color)' fs solid 1 noborder"
    if let radius = mark.radius { return "set object \(number) circle at \(places[0]) size \(radius) \(look)" }
    return "set object \(number) polygon from \((places + places.prefix(1)).joined(separator: " to ")) \(look)"
  }

  private static func label(_ mark: Mark) -> String {
    let words = GnuplotPage.quoted(mark.words?.gnuplot ?? "")
    return "set label \(words) at \(mark.points[0][0]),\(mark.points[0][1]) \(mark.alignment?.rawValue ?? "left") "
      + "font ',\(mark.size ?? FigureLayout.fontSize)' tc rgb '\(mark.color)' front"
  }
}
