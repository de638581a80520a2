import NessMath

/// A part of a quantum system of few levels.
package enum LevelPart: Hashable, Sendable {
  /// Two levels, up and down: X, Y and Z are the Pauli matrices.
  case qubit
  /// A spin of so many halves: X, Y and Z are its components over hbar, Z from s down to -s.
  case spin(halves: Int)
  /// The lowest levels of an oscillator, from 0 quanta up.
  case oscillator(levels: Int)
  /// Any levels, whose energies and couplings are matrices.
  case levels(Int)

  /// Number of levels.
  package var levels: Int {
    switch self {
    case .qubit: 2
    case .spin(let halves): halves + 1
    case .oscillator(let levels), .levels(let levels): levels
    }
  }

  /// The operators that it has: its matrix elements <row|O|column> that are not 0.
  func elements(of name: String) -> [(row: Int, column: Int, value: Complex)]? {
    switch self {
    case .qubit:
      switch name {
      case "X": [(0, 1, Complex(1)), (1, 0, Complex(1))]
      case "Y": [(0, 1, Complex(0, -1)), (1, 0, Complex(0, 1))]
      case "Z": [(0, 0, Complex(1)), (1, 1, Complex(-1))]
      case "Sp": [(0, 1, Complex(1))]
      case "Sm": [(1, 0, Complex(1))]
      case "N": [(0, 0, Complex(1))]
      default: nil
      }
    case .spin(let halves): Self.spin(halves, name)
    case .oscillator(let levels):
      switch name {
      case "a": (1..<levels).map { ($0 - 1, $0, Complex(Double($0).squareRoot())) }
      case "ad": (1..<levels).map { ($0, $0 - 1, Complex(Double($0).squareRoot())) }
      case "N": (1..<levels).map { ($0, $0, Complex(Double($0))) }
      default: nil
      }
    case .levels(let levels): name == "N" ? (0..<levels).map { ($0, $0, Complex(Double($0 + 1))) } : nil
    }
  }

  /// Names of its operators.
  var operators: [String] {
    switch self {
    case .qubit: ["X", "Y", "Z", "Sp", "Sm", "N"]
    case .spin: ["X", "Y", "Z", "Sp", "Sm"]
    case .oscillator: ["a", "ad", "N"]
    case .levels: ["N"]
    }
  }

  /// Names of the operators of any part.
  static let allOperators = ["X", "Y", "Z", "Sp", "Sm", "N", "a", "ad"]

  private static func spin(_ halves: Int, _ name: String) -> [(row: Int, column: Int, value: Complex)]? {
    let spin = Double(halves) / 2
    func component(_ row: Int) -> Double { spin - Double(row) }
    /// <row|S+|row + 1>, one up.
    let steps = (0..<halves).map { row in
      ((spin - component(row + 1)) * (spin + component(row + 1) + 1)).squareRoot()
    }
    let up = steps.enumerated().map { (row: $0.offset, column: $0.offset + 1, value: Complex($0.element)) }
    let down = steps.enumerated().map { (row: $0.offset + 1, column: $0.offset, value: Complex($0.element)) }
    func half(
      _ elements: [(row: Int, column: Int, value: Complex)], _ factor: Complex
    ) -> [(row: Int, column: Int, value: Complex)] {
      elements.map { ($0.row, $0.column, factor * (0.5 * $0.value)) }
    }
    switch name {
    case "Z": return (0...halves).map { ($0, $0, Complex(component($0))) }
    case "Sp": return up
    case "Sm": return down
    case "X": return half(up, Complex(1)) + half(down, Complex(1))
    case "Y": return half(up, Complex(0, -1)) + half(down, Complex(0, 1))
    default: return nil
    }
  }

  /// What a state of it is called: up, down; the component of a spin; quanta.
  func label(_ state: Int) -> String {
    switch self {
    case .qubit: state == 0 ? "up" : "down"
    case .spin(let halves):
      halves % 2 == 0 ? "\((halves - 2 * state) / 2)" : "\(halves - 2 * state)/2"
    case .oscillator: "\(state)"
    case .levels: "\(state + 1)"
    }
  }

  // MARK: files

  static let forms: [ParameterDescription.Choice] = [
    .init(
      word: "[qubit, {spin: 1}, {oscillator: 8}]",
      meaning: "the parts, counted from 1: two levels, a spin (1/2, 1, 3/2, ...), the lowest levels of an oscillator"),
    .init(
      word: "{levels: 3}",
      meaning:
        "levels without operators but `N`, the number of each from 1: for a Hamiltonian and couplings as matrices"),
    .init(word: "{qubits: 5}", meaning: "so many qubits; like any part alone or in such a list"),
  ]

  var tree: ParameterTree {
    switch self {
    case .qubit: .text("qubit")
    case .spin(let halves): .map([.init("spin", .number(Double(halves) / 2))])
    case .oscillator(let levels): .map([.init("oscillator", .number(Double(levels)))])
    case .levels(let levels): .map([.init("levels", .number(Double(levels)))])
    }
  }

  /// Parts as far as they can be read.
  static func parts(_ tree: ParameterTree, at path: String, _ faults: inout Faults) -> [LevelPart]? {
    // One part, or so many qubits, needs no list.
    let isOne = if case .text("qubit") = tree { true } else { tree.entries != nil }
    if isOne { return part(tree, at: path, &faults) }
    guard let items = tree.items else {
      faults.note(tree, at: path, expected: "a list of parts, [qubit, {spin: 1}, {oscillator: 8}]")
      return nil
    }
    let parts = items.enumerated().map { part($1, at: "\(path)[\($0)]", &faults) }
    return parts.contains(nil) ? nil : parts.flatMap { $0 ?? [] }
  }

  /// As many qubits as there are levels for, a power of two.
  static let mostParts = LevelSystem.mostLevels.trailingZeroBitCount

  /// One part, or several equal ones.
  private static func part(_ tree: ParameterTree, at path: String, _ faults: inout Faults) -> [LevelPart]? {
    let expected = "qubit, {qubits: 5}, {spin: 1}, {oscillator: 8} or {levels: 3}"
    if case .text("qubit") = tree { return [.qubit] }
    guard let entries = tree.entries else {
      faults.note(tree, at: path, expected: expected)
      return nil
    }
    guard entries.count == 1, let entry = entries.first, ["qubits", "spin", "oscillator", "levels"].contains(entry.key)
    else {
      faults.all.append(
        ParameterFault(
          parameter: path, found: "a mapping with the keys \(entries.map(\.key).joined(separator: ", "))",
          expected: expected))
      return nil
    }
    if entry.key == "qubits" {
      let count = entry.value.whole.flatMap { (1...mostParts).contains($0) ? $0 : nil }
      return faults.value(
        count, of: entry.value, at: "\(path).qubits", expected: "a whole number between 1 and \(mostParts)"
      ).map { [LevelPart](repeating: .qubit, count: $0) }
    }
    if entry.key == "spin" {
      let halves = entry.value.number.flatMap { Int(exactly: 2 * $0) }
        .flatMap { (1...LevelSystem.mostLevels - 1).contains($0) ? $0 : nil }
      return faults.value(
        halves, of: entry.value, at: "\(path).spin", expected: "a spin: a whole number of halves above 0"
      ).map { [.spin(halves: $0)] }
    }
    let levels = entry.value.whole.flatMap { (2...LevelSystem.mostLevels).contains($0) ? $0 : nil }
    return faults.value(
      levels, of: entry.value, at: "\(path).\(entry.key)",
      expected: "a whole number of levels between 2 and \(LevelSystem.mostLevels)"
    ).map { [entry.key == "levels" ? .levels($0) : .oscillator(levels: $0)] }
  }
}
