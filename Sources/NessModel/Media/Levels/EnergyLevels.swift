import NessMath
import Synchronization

/// The levels of a Hamiltonian.
package struct EnergyLevels: Sendable {
  /// Energies, ascending.
  package let values: [Double]
  /// Levels as columns, in the basis of the Hamiltonian.
  package let vectors: ComplexMatrix
  /// The sector that every level is made of.
  package let sectorOf: [Int]

  /// Energies are one, and Bohr frequencies too, that differ by no more than this share of the range of energies: rounding.
  package static func tolerance(levels: Int) -> Double { 64 * .ulpOfOne * Double(levels).squareRoot() }

  /// States in sets that the Hamiltonian does not join, in the order of their first states.
  package static func sectors(of matrix: ComplexMatrix) -> [[Int]] {
    var joined = DisjointSets(matrix.rows)
    matrix.visit { row, column in joined.join(row, column) }
    return joined.sets
  }

  /// What was found last: a file is checked, and every point of a sweep that leaves the Hamiltonian alone is solved, with the same levels.
  private static let last = Mutex<[(matrix: ComplexMatrix, found: EnergyLevels)]>([])
  private static let mostKept = 4
  private static let mostKeptLevels = 512

  /// Those of a Hermitian matrix, each within one of its sectors, so that what is 0 by symmetry is 0 to the last digit.
  ///
  /// - Throws: `LinearAlgebraError.notConverged`.
  package static func of(_ matrix: ComplexMatrix, _ sectors: [[Int]]) throws(LinearAlgebraError) -> EnergyLevels {
    if matrix.rows > mostKeptLevels { return try EnergyLevels(matrix, sectors) }
    if let known = last.withLock({ $0.first { $0.matrix == matrix }?.found }) { return known }
    let found = try EnergyLevels(matrix, sectors)
    last.withLock { kept in
      kept.insert((matrix, found), at: 0)
      kept.removeLast(max(0, kept.count - mostKept))
    }
    return found
  }

  private init(_ matrix: ComplexMatrix, _ sectors: [[Int]]) throws(LinearAlgebraError) {
    if sectors.count == 1 {
      (values, vectors) = try hermitianEigensystem(matrix)
      sectorOf = [Int](repeating: 0, count: matrix.rows)
      return
    }
    var found: [(value: Double, sector: Int, place: Int)] = []
    var systems: [ComplexMatrix] = []
    for (sector, members) in sectors.enumerated() {
      let system = try hermitianEigensystem(matrix.part(members, members))
      systems.append(system.vectors)
      found += system.values.enumerated().map { ($1, sector, $0) }
    }
    found.sort { ($0.value, $0.sector, $0.place) < ($1.value, $1.sector, $1.place) }
    var vectors = ComplexMatrix(order: matrix.rows)
    let isReal = matrix.isReal
    for (column, level) in found.enumerated() {
      let system = systems[level.sector]
      for (row, state) in sectors[level.sector].enumerated() {
        vectors.real[state, column] = system.real[row, level.place]
        if !isReal { vectors.imaginary[state, column] = system.imaginary[row, level.place] }
      }
    }
    (values, self.vectors, sectorOf) = (found.map(\.value), vectors, found.map(\.sector))
  }
}

extension LevelSystem {
  /// Levels up to which spectra are looked at before there is a solver; those of more are refused when one comes to them.
  private static let mostChecked = 512

  /// Spectra that are no numbers at a frequency of the system: a table that ends, or begins, inside the distances of the levels that the
  /// bath joins, and a formula that is negative or no number there.
  ///
  /// The frequency 0 is not looked at: which equation needs a spectrum there is for the solver to say.
  ///
  /// - Precondition: neither the medium nor the operators have faults.
  func spectrumFaults(of attachments: [Model<LevelSystem>.Attachment]) -> [ParameterFault] {
    let given = attachments.compactMap { attachment -> (name: String, law: ThermalBath)? in
      guard case .thermal(let law) = attachment.bath else { return nil }
      switch law.spectrum {
      case .tabulated, .formula: return (attachment.name, law)
      case .ohmic, .bosonic, .metropolis, .glauber: return nil
      }
    }
    if given.isEmpty || levels > Self.mostChecked { return [] }
    let matrix = energyOperator.matrix
    guard let system = try? EnergyLevels.of(matrix, EnergyLevels.sectors(of: matrix)) else { return [] }
    let (values, adjoint) = (system.values, system.vectors.adjoint)
    let equal = EnergyLevels.tolerance(levels: levels) * ((values.last ?? 0) - (values.first ?? 0))
    return given.compactMap { name, law in
      let between = adjoint * operation(law.coupling).matrix.applied(to: system.vectors)
      // What is not 0 by rounding alone.
      let least = 1e-10 * between.largestElement
      var wrong: [Double] = []
      for upper in values.indices {
        for lower in 0..<upper where between[lower, upper].magnitude > least {
          let energy = values[upper] - values[lower]
          if energy > equal, !law.rate(ofGiving: energy, hbar: hbar).isFinite { wrong.append(energy / hbar) }
        }
      }
      return wrong.min().map { Self.fault(in: law, at: $0, wrong.max() ?? $0, hbar, "baths.\(name).spectrum") }
    }
  }

  /// - Parameters:
  ///   - first: the lowest frequency at which there is no rate.
  ///   - last: the highest one.
  private static func fault(
    in law: ThermalBath, at first: Double, _ last: Double, _ hbar: Double, _ path: String
  ) -> ParameterFault {
    let place = "a distance of levels (over hbar) that its operator joins"
    if case .tabulated(let table) = law.spectrum {
      let isAbove = last > table.limit
      return ParameterFault(
        parameter: path, found: "a table from \(table.angularFrequencies[0].short) to \(table.limit.short)",
        expected: "one that covers the angular frequency \((isAbove ? last : first).short), \(place)",
        remedy: isAbove ? "extend the table to higher frequencies" : "let the table begin lower")
    }
    var (found, value) = ("no formula", Double.nan)
    if case .formula(let formula) = law.spectrum {
      (found, value) = (formula.text, formula.written(at: first, temperature: law.temperature, hbar: hbar))
    }
    return ParameterFault(
      parameter: path, found: found,
      expected:
        "a rate, a number >= 0, where it is \(value.isNaN ? "no number" : value.short): at the angular frequency "
        + "\(first.short), \(place)",
      remedy: "change the formula, or give it the value 0 there with max(0, ...)")
  }
}
