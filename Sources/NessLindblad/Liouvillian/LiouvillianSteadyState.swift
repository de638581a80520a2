import Foundation
import NessMath
import NessModel

/// The steady state of a Lindblad equation for the whole density matrix of a quantum box.
///
/// - Accuracy: see `currentBounds`, an estimate by LAPACK of the error of the linear system.
/// - Checked by: the Pauli equation, and independent programs (LiouvillianTests).
package struct LiouvillianSteadyState: Sendable {
  /// Number of levels, M.
  package let levels: Int
  /// Re rho_mn, M x M.
  package let realPart: Matrix
  /// Im rho_mn, M x M.
  package let imaginaryPart: Matrix
  /// Mean heat per time from every bath into the box, Tr(H D_a[rho]), in the order of the attachments [energy/time].
  package let currents: [Double]
  /// Bounds of the errors of `currents` from the linear system and rounding [energy/time].
  package let currentBounds: [Double]
  /// Mean energy [energy].
  package let meanEnergy: Double
  /// Bound of the error of `meanEnergy` [energy].
  package let meanEnergyBound: Double
  /// Smallest eigenvalue of the density matrix; below 0 only by rounding.
  package let smallestEigenvalue: Double
  /// Sizes of the blocks into which the superoperator falls, in real numbers.
  package let blockSizes: [Int]

  init(_ equation: MasterEquation, _ blocks: LiouvillianBlocks, method: Method) throws {
    guard blocks.withPopulations.count == 1, let index = blocks.withPopulations.first else {
      throw Refusal(method, Self.reducible(equation, blocks))
    }
    let levels = equation.levels
    let system = try PopulationSystem(blocks.matrices[index], blocks.members[index], levels: levels, method)
    var (real, imaginary) = (Matrix(rows: levels, columns: levels), Matrix(rows: levels, columns: levels))
    for (place, value) in zip(blocks.members[index], system.values) {
      let (row, column) = (place / levels, place % levels)
      if row <= column {
        real[row, column] = value
        real[column, row] = value
      } else {
        imaginary[column, row] = value
        imaginary[row, column] = -value
      }
    }
    self.levels = levels
    realPart = real
    imaginaryPart = imaginary
    let observables = equation.heatObservables()
    currents = observables.map { system.mean($0).value }
    currentBounds = observables.map { system.mean($0).bound }
    var energy = [Double](repeating: 0, count: levels * levels)
    for level in 0..<levels { energy[level * levels + level] = equation.energies[level] }
    (meanEnergy, meanEnergyBound) = system.mean(energy)
    smallestEigenvalue = try Self.smallestEigenvalue(real, imaginary)
    blockSizes = blocks.members.map(\.count)
  }

  private static func reducible(_ equation: MasterEquation, _ blocks: LiouvillianBlocks) -> String {
    let sets = blocks.withPopulations.prefix(2).map { block in
      let inside = Set(blocks.members[block])
      return ClosedClasses.text((0..<equation.levels).map { inside.contains($0 * equation.levels + $0) })
    }
    return "the steady state is not unique: levels \(sets[0]) and levels \(sets[1]) do not communicate"
  }

  /// Of the Hermitian matrix X + iY, as that of the symmetric matrix (X, -Y; Y, X).
  private static func smallestEigenvalue(_ real: Matrix, _ imaginary: Matrix) throws(LinearAlgebraError) -> Double {
    let levels = real.rows
    let isDiagonal = (0..<levels).allSatisfy { column in
      (0..<levels).allSatisfy { $0 == column || (real[$0, column] == 0 && imaginary[$0, column] == 0) }
    }
    if isDiagonal { return (0..<levels).map { real[$0, $0] }.min() ?? 0 }
    var doubled = Matrix(rows: 2 * levels, columns: 2 * levels)
    for column in 0..<levels {
      for row in 0..<levels {
        doubled[row, column] = real[row, column]
        doubled[levels + row, levels + column] = real[row, column]
        doubled[levels + row, column] = imaginary[row, column]
        doubled[row, levels + column] = -imaginary[row, column]
      }
    }
    return try symmetricEigenvalues(doubled)[0]
  }
}

/// The steady part of the block with the populations: one row replaced by the trace, columns scaled so that the unknowns
/// are flows of like size.
struct PopulationSystem {
  let values: [Double]
  private let members: [Int]
  private let errors: [Double]
  private let levels: Int

  init(_ block: Matrix, _ members: [Int], levels: Int, _ method: Method) throws {
    let (matrix, scales, row, unit) = Self.scaled(block, members, levels: levels)
    var right = [Double](repeating: 0, count: block.rows)
    right[row] = unit
    let solution = try Self.solve(matrix, right, method)
    values = zip(solution.values, scales).map { $0 / $1 }
    let largest = solution.values.reduce(0) { max($0, abs($1)) }
    errors = scales.map { (solution.forwardError + 4 * Double.ulpOfOne) * largest / $0 }
    self.members = members
    self.levels = levels
  }

  /// The block with its columns divided by scales, the row of the first population replaced by the trace times a unit.
  private static func scaled(
    _ block: Matrix, _ members: [Int], levels: Int
  ) -> (matrix: Matrix, scales: [Double], row: Int, unit: Double) {
    let order = block.rows
    var matrix = block
    var scales = [Double](repeating: 0, count: order)
    for column in 0..<order {
      for row in 0..<order { scales[column] = max(scales[column], abs(block[row, column])) }
    }
    // A level that is never left has no rate to scale with.
    let least = scales.filter { $0 > 0 }.min() ?? 1
    for column in scales.indices where scales[column] == 0 { scales[column] = least }
    let populations = members.indices.filter { members[$0] / levels == members[$0] % levels }
    let unit = populations.map { scales[$0] }.min() ?? 1
    for column in 0..<order {
      for row in 0..<order { matrix[row, column] /= scales[column] }
      matrix[populations[0], column] = 0
    }
    for column in populations { matrix[populations[0], column] = unit / scales[column] }
    return (matrix, scales, populations[0], unit)
  }

  /// What a source of the numbers of a block gives to the means of observables: mean = sum_i weight_i source_i for the solution x
  /// of  L x = source  without trace. One bound of error for all weights of an observable.
  static func adjoint(
    _ block: Matrix, _ members: [Int], _ observables: [[Double]], levels: Int, _ method: Method
  ) throws -> [(values: [Double], error: Double)] {
    let (matrix, scales, row, _) = scaled(block, members, levels: levels)
    let transposed = matrix.transposed
    return try observables.map { observable in
      let right = members.enumerated().map { place, index in
        let (one, other) = (index / levels, index % levels)
        return one > other ? 0 : observable[index] * (one == other ? 1 : 2) / scales[place]
      }
      let solution = try solve(transposed, right, method)
      var values = solution.values
      let largest = values.reduce(0) { max($0, abs($1)) }
      // The trace of the response is 0, whatever the source of that population.
      values[row] = 0
      return (values, (solution.forwardError + 4 * Double.ulpOfOne) * largest)
    }
  }

  private static func solve(_ matrix: Matrix, _ right: [Double], _ method: Method) throws -> DenseSolution {
    func refusal(_ found: String) -> Refusal {
      Refusal(method, "the steady state is not unique, or not to be told from another one: \(found)")
    }
    let solution: DenseSolution
    do {
      solution = try solveWithError(matrix, right)
    } catch LinearAlgebraError.singular(let pivot) {
      throw refusal("pivot \(pivot) of the equations is 0")
    }
    if solution.reciprocalCondition < 1e-15 {
      throw refusal("the condition of the equations is 1/\(solution.reciprocalCondition.text(digits: 2))")
    }
    return solution
  }

  /// Mean of a real symmetric observable, given row after row, and a bound of its error.
  func mean(_ observable: [Double]) -> (value: Double, bound: Double) {
    var (value, bound) = (0.0, 0.0)
    for (place, index) in members.enumerated() where index / levels <= index % levels {
      let weight = observable[index] * (index / levels == index % levels ? 1 : 2)
      value += weight * values[place]
      bound += abs(weight) * errors[place]
    }
    return (value, bound)
  }
}

/// The steady state of the secular (Davies) equation for the whole density matrix.
///
/// - Parameter levels: M; nil takes `medium.levels`, or those that `convergedLevels` finds if they are few.
/// - Throws: `Refusal` in words; `LinearAlgebraError`.
/// - Complexity: O(M³), for the coherences couple to few others.
package func liouvillianSteadyState(of model: QuantumBoxModel, levels: Int? = nil) throws -> LiouvillianSteadyState {
  let equation = try MasterEquation.secular(model, levels: levels ?? liouvillianLevels(of: model, tolerance: 1e-10))
  return try LiouvillianSteadyState(
    equation, LiouvillianBlocks(equation, method: .liouvillian), method: .liouvillian)
}

/// All M² eigenvalues of the secular (Davies) generator of the density matrix, as (real, imaginary) pairs [1/time].
///
/// - Parameter levels: M; nil as for `liouvillianSteadyState`.
/// - Throws: `Refusal` in words; `LinearAlgebraError.notConverged`.
/// - Accuracy: about 1e-15 times the largest rate, absolute.
/// - Complexity: O(25 M³).
package func liouvillianSpectrum(
  of model: QuantumBoxModel, levels: Int? = nil
) throws -> [(real: Double, imaginary: Double)] {
  let equation = try MasterEquation.secular(model, levels: levels ?? liouvillianLevels(of: model, tolerance: 1e-10))
  return try LiouvillianBlocks(equation, method: .liouvillian).spectrum().flatMap { $0 }
}

/// The same with one operator for every single jump, equal Bohr frequencies not grouped: not the Davies generator.
package func ungroupedSpectrum(
  of model: QuantumBoxModel, levels: Int
) throws -> [(real: Double, imaginary: Double)] {
  try LiouvillianBlocks(MasterEquation.secular(model, levels: levels, grouped: false), method: .liouvillian).spectrum()
    .flatMap { $0 }
}

/// The steady state of the local equation: one pair of rates, those of the first gap, for all jumps of a bath.
///
/// - Throws: `Refusal` in words; `LinearAlgebraError`.
/// - Complexity: O(2 M⁶/3) time, O(M⁴) room if the couplings are long-ranged.
package func localSteadyState(of model: QuantumBoxModel, levels: Int) throws -> LiouvillianSteadyState {
  let equation = try MasterEquation.local(model, levels: levels)
  return try LiouvillianSteadyState(equation, LiouvillianBlocks(equation, method: .local), method: .local)
}

/// Levels for the Liouvillian, as given or as the populations need them.
func liouvillianLevels(of model: QuantumBoxModel, tolerance: Double) throws(Refusal) -> Int {
  do throws(Refusal) {
    try checkGenerator(of: model, tolerance: tolerance)
    let given = model.medium.levels ?? matrixLevels(of: model)
    let (estimate, most) = if let given { (given, 1024) } else { (try firstGuess(model, tolerance), 128) }
    if estimate > most {
      throw Refusal(
        .liouvillian,
        "the limit is \(most) levels here, and \(estimate) or more are needed (the time grows as their cube): set "
          + "medium.levels, at most 1024")
    }
    let levels = if let given { given } else { try convergedLevels(of: model, tolerance: tolerance).levels }
    try checkMatrixMemory(
      levels, .liouvillian, bytes: Double(levels * levels) * MasterEquation.secularBytes(baths: model.attachments.count)
    )
    return levels
  } catch {
    throw Refusal(.liouvillian, error.reason)
  }
}

/// Levels for the local equation, which must be given.
func checkedLocalLevels(of model: QuantumBoxModel) throws(Refusal) -> Int {
  guard let levels = model.medium.levels else {
    throw Refusal(.local, "medium.levels must be given: with every level more this equation is another one")
  }
  if model.attachments.contains(where: { $0.bath.coupling == .maxwell }) {
    throw Refusal(.local, "the coupling maxwell is defined by its rates: there is no operator to apply locally")
  }
  // Superoperator, its factors, and two copies.
  let gigabytes = pow(Double(levels), 4) * 32 / 1e9
  if levels > 64 {
    throw Refusal(
      .local,
      "\(levels) levels need \(gigabytes.short) GB and O(M⁶) operations for the whole density matrix: 64 is the limit")
  }
  try checkMatrixMemory(levels, .local, bytes: 1e9 * gigabytes)
  return levels
}
