import NessMath
import NessModel

/// How a density matrix comes from a start to its steady state by a master equation: x(h) = exp(G h) x, and the heat
/// w . int_0^h x(s) ds of every bath, by doubling from a short time.
///
/// Nothing is divided by a rate, so slow modes keep their digits.
///
/// - Accuracy: bounds of first order in rounding; they grow with the turns that the coherences make.
/// - Complexity: O(2 n³) for each of log2(16 |G| h) doublings, O(n²) for each sample.
/// - Checked by: populations alone, two qubits by numbers of another program, the first law, late times (DensityTransientTests).
struct DensityTransient {
  /// Populations, of levels of equal energy their mean, `[sample][level]`.
  private(set) var populations: [[Bounded]] = []
  /// Mean heat per time from every bath over the interval before every sample, `[bath][sample]` [energy/time].
  private(set) var heats: [[Bounded]]
  /// Mean energies [energy].
  private(set) var energies: [Bounded] = []
  /// Means of the observables, `[observable][sample]`.
  private(set) var observables: [[Bounded]]

  private static let terms = 14

  /// - Parameters:
  ///   - start: the density matrix at the start; what the generator does not follow of it is left out.
  ///   - every: time between two samples.
  init(_ generator: LevelGenerator, _ form: LevelForm, start: ComplexMatrix, every: Double, samples: Int) {
    let count = generator.count
    func norm(_ matrix: Matrix) -> Double {
      (0..<count).reduce(0) { most, column in max(most, (0..<count).reduce(0) { $0 + abs(matrix[$1, column]) }) }
    }
    let size = norm(generator.gross)
    var (short, doublings) = (every, 0)
    while short * size > 0.0625 { (short, doublings) = (0.5 * short, doublings + 1) }
    // F = exp(G h), and of every bath the row w . int_0^h exp(G s) ds.
    var (flow, power) = (Matrix.identity(count), Matrix.identity(count))
    var rows = Matrix(rows: generator.heats.count, columns: count)
    for (bath, weights) in generator.heats.enumerated() {
      for column in 0..<count { rows[bath, column] = weights[column] }
    }
    let weights = rows
    rows = short * rows
    var factor = 1.0
    for term in 1...Self.terms {
      factor *= short / Double(term)
      power = generator.matrix * power
      flow = flow + factor * power
      rows = rows + (factor * short / Double(term + 1)) * (weights * power)
    }
    var largest = max(1, norm(flow))
    for _ in 0..<doublings {
      rows = rows + rows * flow
      flow = flow * flow
      largest = max(largest, norm(flow))
    }
    let diagonal = (0..<form.levels).map(generator.place)
    var state = Matrix(rows: count, columns: 1)
    state.elements = generator.numbers(of: start)
    // Errors of the generator add up along the way, and each doubling has those of a product.
    let unit = (Double(count) * .ulpOfOne + form.rounding) * max(1, state.elements.reduce(0) { $0 + abs($1) })
    let weighted = form.observables.map(generator.numbers)
    observables = weighted.map { _ in [] }
    let highest = form.energies.reduce(0) { max($0, abs($1)) }
    heats = generator.heats.map { _ in [] }
    for sample in 1...max(1, samples) {
      if sample > samples { break }
      let steps = Double(sample + doublings + Self.terms) + size * every * Double(sample)
      let error = unit * largest * steps
      let given = rows * state
      for (bath, gross) in generator.grossHeats.enumerated() {
        let bound = (gross.max() ?? 0) * (error + form.rounding) * largest
        heats[bath].append(Bounded(given[bath, 0] / every, bound))
      }
      state = flow * state
      energies.append(
        Bounded(
          diagonal.enumerated().reduce(0) { $0 + form.energies[$1.offset] * state[$1.element, 0] }, highest * error))
      for (place, weights) in weighted.enumerated() {
        let mean = zip(weights, state.elements).reduce(0) { $0 + $1.0 * $1.1 }
        let largest = weights.reduce(0) { max($0, abs($1)) }
        observables[place].append(Bounded(mean, largest * (error + form.rounding)))
      }
      var found = diagonal.map { Bounded(state[$0, 0], error) }
      for block in form.blocks where block.count > 1 {
        let mean = block.reduce(0) { $0 + found[$1].value } / Double(block.count)
        for level in block { found[level].value = mean }
      }
      populations.append(found)
    }
  }
}
