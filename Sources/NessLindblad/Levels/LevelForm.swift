import NessMath
import NessModel

/// A system of levels in the basis of its energies, with the operators of its baths.
struct LevelForm: Sendable {
  /// What a bath does.
  struct Bath: Sendable {
    let name: String
    let law: LevelBath
    /// Its operator between levels, elements that are 0 to rounding left out. That of a thermal bath has no trace.
    let matrix: ComplexMatrix
    /// The same in the basis of the parts.
    let operation: PartOperator?
    /// How it shifts levels; nil where that is left out.
    var shift: LevelShift?

    /// The operator in the basis of the parts, that of a thermal bath without its trace.
    var bare: ComplexMatrix { Self.bare(law, operation) }

    fileprivate static func bare(_ law: LevelBath, _ operation: PartOperator?) -> ComplexMatrix {
      var matrix: ComplexMatrix
      if case .thermal(let law) = law, case .matrix(let given) = law.coupling {
        let real = Matrix(rows: given.rows)
        matrix = ComplexMatrix(real: real, imaginary: Matrix(rows: real.rows, columns: real.rows))
      } else {
        matrix = operation?.matrix ?? ComplexMatrix(order: 0)
      }
      guard case .thermal = law else { return matrix }
      let trace = (0..<matrix.rows).reduce(0) { $0 + matrix[$1, $1].real } / Double(matrix.rows)
      for level in 0..<matrix.rows { matrix.real[level, level] -= trace }
      return matrix
    }
  }

  let levels: Int
  let hbar: Double
  /// Energies of the levels, ascending, those of one block the same [energy].
  let energies: [Double]
  /// Levels of equal energy.
  let blocks: [Range<Int>]
  /// The block of every level.
  let blockOf: [Int]
  /// The levels as columns, in the basis of the parts.
  let vectors: ComplexMatrix
  let hamiltonian: PartOperator
  /// Numbers of levels of the parts.
  let partLevels: [Int]
  let baths: [Bath]
  /// What is asked of the state: Hermitian operators between levels.
  let observables: [ComplexMatrix]
  /// Highest less lowest energy [energy].
  let spread: Double
  /// How far the baths' operators between levels may be off, relative to themselves.
  private(set) var rounding: Double
  /// Of states of identical particles how many are on each level of one, state after state; nil where levels are levels.
  let occupations: [[Double]]?

  /// Energies are one, and Bohr frequencies too, that differ by no more than this share of the range of energies: rounding.
  var tolerance: Double { Self.tolerance(levels: levels) }
  /// The same of so many levels.
  static func tolerance(levels: Int) -> Double { EnergyLevels.tolerance(levels: levels) }
  /// Of every block how fast coherences between its levels might turn for all that is known of their energies [1/time].
  let unresolved: [Double]

  /// - Throws: `Refusal`; `LinearAlgebraError.notConverged`.
  init(_ model: LevelModel, _ method: Method) throws {
    let medium = model.medium
    hamiltonian = medium.energyOperator
    partLevels = medium.parts.map(\.levels)
    let matrix = hamiltonian.matrix
    levels = matrix.rows
    hbar = medium.hbar
    let found = try EnergyLevels.of(matrix, EnergyLevels.sectors(of: matrix))
    let values = found.values
    spread = (values.last ?? 0) - (values.first ?? 0)
    var blocks: [Range<Int>] = []
    var start = 0
    for level in values.indices {
      let isLast = level + 1 == values.count
      if isLast || values[level + 1] - values[level] > Self.tolerance(levels: levels) * spread {
        blocks.append(start..<(level + 1))
        start = level + 1
      }
    }
    self.blocks = blocks
    let (known, period) = (8 * .ulpOfOne * spread, hbar)
    unresolved = blocks.map { $0.count == 1 ? 0 : (values[$0.upperBound - 1] - values[$0.lowerBound] + known) / period }
    var energies = values
    var blockOf = [Int](repeating: 0, count: values.count)
    for (index, block) in blocks.enumerated() {
      let mean = values[block].reduce(0, +) / Double(block.count)
      for level in block { (energies[level], blockOf[level]) = (mean, index) }
    }
    self.energies = energies
    self.blockOf = blockOf
    var gap = Double.infinity
    for block in blocks.dropFirst() { gap = min(gap, energies[block.lowerBound] - energies[block.lowerBound - 1]) }
    rounding = Double.ulpOfOne * (16 + 2 * Double(values.count) + 8 * spread / gap)
    self.vectors = found.vectors
    let (spread, hbar) = (spread, hbar)
    occupations = nil
    let share = max(1e-13, rounding)
    observables = medium.observables.map { observable in
      Self.cleaned(found.between(medium.operation(observable.operation).matrix), share)
    }
    baths = model.attachments.map { attachment in
      let operation: PartOperator? =
        switch attachment.bath {
        case .thermal(let law): if case .formula(let text) = law.coupling { medium.operation(text) } else { nil }
        case .jumps(let law): medium.operation(law.operation, isHermitian: false)
        }
      var shift: LevelShift?
      // Populations alone, all that is followed of so many levels, do not feel shifts.
      let isShifted =
        medium.shifts == .lamb && (blocks.count < values.count || values.count <= LevelEquations.mostLevels)
      if isShifted, case .thermal(let law) = attachment.bath {
        shift = LevelShift(law, hbar: hbar, spread: spread)
      }
      let matrix = Self.cleaned(found.between(Bath.bare(attachment.bath, operation)), share)
      return Bath(name: attachment.name, law: attachment.bath, matrix: matrix, operation: operation, shift: shift)
    }
    // Shifts are integrals, known to their own errors.
    for bath in baths {
      for (shift, rate, _) in shifts(of: bath) where shift.value.isFinite {
        let size = abs(shift.value) + 0.5 * rate
        if shift.bound > 0 { rounding = max(rounding, 4 * shift.bound / size) }
      }
    }
  }

  /// The shifts by a bath at all energies that its operator gives, with the rates there.
  private func shifts(of bath: Bath) -> [(shift: Bounded, rate: Double, energy: Double)] {
    guard let shift = bath.shift, case .thermal(let law) = bath.law else { return [] }
    var seen: Set<Double> = []
    var found: [(shift: Bounded, rate: Double, energy: Double)] = []
    for row in 0..<levels {
      for column in 0..<levels where bath.matrix[row, column] != Complex(0) {
        let energy = energies[column] - energies[row]
        guard seen.insert(energy).inserted else { continue }
        found.append((shift.value(at: energy), law.rate(ofGiving: energy, hbar: hbar), energy))
      }
    }
    return found
  }

  /// Why levels cannot be shifted by their baths; nil if they can, or shall not.
  var reasonAgainstShifts: String? {
    for bath in baths {
      if let reason = bath.shift?.reason { return "bath \(bath.name): \(reason)" }
      if let infinite = shifts(of: bath).first(where: { !$0.shift.value.isFinite }) {
        return Self.infiniteShift(bath.name, abs(infinite.energy) / hbar)
      }
    }
    return nil
  }

  static func infiniteShift(_ name: String, _ frequency: Double) -> String {
    "the shift of levels by bath \(name) at the angular frequency \(frequency.short) is infinite or not found: its spectrum falls off too "
      + "slowly at high frequencies, or is infinite at 0"
  }

  /// The states of the particles of a gas, as many as a space of states has, with what the baths do to all particles alike.
  init(_ gas: QuantumGasModel, in space: FockSpace) {
    let box = gas.medium.box
    let count = space.states.count
    (levels, hbar) = (count, box.hbar)
    let unit = box.energy(ofLevel: 1)
    let energies = space.heights.map { Double($0) * unit }
    self.energies = energies
    spread = (energies.last ?? 0) - (energies.first ?? 0)
    var (blocks, blockOf) = ([Range<Int>](), [Int]())
    for (state, height) in space.heights.enumerated() {
      if state > 0, height == space.heights[state - 1] {
        blocks[blocks.count - 1] = blocks[blocks.count - 1].lowerBound..<(state + 1)
      } else {
        blocks.append(state..<(state + 1))
      }
      blockOf.append(blocks.count - 1)
    }
    (self.blocks, self.blockOf) = (blocks, blockOf)
    unresolved = blocks.map { _ in 0 }
    // Energies, their equality and the operators are known to a few roundings each.
    rounding = 64 * Double.ulpOfOne
    vectors = ComplexMatrix(order: 0)
    hamiltonian = PartOperator(0, levels: 0)
    partLevels = []
    occupations = (0..<space.levels).map(space.occupations)
    observables = []
    baths = gas.attachments.map { attachment in
      let law = attachment.bath
      var matrix = space.sum { law.element($0 + 1, $1 + 1, atWall: attachment.site, of: box) }
      let trace = (0..<count).reduce(0) { $0 + matrix[$1, $1] } / Double(count)
      for state in 0..<count { matrix[state, state] -= trace }
      // What is the same in states of equal energy but for rounding does nothing to them.
      let share = 1e-13 * matrix.largestElement
      for block in blocks where block.count > 1 {
        let diagonal = block.map { matrix[$0, $0] }
        guard let least = diagonal.min(), let most = diagonal.max(), most - least <= share else { continue }
        for state in block { matrix[state, state] = least }
      }
      let between = Self.cleaned(
        ComplexMatrix(real: matrix, imaginary: Matrix(rows: count, columns: count)), 1e-13)
      let thermal = ThermalBath(
        temperature: law.temperature, coupling: .formula("1"), spectrum: law.spectrum, rate: law.rate)
      return Bath(name: attachment.name, law: .thermal(thermal), matrix: between, operation: nil)
    }
  }

  /// Weights of the populations in each number that is told of them: of levels of equal energy their mean, of particles how many are on
  /// each level.
  var populationWeights: [[Double]] {
    occupations
      ?? blocks.map { block in
        var weights = [Double](repeating: 0, count: levels)
        for level in block { weights[level] = 1 / Double(block.count) }
        return weights
      }
  }

  /// Which of the weights belong to every number that is told.
  var populationPlaces: [Int] { occupations.map { Array($0.indices) } ?? blockOf }

  /// Pairs of levels whose elements of the density matrix are reached from the populations, at i M + j: the others are 0 in the steady
  /// state.
  ///
  /// - Parameter operators: all by which baths act, L rho L* and L* L: of a Hermitian one that and its products, of jumps each direction.
  func pairsOfPopulations(_ operators: [ComplexMatrix]) -> [Bool] {
    // From where each level is reached, and where it leads.
    var lists = operators.map { _ in [[Int]](repeating: [], count: levels) }
    var targets = lists
    for (place, matrix) in operators.enumerated() {
      for column in 0..<levels {
        for row in 0..<levels where matrix[row, column] != Complex(0) {
          lists[place][row].append(column)
          targets[place][column].append(row)
        }
      }
    }
    // Levels that lead to one with this.
    let losses = (0..<levels).map { level in
      var isJoined = [Bool](repeating: false, count: levels)
      for (list, targets) in zip(lists, targets) {
        for target in targets[level] { for other in list[target] { isJoined[other] = true } }
      }
      return (0..<levels).filter { isJoined[$0] }
    }
    // Rows of pairs as bits, one behind the other, so that a row is joined with another 64 pairs at a time.
    let words = (levels + 63) / 64
    typealias Rows = [UInt64]
    /// Row i of the result is all rows that a list names for i.
    func joined(_ rows: Rows, _ list: [[Int]]) -> Rows {
      var result = Rows(repeating: 0, count: rows.count)
      for (i, members) in list.enumerated() {
        for member in members {
          for word in 0..<words { result[i * words + word] |= rows[member * words + word] }
        }
      }
      return result
    }
    func transposed(_ rows: Rows) -> Rows {
      var result = Rows(repeating: 0, count: rows.count)
      for i in 0..<levels {
        for word in 0..<words {
          var bits = rows[i * words + word]
          while bits != 0 {
            result[(64 * word + bits.trailingZeroBitCount) * words + i / 64] |= 1 << UInt64(i % 64)
            bits &= bits - 1
          }
        }
      }
      return result
    }
    var kept = Rows(repeating: 0, count: levels * words)
    for level in 0..<levels { kept[level * words + level / 64] |= 1 << UInt64(level % 64) }
    while true {
      // Pairs are kept with their transposed ones, so the rows of one are the columns of the other.
      let lost = joined(kept, losses)
      var next = [lost, transposed(lost)]
      for list in lists { next.append(joined(transposed(joined(kept, list)), list)) }
      var sum = kept
      for rows in next { for index in sum.indices { sum[index] |= rows[index] } }
      if sum == kept { break }
      kept = sum
    }
    return (0..<levels * levels).map { pair in
      let (i, j) = (pair / levels, pair % levels)
      return kept[i * words + j / 64] >> UInt64(j % 64) & 1 == 1
    }
  }

  /// Elements of a thermal bath's operator, each times half the rate of the energy that it gives, and i times its shift.
  ///
  /// - Parameter isSlope: whether of these the derivatives with respect to the temperature are taken.
  func halfRated(_ bath: Bath, _ law: ThermalBath, isSlope: Bool = false) -> ComplexMatrix {
    var half = bath.matrix
    for row in 0..<levels {
      for column in 0..<levels where bath.matrix[row, column] != Complex(0) {
        let energy = energies[column] - energies[row]
        half[row, column] = transform(bath, law, energy, isSlope: isSlope) * bath.matrix[row, column]
      }
    }
    return half
  }

  /// Half the rate of giving an energy, and i times the shift: what the correlations of a bath are transformed to.
  func transform(_ bath: Bath, _ law: ThermalBath, _ energy: Double, isSlope: Bool) -> Complex {
    let rate = isSlope ? slope(of: law, at: energy) : law.rate(ofGiving: energy, hbar: hbar)
    return Complex(0.5 * rate, bath.shift?.value(at: energy, isSlope: isSlope).value ?? 0)
  }

  /// A matrix without elements that are a tiny share of the largest.
  static func cleaned(_ matrix: ComplexMatrix, _ share: Double) -> ComplexMatrix {
    var result = matrix
    let least = share * matrix.largestElement
    for row in 0..<matrix.rows {
      for column in 0..<matrix.rows {
        let element = matrix[row, column]
        guard abs(element.real) <= least, element.magnitude <= least else { continue }
        result.real[row, column] = 0
        // Zeros that several matrices share are left alone.
        if element.imaginary != 0 { result.imaginary[row, column] = 0 }
      }
    }
    return result
  }

  /// Whether every level has an energy of its own, so that populations alone are followed.
  var hasOwnEnergies: Bool { blocks.count == levels }

  /// What makes a level emit, with the rate at which it gives an energy to the bath.
  func operators(of bath: Bath) -> [(matrix: ComplexMatrix, rate: (Double) -> Double)] {
    switch bath.law {
    case .thermal(let law):
      [(bath.matrix, { law.rate(ofGiving: $0, hbar: hbar) })]
    case .jumps(let law):
      [(bath.matrix, { _ in law.down }), (bath.matrix.adjoint, { _ in law.up })]
    }
  }

  /// Why the rates of a bath are no numbers at the energies that are needed; nil if they are.
  ///
  /// - Parameter matrix: the operator; elements that are not 0 need a rate.
  func reason(
    against bath: Bath, _ matrix: ComplexMatrix, _ energies: [Double], needsZero: Bool
  ) -> String? {
    guard case .thermal(let law) = bath.law else { return nil }
    for row in 0..<matrix.rows {
      for column in 0..<matrix.rows where matrix[row, column] != Complex(0) {
        let energy = energies[column] - energies[row]
        if energy == 0 && !needsZero { continue }
        let rate = law.rate(ofGiving: energy, hbar: hbar)
        if rate.isFinite { continue }
        if case .tabulated(let table) = law.spectrum {
          return
            "the spectrum of bath \(bath.name) is needed at the angular frequency \((abs(energy) / hbar).short), but its table "
            + "covers \(table.angularFrequencies[0].short) to \(table.limit.short): extend the table"
        }
        if case .formula(let formula) = law.spectrum {
          return formula.reason(against: bath.name, at: abs(energy) / hbar, law.temperature, hbar: hbar)
        }
        return energy == 0
          ? "the spectrum bosonic of bath \(bath.name) is infinite at the frequency 0, at which its operator acts: take ohmic"
          : "the rate of bath \(bath.name) at the energy \(abs(energy).short) is \(rate), beyond double precision"
      }
    }
    return nil
  }
}
