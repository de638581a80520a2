import NessRecord

/// How a curve looks: everything that follows from its role and its family.
struct CurveStyle: Equatable {
  /// The text colour of shared legend entries and of the frame.
  static let ink = "#333333"
  private static let guideGrey = "#8c8c8c"

  /// Colour, as `#rrggbb`.
  var color: String
  /// gnuplot's number of the symbol.
  var pointType: Int
  /// Size of the symbol.
  var pointSize: Double
  /// The role, which decides line or symbol.
  var role: Figure.Curve.Role

  /// The line part of a gnuplot style; the widths are for a picture of 720 units.
  var line: String {
    switch role {
    case .simulation: "lw 1.4 dt solid lc rgb '\(color)'"
    case .theory: "lw 2 dt solid lc rgb '\(color)'"
    case .approximation: "lw 1.8 dt (9,5) lc rgb '\(color)'"
    case .printed: "lw 1.8 dt (2,4) lc rgb '\(Self.faded(color))'"
    case .guide: "lw 1.2 dt (5,4) lc rgb '\(Self.guideGrey)'"
    }
  }

  /// The symbol part of a gnuplot style.
  var symbol: String { "pt \(pointType) ps \(pointSize)" }

  /// Half way to white.
  private static func faded(_ color: String) -> String {
    guard let value = Int(color.dropFirst(), radix: 16) else { return color }
    let channels = [16, 8, 0].map { (value >> $0 & 0xFF + 0xFF) / 2 }
    let merged = channels.reduce(0) { $0 << 8 | $1 }
    let digits = String(merged, radix: 16)
    return "#" + String(repeating: "0", count: max(0, 6 - digits.count)) + digits
  }
}

/// The colours and symbols of a figure's families, from cold to hot (Okabe and Ito, safe for colour-blind readers).
struct Palette {
  private static let blue = "#0072b2"
  private static let sky = "#56b4e9"
  private static let green = "#009e73"
  private static let orange = "#e69f00"
  private static let vermilion = "#d55e00"
  private static let purple = "#cc79a7"
  private static let black = "#000000"

  private static let sets: [[String]] = [
    [blue], [blue, vermilion], [blue, green, vermilion], [blue, green, orange, vermilion],
    [blue, sky, green, orange, vermilion], [blue, sky, green, orange, vermilion, purple],
    [black, blue, sky, green, orange, vermilion, purple],
  ]

  /// Filled disc, square, diamond, triangle up and down, pentagon, with sizes that look alike.
  private static let symbols: [(type: Int, size: Double)] = [
    (7, 0.8), (5, 0.72), (13, 1), (9, 0.9), (11, 0.9), (15, 0.85),
  ]

  private let families: [Int]

  /// The palette for the families of a figure; guides have no family colour.
  init(_ figure: Figure) {
    families = Set((figure.curves + figure.ratios).filter { $0.role != .guide }.map(\.family)).sorted()
  }

  /// The look of a curve. Curves with many points get smaller symbols.
  func style(of curve: Figure.Curve) -> CurveStyle {
    let index = families.firstIndex(of: curve.family) ?? 0
    let colors = Self.sets[min(max(families.count, 1), Self.sets.count) - 1]
    let symbol = Self.symbols[index % Self.symbols.count]
    let size = curve.points.count > 80 ? 0.6 * symbol.size : symbol.size
    return CurveStyle(
      color: colors[index % colors.count], pointType: symbol.type, pointSize: size, role: curve.role)
  }
}
