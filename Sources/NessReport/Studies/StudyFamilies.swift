import NessFiles
import NessModel

/// The points of a study as a figure has them: one parameter below, a curve for each combination of the others.
struct StudyFamilies {
  /// Points that differ in the abscissa only.
  struct Family {
    /// The other parameters with their values.
    let values: [ParameterValue]
    /// Text for a legend; nil if there are no others.
    let label: String?
    /// Which one it is, from the lowest values to the highest.
    let number: Int
  }

  /// Path of the parameter below; nil without a sweep.
  let abscissa: String?
  /// The curves, from the lowest values of the other parameters to the highest.
  let families: [Family]
  /// How many there would be; `families` are some of them, evenly chosen.
  let all: Int
  private let experiment: Experiment?

  init(_ document: ResultDocument, _ experiment: Experiment?) {
    self.experiment = experiment
    let paths = document.points.first?.parameters.map(\.path) ?? []
    func values(_ path: String) -> Set<Double> {
      Set(document.points.compactMap { point in point.parameters.first { $0.path == path }?.value })
    }
    var areTogether = false
    if case .paired? = experiment?.sweep { areTogether = true }
    // The last parameter changes fastest; decoded from JSON they are in the order of the alphabet.
    let last = experiment?.sweep?.axes.last?.parameter ?? paths.last
    let abscissa = areTogether ? paths.first { values($0).count > 1 } ?? last : last
    self.abscissa = abscissa
    let others = areTogether ? [] : paths.filter { $0 != abscissa && values($0).count > 1 }
    let groups = Set(document.points.map { point in others.map { Self.value(of: $0, in: point) } })
      .sorted { $0.lexicographicallyPrecedes($1) }
    all = groups.count
    families = StudyNumbers.evenlyChosen(groups.count).enumerated().map { number, place in
      let pairs = zip(others, groups[place]).map { ParameterValue(path: $0, value: $1) }
      let words = pairs.map { ParameterWords($0.path, experiment).text($0.value) }
      return Family(values: pairs, label: words.isEmpty ? nil : words.joined(separator: ", "), number: number)
    }
  }

  private static func value(of path: String, in point: PointResult) -> Double {
    point.parameters.first { $0.path == path }?.value ?? .nan
  }

  /// The abscissa in words.
  var words: ParameterWords? { abscissa.map { ParameterWords($0, experiment) } }

  /// The points of a family in the order of the abscissa.
  func points(of family: Family, in points: [PointResult]) -> [(x: Double, point: PointResult)] {
    guard let abscissa else { return [] }
    return points.filter { point in
      family.values.allSatisfy { Self.value(of: $0.path, in: point) == $0.value }
    }.map { (Self.value(of: abscissa, in: $0), $0) }.sorted { $0.0 < $1.0 }
  }

  /// The parameters that change, of one point, for a legend.
  func label(of point: PointResult, in document: ResultDocument) -> String? {
    let changing = point.parameters.filter { parameter in
      document.points.contains { Self.value(of: parameter.path, in: $0) != parameter.value }
    }
    return changing.isEmpty
      ? nil : changing.map { ParameterWords($0.path, experiment).text($0.value) }.joined(separator: ", ")
  }

  /// What a caption says of curves that are left out.
  var choice: String {
    families.count < all ? " \(families.count) of \(all) curves are shown, evenly chosen." : ""
  }
}
