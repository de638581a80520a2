import NessMath
import Testing

/// Eigenvectors of Hermitian matrices, real and complex.
@Suite struct HermitianTests {
  /// A Hermitian matrix that looks random; equal blocks make every eigenvalue a double one.
  private static func matrix(_ order: Int, isReal: Bool, isDouble: Bool) -> ComplexMatrix {
    var matrix = ComplexMatrix(order: isDouble ? 2 * order : order)
    var state = 0.37
    func next() -> Double {
      state = (state * 997.13 + 0.71).truncatingRemainder(dividingBy: 1)
      return state - 0.5
    }
    for row in 0..<order {
      for column in 0...row {
        let value = Complex(next(), isReal || row == column ? 0 : next())
        for start in isDouble ? [0, order] : [0] {
          matrix[start + row, start + column] = value
          matrix[start + column, start + row] = value.conjugate
        }
      }
    }
    return matrix
  }

  @Test(arguments: [1, 2, 5, 17], [false, true]) func residualAndOrthogonality(order: Int, isDouble: Bool) throws {
    for isReal in [false, true] {
      let matrix = Self.matrix(order, isReal: isReal, isDouble: isDouble)
      let (values, vectors) = try hermitianEigensystem(matrix)
      #expect(values == values.sorted())
      let (product, overlap) = (matrix * vectors, vectors.adjoint * vectors)
      for column in values.indices {
        for row in values.indices {
          #expect((product[row, column] - values[column] * vectors[row, column]).magnitude < 1e-13)
          #expect((overlap[row, column] - Complex(row == column ? 1 : 0)).magnitude < 1e-13)
        }
        if isDouble { #expect(abs(values[column] - values[column ^ 1]) < 1e-13) }
      }
      for (alone, value) in zip(try hermitianEigenvalues(matrix), values) { #expect(abs(alone - value) < 1e-13) }
    }
  }

  /// All elements that are not 0 are visited, column by column, those of columns that are no multiple of eight long included.
  @Test(arguments: [1, 8, 17]) func visits(order: Int) {
    var matrix = ComplexMatrix(order: order)
    var places: [Int] = []
    for place in stride(from: 0, to: order * order, by: 5) {
      matrix[place % order, place / order] = place % 2 == 0 ? Complex(0, 1) : Complex(1)
      places.append(place)
    }
    if order > 1 { matrix[1, 0] = Complex(-0.0, -0.0) }
    var visited: [Int] = []
    matrix.visit { visited.append($1 * order + $0) }
    #expect(visited == places)
  }

  /// A product by elements that are not 0 is the plain one, whether they are few or many, real or complex.
  @Test(arguments: [1, 3, 40]) func productByElements(every: Int) {
    for isReal in [false, true] {
      var left = Self.matrix(17, isReal: isReal, isDouble: false)
      for place in 0..<(17 * 17) where place % every != 0 { left[place % 17, place / 17] = Complex(0) }
      let right = Self.matrix(17, isReal: false, isDouble: false)
      let difference = left.applied(to: right) + (-1) * (left * right)
      #expect(difference.largestElement < 1e-15)
      #expect(left.largestElement > 0)
    }
  }

  /// The Pauli matrix Y has the values -1 and 1.
  @Test func pauli() throws {
    var matrix = ComplexMatrix(order: 2)
    (matrix[0, 1], matrix[1, 0]) = (Complex(0, -1), Complex(0, 1))
    #expect(try hermitianEigensystem(matrix).values.map { abs(abs($0) - 1) < 1e-15 } == [true, true])
    #expect(abs(Complex(3e200, 4e200).magnitude - 5e200) < 1e186)
  }
}
