import NessMath
import NessModel

/// A master equation as what it does to a density matrix, which takes O(M³) instead of the M⁴ elements of its generator:
///
///     d rho/dt = -i/hbar [H, rho] + sum_b (Z_b + Z_b*),     Z_b = sum_t B_t rho C_t - K_b rho
///
/// Levels are in classes between which rho is 0 in the steady state, by symmetries of the Hamiltonian and the baths; rho, K and all
/// products are blocks of these.
struct LevelAction: Sendable {
  /// B rho C of one pair of classes: what the block `from` gives to the block `to`.
  fileprivate struct Product: Sendable {
    let from: Int
    let to: Int
    let left: Factor
    let right: Factor
  }
  /// What a bath does.
  fileprivate struct Bath: Sendable {
    var products: [Product] = []
    var loss: [Factor]
  }

  let form: LevelForm
  /// Levels in classes, ascending.
  private let classes: [[Int]]
  private var baths: [Bath] = []
  /// sum_b K_b.
  private let loss: [Factor]
  /// E/hbar of every level; one number of those of equal energy, so that these do not turn.
  private let frequencies: [Double]
  /// By what every element is multiplied in its own change, at i M + j, within classes [1/time].
  private let diagonals: [Complex]
  /// Which numbers are followed, and their order.
  private let numbers: LevelGenerator

  /// - Parameters:
  ///   - kept: pairs of levels that are followed, at i M + j.
  ///   - jumps: those of `LevelForm.localJumps` of every bath, of the local equation.
  init(_ form: LevelForm, _ method: Method, kept: [Bool], jumps: [[(jump: ComplexMatrix, energy: Double)]]) {
    self.form = form
    let levels = form.levels
    numbers = LevelGenerator(form, kept: kept, counting: [])
    let frequencies = form.energies.map { $0 / form.hbar }
    let classes = joinedSets(levels) { kept[$0 * levels + $1] }
    (self.frequencies, self.classes) = (frequencies, classes)
    let nothing = classes.map { ComplexMatrix(order: $0.count) }
    var diagonals = (0..<levels * levels).map { Complex(0, frequencies[$0 % levels] - frequencies[$0 / levels]) }
    var whole = nothing
    for (place, bath) in form.baths.enumerated() {
      var products: [Product] = []
      var losses = nothing
      /// B rho C, of matrices between all levels.
      func add(_ left: ComplexMatrix, _ right: ComplexMatrix) {
        for (to, from) in Self.joined(left, classes) {
          let (first, second) = (left.part(classes[to], classes[from]), right.part(classes[from], classes[to]))
          if second.largestElement > 0 {
            products.append(Product(from: from, to: to, left: Factor(first), right: Factor(second)))
          }
        }
        for pair in diagonals.indices {
          let (i, j) = (pair / levels, pair % levels)
          diagonals[pair] += left[i, i] * right[j, j]
          diagonals[pair] += (left[j, j] * right[i, i]).conjugate
        }
      }
      func lose(_ matrices: [ComplexMatrix]) { losses = zip(losses, matrices).map { $0 + $1 } }
      /// L rho L* - {L* L, rho}/2, times a rate, and -i [L* L, rho], times a shift.
      func add(_ jump: ComplexMatrix, rate: Double, shift: Double? = nil) {
        if rate == 0 && shift == nil { return }
        let adjoint = jump.adjoint
        add((0.5 * rate) * jump, adjoint)
        lose(Self.product(adjoint, jump, classes).map { Complex(0.5 * rate, shift ?? 0) * $0 })
      }
      switch bath.law {
      case .jumps(let law):
        add(bath.matrix, rate: law.down)
        add(bath.matrix.adjoint, rate: law.up)
      case .thermal(let law) where method == .local:
        for (jump, energy) in jumps[place] {
          add(jump, rate: law.rate(ofGiving: energy, hbar: form.hbar), shift: bath.shift?.value(at: energy).value)
        }
      case .thermal(let law):
        let half = form.halfRated(bath, law)
        add(half, bath.matrix)
        lose(Self.product(bath.matrix, half, classes))
      }
      baths.append(Bath(products: products, loss: losses.map(Factor.init)))
      whole = zip(whole, losses).map { $0 + $1 }
    }
    loss = whole.map(Factor.init)
    for (levels, block) in zip(classes, whole) {
      for (row, i) in levels.enumerated() {
        for (column, j) in levels.enumerated() {
          diagonals[i * form.levels + j] += (-1) * (block[row, row] + block[column, column].conjugate)
        }
      }
    }
    self.diagonals = diagonals
  }

  /// Rows and columns of the blocks of a matrix between all levels that are not 0.
  private static func joined(_ matrix: ComplexMatrix, _ classes: [[Int]]) -> [(row: Int, column: Int)] {
    var classOf = [Int](repeating: 0, count: matrix.rows)
    for (place, levels) in classes.enumerated() { for level in levels { classOf[level] = place } }
    var isJoined = [Bool](repeating: false, count: classes.count * classes.count)
    for column in 0..<matrix.rows {
      for row in 0..<matrix.rows where matrix[row, column] != Complex(0) {
        isJoined[classOf[row] * classes.count + classOf[column]] = true
      }
    }
    return isJoined.indices.filter { isJoined[$0] }.map { ($0 / classes.count, $0 % classes.count) }
  }

  /// The blocks within classes of a product of matrices between all levels.
  private static func product(_ left: ComplexMatrix, _ right: ComplexMatrix, _ classes: [[Int]]) -> [ComplexMatrix] {
    var sums = classes.map { ComplexMatrix(order: $0.count) }
    for (to, from) in joined(left, classes) {
      Factor(left.part(classes[to], classes[from])).add(1, times: right.part(classes[from], classes[to]), to: &sums[to])
    }
    return sums
  }

  /// The largest number that it is made of, and the largest of what baths do [1/time].
  var scales: (all: Double, baths: Double) {
    let turning = (frequencies.last ?? 0) - (frequencies.first ?? 0)
    let most = loss.reduce(0) { max($0, $1.largestElement) }
    return (max(turning, most), most)
  }

  /// The number of numbers that are followed.
  var count: Int { numbers.count }

  /// The places of the populations among the numbers.
  var populationPlaces: [Int] { (0..<form.levels).map(numbers.place) }

  /// The places of a pair i < j among the numbers; nil where it is left out.
  func pair(_ i: Int, _ j: Int) -> (real: Int, imaginary: Int)? { numbers.pair(i, j) }

  /// The density matrix of numbers.
  func densityMatrix(_ values: [Double]) -> ComplexMatrix { numbers.densityMatrix(values) }

  /// d rho/dt, both as numbers.
  func change(of values: [Double]) -> [Double] {
    let density = blocks(of: values)
    var half = classes.map { ComplexMatrix(order: $0.count) }
    for place in classes.indices { loss[place].add(-1, times: density[place], to: &half[place]) }
    for bath in baths { bath.addGain(of: density, to: &half) }
    for (place, levels) in classes.enumerated() {
      for (column, j) in levels.enumerated() {
        for (row, i) in levels.enumerated() where row < column {
          let sum = half[place][row, column] + half[place][column, row].conjugate
          let turning = frequencies[i] - frequencies[j]
          let (real, imaginary) = (density[place].real[row, column], density[place].imaginary[row, column])
          half[place][row, column] = Complex(sum.real + turning * imaginary, sum.imaginary - turning * real)
        }
        half[place].real[column, column] *= 2
      }
    }
    return vector(of: half)
  }

  /// Heat per time from every bath [energy/time].
  func heats(of values: [Double]) -> [Double] {
    let density = blocks(of: values)
    return baths.map { bath in
      var half = classes.map { ComplexMatrix(order: $0.count) }
      for place in classes.indices { bath.loss[place].add(-1, times: density[place], to: &half[place]) }
      bath.addGain(of: density, to: &half)
      return heat(half.map(\.real)) { $0 }
    }
  }

  /// The sizes of what heats are sums of [energy/time].
  func heatSizes(of values: [Double]) -> [Double] {
    let sizes = blocks(of: values).map(\.magnitudes)
    return baths.map { bath in
      var gross = zip(bath.loss, sizes).map { $0.magnitudes * $1 }
      bath.addSizes(of: sizes, to: &gross)
      return heat(gross, abs)
    }
  }

  private func heat(_ half: [Matrix], _ size: (Double) -> Double) -> Double {
    let mean = form.energies.reduce(0, +) / Double(form.levels)
    var sum = 0.0
    for (levels, block) in zip(classes, half) {
      for (place, level) in levels.enumerated() { sum += 2 * size(form.energies[level] - mean) * block[place, place] }
    }
    return sum
  }

  /// The sizes of all that the numbers of d rho/dt are sums of.
  func sizes(of values: [Double]) -> [Double] {
    let sizes = blocks(of: values).map(\.magnitudes)
    var half = zip(loss, sizes).map { $0.magnitudes * $1 }
    for bath in baths { bath.addSizes(of: sizes, to: &half) }
    let sums = zip(zip(half, sizes), classes).map { blocks, levels in
      var sum = blocks.0 + blocks.0.transposed
      for (column, j) in levels.enumerated() {
        for (row, i) in levels.enumerated() {
          let (one, other) = (form.blockOf[i], form.blockOf[j])
          // Energies that count as one may differ by what is not known of them.
          let turning = one != other ? abs(frequencies[i] - frequencies[j]) : form.unresolved[one] / form.rounding
          sum[row, column] += turning * blocks.1[row, column]
        }
      }
      return ComplexMatrix(real: sum, imaginary: sum)
    }
    return vector(of: sums)
  }

  /// By what rho_ij is multiplied in its own change [1/time].
  func diagonal(_ i: Int, _ j: Int) -> Complex { diagonals[i * form.levels + j] }

  /// The blocks of the density matrix of numbers.
  private func blocks(of values: [Double]) -> [ComplexMatrix] {
    let half = 0.5.squareRoot()
    return classes.map { levels in
      var block = ComplexMatrix(order: levels.count)
      for (column, j) in levels.enumerated() {
        for row in 0..<column {
          guard let pair = numbers.pair(levels[row], j) else { continue }
          let (real, imaginary) = (half * values[pair.real], half * values[pair.imaginary])
          (block.real[row, column], block.real[column, row]) = (real, real)
          (block.imaginary[row, column], block.imaginary[column, row]) = (imaginary, -imaginary)
        }
        block.real[column, column] = values[numbers.place(ofLevel: j)]
      }
      return block
    }
  }

  /// The numbers of blocks, of which the elements above the diagonal are read.
  private func vector(of blocks: [ComplexMatrix]) -> [Double] {
    let root = 2.0.squareRoot()
    var values = [Double](repeating: 0, count: numbers.count)
    for (levels, block) in zip(classes, blocks) {
      for (column, j) in levels.enumerated() {
        for row in 0..<column {
          guard let pair = numbers.pair(levels[row], j) else { continue }
          values[pair.real] = root * block.real[row, column]
          values[pair.imaginary] = root * block.imaginary[row, column]
        }
        values[numbers.place(ofLevel: j)] = block.real[column, column]
      }
    }
    return values
  }
}

/// A factor of products, of which is known whether it is real.
private struct Factor: Sendable {
  let real: Matrix
  /// nil where it is 0.
  let imaginary: Matrix?

  init(_ matrix: ComplexMatrix) { (real, imaginary) = (matrix.real, matrix.isReal ? nil : matrix.imaginary) }

  var largestElement: Double { max(real.largestElement, imaginary?.largestElement ?? 0) }

  var magnitudes: Matrix {
    var result = real
    for index in result.elements.indices {
      result.elements[index] = Complex(real.elements[index], imaginary?.elements[index] ?? 0).magnitude
    }
    return result
  }

  /// sum += sign factor matrix
  func add(_ sign: Double, times matrix: ComplexMatrix, to sum: inout ComplexMatrix) {
    addProduct(sign, real, matrix.real, to: &sum.real)
    addProduct(sign, real, matrix.imaginary, to: &sum.imaginary)
    guard let imaginary else { return }
    addProduct(-sign, imaginary, matrix.imaginary, to: &sum.real)
    addProduct(sign, imaginary, matrix.real, to: &sum.imaginary)
  }

  /// sum += matrix factor
  func add(_ matrix: ComplexMatrix, to sum: inout ComplexMatrix) {
    addProduct(1, matrix.real, real, to: &sum.real)
    addProduct(1, matrix.imaginary, real, to: &sum.imaginary)
    guard let imaginary else { return }
    addProduct(-1, matrix.imaginary, imaginary, to: &sum.real)
    addProduct(1, matrix.real, imaginary, to: &sum.imaginary)
  }
}

extension LevelAction.Bath {
  /// sum_t B rho C.
  fileprivate func addGain(of density: [ComplexMatrix], to sum: inout [ComplexMatrix]) {
    for product in products {
      let zeros = Matrix(rows: product.left.real.rows, columns: product.left.real.columns)
      var between = ComplexMatrix(real: zeros, imaginary: zeros)
      product.left.add(1, times: density[product.from], to: &between)
      product.right.add(between, to: &sum[product.to])
    }
  }

  /// The same of absolute values.
  fileprivate func addSizes(of sizes: [Matrix], to sum: inout [Matrix]) {
    for product in products {
      sum[product.to] = sum[product.to] + product.left.magnitudes * sizes[product.from] * product.right.magnitudes
    }
  }
}
