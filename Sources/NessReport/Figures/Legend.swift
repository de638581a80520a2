/// The legend of a figure: each text once.
///
/// Curves of one family with the same text share an entry (symbol on a line). Curves of several families with the same
/// text, such as "with memory", share one in neutral grey, so that the colours are explained once and the line styles
/// once.
package struct Legend {
  /// A text with what stands before it.
  package struct Entry {
    package var text: MathText
    /// Style of the symbol, if simulation is among the curves.
    package var symbol: CurveStyle?
    /// Style of the line, if anything else is.
    package var line: CurveStyle?
  }

  package let entries: [Entry]

  package init(_ figure: Figure, palette: Palette) {
    let labelled = (figure.curves + figure.ratios).filter { $0.label?.isEmpty == false }
    var texts: [String] = []
    for case let label? in labelled.map(\.label) where !texts.contains(label) { texts.append(label) }
    let groups = texts.map { text in labelled.filter { $0.label == text } }
    let order: [Figure.Curve.Role] = [.simulation, .theory, .approximation, .printed, .guide]
    entries = order.flatMap { leading in
      groups.filter { group in order.first { role in group.contains { $0.role == role } } == leading }
    }.map { Self.entry(for: $0, palette) }
  }

  private static func entry(for group: [Figure.Curve], _ palette: Palette) -> Entry {
    let isShared = Set(group.map(\.family)).count > 1
    func look(_ curve: Figure.Curve) -> CurveStyle {
      var style = palette.style(of: curve)
      guard isShared else { return style }
      style.color = CurveStyle.ink
      style.symbol = .disc
      return style
    }
    return Entry(
      text: MathText(group.first?.label ?? ""),
      symbol: group.first(where: \.showsSymbols).map(look), line: group.first(where: \.showsLine).map(look))
  }
}
