import NessFiles
import NessModel
import NessStatistics

/// An absorption refrigerator: three baths, of which the hottest drives heat out of the coldest into the one between. Its
/// coefficient of performance is COP = J_cold/J_hot, both being heats per time from the bath into the medium. The second law bounds it
/// by COP <= (1 - T_room/T_hot) T_cold/(T_room - T_cold), that of a Carnot engine that drives a Carnot refrigerator.
///
/// The two heats of a run are correlated, and how much is not in the record: the error of a COP is the largest that any correlation
/// allows, (s_cold + COP s_hot)/J_hot.
///
/// - Source: Linden, Popescu, Skrzypczyk, PRL 105, 130401 (2010), where three qubits have COP = E_cold/E_hot for weak coupling.
package struct Refrigerator: Device {
  private let experiment: Experiment
  private let notes: [String]
  /// Names of the coldest, the middle and the hottest bath of the file.
  private let (cold, room, hot): (String, String, String)

  /// - Throws: `DeviceError` if there are not three baths of different temperatures.
  package init(_ experiment: Experiment) throws(DeviceError) {
    let contacts = experiment.contacts.sorted { $0.bath.base.temperature < $1.bath.base.temperature }
    guard contacts.count == 3 else {
      let count = contacts.count == 1 ? "is one" : "are \(contacts.count)"
      throw DeviceError(
        "a refrigerator has three baths, and there \(count): \(experiment.contacts.map(\.name).joined(separator: ", "))"
      )
    }
    let temperatures = contacts.map(\.bath.base.temperature)
    guard temperatures[0] < temperatures[1], temperatures[1] < temperatures[2] else {
      throw DeviceError(
        "a refrigerator has baths of three different temperatures, and there are "
          + contacts.map { "\($0.name) at \($0.bath.base.temperature.short)" }.joined(separator: ", "))
    }
    (cold, room, hot) = (contacts[0].name, contacts[1].name, contacts[2].name)
    notes = ["heat is driven from \(cold) to \(room) by \(hot), the hottest bath"]
    self.experiment = try experiment.changed(
      quantities: .only([.heatFrom]), sweep: experiment.sweep?.plain(),
      whatFor: "this cannot be studied as a refrigerator")
  }

  /// The file as it is.
  package var runs: [(name: String, experiment: Experiment)] { [("", experiment)] }

  package func report(on documents: [ResultDocument], _ watch: DeviceWatch = DeviceWatch()) throws -> DeviceReport {
    let known = Dictionary(documents.flatMap(\.points).map { (Set($0.parameters), $0) }) { first, _ in first }
    var notes = notes
    var points: [(point: ExperimentPoint, entries: [Answer.Entry])] = []
    var disordered = 0
    for point in experiment.points() {
      guard let result = known[Set(point.parameters)] else { continue }
      let temperatures = temperatures(of: point.model)
      if !(temperatures.cold < temperatures.room && temperatures.room < temperatures.hot) {
        disordered += 1
        continue
      }
      points.append((point, result.estimates.filter { $0.quantity.family == .heatFrom }))
    }
    if disordered > 0 {
      notes.append(
        "left out: \(disordered) point\(disordered == 1 ? "" : "s") where \(cold) is not the coldest or \(hot) not the hottest bath"
      )
    }
    let claims = points.flatMap(\.entries).claims()
    var (rows, findings): ([DeviceReport.Row], [DeviceReport.Finding]) = ([], [])
    for method in claims.rankedMethods() {
      let own = points.compactMap { cooling(at: $0.point, $0.entries, by: method) }
      let judgement = CoolingJudgement(own, cold: cold)
      rows += own.map { cooling in
        DeviceReport.Row(
          parameters: cooling.parameters, method: method, claim: cooling.claim, numbers: cooling.numbers,
          text: judgement.text(of: cooling))
      }
      guard let claim = claims.filter({ $0.method == method }).weakest().first?.claim else { continue }
      findings.append(judgement.finding(method, claim))
    }
    return DeviceReport(
      device: DeviceChoice.Kind.refrigerator.rawValue, title: experiment.title, of: documents, rows: rows,
      findings: findings, notes: notes)
  }

  private func temperatures(of model: AnyModel) -> (cold: Double, room: Double, hot: Double) {
    let known = Dictionary(zip(model.attachments.map(\.name), model.temperatures)) { first, _ in first }
    return (known[cold] ?? .nan, known[room] ?? .nan, known[hot] ?? .nan)
  }

  private func cooling(at point: ExperimentPoint, _ entries: [Answer.Entry], by method: NessModel.Method) -> Cooling? {
    guard let fromCold = entries.member(.heat(from: cold), by: method),
      let fromHot = entries.member(.heat(from: hot), by: method)
    else { return nil }
    let temperatures = temperatures(of: point.model)
    return Cooling(
      parameters: point.parameters, claim: fromCold.claim, fromCold: fromCold.withAllErrors,
      fromHot: fromHot.withAllErrors,
      bound: Cooling.carnotBound(cold: temperatures.cold, room: temperatures.room, hot: temperatures.hot))
  }
}

/// What a refrigerator does at one point.
struct Cooling {
  let parameters: [ParameterValue]
  let claim: Claim
  /// J_cold, from the cold bath into the medium [energy/time].
  let fromCold: Estimate
  /// J_hot [energy/time].
  let fromHot: Estimate
  /// What the second law allows [1].
  let bound: Estimate
  /// COP = J_cold/J_hot [1]; nil where heat does not come from both, or not enough to be divided by.
  let performance: Estimate?

  /// Errors by which a heat must differ from zero.
  private static let leastDistance = 4.0

  init(parameters: [ParameterValue], claim: Claim, fromCold: Estimate, fromHot: Estimate, bound: Estimate) {
    (self.parameters, self.claim, self.fromCold, self.fromHot, self.bound) = (
      parameters, claim, fromCold, fromHot, bound
    )
    func isPositive(_ heat: Estimate) -> Bool {
      heat.value > (heat.isSampled ? Self.leastDistance : 1) * heat.error && heat.value > 0
    }
    guard isPositive(fromCold), isPositive(fromHot) else {
      performance = nil
      return
    }
    let ratio = fromCold.value / fromHot.value
    let divisor = fromHot.isSampled ? fromHot.value : fromHot.value - fromHot.error
    performance = .made(
      ratio, error: (fromCold.error + ratio * fromHot.error) / divisor + 2 * Double.ulpOfOne * ratio,
      from: [fromCold, fromHot])
  }

  /// The largest COP that the second law allows, for T_cold < T_room < T_hot [1].
  static func carnotBound(cold: Double, room: Double, hot: Double) -> Estimate {
    let best = cold / (room - cold)
    let bound = (1 - room / hot) * best
    return .numerical(bound, bound: 2 * Double.ulpOfOne * (best + 2 * bound))
  }

  var numbers: [DeviceReport.Number] {
    [
      .init(name: "heatFromCold", dimension: "energy/time", estimate: fromCold),
      .init(name: "heatFromHot", dimension: "energy/time", estimate: fromHot),
      .init(name: "carnotBound", dimension: "1", estimate: bound),
    ] + (performance.map { [.init(name: "coefficientOfPerformance", dimension: "1", estimate: $0)] } ?? [])
  }
}

/// What several points of a refrigerator say together.
struct CoolingJudgement {
  private let points: [Cooling]
  private let cold: String

  init(_ points: [Cooling], cold: String) { (self.points, self.cold) = (points, cold) }

  /// True if heat certainly leaves the cold bath, false if it certainly enters it, nil if neither can be said.
  private func cools(_ point: Cooling) -> Bool? {
    let width = point.fromCold.halfWidth(among: points.count)
    return abs(point.fromCold.value) > width ? point.fromCold.value > 0 : nil
  }

  /// Whether it is certainly better than the second law allows: beyond the bound, or without heat from the hottest bath.
  private func breaksSecondLaw(_ point: Cooling) -> Bool {
    guard let performance = point.performance else {
      return cools(point) == true && point.fromHot.value + point.fromHot.halfWidth(among: points.count) <= 0
    }
    return performance.value - performance.halfWidth(among: points.count) > point.bound.value + point.bound.error
  }

  func text(of point: Cooling) -> String {
    switch cools(point) {
    case true?:
      return breaksSecondLaw(point)
        ? "cools against the second law: \(share(of: point))" : "cools: \(share(of: point))"
    case false?: return "does not cool: heat flows into \(cold)"
    case nil: return "not decided: J_cold = \(point.fromCold.words)"
    }
  }

  private func share(of point: Cooling) -> String {
    guard let performance = point.performance else {
      return "not by heat from the hottest bath, J_hot = \(point.fromHot.words)"
    }
    return
      "COP = \(performance.words), \((performance.value / point.bound.value).text(digits: 3)) of the Carnot bound"
  }

  func finding(_ method: NessModel.Method, _ claim: Claim) -> DeviceReport.Finding {
    let seen = points.filter { cools($0) == true }
    let best = seen.max { ($0.performance?.value ?? 0) < ($1.performance?.value ?? 0) }
    let strongest = seen.max { $0.fromCold.value < $1.fromCold.value }
    let isSeen: Bool? =
      !seen.isEmpty ? true : !points.isEmpty && points.allSatisfy { cools($0) == false } ? false : nil
    return DeviceReport.Finding(
      method: method, claim: claim, isSeen: isSeen,
      number: best?.performance.map { .init(name: "coefficientOfPerformance", dimension: "1", estimate: $0) },
      sigmas: strongest?.fromCold.sigmas(), text: text(isSeen, seen, best, strongest))
  }

  private func text(_ isSeen: Bool?, _ seen: [Cooling], _ best: Cooling?, _ strongest: Cooling?) -> String {
    guard isSeen == true, let best, let strongest else {
      return isSeen == false
        ? "does not cool: heat flows into \(cold)\(points.count > 1 ? " at every point" : "")"
        : "not decided: no heat is seen from \(cold)"
    }
    if points.count == 1 { return text(of: best) }
    let against = seen.count(where: breaksSecondLaw)
    let broken = against > 0 ? "; at \(against) of them against the second law" : ""
    return "cools at \(seen.count) of \(points.count) points\(broken); most heat at \(place(strongest)): "
      + "J_cold = \(strongest.fromCold.words); best COP at \(place(best)): \(share(of: best))"
  }

  private func place(_ point: Cooling) -> String {
    point.parameters.map { "\($0.path) = \($0.value.short)" }.joined(separator: ", ")
  }
}
