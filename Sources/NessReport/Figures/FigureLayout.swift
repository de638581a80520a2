/// Where things stand in a picture of 720 units in width; lengths count from the top left corner.
struct FigureLayout {
  /// Where the legend stands.
  enum LegendPlace { case none, right, below(columns: Int) }

  static let width = 720.0
  static let fontSize = 14.0
  static let legendFontSize = 13.0
  private static let lineHeight = 18.0
  private static let legendRow = 20.0
  private static let gapBetweenPanels = 14.0
  private static let mainHeight = 360.0
  private static let ratioHeight = 120.0

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
  init(panelCount: Int, ticWidth: Double, labelLines: Int, legend: Legend) {
    left = 14 + Self.lineHeight * Double(labelLines) + ticWidth * Self.fontSize + 12
    let entryWidth = 60 + Self.legendFontSize * (legend.entries.map(\.text.estimatedWidth).max() ?? 0)
    let plotBottom = 16 + Self.mainHeight + (panelCount > 1 ? Self.gapBetweenPanels + Self.ratioHeight : 0)
    var total = plotBottom + 56
    if legend.entries.isEmpty {
      legendPlace = .none
      right = Self.width - 20
    } else if entryWidth <= 200 {
      legendPlace = .right
      right = Self.width - entryWidth - 18
    } else {
      right = Self.width - 20
      let columns = max(1, min(legend.entries.count, Int((right - left) / (entryWidth + 4))))
      legendPlace = .below(columns: columns)
      total += Self.legendRow * Double((legend.entries.count + columns - 1) / columns) + 8
    }
    height = total
    let main = (top: 16.0, bottom: 16 + Self.mainHeight)
    panels = panelCount > 1 ? [main, (top: main.bottom + Self.gapBetweenPanels, bottom: plotBottom)] : [main]
  }

  /// How wide a text can be along a vertical axis of a panel, in units of the font size.
  static func labelRoom(inMainPanel: Bool) -> Double { (inMainPanel ? mainHeight : ratioHeight) * 0.96 / fontSize }

  /// The gnuplot statement that places the legend.
  var key: String {
    let font = "font ',\(Self.legendFontSize)' textcolor rgb '\(CurveStyle.ink)'"
    switch legendPlace {
    case .none:
      return "unset key"
    case .right:
      let place = "screen \(across(right + 14)), screen \(up(panels[0].top - 2))"
      return "set key at \(place) left top Left reverse vertical maxcols 1 samplen 2.2 spacing 1.3 \(font)"
    case .below(let columns):
      let place = "screen \(across((left + right) / 2)), screen \(up((panels.last?.bottom ?? 0) + 56))"
      return "set key at \(place) center top Left reverse horizontal maxcols \(columns) samplen 2.2 spacing 1.3 \(font)"
    }
  }

  /// A horizontal place as a fraction of the picture.
  func across(_ x: Double) -> String { Self.fraction(x / Self.width) }

  /// A vertical place as a fraction of the picture, which gnuplot counts from below.
  func up(_ y: Double) -> String { Self.fraction(1 - y / height) }

  private static func fraction(_ part: Double) -> String { "\((part * 1e5).rounded() / 1e5)" }
}
