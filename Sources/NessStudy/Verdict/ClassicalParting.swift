import NessFiles
import NessModel
import NessStatistics

/// Where quantum curves leave the classical one, in words: of a sweep over `medium.hbar` with 0 among its values.
enum ClassicalParting {
  private static let path = "medium.hbar"
  /// Share of the classical current by which curves have parted.
  private static let share = 0.1

  /// A point of a quantum curve over the classical one.
  private struct Pair {
    let place: Double
    let ratio: Double
    var isApart: Bool { !(abs(ratio - 1) <= share) }
  }

  /// A sentence for every method and every value of hbar, beside one other parameter or none; and what becomes of the verdicts.
  static func notes(on points: [PointResult], _ verdicts: [Verdict]) -> [String] {
    let rows = points.compactMap { point -> (hbar: Double, others: [ParameterValue], point: PointResult)? in
      point.parameters.first { $0.path == path }.map { hbar in
        (hbar.value, point.parameters.filter { $0.path != path }, point)
      }
    }
    let values = Set(rows.map(\.hbar)).sorted()
    guard values.contains(0), values.count > 1, let first = rows.first, first.others.count <= 1 else { return [] }
    var methods: [Method] = []
    for row in rows {
      for entry in row.point.estimates where entry.quantity == .heatCurrent && !methods.contains(entry.method) {
        methods.append(entry.method)
      }
    }
    let other = first.others.first?.path
    func current(_ method: Method, _ hbar: Double, _ place: Double?) -> Estimate? {
      rows.first { $0.hbar == hbar && $0.others.first?.value == place }?.point.estimates
        .member(.heatCurrent, by: method)?.estimate
    }
    /// Nil where the classical current is nothing within its error.
    func ratio(_ method: Method, _ hbar: Double, _ place: Double?) -> Double? {
      guard let quantum = current(method, hbar, place), let classical = current(method, 0, place),
        abs(classical.value) > 4 * classical.error
      else { return nil }
      return quantum.value / classical.value
    }
    var notes: [String] = []
    for method in methods {
      if let other {
        let places = Set(rows.compactMap { $0.others.first?.value }).sorted()
        for hbar in values where hbar > 0 {
          let pairs = places.compactMap { place in
            ratio(method, hbar, place).map { Pair(place: place, ratio: $0) }
          }
          guard let words = words(pairs, along: other) else { continue }
          notes.append("\(method.rawValue): with \(path) = \(hbar.short) the current \(words)")
        }
      } else {
        let pairs = values.compactMap { hbar in ratio(method, hbar, nil).map { Pair(place: hbar, ratio: $0) } }
        if let words = words(pairs, along: path) { notes.append("\(method.rawValue): the current \(words)") }
      }
    }
    return notes + changes(of: verdicts)
  }

  /// Where it is near the classical one, and how far from it at most.
  private static func words(_ pairs: [Pair], along path: String) -> String? {
    guard let farthest = pairs.max(by: { abs($0.ratio - 1) < abs($1.ratio - 1) }) else { return nil }
    let most = "at \(path) = \(farthest.place.short) it is \(farthest.ratio.text(digits: 3)) of it"
    let switches = zip(pairs, pairs.dropFirst()).filter { $0.isApart != $1.isApart }
    guard let place = switches.first else {
      return pairs[0].isApart
        ? "is nowhere within a tenth of the classical one; \(most)"
        : "is within a tenth of the classical one everywhere; \(most)"
    }
    if switches.count > 1 {
      let apart = pairs.filter(\.isApart)
      return "is further than a tenth from the classical one at \(apart.count) of \(pairs.count) points; \(most)"
    }
    return place.0.isApart
      ? "leaves the classical one by more than a tenth for \(path) up to \(place.0.place.short), and is nearer from "
        + "\(place.1.place.short) on; \(most)"
      : "is within a tenth of the classical one for \(path) up to \(place.0.place.short), and further away from "
        + "\(place.1.place.short) on; \(most)"
  }

  /// Verdicts that say something else than the classical one beside them.
  private static func changes(of verdicts: [Verdict]) -> [String] {
    func others(_ verdict: Verdict) -> [String: Double] { verdict.fixed.filter { $0.key != path } }
    return verdicts.compactMap { verdict -> String? in
      guard let hbar = verdict.fixed[path], hbar > 0, let falls = verdict.falls else { return nil }
      let classical = verdicts.first { one in
        one.fixed[path] == 0 && one.method == verdict.method && one.parameter == verdict.parameter
          && one.side == verdict.side && others(one) == others(verdict)
      }
      guard let before = classical?.falls, before != falls else { return nil }
      return
        "\(verdict.method.rawValue): with \(path) = \(hbar.short) the verdict on \(verdict.parameter) changes: the current "
        + (falls ? "falls where the classical one does not" : "does not fall where the classical one does")
    }
  }
}

extension ResultDocument {
  /// Takes the verdicts on its points, and says where quantum curves leave the classical one and how currents vanish with the temperature.
  mutating func conclude(_ verdicts: [Verdict]) {
    self.verdicts = verdicts
    let found = ClassicalParting.notes(on: points, verdicts) + LowTemperatureExponent.notes(on: points)
    notes += found.filter { !notes.contains($0) }
  }
}
