/// What the scripts of all figures share: the page in three formats, and words.
enum GnuplotPage {
  /// One picture in three formats. The cairo terminals draw a font of a size by a third larger than the SVG one.
  static func terminals(_ stem: String, width: Double, height: Double, _ format: FigureFormat) -> [String] {
    let (across, down) = (Int(width), Int(height))
    func pixels(_ units: Int) -> Int { Int(format.pixelsPerUnit * Double(units)) }
    let font = "font 'Liberation Sans,\(FigureLayout.fontSize)'"
    let scale = FigureFormat.unit
    let inches = [width, height].map { "\(($0 * scale / 72 * 1e4).rounded() / 1e4)in" }
    let page = inches.joined(separator: ",")
    let thin = "fontscale \(0.75 * scale) linewidth \(2 * scale) pointscale \(scale) dashlength 1.5"
    let sizes = [true, false].map { isVector in
      Symbol.allCases.map { "\($0.rawValue) = \($0.size(inScalableVectorGraphics: isVector))" }.joined(separator: "; ")
    }
    return [
      "if (format eq 'svg') { set terminal svg enhanced size \(across),\(down) dynamic \(font); \(sizes[0]) }",
      "if (format eq 'pdf') { set terminal pdfcairo enhanced size \(page) \(font) \(thin); \(sizes[1]) }",
      "if (format eq 'png') { set terminal pngcairo enhanced size \(pixels(across)),\(pixels(down)) \(font) "
        + "fontscale \(0.75 * format.pixelsPerUnit) linewidth \(format.pixelsPerUnit) "
        + "pointscale \(format.pixelsPerUnit) dashlength 1.5; \(sizes[1]) }",
      "set output '\(stem).'.format",
    ]
  }

  /// A string that gnuplot takes as it is: in single quotes neither commands nor macros are run. An apostrophe, which
  /// would end the string, is set as the typographic one.
  static func quoted(_ text: String) -> String { "'\(text.replacing("'", with: "’"))'" }

  /// Words for a comment.
  static func oneLine(_ text: String) -> String {
    String(text.map { $0.isNewline ? " " : $0 }).replacing("\\", with: "/")
  }
}
