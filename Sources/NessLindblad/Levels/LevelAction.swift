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

    /// C X B, what an operator on the block `to` is for `from`.
    var adjoint: Product { Product(from: to, to: from, left: right, right: left) }
  }
  /// What a bath does.
  private struct Bath: Sendable {
    /// Which of all products are its own.
    let products: Range<Int>
    /// -K of every class.
    let loss: [BlockFactor]
  }
  /// Two numbers of a pair of levels of one class.
  private struct Pair: Sendable {
    let real: Int
    let imaginary: Int
    /// Where the element above the diagonal lies in the blocks, and that below; imaginary parts are so much behind.
    let upper: Int
    let lower: Int
    let filled: Int
    /// How fast it turns [1/time].
    let turning: Double
    /// What that may be in absolute value for all that is known.
    let size: Double
  }

  let form: LevelForm
  private let blocks: ClassBlocks
  /// The numbers of all factors.
  private let factors: BlockFactors
  private let baths: [Bath]
  private let products: [Product]
  /// - sum_b K_b of every class.
  private let loss: [BlockFactor]
  /// E/hbar of every level; one number of those of equal energy, so that these do not turn.
  private let frequencies: [Double]
  private let pairs: [Pair]
  /// Of every level its number, and where it lies in the blocks.
  private let populations: [(place: Int, index: Int)]
  /// Which numbers are followed, and their order.
  private let numbers: LevelGenerator
  /// Of every bath the weights of all numbers in the heat per time from it [energy/time].
  private(set) var heatWeights: [[Double]] = []

  /// - Parameters:
  ///   - kept: pairs of levels that are followed, at i M + j.
  ///   - jumps: those of `LevelForm.localJumps` of every bath, of the local equation.
  init(_ form: LevelForm, _ method: Method, kept: [Bool], jumps: [[(jump: ComplexMatrix, energy: Double)]]) {
    self.form = form
    let levels = form.levels
    let numbers = LevelGenerator(form, kept: kept, counting: [])
    let frequencies = form.energies.map { $0 / form.hbar }
    var joined = DisjointSets(levels)
    for i in 0..<levels {
      for j in 0..<i where kept[i * levels + j] { joined.join(i, j) }
    }
    let classes = joined.sets
    let blocks = ClassBlocks(classes, levels: levels)
    (self.numbers, self.frequencies, self.blocks) = (numbers, frequencies, blocks)
    var (factors, products, baths) = (BlockFactors(), [Product](), [Bath]())
    let nothing = classes.map { ComplexMatrix(order: $0.count) }
    var whole = nothing
    for (place, bath) in form.baths.enumerated() {
      let first = products.count
      var losses = nothing
      /// L rho L* - {L* L, rho}/2, times a rate, and -i [L* L, rho], times a shift.
      func add(_ parts: [ClassBlocks.Part], rate: Double, shift: Double? = nil) {
        if rate == 0 && shift == nil { return }
        let lost = Complex(0.5 * rate, shift ?? 0)
        for part in parts {
          let adjoint = part.matrix.adjoint
          let left = factors.append(part.matrix, times: 0.5 * rate)
          products.append(Product(from: part.from, to: part.to, left: left, right: factors.append(adjoint)))
          losses[part.from].addProduct(lost, adjoint, part.matrix)
        }
      }
      switch bath.law {
      case .jumps(let law):
        add(blocks.parts(of: bath.matrix), rate: law.down)
        add(blocks.parts(of: bath.matrix.adjoint), rate: law.up)
      case .thermal(let law) where method == .local:
        for (jump, energy) in jumps[place] {
          add(
            blocks.parts(of: jump), rate: law.rate(ofGiving: energy, hbar: form.hbar),
            shift: bath.shift?.value(at: energy).value)
        }
      case .thermal(let law):
        let operators = blocks.parts(of: bath.matrix)
        let halves = blocks.parts(of: form.halfRated(bath, law))
        for half in halves {
          guard let back = operators.first(where: { $0.to == half.from && $0.from == half.to }) else { continue }
          products.append(
            Product(
              from: half.from, to: half.to, left: factors.append(half.matrix), right: factors.append(back.matrix)))
          losses[half.from].addProduct(Complex(1), back.matrix, half.matrix)
        }
      }
      baths.append(
        Bath(products: first..<products.count, loss: losses.map { factors.append($0, times: -1) }))
      whole = zip(whole, losses).map { $0 + $1 }
    }
    loss = whole.map { factors.append($0, times: -1) }
    (self.factors, self.products, self.baths) = (factors, products, baths)
    populations = (0..<levels).map { (numbers.place(ofLevel: $0), blocks.index($0, $0)) }
    var pairs: [Pair] = []
    pairs.reserveCapacity((numbers.count - levels) / 2)
    for members in classes {
      for (column, j) in members.enumerated() {
        for i in members[..<column] {
          guard let pair = numbers.pair(i, j) else { continue }
          let (one, other) = (form.blockOf[i], form.blockOf[j])
          let turning = frequencies[i] - frequencies[j]
          pairs.append(
            Pair(
              real: pair.real, imaginary: pair.imaginary, upper: blocks.index(i, j), lower: blocks.index(j, i),
              filled: blocks.filled[blocks.classOf[i]], turning: turning,
              // Energies that count as one may differ by what is not known of them.
              size: one != other ? abs(turning) : form.unresolved[one] / form.rounding))
        }
      }
    }
    self.pairs = pairs
    heatWeights = baths.map(weights)
  }

  /// The largest number that it is made of, and the largest of what baths do [1/time].
  var scales: (all: Double, baths: Double) {
    let turning = (frequencies.last ?? 0) - (frequencies.first ?? 0)
    let most = loss.reduce(0) { max($0, factors.largestElement($1)) }
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

  /// Room for blocks that are made again and again.
  struct Room {
    /// The density matrix.
    fileprivate var density: [Double]
    /// What becomes of it.
    fileprivate var sum: [Double]
    /// One product.
    fileprivate var product: [Double]

    fileprivate init(_ blocks: ClassBlocks) {
      density = [Double](repeating: 0, count: blocks.size)
      (sum, product) = (density, [Double](repeating: 0, count: blocks.largest))
    }
  }

  /// Room for it.
  var room: Room { Room(blocks) }

  /// d rho/dt, both as numbers.
  func change(of values: [Double], in room: inout Room) -> [Double] {
    putDensity(of: values, into: &room.density)
    add(loss, products[...], in: &room)
    var result = [Double](repeating: 0, count: count)
    let root = 2.0.squareRoot()
    room.sum.withUnsafeBufferPointer { half in
      values.withUnsafeBufferPointer { values in
        result.withUnsafeMutableBufferPointer { result in
          for pair in pairs {
            let real = half[pair.upper] + half[pair.lower]
            let imaginary = half[pair.upper + pair.filled] - half[pair.lower + pair.filled]
            result[pair.real] = root * real + pair.turning * values[pair.imaginary]
            result[pair.imaginary] = root * imaginary - pair.turning * values[pair.real]
          }
          for level in populations { result[level.place] = 2 * half[level.index] }
        }
      }
    }
    return result
  }

  /// Heat per time from every bath [energy/time].
  func heats(of values: [Double]) -> [Double] {
    heatWeights.map { weights in zip(weights, values).reduce(0) { $0 + $1.0 * $1.1 } }
  }

  /// Energies from their mean, which baths leave alone.
  private var heights: [Double] {
    let mean = form.energies.reduce(0, +) / Double(form.levels)
    return form.energies.map { $0 - mean }
  }

  /// Weights of the numbers in Tr(E Z + E Z*) = 2 Re Tr(G rho),  G = sum_t C E B - E K.
  private func weights(of bath: Bath) -> [Double] {
    var energies = [Double](repeating: 0, count: blocks.size)
    for (level, height) in zip(populations, heights) { energies[level.index] = height }
    let half = added([], products[bath.products].map(\.adjoint)[...], to: energies, and: bath.loss)
    var weights = [Double](repeating: 0, count: count)
    let root = 2.0.squareRoot()
    for pair in pairs {
      weights[pair.real] = root * (half[pair.upper] + half[pair.lower])
      weights[pair.imaginary] = root * (half[pair.upper + pair.filled] - half[pair.lower + pair.filled])
    }
    for level in populations { weights[level.place] = 2 * half[level.index] }
    return weights
  }

  /// The sizes of what heats are sums of [energy/time].
  func heatSizes(of values: [Double]) -> [Double] {
    let sizes = sizesOfDensity(values)
    return baths.map { bath in
      let gross = added(bath.loss, products[bath.products], to: sizes, areSizes: true)
      return zip(heights, populations).reduce(0) { $0 + 2 * abs($1.0) * gross[$1.1.index] }
    }
  }

  /// The sizes of all that the numbers of d rho/dt are sums of.
  func sizes(of values: [Double]) -> [Double] {
    let sizes = sizesOfDensity(values)
    let half = added(loss, products[...], to: sizes, areSizes: true)
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
    var sum = factors.element(loss[own], i, i) + factors.element(loss[own], j, j).conjugate + turning
    for product in products where product.from == own && product.to == own {
      sum += factors.element(product.left, i, i) * factors.element(product.right, j, j)
      sum += (factors.element(product.left, j, j) * factors.element(product.right, i, i)).conjugate
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
        factors.element(left, i, k) * factors.element(right, l, j)
          + (factors.element(left, j, l) * factors.element(right, k, i)).conjugate
      }
      for column in members[product.from] {
        for row in members[product.to] {
          if column.i == column.j && row.i == row.j {
            matrix[row.number, column.number] += 2 * factors.realProduct(left, right, row.i, column.i)
            continue
          }
          put(
            row, column, element(row.i, row.j, column.i, column.j),
            column.i == column.j ? Complex(0) : element(row.i, row.j, column.j, column.i))
        }
      }
    }
    for (members, loss) in zip(members, loss) {
      func element(_ i: Int, _ j: Int, _ k: Int, _ l: Int) -> Complex {
        (j == l ? factors.element(loss, i, k) : Complex(0))
          + (i == k ? factors.element(loss, j, l).conjugate : Complex(0))
      }
      for column in members {
        for row in members where row.i == column.i || row.j == column.j || row.i == column.j || row.j == column.i {
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

  /// The density matrix of numbers in blocks, what these are filled up with being 0 already.
  private func putDensity(of values: [Double], into result: inout [Double]) {
    let half = 0.5.squareRoot()
    result.withUnsafeMutableBufferPointer { result in
      values.withUnsafeBufferPointer { values in
        for pair in pairs {
          let (real, imaginary) = (half * values[pair.real], half * values[pair.imaginary])
          (result[pair.upper], result[pair.lower]) = (real, real)
          (result[pair.upper + pair.filled], result[pair.lower + pair.filled]) = (imaginary, -imaginary)
        }
        for level in populations { result[level.index] = values[level.place] }
      }
    }
  }

  /// The sizes of its elements, in the place of their real parts.
  private func sizesOfDensity(_ values: [Double]) -> [Double] {
    let half = 0.5.squareRoot()
    var result = [Double](repeating: 0, count: blocks.size)
    for pair in pairs {
      let size = half * Complex(values[pair.real], values[pair.imaginary]).magnitude
      (result[pair.upper], result[pair.lower]) = (size, size)
    }
    for level in populations { result[level.index] = abs(values[level.place]) }
    return result
  }

  /// sum_t B rho C - K rho.
  ///
  /// - Parameters:
  ///   - density: rho in blocks, or the sizes of its elements.
  ///   - other: of every class a matrix by which rho is multiplied from the other side.
  ///   - areSizes: whether it is those, and the absolute values of all are taken.
  private func added(
    _ loss: [BlockFactor], _ products: ArraySlice<Product>, to density: [Double], and other: [BlockFactor] = [],
    areSizes: Bool = false
  ) -> [Double] {
    var room = room
    room.density = density
    add(loss, products, and: other, areSizes: areSizes, in: &room)
    return room.sum
  }

  /// The same in a room.
  private func add(
    _ loss: [BlockFactor], _ products: ArraySlice<Product>, and other: [BlockFactor] = [], areSizes: Bool = false,
    in room: inout Room
  ) {
    let counts = blocks.counts
    factors.numbers.withUnsafeBufferPointer { numbers in
      room.density.withUnsafeBufferPointer { density in
        room.sum.withUnsafeMutableBufferPointer { sum in
          sum.update(repeating: 0)
          room.product.withUnsafeMutableBufferPointer { room in
            guard let numbers = numbers.baseAddress, let density = density.baseAddress, let sum = sum.baseAddress,
              let room = room.baseAddress
            else { return }
            let work = BlockProducts(numbers: numbers, areSizes: areSizes)
            for (place, factor) in loss.enumerated() {
              let start = blocks.starts[place]
              work.add(factor, times: density + start, factor.filled, counts[place], to: sum + start)
            }
            for (place, factor) in other.enumerated() {
              let start = blocks.starts[place]
              work.add(to: sum + start, factor, after: density + start, factor.filled)
            }
            for product in products {
              let (from, rows) = (product.from, product.left.filled)
              work.add(
                product.left, times: density + blocks.starts[from], blocks.filled[from], counts[from], to: room,
                isNew: true)
              work.add(to: sum + blocks.starts[product.to], product.right, after: room, rows)
            }
          }
        }
      }
    }
  }
}
