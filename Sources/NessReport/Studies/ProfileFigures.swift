import NessFiles
import NessModel

// MARK: - Quantities with an axis: sites, bonds, levels, classes of energy

extension StudyFigures {
  /// A family of quantities against its axis.
  private struct Profile {
    let title: String
    let horizontal: Figure.Axis
    let vertical: Figure.Axis
    let family: Quantity.Family
    /// Where on the axis below a place of the entry's axis stands.
    var place: (PointResult, Double) -> Double = { $1 }
    /// Where on the axis a place stands that has a name, and the sign of what is there; nil leaves it out.
    var named: ((String) -> (place: Double, sign: Double)?)?
    /// Whether theories are equations whose differences are looked for.
    var areEquations = false
    /// What the caption says where names are left out.
    var leftOut = ""
    let absent: String
  }

  func temperatureProfile() throws(StudyFigureError) -> Figure {
    _ = try alongNetwork()
    let isBox = experiment.map { type(of: $0.medium.base).picture == .flights } ?? false
    let sizes = Set(document.points.compactMap(sites))
    let isScaled = !isBox && sizes.count > 1
    return try profile(
      Profile(
        title: "Temperature profile",
        horizontal: .init(
          label: isBox ? "x / l, position in the box" : isScaled ? "(n − 1/2) / N, place in the chain" : "n, site",
          unit: "1"),
        vertical: .init(label: "T_n, kinetic temperature", unit: "energy"), family: .kineticTemperature,
        place: { [self] point, site in
          let count = isBox ? Double(Box.parts) : sites(of: point) ?? 1
          return isBox || isScaled ? (site - 0.5) / count : site
        },
        absent: "no point has kinetic temperatures"))
  }

  func bondCurrent() throws(StudyFigureError) -> Figure {
    let named = try alongNetwork()
    return try profile(
      Profile(
        title: "Heat current through every bond",
        horizontal: .init(label: "n, bond between the sites n and n + 1", unit: "1"),
        vertical: .init(label: "J_n, heat through bond n", unit: "energy/time"),
        family: .bondHeatCurrent, named: named, leftOut: "Bonds between other sites are left out.",
        absent: "no point has currents through bonds"))
  }

  func populations() throws(StudyFigureError) -> Figure {
    try profile(
      Profile(
        title: "Populations of the levels", horizontal: .init(label: "n, level", unit: "1"),
        vertical: .init(label: "p_n, population", unit: "1", scale: .logarithmic),
        family: .population, areEquations: true,
        absent: "no point has populations of levels"))
  }

  func energyDensity() throws(StudyFigureError) -> Figure {
    try profile(
      Profile(
        title: "Distribution of the energy",
        horizontal: .init(label: "E, kinetic energy", unit: "energy"),
        vertical: .init(label: "P(E), probability density", unit: "1/energy", scale: .logarithmic),
        family: .energyDensity,
        place: { [self] point, index in (index - 0.5) * energyClassWidth(at: point) },
        absent: "only a classical box has a distribution of the energy"))
  }

  /// The members of a family along their number.
  ///
  /// - Parameter thing: what is counted, for example `site`.
  func profile(of family: Quantity.Family, along thing: String) throws(StudyFigureError) -> Figure {
    try profile(
      Profile(
        title: family.labelOfAll, horizontal: .init(label: "n, \(thing)", unit: "1"),
        vertical: .init(label: family.labelOfAll, unit: family.dimension), family: family,
        absent: absence(of: family.rawValue)))
  }

  /// The most curves of several equations beside one another.
  private static let mostBeside = 9
  /// The most points of a line of theory that carry symbols.
  private static let mostMarks = 40

  /// The number of sites of a point at which a kinetic temperature is known; nil if none is.
  private func sites(of point: PointResult) -> Double? {
    let known = point.estimates.filter { $0.quantity == .all(.kineticTemperature) }
      .compactMap { $0.axes.first?.values.max() }.max()
    return known.map { last in model(at: point).map { Double($0.medium.sites) } ?? last }
  }

  /// The model of a point; nil if the file of the study cannot be read any more.
  func model(at point: PointResult) -> AnyModel? {
    guard let experiment else { return nil }
    let known = experiment.points().first { $0.parameters == point.parameters }
    return (known ?? (try? experiment.sweeping(point.parameters.map(\.value)))?.points().first)?.model
  }

  private func energyClassWidth(at point: PointResult) -> Double {
    model(at: point)?.box.map { Box.energyClassWidth(of: $0) } ?? 1
  }

  /// Curves against a number, one for each of a few points of the study.
  private func profile(_ profile: Profile) throws(StudyFigureError) -> Figure {
    let quantity = Quantity.all(profile.family)
    let asked = document.points.enumerated().filter { (options.point ?? $0.offset + 1) == $0.offset + 1 }.map(\.element)
    let holders = asked.filter { point in point.estimates.contains { $0.quantity == quantity } }
      .sorted { $0.parameters.map(\.value).lexicographicallyPrecedes($1.parameters.map(\.value)) }
    let methods = methods(of: [quantity])
    guard !methods.isEmpty, !holders.isEmpty else { throw StudyFigureError(profile.absent) }
    let chosen = StudyNumbers.evenlyChosen(holders.count).map { holders[$0] }
    // The best theory alone: profiles of several would be a thicket, unless they are few and what the question is.
    let theories = methods.filter { $0 != .simulation }
    let besides =
      profile.areEquations && theories.count == methods.count && theories.count * chosen.count <= Self.mostBeside
    let shown = methods.filter { $0 == .simulation } + theories.prefix(besides ? theories.count : 1)
    var curves: [Figure.Curve] = []
    var isWithoutSome = false
    for (family, point) in chosen.enumerated() {
      let label = families.label(of: point, in: document)
      for (number, method) in shown.enumerated() {
        guard let entry = point.estimates.first(where: { $0.quantity == quantity && $0.method == method }),
          entry.axes.count == 1
        else { continue }
        let places = entry.axes[0].values
        let points = entry.estimates.enumerated().compactMap { index, estimate -> Figure.Curve.Point? in
          var (place, sign) = (places[index], 1.0)
          if let named = profile.named {
            guard let found = named(entry.axes[0].label(index)) else {
              isWithoutSome = true
              return nil
            }
            (place, sign) = found
          }
          return .init(
            profile.place(point, place), sign * estimate.value, error: method == .simulation ? estimate.error : nil)
        }.sorted { $0.x < $1.x }
        let leads = method == shown.first
        let text = label == nil || !leads ? legend(method, beside: shown) : label
        curves.append(
          .init(
            label: text, name: [label, method.rawValue].compactMap { $0 }.joined(separator: " "),
            // The curves of one point leave the colours to the methods.
            role: role(method, among: shown), family: besides && chosen.count == 1 ? number : family, points: points,
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
        "\(studyTitle)\(profile.vertical.label) against \(profile.horizontal.label).\(methodWords(shown))\(choice)\(side)"
        + (isWithoutSome ? " \(profile.leftOut)" : ""),
      horizontal: profile.horizontal, vertical: profile.vertical, curves: curves)
  }
}
