import NessFiles
import NessModel
import NessStatistics

/// A thermal diode: two baths, whose temperatures are exchanged at every point of the sweep.
///
/// The two runs have noise of their own, by different seeds, and independent errors. With the same noise at the same bath (common random
/// numbers) the error of R would be larger or the same: what disturbs J_f by T_hot e_1 - T_cold e_2 disturbs J_b by
/// T_cold e_1 - T_hot e_2, where e_1 and e_2 belong to the two baths, so that |J_f| and |J_b| are correlated by
/// -2 T_hot T_cold/(T_hot² + T_cold²) and their difference, which R is made of, varies more. Measured between temperatures 4 and 1,
/// where that is -0.47: -0.47 ± 0.10 on a harmonic chain of 8 sites with friction 1 and 0.3 (60 seeds); with quartic bonds 0.03 ± 0.16, with
/// particles at one end 0.20 ± 0.16, in a box between a maxwell and a metropolis wall 0.08 ± 0.16 (40 seeds each): motion that is not linear
/// forgets that the noise was the same. Nor is the value of a single replica in the records, which an honest error would need.
package struct Diode: Device {
  private let forward: Experiment
  private let backward: Experiment
  private let notes: [String]

  /// What tells the seed of the backward run from that of the forward one.
  private static let backwardSeed: UInt64 = 0x6261_636B

  /// - Throws: `DeviceError` if there are not two baths, or the temperatures cannot be exchanged.
  package init(_ experiment: Experiment) throws(DeviceError) {
    let contacts = experiment.givenContacts
    guard contacts.count == 2 else {
      let found = contacts.map(\.name).joined(separator: ", ")
      let count = contacts.count == 1 ? "is one" : "are \(contacts.count)"
      throw DeviceError("a diode has two baths, and there \(count): \(found)")
    }
    let paths = contacts.map { "baths.\($0.name).temperature" }
    var exchanged = experiment.contacts
    for index in exchanged.indices {
      guard let own = contacts.firstIndex(where: { $0.name == exchanged[index].name }) else { continue }
      guard exchanged[index].bath.set("temperature", to: contacts[1 - own].bath.base.temperature) else {
        throw DeviceError("the bath \(contacts[own].name) has no temperature that can be changed")
      }
    }
    let sweep = experiment.sweep
    notes =
      sweep?.axes.contains { $0.refinement != nil } == true
      ? ["no points are added to the sweep: the current backwards would need others"] : []
    forward = try experiment.changed(
      quantities: .only(.heatCurrent), sweep: sweep?.plain(), whatFor: "this cannot be studied as a diode")
    backward = try experiment.changed(
      contacts: exchanged, quantities: .only(.heatCurrent), seed: experiment.run.seed ^ Self.backwardSeed,
      sweep: sweep?.plain { path in
        paths.firstIndex(of: path).map { paths[1 - $0] } ?? path
      }, whatFor: "with the two temperatures exchanged the experiment is impossible")
  }

  /// The file as it is, and with the temperatures exchanged.
  package var runs: [(name: String, experiment: Experiment)] {
    [("forward", forward), ("backward", backward)]
  }

  package func report(on documents: [ResultDocument], _ watch: DeviceWatch = DeviceWatch()) throws -> DeviceReport {
    var notes = notes
    let points = points(documents, &notes)
    let claims = points.flatMap { point in point.currents.map { MethodClaim($0.method, $0.claim) } }
    var (rows, findings): ([DeviceReport.Row], [DeviceReport.Finding]) = ([], [])
    for method in claims.rankedMethods() {
      let own = points.compactMap { point in
        point.currents.first { $0.method == method }.map { Own(point: point, currents: $0) }
      }
      let words = Words(own.compactMap(\.currents.rectification?.ratio).count)
      rows += own.map { row(of: $0, words) }
      guard let claim = claims.filter({ $0.method == method }).weakest().first?.claim else { continue }
      findings.append(finding(own, words, method, claim))
    }
    return DeviceReport(
      device: "diode", title: forward.title, of: documents, rows: rows, findings: findings, notes: notes)
  }

  // MARK: - Numbers

  /// The two currents by one method.
  fileprivate struct Currents {
    let method: NessModel.Method
    let claim: Claim
    let forward: Estimate
    let backward: Estimate
    /// nil if the currents cannot be compared.
    let rectification: Rectification?
    /// Why there is none.
    let reason: String?
  }

  fileprivate struct Point {
    let parameters: [ParameterValue]
    /// Name of the bath that is hotter forwards.
    let hotter: String
    /// Name of the other one.
    let colder: String
    let currents: [Currents]
  }

  fileprivate struct Own {
    let point: Point
    let currents: Currents
  }

  /// The points that both documents have, with unequal temperatures.
  private func points(_ documents: [ResultDocument], _ notes: inout [String]) -> [Point] {
    guard documents.count == 2 else { return [] }
    let known = documents.map { document in
      Dictionary(document.points.map { (Set($0.parameters), $0) }) { first, _ in first }
    }
    var equal = 0
    let points = zip(forward.points(), backward.points()).compactMap { ahead, back -> Point? in
      guard let first = known[0][Set(ahead.parameters)], let second = known[1][Set(back.parameters)] else { return nil }
      let baths = ahead.model.givenBaths
      let (names, temperatures) = (baths.map(\.name), baths.map(\.temperature))
      if temperatures[0] == temperatures[1] {
        equal += 1
        return nil
      }
      let isLeftHotter = temperatures[0] > temperatures[1]
      let currents = first.estimates.filter { $0.quantity == .heatCurrent }.compactMap { entry -> Currents? in
        second.member(.heatCurrent, entry.method).flatMap { Self.currents(entry, $0, isLeftHotter) }
      }
      return Point(
        parameters: ahead.parameters, hotter: names[isLeftHotter ? 0 : 1], colder: names[isLeftHotter ? 1 : 0],
        currents: currents)
    }
    if equal > 0 {
      notes.append(
        "left out: \(equal) point\(equal == 1 ? "" : "s") with equal temperatures, where there is no direction")
    }
    return points
  }

  private static func currents(_ first: Answer.Entry, _ second: Answer.Entry, _ isLeftHotter: Bool) -> Currents? {
    let claims = [MethodClaim(first.method, first.claim), MethodClaim(second.method, second.claim)]
    guard let claim = claims.weakest().first?.claim else { return nil }
    let (forward, backward) = (first.withAllErrors, second.withAllErrors)
    var (found, reason): (Rectification?, String?) = (nil, nil)
    do throws(Rectification.NoRatio) {
      found = try Rectification(forward: forward, backward: backward, isLeftHotter: isLeftHotter)
    } catch {
      reason = error.description
    }
    return Currents(
      method: first.method, claim: claim, forward: forward, backward: backward, rectification: found, reason: reason)
  }

  private func row(of own: Own, _ words: Words) -> DeviceReport.Row {
    let currents = own.currents
    var numbers = [
      DeviceReport.Number(name: "forward", dimension: "energy/time", estimate: currents.forward),
      DeviceReport.Number(name: "backward", dimension: "energy/time", estimate: currents.backward),
    ]
    if let ratio = currents.rectification?.ratio {
      numbers.append(DeviceReport.Number(name: "rectification", dimension: "1", estimate: ratio))
    }
    return DeviceReport.Row(
      parameters: own.point.parameters, method: currents.method, claim: currents.claim, numbers: numbers,
      text: words.text(of: own.point, currents))
  }

  private func finding(
    _ own: [Own], _ words: Words, _ method: NessModel.Method, _ claim: Claim
  ) -> DeviceReport.Finding {
    let known = own.compactMap { own in own.currents.rectification.map { (own: own, ratio: $0.ratio) } }
    let seen = known.filter { words.isSeen($0.ratio) }
    let largest = (seen.isEmpty ? known : seen).max { abs($0.ratio.value) < abs($1.ratio.value) }
    func finding(_ isSeen: Bool?, _ text: String) -> DeviceReport.Finding {
      let number = largest.map { DeviceReport.Number(name: "rectification", dimension: "1", estimate: $0.ratio) }
      return DeviceReport.Finding(
        method: method, claim: claim, isSeen: isSeen, number: number, sigmas: largest?.ratio.sigmas(), text: text)
    }
    guard let largest, let only = own.first else {
      return finding(nil, own.first?.currents.reason ?? "no point has a current in both directions")
    }
    if own.count == 1 { return finding(words.verdict(largest.ratio), words.text(of: only.point, only.currents)) }
    if seen.isEmpty {
      return finding(words.verdict(known.map(\.ratio)), words.nothingSeen(known.map(\.ratio)))
    }
    let place = largest.own.point.parameters.map { "\($0.path) = \($0.value.short)" }.joined(separator: ", ")
    return finding(
      true,
      "rectifies at \(seen.count) of \(own.count) points, most at \(place): "
        + words.strength(largest.ratio, largest.own.point))
  }
}

/// How rectification is judged and told, at each of several points together.
private struct Words {
  /// Points that are judged.
  let count: Int

  init(_ count: Int) { self.count = count }

  /// Rectification that is not excluded by more than this may be called none.
  private static let small = 0.1

  func isSeen(_ ratio: Estimate) -> Bool { abs(ratio.value) > ratio.halfWidth(among: count) }

  /// The largest |R| that is not excluded.
  func limit(_ ratio: Estimate) -> Double { abs(ratio.value) + ratio.halfWidth(among: count) }

  /// True if it rectifies, false if it can only do so by less than a tenth, nil if neither can be said.
  func verdict(_ ratio: Estimate) -> Bool? { verdict([ratio]) }

  func verdict(_ ratios: [Estimate]) -> Bool? {
    if ratios.contains(where: isSeen) { return true }
    return ratios.allSatisfy { limit($0) < Self.small } ? false : nil
  }
}

extension Words {
  /// What one point says.
  func text(of point: Diode.Point, _ currents: Diode.Currents) -> String {
    guard let ratio = currents.rectification?.ratio else { return currents.reason ?? "" }
    return isSeen(ratio) ? "rectifies: " + strength(ratio, point) : nothingSeen([ratio])
  }

  /// R with its error, how sure it is, and the way that more heat takes.
  func strength(_ ratio: Estimate, _ point: Diode.Point) -> String {
    let (from, to) = ratio.value > 0 ? (point.hotter, point.colder) : (point.colder, point.hotter)
    return "R = \(ratio.words), \(ratio.strength()), more heat from \(from) to \(to)"
  }

  /// What is excluded where no rectification is seen.
  func nothingSeen(_ ratios: [Estimate]) -> String {
    let largest = ratios.map(limit).max() ?? 0
    let places = ratios.count > 1 ? " at every of \(ratios.count) points" : ""
    guard ratios.contains(where: \.isSampled) else {
      return verdict(ratios) == false
        ? "no rectification: R = 0 within \(largest.text(digits: 1))\(places)"
        : "no rectification is seen, but the bounds are large: |R| < \(largest.text(digits: 2))\(places)"
    }
    let beginning = verdict(ratios) == false ? "no rectification" : "no rectification is seen, but the errors are large"
    return "\(beginning): |R| < \(largest.text(digits: 2)) at 95 %\(places)"
  }
}
