import NessFiles
import NessModel

// MARK: - Quantities along time, from a start or back to one moment

extension StudyFigures {
  /// The most curves of a figure: of some sites, baths or levels, evenly chosen.
  private static let mostCurves = 6

  /// A family whose last axis is time: a curve for each place of the axis before, of one point of the study.
  func alongTime(_ family: Quantity.Family) throws(StudyFigureError) -> Figure {
    let quantity = Quantity.all(family)
    let members = quantities.filter { $0.family == family }
    if !members.isEmpty { return try sweepFigure(of: members, title: family.labelOfAll) }
    let holders = document.points.filter { point in point.estimates.contains { $0.quantity == quantity } }
    let methods = methods(of: [quantity])
    guard !methods.isEmpty, let point = holders.first(where: { isChosen($0) }) ?? holders.first else {
      throw StudyFigureError(absence(of: family.rawValue))
    }
    let shown = [methods.first { $0 == .simulation }, methods.first { $0 != .simulation }].compactMap { $0 }
    var curves: [Figure.Curve] = []
    for method in shown {
      guard let entry = point.estimates.first(where: { $0.quantity == quantity && $0.method == method }),
        let time = entry.axes.last, entry.axes.count <= 2
      else { continue }
      let rows = entry.axes.count == 2 ? entry.axes[0] : nil
      let chosen = StudyNumbers.evenlyChosen(rows?.count ?? 1).prefix(Self.mostCurves)
      for (number, row) in chosen.enumerated() {
        let label = rows.map { "\($0.name) \($0.label(row))" }
        let points = time.values.enumerated().map { index, time in
          let estimate = entry.estimates[row * entry.axes[entry.axes.count - 1].count + index]
          return Figure.Curve.Point(time, estimate.value, error: method == .simulation ? estimate.error : nil)
        }
        let leads = method == shown.first
        curves.append(
          .init(
            label: leads && label != nil ? label : legend(method, beside: shown),
            name: [label, method.rawValue].compactMap { $0 }.joined(separator: " "), role: role(method, among: shown),
            family: number, points: points))
      }
    }
    guard !curves.isEmpty else { throw StudyFigureError(absence(of: family.rawValue)) }
    let place = families.label(of: point, in: document).map { " At \($0)." } ?? ""
    return Figure(
      identifier: "", title: family.labelOfAll,
      caption: "\(studyTitle)\(family.labelOfAll).\(methodWords(shown))\(place)",
      horizontal: .init(label: "t, time", unit: "time"),
      vertical: .init(label: family.labelOfAll, unit: family.dimension),
      curves: curves)
  }

  private func isChosen(_ point: PointResult) -> Bool {
    guard let number = options.point, document.points.indices.contains(number - 1) else { return false }
    return document.points[number - 1].parameters == point.parameters
  }
}
