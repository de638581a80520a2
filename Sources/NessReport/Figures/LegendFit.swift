/// Where in a panel a legend covers no curve. Places and sizes are parts of the panel, from its lower left corner.
struct LegendFit {
  private let obstacles: [(x: Double, y: Double)]

  init(_ panel: DrawnPanel, _ horizontal: AxisFit) {
    obstacles = panel.curves.flatMap { Self.obstacles(of: $0.curve, horizontal, panel.vertical) }
  }

  /// The lower left corner of a free rectangle: in a corner of the panel if possible, else at the middle of its upper or
  /// lower edge; nil if there is none.
  func place(width: Double, height: Double, margin: (x: Double, y: Double)) -> (x: Double, y: Double)? {
    let (left, right) = (margin.x, 1 - margin.x - width)
    let (bottom, top) = (margin.y, 1 - margin.y - height)
    let middle = 0.5 * (1 - width)
    guard right > left, top > bottom else { return nil }
    let places = [(right, top), (left, top), (right, bottom), (left, bottom), (middle, top), (middle, bottom)]
    return places.first { place in
      !obstacles.contains { point in
        point.x > place.0 - margin.x && point.x < place.0 + width + margin.x && point.y > place.1 - margin.y
          && point.y < place.1 + height + margin.y
      }
    }
  }

  /// Points along a curve, a hundredth of the panel apart; of symbols the points and the ends of their error bars.
  private static func obstacles(
    of curve: Figure.Curve, _ horizontal: AxisFit, _ vertical: AxisFit
  ) -> [(x: Double, y: Double)] {
    let shown = curve.points.filter { horizontal.scale.canShow($0.x) && vertical.scale.canShow($0.y) }
    let places = shown.map { (x: horizontal.part($0.x), y: vertical.part($0.y)) }
    let bars = shown.flatMap { point -> [(x: Double, y: Double)] in
      guard let error = point.error, error.isFinite else { return [] }
      let ends = [point.y - error, point.y + error].map { vertical.scale.canShow($0) ? vertical.part($0) : 0 }
      return (0...20).map { (horizontal.part(point.x), ends[0] + Double($0) / 20 * (ends[1] - ends[0])) }
    }
    guard curve.showsLine else { return places + bars }
    return places + bars
      + zip(places, places.dropFirst()).flatMap { start, end -> [(x: Double, y: Double)] in
        let length = max(abs(end.x - start.x), abs(end.y - start.y))
        let count = min(200, Int(100 * length))
        return (0..<count).map { index in
          let part = Double(index + 1) / Double(count + 1)
          return (start.x + part * (end.x - start.x), start.y + part * (end.y - start.y))
        }
      }
  }
}
