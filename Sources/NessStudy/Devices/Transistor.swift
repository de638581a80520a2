import NessFiles
import NessModel
import NessSampling
import NessStatistics

/// A thermal transistor: how much more heat reaches the collector for each bit of heat that the base gives, while the temperature of the
/// base is varied. Amplification alpha = dJ_C/dJ_B = (dJ_C/dT_B)/(dJ_B/dT_B), where J_B is the heat per time from the base into the
/// medium and J_C that from the medium into the collector; for three baths the emitter gives dJ_E/dJ_B = alpha - 1. It amplifies where
/// |alpha| > 1, which needs a base whose heat changes against the rule (negative differential conductance).
///
/// - Source: Li, Wang, Casati, Appl. Phys. Lett. 88, 143501 (2006), with emitter and collector named differently.
package struct Transistor: Device {
  private let experiment: Experiment
  private let roles: TransistorRoles
  private let notes: [String]

  /// Points of the sweep where the file has none.
  private static let points = 9
  /// Distance of the temperatures at which theory is asked beside a point, as a share of it.
  private static let step = 0.04

  private var path: String { "baths.\(roles.base).temperature" }

  /// - Throws: `DeviceError` if there is no such sweep.
  package init(_ experiment: Experiment, _ roles: TransistorRoles) throws(DeviceError) {
    self.roles = roles
    let path = "baths.\(roles.base).temperature"
    let axes = experiment.sweep?.axes ?? []
    let sweep: Sweep
    if let own = experiment.sweep, axes.count == 1, axes[0].parameter == path {
      sweep = own.plain()
      notes = []
    } else {
      let temperatures = experiment.contacts.filter { [roles.emitter, roles.collector].contains($0.name) }
        .map(\.bath.base.temperature).sorted()
      guard let low = temperatures.first, let high = temperatures.last, low < high else {
        throw DeviceError(
          "emitter and collector have one temperature, so there is none between them: give a sweep over \(path)")
      }
      sweep = Sweep(parameter: path, from: low, to: high, points: Self.points)
      let choice =
        "\(path) from \(low.short) to \(high.short), the temperatures of the others: a sweep over it in the file gives other "
        + "values"
      notes = [choice, experiment.sweep?.leftOut].compactMap { $0 }
    }
    guard sweep.axes[0].count >= 3 else {
      throw DeviceError("a slope needs three temperatures of the base or more: sweep \(path)")
    }
    self.experiment = try experiment.changed(
      quantities: .only([.heatFrom]), sweep: sweep, whatFor: "the temperature of the base cannot be varied so")
  }

  /// The file, over the temperatures of the base.
  package var runs: [(name: String, experiment: Experiment)] { [("", experiment)] }

  package func report(on documents: [ResultDocument], _ watch: DeviceWatch = DeviceWatch()) throws -> DeviceReport {
    let points = documents.flatMap(points).sorted { $0.temperature < $1.temperature }
    let claims = points.flatMap(\.entries).claims()
    var (rows, findings): ([DeviceReport.Row], [DeviceReport.Finding]) = ([], [])
    for method in claims.rankedMethods() {
      let own = points.compactMap { heats(at: $0, by: method) }
      let found = method == .simulation ? Self.fitted(own) : try differentiated(own, method, watch)
      let judgement = AmplificationJudgement(found, base: roles.base)
      rows += zip(own, found).map { heats, amplification in
        DeviceReport.Row(
          parameters: heats.point.parameters, method: method, claim: heats.claim,
          numbers: [
            .init(name: "heatFromBase", dimension: "energy/time", estimate: heats.fromBase),
            .init(name: "heatIntoCollector", dimension: "energy/time", estimate: heats.intoCollector),
          ]
            + (amplification.alpha.map { [.init(name: "amplification", dimension: "1", estimate: $0)] } ?? []),
          text: judgement.text(of: amplification))
      }
      guard let claim = claims.filter({ $0.method == method }).weakest().first?.claim else { continue }
      findings.append(judgement.finding(method, claim))
    }
    let words = "base \(roles.base), emitter \(roles.emitter), collector \(roles.collector)"
    return DeviceReport(
      device: "transistor", title: experiment.title, of: documents, rows: rows, findings: findings,
      notes: [words] + notes)
  }

  // MARK: - Heats

  private struct Point {
    let temperature: Double
    let parameters: [ParameterValue]
    let model: AnyModel
    let entries: [Answer.Entry]
  }

  private struct Heats {
    let point: Point
    let claim: Claim
    let fromBase: Estimate
    let intoCollector: Estimate
  }

  private func points(_ document: ResultDocument) -> [Point] {
    let known = Dictionary(document.points.map { (Set($0.parameters), $0) }) { first, _ in first }
    return experiment.points().compactMap { point in
      guard let temperature = point.parameters.first?.value, let result = known[Set(point.parameters)] else {
        return nil
      }
      return Point(
        temperature: temperature, parameters: point.parameters, model: point.model,
        entries: result.estimates.filter { $0.quantity.family == .heatFrom })
    }
  }

  private func heats(at point: Point, by method: NessModel.Method) -> Heats? {
    guard let base = point.entries.member(.heat(from: roles.base), by: method),
      let collector = point.entries.member(.heat(from: roles.collector), by: method)
    else { return nil }
    return Heats(
      point: point, claim: base.claim, fromBase: base.withAllErrors,
      intoCollector: Self.negative(collector.withAllErrors))
  }

  private static func negative(_ estimate: Estimate) -> Estimate {
    Estimate(value: -estimate.value, uncertainty: estimate.uncertainty)
  }

  // MARK: - Slopes

  /// By fits to the points around each.
  private static func fitted(_ heats: [Heats]) -> [Amplification] {
    let x = heats.map(\.point.temperature)
    return heats.indices.map { index in
      let base = LocalSlope(at: index, x, heats.map(\.fromBase))
      let collector = LocalSlope(at: index, x, heats.map(\.intoCollector))
      return Amplification(
        temperature: x[index], base: base?.estimate, collector: collector?.estimate,
        fitErrors: (base?.fitError ?? 0, collector?.fitError ?? 0))
    }
  }

  /// By close differences of the theory; by fits where it is not asked between points.
  private func differentiated(
    _ heats: [Heats], _ method: NessModel.Method, _ watch: DeviceWatch
  ) throws -> [Amplification] {
    let found = concurrentMap(count: heats.count, threads: watch.threads) { index in
      Result { try differentiated(heats[index], method, watch) }
    }
    let fits = Self.fitted(heats)
    return try found.enumerated().map { try $1.get() ?? fits[$0] }
  }

  private func differentiated(
    _ heats: Heats, _ method: NessModel.Method, _ watch: DeviceWatch
  ) throws -> Amplification? {
    let temperature = heats.point.temperature
    let step = Self.step * temperature
    guard step > 0 else { return nil }
    var (base, collector): ([Estimate], [Estimate]) = ([], [])
    for offset in CloseDifference.offsets {
      if watch.shouldStop() { throw Interrupted() }
      guard
        let model = heats.point.model.with(temperature: temperature + offset * step, ofBath: roles.base),
        let answer = try SolverCatalogue.answerBetween(
          .only(.heat(from: roles.base), .heat(from: roles.collector)), of: model, by: method),
        let fromBase = answer.estimate(.heat(from: roles.base), by: method),
        let fromCollector = answer.estimate(.heat(from: roles.collector), by: method)
      else { return nil }
      base.append(fromBase)
      collector.append(Self.negative(fromCollector))
    }
    return Amplification(
      temperature: temperature, base: CloseDifference(step: step, values: base).estimate,
      collector: CloseDifference(step: step, values: collector).estimate)
  }
}
