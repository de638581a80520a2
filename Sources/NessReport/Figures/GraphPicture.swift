/// A network as a picture: bonds as wide as their currents, with arrows; sites in the colours of their temperatures, with baths
/// beside them; below, what widths and colours mean.
struct GraphPicture {
  typealias Place = Picture.Place

  let picture: Picture
  /// What is not in the picture, in sentences.
  let notes: [String]

  private static let bondColour = "#9a9a9a"
  private static let pad = 12.0

  /// - Parameter label: of the temperatures.
  init(_ graph: Figure.Graph, label: String, _ format: FigureFormat) {
    let scale = ColourScale(graph.sites.compactMap(\.temperature) + graph.baths.compactMap(\.temperature))
    let frame = GraphFrame(graph, width: format.width, pad: Self.pad)
    var marks: [Picture.Mark] = []
    let widest = graph.bonds.compactMap(\.certainCurrent).map(abs).max() ?? 0
    let widths = BondWidths(widest: widest, radius: frame.radius)
    for bond in graph.bonds { marks += Self.bond(bond, frame, widths) }
    for bath in frame.baths { marks += Self.bath(bath, graph.baths[bath.index], frame, scale) }
    for (site, place) in frame.places.enumerated() {
      marks.append(.disc(place, radius: frame.radius, CurveStyle.ink))
      let known = graph.sites[site].temperature
      let color = known.flatMap { scale?.color($0) } ?? ColourScale.unknown
      marks.append(.disc(place, radius: frame.radius - min(0.8, 0.2 * frame.radius), color))
      if frame.showsNumbers {
        let ink = known == nil ? CurveStyle.ink : "#ffffff"
        marks.append(.text(MathText("\(site + 1)"), place, .center, size: GraphFrame.numberSize, ink))
      }
    }
    let key = GraphKey(top: frame.bottom + 14, width: format.width, pad: Self.pad)
    marks += key.marks(scale, label: label, widest: widest, widths)
    picture = Picture(width: format.width, height: (frame.bottom + 14 + GraphKey.height).rounded(.up), marks: marks)
    let hidden = graph.baths.indices.filter { index in !frame.baths.contains { $0.index == index } }
    let names = hidden.map { graph.baths[$0].name }.joined(separator: ", ")
    notes =
      (hidden.isEmpty ? [] : ["no room for the names of baths, which are in the table: \(names)"])
      + (frame.showsNumbers ? [] : ["no room for the numbers of the sites, which are in the table"])
  }

  private static func bond(_ bond: Figure.Graph.Bond, _ frame: GraphFrame, _ widths: BondWidths) -> [Picture.Mark] {
    let (start, end) = (frame.places[bond.first], frame.places[bond.second])
    let current = bond.certainCurrent
    let width = widths.width(current)
    let line = strip(from: start, to: end, width: width, bondColour)
    guard let current, let head = widths.head(from: start, to: end, width: width, isForward: current > 0) else {
      return [line]
    }
    return [line, .polygon(head, CurveStyle.ink)]
  }

  static func strip(from start: Place, to end: Place, width: Double, _ color: String) -> Picture.Mark {
    let along = end - start
    let length = (along * along).sum().squareRoot()
    let across = length > 0 ? 0.5 * width / length * Place(-along.y, along.x) : Place()
    return .polygon([start + across, end + across, end - across, start - across], color)
  }

  private static func bath(
    _ place: GraphFrame.BathPlace, _ bath: Figure.Graph.Bath, _ frame: GraphFrame, _ scale: ColourScale?
  ) -> [Picture.Mark] {
    func square(_ half: Double, _ color: String) -> Picture.Mark {
      let corners: [Place] = [[-1, -1], [1, -1], [1, 1], [-1, 1]]
      return .polygon(corners.map { place.mark + half * $0 }, color)
    }
    let half = GraphFrame.markSize / 2
    let shapes = [
      strip(from: frame.places[bath.site], to: place.mark, width: 1.2, CurveStyle.ink), square(half, CurveStyle.ink),
      square(half - 0.8, bath.temperature.flatMap { scale?.color($0) } ?? ColourScale.unknown),
    ]
    let lines = GraphFrame.lines(of: bath)
    let first = -0.5 * Double(lines.count - 1)
    return shapes
      + lines.enumerated().map { row, words in
        .text(
          words, place.text + Place(0, (first + Double(row)) * GraphFrame.lineHeight), .center,
          size: GraphFrame.textSize)
      }
  }
}

/// How wide bonds are, and how large their arrows.
struct BondWidths {
  /// The current of the widest bond; zero if none is known.
  let widest: Double
  /// Radius of the sites.
  let radius: Double

  private static let thinnest = 1.0
  private var thickest: Double { min(7, max(1.8, 0.9 * radius)) }

  func width(_ current: Double?) -> Double {
    guard let current, widest > 0 else { return Self.thinnest }
    return Self.thinnest + (thickest - Self.thinnest) * abs(current) / widest
  }

  /// The corners of an arrow half way between two sites; nil if there is no room.
  func head(from start: SIMD2<Double>, to end: SIMD2<Double>, width: Double, isForward: Bool) -> [SIMD2<Double>]? {
    let along = end - start
    let distance = (along * along).sum().squareRoot()
    let gap = distance - 2 * radius
    guard gap > 2, distance > 0 else { return nil }
    let unit = (isForward ? 1 : -1) / distance * along
    let length = min(0.9 * gap, 6 + width)
    let half = max(0.42 * length, min(0.5 * width + 1.5, length))
    let (middle, across) = (0.5 * (start + end), half * SIMD2(-unit.y, unit.x))
    return [middle + 0.5 * length * unit, middle - 0.5 * length * unit + across, middle - 0.5 * length * unit - across]
  }
}

/// What widths and colours mean, below a network.
struct GraphKey {
  typealias Place = Picture.Place

  static let height = 58.0

  let top: Double
  let width: Double
  let pad: Double

  func marks(_ scale: ColourScale?, label: String, widest: Double, _ widths: BondWidths) -> [Picture.Mark] {
    var marks: [Picture.Mark] = []
    var left = pad
    let row = top + 8
    if widest > 0 {
      let (start, end) = (Place(pad, row), Place(pad + 34, row))
      let thickness = widths.width(widest)
      marks.append(GraphPicture.strip(from: start, to: end, width: thickness, "#9a9a9a"))
      let free = BondWidths(widest: widest, radius: 0)
      if let head = free.head(from: start, to: end, width: thickness, isForward: true) {
        marks.append(.polygon(head, CurveStyle.ink))
      }
      let words = GraphFrame.equation("J", widest)
      marks.append(.text(words, Place(pad + 42, row), .left, size: GraphFrame.textSize))
      left = pad + 42 + GraphFrame.textSize * words.estimatedWidth + 24
    }
    guard let scale else { return marks }
    return marks + bar(scale, label: label, from: left)
  }

  private func bar(_ scale: ColourScale, label: String, from left: Double) -> [Picture.Mark] {
    let end = width - pad - 14
    let start = max(left + 10, end - 260)
    let steps = 64
    let (step, height) = ((end - start) / Double(steps), 10.0)
    func piece(_ from: Double, _ to: Double, _ top: Double, _ bottom: Double, _ color: String) -> Picture.Mark {
      .polygon([Place(from, top), Place(to, top), Place(to, bottom), Place(from, bottom)], color)
    }
    // Each piece reaches under the next: no paper shows between them.
    var marks = (0..<steps).map { index in
      let from = start + Double(index) * step
      let color = ColourScale.color(share: scale.upper > scale.lower ? (Double(index) + 0.5) / Double(steps) : 0.5)
      return piece(from, index == steps - 1 ? end : min(end, from + 2 * step), top + 3, top + 3 + height, color)
    }
    let fit = AxisFit(lower: scale.lower, upper: scale.upper, scale: .linear)
    let tics: [Tic]
    let power: Int?
    if scale.upper > scale.lower {
      tics = fit.tics(about: max(2, Int((end - start) / 55))).filter { $0.label != nil }
      power = fit.commonPower
    } else {
      tics = [Tic(value: scale.lower, label: scale.lower.short)]
      power = nil
    }
    for tic in tics {
      let part = scale.upper > scale.lower ? fit.part(tic.value) : 0.5
      let x = start + part * (end - start)
      marks.append(piece(x - 0.5, x + 0.5, top + 3 + height, top + 7 + height, CurveStyle.ink))
      marks.append(
        .text(MathText(tic.label ?? ""), Place(x, top + 15 + height), .center, size: GraphFrame.textSize))
    }
    let words = MathText(label + (power.map { " [10^{\($0)}]" } ?? ""))
    let half = 0.5 * FigureLayout.legendFontSize * words.estimatedWidth
    let middle = min(0.5 * (start + end), width - 4 - half)
    marks.append(.text(words, Place(middle, top + 33 + height), .center, size: FigureLayout.legendFontSize))
    return marks
  }
}
