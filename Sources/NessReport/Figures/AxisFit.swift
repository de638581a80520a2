import Foundation

/// The part of an axis that a picture shows.
package struct AxisFit: Equatable {
  /// Lower end, in the axis's own unit.
  package var lower: Double
  /// Upper end.
  package var upper: Double
  /// Linear or logarithmic.
  package var scale: Figure.Axis.Scale

  /// The range from `lower` to `upper`.
  package init(lower: Double, upper: Double, scale: Figure.Axis.Scale) {
    self.lower = lower
    self.upper = upper
    self.scale = scale
  }

  /// Whether a value lies on the axis.
  package func contains(_ value: Double) -> Bool { value >= lower && value <= upper }

  /// How far up the axis a value lies: 0 at its lower end, 1 at its upper end.
  func part(_ value: Double) -> Double {
    scale == .logarithmic ? log(value / lower) / log(upper / lower) : (value - lower) / (upper - lower)
  }

  /// A place that lies a part of the axis's length further up.
  package func moved(_ value: Double, by part: Double) -> Double {
    guard part != 0 else { return value }
    return scale == .logarithmic ? value * pow(upper / lower, part) : value + part * (upper - lower)
  }
}

// MARK: - Fitting a range to curves

extension AxisFit {
  /// Which coordinate of a point an axis shows.
  package enum Direction { case horizontal, vertical }

  /// How far a kind of curve may stretch the range that simulation and theory ask for. A guide never does.
  private static let stretchLimits: [(role: Figure.Curve.Role, limit: Double)] = [(.approximation, 3), (.printed, 1.5)]

  /// The range for curves whose points can all be drawn: what simulation (with error bars) and theory ask for, and
  /// the other curves as far as they do not dwarf them; in any case what is asked for by `including`.
  package init?(
    _ curves: [Figure.Curve], direction: Direction, axis: Figure.Axis, including least: ClosedRange<Double>? = nil
  ) {
    let main = curves.filter { $0.role == .simulation || $0.role == .theory }
    let measured = Self.span(of: main, direction, axis.scale) ?? Self.span(of: curves, direction, axis.scale)
    guard let measured else { return nil }
    var span = measured
    if let least { span = min(span.lowerBound, least.lowerBound)...max(span.upperBound, least.upperBound) }
    // Down to zero, or by a decade, a flat curve is not dwarfed; beside one that is zero everywhere nothing has a size.
    let plain = axis.scale == .logarithmic ? 1 : max(abs(measured.lowerBound), abs(measured.upperBound))
    let size = plain > 0 ? max(measured.upperBound - measured.lowerBound, plain) : .infinity
    for (role, limit) in Self.stretchLimits {
      for curve in curves where curve.role == role {
        guard let own = Self.span(of: [curve], direction, axis.scale) else { continue }
        let joined = min(span.lowerBound, own.lowerBound)...max(span.upperBound, own.upperBound)
        let isFree = direction == .horizontal
        if isFree || joined.upperBound - joined.lowerBound <= limit * size { span = joined }
      }
    }
    self.init(span: span, scale: axis.scale, margin: direction == .horizontal ? 0.03 : 0.06)
    if let range = axis.range { narrow(to: range) }
  }

  /// The range that holds whole numbers from `first` to `last` with symbols that stand free of the frame.
  init(first: Double, last: Double) {
    let air = max(0.06 * (last - first), 0.25)
    self.init(lower: first - air, upper: last + air, scale: .linear)
  }

  /// A range with some air at both ends, in axis units, from a span in drawing units (a logarithm on a log axis).
  private init(span: ClosedRange<Double>, scale: Figure.Axis.Scale, margin: Double) {
    var (low, high) = (span.lowerBound, span.upperBound)
    if high - low <= 1e-12 * max(abs(low), abs(high)) {
      let half = scale == .logarithmic ? 0.2 : low == 0 ? 1 : 0.1 * abs(low)
      (low, high) = (low - half, high + half)
    }
    let air = margin * (high - low)
    switch scale {
    case .linear:
      let touchesZeroBelow = low >= 0 && low <= 0.35 * high
      let touchesZeroAbove = high <= 0 && high >= 0.35 * low
      self.init(lower: touchesZeroBelow ? 0 : low - air, upper: touchesZeroAbove ? 0 : high + air, scale: scale)
    case .logarithmic:
      self.init(lower: pow(10, low - air), upper: pow(10, high + air), scale: scale)
    }
  }

  /// Takes the ends that the figure asks for, as far as the scale can show them.
  private mutating func narrow(to range: ClosedRange<Double>) {
    guard range.upperBound > range.lowerBound else { return }
    if scale == .linear || range.lowerBound > 0 { lower = range.lowerBound }
    if scale == .linear || range.upperBound > 0 { upper = range.upperBound }
  }

  /// What the points cover, in drawing units. Error bars count, but none may more than double the picture.
  private static func span(
    of curves: [Figure.Curve], _ direction: Direction, _ scale: Figure.Axis.Scale
  ) -> ClosedRange<Double>? {
    let points = curves.flatMap(\.points)
    let values = points.map { drawn(direction == .horizontal ? $0.x : $0.y, scale) }
    guard let low = values.min(), let high = values.max() else { return nil }
    guard direction == .vertical else { return low...high }
    let errors = points.compactMap(\.error).filter { $0.isFinite && $0 > 0 }.sorted()
    // Where most error bars are longer than the curve is high, they are what there is to see.
    let usual = scale == .linear && !errors.isEmpty ? 1.3 * errors[errors.count / 2] : 0
    let reach = high > low ? max(0.6 * (high - low), usual) : .infinity
    let ends = points.flatMap { point -> [Double] in
      guard let error = point.error, error.isFinite, error > 0 else { return [] }
      let bottom = scale == .logarithmic ? max(point.y - error, point.y / 3) : point.y - error
      return [drawn(bottom, scale), drawn(point.y + error, scale)]
    }
    return max(low - reach, min(low, ends.min() ?? low))...min(high + reach, max(high, ends.max() ?? high))
  }

  private static func drawn(_ value: Double, _ scale: Figure.Axis.Scale) -> Double {
    scale == .logarithmic ? log10(value) : value
  }
}
