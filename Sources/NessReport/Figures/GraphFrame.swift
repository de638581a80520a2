import NessStatistics

/// Where sites, baths and their names stand in the picture of a network; lengths in units of the format from the top left corner.
struct GraphFrame {
  typealias Place = Picture.Place

  /// A bath that found a place.
  struct BathPlace {
    /// Which bath of the graph.
    let index: Int
    /// The middle of its square and of its words.
    var mark: Place
    var text: Place
  }

  static let numberSize = 11.0
  static let textSize = 12.0
  static let lineHeight = 14.0
  static let markSize = 9.0

  /// The middles of the sites.
  let places: [Place]
  /// Radius of the sites.
  let radius: Double
  /// Whether the numbers of the sites have room in them.
  let showsNumbers: Bool
  /// The baths whose marks have room.
  let baths: [BathPlace]
  /// Where everything ends.
  let bottom: Double

  /// What stands beside the mark of a bath.
  static func lines(of bath: Figure.Graph.Bath) -> [MathText] {
    let name = bath.name.count > 16 ? "\(bath.name.prefix(15))…" : bath.name
    return [MathText(name: name)] + (bath.temperature.map { [equation("T", $0)] } ?? [])
  }

  /// A symbol with its value to three digits.
  static func equation(_ symbol: String, _ value: Double) -> MathText {
    MathText("\(symbol) = \(NumberText(Double(value.text(digits: 3)) ?? value).marked)")
  }

  init(_ graph: Figure.Graph, width: Double, pad: Double) {
    let sizes = graph.baths.map { bath in
      Place(
        Self.textSize * (Self.lines(of: bath).map(\.estimatedWidth).max() ?? 0), Self.lineHeight * 2)
    }
    let margin = (sizes.map(\.x).max() ?? 0) + Self.markSize + 16
    // The whole width for the sites if the names of the baths find room above and below, else margins for them.
    let trials = [0, margin].map { Trial(graph, sizes, width: width, pad: pad, margin: $0, mayCover: false) }
    let best =
      trials.first { $0.baths.count == graph.baths.count }
      ?? [0, margin].map { Trial(graph, sizes, width: width, pad: pad, margin: $0, mayCover: true) }
      .max { $0.baths.count < $1.baths.count } ?? trials[0]
    let shift = Place(0, pad - best.top)
    places = best.places.map { $0 + shift }
    radius = best.radius
    baths = best.baths.map { BathPlace(index: $0.index, mark: $0.mark + shift, text: $0.text + shift) }
    bottom = best.bottom + shift.y
    let widest = 0.57 * Self.numberSize * Double("\(graph.sites.count)".count)
    showsNumbers = radius >= 6.5 && 2 * radius >= widest + 2
  }
}

/// An attempt at a frame with some margin on both sides.
private struct Trial {
  typealias Place = GraphFrame.Place

  private(set) var places: [Place] = []
  private(set) var radius = 0.0
  private(set) var baths: [GraphFrame.BathPlace] = []
  private(set) var top = 0.0
  private(set) var bottom = 0.0

  /// A rectangle by its middle and half its sides.
  private struct Box {
    let middle: Place
    let half: Place

    func grown(by length: Double) -> Box { Box(middle: middle, half: half + Place(repeating: length)) }

    func meets(_ other: Box) -> Bool {
      let apart = middle - other.middle
      return abs(apart.x) < half.x + other.half.x && abs(apart.y) < half.y + other.half.y
    }

    func meets(disc centre: Place, _ radius: Double) -> Bool {
      let x = max(0, abs(centre.x - middle.x) - half.x)
      let y = max(0, abs(centre.y - middle.y) - half.y)
      return x * x + y * y < radius * radius
    }

    /// Whether a line from one place to another enters it (Liang and Barsky, 1984).
    func meets(from start: Place, to end: Place) -> Bool {
      var (first, last) = (0.0, 1.0)
      for axis in 0..<2 {
        let (step, offset) = (end[axis] - start[axis], start[axis] - middle[axis])
        if step == 0 {
          if abs(offset) >= half[axis] { return false }
          continue
        }
        let ends = [(-half[axis] - offset) / step, (half[axis] - offset) / step].sorted()
        (first, last) = (max(first, ends[0]), min(last, ends[1]))
      }
      return first < last
    }
  }

  private static let directions: [Place] = {
    let (c, s, d) = (0.923_879_532_511_286_7, 0.382_683_432_365_089_8, 0.707_106_781_186_547_6)
    let quarter: [Place] = [[1, 0], [c, s], [d, d], [s, c]]
    return quarter + quarter.map { [-$0.y, $0.x] } + quarter.map { -$0 } + quarter.map { [$0.y, -$0.x] }
  }()

  init(_ graph: Figure.Graph, _ sizes: [Place], width: Double, pad: Double, margin: Double, mayCover: Bool) {
    let raw = graph.sites.map { Place($0.x, -$0.y) }
    let low = raw.reduce(Place(repeating: .infinity)) { Place(min($0.x, $1.x), min($0.y, $1.y)) }
    let high = raw.reduce(Place(repeating: -.infinity)) { Place(max($0.x, $1.x), max($0.y, $1.y)) }
    let spacing = Self.spacing(raw)
    let most = 12.0
    let room = width - 2 * (pad + margin + most)
    let extent = high - low
    let scale = min(
      extent.x > 0 ? room / extent.x : .infinity, extent.y > 0 ? 0.8 * width / extent.y : .infinity, 72 / spacing)
    radius = min(most, 0.34 * spacing * scale)
    places = raw.map { (($0 - 0.5 * (low + high)) * scale) + Place(0.5 * width, 0) }
    place(graph, sizes, width: width, pad: pad, mayCover: mayCover)
    let discs = places.map(\.y)
    let boxes = baths.flatMap { [$0.text.y - sizes[$0.index].y / 2, $0.mark.y - GraphFrame.markSize / 2] }
    let ends = baths.flatMap { [$0.text.y + sizes[$0.index].y / 2, $0.mark.y + GraphFrame.markSize / 2] }
    top = min((discs.min() ?? 0) - radius, boxes.min() ?? .infinity)
    bottom = max((discs.max() ?? 0) + radius, ends.max() ?? -.infinity)
  }

  /// The least distance between two sites; 1 if there is only one.
  private static func spacing(_ places: [Place]) -> Double {
    var least = Double.infinity
    for first in places.indices {
      for second in 0..<first {
        let apart = places[first] - places[second]
        least = min(least, (apart * apart).sum())
      }
    }
    return least > 0 && least < .infinity ? least.squareRoot() : 1
  }

  /// Marks and names of the baths, each where it covers nothing, away from the neighbours of its site if possible.
  private mutating func place(
    _ graph: Figure.Graph, _ sizes: [Place], width: Double, pad: Double, mayCover: Bool
  ) {
    var taken: [Box] = []
    for (index, bath) in graph.baths.enumerated() {
      let site = places[bath.site]
      let outward = outward(graph, bath.site)
      let order = Self.directions.enumerated().sorted { first, second in
        let (near, far) = ((first.element * outward).sum(), (second.element * outward).sum())
        return near == far ? first.offset < second.offset : near > far
      }
      search: for length in [10.0, 18, 30, 46] {
        for (_, unit) in order {
          let mark = Box(
            middle: site + (radius + length) * unit, half: Place(repeating: GraphFrame.markSize / 2 + 1))
          let half = 0.5 * sizes[index]
          let reach = min(
            abs(unit.x) > 0 ? (half.x + 7) / abs(unit.x) : .infinity,
            abs(unit.y) > 0 ? (half.y + 6) / abs(unit.y) : .infinity)
          let words = Box(middle: mark.middle + reach * unit, half: half + Place(1, 0))
          let isInside = words.middle.x - half.x >= pad - 8 && words.middle.x + half.x <= width - pad + 8
          guard isInside, isFree(mark, words, taken, graph, bath.site, mayCover: mayCover) else { continue }
          taken += [mark, words]
          baths.append(.init(index: index, mark: mark.middle, text: words.middle))
          break search
        }
      }
    }
  }

  private func isFree(
    _ mark: Box, _ words: Box, _ taken: [Box], _ graph: Figure.Graph, _ site: Int, mayCover: Bool
  ) -> Bool {
    if taken.contains(where: { $0.meets(mark) || $0.meets(words) || $0.meets(from: places[site], to: mark.middle) }) {
      return false
    }
    let isOnSite = places.enumerated().contains { other, place in
      mark.meets(disc: place, radius + 2) || words.meets(disc: place, radius + 3)
    }
    guard !isOnSite, !mayCover else { return !isOnSite }
    // Half of a wide bond, and some paper.
    let (wideWords, wideMark) = (words.grown(by: 5), mark.grown(by: 3))
    return !graph.bonds.contains { bond in
      let (start, end) = (places[bond.first], places[bond.second])
      return wideWords.meets(from: start, to: end) || wideMark.meets(from: start, to: end)
    }
  }

  /// The direction away from the neighbours of a site; upwards if they are all around, or none.
  private func outward(_ graph: Figure.Graph, _ site: Int) -> Place {
    var sum = Place(0, -0.05)
    for bond in graph.bonds where bond.first == site || bond.second == site {
      let apart = places[site] - places[bond.first == site ? bond.second : bond.first]
      let length = (apart * apart).sum().squareRoot()
      if length > 0 { sum += apart / length }
    }
    return sum
  }
}
