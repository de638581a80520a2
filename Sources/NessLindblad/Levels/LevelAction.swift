import NessMath
import NessModel

/// A master equation as what it does to a density matrix, which takes O(M³) instead of the M⁴ elements of its generator:
///
///     d rho/dt = -i/hbar [H, rho] + sum_b (Z_b + Z_b*),     Z_b = sum_t B_t rho C_t - K_b rho
///
/// Levels are in classes between which rho is 0 in the steady state, by symmetries of the Hamiltonian and the baths; rho, K and all
/// products are blocks of these, one behind the other in memory (`ClassBlocks`).
struct LevelAction: Sendable {
  /// B rho C of one pair of classes: what the block `from` gives to the block `to`.
  private struct Product: Sendable {
    let from: Int
    let to: Int
    let left: BlockFactor
    let right: BlockFactor
  }
  /// What a bath does.
  private struct Bath: Sendable {
    var products: [Product] = []
    /// -K of every class.
    var loss: [BlockFactor]
  }
  /// Two numbers of a pair of levels of one class.
  private struct Pair: Sendable {
    let real: Int
    let imaginary: Int
    /// Where the element above the diagonal lies in the blocks, and that below.
    let upper: Int
    let lower: Int
    /// How fast it turns [1/time].
    let turning: Double
    /// What that may be in absolute value for all that is known.
    let size: Double
  }

  let form: LevelForm
  private let blocks: ClassBlocks
  private var baths: [Bath] = []
  /// All products, and those that give a class to itself.
  private let products: [Product]
  private let within: [Product]
  /// - sum_b K_b of every class.
  private let loss: [BlockFactor]
  /// E/hbar of every level; one number of those of equal energy, so that these do not turn.
  private let frequencies: [Double]
  private let pairs: [Pair]
  /// Of every level its number, and where it lies in the blocks.
  private let populations: [(place: Int, index: Int)]
  /// Which numbers are followed, and their order.
  private let numbers: LevelGenerator

  /// - Parameters:
  ///   - kept: pairs of levels that are followed, at i M + j.
  ///   - jumps: those of `LevelForm.localJumps` of every bath, of the local equation.
  init(_ form: LevelForm, _ method: Method, kept: [Bool], jumps: [[(jump: ComplexMatrix, energy: Double)]]) {
    self.form = form
    let levels = form.levels
    let numbers = LevelGenerator(form, kept: kept, counting: [])
    let frequencies = form.energies.map { $0 / form.hbar }
    let classes = joinedSets(levels) { kept[$0 * levels + $1] }
    let blocks = ClassBlocks(classes, levels: levels)
    (self.numbers, self.frequencies, self.blocks) = (numbers, frequencies, blocks)
    let nothing = classes.map { ComplexMatrix(order: $0.count) }
    var whole = nothing
    for (place, bath) in form.baths.enumerated() {
      var products: [Product] = []
      var losses = nothing
      /// B rho C, of matrices between all levels.
      func add(_ left: ComplexMatrix, _ right: ComplexMatrix) {
        for (to, from) in blocks.joined(left) {
          let (first, second) = (left.part(classes[to], classes[from]), right.part(classes[from], classes[to]))
          if second.largestElement > 0 {
            products.append(Product(from: from, to: to, left: BlockFactor(first), right: BlockFactor(second)))
          }
        }
      }
      func lose(_ matrices: [ComplexMatrix]) { losses = zip(losses, matrices).map { $0 + $1 } }
      /// L rho L* - {L* L, rho}/2, times a rate, and -i [L* L, rho], times a shift.
      func add(_ jump: ComplexMatrix, rate: Double, shift: Double? = nil) {
        if rate == 0 && shift == nil { return }
        let adjoint = jump.adjoint
        add((0.5 * rate) * jump, adjoint)
        lose(blocks.product(adjoint, jump).map { Complex(0.5 * rate, shift ?? 0) * $0 })
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
        lose(blocks.product(bath.matrix, half))
      }
      baths.append(Bath(products: products, loss: losses.map { BlockFactor((-1) * $0) }))
      whole = zip(whole, losses).map { $0 + $1 }
    }
    loss = whole.map { BlockFactor((-1) * $0) }
    products = baths.flatMap(\.products)
    within = products.filter { $0.from == $0.to }
    populations = (0..<levels).map { (numbers.place(ofLevel: $0), blocks.index($0, $0)) }
    pairs = classes.flatMap { members in
      members.enumerated().flatMap { column, j in
        members.prefix(column).compactMap { i -> Pair? in
          guard let pair = numbers.pair(i, j) else { return nil }
          let (one, other) = (form.blockOf[i], form.blockOf[j])
          let turning = frequencies[i] - frequencies[j]
          return Pair(
            real: pair.real, imaginary: pair.imaginary, upper: blocks.index(i, j), lower: blocks.index(j, i),
            turning: turning,
            // Energies that count as one may differ by what is not known of them.
            size: one != other ? abs(turning) : form.unresolved[one] / form.rounding)
        }
      }
    }
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
  var populationPlaces: [Int] { populations.map(\.place) }

  /// The places of a pair i < j among the numbers; nil where it is left out.
  func pair(_ i: Int, _ j: Int) -> (real: Int, imaginary: Int)? { numbers.pair(i, j) }

  /// The density matrix of numbers.
  func densityMatrix(_ values: [Double]) -> ComplexMatrix { numbers.densityMatrix(values) }

  /// d rho/dt, both as numbers.
  func change(of values: [Double]) -> [Double] {
    let density = density(of: values)
    var half = [Double](repeating: 0, count: 2 * blocks.size)
    add(loss, products, of: density, to: &half)
    var result = [Double](repeating: 0, count: count)
    let (root, other) = (2.0.squareRoot(), blocks.size)
    half.withUnsafeBufferPointer { half in
      for pair in pairs {
        let real = half[pair.upper] + half[pair.lower]
        let imaginary = half[other + pair.upper] - half[other + pair.lower]
        result[pair.real] = root * real + pair.turning * values[pair.imaginary]
        result[pair.imaginary] = root * imaginary - pair.turning * values[pair.real]
      }
      for level in populations { result[level.place] = 2 * half[level.index] }
    }
    return result
  }

  /// Heat per time from every bath [energy/time].
  func heats(of values: [Double]) -> [Double] {
    let density = density(of: values)
    return baths.map { bath in
      var half = [Double](repeating: 0, count: 2 * blocks.size)
      add(bath.loss, bath.products, of: density, to: &half)
      return heat(half) { $0 }
    }
  }

  /// The sizes of what heats are sums of [energy/time].
  func heatSizes(of values: [Double]) -> [Double] {
    let sizes = sizesOfDensity(values)
    return baths.map { bath in
      var gross = [Double](repeating: 0, count: blocks.size)
      addSizes(bath.loss, bath.products, of: sizes, to: &gross)
      return heat(gross, abs)
    }
  }

  private func heat(_ half: [Double], _ size: (Double) -> Double) -> Double {
    let mean = form.energies.reduce(0, +) / Double(form.levels)
    return zip(form.energies, populations).reduce(0) { $0 + 2 * size($1.0 - mean) * half[$1.1.index] }
  }

  /// The sizes of all that the numbers of d rho/dt are sums of.
  func sizes(of values: [Double]) -> [Double] {
    let sizes = sizesOfDensity(values)
    var half = [Double](repeating: 0, count: blocks.size)
    addSizes(loss, products, of: sizes, to: &half)
    var result = [Double](repeating: 0, count: count)
    for level in populations { result[level.place] = 2 * half[level.index] }
    for pair in pairs {
      let sum = 2.0.squareRoot() * (half[pair.upper] + half[pair.lower] + pair.size * sizes[pair.upper])
      (result[pair.real], result[pair.imaginary]) = (sum, sum)
    }
    return result
  }

  /// By what rho_ij is multiplied in its own change [1/time].
  func diagonal(_ i: Int, _ j: Int) -> Complex {
    let own = blocks.classOf[i]
    let turning = Complex(0, frequencies[j] - frequencies[i])
    let (i, j) = (blocks.placeOf[i], blocks.placeOf[j])
    var sum = loss[own][i, i] + loss[own][j, j].conjugate + turning
    for product in within where product.to == own {
      sum += product.left[i, i] * product.right[j, j]
      sum += (product.left[j, j] * product.right[i, i]).conjugate
    }
    return sum
  }

  /// What d/dt makes of the populations and some pairs, the others left out, as real numbers.
  ///
  /// - Parameter some: pairs i < j that are followed.
  /// - Returns: the matrix, and where its numbers lie among all.
  func generator(of some: [(i: Int, j: Int)]) -> (matrix: Matrix, places: [Int]) {
    /// A pair by its places within its class, and its first number.
    typealias Member = (i: Int, j: Int, number: Int, turning: Double)
    var members = [[Member]](repeating: [], count: blocks.classes.count)
    var places: [Int] = []
    func add(_ i: Int, _ j: Int) {
      members[blocks.classOf[i]].append(
        (blocks.placeOf[i], blocks.placeOf[j], places.count, frequencies[j] - frequencies[i]))
    }
    for level in 0..<form.levels {
      add(level, level)
      places.append(populations[level].place)
    }
    for (i, j) in some {
      guard let pair = pair(i, j) else { continue }
      add(i, j)
      places += [pair.real, pair.imaginary]
    }
    var matrix = Matrix(rows: places.count, columns: places.count)
    let root = 2.0.squareRoot()
    /// d rho_ij/dt gets `one` rho_kl + `other` rho_lk.
    func put(_ row: Member, _ column: Member, _ one: Complex, _ other: Complex) {
      let (line, place) = (row.number, column.number)
      if column.i == column.j {
        matrix[line, place] += (row.i == row.j ? 1 : root) * one.real
        if row.i != row.j { matrix[line + 1, place] += root * one.imaginary }
        return
      }
      // Below the diagonal rho is the complex conjugate.
      let factor = row.i == row.j ? 1 / root : 1
      matrix[line, place] += factor * (one.real + other.real)
      matrix[line, place + 1] += factor * (other.imaginary - one.imaginary)
      if row.i == row.j { return }
      matrix[line + 1, place] += one.imaginary + other.imaginary
      matrix[line + 1, place + 1] += one.real - other.real
    }
    for product in products {
      let (left, right) = (product.left, product.right)
      func element(_ i: Int, _ j: Int, _ k: Int, _ l: Int) -> Complex {
        left[i, k] * right[l, j] + (left[j, l] * right[k, i]).conjugate
      }
      for column in members[product.from] {
        for row in members[product.to] {
          put(
            row, column, element(row.i, row.j, column.i, column.j),
            column.i == column.j ? Complex(0) : element(row.i, row.j, column.j, column.i))
        }
      }
    }
    for (members, loss) in zip(members, loss) {
      func element(_ i: Int, _ j: Int, _ k: Int, _ l: Int) -> Complex {
        (j == l ? loss[i, k] : Complex(0)) + (i == k ? loss[j, l].conjugate : Complex(0))
      }
      for column in members {
        for row in members {
          let isOwn = row.number == column.number
          put(
            row, column,
            element(row.i, row.j, column.i, column.j) + (isOwn ? Complex(0, column.turning) : Complex(0)),
            column.i == column.j ? Complex(0) : element(row.i, row.j, column.j, column.i))
        }
      }
    }
    return (matrix, places)
  }

  // MARK: blocks

  /// The density matrix of numbers in blocks, its real parts and behind them its imaginary ones.
  private func density(of values: [Double]) -> [Double] {
    let (half, other) = (0.5.squareRoot(), blocks.size)
    var result = [Double](repeating: 0, count: 2 * other)
    result.withUnsafeMutableBufferPointer { result in
      for pair in pairs {
        let (real, imaginary) = (half * values[pair.real], half * values[pair.imaginary])
        (result[pair.upper], result[pair.lower]) = (real, real)
        (result[other + pair.upper], result[other + pair.lower]) = (imaginary, -imaginary)
      }
      for level in populations { result[level.index] = values[level.place] }
    }
    return result
  }

  /// The sizes of its elements.
  private func sizesOfDensity(_ values: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: blocks.size)
    for pair in pairs {
      let size = 0.5.squareRoot() * Complex(values[pair.real], values[pair.imaginary]).magnitude
      (result[pair.upper], result[pair.lower]) = (size, size)
    }
    for level in populations { result[level.index] = abs(values[level.place]) }
    return result
  }

  /// Adds sum_t B rho C - K rho.
  private func add(_ loss: [BlockFactor], _ products: [Product], of density: [Double], to sum: inout [Double]) {
    let other = blocks.size
    var room = [Double](repeating: 0, count: 2 * blocks.largest)
    density.withUnsafeBufferPointer { density in
      sum.withUnsafeMutableBufferPointer { sum in
        room.withUnsafeMutableBufferPointer { room in
          guard let density = density.baseAddress, let sum = sum.baseAddress, let room = room.baseAddress else {
            return
          }
          /// (real, imaginary) += factor rho
          func add(
            _ factor: BlockFactor, of place: Int, to real: UnsafeMutablePointer<Double>,
            _ imaginary: UnsafeMutablePointer<Double>
          ) {
            let (first, second) = (density + blocks.starts[place], density + other + blocks.starts[place])
            let (columns, leading) = (blocks.classes[place].count, blocks.leading[place])
            factor.add(factor.real, times: first, leading, columns, to: real)
            factor.add(factor.real, times: second, leading, columns, to: imaginary)
            guard let parts = factor.imaginary else { return }
            factor.add(parts.negative, times: second, leading, columns, to: real)
            factor.add(parts.positive, times: first, leading, columns, to: imaginary)
          }
          for (place, factor) in loss.enumerated() {
            add(factor, of: place, to: sum + blocks.starts[place], sum + other + blocks.starts[place])
          }
          for product in products {
            let size = product.left.leading * blocks.classes[product.from].count
            let (real, imaginary) = (room, room + size)
            room.update(repeating: 0, count: 2 * size)
            add(product.left, of: product.from, to: real, imaginary)
            let (first, second) = (sum + blocks.starts[product.to], sum + other + blocks.starts[product.to])
            let (right, rows) = (product.right, product.left.leading)
            right.add(to: first, right.real, after: real, rows)
            right.add(to: second, right.real, after: imaginary, rows)
            guard let parts = right.imaginary else { continue }
            right.add(to: first, parts.negative, after: imaginary, rows)
            right.add(to: second, parts.positive, after: real, rows)
          }
        }
      }
    }
  }

  /// The same of absolute values.
  private func addSizes(_ loss: [BlockFactor], _ products: [Product], of sizes: [Double], to sum: inout [Double]) {
    var room = [Double](repeating: 0, count: blocks.largest)
    sizes.withUnsafeBufferPointer { sizes in
      sum.withUnsafeMutableBufferPointer { sum in
        room.withUnsafeMutableBufferPointer { room in
          guard let sizes = sizes.baseAddress, let sum = sum.baseAddress, let room = room.baseAddress else { return }
          for (place, factor) in loss.enumerated() {
            let start = blocks.starts[place]
            factor.add(
              factor.magnitudes, times: sizes + start, blocks.leading[place], blocks.classes[place].count,
              to: sum + start)
          }
          for product in products {
            let (from, count) = (product.from, blocks.classes[product.from].count)
            room.update(repeating: 0, count: product.left.leading * count)
            product.left.add(
              product.left.magnitudes, times: sizes + blocks.starts[from], blocks.leading[from], count, to: room)
            product.right.add(
              to: sum + blocks.starts[product.to], product.right.magnitudes, after: room, product.left.leading)
          }
        }
      }
    }
  }
}
