import NessFormula
import NessMath

/// A system of levels whose parameters, or whose baths, change with the time, the same after every period.
package struct DrivenLevels: DrivenMedium {
  /// Baths that act through operators.
  package typealias BathLaw = LevelBath

  package let source: AnyMedium
  package let drive: Drive
  package let course: DriveCourse
  /// The system, its driven numbers as they are in the file.
  package let system: LevelSystem

  /// For messages alone.
  package static let kind = KindDescription(
    "driven levels", title: "Driven system of levels", meaning: "a system of levels beside a drive")
  /// A qubit whose splitting changes.
  package static let example: DrivenLevels = {
    let drive = Drive([.init("medium.parameters.E", "1 + 0.5*cos(t)")])
    let bath = AnyBath(ThermalBath.example)
    guard let model = try? DrivenLevels.model(.example, drive, [("left", 1, bath), ("right", 1, bath)]) else {
      preconditionFailure("an example")
    }
    return model.medium
  }()
  /// None of its own.
  package static let parameters: [Parameter<DrivenLevels>] = []
  /// Computed exactly.
  package static var isSampled: Bool { false }
  package var isQuantum: Bool { true }
  package var sites: Int { system.sites }

  /// A driven model; the medium and the baths are possible ones without the drive.
  ///
  /// - Throws: `ModelError` with all faults at once.
  package static func model(
    _ system: LevelSystem, _ drive: Drive, _ baths: [(name: String, site: Int, bath: AnyBath)]
  ) throws(ModelError) -> Model<DrivenLevels> {
    let still = try AnyModel(medium: AnyMedium(system), attachments: baths)
    var reader = DriveReader(drive, of: system, baths)
    guard let course = reader.course() else { throw ModelError(faults: reader.faults) }
    guard let levels = still.levelSystem else { throw ModelError(faults: []) }
    let medium = DrivenLevels(source: AnyMedium(system), drive: drive, course: course, system: system)
    let model = try Model(
      medium: medium, attachments: levels.attachments.map { .init(name: $0.name, site: $0.site, bath: $0.bath) })
    // What formulas of operators make of a number may be no number.
    for step in 0..<64 {
      let time = course.period * (Double(step) + 0.271828) / 64
      do throws(ModelError) {
        _ = try model.system(at: time)
      } catch {
        let faults = error.faults.map {
          ParameterFault(
            parameter: "drive", found: "\($0.parameter): \($0.found) at t = \(time.text(digits: 6))",
            expected: $0.expected,
            remedy: $0.remedy)
        }
        throw ModelError(faults: faults)
      }
    }
    return model
  }
}

extension Model<DrivenLevels> {
  /// The system as it is at a time, with its baths.
  ///
  /// - Throws: `ModelError` where it is none.
  package func system(at time: Double) throws(ModelError) -> LevelModel {
    var system = medium.system
    let course = medium.course
    for (name, formula) in course.parameters { system.set(name, to: formula.value([Drive.time: time])) }
    let (temperatures, rates) = (course.temperatures, course.rates)
    let faults = course.parameters.isEmpty ? [] : system.faults
    if !faults.isEmpty { throw ModelError(faults: faults.map { $0.below("medium") }) }
    return LevelModel(
      unchecked: system,
      attachments: attachments.map { attachment in
        guard case .thermal(var law) = attachment.bath else {
          return .init(name: attachment.name, site: attachment.site, bath: attachment.bath)
        }
        if let formula = temperatures[attachment.name] { law.temperature = max(0, formula.value([Drive.time: time])) }
        if let formula = rates[attachment.name] {
          law.rate = max(.leastNormalMagnitude, formula.value([Drive.time: time]))
        }
        return .init(name: attachment.name, site: attachment.site, bath: .thermal(law))
      })
  }

  /// How H changes with every driven number of the medium at a time, in the basis of the parts, and bounds of the errors of
  /// the elements [energy over that number].
  ///
  /// - Throws: `ModelError` where it is no Hamiltonian, at that number or beside it.
  package func energySlopes(
    at time: Double
  ) throws(ModelError) -> [(name: String, matrix: ComplexMatrix, bound: Double)] {
    let course = medium.course
    var system = medium.system
    for (name, formula) in course.parameters { system.set(name, to: formula.value([Drive.time: time])) }
    var found: [(name: String, matrix: ComplexMatrix, bound: Double)] = []
    for (name, formula) in course.parameters.sorted(by: { $0.key < $1.key }) {
      let value = formula.value([Drive.time: time])
      func elements(_ number: Double) -> [Double]? {
        var other = system
        other.set(name, to: number)
        guard other.faults.isEmpty else { return nil }
        let matrix = other.energyOperator.matrix
        return matrix.real.elements + matrix.imaginary.elements
      }
      let size = elements(value)?.reduce(0) { max($0, abs($1)) } ?? 0
      let count = system.levels * system.levels
      guard
        let slopes = ParameterDerivative(
          at: value, scales: Array(repeating: max(size, .leastNormalMagnitude), count: 2 * count), of: elements),
        let bound = slopes.errors.max(), bound.isFinite
      else {
        throw ModelError(faults: [
          ParameterFault(
            parameter: "medium.parameters.\(name)", found: "\(value)",
            expected: "a number near which there is a Hamiltonian")
        ])
      }
      var matrix = ComplexMatrix(order: system.levels)
      matrix.real.elements = Array(slopes.values[..<count])
      matrix.imaginary.elements = Array(slopes.values[count...])
      found.append((name, matrix, bound))
    }
    return found
  }
}

extension LevelSystem {
  /// Sets a named number that there is.
  mutating func set(_ name: String, to value: Double) {
    for index in parameters.indices where parameters[index].name == name {
      parameters[index] = .init(name, value)
    }
  }
}
