import NessMath
import NessModel

/// The heats of a master equation for the density matrix beyond their means: rates of the long-time cumulants, and their change with the
/// temperatures.
///
/// Every element of the generator of bath a that leads from rho_kl to rho_ij counts exp(x_a D), D = (E_i + E_j - E_k - E_l)/2: for jumps
/// between energies it is the energy that they give, and the mean is Tr(H D_a rho), the heat, for every equation. If all x_a are one x,
/// the weighted generator is similar to the plain one, so that its largest eigenvalue is 0 and the heats fluctuate against each
/// other. With G_k the elements times D^k the largest eigenvalue mu(x) and its vector are expanded,
///
///     G_0 p_n + sum_{k=1}^n (G_k/k!) p_{n-k} = sum_{j=1}^n (mu_j/j!) p_{n-j},     Tr p_n = 0
///
/// so that no differences are taken: one factorisation, and one solution for each order.
///
/// For `redfield` and `local` the weights belong to no jumps between energies of the whole: mu(x) is that of a quasi-probability.
///
/// - Accuracy: bounds of first order in rounding, by the 1-norm of the inverse of the equations; those of higher orders are wide.
/// - Complexity: O(2 n³/3) for n real numbers of the density matrix, and O(n²) for every order and bath.
/// - Source: Esposito, Harbola, Mukamel, Rev. Mod. Phys. 81, 1665 (2009), section IV; `Documentation/Theory/levels.md`.
/// - Checked by: closed forms, populations alone, a numpy program that differentiates eigenvalues (LevelCountingTests).
struct LevelCounting {
  private let equation: LevelEquation
  private let matrix: Matrix
  private let factors: DenseFactors
  /// Places of the populations; the equation of the first has given way to the trace.
  private let diagonal: [Int]
  private let unit: Double
  private let rounding: Double
  /// The 1-norm of the sizes of what the equations are made of.
  private let grossNorm: Double
  private let steady: Vector

  /// Real numbers of a matrix, and a bound of the sum of their errors.
  private struct Vector {
    var values: [Double]
    var error: Double
  }

  /// Sets the equations up, factorises them and solves for the steady state.
  ///
  /// - Throws: `Refusal` if the steady state is not unique.
  init(_ equation: LevelEquation) throws {
    self.equation = equation
    let generator = equation.generator
    let count = generator.count
    diagonal = (0..<equation.form.levels).map(generator.place)
    unit = max(generator.matrix.largestElement, .leastNormalMagnitude).binade
    rounding = equation.form.rounding
    var matrix = (1 / unit) * generator.matrix
    let row = diagonal[0]
    for column in 0..<count { matrix[row, column] = 0 }
    for place in diagonal { matrix[row, place] = 1 }
    self.matrix = matrix
    factors = try LevelState.factors(matrix, equation.method)
    var right = [Double](repeating: 0, count: count)
    right[row] = 1
    let found = Self.solution(matrix, factors, right)
    // What rounding has changed of the generator.
    var (changed, largest) = (found.rest, 0.0)
    for column in 0..<count {
      var sum = 0.0
      for line in 0..<count where line != row { sum += generator.gross[line, column] }
      changed += rounding * abs(found.values[column]) * (sum / unit)
      largest = max(largest, sum / unit)
    }
    grossNorm = largest + 1
    steady = Vector(values: found.values, error: Self.inverseNorm(factors) * changed)
  }

  /// A solution refined once, and the sum of the sizes of what is left.
  private static func solution(
    _ matrix: Matrix, _ factors: DenseFactors, _ right: [Double]
  ) -> (values: [Double], rest: Double) {
    var values = factors.solution(of: right)
    func rest() -> [Double] {
      var rest = right
      for column in rest.indices {
        let value = values[column]
        if value == 0 { continue }
        for line in rest.indices { rest[line] -= matrix[line, column] * value }
      }
      return rest
    }
    for (line, change) in factors.solution(of: rest()).enumerated() { values[line] += change }
    let rounded = Double.ulpOfOne * factors.norm * values.reduce(0) { $0 + abs($1) }
    return (values, rest().reduce(0) { $0 + abs($1) } + rounded)
  }

  /// The 1-norm of the inverse, three times what LAPACK estimates.
  private static func inverseNorm(_ factors: DenseFactors) -> Double {
    3 / (factors.reciprocalCondition * factors.norm)
  }

  /// The deviation that a source keeps up: G y = -source, Tr y = 0.
  private func response(to source: Vector) -> Vector {
    var right = source.values.map { -$0 / unit }
    right[diagonal[0]] = 0
    let found = Self.solution(matrix, factors, right)
    let size = found.values.reduce(0) { $0 + abs($1) }
    let error = found.rest + source.error / unit + rounding * grossNorm * size
    return Vector(values: found.values, error: Self.inverseNorm(factors) * error)
  }

  /// G_k p for k = 0...4, of one bath, or how it changes with the temperature of the bath.
  private func counted(_ bath: Int, _ vector: Vector, isSlope: Bool = false) -> [(
    vector: Vector, trace: Bounded
  )] {
    let found = equation.counted(bath, vector.values, isSlope: isSlope)
    return (0...LevelGenerator.mostPower).map { power in
      let error =
        rounding * found.gross[power].reduce(0, +) + (found.columns[power].max() ?? 0)
        * vector.error
      let trace = diagonal.reduce(0) { $0 + found.sums[power][$1] }
      let size = diagonal.reduce(0) { $0 + found.gross[power][$1] }
      return (
        Vector(values: found.sums[power], error: error),
        Bounded(trace, rounding * size + (found.traceColumns[power].max() ?? 0) * vector.error)
      )
    }
  }

  /// The rates of the cumulants of order 1 to 4 of the heat from a bath [energy^n/time].
  func cumulants(ofBath bath: Int) -> [Bounded] {
    var vectors = [steady]
    var products: [[(vector: Vector, trace: Bounded)]] = []
    var cumulants: [Bounded] = []
    let factorials = [1.0, 1, 2, 6, 24]
    for order in 1...4 {
      products.append(counted(bath, vectors[order - 1]))
      var source = Vector(values: Array(repeating: 0, count: matrix.rows), error: 0)
      var cumulant = Bounded(0, 0)
      for power in 1...order {
        let part = products[order - power][power]
        let share = 1 / factorials[power]
        for place in source.values.indices {
          source.values[place] += share * part.vector.values[place]
        }
        source.error += share * part.vector.error
        cumulant.value += factorials[order] * share * part.trace.value
        cumulant.bound += factorials[order] * share * part.trace.bound
      }
      cumulants.append(cumulant)
      if order == 4 { break }
      for (index, cumulant) in cumulants.enumerated() {
        let share = 1 / factorials[index + 1]
        let vector = vectors[order - index - 1]
        for place in source.values.indices {
          source.values[place] -= share * cumulant.value * vector.values[place]
        }
        source.error +=
          share
          * (abs(cumulant.value) * vector.error + cumulant.bound
            * vector.values.reduce(0) { $0 + abs($1) })
      }
      vectors.append(response(to: source))
    }
    return cumulants
  }

  /// The change of the heat from every bath with the temperature of each, `[a][b]` [1/time].
  func conductance() -> [[Bounded]] {
    let baths = equation.form.baths.indices
    let slopes = baths.map { counted($0, steady, isSlope: true) }
    let responses = slopes.map { response(to: $0[0].vector) }
    return baths.map { one in
      let traces = responses.map { counted(one, $0)[1].trace }
      return baths.map { other in
        let own = one == other ? slopes[one][1].trace : Bounded(0, 0)
        return Bounded(traces[other].value + own.value, traces[other].bound + own.bound)
      }
    }
  }

  /// The covariance rates between all baths [energy²/time].
  func covariance() -> [[Bounded]] {
    let baths = equation.form.baths.indices
    let means = baths.map { counted($0, steady) }
    let responses = baths.map { bath -> Vector in
      var source = means[bath][1].vector
      let mean = means[bath][1].trace
      for place in source.values.indices {
        source.values[place] -= mean.value * steady.values[place]
      }
      source.error +=
        abs(mean.value) * steady.error + mean.bound * steady.values.reduce(0) { $0 + abs($1) }
      return response(to: source)
    }
    let traces = baths.map { one in responses.map { counted(one, $0)[1].trace } }
    return baths.map { one in
      baths.map { other in
        let own = one == other ? means[one][2].trace : Bounded(0, 0)
        return Bounded(
          traces[one][other].value + traces[other][one].value + own.value,
          traces[one][other].bound + traces[other][one].bound + own.bound)
      }
    }
  }
}
