import NessFormula
import NessMath

/// Shifts of the levels by their baths (Lamb shifts).
package enum LevelShifts: Hashable, Sendable {
  /// Left out.
  case none
  /// As they follow from the spectra.
  case lamb
}

extension LevelShifts: NamedChoice {
  /// Both.
  package static let choices: [(word: String, value: LevelShifts, meaning: String)] = [
    ("none", .none, "left out, as is usual"),
    ("lamb", .lamb, "Lamb shifts, principal values of the spectra, which must fall off at high frequencies"),
  ]
}

/// A quantum system of few levels: parts (qubits, spins, oscillators) and a Hamiltonian, a formula of their operators
/// or a matrix.
package struct LevelSystem: Medium {
  /// Baths that act through operators.
  package typealias BathLaw = LevelBath

  /// An operator with a name.
  package struct Observable: Hashable, Sendable {
    /// Its name.
    package let name: String
    /// The operator.
    package var operation: LevelOperator

    /// An operator with a name.
    package init(_ name: String, _ operation: LevelOperator) { (self.name, self.operation) = (name, operation) }
  }

  /// The parts, counted from 1.
  package var parts: [LevelPart]
  /// The Hamiltonian [energy].
  package var hamiltonian: LevelOperator
  /// Numbers with names for the formulas, in the order of files.
  package var parameters: [Network.NamedNumber]
  /// Hermitian operators with names whose means are told, in the order of files.
  package var observables: [Observable] = []
  /// Planck's constant over 2 pi [energy time]: a Bohr frequency is a difference of energies over it.
  package var hbar: Double
  /// Whether baths shift its levels.
  package var shifts: LevelShifts
  /// What of a file could not be read, so that nothing is said of what depends on it.
  private var missing: Set<String> = []

  /// A system; see the properties.
  package init(
    parts: [LevelPart], hamiltonian: LevelOperator, parameters: [Network.NamedNumber] = [], hbar: Double = 1,
    shifts: LevelShifts = .none
  ) {
    (self.parts, self.hamiltonian, self.parameters, self.hbar) = (parts, hamiltonian, parameters, hbar)
    self.shifts = shifts
  }

  /// A system with a formula as its Hamiltonian.
  package init(
    parts: [LevelPart], hamiltonian: String, parameters: [Network.NamedNumber] = [], hbar: Double = 1,
    shifts: LevelShifts = .none
  ) {
    self.init(parts: parts, hamiltonian: .formula(hamiltonian), parameters: parameters, hbar: hbar, shifts: shifts)
  }

  /// A bath may touch any part.
  package var sites: Int { max(1, parts.count) }
  /// Computed exactly.
  package static var isSampled: Bool { false }
  /// Most levels.
  package static let mostLevels = 4096

  /// Number of levels; beyond `mostLevels` any number that is.
  package var levels: Int { parts.reduce(1) { min($0 * $1.levels, Self.mostLevels + 1) } }

  package mutating func miss(_ keys: Set<String>) { missing.formUnion(keys) }

  /// Reads formulas of its operators and named numbers.
  private var reader: OperatorReader {
    OperatorReader(
      parts: parts, values: Dictionary(parameters.map { ($0.name, $0.value) }) { first, _ in first })
  }

  /// The Hamiltonian.
  ///
  /// - Precondition: it has no faults.
  package var energyOperator: PartOperator { operation(hamiltonian) }

  /// An operator as files give it.
  ///
  /// - Precondition: it has no faults.
  package func operation(_ given: LevelOperator) -> PartOperator {
    switch given {
    case .formula(let text): operation(text)
    case .matrix(let matrix): PartOperator(matrix, of: parts)
    }
  }

  /// The operator of a formula.
  ///
  /// - Precondition: it has no faults.
  package func operation(_ text: String, isHermitian: Bool = true) -> PartOperator {
    do throws(OperatorReader.Fault) { return try reader.read(text, isHermitian: isHermitian) } catch {
      preconditionFailure("\(error)")
    }
  }

  /// What is wrong with a formula of its operators; nil for nothing.
  func fault(in text: String, at path: String, isHermitian: Bool = true) -> ParameterFault? {
    do throws(OperatorReader.Fault) {
      _ = try reader.read(text, isHermitian: isHermitian)
      return nil
    } catch {
      return error.fault(at: path)
    }
  }

  /// Every parameter without meaning.
  package var faults: [ParameterFault] {
    var found = parameterFaults
    var names: Set<String> = []
    for parameter in parameters {
      let path = "parameters.\(parameter.name)"
      func note(_ what: String, _ expected: String) {
        found.append(ParameterFault(parameter: path, found: what, expected: expected))
      }
      if !parameter.value.isFinite { note("\(parameter.value)", "a finite number") }
      let stem = parameter.name.prefix { !$0.isNumber }
      let isOperator =
        LevelPart.allOperators.contains(String(stem)) && parameter.name.dropFirst(stem.count).allSatisfy(\.isNumber)
      if !Formula.isName(parameter.name) || isOperator {
        note(
          "the name \(shortened(parameter.name))",
          "a name of letters and digits that formulas do not use otherwise (operators, pi and functions are taken)")
      }
      if !names.insert(parameter.name).inserted { note("the name a second time", "each name once") }
    }
    names = []
    for observable in observables {
      let path = "observables.\(observable.name)"
      if !Formula.isName(observable.name) {
        found.append(
          ParameterFault(
            parameter: path, found: "the name \(shortened(observable.name))", expected: "a name of letters and digits"))
      } else if !names.insert(observable.name).inserted {
        found.append(ParameterFault(parameter: path, found: "the name a second time", expected: "each name once"))
      }
    }
    if !missing.contains("parts") {
      if parts.isEmpty {
        found.append(ParameterFault(parameter: "parts", found: "no part", expected: "one part or more"))
      } else if levels > Self.mostLevels {
        found.append(
          ParameterFault(
            parameter: "parts", found: "more than \(Self.mostLevels) levels",
            expected: "at most \(Self.mostLevels) levels in all: the product of those of the parts"))
      } else if let reason = memoryReason(
        "matrices of \(levels) levels", bytes: Self.bytes(levels: levels), remedy: "take fewer levels")
      {
        found.append(ParameterFault(parameter: "parts", found: "\(levels) levels", expected: reason))
      }
    }
    guard found.isEmpty, missing.isEmpty else { return found }
    if let fault = fault(in: hamiltonian, at: "hamiltonian") { found.append(fault) }
    for observable in observables {
      if let fault = fault(in: observable.operation, at: "observables.\(observable.name)") { found.append(fault) }
    }
    return found
  }

  /// What is wrong with a Hermitian operator; nil for nothing.
  private func fault(in operation: LevelOperator, at path: String) -> ParameterFault? {
    switch operation {
    case .formula(let text): return fault(in: text, at: path)
    case .matrix(let matrix) where matrix.levels != levels:
      return ParameterFault(
        parameter: path, found: "a matrix of \(matrix.levels) levels",
        expected: "\(levels) rows, as many as there are levels")
    case .matrix: return nil
    }
  }

  /// Room for the Hamiltonian, its vectors and an operator, as complex matrices [bytes].
  static func bytes(levels: Int) -> Double { 16 * 8 * Double(levels * levels) }

  /// Operators of baths that cannot be read, or are those of another system, and spectra that end inside it.
  package static func faults(of attachments: [Model<LevelSystem>.Attachment], on medium: LevelSystem)
    -> [ParameterFault]
  {
    let found = operatorFaults(of: attachments, on: medium)
    return found.isEmpty && medium.missing.isEmpty ? medium.spectrumFaults(of: attachments) : found
  }

  /// Operators of the baths are read beside a Hamiltonian that cannot be.
  package static func faults(
    of attachments: [Model<LevelSystem>.Attachment], on medium: LevelSystem, beside faults: [ParameterFault]
  ) -> [ParameterFault] {
    let isOfOperators = ["medium.hamiltonian", "medium.observables", "baths."]
    guard faults.allSatisfy({ fault in isOfOperators.contains { fault.parameter.hasPrefix($0) } }) else { return [] }
    let known = Set(faults.map(\.parameter))
    return operatorFaults(of: attachments, on: medium).filter { !known.contains($0.parameter) }
  }

  private static func operatorFaults(of attachments: [Model<LevelSystem>.Attachment], on medium: LevelSystem)
    -> [ParameterFault]
  {
    // Of operators nothing is said where nobody knows which there are.
    if !medium.missing.isDisjoint(with: ["parts", "parameters"]) { return [] }
    return attachments.compactMap { attachment in
      let path = "baths.\(attachment.name)"
      switch attachment.bath {
      case .thermal(let bath):
        return medium.fault(in: bath.coupling, at: "\(path).coupling")
      case .jumps(let bath):
        return medium.fault(in: bath.operation, at: "\(path).operator", isHermitian: false)
      }
    }
  }
}

extension LevelSystem {
  /// `levels`
  package static let kind = KindDescription(
    "levels", title: "System of levels",
    meaning: "a quantum system of few levels: qubits, spins and oscillators, with a Hamiltonian by formula or matrix")
  /// A qubit of splitting E.
  package static let example = LevelSystem(
    parts: [.qubit], hamiltonian: "E/2*Z1", parameters: [.init("E", 1)])
  /// Without named numbers.
  package static let blank = LevelSystem(parts: [.qubit], hamiltonian: "Z1/2")

  /// Other words for kinds of bath: here that is what a bath of a Lindblad equation is.
  package static var otherBaths: [String: String] { [LindbladBath.kind.key: ThermalBath.kind.key] }

  /// Its parts, Hamiltonian and numbers.
  package static let parameters: [Parameter<LevelSystem>] = [
    Parameter(
      "parts", nil,
      .init(
        get: { .list($0.parts.map(\.tree)) },
        set: { (system, tree) throws(ModelError) in
          try Faults.told {
            LevelPart.parts(tree, at: "parts", &$0)
          } _: {
            if let parts = $0 { system.parts = parts }
          }
        }),
      forms: LevelPart.forms, isRequired: true, meaning: "what it consists of"),
    .hermitianOperator(
      "hamiltonian", "H", \.hamiltonian, dimension: "energy",
      forms: [
        .init(
          word: "\"0.5*Z1 + 0.6*Z2 + g*(X1*X2 + Y1*Y2)\"",
          meaning:
            "a Hermitian formula of `parameters` and of operators, each with the number of its part: `X1`, `Y1`, `Z1` (Pauli "
            + "matrices of a qubit, components of a spin), `Sp1`, `Sm1` (one level up, down), `N1` (excitations of a qubit, quanta "
            + "of an oscillator), `a1`, `ad1` (one quantum less, more); products keep their order, powers are whole")
      ], meaning: "the Hamiltonian"),
    .namedNumbers(\.parameters),
    .observables(\.observables),
    Parameter(
      "hbar", "ħ", \.hbar, dimension: "energy time", range: .positive, usual: 0.05...5, name: "Planck constant over 2π",
      noun: "hbar", meaning: "Planck's constant over 2π: angular frequencies are differences of energies over it"),
    Parameter("shifts", nil, \.shifts, meaning: "whether baths shift the levels"),
  ]
}

extension Parameter {
  /// A formula of operators that must be given.
  static func operation(
    _ key: String, _ symbol: String?, _ path: WritableKeyPath<Owner, String> & Sendable, dimension: String,
    forms: [ParameterDescription.Choice], meaning: String
  ) -> Parameter {
    Parameter(
      key, symbol,
      .init(
        get: { .text($0[keyPath: path]) },
        set: { (owner, tree) throws(ModelError) in
          guard let text = tree.formula else {
            throw ModelError(key, tree.words, "a formula of operators")
          }
          owner[keyPath: path] = text
        }), dimension: dimension, forms: forms, isRequired: true, meaning: meaning)
  }
}

/// A system of levels between baths.
package typealias LevelModel = Model<LevelSystem>

extension AnyModel {
  /// The model of a system of levels, if it is one.
  package var levelSystem: LevelModel? { of(LevelSystem.self) }
}
