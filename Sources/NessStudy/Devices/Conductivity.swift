import NessFiles
import NessModel
import NessStatistics

/// The conductivity of a medium of N sites, kappa(N) = J N/(T_L - T_R), and its exponent in kappa ~ N^a: 0 is a normal conductor that
/// obeys Fourier's law, 1 a ballistic one, in between heat conduction is anomalous.
///
/// N is taken as it stands, contacts included, so that small sizes tell of the contacts: the drift of the exponent says so.
package struct Conductivity: Device {
  private let experiment: Experiment
  private let size: String
  private let notes: [String]

  /// Sizes where the file has none: each twice the one before.
  private static let smallest = 8.0
  private static let largest = 128.0

  /// - Throws: `DeviceError` if the medium has no size, or not two baths at different temperatures.
  package init(_ experiment: Experiment) throws(DeviceError) {
    let title = experiment.medium.kind.title.lowercased()
    let baths = experiment.givenContacts.count
    guard baths == 2 else {
      throw DeviceError("conductivity is measured between two baths, and there are \(baths)")
    }
    let known = experiment.numericParameters.filter {
      $0.path == "medium.sites" || $0.path.hasPrefix("medium.lattice.")
    }
    guard let size = known.first else {
      throw DeviceError("conductivity needs a medium whose number of sites can be changed, and a \(title) has none")
    }
    self.size = size.path
    let axes = experiment.sweep?.axes ?? []
    let sweep: Sweep
    if let own = experiment.sweep, axes.count == 1, axes[0].parameter == size.path {
      sweep = own.plain()
      notes = []
    } else {
      let sizes = Self.sizes(upTo: size.value ?? 0)
      sweep = Sweep(parameter: size.path, values: sizes)
      let last = sizes.last ?? 0
      let choice =
        "sizes from \(Self.smallest.short) to \(last.short), each twice the one before: a sweep over \(size.path) in the file "
        + "gives others"
      notes = [choice, experiment.sweep?.leftOut].compactMap { $0 }
    }
    guard sweep.axes[0].count >= 2 else {
      throw DeviceError("an exponent needs two sizes or more: sweep \(size.path)")
    }
    self.experiment = try experiment.changed(
      quantities: .only(.heatCurrent), sweep: sweep, whatFor: "the size of the medium cannot be changed")
    if self.experiment.points().contains(where: { Set($0.model.givenBaths.map(\.temperature)).count < 2 }) {
      throw DeviceError("conductivity needs two baths at different temperatures")
    }
  }

  private static func sizes(upTo asked: Double) -> [Double] {
    var sizes = [smallest]
    while let last = sizes.last, last < largest || last < asked { sizes.append(2 * last) }
    return sizes
  }

  /// The file, over its sizes.
  package var runs: [(name: String, experiment: Experiment)] { [("", experiment)] }

  private struct Point {
    let size: Double
    let parameters: [ParameterValue]
    let entry: Answer.Entry
    let current: Estimate
    let conductivity: Estimate
    /// Whether it is known well enough for a logarithm.
    var isUsable: Bool { conductivity.value > 5 * conductivity.error }
  }

  package func report(on documents: [ResultDocument], _ watch: DeviceWatch = DeviceWatch()) throws -> DeviceReport {
    let points = documents.flatMap(points)
    let claims = points.map(\.entry).claims()
    var (rows, findings): ([DeviceReport.Row], [DeviceReport.Finding]) = ([], [])
    for method in claims.rankedMethods() {
      let own = points.filter { $0.entry.method == method }.sorted { $0.size < $1.size }
      rows += own.map(Self.row)
      guard let claim = claims.filter({ $0.method == method }).weakest().first?.claim else { continue }
      let usable = own.filter(\.isUsable)
      let law = PowerLaw(usable.map(\.size), usable.map(\.conductivity))
      findings.append(
        DeviceReport.Finding(
          method: method, claim: claim, isSeen: law.flatMap { ConductionLaw($0).isAnomalous },
          number: law.map { DeviceReport.Number(name: "exponent", dimension: "1", estimate: $0.exponent) },
          sigmas: law?.exponent.sigmas(),
          text: law.map { ConductionLaw($0).text(sizes: usable.map(\.size)) }
            ?? "no exponent: fewer than two sizes have a conductivity that is known to a fifth"))
    }
    return DeviceReport(
      device: "conductivity", title: experiment.title, of: documents, rows: rows, findings: findings, notes: notes)
  }

  private func points(_ document: ResultDocument) -> [Point] {
    let known = Dictionary(document.points.map { (Set($0.parameters), $0) }) { first, _ in first }
    return experiment.points().flatMap { point -> [Point] in
      let temperatures = point.model.givenBaths.map(\.temperature)
      guard let size = point.parameters.first?.value, let result = known[Set(point.parameters)] else { return [] }
      let factor = size / (temperatures[0] - temperatures[1])
      return result.estimates.filter { $0.quantity == .heatCurrent }.map { entry in
        let current = entry.withAllErrors
        return Point(
          size: size, parameters: point.parameters, entry: entry, current: current,
          conductivity: .made(factor * current.value, error: abs(factor) * current.error, from: [current]))
      }
    }
  }

  private static func row(of point: Point) -> DeviceReport.Row {
    DeviceReport.Row(
      parameters: point.parameters, method: point.entry.method, claim: point.entry.claim,
      numbers: [
        .init(name: "heatCurrent", dimension: "energy/time", estimate: point.current),
        .init(name: "conductivity", dimension: "1/time", estimate: point.conductivity),
      ], text: point.isUsable ? "" : "not used for the exponent: its error is larger than a fifth")
  }
}

/// A power law of the conductivity in words.
struct ConductionLaw {
  private let law: PowerLaw
  /// The exponent that is judged: of the larger half of the sizes where it drifts, else of all.
  private let judged: Estimate
  private let drifts: Bool

  init(_ law: PowerLaw) {
    self.law = law
    let isSampled = law.exponent.isSampled
    drifts = isSampled && (law.drift.map { abs($0.value) > $0.halfWidth(among: 1) } ?? false)
    judged = drifts ? law.larger?.exponent ?? law.exponent : law.exponent
  }

  /// Widest error of an exponent that tells one law from another.
  private static let widest = 0.25

  private func allows(_ exponent: Double) -> Bool { abs(judged.value - exponent) <= judged.halfWidth(among: 1) }

  /// Whether it is neither normal nor ballistic; nil if that cannot be said.
  var isAnomalous: Bool? {
    if judged.halfWidth(among: 1) > Self.widest { return nil }
    return !allows(0) && !allows(1)
  }

  /// The verdict with the exponent, where it holds and how it drifts.
  func text(sizes: [Double]) -> String {
    let from = sizes.first ?? 0, to = sizes.last ?? 0
    let name: String
    if isAnomalous == nil {
      name = "not decided, the error of the exponent is too large"
    } else if allows(0) {
      name = judged.isSampled ? "normal within errors" : "normal within the drift of the exponent"
    } else if allows(1) {
      name = judged.isSampled ? "ballistic within errors" : "ballistic within the drift of the exponent"
    } else if judged.value < 0 {
      name = "falling with the length: anomalous, as where heat is localised"
    } else {
      name = judged.value < 1 ? "anomalous" : "anomalous, rising faster than ballistic"
    }
    let value =
      law.exponent.isSampled
      ? law.exponent.value.text(error: law.exponent.error)
      : "\(law.exponent.value.short), slopes between neighbouring sizes within \(law.exponent.error.text(digits: 2))"
    return "\(name): exponent \(value), between N = \(from.short) and \(to.short); \(driftText)"
  }

  private var driftText: String {
    guard let smaller = law.smaller, let larger = law.larger, let drift = law.drift else {
      return "no drift can be told from two sizes"
    }
    func part(_ part: (exponent: Estimate, sizes: ClosedRange<Double>)) -> String {
      let value =
        part.exponent.isSampled ? part.exponent.value.text(error: part.exponent.error) : part.exponent.value.short
      return "\(value) (N = \(part.sizes.lowerBound.short) to \(part.sizes.upperBound.short))"
    }
    let both = "from \(part(smaller)) to \(part(larger))"
    guard drift.isSampled else {
      return smaller.exponent.value.short == larger.exponent.value.short ? "without drift" : "it drifts \(both)"
    }
    let bend = law.isContradicted ? ", and a power law alone does not fit" : ""
    return drifts
      ? "it drifts \(both), \(drift.strength()): the larger sizes are judged\(bend)"
      : "no drift is seen \(both)\(bend)"
  }
}
