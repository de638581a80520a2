import NessMath
import Testing

@Suite("Linear equations by Krylov spaces")
struct KrylovSolutionTests {
  /// A matrix of numbers that look random, its diagonal made larger.
  private static func sample(_ order: Int, diagonal: Double) -> (matrix: Matrix, right: [Double]) {
    var state: UInt64 = 7
    func next() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) / 9_007_199_254_740_992 - 0.5
    }
    var matrix = Matrix(rows: order, columns: order)
    for row in 0..<order {
      for column in 0..<order { matrix[row, column] = next() }
      matrix[row, row] += diagonal * Double(1 + row % 7)
    }
    return (matrix, (0..<order).map { _ in next() })
  }

  private static func product(_ matrix: Matrix, _ vector: [Double]) -> [Double] {
    (0..<matrix.rows).map { row in vector.indices.reduce(0) { $0 + matrix[row, $1] * vector[$1] } }
  }

  @Test(
    "the solution is that of the factors, with and without a preconditioner, whatever the room", arguments: [12, 60])
  func dense(dimension: Int) throws {
    let (matrix, right) = Self.sample(60, diagonal: 6)
    let exact = try solveWithError(matrix, right).values
    let size = exact.reduce(0) { max($0, abs($1)) }
    var steps: [Int] = []
    for isPreconditioned in [false, true] {
      let found = try krylovSolution(
        of: right, tolerance: 1e-15, mostSteps: 2000, dimension: dimension,
        matrix: { Self.product(matrix, $0) },
        preconditioner: { vector in
          isPreconditioned ? vector.indices.map { vector[$0] / matrix[$0, $0] } : vector
        })
      #expect(found.residual < 3e-15, "\(found.residual)")
      #expect(zip(found.values, exact).allSatisfy { abs($0 - $1) < 1e-13 * size })
      let rest = zip(right, Self.product(matrix, found.values)).map { $0 - $1 }
      #expect(rest == found.rest)
      steps.append(found.steps)
    }
    #expect(steps[1] < steps[0], "\(steps)")
  }

  @Test("of a singular matrix something is left, and it is told")
  func singular() throws {
    var (matrix, right) = Self.sample(30, diagonal: 5)
    for column in 0..<30 { matrix[3, column] = 0 }
    right[3] = 1
    let found = try krylovSolution(
      of: right, tolerance: 1e-12, mostSteps: 500, matrix: { Self.product(matrix, $0) }, preconditioner: { $0 })
    #expect(found.residual > 0.1 && found.residual <= 1 && found.steps <= 500)
    #expect(abs(found.rest[3]) > 0.9)
    let none = try krylovSolution(
      of: [0, 0], tolerance: 1e-12, mostSteps: 5, matrix: { $0 }, preconditioner: { $0 })
    #expect(none.values == [0, 0] && none.steps == 0)
  }

  @Test("it ends where it is asked to, and after as many steps as it may take")
  func ends() throws {
    let (matrix, right) = Self.sample(60, diagonal: 1)
    var asked = 0
    let found = try krylovSolution(
      of: right, tolerance: 1e-15, mostSteps: 2000, dimension: 60, matrix: { Self.product(matrix, $0) },
      preconditioner: { $0 },
      isEnough: { _, rest in
        asked += 1
        return rest.allSatisfy { abs($0) < 1e-6 }
      })
    #expect(asked == 1 && found.residual < 1e-6)
    let short = try krylovSolution(
      of: right, tolerance: 1e-15, mostSteps: 7, matrix: { Self.product(matrix, $0) }, preconditioner: { $0 })
    #expect(short.steps == 7 && short.residual > 1e-6 && short.residual < 1)
    struct Stop: Error {}
    #expect(throws: Stop.self) {
      _ = try krylovSolution(
        of: right, tolerance: 1e-15, mostSteps: 2000, matrix: { Self.product(matrix, $0) }, preconditioner: { $0 },
        progress: { if $0 < 0.5 { throw Stop() } })
    }
  }

  @Test("where few digits are wanted, as many are found, in fewer steps", arguments: [0.1, 1e-3, 3e-5])
  func fewDigits(tolerance: Double) throws {
    let (matrix, right) = Self.sample(60, diagonal: 6)
    func found(_ tolerance: Double) throws -> KrylovSolution {
      try krylovSolution(
        of: right, tolerance: tolerance, mostSteps: 2000, matrix: { Self.product(matrix, $0) },
        preconditioner: { vector in vector.indices.map { vector[$0] / matrix[$0, $0] } })
    }
    let (coarse, fine) = (try found(tolerance), try found(1e-15))
    #expect(coarse.residual <= tolerance && coarse.steps < fine.steps)
    let rest = zip(right, Self.product(matrix, coarse.values)).map { $0 - $1 }
    #expect(zip(rest, coarse.rest).allSatisfy { abs($0 - $1) < 1e-12 })
  }
}

@Suite("Sets that are joined")
struct DisjointSetTests {
  @Test("sets are those of the chains between numbers, whatever the order in which they are joined")
  func joined() {
    for pairs in [[(5, 1), (3, 5), (4, 6)], [(1, 3), (6, 4), (5, 3)], [(3, 1), (5, 1), (1, 5), (4, 6)]] {
      var sets = DisjointSets(7)
      for (one, other) in pairs { sets.join(one, other) }
      #expect(sets.sets == [[0], [1, 3, 5], [2], [4, 6]])
      #expect(sets.numbered.setOf == [0, 1, 2, 1, 3, 1, 3] && sets.numbered.count == 4)
    }
    #expect(DisjointSets(0).sets.isEmpty)
  }
}
