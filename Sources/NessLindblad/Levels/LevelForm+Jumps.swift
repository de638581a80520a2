import NessMath
import NessModel
import Synchronization

/// Something that is found when it is first asked for, and kept.
final class Kept<Value: Sendable>: Sendable {
  private let known = Mutex<Value?>(nil)

  /// What is kept, or what is found.
  func value(_ find: () throws -> Value) rethrows -> Value {
    if let known = known.withLock({ $0 }) { return known }
    let found = try find()
    known.withLock { $0 = found }
    return found
  }
}

extension LevelForm {
  /// How the rate of a bath at an energy changes with its temperature; 0 of a bath that has none [1/time per energy].
  func slope(of bath: Bath) -> (Double) -> Double {
    guard case .thermal(let law) = bath.law else { return { _ in 0 } }
    return { slope(of: law, at: $0) }
  }

  /// The same of a thermal bath; at the energy 0 that of the limit.
  func slope(of law: ThermalBath, at energy: Double) -> Double {
    if energy != 0 { return law.rateSlope(ofGiving: energy, hbar: hbar) }
    switch law.spectrum {
    case .ohmic: return law.rate / hbar
    case .bosonic: return .infinity
    case .metropolis, .glauber, .tabulated: return 0
    case .formula(let formula): return law.rate * formula.limitSlope(temperature: law.temperature, hbar: hbar)
    }
  }

  /// An element of an operator, and the energy that its jump gives.
  typealias Element = (energy: Double, row: Int, column: Int)

  /// Elements in groups of one energy each, ascending.
  ///
  /// - Parameter tolerance: by which two of one group may differ.
  static func grouped(_ elements: [Element], within tolerance: Double) -> [ArraySlice<Element>] {
    let sorted = elements.sorted { ($0.energy, $0.row, $0.column) < ($1.energy, $1.row, $1.column) }
    var groups: [ArraySlice<Element>] = []
    var start = 0
    for index in sorted.indices {
      let isLast = index + 1 == sorted.count
      guard isLast || sorted[index + 1].energy - sorted[index].energy > tolerance else { continue }
      groups.append(sorted[start...index])
      start = index + 1
    }
    return groups
  }

  /// Eigenoperators of the parts that an operator names, in the basis of these parts, with the energies that they give.
  struct LocalJumps: Sendable {
    /// The states of the parts and of all others (`PartOperator.states`).
    let states: (own: [Int], others: [Int])
    fileprivate(set) var jumps: [(jump: ComplexMatrix, energy: Double)] = []
  }

  /// Those of a bath.
  ///
  /// - Throws: `Refusal` if a rate is no number; `LinearAlgebraError.notConverged`.
  func localJumps(of bath: Bath) throws -> LocalJumps { try bath.local.value { try foundJumps(of: bath) } }

  private func foundJumps(of bath: Bath) throws -> LocalJumps {
    let parts = bath.operation?.parts ?? (1 << UInt64(partLevels.count)) - 1
    let states = PartOperator.states(ofParts: parts, sizes: partLevels)
    let own = states.own
    let found = try hermitianEigensystem(hamiltonian.part(within: parts).matrix(on: parts))
    let adjoint = found.vectors.adjoint
    let matrix = Self.cleaned(adjoint * (bath.bare.part(own, own) * found.vectors), 1e-13)
    let width = (found.values.last ?? 0) - (found.values.first ?? 0)
    let tolerance = 2 * Self.tolerance(levels: own.count) * width
    var elements: [Element] = []
    for row in own.indices {
      for column in own.indices where matrix[row, column] != Complex(0) {
        elements.append((found.values[column] - found.values[row], row, column))
      }
    }
    var result = LocalJumps(states: states)
    for group in Self.grouped(elements, within: tolerance) {
      var part = ComplexMatrix(order: own.count)
      for element in group { part[element.row, element.column] = matrix[element.row, element.column] }
      var energy = group.reduce(0) { $0 + $1.energy } / Double(group.count)
      if abs(energy) <= tolerance { energy = 0 }
      if case .thermal(let law) = bath.law, !law.rate(ofGiving: energy, hbar: hbar).isFinite {
        let reason = reason(against: bath, part, found.values, needsZero: true)
        throw Refusal(
          .local, reason ?? "the rate of bath \(bath.name) at the energy \(abs(energy).short) is no number")
      }
      if let shift = bath.shift, !shift.value(at: energy).value.isFinite {
        throw Refusal(.local, Self.infiniteShift(bath.name, abs(energy) / hbar))
      }
      result.jumps.append((Self.cleaned(found.vectors * (part * adjoint), 1e-15), energy))
    }
    return result
  }

  /// The same between the levels of the whole.
  func between(_ local: LocalJumps) -> [(jump: ComplexMatrix, energy: Double)] {
    local.jumps.map { (Self.cleaned(basis.between(whole($0.jump, on: local.states)), 1e-14), $0.energy) }
  }

  /// An operator of some parts in the basis of all.
  private func whole(_ matrix: ComplexMatrix, on states: (own: [Int], others: [Int])) -> ComplexMatrix {
    var result = ComplexMatrix(order: levels)
    for (row, one) in states.own.enumerated() {
      for (column, other) in states.own.enumerated() {
        let element = matrix[row, column]
        if element == Complex(0) { continue }
        for rest in states.others { result[one + rest, other + rest] = element }
      }
    }
    return result
  }
}
