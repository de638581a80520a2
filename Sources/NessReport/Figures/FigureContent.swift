/// A curve as it is drawn: the points that the axes can show, cut where one cannot be shown.
struct DrawnCurve {
  /// A point as it is drawn.
  struct Row {
    /// Abscissa, moved sideways where curves share theirs.
    let x: Double
    /// Ordinate.
    let y: Double
    /// The ends of the error bar.
    let lower: Double, upper: Double
  }

  var curve: Figure.Curve
  /// The points; nil interrupts the curve.
  var rows: [Row?]
  /// Number of points that are drawn.
  var pointCount: Int
  /// Size of the symbols, one being usual: where curves share abscissas and cannot be set side by side, those drawn first are
  /// larger than those that may lie on them.
  var symbolScale = 1.0

  /// On a logarithmic axis an error bar that reaches zero ends at the axis's lower end.
  /// `shift` moves the symbols sideways, as a part of the axis.
  init(_ curve: Figure.Curve, _ horizontal: AxisFit, _ vertical: AxisFit, shift: Double) {
    self.curve = curve
    rows = curve.points.map { point in
      guard horizontal.scale.canShow(point.x), vertical.scale.canShow(point.y) else { return nil }
      let error = point.error.map { $0.isFinite ? abs($0) : 0 } ?? 0
      let low = vertical.scale == .logarithmic ? max(point.y - error, min(vertical.lower, point.y)) : point.y - error
      return Row(x: horizontal.moved(point.x, by: shift), y: point.y, lower: low, upper: point.y + error)
    }
    pointCount = rows.count { $0 != nil }
  }
}

/// A panel as it is drawn.
struct DrawnPanel {
  var curves: [DrawnCurve]
  var vertical: AxisFit
  var verticalTics: [Tic]
}

/// A figure as it is drawn: axes fitted, undrawable points taken out and counted.
struct FigureContent {
  let palette: Palette
  let horizontal: AxisFit
  let horizontalTics: [Tic]
  /// The main panel, and the ratio panel if there is anything to show in it.
  let panels: [DrawnPanel]
  /// What is not in the picture, in sentences.
  let notes: [String]

  init(_ figure: Figure, _ format: FigureFormat) throws(FigureError) {
    let ratioAxis = Figure.Axis(label: figure.ratioLabel ?? "", unit: "1", range: figure.ratioRange)
    let curves = figure.curves.map { Self.drawable($0, figure.horizontal, figure.vertical) }
    let ratios = figure.ratios.map { Self.drawable($0, figure.horizontal, ratioAxis) }
    guard
      var horizontal = AxisFit(Self.decisive(curves + ratios), direction: .horizontal, axis: figure.horizontal),
      let vertical = AxisFit(
        Self.decisive(curves.map { Self.within(horizontal, $0) }), direction: .vertical, axis: figure.vertical)
    else { throw FigureError.nothingToDraw(figure: figure.identifier, reason: Self.reasonForNothing(figure)) }
    // Whole numbers are places of their own, none of which lies on the frame.
    let places = Self.decisive(curves + ratios).flatMap(\.points).map(\.x)
    let isWhole =
      figure.horizontal.unit == "1" && figure.horizontal.scale == .linear && places.allSatisfy { $0 == $0.rounded() }
    if isWhole, figure.horizontal.range == nil, let first = places.min(), let last = places.max() {
      horizontal = AxisFit(first: first, last: last)
    }
    let sampled = figure.curves.count { $0.role == .simulation }
    let room = isWhole && sampled > 1 ? 0.6 / ((horizontal.upper - horizontal.lower) * Double(sampled)) : 0
    var panels = [
      DrawnPanel(figure.curves, horizontal, vertical, ticCount: format.isNarrow ? 5 : 6, spread: min(0.014, room))
    ]
    let seen = ratios.map { Self.within(horizontal, $0) }
    if let vertical = AxisFit(
      seen, direction: .vertical, axis: ratioAxis, including: figure.ratioRange == nil ? 0.98...1.02 : nil)
    {
      panels.append(DrawnPanel(figure.ratios, horizontal, vertical, ticCount: 4, spread: 0.011))
    }
    self.palette = Palette(figure)
    self.horizontal = horizontal
    let tics = horizontal.tics(about: format.isNarrow ? 5 : 6, isWhole: isWhole)
    self.horizontalTics = tics
    self.panels = panels
    notes =
      Self.notes(onUndrawable: figure.curves, figure.horizontal, figure.vertical)
      + Self.notes(onUndrawable: figure.ratios, figure.horizontal, ratioAxis)
      + Self.notes(onHidden: figure.curves, horizontal, panels[0].vertical, isCutByFigure: figure.vertical.range != nil)
      + (panels.count < 2
        ? []
        : Self.notes(
          onHidden: figure.ratios, horizontal, panels[1].vertical, isCutByFigure: figure.ratioRange != nil))
  }

  /// The curves that decide over a range: all but the guides, unless there is nothing else.
  private static func decisive(_ curves: [Figure.Curve]) -> [Figure.Curve] {
    let kept = curves.filter { $0.role != .guide && !$0.points.isEmpty }
    return kept.isEmpty ? curves : kept
  }

  /// Why no point of a figure can be drawn.
  private static func reasonForNothing(_ figure: Figure) -> String {
    let finite = figure.curves.flatMap(\.points).filter { $0.x.isFinite && $0.y.isFinite }
    return finite.isEmpty
      ? "it has no point with finite numbers" : "none of its points is above zero, as logarithmic axes need"
  }

  private static func within(_ horizontal: AxisFit, _ curve: Figure.Curve) -> Figure.Curve {
    var kept = curve
    kept.points.removeAll { !horizontal.contains($0.x) }
    return kept
  }

  private static func drawable(
    _ curve: Figure.Curve, _ horizontal: Figure.Axis, _ vertical: Figure.Axis
  ) -> Figure.Curve {
    var kept = curve
    kept.points = kept.points.filter { horizontal.scale.canShow($0.x) && vertical.scale.canShow($0.y) }
    return kept
  }
}

// MARK: - Notes

extension FigureContent {
  /// Points that no picture with these axes can show.
  private static func notes(
    onUndrawable curves: [Figure.Curve], _ horizontal: Figure.Axis, _ vertical: Figure.Axis
  ) -> [String] {
    curves.flatMap { curve -> [String] in
      let values = curve.points.map { [$0.x, $0.y] }
      let finite = values.filter { $0.allSatisfy(\.isFinite) }
      let negative = finite.count { !horizontal.scale.canShow($0[0]) || !vertical.scale.canShow($0[1]) }
      let unusable = values.count - finite.count
      var notes: [String] = []
      if negative > 0 { notes.append("\(points(negative, curve)) not above zero, not drawn on the logarithmic axis") }
      if unusable > 0 { notes.append("\(points(unusable, curve)) not finite, not drawn") }
      return notes
    }
  }

  /// Sampled points outside the picture, and other curves that leave it. Guides may.
  private static func notes(
    onHidden curves: [Figure.Curve], _ horizontal: AxisFit, _ vertical: AxisFit, isCutByFigure: Bool
  ) -> [String] {
    curves.filter { $0.role != .guide }.compactMap { curve in
      let hidden = curve.points.count { point in
        horizontal.scale.canShow(point.x) && vertical.scale.canShow(point.y)
          && !(horizontal.contains(point.x) && vertical.contains(point.y))
      }
      guard hidden > 0 else { return nil }
      guard curve.role == .simulation else {
        // A range that the figure asks for is meant to cut.
        if isCutByFigure { return nil }
        return "\u{201C}\(curve.name)\u{201D} leaves the picture, which is cut to fit the rest"
      }
      return "\(points(hidden, curve)) outside the axes' range, not drawn"
    }
  }

  private static func points(_ count: Int, _ curve: Figure.Curve) -> String {
    "\(count) of \(curve.points.count) points of \u{201C}\(curve.name)\u{201D}"
  }
}

extension Figure.Axis.Scale {
  /// Whether a value has a place on the axis at all.
  func canShow(_ value: Double) -> Bool { value.isFinite && (self == .linear || value > 0) }
}

// MARK: - Drawing

extension DrawnPanel {
  /// A panel of curves; those of which nothing can be drawn are left out.
  ///
  /// Sampled curves that share abscissas are set side by side, `spread` apart (as a part of the axis), so that none
  /// hides another; the table keeps the true abscissas.
  fileprivate init(
    _ curves: [Figure.Curve], _ horizontal: AxisFit, _ vertical: AxisFit, ticCount: Int, spread: Double
  ) {
    let sampled = curves.indices.filter { curves[$0].role == .simulation }
    let places = sampled.flatMap { curves[$0].points.map(\.x) }
    let areShared = Set(places).count < places.count
    let middle = Double(sampled.count - 1) / 2
    self.curves = curves.indices.map { index in
      let rank = sampled.firstIndex(of: index).map { Double($0) - middle } ?? 0
      var drawn = DrawnCurve(curves[index], horizontal, vertical, shift: areShared ? spread * rank : 0)
      if areShared, spread == 0, middle > 0 { drawn.symbolScale = 1 - 0.3 * rank / middle }
      return drawn
    }.filter { $0.pointCount > 0 }
    self.vertical = vertical
    verticalTics = vertical.tics(about: ticCount)
  }
}
