import NessStatistics
import Foundation
import NessFiles
import NessModel

// MARK: - Quantities against the swept parameter

extension StudyFigures {
  func heatCurrent() throws(StudyFigureError) -> Figure {
    var quantities: [Quantity] = [.heatCurrent]
    if methods(of: quantities).isEmpty {
      // Of three baths or more each gives its own heat.
      quantities = self.quantities.filter { $0.family == .heatFrom }
    }
    guard !methods(of: quantities).isEmpty else { throw StudyFigureError(absence(of: "a heat current")) }
    var figure = try sweepFigure(of: quantities, title: "Heat current")
    figure.caption += verdictWords(methods(of: quantities))
    if quantities.count == 1, let comparison = comparison() {
      figure.ratios = comparison.curves
      figure.ratioLabel = comparison.label
      figure.caption += comparison.words
    }
    return figure
  }

  func effectiveFriction() throws(StudyFigureError) -> Figure {
    let quantities = quantities.filter { $0.family == .effectiveFriction }
    guard !methods(of: quantities).isEmpty else {
      throw StudyFigureError(absence(of: "an effective friction"))
    }
    return try sweepFigure(of: quantities, title: "Effective friction of the particles")
  }

  func absence(of what: String) -> String {
    options.methods == nil
      ? "no point has \(what)"
      : "no point has \(what) by \((options.methods ?? []).map(\.rawValue).sorted().joined(separator: ", "))"
  }

  /// The absence of a quantity, with those that there are.
  func absenceAmongQuantities(of what: String) -> String {
    "\(absence(of: what)); there are: \(quantities.map { "\($0)" }.joined(separator: ", "))"
  }

  /// Quantities of one family against the swept parameter: a curve for each family, quantity and method.
  func sweepFigure(of quantities: [Quantity], title: String) throws(StudyFigureError) -> Figure {
    let horizontal = try sweepAxis()
    let methods = methods(of: quantities)
    guard let first = quantities.first, !methods.isEmpty else {
      throw StudyFigureError(absenceAmongQuantities(of: quantities.first.map { "\($0)" } ?? "such a quantity"))
    }
    let different = quantities.count == 1 ? differing(families.families, first) : families.families
    let isFamilied = quantities.count * different.count > 1
    var curves: [Figure.Curve] = []
    for (place, quantity) in quantities.enumerated() {
      for family in different {
        let names = [quantities.count > 1 ? quantity.nameAmongFamily : nil, family.label].compactMap { $0 }
        let number = place * families.families.count + family.number
        for method in methods {
          // Alone, every theory but the best has a colour of its own.
          let colour = isFamilied ? number : max(0, methods.filter { $0 != .simulation }.firstIndex(of: method) ?? 0)
          curves += self.curves(
            of: quantity, method, among: methods, family, number: colour,
            label: isFamilied ? names.joined(separator: ", ") : nil)
        }
      }
    }
    var vertical = Figure.Axis(
      label: quantities.count > 1 ? first.family.labelOfAll : first.axisLabel, unit: first.dimension)
    if horizontal.scale == .logarithmic, options.scale == .logLog || Self.spansDecades(curves) {
      vertical.scale = .logarithmic
      if curves.contains(where: { $0.points.contains { $0.y < 0 } }) {
        for index in curves.indices { curves[index].takeAbsoluteValues() }
        vertical.label = "|\(vertical.label.replacing(",", with: "|,", maxReplacements: 1))"
      }
    }
    if let guide = guide(along: curves, horizontal.scale) { curves.append(guide) }
    let below = families.words.map { " against \($0.label)" } ?? ""
    return Figure(
      identifier: "", title: title,
      caption: "\(studyTitle)\(vertical.label)\(below).\(methodWords(methods))\(families.choice)"
        + (different.count < families.families.count ? " Curves that would lie on one another are drawn once." : ""),
      horizontal: horizontal, vertical: vertical, curves: curves)
  }

  /// The families in which a quantity has other values than in those before.
  private func differing(_ all: [StudyFamilies.Family], _ quantity: Quantity) -> [StudyFamilies.Family] {
    var known: Set<[[Double]]> = []
    return all.filter { family in
      let values = families.points(of: family, in: document.points).map { place in
        [place.x] + place.point.estimates.members(quantity).map(\.estimate.value)
      }
      return known.insert(values).inserted
    }
  }

  /// Whether the leading curves are positive and spread over more than a factor of 30.
  private static func spansDecades(_ curves: [Figure.Curve]) -> Bool {
    let values = curves.filter { $0.role == curves.first?.role }.flatMap(\.points).map(\.y)
    guard let least = values.min(), let most = values.max() else { return false }
    return least > 0 && most > 30 * least
  }

  /// The curves of one family by one method: more than one where theory has no answer in between.
  private func curves(
    of quantity: Quantity, _ method: Method, among methods: [Method], _ family: StudyFamilies.Family, number: Int,
    label: String?
  ) -> [Figure.Curve] {
    let role = role(method, among: methods)
    let leads = role == (methods.contains(.simulation) ? .simulation : .theory)
    // Where a family was not simulated its theory bears its name.
    let isSampled = families.points(of: family, in: document.points).contains {
      $0.point.member(quantity, .simulation) != nil
    }
    let isNamed = methods.contains(.simulation) && !isSampled ? role == .theory : leads
    let text = isNamed ? label ?? legend(method, beside: methods) : legend(method, beside: methods)
    let name = [label, method.rawValue].compactMap { $0 }.joined(separator: " ")
    func points(_ source: [PointResult]) -> [Figure.Curve.Point?] {
      families.points(of: family, in: source).map { place in
        place.point.member(quantity, method).map {
          .init(place.x, $0.estimate.value, error: method == .simulation ? $0.estimate.error : nil)
        }
      }
    }
    let own = points(document.points)
    if role == .simulation {
      let known = own.compactMap { $0 }
      return known.isEmpty ? [] : [.init(label: text, name: name, role: role, family: number, points: known)]
    }
    let finer = points(numbers.curves)
    let isFine = finer.contains { $0 != nil }
    var curves = (isFine ? finer : own).split { $0 == nil }.map { part in
      Figure.Curve(label: text, name: name, role: role, family: number, points: part.compactMap { $0 })
    }
    if leads, !isFine {
      // Of a whole number there is nothing between the points.
      for index in curves.indices { curves[index].drawing = .markedLine }
      return curves
    }
    // Lines of several families are told apart in grey by the symbols of their points.
    if leads, label != nil {
      curves.append(
        .init(
          label: text, name: "\(name), points of the study", role: role, family: number,
          points: own.compactMap { $0 }, drawing: .symbols))
    }
    return curves.filter { !$0.points.isEmpty }
  }

  /// A power law through the last point of the leading curve with the highest end.
  private func guide(along curves: [Figure.Curve], _ scale: Figure.Axis.Scale) -> Figure.Curve? {
    guard let exponent = options.guide, let words = families.words else { return nil }
    let ends = curves.filter { $0.role == curves.first?.role }.compactMap(\.points.last).filter {
      $0.x > 0 && $0.y != 0
    }
    let begin = curves.flatMap(\.points).map(\.x).filter { $0 > 0 }.min() ?? 1
    guard let end = ends.max(by: { abs($0.y) < abs($1.y) }) else { return nil }
    // Half of the range on a logarithmic axis: a guide through everything would hide what departs from it.
    let start = scale == .logarithmic ? (begin * end.x).squareRoot() : 0.5 * (begin + end.x)
    let points = (0...40).map { index -> Figure.Curve.Point in
      let x = start * pow(end.x / start, Double(index) / 40)
      return .init(x, end.y * pow(x / end.x, exponent))
    }
    let power = formatted(exponent)
    return Figure.Curve(
      label: "∝ \(words.symbol)^{\(power)}", name: "power law, exponent \(power)", role: .guide, family: 0,
      points: points)
  }
}

extension Figure.Curve {
  fileprivate mutating func takeAbsoluteValues() {
    for index in points.indices { points[index].y = abs(points[index].y) }
  }
}

// MARK: - Simulation over theory

extension StudyFigures {
  /// Simulation, less its known bias, over the best theory.
  struct Comparison {
    let curves: [Figure.Curve]
    let label: String
    let words: String
  }

  /// Nil if no point has both.
  func comparison() -> Comparison? {
    let methods = methods(of: [.heatCurrent])
    guard methods.first == .simulation,
      let theory = methods.map({ MethodClaim($0, claim(of: $0)) }).bestTheory()
    else { return nil }
    var bound = 0.0
    let curves = families.families.compactMap { family -> Figure.Curve? in
      let points = families.points(of: family, in: document.points).compactMap { place -> Figure.Curve.Point? in
        guard let simulated = place.point.member(.heatCurrent, .simulation),
          let exact = place.point.member(.heatCurrent, theory)?.estimate, abs(exact.value) > 2 * exact.error
        else { return nil }
        bound = max(bound, exact.error / abs(exact.value))
        return .init(
          place.x, simulated.withoutKnownBias.value / exact.value, error: simulated.estimate.error / abs(exact.value))
      }
      guard !points.isEmpty else { return nil }
      let name = [family.label, "simulation / \(theory.rawValue)"].compactMap { $0 }.joined(separator: " ")
      return .init(label: nil, name: name, role: .simulation, family: family.number, points: points)
    }
    guard !curves.isEmpty else { return nil }
    let band = Self.band(bound, curves)
    let size = bound > 0 ? "; the bound of its numerical error is at most \(String(format: "%.1g", bound)) of it" : ""
    let limit = claim(of: theory).isExact ? "" : " An approximation need not be 1."
    return Comparison(
      curves: curves + band, label: "simulation / \(legend(theory, beside: methods))",
      words: " Ratio: simulation, less its known bias, over \(claim(of: theory).sentence)\(size).\(limit)"
    )
  }

  /// The error of theory as two lines about 1, where it can be seen.
  private static func band(_ bound: Double, _ curves: [Figure.Curve]) -> [Figure.Curve] {
    let places = curves.flatMap(\.points).map(\.x)
    guard bound > 1e-4, let first = places.min(), let last = places.max() else { return [] }
    return [1 - bound, 1 + bound].map { height in
      .init(
        label: nil, name: "theory's error", role: .guide, family: 0,
        points: [.init(first, height), .init(last, height)])
    }
  }

  func ratio() throws(StudyFigureError) -> Figure {
    let horizontal = try sweepAxis()
    guard let comparison = comparison() else {
      throw StudyFigureError(
        methods(of: [.heatCurrent]).contains(.simulation)
          ? "there is no theory to compare the simulation with"
          : "no simulated heat current is kept: ness run makes one")
    }
    guard comparison.curves.flatMap(\.points).count > 1 else {
      throw StudyFigureError("theory answers at one of the simulated points only")
    }
    var curves = comparison.curves
    for index in curves.indices where curves[index].role == .simulation {
      curves[index].label = families.families.first { $0.number == curves[index].family }?.label
    }
    let places = curves.flatMap(\.points).map(\.x)
    if let first = places.min(), let last = places.max() {
      curves.append(
        .init(label: nil, name: "1", role: .guide, family: 0, points: [.init(first, 1), .init(last, 1)]))
    }
    return Figure(
      identifier: "", title: "Simulation over theory",
      caption: "\(studyTitle)Heat current, simulation over theory.\(comparison.words) Error bars: one standard error."
        + families.choice,
      horizontal: horizontal, vertical: .init(label: comparison.label, unit: "1"), curves: curves)
  }
}
