import Foundation
import NessMath
import NessModel

/// How equations that are not factorised were solved.
struct KrylovReport: Sendable {
  /// How often the master equation was applied.
  let steps: Int
  /// |L rho| over the sizes of all that it is the sum of, in the 1-norm.
  let residual: Double
}

extension LevelState {
  /// Most numbers that are solved for together.
  static let mostTogether = 1024
  /// Most real and imaginary parts of slow coherences that are solved for beside the populations at first.
  static let pairsTogether = 64
  /// They turn at no more than so many times the rate of the baths: others hardly couple to the populations, and cost more than the steps
  /// that they save.
  static let slowness = 2.0
  /// Random right sides by which errors are estimated.
  private static let probes = 4
  /// What of each may be left, as a share of the mean over all numbers: bounds are larger by as much.
  private static let leftOfProbe = 0.1
  private static let mostSteps = 1200
  private static let dimension = 60

  /// Room that solving step by step takes [bytes].
  static func stepwiseBytes(levels: Int, count: Int) -> Double {
    8 * (Double((dimension + 12) * count) + 40 * Double(levels * levels) + 3 * Double(mostTogether * mostTogether))
  }

  /// The steady state of an equation of many numbers, by generalised minimal residuals.
  ///
  /// Populations and the coherences that turn slowest are solved for as a whole, all others as if they were alone: that is the
  /// preconditioner, which is the better the weaker the coupling is.
  ///
  /// Bounds: what rounding may have changed, and what is left of the equations, gets random signs; from what the solutions of four such
  /// right sides give follows the root mean square r of each error, and none is beyond sqrt(n) r for n numbers (Cauchy and Schwarz).
  ///
  /// - Parameters:
  ///   - together: most numbers that are solved for as a whole, the populations always.
  ///   - slowness: coherences that turn at no more than so many times the rate of the baths are among them.
  ///   - mayFactorise: whether the equations may be factorised instead, so that steps beyond what that costs are none.
  /// - Throws: `Refusal` if the steady state is not unique, or not found.
  /// - Complexity: O(M³) for each of some tens of steps and bath, M levels, or the largest class of them.
  init(
    stepwise equation: LevelEquation, together: Int, slowness: Double, mayFactorise: Bool, _ watch: WorkWatch
  ) throws {
    let (form, method) = (equation.form, equation.method)
    let action = equation.action
    let preconditioner = try SlowestFirst(equation, action, most: together, slowness: slowness)
    // Powers of two both.
    let (perUnit, share) = (1 / preconditioner.unit, preconditioner.share)
    let count = action.count
    let mostSteps = mayFactorise ? min(Self.mostSteps, max(60, count / 4)) : Self.mostSteps
    let diagonal = action.populationPlaces
    // The trace of L rho is 0, so that of the equations is that of rho.
    var room = action.room
    func applied(_ values: [Double]) throws -> [Double] {
      if watch.shouldStop() { throw QuadratureError.stopped }
      var result = action.change(of: values, in: &room)
      let trace = diagonal.reduce(0) { $0 + values[$1] } * share
      for place in result.indices { result[place] *= perUnit }
      for place in diagonal { result[place] += trace }
      return result
    }
    var steps = 0
    func solution(
      _ right: [Double], _ tolerance: Double, _ watch: WorkWatch,
      isEnough: ([Double], [Double]) -> Bool = { _, _ in false }
    ) throws -> KrylovSolution {
      let found = try krylovSolution(
        of: right, tolerance: tolerance, mostSteps: mostSteps, dimension: Self.dimension, matrix: applied,
        preconditioner: preconditioner.apply, isEnough: isEnough
      ) { watch.onProgress(min(1, max(0, log($0) / log(tolerance)))) }
      steps += found.steps
      return found
    }
    func sizes(_ values: [Double]) -> [Double] {
      var sizes = action.sizes(of: values).map { abs($0) * perUnit }
      for place in diagonal { sizes[place] += share }
      return sizes
    }
    func sum(_ vector: [Double]) -> Double { vector.reduce(0) { $0 + abs($1) } }
    var right = [Double](repeating: 0, count: count)
    for place in diagonal { right[place] = share }
    let found = try solution(right, 1e-20, watch.part(from: 0, to: 0.4)) { sum($1) <= .ulpOfOne * sum(sizes($0)) }
    let gross = sizes(found.values)
    let (left, whole) = (sum(found.rest), sum(gross))
    func notFound(_ residual: Double) -> Refusal {
      Refusal(
        method,
        "the steady state was not found in \(steps) steps: \(residual.text(digits: 2)) of the equations is left; the coupling is too "
          + "strong beside the distances of the levels, or the steady state is not unique")
    }
    guard left <= 1e-12 * whole else { throw notFound(left / whole) }
    var values = found.values
    let trace = diagonal.reduce(0) { $0 + values[$1] }
    for place in values.indices { values[place] /= trace }
    let rest = zip(found.rest, gross).map { abs($0) + form.rounding * $1 }
    // What a small change of the equations does to what is asked.
    let told = form.occupations?.count ?? form.blocks.count
    var squares = [Double](repeating: 0, count: form.baths.count + 1 + told + form.observables.count)
    var largest = 0.0
    var signs = RandomSigns()
    for probe in 0..<Self.probes {
      var side = rest.map { $0 * signs.next() }
      let mean = diagonal.reduce(0) { $0 + side[$1] } / Double(form.levels)
      for place in diagonal { side[place] -= mean }
      let part = watch.part(
        from: 0.4 + 0.15 * Double(probe), to: 0.4 + 0.15 * Double(probe + 1))
      let change = try solution(side, min(0.005, Self.leftOfProbe / Double(count).squareRoot()), part)
      guard change.residual <= 0.01 else { throw notFound(change.residual) }
      let means = Self.means(change.values, action)
      for (place, mean) in means.enumerated() { squares[place] += mean * mean / Double(Self.probes) }
      func size(_ vector: [Double]) -> Double { vector.reduce(0) { $0 + $1 * $1 }.squareRoot() }
      largest = max(largest, size(change.values) / size(side))
    }
    let most = (1 + Self.leftOfProbe) * Double(count).squareRoot()
    // Beside what the baths do: how fast coherences turn has no part in whether there is one steady state.
    let condition = 1 / (most * max(1, largest * share * Double(form.levels)))
    if condition < 1e-15 { throw Self.notUnique(method) }
    let state = action.densityMatrix(values)
    let means = zip(zip(Self.means(values, action), Self.sizes(values, action)), squares).map {
      Bounded($0.0, form.rounding * $0.1 + most * $1.squareRoot())
    }
    let baths = form.baths.count
    let density = StateMatrix(
      matrix: state,
      error: most * largest * rest.reduce(0) { $0 + $1 * $1 }.squareRoot() + 2 * Double(form.levels) * form.rounding)
    self.init(
      method: method, currents: Array(means[..<baths]), meanEnergy: means[baths],
      populations: form.populationPlaces.map { means[baths + 1 + $0] },
      observables: Array(means.suffix(form.observables.count)), density: density,
      smallestEigenvalue: Bounded(try density.eigenvalues().first ?? 0, density.error),
      reciprocalCondition: condition, report: KrylovReport(steps: steps, residual: left / whole))
  }

  /// Heats, energy, and weighted sums of the populations.
  private static func means(_ values: [Double], _ action: LevelAction) -> [Double] {
    let populations = action.populationPlaces.map { values[$0] }
    let energy = zip(action.form.energies, populations).reduce(0) { $0 + $1.0 * $1.1 }
    let means = action.heats(of: values) + [energy] + action.form.weighted(populations)
    if action.form.observables.isEmpty { return means }
    let density = action.densityMatrix(values)
    return means + action.form.observables.map { $0.mean(in: density) }
  }

  /// The sizes of what they are sums of.
  private static func sizes(_ values: [Double], _ action: LevelAction) -> [Double] {
    let populations = action.populationPlaces.map { abs(values[$0]) }
    let energy = zip(action.form.energies, populations).reduce(0) { $0 + abs($1.0) * $1.1 }
    let sizes = action.heatSizes(of: values) + [energy] + action.form.weighted(populations)
    if action.form.observables.isEmpty { return sizes }
    let density = action.densityMatrix(values).magnitudes
    return sizes
      + action.form.observables.map { zip($0.magnitudes.elements, density.elements).reduce(0) { $0 + $1.0 * $1.1 } }
  }
}

/// About the inverse of the equations of a steady state: exact among populations and the coherences that turn slowest, and for every
/// other coherence alone.
private struct SlowestFirst {
  /// A power of two, about the largest element [1/time].
  let unit: Double
  /// What the trace has in every equation of a population: beside what baths do it is not large, whose digits it would cost.
  let share: Double
  private let factors: DenseFactors
  /// Where the numbers that are solved for together lie among all.
  private let together: [Int]
  /// The others: their places, and 1 over their own number.
  private var alone: [(real: Int, imaginary: Int, inverse: Complex)] = []

  init(_ equation: LevelEquation, _ action: LevelAction, most: Int, slowness: Double) throws {
    let form = equation.form
    let scales = action.scales
    let unit = max(scales.all, .leastNormalMagnitude).binade
    self.unit = unit
    share = scales.baths.binade / unit / Double(form.levels)
    let rate = slowness * scales.baths
    func turning(_ pair: (i: Int, j: Int)) -> Double { abs(form.energies[pair.i] - form.energies[pair.j]) }
    let pairs = equation.pairs
    let slow = pairs.indices.lazy.map { (turning: turning(pairs[$0]), number: $0) }
      .filter { $0.turning <= rate * form.hbar }.sorted { $0 < $1 }.prefix(max(0, most - form.levels) / 2)
      .map(\.number)
    let (generator, places) = action.generator(of: slow.map { pairs[$0] })
    var matrix = (1 / unit) * generator
    // The populations come first.
    for j in 0..<form.levels {
      for i in 0..<form.levels { matrix[i, j] += share }
    }
    factors = try LevelState.factors(matrix, equation.method)
    together = places
    var isTogether = [Bool](repeating: false, count: pairs.count)
    for number in slow { isTogether[number] = true }
    for (number, (i, j)) in pairs.enumerated() where !isTogether[number] {
      guard let place = action.pair(i, j) else { continue }
      let own = (1 / unit) * action.diagonal(i, j)
      let square = own.real * own.real + own.imaginary * own.imaginary
      alone.append((place.real, place.imaginary, square > 0 ? (1 / square) * own.conjugate : Complex(1)))
    }
  }

  func apply(_ values: [Double]) -> [Double] {
    var result = values
    var solved = together.map { values[$0] }
    factors.solve(&solved)
    result.withUnsafeMutableBufferPointer { result in
      for (number, place) in together.enumerated() { result[place] = solved[number] }
      for pair in alone {
        let value = Complex(result[pair.real], result[pair.imaginary]) * pair.inverse
        (result[pair.real], result[pair.imaginary]) = (value.real, value.imaginary)
      }
    }
    return result
  }
}

/// The same signs whenever they are asked for, by the finaliser of SplitMix64 (Steele, Lea, Flood, OOPSLA 2014).
private struct RandomSigns {
  private var state: UInt64 = 0

  mutating func next() -> Double {
    state &+= 0x9E37_79B9_7F4A_7C15
    var bits = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
    return (bits ^ (bits >> 31)) >> 63 == 0 ? 1 : -1
  }
}
