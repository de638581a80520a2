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
    /// How often it makes a level jump to another, at from M + to [1/time].
    let rates: [Double]
    /// How it shifts levels; nil where that is left out.
    var shift: LevelShift?

    /// What it does to the parts that it names, once it has been asked for.
    let local = Kept<LocalJumps>()

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
  /// The levels in the basis of the parts.
  let basis: LevelBasis
  /// The same as columns.
  var vectors: ComplexMatrix { basis.vectors }
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
    let sectors = EnergyLevels.sectors(of: matrix)
    let found = try EnergyLevels.of(matrix, sectors)
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
    let precision = Double.ulpOfOne * (16 + 2 * Double(values.count) + 8 * spread / gap)
    // Of exp(-E/T) that of E/T; below its smallest number nothing is left of it.
    let coldest = model.attachments.filter { $0.bath.law.isThermal && $0.bath.temperature > 0 }
      .map(\.bath.temperature).min()
    rounding = precision + 4 * Double.ulpOfOne * min(spread / (coldest ?? .infinity), 750)
    let basis = LevelBasis(found, sectors)
    self.basis = basis
    let (spread, hbar) = (spread, hbar)
    occupations = nil
    let share = max(1e-13, precision)
    observables = medium.observables.map { observable in
      Self.cleaned(basis.between(medium.operation(observable.operation).matrix), share)
    }
    baths = model.attachments.map { attachment in
      let operation: PartOperator? =
        switch attachment.bath {
        case .thermal(let law): if case .formula(let text) = law.coupling { medium.operation(text) } else { nil }
        case .jumps(let law): medium.operation(law.operation, isHermitian: false)
        }
      let between = Self.cleaned(basis.between(Bath.bare(attachment.bath, operation)), share)
      var shift: LevelShift?
      // Populations alone, all that is followed of so many levels, do not feel shifts.
      let isShifted =
        medium.shifts == .lamb && (blocks.count < values.count || values.count <= LevelEquations.mostLevels)
      if isShifted, case .thermal(let law) = attachment.bath {
        shift = LevelShift(law, hbar: hbar, spread: spread)
      }
      return Bath(
        name: attachment.name, law: attachment.bath, matrix: between, operation: operation,
        rates: Self.rates(attachment.bath, between, energies, hbar), shift: shift)
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

  /// How often a bath makes a level jump to another, at from M + to.
  private static func rates(
    _ law: LevelBath, _ matrix: ComplexMatrix, _ energies: [Double], _ hbar: Double
  ) -> [Double] {
    let levels = energies.count
    var rates = [Double](repeating: 0, count: levels * levels)
    func square(_ row: Int, _ column: Int) -> Double {
      let element = matrix[row, column]
      return element.real * element.real + element.imaginary * element.imaginary
    }
    for upper in 0..<levels {
      for lower in 0..<upper {
        switch law {
        case .thermal(let bath):
          // That of a Hermitian operator is the same to and fro, to the last digit.
          let square = square(lower, upper)
          if square == 0 { continue }
          let exchange = bath.exchange(energies[upper] - energies[lower], hbar: hbar)
          rates[upper * levels + lower] = square * exchange.emission
          rates[lower * levels + upper] = square * exchange.absorption
        case .jumps(let bath):
          let (falling, rising) = (square(lower, upper), square(upper, lower))
          rates[upper * levels + lower] = falling * bath.down + rising * bath.up
          rates[lower * levels + upper] = rising * bath.down + falling * bath.up
        }
      }
    }
    return rates
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
    basis = LevelBasis()
    hamiltonian = PartOperator(0, of: [])
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
      return Bath(
        name: attachment.name, law: .thermal(thermal), matrix: between, operation: nil,
        rates: Self.rates(.thermal(thermal), between, energies, box.hbar))
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

  /// The numbers that are told of populations, in the order of their weights, and sums of other numbers with the same weights.
  func weighted(_ populations: [Double]) -> [Double] {
    if let occupations { return occupations.map { zip($0, populations).reduce(0) { $0 + $1.0 * $1.1 } } }
    return blocks.map { block in block.reduce(0) { $0 + 1 / Double(block.count) * populations[$1] } }
  }

  /// Which of the weights belong to every number that is told.
  var populationPlaces: [Int] { occupations.map { Array($0.indices) } ?? blockOf }

  /// Pairs of levels whose elements of the density matrix are reached from the populations, at i M + j: the others are 0 in the steady
  /// state.
  ///
  /// - Parameter operators: all by which baths act, L rho L* and L* L: of a Hermitian one that and its products, of jumps each direction.
  func pairsOfPopulations(_ operators: [ComplexMatrix]) -> [Bool] {
    // Levels that lead to one, which what is lost from one joins with the other.
    var joined = DisjointSets(levels)
    let jumps = operators.map { matrix in
      let jumps = matrix.places
      var first = [Int](repeating: -1, count: levels)
      for (row, column) in jumps {
        if first[row] < 0 { first[row] = column } else { joined.join(first[row], column) }
      }
      return jumps
    }
    let (setOf, sets) = joined.numbered
    let targets = jumps.map { jumps in
      var leads = [Bool](repeating: false, count: sets * sets)
      for (to, from) in jumps { leads[setOf[from] * sets + setOf[to]] = true }
      return (0..<sets).map { from in (0..<sets).filter { leads[from * sets + $0] } }
    }
    // Pairs of sets are kept as a whole.
    var kept = [Bool](repeating: false, count: sets * sets)
    var next = (0..<sets).map { (one: $0, other: $0) }
    for (one, other) in next { kept[one * sets + other] = true }
    while let pair = next.popLast() {
      for targets in targets {
        for one in targets[pair.one] {
          for other in targets[pair.other] where !kept[one * sets + other] {
            kept[one * sets + other] = true
            next.append((one, other))
          }
        }
      }
    }
    var pairs: [Bool] = []
    pairs.reserveCapacity(levels * levels)
    for one in setOf {
      for other in setOf { pairs.append(kept[one * sets + other]) }
    }
    return pairs
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
    if matrix.isReal {
      // Zeros that several matrices share are left alone.
      result.real.elements.withUnsafeMutableBufferPointer { real in
        for index in real.indices { real[index] = abs(real[index]) <= least ? 0 : real[index] }
      }
      return result
    }
    result.real.elements.withUnsafeMutableBufferPointer { real in
      result.imaginary.elements.withUnsafeMutableBufferPointer { imaginary in
        for index in real.indices where abs(real[index]) <= least {
          if Complex(real[index], imaginary[index]).magnitude <= least { (real[index], imaginary[index]) = (0, 0) }
        }
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

  /// Whether a bath has a rate for every jump between levels, and within levels where that is needed.
  func hasRates(_ bath: Bath, needsZero: Bool) -> Bool {
    guard case .thermal(let law) = bath.law else { return true }
    return bath.rates.allSatisfy(\.isFinite) && (!needsZero || law.rate(ofGiving: 0, hbar: hbar).isFinite)
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
