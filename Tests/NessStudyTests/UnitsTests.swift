import Foundation
import NessFiles
import NessModel
import NessStudy
import NessTestSupport
import Testing

/// Units of mass, length and time that are powers of two of the old ones, so that no number loses a digit.
private struct Units: Sendable, CustomTestStringConvertible {
  let mass: Int
  let length: Int
  let time: Int

  var testDescription: String { "mass 2^\(mass), length 2^\(length), time 2^\(time)" }

  func factor(mass: Int = 0, length: Int = 0, time: Int = 0) -> Double {
    Double(sign: .plus, exponent: mass * self.mass + length * self.length + time * self.time, significand: 1)
  }

  var energy: Double { factor(mass: 1, length: 2, time: -2) }

  /// What a value of this dimension, in the words of `Quantity.dimension` and of descriptors, is multiplied with:
  /// `energy/length^4`, `energy time`.
  func factor(ofDimension words: String) -> Double? {
    let parts = words.split(separator: "/").map { $0.split(separator: " ") }
    var factor = 1.0
    for (place, unit) in parts.enumerated().flatMap({ place, units in units.map { (place, $0) } }) where unit != "1" {
      let pieces = unit.split(separator: "^")
      let power = (pieces.count > 1 ? Int(pieces[1]) ?? 1 : 1) * (place == 0 ? 1 : -1)
      let one: Double? =
        switch pieces[0] {
        case "energy": energy
        case "mass": self.factor(mass: 1)
        case "length": self.factor(length: 1)
        case "time": self.factor(time: 1)
        default: nil
        }
      guard let one else { return nil }
      factor *= pow(one, Double(power))
    }
    return factor
  }

  /// Parameters with their new values, by the dimension that their descriptor states.
  private func counted(_ parameters: [DescribedParameter]) throws -> [(name: String, value: Double)] {
    try parameters.compactMap { parameter in
      guard parameter.isNumeric, !parameter.isWhole, let value = parameter.text.flatMap({ Double($0) }) else {
        return nil
      }
      return (parameter.name, value * (try #require(factor(ofDimension: parameter.dimension))))
    }
  }

  func counted(_ medium: AnyMedium) throws -> AnyMedium {
    var result = medium
    for (name, value) in try counted(medium.parameters) {
      let isSet = result.set(name, to: value)
      #expect(isSet)
    }
    if var system = result.base as? LevelSystem {
      switch system.hamiltonian {
      case .formula(let text): system.hamiltonian = .formula("\(energy)*(\(text))")
      case .matrix(let matrix):
        system.hamiltonian = .matrix(try CouplingMatrix(rows: matrix.rows.map { $0.map { $0 * energy } }))
      }
      return AnyMedium(system)
    }
    if var box = result.base as? Box {
      box.massRule = box.massRule.map(counted)
      return AnyMedium(box)
    }
    return (result.base as? Network).map { AnyMedium(counted($0)) } ?? result
  }

  private func counted(_ rule: MassRule) -> MassRule {
    let unit = factor(mass: 1)
    return switch rule {
    case .number(let mass): .number(mass * unit)
    case .list(let list): .list(list.map { $0 * unit })
    case .formula(let text): .formula("\(unit)*(\(text))")
    case .uniform(let from, let to, let seed): .uniform(from: from * unit, to: to * unit, seed: seed)
    }
  }

  /// A network with its masses and formulas in other units: V(r) becomes  energy V(r/length).
  private func counted(_ network: Network) -> Network {
    func potential(_ text: String, of variable: String) -> String {
      "\(energy)*(\(replacing(variable, by: "(\(variable)/\(factor(length: 1)))", in: text)))"
    }
    var result = network
    result.mass = counted(network.mass)
    result.bond = potential(network.bond, of: "r")
    result.site = network.site.map { potential($0, of: "q") }
    for index in network.bonds.indices {
      result.bonds[index].potential = network.bonds[index].potential.map { potential($0, of: "r") }
    }
    for (index, rule) in network.at.enumerated() {
      result.at[index].mass = rule.mass.map(counted)
      result.at[index].site = rule.site.map { potential($0, of: "q") }
      result.at[index].bond = rule.bond.map { potential($0, of: "r") }
    }
    return result
  }

  func counted(_ bath: AnyBath) throws -> AnyBath {
    var result = bath
    // That of an ohmic spectrum has no dimension.
    let isOhmic = (bath.base as? ThermalBath)?.spectrum == .ohmic
    for (name, value) in try counted(bath.parameters)
    where !((bath.base is LindbladBath || isOhmic) && name == "rate") {
      let isSet = result.set(name, to: value)
      #expect(isSet)
    }
    guard var quantum = result.base as? LindbladBath else { return result }
    if case .tabulated(let table) = quantum.spectrum {
      quantum.spectrum = .tabulated(
        try SpectralTable(
          angularFrequencies: table.angularFrequencies.map { $0 * factor(time: -1) }, values: table.values))
    }
    quantum.rate *= rate(of: quantum)
    return AnyBath(quantum)
  }

  /// A rate is counted in 1/time over the square of the operator, of which a spectrum `ohmic` has the time already.
  private func rate(of bath: LindbladBath) -> Double {
    let time = bath.spectrum == .ohmic ? 1 : factor(time: -1)
    switch bath.coupling {
    case .maxwell: return 1
    case .collision: return bath.spectrum == .ohmic ? factor(time: 1) : 1
    case .position: return time / factor(length: 2)
    case .wall where bath.amplitude == .physical: return time / (energy * energy) * factor(length: 2)
    case .uniform where bath.amplitude == .physical, .nearest where bath.amplitude == .physical:
      return time * factor(length: 2)
    case .wall, .uniform, .nearest, .matrix: return time
    }
  }

  /// A drive with its formulas in other units; the parameters that they name are numbers.
  func counted(_ drive: Drive) throws -> Drive {
    let items = try drive.items.map { item in
      // Numbers of formulas have no dimension here, nor has the rate of an ohmic bath.
      let isNumber = item.path.hasPrefix("medium.parameters.") || item.path.hasSuffix(".rate")
      let words = item.path.hasSuffix("temperature") ? "energy" : item.path == "medium.spring" ? "mass/time^2" : nil
      let known = try isNumber ? nil : #require(words, "\(item.path) is not counted here")
      let unit = try known.map { try #require(factor(ofDimension: $0)) } ?? 1
      return Drive.Item(item.path, "\(unit)*(\(replacing("t", by: "(t/\(factor(time: 1)))", in: item.formula)))")
    }
    return Drive(items, period: drive.period.map { $0 * factor(time: 1) })
  }

  /// A formula with something else in place of one of its names.
  private func replacing(_ name: String, by other: String, in text: String) -> String {
    var (result, word) = ("", "")
    for character in text + " " {
      if character.isLetter || character.isNumber || character == "_" || character == "." {
        word.append(character)
        continue
      }
      result += (word == name ? other : word) + String(character)
      word = ""
    }
    return result
  }

  func counted(_ run: RunSettings) -> RunSettings {
    var run = run
    run.duration = run.duration.map { $0 * factor(time: 1) }
    run.burnIn = run.burnIn.map { $0 * factor(time: 1) }
    run.timeStep = run.timeStep.map { $0 * factor(time: 1) }
    if var record = run.record {
      record.every *= factor(time: 1)
      record.duration = record.duration.map { $0 * factor(time: 1) }
      run.record = record
    }
    return run
  }
}

/// Results are covariant: the same system in other units gives the same digits. No constant of the program has a dimension.
@Suite struct UnitsTests {
  private static let plain = Units(mass: 0, length: 0, time: 0)
  /// Atoms in SI units, and exponents drawn once at random.
  private static let others = [
    Units(mass: -86, length: -30, time: -40), Units(mass: 17, length: -13, time: 11),
    Units(mass: -9, length: 21, time: -25),
  ]

  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../Examples").standardized.path

  static let examples =
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter { $0.hasSuffix(".yaml") }.sorted()

  /// Models beside those of the examples: what they leave out.
  private static func experiments(_ file: String) throws -> [Experiment] {
    let experiment = try Experiment(contentsOfFile: "\(folder)/\(file)")
    if let drive = experiment.drive {
      return [
        try Experiment(medium: experiment.medium, contacts: experiment.contacts, drive: drive, run: experiment.run)
      ]
    }
    let points = experiment.points()
    let chosen = [points[0], points[points.count - 1]]
    return try (points.count == 1 ? [points[0]] : chosen).map { point in
      try Experiment(
        medium: point.model.medium,
        contacts: point.model.attachments.map { Contact($0.name, site: $0.site, $0.bath) }, run: experiment.run)
    }
  }

  private func counted(_ experiment: Experiment, _ units: Units, _ run: RunSettings) throws -> Experiment {
    try Experiment(
      medium: try units.counted(experiment.medium),
      contacts: experiment.contacts.map { Contact($0.name, site: $0.site, try units.counted($0.bath)) },
      drive: try experiment.drive.map(units.counted), run: units.counted(run))
  }

  /// Every number of a point, each with its name and dimension.
  private func numbers(_ point: PointResult, _ units: Units) throws -> [String: Double] {
    var numbers: [String: Double] = [:]
    for entry in point.members {
      let factor = try #require(units.factor(ofDimension: entry.quantity.dimension), "\(entry.quantity)")
      let name = "\(entry.quantity) \(entry.method)"
      numbers[name] = entry.estimate.value / factor
      numbers["\(name) error"] = entry.estimate.error / factor
      for (part, value) in entry.budget?.systematicParts ?? [] {
        numbers["\(name) \(part) \(value.basis)"] = value.value / factor
      }
    }
    if let run = point.run {
      let time = units.factor(time: 1)
      numbers["burn-in"] = run.burnIn / time
      numbers["duration"] = run.duration / time
      numbers["time step"] = run.timeStep.map { $0 / time }
    }
    return numbers
  }

  private func expectSame(_ first: [String: Double], _ second: [String: Double], _ place: String) {
    let names = Set(first.keys).union(second.keys).sorted()
    let wrong = names.filter { first[$0] != second[$0] && !(first[$0]?.isNaN == true && second[$0]?.isNaN == true) }
    let shown = wrong.prefix(4).map { name in
      "\(name): \(first[name].map { "\($0)" } ?? "none") and \(second[name].map { "\($0)" } ?? "none")"
    }
    let isSame = wrong.isEmpty
    #expect(isSame, "\(place): \(wrong.count) of \(names.count): \(shown.joined(separator: "; "))")
  }

  @Test(arguments: examples) func theoryIsTheSameInAllUnits(file: String) throws {
    for experiment in try Self.experiments(file) {
      func answer(_ units: Units) throws -> [String: Double] {
        var study = Study(try counted(experiment, units, experiment.run), threads: 1)
        study.questions = .usual
        return try numbers(try study.theory().points[0], units)
      }
      let plain = try answer(Self.plain)
      for units in Self.others { expectSame(plain, try answer(units), units.testDescription) }
    }
  }

  /// Burn-in, step and error are chosen by the program.
  @Test(arguments: examples) func simulationIsTheSameInAllUnits(file: String) throws {
    for experiment in try Self.experiments(file) {
      var run = experiment.run
      run.replicas = 16
      run.targetError = nil
      run.timeStep = nil
      run.duration = 20
      func answer(_ units: Units) throws -> [String: Double] {
        var study = Study(try counted(experiment, units, run), threads: 2)
        study.checksStep = false
        var runContext = Sample.runContext(nil)
        runContext.wantsForecast = false
        let (document, failures) = try study.run(in: runContext)
        #expect(failures.isEmpty, "\(failures)")
        return try numbers(document.points[0], units)
      }
      let plain = try answer(Self.plain)
      for units in Self.others { expectSame(plain, try answer(units), units.testDescription) }
    }
  }
}
