import Foundation
import NessFormula

/// Reads a drive for a medium and its baths, and notes every fault on the way, at the path of its parameter.
struct DriveReader {
  private let drive: Drive
  private let medium: any Medium
  private let baths: [(name: String, site: Int, bath: AnyBath)]
  private(set) var faults: [ParameterFault] = []
  private var drivable: String { Drive.drivable(of: medium) }
  private var isOfLevels: Bool { medium is LevelSystem }
  /// Names that formulas may have besides the time, with their values.
  private let values: [String: Double]

  init(_ drive: Drive, of medium: any Medium, _ baths: [(name: String, site: Int, bath: AnyBath)]) {
    (self.drive, self.medium, self.baths) = (drive, medium, baths)
    let named =
      (medium as? Network)?.parameters ?? (medium as? Chain)?.rules.parameters
      ?? (medium as? LevelSystem)?.parameters ?? []
    let driven = Set(drive.items.map(\.path))
    values = named.reduce(into: [:]) { if !driven.contains("medium.parameters.\($1.name)") { $0[$1.name] = $1.value } }
  }

  private mutating func note(
    _ path: String, _ found: String, _ expected: String, remedy: String? = nil, offset: Int? = nil
  ) {
    faults.append(
      .init(
        parameter: path.isEmpty ? "drive" : "drive.\(path)", found: found, expected: expected, remedy: remedy,
        // What is found is not what is written there.
        offset: path.isEmpty ? nil : offset ?? 0))
  }

  /// The course; nil if there is a fault.
  mutating func course() -> DriveCourse? {
    if drive.items.isEmpty {
      note("", "nothing that is driven", "a parameter with a formula of t", remedy: "for example \(drivable)")
    }
    for (index, item) in drive.items.enumerated() where drive.items[..<index].contains(where: { $0.path == item.path })
    {
      note(item.path, "the same parameter again", "each parameter once")
    }
    if values[Drive.time] != nil {
      faults.append(
        .init(
          parameter: "medium.parameters.\(Drive.time)", found: "the name t", expected: "another name",
          remedy: "beside a drive t is the time"))
    }
    let read = drive.items.map { item in (item, target(item), formula(item)) }
    guard let period = period(read.compactMap { item, _, formula in formula.map { (item, $0) } }) else { return nil }
    for (item, target, formula) in read {
      if let target, let formula { checkRange(item, target, formula, period) }
    }
    guard faults.isEmpty else { return nil }
    let items = read.compactMap { item, target, formula -> DriveCourse.Item? in
      guard let target, let formula else { return nil }
      return .init(path: item.path, target: target, value: formula)
    }
    return DriveCourse(items: items, period: period)
  }

  // MARK: what is driven

  private mutating func target(_ item: Drive.Item) -> DriveCourse.Target? {
    let parts = item.path.split(separator: ".", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
    if parts[0] == "baths", parts.count == 3 { return bathTarget(item.path, name: parts[1], key: parts[2]) }
    if parts[0] == "medium", parts.count >= 2 {
      return mediumTarget(item.path, key: parts.dropFirst().joined(separator: "."))
    }
    note(
      item.path, "no such parameter", drivable,
      remedy: item.path.hasPrefix("run") || item.path.hasPrefix("sweep") ? "these do not move" : nil)
    return nil
  }

  private mutating func bathTarget(_ path: String, name: String, key: String) -> DriveCourse.Target? {
    guard let bath = baths.first(where: { $0.name == name })?.bath else {
      let names = baths.map(\.name)
      note(
        path, "no bath \(name)", "one of \(names.joined(separator: ", "))",
        remedy: closest(to: name, among: names).map { "did you mean baths.\($0).\(key)?" })
      return nil
    }
    if isOfLevels, key == "rate", bath.base is ThermalBath { return .rate(bath: name) }
    guard key == "temperature" else {
      note(
        path, "\(key) of a bath",
        isOfLevels
          ? "temperature or rate of a bath of kind thermal: nothing else can be driven"
          : "the temperature: of a bath nothing else can be driven")
      return nil
    }
    if isOfLevels {
      if bath.base is ThermalBath { return .temperature(bath: name) }
      note(path, "the temperature of a bath of kind \(bath.kind.key)", "that of a bath that has one")
      return nil
    }
    let isWhite =
      bath.base is LangevinBath || (bath.base as? AndersenBath).map { $0.timing == .random } ?? false
    guard isWhite else {
      note(
        path, "the temperature of a bath of kind \(bath.kind.key)", "that of a langevin or andersen bath",
        remedy: "a bath that remembers, or has particles, does not follow its temperature at once")
      return nil
    }
    return .temperature(bath: name)
  }

  private mutating func mediumTarget(_ path: String, key: String) -> DriveCourse.Target? {
    if key.hasPrefix("force["), !isOfLevels {
      let site = key.hasSuffix("]") ? Int(key.dropFirst("force[".count).dropLast()) : nil
      guard let site, (1...medium.sites).contains(site) else {
        note(path, key, "medium.force[SITE] with a site between 1 and \(medium.sites)")
        return nil
      }
      return .force(site: site)
    }
    let known = medium.described.map(\.name)
    if key.hasPrefix("parameters."), known.contains(key) {
      return .parameter(name: String(key.dropFirst("parameters.".count)))
    }
    if !isOfLevels, let name = Self.names[key], known.contains(key) { return .parameter(name: name) }
    if key == "pinning" {
      note(path, "both ends at once", "medium.pinning.left or medium.pinning.right")
    } else if key == "mass" || known.first(where: { $0 == key }) != nil || key.hasPrefix("mass") {
      let isWhole = medium.described.first { $0.name == key }?.isWhole == true
      note(
        path, key == "mass" ? "a mass" : key, "what can be driven: \(drivable)",
        remedy: key == "mass"
          ? "a changing mass is no mechanics of this medium: drive a spring constant"
          : isWhole ? "a whole number does not change with the time" : nil)
    } else {
      let can = known.filter { $0.hasPrefix("parameters.") || Self.names[$0] != nil }.map { "medium.\($0)" }
      note(
        path, "no such parameter", "what can be driven: \(drivable)",
        remedy: closest(to: path, among: can).map { "did you mean \($0)?" })
    }
    return nil
  }

  /// Names in formulas of what is no named parameter of a file.
  static let names = [
    "spring": "_spring", "quartic": "_quartic", "pinning.left": "_pinningLeft", "pinning.right": "_pinningRight",
  ]

  // MARK: formulas

  private mutating func formula(_ item: Drive.Item) -> Formula? {
    do throws(FormulaFault) {
      let formula = try Formula(item.formula, names: Set(values.keys).union([Drive.time])).substituting(values)
      // A force that does not change does work all the same, on what turns or drifts.
      if formula.names.contains(Drive.time) || item.path.hasPrefix("medium.force[") { return formula }
      note(item.path, "\(item.formula), which does not change", "a formula of t", remedy: "leave it out of drive")
    } catch {
      note(item.path, error.found, error.expected, remedy: error.remedy, offset: error.position)
    }
    return nil
  }

  /// That of the file, if the formulas have it, or the shortest that they have; nil, and noted, if there is none.
  private mutating func period(_ formulas: [(item: Drive.Item, formula: Formula)]) -> Double? {
    var frequencies: [Double] = []
    for (item, formula) in formulas {
      switch formula.course(along: Drive.time) {
      case .constant: break
      case .periodic(let own): frequencies += own.filter { !frequencies.contains($0) }
      case .other:
        guard drive.period == nil else { continue }
        note(
          item.path, item.formula, "a formula in which t stands in sines and cosines alone",
          remedy: "give drive.period if it repeats otherwise")
      }
    }
    guard let given = drive.period else {
      if faults.isEmpty, frequencies.isEmpty, let (item, _) = formulas.first {
        note(
          item.path, "\(item.formula), which does not change", "a formula of t, or drive.period beside it",
          remedy:
            "means over any period are then those of the steady state, for example {\(item.path): \"\(item.formula)\", period: 10.0}"
        )
      }
      if !faults.isEmpty || frequencies.isEmpty { return nil }
      if let period = CommonPeriod.of(frequencies), period.isFinite, period > 0 { return period }
      let periods = frequencies.map { (2 * Double.pi / $0).text(digits: 10) }.joined(separator: ", ")
      note("", "waves of the periods \(periods)", "waves with a common period", remedy: "give drive.period")
      return nil
    }
    guard given.isFinite, given > 0 else {
      note("period", "\(given)", "a time > 0")
      return nil
    }
    for (item, formula) in formulas where !repeats(item, formula, after: given) { return nil }
    return given
  }

  private mutating func repeats(_ item: Drive.Item, _ formula: Formula, after period: Double) -> Bool {
    let times = (0..<997).map { period * (Double($0) + 0.382) / 997 }
    let values = times.map { formula.value([Drive.time: $0]) }
    let size = values.reduce(0) { max($0, abs($1)) }
    for (time, value) in zip(times, values) {
      let later = formula.value([Drive.time: time + period])
      if !(abs(later - value) <= 1e-9 * size) {
        note(
          "period", "\(period)", "a time after which \(item.path) is as before",
          remedy:
            "it is \(value.text(digits: 6)) at t = \(time.text(digits: 6)) and \(later.text(digits: 6)) a period later")
        return false
      }
    }
    return true
  }

  // MARK: ranges

  private mutating func checkRange(
    _ item: Drive.Item, _ target: DriveCourse.Target, _ formula: Formula, _ period: Double
  ) {
    guard let least = formula.minimum(of: Drive.time, in: 0...period),
      let most = formula.times(-1).minimum(of: Drive.time, in: 0...period), least.bound.isFinite, most.bound.isFinite
    else {
      let time = (0..<1000).map { period * Double($0) / 1000 }.first { !formula.value([Drive.time: $0]).isFinite }
      note(
        item.path, "no finite value" + (time.map { " at t = \($0.text(digits: 6))" } ?? ""),
        "a finite value at every time")
      return
    }
    var isPositive = false
    let what: String
    switch target {
    case .force: return
    case .temperature: what = "a temperature"
    case .rate: what = "a rate"
    case .parameter(let name):
      guard let key = Self.names.first(where: { $0.value == name })?.key else { return }
      isPositive = key == "spring"
      what = key == "spring" ? "a spring constant" : key == "quartic" ? "a quartic constant" : "a pinning constant"
    }
    let slack = 3e-9 * max(abs(least.value), abs(most.value))
    if isPositive ? !(least.bound > slack) : !(least.bound >= -slack && least.value >= -1e-12 * abs(most.value)) {
      note(
        item.path, "\(least.value.text(digits: 6)) at t = \(least.place.text(digits: 6))",
        "\(what) \(isPositive ? "> 0" : ">= 0") at every time")
    }
  }
}
