import NessMath
import NessModel

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
  /// - Parameter range: of energies, a share of which two may differ by.
  static func grouped(_ elements: [Element], within range: Double) -> [ArraySlice<Element>] {
    let sorted = elements.sorted { ($0.energy, $0.row, $0.column) < ($1.energy, $1.row, $1.column) }
    var groups: [ArraySlice<Element>] = []
    var start = 0
    for index in sorted.indices {
      let isLast = index + 1 == sorted.count
      guard isLast || sorted[index + 1].energy - sorted[index].energy > 2 * tolerance * range else { continue }
      groups.append(sorted[start...index])
      start = index + 1
    }
    return groups
  }

  /// Eigenoperators of the parts that an operator names, between the levels of the whole, with the energies that they give.
  ///
  /// - Throws: `Refusal` if a rate is no number; `LinearAlgebraError.notConverged`.
  func localJumps(of bath: Bath) throws -> [(jump: ComplexMatrix, energy: Double)] {
    let own = bath.operation.map { hamiltonian.part(within: $0.parts) } ?? hamiltonian
    let found = try hermitianEigensystem(own.matrix)
    let adjoint = found.vectors.adjoint
    let matrix = Self.cleaned(adjoint * (bath.bare * found.vectors), 1e-13)
    let width = (found.values.last ?? 0) - (found.values.first ?? 0)
    var elements: [Element] = []
    for row in 0..<levels {
      for column in 0..<levels where matrix[row, column] != Complex(0) {
        elements.append((found.values[column] - found.values[row], row, column))
      }
    }
    let turned = vectors.adjoint * found.vectors
    var jumps: [(jump: ComplexMatrix, energy: Double)] = []
    for group in Self.grouped(elements, within: width) {
      var part = ComplexMatrix(order: levels)
      for element in group { part[element.row, element.column] = matrix[element.row, element.column] }
      var energy = group.reduce(0) { $0 + $1.energy } / Double(group.count)
      if abs(energy) <= 2 * Self.tolerance * width { energy = 0 }
      if case .thermal(let law) = bath.law, !law.rate(ofGiving: energy, hbar: hbar).isFinite {
        let reason = reason(against: bath, part, found.values, needsZero: true)
        throw Refusal(
          .local, reason ?? "the rate of bath \(bath.name) at the energy \(abs(energy).short) is no number")
      }
      if let shift = bath.shift, !shift.value(at: energy).value.isFinite {
        throw Refusal(.local, Self.infiniteShift(bath.name, abs(energy) / hbar))
      }
      jumps.append((Self.cleaned(turned * (part * turned.adjoint), 1e-14), energy))
    }
    return jumps
  }
}
