import NessStatistics

/// How a curve looks: everything that follows from its role and its family.
package struct CurveStyle: Equatable {
  /// The text colour of shared legend entries and of the frame.
  package static let ink = "#333333"
  private static let guideGrey = "#8c8c8c"

  /// Colour, as `#rrggbb`.
  package var color: String
  /// The symbol.
  package var symbol: Symbol
  /// Size of the symbol, one being normal.
  package var symbolSize: Double
  /// The role, which decides line or symbol.
  package var role: Figure.Curve.Role
  /// Which of the approximations of its family it is, from 0: it decides the dashes.
  package var rank = 0

  private static let dashes = [[8, 4], [12, 3, 2, 3], [4, 3]]

  /// Width of the line, for a picture of 720 units.
  var width: Double {
    switch role {
    case .simulation: 1.4
    case .theory: 2
    case .approximation, .printed: 1.8
    case .guide: 1.2
    }
  }

  /// Lengths of the dashes of the line and of the gaps between them, in turn; empty for a solid one.
  var dash: [Int] {
    switch role {
    case .simulation, .theory: []
    case .approximation: Self.dashes[rank % Self.dashes.count]
    case .printed: [2, 4]
    case .guide: [16, 8]
    }
  }

  /// Colour of the line, as `#rrggbb`.
  var lineColor: String {
    switch role {
    case .simulation, .theory, .approximation: color
    case .printed: Self.faded(color)
    case .guide: Self.guideGrey
    }
  }

  /// The line part of a gnuplot style.
  package var line: String {
    let dashes = dash.isEmpty ? "solid" : "(\(dash.map(String.init).joined(separator: ",")))"
    return "lw \(formatted(width)) dt \(dashes) lc rgb '\(lineColor)'"
  }

  /// The symbol part of a gnuplot style, `scale` times as large as usual.
  package func points(scale: Double = 1) -> String {
    "pt \(symbol.gnuplotNumber) ps \(formatted(symbolSize * scale))*\(symbol.rawValue)"
  }

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
package struct Palette {
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

  private let families: [Int]
  /// The labels of the approximations of each family, in order.
  private let approximations: [Int: [String]]
  /// Those of all families, in order, where no family has several: colours alone would tell them apart.
  private let single: [String]?

  /// The palette for the families of a figure; guides have no family colour.
  package init(_ figure: Figure) {
    families = Set((figure.curves + figure.ratios).filter { $0.role != .guide }.map(\.family)).sorted()
    func labels(_ curves: [Figure.Curve]) -> [String] {
      curves.compactMap(\.label).reduce(into: []) { labels, label in if !labels.contains(label) { labels.append(label) }
      }
    }
    let curves = figure.curves.filter { $0.role == .approximation }
    approximations = Dictionary(grouping: curves, by: \.family).mapValues(labels)
    single = approximations.values.allSatisfy { $0.count < 2 } ? labels(curves) : nil
  }

  /// The look of a curve. Curves with many points get smaller symbols.
  package func style(of curve: Figure.Curve) -> CurveStyle {
    let index = families.firstIndex(of: curve.family) ?? 0
    let colors = Self.sets[min(max(families.count, 1), Self.sets.count) - 1]
    return CurveStyle(
      color: colors[index % colors.count], symbol: Symbol.allCases[index % Symbol.allCases.count],
      symbolSize: curve.points.count > 80 ? 0.6 : 1, role: curve.role,
      rank: (curve.label ?? curve.kin).flatMap { (single ?? approximations[curve.family])?.firstIndex(of: $0) } ?? 0)
  }
}

extension Figure.Curve {
  /// Whether its points are drawn as symbols.
  var showsSymbols: Bool { role == .simulation || drawing != nil }
  /// Whether they are joined by a line.
  var showsLine: Bool { drawing.map { $0 == .markedLine } ?? (role != .simulation) }
}

/// The filled symbols, in the order of the families. The raw value is the name of the size in the script.
package enum Symbol: String, CaseIterable {
  case disc, square, diamond, triangle, wedge, pentagon

  /// gnuplot's number.
  var gnuplotNumber: Int {
    switch self {
    case .disc: 7
    case .square: 5
    case .diamond: 13
    case .triangle: 9
    case .wedge: 11
    case .pentagon: 15
    }
  }

  /// The sizes (measured) at which the symbols cover about the same area, which differ between gnuplot's terminals.
  func size(inScalableVectorGraphics: Bool) -> Double {
    switch self {
    case .disc: inScalableVectorGraphics ? 0.72 : 1.17
    case .square: inScalableVectorGraphics ? 0.6 : 0.96
    case .diamond: inScalableVectorGraphics ? 0.58 : 1.31
    case .triangle, .wedge: inScalableVectorGraphics ? 0.71 : 1.36
    case .pentagon: inScalableVectorGraphics ? 0.59 : 1.25
    }
  }
}
