import NessMath
import NessModel

/// A number with a bound of its error.
struct Bounded: Sendable {
  var value: Double
  var bound: Double

  init(_ value: Double, _ bound: Double) { (self.value, self.bound) = (value, bound) }

  /// The number in a sentence; that of which nothing is known but that it is small is 0.
  var words: String { abs(value) > bound ? value.short : "0" }
}

/// The steady state of a system of levels by one method.
struct LevelState: Sendable {
  let method: Method
  /// Mean heat per time from every bath, in the order of the model [energy/time].
  let currents: [Bounded]
  /// Mean energy [energy].
  let meanEnergy: Bounded
  /// Populations of the levels, ascending in energy; of levels of equal energy their mean. Of identical particles how many are on each
  /// level.
  let populations: [Bounded]
  /// Means of the observables of the form.
  let observables: [Bounded]
  /// The density matrix.
  let density: StateMatrix
  /// Smallest eigenvalue of the density matrix, if there is more of it than populations.
  let smallestEigenvalue: Bounded?
  /// Entropy produced in the baths per time, where it is known as a sum of terms that are not negative.
  let entropyProduction: Double?
  /// 1/condition of the equations that were solved; nil where nothing was subtracted.
  let reciprocalCondition: Double?
  /// How the equations were solved, if not by factors.
  let report: KrylovReport?
  /// The steady state of populations alone, where levels have energies of their own.
  let secular: DaviesSteadyState?

  /// The steady state of a generator: x of  G x = 0, trace 1.
  ///
  /// Bounds are of first order: what rounding may have changed of the generator and what is left of the equations, weighed
  /// with the solution of the adjoint equations for each mean.
  ///
  /// - Throws: `Refusal` if the steady state is not unique.
  /// - Complexity: O(4 n³/3) for n real numbers.
  init(_ generator: LevelGenerator, _ form: LevelForm, _ method: Method) throws {
    self.method = method
    (secular, entropyProduction, report) = (nil, nil, nil)
    let count = generator.count
    let diagonal = (0..<form.levels).map(generator.place)
    // A unit that is a power of two, so that other units give the same digits.
    let unit = max(generator.matrix.largestElement, .leastNormalMagnitude).binade
    var equations = (1 / unit) * generator.matrix
    var gross = (1 / unit) * generator.gross
    // The equations of the populations add up to 0 = 0: one of them gives way to the trace.
    let row = diagonal[0]
    for column in 0..<count { (equations[row, column], gross[row, column]) = (0, 0) }
    for place in diagonal { equations[row, place] = 1 }
    var right = [Double](repeating: 0, count: count)
    right[row] = 1
    let factors = try Self.factors(equations, method)
    reciprocalCondition = factors.reciprocalCondition
    var values = factors.solution(of: right)
    // One step of refinement.
    var rest = right
    for column in 0..<count {
      let value = values[column]
      for line in 0..<count { rest[line] -= equations[line, column] * value }
    }
    let correction = factors.solution(of: rest)
    for line in 0..<count { values[line] += correction[line] }
    var residual = [Double](repeating: 0, count: count)
    for column in 0..<count {
      let value = values[column]
      let size = abs(value)
      for line in 0..<count {
        residual[line] += equations[line, column] * value
        gross[line, column] *= size
      }
    }
    for line in 0..<count { residual[line] = abs(right[line] - residual[line]) }
    for column in 0..<count {
      for line in 0..<count { residual[line] += form.rounding * gross[line, column] }
    }
    residual[row] += Double(count) * .ulpOfOne
    // What is asked: heats, energy, populations.
    var weights = generator.heats.map { $0.map { $0 / unit } }
    var sizes = generator.grossHeats.map { $0.map { $0 / unit } }
    var energy = [Double](repeating: 0, count: count)
    for (level, place) in diagonal.enumerated() { energy[place] = form.energies[level] }
    weights.append(energy)
    sizes.append(energy.map(abs))
    for numbers in form.populationWeights {
      var share = [Double](repeating: 0, count: count)
      for (level, place) in diagonal.enumerated() { share[place] = numbers[level] }
      weights.append(share)
      sizes.append(share)
    }
    for observable in form.observables {
      let numbers = generator.numbers(of: observable)
      weights.append(numbers)
      sizes.append(numbers.map(abs))
    }
    var columns = Matrix(rows: count, columns: weights.count)
    for (column, weight) in weights.enumerated() {
      for line in 0..<count { columns[line, column] = weight[line] }
    }
    let adjoint = factors.solution(of: columns, isTransposed: true)
    let means = weights.indices.map { index -> Bounded in
      var (mean, bound) = (0.0, 0.0)
      for line in 0..<count {
        mean += weights[index][line] * values[line]
        bound += form.rounding * sizes[index][line] * abs(values[line]) + abs(adjoint[line, index]) * residual[line]
      }
      return Bounded(mean, bound)
    }
    let baths = form.baths.count
    currents = means[..<baths].map { Bounded($0.value * unit, $0.bound * unit) }
    meanEnergy = means[baths]
    populations = form.populationPlaces.map { means[baths + 1 + $0] }
    observables = Array(means.suffix(form.observables.count))
    // |error of x| <= |G^-1| |rest| in the 1-norm.
    let spread = residual.reduce(0, +) / (factors.reciprocalCondition * factors.norm)
    density = StateMatrix(matrix: generator.densityMatrix(values), error: spread + form.rounding)
    smallestEigenvalue = Bounded(try density.eigenvalues().first ?? 0, 2 * Double(form.levels) * density.error)
  }

  init(
    method: Method, currents: [Bounded], meanEnergy: Bounded, populations: [Bounded], observables: [Bounded],
    density: StateMatrix, smallestEigenvalue: Bounded, reciprocalCondition: Double, report: KrylovReport
  ) {
    (self.method, self.currents, self.meanEnergy, self.populations) = (method, currents, meanEnergy, populations)
    (self.observables, self.density) = (observables, density)
    (self.smallestEigenvalue, self.reciprocalCondition, self.report) = (smallestEigenvalue, reciprocalCondition, report)
    (entropyProduction, secular) = (nil, nil)
  }

  /// The factors of the equations of a steady state, populations' trace among them.
  ///
  /// - Throws: `Refusal` if it is not unique.
  static func factors(_ matrix: Matrix, _ method: Method) throws -> DenseFactors {
    do {
      let factors = try DenseFactors(matrix)
      if factors.reciprocalCondition < 1e-15 { throw notUnique(method) }
      return factors
    } catch LinearAlgebraError.singular {
      throw notUnique(method)
    }
  }

  /// The same words at every point, so that they are said once.
  static func notUnique(_ method: Method) -> Refusal {
    Refusal(
      method,
      "the steady state is not unique, or not to be told from another one in double precision; a part that no bath reaches, "
        + "or an operator that commutes with the Hamiltonian and all couplings, keeps what it has")
  }

  /// The steady state of populations alone, of levels that have energies of their own.
  ///
  /// - Throws: `Refusal` if it is not unique.
  init(populationsOf form: LevelForm, _ model: LevelModel) throws(Refusal) {
    method = .davies
    (smallestEigenvalue, reciprocalCondition, report) = (nil, nil, nil)
    let temperatures = model.attachments.map { $0.bath.law.isThermal ? $0.bath.temperature : 0 }
    let state: DaviesSteadyState
    do throws(Refusal) {
      state = try DaviesSteadyState(JumpRates(form), temperatures: temperatures)
    } catch {
      // The remedies are those of a box.
      let reason = error.reason.prefix { $0 != ";" }
      throw Refusal(.davies, "\(reason); give a bath an operator that joins them")
    }
    secular = state
    let rounding = relativeRounding(levels: form.levels)
    // A relative change of all rates changes every population by 2 M times as much at most.
    let share = rounding + 2 * Double(form.levels + 1) * form.rounding
    currents = zip(state.currents, state.currentBounds).map { Bounded($0, $1 / rounding * share) }
    let levels = state.populations.map { Bounded($0, share * $0) }
    populations =
      form.occupations?.map { numbers in
        let mean = zip(numbers, state.populations).reduce(0) { $0 + $1.0 * $1.1 }
        return Bounded(mean, share * mean)
      } ?? levels
    let (mean, size) = zip(state.populations, form.energies).reduce((0.0, 0.0)) {
      ($0.0 + $1.0 * $1.1, $0.1 + $1.0 * abs($1.1))
    }
    meanEnergy = Bounded(mean, share * size + .ulpOfOne * 8 * form.spread)
    observables = form.observables.map { observable in
      let terms = state.populations.indices.map { state.populations[$0] * observable.real[$0, $0] }
      return Bounded(
        terms.reduce(0, +),
        terms.reduce(0) { $0 + share * abs($1) } + form.rounding * observable.largestElement)
    }
    var matrix = ComplexMatrix(order: form.levels)
    for (level, population) in state.populations.enumerated() { matrix.real[level, level] = population }
    density = StateMatrix(matrix: matrix, error: share + form.rounding)
    entropyProduction = state.entropyProduction
  }

  /// Smallest decay rate of all that a generator follows; nil for a single number.
  ///
  /// - Throws: `LinearAlgebraError.notConverged`.
  static func relaxationRate(of generator: LevelGenerator) throws -> Bounded? {
    guard generator.count > 1 else { return nil }
    let unit = max(generator.matrix.largestElement, .leastNormalMagnitude).binade
    let matrix = (1 / unit) * generator.matrix
    if generator.count <= mostBounded {
      let modes = try Eigensystem(matrix).modes.sorted { (abs($0.real), $0.imaginary) < (abs($1.real), $1.imaginary) }
      // Two that are 0 may have become a pair, of which one is told.
      let next = modes[0].imaginary > 0 ? 0 : 1
      guard modes.count > next else { return nil }
      return Bounded(abs(modes[next].real) * unit, modes[next].bound * unit)
    }
    let rates = try eigenvalues(matrix).map { abs($0.real) }.sorted()
    return Bounded(rates[1] * unit, Double(generator.count) * .ulpOfOne * unit)
  }

  private static let mostBounded = 256
}

extension LevelGenerator {
  /// The density matrix of real numbers.
  func densityMatrix(_ values: [Double]) -> ComplexMatrix {
    var matrix = ComplexMatrix(order: levels)
    for i in 0..<levels {
      matrix[i, i] = Complex(values[place(ofLevel: i)])
      for j in (i + 1)..<max(levels, i + 1) {
        guard let pair = pair(i, j) else { continue }
        let half = 0.5.squareRoot()
        matrix[i, j] = Complex(half * values[pair.real], half * values[pair.imaginary])
        matrix[j, i] = matrix[i, j].conjugate
      }
    }
    return matrix
  }
}

extension LevelGenerator {
  /// The real numbers of a Hermitian matrix: those of a density matrix, and of an operator its weights in the mean.
  func numbers(of matrix: ComplexMatrix) -> [Double] {
    var numbers = [Double](repeating: 0, count: count)
    for i in 0..<levels {
      numbers[place(ofLevel: i)] = matrix[i, i].real
      for j in (i + 1)..<max(levels, i + 1) {
        guard let pair = pair(i, j) else { continue }
        let element = matrix[i, j]
        numbers[pair.real] = 2.0.squareRoot() * element.real
        numbers[pair.imaginary] = 2.0.squareRoot() * element.imaginary
      }
    }
    return numbers
  }
}

extension JumpRates {
  /// The rates between levels that have energies of their own.
  ///
  /// - Throws: `Refusal` if a rate is beyond double precision.
  init(_ form: LevelForm) throws(Refusal) {
    let levels = form.levels
    let baths = form.baths.map(\.rates)
    var total = [Double](repeating: 0, count: levels * levels)
    for rates in baths {
      for index in rates.indices { total[index] += rates[index] }
    }
    if let wrong = total.firstIndex(where: { !$0.isFinite }) {
      throw Refusal(
        .davies,
        "the rate of the jump between levels \(wrong / levels + 1) and \(wrong % levels + 1) is \(total[wrong]), "
          + "beyond double precision")
    }
    self.init(levels: levels, energies: form.energies, baths: baths, total: total)
  }
}
