/// A complex number.
package struct Complex: Hashable, Sendable {
  /// Re z.
  package var real: Double
  /// Im z.
  package var imaginary: Double

  /// real + i imaginary.
  @inlinable package init(_ real: Double, _ imaginary: Double = 0) { (self.real, self.imaginary) = (real, imaginary) }

  /// The complex conjugate.
  @inlinable package var conjugate: Complex { Complex(real, -imaginary) }
  /// |z|, without overflow of squares where the parts are not.
  package var magnitude: Double {
    if imaginary == 0 { return abs(real) }
    let size = max(abs(real), abs(imaginary))
    if size == 0 || !size.isFinite { return size }
    let (x, y) = (real / size, imaginary / size)
    return size * (x * x + y * y).squareRoot()
  }

  @inlinable package static func + (left: Complex, right: Complex) -> Complex {
    Complex(left.real + right.real, left.imaginary + right.imaginary)
  }
  @inlinable package static func - (left: Complex, right: Complex) -> Complex {
    Complex(left.real - right.real, left.imaginary - right.imaginary)
  }
  @inlinable package static func * (left: Complex, right: Complex) -> Complex {
    Complex(
      left.real * right.real - left.imaginary * right.imaginary,
      left.real * right.imaginary + left.imaginary * right.real)
  }
  @inlinable package static func * (factor: Double, right: Complex) -> Complex {
    Complex(factor * right.real, factor * right.imaginary)
  }
  @inlinable package static func += (left: inout Complex, right: Complex) { left = left + right }
}

/// A dense complex matrix, as its real and imaginary parts.
package struct ComplexMatrix: Hashable, Sendable {
  /// Re.
  package var real: Matrix
  /// Im, of the same shape.
  package var imaginary: Matrix

  /// A matrix from its parts.
  package init(real: Matrix, imaginary: Matrix) {
    precondition(real.rows == imaginary.rows && real.columns == imaginary.columns, "parts of different shape")
    (self.real, self.imaginary) = (real, imaginary)
  }

  /// A square matrix of zeros.
  package init(order: Int) {
    let zeros = Matrix(rows: order, columns: order)
    self.init(real: zeros, imaginary: zeros)
  }

  /// Number of rows.
  package var rows: Int { real.rows }

  /// The element in row `row` and column `column`, both counted from 0.
  @inlinable package subscript(row: Int, column: Int) -> Complex {
    @inline(__always) get { Complex(real[row, column], imaginary[row, column]) }
    @inline(__always) set { (real[row, column], imaginary[row, column]) = (newValue.real, newValue.imaginary) }
  }

  /// Some rows and columns of it, in their order.
  package func part(_ rows: [Int], _ columns: [Int]) -> ComplexMatrix {
    ComplexMatrix(real: real.part(rows, columns), imaginary: imaginary.part(rows, columns))
  }

  /// The adjoint matrix.
  package var adjoint: ComplexMatrix {
    ComplexMatrix(real: real.transposed, imaginary: (-1) * imaginary.transposed)
  }

  /// The largest absolute value of a part of an element.
  package var largestElement: Double { max(real.largestElement, imaginary.largestElement) }
  /// Whether no element has an imaginary part.
  package var isReal: Bool {
    // All bits but those of the signs at once.
    imaginary.elements.reduce(0) { $0 | $1.magnitude.bitPattern } == 0
  }

  /// Rows and columns of the elements that are not 0, column by column.
  @inlinable @inline(__always)
  package func visit(_ body: (_ row: Int, _ column: Int) -> Void) {
    let (rows, columns) = (real.rows, real.columns)
    real.elements.withUnsafeBufferPointer { real in
      imaginary.elements.withUnsafeBufferPointer { imaginary in
        for column in 0..<columns {
          var row = 0
          while row < rows {
            let end = min(row + 8, rows)
            // Of most matrices most are 0, which is seen of eight at once: all bits but those of the signs.
            var bits: UInt64 = 0
            for place in (column * rows + row)..<(column * rows + end) {
              bits |= real[place].bitPattern | imaginary[place].bitPattern
            }
            if bits << 1 != 0 {
              for one in row..<end where real[column * rows + one] != 0 || imaginary[column * rows + one] != 0 {
                body(one, column)
              }
            }
            row = end
          }
        }
      }
    }
  }

  /// The absolute value of every element.
  package var magnitudes: Matrix {
    var result = real
    for index in result.elements.indices {
      result.elements[index] = Complex(real.elements[index], imaginary.elements[index]).magnitude
    }
    return result
  }

  /// Tr(A rho) of two Hermitian matrices: the mean of A in a state.
  package func mean(in density: ComplexMatrix) -> Double {
    func sum(_ one: Matrix, _ other: Matrix) -> Double {
      zip(one.elements, other.elements).reduce(0) { $0 + $1.0 * $1.1 }
    }
    return sum(real, density.real) + sum(imaginary, density.imaginary)
  }

  /// Adds factor left right to it.
  package mutating func addProduct(_ factor: Complex, _ left: ComplexMatrix, _ right: ComplexMatrix) {
    if factor.imaginary == 0 && left.isReal && right.isReal {
      NessMath.addProduct(factor.real, left.real, right.real, to: &real)
    } else {
      self = self + factor * (left * right)
    }
  }

  /// Element by element sum.
  package static func + (left: ComplexMatrix, right: ComplexMatrix) -> ComplexMatrix {
    ComplexMatrix(real: left.real + right.real, imaginary: left.imaginary + right.imaginary)
  }

  /// Every element times a number.
  package static func * (factor: Complex, matrix: ComplexMatrix) -> ComplexMatrix {
    if factor.imaginary == 0 { return factor.real * matrix }
    return ComplexMatrix(
      real: factor.real * matrix.real - factor.imaginary * matrix.imaginary,
      imaginary: factor.real * matrix.imaginary + factor.imaginary * matrix.real)
  }
  package static func * (factor: Double, matrix: ComplexMatrix) -> ComplexMatrix {
    ComplexMatrix(real: factor * matrix.real, imaginary: factor * matrix.imaginary)
  }

  /// Its product with another matrix, by its elements that are not 0 where these are few.
  package func applied(to right: ComplexMatrix) -> ComplexMatrix {
    ComplexMatrix(
      real: real.applied(to: right.real) - imaginary.applied(to: right.imaginary),
      imaginary: real.applied(to: right.imaginary) + imaginary.applied(to: right.real))
  }

  /// Matrix product, by dgemm; of matrices that are real half or a quarter of it.
  package static func * (left: ComplexMatrix, right: ComplexMatrix) -> ComplexMatrix {
    if left.isReal {
      let real = left.real * right.real
      return ComplexMatrix(
        real: real,
        imaginary: right.isReal ? Matrix(rows: real.rows, columns: real.columns) : left.real * right.imaginary)
    }
    if right.isReal { return ComplexMatrix(real: left.real * right.real, imaginary: left.imaginary * right.real) }
    return ComplexMatrix(
      real: left.real * right.real - left.imaginary * right.imaginary,
      imaginary: left.real * right.imaginary + left.imaginary * right.real)
  }
}
