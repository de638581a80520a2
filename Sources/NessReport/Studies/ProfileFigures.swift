import NessFiles
import NessModel

// MARK: - Numbered quantities: sites, bonds, levels, classes of energy

extension StudyFigures {
  /// A quantity that has a number, against it.
  private struct Profile {
    let title: String
    let horizontal: Figure.Axis
    let vertical: Figure.Axis
    /// The number of a quantity; nil if it is none of these.
    let number: (Quantity) -> Int?
    /// Where on the axis below a number of a point stands.
    var place: (PointResult, Int) -> Double = { Double($1) }
    let absent: String
  }

  func temperatureProfile() throws(StudyFigureError) -> Figure {
    let isBox = experiment?.medium.base is Box
    let sizes = Set(document.points.compactMap { Self.count(in: $0, Self.site) }.filter { $0 > 0 })
    let isScaled = !isBox && sizes.count > 1
    return try profile(
      Profile(
        title: "Temperature profile",
        horizontal: .init(
          label: isBox ? "x / l, position in the box" : isScaled ? "(n − 1/2) / N, place in the chain" : "n, site",
          unit: "1"),
        vertical: .init(label: "T_n, kinetic temperature", unit: "energy"), number: Self.site,
        place: { point, site in
          let count = isBox ? Box.parts : Self.count(in: point, Self.site) ?? 1
          return isBox || isScaled ? (Double(site) - 0.5) / Double(count) : Double(site)
        },
        absent: experiment?.medium.base is QuantumBox
          ? "a quantum box has no kinetic temperatures" : "no point has kinetic temperatures"))
  }

  func bondCurrent() throws(StudyFigureError) -> Figure {
    try profile(
      Profile(
        title: "Heat current through every bond",
        horizontal: .init(label: "n, bond between the sites n and n + 1", unit: "1"),
        vertical: .init(label: "J_n, heat through bond n", unit: "energy/time"),
        number: { $0.number(in: .bondHeatCurrent) },
        absent: experiment?.medium.base is Chain ? "no point has currents through bonds" : "only a chain has bonds"))
  }

  func populations() throws(StudyFigureError) -> Figure {
    try profile(
      Profile(
        title: "Populations of the levels", horizontal: .init(label: "n, level", unit: "1"),
        vertical: .init(label: "p_n, population", unit: "1", scale: .logarithmic),
        number: { $0.number(in: .population) },
        absent: "only a quantum box has levels"))
  }

  func energyDensity() throws(StudyFigureError) -> Figure {
    try profile(
      Profile(
        title: "Distribution of the energy",
        horizontal: .init(label: "E, kinetic energy", unit: "energy"),
        vertical: .init(label: "P(E), probability density", unit: "1/energy", scale: .logarithmic),
        number: { $0.number(in: .energyDensity) },
        place: { [self] point, index in (Double(index) - 0.5) * energyClassWidth(at: point) },
        absent: "only a classical box has a distribution of the energy"))
  }

  /// The most points of a line of theory that carry symbols.
  private static let mostMarks = 40

  private static func site(_ quantity: Quantity) -> Int? {
    quantity.number(in: .kineticTemperature)
  }

  private static func count(in point: PointResult, _ number: (Quantity) -> Int?) -> Int? {
    point.estimates.compactMap { number($0.quantity) }.max()
  }

  private func energyClassWidth(at point: PointResult) -> Double {
    guard let experiment else { return 1 }
    let known = experiment.points().first { $0.parameters == point.parameters }
    let model = known ?? (try? experiment.sweeping(point.parameters.map(\.value)))?.points().first
    guard let box = model?.model.box else { return 1 }
    return Box.energyClassWidth(of: box)
  }

  /// Curves against a number, one for each of a few points of the study.
  private func profile(_ profile: Profile) throws(StudyFigureError) -> Figure {
    let holders = document.points.filter { point in point.estimates.contains { profile.number($0.quantity) != nil } }
      .sorted { $0.parameters.map(\.value).lexicographicallyPrecedes($1.parameters.map(\.value)) }
    let quantities = Set(holders.flatMap(\.estimates).map(\.quantity)).filter { profile.number($0) != nil }
    let methods = methods(of: Array(quantities))
    guard !methods.isEmpty else { throw StudyFigureError(profile.absent) }
    let chosen = StudyNumbers.evenlyChosen(holders.count).map { holders[$0] }
    // The best theory alone: profiles of several would be a thicket.
    let shown = [methods.first { $0 == .simulation }, methods.first { $0 != .simulation }].compactMap { $0 }
    var curves: [Figure.Curve] = []
    for (family, point) in chosen.enumerated() {
      let label = families.label(of: point, in: document)
      for method in shown {
        let points = point.estimates.compactMap { entry -> Figure.Curve.Point? in
          guard entry.method == method, let number = profile.number(entry.quantity) else { return nil }
          return .init(
            profile.place(point, number), entry.estimate.value,
            error: method == .simulation ? entry.estimate.error : nil)
        }.sorted { $0.x < $1.x }
        guard !points.isEmpty else { continue }
        let leads = method == shown.first
        let text = label == nil || !leads ? legend(method, beside: shown) : label
        curves.append(
          .init(
            label: text, name: [label, method.rawValue].compactMap { $0 }.joined(separator: " "),
            role: role(method, among: shown), family: family, points: points,
            drawing: leads && method != .simulation && points.count <= Self.mostMarks ? .markedLine : nil))
      }
    }
    let choice = chosen.count < holders.count ? " \(chosen.count) of \(holders.count) points are shown." : ""
    let isWhole = curves.allSatisfy { $0.points.allSatisfy { $0.x == $0.x.rounded() } }
    let isCrowded = isWhole && curves.count { $0.role == .simulation } > 1
    let side = isCrowded ? " Symbols that belong to one number are set side by side." : ""
    return Figure(
      identifier: "", title: profile.title,
      caption:
        "\(studyTitle)\(profile.vertical.label) against \(profile.horizontal.label).\(methodWords(shown))\(choice)\(side)",
      horizontal: profile.horizontal, vertical: profile.vertical, curves: curves)
  }
}
