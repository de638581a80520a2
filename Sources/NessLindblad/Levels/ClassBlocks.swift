import NessMath

/// Levels in classes, and how square blocks of these lie one behind the other: column by column, each filled up with zeros to whole
/// vectors of four.
struct ClassBlocks: Sendable {
  /// Levels of every class, ascending.
  let classes: [[Int]]
  /// The class of every level, and its place there.
  let classOf: [Int]
  let placeOf: [Int]
  /// Where the block of every class begins.
  let starts: [Int]
  /// By how much two columns of a block are apart.
  let leading: [Int]
  /// Numbers of all blocks together.
  let size: Int
  /// Most numbers of one block between classes.
  let largest: Int

  init(_ classes: [[Int]], levels: Int) {
    self.classes = classes
    var (classOf, placeOf) = ([Int](repeating: 0, count: levels), [Int](repeating: 0, count: levels))
    var (starts, size) = ([Int](), 0)
    leading = classes.map { BlockFactor.filled($0.count) }
    for (index, members) in classes.enumerated() {
      for (place, level) in members.enumerated() { (classOf[level], placeOf[level]) = (index, place) }
      starts.append(size)
      size += leading[index] * members.count
    }
    (self.classOf, self.placeOf, self.starts, self.size) = (classOf, placeOf, starts, size)
    largest = (leading.max() ?? 0) * (classes.map(\.count).max() ?? 0)
  }

  /// Where the element (i, j) of two levels of one class lies.
  func index(_ i: Int, _ j: Int) -> Int { starts[classOf[i]] + placeOf[j] * leading[classOf[i]] + placeOf[i] }

  /// Rows and columns of the blocks of a matrix between all levels that are not 0.
  func joined(_ matrix: ComplexMatrix) -> [(row: Int, column: Int)] {
    let count = classes.count
    var isJoined = [Bool](repeating: false, count: count * count)
    for (elements, _) in [(matrix.real.elements, 0), (matrix.imaginary.elements, 1)] {
      var index = 0
      for column in 0..<matrix.rows {
        for row in 0..<matrix.rows {
          if elements[index] != 0 { isJoined[classOf[row] * count + classOf[column]] = true }
          index += 1
        }
      }
    }
    return isJoined.indices.filter { isJoined[$0] }.map { ($0 / count, $0 % count) }
  }

  /// The blocks within classes of a product of matrices between all levels.
  func product(_ left: ComplexMatrix, _ right: ComplexMatrix) -> [ComplexMatrix] {
    var sums = classes.map { ComplexMatrix(order: $0.count) }
    for (to, from) in joined(left) {
      let second = right.part(classes[from], classes[to])
      if second.largestElement == 0 { continue }
      sums[to] = sums[to] + left.part(classes[to], classes[from]) * second
    }
    return sums
  }
}

/// A matrix as a factor of small products, of which is known whether it is real.
struct BlockFactor: Sendable {
  let rows: Int
  let columns: Int
  /// Rows filled up to whole vectors: by how much two columns are apart.
  let leading: Int
  let real: [Double]
  /// The imaginary part and its negative; nil where it is 0.
  let imaginary: (positive: [Double], negative: [Double])?
  /// The absolute value of every element.
  let magnitudes: [Double]

  /// A number of rows filled up to whole vectors.
  static func filled(_ rows: Int) -> Int { (rows + 3) / 4 * 4 }

  init(_ matrix: ComplexMatrix) {
    let (rows, columns) = (matrix.real.rows, matrix.real.columns)
    let leading = Self.filled(rows)
    func filled(_ matrix: Matrix) -> [Double] {
      var result = [Double](repeating: 0, count: leading * columns)
      for column in 0..<columns {
        for row in 0..<rows { result[column * leading + row] = matrix.elements[column * rows + row] }
      }
      return result
    }
    (self.rows, self.columns, self.leading) = (rows, columns, leading)
    real = filled(matrix.real)
    if matrix.isReal {
      (imaginary, magnitudes) = (nil, real.map(abs))
    } else {
      let parts = filled(matrix.imaginary)
      imaginary = (parts, parts.map { -$0 })
      magnitudes = zip(real, parts).map { Complex($0, $1).magnitude }
    }
  }

  var largestElement: Double { magnitudes.reduce(0, max) }

  subscript(row: Int, column: Int) -> Complex {
    let place = column * leading + row
    return Complex(real[place], imaginary?.positive[place] ?? 0)
  }

  /// sum += part X, part being a form of this factor and X having as many rows as it has columns.
  @inline(__always)
  func add(
    _ part: [Double], times x: UnsafePointer<Double>, _ stride: Int, _ count: Int, to sum: UnsafeMutablePointer<Double>
  ) {
    part.withUnsafeBufferPointer { part in
      guard let part = part.baseAddress else { return }
      addSmallProduct(rows: leading, inner: columns, columns: count, part, x, stride, to: sum)
    }
  }

  /// sum += X part, X having `filled` rows, a multiple of four.
  @inline(__always)
  func add(
    to sum: UnsafeMutablePointer<Double>, _ part: [Double], after x: UnsafePointer<Double>, _ filled: Int
  ) {
    part.withUnsafeBufferPointer { part in
      guard let part = part.baseAddress else { return }
      addSmallProduct(rows: filled, inner: rows, columns: columns, x, part, leading, to: sum)
    }
  }
}

/// sum += A X, A and the sum with columns of a multiple of four rows, without gaps between them. For matrices of tens of rows it is
/// several times faster than the library, which first copies both. Nothing is fused, so that every processor gives the same.
private func addSmallProduct(
  rows: Int, inner: Int, columns: Int, _ a: UnsafePointer<Double>, _ x: UnsafePointer<Double>, _ stride: Int,
  to sum: UnsafeMutablePointer<Double>
) {
  var row = 0
  while row + 8 <= rows {
    addTile(SIMD8<Double>.self, inner, columns, rows, a + row, x, stride, to: sum + row)
    row += 8
  }
  if row < rows { addTile(SIMD4<Double>.self, inner, columns, rows, a + row, x, stride, to: sum + row) }
}

/// Some rows of it, four columns at a time.
@inline(__always)
private func addTile<Lanes: SIMD>(
  _: Lanes.Type, _ inner: Int, _ columns: Int, _ rows: Int, _ a: UnsafePointer<Double>, _ x: UnsafePointer<Double>,
  _ stride: Int, to sum: UnsafeMutablePointer<Double>
) where Lanes.Scalar == Double {
  var column = 0
  while column + 4 <= columns {
    let (first, second) = (x + column * stride, x + (column + 1) * stride)
    let (third, fourth) = (x + (column + 2) * stride, x + (column + 3) * stride)
    let target = UnsafeMutableRawPointer(sum + column * rows)
    let step = rows * MemoryLayout<Double>.stride
    var one = target.loadUnaligned(as: Lanes.self)
    var two = (target + step).loadUnaligned(as: Lanes.self)
    var three = (target + 2 * step).loadUnaligned(as: Lanes.self)
    var four = (target + 3 * step).loadUnaligned(as: Lanes.self)
    for k in 0..<inner {
      let lanes = UnsafeRawPointer(a + k * rows).loadUnaligned(as: Lanes.self)
      one += lanes * first[k]
      two += lanes * second[k]
      three += lanes * third[k]
      four += lanes * fourth[k]
    }
    target.storeBytes(of: one, as: Lanes.self)
    (target + step).storeBytes(of: two, as: Lanes.self)
    (target + 2 * step).storeBytes(of: three, as: Lanes.self)
    (target + 3 * step).storeBytes(of: four, as: Lanes.self)
    column += 4
  }
  while column < columns {
    let target = UnsafeMutableRawPointer(sum + column * rows)
    var one = target.loadUnaligned(as: Lanes.self)
    for k in 0..<inner {
      one += UnsafeRawPointer(a + k * rows).loadUnaligned(as: Lanes.self) * x[column * stride + k]
    }
    target.storeBytes(of: one, as: Lanes.self)
    column += 1
  }
}
