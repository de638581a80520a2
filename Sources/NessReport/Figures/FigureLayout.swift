/// Where things stand in a picture; lengths are in units of the format and count from the top left corner.
struct FigureLayout {
  /// Where the legend stands.
  enum LegendPlace {
    case none, right
    case inside(x: Double, y: Double)
    case below(columns: Int)
  }

  static let fontSize = 14.0
  static let legendFontSize = 13.0
  private static let lineHeight = 18.0
  private static let legendRow = 20.0
  private static let sampleWidth = 30.0
  private static let gapBetweenPanels = 14.0

  /// The size at which it is printed.
  let format: FigureFormat
  /// Height of the whole picture.
  let height: Double
  /// Left edge of the panels.
  let left: Double
  /// Right edge of the panels.
  let right: Double
  /// Top and bottom of each panel, the main one first.
  let panels: [(top: Double, bottom: Double)]
  /// Where the legend stands.
  let legendPlace: LegendPlace

  /// Room for the panels, given the widest label of a vertical axis's tics (in units of the font size), the number of
  /// lines of the vertical labels, and the legend.
  init(
    panelCount: Int, ticWidth: Double, labelLines: Int, legend: Legend, _ content: FigureContent, _ format: FigureFormat
  ) {
    self.format = format
    left = 14 + Self.lineHeight * Double(labelLines) + ticWidth * Self.fontSize + 12
    let entryWidth = Self.sampleWidth + 8 + Self.legendFontSize * (legend.entries.map(\.text.estimatedWidth).max() ?? 0)
    let plotBottom = 16 + format.mainHeight + (panelCount > 1 ? Self.gapBetweenPanels + format.ratioHeight : 0)
    var total = plotBottom + 56
    if legend.entries.isEmpty {
      legendPlace = .none
      right = format.width - 20
    } else if !format.hasLegendInside, entryWidth <= 190 {
      legendPlace = .right
      right = format.width - entryWidth - 24
    } else if let place = Self.freePlace(for: legend, entryWidth, width: format.width - 20 - left, content, format) {
      right = format.width - 20
      legendPlace = .inside(
        x: left + place.x * (right - left), y: 16 + (1 - place.y) * format.mainHeight)
    } else {
      right = format.width - 20
      let columns = max(1, min(legend.entries.count, Int((right - left) / (entryWidth + 16))))
      legendPlace = .below(columns: columns)
      total += Self.legendRow * Double((legend.entries.count + columns - 1) / columns) + 10
    }
    height = total
    let main = (top: 16.0, bottom: 16 + format.mainHeight)
    panels = panelCount > 1 ? [main, (top: main.bottom + Self.gapBetweenPanels, bottom: plotBottom)] : [main]
  }

  /// The upper left corner of a place for the legend among the curves, as parts of a main panel `width` wide.
  private static func freePlace(
    for legend: Legend, _ entryWidth: Double, width: Double, _ content: FigureContent, _ format: FigureFormat
  ) -> (x: Double, y: Double)? {
    guard format.hasLegendInside, let panel = content.panels.first else { return nil }
    let height = (legendRow * Double(legend.entries.count - 1) + legendFontSize) / format.mainHeight
    guard height < 0.6, entryWidth < 0.6 * width else { return nil }
    let place = LegendFit(panel, content.horizontal).place(
      width: entryWidth / width, height: height, margin: (12 / width, 12 / format.mainHeight))
    return place.map { ($0.x, $0.y + height) }
  }

  /// How wide a text can be along a vertical axis of a panel, in units of the font size.
  static func labelRoom(inMainPanel: Bool, _ format: FigureFormat) -> Double {
    (inMainPanel ? format.mainHeight : format.ratioHeight) * 0.96 / fontSize
  }

  /// The gnuplot statements that draw the legend: symbols and lines with their texts, beside or below the panels.
  func statements(for legend: Legend) -> [String] {
    let places: [(x: Double, y: Double)] = legend.entries.indices.map { index in
      switch legendPlace {
      case .none: return (0, 0)
      case .inside(let x, let y):
        return (x, y + 0.5 * Self.legendFontSize + Self.legendRow * Double(index))
      case .right: return (right + 14, panels[0].top + 10 + Self.legendRow * Double(index))
      case .below(let columns):
        let rows = (legend.entries.count + columns - 1) / columns
        let width = (right - left) / Double(columns)
        let bottom = (panels.last?.bottom ?? 0) + 66
        return (left + width * Double(index / rows), bottom + Self.legendRow * Double(index % rows))
      }
    }
    return legend.entries.indices.flatMap { index in
      statements(for: legend.entries[index], text: Self.legendText(index), at: places[index])
    }
  }

  /// The script's variable that holds the text of a legend entry.
  static func legendText(_ index: Int) -> String { "legendText\(index)" }

  private func statements(for entry: Legend.Entry, text: String, at place: (x: Double, y: Double)) -> [String] {
    let height = "screen \(up(place.y))"
    let middle = "screen \(across(place.x + Self.sampleWidth / 2)), \(height)"
    var lines: [String] = []
    if let line = entry.line {
      let end = "screen \(across(place.x + Self.sampleWidth)), \(height)"
      lines.append("set arrow from screen \(across(place.x)), \(height) to \(end) nohead \(line.line)")
    }
    if let symbol = entry.symbol {
      lines.append("set label '' at \(middle) point \(symbol.points()) lc rgb '\(symbol.color)'")
    }
    let start = "screen \(across(place.x + Self.sampleWidth + 8)), \(height)"
    lines.append("set label \(text) at \(start) left font ',\(Self.legendFontSize)' tc rgb '\(CurveStyle.ink)'")
    return lines
  }

  /// A horizontal place as a fraction of the picture.
  func across(_ x: Double) -> String { Self.fraction(x / format.width) }

  /// A vertical place as a fraction of the picture, which gnuplot counts from below.
  func up(_ y: Double) -> String { Self.fraction(1 - y / height) }

  private static func fraction(_ part: Double) -> String { "\((part * 1e5).rounded() / 1e5)" }
}
