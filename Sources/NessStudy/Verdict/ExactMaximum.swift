import Foundation

/// The maximum of a theory's curve |J|(T) between three of its points, found by asking the theory in between, as closely as
/// the bounds of its numerical error allow.
///
/// Parabolas through three points tell where to ask next. Three points a < m < b hold the maximum between a and b if
/// |J(m)| is larger than both others beyond all bounds and the curve has one maximum between the points of the sweep; the
/// last such triple gives the place and its bound.
struct ExactMaximum {
  /// The temperature of the maximum [energy].
  let temperature: Double
  /// The bound of its error [energy].
  let error: Double

  /// Rounds of three questions at most; four or five are needed.
  private static let mostRounds = 12
  /// Part of the distance of the outer points to which a round narrows them.
  private static let narrowing = 0.03

  /// A maximum between three neighbouring points of a curve, of which the middle one is the largest; `low` and `high` may be
  /// either way round, for a curve is followed from equal temperatures to either side.
  ///
  /// - Parameter current: |J| at a temperature with its bound; nil where the theory refuses.
  /// - Returns: nil if the theory does not answer in between, or its bounds do not allow to tell the points apart.
  init?(
    _ low: CurvePoint, _ middle: CurvePoint, _ high: CurvePoint, current: (Double) throws -> CurvePoint?
  ) rethrows {
    let isLogarithmic = min(low.temperature, high.temperature) > 0
    func place(_ point: CurvePoint) -> Double { isLogarithmic ? log(point.temperature) : point.temperature }
    func value(at place: Double) -> Double { isLogarithmic ? exp(place) : place }
    var triple = [low, middle, high].sorted { $0.temperature < $1.temperature }
    guard triple[1].temperature == middle.temperature, Self.isCertain(triple) else { return nil }
    for _ in 0..<Self.mostRounds {
      let x = triple.map(place)
      guard let parabola = Parabola(x, triple.map(\.current)) else { break }
      let bound = triple.map(Self.slack).max() ?? 0
      // Closer to the top than this the points cannot be told apart.
      let resolution = max((8 * bound / parabola.curvature).squareRoot(), 1e-9 * max(abs(x[1]), 1))
      let width = x[2] - x[0]
      if width < 3 * resolution { break }
      let step = max(resolution, Self.narrowing * width)
      let centre = min(max(parabola.vertex, x[0] + 0.02 * width), x[2] - 0.02 * width)
      var known = triple
      for asked in [centre - step, centre, centre + step] where asked > x[0] && asked < x[2] && !x.contains(asked) {
        guard let found = try current(value(at: asked)) else { return nil }
        known.append(found)
      }
      known.sort { $0.temperature < $1.temperature }
      guard let top = known.indices.max(by: { known[$0].current < known[$1].current }), top > 0, top < known.count - 1
      else { break }
      // Points too close to be told apart from the top cannot bound it.
      let below = (0..<top).last { Self.isBelow(known[$0], known[top]) }
      let above = ((top + 1)..<known.count).first { Self.isBelow(known[$0], known[top]) }
      guard let below, let above else { break }
      let next = [known[below], known[top], known[above]]
      if place(next[2]) - place(next[0]) >= 0.999 * width { break }
      triple = next
    }
    let x = triple.map(place)
    let vertex = Parabola(x, triple.map(\.current))?.vertex ?? x[1]
    let found = value(at: min(max(vertex, x[0]), x[2]))
    self.temperature = found
    error = max(value(at: x[2]) - found, found - value(at: x[0]))
  }

  private static func isBelow(_ point: CurvePoint, _ top: CurvePoint) -> Bool {
    point.current + slack(point) < top.current - slack(top)
  }

  /// The bound of a current, and no less than the rounding of a formula that takes some steps.
  private static func slack(_ point: CurvePoint) -> Double { max(point.error, 32 * .ulpOfOne * abs(point.current)) }

  private static func isCertain(_ triple: [CurvePoint]) -> Bool {
    isBelow(triple[0], triple[1]) && isBelow(triple[2], triple[1])
  }

  /// The parabola through three points; nil if it has no maximum.
  private struct Parabola {
    let vertex: Double
    /// Minus the second derivative, positive.
    let curvature: Double

    init?(_ x: [Double], _ y: [Double]) {
      let rise = (y[1] - y[0]) / (x[1] - x[0])
      let fall = (y[2] - y[1]) / (x[2] - x[1])
      curvature = 2 * (rise - fall) / (x[2] - x[0])
      guard curvature > 0 else { return nil }
      vertex = 0.5 * (x[0] + x[1]) + rise / curvature
    }
  }
}
