import NessMath
import NessModel

/// A master equation as what it does to a density matrix, which takes O(M³) instead of the M⁴ elements of its generator:
///
///     d rho/dt = -i/hbar [H, rho] + sum_b (Z_b + Z_b*),     Z_b = sum_t B_t rho C_t - K_b rho
struct LevelAction: Sendable {
  /// B rho C.
  struct Product: Sendable {
    let left: ComplexMatrix
    let right: ComplexMatrix
  }
  /// What a bath does.
  struct Bath: Sendable {
    var products: [Product] = []
    var loss: ComplexMatrix

    init(levels: Int) { loss = ComplexMatrix(order: levels) }
  }

  let form: LevelForm
  private(set) var baths: [Bath]
  /// sum_b K_b.
  private let loss: ComplexMatrix
  /// E/hbar of every level; one number of those of equal energy, so that these do not turn.
  private let frequencies: [Double]
  /// Which numbers are followed, and their order.
  let numbers: LevelGenerator

  /// - Parameters:
  ///   - kept: pairs of levels that are followed, at i M + j.
  ///   - jumps: those of `LevelForm.localJumps` of every bath, of the local equation.
  init(_ form: LevelForm, _ method: Method, kept: [Bool], jumps: [[(jump: ComplexMatrix, energy: Double)]]) {
    self.form = form
    let levels = form.levels
    numbers = LevelGenerator(form, kept: kept, counting: [])
    frequencies = form.energies.map { $0 / form.hbar }
    var baths: [Bath] = []
    for (place, bath) in form.baths.enumerated() {
      var found = Bath(levels: levels)
      switch bath.law {
      case .jumps(let law):
        found.add(bath.matrix, rate: law.down)
        found.add(bath.matrix.adjoint, rate: law.up)
      case .thermal(let law) where method == .local:
        for (jump, energy) in jumps[place] {
          found.add(jump, rate: law.rate(ofGiving: energy, hbar: form.hbar), shift: bath.shift?.value(at: energy).value)
        }
      case .thermal(let law):
        let half = form.halfRated(bath, law)
        found.products = [Product(left: half, right: bath.matrix)]
        found.loss = bath.matrix * half
      }
      baths.append(found)
    }
    self.baths = baths
    var loss = ComplexMatrix(order: levels)
    for bath in baths { loss = loss + bath.loss }
    self.loss = loss
  }

  /// The largest number that it is made of, and the largest of what baths do [1/time].
  var scales: (all: Double, baths: Double) {
    let turning = (frequencies.last ?? 0) - (frequencies.first ?? 0)
    return (max(turning, loss.largestElement), loss.largestElement)
  }

  /// d rho/dt.
  func change(of density: ComplexMatrix) -> ComplexMatrix {
    var half = (-1) * (loss * density)
    for bath in baths { half = half + bath.gain(of: density) }
    var change = half + half.adjoint
    let levels = form.levels
    for j in 0..<levels {
      for i in 0..<levels where frequencies[i] != frequencies[j] {
        let turning = frequencies[i] - frequencies[j]
        change.real[i, j] += turning * density.imaginary[i, j]
        change.imaginary[i, j] -= turning * density.real[i, j]
      }
    }
    return change
  }

  /// Heat per time from every bath [energy/time].
  func heats(of density: ComplexMatrix) -> [Double] {
    let mean = form.energies.reduce(0, +) / Double(form.levels)
    return baths.map { bath in
      let half = bath.gain(of: density) + (-1) * (bath.loss * density)
      return form.energies.indices.reduce(0) { $0 + 2 * (form.energies[$1] - mean) * half.real[$1, $1] }
    }
  }

  /// The sizes of what heats are sums of [energy/time].
  func heatSizes(of density: ComplexMatrix) -> [Double] {
    let mean = form.energies.reduce(0, +) / Double(form.levels)
    let sizes = density.magnitudes
    return baths.map { bath in
      let gross = bath.size(of: sizes) + bath.loss.magnitudes * sizes
      return form.energies.indices.reduce(0) { $0 + 2 * abs(form.energies[$1] - mean) * gross[$1, $1] }
    }
  }

  /// The sizes of all that an element of d rho/dt is the sum of.
  func sizes(of density: ComplexMatrix) -> ComplexMatrix {
    let sizes = density.magnitudes
    var half = loss.magnitudes * sizes
    for bath in baths { half = half + bath.size(of: sizes) }
    var sum = half + half.transposed
    let levels = form.levels
    for j in 0..<levels {
      for i in 0..<levels { sum[i, j] += abs(frequencies[i] - frequencies[j]) * sizes[i, j] }
    }
    return ComplexMatrix(real: sum, imaginary: sum)
  }

  /// By what rho_ij is multiplied in its own change [1/time].
  func diagonal(_ i: Int, _ j: Int) -> Complex {
    var sum = Complex(0, frequencies[j] - frequencies[i]) - loss[i, i] - loss[j, j].conjugate
    for product in baths.flatMap(\.products) {
      sum += product.left[i, i] * product.right[j, j]
      sum += (product.left[j, j] * product.right[i, i]).conjugate
    }
    return sum
  }
}

extension LevelAction.Bath {
  /// L rho L* - {L* L, rho}/2, times a rate, and -i [L* L, rho], times a shift.
  fileprivate mutating func add(_ jump: ComplexMatrix, rate: Double, shift: Double? = nil) {
    if rate == 0 && shift == nil { return }
    let adjoint = jump.adjoint
    products.append(LevelAction.Product(left: (0.5 * rate) * jump, right: adjoint))
    loss = loss + Complex(0.5 * rate, shift ?? 0) * (adjoint * jump)
  }

  /// sum_t B rho C.
  fileprivate func gain(of density: ComplexMatrix) -> ComplexMatrix {
    products.reduce(ComplexMatrix(order: density.rows)) { $0 + $1.left * density * $1.right }
  }

  /// The same of absolute values.
  fileprivate func size(of sizes: Matrix) -> Matrix {
    products.reduce(Matrix(rows: sizes.rows, columns: sizes.rows)) {
      $0 + $1.left.magnitudes * sizes * $1.right.magnitudes
    }
  }
}
