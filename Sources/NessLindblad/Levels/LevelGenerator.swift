import Foundation
import NessMath
import NessModel

/// The generator of a master equation for the density matrix, in real numbers: x_ii = rho_ii, and of every pair i < j the numbers
/// sqrt(2) Re rho_ij and sqrt(2) Im rho_ij, the coordinates of rho in orthonormal Hermitian matrices.
///
/// In the secular equation what turns at different frequencies does not mix, and the steady state turns not at all: then only
/// pairs of levels of equal energy are kept.
struct LevelGenerator: Sendable {
  let levels: Int
  /// Number of real numbers.
  let count: Int
  /// d x / dt = matrix x [1/time].
  private(set) var matrix: Matrix
  /// Sums of the sizes of what makes up each element [1/time].
  private(set) var gross: Matrix
  /// For every bath the weights whose mean is the heat per time from it [energy/time].
  private(set) var heats: [[Double]]
  private(set) var grossHeats: [[Double]]
  /// What is found in place of the matrix.
  private(set) var counted: Counted?
  /// Whether derivatives of rates with respect to temperatures stand in the place of rates.
  private let isSlope: Bool
  private let weight: Weight?
  /// Place of the numbers of a pair: the real part at (i, j), i <= j, the imaginary one at (j, i); -1 where it is left out.
  private let places: [Int]
  /// The levels of the pairs that are kept of every level, itself among them, ascending.
  private let partners: [[Int]]
  /// Energies, from their mean [energy].
  private let heights: [Double]

  /// The highest power of energies that is counted.
  static let mostPower = 4

  /// What elements times powers of the energy D = (E_i + E_j - E_k - E_l)/2 that they take from the bath do to numbers.
  struct Counted {
    /// The numbers they are applied to.
    let values: [Double]
    /// For every power from 0, and for every number, the sum [energy^power/time].
    private(set) var sums: [[Double]]
    /// The same of the sizes of all that rounding may have changed by one unit.
    private(set) var gross: [[Double]]
    /// Sums of the sizes of all elements of a column, for every power.
    private(set) var columns: [[Double]]
    /// The same of those that change a population.
    private(set) var traceColumns: [[Double]]

    init(_ values: [Double]) {
      self.values = values
      let none = Array(repeating: [Double](repeating: 0, count: values.count), count: mostPower + 1)
      (sums, gross, columns, traceColumns) = (none, none, none, none)
    }

    /// - Parameter size: sum of the sizes of what `energy` is the difference of, which is what rounding is a share of.
    fileprivate mutating func add(
      _ row: Int, _ column: Int, _ value: Double, energy: Double, size: Double, isPopulation: Bool
    ) {
      var (weight, most) = (value, abs(value * values[column]))
      for power in 0...mostPower {
        sums[power][row] += weight * values[column]
        gross[power][row] += Double(power + 1) * most
        columns[power][column] += abs(weight)
        if isPopulation { traceColumns[power][column] += abs(weight) }
        weight *= energy
        most *= size
      }
    }
  }

  /// Elements of a bath times exp(x D/2), D the energy that they take from it, all others times exp(-x D/2).
  struct Weight {
    let bath: Int
    /// [1/energy]
    let x: Double
    /// Whether it is the derivative with respect to x of what is similar to it: D times the elements of the bath alone.
    let isSlope: Bool
  }

  /// An empty generator.
  ///
  /// - Parameters:
  ///   - kept: the pairs that are kept, at i M + j.
  ///   - counting: numbers to which the elements are applied; then there is no matrix.
  ///   - isSlope: whether derivatives of rates with respect to temperatures take the place of rates.
  ///   - weight: by what elements are multiplied.
  init(_ form: LevelForm, kept: [Bool], counting: [Double]? = nil, isSlope: Bool = false, weight: Weight? = nil) {
    self.isSlope = isSlope
    self.weight = weight
    counted = counting.map(Counted.init)
    levels = form.levels
    var (places, count) = ([Int](repeating: -1, count: levels * levels), 0)
    var partners: [[Int]] = []
    for i in 0..<levels {
      var own: [Int] = []
      for j in 0..<levels where kept[i * levels + j] {
        places[i * levels + j] = count
        own.append(j)
        count += 1
      }
      partners.append(own)
    }
    (self.places, self.count, self.partners) = (places, count, partners)
    let order = counting == nil ? count : 0
    matrix = Matrix(rows: order, columns: order)
    gross = matrix
    heats = Array(repeating: [Double](repeating: 0, count: count), count: form.baths.count)
    grossHeats = heats
    let mean = form.energies.reduce(0, +) / Double(form.levels)
    heights = form.energies.map { $0 - mean }
  }

  /// Room for a generator of so many numbers and for solving its equations [bytes].
  static func bytes(count: Double) -> Double { 64 * count * count }

  /// The place of rho_ii.
  func place(ofLevel level: Int) -> Int { places[level * levels + level] }

  /// The places of the two numbers of a pair of levels, i < j; nil where it is left out.
  func pair(_ i: Int, _ j: Int) -> (real: Int, imaginary: Int)? {
    keeps(i, j) ? (places[i * levels + j], places[j * levels + i]) : nil
  }

  /// d rho_ij/dt gets value rho_kl, by a bath or, without one, by the Hamiltonian.
  private mutating func add(_ i: Int, _ j: Int, _ k: Int, _ l: Int, _ value: Complex, _ bath: Int?) {
    guard i <= j else { return }
    var factor = (i < j ? 2.0.squareRoot() : 1) * (k != l ? 0.5.squareRoot() : 1)
    let energy = 0.5 * ((heights[i] + heights[j]) - (heights[k] + heights[l]))
    if let weight {
      let isCounted = bath == weight.bath
      if weight.isSlope && !isCounted { return }
      factor *= exp((isCounted ? 0.5 : -0.5) * weight.x * energy) * (weight.isSlope ? energy : 1)
    }
    let (a, b) = (factor * value.real, factor * value.imaginary)
    let sign = k <= l ? 1.0 : -1.0
    let column = places[min(k, l) * levels + max(k, l)]
    // Below the diagonal rho is the complex conjugate.
    let imaginary = k != l ? places[max(k, l) * levels + min(k, l)] : -1
    if counted != nil {
      let size = 0.5 * (abs(heights[i]) + abs(heights[j]) + abs(heights[k]) + abs(heights[l]))
      func count(_ row: Int, _ column: Int, _ value: Double) {
        counted?.add(row, column, value, energy: energy, size: size, isPopulation: i == j)
      }
      count(places[i * levels + j], column, a)
      if imaginary >= 0 { count(places[i * levels + j], imaginary, -sign * b) }
      if i < j {
        count(places[j * levels + i], column, b)
        if imaginary >= 0 { count(places[j * levels + i], imaginary, sign * a) }
      }
      return
    }
    put(places[i * levels + j], column, a)
    if imaginary >= 0 { put(places[i * levels + j], imaginary, -sign * b) }
    if i < j {
      let row = places[j * levels + i]
      put(row, column, b)
      if imaginary >= 0 { put(row, imaginary, sign * a) }
    } else if let bath {
      heats[bath][column] += heights[i] * a
      grossHeats[bath][column] += abs(heights[i] * a)
      if imaginary >= 0 {
        heats[bath][imaginary] -= heights[i] * sign * b
        grossHeats[bath][imaginary] += abs(heights[i] * b)
      }
    }
  }

  private mutating func put(_ row: Int, _ column: Int, _ value: Double) {
    // Of real operators half of all numbers are 0.
    if value == 0 { return }
    matrix[row, column] += value
    gross[row, column] += abs(value)
  }

  /// Whether a pair of levels is kept.
  private func keeps(_ i: Int, _ j: Int) -> Bool { places[i * levels + j] >= 0 }

  /// -i/hbar [H, rho].
  mutating func addTurning(_ form: LevelForm) {
    for i in 0..<levels {
      for j in (i + 1)..<max(levels, i + 1) where keeps(i, j) {
        if form.blockOf[i] != form.blockOf[j] {
          add(i, j, i, j, Complex(0, (form.energies[j] - form.energies[i]) / form.hbar), nil)
        } else if counted == nil {
          // Energies that count as one may differ by what is not known of them.
          let (real, imaginary) = (places[i * levels + j], places[j * levels + i])
          let size = form.unresolved[form.blockOf[i]] / form.rounding
          gross[real, imaginary] += size
          gross[imaginary, real] += size
        }
      }
    }
  }

  /// L rho L* - {L* L, rho}/2, times a rate, and -i [L* L, rho], times a shift, of one operator.
  mutating func addJump(_ jump: ComplexMatrix, rate: Double, shift: Double = 0, bath: Int) {
    if rate == 0 && shift == 0 { return }
    addGain(jump, bath) { rate * ($0 * $1.conjugate) }
    addLoss(Complex(0.5 * rate, shift) * (jump.adjoint * jump), -1, bath)
  }

  /// Elements of every row that are not 0.
  private static func rows(of matrix: ComplexMatrix) -> [[(column: Int, value: Complex)]] {
    (0..<matrix.rows).map { row in
      (0..<matrix.rows).compactMap { column in
        let value = matrix[row, column]
        return value == Complex(0) ? nil : (column, value)
      }
    }
  }

  /// Elements of every column that are not 0.
  private static func columns(of matrix: ComplexMatrix) -> [[(row: Int, value: Complex)]] {
    (0..<matrix.rows).map { column in
      (0..<matrix.rows).compactMap { row in
        let value = matrix[row, column]
        return value == Complex(0) ? nil : (row, value)
      }
    }
  }

  private mutating func addGain(
    _ jump: ComplexMatrix, _ bath: Int, _ product: (Complex, Complex) -> Complex
  ) {
    let rows = Self.rows(of: jump)
    for i in 0..<levels {
      for j in partners[i] where j >= i {
        for first in rows[i] {
          // The shorter of two lists.
          let others = partners[first.column]
          if others.count < rows[j].count {
            for column in others {
              let second = jump[j, column]
              if second != Complex(0) { add(i, j, first.column, column, product(first.value, second), bath) }
            }
          } else {
            for second in rows[j] where keeps(first.column, second.column) {
              add(i, j, first.column, second.column, product(first.value, second.value), bath)
            }
          }
        }
      }
    }
  }

  /// factor (M rho + rho M*).
  private mutating func addLoss(_ matrix: ComplexMatrix, _ factor: Double, _ bath: Int) {
    for (i, row) in Self.rows(of: matrix).enumerated() {
      for element in row {
        let value = factor * element.value
        for other in partners[i] where keeps(element.column, other) {
          add(i, other, element.column, other, value, bath)
          add(other, i, other, element.column, value.conjugate, bath)
        }
      }
    }
  }

  // MARK: equations

  /// The secular (Davies) generator.
  mutating func addSecular(_ form: LevelForm, bath: Int) {
    let slope = isSlope ? form.slope(of: form.baths[bath]) : nil
    for (matrix, rate) in form.operators(of: form.baths[bath]) {
      // Every element keeps the rate of its own frequency, so that populations do not know how frequencies are grouped.
      var rates = Matrix(rows: levels, columns: levels)
      var slopes = rates
      var elements: [LevelForm.Element] = []
      for row in 0..<levels {
        for column in 0..<levels where matrix[row, column] != Complex(0) {
          let energy = form.energies[column] - form.energies[row]
          let rate = rate(energy)
          // What turns not at all is left out where it does nothing (`LevelEquations.reason`).
          guard rate.isFinite else { continue }
          rates[row, column] = rate
          if let slope { slopes[row, column] = slope(energy) }
          elements.append((energy, row, column))
        }
      }
      let shift = form.baths[bath].shift
      func shifted(_ element: LevelForm.Element) -> Double {
        shift?.value(at: element.energy, isSlope: isSlope).value ?? 0
      }
      var loss = ComplexMatrix(order: levels)
      for group in LevelForm.grouped(elements, within: 2 * form.tolerance * form.spread) {
        for first in group {
          for second in group where first.row <= second.row {
            guard keeps(first.row, second.row), keeps(first.column, second.column) else { continue }
            let (one, other) = (rates[first.row, first.column], rates[second.row, second.column])
            var rate = one == other ? one : (one * other).squareRoot()
            if isSlope {
              let (change, another) = (slopes[first.row, first.column], slopes[second.row, second.column])
              rate =
                one == other ? change : rate == 0 ? 0 : 0.5 * (change * (other / rate) + another * (one / rate))
            }
            // Levels that are no block, but whose frequencies are one group: what is gained here is lost there, or neither trace nor
            // energy would be kept.
            if first.row == second.row, form.blockOf[first.column] != form.blockOf[second.column] {
              loss[first.column, second.column] +=
                Complex(0.5 * rate, 0.5 * (shifted(first) + shifted(second)))
                * (matrix[first.row, first.column].conjugate * matrix[second.row, second.column])
            }
            let value = rate * (matrix[first.row, first.column] * matrix[second.row, second.column].conjugate)
            add(first.row, second.row, first.column, second.column, value, bath)
          }
        }
      }
      let losing = isSlope ? slopes : rates
      var shifts = Matrix(rows: levels, columns: levels)
      if shift != nil { for element in elements { shifts[element.row, element.column] = shifted(element) } }
      for block in form.blocks {
        for k in block {
          for l in block {
            var sum = Complex(0)
            for i in 0..<levels {
              sum += Complex(0.5 * losing[i, k], shifts[i, k]) * (matrix[i, k].conjugate * matrix[i, l])
            }
            loss[k, l] = sum
          }
        }
      }
      addLoss(loss, -1, bath)
    }
  }

  /// The Redfield generator:  -[A, Lambda rho - rho Lambda*],  Lambda_mn = (g_mn/2 + i S_mn) A_mn, without shifts S unless asked for.
  mutating func addRedfield(_ form: LevelForm, bath: Int) {
    guard case .thermal(let law) = form.baths[bath].law else { return addGiven(form, bath: bath) }
    let matrix = form.baths[bath].matrix
    let half = form.halfRated(form.baths[bath], law, isSlope: isSlope)
    // Column by column of the generator, which lies in memory like that.
    let (columns, halves) = (Self.columns(of: matrix), Self.columns(of: half))
    for k in 0..<levels {
      for l in 0..<levels where keeps(k, l) {
        for first in halves[k] {
          for second in columns[l] where first.row <= second.row && keeps(first.row, second.row) {
            add(first.row, second.row, k, l, first.value * second.value.conjugate, bath)
          }
        }
        for first in columns[k] {
          for second in halves[l] where first.row <= second.row && keeps(first.row, second.row) {
            add(first.row, second.row, k, l, first.value * second.value.conjugate, bath)
          }
        }
      }
    }
    addLoss(matrix * half, -1, bath)
  }

  /// Jumps as they are given.
  private mutating func addGiven(_ form: LevelForm, bath: Int) {
    guard case .jumps(let law) = form.baths[bath].law, !isSlope else { return }
    addJump(form.baths[bath].matrix, rate: law.down, bath: bath)
    addJump(form.baths[bath].matrix.adjoint, rate: law.up, bath: bath)
  }

  /// The local generator: jumps between the levels of the parts that the bath's operator names, as if they were alone.
  ///
  /// - Parameter jumps: those of `LevelForm.localJumps`.
  mutating func addLocal(_ form: LevelForm, bath: Int, _ jumps: [(jump: ComplexMatrix, energy: Double)]) {
    guard case .thermal(let law) = form.baths[bath].law else { return addGiven(form, bath: bath) }
    for (jump, energy) in jumps {
      let transform = form.transform(form.baths[bath], law, energy, isSlope: isSlope)
      addJump(jump, rate: 2 * transform.real, shift: transform.imaginary, bath: bath)
    }
  }
}
