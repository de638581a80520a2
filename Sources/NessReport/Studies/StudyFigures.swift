import NessFiles
import NessModel

/// The figures that the numbers of a study allow, as data: for a paper, a report or a page.
///
/// Symbols are simulation with one standard error, lines are theory. Of a grid the last parameter stands below, and there
/// is a curve for each combination of the others.
package struct StudyFigures: Sendable {
  /// What a figure shows. The raw value is its name in commands and files.
  package enum Kind: String, CaseIterable, Codable, Sendable {
    /// Heat current against the swept parameter, with simulation over theory below.
    case heatCurrent
    /// Simulation over the best theory.
    case ratio
    /// Kinetic temperature along the chain or the box.
    case temperatureProfile
    /// Heat current through every bond of a chain.
    case bondCurrent
    /// A network, coloured by temperature, with arrows of current.
    case network
    /// Effective friction of the particle baths.
    case effectiveFriction
    /// Which frequencies carry the heat.
    case transmittedHeat
    /// Populations of the levels of a quantum box.
    case populations
    /// Distribution of the energy of a classical particle.
    case energyDensity
    /// What the error of the heat current is made of.
    case errorBudget
    /// What the device shows that the file names.
    case device
    /// Along a transient: heats, temperatures, displacements, energy, populations, observables.
    case transientHeat, transientTemperature, transientDisplacement, transientEnergy, transientPopulation
    case transientObservable
    /// Correlation of the total flow.
    case currentCorrelation
    /// Generating function of the heat, and what follows from it of rare currents.
    case generatingFunction, rateFunction

    /// The family that it draws along its numbers, where that has another name.
    var profiled: Quantity.Family? {
      switch self {
      case .temperatureProfile: .kineticTemperature
      case .bondCurrent: .bondHeatCurrent
      case .populations: .population
      case .heatCurrent, .ratio, .network, .effectiveFriction, .transmittedHeat, .energyDensity, .errorBudget, .device,
        .transientHeat, .transientTemperature, .transientDisplacement, .transientEnergy, .transientPopulation,
        .transientObservable, .currentCorrelation, .generatingFunction, .rateFunction:
        nil
      }
    }
  }

  /// How the axes of the swept parameter are divided.
  package enum Scale: String, CaseIterable, Codable, Sendable {
    case linear, logLog
  }

  /// What is asked of the figures.
  package struct Options: Sendable {
    /// The methods to draw; nil for all but formulas as printed.
    package var methods: Set<Method>?
    /// How the axes are divided; nil as the sweep is: a logarithmic sweep has a logarithmic axis below.
    package var scale: Scale?
    /// Exponent of a power law that guides the eye; nil for none.
    package var guide: Double?
    /// Which point of a sweep, counted from 1, a network shows and profiles show alone; nil for the first, and for some of them.
    package var point: Int?

    /// All methods but formulas as printed, axes as the sweep, no guide, no point of its own, unless given.
    package init(methods: Set<Method>? = nil, scale: Scale? = nil, guide: Double? = nil, point: Int? = nil) {
      self.methods = methods
      self.scale = scale
      self.guide = guide
      self.point = point
    }
  }

  let numbers: StudyNumbers
  let experiment: Experiment?
  let options: Options
  let families: StudyFamilies
  /// What every method claims at all points: the weakest of its claims.
  let claims: [Method: Claim]

  /// The figures of a study.
  ///
  /// - Parameter experiment: gives names and dimensions; nil if it cannot be read any more.
  package init(_ numbers: StudyNumbers, _ experiment: Experiment?, _ options: Options = Options()) {
    self.numbers = numbers
    self.experiment = experiment
    self.options = options
    families = StudyFamilies(numbers.document, experiment)
    claims = Dictionary(uniqueKeysWithValues: numbers.document.methods.weakest().map { ($0.method, $0.claim) })
  }

  /// The kinds of figure that the numbers allow, in a fixed order.
  package var kinds: [Kind] { possible.map(\.kind) }

  /// The figures that the numbers allow, in a fixed order.
  package var possible: [(kind: Kind, figure: Figure)] {
    Kind.allCases.compactMap { kind in (try? figure(kind)).map { (kind, $0) } }
  }

  /// Why there is no figure of a kind; nil if there is one.
  package func reasonAgainst(_ kind: Kind) -> String? {
    do {
      _ = try figure(kind)
      return nil
    } catch {
      return error.reason
    }
  }

  /// A figure.
  ///
  /// - Throws: `StudyFigureError` with the reason if the numbers do not allow it.
  package func figure(_ kind: Kind) throws(StudyFigureError) -> Figure {
    var figure =
      switch kind {
      case .heatCurrent: try heatCurrent()
      case .ratio: try ratio()
      case .temperatureProfile: try temperatureProfile()
      case .bondCurrent: try bondCurrent()
      case .network: try network()
      case .effectiveFriction: try effectiveFriction()
      case .transmittedHeat: try transmittedHeat()
      case .populations: try populations()
      case .energyDensity: try energyDensity()
      case .errorBudget: try errorBudget()
      case .device: try device()
      case .transientHeat: try alongTime(.transientHeat)
      case .transientTemperature: try alongTime(.transientTemperature)
      case .transientDisplacement: try alongTime(.transientDisplacement)
      case .transientEnergy: try alongTime(.transientEnergy)
      case .transientPopulation: try alongTime(.transientPopulation)
      case .transientObservable: try alongTime(.transientObservable)
      case .currentCorrelation: try alongTime(.currentCorrelation)
      case .generatingFunction:
        try alongAxis(
          .generatingFunction, .init(label: "x, counting field", unit: "1/energy"), title: "μ(x), generating function")
      case .rateFunction:
        try alongAxis(
          .rateFunction, .init(label: "j, heat per time", unit: "energy/time"), title: "I(j), rate function")
      }
    figure.identifier = kind.rawValue + suffix
    return figure
  }

  /// Any quantity against the swept parameter.
  ///
  /// - Throws: `StudyFigureError` if the study does not have it, with the quantities that it has.
  package func figure(of quantity: Quantity) throws(StudyFigureError) -> Figure {
    var figure = try sweepFigure(of: [quantity], title: quantity.axisLabel)
    figure.identifier = "\(quantity)" + suffix
    return figure
  }

  /// The quantities that the study has, without those that have axes.
  package var quantities: [Quantity] {
    var found: [Quantity] = []
    var known: Set<Quantity> = []
    for point in numbers.document.points {
      for entry in point.estimates where known.insert(entry.quantity).inserted {
        if entry.axes.isEmpty { found.append(entry.quantity) }
      }
    }
    return found
  }

  var suffix: String { options.scale == .logLog ? "-logLog" : "" }
}

/// Why there is no figure of a kind.
package struct StudyFigureError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The reason, in words.
  package let reason: String

  /// A reason.
  package init(_ reason: String) { self.reason = reason }

  /// The reason, in words.
  package var description: String { reason }
}

// MARK: - What all figures share

extension StudyFigures {
  var document: ResultDocument { numbers.document }

  /// The methods to draw of those that are there: simulation first, then theories from the best on.
  func methods(of quantities: [Quantity]) -> [Method] {
    // A study may have a million estimates.
    let asked = Set(quantities)
    var known: Set<Method> = []
    for point in document.points {
      for entry in point.estimates where !known.contains(entry.method) {
        if asked.contains(entry.quantity) || asked.contains(where: { entry.member($0) != nil }) {
          known.insert(entry.method)
        }
      }
    }
    let wanted = options.methods ?? known.filter { claim(of: $0).validity != .printed }
    return known.intersection(wanted).map { MethodClaim($0, claim(of: $0)) }.rankedMethods()
  }

  /// The title of the study, for a caption.
  var studyTitle: String {
    guard let title = document.title, let last = title.last else { return "" }
    return title + (".?!…:".contains(last) ? " " : ". ")
  }

  /// What the caption says of simulation and theory.
  func methodWords(_ methods: [Method]) -> String {
    let theories = methods.filter { $0 != .simulation }
    let stated = document.methods
    let lines = theories.enumerated().map { place, method in
      let name = legend(method, beside: methods)
      // Of several models a method may solve different ones, of which each is named.
      let weakest = claim(of: method)
      let alike = stated.filter { $0.method == method && $0.claim.validity == weakest.validity }.map(\.claim.words)
      let whole = alike.count > 1 ? Claim(weakest.validity, alike.joined(separator: "; elsewhere ")) : weakest
      return "\(place == 0 ? "Solid lines (\(name))" : name): \(whole.sentence)"
    }
    let words = lines.isEmpty ? "" : " \(lines.joined(separator: "; "))."
    guard methods.contains(.simulation) else {
      if isComputedExactly { return words }
      let isSimulated = document.points.contains { $0.run != nil }
      return words + (isSimulated ? " Theory alone: no simulated value of it is kept." : Self.theoryOnly)
    }
    return " Symbols: simulation (\(claim(of: .simulation).words)); error bars: one standard error." + olderWords
      + words
  }

  /// What the caption says of points that an older engine has simulated.
  private var olderWords: String {
    let older = document.points.compactMap(\.olderVersion)
    if older.isEmpty { return "" }
    let isAll = older.count == document.points.count { $0.run != nil }
    let who = Set(older).sorted().joined(separator: "; ")
    return
      " \(isAll ? "They are" : "Of them \(older.count) \(older.count == 1 ? "is" : "are")") of an older version: \(who)."
  }

  private static let theoryOnly = " Theory only: no simulated point is kept."

  private var isComputedExactly: Bool { experiment?.medium.isSampled == false }

  /// Whether more temperature difference gives less heat, by the leading methods.
  func verdictWords(_ methods: [Method]) -> String {
    let shown = document.verdicts.filter { methods.prefix(2).contains($0.method) }
    // A figure of many curves has no room for the verdict on each.
    guard shown.count <= 6 else { return "" }
    return shown.map { " By \($0.method == .simulation ? "simulation" : claim(of: $0.method).sentence): \($0.text)." }
      .joined()
  }

  /// The axis of the swept parameter.
  func sweepAxis() throws(StudyFigureError) -> Figure.Axis {
    guard let path = families.abscissa, let words = families.words else {
      throw StudyFigureError("the study has no sweep: add one to its file")
    }
    let unit = experiment?.dimension(ofParameter: path) ?? "1"
    let isLogarithmic =
      switch options.scale {
      case .linear?: false
      case .logLog?: true
      case nil: experiment?.sweep?.axes.first { $0.parameter == path }?.isLogarithmic ?? false
      }
    return Figure.Axis(label: words.label, unit: unit, scale: isLogarithmic ? .logarithmic : .linear)
  }

  /// The role of a method beside others.
  func role(_ method: Method, among methods: [Method]) -> Figure.Curve.Role {
    if method == .simulation { return .simulation }
    if claim(of: method).validity == .printed { return .printed }
    return method == methods.first { $0 != .simulation } ? .theory : .approximation
  }
}
