import CVectorMath
import NessMath

/// Levels in classes, and how square blocks of these lie one behind the other: column by column, of every column the real parts and behind
/// them the imaginary ones, both filled up with zeros to whole vectors of four.
struct ClassBlocks: Sendable {
  /// Levels of every class, ascending.
  let classes: [[Int]]
  /// The class of every level, and its place there.
  let classOf: [Int]
  let placeOf: [Int]
  /// Levels of every class.
  let counts: [Int]
  /// Where the block of every class begins.
  let starts: [Int]
  /// Rows of every class with what they are filled up by: by how much imaginary parts are behind real ones.
  let filled: [Int]
  /// Numbers of all blocks together.
  let size: Int
  /// Most numbers of one block between classes.
  let largest: Int

  init(_ classes: [[Int]], levels: Int) {
    (self.classes, counts) = (classes, classes.map(\.count))
    var (classOf, placeOf) = ([Int](repeating: 0, count: levels), [Int](repeating: 0, count: levels))
    var (starts, size) = ([Int](), 0)
    filled = classes.map { BlockFactor.filled($0.count) }
    for (index, members) in classes.enumerated() {
      for (place, level) in members.enumerated() { (classOf[level], placeOf[level]) = (index, place) }
      starts.append(size)
      size += 2 * filled[index] * members.count
    }
    (self.classOf, self.placeOf, self.starts, self.size) = (classOf, placeOf, starts, size)
    largest = 2 * (filled.max() ?? 0) * (counts.max() ?? 0)
  }

  /// Where the real part of the element (i, j) of two levels of one class lies.
  func index(_ i: Int, _ j: Int) -> Int { starts[classOf[i]] + 2 * placeOf[j] * filled[classOf[i]] + placeOf[i] }

  /// A block of a matrix between all levels.
  typealias Part = (to: Int, from: Int, matrix: ComplexMatrix)

  /// The blocks of a matrix between all levels that are not 0, by rows.
  func parts(of matrix: ComplexMatrix) -> [Part] {
    let count = classes.count
    var isJoined = [Bool](repeating: false, count: count * count)
    for (row, column) in matrix.places { isJoined[classOf[row] * count + classOf[column]] = true }
    return isJoined.indices.filter { isJoined[$0] }.map { place in
      let (to, from) = (place / count, place % count)
      return (to, from, matrix.part(classes[to], classes[from]))
    }
  }
}

extension ComplexMatrix {
  /// Rows and columns of the elements that are not 0, column by column.
  var places: [(row: Int, column: Int)] {
    var places: [(row: Int, column: Int)] = []
    places.reserveCapacity(8 * rows)
    visit { places.append(($0, $1)) }
    return places
  }
}

/// A matrix among others (`BlockFactors`): where its numbers lie.
struct BlockFactor: Sendable {
  let rows: Int
  let columns: Int
  /// Rows filled up to whole vectors: by how much two columns are apart.
  let filled: Int
  let real: Int
  /// The imaginary part; nil where it is 0. Its negative is behind it.
  let imaginary: Int?
  /// The absolute value of every element.
  let magnitudes: Int

  /// A number of rows filled up to whole vectors.
  static func filled(_ rows: Int) -> Int { (rows + 3) / 4 * 4 }

  /// Where its negative imaginary part lies.
  func negative(of imaginary: Int) -> Int { imaginary + filled * columns }
}

/// The factors of small products, one behind the other in memory, so that none of them is counted or checked while it is used.
struct BlockFactors: Sendable {
  private(set) var numbers: [Double] = []

  /// Takes a number times a matrix in.
  mutating func append(_ matrix: ComplexMatrix, times factor: Double = 1) -> BlockFactor {
    let (rows, columns) = (matrix.real.rows, matrix.real.columns)
    let filled = BlockFactor.filled(rows)
    @inline(__always)
    func append(_ values: [Double], _ value: (Double) -> Double) -> Int {
      let start = numbers.count
      numbers.append(contentsOf: repeatElement(0, count: filled * columns))
      numbers.withUnsafeMutableBufferPointer { numbers in
        values.withUnsafeBufferPointer { values in
          for column in 0..<columns {
            for row in 0..<rows { numbers[start + column * filled + row] = value(values[column * rows + row]) }
          }
        }
      }
      return start
    }
    let real = append(matrix.real.elements) { factor * $0 }
    if matrix.isReal {
      let magnitudes = append(matrix.real.elements) { abs(factor * $0) }
      return BlockFactor(
        rows: rows, columns: columns, filled: filled, real: real, imaginary: nil, magnitudes: magnitudes)
    }
    let imaginary = append(matrix.imaginary.elements) { factor * $0 }
    _ = append(matrix.imaginary.elements) { -factor * $0 }
    let magnitudes = append(matrix.magnitudes.elements) { abs(factor * $0) }
    return BlockFactor(
      rows: rows, columns: columns, filled: filled, real: real, imaginary: imaginary, magnitudes: magnitudes)
  }

  func element(_ factor: BlockFactor, _ row: Int, _ column: Int) -> Complex {
    let place = column * factor.filled + row
    return Complex(numbers[factor.real + place], factor.imaginary.map { numbers[$0 + place] } ?? 0)
  }

  /// The real part of B_ik C_ki.
  @inline(__always)
  func realProduct(_ left: BlockFactor, _ right: BlockFactor, _ i: Int, _ k: Int) -> Double {
    let (place, back) = (k * left.filled + i, i * right.filled + k)
    let product = numbers[left.real + place] * numbers[right.real + back]
    guard let one = left.imaginary, let other = right.imaginary else { return product }
    return product - numbers[one + place] * numbers[other + back]
  }

  func largestElement(_ factor: BlockFactor) -> Double {
    numbers[factor.magnitudes..<(factor.magnitudes + factor.filled * factor.columns)].reduce(0, max)
  }
}

/// What is done to blocks in place.
struct BlockProducts {
  let numbers: UnsafePointer<Double>
  /// Whether all are absolute values, in the place of the real parts; imaginary ones are left alone.
  let areSizes: Bool

  /// sum += F X, the columns of X and of the sum being so many and as in `ClassBlocks`.
  ///
  /// - Parameter isNew: whether the sum is taken to be 0 before.
  @inline(__always)
  func add(
    _ factor: BlockFactor, times x: UnsafePointer<Double>, _ xFilled: Int, _ columns: Int,
    to sum: UnsafeMutablePointer<Double>, isNew: Bool = false
  ) {
    let (rows, inner) = (factor.filled, factor.columns)
    func add(
      _ part: Int, _ x: UnsafePointer<Double>, _ xStride: Int, _ columns: Int, _ sum: UnsafeMutablePointer<Double>,
      _ stride: Int, isNew: Bool = false
    ) {
      addSmallProduct(
        rows: rows, inner: inner, columns: columns, numbers + part, rows, x, xStride, to: sum, stride, isNew: isNew)
    }
    if areSizes { return add(factor.magnitudes, x, 2 * xFilled, columns, sum, 2 * rows, isNew: isNew) }
    // Real and imaginary parts are columns by turns.
    add(factor.real, x, xFilled, 2 * columns, sum, rows, isNew: isNew)
    guard let imaginary = factor.imaginary else { return }
    add(factor.negative(of: imaginary), x + xFilled, 2 * xFilled, columns, sum, 2 * rows)
    add(imaginary, x, 2 * xFilled, columns, sum + rows, 2 * rows)
  }

  /// sum += X F, X and the sum having so many filled rows.
  @inline(__always)
  func add(
    to sum: UnsafeMutablePointer<Double>, _ factor: BlockFactor, after x: UnsafePointer<Double>, _ filled: Int
  ) {
    let stride = 2 * filled
    func add(_ rows: Int, _ x: UnsafePointer<Double>, _ part: Int, _ sum: UnsafeMutablePointer<Double>) {
      addSmallProduct(
        rows: rows, inner: factor.rows, columns: factor.columns, x, stride, numbers + part, factor.filled, to: sum,
        stride)
    }
    if areSizes { return add(filled, x, factor.magnitudes, sum) }
    add(stride, x, factor.real, sum)
    guard let imaginary = factor.imaginary else { return }
    add(filled, x + filled, factor.negative(of: imaginary), sum)
    add(filled, x, imaginary, sum + filled)
  }
}

/// sum += A X, A and the sum with a multiple of four rows; by how much columns are apart is said of all three. For matrices of tens of rows
/// it is several times faster than the library, which first copies both. Every product is fused with its sum, as written, so that every
/// processor gives the same.
///
/// - Parameter isNew: whether the sum is taken to be 0 before.
func addSmallProduct(
  rows: Int, inner: Int, columns: Int, _ a: UnsafePointer<Double>, _ aStride: Int, _ x: UnsafePointer<Double>,
  _ xStride: Int, to sum: UnsafeMutablePointer<Double>, _ stride: Int, isNew: Bool = false
) {
  var row = 0
  // So many sums are begun before the first of them is done; shorter vectors have no room for more than of eight rows.
  if ness_vector_length() == 8 {
    while row + 16 <= rows {
      addTile(SIMD16<Double>.self, inner, columns, a + row, aStride, x, xStride, to: sum + row, stride, isNew)
      row += 16
    }
  }
  while row + 8 <= rows {
    addTile(SIMD8<Double>.self, inner, columns, a + row, aStride, x, xStride, to: sum + row, stride, isNew)
    row += 8
  }
  if row < rows {
    addTile(SIMD4<Double>.self, inner, columns, a + row, aStride, x, xStride, to: sum + row, stride, isNew)
  }
}

/// Some rows of it, four columns at a time.
@inline(__always)
private func addTile<Lanes: SIMD>(
  _: Lanes.Type, _ inner: Int, _ columns: Int, _ a: UnsafePointer<Double>, _ aStride: Int, _ x: UnsafePointer<Double>,
  _ xStride: Int, to sum: UnsafeMutablePointer<Double>, _ stride: Int, _ isNew: Bool
) where Lanes.Scalar == Double {
  let step = stride &* MemoryLayout<Double>.stride
  let (start, next) = (UnsafeRawPointer(a), aStride &* MemoryLayout<Double>.stride)
  var (column, target) = (0, UnsafeMutableRawPointer(sum))
  func sums(_ offset: Int) -> Lanes {
    isNew ? Lanes(repeating: 0) : (target + offset).loadUnaligned(as: Lanes.self)
  }
  while column &+ 4 <= columns {
    let first = x + column &* xStride
    let second = first + xStride
    let third = second + xStride
    let fourth = third + xStride
    var (one, two, three, four) = (sums(0), sums(step), sums(2 &* step), sums(3 &* step))
    var (row, k) = (start, 0)
    while k < inner {
      let lanes = row.loadUnaligned(as: Lanes.self)
      one.addProduct(lanes, first[k])
      two.addProduct(lanes, second[k])
      three.addProduct(lanes, third[k])
      four.addProduct(lanes, fourth[k])
      row += next
      k &+= 1
    }
    target.storeBytes(of: one, as: Lanes.self)
    (target + step).storeBytes(of: two, as: Lanes.self)
    (target + 2 &* step).storeBytes(of: three, as: Lanes.self)
    (target + 3 &* step).storeBytes(of: four, as: Lanes.self)
    target += 4 &* step
    column &+= 4
  }
  while column &+ 2 <= columns {
    let first = x + column &* xStride
    let second = first + xStride
    var (one, two) = (sums(0), sums(step))
    var (row, k) = (start, 0)
    while k < inner {
      let lanes = row.loadUnaligned(as: Lanes.self)
      one.addProduct(lanes, first[k])
      two.addProduct(lanes, second[k])
      row += next
      k &+= 1
    }
    target.storeBytes(of: one, as: Lanes.self)
    (target + step).storeBytes(of: two, as: Lanes.self)
    target += 2 &* step
    column &+= 2
  }
  if column < columns {
    let first = x + column &* xStride
    var one = sums(0)
    var (row, k) = (start, 0)
    while k < inner {
      one.addProduct(row.loadUnaligned(as: Lanes.self), first[k])
      row += next
      k &+= 1
    }
    target.storeBytes(of: one, as: Lanes.self)
  }
}
