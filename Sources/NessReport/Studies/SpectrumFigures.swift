import NessFiles
import NessModel

// MARK: - Frequencies, and the parts of the error

extension StudyFigures {
  func transmittedHeat() throws(StudyFigureError) -> Figure {
    guard let first = numbers.spectra.first else {
      throw StudyFigureError("no theory gives the spectrum of the heat of these points")
    }
    let isTransmission = first.kind == .transmission
    let sorted = numbers.spectra.sorted {
      $0.parameters.map(\.value).lexicographicallyPrecedes($1.parameters.map(\.value))
    }
    let curves = sorted.enumerated().map { family, spectrum in
      let point = document.points.first { $0.parameters == spectrum.parameters }
      let label = point.flatMap { families.label(of: $0, in: document) }
      return Figure.Curve(
        label: label, name: [label, spectrum.method.rawValue].compactMap { $0 }.joined(separator: " "), role: .theory,
        family: family, points: spectrum.points.map { .init($0.angularFrequency, $0.value) })
    }
    let words =
      isTransmission
      ? "τ(ω), transmission: J = (T_L − T_R)/2π times its integral over ω"
      : "Part of the heat from the left bath that jumps of frequencies up to ω carry"
    let left = numbers.document.points.count - curves.count
    return Figure(
      identifier: "", title: isTransmission ? "Transmission" : "Heat by frequency",
      caption: "\(studyTitle)\(words), by \(first.claim.sentence)."
        + (left > 0 ? " \(curves.count) of \(document.points.count) points are shown." : ""),
      horizontal: .init(
        label: "ω, angular frequency", unit: "1/time",
        scale: isTransmission && options.scale != .logLog ? .linear : options.scale == .linear ? .linear : .logarithmic),
      vertical: .init(
        label: isTransmission ? "τ(ω), transmission" : "J(≤ ω) / J, part of the heat", unit: "1",
        scale: isTransmission && Self.isSpiky(curves) || options.scale == .logLog ? .logarithmic : .linear),
      curves: curves)
  }

  /// Whether most of a transmission is invisibly small beside its peaks.
  private static func isSpiky(_ curves: [Figure.Curve]) -> Bool {
    let peaks = curves.map { $0.points.map(\.y).max() ?? 0 }
    return (peaks.min() ?? 0) < 0.03 * (peaks.max() ?? 0)
  }

  /// What the error of the heat current of a point is made of; nil if nobody told.
  private static func budget(of point: PointResult) -> ErrorBudget? {
    let entries = point.estimates.filter { $0.quantity == .heatCurrent && $0.budget != nil }
    return (entries.first { $0.claim.validity == .sampled } ?? entries.bestTheory())?.budget
  }

  func errorBudget() throws(StudyFigureError) -> Figure {
    let horizontal = try sweepAxis()
    let holders = document.points.filter { Self.budget(of: $0) != nil }
    guard !holders.isEmpty else {
      throw StudyFigureError("no kept heat current tells what its error is made of: ness run makes one that does")
    }
    let parts: [(name: String, size: (ErrorBudget) -> Double)] = [
      ("statistical", \.statistical), ("time step", { abs($0.timeStep.value) }),
      ("burn-in", { abs($0.burnIn.value) }), ("truncation", { abs($0.truncation.value) }),
    ]
    let family = families.families.last
    let places = (family.map { families.points(of: $0, in: holders) } ?? []).compactMap { place in
      Self.budget(of: place.point).map { (x: place.x, budget: $0) }
    }
    let curves = parts.enumerated().compactMap { number, part -> Figure.Curve? in
      let points = places.compactMap { place -> Figure.Curve.Point? in
        let size = part.size(place.budget)
        return size > 0 ? .init(place.x, size) : nil
      }
      return points.isEmpty
        ? nil
        : .init(
          label: part.name, name: part.name, role: .simulation, family: number, points: points, drawing: .markedLine)
    }
    guard !curves.isEmpty else { throw StudyFigureError("every part of the error is zero") }
    let place = (family?.label).map { " At \($0)." } ?? ""
    return Figure(
      identifier: "", title: "What the error is made of",
      caption:
        "\(studyTitle)The parts of the error of the heat current without their signs, the statistical one as one standard error; parts that are zero are not "
        + "drawn.\(place)",
      horizontal: horizontal,
      vertical: .init(label: "error of J", unit: "energy/time", scale: .logarithmic), curves: curves)
  }
}
