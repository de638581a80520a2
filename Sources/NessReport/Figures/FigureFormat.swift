/// The size at which a figure is printed. Letters are 7.8 and 8.4 pt high at every width.
package struct FigureFormat: Sendable, Equatable {
  /// Width in units of 0.6 pt: a report's page is 720 wide.
  let width: Double
  /// Pixels of the PNG for each unit.
  let pixelsPerUnit: Double
  /// Whether the legend may stand among the curves, where it covers none.
  let hasLegendInside: Bool

  private init(width: Double, pixelsPerUnit: Double, hasLegendInside: Bool) {
    self.width = width
    self.pixelsPerUnit = pixelsPerUnit
    self.hasLegendInside = hasLegendInside
  }

  /// For a report on a screen: 1440 pixels, the legend beside the panels.
  package static let report = FigureFormat(width: 720, pixelsPerUnit: 2, hasLegendInside: false)

  /// Width of one column of an APS journal [cm].
  package static let singleColumn = 8.6
  /// Width of both columns [cm].
  package static let doubleColumn = 17.8
  /// The widths that can be drawn [cm]: enough for the letters, and no wider than a large page.
  package static let widths = 6.0...40.0

  /// For print at a width: a PNG of 360 pixels per inch, the legend among the curves where there is room.
  ///
  /// - Parameter centimetres: width, within `widths`; another one is taken to the nearest end.
  package static func print(centimetres: Double) -> FigureFormat {
    let width = min(max(centimetres, widths.lowerBound), widths.upperBound)
    return FigureFormat(width: (width * 72 / 2.54 / unit).rounded(), pixelsPerUnit: 3, hasLegendInside: true)
  }

  /// One unit [pt].
  static let unit = 0.6

  /// Whether there is room for a single column only.
  var isNarrow: Bool { width < 560 }

  /// Height of the main panel [units].
  var mainHeight: Double { min(0.62 * width, 120 + width / 3) }

  /// Height of the ratio panel [units].
  var ratioHeight: Double { max(mainHeight / 3, 96) }
}
