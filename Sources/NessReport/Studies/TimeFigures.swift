import NessFiles
import NessModel

// MARK: - Quantities along time, from a start or back to one moment

extension StudyFigures {
  /// The most curves of a figure: of some sites, baths or levels, evenly chosen.
  private static let mostCurves = 6
  /// The same of several equations together, which dashes tell apart.
  private static let mostBeside = 12

  /// A family whose last axis is time: a curve for each place of the axis before, of one point of the study.
  func alongTime(_ family: Quantity.Family) throws(StudyFigureError) -> Figure {
    try alongAxis(family, .init(label: "t, time", unit: "time"), title: Self.labelAlongTime(family))
  }

  /// Symbol and words without what the axis below and the legend say.
  private static func labelAlongTime(_ family: Quantity.Family) -> String {
    let words = family.words.prefix { $0 != "," }
    let end = words.hasSuffix(" at time") ? words.dropLast(" at time".count) : words
    return [family.symbolOfAll, String(end)].compactMap { $0 }.joined(separator: ", ")
  }

  /// A quantity along its own last axis, of one point of a sweep. Theory that is not known to a fiftieth of the largest value is left
  /// out, and that is said.
  func alongAxis(
    _ family: Quantity.Family, _ horizontal: Figure.Axis, title: String
  ) throws(StudyFigureError) -> Figure {
    let quantity = Quantity.all(family)
    let members = quantities.filter { $0.family == family }
    if !members.isEmpty { return try sweepFigure(of: members, title: family.labelOfAll) }
    let holders = document.points.filter { point in point.estimates.contains { $0.quantity == quantity } }
    let methods = methods(of: [quantity])
    guard !methods.isEmpty, let point = holders.first(where: { isChosen($0) }) ?? holders.first else {
      throw StudyFigureError(absence(of: family.rawValue))
    }
    // Equations beside one another where these are few curves.
    let theories = methods.filter { $0 != .simulation }
    let rows = point.estimates.first { $0.quantity == quantity && $0.axes.count == 2 }?.axes[0].count ?? 1
    let few = methods.count == theories.count && rows * theories.count <= Self.mostBeside
    let shown = methods.filter { $0 == .simulation } + theories.prefix(few ? theories.count : 1)
    var curves: [Figure.Curve] = []
    var unsure = 0
    for (place, method) in shown.enumerated() {
      guard let entry = point.estimates.first(where: { $0.quantity == quantity && $0.method == method }),
        let time = entry.axes.last, entry.axes.count <= 2
      else { continue }
      let rows = entry.axes.count == 2 ? entry.axes[0] : nil
      let chosen = StudyNumbers.evenlyChosen(rows?.count ?? 1).prefix(Self.mostCurves)
      for (number, row) in chosen.enumerated() {
        let label = rows.map { "\($0.name) \($0.label(row))" }
        let own = entry.estimates[(row * time.count)..<((row + 1) * time.count)]
        let largest = own.filter { 50 * $0.error < abs($0.value) }.map { abs($0.value) }.max() ?? 0
        let points = zip(time.values, own).compactMap { place, estimate -> Figure.Curve.Point? in
          if method == .simulation { return .init(place, estimate.value, error: estimate.error) }
          if estimate.error > 0.02 * largest, largest > 0 {
            unsure += 1
            return nil
          }
          return .init(place, estimate.value)
        }
        let leads = method == shown.first
        curves.append(
          .init(
            label: leads && label != nil ? label : legend(method, beside: shown),
            name: [label, method.rawValue].compactMap { $0 }.joined(separator: " "), role: role(method, among: shown),
            // A single curve of every method leaves the colours to these.
            family: chosen.count == 1 && few ? place : number, points: points))
      }
    }
    guard !curves.isEmpty else { throw StudyFigureError(absence(of: family.rawValue)) }
    let place = families.label(of: point, in: document).map { " At \($0)." } ?? ""
    let rest =
      unsure > 0
      ? " \(unsure) place\(unsure == 1 ? " is" : "s are") left out, known to no more than a fiftieth of the largest value."
      : ""
    return Figure(
      identifier: "", title: title,
      caption: "\(studyTitle)\(title).\(methodWords(shown))\(place)\(rest)",
      horizontal: horizontal,
      vertical: .init(label: title, unit: family.dimension),
      curves: curves)
  }

  private func isChosen(_ point: PointResult) -> Bool {
    guard let number = options.point, document.points.indices.contains(number - 1) else { return false }
    return document.points[number - 1].parameters == point.parameters
  }
}
